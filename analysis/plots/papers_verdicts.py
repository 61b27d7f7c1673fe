"""How many cells of each table are reproduced, explained and open: a bar a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from analysis.papers import PAPERS, VERDICTS, Cell
from analysis.plots.style import styled

VERDICT_SIGNS = {"reproduced": "✓", "explained": "≈", "open": "?"}
"""A sign for each verdict, so that none is told by colour alone."""

COLOURS = {"reproduced": "#009E73", "explained": "#E69F00", "open": "#8C8C8C"}
SHAPES = {"reproduced": "", "explained": "/", "open": "x"}
PATTERN = {"fillmode": "overlay", "size": 5, "solidity": 0.25, "fgcolor": "rgba(255,255,255,0.7)"}
TEXT = {"reproduced": "white", "explained": "black", "open": "white"}


def verdicts_figure(cells: Sequence[Cell]) -> go.Figure:
    """Bars of 100 %: the cells of every table, by verdict; the number of cells stands in each part."""
    tables = list(dict.fromkeys((cell.paper, cell.table) for cell in cells))
    counts = {
        verdict: [sum(_table(cell) == at and cell.verdict == verdict for cell in cells) for at in tables]
        for verdict in VERDICTS
    }
    traces = [_bars(verdict, tables, counts[verdict]) for verdict in VERDICTS]
    return styled(
        traces,
        height=300,
        barmode="stack",
        barnorm="percent",
        uniformtext={"mode": "hide", "minsize": 9},
        xaxis={"type": "category", "tickangle": 0},
        yaxis={"title": {"text": "Share of the printed cells (%)"}, "range": [0, 100], "dtick": 20},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
    )


def _table(cell: Cell) -> tuple[str, int | None]:
    return cell.paper, cell.table


def _bars(verdict: str, tables: Sequence[tuple[str, int | None]], counts: list[int]) -> dict[str, Any]:
    names = [f"{PAPERS[paper]}" + (", in no table" if table is None else f", Table {table}") for paper, table in tables]
    return {
        "type": "bar",
        "name": f"{VERDICT_SIGNS[verdict]} {verdict}",
        "x": [f"{paper.upper()}<br>{'–' if table is None else table}" for paper, table in tables],
        "y": counts,
        "text": [str(count) if count else "" for count in counts],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": TEXT[verdict]},
        "marker": {"color": COLOURS[verdict], "pattern": PATTERN | {"shape": SHAPES[verdict]}, "line": {"width": 0}},
        "hovertext": [
            f"<b>{name}</b><br>{count} {verdict}: {VERDICTS[verdict]}"
            for name, count in zip(names, counts, strict=True)
        ],
        "hoverinfo": "text",
    }
