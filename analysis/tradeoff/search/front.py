"""The front of a search: designs within the budgets that no other beats in both accuracy and memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.tradeoff.search.binding import ARRAY_OF, bytes_of
from analysis.tradeoff.search.budgets import Question
from analysis.tradeoff.search.found import Use, design_numbers
from analysis.tradeoff.search.space import Costs, Counts, Flags, Floats, Predictions, largest_inputs

STEPS = 40
"""Steps of cost, each a constant factor, by whose best designs most others are beaten."""


def front_frame(
    costs: Costs, predictions: Predictions, fits: Flags, question: Question, uses: tuple[Use, ...]
) -> tuple[str, str, pd.DataFrame]:
    """The names of value and cost, and a row a design of the front, the cheapest first.

    The value is predicted top-1, or Mult-Adds where none may be predicted; the cost is peak memory, or that of
    parameters and weight size whose budget the best design uses more.
    """
    total = _cost_name(uses)
    value, places, values = _values(costs, predictions, fits)
    at = places[front_places(costs.at(ARRAY_OF[total], places), values)]
    params, each = costs.at("params", at), bytes_of("_bytes", question.number_format)
    frame = pd.DataFrame([_named(int(place), costs, predictions) for place in at]).assign(
        mult_adds=costs.at("mult_adds", at),
        params=params,
        weight_bytes=params * each,
        peak_activation_bytes=costs.at("peak", at) * each,
    )
    return value, total, frame


def _named(place: int, costs: Costs, predictions: Predictions) -> dict[str, Any]:
    bands = predictions.at(place, costs)
    return design_numbers(costs.design(place)) | {"predicted_top1_percent": bands and bands[0]}


def _cost_name(uses: tuple[Use, ...]) -> str:
    sized = {use.total: use.share for use in uses if use.total != "mult_adds"}
    return max(sized, key=lambda total: sized[total]) if sized else "peak_activation_bytes"


def _values(costs: Costs, predictions: Predictions, fits: Flags) -> tuple[str, Counts, Floats | Counts]:
    places, top1 = predictions.among(fits, costs.repeats)
    if places.size:
        return "predicted_top1_percent", places, top1
    places = np.flatnonzero(largest_inputs(fits, costs.repeats))
    return "mult_adds", places, costs.at("mult_adds", places)


def front_places(cost: Counts, value: Floats | Counts) -> Counts:
    """Where the front is, by rising cost: each is worth more than every other that costs no more."""
    if not cost.size:
        return np.zeros(0, np.int64)
    near = np.flatnonzero(_unbeaten(cost, value))
    near = near[np.lexsort([-value[near], cost[near]])]
    return near[value[near] > _highest_before(value[near])]


def _unbeaten(cost: Counts, value: Floats | Counts) -> Flags:
    """Where the value is above all of a lower step of cost: few, the front among them, so that sorting is cheap."""
    edges = np.geomspace(int(cost.min()) + 1, int(cost.max()) + 1, STEPS)
    step = np.searchsorted(edges, cost, side="right")
    best = np.full(STEPS + 1, -np.inf)
    np.maximum.at(best, step, value)
    return value > _highest_before(best)[step]


def _highest_before(values: Floats | Counts) -> Floats:
    """The highest of the values before each."""
    return np.concatenate([[-np.inf], np.maximum.accumulate(values)[:-1]])
