"""The cost along a network's depth, so that networks of any number of layers stand over one axis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cost.quantities import QUANTITIES

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Depth:
    """A measure of how deep a layer stands: its name, its axis title with unit, and its value for each layer."""

    label: str
    title: str
    of: Callable[[pd.DataFrame], Floats]


def _number(table: pd.DataFrame) -> Floats:
    return np.arange(1.0, len(table) + 1)


def _field(table: pd.DataFrame) -> Floats:
    """The least that a layer or any behind it sees: a branch that pools its whole map is not the depth reached."""
    field = table["receptive_field"].to_numpy(float, na_value=np.nan)
    return np.minimum.accumulate(field[::-1])[::-1]


def _spent(table: pd.DataFrame) -> Floats:
    return table["mult_adds"].to_numpy(float).cumsum() / 1e6


DEPTHS: dict[str, Depth] = {
    "layer": Depth("Layer number", "Layer, from input to output", _number),
    "share": Depth("Share of depth", "Share of the layers passed (%)", lambda table: 100 * _number(table) / len(table)),
    "field": Depth("Receptive field", "Receptive field (px)", _field),
    "spent": Depth("Mult-Adds so far", "Mult-Adds so far (millions)", _spent),
}
"""What may stand on the horizontal axis of a profile."""


def profile(table: pd.DataFrame, depth: str, quantity: str, *, cumulative: bool = False) -> tuple[Floats, Floats]:
    """Depth and cost of every layer of a layer table, in the units of their axes; no layer where depth is not known.

    ``cumulative``: the cost of all layers so far.
    """
    axis = QUANTITIES[quantity]
    x, y = DEPTHS[depth].of(table), table[axis.column].to_numpy(float) / axis.unit
    known = ~np.isnan(x)
    return x[known], (y.cumsum() if cumulative else y)[known]
