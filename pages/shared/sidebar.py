"""The sidebar: the same controls on every page, kept when pages change, in step with the link."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache, partial

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analysis.comparison.marks import MOST
from analysis.cost.closed_form import BYTES
from analysis.cost.subjects import Subject
from analysis.networks import Network
from analysis.networks.fields import MOST_IN_CHANNELS
from analysis.networks.presets import PRESETS
from analysis.networks.ranges import ALPHAS, BASE_SIDES, MOST_CLASSES_IN_APP, PUBLISHED_ALPHAS, TS, sides
from analysis.networks.reference import REFERENCES
from analysis.networks.resolutions import width_of
from pages.shared.controls import choose, fill_widgets, input_of_widgets, read_widgets, set_view, show
from pages.shared.link import decode, encode
from pages.shared.link_designs import networks_of
from pages.shared.state import View, default_view

SETTLED_SECONDS = 1.0
"""A link that differs from ours sooner than this after we wrote one is only late, not a step back in history."""
PRESET_NAMES: dict[Subject, str] = {design: name for name, design in PRESETS.items()}


def current_view(title: str) -> View:
    """Draw the sidebar's controls and return what they, or a new link, ask for; the address is brought in step."""
    state = st.session_state
    link = st.query_params.to_dict()
    known: View | None = state.get("view")
    context = get_script_run_ctx()
    page = context.page_script_hash if context else ""
    turned = state["turned"] = state.get("page") != page
    if known is None or _went_elsewhere(link, known, turned=turned):
        known, state["link_errors"] = decode(link, known) if link else (default_view(), [])
        fill_widgets(known)
    elif turned:  # what the state still holds is of widgets of another page
        fill_widgets(known)
    view = _draw(known)
    state["view"], state["page"] = view, page
    _write_link(view, title, link)
    return view


def _went_elsewhere(link: Mapping[str, str], known: View, *, turned: bool) -> bool:
    """Whether the browser shows another link than the one we wrote: a step in its history, or an edited address."""
    state = st.session_state
    if not link or link == state.get("link") or time.monotonic() - state.get("link_written", 0.0) < SETTLED_SECONDS:
        return False
    return turned or read_widgets(known) == known


def _write_link(view: View, title: str, shown: Mapping[str, str]) -> None:
    link = encode(view, title)
    if link != shown:
        st.query_params.from_dict(link)
        st.session_state["link_written"] = time.monotonic()
    st.session_state["link"] = link


def _draw(known: View) -> View:
    view = read_widgets(known)
    if input_of_widgets() != (view.height, *view.base, view.channels, view.classes):
        fill_widgets(view)  # what is set goes to the browser, over a newer value there
    with st.sidebar:
        _network_and_preset(view)
        if view.rows is None:
            st.caption(f"{view.subject.label} is not made of rows: it has no α, ρ or t, and is counted by shapes.")
        else:
            _multipliers(view, view.rows)
        _details(view)
        _buttons(view)
    return view


def _network_and_preset(view: View) -> None:
    st.selectbox(
        "Network",
        networks_of(view),
        key="network",
        format_func=partial(_network_text, view),
        help="Row for row the paper's table, then networks without rows, which have no sliders. The source stands "
        "under the headline.",
    )
    name = PRESET_NAMES.get(view.subject)
    key = _preset_key(name)
    st.selectbox(
        "Published design",
        list(PRESETS),
        key=key,
        index=None if name is None else list(PRESETS).index(name),
        placeholder="Own design",
        on_change=_take_preset,
        args=(key,),
        help="Named as in the papers: α, network, resolution. Choosing one sets network, α, ρ and t.",
    )


def _network_text(view: View, name: str) -> str:
    rows = view.rows_of(name)
    if rows is not None:
        return rows.label
    known = REFERENCES.get(name) or view.of_network(name).subject
    return f"{known.label} · no sliders"


def _preset_key(name: str | None) -> str:
    """A new widget for each name shown: what a browser still sends of an earlier one is late, and no choice."""
    state = st.session_state
    number, shown = state.get("preset_shown", (0, name))
    if state["turned"] or shown != name:
        number += 1
    state["preset_shown"] = (number, name)
    return f"preset_{number}"


def _take_preset(key: str) -> None:
    name, number = st.session_state[key], st.session_state["preset_shown"][0]
    if name in PRESETS and key == f"preset_{number}":
        show(PRESETS[name])


