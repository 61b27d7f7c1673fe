"""Recipes of MobileNets (arXiv:1704.04861v1), Tables 4 to 9: ImageNet, thinner, smaller and beside other networks."""

from __future__ import annotations

from fractions import Fraction

from analysis.networks import CATALOGUE, Design, make_design
from analysis.networks.reference import REFERENCES
from analysis.papers.amount import Amount, amount, power
from analysis.papers.counts import classifier_mult_adds, design_of, mult_adds, params, reference, weights
from analysis.papers.recipe import Recipe, Recipes, Tables, Way


def design_recipes(label: str, design: Design, *ways: Way, note: str = "") -> Recipes:
    """Mult-Adds and parameters of a design of the catalogue, with the ways to its Mult-Adds and a note on them."""
    return {
        (label, "million_mult_adds"): lambda: Recipe(mult_adds(design), ways, note, design),
        (label, "million_params"): lambda: Recipe(params(design), _params_ways(design), design=design),
    }


def _params_ways(design: Design) -> tuple[Way, ...]:
    return (Way("without batch norm and biases", weights(design)),)


def v1(alpha: float = 1.0, resolution: int = 224, classes: int = 1000) -> Design:
    """MobileNet at one α and resolution."""
    return make_design("mobilenet_v1", alpha=alpha, resolution=resolution, classes=classes)


def scaled(design: Design) -> Way:
    """The figure at 224 px times ρ², which takes the classifier for a layer that shrinks with the map."""
    side = Fraction(design.height, 224)
    at_224 = v1(design.alpha)
    ratio = power(side, 2, f"({design.height}/224)²")
    return Way("the cost at 224 px scaled by ρ², classifier and all", mult_adds(at_224) * ratio)


LAW = "The same law gives every other row of Table 7 as printed. Cut off instead of rounded, the plain figure fits too."


def without_classifier(design: Design) -> Amount:
    """Mult-Adds of all but the fully connected layer."""
    return mult_adds(design) - classifier_mult_adds(design)


def reference_recipes(label: str, name: str, *, counted: tuple[Way, ...] = (), stored: tuple[Way, ...] = ()) -> Recipes:
    """Mult-Adds and parameters of a reference network, with the ways to each."""
    note, design = not_built(name), design_of(name)
    return {
        (label, "million_mult_adds"): lambda: Recipe(reference(name, "mult_adds"), counted, note, design),
        (label, "million_params"): lambda: Recipe(reference(name, "params"), stored, note, design),
    }


def not_built(name: str) -> str:
    """Why a network has no computed figure, or what was chosen to build it; empty where its paper says all."""
    if name not in CATALOGUE and name not in REFERENCES:
        return f"{name} is not built here, so nothing was computed."
    choices = REFERENCES[name].choices if name in REFERENCES else ""
    return f"Chosen here, where the paper leaves it open: {choices}." if choices else ""


def counts_of(name: str) -> tuple[Amount, Amount]:
    """Mult-Adds and parameters of a reference network that is built."""
    counted, stored = reference(name, "mult_adds"), reference(name, "params")
    assert counted is not None
    assert stored is not None
    return counted, stored


def table_4() -> Recipes:
    """MobileNet of full convolutions beside the separable one."""
    full = make_design("mobilenet_v1_full_conv")
    left_out = Way("without the classifier", without_classifier(full))
    return design_recipes("Conv MobileNet", full, left_out) | design_recipes("MobileNet", v1())


def table_5() -> Recipes:
    """A thinner network beside a shallower one."""
    shallow = make_design("mobilenet_v1_shallow")
    return design_recipes("0.75 MobileNet", v1(0.75)) | design_recipes("Shallow MobileNet", shallow)


def table_6() -> Recipes:
    """Width multipliers."""
    recipes: Recipes = {}
    for alpha in (1.0, 0.75, 0.5, 0.25):
        recipes |= design_recipes(f"{alpha} MobileNet-224", v1(alpha))
    return recipes


def table_7() -> Recipes:
    """Resolutions."""
    recipes: Recipes = {}
    for resolution in (224, 192, 160, 128):
        design = v1(1.0, resolution)
        recipes |= design_recipes(f"1.0 MobileNet-{resolution}", design, scaled(design), note=LAW)
    return recipes


VGG_DENSE = ((512, 7, 7, 4096), (4096, 4096), (4096, 1000))
"""The three fully connected layers of VGG 16 (arXiv:1409.1556, Table 1, column D)."""

