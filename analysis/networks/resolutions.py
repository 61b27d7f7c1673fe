"""The input's height and width in px: read from what people write, and what ρ implies."""

from __future__ import annotations

import re
from typing import Any

from analysis.networks.values import check_count, check_number, shortened

BASE_RESOLUTION = 224
"""The resolution at ρ = 1, in pixels, of every network in the MobileNet papers."""

LEAST_RESOLUTION = 32
MOST_RESOLUTION = 65_536


def parse_resolution(value: Any) -> tuple[int, int]:
    """Height and width in pixels from ``224``, ``"224"``, ``"60x120"`` or ``(60, 120)``."""
    if isinstance(value, str):
        sides: Any = re.split(r"[x×]", value.strip().lower())
        sides = sides * 2 if len(sides) == 1 else sides
    else:
        sides = value if isinstance(value, (tuple, list)) else (value, value)
    if len(sides) != 2:
        raise ValueError(f"resolution must be one side or HEIGHTxWIDTH in px, got {shortened(value)}")
    height, width = (check_count("resolution", side, LEAST_RESOLUTION, MOST_RESOLUTION) for side in sides)
    return height, width


def width_of(height: int, base_height: int, base_width: int) -> int:
    """The width at the same ρ: ρ · base width to the nearest pixel."""
    return round(height * base_width / base_height)


def resolution_of(rho: Any, base: tuple[int, int] = (BASE_RESOLUTION, BASE_RESOLUTION)) -> tuple[int, int]:
    """The height and width that ρ implies: ρ · base to the nearest pixel."""
    height = round(check_number("rho", rho, MOST_RESOLUTION / max(base)) * base[0])
    sides = height, width_of(height, *base)
    if min(sides) < LEAST_RESOLUTION:
        raise ValueError(
            f"rho must imply a resolution of at least {LEAST_RESOLUTION} px, got {shortened(rho)} ({min(sides)} px)"
        )
    return sides
