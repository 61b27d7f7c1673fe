"""Which budgets bind: what a design needs of each, what one step up would break, and how far the closest one misses."""

from __future__ import annotations

import numpy as np

from analysis.cost.closed_form import BYTES, NumberFormat
from analysis.tradeoff.search.budgets import Question
from analysis.tradeoff.search.found import Miss, Step, Use
from analysis.tradeoff.search.space import Costs

ARRAY_OF = {
    "mult_adds": "mult_adds",
    "params": "params",
    "weight_bytes": "params",
    "peak_activation_bytes": "peak",
}
"""The array of :class:`Costs` that a budgeted total is read from."""

AXES = ("resolution", "alpha", "t")


def bytes_of(total: str, number_format: NumberFormat) -> int:
    """What an element of the array counts for in the total: bytes of a value for sizes, else 1."""
    return BYTES[number_format] if total.endswith("_bytes") else 1


def limit_of(total: str, limit: int, number_format: NumberFormat) -> tuple[str, int]:
    """The array of :class:`Costs` that a budget bounds, and the most it may be."""
    return ARRAY_OF[total], limit // bytes_of(total, number_format)


def uses_of(costs: Costs, place: int, question: Question) -> tuple[Use, ...]:
    """What the design at a flat place needs of every budget."""
    at = np.array([place])
    return tuple(
        Use(total, int(costs.at(ARRAY_OF[total], at)[0]) * bytes_of(total, question.number_format), limit)
        for total, limit in question.limits
    )


def steps_up(costs: Costs, place: int, question: Question) -> tuple[Step, ...]:
    """The design at a flat place with the next resolution, the next α that changes a layer, and the next t."""
    shape = costs.mult_adds.shape
    at = [int(index) for index in np.unravel_index(place, shape)]
    steps = []
    for axis, number in zip(AXES, (1, 0, 2), strict=True):
        if shape[number] == 1:
            continue
        up = [index + (number == position) for position, index in enumerate(at)]
        if up[number] == shape[number]:
            steps.append(Step(axis, None, ()))
            continue
        next_place = int(np.ravel_multi_index(up, shape))
        steps.append(Step(axis, costs.design(next_place), uses_of(costs, next_place, question)))
    return tuple(steps)


def closest_miss(costs: Costs, question: Question) -> Miss:
    """Where no design keeps every budget, that whose largest share of a budget is least; then by the sum of shares."""
    worst, summed = np.zeros(costs.mult_adds.shape), np.zeros(costs.mult_adds.shape)
    for total, limit in question.limits:
        share = getattr(costs, ARRAY_OF[total]) * (bytes_of(total, question.number_format) / limit)
        np.maximum(worst, share, out=worst)
        summed += share
    place = int(np.where(worst == worst.min(), summed, np.inf).argmin())
    return Miss(costs.design(place), uses_of(costs, place, question))
