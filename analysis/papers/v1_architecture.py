"""Recipes of MobileNets (arXiv:1704.04861v1), Tables 1 to 3: the layers, the shares by type, and one layer modified."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial

from analysis.cost import closed_form
from analysis.networks import Layer, make_design
from analysis.networks.catalogue import CATALOGUE
from analysis.networks.layers import Kind
from analysis.networks.rows import DepthwiseSeparable
from analysis.papers.amount import Amount, amount
from analysis.papers.counts import all_weights, kind_mult_adds, kind_params, kind_weights, layers_of, product
from analysis.papers.recipe import Recipe, Recipes, Tables, Way

V1 = make_design("mobilenet_v1")

REPEATED = 5
"""Repeats of the two rows that Table 1 prints once, with a brace."""


def table_rows() -> list[Layer]:
    """The layers, the repeated pair once: those of Table 1's rows 1 to 21, in order."""
    layers = layers_of(V1)
    brace = 13
    return [*layers[: brace + 2], *layers[brace + 2 * REPEATED :]]


LABELS: dict[Kind, str] = {"conv": "Conv", "dw": "Conv dw", "pw": "Conv", "pool": "Avg Pool", "fc": "FC"}


def table_1() -> Recipes:
    """Each row's filters, input and stride, and section 3.2's number of layers."""
    recipes: Recipes = {}
    for number, layer in enumerate(table_rows(), start=1):
        label = f"{number}: {'5× ' if number in (14, 15) else ''}{LABELS[layer.kind]}"
        recipes |= _row(label, layer)
    misprint, last = "18: Conv dw", table_rows()[-1].output.channels
    recipes[misprint, "stride"] = _stride_18
    recipes["22: Softmax", "input_size"] = lambda: Recipe(f"1×1×{last}", note="One probability a class.", design=V1)
    recipes["layers, depthwise and pointwise apart", "layers"] = _layers
    return recipes


def _row(label: str, layer: Layer) -> Recipes:
    stride = amount(layer.stride, f"stride of {layer.name}")
    x = layer.input
    return {
        (label, "filter_shape"): lambda: Recipe(filter_shape(layer), note=f"Layer {layer.name}.", design=V1),
        (label, "input_size"): lambda: Recipe(
            f"{x.height}×{x.width}×{x.channels}", note=f"Layer {layer.name}.", design=V1
        ),
        (label, "stride"): lambda: Recipe(stride, design=V1),
    }


def filter_shape(layer: Layer) -> str:
    """A layer's filters as Table 1 writes them."""
    (height, width), m, n = layer.kernel, layer.input.channels, layer.output.channels
    shapes = {"dw": f"{height}×{width}×{m} dw", "pool": f"Pool {height}×{width}", "fc": f"{m}×{n}"}
    return shapes.get(layer.kind, f"{height}×{width}×{m}×{n}")


def _stride_18() -> Recipe:
    layer = table_rows()[17]
    side, out, kernel = int(layer.input.height), int(layer.output.height), int(layer.kernel[0])
    needed = _stride(side, out, kernel, padding=1)
    return Recipe(
        needed,
        (
            Way(
                f"a misprint, it seems: the rows print {side}×{side} before and after, which stride 2 keeps with "
                "padding 4 alone",
                _stride(side, out, kernel, padding=4),
            ),
        ),
        note=f"Stride 2 with padding 1 would leave {_side_out(side)}×{_side_out(side)} and "
        f"{with_stride_2():,} Mult-Adds in all, not the 569 million of Tables 4 to 8; stride 1 gives "
        f"{sum(int(closed_form.mult_adds(layer)) for layer in layers_of(V1)):,}.",
        design=V1,
    )


def _stride(side: int, out: int, kernel: int, *, padding: int) -> Amount:
    """(in + 2·padding - kernel) / (out - 1)."""
    reach = amount(side + 2 * padding - kernel)
    made = reach / amount(out - 1)
    return replace(made, text=f"({side} + 2·{padding} - {kernel}) / ({out} - 1)")


