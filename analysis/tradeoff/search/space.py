"""The costs of every design of a search's space, and their predicted accuracies: computed once, kept for few spaces.

Values of α that give every layer the same channels are one design: the published α among them stands for them, else
the one with the fewest decimals, else the least.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cost.grid import design_grid
from analysis.networks import CATALOGUE, Design
from analysis.tradeoff.predict import Predictor, released_predictor
from analysis.tradeoff.published import checkpoints_of
from analysis.tradeoff.reach import Index, Reach, measured_index, reach_of
from analysis.tradeoff.search.budgets import Space

Counts: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

KEPT = 2
"""Spaces whose costs are kept; a million designs take 20 MB."""

BLOCKS = 16
"""Parts of a space that are computed apart, on as many threads as there are cores."""


@dataclass(frozen=True, eq=False)
class Costs:
    """Arrays that broadcast to α × height × t: Mult-Adds, parameters, fused peak activation elements.

    ``alphas`` stand for ``same`` values of α each. ``base_mult_adds`` are those of the same α and t at the network's
    own input, 224 px of the MobileNets. ``repeats`` is true where the next larger input costs the same.
    """

    space: Space
    alphas: Floats
    same: Counts
    mult_adds: Counts
    params: Counts
    peak: Counts
    base_mult_adds: Counts
    repeats: Flags

    def design(self, place: int) -> Design:
        """The design at a flat place of the arrays."""
        a, h, t = (int(index) for index in np.unravel_index(place, self.mult_adds.shape))
        height, width = self.space.side(self.space.heights[h])
        return self.space.base.with_(alpha=float(self.alphas[a]), height=height, width=width, t=self.space.ts[t])

    def at(self, quantity: str, places: Counts) -> Counts:
        """A quantity at some flat places."""
        values: Counts = getattr(self, quantity)
        if values.shape != self.mult_adds.shape:
            a, _, t = np.unravel_index(places, self.mult_adds.shape)
            places = np.ravel_multi_index((a, np.zeros_like(a), t), values.shape)
        taken: Counts = values.ravel()[places]
        return taken


@dataclass(frozen=True, eq=False)
class Predictions:
    """Predicted top-1 in percent with its 95 % interval, α × height, NaN where it may not be predicted.

    They hold at place ``t`` of the space's values of t. ``why_not`` says why there is none at all.
    """

    t: int = 0
    top1: Floats | None = None
    low: Floats | None = None
    high: Floats | None = None
    why_not: str | None = None

    def among(self, fits: Flags, repeats: Flags) -> tuple[Counts, Floats]:
        """Flat places of the designs (α × height × t) that fit and may be predicted, and their predicted top-1.

        Of inputs that cost the same the largest alone.
        """
        if self.top1 is None:
            return np.zeros(0, np.int64), np.zeros(0)
        known = np.flatnonzero(largest_inputs(fits[:, :, self.t] & ~np.isnan(self.top1), repeats[:, :, self.t]))
        return known * fits.shape[2] + self.t, self.top1.ravel()[known]

    def at(self, place: int, costs: Costs) -> tuple[float, float, float] | None:
        """Predicted top-1, low and high of the design at a flat place, where it may be predicted."""
        a, height, t = np.unravel_index(place, costs.mult_adds.shape)
        if t != self.t or self.top1 is None or self.low is None or self.high is None:
            return None
        top1, low, high = (float(band[a, height]) for band in (self.top1, self.low, self.high))
        return None if math.isnan(top1) else (top1, low, high)


def largest_inputs(among: Flags, repeats: Flags) -> Flags:
    """Of the designs (α × height, or × t) that differ in the input alone and cost the same, the largest input."""
    largest = among.copy()
    largest[:, :-1] &= ~(repeats & among[:, 1:])
    return largest


_ONE_AT_A_TIME = Lock()


def space_costs(space: Space) -> Costs:
    """The costs of every design; two callers at once compute them once."""
    with _ONE_AT_A_TIME:
        return _costs(space)


@lru_cache(KEPT)
def _costs(space: Space) -> Costs:
    alphas, same = distinct_alphas(space)
    blocks = [block for block in np.array_split(alphas, BLOCKS) if block.size]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        parts = list(threads.map(lambda block: _block(space, block), blocks))
    mult_adds, peak, base, params = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    repeats = (mult_adds[:, 1:] == mult_adds[:, :-1]) & (peak[:, 1:] == peak[:, :-1])
    return Costs(space, alphas, same, mult_adds, params, peak, base, repeats)


def _block(space: Space, alphas: Floats) -> tuple[Counts, Counts, Counts, Counts]:
    """Mult-Adds and peak of every design of some α, Mult-Adds at the network's own input, and parameters.

    Parameters are the same for every input, but where a fully connected layer reads a whole map.
    """
    flattens = space.base.entry.flattens
    sized = _grid(space, alphas, space.sides, ("mult_adds", "peak_activation_elements", *(["params"] * flattens)))
    at_base = _grid(space, alphas, [space.base.entry.base], ("mult_adds", "params"))
    return sized[0], sized[1], at_base[0], sized[2] if flattens else at_base[1]


def _grid(space: Space, alphas: Floats, sides: Any, quantities: tuple[str, ...]) -> list[Counts]:
    frame = design_grid(space.base, alphas=alphas.tolist(), sides=sides, ts=space.ts, quantities=quantities)
    return [frame[name].to_numpy().reshape(len(alphas), len(sides), len(space.ts)) for name in quantities]


def distinct_alphas(space: Space) -> tuple[Floats, Counts]:
    """The values of α, ascending, that stand for all, and how many each stands for."""
    published = {alpha for alpha, _ in space.base.entry.presets}
    ordered = sorted(space.alphas, key=lambda alpha: (alpha not in published, _decimals(alpha), alpha))
    alphas = np.array(ordered, np.float64)
    _, first, same = np.unique(_channels(space, alphas), axis=0, return_index=True, return_counts=True)
    ascending = np.argsort(alphas[first])
    return alphas[first][ascending], same[ascending]


def _decimals(number: float) -> int:
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _channels(space: Space, alphas: Floats) -> Counts:
    """A row an α: the channels that every layer puts out, at every t."""
    ts = None if space.ts[0] is None else np.array(space.ts, np.float64).reshape(1, -1)
    base = space.base
    layers = base.entry.layers(alpha=alphas.reshape(-1, 1), t=ts, classes=base.classes, in_channels=base.in_channels)
    shape = (len(alphas), len(space.ts))
    return np.concatenate([np.broadcast_to(layer.output.channels, shape) for layer in layers], axis=1)


@lru_cache(64)
def released_points(network: str, training: str) -> pd.DataFrame:
    """A network's released checkpoints of a training, with the ``t`` they were trained with."""
    points = checkpoints_of(training)
    known = CATALOGUE.get(network)
    return points[points["network"] == network].assign(t=None if known is None else known.t, group="released")


