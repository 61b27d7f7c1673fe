"""Steps 1, 2, 4 and 5 of the lesson: convolutions, standard, separable and grouped, and their parameters."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import streamlit as st

from analysis.lessons import separable as two
from analysis.lessons import standard as one
from analysis.lessons.grouped import Grouped, every_grouping, group_choices, grouped, nearest_groups
from analysis.lessons.messages import Translate, translate
from analysis.lessons.parameters import parameters
from analysis.lessons.separable import KERNELS, claim_holds, reductions, separable
from analysis.lessons.sizes import WORKED, Sizes
from analysis.lessons.standard import standard
from analysis.plots.lesson_boxes import boxes_figure, separable_parts, standard_parts
from analysis.plots.lesson_groups import groups_figure
from analysis.plots.lesson_parameters import parameters_figure
from analysis.plots.lesson_ratio import ratio_figure
from pages.shared.cached import for_screen
from pages.shared.controls import linked
from pages.shared.frame import Page
from pages.shared.lesson_controls import layer_controls, show_formulas, show_listing, sizes_of

KEPT = 64


@lru_cache(KEPT)
def standard_picture(sizes: Sizes, language: str) -> Any:
    """Step 1's boxes."""
    return for_screen(boxes_figure(standard_parts(sizes), translate(language)))


@lru_cache(KEPT)
def separable_picture(sizes: Sizes, language: str) -> Any:
    """Step 2's boxes."""
    return for_screen(boxes_figure(separable_parts(sizes), translate(language)))


@lru_cache(KEPT)
def ratio_chart(kernel: int, channels: int, times: float, language: str) -> Any:
    """Step 2's curves, with the layer's own kernel among them."""
    kernels = KERNELS if kernel in KERNELS else (*KERNELS, kernel)
    return for_screen(ratio_figure(reductions(kernels), (channels, times), translate(language)))


def standard_step(here: Page) -> None:
    """Step 1."""
    _, view = translate(here.view.language), here.view
    st.markdown(
        _(
            "A standard convolution slides $N$ filters of $D_K×D_K×M$ over the map. At each position every filter "
            "multiplies and adds $D_K·D_K·M$ numbers and gives one value. So Mult-Adds are the filters' weights "
            "times the positions, $D_F·D_F$."
        )
    )
    layer_controls(view, _)
    found = standard(sizes_of(view))
    here.chart(
        standard_picture(found.sizes, view.language),
        "standard",
        _("Input, filters and output of the layer as boxes to scale"),
    )
    st.caption(
        _(
            "To scale: all sides share one scale, all channels another; of many filters five are drawn. Red: what one "
            "filter reads at one position, and the value it gives. The padding is $(D_K-1)/2$, so that stride 1 "
            "keeps the map; stride $s$ leaves $D_F/s$, rounded up."
        )
    )
    show_formulas(_, found.mult_adds, found.weights, source=one.SOURCE)
    show_listing(found.listing, _)


def separable_step(here: Page) -> None:
    """Step 2."""
    _, view = translate(here.view.language), here.view
    st.markdown(
        _(
            "A depthwise separable convolution does the same in two layers. The depthwise layer filters each channel "
            "by itself, one $D_K×D_K$ filter a channel. The pointwise layer, a 1×1 convolution, then mixes the "
            "channels."
        )
    )
    layer_controls(view, _)
    found = separable(sizes_of(view))
    here.chart(
        separable_picture(found.sizes, view.language), "separable", _("Depthwise and pointwise layer as boxes to scale")
    )
    show_formulas(_, found.depthwise, found.pointwise, found.mult_adds, found.standard, source=two.SOURCE)
    k, n, ratio = view.dk, view.n, float(found.ratio)
    st.markdown(
        "$" + r"\dfrac{D_K \cdot D_K \cdot M + M \cdot N}{D_K \cdot D_K \cdot M \cdot N} = "
        rf"\dfrac{{1}}{{N}} + \dfrac{{1}}{{D_K^2}} = \dfrac{{1}}{{{n}}} + \dfrac{{1}}{{{k * k}}} = "
        rf"\dfrac{{{found.ratio.numerator}}}{{{found.ratio.denominator}}} = \mathbf{{{ratio:.4f}}}$"
    )
    st.markdown("#### " + _("Where “8 to 9 times less” holds"))
    times = _("{times} times fewer Mult-Adds").format(times=f"**{found.times_less:.2f}**")
    st.markdown(_("This layer, $D_K={kernel}$ and $N={channels}$: {times}.").format(kernel=k, channels=n, times=times))
    here.chart(
        ratio_chart(k, n, found.times_less, view.language),
        "ratio",
        _("Times fewer Mult-Adds over N, a line for each kernel"),
    )
    st.markdown("\n".join(f"- {claim_text(kernel, _)}" for kernel in sorted({*KERNELS, k})))
    st.caption(
        _(
            "$M$ and $D_F$ cancel out. With many output channels the ratio comes near $1/D_K^2$, so that the saving "
            "has the limit $D_K^2$. With $N=1$, or with 1×1 kernels, two layers cost more than one."
        )
    )
    show_listing(found.listing, _)


