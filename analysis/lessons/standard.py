"""Step 1: the standard convolution, D_K·D_K·M·N·D_F·D_F."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.lessons.formulas import Formula, letters, mult_adds, standard_layer, weights
from analysis.lessons.listings import Listing, listing, plain
from analysis.lessons.messages import marked
from analysis.lessons.sizes import Sizes

SOURCE = "arXiv:1704.04861v1, equation 2"
NAME = marked("Standard convolution")


@dataclass(frozen=True)
class Standard:
    """The cost and the weights of a standard convolution, and the PyTorch code that counts both."""

    sizes: Sizes
    mult_adds: Formula
    weights: Formula
    listing: Listing


def standard(sizes: Sizes) -> Standard:
    """Every filter looks at every input channel at every position of the output; α and ρ are not applied."""
    layer, of = plain(standard_layer(sizes)), letters(sizes)
    filters = (of.kernel, of.kernel, of.m, of.n)
    return Standard(
        sizes=sizes,
        mult_adds=mult_adds(NAME, [(*filters, of.map, of.map)], layer),
        weights=weights(NAME, [filters], layer),
        listing=listing({"standard": [layer]}),
    )
