"""The reference networks multadds knows by name. Adding one is adding its module and its entry here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A published network; ``label`` is its authors' name for it, ``source`` names paper and table.

    ``input_shape`` is channels, height and width in px. ``printed`` lists the tables of the MobileNet papers that
    compare with it. ``factory`` is ``module:class`` in this package.
    """

    name: str
    label: str
    source: str
    factory: str
    input_shape: tuple[int, int, int] = (3, 224, 224)
    printed: str = ""

    @property
    def input(self) -> str:
        """The input as channels × height × width."""
        return "×".join(map(str, self.input_shape))

    def build(self) -> nn.Module:
        """The trainable network: [N, *input_shape] → [N, 1000] logits. Imports torch."""
        module, _, name = self.factory.partition(":")
        return cast("nn.Module", getattr(import_module(f"{__package__}.{module}"), name)())

    def undrawn(self) -> nn.Module:
        """The network with zero parameters, in a fraction of the time: for counting, where weights do not matter."""
        import torch

        with torch.device("meta"):
            network = self.build()
        network = network.to_empty(device="cpu")
        with torch.no_grad():
            for tensor in (*network.parameters(), *network.buffers()):
                tensor.zero_()
        return network


REFERENCES: dict[str, Reference] = {
    reference.name: reference
    for reference in (
        Reference(
            name="vgg16",
            label="VGG 16",
            source="arXiv:1409.1556, Table 1, column D",
            factory="vgg:VGG16",
            printed="arXiv:1704.04861v1, Table 8",
        ),
        Reference(
            name="googlenet",
            label="GoogLeNet",
            source="arXiv:1409.4842, Table 1",
            factory="googlenet:GoogLeNet",
            printed="arXiv:1704.04861v1, Table 8",
        ),
        Reference(
            name="alexnet",
            label="AlexNet",
            source="Krizhevsky, Sutskever, Hinton, NIPS 2012, section 3.5",
            factory="alexnet:AlexNet",
            input_shape=(3, 227, 227),
            printed="arXiv:1704.04861v1, Table 9",
        ),
        Reference(
            name="squeezenet1_0",
            label="SqueezeNet 1.0",
            source="arXiv:1602.07360, Table 1",
            factory="squeezenet:SqueezeNet",
            input_shape=(3, 227, 227),
            printed="arXiv:1704.04861v1, Table 9",
        ),
        Reference(
            name="shufflenet_1_5x",
            label="ShuffleNet 1.5× (g = 3)",
            source="arXiv:1707.01083, Table 1",
            factory="shufflenet:ShuffleNet1_5x",
            printed="arXiv:1801.04381, Table 4",
        ),
        Reference(
            name="shufflenet_2x",
            label="ShuffleNet 2× (g = 3)",
            source="arXiv:1707.01083, Table 1",
            factory="shufflenet:ShuffleNet2x",
            printed="arXiv:1801.04381, Table 4",
        ),
        Reference(
            name="nasnet_a_mobile",
            label="NASNet-A (4 @ 1056)",
            source="arXiv:1707.07012, Figures 2 and 4, Table 3",
            factory="nasnet:NASNetAMobile",
            printed="arXiv:1801.04381, Table 4",
        ),
        Reference(
            name="resnet50",
            label="ResNet-50",
            source="arXiv:1512.03385, Table 1",
            factory="resnet:ResNet50",
        ),
        Reference(
            name="inception_v2",
            label="Inception V2",
            source="arXiv:1502.03167, Figure 5",
            factory="inception_v2:InceptionV2",
        ),
        Reference(
            name="inception_v3",
            label="Inception V3",
            source="arXiv:1512.00567, Table 1",
            factory="inception_v3:InceptionV3",
            input_shape=(3, 299, 299),
            printed="arXiv:1704.04861v1, Table 10",
        ),
        Reference(
            name="xception",
            label="Xception",
            source="arXiv:1610.02357, Figure 5",
            factory="xception:Xception",
            input_shape=(3, 299, 299),
        ),
    )
}
