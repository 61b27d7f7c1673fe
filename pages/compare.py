"""Compare: up to six designs side by side, their profiles, and two of them layer by layer."""

from functools import partial
from typing import Any

import streamlit as st

from analysis.comparison.compared import Comparison
from analysis.comparison.diff import Diff
from analysis.comparison.profile import DEPTHS
from analysis.comparison.report import report_command, report_html, totals_html, unnamed_sentence
from analysis.comparison.text import comparison_csv, diff_csv
from analysis.cost.counted.counted import Counted
from analysis.cost.quantities import QUANTITIES
from analysis.cost.units import caption
from pages.shared import comparing, comparison
from pages.shared.comparing_layers import layers
from pages.shared.controls import linked
from pages.shared.frame import Page, as_text, page, plain

DOWNLOAD: dict[str, Any] = {"on_click": "ignore", "icon": ":material/download:"}


def totals(here: Page, compared: Comparison) -> None:
    st.markdown("#### Totals")
    st.html(totals_html(compared))
    st.caption(
        "Mult-Adds in the papers' convention, batch of one. Computed, measured, predicted and printed figures stand in "
        "rows of their own."
    )
    chart = comparison.bars_chart(compared)
    here.chart(chart, "bars", "Bars from zero of Mult-Adds, parameters, peak memory and top-1 of the designs")


def profiles(here: Page, compared: Comparison) -> None:
    view = here.view
    st.markdown("#### Along the depth")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Lines show",
            list(QUANTITIES),
            required=True,
            help="What each layer costs, from input to output.",
            **linked("profile", view),
        )
        st.selectbox(
            "Against",
            list(DEPTHS),
            format_func=lambda name: DEPTHS[name].label,
            width=220,
            help="What says how deep a layer is, so that networks of different length can be compared.",
            **linked("depth", view),
        )
        st.toggle("So far", help="The cost of all layers up to each.", **linked("so_far", view))
    chart = comparison.profile_chart(compared, view)
    here.chart(chart, "profiles", f"{view.profile} of each design against {DEPTHS[view.depth].label.lower()}")
    missing = [entry.letter for entry in compared.entries if isinstance(entry.subject, Counted)]
    if view.depth == "field" and missing:
        st.caption(f"No line for {', '.join(missing)}: the paths of a network without rows branch.")
    here.saved_charts({"Bars": comparison.bars_chart(compared), "Profiles": chart})


def take_away(compared: Comparison, diff: Diff | None) -> None:
    st.markdown("#### Take it away")
    with st.container(horizontal=True):
        if diff is not None:
            st.download_button(
                "Report (HTML)",
                partial(report_html, compared, diff),
                "comparison.html",
                "text/html",
                on_click="ignore",
                type="primary",
                icon=":material/description:",
                help="One file for an issue or an e-mail: no script, no network, light, dark and on paper.",
            )
            st.download_button("Diff.csv", partial(diff_csv, diff), "diff.csv", "text/csv", **DOWNLOAD)
        st.download_button("Totals.csv", partial(comparison_csv, compared), "comparison.csv", "text/csv", **DOWNLOAD)
    if diff is not None:
        st.caption("The same report from the command line:")
        st.code(report_command(compared, diff.letters), language="bash", wrap_lines=True)
        unnamed = unnamed_sentence([entry.subject for entry in compared.entries])
        if unnamed:
            st.caption(as_text(unnamed))


with page("Compare") as here:
    st.markdown("## Designs side by side")
    compared = comparison.comparison(here.view)
    if not compared.entries:
        comparing.empty_state()
    comparing.adding(here.view)
    if not compared.entries:
        st.markdown(f"#### The current design: {plain(here.subject.label)}")
        st.caption(plain(caption(here.subject)))
        here.audit_line()
    if compared.entries:
        audit_all = comparing.listed(compared, here.view)
        totals(here, compared)
        profiles(here, compared)
        diff = None
        if len(compared.entries) > 1:
            diff = layers(here, compared)
        else:
            st.info("Add a second design to see both layer by layer.", icon=":material/add:")
        take_away(compared, diff)
        audit_all()
