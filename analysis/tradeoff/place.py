"""Where a design stands among measured points: what it costs, and its accuracy with how that was had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.cost.closed_form import NumberFormat
from analysis.cost.counted.counted import Counted
from analysis.cost.subjects import Subject, subject_totals
from analysis.networks import Design
from analysis.tradeoff.predict import LEAST_POINTS, Predictor
from analysis.tradeoff.published import compared_networks
from analysis.tradeoff.reach import Index, measured_point

Interval = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """The quantities a design has, named as in ``QUANTITIES``; ``interval`` is that of a predicted top-1 (percent)."""

    label: str
    values: Mapping[str, float]
    origin: str
    interval: Interval | None = None

    @property
    def mult_adds(self) -> int:
        """The design's Mult-Adds, computed."""
        return int(self.values["mult_adds"])


def place_of(
    subject: Subject, measured: Index, predictor: Predictor | None, number_format: NumberFormat = "float32"
) -> Place:
    """The subject's costs, and its top-1 as measured, as printed, as predicted, or why it has none."""
    totals = subject_totals(subject, number_format)
    values: dict[str, float] = {
        name: int(totals[name]) for name in ("mult_adds", "params", "weight_bytes", "peak_activation_bytes")
    }
    if isinstance(subject, Counted):
        return _printed_place(subject, values)
    design = subject
    found = measured_point(design, measured)
    if found is not None:
        by = "yours" if found.group == "yours" else "printed, the authors'"
        return Place(design.label, values | dict(found.figures), f"top-1 {found.top1:.1f} %, measured ({by})")
    if predictor is None:
        return Place(design.label, values, f"no accuracy predicted: {_too_few(design, measured)}")
    prediction = predictor.predict(design)
    if prediction is None:
        return Place(design.label, values, f"no accuracy predicted: {predictor.reach.why_not(design)}")
    low, high, top1 = prediction.low, prediction.high, prediction.top1
    origin = f"top-1 {top1:.1f} % predicted ({low:.1f} to {high:.1f}, 95 % interval, fit on {prediction.model})"
    return Place(design.label, values | {"top1": top1}, origin, (low, high))


def _printed_place(counted: Counted, values: dict[str, float]) -> Place:
    """A network without rows: its accuracy is what a paper printed, if any did."""
    printed = compared_networks()
    rows = printed[(printed["network"] == counted.network) & printed["top1"].notna()]
    if rows.empty:
        return Place(counted.label, values, "no accuracy known: none of the papers here prints one")
    top1, source = float(rows["top1"].to_numpy(float)[0]), rows["source"].iat[0]
    return Place(counted.label, values | {"top1": top1}, f"top-1 {top1:.1f} %, printed in {source}")


def _too_few(design: Design, measured: Index) -> str:
    n = sum(network == design.network for network, *_ in measured)
    if n >= LEAST_POINTS:
        return f"of the {n} measured designs of {design.entry.label} fewer than {LEAST_POINTS} take part in fits"
    return (
        f"{n} measured design{'' if n == 1 else 's'} of {design.entry.label}, and a fit needs at least {LEAST_POINTS}"
    )
