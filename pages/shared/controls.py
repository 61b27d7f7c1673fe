"""The view in the session's state and in the widgets' keys: a page shows another view, or ties a widget to a field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from analysis.cost.subjects import Subject
from pages.shared.link import decode, encode
from pages.shared.state import LONGEST_SEARCH, View

SIDEBAR = ("network", "alpha", "base", "resolution", "channels", "t", "classes", "format")
"""What the sidebar's controls set: the parameters of the link that every page shares, but for the pin."""

WIDGETS = ("network", "alpha", "height", "t", "classes", "format", "base_height", "base_width", "channels")
"""The keys of the sidebar's widgets; those of a design are gone while a network without rows is shown."""


def set_view(view: View) -> None:
    """Show another view: for callbacks, before the widgets are drawn again."""
    st.session_state["view"] = view
    fill_widgets(view)


def show(subject: Subject) -> None:
    """Make a design or a network without rows the current one, on every page."""
    set_view(st.session_state["view"].showing(subject))


def choose(**changes: Any) -> None:
    """Change fields of the view that are no widgets of the sidebar, and show it."""
    st.session_state["view"] = replace(st.session_state["view"], **changes)


def linked(name: str, view: View, **also: Any) -> dict[str, Any]:
    """Options that tie a page's own widget to the field of the view of that name, and so to the link.

    A change of the widget sets the fields in ``also`` too.
    """
    value = getattr(view, name)
    st.session_state[name] = list(value) if isinstance(value, tuple) else value
    return {"key": name, "on_change": _take, "args": (name,), "kwargs": also}


def _take(name: str, **also: Any) -> None:
    value = st.session_state[name]
    if name == "search":  # the browser bounds it, a hostile client does not
        value = value[:LONGEST_SEARCH]
    changed = {name: tuple(value) if isinstance(value, list) else value}
    view = replace(st.session_state["view"], **changed, **also)
    names = [name, *also]
    if decode({name: encode(view)[name] for name in names}, view) == (view, []):  # else a hostile client made it up
        st.session_state["view"] = view


def _of_widgets(view: View) -> dict[str, Any]:
    """What the sidebar's widgets show of a view."""
    return {name: getattr(view, name) for name in WIDGETS if not name.startswith("base_")} | {
        "base_height": view.base[0],
        "base_width": view.base[1],
    }


def fill_widgets(view: View) -> None:
    """Let the sidebar's widgets show a view: before they are drawn."""
    st.session_state.update(_of_widgets(view))


def read_widgets(known: View) -> View:
    """The view with what the widgets hold now; values a hostile client made up fall back to what was known."""
    state = {**_of_widgets(known), **{name: st.session_state[name] for name in WIDGETS if name in st.session_state}}
    base = (state["base_height"], state["base_width"])
    height = state["height"] if base == known.base else known.height_on(base)
    view = replace(
        known,
        network=state["network"],
        alpha=state["alpha"],
        height=height,
        t=state["t"],
        classes=state["classes"],
        format=state["format"],
        base=base,
        channels=state["channels"],
    )
    link = encode(view)
    if decode({name: link[name] for name in SIDEBAR}, known)[0] != view:
        return known
    return view if view.network == known.network else replace(view, network=known.network).of_network(view.network)


def input_of_widgets() -> tuple[int, ...]:
    """What the widgets hold of the input and its classes; nothing while they are gone."""
    names = ("height", "base_height", "base_width", "channels", "classes")
    return tuple(st.session_state[name] for name in names if name in st.session_state)
