"""Search: the best designs that keep every budget, what binds, and one click to make one the current design."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from analysis.networks import Design
from analysis.networks.ranges import BASE_SIDES, sides
from analysis.tradeoff.published import TRAININGS
from analysis.tradeoff.search.budgets import BUDGETS, NAMED, OBJECTIVES
from analysis.tradeoff.search.found import Found
from analysis.tradeoff.search.text import (
    binding_sentence,
    checkpoint_lines,
    counted,
    headline,
    interval_text,
    miss_lines,
    remarks,
    search_command,
    standing,
    use_text,
)
from pages.shared import cached
from pages.shared.controls import linked, set_view
from pages.shared.frame import Page, as_text, page
from pages.shared.state import BUDGET_TEXTS, LONGEST_BUDGET, MOST_SIDE, SEARCHED_T

HELP = {
    "max_mult_adds": "As 300M, 0.3G or 3e8. Empty: no budget.",
    "max_params": "As 3.5M or 3,500,000. Empty: no budget.",
    "max_peak_memory": "Of activations alive at once, fused, in the number format. 1 MB is 1,000,000 bytes, 1 MiB "
    "1,048,576. Empty: no budget.",
    "max_weight_size": "Of all parameters, in the number format. Empty: no budget.",
}
PERCENT = {"predicted_top1_percent": "Top-1 % (predicted)", "printed_top1_percent": "Top-1 % (printed)"}
COUNTS = {
    "mult_adds": "Mult-Adds",
    "params": "Parameters",
    "weight_bytes": "Weight bytes",
    "peak_activation_bytes": "Peak bytes",
    "peak_unfused_bytes": "Peak bytes, unfused",
}
COLUMNS: dict[str, Any] = {
    "label": st.column_config.TextColumn("Design", pinned=True),
    "interval": "95 % interval",
    **{name: st.column_config.NumberColumn(label, format="%.1f") for name, label in PERCENT.items()},
    **{name: st.column_config.NumberColumn(label, format="localized") for name, label in COUNTS.items()},
}


def presets(here: Page) -> None:
    with st.container(horizontal=True):
        for name, budgets in NAMED.items():
            written = ", ".join(budgets.values())
            st.button(name, key=f"budgets_{name}", on_click=take_preset, args=(name,), help=written)
        st.button("No budgets", on_click=take_preset, args=(None,), help="Empty every budget.")


def take_preset(name: str | None) -> None:
    cleared = dict.fromkeys(BUDGET_TEXTS, "")
    set_view(replace(st.session_state["view"], **cleared | (NAMED[name] if name else {})))


def budgets(here: Page) -> dict[str, str]:
    """The budgets as they are written, less those that cannot be read: those are named beside their box."""
    given = {}
    for column, budget in zip(st.columns(len(BUDGETS)), BUDGETS.values(), strict=True):
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


def ranges(here: Page) -> None:
    view, reach = here.view, sides(*here.view.base)
    least, most, t, objective, training = st.columns(5)
    for column, name, label, shown in ((least, "min_px", "Least", reach[0]), (most, "max_px", "Most", reach[-1])):
        column.number_input(
            f"{label} resolution",
            BASE_SIDES[0],
            MOST_SIDE,
            step=1,
            placeholder=f"{shown} px",
            help=f"Height of the input in px; the slider of ρ reaches {reach[0]} to {reach[-1]}.",
            **linked(name, view),
        )
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


def use(designs: Sequence[Design], key: str) -> None:
    """Make the design of the row that was clicked the current one."""
    click = st.session_state.get(key)
    if click is not None and 0 <= click["row"] < len(designs):
        show(designs[click["row"]])


def show(design: Design) -> None:
    set_view(st.session_state["view"].showing(design))


def answer(here: Page, found: Found) -> None:
    if found.closest is not None:
        with st.container(border=True):
            st.markdown(f":orange[:material/block:] **{headline(found)}**")
            st.markdown(f"The closest is **{found.closest.design.label}**:")
            st.markdown("\n".join(f"- {line}" for line in miss_lines(found)))
            st.button("Use the closest design", on_click=show, args=(found.closest.design,))
        return
    best = found.results[0].design
    with st.container(border=True):
        st.markdown(f":green[:material/check_circle:] **{headline(found)}**")
        st.markdown(binding_sentence(found))
        for column, kept in zip(st.columns(max(len(found.uses), 2)), found.uses, strict=False):
            column.progress(kept.share, f"{BUDGETS[kept.total].label}: {kept.share:.1%}, {use_text(kept)}")
        st.button(
            "Use this design",
            type="primary",
            icon=":material/tune:",
            on_click=show,
            args=(best,),
            disabled=best == here.design,
            help=f"Make {best.label} the current design on every page.",
        )


def chart(here: Page, found: Found) -> None:
    if not found.results:
        return
    st.markdown("#### What fits")
    figure = cached.search_chart(found, here.design)
    best = found.results[0].design.label
    here.chart(figure, "search", f"Front of the designs that fit; the best, {best}, and {here.design.label} marked")
    here.saved_charts({"Search": figure})


def results(here: Page, found: Found) -> None:
    if not found.results:
        return
    st.markdown(f"#### The best {len(found.results)}")
    rows = found.to_frame().assign(Use="Use")
    rows["interval"] = [interval_text(result) for result in found.results]
    shown = ["label", "Use", "predicted_top1_percent", "interval", "printed_top1_percent", *COUNTS]
    designs = tuple(result.design for result in found.results)
    button = st.column_config.ButtonColumn("", key="used", on_click=use, args=(designs, "used"))
    known = rows[shown].dropna(axis="columns", how="all")
    st.dataframe(known, hide_index=True, column_config=COLUMNS | {"Use": button}, placeholder="", key="found")
    st.caption("Use makes the design of its row the current one, on every page.")


def notes(found: Found) -> None:
    for line in checkpoint_lines(found):
        st.markdown(line)
    st.caption(" ".join((counted(found), *remarks(found))))
    st.caption("The same from the command line:")
    st.code(search_command(found.question), language="bash", wrap_lines=True)


with page("Search") as here:
    st.markdown(f"## Which {here.design.entry.label} fits my budgets?")
    here.audit_line()
    presets(here)
    given = budgets(here)
    ranges(here)
    try:
        found = cached.found(here.view.network, tuple(asked(here, given).items()))
    except ValueError as error:
        st.error(str(error), icon=":material/error:")
    else:
        st.markdown(standing(here.design, found.question))
        answer(here, found)
        chart(here, found)
        results(here, found)
        notes(found)
