"""Fits side by side: a row a network, in percentage points a doubling and a decade of Mult-Adds."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from analysis.tradeoff.fit import LEVEL, Fit, LogLinearFit, per_doubling
from analysis.tradeoff.predict import Predictor


def fits_table(found: Mapping[str, Predictor]) -> pd.DataFrame:
    """The lines: slope with its confidence interval, intercept, R², errors, points, and whether it predicts."""
    rows = [
        {
            "Network": name,
            "Points per doubling": predictor.line.slope_per_doubling,
            "Points per decade": predictor.line.slope_per_decade,
            **_errors(predictor.line),
            "Predicts": predictor.predicts and predictor.fit is predictor.line,
            f"Per decade, {LEVEL:.0%} interval": _interval(predictor.line, 0),
            "Intercept (%)": predictor.line.intercept,
        }
        for name, predictor in found.items()
    ]
    return pd.DataFrame(rows)


def apart_table(found: Mapping[str, Predictor]) -> pd.DataFrame:
    """α and ρ apart: points a doubling of Mult-Adds that each buys, and the same errors."""
    rows = []
    for name, predictor in found.items():
        if (apart := predictor.apart) is None:
            continue
        row = {
            "Network": name,
            "Through α, points per doubling": per_doubling(apart.width_per_decade),
            "Through ρ, points per doubling": per_doubling(apart.resolution_per_decade),
            **_errors(apart),
            "Predicts": predictor.predicts and predictor.fit is apart,
            f"α per decade, {LEVEL:.0%} interval": _interval(apart, 0),
            f"ρ per decade, {LEVEL:.0%} interval": _interval(apart, 1),
        }
        rows.append(row)
    return pd.DataFrame(rows)


def fit_sentences(found: Mapping[str, Predictor]) -> dict[str, str]:
    """For each network: its line as an equation, and which multiplier buys more per Mult-Add, where the points tell."""
    return {name: f"{_equation(predictor.line)}. {_bought(predictor)}" for name, predictor in found.items()}


def _equation(line: LogLinearFit) -> str:
    sign = "−" if line.slope_per_decade < 0 else "+"
    intercept = f"{line.intercept:.2f}".replace("-", "−")
    return f"top-1 in % = {intercept} {sign} {abs(line.slope_per_decade):.3f} · log10(Mult-Adds)"


def _bought(predictor: Predictor) -> str:
    apart = predictor.apart
    if apart is None:
        return f"A doubling of Mult-Adds buys {predictor.line.slope_per_doubling:.1f} points."
    width, resolution = (per_doubling(slope) for slope in apart.slopes)
    text = f"A doubling of Mult-Adds buys {width:.1f} points through α and {resolution:.1f} through ρ"
    low, high = apart.difference
    if low > 0 or high < 0:
        return f"{text}: {'α' if width > resolution else 'ρ'} buys more ({LEVEL:.0%} confidence)."
    return f"{text}; the points do not tell which buys more ({LEVEL:.0%} confidence)."


def _errors(fit: Fit) -> dict[str, float | int | None]:
    """R² and both errors, ``None`` where they are undefined, and how many designs took part."""
    figures = {"R²": fit.r_squared, "Residual s.e.": fit.residual_se, "Leave-one-out error": fit.leave_one_out_error}
    return {name: value if math.isfinite(value) else None for name, value in figures.items()} | {"Designs": fit.n}


def _interval(fit: Fit, slope: int) -> str:
    low, high = fit.confidence[slope]
    return f"{low:.2f} to {high:.2f}".replace("-", "−")
