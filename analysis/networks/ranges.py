"""The designs that the app's sliders reach: every position, as data."""

from __future__ import annotations

from analysis.networks.resolutions import LEAST_RESOLUTION, width_of

ALPHAS: tuple[float, ...] = tuple(hundredths / 100 for hundredths in range(25, 141))
"""α from 0.25 to 1.40 in hundredths."""


BASE_SIDES = range(LEAST_RESOLUTION, 1025)
"""Sides of the input at ρ = 1 that the app takes, in px."""


def sides(base_height: int = 224, base_width: int = 224) -> range:
    """Heights in px that the ρ slider offers: every pixel from 32 on the shorter side to ρ = 10/7."""
    least = next(
        side for side in range(LEAST_RESOLUTION, base_height + 1) if width_of(side, base_height, base_width) >= 32
    )
    return range(least, round(base_height * 10 / 7) + 1)


def base_for(height: int, width: int) -> tuple[int, int] | None:
    """The largest base from which the ρ slider reaches height × width, itself if it may be one; ``None`` if none is."""
    for base_height in range(min(height, BASE_SIDES[-1]), max(BASE_SIDES[0], height * 7 // 10) - 1, -1):
        near = round(base_height * width / height)
        for base_width in (near, near - 1, near + 1):
            base = (base_height, base_width)
            if base_width in BASE_SIDES and width_of(height, *base) == width and height in sides(*base):
                return base
    return None


SIDES: tuple[int, ...] = tuple(sides())
"""For a square base of 224 px: 32 to 320 px, ρ from 1/7 to 10/7."""

TS: tuple[float, ...] = tuple(halves / 2 for halves in range(2, 21))
"""t from 1 to 10 in halves."""

PUBLISHED_ALPHAS: tuple[float, ...] = (0.25, 0.35, 0.5, 0.75, 1.0, 1.3, 1.4)
PUBLISHED_SIDES: tuple[int, ...] = (96, 128, 160, 192, 224)
MOST_CLASSES_IN_APP = 1_000_000
