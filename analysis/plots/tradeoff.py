"""One quantity against another: measured points, log-linear fits with their bands, the front and the current design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.plots.places import CURRENT, PINNED, Sign, lettered, place_trace, scaled
from analysis.plots.points import point_traces
from analysis.plots.style import GHOST, NETWORK_COLOURS, styled
from analysis.tradeoff.fit import LogLinearFit
from analysis.tradeoff.place import Place
from analysis.tradeoff.points import QUANTITIES, pareto_front


@dataclass(frozen=True)
class Look:
    """What a trade-off chart shows, and how; ``window`` is low, high of x, then of y, in the axes' units, or empty."""

    x: str = "mult_adds"
    y: str = "top1"
    log_x: bool = True
    log_y: bool = False
    colour: str = "family"
    symbol: str = "family"
    bands: bool = False
    front: bool = False
    window: tuple[float, ...] = ()
    selected: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Ground:
    """All of a chart but the design: its traces, and the least and greatest value on each axis, in the axes' units."""

    look: Look
    traces: tuple[dict[str, Any], ...]
    x: tuple[float, ...]
    y: tuple[float, ...]


def tradeoff_ground(points: pd.DataFrame, fits: Mapping[str, LogLinearFit], look: Look) -> Ground:
    """Points of :func:`analysis.tradeoff.points.sized` with ``id``, the fits of families and the front of all.

    Fits are drawn where the axes are Mult-Adds and top-1, each in the colour of its points if these have one.
    """
    marks = point_traces(points, look.x, look.y, colour=look.colour, symbol=look.symbol, selected=look.selected)
    own = [trace for trace in marks if look.colour == "family" and trace.get("customdata")]
    tints = {trace["name"]: trace["marker"]["color"] for trace in own}
    fitted = fits if (look.x, look.y) == ("mult_adds", "top1") else {}
    traces = [
        trace
        for name, fit in fitted.items()
        for trace in _fit_traces(escape(name), fit, tints.get(escape(name), _colour_of(fit.network)), bands=look.bands)
    ]
    traces += marks
    traces += _front(points, look.x, look.y) if look.front else []
    lines = [value for trace in traces if trace["mode"] == "lines" for value in trace["y"] if value is not None]
    return Ground(look, tuple(traces), _ends(points, look.x), (*_ends(points, look.y), *lines))


def _ends(points: pd.DataFrame, name: str) -> tuple[float, ...]:
    known = points[name].dropna() / QUANTITIES[name].scale
    return (float(known.min()), float(known.max())) if len(known) else ()


def tradeoff_figure(
    ground: Ground,
    here: Place,
    pinned: Place | None = None,
    *,
    compared: Sequence[Place] = (),
    height: int = 420,
    selects: bool = False,
) -> go.Figure:
    """The ground with the design as a red star, the pinned baseline as a grey one, and designs compared by letter.

    A drag selects, or zooms. An axis without a window spans the points and all designs.
    """
    look = ground.look
    places = [*lettered(compared), *([] if pinned is None else [(PINNED, pinned)]), (CURRENT, here)]
    ends: dict[str, tuple[float, ...]] = {
        "x": look.window[:2] or _span([*ground.x, *_values(places, look.x)], log=look.log_x),
        "y": look.window[2:] or _span([*ground.y, *_values(places, look.y)], log=look.log_y),
    }
    return styled(
        [*ground.traces, *(place_trace(place, sign, look.x, look.y, ends) for sign, place in places)],
        height=height,
        dragmode="select" if selects else "zoom",
        selections=[],
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 11}},
        xaxis=_axis(look.x, ends["x"], log=look.log_x),
        yaxis=_axis(look.y, ends["y"], log=look.log_y),
    )


def _values(places: Sequence[tuple[Sign, Place]], name: str) -> list[float]:
    return [value for _, place in places if (value := scaled(place, name)) is not None]


