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
        return Map(channels, _steps(self.height, kernel, stride), _steps(self.width, kernel, stride))

    def pooled(self, kernel: int, stride: int) -> Map:
        """The map of ``kernel`` × ``kernel`` windows without padding; a window that does not fit is left out."""
        return Map(self.channels, (self.height - kernel) // stride + 1, (self.width - kernel) // stride + 1)

    def flattened(self) -> Map:
        """The same elements as one vector: a 1×1 map of as many channels."""
        return Map(self.elements, 1, 1)


def _steps(side: Size, kernel: int, stride: int) -> Size:
    return (side + 2 * (kernel // 2) - kernel) // stride + 1
