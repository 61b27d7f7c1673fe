"""Every cost that the papers print, beside the one computed here, with a verdict and the arithmetic behind it."""

from __future__ import annotations

from analysis.papers.cells import (
    COLUMNS,
    PAPERS,
    VERDICTS,
    Cell,
    cells_frame,
    chosen_cells,
    paper_cells,
    summary,
    tables_of,
    text_frame,
    verdict_counts,
)

__all__ = [
    "COLUMNS",
    "PAPERS",
    "VERDICTS",
    "Cell",
    "cells_frame",
    "chosen_cells",
    "paper_cells",
    "summary",
    "tables_of",
    "text_frame",
    "verdict_counts",
]
