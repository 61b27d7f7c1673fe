"""Search under budgets: of every design of a fine grid, the best that keeps them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, TypedDict, Unpack

import numpy as np
import pandas as pd

from analysis.cost.closed_form import BYTES
from analysis.cost.totals import design_totals
from analysis.networks import Network
from analysis.tradeoff.predict import Prediction, released_predictor
from analysis.tradeoff.reach import measured_point
from analysis.tradeoff.search.binding import closest_miss, limit_of, steps_up, uses_of
from analysis.tradeoff.search.budgets import Question, ask
from analysis.tradeoff.search.found import Checkpoint, Found, Result
from analysis.tradeoff.search.front import front_frame
from analysis.tradeoff.search.space import (
    Costs,
    Counts,
    Flags,
    Floats,
    Predictions,
    largest_inputs,
    released_index,
    released_points,
    released_reach,
    space_costs,
    space_predictions,
)

Values: TypeAlias = Floats | Counts

QUANTITY_OF = {"mult_adds": "mult_adds", "params": "params", "peak_memory": "peak"}
"""What an objective's name ends with, and the array of :class:`Costs` it is about."""


class SearchOptions(TypedDict, total=False):
    """The options of a search; whatever is left out is as the command line's default.

    ``max_mult_adds`` and ``max_params``: counts, numbers or text such as ``"300M"``. ``max_peak_memory`` (fused peak
    activations) and ``max_weight_size``: bytes, or text such as ``"1.5 MB"``, ``"512KiB"``; both in ``number_format``.
    ``min_resolution``, ``max_resolution``: heights in px of an input with the aspect ratio of ``base``, its size at
    ρ = 1, default its own. ``min_alpha``, ``max_alpha``: default 0.25 and 1.4. ``t``: a value, a list or a range as
    ``"1:10:0.25"``, the default. ``classes``, ``in_channels``: as of a design. ``training``: of MobileNetV1's
    checkpoints. ``objective``: one of :data:`analysis.tradeoff.search.budgets.OBJECTIVES`. ``top``: how many results.
    """

    max_mult_adds: int | float | str | None
    max_params: int | float | str | None
    max_peak_memory: int | float | str | None
    max_weight_size: int | float | str | None
    number_format: str
    min_resolution: int | str | None
    max_resolution: int | str | None
    base: int | str | tuple[int, int] | None
    min_alpha: float | str
    max_alpha: float | str
    t: float | str | list[float] | None
    classes: int | str | None
    in_channels: int | str | None
    training: str
    objective: str
    top: int | str


def search(network: str | Network, **options: Unpack[SearchOptions]) -> Found:
    """The best designs of a network that keep every budget, of at least a million α × resolution × t by default.

    Ranked by predicted accuracy where it may be predicted (ties: fewer Mult-Adds, then fewer parameters), else, or
    where it is asked for, by an objective. Of inputs that cost the same (159 and 160 px) the largest is given.
    Raises ``ValueError`` for an option outside its limits and ``OverflowError`` for designs beyond 64-bit integers.
    """
    return answer(ask(network, **options))


def answer(question: Question) -> Found:
    """The answer to a checked question."""
    costs, predictions = space_costs(question.space), space_predictions(question.space, question.training)
    fits = fitting(costs, question)
    ranked_by, places = _ranked(costs, predictions, fits, question)
    results = tuple(_result(costs, predictions, int(place), question) for place in places)
    uses = uses_of(costs, int(places[0]), question) if results else ()
    value, cost, front = front_frame(costs, predictions, fits, question, uses)
    best, nearest = _checkpoints(question, results[0].totals.mult_adds if results else None)
    return Found(
        question=question,
        looked_at=question.space.designs,
        different=costs.mult_adds.size,
        fitting=int(np.count_nonzero(fits, axis=(1, 2)) @ costs.same),
        fitting_different=int(np.count_nonzero(fits)),
        ranked_by=ranked_by,
        why_not_predicted=_why_not(predictions, results, question.training),
        model=_model(question) if results and results[0].prediction else None,
        results=results,
        uses=uses,
        steps=steps_up(costs, int(places[0]), question) if results else (),
        front=front,
        front_value=value,
        front_cost=cost,
        best_checkpoint=best,
        nearest_checkpoint=nearest,
        closest=None if results else closest_miss(costs, question),
    )


def fitting(costs: Costs, question: Question) -> Flags:
    """Where every budget is kept, α × height × t; a total that is equal to its budget keeps it."""
    fits = np.ones(costs.mult_adds.shape, bool)
    for total, limit in question.limits:
        quantity, most = limit_of(total, limit, question.number_format)
        fits &= getattr(costs, quantity) <= most
    return fits


