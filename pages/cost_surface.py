"""Cost surface: a cost over any two of α, ρ and t, its lines of equal cost, and the exponents between neighbours."""

from typing import Any

import streamlit as st

from analysis.cost.units import change
from analysis.networks import Design
from analysis.plots.scales import SIGNS, cost_title, exactly, position_text, written
from analysis.tradeoff.surfaces.exponents import REACH, Step
from analysis.tradeoff.surfaces.surface import COSTS, axes_of, same_cost
from pages.shared import cached, cached_surfaces
from pages.shared.controls import linked, show
from pages.shared.exponents import exponent_table
from pages.shared.frame import Page, page
from pages.shared.state import View
from pages.shared.surfaces import switches

NEAR = {"alpha": f"{REACH['alpha']:g} of α", "rho": f"{REACH['rho']:g} px", "t": f"{REACH['t']:g} of t"}


def surface(here: Page, view: View) -> Any:
    design, cost = here.design, COSTS[view.cost]
    ground = cached_surfaces.surface(design, view.axes, view.cost, view.format, view.base)
    names = " × ".join(SIGNS[axis] for axis in ground.axes)
    held = [position_text(axis, at, view.base) for axis, at in ground.held_positions()]
    st.markdown(f"#### {cost_title(view.cost, view.format)} over {names}" + "".join(f", at {text}" for text in held))
    figure = cached_surfaces.surface_chart(design, here.baseline, view.axes, view.cost, view.format, view.base)
    here.chart(figure, "surface", f"Heat map of {cost.label} over {names} with iso-cost lines, {design.label} marked")
    own = int(cached.totals(design, view.format)[view.cost])
    x, y = (SIGNS[axis] for axis in ground.axes)
    flat = "".join(f" {cost.label} do not depend on {SIGNS[axis]}." for axis in ground.flat_axes())
    missing = ""
    pinned = here.baseline
    if pinned is not None and (not isinstance(pinned, Design) or ground.place(pinned) is None):
        missing = f" The pinned {pinned.label} is not on this surface."
    st.caption(
        f"{ground.values.size:,} designs in closed form, colours on a log scale. A line passes, at each {x}, above the "
        f"highest {y} that costs at most its figure; the red one is this design's {exactly(view.cost, own)}."
        f"{flat}{missing}"
    )
    same(here, view, [other for other in same_cost(ground, own) if other != design], own)
    return figure


def same(here: Page, view: View, designs: list[Design], own: int) -> None:
    """One click makes a design of about the same cost the current one."""
    if not designs:
        return
    st.markdown("**Along the red line**: the largest designs that cost no more. A click makes one current.")
    with st.container(horizontal=True):
        for other in designs:
            value = int(cached.totals(other, view.format)[view.cost])
            st.button(
                other.label,
                key=f"same_{other.label}",
                on_click=show,
                args=(other,),
                help=f"{exactly(view.cost, value)}, {change(value, own)}",
            )


def along(here: Page, view: View) -> Any:
    design, cost = here.design, COSTS[view.cost]
    st.markdown("#### Along one axis, and the power law")
    st.segmented_control(
        "Along",
        axes_of(design.entry),
        format_func=SIGNS.__getitem__,
        required=True,
        help="The axis of the cut through this design; both axes are logarithmic, so that an exponent is a slope.",
        **linked("along", view),
    )
    figure = cached_surfaces.cut_chart(design, view.along, view.cost, view.format, view.base)
    here.chart(figure, "cut", f"{cost.label} along {SIGNS[view.along]} through {design.label}, beside its power law")
    found = cached_surfaces.largest_steps(design, view.cost, view.format, view.base)
    st.markdown(
        f"Largest single step near this design: {'; '.join(step_text(step, view) for step in found)}.",
        help=f"Near is {', '.join(NEAR[axis] for axis in axes_of(design.entry))} or less away.",
    )
    return figure


def step_text(step: Step, view: View) -> str:
    if step.end_cost == step.start_cost:
        return f"none along {SIGNS[step.axis]}"
    start, end = (position_text(step.axis, spot, view.base) for spot in (step.start, step.end))
    return f"{start} → {end} costs **{change(step.end_cost, step.start_cost)}**"


with page("Cost surface", for_rows=True) as here:
    st.markdown(f"## Cost surface of {here.design.label}")
    own = cached.totals(here.design, here.view.format)
    value = written(here.view.cost, int(own[here.view.cost]))
    named = cost_title(here.view.cost, here.view.format)
    st.markdown(f"This design: **{value}**{f', {named.lower()}' if COSTS[here.view.cost].sized else ''}.")
    here.audit_line()
    view = switches(here)
    figures = {"Surface": surface(here, view), "Cut": along(here, view)}
    exponent_table(here, view)
    here.saved_charts(figures)
