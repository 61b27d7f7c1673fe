"""Layers: the flat records that the module builder, the cost, the table and the diagram read."""

from __future__ import annotations

from typing import Literal, NamedTuple

from analysis.networks.maps import Map
from analysis.networks.sizes import Mask, Size

Kind = Literal["conv", "dw", "pw", "pool", "fc"]
Activation = Literal["relu", "relu6", "hard_swish", "sigmoid", "hard_sigmoid"]
Pooling = Literal["global", "max", "average"]

KINDS: dict[Kind, str] = {
    "conv": "Standard convolution",
    "dw": "Depthwise",
    "pw": "Pointwise (1×1)",
    "pool": "Pool",
    "fc": "Fully connected",
}
"""Every layer kind with its name in words, in the order charts and tables show them."""

COUNTED_KINDS = {"matmul": "Matrix product", "norm": "Normalisation", "other": "Other"}
"""Kinds that only networks have that are not made of rows."""

ALL_KINDS: dict[str, str] = {**{str(kind): name for kind, name in KINDS.items()}, **COUNTED_KINDS}
"""Every kind of layer with its name in words, in the order charts and tables show them."""


ACTIVATIONS: dict[Activation, str] = {
    "relu": "ReLU",
    "relu6": "ReLU6",
    "hard_swish": "hard-swish",
    "sigmoid": "sigmoid",
    "hard_sigmoid": "hard-sigmoid",
}
"""Every activation with its name in words."""


class Layer(NamedTuple):
    """One grouped convolution, or a pool.

    A fully connected layer is a 1×1 convolution on a 1×1 map, so one cost formula serves all weighted layers.
    ``kernel`` is height × width; padding is half the kernel for convolutions and none for a pool.
    A network's layers are a chain, each reading what the one before wrote, but for squeeze-excite branches: the layers
    with ``branch_of`` are a chain of their own that starts at that layer's output, and the next layer without reads
    that output again, scaled by the branch's last layer.
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
    activation: Activation | None = "relu6"
    bias: bool = False
    pooling: Pooling = "global"
    """Of a pool: the mean of the whole map, or the maximum or the mean of each window."""
    flattened: Map | None = None
    """Of a fully connected layer: the map it reads as one vector; ``input`` is that vector, as a 1×1 map."""
    dropout: float = 0.0
    """Dropout before this layer while training, as the authors trained it; it costs nothing."""
    present: Mask = True
    """Where the layer exists: the expansion of an inverted residual does not for t = 1."""
    shortcut: Mask = False
    """On the last layer of a block: where the block's input is added to this layer's output."""
    held: Size = 0
    """Elements kept alive while the layer runs: the block's input for a shortcut, and the map a branch will scale."""
    holds_input: Mask = False
    """Where what is held is the layer's own input: on the first layer of a block."""
    branch_of: str = ""
    """On the layers of a squeeze-excite branch: the layer whose output they read and scale; empty on the main path."""
    scales: Map | None = None
    """On the last layer of a branch: the map that this layer's output multiplies, channel by channel."""

    @property
    def weighted(self) -> bool:
        """Whether the layer is a convolution (or fully connected), not a pool."""
        return self.kind != "pool"
