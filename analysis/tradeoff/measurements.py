"""A user's own measurements: the rows of a CSV file, checked cell by cell, and made points like the published ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis.cost.amounts import read_count
from analysis.cost.totals import design_totals
from analysis.networks import CATALOGUE, Design, make_design
from analysis.networks.design import own_base
from analysis.networks.resolutions import parse_resolution
from analysis.networks.values import check_number, shortened
from analysis.tradeoff.measurement_rows import MeasurementError, Row, read_rows

LONGEST_NAME = 80
MOST_FAMILIES = 12
"""More networks than that in one file are one in the legend."""
MOST_SERIES = 40
"""Of a file: networks of the catalogue, each at one t."""
LEAST_MULT_ADDS = 20_000
"""Less is no network that tells a thousand classes apart, but one whose millions were left out."""
OWN = "Yours"

POINT_COLUMNS = [
    *("checkpoint", "network", "family", "group", "training", "alpha", "resolution", "t", "top1"),
    *("mult_adds", "width_mult_adds", "params", "peak_activation_elements", "note", "source"),
]

SOMETIMES = ("alpha", "resolution", "t", "width_mult_adds", "params", "peak_activation_elements")
"""Numbers that not every point has: NaN where it has none."""

TEMPLATE = (
    "name,accuracy,network,alpha,resolution,t,mult_adds\n"
    "my V2 at half width,64.9,mobilenet_v2,0.5,224,6,\n"
    "my V2 with t = 4,63.1,mobilenet_v2,0.5,224,4,\n"
    "my own network,66.0,,,,,112000000\n"
)

DESIGN_CELLS = ("alpha", "resolution", "t")
NAMED = {text.lower(): name for name, network in CATALOGUE.items() for text in (name, network.label)}
"""Networks of the catalogue by how a file may call them."""

Reader = Callable[[str, Callable[[Any], Any]], Any]
"""Reads a cell of one row by a function; its ``ValueError`` becomes a problem of the row, and the value ``None``."""


def read_measurements(data: bytes, network: str) -> pd.DataFrame:
    """The points of a CSV file, with the columns of :func:`analysis.tradeoff.published.published_points`.

    ``network`` is that of rows which name none. Costs of catalogue networks are computed here; a row with
    ``mult_adds`` alone keeps what it gives, and has no parameters and no memory. ``group`` is ``yours``.
    Raises ``MeasurementError`` with row and column of what is wrong, and returns nothing then.
    """
    points, problems = [], []
    for row in read_rows(data):
        found = [row.problem] if row.problem else []
        point = None if found else _point(row, network, found)
        problems += found
        points += [point] if point is not None else []
    if problems:
        raise MeasurementError(problems)
    _check_percent(points)
    frame = pd.DataFrame(points, columns=POINT_COLUMNS)
    return _in_families(frame.astype(dict.fromkeys(SOMETIMES, float)))  # a column without a number is one of NaN


def _in_families(frame: pd.DataFrame) -> pd.DataFrame:
    """The points with no more families than a legend and the fits have room for."""
    own = frame["network"] == ""
    series = frame.loc[~own, "family"].nunique()
    if series > MOST_SERIES:
        raise MeasurementError(
            [f"the file must have at most {MOST_SERIES} networks with a t of their own, got {series}"]
        )
    if frame.loc[own, "family"].nunique() > MOST_FAMILIES:
        frame["family"] = frame["family"].where(~own, OWN)
    return frame


def _point(row: Row, network: str, problems: list[str]) -> dict[str, Any] | None:
    """The row as a point; what is wrong with its cells is added to ``problems``."""
    cells = row.cells

    def read(column: str, reader: Callable[[str], Any]) -> Any:
        try:
            return reader(cells.get(column, ""))
        except ValueError as error:
            problems.append(f"row {row.number}, column {column}: {error}")
            return None

    problems += [f"row {row.number}, column {name}: empty" for name in ("name", "accuracy") if name not in cells]
    point: dict[str, Any] = {"group": "yours", "training": "", "note": "", "source": "your file"}
    point["checkpoint"] = read("name", _name)
    point["top1"] = read("accuracy", lambda cell: _number("accuracy", cell, 100)) if "accuracy" in cells else None
    if "mult_adds" in cells and not set(cells) & set(DESIGN_CELLS):
        return point | _of_count(cells, read)
    if "mult_adds" in cells:
        given = next(name for name in DESIGN_CELLS if name in cells)
        problems.append(f"row {row.number}, column mult_adds: leave it empty where {given} is given; it is computed")
    try:
        design = _design(cells, network, read)
        return None if design is None else point | _of_design(design)
    except OverflowError as error:
        problems.append(f"row {row.number}: {error}")
        return None


def _name(cell: str) -> str:
    if len(cell) > LONGEST_NAME:
        raise ValueError(f"must have at most {LONGEST_NAME} characters, got {len(cell):,}")
    return cell


def _number(name: str, cell: str, most: float) -> float:
    try:
        return check_number(name, cell, most)
    except ValueError as error:
        raise ValueError(f"{error} (decimals are written with a point)" if "," in cell else str(error)) from None


def _of_count(cells: dict[str, str], read: Reader) -> dict[str, Any]:
    """A network that is not in the catalogue: its Mult-Adds are the file's."""
    family = read("network", _foreign) if "network" in cells else OWN
    return {"network": "", "family": family, "mult_adds": read("mult_adds", _count)}


def _foreign(cell: str) -> str:
    if cell.lower() in NAMED:
        raise ValueError(f"leave mult_adds empty for {shortened(cell)}; they are computed from α, resolution and t")
    return _name(cell)


def _count(cell: str) -> int:
    number = read_count("mult_adds", cell)
    if number < LEAST_MULT_ADDS:
        raise ValueError(
            f"mult_adds must be at least {LEAST_MULT_ADDS:,}, got {shortened(cell)} (millions are written 300M)"
        )
    return number


def _design(cells: dict[str, str], network: str, read: Reader) -> Design | None:
    name = read("network", lambda cell: _known(cell or network))
    options: dict[str, Any] = {"alpha": 1.0, "resolution": own_base(name)}
    readers: dict[str, Callable[[str], Any]] = {
        "alpha": lambda cell: _number("alpha", cell, 1_000),
        "resolution": parse_resolution,
    }
    options |= {column: read(column, reader) for column, reader in readers.items() if column in cells}
    if name is None or None in options.values():
        return None
    if "t" in cells:
        return read("t", lambda cell: make_design(name, t=cell, **options))  # type: ignore[no-any-return]
    return make_design(name, **options)


def _known(cell: str) -> str:
    if cell.lower() not in NAMED:
        others = "another network has mult_adds and no alpha, resolution or t"
        raise ValueError(f"must be one of {', '.join(CATALOGUE)}, got {shortened(cell)}; {others}")
    return NAMED[cell.lower()]


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
