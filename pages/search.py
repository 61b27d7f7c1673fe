"""Search: the best designs that keep every budget, what binds, and one click to make one the current design."""

import streamlit as st

from analysis.cost.budgets import BUDGETS
from analysis.tradeoff.search.found import Found
from analysis.tradeoff.search.text import (
    binding_sentence,
    checkpoint_lines,
    closest_sentence,
    counted,
    headline,
    miss_lines,
    remarks,
    search_command,
    standing,
    use_text,
)
from pages.shared import cached_trades, searching
from pages.shared.controls import show
from pages.shared.frame import Page, page
from pages.shared.search_results import results


def answer(here: Page, found: Found) -> None:
    if found.closest is not None:
        with st.container(border=True):
            st.markdown(f":orange[:material/block:] **{headline(found)}**")
            st.markdown(closest_sentence(found))
            st.markdown("\n".join(f"- {line}" for line in miss_lines(found)))
            with st.container(horizontal=True):
                st.button("Use the closest design", on_click=show, args=(found.closest.design,))
                searching.loosen(found.closest)
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
    figure = cached_trades.search_chart(found, here.design)
    best = found.results[0].design.label
    here.chart(figure, "search", f"Front of the designs that fit; the best, {best}, and {here.design.label} marked")
    here.saved_charts({"Search": figure})


def notes(found: Found) -> None:
    for line in checkpoint_lines(found):
        st.markdown(line)
    st.caption(" ".join((counted(found), *remarks(found))))
    st.caption("The same from the command line:")
    st.code(search_command(found.question), language="bash", wrap_lines=True)


with page("Search", for_rows=True) as here:
    st.markdown(f"## Which {here.design.entry.label} fits my budgets?")
    here.audit_line()
    searching.presets()
    given = searching.budgets(here)
    searching.ranges(here)
    try:
        found = cached_trades.found(here.design.own or here.view.network, tuple(searching.asked(here, given).items()))
    except ValueError as error:
        st.error(searching.as_labelled(str(error)), icon=":material/error:")
    else:
        st.markdown(standing(here.design, found.question))
        answer(here, found)
        chart(here, found)
        results(found)
        notes(found)
