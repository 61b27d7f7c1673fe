"""Layers: the flat records that the module builder, the cost, the table and the diagram read."""

from __future__ import annotations

from typing import Literal, NamedTuple

from analysis.networks.maps import Map
from analysis.networks.sizes import Mask, Size

Kind = Literal["conv", "dw", "pw", "pool", "fc", "dropout"]
Activation = Literal["relu", "relu6", "hard_swish", "sigmoid", "hard_sigmoid"]
Pooling = Literal["global", "max", "average"]

KINDS: dict[Kind, str] = {
    "conv": "Standard convolution",
    "dw": "Depthwise",
    "pw": "Pointwise (1×1)",
    "pool": "Pool",
    "fc": "Fully connected",
    "dropout": "Dropout",
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
    """One grouped convolution, a pool, or a dropout that stands by itself.

    A fully connected layer is a 1×1 convolution on a 1×1 map, so one cost formula serves all weighted layers.
    ``kernel`` is height × width; padding is half the kernel for convolutions, ``padding`` for a pool.
    A network's layers are a chain, each reading what the one before wrote, but for two things. The layers of a
    squeeze-excite branch, with ``branch_of``, are a chain of their own that starts at that layer's output, and the next
    layer without reads that output again, scaled by the branch's last layer. A convolution on a shortcut, ``beside``,
    is the last of its block and reads the block's input; its output is added to that of the layer before it.
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
    padding: int = 0
    """Of a pool of windows: on each side of the map."""
    flattened: Map | None = None
    """Of a fully connected layer: the map it reads as one vector; ``input`` is that vector, as a 1×1 map."""
    dropout: float = 0.0
    """Dropout before this layer while training, as the authors trained it, or the layer's own; it costs nothing."""
    present: Mask = True
    """Where the layer exists: the expansion of an inverted residual does not for t = 1."""
    shortcut: Mask = False
    """On the last layer of a block's main path: where the block's input, or its convolution, is added."""
    joined: Activation | None = None
    """On the same layer: the activation after that addition."""
    beside: bool = False
    """On the convolution of a shortcut: it reads the block's input, beside the main path."""
    held: Size = 0
    """Elements kept alive while the layer runs: the block's input for a shortcut, the map a branch will scale, and the
    main path's output while the shortcut's convolution runs."""
    holds_input: Mask = False
    """Where what is held is the layer's own input: on the first layer of a block."""
    branch_of: str = ""
    """On the layers of a squeeze-excite branch: the layer whose output they read and scale; empty on the main path."""
    scales: Map | None = None
    """On the last layer of a branch: the map that this layer's output multiplies, channel by channel."""

    @property
    def weighted(self) -> bool:
        """Whether the layer is a convolution (or fully connected), not a pool or a dropout."""
        return self.kind not in ("pool", "dropout")
