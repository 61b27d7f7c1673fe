"""A user's own measurements: read from a CSV file, checked cell by cell, and made points like the published ones."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pandas as pd

from analysis.cost.totals import design_totals
from analysis.networks import CATALOGUE, Design, make_design
from analysis.networks.design import own_base
from analysis.networks.resolutions import parse_resolution
from analysis.networks.values import check_number, shortened

MOST_BYTES = 2 * 2**20
MOST_ROWS = 2_000
MOST_PROBLEMS = 8
LONGEST_NAME = 80
MOST_FAMILIES = 12
"""More networks than that in one file are one in the legend."""
OWN = "Yours"

COLUMNS = {
    "name": "What the row is called; required.",
    "accuracy": "Top-1 in percent, 0 to 100; required.",
    "network": "A network of the catalogue; empty: the current one.",
    "alpha": "Width multiplier; empty: 1.",
    "resolution": "Input in px: one side, or HEIGHTxWIDTH; empty: the network's own.",
    "t": "Expansion factor; empty: as published.",
    "mult_adds": "Mult-Adds as a plain number, for a network not in the catalogue; leave α, resolution and t empty.",
}
"""The columns of the file, in any order."""

POINT_COLUMNS = [
    *("checkpoint", "network", "family", "group", "training", "alpha", "resolution", "t", "top1"),
    *("mult_adds", "width_mult_adds", "params", "peak_activation_elements", "note", "source"),
]

ALIASES = {
    "α": "alpha",
    "width_multiplier": "alpha",
    "resolution_(px)": "resolution",
    "top1": "accuracy",
    "top_1": "accuracy",
    "multadds": "mult_adds",
    "px": "resolution",
    "expansion_factor": "t",
}

TEMPLATE = (
    "name,accuracy,network,alpha,resolution,t,mult_adds\n"
    "my V2 at half width,64.9,mobilenet_v2,0.5,224,6,\n"
    "my V2 with t = 4,63.1,mobilenet_v2,0.5,224,4,\n"
    "my own network,66.0,,,,,112000000\n"
)


class MeasurementError(ValueError):
    """What is wrong with a file, a sentence for each place; ``problems`` holds at most eight of them."""

    def __init__(self, problems: list[str], more: int = 0) -> None:
        self.problems = problems + ([f"and {more} more"] if more else [])
        super().__init__("; ".join(self.problems))


def read_measurements(data: bytes, network: str) -> pd.DataFrame:
    """The points of a CSV file, with the columns of :func:`analysis.tradeoff.published.published_points`.

    ``network`` is that of rows which name none. Costs of catalogue networks are computed here; a row with
    ``mult_adds`` alone keeps what it gives, and has no parameters and no memory. ``group`` is ``yours``.
    Raises ``MeasurementError`` with row and column of what is wrong, and returns nothing then.
    """
    names, rows = _cells(data)
    points, problems = [], []
    for number, cells in rows:
        row = dict(zip(names, cells, strict=False)) if len(cells) <= len(names) else {}
        found = [f"row {number}: {len(cells)} cells under {len(names)} columns"] if not row else []
        point = None if found else _point(row, number, network, found)
        problems += found
        points += [point] if point is not None else []
    if problems:
        raise MeasurementError(problems[:MOST_PROBLEMS], len(problems[MOST_PROBLEMS:]))
    if not points:
        raise MeasurementError(["the file has a header and no rows"])
    _check_percent(points)
    frame = pd.DataFrame(points, columns=POINT_COLUMNS)
    if frame["family"].nunique() > MOST_FAMILIES:
        frame["family"] = frame["family"].where(frame["network"] != "", OWN)
    return frame


def _cells(data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Column names, and the cells of each row that is not empty with its number, as a spreadsheet counts rows."""
    if len(data) > MOST_BYTES:
        raise MeasurementError([f"the file must be at most {MOST_BYTES:,} bytes, got {len(data):,}"])
    text = _text(data)
    header = next((line for line in re.split(r"[\r\n]+", text) if line.strip()), "")
    if not header:
        raise MeasurementError(["the file is empty"])
    delimiter = max(",;\t", key=header.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise MeasurementError([f"not a CSV file: {error}"]) from None
    filled = [(number, cells) for number, cells in enumerate(table, start=1) if any(cell.strip() for cell in cells)]
    if len(filled) - 1 > MOST_ROWS:
        raise MeasurementError([f"the file must have at most {MOST_ROWS:,} rows, got {len(filled) - 1:,}"])
    return _header(filled[0][1]), filled[1:]


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
    name = cell.strip().lower().replace("-", "_").replace(" ", "_")
    return ALIASES.get(name, name)


def _point(row: dict[str, str], number: int, network: str, problems: list[str]) -> dict[str, Any] | None:
    """The row as a point; what is wrong with its cells is added to ``problems``."""
    cells = {name: cell.strip() for name, cell in row.items() if cell.strip()}

    def read(column: str, reader: Any) -> Any:
        try:
            return reader(cells[column])
        except ValueError as error:
            problems.append(f"row {number}, column {column}: {error}")
            return None

    for name in ("name", "accuracy"):
        if name not in cells:
            problems.append(f"row {number}, column {name}: empty")
    top1 = read("accuracy", lambda cell: check_number("accuracy", cell, 100)) if "accuracy" in cells else None
    point = {"checkpoint": cells.get("name", "")[:LONGEST_NAME], "top1": top1, "group": "yours", "training": ""}
    point |= {"note": "", "source": "your file"}
    given = [name for name in ("alpha", "resolution", "t") if name in cells]
    if "mult_adds" in cells and not given:
        cost = read("mult_adds", _count)
        return point | {"network": "", "family": cells.get("network", OWN)[:LONGEST_NAME], "mult_adds": cost}
    if "mult_adds" in cells:
        problems.append(f"row {number}, column mult_adds: leave it empty where {given[0]} is given; it is computed")
    design = _design(cells, network, read)
    try:
        return None if design is None else point | _of_design(design)
    except OverflowError as error:
        problems.append(f"row {number}: {error}")
        return None


def _count(cell: str) -> int:
    number = check_number("mult_adds", cell, 1e15)
    if number < 1 or number != int(number):
        raise ValueError(f"mult_adds must be a whole number of at least 1, got {shortened(cell)}")
    return int(number)


def _design(cells: dict[str, str], network: str, read: Any) -> Design | None:
    name = read("network", _known) if "network" in cells else network
    options: dict[str, Any] = {"alpha": 1.0, "resolution": own_base(name)}
    readers = {"alpha": lambda cell: check_number("alpha", cell, 1_000), "resolution": parse_resolution}
    options |= {column: read(column, reader) for column, reader in readers.items() if column in cells}
    if name is None or None in options.values():
        return None
    if "t" in cells:
        return read("t", lambda cell: make_design(name, t=cell, **options))  # type: ignore[no-any-return]
    return make_design(name, **options)


def _known(cell: str) -> str:
    if cell not in CATALOGUE:
        raise ValueError(f"must be one of {', '.join(CATALOGUE)}, or empty beside mult_adds, got {shortened(cell)}")
    return cell


def _of_design(design: Design) -> dict[str, Any]:
    totals = design_totals(design, "int8")
    base = design_totals(design.with_(height=design.entry.base[0], width=design.entry.base[1]))
    return {
        "network": design.network,
        "family": design.entry.label + ("" if design.t == design.entry.t else f", t = {design.t:g}"),
        "alpha": design.alpha,
        "resolution": design.height if design.height == design.width else None,
        "t": design.t,
        "mult_adds": totals.mult_adds,
        "width_mult_adds": base.mult_adds,
        "params": totals.params,
        "peak_activation_elements": totals.peak_activation_bytes,
    }


def _check_percent(points: list[dict[str, Any]]) -> None:
    most = max(point["top1"] for point in points)
    if most <= 1:
        raise MeasurementError([f"accuracy must be in percent, 0 to 100; the highest is {most:g}, a fraction?"])
