"""Step 2: depthwise and pointwise, their sum, and its ratio to the standard convolution, 1/N + 1/D_K²."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from analysis.lessons.formulas import Formula, letters, mult_adds, separable_layers, standard_layer, weights
from analysis.lessons.listings import Listing, listing, plain
from analysis.lessons.messages import marked
from analysis.lessons.sizes import MOST_CHANNELS, Sizes
from analysis.lessons.standard import standard
from analysis.networks.values import check_count

SOURCE = "arXiv:1704.04861v1, equations 4 and 5 and section 3.1"
CLAIM = (8, 9)
"""The paper: depthwise separable convolutions with 3×3 kernels use 8 to 9 times less computation."""

KERNELS = (3, 5, 7)
CHANNELS = tuple(sorted({round(2 ** (eighths / 8)) for eighths in range(89)}))
"""N from 1 to 2048, about eight a doubling."""


@dataclass(frozen=True)
class Separable:
    """The two parts of a depthwise separable convolution, their sum, and the standard convolution they replace."""

    sizes: Sizes
    depthwise: Formula
    pointwise: Formula
    mult_adds: Formula
    weights: Formula
    standard: Formula
    listing: Listing

    @property
    def ratio(self) -> Fraction:
        """Separable over standard Mult-Adds, exactly: 1/N + 1/D_K², whatever M, D_F and the stride."""
        return Fraction(self.mult_adds.value, self.standard.value)

    @property
    def times_less(self) -> float:
        """How many times fewer Mult-Adds; under 1 where it is more."""
        return float(1 / self.ratio)


def separable(sizes: Sizes) -> Separable:
    """A depthwise layer looks at each channel by itself, a pointwise one mixes the channels; α and ρ not applied."""
    dw, pw = (plain(layer) for layer in separable_layers(sizes))
    of = letters(sizes)
    first = (of.kernel, of.kernel, of.m, of.map, of.map)
    second = (of.m, of.n, of.map, of.map)
    return Separable(
        sizes=sizes,
        depthwise=mult_adds(marked("Depthwise"), [first], dw),
        pointwise=mult_adds(marked("Pointwise (1×1)"), [second], pw),
        mult_adds=mult_adds(marked("Depthwise separable"), [first, second], dw, pw),
        weights=weights(marked("Depthwise separable"), [first[:3], second[:2]], dw, pw),
        standard=standard(sizes).mult_adds,
        listing=listing(
            {"standard": [plain(standard_layer(sizes))], "depthwise": [dw], "pointwise": [pw], "separable": [dw, pw]}
        ),
    )


def times_less(kernel: int, out_channels: int) -> Fraction:
    """How many times fewer Mult-Adds a separable convolution needs: 1 / (1/N + 1/D_K²)."""
    kernel = check_count("D_K", kernel, 1, MOST_CHANNELS)
    out_channels = check_count("N", out_channels, 1, MOST_CHANNELS)
    return 1 / (Fraction(1, out_channels) + Fraction(1, kernel**2))


def reductions(kernels: Sequence[int] = KERNELS, channels: Sequence[int] = CHANNELS) -> pd.DataFrame:
    """Columns ``kernel``, ``out_channels``, ``times_less``: the curves of step 2, one a kernel."""
    rows = [(kernel, n, float(times_less(kernel, n))) for kernel in kernels for n in channels]
    return pd.DataFrame(rows, columns=["kernel", "out_channels", "times_less"])


def claim_holds(kernel: int) -> tuple[int, int | None] | None:
    """The least and the most N for which a kernel costs 8 to 9 times less; the most is ``None`` where it has no end.

    ``None`` where no N does. n·k² / (n + k²) grows with n towards k², so that the range is one piece.
    """
    low, high = CLAIM
    square = check_count("D_K", kernel, 1, MOST_CHANNELS) ** 2
    if square <= low:
        return None
    least = -(-low * square // (square - low))
    most = None if square <= high else high * square // (square - high)
    return None if most is not None and most < least else (least, most)
