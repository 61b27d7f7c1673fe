"""The axes of a sweep: what text means, and that a file's text gives the axes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tradeoff.sweeps import ranges

TEXTS = {
    "0.25:1.4:0.05": [i / 100 for i in range(25, 141, 5)],
    "0.1:0.35:0.1": [0.1, 0.2, 0.3],  # 0.35 is on no step
    "1:4": [1, 2, 3, 4],
    "2:2": [2],
    "0.5,0.75,1": [0.5, 0.75, 1],
    "1, 0.5": [1, 0.5],
    "0.5,1:2:0.5,6": [0.5, 1, 1.5, 2, 6],
    "0.5,0.50,1:2,2": [0.5, 1, 2],  # each once
    "1e-3": [0.001],
    "6": [6],
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_the_numbers_a_person_would_type(text: str):
    assert list(ranges.numbers("alpha", text, 1000)) == TEXTS[text]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("96:320:32", [(side, side) for side in range(96, 321, 32)]),
        ("60x120", [(60, 120)]),
        ("96,60x120,128:130", [(96, 96), (60, 120), (128, 128), (129, 129), (130, 130)]),
    ],
)
def test_resolutions_are_sides_or_height_by_width(text: str, pairs: list):
    assert list(ranges.sides(text)) == pairs
    assert ranges.sides_text(ranges.sides(text)) == text


def test_values_of_rho_that_imply_one_resolution_are_one():
    assert ranges.rho_sides("0.5:0.51:0.001") == ((112, 112), (113, 113), (114, 114))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0:1:0", "alpha must have a step > 0, got 0:1:0"),
        ("1:5:-1", "alpha must have a step > 0, got 1:5:-1"),
        ("1:0.5", "alpha must be a range that ends where it starts or later, got 1:0.5"),
        ("0:1:0.1", "alpha must be > 0, got 0"),
        ("1:1e9", "alpha must be at most 1,000, got 1E+9"),
        ("abc", "alpha must be a number, a list as 0.5,1 or a range START:STOP:STEP, got abc"),
        ("", "alpha must be a number, a list as 0.5,1 or a range START:STOP:STEP, got "),
        ("0.5,,1", "alpha must be a number, a list as 0.5,1 or a range START:STOP:STEP, got 0.5,,1"),
        ("nan", "alpha must be a number, a list as 0.5,1 or a range START:STOP:STEP, got nan"),
        ("1:inf", "alpha must be a number, a list as 0.5,1 or a range START:STOP:STEP, got 1:inf"),
        ("1:2:3:4", "alpha must be a range START:STOP:STEP, got 1:2:3:4"),
        ("1:2:1e-200", "alpha must have from 1 to 1,000,000 values, got 1e+200 in 1:2:1e-200"),
        ("1e-99999999:1", "alpha must be a number, a list as 0.5,1 or a range START:STOP:STEP, got 1e-99999999:1"),
        (
            ",".join(f"{i}:{i + 1}:0.000002" for i in range(1, 5)),
            "alpha must have from 1 to 1,000,000 values, got more",
        ),
    ],
)
def test_what_is_no_axis_is_refused(text: str, message: str):
    with pytest.raises(ValueError) as error:  # noqa: PT011 the message is compared
        ranges.numbers("alpha", text, 1000)
    assert str(error.value) == message


@pytest.mark.parametrize("text", ["96.5", "31", "96:97:0.5", "60x", "70000", "60x120:130"])
def test_what_is_no_resolution_is_refused(text: str):
    with pytest.raises(ValueError, match=r"^resolution must be "):
        ranges.sides(text)


@given(st.lists(st.floats(0.001, 1000), min_size=1, max_size=30))
def test_numbers_are_read_back_from_their_text(values: list[float]):
    kept = ranges.numbers("t", values, 1000)
    assert ranges.numbers("t", ranges.numbers_text(kept), 1000) == kept


@given(st.lists(st.tuples(st.integers(32, 40), st.integers(32, 40)), min_size=1, max_size=30))
def test_resolutions_are_read_back_from_their_text(pairs: list[tuple[int, int]]):
    kept = ranges.sides(pairs)
    assert ranges.sides(ranges.sides_text(kept)) == kept


def test_a_range_of_many_values_has_a_short_text():
    assert ranges.numbers_text(ranges.numbers("alpha", "0.25:1.4:0.00001,2", 1000)) == "0.25:1.4:0.00001,2"
