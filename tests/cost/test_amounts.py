"""Budgets as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cost.amounts import count_text, read_bytes, read_count, size_text

COUNTS = {
    "300M": 300_000_000,
    "300 M": 300_000_000,
    "300m": 300_000_000,
    " 0.3G ": 300_000_000,
    "3e8": 300_000_000,
    "3.5E6": 3_500_000,
    "300,000,000": 300_000_000,
    "300 000 000": 300_000_000,
    "300_000": 300_000,
    "12k": 12_000,
    ".5M": 500_000,
    "1.0009k": 1_000,
    "9223372036854775807": 2**63 - 1,
}
SIZES = {
    "1.5 MB": 1_500_000,
    "1.5mb": 1_500_000,
    "512KiB": 524_288,
    "512 kib": 524_288,
    "512Ki": 524_288,
    "1MiB": 1_048_576,
    "2 kB": 2_000,
    "1 GiB": 2**30,
    "4096": 4_096,
    "4096 B": 4_096,
    "20 bytes": 20,
    "1e3 kB": 1_000_000,
}


@pytest.mark.parametrize("text", COUNTS)
def test_a_count_is_read(text):
    assert read_count("max_params", text) == COUNTS[text]


@pytest.mark.parametrize("text", SIZES)
def test_a_size_is_read(text):
    assert read_bytes("max_peak_memory", text) == SIZES[text]


SHORTEST = {
    "300M": 300_000_000,
    "3.5M": 3_500_000,
    "12345": 12_345,
    "1k": 1_000,
    "9223372036854775807": 2**63 - 1,
}
SHORTEST_SIZES = {
    "1.5MB": 1_500_000,
    "512KiB": 524_288,
    "1MiB": 1_048_576,
    "24KiB": 24_576,
    "2MB": 2_000_000,
    "1234": 1_234,
    "7": 7,
}


@pytest.mark.parametrize("text", SHORTEST)
def test_a_count_is_written_as_short_as_may_be(text):
    assert count_text(SHORTEST[text]) == text


@pytest.mark.parametrize("text", SHORTEST_SIZES)
def test_a_size_is_written_as_short_as_may_be(text):
    assert size_text(SHORTEST_SIZES[text]) == text


LIMITS = st.integers(1, 2**63 - 1) | st.builds(
    lambda n, unit: n * unit, st.integers(1, 5_000), st.sampled_from([1000, 1024, 2**20, 10**6])
)


@given(LIMITS)
def test_what_is_written_reads_back_as_the_same(value):
    assert read_count("max_params", count_text(value)) == read_bytes("max_weight_size", size_text(value)) == value


@pytest.mark.parametrize(("number", "count"), [(5, 5), (3.5e6, 3_500_000), (2.9, 2)])
def test_a_number_is_a_budget(number, count):
    assert read_count("max_params", number) == read_bytes("max_weight_size", number) == count


NO_COUNTS = ["", " ", "M", "300 MB", "1,5M", "1 2", "1e", "e5", "1.", "nan", "inf", "３M", "5\x006", "1e5000", "9" * 41]
NO_COUNTS += ["0x10", "1_0", "=1+1", "300 million", None, True, [1], float("nan"), float("inf"), b"3"]


@pytest.mark.parametrize("value", NO_COUNTS, ids=lambda value: repr(value)[:12])
def test_what_is_no_count_is_named(value):
    with pytest.raises(ValueError, match=r"^max_mult_adds must be a count such as 300M, got ") as error:
        read_count("max_mult_adds", value)
    assert len(str(error.value)) < 120


def test_a_message_names_the_budget_and_quotes_the_text():
    with pytest.raises(ValueError, match=r"^max-mult-adds must be a count such as 300M, got '300 MB'$"):
        read_count("max-mult-adds", "300 MB")


@pytest.mark.parametrize("text", ["", "MB", "512K", "1M", "1 2 MB", "1 MBB", "nan MB", "300 M Mult-Adds"])
def test_what_is_no_size_is_named(text):
    with pytest.raises(ValueError, match=r"^max_peak_memory must be a size such as 1\.5MB or 512KiB, got '"):
        read_bytes("max_peak_memory", text)


@pytest.mark.parametrize("text", ["1Mb", "512 Kb", "2Gb "])
def test_bits_are_no_bytes(text):
    with pytest.raises(ValueError, match=r"^max_peak_memory must be in bytes, written as MB or KiB, got .*bits"):
        read_bytes("max_peak_memory", text)


@pytest.mark.parametrize(
    ("value", "limit"),
    [
        ("0", "> 0, got '0'"),
        ("-3M", "> 0, got '-3M'"),
        (-3, "> 0, got -3"),
        (0.5, "at least 1, got 0.5"),
        ("0.0001k", "at least 1, got '0.0001k'"),
        ("1e30", "at most 9,223,372,036,854,775,807, got '1e30'"),
        (10**5000, "at most 9,223,372,036,854,775,807, got an integer of more than 4,300 digits"),
    ],
    ids=lambda value: str(value)[:10] if not isinstance(value, int) else "int",
)
def test_a_budget_outside_its_limits_is_refused(value, limit):
    with pytest.raises(ValueError, match=r"^max_params must be ") as error:
        read_count("max_params", value)
    assert str(error.value) == f"max_params must be {limit}"
