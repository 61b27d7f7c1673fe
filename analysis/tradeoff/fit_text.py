"""A fit for people and for programs: aligned text, and plain values."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from analysis.tradeoff.fit import LEVEL, Fit, per_doubling
from analysis.tradeoff.predict import Predictor
from analysis.tradeoff.reach import LEAST_PAIRS
from analysis.version import VERSION


def fit_facts(predictor: Predictor, *, training: str, min_alpha: float) -> dict[str, Any]:
    """The line's figures at the top, ``apart`` with those of α and ρ, and what took part; an undefined one is None.

    Slopes, errors and intervals are percentage points of top-1; Mult-Adds are the papers'.
    """
    line, apart = predictor.line, predictor.apart
    return {
        "network": line.network,
        "training": training if line.network == "mobilenet_v1" else None,
        "min_alpha": min_alpha,
        "slope_per_decade": line.slope_per_decade,
        "slope_per_doubling": line.slope_per_doubling,
        "slope_per_decade_interval": list(line.confidence[0]),
        "intercept": line.intercept,
        **_errors(line),
        "apart": None
        if apart is None
        else {
            "width_per_decade": apart.width_per_decade,
            "width_per_doubling": per_doubling(apart.width_per_decade),
            "width_per_decade_interval": list(apart.confidence[0]),
            "resolution_per_decade": apart.resolution_per_decade,
            "resolution_per_doubling": per_doubling(apart.resolution_per_decade),
            "resolution_per_decade_interval": list(apart.confidence[1]),
            "intercept": apart.intercept,
            **_errors(apart),
        },
        "predicts": predictor.model if predictor.predicts else None,
        "points": [
            {"name": name, "mult_adds": int(mult_adds), "top1": float(top1), "source": source}
            for name, mult_adds, top1, source in predictor.points[
                ["checkpoint", "mult_adds", "top1", "source"]
            ].itertuples(index=False)
        ],
        "unit": "percentage points of top-1 on log10 of the papers' Mult-Adds",
        "interval_level": LEVEL,
        "version": VERSION,
    }


def _errors(fit: Fit) -> dict[str, float | int | None]:
    figures = {
        "r_squared": fit.r_squared,
        "residual_se": fit.residual_se,
        "leave_one_out_error": fit.leave_one_out_error,
    }
    return {name: value if math.isfinite(value) else None for name, value in figures.items()} | {"n": fit.n}


def fits_json(found: Mapping[str, Predictor], *, training: str, min_alpha: float) -> bytes:
    """The figures of several fits by the families' names, as :func:`fit_facts` gives them: JSON in UTF-8."""
    facts = {name: fit_facts(predictor, training=training, min_alpha=min_alpha) for name, predictor in found.items()}
    return json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False).encode()


def fit_text(predictor: Predictor, *, training: str) -> str:
    """The fits as aligned lines."""
    line, apart = predictor.line, predictor.apart
    trained = f", training {training}" if line.network == "mobilenet_v1" else ""
    lines = [
        f"{line.network}{trained}: {line.n} measured designs",
        f"top-1 (%) = {line.intercept:.4f} + {line.slope_per_decade:.4f} · log10(Mult-Adds)",
        *_rows(line, (("Mult-Adds", 0),)),
    ]
    if apart is not None:
        lines += ["α and ρ apart", *_rows(apart, (("through α", 0), ("through ρ", 1)))]
    predicts = f"the smaller leave-one-out error, so this predicts: {predictor.model}"
    too_few = f"too few designs with an α to predict from, at least {LEAST_PAIRS} are needed"
    return "\n".join([*lines, predicts if predictor.predicts else too_few])


def _rows(fit: Fit, terms: tuple[tuple[str, int], ...]) -> list[str]:
    slopes = [
        f"  {name:<12} {per_doubling(fit.slopes[term]):7.4f} points a doubling, {fit.slopes[term]:8.4f} a decade "
        f"({LEVEL:.0%}: {fit.confidence[term][0]:.4f} to {fit.confidence[term][1]:.4f})"
        for name, term in terms
    ]
    return [
        *slopes,
        f"  {'R²':<12} {_written(fit.r_squared)}",
        f"  {'residual':<12} {fit.residual_se:7.4f} points, standard error",
        f"  {'left out':<12} {_written(fit.leave_one_out_error)} points, leave-one-out error",
    ]


def _written(value: float) -> str:
    return f"{value:7.4f}" if math.isfinite(value) else "undefined"
