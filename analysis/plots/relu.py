"""What ReLU leaves of a spiral in few channels: pictures by n, and the error over n."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from analysis.lessons.messages import Translate
from analysis.lessons.relu import Embedding, Spread, spiral
from analysis.plots.style import FAINT, GHOST, HERE, styled

COLUMNS = 3
GAP = 0.05
BACK = "#0072B2"
LOST = "#D55E00"


def pictures_figure(embeddings: Sequence[Embedding], _: Translate = str) -> go.Figure:
    """A panel for each embedding: the spiral in grey, and what came back; points that no decoder can find are crosses.

    ``_`` translates.
    """
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes = []
    for number, embedding in enumerate(embeddings):
        panel = _Panel(number, len(embeddings))
        traces += _traces(embedding, number, _)
        axes |= panel.axes
        notes.append(panel.title(f"n = {embedding.channels}: {embedding.error:.0%}"))
    rows = -(-len(embeddings) // COLUMNS)
    return styled(
        traces,
        height=60 + 210 * rows,
        margin={"l": 10, "r": 10, "t": 60, "b": 10},
        annotations=notes,
        **axes,
        legend={"orientation": "h", "x": 0, "y": 1.08, "yanchor": "bottom", "itemsizing": "constant"},
    )


def _traces(embedding: Embedding, number: int, _: Translate) -> list[dict[str, Any]]:
    kept, lost = embedding.returned[~embedding.lost], embedding.returned[embedding.lost]
    sign = "" if number == 0 else str(number + 1)
    shared = {"type": "scatter", "xaxis": f"x{sign}", "yaxis": f"y{sign}", "hoverinfo": "skip"}
    parts = (
        (_("The spiral"), spiral(), {"mode": "lines", "line": {"color": GHOST, "width": 1}}),
        (_("Came back"), kept, {"mode": "markers", "marker": {"color": BACK, "size": 3}}),
        (
            _("Lost for every decoder"),
            lost,
            {"mode": "markers", "marker": {"color": LOST, "size": 5, "symbol": "x-thin", "line": _line(LOST)}},
        ),
    )
    return [
        shared
        | look
        | {
            "name": name,
            "legendgroup": name,
            "showlegend": number == 0,
            "x": points[:, 0].round(4).tolist(),
            "y": points[:, 1].round(4).tolist(),
        }
        for name, points, look in parts
    ]


def _line(colour: str) -> dict[str, Any]:
    return {"color": colour, "width": 1.5}


class _Panel:
    """Where the panel of that number stands among ``count``, row by row from the upper left."""

    def __init__(self, number: int, count: int) -> None:
        rows = -(-count // COLUMNS)
        row, column = divmod(number, COLUMNS)
        width, height = (1 - GAP * (COLUMNS - 1)) / COLUMNS, (1 - 2 * GAP * (rows - 1)) / rows
        self.left, self.top = column * (width + GAP), 1 - row * (height + 2 * GAP)
        sign = "" if number == 0 else str(number + 1)
        blank = {
            "showgrid": False,
            "zeroline": False,
            "showticklabels": False,
            "fixedrange": True,
            "range": [-1.4, 1.4],
        }
        frame = {"showline": True, "mirror": True, "linecolor": FAINT, "constrain": "domain"}
        self.axes = {
            f"xaxis{sign}": blank
            | frame
            | {"domain": [self.left, self.left + width], "anchor": f"y{sign}", "constraintoward": "left"},
            f"yaxis{sign}": blank
            | frame
            | {"domain": [max(self.top - height, 0), self.top], "anchor": f"x{sign}", "scaleanchor": f"x{sign}"},
        }

    def title(self, text: str) -> dict[str, Any]:
        """The panel's title above its upper left corner."""
        place = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "showarrow": False}
        return place | {"x": self.left, "y": self.top, "text": text}


def error_figure(spread: Spread, channels: int, error: float, _: Translate = str) -> go.Figure:
    """The error over n with its spread over random matrices, and the experiment on screen marked."""
    x, band = list(spread.channels), "rgba(0,114,178,0.18)"
    line = {"type": "scatter", "mode": "lines", "x": x}
    traces: list[dict[str, Any]] = [
        line | {"y": _percent(spread.high), "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"},
        line
        | {"y": _percent(spread.low), "name": _("8 of 10 random matrices"), "fill": "tonexty", "fillcolor": band}
        | {"line": {"width": 0}, "hoverinfo": "skip"},
        line
        | {"y": _percent(spread.middle), "name": _("Middle error"), "line": {"color": BACK, "width": 2}}
        | {"hovertemplate": "n = %{x}: %{y:.1f} %<extra></extra>"},
        line
        | {"y": _percent(spread.lost), "name": _("Lost for every decoder")}
        | {"line": {"color": LOST, "width": 2, "dash": "dash"}, "hovertemplate": "n = %{x}: %{y:.1f} %<extra></extra>"},
        {
            "type": "scatter",
            "mode": "markers",
            "name": _("Shown above"),
            "x": [channels],
            "y": [100 * error],
            "marker": {"symbol": "star", "size": 14, "color": HERE},
            "hovertemplate": "n = %{x}: %{y:.1f} %<extra></extra>",
        },
    ]
    return styled(
        traces,
        height=300,
        xaxis={
            "title": {"text": _("Channels n")},
            "range": [1.5, x[-1] + 0.5],
            "tickvals": [2, 3, 5, 10, 15, 20, 25, 30],
        },
        yaxis={"title": {"text": _("Percent")}, "range": [0, 105]},
    )


def _percent(shares: Sequence[float]) -> list[float]:
    return [round(100 * share, 3) for share in shares]
