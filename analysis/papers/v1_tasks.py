"""Recipes of MobileNets (arXiv:1704.04861v1), Tables 10 to 14: dogs, places, face attributes, detection, faces."""

from __future__ import annotations

from functools import partial

from analysis.networks import Design, make_design
from analysis.papers.amount import Amount, amount
from analysis.papers.counts import classifier_params, design_of, mult_adds, params, reference, reference_part
from analysis.papers.recipe import Recipe, Recipes, Tables, Way, both_costs
from analysis.papers.v1_imagenet import counts_of, design_recipes, not_built, v1, without_classifier

DOGS = 120
"""Breeds, and so classes, of Stanford Dogs."""


def table_10() -> Recipes:
    """Stanford Dogs, with 120 classes."""
    recipes: Recipes = {}
    for alpha, resolution in ((1.0, 224), (0.75, 224), (1.0, 192), (0.75, 192)):
        design = v1(alpha, resolution, DOGS)
        thousand = Way("with the 1,000 classes of ImageNet", mult_adds(v1(alpha, resolution)))
        recipes |= design_recipes(f"{alpha} MobileNet-{resolution}", design, thousand)
    return recipes | _inception_v3()


def _inception_v3() -> Recipes:
    label = "Inception V3 [18]"
    counted, stored = counts_of("inception_v3")
    classes = amount(1000 - DOGS, "classes less") * amount(2048, "weights")
    biases = amount(1000 - DOGS, "biases")
    return {
        (label, "million_mult_adds"): lambda: Recipe(
            counted - classes,
            (Way("to one digit", counted - classes, place=3),),
            "Inception V3's own abstract (arXiv:1512.00567) prints 5 billion.",
            design_of("inception_v3"),
        ),
        (label, "million_params"): lambda: Recipe(
            stored - classes - biases,
            (Way("with the 1,000 classes of ImageNet", stored),),
            design=design_of("inception_v3"),
        ),
    }


def table_11() -> Recipes:
    """The table prints accuracies alone; section 4.4 prints what the networks cost."""
    mobile, name = "PlaNet on MobileNet, in the text", "planet_mobilenet_v1"
    body = v1()
    counted = reference(name, "mult_adds")
    slip = () if counted is None else (Way("million printed for billion", counted / amount(1000)),)
    left_out = params(body) - classifier_params(body)
    return {
        ("PlaNet, in the text", "million_params"): lambda: _built("planet_inception_v3", "params"),
        ("PlaNet, in the text", "billion_mult_adds"): lambda: _built("planet_inception_v3", "mult_adds"),
        (mobile, "million_params"): lambda: Recipe(reference(name, "params"), (), not_built(name), design_of(name)),
        (mobile, "million_mult_adds"): lambda: Recipe(counted, slip, not_built(name), design_of(name)),
        ("PlaNet on MobileNet, its body, in the text", "million_params"): lambda: Recipe(left_out, design=body),
        ("PlaNet on MobileNet, its final layer, in the text", "million_params"): lambda: _final_layer(name, left_out),
    }


def _final_layer(name: str, body: Amount) -> Recipe:
    whole = reference(name, "params")
    return Recipe(None if whole is None else whole - body, (), not_built(name), design_of(name))


def table_12() -> Recipes:
    """Face attributes: the body of MobileNet, whose head was not published."""
    recipes: Recipes = {}
    for resolution in (224, 128):
        for alpha in (1.0, 0.5, 0.25):
            recipes |= _face_attributes(alpha, resolution)
    text = "Baseline, in the text"
    slip = Way(
        "ten times the 7.5 million of the table, a slip of the decimal point",
        amount(10) * amount(7_500_000, "parameters of the table"),
    )
    return recipes | {
        ("Baseline", "million_mult_adds"): lambda: _facenet("mult_adds", BASELINE),
        ("Baseline", "million_params"): lambda: _facenet("params", BASELINE),
        (text, "million_mult_adds"): lambda: _facenet("mult_adds", BASELINE),
        (text, "million_params"): lambda: _facenet("params", BASELINE, slip),
    }


BASELINE = "The baseline was not published; computed is FaceNet's NN2, which Table 14 prints with the same figures."


def _facenet(of: str, note: str, *ways: Way) -> Recipe:
    """NN2 of arXiv:1503.03832."""
    counted = reference("facenet_nn2", of)
    digits = () if counted is None or of == "params" else (Way("to two digits", counted, place=2),)
    return Recipe(counted, (*ways, *digits), note, design_of("facenet_nn2"))


