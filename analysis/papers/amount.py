"""Amounts: exact numbers that remember how they were got, so that a text and its arithmetic cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Amount:
    """An exact number and its arithmetic in words: ``568,740,352 Mult-Adds of … - 1,024,000 of its classifier``.

    ``parts`` is how many amounts stand in the text: 1 for a number that was taken as it is. ``sum`` says that the text
    is a sum, which takes parentheses in a product.
    """

    value: Fraction
    text: str
    parts: int = 1
    sum: bool = False

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.value + other.value, f"{self.text} + {other.text}", self.parts + other.parts, True)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.value - other.value, f"{self.text} - {_factor(other)}", self.parts + other.parts, True)

    def __mul__(self, other: Amount) -> Amount:
        return Amount(self.value * other.value, f"{_factor(self)} · {_factor(other)}", self.parts + other.parts)

    def __truediv__(self, other: Amount) -> Amount:
        below = f"({other.text})" if other.parts > 1 else other.text
        return Amount(self.value / other.value, f"{_factor(self)} / {below}", self.parts + other.parts)

    @property
    def whole_text(self) -> str:
        """The arithmetic with its result: ``a - b = c``."""
        return self.text if self.parts == 1 else f"{self.text} = {number_text(self.value)}"


def _factor(amount: Amount) -> str:
    return f"({amount.text})" if amount.sum else amount.text


def amount(value: int | Fraction | str, words: str = "") -> Amount:
    """A number as it stands, with what it is: ``amount(2, "bytes a value")``."""
    exact = Fraction(value)
    return Amount(exact, f"{number_text(exact)} {words}".rstrip())


def power(base: Fraction, exponent: int, text: str) -> Amount:
    """A power, written as ``text``."""
    return Amount(base**exponent, text)


def number_text(value: Fraction) -> str:
    """An integer with thousands separators, a short decimal as it is, any other number to at least six figures."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(exact) == value and len(exact.as_tuple().digits) <= 15:
        return f"{exact.normalize():,f}"
    places = max(0, 5 - exact.adjusted())
    return f"{exact:,.{places}f}"
