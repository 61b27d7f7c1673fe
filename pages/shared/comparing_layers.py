"""Two of the designs compared layer by layer: the pair, what changed in a sentence, and the rows."""

from __future__ import annotations

import html
from typing import Any

import streamlit as st

from analysis.comparison.alignment import HOW
from analysis.comparison.compared import Comparison
from analysis.comparison.diff import Diff
from pages.shared import comparison
from pages.shared.controls import linked
from pages.shared.frame import Page, as_text
from pages.shared.state import ROLLED


def layers(here: Page, compared: Comparison) -> Diff | None:
    """Draw the pair chosen; its diff, or none where the two cannot be compared."""
    view, first, second = comparison.pair(here.view)
    st.markdown("#### Two of them, layer by layer")
    places = list(range(1, len(compared.entries) + 1))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for label, name in (("From", "first"), ("To", "second")):
            st.selectbox(
                label,
                places,
                format_func=lambda place: named(compared, place),
                help="Changes are from the one design to the other.",
                **linked(name, view),
            )
    entries = compared.entries[first], compared.entries[second]
    try:
        diff = comparison.diff_of(entries[0].subject, entries[1].subject, (entries[0].letter, entries[1].letter))
    except ValueError as error:
        st.error(as_text(str(error)), icon=":material/error:")
        return None
    st.html(f"<p><b>{html.escape(diff.summary())}</b></p>")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Rows are", ROLLED, required=True, help="Layer by layer, or added up by block.", **linked("rolled", view)
        )
        st.toggle("Changed only", help="Leave out what is the same in both.", **linked("only_changed", view))
    diff_table(here, diff)
    return diff


def named(compared: Comparison, place: int) -> str:
    """The design at a place with its letter."""
    entry = compared.entries[place - 1]
    return f"{entry.letter}  {entry.label}"


def diff_table(here: Page, diff: Diff) -> None:
    """The rows of a diff, as the switches above them say."""
    view, (a, b) = here.view, diff.letters
    sides = {"first_{}": f" in {a}", "second_{}": f" in {b}", "{}_change": ", change"}
    settings: dict[str, Any] = {
        name.format(kind): st.column_config.NumberColumn(f"{label}{side}", format="localized")
        for kind, label in (("mult_adds", "Mult-Adds"), ("params", "Parameters"))
        for name, side in sides.items()
    }
    for name, letter in (("first_layer", a), ("second_layer", b)):  # else as wide as the first rows, which may be empty
        settings[name] = st.column_config.TextColumn(f"Layer in {letter}", width="medium")
    settings |= {"status": "Status", "what": "What changed", "kind": "Kind", "block": "Block"}
    settings |= {"same": "Same", "changed": "Changed"}
    settings |= {"only in first": f"Only in {a}", "only in second": f"Only in {b}"}
    rows = comparison.shown_rows(diff, view)
    if rows.empty:
        st.success("Every layer of the one is in the other.", icon=":material/check_circle:")
    else:
        st.dataframe(
            rows, hide_index=True, height=min(38 + 35 * len(rows), 460), column_config=settings, placeholder=""
        )
    st.caption(f"{HOW} All changes sum exactly to the difference of the totals.")
