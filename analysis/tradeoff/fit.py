"""The log-linear fit: accuracy against the logarithm of Mult-Adds, and where a design stands on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.networks import Design


@dataclass(frozen=True)
class LogLinearFit:
    """top-1 = intercept + slope_per_decade · log10(Mult-Adds), by least squares.

    Accuracies and ``residual_se`` are in percentage points; ``low`` and ``high`` are the Mult-Adds measured.
    """

    network: str
    intercept: float
    slope_per_decade: float
    r_squared: float
    residual_se: float
    n: int
    low: int
    high: int

    @property
    def slope_per_doubling(self) -> float:
        """Points gained by twice the Mult-Adds."""
        return float(self.slope_per_decade * np.log10(2))

    def top1(self, mult_adds: float) -> float:
        """The accuracy on the line, in percent."""
        return float(self.intercept + self.slope_per_decade * np.log10(mult_adds))


def fit_log_linear(points: pd.DataFrame) -> LogLinearFit:
    """The least-squares line through one network's points (``network, mult_adds, top1``), at least three."""
    if len(points) < 3:
        raise ValueError(f"a log-linear fit needs at least 3 points, got {len(points)}")
    x, y = np.log10(points["mult_adds"].to_numpy(float)), points["top1"].to_numpy(float)
    slope, intercept = np.polyfit(x, y, 1)
    residual = float(((y - intercept - slope * x) ** 2).sum())
    return LogLinearFit(
        network=str(points["network"].iloc[0]),
        intercept=float(intercept),
        slope_per_decade=float(slope),
        r_squared=1 - residual / float(((y - y.mean()) ** 2).sum()),
        residual_se=float(np.sqrt(residual / (len(points) - 2))),
        n=len(points),
        low=int(points["mult_adds"].min()),
        high=int(points["mult_adds"].max()),
    )


def fits(points: pd.DataFrame) -> dict[str, LogLinearFit]:
    """A fit for every network among the points."""
    return {str(name): fit_log_linear(group) for name, group in points.groupby("network", sort=False)}


def why_not_on_fit(design: Design, measured: pd.DataFrame) -> str | None:
    """Why a design's accuracy cannot be read off the fit of its network's points, or ``None`` where it may."""
    if measured.empty:
        return f"no checkpoint of {design.entry.label} was released"
    if design.t != design.entry.t:
        return f"every checkpoint was trained with t = {design.entry.t:g}, not {design.t:g}"
    if design.in_channels != 3 or design.classes != 1000 or design.height != design.width or design.rounding:
        return "every checkpoint was trained on square ImageNet images in colour, 1000 classes"
    for name, value, column in (("α", design.alpha, "alpha"), ("resolution", design.height, "resolution")):
        low, high = measured[column].min(), measured[column].max()
        if not low <= value <= high:
            return f"{name} {value:g} is outside the measured {low:g} to {high:g}"
    return None


def measured_top1(design: Design, measured: pd.DataFrame) -> float | None:
    """The printed top-1 (percent) of a design that was released as it is, else ``None``."""
    if why_not_on_fit(design, measured) is not None:
        return None
    released = zip(measured["alpha"], measured["resolution"], measured["top1"], strict=True)
    return next((float(top1) for *at, top1 in released if at == [design.alpha, design.height]), None)
