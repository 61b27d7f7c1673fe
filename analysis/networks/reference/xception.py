"""Xception (Chollet): arXiv:1610.02357, Figure 5."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from analysis.networks.reference.parts import conv_bn, conv_bn_relu, pooled_classifier

MIDDLE_BLOCKS = 8


class Block(nn.Module):
    """ReLU and separable convolution, some times, and a max pool where it halves the map; the input is added.

    The first block of the network has no ReLU at its start.
    """

    def __init__(self, channels: int, widths: Sequence[int], *, halves: bool, starts_with_relu: bool = True) -> None:
        super().__init__()
        self.shortcut = conv_bn(channels, widths[-1], 1, stride=2) if halves else nn.Identity()
        self.residual = nn.Sequential()
        for number, width in enumerate(widths):
            if number > 0 or starts_with_relu:
                self.residual.append(nn.ReLU())
            self.residual.append(separable(channels, width))
            channels = width
        if halves:
            self.residual.append(nn.MaxPool2d(3, 2, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.residual(x) + self.shortcut(x)
        return y


def separable(channels: int, width: int) -> nn.Sequential:
    """A depthwise 3×3 and a pointwise convolution, nothing between them, then batch norm."""
    depthwise = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False)
    return nn.Sequential(depthwise, conv_bn(channels, width, 1))


class Xception(nn.Module):
    """Entry, middle and exit flow of 36 convolutions: [N, 3, 299, 299] → [N, 1000].

    Choices are those of the author's released network: the first two convolutions have no padding, no fully
    connected layers before the classifier.
    """

    def __init__(self) -> None:
        super().__init__()
        self.entry = nn.Sequential(
            conv_bn_relu(3, 32, 3, stride=2),
            conv_bn_relu(32, 64, 3),
            Block(64, (128, 128), halves=True, starts_with_relu=False),
            Block(128, (256, 256), halves=True),
            Block(256, (728, 728), halves=True),
        )
        self.middle = nn.Sequential(*(Block(728, (728, 728, 728), halves=False) for _ in range(MIDDLE_BLOCKS)))
        self.exit = nn.Sequential(
            Block(728, (728, 1024), halves=True),
            *(separable(1024, 1536), nn.ReLU()),
            *(separable(1536, 2048), nn.ReLU()),
        )
        self.classifier = pooled_classifier(2048)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.exit(self.middle(self.entry(x))))
        return logits
