"""Trade-off: what a Mult-Add buys. Published points and your own, their fits, any two quantities, and the front."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from analysis.cost.closed_form import check_number_format
from analysis.cost.units import short_count
from analysis.exchange.cells import neutral_csv, neutral_frame
from analysis.plots.tradeoff import Look, tradeoff_figure
from analysis.tradeoff.place import Place
from analysis.tradeoff.points import QUANTITIES, chosen, missing_sentence, origin_sentence
from analysis.tradeoff.predict import Predictor
from pages.shared import cached, measurements, trading
from pages.shared.frame import Page, page, plain
from pages.shared.trading_columns import LISTED_COLUMNS
from pages.shared.trading_fits import fitted


def headline(here: Page, place: Place) -> None:
    network = here.view.rows.label if here.view.rows is not None else ""
    st.markdown("## What accuracy does a Mult-Add buy?")
    costs = f"costs {short_count(place.mult_adds)} Mult-Adds ({place.mult_adds:,})"
    origin = place.origin.replace(network, plain(network)) if network else place.origin
    st.markdown(f"**{plain(place.label)}** {costs}; {origin}.")
    here.audit_line()


def chart(here: Page, points: pd.DataFrame, found: Mapping[str, Predictor], known: Mapping[str, Predictor]) -> None:
    view, chosen_ids = here.view, trading.selected(points)
    names = ("x", "y", "log_x", "log_y", "colour", "symbol", "bands", "front")
    look = Look(
        **{name: getattr(view, name) for name in names},
        window=view.window,
        selected=chosen_ids,
    )
    pins = [] if view.pin is None or view.pin == here.subject else [view.pin]
    place, *others = measurements.places(view, [here.subject, *view.compared, *pins], known)
    figure = tradeoff_figure(
        measurements.ground(view, points, found, look),
        place,
        others.pop() if pins else None,
        compared=others,
        height=540,
        selects=True,
    )
    trading.dragging(view, chosen_ids)
    what = f"{QUANTITIES[view.y].label} over {QUANTITIES[view.x].label}"
    alt = f"{what} of {len(points)} points, {here.subject.label} marked"
    here.chart(cached.for_screen(figure), "tradeoff", alt, trading.dragged)
    origin = origin_sentence(points, check_number_format(view.format))
    st.caption(f"{missing_sentence(points, view.x, view.y, view.window)} {origin}")
    here.saved_charts({"Trade-off": figure})


def listed(points: pd.DataFrame) -> None:
    if points.empty:
        st.info("No points are shown. Choose networks under Points and fits, or add your own measurements.")
        return
    ids = trading.selected(points)
    rows = points[points["id"].isin(ids)] if ids else points
    count = f"{len(rows)} point{'s' if len(rows) > 1 else ''}"
    st.markdown(f"#### {f'The {count} selected' if ids else f'All {count}'}")
    if not ids:
        st.caption("Drag a box over points of the chart to list those alone.")
    st.dataframe(
        neutral_frame(rows[list(LISTED_COLUMNS)]),
        hide_index=True,
        height=min(38 + 35 * len(rows), 420),
        column_config=LISTED_COLUMNS,
        placeholder="–",
    )
    st.download_button(
        "Points.csv",
        neutral_csv(rows[list(LISTED_COLUMNS)]),
        "points.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


with page("Trade-off") as here:
    every = measurements.points_of(here.view)
    points = chosen(every, here.view.shown, papers=here.view.papers)
    found = measurements.predictors_of(here.view, points)
    known = measurements.predictors_of(here.view, every)
    place = measurements.place(here.view, here.subject, known)
    headline(here, place)
    trading.paper_figures(here.view)
    with st.expander("Axes and marks", expanded=True):
        trading.axes(here.view)
    with st.expander("Points and fits"):
        trading.taking_part(here.view)
    chart(here, points, found, known)
    listed(points)
    fitted(here.view, found)
    measurements.uploader(here.view)
