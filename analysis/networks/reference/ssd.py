"""Single shot detectors on several backbones: SSD (arXiv:1512.02325), SSDLite (arXiv:1801.04381, section 6.2)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from analysis.networks.reference.backbones import body, cut
from analysis.networks.reference.inception_v2 import InceptionV2
from analysis.networks.reference.parts import conv_bn_relu, conv_relu

EXTRA_DEPTHS = (512, 256, 256, 128)
"""Channels of the maps added behind a MobileNet or Inception (arXiv:1611.10012, section 3)."""

ANCHORS = (3, 6, 6, 6, 6, 6)
"""Boxes at each position of each map."""


class Extra(NamedTuple):
    """A map added behind VGG: channels read, of the 1×1 convolution, and of the last one with its kernel and stride."""

    channels: int
    half: int
    depth: int
    kernel: int = 3
    stride: int = 2
    padding: int = 1


_SHARED = (Extra(1024, 256, 512), Extra(512, 128, 256))
VGG_EXTRAS = {
    300: (*_SHARED, *(Extra(256, 128, 256, stride=1, padding=0),) * 2),
    512: (*_SHARED, *(Extra(256, 128, 256),) * 2, Extra(256, 128, 256, kernel=4, stride=1)),
}
"""arXiv:1512.02325, Figure 2 and section 3, by the side of the image in px."""

VGG_ANCHORS = {300: (4, 6, 6, 6, 4, 4), 512: (4, 6, 6, 6, 6, 4, 4)}
"""arXiv:1512.02325, section 3.1: the first map and the last two leave out aspect ratios 3 and 1/3."""


class Sources(NamedTuple):
    """A backbone in stages, each ending with a map that boxes are predicted on, and the channels of those maps."""

    stages: Sequence[nn.Module]
    channels: tuple[int, ...]


class Predictor(nn.Module):
    """Boxes and class scores of one map, a convolution each; a separable one where ``lite``."""

    def __init__(self, channels: int, anchors: int, outputs: int, *, kernel: int, lite: bool) -> None:
        super().__init__()
        self.boxes = _predicting(channels, anchors * 4, kernel, lite=lite)
        self.scores = _predicting(channels, anchors * outputs, kernel, lite=lite)
        self.outputs = outputs

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return _listed(self.boxes(x), 4), _listed(self.scores(x), self.outputs)


class L2Norm(nn.Module):
    """Each position's channels scaled to length one, then by a learned factor a channel: [N, C, H, W] as it came."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.full((channels, 1, 1), 20.0))

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.normalize(x) * self.scale


class SSD(nn.Module):
    """Boxes and scores on six maps: [N, 3, H, W] → ([N, boxes, 4], [N, boxes, outputs])."""

    def __init__(
        self,
        stages: Sequence[nn.Module],
        extras: Sequence[nn.Module],
        predictors: Sequence[nn.Module],
    ) -> None:
        super().__init__()
        self.stages = nn.ModuleList(stages)
        self.extras = nn.ModuleList(extras)
        self.predictors = nn.ModuleList(predictors)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        predicted = []
        for layers, predictor in zip((*self.stages, *self.extras), self.predictors, strict=True):
            x = layers(x)
            predicted.append(predictor(x))
        boxes, scores = zip(*predicted, strict=True)
        return torch.cat(boxes, dim=1), torch.cat(scores, dim=1)


def ssd(*, backbone: str, size: int = 300, outputs: int = 91, kernel: int = 1, lite: bool = False) -> SSD:
    """SSD on ``mobilenet_v1``, ``mobilenet_v2`` or ``inception_v2``, for images of ``size`` px.

    ``outputs`` are the scores a box has: 91 for the background and COCO's label numbers, 81 for its 80 classes.
    ``kernel`` is the side of the predictors. ``lite`` makes them and the added maps depthwise separable, the predictors
    then of 3×3.
    """
    sources = SOURCES[backbone](size)
    extras, channels = [], sources.channels[-1]
    for depth in EXTRA_DEPTHS:
        extras.append(_extra(channels, depth, lite=lite))
        channels = depth
    widths = (*sources.channels, *EXTRA_DEPTHS)
    predictors = [Predictor(c, a, outputs, kernel=kernel, lite=lite) for c, a in zip(widths, ANCHORS, strict=True)]
    return SSD(sources.stages, extras, predictors)