def _axis(name: str, ends: tuple[float, ...], *, log: bool) -> dict[str, Any]:
    quantity = QUANTITIES[name]
    title = {"text": f"{quantity.label} ({quantity.unit}{', log scale' if log else ''})"}
    if not log:
        return {"title": title, "type": "linear", "range": list(ends)}
    low, high = (float(np.log10(end)) for end in ends)
    ticks = log_ticks(*ends)
    written = [f"{tick:,.6g}" for tick in ticks]
    return {"title": title, "type": "log", "range": [low, high], "tickvals": ticks, "ticktext": written, "tickangle": 0}


def log_ticks(low: float, high: float) -> list[float]:
    """Round numbers within a log axis: 1-3 over two decades and more, 1-2-5 over less, else even steps."""
    for steps in ((1, 3), (1, 2, 5)):
        ticks = [step * 10.0**decade for decade in range(-9, 13) for step in steps]
        inside = [tick for tick in ticks if low <= tick <= high]
        if len(inside) >= (5 if steps == (1, 3) else 3):
            return inside
    step = _round_step((high - low) / 4)
    return [float(f"{number * step:.12g}") for number in range(ceil(low / step), floor(high / step) + 1)]


def _round_step(width: float) -> float:
    """1, 2 or 5 times a power of ten, at most ``width``."""
    decade = 10.0 ** floor(log10(width))
    return max(step * decade for step in (1, 2, 5) if step * decade <= width * (1 + 1e-9))


def _span(values: Sequence[float], *, log: bool) -> tuple[float, float]:
    if not values:
        return (1.0, 10.0)
    low, high = min(values), max(values)
    if log:
        return (low * 0.85, high * 1.18)
    margin = (high - low) * 0.07 or abs(high) * 0.1 or 1.0
    return (max(low - margin, 0.0) if low >= 0 else low - margin, high + margin)


def _colour_of(network: str) -> str:
    return NETWORK_COLOURS.get(network, "#8C8C8C")


def _fit_traces(name: str, fit: LogLinearFit, colour: str, *, bands: bool) -> list[dict[str, Any]]:
    """The line over its own points, and around it the confidence band filled and the prediction band dotted."""
    mult_adds = np.geomspace(fit.low, fit.high, 25)
    found = fit.at(mult_adds)
    x = (mult_adds / 1e6).tolist()
    base = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False, "legendgroup": name}
    line = base | {"name": f"{name} fit", "x": x, "y": found.top1.tolist(), "line": {"color": colour, "width": 1.5}}
    if not bands:
        return [line]
    around = x + x[::-1]
    confidence = base | {
        "name": f"{name} confidence",
        "x": around,
        "y": found.confidence_high.tolist() + found.confidence_low.tolist()[::-1],
        "fill": "toself",
        "fillcolor": _faint(colour),
        "line": {"width": 0},
    }
    prediction = base | {
        "name": f"{name} prediction",
        "x": [*x, None, *x],
        "y": [*found.prediction_low.tolist(), None, *found.prediction_high.tolist()],
        "line": {"color": colour, "width": 1, "dash": "dot"},
    }
    return [confidence, prediction, line]


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.16)"


def _front(points: pd.DataFrame, x: str, y: str) -> list[dict[str, Any]]:
    """Steps through the points that no other beats in both quantities."""
    best = points[pareto_front(points, x, y)].sort_values([x, y])
    steps = "hv" if QUANTITIES[x].better == "less" else "vh"
    return [
        {
            "type": "scatter",
            "mode": "lines" if len(best) > 1 else "markers",
            "name": "Pareto front",
            "marker": {"symbol": "circle-open", "size": 16, "color": GHOST},
            "x": (best[x] / QUANTITIES[x].scale).tolist(),
            "y": (best[y] / QUANTITIES[y].scale).tolist(),
            "line": {"color": GHOST, "width": 2, "shape": steps},
            "hoverinfo": "skip",
        }
    ]
