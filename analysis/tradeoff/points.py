"""Points of a trade-off: the quantities that may stand on an axis, and the Pareto front over any two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cost.closed_form import BYTES, NumberFormat
from analysis.networks import CATALOGUE


@dataclass(frozen=True)
class Quantity:
    """A column of the points: its name in words, its unit on an axis, and which way is better."""

    label: str
    unit: str
    scale: float
    better: Literal["less", "more"]
    origin: Literal["computed", "printed"]


QUANTITIES: dict[str, Quantity] = {
    "mult_adds": Quantity("Mult-Adds", "millions", 1e6, "less", "computed"),
    "params": Quantity("Parameters", "millions", 1e6, "less", "computed"),
    "peak_activation_bytes": Quantity("Peak activations, fused", "MB", 1e6, "less", "computed"),
    "weight_bytes": Quantity("Weights", "MB", 1e6, "less", "computed"),
    "pixel1_ms": Quantity("Latency on a Pixel 1", "ms", 1, "less", "printed"),
    "top1": Quantity("ImageNet top-1", "%", 1, "more", "printed"),
    "top5": Quantity("ImageNet top-5", "%", 1, "more", "printed"),
    "quantised_top1": Quantity("ImageNet top-1, 8-bit", "%", 1, "more", "printed"),
}
"""Every quantity that may stand on an axis; sizes are in the number format chosen, 1 MB is 1,000,000 bytes."""

MARKS = {
    "family": "Network",
    "alpha": "α",
    "resolution": "Resolution (px)",
    "t": "t",
    "training": "Training",
    "group": "Published as",
    **{name: quantity.label for name, quantity in QUANTITIES.items()},
}
"""Every column that may colour a point or choose its symbol; quantities do so by ranges."""


def sized(points: pd.DataFrame, number_format: NumberFormat) -> pd.DataFrame:
    """The points with ``weight_bytes`` and ``peak_activation_bytes`` in a number format."""
    width = BYTES[number_format]
    return points.assign(
        weight_bytes=points["params"] * width, peak_activation_bytes=points["peak_activation_elements"] * width
    )


def pareto_front(points: pd.DataFrame, x: str, y: str) -> NDArray[np.bool_]:
    """Where no other point is at least as good in both quantities and better in one; equal points stay together.

    What is better is as in :data:`QUANTITIES`; a point without one of the two is on no front.
    """
    costs = [_cost(points, name) for name in (x, y)]
    known = ~np.isnan(costs[0]) & ~np.isnan(costs[1])
    pairs, where = np.unique(np.column_stack(costs)[known], axis=0, return_inverse=True)
    least = np.minimum.accumulate(pairs[:, 1]) if len(pairs) else pairs[:, :0]
    kept = np.ones(len(pairs), bool)
    kept[1:] = pairs[1:, 1] < least[:-1] if len(pairs) else kept[1:]
    front = np.zeros(len(points), bool)
    front[known] = kept[where.ravel()]
    return front


def _cost(points: pd.DataFrame, name: str) -> NDArray[np.float64]:
    sign = 1 if QUANTITIES[name].better == "less" else -1
    return sign * points[name].to_numpy(float, na_value=np.nan)


def chosen(points: pd.DataFrame, networks: Sequence[str], *, papers: bool) -> pd.DataFrame:
    """The released points of some networks, all of the user's, and those of the papers' tables if they are wanted."""
    group, known = points["group"], points["network"].isin(networks)
    others = ~points["network"].isin(list(CATALOGUE)) | known
    return points[((group == "released") & known) | (group == "yours") | ((group == "papers") & papers & others)]


def missing_sentence(points: pd.DataFrame, x: str, y: str, window: Sequence[float] = ()) -> str:
    """How many points are shown, and how many are not: for want of which quantity, or outside the window."""
    gone = {name: int(points[name].isna().sum()) for name in dict.fromkeys((x, y))}
    known = points[points[x].notna() & points[y].notna()]
    inside = np.ones(len(known), bool)
    for name, (low, high) in zip((x, y), batched_ends(window), strict=False):
        inside &= (known[name] / QUANTITIES[name].scale).between(low, high).to_numpy()
    shown = int(inside.sum())
    parts = [
        f"{count} without {_in_sentence(QUANTITIES[name].label)} are not shown" for name, count in gone.items() if count
    ]
    parts += [f"{len(known) - shown} are outside the window"] if shown < len(known) else []
    return f"{shown} of {len(points)} points" + ("; " + "; ".join(parts) if parts else "") + "."


def origin_sentence(points: pd.DataFrame, number_format: NumberFormat) -> str:
    """Which of V1's trainings the points are of, and whether accuracies and sizes are of different number formats."""
    trained = sorted(set(points.loc[points["group"] == "released", "training"]) - {""})
    parts = [f"MobileNet's checkpoints are those trained in {', '.join(trained)}."] if trained else []
    if BYTES[number_format] < BYTES["float32"] and len(points):
        parts += [f"Sizes are in {number_format}, accuracies of float32 weights but for those named 8-bit."]
    return " ".join(parts)


def batched_ends(window: Sequence[float]) -> list[tuple[float, float]]:
    """(low, high) of each axis of a window, x first; none of an empty one."""
    return list(zip(window[::2], window[1::2], strict=True))


def _in_sentence(label: str) -> str:
    return label if label[1:2].isupper() or label.startswith(("ImageNet", "Mult")) else label[0].lower() + label[1:]
