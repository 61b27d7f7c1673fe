"""The rows that lower to a block of several layers, with what joins them: branches and shortcuts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analysis.networks.branches import PROJECTION, SqueezeExcite
from analysis.networks.fields import Alpha, Channels, Groups, Kernel, Repeats, Stride, T, check_odd
from analysis.networks.layers import Activation, Layer
from analysis.networks.maps import Map
from analysis.networks.parts import convolution, depthwise, linear_projection
from analysis.networks.scaling import Scaling, check_groups
from analysis.networks.sizes import Number, Size, at_least, nearest, where


@dataclass(frozen=True)
class DepthwiseSeparable:
    """A depthwise convolution and a pointwise one to ``c`` channels: two lines of MobileNetV1's Table 1.

    Squeeze-excite, if any, scales the depthwise convolution's map.
    """

    c: Channels
    n: Repeats = 1
    s: Stride = 1
    k: Kernel = 3
    activation: Activation = "relu6"
    se: SqueezeExcite | None = None
    alpha: Alpha | None = None
    label = "separable"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        filtered = depthwise(block, x, self.k, self.s if first else 1, self.activation)
        yield filtered
        if self.se is not None:
            yield from self.se.lower(filtered, x, scaling.rounding, held=0)
        yield convolution(f"{block}.pw", block, filtered.output, scaling.channels(self.c), 1, 1, self.activation)


@dataclass(frozen=True)
class InvertedResidual:
    """Expansion by t, depthwise, squeeze-excite if any, linear projection to ``c`` channels; no expansion for t = 1.

    The hidden width is c_in · t: to the nearest integer (halves to even, at least 1), as torch's own zoo does, or by
    the network's channel rounding where ``rounded``. The shortcut is exactly where the stride is 1 and the rounded
    channels are equal, unless ``skip`` is off. A row with its own ``t`` keeps it.
    """

    c: Channels
    n: Repeats = 1
    s: Stride = 1
    t: T | None = None
    k: Kernel = 3
    se: SqueezeExcite | None = None
    activation: Activation = "relu6"
    rounded: bool = False
    skip: bool = True
    alpha: Alpha | None = None
    label = "bottleneck"

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        t = scaling.t if self.t is None else self.t
        if t is None:
            raise ValueError("t must be given where the network has none")
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
class BottleneckResidual:
    """ResNet's: 1×1 to ``c / expansion`` channels, k×k, 1×1 to ``c``; the input is added, then comes the activation.

    Where the stride is not 1 or the rounded channels differ, what is added is a 1×1 convolution of the input. The
    stride is of the ``first`` 1×1, as published, or of the k×k in the ``middle``, as in most later code. ``groups`` are
    of the k×k: ResNeXt's; the hidden width is rounded to a multiple. Squeeze-excite, if any, scales the k×k's map.
    arXiv:1512.03385, Figure 5; arXiv:1611.05431, Figure 3. ``ValueError`` for an even k, and for groups that do not
    divide the hidden width.
    """

    c: Channels
    n: Repeats = 1
    s: Stride = 1
    k: Kernel = 3
    expansion: T = 4.0
    groups: Groups = 1
    strided: Literal["first", "middle"] = "first"
    se: SqueezeExcite | None = None
    activation: Activation = "relu"
    alpha: Alpha | None = None
    label = "residual"

    def __post_init__(self) -> None:
        try:
            check_odd(self.k)
        except ValueError as error:
            raise ValueError(f"k {error}") from None
        check_groups(self.groups, self.c / self.expansion, "c / expansion")

    def lower(self, block: str, x: Map, scaling: Scaling, *, first: bool) -> Iterator[Layer]:
        c, s, held = scaling.channels(self.c), self.s if first else 1, x.elements
        hidden = scaling.inside(self.c / self.expansion, groups=self.groups)
        strides = (s, 1) if self.strided == "first" else (1, s)

        reduce = convolution(f"{block}.reduce", block, x, hidden, 1, strides[0], self.activation, held=held)
        inner = self._inner(block, reduce.output, strides[1], held)
        yield reduce
        yield inner
        if self.se is not None:
            yield from self.se.lower(inner, x, scaling.rounding, held=held)
        last = convolution(f"{block}.expand", block, inner.output, c, 1, 1, None, held=held, holds_input=False)
        yield last._replace(shortcut=True, joined=self.activation)
        yield _projection(block, x, c, s, held=last.output.elements)

    def _inner(self, block: str, x: Map, s: int, held: Size) -> Layer:
        name, groups = f"{block}.conv", self.groups
        return convolution(
            name, block, x, x.channels, self.k, s, self.activation, groups=groups, held=held, holds_input=False
        )


def _projection(block: str, x: Map, c: Size, s: int, *, held: Size) -> Layer:
    """The 1×1 convolution of a shortcut, present where the block changes the map's size or channels."""
    name, present = f"{block}.{PROJECTION}", (x.channels != c) if s == 1 else True
    layer = convolution(name, block, x, c, 1, s, None, present=present, held=held, holds_input=False)
    return layer._replace(beside=True)
