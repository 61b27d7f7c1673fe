"""The accuracy to expect of a design: read off a fit, with its interval, and refused where nothing was measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis.cost.totals import design_totals
from analysis.networks import CATALOGUE, Design
from analysis.networks.design import BASE_RESOLUTION, shortened
from analysis.networks.sizes import Mask
from analysis.tradeoff.fit import ApartFit, Bands, LogLinearFit, fit_apart, fit_log_linear
from analysis.tradeoff.measurements import read_measurements
from analysis.tradeoff.published import checkpoints_of
from analysis.tradeoff.reach import Reach, reach_of

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
        if self.apart is None or self.line.leave_one_out_error <= self.apart.leave_one_out_error:
            return self.line
        return self.apart

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
        base = design.with_(height=BASE_RESOLUTION, width=BASE_RESOLUTION)
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


def fit(
    network: str, *, training: str = "2018", min_alpha: float = 0.0, measurements: bytes | None = None
) -> Predictor:
    """The fits of a network's released checkpoints, with or without your own measurements.

    ``training`` chooses between MobileNetV1's two. Points with an α below ``min_alpha`` take no part. ``measurements``
    is a CSV file as :func:`analysis.tradeoff.measurements.read_measurements` takes it; its rows of this network at the
    published t join. Raises ``ValueError`` for an unknown name and for fewer than three points.
    """
    if not isinstance(network, str) or network not in CATALOGUE:
        raise ValueError(f"network must be one of {', '.join(CATALOGUE)}, got {shortened(network)}")
    points = checkpoints_of(training)
    points = points[points["network"] == network].assign(t=CATALOGUE[network].t)
    if measurements is not None:
        own = read_measurements(measurements, network)
        own = own[(own["network"] == network) & (own["t"].isna() | (own["t"] == CATALOGUE[network].t))]
        points = pd.concat([points, own], ignore_index=True)
    points = points[points["alpha"] >= min_alpha]
    if len(points) < LEAST_POINTS:
        at_least = f" with α ≥ {min_alpha:g}" if min_alpha else ""
        raise ValueError(f"a fit needs at least {LEAST_POINTS} points, {network} has {len(points)}{at_least}")
    return make_predictor(points)


@lru_cache(64)
def released_predictor(network: str, training: str = "2018", min_alpha: float = 0.0) -> Predictor | None:
    """The predictor of a network's released checkpoints of at least that α, ``None`` where they are too few."""
    try:
        return fit(network, training=training, min_alpha=min_alpha)
    except ValueError:
        return None


def predictors(points: pd.DataFrame, *, min_alpha: float = 0.0) -> dict[str, Predictor]:
    """A predictor for each network and t among the points that has enough of them; named as in :func:`series_of`.

    Points with an α below ``min_alpha`` take no part; those without an α do.
    """
    taking_part = points[~(points["alpha"] < min_alpha)]
    found = {}
    for name, part in taking_part.groupby(series_of(taking_part), sort=False):
        try:
            found[str(name)] = make_predictor(part)
        except ValueError:  # too few for a line
            continue
    return found


def series_of(points: pd.DataFrame) -> pd.Series[str]:
    """The family of each point, with its t where that is not the published one."""
    published = [CATALOGUE[name].t if name in CATALOGUE else None for name in points["network"]]
    names = [
        family if pd.isna(t) or t == usual else f"{family}, t = {t:g}"
        for family, t, usual in zip(points["family"], points["t"], published, strict=True)
    ]
    return pd.Series(names, index=points.index, dtype="str")


def why_not_predicted(design: Design, points: pd.DataFrame) -> str | None:
    """Why a design's accuracy cannot be read off the fit of these points, or ``None`` where it may."""
    return reach_of(points).why_not(design)


def surrounded(points: pd.DataFrame, alpha: Any, resolution: Any) -> Mask:
    """Where measured points lie on all four sides, as :meth:`Reach.surrounds` says; scalars or arrays."""
    return reach_of(points).surrounds(alpha, resolution)
