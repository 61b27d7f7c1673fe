"""ShuffleNet, the first version (Zhang, Zhou, Lin, Sun): arXiv:1707.01083, Table 1 and Figure 2, g = 3 groups."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from analysis.networks.reference.parts import conv_bn, conv_bn_relu, pooled_classifier

GROUPS = 3
STAGES = {"stage2": (240, 4), "stage3": (480, 8), "stage4": (960, 4)}
"""Output channels at scale 1 and number of units of each stage; the first unit of a stage has stride 2."""


class Shuffle(nn.Module):
    """Deals the channels of each group out over all groups."""

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, x: Tensor) -> Tensor:
        batch, channels, height, width = x.shape
        grouped = x.reshape(batch, self.groups, channels // self.groups, height, width)
        return grouped.transpose(1, 2).reshape(x.shape)


class Unit(nn.Module):
    """A ShuffleNet unit, Figure 2 (b), or with stride 2, Figure 2 (c): pooled input and residual side by side."""

    def __init__(self, channels: int, width: int, *, stride: int, first_groups: int = GROUPS) -> None:
        super().__init__()
        bottleneck = width // 4
        added = width - channels if stride == 2 else width
        self.residual = nn.Sequential(
            conv_bn_relu(channels, bottleneck, 1, groups=first_groups),
            Shuffle(GROUPS),
            conv_bn(bottleneck, bottleneck, 3, stride=stride, padding=1, groups=bottleneck),
            conv_bn(bottleneck, added, 1, groups=GROUPS),
        )
        self.pool = nn.AvgPool2d(3, 2, padding=1) if stride == 2 else None

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.residual(x)
        y = x + y if self.pool is None else torch.cat([self.pool(x), y], dim=1)
        return y.relu()


class ShuffleNet(nn.Module):
    """ShuffleNet at a scale, g = 3: [N, 3, 224, 224] → [N, 1000].

    The bottleneck is a quarter of a unit's output. The first pointwise convolution of stage 2 is not grouped, its
    input is too narrow.

    Choices are those of the authors' released networks: no biases, the classifier's neither; the first convolution
    (``stem``) has 24 channels at 1.5×, as at 1×, where Table 1 times the scale would be 36, and 48 at 2×. With these
    the costs the authors print, 292 M and 524 M, come out.
    """

    def __init__(self, scale: float, *, stem: int) -> None:
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv1", conv_bn_relu(3, stem, 3, stride=2, padding=1))
        self.features.add_module("maxpool", nn.MaxPool2d(3, 2, padding=1))
        channels = stem
        for name, (width, units) in STAGES.items():
            stage = nn.Sequential()
            for unit in range(units):
                width_here, stride = int(width * scale), 2 if unit == 0 else 1
                first_groups = 1 if (name, unit) == ("stage2", 0) else GROUPS
                stage.append(Unit(channels, width_here, stride=stride, first_groups=first_groups))
                channels = width_here
            self.features.add_module(name, stage)
        self.classifier = pooled_classifier(channels, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.features(x))
        return logits


class ShuffleNet1_5x(ShuffleNet):  # noqa: N801 - the paper's name of the scale
    """ShuffleNet 1.5×: 360, 720 and 1440 channels."""

    def __init__(self) -> None:
        super().__init__(1.5, stem=24)


class ShuffleNet2x(ShuffleNet):
    """ShuffleNet 2×: 480, 960 and 1920 channels."""

    def __init__(self) -> None:
        super().__init__(2, stem=48)
