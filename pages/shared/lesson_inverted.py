"""Step 6 of the lesson: inverted residuals, and ReLU in few channels."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import Any

import streamlit as st

from analysis.lessons import inverted as blocks
from analysis.lessons import relu as spirals
from analysis.lessons.inverted import Block, alive_table
from analysis.lessons.inverted_code import code as block_code
from analysis.lessons.messages import Translate, translate
from analysis.lessons.standard import standard
from analysis.networks.ranges import TS
from analysis.plots.alive import alive_figure
from analysis.plots.relu import error_figure, pictures_figure
from pages.shared.cached import for_screen
from pages.shared.controls import choose, linked
from pages.shared.frame import Page
from pages.shared.lesson_controls import layer_controls, show_formulas, show_listing, sizes_of, take_layer
from pages.shared.state import View

KEPT = 64


@lru_cache(KEPT)
def alive_chart(block: Block, language: str) -> Any:
    """Step 6's bars."""
    return for_screen(alive_figure(alive_table(block), block.between, translate(language)))


@lru_cache(1)
def _spread() -> spirals.Spread:
    return spirals.spread()


@lru_cache(KEPT)
def spiral_charts(channels: int, seed: int, language: str) -> tuple[Any, Any]:
    """The pictures, of the paper's n and one's own, and the error over n."""
    _ = translate(language)
    shown = [*(n for n in spirals.PRINTED_CHANNELS if n != channels), channels]
    found = [spirals.experiment(n, seed=seed) for n in shown]
    curve = error_figure(_spread(), channels, found[-1].error, _)
    return for_screen(pictures_figure(found, _)), for_screen(curve)


def take_block(block: Block) -> None:
    """Show another block."""
    take_layer(block.sizes)
    choose(expansion=block.t)


def inverted_step(here: Page) -> None:
    """Step 6: the block with one's own numbers, its cost and the tensors alive."""
    _, view = translate(here.view.language), here.view
    st.markdown(
        _(
            "MobileNetV2 turns the bottleneck round: thin maps stand between blocks, wide ones only inside. A 1×1 "
            "convolution expands $d$ channels to $t·d$, a depthwise one filters them, and a linear 1×1 convolution "
            "projects them to $d'$. Where the stride is 1 and $d=d'$, the block's input is added to its output: the "
            "shortcut joins the thin maps."
        )
    )
    with st.container(horizontal=True):
        for name, block in blocks.presets().items():
            st.button(_(name), key=f"block_{name}", on_click=take_block, args=(block,))
    layer_controls(view, _)
    st.slider(_("t, expansion factor"), TS[0], TS[-1], step=0.5, format="%.1f", **linked("expansion", view))
    st.caption(_("Here $M$ is $d$, $N$ is $d'$, $D_K$ is $k$, and $D_F$ is both $h$ and $w$."))
    block = Block(sizes_of(view).with_(alpha=1.0, rho=1.0), view.expansion)
    show_formulas(_, *block.formulas(), block.mult_adds)
    st.caption(shape_text(block, _))
    alive(here, block, _)
    show_listing(block_code(block), _)


def shape_text(block: Block, _: Translate) -> str:
    """What is special about the block: no expansion, a map that shrinks, a shortcut or none, and the standard way."""
    wide = block.sizes.with_(in_channels=block.hidden, out_channels=block.hidden, map=block.sizes.map)
    times = standard(wide).mult_adds.value / block.mult_adds.value
    said = [
        _("With $t=1$ there is no expansion: the depthwise layer reads the block's input.") if block.t == 1 else "",
        _("$h'$ and $w'$ are the sides after the stride.") if block.sizes.stride > 1 else "",
        _("There is a shortcut: stride 1 and $d=d'$.") if block.shortcut else _("There is no shortcut."),
        _(
            "Inside, a standard convolution from $t·d$ to $t·d$ channels in the depthwise layer's place would alone "
            "take {times} times the whole block's Mult-Adds."
        ).format(times=f"{times:.1f}"),
    ]
    return " ".join(filter(None, said))


