"""The designs that the app's sliders reach: every position, as data."""

from __future__ import annotations

ALPHAS: tuple[float, ...] = tuple(hundredths / 100 for hundredths in range(25, 141))
"""α from 0.25 to 1.40 in hundredths."""

SIDES: tuple[int, ...] = tuple(range(32, 321))
"""Height of the input in px, every pixel from 32 to 320: ρ from 1/7 to 1.43 for a 224 px base."""

TS: tuple[float, ...] = tuple(halves / 2 for halves in range(2, 21))
"""t from 1 to 10 in halves."""

PUBLISHED_ALPHAS: tuple[float, ...] = (0.25, 0.35, 0.5, 0.75, 1.0, 1.3, 1.4)
PUBLISHED_SIDES: tuple[int, ...] = (96, 128, 160, 192, 224)
