"""The networks multadds knows by name. Adding one is adding its rows here."""

from __future__ import annotations

from analysis.networks.network import Network
from analysis.networks.rounding import DIVISIBLE, TRUNCATED
from analysis.networks.rows import Conv, ConvLast, DepthwiseSeparable, Head, InvertedResidual

_V1_RELEASED = tuple((alpha, resolution) for alpha in (1.0, 0.75, 0.5, 0.25) for resolution in (224, 192, 160, 128))
_V2_RELEASED = (
    (1.4, 224),
    (1.3, 224),
    *((alpha, resolution) for alpha in (1.0, 0.75, 0.5, 0.35) for resolution in (224, 192, 160, 128, 96)),
)

MOBILENET_V1 = Network(
    name="mobilenet_v1",
    label="MobileNet",
    source="arXiv:1704.04861, Table 1",
    rounding=TRUNCATED,
    presets=_V1_RELEASED,
    rows=(
        Conv(32, s=2),
        DepthwiseSeparable(64),
        DepthwiseSeparable(128, s=2),
        DepthwiseSeparable(128),
        DepthwiseSeparable(256, s=2),
        DepthwiseSeparable(256),
        DepthwiseSeparable(512, s=2),
        DepthwiseSeparable(512, n=5),
        DepthwiseSeparable(1024, s=2),
        DepthwiseSeparable(1024),  # printed with stride 2; its 7×7 output, 569 M and the authors' code need stride 1
        Head(1000, dropout=0.001),
    ),
)

MOBILENET_V1_FULL_CONV = Network(
    name="mobilenet_v1_full_conv",
    label="Conv MobileNet",
    source="arXiv:1704.04861, Table 4",
    rounding=TRUNCATED,
    presets=((1.0, 224),),
    rows=(
        Conv(32, s=2),
        Conv(64),
        Conv(128, s=2),
        Conv(128),
        Conv(256, s=2),
        Conv(256),
        Conv(512, s=2),
        Conv(512, n=5),
        Conv(1024, s=2),
        Conv(1024),
        Head(1000, dropout=0.001),
    ),
)

MOBILENET_V1_SHALLOW = Network(
    name="mobilenet_v1_shallow",
    label="Shallow MobileNet",
    source="arXiv:1704.04861, Table 5",
    rounding=TRUNCATED,
    presets=((1.0, 224),),
    rows=(
        Conv(32, s=2),
        DepthwiseSeparable(64),
        DepthwiseSeparable(128, s=2),
        DepthwiseSeparable(128),
        DepthwiseSeparable(256, s=2),
        DepthwiseSeparable(256),
        DepthwiseSeparable(512, s=2),  # the five separable layers on 14×14×512 that follow here are left out
        DepthwiseSeparable(1024, s=2),
        DepthwiseSeparable(1024),
        Head(1000, dropout=0.001),
    ),
)

MOBILENET_V2 = Network(
    name="mobilenet_v2",
    label="MobileNetV2",
    source="arXiv:1801.04381, Table 2",
    rounding=DIVISIBLE,
    t=6,
    presets=_V2_RELEASED,
    rows=(
        Conv(32, s=2),
        InvertedResidual(16, t=1),  # its own t: the slider leaves it alone
        InvertedResidual(24, n=2, s=2),
        InvertedResidual(32, n=3, s=2),
        InvertedResidual(64, n=4, s=2),
        InvertedResidual(96, n=3),
        InvertedResidual(160, n=3, s=2),
        InvertedResidual(320),
        ConvLast(1280),
        Head(1000, dropout=0.2),
    ),
)

CATALOGUE: dict[str, Network] = {
    network.name: network for network in (MOBILENET_V2, MOBILENET_V1, MOBILENET_V1_FULL_CONV, MOBILENET_V1_SHALLOW)
}
