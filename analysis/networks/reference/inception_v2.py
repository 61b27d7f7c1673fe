"""Inception V2, also BN-Inception (Ioffe, Szegedy): arXiv:1502.03167, Figure 5."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from analysis.networks.reference.parts import (
    Branches,
    average_pool,
    conv_bn_relu,
    pooled_classifier,
    projected,
    tower,
)


class Widths(NamedTuple):
    """A line of Figure 5: the channels of each convolution; no ``c1`` and no ``pool`` where the stride is 2."""

    c1: int
    c3_reduce: int
    c3: int
    double_reduce: int
    double: int
    pool: int


MODULES = {
    "3a": Widths(64, 64, 64, 64, 96, 32),
    "3b": Widths(64, 64, 96, 64, 96, 64),
    "3c": Widths(0, 128, 160, 64, 96, 0),
    "4a": Widths(224, 64, 96, 96, 128, 128),
    "4b": Widths(192, 96, 128, 96, 128, 128),
    "4c": Widths(160, 128, 160, 128, 160, 96),
    "4d": Widths(96, 128, 192, 160, 192, 96),
    "4e": Widths(0, 128, 192, 192, 256, 0),
    "5a": Widths(352, 192, 320, 160, 224, 128),
    "5b": Widths(352, 192, 320, 192, 224, 128),
}
"""Figure 5; the pools of 4c and 4d are printed 128 wide, which their printed 576 output channels do not allow."""

MULTIPLIER = 8
"""Depthwise filters of the first convolution for each channel of the image."""


class InceptionV2(nn.Module):
    """Ten inception modules with batch norm, 5×5 as two 3×3: [N, 3, 224, 224] → [N, 1000].

    The first convolution is depthwise separable with multiplier 8, as the paper's appendix says, with a batch norm
    after its pointwise part alone. Choices: 4c and 4d put out the printed 576 channels by a pool projection of 96,
    as in the authors' released network; no auxiliary classifiers.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv1", _separable())
        self.features.add_module("pool1", nn.MaxPool2d(3, 2, padding=1))
        self.features.add_module("conv2", tower(64, (64, 1), (192, 3)))
        self.features.add_module("pool2", nn.MaxPool2d(3, 2, padding=1))
        channels = 192
        for name, widths in MODULES.items():
            module = _inception(channels, widths, last=name == "5b") if widths.c1 else _reduction(channels, widths)
            self.features.add_module(f"inception{name}", module)
            kept = widths.c1 + widths.pool if widths.c1 else channels
            channels = kept + widths.c3 + widths.double
        self.classifier = pooled_classifier(channels, dropout=0.2)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.features(x))
        return logits


def _separable() -> nn.Sequential:
    depthwise = nn.Conv2d(3, 3 * MULTIPLIER, 7, 2, padding=3, groups=3, bias=False)
    return nn.Sequential(depthwise, conv_bn_relu(3 * MULTIPLIER, 64, 1))


def _inception(channels: int, widths: Widths, *, last: bool) -> Branches:
    pool = nn.MaxPool2d(3, 1, padding=1) if last else average_pool()
    return Branches(
        [
            tower(channels, (widths.c1, 1)),
            tower(channels, (widths.c3_reduce, 1), (widths.c3, 3)),
            tower(channels, (widths.double_reduce, 1), (widths.double, 3), (widths.double, 3)),
            projected(pool, channels, widths.pool),
        ]
    )


def _reduction(channels: int, widths: Widths) -> Branches:
    return Branches(
        [
            tower(channels, (widths.c3_reduce, 1), (widths.c3, 3), stride=2),
            tower(channels, (widths.double_reduce, 1), (widths.double, 3), (widths.double, 3), stride=2),
            nn.MaxPool2d(3, 2, padding=1),
        ]
    )
