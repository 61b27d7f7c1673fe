"""The cost surface as a heat map with lines of equal cost, and the designs that lie on it."""

from __future__ import annotations

from math import log10
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from analysis.networks import Design
from analysis.plots.isolines import Path, edges, iso_path, on_diagonal
from analysis.plots.scales import Spots, axis_title, position_text, round_text, ticks, written
from analysis.plots.style import HERE, styled
from analysis.tradeoff.surfaces.surface import COSTS, Surface, published_designs, round_levels

SHARES = [number / 36 for number in range(37)]
COLOURS = list(zip(SHARES, sample_colorscale("Viridis", SHARES), strict=True))
"""Readable without colour vision: lightness rises with the cost."""

LINE = "rgba(255,255,255,0.9)"
CASING = "rgba(20,20,40,0.45)"
"""A dark edge around white lines, so that they are seen on light and dark cells alike."""


def surface_figure(
    surface: Surface, here: Design, own: int, pinned: Design | None = None, *, height: int = 540
) -> go.Figure:
    """Cells are costs on a log scale, white lines join equal round costs, the red one the design's own cost ``own``.

    Red star: the design; grey star: the pinned baseline; white dots: published designs; both only where on the surface.
    """
    x, y = (Spots.of(surface, axis) for axis in surface.axes)
    levels = round_levels(*_extremes(surface))
    paths = [iso_path(surface, level) for level in levels]
    traces = [_cells(surface, x, y, own), _colour_bar(surface), *_lines(surface, paths, own), _dots(surface)]
    marked = [here] if pinned is None or pinned == here else [pinned, here]
    traces += [_star(surface, design, here=design == here) for design in marked if surface.place(design) is not None]
    return styled(
        traces,
        height=height,
        margin={"l": 64, "r": 4, "t": 54, "b": 66 if surface.axes[0] == "rho" else 50},
        xaxis=_seen(surface, 0),
        yaxis=_seen(surface, 1),
        xaxis2=_named(x, surface, 0),
        yaxis2=_named(y, surface, 1),
        annotations=[_label(surface, path, level) for path, level in zip(paths, levels, strict=True) if path[0]],
    )


def _cells(surface: Surface, x: Spots, y: Spots, own: int) -> dict[str, Any]:
    """Exact costs as they are, for the hover; that colours are even on a log scale is in their stops."""
    values = surface.values[np.ix_(y.index, x.index)]
    held = "".join(f"<br>{position_text(axis, at, surface.base)}" for axis, at in surface.held_positions())
    low, high = _extremes(surface)
    return {
        "type": "heatmap",
        "xaxis": "x2",
        "yaxis": "y2",
        "x": x.centre,
        "y": y.centre,
        "z": values.tolist(),
        "text": [[float(f"{ratio:.3g}") for ratio in row] for row in (values / own).tolist()],
        "hovertemplate": f"%{{y}}<br>%{{x}}{held}<br><b>%{{z:,}} {COSTS[surface.cost].unit}</b>"
        "<br>%{text} × this design<extra></extra>",
        "colorscale": log_stops(low, high),
        "zmin": low,
        "zmax": high,
        "showscale": False,
    }


def log_stops(low: int, high: int) -> list[tuple[float, str]]:
    """A colour scale over costs from ``low`` to ``high`` whose colours are even over their logarithm."""
    if low == high:
        return COLOURS
    spots = [((high / low) ** share - 1) / (high / low - 1) for share in SHARES[1:-1]]
    return [(spot, colour) for spot, (_, colour) in zip([0.0, *spots, 1.0], COLOURS, strict=True)]


def _extremes(surface: Surface) -> tuple[int, int]:
    return int(surface.values.min()), int(surface.values.max())


