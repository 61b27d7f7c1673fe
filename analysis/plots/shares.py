"""Two bars of 100 %, one above the other, cut by kind of layer: what both charts of shares are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from analysis.plots.style import KIND_TEXT, kind_marker, styled


def share_bar(
    kind: str,
    label: str,
    rows: Sequence[str],
    shares: Sequence[float],
    *,
    counts: Sequence[str],
    hover: str,
    digits: int,
    least: float,
) -> dict[str, Any]:
    """A kind's part of each bar, named in ``rows`` from below; ``shares`` are of 1 and written in %.

    ``counts`` stand under the pointer below ``hover``; a share of ``least`` or less is too narrow for its text.
    """
    return {
        "type": "bar",
        "orientation": "h",
        "name": label,
        "y": list(rows),
        "x": [100 * share for share in shares],
        "text": [f"{share:.{digits}%}" if share > least else "" for share in shares],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": KIND_TEXT[kind]},
        "customdata": list(counts),
        "marker": kind_marker(kind),
        "hovertemplate": f"{hover}<br>%{{customdata}}, %{{x:.{digits + 1}f}} %<extra></extra>",
    }


def shares_figure(bars: Sequence[dict[str, Any]], *, title: str, left: int) -> go.Figure:
    """The bars with their axis; ``left`` is the room for the rows' names, in px."""
    return styled(
        list(bars),
        height=230,
        margin={"l": left, "r": 18, "t": 34, "b": 44},
        barmode="stack",
        xaxis={"title": {"text": title}, "range": [0, 100], "dtick": 20},
        yaxis={},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
    )
