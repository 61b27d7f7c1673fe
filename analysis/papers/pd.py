"""Recipes of the partial-discharge networks: file sizes and maps, input 1×60×120."""

from __future__ import annotations

from analysis.networks import Design, make_design
from analysis.papers.amount import Amount, amount
from analysis.papers.counts import batch_norm_params, layers_of, params, weights
from analysis.papers.recipe import Recipe, Recipes, Shape, Tables, Way

CLASSES = 5
"""Of the 5 to 7 classes that are named, the fewest."""

SINGLE, DOUBLE = amount(4, "bytes a value"), amount(8, "bytes a value")
LENET = make_design("pd_lenet", classes=CLASSES, resolution="60x120", in_channels=1)
LIGHT = make_design("pd_light", classes=CLASSES, resolution="60x120", in_channels=1)


def figures() -> Recipes:
    """Sizes, their ratio and the maps."""
    light, lenet = "MobileNetV2-style network", "LeNet-style network"
    ratio = (params(LIGHT) * SINGLE) / (params(LENET) * SINGLE)
    printed = amount("1.62", "MB printed") / amount("5.54", "MB printed")
    return {
        (lenet, "megabytes"): lambda: Recipe(params(LENET) * SINGLE, _sizes(LENET), design=LENET),
        (light, "megabytes"): lambda: Recipe(params(LIGHT) * SINGLE, _sizes(LIGHT), design=LIGHT),
        ("MobileNetV2-style against LeNet-style", "percent_size"): lambda: Recipe(
            ratio, (Way("the printed sizes' ratio", printed),)
        ),
        **_maps(light),
    }


def _sizes(design: Design) -> tuple[Way, ...]:
    """Bytes a value, running statistics and what a megabyte is."""
    stored = params(design)
    running = stored + amount(batch_norm_params(design).value, "running means and variances")
    without = weights(design)
    return (
        Way("64-bit values, running statistics left out", stored * DOUBLE),
        Way("64-bit values with running statistics", running * DOUBLE),
        Way("64-bit weights alone", without * DOUBLE),
        Way("64-bit values, in MiB", _in_mib(stored * DOUBLE)),
        Way("64-bit values with running statistics, in MiB", _in_mib(running * DOUBLE)),
        Way("64-bit weights alone, in MiB", _in_mib(without * DOUBLE)),
        Way("32-bit values in MiB", _in_mib(stored * SINGLE)),
        Way("32-bit values and two moments an optimiser keeps of each", stored * SINGLE * amount(3)),
    )


def _in_mib(size: Amount) -> Amount:
    return size * amount(1_000_000) / amount(2**20)


def _maps(light: str) -> Recipes:
    """The light network's maps behind 15×30, and those that 2×2 pools give."""
    maps = list(dict.fromkeys((int(layer.output.height), int(layer.output.width)) for layer in layers_of(LIGHT)))
    third, fourth = maps[2:4]
    pooled = [(15 // 2, 30 // 2), (15 // 4, 30 // 4)]
    return {
        (f"{light}, map after 15×30", "feature_map"): lambda: _map(third, (15, 30), pooled[0]),
        (f"{light}, map after 7×15", "feature_map"): lambda: _map(fourth, (7, 15), pooled[1]),
    }


def _map(own: tuple[int, int], before: tuple[int, int], pooled: tuple[int, int]) -> Recipe:
    height, width = before
    why = f"2×2 pools, as in the LeNet-style network, or no padding at the end: ⌊{height}/2⌋×⌊{width}/2⌋"
    note = f"A 3×3 convolution of stride 2 with padding 1 rounds up: ⌈{height}/2⌉×⌈{width}/2⌉."
    return Recipe(f"{own[0]}×{own[1]}", shapes=(Shape(why, f"{pooled[0]}×{pooled[1]}"),), note=note, design=LIGHT)


def recipes() -> Tables:
    """The recipes; these figures are in no numbered table."""
    return {None: figures()}
