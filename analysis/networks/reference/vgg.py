"""VGG 16 (Simonyan, Zisserman): arXiv:1409.1556, Table 1, column D."""

from __future__ import annotations

from torch import Tensor, nn

from analysis.networks.reference.parts import conv_relu

COLUMN_D = {"conv1": (64, 2), "conv2": (128, 2), "conv3": (256, 3), "conv4": (512, 3), "conv5": (512, 3)}
"""Channels and number of 3×3 convolutions of each stage; a 2×2 max pool with stride 2 ends it."""


class VGG16(nn.Module):
    """Sixteen weighted layers, all with bias, no normalisation: [N, 3, 224, 224] → [N, 1000].

    Dropout of one half follows the first two fully connected layers, as the authors trained it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential()
        channels = 3
        for name, (width, convolutions) in COLUMN_D.items():
            stage = nn.Sequential()
            for _ in range(convolutions):
                stage.append(conv_relu(channels, width, 3, padding=1))
                channels = width
            self.features.add_module(name, stage.append(nn.MaxPool2d(2, 2)))
        self.classifier = nn.Sequential(
            nn.Flatten(),
            *(nn.Linear(channels * 7 * 7, 4096), nn.ReLU(inplace=True), nn.Dropout(0.5)),
            *(nn.Linear(4096, 4096), nn.ReLU(inplace=True), nn.Dropout(0.5)),
            nn.Linear(4096, 1000),
        )

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.features(x))
        return logits