def _multipliers(view: View, network: Network) -> None:
    st.slider(
        "Width multiplier α",
        ALPHAS[0],
        ALPHAS[-1],
        step=0.01,
        format="%.2f",
        key="alpha",
        help="Thins every layer: Mult-Adds and parameters fall about with α². The marks are the published values.",
    )
    st.html(_marks())
    stays = "parameters of fully connected layers too" if network.flattens else "parameters stay"
    st.select_slider(
        "Resolution multiplier ρ",
        sides(*view.base),
        key="height",
        format_func=lambda height: _rho_text(height, view.base),
        help=f"Scales the input from {view.base[0]}×{view.base[1]} px: Mult-Adds fall about with ρ², {stays}.",
    )
    st.slider(
        "Expansion factor t",
        TS[0],
        TS[-1],
        step=0.5,
        format="%.1f",
        key="t",
        disabled=not network.takes_t,
        help="Widens the inside of every inverted residual; the first one keeps its own t = 1.",
    )
    if not network.takes_t:
        st.caption(f"t is inactive: no row of {network.label} leaves its expansion to the slider.")


@lru_cache(4096)
def _rho_text(height: int, base: tuple[int, int]) -> str:
    width = width_of(height, *base)
    return f"ρ {height / base[0]:.3f} · " + (f"{height} px" if height == width else f"{height}×{width} px")


@cache
def _marks() -> str:
    spread = ALPHAS[-1] - ALPHAS[0]
    marks = "".join(
        f'<i style="left:{100 * (alpha - ALPHAS[0]) / spread:.2f}%"><b>{f"{alpha:g}".removeprefix("0")}</b></i>'
        for alpha in PUBLISHED_ALPHAS
    )
    return f'<div class="marks" aria-hidden="true">{marks}</div>'


def _details(view: View) -> None:
    st.selectbox(
        "Number format",
        list(BYTES),
        key="format",
        format_func=lambda name: f"{name} ({BYTES[name]} byte{'s' if BYTES[name] > 1 else ''} a value)",
        help="Sizes weights and activations; counts do not depend on it.",
    )
    if view.rows is None:
        return
    with st.expander("Classes and input"):
        st.number_input("Classes", 1, MOST_CLASSES_IN_APP, key="classes", help="Width of the classifier.")
        height, width = st.columns(2)
        least, most = BASE_SIDES[0], BASE_SIDES[-1]
        height.number_input("Height, ρ = 1", least, most, key="base_height", help="Input height in px at ρ = 1.")
        width.number_input("Width, ρ = 1", least, most, key="base_width", help="Input width in px at ρ = 1.")
        st.number_input("Input channels", 1, MOST_IN_CHANNELS, key="channels", help="3 for colour images, 1 for grey.")


def _buttons(view: View) -> None:
    with st.container(horizontal=True):
        st.button("Reset", icon=":material/restart_alt:", on_click=_reset, help="Back to MobileNetV2 as published.")
        st.button(
            "Pin",
            icon=":material/push_pin:",
            on_click=choose,
            kwargs={"pin": view.subject},
            disabled=view.pin == view.subject,
            help="Make this design the baseline that every change is given against.",
        )
        st.button(
            "Unpin",
            icon=":material/keep_off:",
            on_click=choose,
            kwargs={"pin": None},
            disabled=view.pin is None,
            help="Give figures without a change against a baseline.",
        )
        st.button(
            "Swap",
            icon=":material/swap_horiz:",
            on_click=_swap,
            args=(view,),
            disabled=view.pin in (None, view.subject),
            help="Show the baseline and pin this design.",
        )
        st.button(
            f"Add to compare · {len(view.compared)}",
            icon=":material/compare_arrows:",
            key="add_to_compare",
            on_click=_add,
            disabled=view.comparing(view.subject) == view,
            help=f"Put this design on the page Compare, which holds up to {MOST}.",
        )
    baseline = "none" if view.pin is None else f"**{view.pin.label}**"
    st.caption(f"Pinned baseline: {baseline}")


def _add() -> None:
    view: View = st.session_state["view"]
    choose(compared=view.comparing(view.subject).compared)


def _reset() -> None:
    known: View = st.session_state["view"]
    set_view(replace(default_view(), language=known.language, own=known.own, start=known.start))


def _swap(view: View) -> None:
    if view.pin is not None:
        set_view(replace(view.showing(view.pin), pin=view.subject))
