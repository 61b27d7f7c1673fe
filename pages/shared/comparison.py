"""What the Compare page computes of the designs compared: totals, charts, and the diff of two."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.comparison.compared import Comparison, make_entry
from analysis.comparison.diff import STATUSES, Diff, lettered, make_diff
from analysis.comparison.marks import MARKS
from analysis.cost.closed_form import check_number_format
from analysis.cost.counted.counted import Counted
from analysis.cost.subjects import Subject
from analysis.networks.reference import REFERENCES
from analysis.plots.compare_bars import compare_bars_figure
from analysis.plots.compare_profile import compare_profile_figure
from analysis.tradeoff.place import Place
from pages.shared import cached, cached_trades, measurements
from pages.shared.state import View


def comparison(view: View) -> Comparison:
    """What is compared, each with its totals in the number format and its accuracy."""
    sized = check_number_format(view.format)
    entries = [
        make_entry(mark, place, subject, cached.totals(subject, sized), view.training)
        for mark, place, subject in zip(MARKS, _places(view), view.compared, strict=False)
    ]
    return Comparison(tuple(entries), sized, view.training)


def _places(view: View) -> list[Place]:
    """Where each stands among the published points and the session's own measurements."""
    if measurements.KEPT not in st.session_state:
        return [cached_trades.place(subject, view.training, view.format, view.min_alpha) for subject in view.compared]
    found = measurements.predictors_of(view, measurements.points_of(view))
    return measurements.places(view, view.compared, found)


def diff_of(first: Subject, second: Subject, letters: tuple[str, str]) -> Diff:
    """Two subjects layer by layer; of an imported one kept in its own session, gone with it."""
    if not any(isinstance(one, Counted) and one.network not in REFERENCES for one in (first, second)):
        return _shared_diff(first, second, letters)
    key = (first, second, letters)
    kept: dict[object, Diff] = st.session_state.get(DIFF, {})
    if key not in kept:
        kept = st.session_state[DIFF] = {key: make_diff(first, second, letters=letters)}
    return kept[key]


DIFF = "diff_of_imported"
"""Where a session keeps the last diff of an imported network."""


@lru_cache(64)
def _shared_diff(first: Subject, second: Subject, letters: tuple[str, str]) -> Diff:
    return make_diff(first, second, letters=letters)


def profile_chart(compared: Comparison, view: View) -> go.Figure:
    """A line a design along the depth chosen."""
    tables = [cached.charted(entry.subject) for entry in compared.entries]
    return cached.for_screen(
        compare_profile_figure(
            compared.entries, tables, depth=view.depth, quantity=view.profile, cumulative=view.so_far
        )
    )


def bars_chart(compared: Comparison) -> go.Figure:
    """A panel a quantity."""
    return cached.for_screen(compare_bars_figure(compared))


def pair(view: View) -> tuple[View, int, int]:
    """The view with the pair that is there, and its places counted from 0."""
    n = len(view.compared)
    there = replace(view, first=min(view.first, n), second=min(view.second, n))
    return there, there.first - 1, there.second - 1


SHOWN = (
    *("status", "first_layer", "second_layer", "mult_adds_change", "params_change", "what", "kind", "block"),
    *("first_mult_adds", "second_mult_adds", "first_params", "second_params"),
)
"""The columns of a diff by layer: first what changed and what it costs."""


def shown_rows(diff: Diff, view: View) -> pd.DataFrame:
    """The diff by layer or by block, as the switches say, with the designs' letters."""
    if view.rolled == "blocks":
        blocks = diff.by_block()
        return blocks[blocks["same"] < blocks[list(STATUSES)].sum(axis=1)] if view.only_changed else blocks
    rows = (diff.changed() if view.only_changed else diff.rows)[list(SHOWN)]
    return rows.assign(status=[lettered(status, diff) for status in rows["status"]])
