"""The rows of an editable grid: flat mappings, each cell checked, with a reason beside what is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import ValidationError

from analysis.networks.checks import RowError
from analysis.networks.files.plain import bare, row_of
from analysis.networks.files.problems import Problem, problems_of, row_problem
from analysis.networks.files.read import check_fits
from analysis.networks.files.schema import MOST_ROWS, fields_of, row_reader
from analysis.networks.network import Network
from analysis.networks.rows import Row


def check_rows(cells: Sequence[Mapping[str, Any]], *, network: Network) -> tuple[tuple[Row, ...], list[Problem]]:
    """The rows of a grid in ``network``'s place, or, where any is wrong, no rows and every problem, by row and field.

    An empty cell (``None``, NaN or empty text) is what is usual; a whole number may come as a float.
    """
    if not 1 <= len(cells) <= MOST_ROWS:
        return (), [Problem(None, "rows", f"there must be 1 to {MOST_ROWS} rows, got {len(cells):,}")]
    plain = [filled(row) for row in cells]
    problems = [problem for number, row in enumerate(plain, start=1) for problem in _row_problems(number, row)]
    if problems:
        return (), problems
    rows = tuple(row_of(row) for row in plain)
    try:
        check_fits(replace(network, rows=rows))
    except RowError as error:
        return (), [row_problem(error, plain[error.number - 1]["block"])]
    except ValueError as error:
        return (), [Problem(None, "rows", str(error))]
    return rows, []


def filled(cells: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of a row that hold something, as its file would."""
    types = fields_of(cells.get("block"))
    return {name: _whole(value, bare(types.get(name))) for name, value in cells.items() if not _empty(value)}


def _empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _whole(value: Any, kind: Any) -> Any:
    """A count that a grid's column of floats made one, as an ``int``; numpy's numbers as Python's."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, float) and value.is_integer() and kind is int:
        return int(value)
    return value


def _row_problems(number: int, row: Mapping[str, Any]) -> list[Problem]:
    try:
        row_reader().validate_python(row)
    except ValidationError as error:
        return problems_of(error, row=number)
    return []
