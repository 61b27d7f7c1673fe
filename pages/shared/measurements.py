"""A visitor's own measurements: uploaded for the session alone, checked, and joined to the published points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analysis.cost.closed_form import check_number_format
from analysis.networks import Design
from analysis.plots.tradeoff import Ground, Look, tradeoff_ground
from analysis.tradeoff.measurements import COLUMNS, MOST_BYTES, TEMPLATE, MeasurementError, read_measurements
from analysis.tradeoff.place import Place, place_of
from analysis.tradeoff.points import sized
from analysis.tradeoff.predict import Predictor, predictors
from analysis.tradeoff.reach import measured_index
from pages.shared import cached
from pages.shared.frame import as_text
from pages.shared.state import View

KEPT = "measurements"
"""Where the session keeps the last file that was read without a fault."""


def points_of(view: View) -> pd.DataFrame:
    """The published points and the session's own, sized in the number format, each with an ``id``."""
    published = cached.published(view.training, view.format)
    mine: pd.DataFrame | None = st.session_state.get(KEPT)
    if mine is None:
        return published
    own = sized(mine, check_number_format(view.format))
    return pd.concat([published, own.assign(id=[f"yours {number}" for number in range(len(own))])], ignore_index=True)


def predictors_of(view: View, points: pd.DataFrame) -> Mapping[str, Predictor]:
    """The predictors of the released points shown, and of the session's own if they take part in fits."""
    if KEPT not in st.session_state:
        return cached.shown_predictors(view.training, view.min_alpha, view.shown)
    groups = ["released", "yours"] if view.mine else ["released"]
    return predictors(points[points["group"].isin(groups)], min_alpha=float(view.min_alpha))


def place(view: View, design: Design) -> Place:
    """Where a design stands among the published points and the session's own."""
    if KEPT not in st.session_state:
        return cached.place(design, view.training, view.format, view.min_alpha)
    points = points_of(view)
    measured = points[points["group"] != "papers"]
    found = predictors_of(view, measured[measured["network"] == design.network])
    reaching = [predictor for predictor in found.values() if predictor.reach.t == design.t]
    predictor = reaching[0] if reaching else found.get(design.entry.label)
    return place_of(design, measured_index(measured), predictor, check_number_format(view.format))


def ground(view: View, points: pd.DataFrame, found: Mapping[str, Predictor], look: Look) -> Ground:
    """The chart without the design; kept for all sessions where only published points are in it."""
    if KEPT not in st.session_state:
        return cached.published_ground(look, view.training, view.min_alpha, view.format, view.shown, view.papers)
    return tradeoff_ground(points, [predictor.line for predictor in found.values()], look)


def uploader(view: View) -> None:
    """The upload with its template; what is wrong with a file is listed, and the last good one stays."""
    st.markdown("#### Your own measurements")
    st.caption(
        "They join charts, fits and fronts in this browser tab alone: nothing is stored on the server or put in a link."
    )
    file = st.file_uploader(
        f"CSV of at most {MOST_BYTES // 2**20} MB",
        type=["csv"],
        key="measurements_file",
        on_change=_take,
        args=(view.network,),
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
        st.caption(f"{len(st.session_state[KEPT])} measurements of yours take part.")


def _take(network: str) -> None:
    state: Any = st.session_state
    file = state["measurements_file"]
    state["measurement_problems"] = []
    if file is None:
        return
    try:
        state[KEPT] = read_measurements(file.getvalue(), network)
    except MeasurementError as error:
        state["measurement_problems"] = error.problems


def _forget() -> None:
    st.session_state.pop(KEPT, None)
