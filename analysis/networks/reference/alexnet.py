"""AlexNet (Krizhevsky, Sutskever, Hinton, NIPS 2012), section 3.5 and Figure 2: the original with two groups."""

from __future__ import annotations

from torch import Tensor, nn

from analysis.networks.reference.parts import conv_relu, response_norm


class AlexNet(nn.Module):
    """Five convolutions, three fully connected layers, all with bias: [N, 3, 227, 227] → [N, 1000].

    The two GPUs of the paper are two groups in the second, fourth and fifth convolution; the first sees the whole
    image, the third both halves. Normalisation, then overlapping 3×3 max pools with stride 2.

    Choices: the paper prints a 224×224 input, from which its own 55×55 map does not follow (11×11, stride 4, no
    padding); 227×227 gives it, and is what the authors' later code takes. Padding keeps the size from conv2 on.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv1", conv_relu(3, 96, 11, stride=4))
        self.features.add_module("norm1", response_norm())
        self.features.add_module("pool1", nn.MaxPool2d(3, 2))
        self.features.add_module("conv2", conv_relu(96, 256, 5, padding=2, groups=2))
        self.features.add_module("norm2", response_norm())
        self.features.add_module("pool2", nn.MaxPool2d(3, 2))
        self.features.add_module("conv3", conv_relu(256, 384, 3, padding=1))
        self.features.add_module("conv4", conv_relu(384, 384, 3, padding=1, groups=2))
        self.features.add_module("conv5", conv_relu(384, 256, 3, padding=1, groups=2))
        self.features.add_module("pool5", nn.MaxPool2d(3, 2))
        self.classifier = nn.Sequential(
            nn.Flatten(),
            *(nn.Dropout(0.5), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(inplace=True)),
            *(nn.Dropout(0.5), nn.Linear(4096, 4096), nn.ReLU(inplace=True)),
            nn.Linear(4096, 1000),
        )

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.features(x))
        return logits
