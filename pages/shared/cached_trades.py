"""What the pages compute of accuracy against cost, kept for all sessions: points, predictors, charts and searches."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.cost.closed_form import check_number_format
from analysis.cost.subjects import Subject
from analysis.networks import Design, Network
from analysis.plots.search import search_figure
from analysis.plots.tradeoff import Ground, Look, tradeoff_figure, tradeoff_ground
from analysis.tradeoff.place import Place, place_of
from analysis.tradeoff.points import chosen, sized
from analysis.tradeoff.predict import Predictor, lines_of, predictor_for, predictors
from analysis.tradeoff.published import published_points
from analysis.tradeoff.reach import Index, measured_index
from analysis.tradeoff.search.answer import answer, checkpoint_points
from analysis.tradeoff.search.budgets import ask
from analysis.tradeoff.search.found import Found
from pages.shared.cached import for_screen, kept


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
    fits = lines_of(published_predictors(training, min_alpha))
    return tradeoff_ground(points[points["group"] == "released"], fits, Look())


@kept
def tradeoff_chart(subject: Subject, baseline: Subject | None, training: str, min_alpha: str, height: int) -> go.Figure:
    """The checkpoints, their fits, the design and the pinned baseline."""
    here = place(subject, training, min_alpha=min_alpha)
    pinned = None if baseline is None or baseline == subject else place(baseline, training, min_alpha=min_alpha)
    return for_screen(tradeoff_figure(_released_ground(training, min_alpha), here, pinned, height=height))


def shown_predictors(training: str, min_alpha: str, points: pd.DataFrame) -> dict[str, Predictor]:
    """The predictors of the networks among some points, by their names in words."""
    shown = set(points["family"])
    return {name: one for name, one in published_predictors(training, min_alpha).items() if name in shown}


@lru_cache(64)
def published_ground(
    look: Look, training: str, min_alpha: str, number_format: str, networks: tuple[str, ...], papers: bool
) -> Ground:
    """The Trade-off page's chart without the design, from published points alone."""
    points = chosen(published(training, number_format), networks, papers=papers)
    released = points[points["group"] == "released"]
    return tradeoff_ground(points, lines_of(shown_predictors(training, min_alpha, released)), look)


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
