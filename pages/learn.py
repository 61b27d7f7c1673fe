"""Learn: depthwise separable convolutions step by step, with one's own numbers in the formulas."""

import streamlit as st

from pages.shared.frame import page
from pages.shared.language import language_switch
from pages.shared.lesson_controls import TITLES, next_steps, steps_bar
from pages.shared.lesson_convolutions import grouped_step, parameters_step, separable_step, standard_step
from pages.shared.lesson_inverted import inverted_step, relu_step
from pages.shared.lesson_multipliers import multipliers_step
from pages.shared.lesson_quiz import check_yourself
from pages.shared.lesson_timing import timing

SECTIONS = {
    "standard": (standard_step,),
    "separable": (separable_step,),
    "multipliers": (multipliers_step,),
    "parameters": (parameters_step,),
    "grouped": (grouped_step,),
    "inverted": (inverted_step, relu_step),
    "timing": (timing,),
    "check": (check_yourself,),
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
