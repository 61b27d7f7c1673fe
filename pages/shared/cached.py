"""What every page computes from a design, kept for all sessions; keys are checked designs, and no value is mutated."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
import plotly.graph_objects as go

from analysis.cost.closed_form import check_number_format
from analysis.cost.conventions import CONVENTIONS, check_convention
from analysis.cost.table import design_table
from analysis.cost.totals import Totals, design_totals
from analysis.networks import Design
from analysis.plots.diagram import diagram_figure
from analysis.plots.kinds import kinds_figure
from analysis.plots.layers import layers_figure
from analysis.plots.tradeoff import Place, tradeoff_figure
from analysis.plots.tree import tree_figure
from analysis.tradeoff.fit import LogLinearFit, fits, measured_top1, why_not_on_fit
from analysis.tradeoff.published import checkpoints_of

KEPT = 128


@lru_cache(KEPT)
def table(design: Design, convention: str = "papers", number_format: str = "float32") -> pd.DataFrame:
    """The layer table."""
    return design_table(design, check_convention(convention), check_number_format(number_format))


@lru_cache(KEPT)
def charted(design: Design, convention: str = "papers") -> pd.DataFrame:
    """The layer table for charts, without ``attrs``: pandas copies them at every access to a column."""
    frame = table(design, convention).copy(deep=False)
    frame.attrs = {}
    return frame


@lru_cache(KEPT)
def totals(design: Design, number_format: str) -> Totals:
    """The totals of the headline."""
    return design_totals(design, check_number_format(number_format))


def _for_screen(figure: go.Figure) -> go.Figure:
    """Without a template, which plotly in the browser would take for a change each time and draw everything again."""
    figure.layout.template = None
    return figure


@lru_cache(KEPT)
def layers_chart(design: Design, quantity: str, baseline: Design | None) -> go.Figure:
    """Bars a layer, with the line of a baseline of the same network: layers of others do not correspond."""
    comparable = baseline is not None and baseline != design and baseline.network == design.network
    other = charted(baseline) if baseline and comparable else None
    return _for_screen(layers_figure(charted(design), quantity, other))


@lru_cache(KEPT)
def kinds_chart(design: Design, convention: str = "papers") -> go.Figure:
    """Shares by kind."""
    return _for_screen(kinds_figure(charted(design, convention), CONVENTIONS[convention].unit))


@lru_cache(KEPT)
def tree_chart(design: Design) -> go.Figure:
    """The treemap."""
    return _for_screen(tree_figure(charted(design), design.entry.label))


@lru_cache(KEPT)
def diagram_chart(design: Design) -> go.Figure:
    """The picture of the network."""
    return _for_screen(diagram_figure(charted(design), design.shortcuts()))


@lru_cache(8)
def checkpoints(training: str) -> pd.DataFrame:
    """All checkpoints with one of V1's two trainings."""
    return checkpoints_of(training)


@lru_cache(64)
def measured(network: str, training: str) -> pd.DataFrame:
    """The checkpoints of one network."""
    points = checkpoints(training)
    return points[points["network"] == network]


@lru_cache(8)
def published_fits(training: str) -> dict[str, LogLinearFit]:
    """The log-linear fit of each network."""
    return fits(checkpoints(training))


@lru_cache(KEPT)
def place(design: Design, training: str) -> Place:
    """Where the design stands among the checkpoints of a training."""
    points, count = measured(design.network, training), totals(design, "float32").mult_adds
    known, reason = measured_top1(design, points), why_not_on_fit(design, points)
    if known is not None:
        return Place(design.label, count, known, f"top-1 {known:.1f} % (printed, measured by the authors)")
    if reason is not None:
        return Place(design.label, count, None, f"no accuracy: {reason}")
    top1 = published_fits(training)[design.network].top1(count)
    return Place(design.label, count, top1, f"top-1 {top1:.1f} % on the fitted line (not measured)")


@lru_cache(KEPT)
def tradeoff_chart(design: Design, baseline: Design | None, training: str, height: int) -> go.Figure:
    """The checkpoints, their fits, the design and the pinned baseline."""
    pinned = None if baseline is None or baseline == design else place(baseline, training)
    points, lines = checkpoints(training), published_fits(training)
    return _for_screen(tradeoff_figure(points, lines, place(design, training), pinned, height=height))
