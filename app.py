"""Explore: move α, ρ and t, and see what every layer costs."""

import streamlit as st

from analysis.cost.quantities import QUANTITIES
from analysis.cost.units import caption, change, short_bytes, short_count
from pages.shared import cached, measurements
from pages.shared.controls import linked
from pages.shared.frame import Page, page, plain


def headline(here: Page) -> None:
    subject, baseline = here.subject, here.baseline
    st.markdown(f"## {subject.label}")
    st.caption(plain(caption(subject)))
    now = cached.totals(subject, here.view.format)
    then = None if baseline is None else cached.totals(baseline, here.view.format)
    against = "no baseline pinned" if baseline is None else f"against the pinned {baseline.label}"
    figures = (
        ("Mult-Adds", short_count, "mult_adds", "The papers' unit: one multiply-add is 1; batch of one."),
        ("Parameters", short_count, "params", "Trainable: weights, biases, batch-norm scale and shift."),
        (f"Weights, {here.view.format}", short_bytes, "weight_bytes", "Parameters times the bytes of a value."),
        (
            f"Peak activations (fused), {here.view.format}",
            short_bytes,
            "peak_activation_bytes",
            f"Fused: input, output, a waiting shortcut and a map still to be scaled, at the layer that needs most: "
            f"{now.peak_layer}; batch norm and activation inside the convolution. Unfused: "
            f"{short_bytes(now.peak_unfused_bytes)}.",
        ),
    )
    with st.container(horizontal=True, key="headline"):
        for label, written, name, text in figures:
            st.metric(
                label,
                written(int(now[name])),
                None if then is None else change(int(now[name]), int(then[name])),
                delta_color="off" if then is None or now[name] == then[name] else "inverse",
                delta_arrow="off",
                help=f"Exactly {now[name]:,}. {text} Change {against}.",
                border=True,
            )
    here.audit_line()


def breakdown(here: Page) -> None:
    subject, charts = here.subject, {}
    st.markdown("#### The network")
    charts["Network"] = cached.diagram_chart(subject)
    here.chart(
        charts["Network"], "network", f"Boxes of {subject.label}, a layer each, scaled to channels and resolution"
    )
    st.markdown("#### Where the cost is")
    profile = st.segmented_control("Bars show", list(QUANTITIES), required=True, **linked("profile", here.view))
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
    counts = {name: st.column_config.NumberColumn(format="localized") for name in ("mult_adds", "params")}
    st.dataframe(table[shown], hide_index=True, height=320, column_config=counts)
    st.caption("All columns, other conventions and downloads are on the page Layer costs.")


with page("Explore") as here:
    headline(here)
    breakdown(here)
    layers(here)
