"""Recipes of MobileNetV3 (arXiv:1905.02244), Table 3: its own networks and those of this project that it compares with.

Two versions of the text differ: V3-Small's penultimate layer is 1280 wide in the earlier one and 1024 in the later.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.networks import Design, make_design
from analysis.papers.amount import Amount, amount
from analysis.papers.counts import layers_of, mult_adds, params, weights
from analysis.papers.recipe import Recipe, Recipes, Tables, Way

EARLIER, LATER = 1280, 1024

ROWS = {
    "V3-Large 1.0": ("mobilenet_v3_large", 1.0),
    "V3-Large 0.75": ("mobilenet_v3_large", 0.75),
    "MnasNet-A1": ("mnasnet_a1", 1.0),
    "V2 1.0": ("mobilenet_v2", 1.0),
    "V3-Small 1.0": ("mobilenet_v3_small", 1.0),
    "V3-Small 0.75": ("mobilenet_v3_small", 0.75),
    "V2 0.35": ("mobilenet_v2", 0.35),
}
VERSIONS = ("", ", earlier version of the text", ", later version of the text")


def table_3() -> Recipes:
    """Mult-Adds and parameters of each row, in each version of the text that prints one."""
    recipes: Recipes = {}
    for label, (network, alpha) in ROWS.items():
        design = make_design(network, alpha=alpha)
        for quantity, versions in _versions(label).items():
            for version in versions:
                recipes[label + version, quantity] = _recipe(design, quantity)
    return recipes


def _versions(label: str) -> dict[str, tuple[str, ...]]:
    both = VERSIONS[1:]
    of_cost = both if label == "V3-Small 1.0" else VERSIONS[:1]
    return {"million_mult_adds": of_cost, "million_params": both if "Small" in label else VERSIONS[:1]}


def _recipe(design: Design, quantity: str) -> Callable[[], Recipe]:
    counted = quantity == "million_mult_adds"
    plain = mult_adds(design) if counted else params(design)
    ways = [Way("cut off instead of rounded", plain, "cut off")]
    if not counted:
        ways.append(Way("without batch norm and biases, cut off instead of rounded", weights(design), "cut off"))
    if design.network == "mobilenet_v3_small":
        ways.insert(0, Way("with the earlier version's penultimate layer", plain + wider(design, biases=not counted)))
    return lambda: Recipe(plain, tuple(ways), design=design)


def wider(design: Design, *, biases: bool) -> Amount:
    """What 1280 channels instead of 1024 before the classifier add: Mult-Adds, or parameters with ``biases``."""
    last = next(layer for layer in layers_of(design) if layer.kind == "fc" and layer.output.channels == LATER)
    each = int(last.input.channels) + design.classes + biases
    return amount(EARLIER - LATER, "channels more") * amount(each, "for each")


def recipes() -> Tables:
    """The recipes by table."""
    return {3: table_3()}
