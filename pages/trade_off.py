"""Trade-off: the released checkpoints on a log axis of Mult-Adds, their fit, and the current design."""

from typing import Any

import pandas as pd
import streamlit as st

from analysis.cost.units import short_count
from analysis.networks import CATALOGUE
from analysis.tradeoff.published import TRAININGS
from pages.shared import cached
from pages.shared.controls import linked
from pages.shared.frame import Page, page

COLUMNS: dict[str, Any] = {
    "checkpoint": "Checkpoint",
    "training": "Training",
    "mult_adds": st.column_config.NumberColumn("Mult-Adds (computed)", format="localized"),
    "params": st.column_config.NumberColumn("Parameters (computed)", format="localized"),
    "top1": st.column_config.NumberColumn("Top-1 % (printed)", format="%.1f"),
    "top5": st.column_config.NumberColumn("Top-5 % (printed)", format="%.1f"),
    "printed_million_mult_adds": st.column_config.NumberColumn("Mult-Adds, millions (printed)", format="%d"),
    "printed_million_params": st.column_config.NumberColumn("Parameters, millions (printed)", format="%.2f"),
    "note": "Note",
    "source": "Source",
}


def headline(here: Page) -> None:
    place = cached.place(here.design, here.view.training)
    st.markdown("## What accuracy does a Mult-Add buy?")
    st.markdown(
        f"**{place.label}** costs {short_count(place.mult_adds)} Mult-Adds ({place.mult_adds:,}); {place.origin}."
    )
    here.audit_line()


def plot(here: Page) -> None:
    st.segmented_control(
        "MobileNetV1's training",
        TRAININGS,
        required=True,
        help="The sixteen V1 checkpoints were trained twice; a fit uses one of the two.",
        **linked("training", here.view),
    )
    figure = cached.tradeoff_chart(here.design, here.baseline, here.view.training, 520)
    here.chart(figure, "tradeoff", f"Top-1 accuracy of 38 checkpoints over Mult-Adds, {here.design.label} marked")
    here.saved_charts({"Trade-off": figure})


def fitted(here: Page) -> None:
    st.markdown("#### Log-linear fits: top-1 = intercept + slope · log10(Mult-Adds)")
    rows = [
        {
            "Network": CATALOGUE[fit.network].label,
            "Points per doubling": fit.slope_per_doubling,
            "Points per decade": fit.slope_per_decade,
            "Intercept (%)": fit.intercept,
            "R²": fit.r_squared,
            "Residual s.e. (points)": fit.residual_se,
            "Checkpoints": fit.n,
        }
        for fit in cached.published_fits(here.view.training).values()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format="%.3f")
            for name in rows[0]
            if name not in ("Network", "Checkpoints")
        },
    )
    st.caption(
        "Least squares on Mult-Adds computed here and accuracies as printed; a fit holds within its own points only."
    )


def checkpoints(here: Page) -> None:
    st.markdown("#### The checkpoints")
    points = cached.checkpoints(here.view.training)
    st.dataframe(points[list(COLUMNS)], hide_index=True, height=420, column_config=COLUMNS)


with page("Trade-off") as here:
    headline(here)
    plot(here)
    fitted(here)
    checkpoints(here)
