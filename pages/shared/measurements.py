"""A visitor's own measurements: uploaded for the session alone, checked, and joined to the published points."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.cost.closed_form import check_number_format
from analysis.cost.subjects import Subject
from analysis.plots.tradeoff import Ground, Look, tradeoff_figure, tradeoff_ground
from analysis.tradeoff.measurement_rows import COLUMNS, MOST_BYTES, MeasurementError
from analysis.tradeoff.measurements import TEMPLATE, read_measurements
from analysis.tradeoff.place import Place, place_of
from analysis.tradeoff.points import sized
from analysis.tradeoff.predict import Predictor, lines_of, predictor_for, predictors
from analysis.tradeoff.reach import measured_index
from pages.shared import cached, cached_trades, trading
from pages.shared.frame import as_text
from pages.shared.state import View

REPLACED_SECONDS = 10.0
KEPT = "measurements"
"""Where the session keeps the last file that was read without a fault."""


def points_of(view: View) -> pd.DataFrame:
    """The published points and the session's own, sized in the number format, each with an ``id``."""
    published = cached_trades.published(view.training, view.format)
    mine: pd.DataFrame | None = st.session_state.get(KEPT)
    if mine is None:
        return published
    own = sized(mine, check_number_format(view.format))
    return pd.concat([published, own.assign(id=[f"yours {number}" for number in range(len(own))])], ignore_index=True)


def predictors_of(view: View, points: pd.DataFrame) -> Mapping[str, Predictor]:
    """The predictors of the released points among some, and of the session's own if they take part in fits."""
    picked = trading.selected(points) if view.picked else ()
    if KEPT not in st.session_state and not picked:
        released = points[points["group"] == "released"]
        return cached_trades.shown_predictors(view.training, view.min_alpha, released)
    taking_part = points[points["group"].isin(["released", "yours"] if view.mine else ["released"])]
    taking_part = taking_part[taking_part["id"].isin(picked)] if picked else taking_part
    return predictors(taking_part, min_alpha=float(view.min_alpha))


def place(view: View, subject: Subject, found: Mapping[str, Predictor]) -> Place:
    """Where a design stands among the published points and, if they take part in fits, the session's own."""
    return places(view, [subject], found)[0]


def places(view: View, subjects: Sequence[Subject], found: Mapping[str, Predictor]) -> list[Place]:
    """Where several designs stand, each as :func:`place` says."""
    points = points_of(view)
    measured = points[points["group"].isin(["released", "yours"] if view.mine else ["released"])]
    index = measured_index(measured) if KEPT in st.session_state else cached_trades.measured(view.training)
    sized_in = check_number_format(view.format)
    return [place_of(subject, index, predictor_for(subject, found), sized_in) for subject in subjects]


def ground(view: View, points: pd.DataFrame, found: Mapping[str, Predictor], look: Look) -> Ground:
    """The chart without the design; kept for all sessions where only published points are in it."""
    if KEPT not in st.session_state and not view.picked:
        return cached_trades.published_ground(look, view.training, view.min_alpha, view.format, view.shown, view.papers)
    return tradeoff_ground(points, lines_of(found), look)


def tradeoff_chart(view: View, subject: Subject, baseline: Subject | None, height: int) -> go.Figure:
    """Explore's chart: released checkpoints and the session's own, their fits, the design and the pinned baseline."""
    if KEPT not in st.session_state:
        return cached_trades.tradeoff_chart(subject, baseline, view.training, view.min_alpha, height)
    points = points_of(view)
    points = points[points["group"] != "papers"]
    found = predictors_of(view, points)
    pinned = None if baseline in (None, subject) else place(view, baseline, found)
    figure = tradeoff_figure(ground(view, points, found, Look()), place(view, subject, found), pinned, height=height)
    return cached.for_screen(figure)


def uploader(view: View) -> None:
    """The upload with its template; what is wrong with a file is listed, and the last good one stays."""
    st.markdown("#### Your own measurements")
    st.caption(
        "They join charts, fits and fronts in this browser tab alone: nothing is stored on the server or put in a link."
    )
    file = st.file_uploader(
        f"CSV of at most {MOST_BYTES // 2**20} MB",
        type=["csv"],
        key=_file_key(),
        on_change=_take,
        args=(view.network, _file_key()),
        max_upload_size=MOST_BYTES // 2**20,
        help=" ".join(f"{name}: {text}" for name, text in COLUMNS.items()),
    )
    for problem in st.session_state.get("measurement_problems", []) if file is not None else []:
        st.error(as_text(problem), icon=":material/error:")
    with st.container(horizontal=True):
        st.download_button(
            "Template", TEMPLATE, "measurements.csv", "text/csv", on_click="ignore", icon=":material/download:"
        )
        st.button("Forget them", on_click=_forget, disabled=KEPT not in st.session_state, icon=":material/delete:")
    if KEPT in st.session_state:
        part = "take part in fits" if view.mine else "are shown, and take no part in fits"
        st.caption(f"Of yours, {len(st.session_state[KEPT])} measurements {part}.")


def _file_key() -> str:
    """A new field each time the measurements are forgotten, so that the file goes with them."""
    return f"measurements_{st.session_state.get('measurements_forgotten', 0)}"


def _take(network: str, key: str) -> None:
    state: Any = st.session_state
    file = state[key]
    state["measurement_problems"] = []
    if file is None:  # removed by its cross, or about to be replaced
        state["measurements_removed"] = (time.monotonic(), state.pop(KEPT, None))
        return
    trading.clear()
    try:
        state[KEPT] = read_measurements(file.getvalue(), network)
    except MeasurementError as error:
        state["measurement_problems"] = error.problems
        _undo_removal()


def _undo_removal() -> None:
    """A file that a bad one took the place of stays: the browser removes the one before it sends the other."""
    state: Any = st.session_state
    when, last = state.pop("measurements_removed", (0.0, None))
    if KEPT not in state and last is not None and time.monotonic() - when < REPLACED_SECONDS:
        state[KEPT] = last


def _forget() -> None:
    state: Any = st.session_state
    state.pop(KEPT, None)
    state["measurement_problems"] = []
    state["measurements_forgotten"] = state.get("measurements_forgotten", 0) + 1
