"""Rows: the lines of a paper's architecture table, and what each lowers to. Blocks of several layers are in ``blocks``.

Only these two modules know the wiring.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from analysis.networks.blocks import BottleneckResidual, DepthwiseSeparable, InvertedResidual
from analysis.networks.fields import (
    Alpha,
    Channels,
    Classes,
    Groups,
    Kernel,
    Padding,
    Probability,
    Repeats,
    Stride,
    Window,
)
from analysis.networks.layers import Activation, Layer
from analysis.networks.maps import Map
from analysis.networks.parts import convolution, dropout, fully_connected, global_pool, window_pool
from analysis.networks.scaling import Scaling, check_groups

__all__ = [
    "BLOCKS",
    "BottleneckResidual",
    "Conv",
    "ConvLast",
    "Dense",
    "DepthwiseSeparable",
    "Dropout",
    "Head",
    "InvertedResidual",
    "Pool",
    "Row",
    "Scaling",
]


class Row(Protocol):
    """One line of an architecture table; ``n`` repeats, the stride on the first only."""

    @property
    def n(self) -> int: ...

    @property
    def label(self) -> str: ...

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        """The layers of one repeat, named under ``block``, on the feature map ``x``."""
        ...


@dataclass(frozen=True)
class Conv:
    """A convolution to ``c`` channels with batch norm, or a bias in its place, and activation; in ``groups`` or not.

    The groups stay as given at every α: the channels of this row, and of the one it reads, are rounded to multiples.
    ``ValueError`` where they do not divide ``c``, or the channels of an image that the row reads.
    """

    c: Channels
    n: Repeats = 1
    s: Stride = 1
    k: Kernel = 3
    activation: Activation | None = "relu6"
    batch_norm: bool = True
    groups: Groups = 1
    alpha: Alpha | None = None
    label = "conv"

    def __post_init__(self) -> None:
        check_groups(self.groups, self.c, "c")

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        check_groups(self.groups, x.channels, "in_channels")
        c, s = scaling.channels(self.c, groups=self.groups), self.s if first else 1
        yield convolution(
            block, block, x, c, self.k, s, self.activation, groups=self.groups, batch_norm=self.batch_norm
        )


@dataclass(frozen=True)
class Pool:
    """The maximum or the mean of every ``k`` × ``k`` window, ``s`` apart, of the map padded on each side.

    A mean counts the zeros of the padding, as torch's. ``ValueError`` for a padding of more than half the window, and
    where no window fits the map.
    """

    of: Literal["max", "average"]
    k: Window = 2
    s: Stride = 2
    n: Repeats = 1
    padding: Padding = 0

    def __post_init__(self) -> None:
        if self.padding > self.k // 2:
            raise ValueError(f"padding must be at most half the window, {self.k // 2}, got {self.padding}")

    @property
    def label(self) -> str:
        """``maxpool`` or ``averagepool``."""
        return f"{self.of}pool"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        least = self.k - 2 * self.padding
        if np.any(x.height < least) or np.any(x.width < least):
            sides = int(np.min(x.height)), int(np.min(x.width))
            raise ValueError(f"k must fit the map of {sides[0]}×{sides[1]}, got {self.k} with padding {self.padding}")
        yield window_pool(block, block, x, self.of, self.k, self.s, self.padding)


@dataclass(frozen=True)
class Dropout:
    """While training, each element is 0 with probability ``p``; otherwise the map as it is. It costs nothing."""

    p: Probability = 0.5
    label = "dropout"
    n = 1

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        yield dropout(block, block, x, self.p)


@dataclass(frozen=True)
class Dense:
    """A fully connected layer of ``c`` units with bias and activation, on its whole input map read as one vector."""

    c: Channels
    n: Repeats = 1
    dropout: Probability = 0.0
    activation: Activation | None = "relu"
    alpha: Alpha | None = None
    label = "dense"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        c = scaling.channels(self.c)
        yield fully_connected(block, block, x, c, activation=self.activation, dropout=self.dropout, flattens=True)


@dataclass(frozen=True)
class ConvLast:
    """A last convolution that α never narrows; it may widen it, but not where it is ``fixed``."""

    c: Channels
    k: Kernel = 1
    n: Repeats = 1
    fixed: bool = False
    activation: Activation | None = "relu6"
    alpha: Alpha | None = None
    label = "conv"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        channels = self.c if self.fixed else scaling.at_least_as_published(self.c)
        yield convolution(block, block, x, channels, self.k, 1, self.activation)


@dataclass(frozen=True)
class Head:
    """Global average pool and a fully connected classifier with bias; ``dropout`` is what the authors trained with.

    Where not ``pooled``, the classifier reads the whole map as one vector, as after :class:`Dense`.
    ``penultimate``, if any, is the width of a fully connected layer with bias and hard-swish between the two: the
    "conv2d 1×1, NBN" of MobileNetV3, which α may widen, never narrow.
    """

    classes: Classes
    dropout: Probability = 0.0
    penultimate: Channels | None = None
    pooled: bool = True
    alpha: Alpha | None = None
    label = "head"
    n = 1

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        flattens = not self.pooled
        if self.pooled:
            pool = global_pool(f"{block}.pool", block, x)
            yield pool
            x = pool.output
        if self.penultimate is not None:
            name, width = f"{block}.penultimate", scaling.at_least_as_published(self.penultimate)
            hidden = fully_connected(name, block, x, width, activation="hard_swish", flattens=flattens)
            yield hidden
            x, flattens = hidden.output, False
        classes = self.classes if scaling.classes is None else scaling.classes
        yield fully_connected(f"{block}.fc", block, x, classes, dropout=self.dropout, flattens=flattens)


BLOCKS: dict[str, type[Row]] = {
    "conv": Conv,
    "separable": DepthwiseSeparable,
    "inverted_residual": InvertedResidual,
    "conv_last": ConvLast,
    "bottleneck_residual": BottleneckResidual,
    "pool": Pool,
    "dropout": Dropout,
    "dense": Dense,
    "head": Head,
}
"""Every kind of row, by its name in a file."""