@lru_cache(64)
def released_reach(network: str, training: str) -> Reach:
    """For which designs of a network an accuracy may be predicted."""
    return reach_of(released_points(network, training))


@lru_cache(64)
def released_index(network: str, training: str) -> Index:
    """The printed accuracy of every released design of a network."""
    return measured_index(released_points(network, training))


@lru_cache(2 * KEPT)
def space_predictions(space: Space, training: str) -> Predictions:
    """What may be predicted of the designs of a space from the network's released checkpoints of a training."""
    base, points = space.base, released_points(space.released, training)
    predictor, reach = released_predictor(space.released, training), released_reach(space.released, training)
    if predictor is None:
        few = f"only {len(points)} checkpoint{'s were' if len(points) > 1 else ' was'} released, too few for a fit"
        return Predictions(why_not=reach.why_not(base) if points.empty else few)
    alpha, side = points[["alpha", "resolution"]].iloc[0]
    square = {"height": int(side), "width": int(side)} if base.height == base.width else {}
    measured = base.with_(alpha=alpha, **square)
    reason = reach.why_not(measured)
    if reason is None and base.t is not None and base.entry.t not in space.ts:
        reason = reach.why_not(measured.with_(t=space.ts[0]))
    return Predictions(why_not=reason) if reason is not None else _predicted(space, predictor)


def _predicted(space: Space, predictor: Predictor) -> Predictions:
    costs, t = space_costs(space), space.ts.index(space.base.entry.t)
    bands = predictor.bands(costs.mult_adds[:, :, t], costs.base_mult_adds[:, :, t])
    heights, widths = np.array(space.sides).T
    may = np.asarray(predictor.reach.surrounds(costs.alphas[:, None], heights[None, :])) & (heights == widths)
    if not may.any():
        return Predictions(why_not="no α and resolution searched lies among the measured ones")
    top1, low, high = (
        np.where(may, band, np.nan) for band in (bands.top1, bands.prediction_low, bands.prediction_high)
    )
    return Predictions(t, top1, low, high)
