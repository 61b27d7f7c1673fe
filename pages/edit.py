"""Edit: a network's rows in a grid; every edit counts, draws and audits anew, and every step can be undone."""

from functools import partial
from typing import Any

import streamlit as st

from analysis.cost.subjects import Subject
from analysis.cost.units import caption, change, short_bytes, short_count
from analysis.networks import CATALOGUE, Network
from analysis.networks.design import MOST_IN_CHANNELS
from analysis.networks.files.schema import MOST_ROWS
from analysis.networks.ranges import BASE_SIDES, MOST_CLASSES_IN_APP, TS
from analysis.networks.rounding import ROUNDINGS
from analysis.networks.rows import BLOCKS
from pages.shared import cached, editing, editing_files
from pages.shared import editing_grid as grid
from pages.shared.controls import set_view
from pages.shared.editing_link import TOO_LONG, rows_text
from pages.shared.editing_steps import Draft, Editing, draft_of
from pages.shared.frame import Page, as_text, page, plain

FIGURES = (
    ("Mult-Adds", short_count, "mult_adds"),
    ("Parameters", short_count, "params"),
    ("Weights", short_bytes, "weight_bytes"),
    ("Peak activations (fused)", short_bytes, "peak_activation_bytes"),
)
AS_IN_FILE = "as in the file"
NAME_HELP = "For files, links and commands: letters, digits, dots, dashes and underscores."
T_HELP = "Expansion factor of inverted residuals without one of their own."
ROUNDING_HELP = "How α · c becomes a whole number of channels: cut off, or to a multiple of 8."
CHANNELS_HELP = "3 for colour images, 1 for grey."
MOST_WHOLE = 22
"""Rows that are shown without a scroll bar."""
NO_STEP = "Nothing to {} yet."
TICK_FIRST = "Tick rows in the grid first."


def start_box(here: Page, label: str) -> None:
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
                on_click=go_on,
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
    start_box(here, "Start from")
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


def go_on(own: Network) -> None:
    view = st.session_state["view"]
    set_view(view.of_own(own, view.start))


def headline(here: Page, draft: Draft) -> None:
    """The four totals, each with its change against the start network, or the pinned baseline."""
    st.markdown(f"## {here.subject.label}")
    st.caption(plain(caption(here.subject)))
    other = started(here, draft) or here.baseline
    now = cached.totals(here.subject, here.view.format)
    then = None if other is None else cached.totals(other, here.view.format)
    with st.container(horizontal=True, key="headline"):
        for label, written, name in FIGURES:
            st.metric(
                label,
                written(int(now[name])),
                None if then is None else change(int(now[name]), int(then[name])),
                delta_color="off" if then is None or now[name] == then[name] else "inverse",
                delta_arrow="off",
                help=f"Exactly {now[name]:,}." + (f" Change against {other.label}." if other else ""),
                border=True,
            )


def started(here: Page, draft: Draft) -> Subject | None:
    """The network that the rows were copied from, as the sidebar sets it."""
    return here.view.of_network(draft.start).subject if draft.start else None


def against(here: Page, draft: Draft) -> None:
    """What the changes are against, and those against the pinned baseline in words."""
    start = started(here, draft)
    lines = [] if start is None else [f"Changes are against {start.label}, which these rows were copied from."]
    if here.baseline is not None and start is not None:
        now, then = (cached.totals(each, here.view.format) for each in (here.subject, here.baseline))
        changes = ", ".join(f"{label} {change(int(now[name]), int(then[name]))}" for label, _, name in FIGURES)
        lines.append(f"Against the pinned {here.baseline.label}: {changes}.")
    elif here.baseline is not None:
        lines.append(f"Changes are against the pinned {here.baseline.label}.")
    st.caption(" ".join(lines))


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


def pictures(here: Page) -> None:
    subject, charts = here.subject, {}
    st.markdown("#### The network")
    charts["Network"] = cached.diagram_chart(subject)
    here.chart(
        charts["Network"], "network", f"Boxes of {subject.label}, a layer each, scaled to channels and resolution"
    )
    st.markdown("#### Where the cost is")
    charts["Layers"] = cached.layers_chart(subject, "Mult-Adds", here.baseline)
    here.chart(charts["Layers"], "layers", f"Mult-Adds of every layer of {subject.label}")
    here.saved_charts(charts)


def share_and_save(here: Page, network: Network) -> None:
    st.markdown("#### Save, load, share")
    if rows_text(network) == TOO_LONG:
        st.info(
            "These rows are too long for a link: save the file, and send it in the link's place.",
            icon=":material/link_off:",
        )
    else:
        st.caption("The address of this page holds these rows: send it, or keep it as a bookmark.")
    editing_files.downloads(network)
    editing_files.code(here.design)
    start_box(here, "Start again from")
    editing_files.uploader()


with page("Edit") as here:
    own = here.view.own
    if own is None or here.view.network != own.name:
        introduction(here)
    else:
        now = editing.followed(here.view, own)
        headline(here, now.draft)
        toolbar(now)
        rows(now)
        here.audit_line()  # under the grid, which must not move while a cell is edited
        against(here, now.draft)
        facts(now.draft)
        pictures(here)
        share_and_save(here, own)
