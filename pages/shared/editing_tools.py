"""The grid of the page Edit with its toolbar, what is wrong in it, and the facts of the whole network."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from analysis.networks.fields import MOST_IN_CHANNELS
from analysis.networks.files.schema import MOST_ROWS
from analysis.networks.ranges import BASE_SIDES, MOST_CLASSES_IN_APP, TS
from analysis.networks.rounding import ROUNDINGS
from analysis.networks.rows import BLOCKS
from pages.shared import editing
from pages.shared import editing_grid as grid
from pages.shared.editing_steps import Draft, Editing
from pages.shared.frame import as_text, plain

AS_IN_FILE = "as in the file"
NAME_HELP = "For files, links and commands: letters, digits, dots, dashes and underscores."
T_HELP = "Expansion factor of inverted residuals without one of their own."
ROUNDING_HELP = "How α · c becomes a whole number of channels: cut off, or to a multiple of 8."
CHANNELS_HELP = "3 for colour images, 1 for grey."
MOST_WHOLE = 22
"""Rows that are shown without a scroll bar."""
NO_STEP = "Nothing to {} yet."
TICK_FIRST = "Tick rows in the grid first."


def toolbar(now: Editing) -> None:
    """Steps back and forth, and what is done to the rows that are ticked."""
    ticked, count = editing.ticked(now), len(now.draft.cells)
    undone, redone = (steps[-1].what if steps else None for steps in (now.past, now.future))
    none, full = not ticked, count + len(ticked) > MOST_ROWS
    with st.container(horizontal=True, vertical_alignment="bottom", key="toolbar"):
        for label, icon, keys, act, off, text in (
            (
                "Undo",
                "undo",
                "Ctrl+Z",
                editing.undo,
                undone is None,
                f"Undo: {undone}" if undone else NO_STEP.format("undo"),
            ),
            (
                "Redo",
                "redo",
                "Ctrl+Y",
                editing.redo,
                redone is None,
                f"Redo: {redone}" if redone else NO_STEP.format("redo"),
            ),
            ("Up", "arrow_upward", "Alt+Up", partial(editing.move, -1), none, "Move the ticked rows up."),
            ("Down", "arrow_downward", "Alt+Down", partial(editing.move, 1), none, "Move the ticked rows down."),
            (
                "Copy",
                "content_copy",
                "Alt+Shift+Down",
                editing.duplicate,
                none or full,
                "A copy of each ticked row, after it.",
            ),
            ("Delete", "delete", "Alt+Backspace", editing.delete, none, "Take the ticked rows away."),
        ):
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"edit_{label.lower()}",
                on_click=act,
                disabled=off,
                help=f"{TICK_FIRST if off and none and label not in ('Undo', 'Redo') else plain(text)} ({keys})",
                shortcut=keys,
            )
        st.selectbox(
            "New row",
            list(BLOCKS),
            index=list(BLOCKS).index("inverted_residual"),
            key="new_block",
            width=190,
            label_visibility="collapsed",
        )
        st.button(
            "Add",
            icon=":material/add:",
            key="edit_add",
            on_click=editing.add,
            args=("new_block",),
            disabled=count >= MOST_ROWS,
            help="A new row of that block after the last ticked one, else before the head. (Alt+A)",
            shortcut="Alt+A",
        )


def rows(now: Editing) -> None:
    """The grid, and what is wrong in it."""
    draft = now.draft
    key = editing.grid_key(now)
    st.data_editor(
        grid.frame(now.filled, now.ticked, draft.problems),
        key=key,
        num_rows="fixed",
        hide_index=True,
        column_order=grid.shown_columns(draft.cells),
        column_config=grid.column_config(draft.problems),
        on_change=editing.take_edits,
        args=(now.number,),
        placeholder="",
        height="content" if len(draft.cells) <= MOST_WHOLE else 33 * MOST_WHOLE,
        alt=f"The rows of {draft.network.label}",
    )
    if draft.problems:
        listed = "\n".join(f"- {as_text(str(problem))}" for problem in draft.problems)
        st.error(
            f"These rows make no network yet. What is drawn and counted is the last that was good.\n\n{listed}",
            icon=":material/error:",
        )


def facts(draft: Draft) -> None:
    """What is true of the whole network."""
    network = draft.network
    roundings = [name for name, rounding in ROUNDINGS.items() if rounding == network.rounding]
    choices = list(ROUNDINGS) if roundings else [AS_IN_FILE, *ROUNDINGS]
    sides, headed = BASE_SIDES, bool(draft.cells) and draft.cells[-1].get("block") == "head"
    text, number, choice = st.text_input, st.number_input, st.selectbox
    with st.container(horizontal=True, key="facts"):
        text("Label", max_chars=80, width=190, help="As it is written on every page.", **fact("label", network.label))
        text("Name", max_chars=64, width=190, help=NAME_HELP, **fact("name", network.name))
        number(
            "t",
            TS[0],
            TS[-1],
            value=None,
            step=0.5,
            placeholder="none",
            format="%g",
            width=120,
            help=T_HELP,
            **fact("t", network.t),
        )
        choice("Rounding", choices, width=130, help=ROUNDING_HELP, **fact("rounding", (roundings or choices)[0]))
        number("Input height, px", sides[0], sides[-1], width=140, help="At ρ = 1.", **fact("height", network.base[0]))
        number("Input width, px", sides[0], sides[-1], width=140, help="At ρ = 1.", **fact("width", network.base[1]))
        number(
            "Input channels",
            1,
            MOST_IN_CHANNELS,
            width=140,
            help=CHANNELS_HELP,
            **fact("in_channels", network.in_channels),
        )
        number(
            "Classes",
            1,
            MOST_CLASSES_IN_APP,
            width=140,
            disabled=not headed,
            help="Of the head.",
            **fact("classes", network.classes),
        )
    refused = st.session_state.pop(editing.REFUSED, None)
    if refused is not None:
        st.error(f"{as_text(refused)} It stays as it was.", icon=":material/error:")


def fact(key: str, value: object) -> dict[str, Any]:
    """Options that tie a widget to a fact of the draft."""
    st.session_state[f"fact_{key}"] = value
    return {"key": f"fact_{key}", "on_change": editing.take_fact, "args": (key,)}
