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
from analysis.networks import CATALOGUE, Design, Network
from analysis.networks.reference import REFERENCES
from analysis.papers import Cell, chosen_cells
from analysis.plots.counters import walk_figure, walk_frame
from analysis.plots.cut import cut_figure
from analysis.plots.diagram import diagram_figure
from analysis.plots.kinds import kinds_figure
from analysis.plots.layers import layers_figure
from analysis.plots.papers_verdicts import verdicts_figure
from analysis.plots.search import search_figure
from analysis.plots.surface import surface_figure
from analysis.plots.tradeoff import Ground, Look, tradeoff_figure, tradeoff_ground
from analysis.plots.tree import tree_figure
from analysis.tradeoff.place import Place, place_of
from analysis.tradeoff.points import chosen, sized
from analysis.tradeoff.predict import Predictor, predictor_for, predictors
from analysis.tradeoff.published import published_points
from analysis.tradeoff.reach import Index, measured_index
from analysis.tradeoff.search.answer import answer, checkpoint_points
from analysis.tradeoff.search.budgets import ask
from analysis.tradeoff.search.found import Found
from analysis.tradeoff.surfaces.exponents import Step, cut, exponents, largest_step, published_positions
from analysis.tradeoff.surfaces.surface import PAIRS, Surface, axes_of, cost_surface, held_design

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


def table(subject: Subject, convention: str = "papers", number_format: str = "float32") -> pd.DataFrame:
    """The layer table; kept once, however much of what is usual the caller says."""
    return _table(subject, convention, number_format)


@kept
def _table(subject: Subject, convention: str, number_format: str) -> pd.DataFrame:
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


@lru_cache(16)
def published(training: str, number_format: str) -> pd.DataFrame:
    """Every published point with one of V1's two trainings, with ``id`` and sizes in the number format."""
    points = sized(published_points(training), check_number_format(number_format))
    return points.assign(id=points["checkpoint"])


@lru_cache(16)
def published_predictors(training: str, min_alpha: str) -> dict[str, Predictor]:
    """The predictor of each network that has one, from released checkpoints of at least that α."""
    points = published(training, "float32")
    return predictors(points[points["group"] == "released"], min_alpha=float(min_alpha))


@lru_cache(8)
def measured(training: str) -> Index:
    """Every released design with its printed accuracy."""
    points = published(training, "float32")
    return measured_index(points[points["group"] == "released"])


@kept
def place(subject: Subject, training: str, number_format: str = "float32", min_alpha: str = "0") -> Place:
    """Where the design stands among the published points."""
    predictor = predictor_for(subject, published_predictors(training, min_alpha))
    return place_of(subject, measured(training), predictor, check_number_format(number_format))


@lru_cache(16)
def _released_ground(training: str, min_alpha: str) -> Ground:
    points = published(training, "float32")
    fits = [predictor.line for predictor in published_predictors(training, min_alpha).values()]
    return tradeoff_ground(points[points["group"] == "released"], fits, Look())


@kept
def tradeoff_chart(subject: Subject, baseline: Subject | None, training: str, min_alpha: str, height: int) -> go.Figure:
    """The checkpoints, their fits, the design and the pinned baseline."""
    here = place(subject, training, min_alpha=min_alpha)
    pinned = None if baseline is None or baseline == subject else place(baseline, training, min_alpha=min_alpha)
    return for_screen(tradeoff_figure(_released_ground(training, min_alpha), here, pinned, height=height))


@lru_cache(64)
def shown_predictors(training: str, min_alpha: str, networks: tuple[str, ...]) -> dict[str, Predictor]:
    """The predictors of some networks, by the networks' names in words."""
    labels = [CATALOGUE[name].label for name in networks]
    known = published_predictors(training, min_alpha)
    return {name: predictor for name, predictor in known.items() if name in labels}


@lru_cache(64)
def published_ground(
    look: Look, training: str, min_alpha: str, number_format: str, networks: tuple[str, ...], papers: bool
) -> Ground:
    """The Trade-off page's chart without the design, from published points alone."""
    points = chosen(published(training, number_format), networks, papers=papers)
    fits = [predictor.line for predictor in shown_predictors(training, min_alpha, networks).values()]
    return tradeoff_ground(points, fits, look)


@lru_cache(16)
def _surface(held: Design, pair: str, cost: str, number_format: str, base: tuple[int, int]) -> Surface:
    return cost_surface(held, pair, cost=cost, number_format=number_format, base=base)


def surface(design: Design, pair: str, cost: str, number_format: str, base: tuple[int, int]) -> Surface:
    """The cost surface that the design is on: the same for every design that differs on its axes alone."""
    return _surface(held_design(design, PAIRS[pair], base), pair, cost, number_format, base)


@lru_cache(64)
def surface_chart(
    design: Design, baseline: Subject | None, pair: str, cost: str, number_format: str, base: tuple[int, int]
) -> go.Figure:
    """The heat map with the design and the pinned baseline marked."""
    ground = surface(design, pair, cost, number_format, base)
    pinned = baseline if isinstance(baseline, Design) else None
    return for_screen(surface_figure(ground, design, int(totals(design, number_format)[cost]), pinned))


@lru_cache(64)
def cut_chart(design: Design, axis: str, cost: str, number_format: str, base: tuple[int, int]) -> go.Figure:
    """The cost along one axis through the design."""
    line = cut(design, axis, cost=cost, number_format=number_format, base=base)
    spots = published_positions(design, axis)
    return for_screen(cut_figure(line, axis, design, cost=cost, base=base, spots=spots))


@lru_cache(64)
def largest_steps(design: Design, cost: str, number_format: str, base: tuple[int, int]) -> list[Step]:
    """The largest single step near the design, on each axis its network has."""
    return [
        largest_step(design, axis, cost=cost, number_format=number_format, base=base) for axis in axes_of(design.entry)
    ]


@lru_cache(64)
def exponent_table(design: Design, cost: str, number_format: str, base: tuple[int, int]) -> pd.DataFrame:
    """The exponents between the design and its neighbours."""
    return exponents(design, cost=cost, number_format=number_format, base=base)


@lru_cache(32)
def found(network: str | Network, options: tuple[tuple[str, Any], ...]) -> Found:
    """The answer of a search."""
    return answer(ask(network, **dict(options)))


@lru_cache(32)
def search_chart(answered: Found, design: Design) -> go.Figure:
    """What fits, with the best, the released checkpoints and the current design."""
    question = answered.question
    spot = place(design, question.training, question.number_format)
    return for_screen(search_figure(answered, (design.label, spot.values), checkpoint_points(question)))


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
