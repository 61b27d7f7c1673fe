"""Where editing starts: a copy of a network of the catalogue, a file, or one's own rows as they were left."""

from __future__ import annotations

import streamlit as st

from analysis.networks import CATALOGUE, Network
from pages.shared import editing, editing_files
from pages.shared import editing_grid as grid
from pages.shared.controls import set_view
from pages.shared.editing_steps import draft_of
from pages.shared.frame import Page


def start_box(label: str) -> None:
    """Copies a network of the catalogue at a choice."""
    st.selectbox(
        label,
        list(CATALOGUE),
        index=None,
        placeholder="Choose a network to copy",
        key="start_from",
        format_func=lambda name: CATALOGUE[name].label,
        on_change=editing.start_from,
        args=("start_from",),
        help="Its rows take the place of those in the grid, under a name of your own; Undo brings these back.",
    )


def introduction(here: Page) -> None:
    """What is shown before there are rows of one's own, or while another network is current."""
    network, own = here.view.rows, here.view.own or _last_own()
    st.markdown("## Edit a network's rows")
    st.markdown(
        "Start from a network of the catalogue or load a file. Then change a stride, add squeeze-excite, move a stage: "
        "after every edit the network is counted, drawn and audited anew, and every step can be undone. Your rows are "
        "then a network like any other on every page, and the link of the page holds them."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if own is not None:
            st.button(
                f"Go on with {own.label}",
                type="primary",
                icon=":material/edit_note:",
                on_click=_go_on,
                args=(own,),
                help="Your own rows, as you left them.",
            )
        if network is not None:
            st.button(
                f"Edit a copy of {network.label}",
                type="secondary" if own else "primary",
                icon=":material/content_copy:",
                on_click=editing.begin,
                args=(network, f"start from {network.label}", network.name),
            )
    start_box("Start from")
    editing_files.uploader()
    if network is not None:
        st.markdown(f"#### The rows of {network.label}")
        cells = draft_of(network).cells
        columns = [name for name in grid.shown_columns(cells) if name not in (grid.TICK, grid.STATUS)]
        shown = grid.frame(cells, frozenset(), ())[columns]
        st.dataframe(shown, hide_index=True, placeholder="", height="content", column_config=grid.column_config())


def _last_own() -> Network | None:
    known = editing.known()
    return None if known is None else known.draft.network


def _go_on(own: Network) -> None:
    view = st.session_state["view"]
    set_view(view.of_own(own, view.start))