def ssd_vgg(*, size: int = 300, outputs: int = 91) -> SSD:
    """SSD 300 or 512 on VGG 16, whose fully connected layers are two convolutions of 1024 channels, as DeepLab's."""
    extras = VGG_EXTRAS[size]
    widths = (512, 1024, *(extra.depth for extra in extras))
    predictors: list[nn.Module] = [
        Predictor(c, a, outputs, kernel=3, lite=False) for c, a in zip(widths, VGG_ANCHORS[size], strict=True)
    ]
    predictors[0] = nn.Sequential(L2Norm(512), predictors[0])
    return SSD(_vgg_stages(size), [_vgg_extra(extra) for extra in extras], predictors)


def _mobilenet_v1(size: int) -> Sources:
    """The last map of output stride 16 and the last of 32."""
    return Sources(cut(body("mobilenet_v1", size), "separable8_5"), (512, 1024))


def _mobilenet_v2(size: int) -> Sources:
    """The expansion of the first block of output stride 32, and the last layer."""
    return Sources(cut(body("mobilenet_v2", size), "bottleneck7_1.expand"), (576, 1280))


def _inception_v2(size: int) -> Sources:
    """The last map of output stride 16 and the last of 32."""
    return Sources(cut(InceptionV2().features, "inception4d"), (576, 1024))


SOURCES = {"mobilenet_v1": _mobilenet_v1, "mobilenet_v2": _mobilenet_v2, "inception_v2": _inception_v2}


def _vgg_stages(size: int) -> list[nn.Sequential]:
    """conv4_3, on 38×38 of 300 px as the third pool rounds up, and the second layer of 1024 channels, on 19×19."""
    vgg = body("vgg16", size)
    pools = [layer for layer in vgg if isinstance(layer, nn.MaxPool2d)]
    pools[2].ceil_mode = True
    first, rest = cut(nn.Sequential(OrderedDict(list(vgg.named_children())[:-1])), "conv7_3")
    rest.append(nn.MaxPool2d(3, 1, padding=1))
    rest.append(conv_relu(512, 1024, 3, padding=6, dilation=6))
    return [first, rest.append(conv_relu(1024, 1024, 1))]


def _vgg_extra(extra: Extra) -> nn.Sequential:
    last = conv_relu(extra.half, extra.depth, extra.kernel, stride=extra.stride, padding=extra.padding)
    return nn.Sequential(conv_relu(extra.channels, extra.half, 1), last)


def _extra(channels: int, depth: int, *, lite: bool) -> nn.Sequential:
    """A map half as large: a 1×1 convolution to half the depth and a 3×3 one with stride 2."""
    half = depth // 2
    layers = conv_bn_relu(channels, half, 1)
    if not lite:
        return layers.extend(conv_bn_relu(half, depth, 3, stride=2, padding=1))
    return layers.extend(_depthwise(half, stride=2)).extend(conv_bn_relu(half, depth, 1))


def _predicting(channels: int, width: int, kernel: int, *, lite: bool) -> nn.Sequential:
    if lite:
        return _depthwise(channels).append(nn.Conv2d(channels, width, 1))
    return nn.Sequential(nn.Conv2d(channels, width, kernel, padding=kernel // 2))


def _depthwise(channels: int, *, stride: int = 1) -> nn.Sequential:
    return conv_bn_relu(channels, channels, 3, stride=stride, padding=1, groups=channels)


def _listed(maps: Tensor, values: int) -> Tensor:
    """[N, anchors · values, H, W] → [N, H · W · anchors, values]."""
    return maps.permute(0, 2, 3, 1).reshape(maps.shape[0], -1, values)
