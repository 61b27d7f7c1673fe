"""Learn: depthwise separable convolutions step by step, with one's own numbers in the formulas."""

import streamlit as st

from pages.shared import lesson_steps, lessons_later
from pages.shared.frame import page
from pages.shared.language import language_switch
from pages.shared.lesson_controls import TITLES, next_steps, steps_bar

SECTIONS = {
    "standard": (lesson_steps.standard_step,),
    "separable": (lesson_steps.separable_step,),
    "multipliers": (lesson_steps.multipliers_step,),
    "parameters": (lesson_steps.parameters_step,),
    "grouped": (lesson_steps.grouped_step,),
    "inverted": (lessons_later.inverted, lessons_later.relu),
    "timing": (lessons_later.timing,),
    "check": (lessons_later.check_yourself,),
}

with page("Learn") as here:
    _ = language_switch(here.view)
    st.markdown("## " + _("Depthwise separable convolutions, step by step"))
    st.caption(_("The lesson has sliders of its own; the design in the sidebar is used in step 7 alone."))
    steps_bar(here.view, _)
    st.markdown("### " + _(TITLES[here.view.step]))
    for section in SECTIONS[here.view.step]:
        section(here)
    next_steps(here.view, _)
