"""Log-linear fits by statsmodels: accuracy against the logarithm of Mult-Adds, with its bands and its errors.

Two models: one line on log10(Mult-Adds), and two slopes that tell the Mult-Adds which α buys from those which ρ buys.
Accuracies, slopes and errors are in percentage points of top-1; a decade is ten times the Mult-Adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95
"""Of confidence and prediction bands."""

Floats: TypeAlias = NDArray[np.float64]


class Bands(NamedTuple):
    """A fit at some places: the line, where the line is (confidence) and where a new measurement is (prediction)."""

    top1: Floats
    confidence_low: Floats
    confidence_high: Floats
    prediction_low: Floats
    prediction_high: Floats


@dataclass(frozen=True)
class Fit:
    """top-1 = intercept + slopes · terms, by ordinary least squares; every term is a log10 of Mult-Adds.

    ``confidence`` are the bounds of each slope and ``covariance`` that of (intercept, *slopes); ``t_quantile`` is
    Student's at :data:`LEVEL`. ``residual_se`` divides by the degrees of freedom; ``leave_one_out_error`` is the root
    of the mean squared error at each point of the fit without it, infinite where a point alone decides a slope.
    ``low`` and ``high`` are the Mult-Adds measured. R² is NaN where all accuracies are the same.
    """

    network: str
    intercept: float
    slopes: tuple[float, ...]
    confidence: tuple[tuple[float, float], ...]
    covariance: tuple[tuple[float, ...], ...]
    t_quantile: float
    r_squared: float
    residual_se: float
    leave_one_out_error: float
    n: int
    low: int
    high: int

    def bands(self, *terms: ArrayLike) -> Bands:
        """The fit at the terms (each log10 of Mult-Adds; scalars or arrays that broadcast)."""
        columns = np.broadcast_arrays(1.0, *terms)
        cov = self.covariance
        top1 = sum(value * column for value, column in zip((self.intercept, *self.slopes), columns, strict=True))
        variance = sum(cov[i][j] * columns[i] * columns[j] for i in range(len(columns)) for j in range(len(columns)))
        line = self.t_quantile * np.sqrt(variance)
        new = self.t_quantile * np.sqrt(variance + self.residual_se**2)
        return Bands(
            *(np.asarray(values, float) for values in (top1, top1 - line, top1 + line, top1 - new, top1 + new))
        )


@dataclass(frozen=True)
class LogLinearFit(Fit):
    """The line: top-1 = intercept + slope_per_decade · log10(Mult-Adds)."""

    @property
    def slope_per_decade(self) -> float:
        """Points gained by ten times the Mult-Adds."""
        return self.slopes[0]

    @property
    def slope_per_doubling(self) -> float:
        """Points gained by twice the Mult-Adds."""
        return per_doubling(self.slopes[0])

    def at(self, mult_adds: ArrayLike) -> Bands:
        """The line and its bands at some Mult-Adds."""
        return self.bands(np.log10(mult_adds))


@dataclass(frozen=True)
class ApartFit(Fit):
    """Two slopes: top-1 = intercept + width · log10(W) + resolution · log10(M / W).

    M are the design's Mult-Adds and W those of the same α, t and classes at 224 px: W is what α buys, M / W what ρ
    buys or saves. Both slopes are points a decade of Mult-Adds, so the steeper multiplier buys more per Mult-Add; and
    two values of α that round to the same channels are predicted the same.
    """

    @property
    def width_per_decade(self) -> float:
        """Points gained by ten times the Mult-Adds through α."""
        return self.slopes[0]

    @property
    def resolution_per_decade(self) -> float:
        """Points gained by ten times the Mult-Adds through ρ."""
        return self.slopes[1]

    @property
    def difference(self) -> tuple[float, float]:
        """The confidence interval of ``width_per_decade - resolution_per_decade``."""
        difference = self.slopes[0] - self.slopes[1]
        (_, _, _), (_, width, both), (_, _, resolution) = self.covariance
        half = self.t_quantile * float(np.sqrt(width + resolution - 2 * both))
        return difference - half, difference + half

    def at(self, mult_adds: ArrayLike, width_mult_adds: ArrayLike) -> Bands:
        """The plane and its bands at some Mult-Adds, of which α alone makes ``width_mult_adds`` at 224 px."""
        width = np.log10(width_mult_adds)
        return self.bands(width, np.log10(mult_adds) - width)


def per_doubling(per_decade: float) -> float:
    """Points per twice the Mult-Adds from points per ten times."""
    return float(per_decade * np.log10(2))


def fit_log_linear(points: pd.DataFrame) -> LogLinearFit:
    """The least-squares line through one network's points (``network, mult_adds, top1``).

    Raises ``ValueError`` for fewer than three points, or all at the same Mult-Adds.
    """
    return LogLinearFit(**_ordinary_least_squares(points, [np.log10(points["mult_adds"].to_numpy(float))]))


def fit_apart(points: pd.DataFrame) -> ApartFit:
    """α and ρ apart, through one network's points (``network, mult_adds, width_mult_adds, top1``).

    Raises ``ValueError`` for fewer than four points, or where α or ρ is the same in all of them.
    """
    width = np.log10(points["width_mult_adds"].to_numpy(float))
    resolution = np.log10(points["mult_adds"].to_numpy(float)) - width
    return ApartFit(**_ordinary_least_squares(points, [width, resolution]))


def _ordinary_least_squares(points: pd.DataFrame, terms: Sequence[Floats]) -> dict[str, Any]:
    from statsmodels.regression.linear_model import OLS  # half a second: not before a fit is asked for

    least = len(terms) + 2
    if len(points) < least:
        raise ValueError(f"a fit of {_slopes(terms)} needs at least {least} points, got {len(points)}")
    design = np.column_stack([np.ones(len(points)), *terms])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise ValueError(f"a fit of {_slopes(terms)} needs points that differ in {'cost' if least == 3 else 'α and ρ'}")
    top1 = points["top1"].to_numpy(float)
    fitted = OLS(top1, design).fit()
    return {
        "network": str(points["network"].iloc[0]),
        "intercept": float(fitted.params[0]),
        "slopes": tuple(map(float, fitted.params[1:])),
        "confidence": tuple((float(low), float(high)) for low, high in fitted.conf_int(1 - LEVEL)[1:]),
        "covariance": tuple(tuple(map(float, row)) for row in fitted.cov_params()),
        "t_quantile": _t_quantile(int(fitted.df_resid)),
        "r_squared": float(fitted.rsquared) if np.ptp(top1) else float("nan"),
        "residual_se": float(np.sqrt(fitted.scale)),
        "leave_one_out_error": _leave_one_out(fitted.resid, fitted.get_influence().hat_matrix_diag),
        "n": len(points),
        "low": int(points["mult_adds"].min()),
        "high": int(points["mult_adds"].max()),
    }


def _leave_one_out(residuals: Floats, leverage: Floats) -> float:
    """The residual of each point on the fit without it is its residual divided by 1 − leverage."""
    if (leverage > 1 - 1e-9).any():
        return float("inf")
    return float(np.sqrt(np.mean((residuals / (1 - leverage)) ** 2)))


def _slopes(terms: Sequence[Floats]) -> str:
    return "one slope" if len(terms) == 1 else f"{len(terms)} slopes"


def _t_quantile(degrees: int) -> float:
    from scipy.special import stdtrit  # type: ignore[import-untyped]

    return float(stdtrit(degrees, (1 + LEVEL) / 2))
