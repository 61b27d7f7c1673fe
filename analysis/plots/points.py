"""Measured points as marks: a colour for one of their columns, a symbol for another, and what a hover says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd

from analysis.networks import CATALOGUE
from analysis.plots.style import GHOST, NETWORK_COLOURS, NETWORK_SYMBOLS
from analysis.tradeoff.points import MARKS, QUANTITIES
from analysis.tradeoff.quantity_ranges import ranges_of

NAMED = {network.label: name for name, network in CATALOGUE.items()}
OTHERS = ("#CC79A7", "#009E73", "#E69F00", "#56B4E9", "#8C6D31", "#7F7F7F", "#332288")
"""For what has no colour of its own: networks of the papers' tables, trainings, groups."""

NONE, GREY = "none", "#8C8C8C"
"""A point without the column that colours it."""

OTHER_NETWORKS = "Other networks, open"

STEPS = ("#7B4FA6", "#3B78B8", "#21908C", "#5DC863", "#D9B800", "#F58518", "#C2307A")
"""From low to high, readable on a light page and on a dark one."""

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "star-triangle-up", "pentagon", "hexagon")
"""One a value, in turn; points that are no checkpoint are drawn open."""


def point_traces(
    points: pd.DataFrame, x: str, y: str, *, colour: str, symbol: str, selected: Collection[str] = ()
) -> list[dict[str, Any]]:
    """A trace for each value of the column ``colour``, and legend entries for ``symbol`` where it is another column.

    ``points`` has ``id``; those in ``selected`` stay bright, the others fade. A point without x or y is left out.
    Networks that are not in the catalogue are labelled where they stand, and are one entry of the legend.
    """
    shown = points[points[x].notna() & points[y].notna()]
    tinted = _column(shown, colour)
    shown = shown.assign(hover=hover_texts(shown), coloured=_texts(tinted), mark=_marks(shown, symbol))
    if colour == "family":
        shown.loc[(shown["group"] == "papers") & ~shown["coloured"].isin(NAMED), "coloured"] = OTHER_NETWORKS
    colours = _styles(shown["coloured"], tinted, NETWORK_COLOURS, OTHERS, ordered=STEPS)
    traces = [
        _trace(shown[shown["coloured"] == value], x, y, _legend(colour, value), tint, selected)
        for value, tint in colours.items()
    ]
    return traces if symbol == colour else _plain_legend(traces) + _symbol_legend(symbol, shown)


def _plain_legend(traces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each trace, and a dot of its colour in the legend in place of its first point's symbol."""
    dots = [
        trace
        | {"x": [None], "y": [None], "customdata": None, "hovertext": None, "hoverinfo": "skip", "mode": "markers"}
        | {"marker": trace["marker"] | {"symbol": "circle"}, "selectedpoints": None}
        for trace in traces
    ]
    return [trace | {"showlegend": False} for trace in traces] + dots


def _trace(points: pd.DataFrame, x: str, y: str, name: str, colour: str, selected: Collection[str]) -> dict[str, Any]:
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "legendgroup": name,
        "x": (points[x] / QUANTITIES[x].scale).tolist(),
        "y": (points[y] / QUANTITIES[y].scale).tolist(),
        "customdata": points["id"].tolist(),
        "hovertext": points["hover"].tolist(),
        "hoverinfo": "text",
        "marker": {"color": colour, "symbol": points["mark"].tolist(), "size": 9, "line": {"width": 1}},
    }
    if name == OTHER_NETWORKS:
        labels = [escape(family.partition(" (")[0]) for family in points["family"]]
        trace |= {
            "mode": "markers+text",
            "text": labels,
            "textposition": _apart(points[x]),
            "textfont": {"size": 11},
            "cliponaxis": False,
        }
    if selected:
        trace["selectedpoints"] = [row for row, id in enumerate(points["id"]) if id in selected]
    return trace


def _apart(x: pd.Series) -> list[str]:
    """Labels above and below in turn, so that neighbours do not cover each other."""
    return ["top center" if rank % 2 else "bottom center" for rank in x.rank(method="first").astype(int)]


def _marks(points: pd.DataFrame, column: str) -> list[str]:
    """Each point's symbol: open where it is no released checkpoint."""
    values = _column(points, column)
    texts = _texts(values)
    symbols = _styles(texts, values, NETWORK_SYMBOLS, SYMBOLS)
    return [symbols[text] + _open(group) for text, group in zip(texts, points["group"], strict=True)]


