"""Designs side by side in bars: a chart a quantity, each from zero and in its own unit."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from analysis.comparison.compared import Comparison, Entry
from analysis.cost.units import short_bytes, short_count
from analysis.plots.style import GHOST, styled

BARS = {
    "mult_adds": "Mult-Adds",
    "params": "Parameters",
    "peak_activation_bytes": "Peak activations, fused",
    "peak_unfused_bytes": "Peak activations, unfused",
    "top1": "ImageNet top-1, measured or predicted (%)",
}
"""What has a chart of its own, in order; the weights' size is the parameters' times the bytes of one."""

BAR, TITLE, EDGE = 24, 44, 12
"""Heights in px: of a bar with its gap, of a panel's title with its gap, and of the margin below."""

ROOM = 1.32
"""The axis over its longest bar, so that every figure stands beside its bar."""


def compare_bars_figure(comparison: Comparison) -> go.Figure:
    """Horizontal bars, a panel a quantity that any design has; a predicted top-1 has its 95 % interval."""
    shown = [name for name in BARS if any(_value(entry, name) is not None for entry in comparison.entries)]
    height = len(shown) * (TITLE + BAR * len(comparison.entries))
    layout: dict[str, Any] = {"annotations": []}
    traces = []
    for number, name in enumerate(shown):
        axis = "" if number == 0 else str(number + 1)
        top = 1 - number / len(shown)
        domain = [top - BAR * len(comparison.entries) / height, top]
        domain = [max(end - TITLE / height, 0) for end in domain]
        traces += [_trace(entry, name, axis) for entry in comparison.entries if _value(entry, name) is not None]
        traces += [line for entry in comparison.entries if name == "top1" for line in _interval(entry, axis)]
        layout |= _axes(comparison, name, axis, domain)
        layout["annotations"].append(_title(BARS[name], domain[1]))
    return styled(
        traces,
        height=height + EDGE,
        margin={"l": 26, "r": 8, "t": 0, "b": EDGE},
        showlegend=False,
        bargap=0.25,
        **layout,
    )


def _value(entry: Entry, name: str) -> float | None:
    value = entry.values.get(name)
    return entry.values.get("predicted_top1") if value is None and name == "top1" else value


def _trace(entry: Entry, name: str, axis: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [_value(entry, name)],
        "y": [entry.letter],
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "text": [_text(entry, name)],
        "textposition": "none" if name == "top1" and entry.interval is not None else "outside",
        "cliponaxis": False,
        "marker": _marker(entry),
        "hovertemplate": f"{entry.letter}: %{{text}}<extra></extra>",
    }


def _interval(entry: Entry, axis: str) -> list[dict[str, Any]]:
    """The 95 % interval of a predicted top-1 as a whisker over its bar, with the figure behind its end."""
    if entry.interval is None:
        return []
    low, high = entry.interval
    at = {"x": [low, high], "y": [entry.letter] * 2, "xaxis": f"x{axis}", "yaxis": f"y{axis}"}
    line = {"type": "scatter", "mode": "lines+markers+text", "hoverinfo": "skip", "line": {"color": GHOST, "width": 2}}
    mark = {"symbol": "line-ns", "size": 10, "line": {"color": GHOST, "width": 2}}
    text = ["", f" {entry.values['predicted_top1']:.1f} predicted"]
    return [line | at | {"marker": mark, "text": text, "textposition": "middle right", "cliponaxis": False}]


def _marker(entry: Entry) -> dict[str, Any]:
    pattern = {"shape": entry.mark.pattern, "fillmode": "overlay", "size": 6, "solidity": 0.25}
    return {"color": entry.mark.colour, "pattern": pattern | {"fgcolor": "rgba(255,255,255,0.75)"}}


def _text(entry: Entry, name: str) -> str:
    if name == "top1":
        return f"{_value(entry, name):.1f}"
    value = int(entry.values[name])
    return short_bytes(value) if name.endswith("_bytes") else short_count(value)


def _axes(comparison: Comparison, name: str, axis: str, domain: list[float]) -> dict[str, Any]:
    most = max((_value(entry, name) or 0 for entry in comparison.entries), default=0) or 1
    letters = [entry.letter for entry in reversed(comparison.entries)]
    x = {"range": [0, most * ROOM], "domain": [0, 1], "anchor": f"y{axis}", "visible": False, "fixedrange": True}
    y = {"type": "category", "categoryorder": "array", "categoryarray": letters, "range": [-0.5, len(letters) - 0.5]}
    return {
        f"xaxis{axis}": x,
        f"yaxis{axis}": y | {"domain": domain, "anchor": f"x{axis}", "fixedrange": True, "showgrid": False},
    }


def _title(text: str, top: float) -> dict[str, Any]:
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom"}
    return place | {"text": f"<b>{text}</b>", "showarrow": False, "align": "left"}
