"""Layers: the flat records that the module builder, the cost, the table and the diagram read."""

from __future__ import annotations

from typing import Literal, NamedTuple

from analysis.networks.maps import Map
from analysis.networks.sizes import Mask, Size

Kind = Literal["conv", "dw", "pw", "pool", "fc"]

KINDS: dict[Kind, str] = {
    "conv": "Standard convolution",
    "dw": "Depthwise",
    "pw": "Pointwise (1×1)",
    "pool": "Average pool",
    "fc": "Fully connected",
}
"""Every layer kind with its name in words, in the order charts and tables show them."""


class Layer(NamedTuple):
    """One grouped convolution, or the global pool.

    A fully connected layer is a 1×1 convolution on a 1×1 map, so one cost formula serves all weighted layers.
    ``kernel`` is height × width; padding is half the kernel for convolutions and none for the pool.
    """

    name: str
    block: str
    kind: Kind
    input: Map
    output: Map
    kernel: tuple[Size, Size] = (1, 1)
    stride: int = 1
    groups: Size = 1
    batch_norm: bool = True
    activation: Literal["relu6"] | None = "relu6"
    bias: bool = False
    dropout: float = 0.0
    """Dropout before this layer while training, as the authors trained it; it costs nothing."""
    present: Mask = True
    """Where the layer exists: the expansion of an inverted residual does not for t = 1."""
    shortcut: Mask = False
    """On the last layer of a block: where the block's input is added to this layer's output."""
    held: Size = 0
    """Elements, beside this layer's input, that the block's shortcut keeps alive while it runs."""

    @property
    def weighted(self) -> bool:
        """Whether the layer is a convolution (or fully connected), not a pool."""
        return self.kind != "pool"
