"""FaceNet (Schroff, Kalenichenko, Philbin): arXiv:1503.03832, Table 2, the network NN2."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from analysis.networks.reference.parts import Branches, conv_relu, response_norm

EMBEDDING = 128


class Widths(NamedTuple):
    """A line of Table 2: the channels of each convolution; no ``c1`` and no ``pool`` where the stride is 2."""

    c1: int
    c3_reduce: int
    c3: int
    c5_reduce: int
    c5: int
    pool: int

    @property
    def stride(self) -> int:
        return 1 if self.c1 else 2


MODULES = {
    "3a": Widths(64, 96, 128, 16, 32, 32),
    "3b": Widths(64, 96, 128, 32, 64, 64),
    "3c": Widths(0, 128, 256, 32, 64, 0),
    "4a": Widths(256, 96, 192, 32, 64, 128),
    "4b": Widths(224, 112, 224, 32, 64, 128),
    "4c": Widths(192, 128, 256, 32, 64, 128),
    "4d": Widths(160, 144, 288, 32, 64, 128),
    "4e": Widths(0, 160, 256, 64, 128, 0),
    "5a": Widths(384, 192, 384, 48, 128, 128),
    "5b": Widths(384, 192, 384, 48, 128, 128),
}

MAX_POOLED = ("3a", "5b")
"""Modules with a max pool before the projection; the others have an L2 one."""


class FaceNet(nn.Module):
    """NN2, an embedding of length one: [N, 3, 224, 224] → [N, 128].

    Choices, where the paper names none: biases, no batch norm, and GoogLeNet's response normalisation.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv1", conv_relu(3, 64, 7, stride=2, padding=3))
        self.features.add_module("pool1", nn.MaxPool2d(3, 2, padding=1))
        self.features.add_module("norm1", response_norm())
        self.features.add_module("conv2", nn.Sequential(conv_relu(64, 64, 1), conv_relu(64, 192, 3, padding=1)))
        self.features.add_module("norm2", response_norm())
        self.features.add_module("pool2", nn.MaxPool2d(3, 2, padding=1))
        channels = 192
        for name, widths in MODULES.items():
            pool = nn.MaxPool2d(3, 1, padding=1) if name in MAX_POOLED else L2Pool()
            self.features.add_module(f"inception{name}", _inception(channels, widths, pool))
            channels = widths.c1 + widths.c3 + widths.c5 + (widths.pool or channels)
        self.embedding = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, EMBEDDING))

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.normalize(self.embedding(self.features(x)))


class L2Pool(nn.Module):
    """The root of the mean square over 3×3 pixels inside the map, stride 1."""

    def forward(self, x: Tensor) -> Tensor:
        squares = nn.functional.avg_pool2d(x * x, 3, 1, padding=1, count_include_pad=False)
        return (squares + 1e-12).sqrt()  # a root has no slope at zero


def _inception(channels: int, widths: Widths, pool: nn.Module) -> Branches:
    branches: list[nn.Module] = [
        _reduced(channels, widths.c3_reduce, widths.c3, 3, widths.stride),
        _reduced(channels, widths.c5_reduce, widths.c5, 5, widths.stride),
    ]
    if widths.stride == 2:
        return Branches([*branches, nn.MaxPool2d(3, 2, padding=1)])
    return Branches([conv_relu(channels, widths.c1, 1), *branches, _projected(pool, channels, widths.pool)])


def _projected(pool: nn.Module, channels: int, width: int) -> nn.Sequential:
    return nn.Sequential(pool, conv_relu(channels, width, 1))


def _reduced(channels: int, between: int, width: int, kernel: int, stride: int) -> nn.Sequential:
    last = conv_relu(between, width, kernel, stride=stride, padding=kernel // 2)
    return nn.Sequential(conv_relu(channels, between, 1), last)
