"""How α · c becomes a whole number of channels. The rules are data: override them in a design."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.networks.sizes import Number, Size, at_least, truncate, where


@dataclass(frozen=True)
class Rounding:
    """A multiple of ``divisor``, never under ``least`` channels, never under ``keep`` of the exact width.

    ``nearest`` rounds to the nearest multiple (halves up), else toward zero.
    """

    divisor: int = 1
    least: int = 8
    nearest: bool = False
    keep: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (("divisor", self.divisor), ("least depth", self.least)):
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not 1 <= value <= 100_000:
                raise ValueError(f"{name} must be a whole number from 1 to 100,000, got {value!r:.40}")
        if isinstance(self.keep, bool) or not isinstance(self.keep, (int, float)) or not 0 <= self.keep <= 1:
            raise ValueError(f"keep must be a number from 0 to 1, got {self.keep!r:.40}")
        object.__setattr__(self, "divisor", int(self.divisor))  # a numpy integer would overflow in silence
        object.__setattr__(self, "least", int(self.least))
        object.__setattr__(self, "keep", float(self.keep))

    def __call__(self, width: Number, *, multiple: int = 1) -> Size:
        """The channels for an exact width ``alpha * c``; also a multiple of ``multiple``, for groups to divide."""
        divisor, least = self.divisor, self.least
        if multiple != 1:
            divisor, least = math.lcm(divisor, multiple), -(-least // multiple) * multiple
        half = divisor / 2 if self.nearest else 0
        channels = at_least(truncate(width + half) // divisor * divisor, least)
        added: Size = where(channels < self.keep * width, divisor, 0)
        return channels + added


TRUNCATED = Rounding(divisor=1, least=8)
"""MobileNetV1, as the authors' code: ``max(int(alpha * c), 8)``."""

DIVISIBLE = Rounding(divisor=8, least=8, nearest=True, keep=0.9)
"""MobileNetV2, V3 and MnasNet, as the authors' code: the nearest multiple of 8, at least 8, never below 90 %."""

ROUNDINGS: dict[str, Rounding] = {"truncated": TRUNCATED, "divisible": DIVISIBLE}
"""The usual ones by name."""
