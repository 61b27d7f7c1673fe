"""Rows: the lines of a paper's architecture table, and what each lowers to. The only place that knows the wiring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from analysis.networks.layers import Kind, Layer
from analysis.networks.maps import Map
from analysis.networks.rounding import Rounding
from analysis.networks.sizes import Mask, Number, Size, at_least, larger, nearest, where


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


class Row(Protocol):
    """One line of an architecture table; ``n`` repeats, the stride on the first only."""

    @property
    def n(self) -> int: ...

    @property
    def label(self) -> str: ...

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        """The layers of one repeat, named under ``block``, on the feature map ``x``."""
        ...


def _conv(name: str, block: str, x: Map, c: Size, k: int, s: int, *, present: Mask = True) -> Layer:
    kind: Kind = "pw" if k == 1 else "conv"
    y = x.strided(k, s, c)
    return Layer(name=name, block=block, kind=kind, input=x, output=y, kernel=(k, k), stride=s, present=present)


def _depthwise(block: str, x: Map, k: int, s: int, *, held: Size = 0) -> Layer:
    c = x.channels
    y = x.strided(k, s, c)
    return Layer(
        name=f"{block}.dw", block=block, kind="dw", input=x, output=y, kernel=(k, k), stride=s, groups=c, held=held
    )


def _linear_projection(block: str, x: Map, c: Size, *, shortcut: Mask, held: Size) -> Layer:
    return Layer(
        name=f"{block}.project",
        block=block,
        kind="pw",
        input=x,
        output=x.strided(1, 1, c),
        activation=None,
        shortcut=shortcut,
        held=held,
    )


@dataclass(frozen=True)
class Conv:
    """A standard convolution to ``c`` channels with batch norm and ReLU6."""

    c: int
    n: int = 1
    s: int = 1
    k: int = 3
    label = "conv"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        yield _conv(block, block, x, scaling.channels(self.c), self.k, self.s if first else 1)


@dataclass(frozen=True)
class ConvLast:
    """The last convolution of MobileNetV2: α may widen it, never narrow it."""

    c: int
    k: int = 1
    n: int = 1
    label = "conv"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        channels = scaling.rounding(self.c * larger(scaling.alpha, 1.0))
        yield _conv(block, block, x, channels, self.k, 1)


@dataclass(frozen=True)
class DepthwiseSeparable:
    """A depthwise convolution and a pointwise one to ``c`` channels: two lines of MobileNetV1's Table 1."""

    c: int
    n: int = 1
    s: int = 1
    k: int = 3
    label = "separable"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        depthwise = _depthwise(block, x, self.k, self.s if first else 1)
        yield depthwise
        yield _conv(f"{block}.pw", block, depthwise.output, scaling.channels(self.c), 1, 1)


@dataclass(frozen=True)
class InvertedResidual:
    """Expansion by t, depthwise, linear projection to ``c`` channels; no expansion for t = 1.

    The hidden width is c · t to the nearest integer (halves to even, at least 1), as torch's own zoo does.
    The shortcut is exactly where the stride is 1 and the rounded channels are equal. A row with its own ``t`` keeps it.
    """

    c: int
    n: int = 1
    s: int = 1
    t: float | None = None
    k: int = 3
    label = "bottleneck"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        t = scaling.t if self.t is None else self.t
        assert t is not None
        c, s = scaling.channels(self.c), self.s if first else 1
        shortcut = (x.channels == c) if s == 1 else False
        expands = t != 1
        hidden = at_least(nearest(x.channels * t), 1)

        held = where(shortcut, x.elements, 0)
        expand = _conv(f"{block}.expand", block, x, hidden, 1, 1, present=expands)
        depthwise = _depthwise(block, expand.output, self.k, s, held=where(expands, held, 0))
        yield expand
        yield depthwise
        yield _linear_projection(block, depthwise.output, c, shortcut=shortcut, held=held)


@dataclass(frozen=True)
class Head:
    """Global average pool and a fully connected classifier with bias; ``dropout`` is what the authors trained with."""

    classes: int
    dropout: float = 0.0
    n: int = 1
    label = "head"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        pooled = Map(x.channels, 1, 1)
        classes = self.classes if scaling.classes is None else scaling.classes
        yield Layer(
            name=f"{block}.pool",
            block=block,
            kind="pool",
            input=x,
            output=pooled,
            kernel=(x.height, x.width),
            batch_norm=False,
            activation=None,
        )
        yield Layer(
            name=f"{block}.fc",
            block=block,
            kind="fc",
            input=pooled,
            output=Map(classes, 1, 1),
            batch_norm=False,
            activation=None,
            bias=True,
            dropout=self.dropout,
        )
