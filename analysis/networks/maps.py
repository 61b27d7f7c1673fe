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
        return self._windowed(kernel, stride, kernel // 2, channels)

    def pooled(self, kernel: int, stride: int, padding: int = 0) -> Map:
        """The map of ``kernel`` × ``kernel`` windows; a window that does not fit is left out."""
        return self._windowed(kernel, stride, padding, self.channels)

    def _windowed(self, kernel: int, stride: int, padding: int, channels: Size) -> Map:
        least = kernel - 2 * padding
        return Map(channels, (self.height - least) // stride + 1, (self.width - least) // stride + 1)

    def flattened(self) -> Map:
        """The same elements as one vector: a 1×1 map of as many channels."""
        return Map(self.elements, 1, 1)
