"""Counts of a part of a reference network, or of what Mult-Adds leave out: the arithmetic behind printed figures."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

import torch
from torch import Tensor, nn

from analysis.networks.reference.reference import Reference


class Weighted(NamedTuple):
    """A convolution or fully connected layer of a network as it was called: its name and its output's shape."""

    name: str
    layer: nn.Conv2d | nn.Linear
    output: tuple[int, ...]

    @property
    def positions(self) -> int:
        """Where its weights are used: all outputs but their channels."""
        return prod(self.output) // self.layer.weight.shape[0]

    @property
    def mult_adds(self) -> int:
        return self.layer.weight.numel() * self.positions


def calls(reference: Reference) -> list[Weighted]:
    """Every call of a weighted layer, in order, on one image; on shapes alone."""
    network = reference.without_storage().eval()
    called: list[Weighted] = []

    def note(name: str, layer: nn.Conv2d | nn.Linear, output: Tensor) -> None:
        called.append(Weighted(name, layer, tuple(output.shape)))

    for name, layer in network.named_modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.register_forward_hook(lambda made, _, y, name=name: note(name, made, y))
    with torch.no_grad(), torch.device("meta"):
        network(torch.zeros(1, *reference.input_shape))
    return called


def part(reference: Reference, *prefixes: str) -> tuple[int, int]:
    """Mult-Adds and parameters of the submodules whose names start with one of the prefixes."""
    mult_adds = sum(call.mult_adds for call in calls(reference) if call.name.startswith(prefixes))
    parameters = reference.without_storage().named_parameters()
    return mult_adds, sum(values.numel() for name, values in parameters if name.startswith(prefixes))


def bias_additions(reference: Reference) -> int:
    """Additions of biases: one for each output of a layer that has them."""
    return sum(prod(call.output) for call in calls(reference) if call.layer.bias is not None)


def dilation_padding(reference: Reference) -> int:
    """Mult-Adds that dilated convolutions spend on padding when they run as plain ones on every r-th pixel.

    For a rate of r the map is padded until r divides its sides, and split into r · r maps that are convolved densely.
    """
    padding = 0
    for call in calls(reference):
        rate = call.layer.dilation[0] if isinstance(call.layer, nn.Conv2d) else 1
        if rate > 1:
            height, width = (-(-side // rate) * rate for side in call.output[-2:])
            padding += call.layer.weight.numel() * (height * width - prod(call.output[-2:]))
    return padding
