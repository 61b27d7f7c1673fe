"""Rows: the lines of a paper's architecture table, and what each lowers to. The only place that knows the wiring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from analysis.networks.branches import SqueezeExcite
from analysis.networks.layers import Activation, Layer
from analysis.networks.maps import Map
from analysis.networks.parts import (
    convolution,
    depthwise,
    fully_connected,
    global_pool,
    linear_projection,
    window_pool,
)
from analysis.networks.rounding import Rounding
from analysis.networks.sizes import Number, Size, at_least, larger, nearest, where


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """What a design does to every row: α with its channel rounding, t, and the number of classes."""

    alpha: Number
    t: Number | None
    classes: Size | None
    rounding: Rounding

    def channels(self, c: int) -> Size:
        """The channels α gives a row of ``c``."""
        return self.rounding(c * self.alpha)

    def at_least_as_published(self, c: int) -> Size:
        """The channels of a layer of ``c`` that α may widen, never narrow."""
        return self.rounding(c * larger(self.alpha, 1.0))


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
    """A standard convolution to ``c`` channels with batch norm, or a bias in its place, and activation."""

    c: int
    n: int = 1
    s: int = 1
    k: int = 3
    activation: Activation = "relu6"
    batch_norm: bool = True
    label = "conv"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        c, s = scaling.channels(self.c), self.s if first else 1
        yield convolution(block, block, x, c, self.k, s, self.activation, batch_norm=self.batch_norm)


@dataclass(frozen=True)
class Pool:
    """The maximum or the mean of every ``k`` × ``k`` window, ``s`` apart, without padding."""

    of: Literal["max", "average"]
    k: int = 2
    s: int = 2
    n: int = 1

    @property
    def label(self) -> str:
        """``maxpool`` or ``averagepool``."""
        return f"{self.of}pool"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        yield window_pool(block, block, x, self.of, self.k, self.s)


@dataclass(frozen=True)
class Dense:
    """A fully connected layer of ``c`` units with bias and activation, on its whole input map read as one vector."""

    c: int
    n: int = 1
    dropout: float = 0.0
    activation: Activation = "relu"
    label = "dense"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        c = scaling.channels(self.c)
        yield fully_connected(block, block, x, c, activation=self.activation, dropout=self.dropout, flattens=True)


@dataclass(frozen=True)
class ConvLast:
    """A last convolution that α never narrows; it may widen it, but not where it is ``fixed``."""

    c: int
    k: int = 1
    n: int = 1
    fixed: bool = False
    activation: Activation = "relu6"
    label = "conv"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        channels = self.c if self.fixed else scaling.at_least_as_published(self.c)
        yield convolution(block, block, x, channels, self.k, 1, self.activation)


@dataclass(frozen=True)
class DepthwiseSeparable:
    """A depthwise convolution and a pointwise one to ``c`` channels: two lines of MobileNetV1's Table 1."""

    c: int
    n: int = 1
    s: int = 1
    k: int = 3
    label = "separable"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        filtered = depthwise(block, x, self.k, self.s if first else 1, "relu6")
        yield filtered
        yield convolution(f"{block}.pw", block, filtered.output, scaling.channels(self.c), 1, 1, "relu6")


@dataclass(frozen=True)
class InvertedResidual:
    """Expansion by t, depthwise, squeeze-excite if any, linear projection to ``c`` channels; no expansion for t = 1.

    The hidden width is c_in · t: to the nearest integer (halves to even, at least 1), as torch's own zoo does, or by
    the network's channel rounding where ``rounded``. The shortcut is exactly where the stride is 1 and the rounded
    channels are equal, unless ``skip`` is off. A row with its own ``t`` keeps it.
    """

    c: int
    n: int = 1
    s: int = 1
    t: float | None = None
    k: int = 3
    se: SqueezeExcite | None = None
    activation: Activation = "relu6"
    rounded: bool = False
    skip: bool = True
    label = "bottleneck"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        t = scaling.t if self.t is None else self.t
        assert t is not None
        c, s = scaling.channels(self.c), self.s if first else 1
        shortcut = (x.channels == c) if s == 1 and self.skip else False
        expands = t != 1
        hidden = self._hidden(x.channels, t, scaling)

        held = where(shortcut, x.elements, 0)
        expand = convolution(f"{block}.expand", block, x, hidden, 1, 1, self.activation, present=expands, held=held)
        filtered = depthwise(block, expand.output, self.k, s, self.activation, held=held, holds_input=t == 1)
        yield expand
        yield filtered
        if self.se is not None:
            yield from self.se.lower(filtered, x, scaling.rounding, held=held)
        yield linear_projection(block, filtered.output, c, shortcut=shortcut, held=held)

    def _hidden(self, channels: Size, t: Number, scaling: Scaling) -> Size:
        if not self.rounded:
            return at_least(nearest(channels * t), 1)
        hidden: Size = where(t != 1, scaling.rounding(channels * t), channels)
        return hidden


@dataclass(frozen=True)
class Head:
    """Global average pool and a fully connected classifier with bias; ``dropout`` is what the authors trained with.

    Where not ``pooled``, the classifier reads the whole map as one vector, as after :class:`Dense`.
    ``penultimate``, if any, is the width of a fully connected layer with bias and hard-swish between the two: the
    "conv2d 1×1, NBN" of MobileNetV3, which α may widen, never narrow.
    """

    classes: int
    dropout: float = 0.0
    penultimate: int | None = None
    pooled: bool = True
    n: int = 1
    label = "head"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        if self.pooled:
            pool = global_pool(f"{block}.pool", block, x)
            yield pool
            x = pool.output
        if self.penultimate is not None:
            width = scaling.at_least_as_published(self.penultimate)
            hidden = fully_connected(f"{block}.penultimate", block, x, width, activation="hard_swish")
            yield hidden
            x = hidden.output
        classes = self.classes if scaling.classes is None else scaling.classes
        yield fully_connected(f"{block}.fc", block, x, classes, dropout=self.dropout, flattens=not self.pooled)
