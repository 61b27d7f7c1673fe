"""The language of the lesson and of the menu: a switch, and the messages in it."""

from __future__ import annotations

import streamlit as st

from analysis.lessons.messages import LANGUAGES, Translate, translate
from pages.shared.controls import linked
from pages.shared.state import View


def language_switch(view: View) -> Translate:
    """Draw the switch; what gives a message in the language chosen."""
    _ = translate(view.language)
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        required=True,
        label_visibility="collapsed",
        help=_("The language of the lesson and of the menu."),
        **linked("language", view),
    )
    return _
