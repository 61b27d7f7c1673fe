"""The accuracy to expect of a design: read off a fit, with its interval, and refused where nothing was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis.cost.counted.counted import Counted
from analysis.cost.subjects import Subject
from analysis.cost.totals import design_totals
from analysis.networks import CATALOGUE, Design
from analysis.networks.fields import MOST_ALPHA
from analysis.networks.values import check_number, shortened
from analysis.tradeoff.fit import ApartFit, Bands, LogLinearFit, fit_apart, fit_log_linear
from analysis.tradeoff.measurements import read_measurements
from analysis.tradeoff.published import checkpoints_of
from analysis.tradeoff.reach import LEAST_PAIRS, Reach, reach_of

LEAST_POINTS = 3


@dataclass(frozen=True)
class Prediction:
    """A top-1 in percent that nobody measured, with the 95 % interval in which a new measurement is expected."""

    top1: float
    low: float
    high: float
    model: str


@dataclass(frozen=True, eq=False)
class Predictor:
    """The measured points of one network at one t, and the fit that predicts with the least leave-one-out error.

    ``points`` has ``network, alpha, resolution, t, top1, mult_adds, width_mult_adds``. ``apart`` is ``None`` where the
    points do not tell α from ρ.
    """

    points: pd.DataFrame
    line: LogLinearFit
    apart: ApartFit | None
    reach: Reach

    @property
    def fit(self) -> LogLinearFit | ApartFit:
        """The better of the two by its leave-one-out error."""
        if self.apart is not None and self.apart.leave_one_out_error < self.line.leave_one_out_error:
            return self.apart
        return self.line

    @property
    def predicts(self) -> bool:
        """Whether enough designs with an α took part for an accuracy to be read off at all."""
        return len(self.reach.pairs) >= LEAST_PAIRS

    @property
    def model(self) -> str:
        """The fit in words."""
        return "Mult-Adds" if isinstance(self.fit, LogLinearFit) else "α and ρ apart"

    def bands(self, mult_adds: Any, width_mult_adds: Any) -> Bands:
        """Predictions of many designs; ``width_mult_adds`` are those of the same α and t at 224 px."""
        if isinstance(self.fit, LogLinearFit):
            return self.fit.at(mult_adds)
        return self.fit.at(mult_adds, width_mult_adds)

    def predict(self, design: Design) -> Prediction | None:
        """The design's accuracy, or ``None`` where :meth:`Reach.why_not` says why not."""
        if self.reach.why_not(design) is not None:
            return None
        base = design.with_(height=design.entry.base[0], width=design.entry.base[1])
        bands = self.bands(design_totals(design).mult_adds, design_totals(base).mult_adds)
        return Prediction(float(bands.top1), float(bands.prediction_low), float(bands.prediction_high), self.model)


def make_predictor(points: pd.DataFrame) -> Predictor:
    """The predictor of one network's points at one t.

    Raises ``ValueError`` where they are too few for a line.
    """
    line = fit_log_linear(points)
    try:
        apart = fit_apart(points)
    except ValueError:
        apart = None
    return Predictor(points, line, apart, reach_of(points))


def predictor_for(design: Subject, found: Mapping[str, Predictor]) -> Predictor | None:
    """Of the predictors of several families that of the design's network, at its t; none of a network without rows."""
    if isinstance(design, Counted):
        return None
    own = [predictor for predictor in found.values() if predictor.line.network == design.network]
    return next((predictor for predictor in own if predictor.reach.t == design.t), own[0] if own else None)


def fit(
    network: str, *, training: str = "2018", min_alpha: float = 0.0, measurements: bytes | None = None
) -> Predictor:
    """The fits of a network's released checkpoints, with or without your own measurements, or of these alone.

    ``training`` chooses between MobileNetV1's two. Points with an α below ``min_alpha`` take no part. ``measurements``
    is a CSV file as :func:`analysis.tradeoff.measurements.read_measurements` takes it; its rows of this network at the
    published t join. With them ``network`` may also be one that the file alone has: a name of its column network, or
    a network of the catalogue at another t, as ``"MobileNetV2, t = 4"``.
    Raises ``ValueError`` for an unknown name and for fewer than three points.
    """
    if not isinstance(network, str) or (network not in CATALOGUE and measurements is None):
        raise ValueError(f"network must be one of {', '.join(CATALOGUE)}, got {shortened(network)}")
    least = check_least_alpha(min_alpha)
    points = checkpoints_of(training)
    points = points[points["network"] == network]
    if network in CATALOGUE:
        points = points.assign(t=CATALOGUE[network].t)
    if measurements is not None:
        own = joining(measurements, network)
        points = pd.concat([points, own], ignore_index=True) if len(points) else own
    points = points[~(points["alpha"] < least)]
    if len(points) < LEAST_POINTS:
        at_least = f" with α ≥ {least:g}" if least else ""
        raise ValueError(f"a fit needs at least {LEAST_POINTS} points, {network} has {len(points)}{at_least}")
    return make_predictor(points)


def check_least_alpha(value: Any) -> float:
    """The least α of points that take part: a number from 0 on; ``ValueError`` otherwise."""
    return (
        0.0 if str(value).strip("0.") == "" and str(value).strip(".") else check_number("min_alpha", value, MOST_ALPHA)
    )


def joining(measurements: bytes, network: str) -> pd.DataFrame:
    """The rows of a CSV file that take part in a network's fit: its designs at the published t.

    Of a network that is not in the catalogue, its rows. Raises ``ValueError`` for a file that cannot be read, and where
    no row joins.
    """
    if not isinstance(measurements, bytes):
        raise ValueError(f"measurements must be the bytes of a CSV file, got {shortened(measurements)}")
    own = read_measurements(measurements, network)
    if network not in CATALOGUE:
        return _of_family(own, network)
    own = own[(own["network"] == network) & (own["t"].isna() | (own["t"] == CATALOGUE[network].t))]
    if own.empty:
        raise ValueError(f"no row of the measurements is a design of {network} as published, so none joins its fit")
    return own


def _of_family(own: pd.DataFrame, family: str) -> pd.DataFrame:
    rows = own[own["family"] == family]
    if rows.empty:
        known = ", ".join(CATALOGUE), ", ".join(map(shortened, own["family"].unique()))
        raise ValueError(f"network must be one of {known[0]}, or of the file: {known[1]}; got {shortened(family)}")
    return rows.assign(network=family)


@lru_cache(64)
def released_predictor(network: str, training: str = "2018", min_alpha: float = 0.0) -> Predictor | None:
    """The predictor of a network's released checkpoints of at least that α, ``None`` where they are too few."""
    try:
        return fit(network, training=training, min_alpha=min_alpha)
    except ValueError:
        return None


def lines_of(found: Mapping[str, Predictor]) -> dict[str, LogLinearFit]:
    """The line of each family."""
    return {name: predictor.line for name, predictor in found.items()}


def predictors(points: pd.DataFrame, *, min_alpha: float = 0.0) -> dict[str, Predictor]:
    """A predictor for each family of points that has enough of them for a line, by its name.

    Points with an α below ``min_alpha`` take no part; those without an α do.
    """
    taking_part = points[~(points["alpha"] < min_alpha)]
    found = {}
    for name, part in taking_part.groupby("family", sort=False):
        try:
            found[str(name)] = make_predictor(part)
        except ValueError:  # too few for a line
            continue
    return found
