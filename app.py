"""Explore: move α, ρ and t, and see what every layer costs."""

import streamlit as st

from analysis.cost.quantities import QUANTITIES
from analysis.cost.units import caption
from pages.shared import cached, measurements
from pages.shared.controls import linked
from pages.shared.frame import Page, page, plain
from pages.shared.headline import headline
from pages.shared.layer_columns import column_settings


def summary(here: Page) -> None:
    st.markdown(f"## {here.subject.label}")
    st.caption(plain(caption(here.subject)))
    headline(here.subject, here.view.format, here.baseline)
    here.audit_line()


def breakdown(here: Page) -> None:
    subject, charts = here.subject, {}
    st.markdown("#### The network")
    charts["Network"] = cached.diagram_chart(subject)
    here.chart(
        charts["Network"], "network", f"Boxes of {subject.label}, a layer each, scaled to channels and resolution"
    )
    st.markdown("#### Where the cost is")
    profile = st.segmented_control(
        "Bars show",
        list(QUANTITIES),
        required=True,
        help="What the height of a layer's bar is.",
        **linked("profile", here.view),
    )
    charts["Layers"] = cached.layers_chart(subject, profile, here.baseline)
    here.chart(charts["Layers"], "layers", f"{profile} of every layer of {subject.label}")
    kinds, tradeoff = st.columns(2)
    with kinds:
        st.markdown("#### By kind of layer")
        charts["Kinds"] = cached.kinds_chart(subject)
        here.chart(charts["Kinds"], "kinds", f"Share of Mult-Adds and parameters of {subject.label} by kind")
    with tradeoff:
        st.markdown("#### On the trade-off")
        charts["Trade-off"] = measurements.tradeoff_chart(here.view, subject, here.baseline, 340)
        here.chart(
            charts["Trade-off"], "tradeoff", f"Top-1 of released checkpoints over Mult-Adds, {subject.label} marked"
        )
    st.markdown("#### Network, block, layer")
    charts["Tree"] = cached.tree_chart(subject)
    here.chart(charts["Tree"], "tree", f"Mult-Adds of {subject.label} by block and layer")
    here.saved_charts(charts)


def layers(here: Page) -> None:
    st.markdown("#### Every layer")
    table = cached.table(here.subject)
    shown = ["layer", "kind", "kernel", "stride", "out_channels", "out_height", "out_width", "mult_adds", "params"]
    st.dataframe(table[shown], hide_index=True, height=320, column_config=column_settings())
    st.page_link(
        "pages/layer_costs.py",
        label="All columns, other conventions and downloads: Layer costs",
        icon=":material/table_rows:",
    )


with page("Explore") as here:
    summary(here)
    breakdown(here)
    layers(here)
