"""Amounts and printed figures: exact arithmetic, its text, and what rounding or cutting off would print."""

from fractions import Fraction

import pytest

from analysis.papers.amount import amount, number_text, power
from analysis.papers.counts import product
from analysis.papers.printed import is_near, last_place, rounded
from analysis.papers.recipe import Recipe, Shape, Way, judge


@pytest.mark.parametrize(
    ("made", "value", "text"),
    [
        (amount(7, "apples") - amount(2, "eaten"), 5, "7 apples - 2 eaten = 5"),
        (amount(7) - (amount(4) - amount(1)), 4, "7 - (4 - 1) = 4"),
        ((amount(1) + amount(2)) * amount(3), 9, "(1 + 2) · 3 = 9"),
        (amount("1.5") * amount(2), 3, "1.5 · 2 = 3"),
        (amount(1) / amount(3), Fraction(1, 3), "1 / 3 = 0.333333"),
        (amount(2_000_000) * power(Fraction(160, 224), 2, "(160/224)²"), Fraction(50_000_000, 49), None),
        (product(3, 3, 512), 4608, "3·3·512 = 4,608"),
        (amount(1234567), 1_234_567, "1,234,567"),
    ],
)
def test_an_amount_is_its_value_and_its_arithmetic(made, value, text):
    assert made.value == value
    assert text is None or made.whole_text == text


def test_a_division_by_a_product_keeps_its_order():
    made = amount(6) / (amount(2) * amount(3))
    assert (made.value, made.text) == (1, "6 / (2 · 3)")


def test_a_large_number_is_written_to_its_last_integer():
    assert number_text(Fraction(1_000_000_000, 3)) == "333,333,333"


@pytest.mark.parametrize(("printed", "place"), [("569", 0), ("1.32", -2), ("15300", 0), ("81.0", -1)])
def test_the_last_printed_digit(printed, place):
    assert last_place(printed) == place


@pytest.mark.parametrize(
    ("value", "printed", "near"),
    [("568.5", "569", True), ("568.49", "569", False), ("569.5", "569", True), ("1.325", "1.32", True)],
)
def test_near_is_half_a_unit_of_the_last_digit(value, printed, near):
    assert is_near(Fraction(value), printed) == near


@pytest.mark.parametrize(
    ("value", "rounding", "place", "result"),
    [
        ("45.99", "cut off", 0, "45"),
        ("45.5", "rounded", 0, "46"),
        ("15346", "rounded", 2, "15300"),
        ("31.36", "rounded up", 0, "32"),
        ("1.9056", "rounded, its last two digits swapped", -2, "1.19"),
    ],
)
def test_what_would_be_printed(value, rounding, place, result):
    assert rounded(Fraction(value), rounding, place) == Fraction(result)


def test_the_first_way_that_gives_the_figure_explains_it():
    ways = (Way("halved", amount(4_000_000)), Way("doubled", amount(16_000_000)), Way("as doubled", amount(16_100_000)))
    judged = judge(Recipe(amount(8_000_000, "counted"), ways, "A note."), "million_params", "16")
    assert (judged.verdict, judged.computed) == ("explained", 8)
    assert judged.explanation == "Doubled: 16,000,000 = 16 million, rounded: 16 million. A note."


def test_nothing_computed_is_explained_by_arithmetic_alone():
    judged = judge(Recipe(None, (Way("ten times", amount(75_000_000)),)), "million_params", "75")
    assert (judged.verdict, judged.computed) == ("explained", None)


def test_a_shape_that_no_way_gives_is_open():
    judged = judge(Recipe("8×15", shapes=(Shape("cut off", "7×14"),)), "feature_map", "7×15")
    assert (judged.verdict, judged.computed) == ("open", "8×15")
    assert "Tried without success: cut off: 7×14." in judged.explanation
