"""The layer table to take away: files, code and the clipboard, and the command that writes the same."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from analysis.exchange.tables import FORMATS, export_table, file_name, rebuild_command
from analysis.networks import Design
from pages.shared import code_files
from pages.shared.frame import Page


def take_away(here: Page, table: pd.DataFrame) -> None:
    """A button a format, the design as code where it has rows, and the table tab-separated."""
    st.markdown("#### Take it away")
    with st.container(horizontal=True):
        for name, form in FORMATS.items():
            st.download_button(
                form.label,
                data=partial(export_table, table, name),
                file_name=file_name(table, name),
                mime=form.mime,
                on_click="ignore",
                key=f"download_{name}",
                icon=":material/download:",
            )
        if isinstance(here.subject, Design):
            code_files.code_buttons(here.subject)
        with st.popover("Clipboard", icon=":material/content_copy:"):
            st.caption("Tab-separated, for a spreadsheet: the copy button is at the upper right.")
            st.code(table.to_csv(index=False, sep="\t"), language=None, height=240)
    st.caption(
        "Every file holds the whole table in exact integers with its design. The same bytes from the command line:"
    )
    st.code(rebuild_command(table.attrs), language="bash", wrap_lines=True)
