"""The real ``torch.nn.Module`` of a list of layers. Only this module imports torch; import it late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from typing import cast

import torch
from torch import Tensor, nn

from analysis.networks.branches import BRANCH, PROJECTION
from analysis.networks.layers import Activation, Layer, Pooling

ACTIVATION_MODULES: dict[Activation, Callable[[], nn.Module]] = {
    "relu": partial(nn.ReLU, inplace=True),
    "relu6": partial(nn.ReLU6, inplace=True),
    "hard_swish": partial(nn.Hardswish, inplace=True),
    "sigmoid": nn.Sigmoid,
    "hard_sigmoid": nn.Hardsigmoid,
}


class GlobalAveragePool(nn.Module):
    """The mean over height and width: [N, C, H, W] → [N, C]; a functional pool, as in the zoos' MobileNets."""

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.adaptive_avg_pool2d(x, (1, 1)).flatten(1)


POOLS: dict[Pooling, Callable[[int, int, int], nn.Module]] = {
    "global": lambda kernel, stride, padding: GlobalAveragePool(),
    "max": nn.MaxPool2d,
    "average": nn.AvgPool2d,
}


class SqueezeExcite(nn.Sequential):
    """The layers of a branch; what they make of a map, one gate a channel, multiplies it: [N, C, H, W] as it came."""

    def forward(self, x: Tensor) -> Tensor:
        gates = cast(Tensor, super().forward(x))  # type: ignore[no-untyped-call]
        return x * gates[:, :, None, None]


class Block(nn.Sequential):
    """The layers of one repeat of a row, with the block's input added to its output where there is a shortcut."""

    def __init__(self, shortcut: bool) -> None:
        super().__init__()
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        y = cast(Tensor, super().forward(x))  # type: ignore[no-untyped-call]
        return x + y if self.shortcut else y


class Residual(nn.Sequential):
    """The layers of a bottleneck residual, then what its shortcut does to the input, then the activation of the sum."""

    def forward(self, x: Tensor) -> Tensor:
        *layers, shortcut, activation = self
        y = x
        for layer in layers:
            y = layer(y)
        return cast(Tensor, activation(shortcut(x) + y))


def network_module(layers: Sequence[Layer]) -> nn.Sequential:
    """A trainable network whose submodule names are the layers' names; input [N, C, H, W], output [N, classes]."""
    network = nn.Sequential()
    for name, group in groupby(layers, key=lambda layer: layer.block):
        members = list(group)
        if members[0].name == name:
            network.add_module(name, _layer_module(members[0]))
            continue
        network.add_module(name, _block_module(name, members))
    return network


def _block_module(name: str, layers: Sequence[Layer]) -> nn.Sequential:
    last = next(layer for layer in reversed(layers) if not layer.beside)
    block = Block(shortcut=bool(last.shortcut)) if last.joined is None else Residual()
    for branch_of, part in groupby(layers, key=lambda layer: layer.branch_of):
        if branch_of:
            block.add_module(BRANCH, _filled(SqueezeExcite(), f"{name}.{BRANCH}.", part))
        else:
            _filled(block, f"{name}.", part)
    if last.joined is not None:
        if last is layers[-1]:
            block.add_module(PROJECTION, nn.Identity())
        block.add_module(last.joined, ACTIVATION_MODULES[last.joined]())
    return block


def _filled(module: nn.Sequential, prefix: str, layers: Iterable[Layer]) -> nn.Sequential:
    for layer in layers:
        module.add_module(layer.name.removeprefix(prefix), _layer_module(layer))
    return module


def _layer_module(layer: Layer) -> nn.Module:
    if layer.kind == "pool":
        return POOLS[layer.pooling](int(layer.kernel[0]), layer.stride, layer.padding)
    if layer.kind == "dropout":
        return nn.Dropout(layer.dropout)
    module = nn.Sequential()
    if layer.flattened is not None:
        module.add_module("flatten", nn.Flatten())
    if layer.dropout:
        module.add_module("dropout", nn.Dropout(layer.dropout))
    channels = int(layer.output.channels)
    if layer.kind == "fc":
        module.add_module("linear", nn.Linear(int(layer.input.channels), channels, bias=layer.bias))
    else:
        module.add_module("conv", _convolution(layer))
    if layer.batch_norm:
        module.add_module("bn", nn.BatchNorm2d(channels))
    if layer.activation is not None:
        module.add_module(layer.activation, ACTIVATION_MODULES[layer.activation]())
    return module


def _convolution(layer: Layer) -> nn.Conv2d:
    kernel = int(layer.kernel[0])
    return nn.Conv2d(
        int(layer.input.channels),
        int(layer.output.channels),
        kernel,
        layer.stride,
        padding=kernel // 2,
        groups=int(layer.groups),
        bias=layer.bias,
    )


def undrawn_module(layers: Sequence[Layer]) -> nn.Sequential:
    """The network with zero parameters, in a tenth of the time: for counting, where weights do not matter."""
    with torch.device("meta"):
        module = network_module(layers)
    module = module.to_empty(device="cpu")
    with torch.no_grad():
        for tensor in (*module.parameters(), *module.buffers()):
            tensor.zero_()
    return module
