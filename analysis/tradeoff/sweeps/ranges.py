"""The values of an axis, from text as people write it: a range, a list or one value; and back to the shortest text.

Ranges are counted in decimals, so that ``0.25:1.4:0.05`` holds 0.3 and 1.4 as a person would type them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, TypeVar

from analysis.cost.grid import axis_sides, axis_values
from analysis.networks.resolutions import BASE_RESOLUTION, MOST_RESOLUTION, parse_resolution, resolution_of
from analysis.networks.values import check_number, shortened

MOST_VALUES = 1_000_000
"""The most values one axis may have."""

Sides = tuple[int, int]
"""Height and width in px."""

Value = TypeVar("Value")


def numbers(name: str, values: Any, most: float) -> tuple[float, ...]:
    """The values of an axis in (0, most], each once, from ``"0.25:1.4:0.05"``, ``"0.5,0.75,1"``, numbers or a number.

    A range is ``START:STOP`` or ``START:STOP:STEP`` with both ends, and a step of 1 where none is given; a list may
    hold ranges. Raises ``ValueError`` with one sentence that names the value and the limit.
    """
    given = _written(name, values, most) if isinstance(values, str) else axis_values(values)
    return _limited(name, (check_number(name, value, most) for value in given))


def sides(values: Any) -> tuple[Sides, ...]:
    """(height, width) pairs in px, each once, as :func:`numbers`; a value may be ``60x120`` or a pair as well."""
    return _limited("resolution", _written_sides(values) if isinstance(values, str) else axis_sides(values))


def rho_sides(values: Any, base: Sides = (BASE_RESOLUTION, BASE_RESOLUTION)) -> tuple[Sides, ...]:
    """The resolutions that values of ρ imply, each once: neighbours may round to the same pixel."""
    return tuple(dict.fromkeys(resolution_of(rho, base) for rho in numbers("rho", values, MOST_RESOLUTION)))


def numbers_text(values: Sequence[float]) -> str:
    """The shortest text that :func:`numbers` reads back to the same values, e.g. ``0.25:1.4:0.05``."""
    return ",".join(_runs([_decimal_of(value) for value in values]))


def sides_text(pairs: Sequence[Sides]) -> str:
    """The shortest text that :func:`sides` reads back to the same pairs, e.g. ``96:320:32`` or ``60x120``."""
    texts: list[str] = []
    squares: list[Decimal] = []
    for height, width in pairs:
        if height == width:
            squares.append(Decimal(height))
            continue
        texts += [*_runs(squares), f"{height}x{width}"]
        squares = []
    return ",".join([*texts, *_runs(squares)])


def _limited(name: str, values: Iterable[Value]) -> tuple[Value, ...]:
    """The values, each once, in their order; refused as soon as they are too many."""
    kept: dict[Value, None] = {}
    for value in values:
        kept[value] = None
        if len(kept) > MOST_VALUES:
            raise ValueError(f"{name} must have from 1 to {MOST_VALUES:,} values, got more")
    if not kept:
        raise ValueError(f"{name} must have from 1 to {MOST_VALUES:,} values, got none")
    return tuple(kept)


def _written(name: str, text: str, most: float) -> Iterator[Decimal]:
    for item in text.split(","):
        yield from _range(name, item, most) if ":" in item else [_decimal(name, item, text)]


def _written_sides(text: str) -> Iterator[Sides]:
    for item in text.split(","):
        for side in _range("resolution", item, MOST_RESOLUTION) if ":" in item else [item]:
            yield parse_resolution(str(side))


def _range(name: str, text: str, most: float) -> Iterator[Decimal]:
    """START, START + STEP, … up to STOP, which is in it where it is on a step; counted before it is made."""
    bounds = [_decimal(name, bound, text) for bound in text.split(":")]
    if len(bounds) > 3:
        raise ValueError(f"{name} must be a range START:STOP:STEP, got {shortened(text)}")
    start, stop, step = (*bounds, Decimal(1))[:3]
    if step <= 0:
        raise ValueError(f"{name} must have a step > 0, got {shortened(text)}")
    check_number(name, start, most)
    check_number(name, stop, most)
    if stop < start:
        raise ValueError(f"{name} must be a range that ends where it starts or later, got {shortened(text)}")
    count = int((stop - start) / step) + 1
    if count > MOST_VALUES:
        raise ValueError(f"{name} must have from 1 to {MOST_VALUES:,} values, got {count:.3g} in {shortened(text)}")
    return (start + place * step for place in range(count))


def _decimal(name: str, text: str, whole: str) -> Decimal:
    """A finite number; exponents beyond a float's are no numbers here."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or abs(number.adjusted()) > 300 or len(text) > 40:
        raise ValueError(f"{name} must be a number, a list as 0.5,1 or a range START:STOP:STEP, got {shortened(whole)}")
    return number


def _decimal_of(value: float) -> Decimal:
    """The decimal that a person would type for a float."""
    return Decimal(repr(value).removesuffix(".0"))


def _runs(values: Sequence[Decimal]) -> Iterator[str]:
    """Runs of three or more values at equal steps as ranges, what is between them as numbers."""
    steps = [after - before for before, after in pairwise(values)]
    begin = 0
    while begin < len(values):
        end = begin
        while end < len(steps) and steps[end] == steps[begin] and steps[begin] > 0:
            end += 1
        if end - begin < 2:
            yield f"{values[begin]:f}"
            begin += 1
            continue
        step = "" if steps[begin] == 1 else f":{steps[begin]:f}"
        yield f"{values[begin]:f}:{values[end]:f}{step}"
        begin = end + 1
