"""The Trade-off page's controls: axes, marks and points, the papers' figures, and what a drag over the chart does."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from analysis.networks import CATALOGUE
from analysis.plots.papers import PAPER_FIGURES, PaperFigure
from analysis.tradeoff.points import MARKS, QUANTITIES
from analysis.tradeoff.published import TRAININGS
from pages.shared.controls import choose, linked
from pages.shared.link import decode
from pages.shared.state import DRAGS, MIN_ALPHAS, ON_IMAGENET, View

SELECTED = "selected"
"""Where the session keeps the ids of the points selected."""


def paper_figures(view: View) -> None:
    """One of the papers' figures, redrawn from the points; what differs from the print stands beneath."""
    drawn = (name for name, figure in PAPER_FIGURES.items() if _shows(view, figure))
    st.session_state["paper_figure"] = next(drawn, None)
    name = st.selectbox(
        "Redraw a paper's figure",
        list(PAPER_FIGURES),
        index=None,
        format_func=lambda name: PAPER_FIGURES[name].title,
        placeholder="Your own settings",
        key="paper_figure",
        on_change=_redraw,
    )
    if name is not None:
        st.caption(f"{PAPER_FIGURES[name].source}. {PAPER_FIGURES[name].differs}")


def _shows(view: View, figure: PaperFigure) -> bool:
    return all(getattr(view, name) == value for name, value in figure.settings.items() if name != "window")


def _redraw() -> None:
    name = st.session_state["paper_figure"]
    if name in PAPER_FIGURES:
        choose(**{"window": (), **PAPER_FIGURES[name].settings})


def axes(view: View) -> None:
    """What stands on the axes, and what colours and marks the points."""
    x, y, colour, symbol = st.container(key="axes_fields").columns(4)
    for column, axis, name in ((x, "x", "Horizontal axis"), (y, "y", "Vertical axis")):
        column.selectbox(
            name,
            list(QUANTITIES),
            format_func=lambda name: QUANTITIES[name].label,
            help="Costs are computed here; accuracy and latency are printed figures.",
            **linked(axis, view, window=()),
        )
        column.toggle("Log scale", **linked(f"log_{axis}", view, window=()))
    for column, mark in ((colour, "colour"), (symbol, "symbol")):
        column.selectbox(
            mark.capitalize(),
            list(MARKS),
            format_func=MARKS.__getitem__,
            help="Any column of the points; costs, latencies and accuracies by ranges, each with its lower bound.",
            **linked(mark, view),
        )
    colour.toggle("Pareto front", help="What no other point shown beats in both quantities.", **linked("front", view))
    symbol.toggle("Bands", help="95 %: filled, of the line; dotted, of a new measurement.", **linked("bands", view))


def taking_part(view: View) -> None:
    """Which points are shown, and which take part in fits."""
    st.pills(
        "Networks",
        list(ON_IMAGENET),
        selection_mode="multi",
        format_func=lambda name: CATALOGUE[name].label,
        help="What is left out here stays out; what a click in the legend hides is back with the next move.",
        **linked("shown", view),
    )
    with st.container(horizontal=True, gap="large"):
        st.segmented_control(
            "MobileNetV1's training",
            TRAININGS,
            required=True,
            help="The sixteen checkpoints were trained twice; a fit uses one of the two.",
            **linked("training", view),
        )
        st.segmented_control(
            "Fits take α from",
            MIN_ALPHAS,
            required=True,
            format_func=lambda text: "all" if text == "0" else text,
            help="From 0.5 on V1's points are nearer to a line: its paper notes a jump at α = 0.25.",
            **linked("min_alpha", view),
        )
    with st.container(horizontal=True, gap="large"):
        st.toggle(
            "Networks the papers compare with",
            help="V1's Tables 4, 5, 8 and 9, V2's Table 4: open symbols.",
            **linked("papers", view),
        )
        st.toggle("My measurements take part in fits", **linked("mine", view))
        st.toggle(
            "Fits take the selected points alone",
            help="Select points by a drag over the chart; without a selection all take part.",
            **linked("picked", view),
        )


def dragging(view: View, chosen: tuple[str, ...]) -> None:
    """What a drag over the chart does, and the ways back."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "A drag over the chart",
            DRAGS,
            required=True,
            help="Selects the points in the box, to list them; or zooms into it. A zoom stays while designs change.",
            **linked("drag", view),
        )
        st.button("Whole chart", on_click=choose, kwargs={"window": ()}, disabled=not view.window)
        st.button("Clear selection", on_click=clear, disabled=not chosen)


def selected(points: pd.DataFrame) -> tuple[str, ...]:
    """The ids of the points selected that are there."""
    there = set(points["id"])
    return tuple(id for id in st.session_state.get(SELECTED, ()) if id in there)


def clear() -> None:
    """Select nothing."""
    st.session_state[SELECTED] = ()


def dragged(chart: str) -> None:
    """A box was drawn over the chart, or a click beside it or a double click took it away."""
    event: Any = st.session_state[chart]["selection"]
    view: View = st.session_state["view"]
    boxes = event.get("box", [])
    if view.drag == "zooms" and boxes:
        ends = (*sorted(map(float, boxes[0]["x"])), *sorted(map(float, boxes[0]["y"])))
        zoomed, errors = decode({"window": ",".join(f"{end:.8g}" for end in ends)}, view)
        if not errors:  # a box without area, or beyond zero on a log axis, is no window
            st.session_state["view"] = zoomed
        return
    ids = [point.get("customdata") for point in event.get("points", [])]
    st.session_state[SELECTED] = tuple(dict.fromkeys(str(id[0] if isinstance(id, list) else id) for id in ids if id))
