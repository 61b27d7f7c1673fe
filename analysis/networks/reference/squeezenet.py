"""SqueezeNet 1.0 (Iandola and others): arXiv:1602.07360, Table 1."""

from __future__ import annotations

from torch import Tensor, nn

from analysis.networks.reference.parts import Branches, conv_relu

FIRES = {
    "fire2": (16, 64),
    "fire3": (16, 64),
    "fire4": (32, 128),
    "fire5": (32, 128),
    "fire6": (48, 192),
    "fire7": (48, 192),
    "fire8": (64, 256),
    "fire9": (64, 256),
}
"""Channels of the squeeze convolution and of each of the two expand convolutions."""


class SqueezeNet(nn.Module):
    """Eight fire modules between two convolutions, biases, no batch norm: [N, 3, 227, 227] → [N, 1000].

    Choices: Table 1 prints a 224×224 input, but its 111×111 map follows from 227×227 (7×7, stride 2, no padding),
    which the authors' released network takes. The released network also pads conv10, a 1×1 convolution, to 15×15;
    Table 1 prints 13×13, built here. No bypass connections.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv1", conv_relu(3, 96, 7, stride=2))
        self.features.add_module("maxpool1", nn.MaxPool2d(3, 2))
        channels = 96
        for name, (squeeze, expand) in FIRES.items():
            self.features.add_module(name, _fire(channels, squeeze, expand))
            channels = 2 * expand
            if name in ("fire4", "fire8"):
                self.features.add_module(f"maxpool{name[-1]}", nn.MaxPool2d(3, 2))
        self.classifier = nn.Sequential(nn.Dropout(0.5))
        self.classifier.add_module("conv10", conv_relu(channels, 1000, 1))
        self.classifier.add_module("avgpool10", nn.AdaptiveAvgPool2d(1))
        self.classifier.add_module("flatten", nn.Flatten())

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.features(x))
        return logits


def _fire(channels: int, squeeze: int, expand: int) -> nn.Sequential:
    expands = Branches([conv_relu(squeeze, expand, 1), conv_relu(squeeze, expand, 3, padding=1)])
    return nn.Sequential(conv_relu(channels, squeeze, 1), expands)