def _ranked(costs: Costs, predictions: Predictions, fits: Flags, question: Question) -> tuple[str, Counts]:
    """What ranks, and the flat places of the best by it."""
    objective, top = question.objective, question.top
    if objective == "top1":
        places, top1 = predictions.among(fits, costs.repeats)
        if places.size:
            kept = _at_most_nth(-top1, top)
            places = places[kept]
            keys: list[Values] = [-top1[kept], costs.at("mult_adds", places), costs.at("params", places)]
            return objective, _first(places, keys, costs, top)
        objective = "most_mult_adds"
    return objective, _best_by(objective, costs, np.flatnonzero(largest_inputs(fits, costs.repeats)), top)


def _why_not(predictions: Predictions, results: Sequence[Result], training: str) -> str | None:
    """Why the best design has no predicted accuracy, where it has none."""
    if predictions.why_not is not None or not results or results[0].prediction is not None:
        return predictions.why_not
    best = results[0].design
    return released_reach(best.network, training).why_not(best)


def _best_by(objective: str, costs: Costs, places: Counts, top: int) -> Counts:
    """Flat places of the best by an objective; ties are settled in its own direction."""
    way, _, ending = objective.partition("_")
    sign, first = -1 if way == "most" else 1, QUANTITY_OF[ending]
    places = places[_at_most_nth(sign * costs.at(first, places), top)]
    names = dict.fromkeys((first, "mult_adds", "params", "peak"))
    keys: list[Values] = [sign * costs.at(name, places) for name in names]
    return _first(places, keys, costs, top)


def _at_most_nth(values: Values, n: int) -> Counts:
    """Where the values are among the n least, and all that tie with the last of them."""
    if values.size <= n:
        return np.arange(values.size)
    return np.flatnonzero(values <= np.partition(values, n - 1)[n - 1])


def _first(places: Counts, keys: Sequence[Values], costs: Costs, top: int) -> Counts:
    """The first by several keys, the least first, then the larger input."""
    _, height, _ = np.unravel_index(places, costs.mult_adds.shape)
    return places[np.lexsort([-height, *reversed(keys)])[:top]]


def _result(costs: Costs, predictions: Predictions, place: int, question: Question) -> Result:
    design = costs.design(place)
    measured = measured_point(design, released_index(question.space.released, question.training))
    printed = None if measured is None else measured.top1
    totals, bands = design_totals(design, question.number_format), predictions.at(place, costs)
    guess = None if bands is None else Prediction(*bands, _model(question) or "")
    return Result(design, totals, guess, printed)


def _model(question: Question) -> str | None:
    predictor = released_predictor(question.space.released, question.training)
    return None if predictor is None else predictor.model


def checkpoint_points(question: Question) -> pd.DataFrame:
    """The network's released checkpoints with their sizes in the number format, and whether each ``fits``.

    That is, has an α and a resolution within those searched, and keeps every budget. Their costs are of the network as
    released: 1000 classes, three input channels.
    """
    each, space = BYTES[question.number_format], question.space
    points = released_points(space.released, question.training)
    points = points.assign(
        weight_bytes=points["params"] * each, peak_activation_bytes=points["peak_activation_elements"] * each
    )
    fits = points["alpha"].between(space.alphas[0], space.alphas[-1])
    fits &= points["resolution"].between(space.heights[0], space.heights[-1])
    for total, limit in question.limits:
        fits &= points[total] <= limit
    return points.assign(fits=fits)


def _checkpoints(question: Question, mult_adds: int | None) -> tuple[Checkpoint | None, Checkpoint | None]:
    """Of the checkpoints that fit: the best by printed top-1, and the nearest to some Mult-Adds on a log axis."""
    points = checkpoint_points(question)
    points = points[points["fits"]]
    if points.empty:
        return None, None
    best = _checkpoint(points.iloc[int(points["top1"].argmax())])
    if mult_adds is None:
        return best, None
    away = np.abs(np.log(points["mult_adds"].to_numpy(float) / mult_adds))
    return best, _checkpoint(points.iloc[int(away.argmin())])


def _checkpoint(row: pd.Series) -> Checkpoint:
    return Checkpoint(
        name=str(row["checkpoint"]),
        alpha=float(row["alpha"]),
        resolution=int(row["resolution"]),
        top1=float(row["top1"]),
        mult_adds=int(row["mult_adds"]),
        params=int(row["params"]),
        peak_activation_bytes=int(row["peak_activation_bytes"]),
        weight_bytes=int(row["weight_bytes"]),
        source=str(row["source"]),
    )
