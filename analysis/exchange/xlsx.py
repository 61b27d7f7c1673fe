"""The layer table as an Excel workbook: a sheet ``layers`` with a row a layer, and a sheet ``design``."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter

from analysis.exchange.identity import Facts

EXACT_BELOW = 10**15
"""Excel shows and edits 15 significant digits: a larger integer is written as text, with all of them."""

CREATED = datetime(2000, 1, 1)
"""The date in every workbook, so that the same table gives the same bytes."""

WIDEST = 48


def workbook(table: pd.DataFrame, facts: Facts, command: str) -> bytes:
    """The workbook of a layer table; nothing in it is a formula or a link."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": f"Layers of {facts['network']}", "comments": command, "created": CREATED})
        _layers_sheet(book, table)
        _design_sheet(book, {**facts, "command": command})
    return stream.getvalue()


def _layers_sheet(book: Any, table: pd.DataFrame) -> None:
    sheet = book.add_worksheet("layers")
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    header = book.add_format({"bold": True, "bottom": 1})
    formats = {name: book.add_format({"num_format": code}) for name, code in _codes(table).items()}
    for column, name in enumerate(table.columns):
        cells = table[name].astype(object).tolist()
        sheet.write_string(0, column, name, header)
        sheet.set_column(column, column, _width(name, cells))
        for row, cell in enumerate(cells, start=1):
            _write(sheet, row, column, cell, formats.get(name))


def _codes(table: pd.DataFrame) -> dict[str, str]:
    """Excel's number format of each column of numbers: thousands for integers, per cent for shares."""
    types = {name: table[name].dtype for name in table.columns}
    counts = {name: "#,##0" for name, dtype in types.items() if pd.api.types.is_integer_dtype(dtype)}
    return counts | {name: "0.00 %" for name in table.columns if name.endswith("_share")}


def _write(sheet: Any, row: int, column: int, cell: Any, style: Any = None) -> None:
    if cell is None or pd.isna(cell):
        sheet.write_blank(row, column, None, style)
    elif isinstance(cell, str) or (isinstance(cell, int) and abs(cell) >= EXACT_BELOW):
        sheet.write_string(row, column, str(cell), style)
    else:
        sheet.write_number(row, column, cell, style)


def _width(name: str, cells: list[Any]) -> int:
    longest = max(
        (len(f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in cells if _short(cell)), default=0
    )
    return min(max(len(name) + 3, longest + 1), WIDEST)


def _short(cell: Any) -> bool:
    """Whether a cell is shown as long as it is: a share is not."""
    return not isinstance(cell, float) and not pd.isna(cell)


def _design_sheet(book: Any, facts: Facts) -> None:
    sheet = book.add_worksheet("design")
    sheet.set_column(0, 0, 16, book.add_format({"bold": True}))
    sheet.set_column(1, 1, WIDEST)
    left = book.add_format({"align": "left"})
    for row, (name, value) in enumerate({"name": "value", **facts}.items()):
        sheet.write_string(row, 0, name)
        _write(sheet, row, 1, value, left)
