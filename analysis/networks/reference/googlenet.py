"""GoogLeNet (Szegedy and others): arXiv:1409.4842, Table 1 and Figure 3."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from analysis.networks.reference.parts import Branches, conv_relu, pooled_classifier, response_norm


class Widths(NamedTuple):
    """A line of Table 1: the channels of each convolution of an inception module."""

    c1: int
    c3_reduce: int
    c3: int
    c5_reduce: int
    c5: int
    pool_proj: int

    @property
    def output(self) -> int:
        return self.c1 + self.c3 + self.c5 + self.pool_proj


MODULES = {
    "3a": Widths(64, 96, 128, 16, 32, 32),
    "3b": Widths(128, 128, 192, 32, 96, 64),
    "4a": Widths(192, 96, 208, 16, 48, 64),
    "4b": Widths(160, 112, 224, 24, 64, 64),
    "4c": Widths(128, 128, 256, 24, 64, 64),
    "4d": Widths(112, 144, 288, 32, 64, 64),
    "4e": Widths(256, 160, 320, 32, 128, 128),
    "5a": Widths(256, 160, 320, 32, 128, 128),
    "5b": Widths(384, 192, 384, 48, 128, 128),
}
"""Table 1; a 3×3 max pool with stride 2 stands before 3a, 4a and 5a."""


class GoogLeNet(nn.Module):
    """Nine inception modules with 5×5 branches, biases, no batch norm: [N, 3, 224, 224] → [N, 1000].

    Choices: the two auxiliary classifiers are left out, for the paper discards them at inference and Table 1 does not
    list them. The constants of the response normalisation are AlexNet's, the paper names none. Pools round up, so
    that the maps are Table 1's. The first convolution is a full 7×7 one, as described; Table 1 prints for it the
    2.7K parameters and 34M operations of a depthwise separable one with multiplier 8 (7·7·3·8 + 3·8·64 weights).
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv1", conv_relu(3, 64, 7, stride=2, padding=3))
        self.features.add_module("pool1", _pool())
        self.features.add_module("norm1", response_norm())
        self.features.add_module("conv2", nn.Sequential(conv_relu(64, 64, 1), conv_relu(64, 192, 3, padding=1)))
        self.features.add_module("norm2", response_norm())
        channels = 192
        for name, widths in MODULES.items():
            if name.endswith("a"):
                self.features.add_module(f"pool{int(name[0]) - 1}", _pool())
            self.features.add_module(f"inception{name}", _inception(channels, widths))
            channels = widths.output
        self.classifier = pooled_classifier(channels, dropout=0.4)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.features(x))
        return logits


def _pool() -> nn.MaxPool2d:
    return nn.MaxPool2d(3, 2, ceil_mode=True)


def _inception(channels: int, widths: Widths) -> Branches:
    return Branches(
        [
            conv_relu(channels, widths.c1, 1),
            nn.Sequential(
                conv_relu(channels, widths.c3_reduce, 1), conv_relu(widths.c3_reduce, widths.c3, 3, padding=1)
            ),
            nn.Sequential(
                conv_relu(channels, widths.c5_reduce, 1), conv_relu(widths.c5_reduce, widths.c5, 5, padding=2)
            ),
            nn.Sequential(nn.MaxPool2d(3, 1, padding=1), conv_relu(channels, widths.pool_proj, 1)),
        ]
    )
