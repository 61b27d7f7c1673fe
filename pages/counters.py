"""Counters: what other tools print for the network, the sum that leads there from ours, and whether it holds."""

from typing import Any

import pandas as pd
import streamlit as st

from analysis.cost.conventions import CONVENTIONS
from analysis.crosscheck import Verdict, identities, verdicts
from analysis.crosscheck.text import trust_sentence
from analysis.crosscheck.verdicts import held_sentence, not_runnable, prevented_sentences
from analysis.exchange.tables import rebuild_command
from pages.shared import cached
from pages.shared.controls import linked
from pages.shared.crosschecks import process
from pages.shared.frame import Page, as_text, page, plain
from pages.shared.own_figure import my_number


def real_tools(here: Page) -> tuple[Verdict, ...]:
    """The button, and every identity with what its tool printed, now or for an earlier visitor."""
    found = process().known(here.subject)
    prevented = not_runnable(here.subject)
    asked = st.button(
        "Run the real tools here",
        icon=":material/play_arrow:",
        key="run_tools",
        disabled=prevented is not None,
        help="Builds the network on this server and runs each tool that is installed; some seconds, one at a time."
        if prevented is None
        else f"Not possible: {plain(prevented)}.",
    )
    if asked:
        with st.spinner("Building the network and running every tool …"):
            found = process().run(here.subject)
    return verdicts(identities(here.subject), found)


def printed(found: tuple[Verdict, ...]) -> None:
    """A row a tool: its figure, what it was found to print, and the version that did."""
    rows = pd.DataFrame(
        {
            "Tool": verdict.identity.convention.label,
            "Figure": verdict.identity.count,
            "Unit": verdict.identity.convention.unit,
            "Times ours": f"×{verdict.identity.ratio:.4f}",
            "The real tool": f"{verdict.sign} {verdict.sentence}",
            "Version": verdict.version_text,
        }
        for verdict in found
    )
    settings: dict[str, Any] = {
        "Tool": st.column_config.TextColumn(pinned=True),
        "Figure": st.column_config.NumberColumn(format="localized", help="By the sum below, in the tool's own unit."),
        "The real tool": st.column_config.TextColumn(help="What the tool itself printed for the module built here."),
        "Version": st.column_config.TextColumn(help="Installed, and whether it is the one that was tested."),
    }
    st.dataframe(rows, hide_index=True, height="content", column_config=settings, key="counters")


def outcome(here: Page, found: tuple[Verdict, ...]) -> None:
    """How many identities held, each that did not in red, and why tools were not run."""
    for verdict in found:
        if verdict.held is False:
            convention = verdict.identity.convention
            st.error(f"{convention.label} ({convention.unit}): {verdict.sentence}", icon=":material/error:")
    runs = [verdict for verdict in found if verdict.held is not None]
    if runs:
        st.markdown(f"**{held_sentence(found)}**")
    reasons = prevented_sentences(found)
    if reasons:
        st.info(f"Not run: {as_text('; '.join(reasons))}", icon=":material/info:")
    st.caption(trust_sentence(here.subject))


def walk(here: Page, found: tuple[Verdict, ...]) -> None:
    """From ours to the figure of the tool chosen, term by term."""
    st.markdown("#### From our figure to theirs")
    st.selectbox(
        "Tool",
        list(CONVENTIONS),
        format_func=lambda name: f"{CONVENTIONS[name].label} ({CONVENTIONS[name].unit})",
        help="Whose figure the chart and the table lead to.",
        **linked("counter", here.view),
    )
    identity = next(v.identity for v in found if v.identity.convention.name == here.view.counter)
    st.markdown(f"**{identity.text}**")
    st.caption(identity.convention.about)
    figure = cached.walk_chart(here.subject, here.view.counter)
    label = f"{identity.convention.label} ({identity.convention.unit})"
    here.chart(figure, "counters", f"Steps from {identity.mult_adds:,} Mult-Adds to {identity.count:,} of {label}")
    steps = pd.DataFrame(
        {"Term": step.label, "Weight": step.weight, "Number": step.number, "Product": step.product}
        for step in identity.steps
    )
    counts = {name: st.column_config.NumberColumn(format="localized") for name in ("Number", "Product")}
    st.dataframe(steps, hide_index=True, column_config=counts, key="steps")
    here.saved_charts({"Counters": figure})


with page("Counters") as here:
    st.markdown(f"## What tools print for {here.subject.label}")
    here.audit_line()
    found = real_tools(here)
    printed(found)
    outcome(here, found)
    my_number(here)
    walk(here, found)
    st.caption("The same from the command line, with the real tools:")
    same = rebuild_command(cached.table(here.subject).attrs).replace(" table ", " crosscheck ", 1)
    st.code(f"{same} --run", language="bash", wrap_lines=True)