def _colour_bar(surface: Surface) -> dict[str, Any]:
    """The bar alone, of a trace without points: its scale is logarithmic, that of the cells is not."""
    low, high = _extremes(surface)
    levels = round_levels(low, high)
    bar = {
        "thickness": 12,
        "len": 1,
        "x": 1,
        "xpad": 8,
        "ypad": 0,
        "outlinewidth": 0,
        "tickvals": [log10(level) for level in levels],
        "ticktext": [round_text(surface.cost, level) for level in levels],
        "tickfont": {"size": 11},
    }
    ends = {"cmin": log10(low), "cmax": log10(high)}
    marker = {"color": [0], **ends, "colorscale": COLOURS, "showscale": True, "colorbar": bar}
    hidden = {"showlegend": False, "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "marker": marker, **hidden}


def _lines(surface: Surface, paths: list[Path], own: int) -> list[dict[str, Any]]:
    together: Path = ([], [])
    for xs, ys in paths:
        together[0].extend([*xs, None])
        together[1].extend([*ys, None])
    same = iso_path(surface, own)
    return [
        _line(together, CASING, 2.8),
        _line(together, LINE, 1.2),
        _line(same, LINE, 5),
        _line(same, HERE, 2.2, f"Same cost as this design: {written(surface.cost, own)}"),
    ]


def _line(path: Path, colour: str, width: float, name: str | None = None) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name or "",
        "showlegend": name is not None,
        "x": path[0],
        "y": path[1],
        "line": {"color": colour, "width": width},
        "hoverinfo": "skip",
    }


def _label(surface: Surface, path: Path, level: int) -> dict[str, Any]:
    """The cost of a line where it crosses the diagonal, so that labels stay apart; at the frame within it."""
    x_edge, y_edge = edges(surface.x), edges(surface.y)
    x, y = on_diagonal(path, x_edge, y_edge)
    return {
        "x": x,
        "y": y,
        "xanchor": _anchor(x, x_edge, 0.06, ("left", "center", "right")),
        "yanchor": _anchor(y, y_edge, 0.03, ("bottom", "middle", "top")),
        "text": round_text(surface.cost, level),
        "showarrow": False,
        "font": {"size": 10, "color": "#31333F"},
        "bgcolor": "rgba(255,255,255,0.8)",
        "borderpad": 1,
    }


def _anchor(at: float, borders: list[float], near: float, names: tuple[str, str, str]) -> str:
    """The side of a text that stands at a place: the one to the frame where that is nearer than a share of it."""
    share = (at - borders[0]) / (borders[-1] - borders[0])
    return names[0] if share < near else names[2] if share > 1 - near else names[1]


def _dots(surface: Surface) -> dict[str, Any]:
    designs = published_designs(surface)
    places = [surface.place(design) or (0.0, 0.0) for design in designs]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Published designs",
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "marker": {
            "symbol": "circle",
            "size": 7,
            "color": "rgba(255,255,255,0.85)",
            "line": {"width": 1.2, "color": "black"},
        },
        "showlegend": bool(designs),
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _star(surface: Surface, design: Design, *, here: bool) -> dict[str, Any]:
    x, y = surface.place(design) or (0.0, 0.0)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{'You are here' if here else 'Pinned'}: {design.label}",
        "x": [x],
        "y": [y],
        "marker": {
            "symbol": "star",
            "size": 17 if here else 13,
            "color": HERE if here else "#9A9A9A",
            "line": {"width": 1.2, "color": "white"},
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _seen(surface: Surface, number: int) -> dict[str, Any]:
    """An axis as it is seen: few ticks; it lies over the one that names every position for the hover."""
    own = "xy"[number]
    return {
        "title": {"text": axis_title(surface.axes[number], surface.base)},
        "overlaying": f"{own}2",
        "matches": f"{own}2",
        "anchor": "yx"[number],
        "range": _range(surface, number),
        "showgrid": False,
        **ticks(surface.axes[number], surface.base, most=(6, 10)[number], least=_lowest(surface, number)),
    }


def _range(surface: Surface, number: int) -> list[float]:
    borders = edges((surface.x, surface.y)[number])
    return [borders[0], borders[-1]]


def _lowest(surface: Surface, number: int) -> float:
    """The lowest tick: beside the corner two lines of text would meet the other axis."""
    low, high = _range(surface, number)
    return low + (high - low) * 0.03 * number


def _named(spots: Spots, surface: Surface, number: int) -> dict[str, Any]:
    """The axis below: a tick at every position, unseen, whose text plotly shows in the hover."""
    return {
        "anchor": ("y2", "x2")[number],
        "range": _range(surface, number),
        "tickmode": "array",
        "tickvals": spots.centre,
        "ticktext": spots.name,
        "showticklabels": False,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
    }
