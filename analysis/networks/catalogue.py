"""The networks multadds knows by name. Adding one is adding its rows here."""

from __future__ import annotations

from functools import partial

from analysis.networks.branches import SqueezeExcite
from analysis.networks.network import Network
from analysis.networks.rounding import DIVISIBLE, TRUNCATED
from analysis.networks.rows import Conv, ConvLast, Dense, DepthwiseSeparable, Head, InvertedResidual, Pool

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

# MobileNetV3's tables print a bottleneck's hidden width ("exp size"); over its input channels that is its own t, as in
# the authors' code. RE and HS are the tables' signs for ReLU and hard-swish.
_V3_SE = SqueezeExcite(gate="hard_sigmoid", squeezes="map")
_re = partial(InvertedResidual, rounded=True, activation="relu")
_hs = partial(InvertedResidual, rounded=True, activation="hard_swish")

MOBILENET_V3_LARGE = Network(
    name="mobilenet_v3_large",
    label="MobileNetV3-Large",
    source="arXiv:1905.02244, Table 1",
    rounding=DIVISIBLE,
    presets=((1.0, 224), (0.75, 224)),
    rows=(
        Conv(16, s=2, activation="hard_swish"),
        _re(16, t=16 / 16),
        _re(24, t=64 / 16, s=2),
        _re(24, t=72 / 24),
        _re(40, t=72 / 24, s=2, k=5, se=_V3_SE),
        _re(40, t=120 / 40, k=5, se=_V3_SE),
        _re(40, t=120 / 40, k=5, se=_V3_SE),
        _hs(80, t=240 / 40, s=2),
        _hs(80, t=200 / 80),
        _hs(80, t=184 / 80),
        _hs(80, t=184 / 80),
        _hs(112, t=480 / 80, se=_V3_SE),
        _hs(112, t=672 / 112, se=_V3_SE),
        _hs(160, t=672 / 112, s=2, k=5, se=_V3_SE),
        _hs(160, t=960 / 160, k=5, se=_V3_SE),
        _hs(160, t=960 / 160, k=5, se=_V3_SE),
        Conv(960, k=1, activation="hard_swish"),
        Head(1000, penultimate=1280, dropout=0.2),
    ),
)

MOBILENET_V3_SMALL = Network(
    name="mobilenet_v3_small",
    label="MobileNetV3-Small",
    source="arXiv:1905.02244, Table 2",
    rounding=DIVISIBLE,
    presets=((1.0, 224), (0.75, 224)),
    rows=(
        Conv(16, s=2, activation="hard_swish"),
        _re(16, t=16 / 16, s=2, se=_V3_SE),
        _re(24, t=72 / 16, s=2),
        _re(24, t=88 / 24),
        _hs(40, t=96 / 24, s=2, k=5, se=_V3_SE),
        _hs(40, t=240 / 40, k=5, se=_V3_SE),
        _hs(40, t=240 / 40, k=5, se=_V3_SE),
        _hs(48, t=120 / 40, k=5, se=_V3_SE),
        _hs(48, t=144 / 48, k=5, se=_V3_SE),
        _hs(96, t=288 / 48, s=2, k=5, se=_V3_SE),
        _hs(96, t=576 / 96, k=5, se=_V3_SE),
        _hs(96, t=576 / 96, k=5, se=_V3_SE),
        Conv(576, k=1, activation="hard_swish"),  # printed with a squeeze-excite; the authors' code has none here
        Head(1000, penultimate=1024, dropout=0.2),  # 1280 in an earlier version of the text
    ),
)

_MNASNET_SE = SqueezeExcite(gate="sigmoid", squeezes="block input")
_mb = partial(InvertedResidual, activation="relu")
_MNASNET_PRINTED = tuple((alpha, side) for alpha in (1.4, 1.0, 0.75, 0.5, 0.35) for side in (224, 192, 160, 128, 96))

