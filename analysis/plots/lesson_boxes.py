"""A convolution as boxes drawn to scale: the map that enters, the filters, the map that leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import plotly.graph_objects as go

from analysis.lessons.messages import Translate, marked
from analysis.lessons.sizes import Sizes
from analysis.plots.style import HERE, KIND_COLOURS, styled

MAP_COLOUR = "#7F9DB9"
LONGEST = 1.2
"""Length of the box of most channels, where the largest side is 1."""
SLANT = (0.30, 0.22)
"""Where the far end of a side of 1 is drawn, from its near end."""
SHADES = (0.85, 0.60, 0.45)
"""Opacity of the front, the top and the side of a box."""
MOST_FILTERS = 5
GAP = 0.35

Corners = list[tuple[float, float]]


@dataclass(frozen=True)
class Part:
    """A stack of ``count`` boxes, each ``side`` × ``side`` × ``channels``; its title is a message."""

    title: str
    text: str
    side: int
    channels: int
    count: int
    colour: str
    marked: tuple[int, int] | None = None
    """Side and channels of what is marked within the first box."""


def standard_parts(sizes: Sizes) -> list[Part]:
    """Input, filters and output of a standard convolution."""
    k, m, n = sizes.kernel, sizes.in_channels, sizes.out_channels
    return [
        _map(marked("Input"), sizes.map, m, (min(k, sizes.map), m)),
        Part(marked("Filters"), f"{n} × ({k}×{k}×{m})", k, m, n, KIND_COLOURS["conv"]),
        _map(marked("Output"), sizes.out_map, n, (1, 1)),
    ]


def separable_parts(sizes: Sizes) -> list[Part]:
    """Input, depthwise filters, the map between, pointwise filters, output."""
    k, m, n = sizes.kernel, sizes.in_channels, sizes.out_channels
    return [
        _map(marked("Input"), sizes.map, m, (min(k, sizes.map), 1)),
        Part(marked("Depthwise filters"), f"{m} × ({k}×{k}×1)", k, 1, m, KIND_COLOURS["dw"]),
        _map(marked("Between"), sizes.out_map, m, (1, m)),
        Part(marked("Pointwise filters"), f"{n} × (1×1×{m})", 1, m, n, KIND_COLOURS["pw"]),
        _map(marked("Output"), sizes.out_map, n, (1, 1)),
    ]


def _map(title: str, side: int, channels: int, marked: tuple[int, int]) -> Part:
    return Part(title, f"{side}×{side}×{channels}", side, channels, 1, MAP_COLOUR, marked)


def boxes_figure(parts: list[Part], _: Translate = str, *, height: int = 330) -> go.Figure:
    """The parts from left to right; all sides share one scale, all channels another.

    Of a stack at most five boxes are drawn. Red is what one filter reads at one position, and the value it gives.
    """
    side = 1 / max(part.side for part in parts)
    length = LONGEST / max(part.channels for part in parts)
    traces: list[dict[str, Any]] = []
    left, centres = 0.0, []
    for part in (replace(part, title=_(part.title)) for part in parts):
        wide, deep = part.channels * length, part.side * side
        traces += _stack(part, left, wide, deep)
        if part.marked is not None:
            traces += _box(left, -deep / 2, part.marked[1] * length, part.marked[0] * side, HERE, "")
        centres.append(left + (wide + SLANT[0] * deep) / 2)
        left += max(wide + SLANT[0] * deep, 0.45) + GAP
    traces.append(_labels([_(part.title) for part in parts], [part.text for part in parts], centres))
    return styled(
        traces,
        height=height,
        margin={"l": 4, "r": 4, "t": 8, "b": 8},
        xaxis={"visible": False, "range": [-0.25, left - GAP + 0.25], "fixedrange": True},
        yaxis={"visible": False, "range": [-1.15, 1.3], "fixedrange": True},
        showlegend=False,
    )


def _stack(part: Part, left: float, wide: float, deep: float) -> list[dict[str, Any]]:
    """The boxes of a part, one above the other, centred."""
    pitch = max(deep * (1 + SLANT[1]) * 1.12, 0.1)
    drawn = min(part.count, MOST_FILTERS, max(1, int(1.5 / pitch)))
    bottoms = [-deep / 2 + (number - (drawn - 1) / 2) * pitch for number in range(drawn)]
    hover = f"<b>{part.title}</b><br>{part.text}"
    return [trace for bottom in bottoms for trace in _box(left, bottom, wide, deep, part.colour, hover)]


def _box(left: float, bottom: float, wide: float, deep: float, colour: str, hover: str) -> list[dict[str, Any]]:
    """Front, top and side of a box."""
    right, top = left + wide, bottom + deep
    dx, dy = SLANT[0] * deep, SLANT[1] * deep
    faces: list[Corners] = [
        [(left, bottom), (right, bottom), (right, top), (left, top)],
        [(left, top), (right, top), (right + dx, top + dy), (left + dx, top + dy)],
        [(right, bottom), (right + dx, bottom + dy), (right + dx, top + dy), (right, top)],
    ]
    return [_face(face, colour, shade, hover) for face, shade in zip(faces, SHADES, strict=True)]


def _face(corners: Corners, colour: str, shade: float, hover: str) -> dict[str, Any]:
    x, y = zip(*corners, corners[0], strict=True)
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": list(y),
        "fill": "toself",
        "fillcolor": f"rgba({red},{green},{blue},{shade})",
        "line": {"color": colour, "width": 1},
        "hoveron": "fills",
        "hoverinfo": "text" if hover else "skip",
        "text": hover,
    }


def _labels(titles: list[str], texts: list[str], centres: list[float]) -> dict[str, Any]:
    """Titles above the boxes and sizes below them; the sizes of neighbours stand at two heights."""
    lower = [-0.92 if number % 2 else -0.76 for number in range(len(titles))]
    bold = [f"<b>{title.replace(' ', '<br>')}</b>" for title in titles]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [*centres, *centres],
        "y": [1.1] * len(titles) + lower,
        "text": [*bold, *texts],
        "textfont": {"size": 12},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
