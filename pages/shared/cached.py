"""What every page computes from a design, kept for all sessions; keys are checked designs, and no value is mutated."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.cost.closed_form import check_number_format
from analysis.cost.conventions import CONVENTIONS, check_convention
from analysis.cost.counted.counted import Counted
from analysis.cost.subjects import Subject, subject_table, subject_totals
from analysis.cost.totals import Totals
from analysis.crosscheck import identities
from analysis.exchange.pytorch_code import pytorch_code
from analysis.networks import Design
from analysis.networks.reference import REFERENCES
from analysis.papers import Cell, chosen_cells
from analysis.plots.counters import walk_figure, walk_frame
from analysis.plots.diagram import diagram_figure
from analysis.plots.kinds import kinds_figure
from analysis.plots.layers import layers_figure
from analysis.plots.papers_verdicts import verdicts_figure
from analysis.plots.tree import tree_figure

KEPT = 128

Function = TypeVar("Function", bound=Callable[..., Any])


def kept(function: Function) -> Function:
    """Keep what the function made of its last subjects; of an imported one in its own session, gone with it."""
    shared = lru_cache(KEPT)(function)

    @wraps(function)
    def look(subject: Subject, *rest: Any, **named: Any) -> Any:
        if not isinstance(subject, Counted) or subject.network in REFERENCES:
            return shared(subject, *rest, **named)
        owner, mine = st.session_state.get(OF_IMPORTED, (None, {}))
        if owner is not subject:
            mine = {}
            st.session_state[OF_IMPORTED] = (subject, mine)
        key = (function.__name__, rest, tuple(named.items()))
        if key not in mine:
            mine[key] = function(subject, *rest, **named)
        return mine[key]

    return cast(Function, look)


OF_IMPORTED = "of_imported"
"""Where a session keeps what was made of its imported network."""


@kept
def table(subject: Subject, convention: str = "papers", number_format: str = "float32") -> pd.DataFrame:
    """The layer table."""
    return subject_table(subject, check_convention(convention), check_number_format(number_format))


@kept
def charted(subject: Subject, convention: str = "papers") -> pd.DataFrame:
    """The layer table for charts, without ``attrs``: pandas copies them at every access to a column."""
    frame = table(subject, convention).copy(deep=False)
    frame.attrs = {}
    return frame


@kept
def totals(subject: Subject, number_format: str) -> Totals:
    """The totals of the headline."""
    return subject_totals(subject, check_number_format(number_format))


def for_screen(figure: go.Figure) -> go.Figure:
    """Without a template, which plotly in the browser would take for a change each time and draw everything again."""
    figure.layout.template = None
    return figure


@kept
def layers_chart(subject: Subject, quantity: str, baseline: Subject | None) -> go.Figure:
    """Bars a layer, with the line of a baseline of the same network: layers of others do not correspond."""
    comparable = baseline is not None and baseline != subject and baseline.network == subject.network
    other = charted(baseline) if baseline and comparable else None
    return for_screen(layers_figure(charted(subject), quantity, other))


@kept
def kinds_chart(subject: Subject, convention: str = "papers") -> go.Figure:
    """Shares by kind."""
    return for_screen(kinds_figure(charted(subject, convention), CONVENTIONS[convention].unit))


@lru_cache(KEPT)
def code(design: Design) -> str:
    """The design as a PyTorch file."""
    return pytorch_code(design)


@kept
def tree_chart(subject: Subject) -> go.Figure:
    """The treemap."""
    title = subject.label if isinstance(subject, Counted) else subject.entry.label
    return for_screen(tree_figure(charted(subject), title))


@kept
def diagram_chart(subject: Subject) -> go.Figure:
    """The picture of the network; of one without rows its layers in the order they run, without shortcuts."""
    shortcuts = [] if isinstance(subject, Counted) else subject.shortcuts()
    return for_screen(diagram_figure(charted(subject), shortcuts))


@lru_cache(KEPT)
def walk_chart(subject: Subject, convention: str) -> go.Figure:
    """The steps from our figure to a tool's."""
    return for_screen(walk_figure(walk_frame(identities(subject, among=(convention,))[0])))


@lru_cache(KEPT)
def paper_cells(paper: str | None = None, table: int | None = None, verdict: str | None = None) -> list[Cell]:
    """The papers' printed cells of a paper, a table and a verdict."""
    return chosen_cells(paper=paper, table=table, verdict=verdict)


@lru_cache(1)
def verdicts_chart() -> go.Figure:
    """How many cells of each table have which verdict."""
    return for_screen(verdicts_figure(chosen_cells()))
