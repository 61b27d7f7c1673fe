"""Recipes of MobileNetV2's Table 7: DeepLabv3 at output stride 16, and at 8 over six scales and mirrored.

TensorFlow runs a dilated convolution by cutting its map into as many maps as the dilation squared, for which each side
grows to a multiple of the dilation. The padded positions are computed too: that is most of what the printed figures
have over the network's own Mult-Adds.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from analysis.networks import Design, make_design
from analysis.papers.amount import amount
from analysis.papers.counts import design_of, layers_of, reference
from analysis.papers.recipe import Recipe, Recipes, Way
from analysis.papers.v1_imagenet import not_built

SIDE, CLASSES, WIDTH = 513, 21, 256
SCALES = {16: (1.0,), 8: (0.5, 0.75, 1.0, 1.25, 1.5, 1.75)}
IMAGES = {16: 1, 8: 2}
"""At each scale: the image, and at output stride 8 its mirror image."""

RATES = {16: (6, 12, 18), 8: (12, 24, 36)}
"""Dilations of the three 3×3 convolutions of ASPP."""

ROWS = {
    "MNet V1, OS 16, ASPP": ("deeplabv3_mobilenet_v1", "mobilenet_v1", 1024, 16, True),
    "MNet V1, OS 8, ASPP, MF": ("deeplabv3_mobilenet_v1_os8_multiscale", "mobilenet_v1", 1024, 8, True),
    "MNet V2*, OS 16, ASPP": ("deeplabv3_mobilenet_v2", "mobilenet_v2", 320, 16, True),
    "MNet V2*, OS 8, ASPP, MF": ("deeplabv3_mobilenet_v2_os8_multiscale", "mobilenet_v2", 320, 8, True),
    "MNet V2*, OS 16": ("deeplabv3_mobilenet_v2_no_aspp", "mobilenet_v2", 320, 16, False),
    "MNet V2*, OS 8, MF": ("deeplabv3_mobilenet_v2_no_aspp_os8_multiscale", "mobilenet_v2", 320, 8, False),
    "ResNet-101, OS 16, ASPP": ("deeplabv3_resnet101", "", 2048, 16, True),
    "ResNet-101, OS 8, ASPP, MF": ("deeplabv3_resnet101_os8_multiscale", "", 2048, 8, True),
}
"""The network that stands for each row, its backbone in the catalogue, channels before ASPP, output stride, ASPP."""


def table_7() -> Recipes:
    """Segmentation."""
    recipes: Recipes = {}
    for label, (name, backbone, channels, stride, aspp) in ROWS.items():
        recipes[label, "million_params"] = partial(_params, name)
        recipes[label, "billion_mult_adds"] = partial(_row, name, backbone, channels, stride, aspp)
    return recipes


def _params(name: str) -> Recipe:
    return Recipe(reference(name, "params"), note=not_built(name), design=design_of(name))


def _row(name: str, backbone: str, channels: int, stride: int, aspp: bool) -> Recipe:
    counted = reference(name, "mult_adds")
    if counted is None:
        return Recipe(None, note=not_built(name))
    design = make_design(backbone, resolution=SIDE) if backbone else None
    padded = amount(padded_mult_adds(design, channels, stride, aspp=aspp), "for positions padded to the dilation")
    whole = counted + padded
    resized = whole + amount(upsampled(stride), "for upsampling, one a value")
    why = "Dilated convolutions as TensorFlow runs them, on maps padded to a multiple of the dilation"
    ways = (Way(why, whole), Way(f"{why}, and the upsampled scores", resized))
    return Recipe(counted, ways, not_built(name), design_of(name))


def sides(stride: int) -> Iterator[int]:
    """The side of the last map for each image that is looked at."""
    for scale in SCALES[stride]:
        for _ in range(IMAGES[stride]):
            yield int((SIDE - 1) * scale) // stride + 1


def padded_positions(side: int, rate: int) -> int:
    """Positions that are computed besides the map's own."""
    return int((-(-side // rate) * rate) ** 2 - side**2)


def padded_mult_adds(design: Design | None, channels: int, stride: int, *, aspp: bool) -> int:
    """What padding costs in the backbone's depthwise layers and in ASPP; in ResNet-101's last stages not counted."""
    dilated = [(9 * c, rate) for c, rate in (depthwise(design, stride) if design else ()) if rate > 1]
    dilated += [(9 * channels * WIDTH, rate) for rate in RATES[stride]] if aspp else []
    return sum(weights * padded_positions(side, rate) for weights, rate in dilated for side in sides(stride))


def depthwise(design: Design, stride: int) -> Iterator[tuple[int, int]]:
    """Channels and dilation of each depthwise layer: a stride beyond the output stride dilates what follows instead."""
    reached = rate = 1
    for layer in layers_of(design):
        if layer.kind == "dw":
            yield int(layer.output.channels), rate
        if layer.weighted and layer.kind != "fc":
            if reached * layer.stride > stride:
                rate *= layer.stride
            else:
                reached *= layer.stride


def upsampled(stride: int) -> int:
    """Values of the class scores at the image's size, for every image that is looked at."""
    return CLASSES * SIDE * SIDE * IMAGES[stride] * len(SCALES[stride])
