"""The closed form: what a layer costs, as arithmetic on its record; scalar and grid alike.

Mult-Adds are the papers': one multiply-add is 1, convolutions and matrix products only, no bias, batch norm folded
away, batch of one. Parameters are the trainable ones: weights, biases, batch-norm scale and shift.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

from analysis.networks.layers import Layer
from analysis.networks.sizes import Size, larger, where
from analysis.networks.values import shortened

NumberFormat = Literal["float64", "float32", "float16", "int8"]

BYTES: dict[NumberFormat, int] = {"float64": 8, "float32": 4, "float16": 2, "int8": 1}
"""Bytes a value takes in each number format; scales and zero points of int8 are not counted."""


def check_number_format(name: str) -> NumberFormat:
    """``name`` if it is a number format; ``ValueError`` with the choices otherwise."""
    if not isinstance(name, str) or name not in BYTES:
        raise ValueError(f"number format must be one of {', '.join(BYTES)}, got {shortened(name)}")
    return name


def mult_adds_per_pixel(layer: Layer) -> Size:
    """Multiply-adds at one output position: kernel² · M/groups · N (a grouped convolution); 0 for a pool."""
    if not layer.weighted:
        return 0
    height, width = layer.kernel
    per_channel: Size = height * width * (layer.input.channels // layer.groups)
    return per_channel * layer.output.channels


def mult_adds(layer: Layer) -> Size:
    """kernel² · M/groups · N · D_F² (arXiv:1704.04861v1, equations 2 to 5, for any groups and any map).

    A fully connected layer is a 1×1 convolution on a 1×1 map.
    """
    return weights(layer) * (layer.output.height * layer.output.width)


def weights(layer: Layer) -> Size:
    """Convolution or matrix weights alone: as many as Mult-Adds at one position."""
    here: Size = where(layer.present, mult_adds_per_pixel(layer), 0)
    return here


def batch_norm_params(layer: Layer) -> Size:
    """Batch-norm scale and shift."""
    here: Size = where(layer.present, 2 * layer.output.channels, 0) if layer.batch_norm else 0
    return here


def bias_params(layer: Layer) -> Size:
    """One a channel where the layer has a bias."""
    here: Size = where(layer.present, layer.output.channels, 0) if layer.bias else 0
    return here


def params(layer: Layer) -> Size:
    """Trainable parameters: weights, bias, batch-norm scale and shift (no running statistics)."""
    return weights(layer) + batch_norm_params(layer) + bias_params(layer)


def alive(layer: Layer) -> Size:
    """Elements alive while the layer runs fused with its batch norm and activation.

    Its input, its output, and what is held for later: the block input that a shortcut still needs, the map that a
    squeeze-excite branch will scale, and the output that a shortcut's convolution will be added to. The scaling, the
    addition of the shortcut and the activation after it are done in place. A dropout does not run.
    """
    if layer.kind == "dropout":
        return 0
    elements = layer.input.elements + layer.output.elements + where(layer.holds_input, 0, layer.held)
    here: Size = where(layer.present, elements, 0)
    return here


def alive_unfused(layer: Layer) -> Size:
    """Elements alive at the layer's peak when convolution, batch norm and activation run one after another.

    Each then reads one full map and writes another, beside what is held for later. So does the scaling at the end of
    a squeeze-excite branch: it reads the map and the gates, and writes the scaled map. The activation after a
    shortcut's addition needs no more than the batch norm before it. A dropout does not run.
    """
    if layer.kind == "dropout":
        return 0
    inner = layer.input.elements + where(layer.holds_input, 0, layer.held)
    if layer.batch_norm or layer.activation:
        inner = larger(inner, layer.output.elements + layer.held)
    if layer.scales is not None:
        inner = larger(inner, layer.scales.elements + layer.held)
    here: Size = where(layer.present, inner + layer.output.elements, 0)
    return here


def total(of_layers: Iterable[Size]) -> Size:
    """The sum over layers; takes them one at a time, so that a grid holds one layer beside the sum."""
    summed: Size = 0
    for size in of_layers:
        if isinstance(summed, np.ndarray) and np.broadcast_shapes(summed.shape, np.shape(size)) == summed.shape:
            summed += size
        else:
            summed = summed + size
    return summed


def peak(of_layers: Iterable[Size]) -> Size:
    """The maximum over layers, one at a time."""
    highest: Size = 0
    for size in of_layers:
        highest = larger(highest, size)
    return highest
