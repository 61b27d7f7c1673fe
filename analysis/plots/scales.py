"""How costs and positions of the sliders are written, and where their axes have ticks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from analysis.cost.units import short_bytes, short_count
from analysis.networks.resolutions import width_of
from analysis.tradeoff.surfaces.surface import BASE, COSTS, Surface, block_channels

SIGNS = {"alpha": "α", "rho": "ρ", "t": "t"}
SUPERSCRIPTS = {0: "⁰", 1: "¹", 2: "²"}

MOST_ROWS = 90
"""The most heights drawn; a row is then some px high and shows the cost of the highest, which the hover names."""


def written(cost: str, value: int) -> str:
    """A cost in four digits with its unit."""
    return short_bytes(value) if COSTS[cost].sized else f"{short_count(value)} {COSTS[cost].unit}"


def cost_title(cost: str, number_format: str) -> str:
    """What a cost is called, a size with its number format: ``Mult-Adds``, ``Weights in int8``."""
    return f"{COSTS[cost].label} in {number_format}" if COSTS[cost].sized else COSTS[cost].label


def exactly(cost: str, value: int) -> str:
    """A cost to the last digit with its unit."""
    return f"{value:,} {COSTS[cost].unit}"


def position_text(axis: str, value: float, base: tuple[int, int] = BASE) -> str:
    """A position as people read it: ``α 0.75``, ``ρ 0.857 (192 px)``, ``t 6``."""
    if axis != "rho":
        return (
            f"{SIGNS[axis]} {value:.2f}" if axis == "alpha" and round(value, 2) == value else f"{SIGNS[axis]} {value:g}"
        )
    return f"ρ {value / base[0]:.3f} ({_pixels(int(value), base)} px)"


def _pixels(height: int, base: tuple[int, int]) -> str:
    width = width_of(height, *base)
    return str(height) if height == width else f"{height}×{width}"


def round_text(cost: str, level: int) -> str:
    """A round cost in as few digits as it has: ``100 M``, ``1.5 MB``."""
    for unit, name in ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k")):
        if level >= unit:
            return f"{level / unit:g} {name}{'B' if COSTS[cost].sized else ''}"
    return f"{level} B" if COSTS[cost].sized else str(level)


def law_text(cost: str, axes: Collection[str]) -> str:
    """The power law of a cost over some axes: ``α²ρ²t¹``; an axis with exponent 0 is left out."""
    law = COSTS[cost].law
    return "".join(f"{SIGNS[axis]}{SUPERSCRIPTS[law[axis]]}" for axis in axes if law[axis])


def axis_title(axis: str, base: tuple[int, int] = BASE) -> str:
    """What an axis shows."""
    if axis == "rho":
        return "Input height in px (ρ)" if base[0] != base[1] else "Resolution in px (ρ)"
    return {"alpha": "Width multiplier α", "t": "Expansion factor t"}[axis]


def ticks(
    axis: str, base: tuple[int, int] = BASE, *, most: int = 10, least: float = 0, apart: float = 0
) -> dict[str, Any]:
    """Few α, at most ``most`` round heights from ``least`` on with their ρ, whole t.

    On a log axis those that are ``apart`` times as far as the one before.
    """
    if axis == "rho":
        step = next(step for step in (8, 16, 32, 64, 128, 256, 512) if base[0] * 10 / 7 / step < most + 0.5)
        values: list[float] = [*range(step, round(base[0] * 10 / 7) + 1, step)]
    else:
        values = [0.25, 0.5, 0.75, 1, 1.3] if axis == "alpha" else [*range(1, 11)]
        least = 0
    values = [value for value in values if value >= least]
    shown = values if not apart else _thinned(values, apart)
    texts = [f"{value}<br>ρ {value / base[0]:.2f}" if axis == "rho" else f"{value:g}" for value in shown]
    return {"tickvals": shown, "ticktext": texts, "tickangle": 0}


def _thinned(values: list[float], apart: float) -> list[float]:
    """From the highest down, each at most the last one divided by ``apart``."""
    kept: list[float] = []
    for value in reversed(values):
        if not kept or value * apart <= kept[-1]:
            kept.append(value)
    return kept[::-1]


@dataclass(frozen=True)
class Spots:
    """The positions of an axis as drawn: which of them, the centres of their cells, and their names for the hover."""

    index: list[int]
    centre: list[float]
    name: list[str]

    @classmethod
    def of(cls, surface: Surface, axis: str) -> Spots:
        """All of α and t; of many heights the highest of each group of 2, 4, 8 … px that end at a multiple of it."""
        values = surface.x if axis == surface.axes[0] else surface.y
        if axis != "rho":
            names = [position_text(axis, value) for value in values]
            if axis == "alpha":
                channels = block_channels(surface.held, values)
                names = [
                    f"{name}<br>channels {', '.join(map(str, row))}" for name, row in zip(names, channels, strict=True)
                ]
            return cls(list(range(len(values))), list(values), names)
        step = 1
        while len(values) / step > MOST_ROWS:
            step *= 2
        groups = {-(-int(value) // step): number for number, value in enumerate(values)}
        centre = [group * step - (step - 1) / 2 for group in groups]
        return cls(
            list(groups.values()), centre, [position_text(axis, values[n], surface.base) for n in groups.values()]
        )
