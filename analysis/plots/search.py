"""What fits a search's budgets: the front, with the best design, the current one and the released checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.plots.style import GHOST, HERE, NETWORK_COLOURS, styled
from analysis.tradeoff.search.found import Found

BEST = "#009E73"
"""The winner's mark, and the region of what fits."""

REGION = "rgba(0,158,115,0.14)"

COST_LABELS = {"peak_activation_bytes": "Peak memory", "params": "Parameters", "weight_bytes": "Weight size"}

Spot = tuple[float, float | None]
"""Cost and value of a design; the value is ``None`` where there is no accuracy."""


def search_figure(
    found: Found, here: tuple[str, Mapping[str, float]], checkpoints: pd.DataFrame, *, height: int = 420
) -> go.Figure:
    """Value (predicted top-1, or Mult-Adds) over the cost whose budget is tightest, on a log axis.

    ``here`` is the current design's label and its totals, with ``top1`` where it has one. ``checkpoints`` have the
    totals in the search's number format, ``top1``, ``checkpoint`` and ``fits``.
    """
    cost, predicted = found.front_cost, found.front_value != "mult_adds"
    value = "top1" if predicted else "mult_adds"
    unit, scale = _unit(cost, max([*found.front[cost], here[1][cost]]))
    up = 1.0 if predicted else 1e6
    marks = [*_checkpoints(checkpoints, cost, value, scale, up), *_best(found, cost, scale, up, predicted=predicted)]
    ys = [*found.front[found.front_value] / up, *(y for trace in marks for y in trace["y"])]
    low, high = _span(ys, here[1].get(value, np.nan) / up, log=not predicted)
    traces = [_region(found, cost, scale, up, low), *marks, _here(here, cost, value, scale, up, low=low, high=high)]
    limit = dict(found.question.limits).get(cost)
    if limit:
        traces.append(_limit(limit / scale, low, high, f"{COST_LABELS[cost]} budget"))
    xs = [x for trace in traces for x in trace["x"]]
    top1 = {"title": {"text": "ImageNet top-1 (%)"}, "range": [low, high]}
    return styled(
        traces,
        height=height,
        xaxis=_log_axis(f"{COST_LABELS[cost]} ({unit}, log scale)", min(xs) * 0.85, max(xs) * 1.18),
        yaxis=top1 if predicted else _log_axis("Mult-Adds (millions, log scale)", low, high),
    )


def _log_axis(title: str, low: float, high: float) -> dict[str, Any]:
    """1-2-5 steps over two decades, 1-3-10 over more, finer ones within one."""
    steps = (1, 1.5, 2, 3, 4, 5, 7) if high / low < 12 else (1, 2, 5) if high / low < 150 else (1, 3)
    return {
        "title": {"text": title},
        "type": "log",
        "range": [float(np.log10(low)), float(np.log10(high))],
        "tickvals": [step * 10.0**decade for decade in range(-3, 6) for step in steps],
        "tickformat": "~g",
        "tickangle": 0,
    }


def _unit(cost: str, most: float) -> tuple[str, float]:
    if cost == "params":
        return ("millions", 1e6) if most >= 1e6 else ("thousands", 1e3)
    return ("MB", 1e6) if most >= 1e6 else ("kB", 1e3)


def _span(values: list[float], own: float, *, log: bool) -> tuple[float, float]:
    known = [value for value in (*values, own) if np.isfinite(value)]
    low, high = min(known), max(known)
    if log:
        return low * 0.8, high * 1.25
    margin = (high - low) * 0.07 or abs(high) * 0.1
    return max(low - margin, 0.0), high + margin


