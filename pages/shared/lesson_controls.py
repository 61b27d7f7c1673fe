"""What the lesson's steps share: the way from step to step, the layer's sliders, formulas and code on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import streamlit as st

from analysis.lessons.formulas import Formula
from analysis.lessons.listings import Listing, run_listing
from analysis.lessons.messages import Translate, marked
from analysis.lessons.sizes import Sizes, presets
from pages.shared.controls import choose, linked, set_view
from pages.shared.state import (
    LESSON_ALPHAS,
    LESSON_KERNELS,
    LESSON_RHOS,
    MOST_LESSON_CHANNELS,
    MOST_LESSON_MAP,
    MOST_LESSON_STRIDE,
    STEPS,
    View,
)

TITLES = {
    "standard": marked("1 Standard convolution"),
    "separable": marked("2 Depthwise separable"),
    "multipliers": marked("3 Multipliers α and ρ"),
    "parameters": marked("4 Parameters"),
    "grouped": marked("5 Groups"),
    "inverted": marked("6 Inverted residuals"),
    "timing": marked("7 Mult-Adds and time"),
    "check": marked("Check yourself"),
}
"""Every step of the lesson by its name in the link."""

FIELDS = {
    "dk": ("kernel", marked("D_K, kernel side")),
    "m": ("in_channels", marked("M, input channels")),
    "n": ("out_channels", marked("N, output channels")),
    "df": ("map", marked("D_F, side of the map")),
    "stride": ("stride", marked("Stride s")),
    "layer_alpha": ("alpha", marked("α, width multiplier")),
    "layer_rho": ("rho", marked("ρ, resolution multiplier")),
}
"""The layer's fields of the view: the field of its sizes, and the slider's label."""


def sizes_of(view: View) -> Sizes:
    """The layer that the lesson's sliders show."""
    return Sizes(**{size: getattr(view, name) for name, (size, _) in FIELDS.items()})


def steps_bar(view: View, _: Translate) -> None:
    """One button a step; the link holds the step."""
    st.pills(
        _("Steps of the lesson"),
        STEPS,
        format_func=lambda step: _(TITLES[step]),
        required=True,
        label_visibility="collapsed",
        **linked("step", view),
    )


def next_steps(view: View, _: Translate) -> None:
    """Buttons to the step before and the one after."""
    at = STEPS.index(view.step)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        for step, icon, key in ((at - 1, "arrow_back", "step_back"), (at + 1, "arrow_forward", "step_on")):
            if 0 <= step < len(STEPS):
                title, icon = _(TITLES[STEPS[step]]), f":material/{icon}:"
                st.button(title, icon=icon, key=key, on_click=choose, kwargs={"step": STEPS[step]})


def layer_controls(view: View, _: Translate, *, names: Sequence[str] = ("dk", "m", "n", "df", "stride")) -> None:
    """Layers worth looking at, and the sliders of one's own."""
    with st.container(border=True, key="layer_controls"):
        _presets(view, _)
        for row in (names[:5], names[5:]):
            for column, name in zip(st.columns(len(row)) if row else (), row, strict=True):
                with column:
                    _slider(name, view, _)


def _presets(view: View, _: Translate) -> None:
    """One pill a preset; the one shown is lit."""
    shown = sizes_of(view)
    st.session_state["layer_preset"] = next((name for name, sizes in presets().items() if sizes == shown), None)
    st.pills(
        _("Example layers"),
        list(presets()),
        format_func=_,
        key="layer_preset",
        on_change=_take_preset,
        label_visibility="collapsed",
    )


def _take_preset() -> None:
    sizes = presets().get(st.session_state["layer_preset"])
    if sizes is not None:
        take_layer(sizes)


def take_layer(sizes: Sizes) -> None:
    """Show another layer in the lesson."""
    fields = {name: getattr(sizes, size) for name, (size, _) in FIELDS.items()}
    set_view(replace(st.session_state["view"], **fields))


def _slider(name: str, view: View, _: Translate) -> None:
    label = _(FIELDS[name][1])
    if name == "dk":
        st.select_slider(label, LESSON_KERNELS, **linked(name, view))
    elif name in ("m", "n"):
        st.select_slider(label, _channels(getattr(view, name)), **linked(name, view))
    elif name in ("df", "stride"):
        st.slider(label, 1, MOST_LESSON_MAP if name == "df" else MOST_LESSON_STRIDE, **linked(name, view))
    elif name == "layer_alpha":
        st.slider(label, *LESSON_ALPHAS, step=0.01, format="%.2f", **linked(name, view))
    else:
        st.slider(label, *LESSON_RHOS, step=0.001, format="%.3f", **linked(name, view))


@cache
def _channels(known: int) -> list[int]:
    """Every width to 32, then in steps that grow; and the one shown."""
    steps = (range(1, 32), range(32, 128, 8), range(128, 512, 32), range(512, MOST_LESSON_CHANNELS + 1, 64))
    return sorted({known, *(channels for step in steps for channels in step)})


def show_formulas(_: Translate, *formulas: Formula, source: str = "") -> None:
    """Each formula in letters, and the same with the layer's numbers and the value."""
    with st.container(border=True):
        for formula in formulas:
            st.markdown(formula_text(formula, _))
        if source:
            st.caption(_("After {source}.").format(source=source))


def formula_text(formula: Formula, _: Translate) -> str:
    """Markdown of three lines: name and unit, letters, numbers and value."""
    value = f"{formula.value:,}".replace(",", "{,}")
    return (
        f"**{_(formula.name)}**, {_(formula.unit)}  \n${formula.tex}$  \n"
        f"$= {formula.numbers_tex} = \\mathbf{{{value}}}$"
    )


def show_listing(shown: Listing, _: Translate) -> None:
    """The step as PyTorch, what it prints, and its run on this machine."""
    st.markdown("#### " + _("The same in PyTorch"))
    st.code(shown.code, language="python")
    st.caption(_("It runs as shown and prints:"))
    st.code("\n".join(shown.prints), language=None)
    if shown.too_large is not None:
        st.caption(_("It is not run here: {reason}").format(reason=shown.too_large))
    elif st.button(_("Run it here"), icon=":material/play_arrow:", key="run_listing"):
        _run(shown, _)


def _run(shown: Listing, _: Translate) -> None:
    try:
        with st.spinner(_("torch and fvcore are counting …")):
            lines = run_listing(shown)
    except RuntimeError as error:
        st.error(str(error), icon=":material/error:")
        return
    if lines == shown.prints:
        st.success(
            _("fvcore counted the built modules: all counts equal the formulas."), icon=":material/check_circle:"
        )
    else:
        st.error(_("fvcore and the formulas DIFFER. It printed:"), icon=":material/error:")
        st.code("\n".join(lines), language=None)
