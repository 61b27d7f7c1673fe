"""Cells of files that a spreadsheet may open: text that it would run as a formula is made text."""

from __future__ import annotations

from typing import Any

import pandas as pd

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def neutral(cell: Any) -> Any:
    """Text that a spreadsheet would run as a formula, made text by a leading apostrophe; anything else as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA_STARTS) else cell


def neutral_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every text neutral: for a table on screen too, which the browser saves as CSV as it stands."""
    texts = frame.select_dtypes(["string", "object"]).columns
    return frame.assign(**{str(name): frame[name].map(neutral) for name in texts})


def neutral_csv(frame: pd.DataFrame) -> bytes:
    """A header line and a line a row, UTF-8, every text neutral."""
    return neutral_frame(frame).to_csv(index=False, lineterminator="\n").encode()
