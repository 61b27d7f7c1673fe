"""Feature maps: channels × height × width."""

from __future__ import annotations

from typing import NamedTuple

from analysis.networks.sizes import Size


class Map(NamedTuple):
    """One activation tensor of a batch of one; inputs need not be square, nor have three channels."""

    channels: Size
    height: Size
    width: Size

    @property
    def elements(self) -> Size:
        """channels · height · width."""
        return self.channels * (self.height * self.width)

    def strided(self, kernel: int, stride: int, channels: Size) -> Map:
        """The map after a ``kernel`` × ``kernel`` window with padding ``kernel // 2``."""
        if kernel == stride == 1:
            return Map(channels, self.height, self.width)
        height, width = (_steps(side, kernel, stride, kernel // 2) for side in (self.height, self.width))
        return Map(channels, height, width)

    def pooled(self, kernel: int, stride: int, padding: int = 0) -> Map:
        """The map of ``kernel`` × ``kernel`` windows; a window that does not fit is left out."""
        height, width = (_steps(side, kernel, stride, padding) for side in (self.height, self.width))
        return Map(self.channels, height, width)

    def flattened(self) -> Map:
        """The same elements as one vector: a 1×1 map of as many channels."""
        return Map(self.elements, 1, 1)


def _steps(side: Size, kernel: int, stride: int, padding: int) -> Size:
    return (side + 2 * padding - kernel) // stride + 1
