"""DeepLabv3 (arXiv:1706.05587) on MobileNets (arXiv:1801.04381, section 6.3) and ResNet-101."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from analysis.networks.reference.backbones import body, cut, dilated
from analysis.networks.reference.parts import conv_bn_relu
from analysis.networks.reference.resnet import OUTPUT, STAGES_101, resnet_features

CLASSES = 21
"""PASCAL VOC: twenty classes and the background."""

WIDTH = 256
RATES = (6, 12, 18)
"""Dilation of the three 3×3 convolutions at output stride 16; twice as much at 8."""

SIDE = 513
SCALES = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75)
"""Of the image, when its prediction is the mean of several."""


class ImagePool(nn.Module):
    """The mean of the map through a 1×1 convolution, at every position again: [N, C, H, W] → [N, WIDTH, H, W]."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = conv_bn_relu(channels, WIDTH, 1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.conv(x.mean(dim=(2, 3), keepdim=True))
        return y.expand(-1, -1, *x.shape[2:])


class DeepLabV3(nn.Module):
    """Class scores of every pixel: [N, 3, H, W] → [N, 21, H, W].

    ``aspp`` adds three dilated 3×3 convolutions to the 1×1 one and the image pool that stand side by side.
    """

    def __init__(self, features: nn.Module, channels: int, *, output_stride: int, aspp: bool) -> None:
        super().__init__()
        self.features = features
        rates = [rate * 16 // output_stride for rate in RATES] if aspp else []
        atrous = [conv_bn_relu(channels, WIDTH, 3, padding=rate, dilation=rate) for rate in rates]
        self.branches = nn.ModuleList([conv_bn_relu(channels, WIDTH, 1), *atrous, ImagePool(channels)])
        self.joined = conv_bn_relu(WIDTH * len(self.branches), WIDTH, 1)
        self.classifier = nn.Conv2d(WIDTH, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        maps = self.features(x)
        maps = torch.cat([branch(maps) for branch in self.branches], dim=1)
        scores: Tensor = self.classifier(self.joined(maps))
        return nn.functional.interpolate(scores, size=x.shape[2:], mode="bilinear", align_corners=True)


class MultiScale(nn.Module):
    """The mean of a network's class probabilities over SCALES of the image, each also mirrored: as it came."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        seen = [self._seen(x, scale) + self._seen(x.flip(-1), scale).flip(-1) for scale in SCALES]
        return torch.stack(seen).mean(dim=0) / 2

    def _seen(self, x: Tensor, scale: float) -> Tensor:
        side = scaled_side(int(x.shape[-1]), scale)
        resized = nn.functional.interpolate(x, size=(side, side), mode="bilinear", align_corners=True)
        probabilities = self.network(resized).softmax(dim=1)
        return nn.functional.interpolate(probabilities, size=x.shape[2:], mode="bilinear", align_corners=True)


def scaled_side(side: int, scale: float) -> int:
    """The side of a scaled image, one more than a multiple of the output stride stays so: 513 px at 0.5 is 257."""
    return int((side - 1) * scale) + 1


def deeplabv3(*, backbone: str, output_stride: int = 16, aspp: bool = True, multi_scale: bool = False) -> nn.Module:
    """DeepLabv3 on ``mobilenet_v1``, ``mobilenet_v2`` or ``resnet101``, with no map coarser than ``output_stride``."""
    features, channels = BACKBONES[backbone]()
    network = DeepLabV3(dilated(features, output_stride), channels, output_stride=output_stride, aspp=aspp)
    return MultiScale(network) if multi_scale else network


def _mobilenet_v1() -> tuple[nn.Module, int]:
    return body("mobilenet_v1", SIDE), 1024


def _mobilenet_v2() -> tuple[nn.Module, int]:
    """To the second last map, of 320 channels."""
    return cut(body("mobilenet_v2", SIDE), "bottleneck8")[0], 320


def _resnet101() -> tuple[nn.Module, int]:
    """With three 3×3 convolutions for the first 7×7 one, as DeepLab's authors released it."""
    return resnet_features(STAGES_101, three=True), OUTPUT


BACKBONES = {"mobilenet_v1": _mobilenet_v1, "mobilenet_v2": _mobilenet_v2, "resnet101": _resnet101}
