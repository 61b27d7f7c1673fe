"""Accuracy against Mult-Adds on a log axis, with the log-linear fits and the current design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.networks import CATALOGUE
from analysis.plots.style import GHOST, HERE, NETWORK_COLOURS, NETWORK_SYMBOLS, styled
from analysis.tradeoff.fit import LogLinearFit


@dataclass(frozen=True)
class Place:
    """Where the current design stands: its Mult-Adds and, if it may be had, a top-1 with how it was had."""

    label: str
    mult_adds: int
    top1: float | None
    origin: str


HOVER = ("checkpoint", "top1", "mult_adds", "params", "source")


def tradeoff_figure(
    points: pd.DataFrame, fits: dict[str, LogLinearFit], here: Place, pinned: Place | None = None, *, height: int = 420
) -> go.Figure:
    """Printed top-1 of the checkpoints over Mult-Adds computed here.

    Dotted lines are the fits, the red star is the design, the grey one the pinned baseline.
    """
    traces: list[dict[str, Any]] = []
    for network, fit in fits.items():
        traces += [_checkpoints(points[points["network"] == network], network), _line(fit)]
    low, high = float(points["top1"].min()) - 2, float(points["top1"].max()) + 3
    places = [here] if pinned is None else [pinned, here]
    traces += [_mark(place, low, high, here=place is here) for place in places]
    x = [*points["mult_adds"] / 1e6, *(place.mult_adds / 1e6 for place in places)]
    return styled(
        traces,
        height=height,
        xaxis={
            "title": {"text": "Mult-Adds (millions, log scale)"},
            "type": "log",
            "range": [np.log10(min(x) * 0.85), np.log10(max(x) * 1.18)],
            "tickvals": _ticks(max(x) / min(x)),
            "tickformat": ",d",
            "tickangle": 0,
        },
        yaxis={"title": {"text": "ImageNet top-1 (%)"}, "range": [low, high]},
    )


def _ticks(spread: float) -> list[int]:
    """1-2-5 steps over two decades, 1-3-10 over more, so that labels stay apart on a narrow screen."""
    steps = (1, 2, 5) if spread < 100 else (1, 3)
    return [step * 10**decade for decade in range(5) for step in steps]


def _checkpoints(points: pd.DataFrame, network: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": CATALOGUE[network].label + " checkpoints",
        "x": (points["mult_adds"] / 1e6).tolist(),
        "y": points["top1"].tolist(),
        "hovertext": [
            f"<b>{name}</b><br>top-1 {top1:.1f} % (printed)<br>{cost:,} Mult-Adds, {params:,} parameters (computed)"
            f"<br>{source}"
            for name, top1, cost, params, source in zip(*(points[column].tolist() for column in HOVER), strict=True)
        ],
        "hoverinfo": "text",
        "marker": {"color": NETWORK_COLOURS[network], "symbol": NETWORK_SYMBOLS[network], "size": 8},
    }


def _line(fit: LogLinearFit) -> dict[str, Any]:
    ends = [fit.low, fit.high]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"{CATALOGUE[fit.network].label} fit",
        "x": [end / 1e6 for end in ends],
        "y": [fit.top1(end) for end in ends],
        "line": {"color": NETWORK_COLOURS[fit.network], "dash": "dot", "width": 1.5},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _mark(place: Place, low: float, high: float, *, here: bool) -> dict[str, Any]:
    x = place.mult_adds / 1e6
    ends = [low, high] if place.top1 is None else [low, place.top1, high]
    known, colour = place.top1 is not None, HERE if here else GHOST
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"{'You are here' if here else 'Pinned'}: {place.label}",
        "x": [x] * len(ends),
        "y": ends,
        "line": {"color": colour, "width": 1.5, "dash": "dash" if here else "dot"},
        "marker": {"size": [0, 16, 0] if known else [0, 0], "symbol": "star", "color": colour, "opacity": 1},
        "hovertemplate": f"<b>{place.label}</b><br>{place.mult_adds:,} Mult-Adds (computed)<br>{place.origin}"
        "<extra></extra>",
    }
