"""Layer costs: the whole table, in any convention, to search, to sort and to take away."""

from functools import partial
from typing import Any

import streamlit as st

from analysis.api import with_fvcore
from analysis.cost.audit import Audit
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.subjects import convention_totals
from analysis.cost.table import COLUMNS, by_block, by_kind, matching
from analysis.crosscheck.text import trust_sentence
from pages.shared import cached
from pages.shared.controls import linked
from pages.shared.frame import Page, page
from pages.shared.layer_columns import column_settings, header, written
from pages.shared.state import LONGEST_SEARCH
from pages.shared.table_files import take_away


def switches(here: Page) -> None:
    view = here.view
    search, convention, units = st.columns([2, 2, 1])
    search.text_input(
        "Search",
        max_chars=LONGEST_SEARCH,
        placeholder="bottleneck3, dw, 112 …",
        help="Rows whose text holds every word.",
        **linked("search", view),
    )
    convention.selectbox(
        "Convention",
        list(CONVENTIONS),
        format_func=lambda name: f"{CONVENTIONS[name].label} ({CONVENTIONS[name].unit})",
        help="Whose count stands beside each layer, and in what unit.",
        **linked("convention", view),
    )
    units.segmented_control("Units", ("exact", "M"), required=True, help="Exact, or millions.", **linked("units", view))
    with st.expander("Columns"):
        st.pills(
            "Columns",
            list(COLUMNS),
            format_func=partial(header, convention=view.convention),
            selection_mode="multi",
            label_visibility="collapsed",
            **linked("columns", view),
        )


def whole_table(here: Page) -> None:
    view = here.view
    table = cached.table(here.subject, view.convention, view.format)
    found = matching(table, view.search)
    slot = st.empty()

    def draw(audit: Audit | None) -> None:
        shown = found if audit is None else with_fvcore(found, audit)
        extra = [] if audit is None else ["fvcore_mult_adds"]
        columns = [*(name for name in COLUMNS if name in view.columns), *extra] or ["layer"]
        slot.dataframe(
            written(shown[columns], view.units),
            hide_index=True,
            height=560,
            column_config=column_settings(view.units, view.convention),
        )

    here.with_audit(draw)
    convention = CONVENTIONS[view.convention]
    count, params = f"{table['mult_adds'].sum():,} {convention.unit}", f"{table['params'].sum():,} parameters"
    st.caption(f"{len(found)} of {len(table)} layers. All rows sum to {count} ({convention.label}) and {params}.")
    if found.empty:
        st.info(
            "No layer matches this search. Try a kind such as dw, a block such as bottleneck3, or a size such as 112."
        )
    take_away(here, table)


def rolled_up(here: Page) -> None:
    view = here.view
    table = cached.table(here.subject, view.convention, view.format)
    st.markdown("#### Rolled up")
    kinds, blocks = st.tabs(["By kind", "By block"])
    settings = column_settings(view.units, view.convention)
    text = f"Share of the count and of the parameters of {here.subject.label} by kind"
    with kinds:
        here.chart(cached.kinds_chart(here.subject, view.convention), "kinds", text)
    kinds.dataframe(written(by_kind(table), view.units), hide_index=True, column_config=settings)
    kinds.caption(
        "V1's Table 2 counts parameters without batch norm and biases: the columns Weights and Share of weights."
    )
    blocks.dataframe(written(by_block(table), view.units), hide_index=True, column_config=settings)


def conventions(here: Page) -> None:
    st.markdown("#### What other tools print for this design")
    settings: dict[str, Any] = {
        "label": st.column_config.Column("Tool", pinned=True),
        "count": st.column_config.NumberColumn("Figure", format="localized"),
        "unit": "Unit",
        "identity": st.column_config.Column("What it counts", width=420),
        "tested_version": st.column_config.Column("Tested with", help="The tool's version whose output was compared."),
        "convention": st.column_config.Column("Name", help="The name of the convention on the command line."),
    }
    st.dataframe(convention_totals(here.subject), hide_index=True, column_order=list(settings), column_config=settings)
    st.caption(trust_sentence(here.subject))
    st.page_link(
        "pages/counters.py", label="Term by term, and with the real tools: Counters", icon=":material/balance:"
    )


with page("Layer costs") as here:
    st.markdown(f"## Layer costs of {here.subject.label}")
    here.audit_line()
    switches(here)
    whole_table(here)
    rolled_up(here)
    conventions(here)
