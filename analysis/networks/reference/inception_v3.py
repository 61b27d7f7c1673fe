"""Inception V3 (Szegedy, Vanhoucke, Ioffe, Shlens, Wojna): arXiv:1512.00567, Table 1 and Figures 5-7, 10."""

from __future__ import annotations

from torch import Tensor, nn

from analysis.networks.reference.parts import (
    Branches,
    average_pool,
    conv_bn_relu,
    pooled_classifier,
    projected,
    tower,
)

SEVENS = (128, 160, 160, 192)
"""Channels inside the factorised 7×7 towers of the four modules on 17×17 maps."""


class InceptionV3(nn.Module):
    """Eleven inception modules with batch norm: [N, 3, 299, 299] → [N, classes].

    With ``auxiliary``, logits of the auxiliary classifier too, a second [N, classes].

    Choices, where Table 1 leaves them open or differs, are those of the authors' released network: the widths and
    kernels inside the modules, the stem's second halving after 192 channels by a pool where Table 1 prints a strided
    convolution of 80 to 192. Auxiliary classifier only where asked for: as at inference, its logits go nowhere.
    """

    def __init__(self, *, classes: int = 1000, auxiliary: bool = False) -> None:
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv1", conv_bn_relu(3, 32, 3, stride=2))
        self.features.add_module("conv2", conv_bn_relu(32, 32, 3))
        self.features.add_module("conv3", conv_bn_relu(32, 64, 3, padding=1))
        self.features.add_module("pool1", nn.MaxPool2d(3, 2))
        self.features.add_module("conv4", conv_bn_relu(64, 80, 1))
        self.features.add_module("conv5", conv_bn_relu(80, 192, 3))
        self.features.add_module("pool2", nn.MaxPool2d(3, 2))
        for number, (channels, pool) in enumerate([(192, 32), (256, 64), (288, 64)], start=1):
            self.features.add_module(f"inception35_{number}", _fives(channels, pool))
        self.features.add_module("reduction17", _reduction17(288))
        for number, width in enumerate(SEVENS, start=1):
            self.features.add_module(f"inception17_{number}", _sevens(768, width))
        self.features.add_module("reduction8", _reduction8(768))
        for number, channels in enumerate([1280, 2048], start=1):
            self.features.add_module(f"inception8_{number}", _wide(channels))
        self.classifier = pooled_classifier(2048, classes=classes, dropout=0.2)
        self.auxiliary = Auxiliary(768, classes) if auxiliary else None

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        if self.auxiliary is None:
            logits: Tensor = self.classifier(self.features(x))
            return logits
        fine = self.features[: self._reduction](x)
        return self.classifier(self.features[self._reduction :](fine)), self.auxiliary(fine)

    @property
    def _reduction(self) -> int:
        """Which of the features reads the map of the auxiliary classifier."""
        return [name for name, _ in self.features.named_children()].index("reduction8")


class Auxiliary(nn.Sequential):
    """The classifier on the last 17×17 map, as released (the paper's Figure 8): [N, C, 17, 17] → [N, classes]."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__(
            nn.AvgPool2d(5, 3),
            conv_bn_relu(channels, 128, 1),
            conv_bn_relu(128, 768, 5),
            nn.Flatten(),
            nn.Linear(768, classes),
        )


def _fives(channels: int, pool: int) -> Branches:
    return Branches(
        [
            tower(channels, (64, 1)),
            tower(channels, (48, 1), (64, 5)),
            tower(channels, (64, 1), (96, 3), (96, 3)),
            projected(average_pool(), channels, pool),
        ]
    )


def _reduction17(channels: int) -> Branches:
    return Branches(
        [
            tower(channels, (384, 3), stride=2, valid=True),
            tower(channels, (64, 1), (96, 3), (96, 3), stride=2, valid=True),
            nn.MaxPool2d(3, 2),
        ]
    )


def _sevens(channels: int, width: int) -> Branches:
    """A 7×7 convolution is 1×7 and 7×1, one after the other."""
    row, column = (1, 7), (7, 1)
    return Branches(
        [
            tower(channels, (192, 1)),
            tower(channels, (width, 1), (width, row), (192, column)),
            tower(channels, (width, 1), (width, column), (width, row), (width, column), (192, row)),
            projected(average_pool(), channels, 192),
        ]
    )


def _reduction8(channels: int) -> Branches:
    return Branches(
        [
            tower(channels, (192, 1), (320, 3), stride=2, valid=True),
            tower(channels, (192, 1), (192, (1, 7)), (192, (7, 1)), (192, 3), stride=2, valid=True),
            nn.MaxPool2d(3, 2),
        ]
    )


def _wide(channels: int) -> Branches:
    """On the coarsest map, the last 3×3 is 1×3 and 3×1 side by side."""
    return Branches(
        [
            tower(channels, (320, 1)),
            nn.Sequential(tower(channels, (384, 1)), _row_and_column(384)),
            nn.Sequential(tower(channels, (448, 1), (384, 3)), _row_and_column(384)),
            projected(average_pool(), channels, 192),
        ]
    )


def _row_and_column(channels: int) -> Branches:
    return Branches([tower(channels, (384, (1, 3))), tower(channels, (384, (3, 1)))])
