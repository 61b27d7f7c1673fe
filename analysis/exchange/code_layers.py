"""The single layers of a network as calls in PyTorch code, and the classes they need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.exchange.code_text import call, literal
from analysis.networks.layers import Activation, Layer, Pooling

ACTIVATION_CLASSES: dict[Activation, str] = {
    "relu": "nn.ReLU",
    "relu6": "nn.ReLU6",
    "hard_swish": "nn.Hardswish",
    "sigmoid": "nn.Sigmoid",
    "hard_sigmoid": "nn.Hardsigmoid",
}
POOL_CLASSES: dict[Pooling, str] = {
    "global": "GlobalAveragePool",
    "max": "nn.MaxPool2d",
    "average": "nn.AvgPool2d",
}
ACTIVATION_TYPE = "type[nn.Module] | None"


@dataclass(frozen=True)
class Option:
    """A keyword argument of a layer's class: its type, its value in words, and what may be left out."""

    name: str
    type: str
    default: str
    value: Callable[[Layer], str]


def activation_class(activation: Activation | None) -> str:
    """torch's class of an activation, or ``None``, as code."""
    return "None" if activation is None else ACTIVATION_CLASSES[activation]


CONVOLUTION = (
    Option("kernel", "int", "1", lambda layer: literal(layer.kernel[0])),
    Option("stride", "int", "1", lambda layer: literal(layer.stride)),
    Option("groups", "int", "1", lambda layer: literal(layer.groups)),
    Option("batch_norm", "bool", "True", lambda layer: literal(layer.batch_norm)),
    Option("activation", ACTIVATION_TYPE, "None", lambda layer: activation_class(layer.activation)),
)
FULLY_CONNECTED = (
    Option("flatten", "bool", "False", lambda layer: literal(layer.flattened is not None)),
    Option("dropout", "float", "0.0", lambda layer: literal(layer.dropout)),
    Option("activation", ACTIVATION_TYPE, "None", lambda layer: activation_class(layer.activation)),
)


def class_of(layer: Layer) -> str:
    """The class that makes a layer."""
    if layer.kind == "pool":
        return POOL_CLASSES[layer.pooling]
    return {"fc": "FullyConnected", "dropout": "nn.Dropout"}.get(layer.kind, "Convolution")


def options_of(layer: Layer) -> tuple[Option, ...]:
    """The keyword arguments of that class."""
    if not layer.weighted:
        return ()
    return FULLY_CONNECTED if layer.kind == "fc" else CONVOLUTION


def words_of(layer: Layer) -> list[str]:
    """What a call of that class is given."""
    if layer.kind == "dropout":
        return [literal(layer.dropout)]
    if layer.kind == "pool":
        words = [literal(layer.kernel[0]), literal(layer.stride), *([literal(layer.padding)] if layer.padding else [])]
        return [] if layer.pooling == "global" else words
    given = [(option, option.value(layer)) for option in options_of(layer)]
    channels = [literal(layer.input.channels), literal(layer.output.channels)]
    return channels + [f"{option.name}={value}" for option, value in given if value != option.default]


def layer_classes(layers: Sequence[Layer]) -> list[list[str]]:
    """The lines of the classes that the layers need, with no more than they use."""
    convolutions = [layer for layer in layers if class_of(layer) == "Convolution"]
    connected = [layer for layer in layers if class_of(layer) == "FullyConnected"]
    pools = any(class_of(layer) == "GlobalAveragePool" for layer in layers)
    written = [_convolution(convolutions) if convolutions else [], _connected(connected) if connected else []]
    return [lines for lines in [*written, GLOBAL_POOL if pools else []] if lines]


GLOBAL_POOL = '''\
class GlobalAveragePool(nn.Module):
    """The mean over height and width: [N, C, H, W] to [N, C]."""

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.adaptive_avg_pool2d(x, (1, 1)).flatten(1)
'''.splitlines()


def used_options(layers: Sequence[Layer]) -> list[Option]:
    """The options that any of the layers needs."""
    return [o for o in options_of(layers[0]) if any(o.value(layer) != o.default for layer in layers)]


def _signature(layers: Sequence[Layer]) -> list[str]:
    options = [f"{option.name}: {option.type} = {option.default}" for option in used_options(layers)]
    words = ["self", "c_in: int", "c_out: int", *(["*", *options] if options else [])]
    return [
        "    def __init__(",
        *(f"        {word}," for word in words),
        "    ) -> None:",
        "        super().__init__()",
    ]


def _activated(used: Sequence[str]) -> list[str]:
    if "activation" not in used:
        return []
    return ["        if activation is not None:", "            self.activation = activation()"]


def _convolution(layers: Sequence[Layer]) -> list[str]:
    used = [option.name for option in used_options(layers)]
    kernel = "kernel" if "kernel" in used else "1"
    bias = "not batch_norm" if "batch_norm" in used else "False"
    words = ["c_in", "c_out", kernel, *(["stride"] if "stride" in used else [])]
    words += (["padding=kernel // 2"] if kernel == "kernel" else []) + (["groups=groups"] if "groups" in used else [])
    norm = ["        self.bn = nn.BatchNorm2d(c_out)"]
    return [
        "class Convolution(nn.Sequential):",
        '    """A convolution, batch norm or a bias in its place, and an activation."""'
        if "batch_norm" in used
        else '    """A convolution, batch norm and an activation."""',
        "",
        *_signature(layers),
        *call("self.conv = ", "nn.Conv2d", [*words, f"bias={bias}"], indent=8),
        *(["        if batch_norm:", f"    {norm[0]}"] if "batch_norm" in used else norm),
        *_activated(used),
    ]


def _connected(layers: Sequence[Layer]) -> list[str]:
    used = [option.name for option in used_options(layers)]
    flatten = ["        if flatten:", "            self.flatten = nn.Flatten()"] if "flatten" in used else []
    dropout = ["        if dropout:", "            self.dropout = nn.Dropout(dropout)"] if "dropout" in used else []
    return [
        "class FullyConnected(nn.Sequential):",
        '    """A fully connected layer with bias."""',
        "",
        *_signature(layers),
        *flatten,
        *dropout,
        "        self.linear = nn.Linear(c_in, c_out)",
        *_activated(used),
    ]
