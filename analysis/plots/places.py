"""Designs as marks of a trade-off chart: the current one, the pinned baseline, and those compared by their letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from analysis.comparison.marks import MARKS
from analysis.plots.style import GHOST, HERE
from analysis.tradeoff.place import Place
from analysis.tradeoff.points import QUANTITIES


class Sign(NamedTuple):
    """How a design is marked: its name in the legend, colour, the pattern of its line, and a letter or a star."""

    name: str
    colour: str
    dash: str
    letter: str = ""


CURRENT, PINNED = Sign("You are here", HERE, "dash"), Sign("Pinned baseline", GHOST, "dot")


def lettered(places: Sequence[Place]) -> list[tuple[Sign, Place]]:
    """Designs compared, in their order, each with the letter and the colour that it has on the page Compare."""
    return [
        (Sign(f"{mark.letter} {escape(place.label)}", mark.colour, "dot", mark.letter), place)
        for mark, place in zip(MARKS, places, strict=False)
    ]


def scaled(place: Place, name: str) -> float | None:
    """A quantity of a design in the axis' unit, or ``None`` where it is not known."""
    return place.values[name] / QUANTITIES[name].scale if name in place.values else None


def place_trace(place: Place, sign: Sign, x: str, y: str, ends: Mapping[str, tuple[float, ...]]) -> dict[str, Any]:
    """A mark where both quantities are known, with the interval of a prediction; else a line at the one that is."""
    at_x, at_y = scaled(place, x), scaled(place, y)
    xs = [at_x, at_x] if at_x is not None else list(ends["x"])
    ys = [at_y, at_y] if at_y is not None else list(ends["y"])
    spot = at_x is not None and at_y is not None
    lines = [f"<b>{escape(place.label)}</b>", f"{place.mult_adds:,} Mult-Adds (computed)", escape(place.origin)]
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines" if not spot else "markers+text" if sign.letter else "markers",
        "name": sign.name,
        "x": xs[:1] if spot else xs,
        "y": ys[:1] if spot else ys,
        "line": {"color": sign.colour, "width": 1.5, "dash": sign.dash},
        "marker": {"size": 17, "symbol": "star", "color": sign.colour, "line": {"width": 1, "color": "white"}},
        "hovertemplate": "<br>".join(lines) + "<extra></extra>",
    }
    if sign.letter:
        trace["marker"] |= {"symbol": "circle-open", "line": {"width": 2, "color": sign.colour}}
        trace |= {"text": [sign.letter], "textposition": "top center", "textfont": {"size": 11, "color": sign.colour}}
    if spot and place.interval is not None and y == "top1":
        low, high = place.interval
        arms = {"array": [high - ys[0]], "arrayminus": [ys[0] - low], "symmetric": False, "type": "data"}
        trace["error_y"] = arms | {"color": sign.colour, "thickness": 1.5, "width": 6}
    return trace
