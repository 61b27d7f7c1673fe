"""How far measurements reach: for which designs an accuracy may be read off a fit, and why not for the others."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.networks import Design
from analysis.networks.sizes import Mask
from analysis.tradeoff.points import QUANTITIES

LEAST_PAIRS = 5
"""With fewer points a line has an interval wider than accuracies are."""


@dataclass(frozen=True)
class Reach:
    """The (α, resolution in px) pairs at which a network was measured, trained with ``t`` (``None``: it has none)."""

    pairs: tuple[tuple[float, float], ...]
    t: float | None

    def why_not(self, design: Design) -> str | None:
        """Why a design's accuracy cannot be read off a fit of these points, or ``None`` where it may."""
        if not self.pairs or design.own is not None:
            return f"no checkpoint of {'' if design.own is None else 'your own '}{design.entry.label} was released"
        if design.t != self.t:
            return f"every checkpoint was trained with t = {self.t:g}, not {design.t:g}"
        if len(self.pairs) < LEAST_PAIRS:
            return f"{len(self.pairs)} measured designs are too few to predict from, at least {LEAST_PAIRS} are needed"
        if design.rounding is not None:
            return "every checkpoint has the channel rounding of its own network"
        if not is_imagenet(design):
            return "every checkpoint was trained on square ImageNet images in colour, 1000 classes"
        alphas, sides = zip(*self.pairs, strict=True)
        for name, value, measured in (("α", design.alpha, alphas), ("resolution", design.height, sides)):
            if not min(measured) <= value <= max(measured):
                return f"{name} {value:g} is outside the measured {min(measured):g} to {max(measured):g}"
        if not self.surrounds(design.alpha, design.height):
            return f"nothing as wide as α {design.alpha:g} was measured at {design.height} px or less"
        return None

    def surrounds(self, alpha: Any, resolution: Any) -> Mask:
        """Where points lie on all four sides: as wide or wider and as thin or thinner, each as large and as small.

        MobileNetV2 with α over 1 was measured at 224 px alone, so α = 1.2 at 160 px is not surrounded. Scalars, or
        arrays that broadcast.
        """
        inside: Any = True
        for wider, larger in product((1, -1), repeat=2):
            corner: Any = False
            for a, side in self.pairs:
                corner = corner | ((wider * (a - alpha) >= 0) & (larger * (side - resolution) >= 0))
            inside = inside & corner
        return inside if isinstance(inside, np.ndarray) else bool(inside)


def reach_of(points: pd.DataFrame) -> Reach:
    """The reach of one network's points at one t (``alpha, resolution, t``); points without an α do not widen it."""
    known = points[["alpha", "resolution"]].dropna().to_numpy(float).tolist()
    t = None if points.empty or pd.isna(points["t"].iloc[0]) else float(points["t"].iloc[0])
    return Reach(tuple((alpha, side) for alpha, side in known), t)


def is_imagenet(design: Design) -> bool:
    """Whether accuracies are published for a design's rows and task: the catalogue's, square colour, 1000 classes."""
    published = design.own is None and design.rounding is None
    return published and (design.in_channels, design.classes, design.height) == (3, 1000, design.width)


class Measured(NamedTuple):
    """What somebody measured of a design: ``group`` is ``released``, ``papers`` or ``yours``.

    ``figures`` are accuracies in percent and latencies in milliseconds, named as in ``QUANTITIES``; top-1 among them.
    """

    figures: Mapping[str, float]
    group: str

    @property
    def top1(self) -> float:
        """ImageNet top-1 in percent."""
        return self.figures["top1"]


Index = Mapping[tuple[str, float, float, float | None], Measured]
"""What was measured, by network, α, resolution and t."""


def measured_index(points: pd.DataFrame) -> Index:
    """The points that are designs, by what they are; of two of the same design the later one stands."""
    names = [name for name, quantity in QUANTITIES.items() if quantity.origin == "printed" and name in points]
    known = points.dropna(subset=["alpha", "resolution"])
    keys = known[["network", "alpha", "resolution", "t", "group"]].itertuples(index=False)
    return {
        (network, alpha, side, None if pd.isna(t) else t): Measured(_known(figures), group)
        for (network, alpha, side, t, group), figures in zip(keys, known[names].to_dict("records"), strict=True)
    }


def _known(figures: Mapping[Hashable, float]) -> dict[str, float]:
    return {str(name): float(value) for name, value in figures.items() if not pd.isna(value)}


def measured_point(design: Design, index: Index) -> Measured | None:
    """What was measured of exactly this design, on ImageNet, or ``None``."""
    return index.get((design.network, design.alpha, design.height, design.t)) if is_imagenet(design) else None
