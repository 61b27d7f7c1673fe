"""What a design does to a row: its channels under α and rounding, t and the classes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from analysis.networks.rounding import Rounding
from analysis.networks.sizes import Number, Size, larger


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """What a design does to every row: α with its channel rounding, t, and the number of classes.

    A row's output channels are a multiple of ``multiple``: the groups of the convolution that reads them.
    """

    alpha: Number
    t: Number | None
    classes: Size | None
    rounding: Rounding
    multiple: int = 1

    def of(self, alpha: float | None, multiple: int) -> Scaling:
        """The scaling of a row with its own α, or ``None``, whose output channels are a multiple of ``multiple``."""
        if alpha is None and multiple == 1:
            return self
        return replace(self, alpha=self.alpha if alpha is None else alpha, multiple=multiple)

    def channels(self, c: float, *, groups: int = 1) -> Size:
        """The channels α gives a row of ``c``, for ``groups`` to divide."""
        return self.rounding(c * self.alpha, multiple=math.lcm(self.multiple, groups))

    def at_least_as_published(self, c: int) -> Size:
        """The channels of a layer of ``c`` that α may widen, never narrow."""
        return self.rounding(c * larger(self.alpha, 1.0), multiple=self.multiple)

    def inside(self, c: float, *, groups: int) -> Size:
        """The channels α gives a layer of ``c`` within a block, for ``groups`` to divide."""
        return self.rounding(c * self.alpha, multiple=groups)


def check_groups(groups: int, channels: Number | Size, name: str) -> None:
    """``ValueError`` where ``groups`` do not divide ``channels``, called ``name``; of a grid, all of them."""
    if groups == 1:
        return
    undivided = np.extract(np.mod(channels, groups), channels)
    if undivided.size:
        raise ValueError(f"groups must divide {name} = {undivided[0]:g}, got {groups}")