MNASNET_A1 = Network(
    name="mnasnet_a1",
    label="MnasNet-A1",
    source="arXiv:1807.11626, Figure 7",
    rounding=DIVISIBLE,
    presets=_MNASNET_PRINTED,
    rows=(
        Conv(32, s=2, activation="relu"),
        _mb(16, t=1, skip=False),  # the figure's SepConv
        _mb(24, n=2, s=2, t=6),
        _mb(40, n=3, s=2, t=3, k=5, se=_MNASNET_SE),
        _mb(80, n=4, s=2, t=6),
        _mb(112, n=2, t=6, se=_MNASNET_SE),
        _mb(160, n=3, s=2, t=6, k=5, se=_MNASNET_SE),
        _mb(320, t=6),
        ConvLast(1280, fixed=True, activation="relu"),  # at α = 1.4 too: the 6.1 M parameters printed need it
        Head(1000, dropout=0.2),
    ),
)

_plain = partial(Conv, activation="relu", batch_norm=False)

VGG16 = Network(
    name="vgg16",
    label="VGG 16",
    source="arXiv:1409.1556, Table 1, column D",
    rounding=TRUNCATED,  # the authors have no multipliers; α thins it as MobileNetV1
    presets=((1.0, 224),),
    rows=(
        _plain(64, n=2),
        Pool("max"),
        _plain(128, n=2),
        Pool("max"),
        _plain(256, n=3),
        Pool("max"),
        _plain(512, n=3),
        Pool("max"),
        _plain(512, n=3),
        Pool("max"),
        Dense(4096),
        Dense(4096, dropout=0.5),
        Head(1000, pooled=False, dropout=0.5),
    ),
)

# Two networks for partial-discharge patterns of 60 × 120 in one channel: a LeNet-style one, and a light one in the
# manner of MobileNetV2 that replaces it. What was published leaves open, and is chosen here: the classes (5 to 7 are
# named); in the first, biases and no batch norm, as LeNet, and α as MobileNetV1's, on all but the last layer; in the
# light one, batch norm, ReLU6, channel rounding and the widest layer under α as MobileNetV2's; dropout in neither.
_PD_CLASSES = 6

PD_LENET = Network(
    name="pd_lenet",
    label="PD-LeNet",
    source="LeNet-style network for partial discharges, 1×60×120",
    rounding=TRUNCATED,
    base=(60, 120),
    in_channels=1,
    presets=((1.0, 60),),
    rows=(
        _plain(32),
        Pool("max"),
        _plain(64),
        Pool("max"),
        _plain(128),
        Pool("max"),
        _plain(256),
        Pool("max"),  # 7×15 to 3×7: the pools leave out a last row or column that fills no window; 256·3·7 = 5376
        Dense(64),
        Dense(32),
        Head(_PD_CLASSES, pooled=False),
    ),
)

PD_LIGHT = Network(
    name="pd_light",
    label="PD-Light",
    source="MobileNetV2-style network for partial discharges, 1×60×120",
    rounding=DIVISIBLE,
    t=6,
    base=(60, 120),
    in_channels=1,
    presets=((1.0, 60),),
    rows=(
        Conv(32, s=2),
        InvertedResidual(16, t=1),
        InvertedResidual(24, n=2, s=2),
        InvertedResidual(32, n=3, s=2),  # 8×15 here and 4×8 below; the 7×15 and 3×7 printed are what pools give
        InvertedResidual(64, n=3, s=2),
        ConvLast(256),
        Head(_PD_CLASSES),
    ),
)

CATALOGUE: dict[str, Network] = {
    network.name: network
    for network in (
        MOBILENET_V2,
        MOBILENET_V3_LARGE,
        MOBILENET_V3_SMALL,
        MOBILENET_V1,
        MOBILENET_V1_FULL_CONV,
        MOBILENET_V1_SHALLOW,
        MNASNET_A1,
        VGG16,
        PD_LENET,
        PD_LIGHT,
    )
}
