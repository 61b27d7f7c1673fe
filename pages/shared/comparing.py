"""The Compare page's controls: what is compared and in which order, and what is computed of it."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import partial

import streamlit as st

from analysis.comparison.compared import Comparison, Entry
from analysis.comparison.marks import MOST
from analysis.comparison.report import line_sample, totals_css
from analysis.cost.audit import Audit
from analysis.cost.counted.references import counted_reference
from analysis.cost.subjects import Subject
from analysis.cost.units import audit_sentence, caption
from analysis.networks import make_design
from analysis.networks.presets import PRESETS
from analysis.networks.reference import REFERENCES
from pages.shared import audits
from pages.shared.controls import choose, show
from pages.shared.link import in_link
from pages.shared.state import View

EXAMPLE = ("mobilenet_v1", "mobilenet_v2", "mobilenet_v3_large")
"""What the first click compares: the three MobileNets at α = 1 and 224 px."""


def add(subject: Subject) -> None:
    """Compare one more."""
    choose(compared=st.session_state["view"].comparing(subject).compared)


def remove(number: int) -> None:
    """Compare without the design at a place, counted from 0."""
    view: View = st.session_state["view"]
    choose(compared=view.compared[:number] + view.compared[number + 1 :])


def move(number: int, by: int) -> None:
    """Change places with a neighbour."""
    view: View = st.session_state["view"]
    order, other = list(view.compared), number + by
    if 0 <= number < len(order) and 0 <= other < len(order):
        order[number], order[other] = order[other], order[number]
    choose(compared=tuple(order))


def clear() -> None:
    """Compare nothing."""
    choose(compared=())


def show_example() -> None:
    """Compare the three MobileNets."""
    choose(compared=tuple(make_design(name) for name in EXAMPLE))


def empty_state() -> None:
    """What the page is for, and one click to see it."""
    st.info(
        "Nothing is compared yet. Put up to six designs side by side: published ones, reference networks, your own "
        "rows, an imported file, or any design that the sliders reach. The first is what the others are measured by. "
        "The button Add to compare in the sidebar stands on every page.",
        icon=":material/compare_arrows:",
    )
    st.button(
        "Compare MobileNet V1, V2 and V3-Large",
        type="primary",
        icon=":material/play_arrow:",
        on_click=show_example,
        help="1.0 MobileNet-224, 1.0 MobileNetV2-224 and 1.0 MobileNetV3-Large-224.",
    )


def adding(view: View) -> None:
    """Ways to add a design: the current one, a published one, a reference network; and to clear all."""
    full = len(view.compared) >= MOST
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Add the current design",
            icon=":material/add:",
            on_click=add,
            args=(view.subject,),
            disabled=view.comparing(view.subject) == view,
            help="The design of the sidebar's controls.",
        )
        st.selectbox(
            "Add a published design or a reference network",
            [*PRESETS, *(REFERENCES[name].label for name in REFERENCES)],
            index=None,
            key="add_named",
            placeholder="Add a published design or network …",
            label_visibility="collapsed",
            disabled=full,
            on_change=_add_named,
        )
        st.button(
            "Clear",
            icon=":material/clear_all:",
            on_click=clear,
            disabled=not view.compared,
            help="Take every design out of the comparison.",
        )
    if full:
        st.caption(f"{MOST} designs are compared, which is the most; remove one to add another.")


def _add_named() -> None:
    name = st.session_state["add_named"]
    st.session_state["add_named"] = None
    if name in PRESETS:
        add(PRESETS[name])
    known = {REFERENCES[network].label: network for network in REFERENCES}
    if name in known:
        add(counted_reference(known[name]))


def listed(compared: Comparison, view: View) -> Callable[[], None]:
    """The designs in order, with buttons for each; the function returned fills in their audits when they are there."""
    st.html(f"<style>{totals_css()}</style>")
    lines = [(entry, _listed_one(entry, number, len(view.compared))) for number, entry in enumerate(compared.entries)]
    outside = [entry.letter for entry, held in zip(compared.entries, in_link(view), strict=True) if not held]
    if outside:
        st.caption(
            f"{', '.join(outside)}: of this session alone, and so not in the link. The report below holds every design."
        )
    return partial(_audit_all, lines)


def _listed_one(entry: Entry, number: int, count: int) -> st.delta_generator.DeltaGenerator:
    mark, name = entry.mark, html.escape(entry.label)
    with st.container(horizontal=True, vertical_alignment="center", key=f"compared_{entry.letter}"):
        dark = " dark" if mark.dark else ""
        st.html(
            f'<div class="design"><span class="chip{dark}" style="background:{mark.colour}">{mark.letter}</span> '
            f"{line_sample(mark)} <b>{name}</b><small>{html.escape(caption(entry.subject))}</small></div>",
            width="stretch",
        )
        with st.container(horizontal=True, width="content", gap="small"):
            _row_button("Up", "arrow_upward", entry, move, (number, -1), disabled=number == 0)
            _row_button("Down", "arrow_downward", entry, move, (number, 1), disabled=number == count - 1)
            _row_button("Use", "tune", entry, show, (entry.subject,))
            _row_button("Remove", "close", entry, remove, (number,))
    return st.empty()


HELP = {
    "Up": "One place up; the first is what ratios are against.",
    "Down": "One place down.",
    "Use": "Make it the current design, on every page.",
    "Remove": "Compare without it.",
}


def _row_button(
    label: str, icon: str, entry: Entry, act: Callable[..., None], args: tuple[object, ...], *, disabled: bool = False
) -> None:
    st.button(
        label,
        key=f"{label.lower()}_{entry.letter}",
        icon=f":material/{icon}:",
        type="tertiary",
        on_click=act,
        args=args,
        disabled=disabled,
        help=HELP[label],
    )


def _audit_all(lines: list[tuple[Entry, st.delta_generator.DeltaGenerator]]) -> None:
    for entry, line in lines:
        known = audits.known_audit(entry.subject)
        if known is not None:
            _show_audit(line, known)
    for entry, line in lines:
        if audits.known_audit(entry.subject) is None:
            line.caption(":material/hourglass_empty: fvcore is counting the built module …")
            audits.follow(entry.subject, partial(_show_audit, line))


def _show_audit(line: st.delta_generator.DeltaGenerator, audit: Audit) -> None:
    if audit.agrees is False:
        line.error(audit_sentence(audit), icon=":material/error:")
    elif audit.not_run is not None:
        line.caption(f":material/info: {audit_sentence(audit)}")
    else:
        line.caption(f":green[:material/check_circle:] {audit_sentence(audit)}")
