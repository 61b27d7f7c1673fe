"""Ranges of a quantity, to tell points apart by colour or symbol: few, with round bounds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import ceil, floor, log10

import pandas as pd

from analysis.tradeoff.points import QUANTITIES

MOST = 8
"""So many ranges a reader tells apart by colour."""

LADDERS = ((1, 2, 5), (1, 5), (1,))
"""Bounds of costs within a decade, from fine to coarse."""

STEPS = (1, 2, 5, 10, 20, 50, 100)
"""Widths of the ranges of accuracies, in points."""


def ranges_of(values: pd.Series, name: str) -> pd.Series:
    """The range of each value of a quantity, as ``50 to 100 M``; missing where the value is.

    An ordered category, from low to high, of at most eight ranges that hold their lower bound and not their upper:
    costs part by factors, accuracies by steps.
    """
    quantity = QUANTITIES[name]
    scaled = values.astype(float) / quantity.scale
    known = scaled.dropna()
    if known.empty:
        return scaled
    candidates = _steps if quantity.better == "more" else _ladders
    bounds = next(each for each in candidates(known.min(), known.max()) if len(each) <= MOST + 1)
    unit = "M" if quantity.unit == "millions" else quantity.unit
    labels = [f"{low:,g} to {high:,g} {unit}" for low, high in pairwise(bounds)]
    return pd.Series(pd.cut(scaled, bounds, right=False, labels=labels)).cat.remove_unused_categories()


def _steps(low: float, high: float) -> Iterator[list[float]]:
    for step in STEPS:
        yield [float(step * place) for place in range(floor(low / step), floor(high / step) + 2)]


def _ladders(low: float, high: float) -> Iterator[list[float]]:
    decades = range(floor(log10(low)), ceil(log10(high)) + 2)
    for digits in LADDERS:
        yield _around([digit * 10.0**decade for decade in decades for digit in digits], low, high)
    for every in range(2, len(decades)):
        yield _around([10.0**decade for decade in range(decades[0], decades[-1] + every, every)], low, high)


def _around(bounds: list[float], low: float, high: float) -> list[float]:
    """The bounds from the last that is not over the least value to the first over the largest."""
    first = max(place for place, bound in enumerate(bounds) if bound <= low)
    last = min(place for place, bound in enumerate(bounds) if bound > high)
    return bounds[first : last + 1]