def _region(found: Found, cost: str, scale: float, up: float, low: float) -> dict[str, Any]:
    """The front as a staircase; what fits lies under it, and is worth no more at the same cost."""
    x = (found.front[cost] / scale).tolist()
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Front of the designs that fit",
        "x": [x[0], *x, x[-1]],
        "y": [low, *(found.front[found.front_value] / up).tolist(), low],
        "line": {"color": BEST, "width": 1.5, "shape": "hv"},
        "fill": "toself",
        "fillcolor": REGION,
        "hovertext": ["", *map(_hover, found.front.to_dict(orient="records")), ""],
        "hoverinfo": "text",
        "hoveron": "points",
    }


def _hover(row: Mapping[Any, Any]) -> str:
    t = "" if row["t"] is None or np.isnan(row["t"]) else f", t = {row['t']:g}"
    return (
        f"<b>α = {row['alpha']:g}, {row['height_px']}×{row['width_px']} px{t}</b><br>{row['mult_adds']:,} Mult-Adds, "
        f"{row['params']:,} parameters<br>peak {row['peak_activation_bytes']:,} bytes (computed)"
    )


def _checkpoints(points: pd.DataFrame, cost: str, value: str, scale: float, up: float) -> list[dict[str, Any]]:
    """Filled where they fit, hollow where they do not."""
    traces = []
    for fits, name in ((True, "Checkpoints that fit (printed)"), (False, "Checkpoints that do not (printed)")):
        rows = points[points["fits"] == fits]
        if rows.empty:
            continue
        colour = NETWORK_COLOURS.get(str(rows["network"].iloc[0]), "#0072B2")
        columns = (rows[column].tolist() for column in ("checkpoint", "top1", "mult_adds", "params", "source"))
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": (rows[cost] / scale).tolist(),
                "y": (rows[value] / up).tolist(),
                "marker": {"color": colour, "size": 8, "symbol": "circle" if fits else "circle-open"},
                "hovertext": [
                    f"<b>{name}</b><br>top-1 {top1:.1f} % (printed)<br>{mult_adds:,} Mult-Adds, {params:,} parameters "
                    f"(computed)<br>{source}"
                    for name, top1, mult_adds, params, source in zip(*columns, strict=True)
                ],
                "hoverinfo": "text",
            }
        )
    return traces


def _best(found: Found, cost: str, scale: float, up: float, *, predicted: bool) -> list[dict[str, Any]]:
    """The winner, with the interval of its prediction; none where the axis is accuracy and it has none."""
    best = found.results[0]
    guess, band = best.prediction, {}
    if not predicted:
        y = best.totals.mult_adds / up
    elif guess is not None:
        y, band = guess.top1, {"array": [guess.high - guess.top1], "arrayminus": [guess.top1 - guess.low]}
    else:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": f"Best: {best.design.label}",
            "x": [int(best.totals[cost]) / scale],
            "y": [y],
            "error_y": {"type": "data", "visible": bool(band), "color": BEST, "thickness": 1.5} | band,
            "marker": {"color": BEST, "symbol": "diamond", "size": 14},
            "hovertext": [f"<b>{best.design.label}</b><br>{best.totals.mult_adds:,} Mult-Adds (computed)"],
            "hoverinfo": "text",
        }
    ]


def _here(
    here: tuple[str, Mapping[str, float]], cost: str, value: str, scale: float, up: float, *, low: float, high: float
) -> dict[str, Any]:
    """The current design: a star, and a line over the whole height as well, for where it has no accuracy."""
    label, totals = here
    x, known = totals[cost] / scale, value in totals
    ends = [low, totals[value] / up, high] if known else [low, high]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"You are here: {label}",
        "x": [x] * len(ends),
        "y": ends,
        "line": {"color": HERE, "width": 1.5, "dash": "dash"},
        "marker": {"size": [0, 16, 0] if known else [0, 0], "symbol": "star", "color": HERE, "opacity": 1},
        "hovertemplate": f"<b>{label}</b><br>{int(totals['mult_adds']):,} Mult-Adds (computed)<extra></extra>",
    }


def _limit(x: float, low: float, high: float, name: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [x, x],
        "y": [low, high],
        "line": {"color": GHOST, "width": 2},
        "hoverinfo": "skip",
    }
