"""Step 5: grouped convolution, the way from the standard convolution (1 group) to the depthwise one (M groups)."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import pandas as pd

from analysis.cost import closed_form
from analysis.lessons.formulas import Factor, Formula, letters, mult_adds, standard_layer, weights
from analysis.lessons.listings import Listing, listing, plain, weight_shape
from analysis.lessons.messages import marked
from analysis.lessons.sizes import MOST_CHANNELS, Sizes
from analysis.networks.layers import Layer
from analysis.networks.values import check_count

NAME = marked("Grouped convolution")


@dataclass(frozen=True)
class Grouped:
    """A convolution in groups: its cost, its weights, and the shape of its weight tensor in torch."""

    sizes: Sizes
    groups: int
    mult_adds: Formula
    weights: Formula
    weight_shape: tuple[int, int, int, int]
    listing: Listing

    @property
    def is_depthwise(self) -> bool:
        """Whether every channel is a group of its own."""
        return self.groups == self.sizes.in_channels == self.sizes.out_channels


def group_choices(sizes: Sizes) -> tuple[int, ...]:
    """The numbers of groups that M and N can be cut into: the common divisors."""
    most = gcd(sizes.in_channels, sizes.out_channels)
    return tuple(number for number in range(1, most + 1) if most % number == 0)


def nearest_groups(sizes: Sizes, groups: int) -> int:
    """The largest choice that is not above ``groups``."""
    return max(choice for choice in group_choices(sizes) if choice <= max(groups, 1))


def check_groups(sizes: Sizes, groups: int) -> int:
    """``groups`` if M and N can be cut into that many; ``ValueError`` with the choices otherwise."""
    groups = check_count("groups", groups, 1, MOST_CHANNELS)
    if sizes.in_channels % groups or sizes.out_channels % groups:
        choices = ", ".join(map(str, group_choices(sizes)))
        raise ValueError(
            f"groups must divide M = {sizes.in_channels} and N = {sizes.out_channels} ({choices}), got {groups}"
        )
    return groups


def grouped(sizes: Sizes, groups: int = 1) -> Grouped:
    """Each group of filters looks at its own M / G input channels; α and ρ are not applied."""
    groups = check_groups(sizes, groups)
    layer, of = _layer(sizes, groups), letters(sizes)
    within = Factor("(M/G)", "(M/G)", sizes.in_channels // groups)
    filters = (of.kernel, of.kernel, within, of.n)
    return Grouped(
        sizes=sizes,
        groups=groups,
        mult_adds=mult_adds(NAME, [(*filters, of.map, of.map)], layer),
        weights=weights(NAME, [filters], layer),
        weight_shape=weight_shape(layer),
        listing=listing({"grouped": [layer]}, shapes=True),
    )


def _layer(sizes: Sizes, groups: int) -> Layer:
    return plain(standard_layer(sizes))._replace(groups=groups)


def every_grouping(sizes: Sizes) -> pd.DataFrame:
    """A row for each choice of groups: ``groups``, ``weight_shape``, ``mult_adds``, ``params``."""
    layers = {groups: _layer(sizes, groups) for groups in group_choices(sizes)}
    return pd.DataFrame(
        {
            "groups": list(layers),
            "weight_shape": [str(list(weight_shape(layer))) for layer in layers.values()],
            "mult_adds": [int(closed_form.mult_adds(layer)) for layer in layers.values()],
            "params": [int(closed_form.weights(layer)) for layer in layers.values()],
        }
    )
