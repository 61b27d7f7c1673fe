"""ResNet-50 and the body of ResNet-101 (He, Zhang, Ren, Sun): arXiv:1512.03385, Table 1 and Figure 5."""

from __future__ import annotations

from torch import Tensor, nn

from analysis.networks.reference.parts import conv_bn, conv_bn_relu, pooled_classifier

STAGES = {"conv2_x": (64, 3), "conv3_x": (128, 4), "conv4_x": (256, 6), "conv5_x": (512, 3)}
"""Width of the 3×3 convolutions and number of blocks of each stage; outputs are four times as wide."""

STAGES_101 = STAGES | {"conv4_x": (256, 23)}
OUTPUT = 4 * 512
"""Channels of the last stage."""


class Bottleneck(nn.Module):
    """1×1, 3×3 and 1×1 convolutions; the shortcut is a 1×1 convolution where size or channels change."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.residual = nn.Sequential(
            conv_bn_relu(channels, width, 1, stride=stride),
            conv_bn_relu(width, width, 3, padding=1),
            conv_bn(width, 4 * width, 1),
        )
        same = stride == 1 and channels == 4 * width
        self.shortcut = nn.Identity() if same else conv_bn(channels, 4 * width, 1, stride=stride)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.residual(x) + self.shortcut(x)
        return y.relu()


class ResNet50(nn.Module):
    """Sixteen bottleneck blocks: [N, 3, 224, 224] → [N, 1000].

    Choice: the stride of a stage is in its first 1×1 convolution, as published; many later versions have it in the
    3×3 one, at the same parameters and 0.23 billion Mult-Adds more.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = resnet_features(STAGES)
        self.classifier = pooled_classifier(OUTPUT)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.features(x))
        return logits


def resnet_features(stages: dict[str, tuple[int, int]], *, three: bool = False) -> nn.Sequential:
    """A bottleneck ResNet without its classifier: [N, 3, H, W] → [N, 2048, H/32, W/32].

    Its first convolution is 7×7, or ``three`` of 3×3 with 64, 64 and 128 channels.
    """
    features = nn.Sequential()
    features.add_module("conv1", _three() if three else conv_bn_relu(3, 64, 7, stride=2, padding=3))
    features.add_module("pool", nn.MaxPool2d(3, 2, padding=1))
    channels = 128 if three else 64
    for name, (width, blocks) in stages.items():
        stage = nn.Sequential()
        for block in range(blocks):
            stride = 2 if block == 0 and name != "conv2_x" else 1
            stage.append(Bottleneck(channels, width, stride))
            channels = 4 * width
        features.add_module(name, stage)
    return features


def _three() -> nn.Sequential:
    return nn.Sequential(
        conv_bn_relu(3, 64, 3, stride=2, padding=1),
        conv_bn_relu(64, 64, 3, padding=1),
        conv_bn_relu(64, 128, 3, padding=1),
    )
