"""A user's CSV file as cells: decoded, split, its header checked against the columns that a measurement may have."""

from __future__ import annotations

import csv
import io
import re
from typing import NamedTuple

from analysis.networks.values import shortened

MOST_BYTES = 2 * 2**20
MOST_ROWS = 2_000
MOST_PROBLEMS = 8

COLUMNS = {
    "name": "What the row is called; required.",
    "accuracy": "ImageNet top-1 in percent, above 0 and at most 100; required.",
    "network": "A network of the catalogue, or beside Mult-Adds any name of your own; empty: the current one.",
    "alpha": "Width multiplier; empty: 1.",
    "resolution": "Input in px: one side, or HEIGHTxWIDTH; empty: the network's own.",
    "t": "Expansion factor; empty: as published.",
    "mult_adds": "Mult-Adds (300M, 3e8 or 300000000) of a network not in the catalogue; then leave α, resolution and t "
    "empty.",
}
"""The columns of the file, in any order."""

ALIASES = {
    "α": "alpha",
    "width_multiplier": "alpha",
    "top1": "accuracy",
    "top_1": "accuracy",
    "multadds": "mult_adds",
    "px": "resolution",
    "expansion_factor": "t",
}

UNITS = r"\s*(\(%\)|\(px\)|%)$"
"""What may stand behind a column's name; a unit of Mult-Adds may not, since it would change their meaning."""


class MeasurementError(ValueError):
    """What is wrong with a file, a sentence for each place; ``problems`` holds eight of them and how many more."""

    def __init__(self, problems: list[str]) -> None:
        more = len(problems) - MOST_PROBLEMS
        self.problems = problems[:MOST_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])
        super().__init__("; ".join(self.problems))


class Row(NamedTuple):
    """A row: its number as a spreadsheet counts, its filled cells by column, and what stands in no column."""

    number: int
    cells: dict[str, str]
    problem: str = ""


def read_rows(data: bytes) -> list[Row]:
    """The rows under the header.

    Raises ``MeasurementError`` for a file that is no CSV text of at most 2 MiB and 2,000 rows with a header of
    :data:`COLUMNS`, and for one without rows.
    """
    (_, header), *others = _filled(data)
    names = _header(header)
    if not others:
        raise MeasurementError(["the file has a header and no rows"])
    return [_row(number, names, [cell.strip() for cell in cells]) for number, cells in others]


def _row(number: int, names: list[str], cells: list[str]) -> Row:
    if len(cells) > len(names):
        return Row(number, {}, f"row {number}: {len(cells)} cells under {len(names)} columns")
    named = list(zip(names, cells, strict=False))
    stray = next((place for place, (name, cell) in enumerate(named, start=1) if cell and not name), None)
    if stray is not None:
        return Row(
            number, {}, f"row {number}, column {stray}: it has no name in row 1, got {shortened(cells[stray - 1])}"
        )
    return Row(number, {name: cell for name, cell in named if cell})


def _filled(data: bytes) -> list[tuple[int, list[str]]]:
    """The cells of each row that is not empty, with its number."""
    if len(data) > MOST_BYTES:
        raise MeasurementError([f"the file must be at most {MOST_BYTES:,} bytes, got {len(data):,}"])
    text = _text(data)
    header = next((line for line in re.split(r"[\r\n]+", text) if line.strip()), "")
    if not header:
        raise MeasurementError(["the file is empty"])
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        table = list(reader)
    except csv.Error as error:
        raise MeasurementError([f"line {reader.line_num}: not a CSV file: {error}"]) from None
    filled = [(number, cells) for number, cells in enumerate(table, start=1) if any(cell.strip() for cell in cells)]
    if len(filled) - 1 > MOST_ROWS:
        raise MeasurementError([f"the file must have at most {MOST_ROWS:,} rows, got {len(filled) - 1:,}"])
    return filled


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise MeasurementError([f"row {line}: the file is not UTF-8 text; save it as CSV UTF-8"]) from None
    if "\0" in text:
        raise MeasurementError(["the file is not text but binary; save it as CSV UTF-8"])
    return text


def _header(cells: list[str]) -> list[str]:
    names = [_column(cell) for cell in cells]
    missing = [name for name in ("name", "accuracy") if name not in names]
    if missing:
        given = shortened(", ".join(cells))
        raise MeasurementError(
            [f"row 1 must be a header; it has no column {' and no column '.join(missing)}: {given!r}"]
        )
    unknown = [shortened(cell) for cell, name in zip(cells, names, strict=True) if name not in COLUMNS and name]
    if unknown:
        raise MeasurementError([f"row 1: {unknown[0]!r} is not a column; they are {', '.join(COLUMNS)}"])
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise MeasurementError([f"row 1: column {twice[0]} stands there {names.count(twice[0])} times"])
    return names


def _column(cell: str) -> str:
    name = re.sub(UNITS, "", cell.strip().lower()).replace("-", "_").replace(" ", "_")
    return ALIASES.get(name, name)
