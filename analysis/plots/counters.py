"""From our Mult-Adds to what a tool prints: a step a term."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.crosscheck.identities import Identity
from analysis.plots.style import HERE, styled

MORE, LESS, TOOL = "#0072B2", "#D55E00", "#009E73"
LABEL_WIDTH = 22


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
    """A bar from where each step starts to where it ends, marks for ours and the tool's; the axis does not begin at 0.

    The numbers stand with the names, where they are readable on the narrowest screen.
    """
    names = ["<br>".join([f"<b>{text}</b>", *wrap(label, LABEL_WIDTH)]) for label, text in _labelled(frame)]
    hover = [f"<b>{label}</b><br>{text}" for label, text in _labelled(frame)]
    low, high = frame[["start", "end"]].to_numpy().min() / 1e6, frame[["start", "end"]].to_numpy().max() / 1e6
    room = 0.08 * (high - low) or 0.01 * high or 1.0
    return styled(
        [_bars(frame.iloc[1:-1], names[1:-1], hover[1:-1]), _marks(frame.iloc[[0, -1]], names, hover)],
        height=80 + 60 * len(frame),
        margin={"l": 160, "r": 18, "t": 14, "b": 44},
        showlegend=False,
        xaxis={
            "title": {"text": "Millions, not from 0"},
            "nticks": 5,
            "tickformat": ",~f",
            "range": [low - room, high + room],
        },
        yaxis={"type": "category", "autorange": "reversed", "categoryorder": "array", "categoryarray": names},
    )


def _labelled(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(frame["label"], frame["text"], strict=True))


def _bars(steps: pd.DataFrame, names: list[str], hover: list[str]) -> dict[str, Any]:
    added = (steps["end"] - steps["start"]).tolist()
    return {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "base": [start / 1e6 for start in steps["start"].tolist()],
        "x": [number / 1e6 for number in added],
        "hovertext": hover,
        "hoverinfo": "text",
        "marker": {
            "color": [MORE if number >= 0 else LESS for number in added],
            "pattern": {"shape": ["" if number >= 0 else "/" for number in added]},
        },
    }


def _marks(ends: pd.DataFrame, names: list[str], hover: list[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "y": [names[0], names[-1]],
        "x": [number / 1e6 for number in ends["end"].tolist()],
        "hovertext": [hover[0], hover[-1]],
        "hoverinfo": "text",
        "marker": {"color": [HERE, TOOL], "symbol": ["diamond", "square"], "size": 13},
    }
