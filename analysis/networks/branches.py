"""Squeeze-excite: a side branch that scales each channel of a map. The only place that knows its wiring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analysis.networks.fields import Ratio
from analysis.networks.layers import Activation, Layer
from analysis.networks.maps import Map
from analysis.networks.parts import fully_connected, global_pool
from analysis.networks.rounding import Rounding
from analysis.networks.sizes import Size, at_least, truncate

BRANCH = "se"
"""What a branch is called within its block: ``bottleneck5.se.pool``."""

PROJECTION = "shortcut"
"""What the convolution of a shortcut is called within its block: ``residual3_1.shortcut``."""


@dataclass(frozen=True)
class SqueezeExcite:
    """Global average pool, a fully connected layer with ReLU, another back to all channels with ``gate``; with biases.

    The gates, one a channel, multiply the map that was pooled. The width between is ``ratio`` of what the branch
    ``squeezes``: of the map's own channels by the network's rounding, or of the block's input, cut off, at least 1.
    """

    gate: Activation = "sigmoid"
    squeezes: Literal["map", "block input"] = "map"
    ratio: Ratio = 0.25

    def lower(self, scaled: Layer, block_input: Map, rounding: Rounding, *, held: Size) -> Iterator[Layer]:
        """The branch on the output of ``scaled``; ``held`` is what a shortcut keeps alive meanwhile."""
        x, name, block = scaled.output, f"{scaled.block}.{BRANCH}", scaled.block
        pool = global_pool(f"{name}.pool", block, x)
        reduce = fully_connected(
            f"{name}.reduce", block, pool.output, self._width(x, block_input, rounding), activation="relu"
        )
        expand = fully_connected(f"{name}.expand", block, reduce.output, x.channels, activation=self.gate)
        yield pool._replace(branch_of=scaled.name, held=held)
        yield reduce._replace(branch_of=scaled.name, held=held + x.elements)
        yield expand._replace(branch_of=scaled.name, held=held + x.elements, scales=x)

    def _width(self, x: Map, block_input: Map, rounding: Rounding) -> Size:
        if self.squeezes == "map":
            return rounding(x.channels * self.ratio)
        return at_least(truncate(block_input.channels * self.ratio), 1)
