"""Recipes: how a printed cell is computed here, and the ways in which the printed figure may have come about.

A cell is *reproduced* where the computed value lies within half a unit of the last printed digit, *explained* where it
does not and a way's arithmetic gives the printed figure exactly, else *open*, with every way that was tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from analysis.networks import Design
from analysis.papers.amount import Amount, number_text
from analysis.papers.printed import QUANTITIES, is_near, last_place, rounded

Verdict = Literal["reproduced", "explained", "open"]

PLACES = {1: "tens", 2: "hundreds", 3: "thousands", 6: "millions"}


@dataclass(frozen=True)
class Way:
    """One way to the printed figure: why, the arithmetic in the quantity's own counts, and what was done to its digits.

    ``place`` is the power of ten of the last digit kept, by default that of the last one printed.
    """

    why: str
    amount: Amount
    rounding: str = "rounded"
    place: int | None = None

    def result(self, quantity: str, printed: str) -> Fraction:
        """What the arithmetic would have printed."""
        unit, _ = QUANTITIES[quantity]
        place = last_place(printed) if self.place is None else self.place
        return rounded(self.amount.value / unit, self.rounding, place)

    def text(self, quantity: str, printed: str) -> str:
        """The arithmetic with its numbers and its result."""
        unit, words = QUANTITIES[quantity]
        in_unit = "" if unit == 1 else f" = {number_text(self.amount.value / unit)} {words}"
        to = "" if self.place is None else f" to {PLACES[self.place]}"
        result = f"{number_text(self.result(quantity, printed))} {words}".rstrip()
        why = self.why[0].upper() + self.why[1:]
        return f"{why}: {self.amount.whole_text}{in_unit}, {self.rounding}{to}: {result}"


@dataclass(frozen=True)
class Shape:
    """One way to a printed shape: the arithmetic in words, with its numbers, and the shape it gives."""

    why: str
    result: str


@dataclass(frozen=True)
class Recipe:
    """How a cell is computed: the plain figure in the project's own counting, or none where no network stands for it.

    ``computed`` is an amount in counts, or a text for a shape. ``ways``, or for a shape ``shapes``, are tried in their
    order. ``note`` is what a reader must know besides: why nothing was computed, or what was not published.
    ``design`` is what stands for the cell's network: a design of the catalogue, or the name of a reference network.
    """

    computed: Amount | str | None
    ways: tuple[Way, ...] = ()
    note: str = ""
    design: Design | str | None = None
    shapes: tuple[Shape, ...] = ()


Recipes = dict[tuple[str, str], Callable[[], Recipe]]
"""The recipes of one table, by row and quantity."""


def both_costs(label: str, recipe: Callable[[str], Recipe]) -> Recipes:
    """The recipes of a row that prints billion Mult-Adds and million parameters, from ``"mult_adds"``, ``"params"``."""
    return {
        (label, "billion_mult_adds"): lambda: recipe("mult_adds"),
        (label, "million_params"): lambda: recipe("params"),
    }


Tables = dict[int | None, Recipes]
"""The recipes of a paper by the number of the table; none for figures that stand in no table."""


@dataclass(frozen=True)
class Judged:
    """A cell's computed value in the printed unit, its verdict and the explanation."""

    computed: float | int | str | None
    verdict: Verdict
    explanation: str
    design: Design | str | None


def judge(recipe: Recipe, quantity: str, printed: str) -> Judged:
    """The verdict on a printed figure; the explanation's numbers are those that the verdict was reached with."""
    if isinstance(recipe.computed, str):
        return _judged_shape(recipe, recipe.computed, printed)
    unit, words = QUANTITIES[quantity]
    value = None if recipe.computed is None else recipe.computed.value / unit
    if value is not None and is_near(value, printed):
        in_unit = "" if unit == 1 else f" = {number_text(value)} {words}"
        return _judged(recipe, value, "reproduced", f"{_written(recipe)}{in_unit}.")
    for way in recipe.ways:
        if way.result(quantity, printed) == Fraction(printed):
            return _judged(recipe, value, "explained", f"{way.text(quantity, printed)}. {recipe.note}".strip())
    return _judged(recipe, value, "open", _open_text(recipe, quantity, printed))


def _judged(recipe: Recipe, value: Fraction | None, verdict: Verdict, text: str) -> Judged:
    number = None if value is None else int(value) if value.denominator == 1 else float(value)
    return Judged(number, verdict, text, recipe.design)


def _written(recipe: Recipe) -> str:
    assert isinstance(recipe.computed, Amount)
    return recipe.computed.whole_text


def _judged_shape(recipe: Recipe, computed: str, printed: str) -> Judged:
    if computed == printed:
        return Judged(computed, "reproduced", recipe.note, recipe.design)
    for shape in recipe.shapes:
        if shape.result == printed:
            return Judged(computed, "explained", f"{shape.why}: {shape.result}. {recipe.note}".strip(), recipe.design)
    tried = "; ".join(f"{shape.why}: {shape.result}" for shape in recipe.shapes)
    return Judged(computed, "open", f"{recipe.note} Tried without success: {tried}.", recipe.design)


def _open_text(recipe: Recipe, quantity: str, printed: str) -> str:
    tried = [way.text(quantity, printed) for way in recipe.ways]
    computed = "" if recipe.computed is None else f"Computed: {_written(recipe)}."
    trials = f"Tried without success: {'; '.join(tried)}." if tried else ""
    return " ".join(filter(None, [recipe.note, computed, trials])) or "Nothing was computed."
