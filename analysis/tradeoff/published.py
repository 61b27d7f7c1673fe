"""Published accuracies with their source, beside costs computed here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pandas as pd

from analysis.cost.reference_costs import reference_costs
from analysis.cost.totals import design_totals
from analysis.networks import CATALOGUE, make_design
from analysis.networks.reference import REFERENCES
from analysis.networks.values import shortened

TRAININGS = ("2018", "2017")
"""The two trainings of MobileNetV1's sixteen checkpoints; a chart or a fit uses one and says which."""

COMPUTED = ("mult_adds", "width_mult_adds", "params", "peak_activation_elements")
"""Costs of a point, computed here: Mult-Adds; those of the same α at 224 px; parameters; fused peak activations."""


@cache
def released_checkpoints() -> pd.DataFrame:
    """A row a released checkpoint, ImageNet, float weights: MobileNetV1 (16, in two trainings), V2 (22), V3, MnasNet.

    ``top1``, ``top5``, ``quantised_top1`` (8-bit, evaluated as deployed), ``fake_quantised_top1`` (percent),
    ``pixel1_ms`` to ``pixel3_ms`` (milliseconds, one large core), ``printed_million_mult_adds`` and
    ``printed_million_params`` are printed figures of ``source``, NaN where none is. :data:`COMPUTED` are computed here.
    """
    return _with_costs(_read("released_checkpoints.csv"))


@cache
def compared_networks() -> pd.DataFrame:
    """The networks that the papers compare with: V1's Tables 4, 5, 8 and 9, V2's Table 4; a row a printed line.

    Columns as in :func:`released_checkpoints`, and ``table``. Networks that are not made of rows have no α and no peak
    memory; their costs are fvcore's count of the module.
    """
    frame = _read("compared_networks.csv")
    return _with_costs(frame.assign(checkpoint=frame["printed_name"] + " (" + frame["table"] + ")", training=""))


@cache
def published_points(training: str) -> pd.DataFrame:
    """All published points with one of V1's two trainings, in one frame with ``family``, ``group`` and ``t``.

    ``group`` is ``released`` for checkpoints and ``papers`` for the networks of the papers' tables.
    """
    released = checkpoints_of(training).assign(group="released")
    papers = compared_networks().assign(group="papers")
    frame = pd.concat([released, papers[papers.columns.intersection(released.columns)]], ignore_index=True)
    trained = [CATALOGUE[network].t if network in CATALOGUE else None for network in frame["network"]]
    family = [label_of(network) for network in frame["network"]]
    return frame.assign(family=family, t=pd.Series(trained, dtype="float64"))


def checkpoints_of(training: str) -> pd.DataFrame:
    """All checkpoints with one of the two V1 trainings."""
    if not isinstance(training, str) or training not in TRAININGS:
        raise ValueError(f"training must be one of {', '.join(TRAININGS)}, got {shortened(training)}")
    frame = released_checkpoints()
    return frame[(frame["network"] != "mobilenet_v1") | (frame["training"] == training)].reset_index(drop=True)


def label_of(network: str) -> str:
    """A network's name as the papers write it."""
    return (CATALOGUE[network] if network in CATALOGUE else REFERENCES[network]).label


def _read(name: str) -> pd.DataFrame:
    with (files("analysis.tradeoff") / "data" / name).open("rb") as file:
        frame = pd.read_csv(file, dtype={"training": str, "note": str})
    texts = [column for column in ("training", "note") if column in frame]
    return frame.assign(**{column: frame[column].fillna("") for column in texts})


def _with_costs(frame: pd.DataFrame) -> pd.DataFrame:
    keys = frame[["network", "alpha", "resolution"]].itertuples(index=False)
    costs = pd.DataFrame([_costs(*key) for key in keys], columns=list(COMPUTED))
    return frame.assign(**{name: costs[name] for name in COMPUTED})


def _costs(network: str, alpha: float, resolution: float) -> tuple[int, int | None, int, int | None]:
    if network in REFERENCES:
        counted = reference_costs().set_index("name")[["mult_adds", "params"]].to_dict("index")[network]
        return counted["mult_adds"], None, counted["params"], None
    whole = design_totals(make_design(network, alpha=alpha, resolution=int(resolution)), "int8")
    base = design_totals(make_design(network, alpha=alpha))
    return whole.mult_adds, base.mult_adds, whole.params, whole.peak_activation_bytes