def _symbol_legend(column: str, points: pd.DataFrame) -> list[dict[str, Any]]:
    values = _column(points, column)
    texts = _texts(values)
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": _legend(column, value),
            "x": [None],
            "y": [None],
            "hoverinfo": "skip",
            "marker": {"color": GHOST, "symbol": symbol, "size": 9},
        }
        for value, symbol in _styles(texts, values, NETWORK_SYMBOLS, SYMBOLS).items()
    ]


def _open(group: str) -> str:
    return "" if group == "released" else "-open"


def _column(points: pd.DataFrame, name: str) -> pd.Series:
    """The values that tell points apart: of a quantity its ranges, else the column's own."""
    return ranges_of(points[name], name) if name in QUANTITIES else points[name]


def _texts(column: pd.Series) -> pd.Series:
    return column.astype(object).map(_text).astype(str)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return NONE if np.isnan(value) else f"{value:g}"
    return str(value) or NONE


def _legend(column: str, value: str) -> str:
    """A value as the legend writes it; networks and groups need no heading."""
    if column in ("family", "group"):
        return {"released": "checkpoints", "papers": "printed in a paper's table"}.get(value, escape(value))
    if column == "resolution" and value != NONE:
        return f"{value} px"
    return f"{MARKS[column]}: {value}" if value == NONE or column in QUANTITIES else f"{MARKS[column]} {value}"


def _styles(
    texts: pd.Series, column: pd.Series, own: dict[str, str], others: Sequence[str], *, ordered: Sequence[str] = ()
) -> dict[str, str]:
    """A colour or symbol for each text: its own if it is a network, a step of a scale if the column has an order."""
    number = pd.api.types.is_numeric_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype)
    values = list(dict.fromkeys(texts.loc[column.sort_values().index] if number else texts))
    if number and ordered:
        known = [value for value in values if value != NONE]
        scale = zip(known, _between(ordered, len(known)), strict=True)
        return dict(scale) | dict.fromkeys([value for value in values if value == NONE], GREY)
    fixed = {value: own[NAMED[value]] for value in values if NAMED.get(value) in own}
    free = cycle([other for other in others if other not in fixed.values()])
    return {value: fixed.get(value) or next(free) for value in values}


def _between(steps: Sequence[str], n: int) -> list[str]:
    """``n`` colours from the first to the last of some steps, evenly apart."""
    levels = np.array([[int(step[at : at + 2], 16) for at in (1, 3, 5)] for step in steps], float)
    places = np.linspace(0, len(steps) - 1, n) if n > 1 else np.zeros(n)
    channels = np.column_stack([np.interp(places, np.arange(len(steps)), level) for level in levels.T])
    return ["#" + "".join(f"{round(value):02X}" for value in channel) for channel in channels]


def hover_texts(points: pd.DataFrame) -> list[str]:
    """What a point's hover says: its name, every quantity it has with its origin, and the source."""
    return [_hover(row) for row in points.to_dict("records")]


def _hover(row: dict[Any, Any]) -> str:
    known = {name: row[name] for name in QUANTITIES if name in row and not pd.isna(row[name])}
    lines = [
        f"{QUANTITIES[name].label}: {_written(value, name)} ({_origin(row, name)}){_printed(row, name)}"
        for name, value in known.items()
    ]
    heading = [f"<b>{escape(str(row['checkpoint']))}</b>", *_where(row)]
    return "<br>".join([*heading, *lines, escape(str(row["source"]))])


def _where(row: dict[Any, Any]) -> list[str]:
    """The design of a point, where it is one: network, α, resolution and t."""
    signs = (("alpha", "α {:g}"), ("resolution", "{:g} px"), ("t", "t = {:g}"))
    known = [sign.format(row[name]) for name, sign in signs if name in row and not pd.isna(row[name])]
    return [", ".join([escape(str(row["family"]).partition(",")[0]), *known])] if known else []


def _printed(row: dict[Any, Any], name: str) -> str:
    """The same cost as its source prints it."""
    value = row.get(f"printed_million_{name}")
    return "" if value is None or pd.isna(value) else f", {value:,g} M (printed)"


def _origin(row: dict[Any, Any], name: str) -> str:
    theirs = row["group"] == "yours" and (QUANTITIES[name].origin == "printed" or row["network"] == "")
    return "yours" if theirs else QUANTITIES[name].origin


def _written(value: float, name: str) -> str:
    quantity = QUANTITIES[name]
    if quantity.unit == "millions":
        return f"{int(value):,}"
    return f"{value / quantity.scale:.3g} {quantity.unit}" if quantity.scale > 1 else f"{value:g} {quantity.unit}"
