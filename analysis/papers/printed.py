"""Printed figures: the last digit that was printed, and what rounding or cutting off would print."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

QUANTITIES: dict[str, tuple[int | Fraction, str]] = {
    "million_mult_adds": (1_000_000, "million"),
    "billion_mult_adds": (1_000_000_000, "billion"),
    "million_params": (1_000_000, "million"),
    "percent_mult_adds": (Fraction(1, 100), "%"),
    "percent_params": (Fraction(1, 100), "%"),
    "percent_size": (Fraction(1, 100), "%"),
    "megabytes": (1_000_000, "MB"),
    "kilobytes": (1_000, "kB"),
    "channels": (1, "channels"),
    "stride": (1, ""),
    "layers": (1, "layers"),
    "times_smaller": (1, "times"),
    "times_less_computation": (1, "times"),
}
"""What a printed number counts: its unit and the unit's name. Texts such as shapes are not here."""


def last_place(printed: str) -> int:
    """The power of ten of the last printed digit: 0 for ``569``, -2 for ``1.32``."""
    exponent = Decimal(printed).as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def is_near(value: Fraction, printed: str) -> bool:
    """Whether a value lies within half a unit of the last printed digit; ``15300`` is printed to the unit."""
    return abs(value - Fraction(printed)) <= Fraction(10) ** last_place(printed) / 2


def _rounded(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def _swapped(value: Fraction) -> int:
    digits = str(_rounded(value))
    return int(digits[:-2] + digits[-1] + digits[-2])


ROUNDINGS: dict[str, Callable[[Fraction], int]] = {
    "rounded": _rounded,
    "cut off": floor,
    "rounded up": ceil,
    "rounded, its last two digits swapped": _swapped,
}
"""What a value can go through before it is printed, by its name in a sentence."""


def rounded(value: Fraction, rounding: str, place: int) -> Fraction:
    """The value with its last digit at 10^``place``."""
    unit = Fraction(10) ** place
    return ROUNDINGS[rounding](value / unit) * unit
