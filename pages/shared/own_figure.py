"""The Counters page's question: which tool, convention or slip gives the number that someone got."""

from __future__ import annotations

import streamlit as st

from analysis.crosscheck import explain_figure
from analysis.crosscheck.figures import LONGEST
from pages.shared.controls import linked
from pages.shared.frame import Page, as_text


def my_number(here: Page) -> None:
    """A figure that someone got, and what gives it."""
    st.markdown("#### My number is not the paper's: why?")
    st.text_input(
        "The number you got for this network",
        max_chars=LONGEST,
        placeholder="314.2M, 0.6 G, 327486720 …",
        help="As a tool printed it: every number that is written so is looked for, to its last digit.",
        **linked("figure", here.view),
    )
    if not here.view.figure.strip():
        return
    try:
        answer = explain_figure(here.subject, here.view.figure)
    except ValueError as error:
        st.error(as_text(str(error)), icon=":material/error:")
        return
    sign = ":green[:material/check_circle:]" if answer.matches else ":orange[:material/help:]"
    st.markdown(f"{sign} {answer.sentence}")
    for match in answer.matches:
        st.markdown(f"- **{match.name}**: {match.arithmetic}")
    st.caption(
        "Tried are every tool's convention, other sums of the same terms, twice and half of each, batches up to 256, "
        "the network without its classifier and, where it is made of rows, for other inputs: up to two changes at once."
    )
