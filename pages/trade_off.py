"""Trade-off: what a Mult-Add buys. Published points and your own, their fits, any two quantities, and the front."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analysis.cost.units import short_count
from analysis.exchange.cells import neutral_csv
from analysis.plots.tradeoff import Look, tradeoff_figure
from analysis.tradeoff.fits_table import apart_sentences, apart_table, fits_table
from analysis.tradeoff.place import Place
from analysis.tradeoff.points import QUANTITIES, chosen, missing_sentence
from analysis.tradeoff.predict import Predictor
from pages.shared import cached, measurements, trading
from pages.shared.frame import Page, page

LISTED: dict[str, Any] = {
    "checkpoint": st.column_config.TextColumn("Name", pinned=True),
    "top1": st.column_config.NumberColumn("Top-1 % (printed)", format="%.1f"),
    "mult_adds": st.column_config.NumberColumn("Mult-Adds (computed)", format="localized"),
    "alpha": "α",
    "resolution": "px",
    "t": "t",
    "params": st.column_config.NumberColumn("Parameters (computed)", format="localized"),
    "peak_activation_bytes": st.column_config.NumberColumn("Peak activations, bytes (computed)", format="localized"),
    "weight_bytes": st.column_config.NumberColumn("Weights, bytes (computed)", format="localized"),
    "top5": st.column_config.NumberColumn("Top-5 % (printed)", format="%.1f"),
    "quantised_top1": st.column_config.NumberColumn("8-bit top-1 % (printed)", format="%.1f"),
    "fake_quantised_top1": st.column_config.NumberColumn("Fake-quantised top-1 % (printed)", format="%.1f"),
    "pixel1_ms": st.column_config.NumberColumn("Pixel 1, ms (printed)", format="%.1f"),
    "pixel2_ms": st.column_config.NumberColumn("Pixel 2, ms (printed)", format="%.1f"),
    "pixel3_ms": st.column_config.NumberColumn("Pixel 3, ms (printed)", format="%.1f"),
    "printed_million_mult_adds": st.column_config.NumberColumn("Mult-Adds, millions (printed)", format="%d"),
    "printed_million_params": st.column_config.NumberColumn("Parameters, millions (printed)", format="%.2f"),
    "family": "Network",
    "training": "Training",
    "group": "Published as",
    "note": "Note",
    "source": "Source",
}


def headline(here: Page, place: Place) -> None:
    st.markdown("## What accuracy does a Mult-Add buy?")
    st.markdown(
        f"**{place.label}** costs {short_count(place.mult_adds)} Mult-Adds ({place.mult_adds:,}); {place.origin}."
    )
    here.audit_line()


def chart(here: Page, points: pd.DataFrame, found: Mapping[str, Predictor], place: Place) -> None:
    view, chosen_ids = here.view, trading.selected(points)
    names = ("x", "y", "log_x", "log_y", "colour", "symbol", "bands", "front")
    look = Look(
        **{name: getattr(view, name) for name in names},
        window=view.window,
        selected=chosen_ids,
    )
    pinned = None if view.pin in (None, here.subject) else measurements.place(view, view.pin, found)
    ground = measurements.ground(view, points, found, look)
    figure = cached.for_screen(tradeoff_figure(ground, place, pinned, height=540, selects=True))
    trading.dragging(view, chosen_ids)
    what = f"{QUANTITIES[view.y].label} over {QUANTITIES[view.x].label}"
    here.chart(figure, "tradeoff", f"{what} of {len(points)} points, {here.subject.label} marked", trading.dragged)
    st.caption(missing_sentence(points, view.x, view.y, view.window))
    here.saved_charts({"Trade-off": figure})


def listed(points: pd.DataFrame) -> None:
    ids = trading.selected(points)
    rows = points[points["id"].isin(ids)] if ids else points
    st.markdown(f"#### {f'The {len(rows)} points selected' if ids else f'All {len(rows)} points'}")
    if not ids:
        st.caption("Drag a box over the chart, or click a point, to list those alone.")
    st.dataframe(
        rows[list(LISTED)], hide_index=True, height=min(38 + 35 * max(len(rows), 1), 420), column_config=LISTED
    )
    st.download_button(
        "Points.csv",
        neutral_csv(rows[list(LISTED)]),
        "points.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def fitted(found: Mapping[str, Predictor]) -> None:
    st.markdown("#### Log-linear fits: top-1 = intercept + slope · log10(Mult-Adds)")
    if not found:
        st.info(
            "No network shown has three points to fit a line through. Show MobileNet or MobileNetV2, or add your own."
        )
        return
    number = st.column_config.NumberColumn(format="%.3f")
    for table in (fits_table(found), apart_table(found)):
        if len(table):
            floats = table.select_dtypes("float").columns
            st.dataframe(table, hide_index=True, column_config=dict.fromkeys(floats, number))
    for sentence in apart_sentences(found):
        st.markdown(sentence)
    st.caption(
        "Least squares on Mult-Adds computed here and accuracies as printed. The second table tells the Mult-Adds that "
        "α buys at 224 px from those that ρ adds or saves. The fit with the smaller leave-one-out error predicts, "
        "within its own points only, of which there must be five. The authors' minimalistic and EdgeTPU variants are "
        "not in the catalogue. Latencies are of the release notes for MobileNetV2, of the V3 and MnasNet papers for "
        "theirs."
    )


with page("Trade-off") as here:
    every = measurements.points_of(here.view)
    points = chosen(every, here.view.shown, papers=here.view.papers)
    found = measurements.predictors_of(here.view, points)
    place = measurements.place(here.view, here.subject, found)
    headline(here, place)
    trading.paper_figures(here.view)
    with st.expander("Axes and marks", expanded=True):
        trading.axes(here.view)
    with st.expander("Points and fits"):
        trading.taking_part(here.view)
    chart(here, points, found, place)
    listed(points)
    fitted(found)
    measurements.uploader(here.view)