CUT = {
    "0.25 MobileNet-224": "Rounded, as most of the table is, a least of 14 or 15 channels would fit as well.",
    "0.5 MobileNet-128": "Most of the table is rounded.",
}
"""What stands against the arithmetic of two cells of Table 12."""


def _face_attributes(alpha: float, resolution: int) -> Recipes:
    """The printed networks have no classifier, and at α = 0.25 no layer of fewer than 16 channels."""
    label, plain = f"{alpha} MobileNet-{resolution}", v1(alpha, resolution)
    wide = make_design("mobilenet_v1", alpha=alpha, resolution=resolution, least_depth=16)
    ways = [_headless("without the classifier", plain)]
    if alpha == 0.25:
        ways.append(_headless("at least 16 channels a layer, without the classifier", wide))
    cut = [Way(f"{way.why}, cut off instead of rounded", way.amount, "cut off") for way in ways]
    left_out = Way("without the classifier", params(plain) - classifier_params(plain))
    return {
        (label, "million_mult_adds"): lambda: Recipe(mult_adds(plain), (*ways, *cut), CUT.get(label, ""), plain),
        (label, "million_params"): lambda: Recipe(params(plain), (left_out,), design=plain),
    }


def _headless(why: str, design: Design) -> Way:
    return Way(why, without_classifier(design))


DETECTORS = {
    "SSD 300, deeplab-VGG": "ssd300_vgg16",
    "SSD 300, Inception V2": "ssd300_inception_v2",
    "SSD 300, MobileNet": "ssd300_mobilenet_v1",
    "Faster-RCNN 300, VGG": "faster_rcnn300_vgg16",
    "Faster-RCNN 300, Inception V2": "faster_rcnn300_inception_v2",
    "Faster-RCNN 300, MobileNet": "faster_rcnn300_mobilenet_v1",
    "Faster-RCNN 600, VGG": "faster_rcnn600_vgg16",
    "Faster-RCNN 600, Inception V2": "faster_rcnn600_inception_v2",
    "Faster-RCNN 600, MobileNet": "faster_rcnn600_mobilenet_v1",
}
"""Table 13's rows and the networks that stand for them."""


def table_13() -> Recipes:
    """Detection on COCO."""
    recipes: Recipes = {}
    for label, name in DETECTORS.items():
        recipes |= both_costs(label, partial(_built, name))
    return recipes


def _built(name: str, of: str) -> Recipe:
    counted = reference(name, of)
    if counted is None:
        return Recipe(None, note=not_built(name))
    ways = [Way("cut off instead of rounded", counted, "cut off")]
    additions = reference_part(name, "bias additions", of)
    if additions is not None and of == "mult_adds":
        ways.append(Way("with the additions of biases", counted + additions))
    return Recipe(counted, tuple(ways), not_built(name), design_of(name))


NN2 = "Which network was distilled is not said; computed is NN2 (arXiv:1503.03832, Table 2)."
EMBEDDING = 128
"""Values of FaceNet's embedding (arXiv:1503.03832)."""


def table_14() -> Recipes:
    """FaceNet is NN2 of arXiv:1503.03832; what the MobileNets end in was not published."""
    rows = {"2: 1.0": (1.0, 160), "3: 1.0": (1.0, 128), "4: 0.75": (0.75, 128), "5: 0.75": (0.75, 128)}
    recipes: Recipes = {}
    for start, (alpha, resolution) in rows.items():
        label = f"{start} MobileNet-{resolution}"
        recipes |= _face(label, alpha, resolution, 160 if start.startswith("4") else None)
    label = "1: FaceNet [25]"
    return recipes | {
        (label, "million_mult_adds"): lambda: _facenet("mult_adds", NN2),
        (label, "million_params"): lambda: _facenet("params", NN2),
    }


def _face(label: str, alpha: float, resolution: int, other: int | None) -> Recipes:
    design = v1(alpha, resolution, EMBEDDING)
    note = "How the network ends was not published; computed with a fully connected layer of 128 values."
    ways = [Way("without the last layer", without_classifier(design))]
    if other is not None:
        fits = v1(alpha, other, EMBEDDING)
        ways.append(Way(f"at {other} px, so that the label is a misprint", mult_adds(fits)))
    return {
        (label, "million_mult_adds"): lambda: Recipe(mult_adds(design), tuple(ways), note, design),
        (label, "million_params"): lambda: Recipe(
            params(design), (Way("with 1,000 classes", params(v1(alpha, resolution))),), note, design
        ),
    }


def recipes() -> Tables:
    """The recipes by table."""
    return {10: table_10(), 11: table_11(), 12: table_12(), 13: table_13(), 14: table_14()}