def claim_text(kernel: int, _: Translate) -> str:
    """For which N a kernel costs 8 to 9 times less."""
    found = claim_holds(kernel)
    if found is None:
        text = _("{kernel}×{kernel}: for no N.")
    elif found[1] is None:
        text = _("{kernel}×{kernel}: for N from {least} on.")
    elif found[0] == found[1]:
        text = _("{kernel}×{kernel}: for N = {least} alone; above it the saving is larger.")
    else:
        text = _("{kernel}×{kernel}: for N from {least} to {most} alone; above it the saving is larger.")
    return text.format(kernel=kernel, **dict(zip(("least", "most"), found or (), strict=False)))


def parameters_step(here: Page) -> None:
    """Step 4."""
    _, view = translate(here.view.language), here.view
    st.markdown(
        _(
            "Parameters are what is stored and trained. The map's side does not count: the same filters serve every "
            "position. A bias adds one number for each output channel of a layer, batch norm two, its scale and shift."
        )
    )
    with st.container(horizontal=True):
        st.toggle(_("Biases"), **linked("biases", view))
        st.toggle(_("Batch norm"), **linked("norms", view))
    left, right = st.columns(2)
    with left:
        st.markdown("#### " + _("Worked example: 32 filters of 3×3×3"))
        worked = parameters(WORKED, bias=view.biases, batch_norm=view.norms)
        show_formulas(_, worked.standard, worked.depthwise, worked.pointwise, worked.separable)
        st.caption(
            _(
                "{times} times fewer parameters: each colour is filtered once, and 32 mixtures are made of the three."
            ).format(times=f"{float(1 / worked.ratio):.2f}")
        )
    with right:
        st.markdown("#### " + _("The layer of the sliders"))
        layer = parameters(sizes_of(view), bias=view.biases, batch_norm=view.norms)
        show_formulas(_, layer.standard, layer.depthwise, layer.pointwise, layer.separable)
        st.caption(_("{times} times fewer parameters.").format(times=f"{float(1 / layer.ratio):.2f}"))
    layer_controls(view, _, names=("dk", "m", "n"))
    here.chart(
        for_screen(parameters_figure(layer, _)), "parameters", _("Parameters of the layer, standard and separable")
    )
    show_listing(layer.listing, _)


def grouped_step(here: Page) -> None:
    """Step 5."""
    _, view = translate(here.view.language), here.view
    st.markdown(
        _(
            "A grouped convolution cuts the channels into $G$ groups; each filter sees the $M/G$ input channels of its "
            "own group. One group is the standard convolution. With $G=M=N$ every channel is by itself: the "
            "depthwise layer. Mult-Adds and weights fall with $1/G$."
        )
    )
    layer_controls(view, _)
    sizes = sizes_of(view)
    choices = group_choices(sizes)
    view = replace(view, groups=nearest_groups(sizes, view.groups))
    if len(choices) > 1:
        st.select_slider(_("G, groups"), choices, **linked("groups", view))
    else:
        st.caption(_("$M$ and $N$ have no common divisor but 1: there is one group alone."))
    found = grouped(sizes, view.groups)
    connections(here, found, _)
    groupings(sizes, _)
    show_listing(found.listing, _)


def connections(here: Page, found: Grouped, _: Translate) -> None:
    """Which channels are connected, and what that costs."""
    sizes = found.sizes
    picture, words = st.columns(2)
    with picture:
        figure = for_screen(groups_figure(sizes.in_channels, sizes.out_channels, found.groups, _))
        here.chart(figure, "groups", _("Which input channels each output channel sees"))
    with words:
        show_formulas(_, found.mult_adds, found.weights)
        st.markdown(_("Weight tensor in torch, `[out, in/groups, k, k]`:") + f" `{list(found.weight_shape)}`")
        st.caption(
            _(
                "Filled: weights connect the two channels. No group learns of the others; that is why a pointwise "
                "layer follows a depthwise one."
            )
        )
        if found.is_depthwise:
            st.markdown(_("This is the depthwise layer."))


def groupings(sizes: Sizes, _: Translate) -> None:
    """Every number of groups that the layer can have."""
    table = every_grouping(sizes)
    counts = {name: st.column_config.NumberColumn(format="localized") for name in (_("Mult-Adds"), _("Parameters"))}
    names = [_("G, groups"), "[out, in/groups, k, k]", _("Mult-Adds"), _("Parameters")]
    st.dataframe(table.set_axis(names, axis="columns"), hide_index=True, column_config=counts)
