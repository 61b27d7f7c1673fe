"""Recipes of MobileNetV2 (arXiv:1801.04381), Tables 4 to 7: ImageNet and detection; segmentation has its own."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from analysis.cost.terms import TERMS
from analysis.networks import Design, Rounding, make_design
from analysis.papers.amount import Amount, amount, power
from analysis.papers.counts import (
    classifier_params,
    design_of,
    layers_of,
    mult_adds,
    params,
    reference,
    reference_part,
    weights,
)
from analysis.papers.recipe import Recipe, Recipes, Tables, Way, both_costs
from analysis.papers.segmentation import table_7
from analysis.papers.v1_imagenet import not_built, reference_recipes, v1, without_classifier


def v2(alpha: float = 1.0, resolution: int = 224) -> Design:
    """MobileNetV2 at one α and resolution."""
    return make_design("mobilenet_v2", alpha=alpha, resolution=resolution)


def table_4() -> Recipes:
    """ImageNet."""
    return {
        **_design("MobileNetV1", v1(), _v1_ways(v1())),
        **reference_recipes("ShuffleNet (1.5)", "shufflenet_1_5x"),
        **reference_recipes("ShuffleNet (x2)", "shufflenet_2x"),
        **reference_recipes("NasNet-A", "nasnet_a_mobile"),
        **_design("MobileNetV2", v2(), (_cut(v2()),)),
        **_design("MobileNetV2 (1.4)", v2(1.4), _wider_ways()),
        **_design("least cost of section 4, in the text", v2(0.35, 96), _smallest_ways()),
    }


def _design(label: str, design: Design, ways: tuple[Way, ...]) -> Recipes:
    return {
        (label, "million_mult_adds"): lambda: Recipe(mult_adds(design), ways, design=design),
        (label, "million_params"): lambda: Recipe(params(design), _params_ways(design), _caveat(design), design),
    }


def _cut(design: Design) -> Way:
    return Way("cut off instead of rounded", mult_adds(design), "cut off")


def _params_ways(design: Design) -> tuple[Way, ...]:
    without = weights(design)
    ways = [Way("without batch norm and biases, cut off instead of rounded", without, "cut off")]
    if design.alpha > 1:
        ways.append(Way("scaled by α² from α = 1, as if every layer grew so", _scaled(params(v2()), design)))
    return tuple(ways)


def _caveat(design: Design) -> str:
    """What the same law would give for the Mult-Adds."""
    if design.alpha <= 1:
        return ""
    law = _scaled(mult_adds(v2()), design).value / 1_000_000
    return f"The same law gives {float(law):.1f} million Mult-Adds, not the 585 printed; the release notes print 6.06."


def _scaled(at_one: Amount, design: Design) -> Amount:
    return at_one * power(Fraction(str(design.alpha)), 2, f"{design.alpha:g}²")


def _v1_ways(design: Design) -> tuple[Way, ...]:
    elements = sum(int(TERMS["batch_norm"].of(layer)) for layer in layers_of(design))
    return (
        Way("with one operation an element for batch norm", mult_adds(design) + amount(elements, "elements")),
        Way("without the classifier", without_classifier(design)),
    )


OTHER_ROUNDINGS = {
    "the nearest integer": Rounding(divisor=1, nearest=True),
    "the integer below": Rounding(divisor=1),
    "the nearest multiple of 4": Rounding(divisor=4, nearest=True),
    "the nearest multiple of 16": Rounding(divisor=16, nearest=True),
    "the nearest multiple of 32": Rounding(divisor=32, nearest=True),
    "the multiple of 8 below": Rounding(divisor=8),
}
"""Channel roundings that are not the authors' own."""


def _wider_ways() -> tuple[Way, ...]:
    design = v2(1.4)
    return (
        Way("scaled by α² from α = 1", _scaled(mult_adds(v2()), design)),
        Way("the 300 million printed for α = 1, scaled by α²", _scaled(amount(300_000_000), design)),
        *(Way(f"channels to {why}", mult_adds(design.with_(rounding=rule))) for why, rule in OTHER_ROUNDINGS.items()),
        Way("without the classifier", without_classifier(design)),
    )


def _smallest_ways() -> tuple[Way, ...]:
    return (_cut(v2(0.35, 96)), Way("without the classifier", without_classifier(v2(0.35, 96))))


def table_5() -> Recipes:
    """Prediction layers on MobileNetV2 for 80 classes: a detector less its backbone."""
    return _heads("SSD", "ssd320_mobilenet_v2") | _heads("SSDLite", "ssdlite320_mobilenet_v2")


def _heads(label: str, name: str) -> Recipes:
    body = v2(resolution=320)
    left_out = params(body) - classifier_params(body)
    return {
        (label, "million_params"): lambda: _less(name, "params", left_out),
        (label, "billion_mult_adds"): lambda: _less(name, "mult_adds", without_classifier(body)),
    }


def _less(name: str, of: str, body: Amount) -> Recipe:
    """A detector less its backbone; the whole detector is the other way to read the table."""
    whole = reference(name, of)
    if whole is None:
        return Recipe(None, note=not_built(name))
    head = whole - body
    ways = [
        Way("cut off instead of rounded", head, "cut off"),
        Way("multiply and add counted apart", amount(2) * head),
        Way("with the backbone", whole),
    ]
    without_background = reference_part(name, "heads, 80 scores", of)
    if without_background is not None:
        why = "with 80 scores a box, none for the background"
        ways.append(Way(why, without_background))
        if of == "mult_adds":
            ways.append(Way(f"{why}, multiply and add counted apart", amount(2) * without_background))
    return Recipe(head, tuple(ways), not_built(name), design_of(name))


def _built(name: str, of: str, *ways: Way) -> Recipe:
    return Recipe(reference(name, of), ways, not_built(name), design_of(name))


DETECTORS = {
    "SSD300": "ssd300_vgg16",
    "SSD512": "ssd512_vgg16",
    "YOLOv2": "yolov2",
    "MNet V1 + SSDLite": "ssdlite320_mobilenet_v1",
    "MNet V2 + SSDLite": "ssdlite320_mobilenet_v2",
}
"""Table 6's rows and the networks that stand for them."""


def table_6() -> Recipes:
    """Detection on COCO."""
    recipes: Recipes = {}
    for label, name in DETECTORS.items():
        recipes |= both_costs(label, partial(_built, name))
    text = "MNet V2 + SSDLite against YOLOv2, in the text"
    note = "yolov2 is not built here, so nothing was computed."
    faster, smaller = (amount(above) / amount(below) for above, below in (("17.5", "0.8"), ("50.7", "4.3")))
    return recipes | {
        (text, "times_less_computation"): lambda: Recipe(
            None, (Way("the printed Mult-Adds' ratio, to tens", faster, place=1),), note
        ),
        (text, "times_smaller"): lambda: Recipe(
            None, (Way("the printed parameters' ratio, to tens", smaller, place=1),), note
        ),
    }


def recipes() -> Tables:
    """The recipes by table."""
    return {4: table_4(), 5: table_5(), 6: table_6(), 7: table_7()}
