"""A comparison as written cells: exact figures, their ratio to the first, and which is best."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.comparison.compared import QUANTITIES, Comparison, Entry
from analysis.cost.units import change

REFERENCE = "reference"


@dataclass(frozen=True)
class Cell:
    """``text`` is the figure, ``against`` what it is against the first; ``share`` of the largest of its row, 0 to 1."""

    text: str = ""
    against: str = ""
    best: bool = False
    share: float = 0.0


@dataclass(frozen=True)
class Line:
    """A quantity's name with its unit, how it was had, and a cell a design."""

    label: str
    origin: str
    cells: tuple[Cell, ...]


def lines_of(comparison: Comparison) -> list[Line]:
    """A line a quantity that any of the designs has."""
    return [_line(comparison, name) for name in comparison.shown]


def _line(comparison: Comparison, name: str) -> Line:
    quantity = QUANTITIES[name]
    label = f"{quantity.label} ({comparison.number_format})" if quantity.unit == "bytes" else quantity.label
    best, most = comparison.best(name), max(entry.values.get(name, 0) for entry in comparison.entries)
    cells = (
        Cell(
            written(entry, name),
            against(comparison, entry, name),
            entry.letter in best,
            entry.values[name] / most if most else 0.0,
        )
        if name in entry.values
        else Cell()
        for entry in comparison.entries
    )
    return Line(label, quantity.origin, tuple(cells))


def written(entry: Entry, name: str) -> str:
    """A figure with its unit: exact, but for those that are in percent or printed in millions."""
    value, unit = entry.values[name], QUANTITIES[name].unit
    if name == "predicted_top1" and entry.interval is not None:
        return f"{value:.1f} % ({entry.interval[0]:.1f} to {entry.interval[1]:.1f})"
    if unit == "%":
        return f"{value:.1f} %"
    return f"{value:,g} M" if unit == "M" else f"{value:,} B" if unit == "bytes" else f"{value:,}"


def against(comparison: Comparison, entry: Entry, name: str) -> str:
    """``×0.53, -46.8 %`` of a count, ``+1.8 points`` of a percentage; empty where the first has none."""
    first, quantity = comparison.entries[0], QUANTITIES[name]
    old, value = first.values.get(name), entry.values.get(name)
    if entry is first and quantity.origin != "printed":
        return REFERENCE
    if old is None or value is None or quantity.origin == "printed":
        return ""
    if quantity.unit == "%":
        return f"{value - old:+.1f} points"
    ratio = comparison.ratio(entry, name)
    return "" if ratio is None else f"{ratio_text(ratio)}, {change(int(value), int(old))}"


def ratio_text(ratio: float) -> str:
    """``×0.53``, ``×12.80``, ``×1,183``, ``×0.0021``."""
    return f"×{ratio:,.0f}" if ratio >= 100 else f"×{ratio:.2f}" if ratio >= 0.1 else f"×{ratio:.2g}"