def _side_out(side: int) -> int:
    return (side + 2 - 3) // 2 + 1


def with_stride_2() -> int:
    """Mult-Adds of the network with the last depthwise stride as it is printed."""
    published = CATALOGUE["mobilenet_v1"]
    *rows, last, head = published.rows
    assert isinstance(last, DepthwiseSeparable)
    network = replace(published, rows=(*rows, replace(last, s=2), head))
    return sum(int(closed_form.mult_adds(layer)) for layer in network.layers())


def _layers() -> Recipe:
    weighted = [layer for layer in layers_of(V1) if layer.weighted]
    return Recipe(amount(len(weighted), "convolutions and fully connected layers"), design=V1)


TYPES: dict[str, Kind] = {"Conv 1×1": "pw", "Conv DW 3×3": "dw", "Conv 3×3": "conv", "Fully Connected": "fc"}


def table_2() -> Recipes:
    """The shares of Mult-Adds and parameters by type of layer."""
    recipes: Recipes = {}
    for label, kind in TYPES.items():
        recipes[label, "percent_mult_adds"] = partial(_share, kind)
        recipes[label, "percent_params"] = partial(_params_share, kind)
    text = "Conv 1×1, in the text"
    return recipes | {
        (text, "percent_mult_adds"): lambda: _share("pw"),
        (text, "percent_params"): lambda: _params_share("pw"),
    }


def _share(kind: Kind) -> Recipe:
    whole = _total("mult_adds")
    share = kind_mult_adds(V1, kind) / whole
    swap = Way("a misprint, it seems", share, "rounded, its last two digits swapped")
    others = " + ".join(text for name, text in PRINTED_SHARES.items() if name != kind)
    rest = 100 - sum(Fraction(text) for name, text in PRINTED_SHARES.items() if name != kind)
    note = f"The other printed shares leave 100 - ({others}) = {float(rest):.2f} %."
    return Recipe(share, (swap,) if kind == "conv" else (), note=note if kind == "conv" else "", design=V1)


PRINTED_SHARES: dict[Kind, str] = {"pw": "94.86", "dw": "3.06", "conv": "1.19", "fc": "0.18"}
"""Table 2's column of Mult-Adds, in percent."""


def _params_share(kind: Kind) -> Recipe:
    way = Way("without batch norm and biases", kind_weights(V1, kind) / all_weights(V1))
    return Recipe(kind_params(V1, kind) / _total("params"), (way,), design=V1)


def _total(of: str) -> Amount:
    return amount(sum(int(getattr(closed_form, of)(layer)) for layer in layers_of(V1)))


def table_3() -> Recipes:
    """One layer of D_K = 3, M = N = 512, D_F = 14, and what each change leaves of it."""
    steps = {
        "Convolution": (512, 14, False),
        "Depthwise Separable Conv": (512, 14, True),
        "α = 0.75": (384, 14, True),
        "ρ = 0.714": (384, 10, True),
    }
    recipes: Recipes = {}
    for label, (channels, side, separable) in steps.items():
        counted = _layer(channels, separable, side * side)
        filters = _layer(channels, separable, None)
        recipes[label, "million_mult_adds"] = partial(Recipe, counted)
        recipes[label, "million_params"] = partial(Recipe, filters)
    return recipes


def _layer(channels: int, separable: bool, positions: int | None) -> Amount:
    """D_K·D_K·M·N·D_F·D_F of a 3×3 layer with M = N, or the sum of its depthwise and pointwise parts."""
    side = () if positions is None else (round(positions**0.5),) * 2
    if not separable:
        return product(3, 3, channels, channels, *side)
    return product(3, 3, channels, *side) + product(channels, channels, *side)


def recipes() -> Tables:
    """The recipes by table."""
    return {1: table_1(), 2: table_2(), 3: table_3()}
