"""The front of a search: designs within the budgets that no other beats in both accuracy and memory."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.tradeoff.search.binding import ARRAY_OF, bytes_of
from analysis.tradeoff.search.budgets import Question
from analysis.tradeoff.search.found import Use, design_numbers
from analysis.tradeoff.search.space import Costs, Counts, Flags, Floats, Predictions

SIZES = 40
"""Steps of cost, each a constant factor, of which each gives the front one design at most."""


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
    each = bytes_of("_bytes", question.number_format)
    rows = [
        design_numbers(costs.design(int(place)))
        | {
            "mult_adds": int(costs.at("mult_adds", place)),
            "params": int(costs.at("params", place)),
            "weight_bytes": int(costs.at("params", place)) * each,
            "peak_activation_bytes": int(costs.at("peak", place)) * each,
            "predicted_top1_percent": (predictions.at(int(place), costs) or (None,))[0],
        }
        for place in at
    ]
    return value, total, pd.DataFrame(rows)


def _cost_name(uses: tuple[Use, ...]) -> str:
    sized = {use.total: use.share for use in uses if use.total != "mult_adds"}
    return max(sized, key=lambda total: sized[total]) if sized else "peak_activation_bytes"


def _values(costs: Costs, predictions: Predictions, fits: Flags) -> tuple[str, Counts, Floats | Counts]:
    places, top1 = predictions.among(fits)
    if places.size:
        return "predicted_top1_percent", places, top1
    places = np.flatnonzero(fits)
    return "mult_adds", places, costs.at("mult_adds", places)


def front_places(cost: Counts, value: Floats | Counts) -> Counts:
    """Where the front is, by rising cost: of each step of cost the best, where it is better than all that cost less.

    Every one of them is on the exact front: no other costs no more and is worth as much.
    """
    if not cost.size:
        return np.zeros(0, np.int64)
    edges = np.geomspace(int(cost.min()) + 1, int(cost.max()) + 1, SIZES)  # the cheapest of all is a step of its own
    step = np.searchsorted(edges, cost, side="right")
    best = np.full(SIZES + 1, -np.inf)
    np.maximum.at(best, step, value)
    tops = np.flatnonzero(value == best[step])
    tops = tops[np.lexsort([cost[tops], step[tops]])]
    tops = tops[np.unique(step[tops], return_index=True)[1]]
    before = np.concatenate([[-np.inf], np.maximum.accumulate(value[tops])[:-1]])
    return tops[value[tops] > before]