GOOGLENET_PRINTED = ("2.7", "112", "159", "380", "364", "437", "463", "580", "840", "1072", "1388", "1000")
"""Thousand parameters a row, as printed in arXiv:1409.4842, Table 1."""

GOOGLENET_OPS = ("34", "360", "128", "304", "73", "88", "100", "119", "170", "54", "71", "1")
"""Million operations a row, as printed in arXiv:1409.4842, Table 1."""


def table_8() -> Recipes:
    """Beside GoogLeNet and VGG 16."""
    vgg, vgg_params = counts_of("vgg16")
    mobile = v1()
    dense = _dense_mult_adds()
    convolutions = Way("the three fully connected layers left out, to three digits", vgg - dense, place=2)
    text = "MobileNet against VGG 16, in the text"
    printed = amount(138, "million printed for VGG 16") / amount("4.2", "million for MobileNet")
    return {
        **design_recipes("1.0 MobileNet-224", mobile),
        **_googlenet(),
        **reference_recipes("VGG 16", "vgg16", counted=(convolutions,)),
        (text, "times_smaller"): lambda: Recipe(
            vgg_params / params(mobile), (Way("the printed parameters' ratio", printed, "cut off"),)
        ),
        (text, "times_less_computation"): lambda: Recipe(vgg / mult_adds(mobile)),
    }


def _dense_mult_adds() -> Amount:
    """Mult-Adds of VGG 16's fully connected layers: the product of each one's sides."""
    total = 0
    texts = []
    for sides in VGG_DENSE:
        count = 1
        for side in sides:
            count *= side
        total += count
        texts.append("·".join(map(str, sides)))
    return Amount(Fraction(total), " + ".join(texts), len(texts), True)


def _googlenet() -> Recipes:
    counted, _ = counts_of("googlenet")
    rows = " + ".join(GOOGLENET_PRINTED)
    summed = sum(map(Fraction, GOOGLENET_PRINTED), Fraction()) * 1000
    operations = sum(map(Fraction, GOOGLENET_OPS), Fraction()) * 1_000_000
    listed = Amount(summed, f"({rows}) thousand", 2)
    operated = Amount(operations, f"({' + '.join(GOOGLENET_OPS)}) million", 2)
    return reference_recipes(
        "GoogleNet",
        "googlenet",
        counted=(
            Way("to tens", counted, place=1),
            Way("without the classifier", counted - amount(1_024_000, "of the classifier")),
            Way("the operations that GoogLeNet's own Table 1 prints a row, added up", operated),
        ),
        stored=(Way("the parameters that GoogLeNet's own Table 1 prints a row, added up", listed),),
    )


def table_9() -> Recipes:
    """A smaller MobileNet beside SqueezeNet and AlexNet."""
    half = v1(0.5, 160)
    squeeze, _ = counts_of("squeezenet1_0")
    alex, alex_params = counts_of("alexnet")
    return {
        **design_recipes("0.50 MobileNet-160", half, scaled(half), note=LAW),
        **reference_recipes(
            "Squeezenet",
            "squeezenet1_0",
            counted=(Way("multiply and add counted apart, to two digits", amount(2) * squeeze, place=2),),
        ),
        **reference_recipes(
            "AlexNet",
            "alexnet",
            counted=(Way("to two digits", alex, place=1),),
            stored=(Way("cut off instead of rounded", alex_params, "cut off"),),
        ),
        **_against_alexnet(alex / mult_adds(half), alex_params / params(half)),
        ("0.50 MobileNet-160 against Squeezenet, in the text", "times_less_computation"): lambda: Recipe(
            squeeze / mult_adds(half),
            (Way("the printed Mult-Adds' ratio, one of which counts multiply and add apart", _printed("1700", "76")),),
        ),
    }


def _against_alexnet(computation: Amount, size: Amount) -> Recipes:
    label = "0.50 MobileNet-160 against AlexNet, in the text"
    return {
        (label, "times_smaller"): lambda: Recipe(size, (Way("the printed parameters' ratio", _printed("60", "1.32")),)),
        (label, "times_less_computation"): lambda: Recipe(
            computation, (Way("the printed Mult-Adds' ratio, cut off", _printed("720", "76"), "cut off"),)
        ),
    }


def _printed(above: str, below: str) -> Amount:
    return amount(above, "million") / amount(below, "million")


def recipes() -> Tables:
    """The recipes by table."""
    return {4: table_4(), 5: table_5(), 6: table_6(), 7: table_7(), 8: table_8(), 9: table_9()}