def alive(here: Page, block: Block, _: Translate) -> None:
    """Which tensors are alive at each layer, and why the wide ones are cheap."""
    st.markdown("#### " + _("Which tensors are alive"))
    here.chart(alive_chart(block, here.view.language), "alive", _("Elements alive at each layer of the block"))
    numbers = {"between": f"{block.between:,}", "peak": f"{block.peak:,}", "times": f"{block.peak / block.between:.1f}"}
    st.markdown(
        _(
            "Between blocks {between} elements stand, the block's input and output; inside up to {peak} are alive, "
            "{times} times as many, for a moment. Each layer runs together with its batch norm and activation."
        ).format(**numbers)
    )
    if block.t > 1:
        pieces = min(round(block.t), block.hidden)
        text = _(
            "Why $t$ times wider inside is still cheap outside: nothing outside sees the hidden channels. The next "
            "block reads $d'$ channels, and a shortcut keeps $d$. Nor need the hidden channels be there all at once, "
            "since the depthwise filter takes each by itself: computed in {pieces} pieces, each added to the output "
            "and forgotten, at most {alive} elements are alive, with the same Mult-Adds."
        )
        st.markdown(text.format(pieces=pieces, alive=f"{block.peak_in_pieces(pieces):,}"))
    st.caption(_("After {source}.").format(source="arXiv:1801.04381, section 5.1"))


def relu_step(here: Page) -> None:
    """Step 6, continued: ReLU in few channels, as an experiment."""
    _, view = translate(here.view.language), here.view
    st.markdown("#### " + _("Why the projection is linear: ReLU loses information in few channels"))
    st.markdown(
        _(
            "A spiral in the plane goes into $n$ channels by a random matrix $T$, through ReLU, and back by the "
            "pseudo-inverse $T^+$. In few channels much of it falls together; in many, some channels still tell the "
            "points apart. So ReLU stands where the map is wide, and none stands behind the projection to few channels."
        )
    )
    slider, button = st.columns([3, 1], vertical_alignment="bottom")
    least, most = spirals.LEAST_CHANNELS, spirals.MOST_CHANNELS
    slider.slider(_("n, channels"), least, most, **linked("relu_n", view))
    button.button(_("Another random matrix"), icon=":material/casino:", on_click=another_matrix)
    pictures, curve = spiral_charts(view.relu_n, view.relu_seed, view.language)
    here.chart(pictures, "spirals", _("What came back of the spiral, for each number of channels"))
    st.markdown(spiral_text(view, _))
    here.chart(curve, "relu", _("The error over the number of channels"))
    st.caption(
        _(
            "The error is the root mean square distance from the spiral over the spiral's own, after the one factor "
            "that fits best, which the next layer's weights could give. The band holds the middle 8 of 10 out of "
            "{seeds} random matrices. As in {source}, whose T is not printed; computed here from the seed."
        ).format(seeds=spirals.SEEDS, source=spirals.SOURCE)
    )
    with st.expander(_("The experiment in NumPy")):
        st.code(spirals.code(view.relu_n, seed=view.relu_seed), language="python")


def another_matrix() -> None:
    """Draw another T; the link holds its seed."""
    choose(relu_seed=secrets.randbelow(spirals.MOST_SEED + 1))


def spiral_text(view: View, _: Translate) -> str:
    """The figures of the experiment on screen."""
    found = spirals.experiment(view.relu_n, seed=view.relu_seed)
    without = spirals.experiment(view.relu_n, seed=view.relu_seed, relu=False)
    text = _(
        "n = {n}, seed {seed}: error **{error}**, without the factor {raw}. {lost} of the points are lost for every "
        "decoder: fewer than two channels are above 0, and two coordinates cannot be told from one number. Without "
        "ReLU the error is {without}."
    )
    return text.format(
        n=found.channels,
        seed=found.seed,
        error=f"{found.error:.1%}",
        raw=f"{found.raw_error:.1%}",
        lost=f"{found.lost_share:.1%}",
        without=f"{without.error:.1%}",
    )
