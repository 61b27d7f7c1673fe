"""The Search page's controls: budgets as people write them, what is searched, and the question they make."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from analysis.cost.budgets import BUDGETS
from analysis.networks.ranges import BASE_SIDES, sides
from analysis.tradeoff.published import TRAININGS
from analysis.tradeoff.search.budgets import NAMED, OBJECTIVES
from analysis.tradeoff.search.found import Miss
from pages.shared.controls import linked, set_view
from pages.shared.frame import Page, as_text
from pages.shared.state import BUDGET_TEXTS, LONGEST_BUDGET, MOST_SIDE, SEARCHED_T

HELP = {
    "max_mult_adds": "As 300M, 0.3G or 3e8. Empty: no budget.",
    "max_params": "As 3.5M or 3,500,000. Empty: no budget.",
    "max_peak_memory": "Of activations alive at once, fused, in the number format. 1 MB is 1,000,000 bytes, 1 MiB "
    "1,048,576. Empty: no budget.",
    "max_weight_size": "Of all parameters, in the number format. Empty: no budget.",
}


ENDS = {"min_px": ("min_resolution", "Least resolution"), "max_px": ("max_resolution", "Most resolution")}
"""The bounds of the resolutions searched: the option of the search, and its label here."""


def presets() -> None:
    """Named sets of budgets, and none."""
    with st.container(horizontal=True):
        for name, budgets in NAMED.items():
            written = ", ".join(budgets.values())
            st.button(name, key=f"budgets_{name}", on_click=_take_preset, args=(name,), help=written)
        st.button("No budgets", on_click=_take_preset, args=(None,), help="Empty every budget.")


def _take_preset(name: str | None) -> None:
    cleared = dict.fromkeys(BUDGET_TEXTS, "")
    set_view(replace(st.session_state["view"], **cleared | (NAMED[name] if name else {})))


def budgets(here: Page) -> dict[str, str]:
    """The budgets as they are written, less those that cannot be read: those are named beside their box."""
    given = {}
    columns = st.container(key="budget_fields").columns(len(BUDGETS))
    for column, budget in zip(columns, BUDGETS.values(), strict=True):
        sized = "" if budget.total in ("mult_adds", "params") else f", {here.view.format}"
        column.text_input(
            f"{budget.label}{sized}, at most",
            max_chars=LONGEST_BUDGET,
            placeholder="none",
            help=HELP[budget.name],
            **linked(budget.name, here.view),
        )
        text = getattr(here.view, budget.name)
        if not text.strip():
            continue
        try:
            budget.read(budget.label, text)
            given[budget.name] = text
        except ValueError as error:
            column.error(f"{as_text(str(error))}. This budget is ignored.", icon=":material/error:")
    return given


def loosen(closest: Miss) -> None:
    """One click sets every budget that the closest design misses to what it needs."""
    needs = {BUDGETS[use.total]: use.needs for use in closest.uses if use.needs > use.limit}
    looser = {budget.name: budget.exactly(need) for budget, need in needs.items()}
    st.button(
        "Loosen the budgets to fit it",
        on_click=_loosened,
        args=(looser,),
        help=", ".join(f"{budget.label} at most {budget.exactly(need)}" for budget, need in needs.items()),
    )


def _loosened(budgets: dict[str, str]) -> None:
    set_view(replace(st.session_state["view"], **budgets))


def ranges(here: Page) -> None:
    """What is searched, and what the best is."""
    view, reach = here.view, sides(*here.view.base)
    least, most, t, objective, training = st.container(key="range_fields").columns(5)
    for column, name, end in ((least, "min_px", reach[0]), (most, "max_px", reach[-1])):
        column.number_input(
            ENDS[name][1],
            BASE_SIDES[0],
            MOST_SIDE,
            step=1,
            placeholder=f"{end} px",
            help=f"Height of the input in px; the slider of ρ reaches {reach[0]} to {reach[-1]}.",
            **linked(name, view),
        )
        if getattr(view, name) not in (None, *reach):
            column.caption(f"ρ reaches {reach[0]} to {reach[-1]} px.")
    free = here.design.entry.takes_t
    t.segmented_control(
        "Expansion factor t",
        SEARCHED_T,
        required=True,
        disabled=not free,
        help="Searched: from 1 to 10 in quarters. As set: the slider's." if free else "This network has no t.",
        **linked("search_t", view),
    )
    objective.selectbox(
        "Best is",
        list(OBJECTIVES),
        format_func=OBJECTIVES.__getitem__,
        help="Where no accuracy may be predicted, predicted top-1 gives way to most Mult-Adds.",
        **linked("objective", view),
    )
    training.segmented_control(
        "MobileNetV1's training",
        TRAININGS,
        required=True,
        disabled=view.network != "mobilenet_v1",
        help="The sixteen V1 checkpoints were trained twice; the fit uses one of the two.",
        **linked("training", view),
    )


def as_labelled(message: str) -> str:
    """A message of the search with the labels of this page for the names of its options."""
    for option, label in ENDS.values():
        message = message.replace(option, f"“{label}”")
    return message


def asked(here: Page, given: dict[str, str]) -> dict[str, Any]:
    """The options of the search: the budgets, the page's switches within the sliders' reach, and the sidebar's."""
    view, reach = here.view, sides(*here.view.base)
    return given | {
        "number_format": view.format,
        "min_resolution": max(view.min_px or 0, reach[0]),
        "max_resolution": min(view.max_px or reach[-1], reach[-1]),
        "base": view.base,
        "t": here.design.t if view.search_t == "as set" else None,
        "classes": view.classes,
        "in_channels": view.channels,
        "training": view.training,
        "objective": view.objective,
    }
