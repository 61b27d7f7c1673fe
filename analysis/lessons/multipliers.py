"""Step 3: the width multiplier α and the resolution multiplier ρ, V1's Table 3 one change after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from analysis.cost import closed_form
from analysis.lessons.formulas import (
    Formula,
    letters,
    mult_adds,
    separable_layers,
    standard_layer,
    weights,
)
from analysis.lessons.listings import Listing, listing, plain
from analysis.lessons.messages import marked
from analysis.lessons.sizes import TABLE_3, Sizes
from analysis.networks.layers import Layer

SOURCE = "arXiv:1704.04861v1, equations 6 and 7"
PRINTED = "arXiv:1704.04861v1, Table 3"

STAGES: dict[str, str] = {
    "standard": marked("Standard convolution"),
    "separable": marked("Depthwise separable"),
    "alpha": marked("With α"),
    "rho": marked("With α and ρ"),
}
"""What is changed, one after the other; each stage keeps the changes before it."""


@dataclass(frozen=True)
class Stage:
    """One stage: the sizes it works on, its Mult-Adds and weights; ``by_kind`` splits its Mult-Adds."""

    name: str
    sizes: Sizes
    mult_adds: Formula
    weights: Formula
    by_kind: dict[str, int]


@cache
def printed() -> pd.DataFrame:
    """Table 3 as printed, by stage: ``million_mult_adds``, ``million_params``, ``source``; printed figures, as text."""
    return pd.read_csv(Path(__file__).parent / "data" / "v1_table03.csv", dtype=str).set_index("stage")


def is_table_3(sizes: Sizes) -> bool:
    """Whether the printed figures are those of this very layer, with its α and ρ."""
    return sizes == TABLE_3


def stages(sizes: Sizes) -> tuple[Stage, ...]:
    """The standard convolution, the separable one, that one with α, and with α and ρ."""
    return (
        _stage("standard", sizes, thinned=False, shrunk=False),
        _stage("separable", sizes, thinned=False, shrunk=False),
        _stage("alpha", sizes, thinned=True, shrunk=False),
        _stage("rho", sizes, thinned=True, shrunk=True),
    )


def _stage(name: str, sizes: Sizes, *, thinned: bool, shrunk: bool) -> Stage:
    of = letters(sizes, thinned=thinned, shrunk=shrunk)
    applied = sizes.thinned() if thinned else sizes
    applied = applied.shrunk() if shrunk else applied
    layers = _layers(name, applied)
    area = (of.map, of.map)
    terms = [(of.kernel, of.kernel, of.m, of.n)]
    if name != "standard":
        terms = [(of.kernel, of.kernel, of.m), (of.m, of.n)]  # type: ignore[list-item]
    return Stage(
        name=name,
        sizes=applied,
        mult_adds=mult_adds(STAGES[name], [(*term, *area) for term in terms], *layers),
        weights=weights(STAGES[name], terms, *layers),
        by_kind={layer.kind: int(closed_form.mult_adds(layer)) for layer in layers},
    )


def _layers(name: str, sizes: Sizes) -> tuple[Layer, ...]:
    layers = (standard_layer(sizes),) if name == "standard" else separable_layers(sizes)
    return tuple(plain(layer) for layer in layers)


def stages_listing(sizes: Sizes) -> Listing:
    """The four stages as PyTorch modules."""
    return listing({stage.name: _layers(stage.name, stage.sizes) for stage in stages(sizes)})
