"""The authors' released checkpoints: printed accuracies with their source, beside costs computed here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pandas as pd

from analysis.cost.totals import design_totals
from analysis.networks import make_design

TRAININGS = ("2018", "2017")
"""The two trainings of MobileNetV1's sixteen checkpoints; a chart or a fit uses one and says which."""


@cache
def released_checkpoints() -> pd.DataFrame:
    """A row a checkpoint of MobileNetV1 (16, in two trainings) and MobileNetV2 (22), ImageNet, float weights.

    ``top1`` and ``top5`` (percent), ``printed_million_mult_adds`` and ``printed_million_params`` are printed figures of
    ``source``; ``mult_adds`` and ``params`` are computed here, in the papers' convention.
    """
    path = files("analysis.tradeoff") / "data" / "released_checkpoints.csv"
    with path.open("rb") as file:
        frame = pd.read_csv(file, dtype={"training": str, "note": str}, keep_default_na=False)
    totals = [
        design_totals(make_design(row["network"], alpha=row["alpha"], resolution=row["resolution"]))
        for row in frame.to_dict("records")
    ]
    return frame.assign(mult_adds=[t.mult_adds for t in totals], params=[t.params for t in totals])


def checkpoints_of(training: str) -> pd.DataFrame:
    """All checkpoints with one of the two V1 trainings: 16 of V1 and 22 of V2."""
    if training not in TRAININGS:
        raise ValueError(f"training must be one of {', '.join(TRAININGS)}, got {training[:40]}")
    frame = released_checkpoints()
    return frame[(frame["network"] != "mobilenet_v1") | (frame["training"] == training)].reset_index(drop=True)
