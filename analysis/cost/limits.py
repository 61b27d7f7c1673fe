"""What may be counted, and what may be built: an int64 total, and a module that fits a small machine."""

from __future__ import annotations

from analysis.networks.sizes import Size

INT64_MAX = 2**63 - 1

MOST_BUILT_PARAMS = 150_000_000
MOST_BUILT_MULT_ADDS = 30_000_000_000
MOST_BUILT_ELEMENTS = 50_000_000
"""A module beyond any of these is not built for an audit; every slider position of the app is within, but for VGG 16.

Its 138 million parameters as published take 554 MB; a wider one, or one for a larger input, is not built.
"""


def check_overflow(**totals: Size) -> None:
    """``OverflowError`` naming the first total that does not fit a 64-bit integer; totals are Python ints."""
    for name, value in totals.items():
        if value > INT64_MAX:
            raise OverflowError(
                f"{name} of this design is about {float(value):.3g}, over the int64 limit {INT64_MAX:,}; "
                "lower alpha, t, the resolution or the classes"
            )


def too_large_to_build(mult_adds: int, params: int, peak_elements: int) -> str | None:
    """Why a design is counted in closed form alone, or ``None``."""
    for what, value, most in (
        ("parameters", params, MOST_BUILT_PARAMS),
        ("Mult-Adds", mult_adds, MOST_BUILT_MULT_ADDS),
        ("activation elements alive at once", peak_elements, MOST_BUILT_ELEMENTS),
    ):
        if value > most:
            return f"too large to build: {value:,} {what}, the limit is {most:,}"
    return None
