"""The cost along one axis through the design, as stairs, beside its power law."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.cost.units import change
from analysis.networks import Design
from analysis.plots.scales import SIGNS, SUPERSCRIPTS, axis_title, exactly, position_text, round_text, ticks, written
from analysis.plots.style import GHOST, HERE, styled
from analysis.tradeoff.surfaces.surface import BASE, COSTS, position, round_levels


def cut_figure(
    line: pd.DataFrame,
    axis: str,
    here: Design,
    *,
    cost: str,
    base: tuple[int, int] = BASE,
    spots: Sequence[float] = (),
    height: int = 380,
) -> go.Figure:
    """Cost along one axis as stairs, both axes logarithmic, so that an exponent is a slope.

    ``line`` has ``position`` and ``cost``; the dashed line is the power law through the design, the dots are ``spots``.
    """
    x, y = line["position"].tolist(), line["cost"].tolist()
    costs, at = dict(zip(x, y, strict=True)), position(here, axis)
    own, law = costs[at], COSTS[cost].law[axis]
    power = [own * (value / at) ** law for value in (x[0], at, x[-1])]
    dots = [spot for spot in spots if spot in costs]
    top, bottom = max(*y, *power), min(*y, *power)
    return styled(
        [
            _stairs(x, y, axis, cost, base, own),
            _dashed([x[0], at, x[-1]], power, f"Power law {SIGNS[axis]}{SUPERSCRIPTS[law]}"),
            _marks(dots, [costs[spot] for spot in dots], "Published", "circle-open", 9, "#8C8C8C"),
            _marks([at], [own], f"You are here: {written(cost, own)}", "star", 16, HERE),
        ],
        height=height,
        margin={"l": 64, "r": 10, "t": 54, "b": 66},
        xaxis={
            "title": {"text": f"{axis_title(axis, base)}, log scale"},
            "type": "log",
            "range": [float(np.log10(x[0] * 0.97)), float(np.log10(x[-1] * 1.03))],
            **ticks(axis, base, apart=1.3),
        },
        yaxis={
            "title": {"text": f"{COSTS[cost].label}, log scale"},
            "type": "log",
            "range": [float(np.log10(bottom / 1.15)), float(np.log10(top * 1.15))],
            **_cost_ticks(cost, bottom, top),
        },
    )


def _cost_ticks(cost: str, low: float, high: float) -> dict[str, Any]:
    levels = round_levels(int(low / 1.15), int(high * 1.15) + 1)
    return {"tickvals": levels, "ticktext": [round_text(cost, level) for level in levels]}


def _stairs(x: list[float], y: list[int], axis: str, cost: str, base: tuple[int, int], own: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"{COSTS[cost].label} at every position",
        "x": x,
        "y": y,
        "line": {"shape": "hvh", "color": "#0072B2", "width": 1.8},
        "hovertext": [
            f"{position_text(axis, spot, base)}<br><b>{exactly(cost, value)}</b>"
            f"<br>{change(value, own)} against this design"
            for spot, value in zip(x, y, strict=True)
        ],
        "hoverinfo": "text",
    }


def _dashed(x: list[float], y: list[float], name: str) -> dict[str, Any]:
    line = {"color": GHOST, "width": 1.6, "dash": "dash"}
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _marks(x: Sequence[float], y: Sequence[float], name: str, symbol: str, size: int, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": list(x),
        "y": list(y),
        "marker": {"symbol": symbol, "size": size, "color": colour},
        "showlegend": bool(x),
        "hoverinfo": "skip",
    }
