"""Fits side by side: a row a network, in percentage points a doubling and a decade of Mult-Adds."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from analysis.tradeoff.fit import LEVEL, Fit, per_doubling
from analysis.tradeoff.predict import Predictor


def fits_table(found: Mapping[str, Predictor]) -> pd.DataFrame:
    """The lines: slope with its confidence interval, intercept, R², errors, points, and whether it predicts."""
    rows = [
        {
            "Network": name,
            "Points per doubling": predictor.line.slope_per_doubling,
            "Points per decade": predictor.line.slope_per_decade,
            **_errors(predictor.line),
            "Predicts": predictor.fit is predictor.line,
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
            "Predicts": predictor.fit is apart,
            f"α per decade, {LEVEL:.0%} interval": _interval(apart, 0),
            f"ρ per decade, {LEVEL:.0%} interval": _interval(apart, 1),
        }
        rows.append(row)
    return pd.DataFrame(rows)


def apart_sentences(found: Mapping[str, Predictor]) -> list[str]:
    """For each network: which multiplier buys more per Mult-Add, or that the points do not tell."""
    return [_sentence(name, predictor) for name, predictor in found.items() if predictor.apart is not None]


def _sentence(name: str, predictor: Predictor) -> str:
    apart = predictor.apart
    assert apart is not None
    width, resolution = (per_doubling(slope) for slope in apart.slopes)
    text = f"**{name}**: a doubling of Mult-Adds buys {width:.1f} points through α and {resolution:.1f} through ρ"
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
    return f"{low:.2f} to {high:.2f}"
