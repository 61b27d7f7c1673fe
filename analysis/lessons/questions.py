"""Questions with fresh numbers from a seed, their right answers and worked solutions.

Every answer is read from the lesson's own steps, which read the closed form of the layers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from analysis.lessons.answers import Decimal, Shape, Whole
from analysis.lessons.asking import CHANNELS, MAPS, RHOS, Draw, Question, Said
from analysis.lessons.formulas import Formula
from analysis.lessons.grouped import group_choices, grouped
from analysis.lessons.inverted import PARTS, ROLES, Block, alive_table
from analysis.lessons.messages import marked
from analysis.lessons.multipliers import stages
from analysis.lessons.parameters import parameters
from analysis.lessons.separable import separable
from analysis.lessons.sizes import Sizes
from analysis.lessons.standard import standard
from analysis.networks.maps import Map

if TYPE_CHECKING:
    import pandas as pd

LAYER = marked(
    "D_K = {kernel}, M = {in_channels}, N = {out_channels}, on a map of D_F = {map}, stride {stride}, "
    "padding {padding}."
)


def _layer(sizes: Sizes) -> Said:
    names = ("kernel", "in_channels", "out_channels", "map", "stride")
    return Said(LAYER, {name: getattr(sizes, name) for name in names} | {"padding": sizes.kernel // 2})


def _lines(*formulas: Formula) -> tuple[Said, ...]:
    """Each formula with letters, with numbers and its value."""
    line = marked("{name}: {symbols} = {numbers}")
    return tuple(
        Said(line, {"name": Said(formula.name), "symbols": formula.symbols, "numbers": formula.text})
        for formula in formulas
    )


def _left(sizes: Sizes) -> tuple[Said, ...]:
    """The side of the map that leaves, where the stride makes it another."""
    if sizes.stride == 1:
        return ()
    text = marked("The map that leaves has the side ⌈{map}/{stride}⌉ = {left}.")
    return (Said(text, {"map": sizes.map, "stride": sizes.stride, "left": sizes.out_map}),)


def _standard(draw: Draw) -> Question:
    sizes = draw.sizes()
    text = marked("A standard convolution: {layer} How many Mult-Adds does it take?")
    cost = standard(sizes).mult_adds
    return Question("standard", Said(text, {"layer": _layer(sizes)}), Whole(cost.value), (*_left(sizes), *_lines(cost)))


def _separable(draw: Draw) -> Question:
    sizes = draw.sizes()
    text = marked(
        "A depthwise separable convolution, the depthwise part with the stride: {layer} How many Mult-Adds do both "
        "parts take together?"
    )
    costs = separable(sizes)
    lines = _lines(costs.depthwise, costs.pointwise, costs.mult_adds)
    answer = Whole(costs.mult_adds.value)
    return Question("separable", Said(text, {"layer": _layer(sizes)}), answer, (*_left(sizes), *lines))


def _ratio(draw: Draw) -> Question:
    sizes = draw.sizes()
    text = marked(
        "{layer} What share of the standard convolution's Mult-Adds does the depthwise separable one take? Four "
        "decimals."
    )
    costs = separable(sizes)
    line = marked("1/N + 1/D_K² = 1/{n} + 1/{k} = {ratio} ≈ {written}; M, D_F and the stride do not matter.")
    answer = Decimal(costs.ratio)
    numbers = {
        "n": sizes.out_channels,
        "k": sizes.kernel**2,
        "ratio": str(costs.ratio),
        "written": answer.written,
    }
    lines = (*_lines(costs.mult_adds, costs.standard), Said(line, numbers))
    return Question("ratio", Said(text, {"layer": _layer(sizes)}), answer, lines)


ADDED = {
    (False, False): marked("without biases and without batch norm"),
    (True, False): marked("with biases and without batch norm"),
    (False, True): marked("without biases and with batch norm after each layer"),
    (True, True): marked("with biases and with batch norm after each layer"),
}


def _parameters(draw: Draw) -> Question:
    sizes = draw.sizes(strided=False)
    bias, batch_norm = draw("added", list(ADDED))
    whole = draw("layer", (True, False))
    found = parameters(sizes, bias=bias, batch_norm=batch_norm)
    text = marked("A standard convolution {added}: {layer} How many trainable parameters does it have?")
    lines, answer = _lines(found.standard), Whole(found.standard.value)
    if not whole:
        text = marked(
            "A depthwise separable convolution {added}: {layer} How many trainable parameters do both parts have?"
        )
        lines = _lines(found.depthwise, found.pointwise, found.separable)
        answer = Whole(found.separable.value)
    numbers = {"added": Said(ADDED[bias, batch_norm]), "layer": _layer(sizes)}
    return Question("parameters", Said(text, numbers), answer, lines)


def _shape(draw: Draw) -> Question:
    sizes = draw.sizes(strided=False)
    groups = draw("groups", group_choices(sizes)[1:])
    text = marked(
        "A convolution in {groups} groups from {m} to {n} channels with {k}×{k} kernels: what is the shape of its "
        "weight tensor in torch?"
    )
    found = grouped(sizes, groups)
    m, n, k = sizes.in_channels, sizes.out_channels, sizes.kernel
    line = marked("[out, in/groups, k, k] = [{n}, {m}/{groups}, {k}, {k}] = {shape}")
    answer = Shape(found.weight_shape)
    numbers = {"groups": groups, "m": m, "n": n, "k": k}
    return Question("shape", Said(text, numbers), answer, (Said(line, numbers | {"shape": answer.written}),))


def _multipliers(draw: Draw) -> Question:
    rho = draw("rho", RHOS)
    sizes = draw.sizes(strided=False, channels=[n for n in CHANNELS if n % 4 == 0])
    sizes = sizes.with_(
        map=draw("map", [side for side in MAPS if side % 7 == 0]),
        alpha=draw("alpha", (0.25, 0.5, 0.75)),
        rho=float(rho),
    )
    text = marked(
        "A depthwise separable convolution: {layer} Now α = {alpha} and ρ = {rho}; ρ·D_F is rounded to the nearest "
        "whole number. How many Mult-Adds remain?"
    )
    last = stages(sizes)[-1]
    line = marked("α·M = {m}, α·N = {n}, ρ·D_F = {side}.")
    thin = Said(line, {"m": last.sizes.in_channels, "n": last.sizes.out_channels, "side": last.sizes.map})
    numbers = {"layer": _layer(sizes), "alpha": f"{sizes.alpha:g}", "rho": rho}
    return Question("multipliers", Said(text, numbers), Whole(last.mult_adds.value), (thin, *_lines(last.mult_adds)))


BLOCK = marked(
    "An inverted residual with expansion t = {t}: d = {d} channels in, d' = {d_out} channels out, {k}×{k} depthwise "
    "kernels with stride {s}, on a map of {h}×{h}."
)


def _block(draw: Draw) -> tuple[Block, Said]:
    sizes = draw.sizes(channels=[n for n in CHANNELS if n <= 320])
    if sizes.stride == 1 and draw("same", (True, False)):
        sizes = sizes.with_(out_channels=sizes.in_channels)
    block = Block(sizes, draw("t", (2, 3, 4, 5, 6)))
    numbers = {"t": f"{block.t:g}", "d": sizes.in_channels, "d_out": sizes.out_channels, "k": sizes.kernel}
    return block, Said(BLOCK, numbers | {"s": sizes.stride, "h": sizes.map})


def _inverted(draw: Draw) -> Question:
    block, said = _block(draw)
    text = marked("{block} How many Mult-Adds do its three layers take together?")
    cost = block.mult_adds
    lines = (*_left(block.sizes), *_lines(*block.formulas(), cost))
    return Question("inverted", Said(text, {"block": said}), Whole(cost.value), lines)


def _output_size(draw: Draw) -> Question:
    kernel, stride = draw("kernel", (1, 3, 5, 7, 11)), draw("stride", (1, 2, 2, 3, 4))
    height, width = draw("height", range(32, 321)), draw("width", range(32, 321))
    left = Map(1, height, width).strided(kernel, stride, 1)
    text = marked(
        "A {h}×{w} map passes a convolution with {k}×{k} kernels, stride {s} and padding {p} on every side. What are "
        "the height and the width of the map that leaves?"
    )
    line = marked("⌊({side} + 2·{p} - {k})/{s}⌋ + 1 = {left}")
    of = {"k": kernel, "s": stride, "p": kernel // 2}
    answer = Shape((int(left.height), int(left.width)))
    pairs = ((height, left.height), (width, left.width))
    lines = tuple(Said(line, of | {"side": side, "left": after}) for side, after in pairs)
    return Question("output_size", Said(text, of | {"h": height, "w": width}), answer, lines)


def _alive(draw: Draw) -> Question:
    block, said = _block(draw)
    text = marked(
        "{block} Each layer runs together with its batch norm and activation and keeps its input and its output; where "
        "there is a shortcut, the block's input is kept to the end. How many elements are alive at the peak?"
    )
    table = alive_table(block)
    lines = [_alive_line(str(name), rows) for name, rows in table.groupby("layer", sort=False)]
    return Question("alive", Said(text, {"block": said}), Whole(block.peak), (*_left(block.sizes), *lines))


def _alive_line(name: str, rows: pd.DataFrame) -> Said:
    tensor = marked("{elements} ({part})")
    parts = tuple(
        Said(tensor, {"elements": f"{elements:,}", "part": Said(PARTS[part])})
        for part, elements in zip(rows["part"], rows["elements"], strict=True)
    )
    text = marked("{layer}: {sum} = {total}")
    return Said(text, {"layer": Said(ROLES[name]), "sum": parts, "total": f"{rows['elements'].sum():,}"})


KINDS: dict[str, str] = {
    "standard": marked("Standard convolution"),
    "separable": marked("Depthwise separable"),
    "ratio": marked("Ratio"),
    "parameters": marked("Parameters"),
    "shape": marked("Weight shape in groups"),
    "multipliers": marked("α and ρ"),
    "inverted": marked("Inverted residual"),
    "output_size": marked("Size of the output"),
    "alive": marked("Memory at the peak"),
}
"""Every kind of question with its name (a message)."""

_MAKERS: dict[str, Callable[[Draw], Question]] = {
    "standard": _standard,
    "separable": _separable,
    "ratio": _ratio,
    "parameters": _parameters,
    "shape": _shape,
    "multipliers": _multipliers,
    "inverted": _inverted,
    "output_size": _output_size,
    "alive": _alive,
}


def question(kind: str, key: str) -> Question:
    """The question of a kind that a key gives, the same for the same key; ``ValueError`` for an unknown kind."""
    if kind not in _MAKERS:
        raise ValueError(f"kind must be one of {', '.join(_MAKERS)}, got {kind!r:.40}")
    return _MAKERS[kind](Draw(f"{kind}/{key}"))
