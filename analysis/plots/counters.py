"""From our Mult-Adds to what a tool prints: a step a term."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.crosscheck.identities import Identity
from analysis.plots.style import HERE, styled

MORE, LESS, TOOL = "#0072B2", "#D55E00", "#009E73"
LABEL_WIDTH = 18


def walk_frame(identity: Identity) -> pd.DataFrame:
    """The walk from ours to the tool's: ``label, start, end, text``, ours first and the tool's last."""
    at = identity.mult_adds
    rows: list[dict[str, Any]] = [{"label": "Mult-Adds, ours", "start": at, "end": at, "text": f"{at:,}"}]
    for step in identity.steps:
        first = step is identity.steps[0]
        added = step.product - step.number if first else step.product
        if not added:
            continue
        weight = f"{abs(step.weight)} × " if abs(step.weight) > 1 and not first else ""
        label = "Mult-Adds, a second time" if first else f"{weight}{step.label}"
        rows.append({"label": label, "start": at, "end": at + added, "text": f"{added:+,}"})
        at += added
    name = f"{identity.convention.label}, {identity.convention.unit}"
    rows.append({"label": name, "start": at, "end": at, "text": f"{at:,}"})
    return pd.DataFrame(rows)


def walk_figure(frame: pd.DataFrame) -> go.Figure:
    """A bar from where each step starts to where it ends; marks for ours and the tool's. The axis does not begin at 0."""
    labels = ["<br>".join(wrap(label, LABEL_WIDTH)) for label in frame["label"]]
    steps = frame.iloc[1:-1]
    ends = frame.iloc[[0, -1]]
    traces = [_bars(steps, labels[1:-1]), _marks(ends, [labels[0], labels[-1]])]
    low, high = min(frame[["start", "end"]].min()), max(frame[["start", "end"]].max())
    room = (high - low) / 1e6 or max(high / 1e6, 1e-6) * 0.01
    axis = {"title": {"text": "Millions; the axis does not begin at 0"}, "nticks": 5}
    return styled(
        traces,
        height=90 + 46 * len(frame),
        margin={"l": 150, "r": 18, "t": 18, "b": 44},
        showlegend=False,
        xaxis=axis | {"range": [low / 1e6 - 0.35 * room, high / 1e6 + 0.35 * room]},
        yaxis={"type": "category", "autorange": "reversed", "categoryorder": "array", "categoryarray": labels},
    )


def _bars(steps: pd.DataFrame, labels: list[str]) -> dict[str, Any]:
    added = (steps["end"] - steps["start"]).tolist()
    return {
        "type": "bar",
        "orientation": "h",
        "y": labels,
        "base": [start / 1e6 for start in steps["start"].tolist()],
        "x": [number / 1e6 for number in added],
        "text": steps["text"].tolist(),
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [f"<b>{label}</b><br>{text}" for label, text in zip(steps["label"], steps["text"], strict=True)],
        "hoverinfo": "text",
        "marker": {
            "color": [MORE if number >= 0 else LESS for number in added],
            "pattern": {"shape": ["" if number >= 0 else "/" for number in added]},
        },
    }


def _marks(ends: pd.DataFrame, labels: list[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "y": labels,
        "x": [number / 1e6 for number in ends["end"].tolist()],
        "text": ends["text"].tolist(),
        "textposition": ["top right", "top left"] if ends["end"].iloc[0] <= ends["end"].iloc[1] else "top left",
        "cliponaxis": False,
        "hovertext": [f"<b>{label}</b><br>{text}" for label, text in zip(ends["label"], ends["text"], strict=True)],
        "hoverinfo": "text",
        "marker": {"color": [HERE, TOOL], "symbol": ["diamond", "square"], "size": 13},
    }
