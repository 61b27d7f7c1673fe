"""The papers' own trade-off figures as settings of the trade-off chart: what they show, redrawn from our points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PaperFigure:
    """A figure of a paper: the settings that redraw it, and what differs from the print."""

    title: str
    source: str
    settings: Mapping[str, Any]
    differs: str


_FIRST = {"shown": ("mobilenet_v1",), "training": "2017", "papers": False, "bands": False, "front": False}
_LOG = {"log_x": True, "log_y": False, "min_alpha": "0"}

PAPER_FIGURES: dict[str, PaperFigure] = {
    "v1_figure_4": PaperFigure(
        "V1, Figure 4: accuracy and Mult-Adds",
        "arXiv:1704.04861, Figure 4",
        _FIRST | _LOG | {"x": "mult_adds", "y": "top1", "colour": "alpha", "symbol": "resolution"},
        "The paper prints 8 of the 16 accuracies; these are the release notes', of the 2017 checkpoints.",
    ),
    "v1_figure_5": PaperFigure(
        "V1, Figure 5: accuracy and parameters",
        "arXiv:1704.04861, Figure 5",
        _FIRST | _LOG | {"x": "params", "y": "top1", "colour": "resolution", "symbol": "resolution"},
        "Colours are input resolutions, on which parameters do not depend. Accuracies as under Figure 4.",
    ),
    "v2_figure_5": PaperFigure(
        "V2, Figure 5: the networks compared",
        "arXiv:1801.04381, Figure 5",
        _FIRST
        | _LOG
        | {"x": "mult_adds", "y": "top1", "colour": "family", "symbol": "family"}
        | {"shown": ("mobilenet_v2", "mobilenet_v1"), "papers": True}
        | {"window": (7.0, 700.0, 38.0, 78.0)},
        "The paper prints no values; these are the released checkpoints, with α = 1.3 beside 1.4 and V1's of 2017, "
        "since it is older than those of 2018; and the networks of its Table 4.",
    ),
}
"""By name, in the papers' order."""
