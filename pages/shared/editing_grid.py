"""The rows as a grid of the browser: its columns, what its cells show, and the edits it sends back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import pandas as pd
import streamlit as st

from analysis.networks.files.folded import shortest_ratio
from analysis.networks.files.plain import NONE, bare, field_types, number
from analysis.networks.files.problems import Problem
from analysis.networks.files.schema import MEANINGS
from analysis.networks.rows import BLOCKS
from pages.shared.editing_steps import Cells

TICK, NUMBER, STATUS = "✓", "#", "status"
"""The grid's own columns; all others are a block and its fields."""

FIRST = ("t", "c", "n", "s", "k", "groups", "activation", "se", "alpha")
"""The fields that are always shown, in this order; others where a row has them."""

TYPES: dict[str, Any] = {name: type_ for row in BLOCKS.values() for name, type_ in field_types(row).items()}
FIELDS = (*FIRST, *(name for name in TYPES if name not in FIRST))
WORDS = {True: "yes", False: "no"}
LONGEST_CELL = 100
EXTRA = {
    "block": "What the row is. Another block keeps the fields that both have.",
    "t": "Expansion factor of this row alone: a number, or a fraction such as 88/24. Empty: the slider's.",
    "alpha": "Own α of this row, in place of the slider's. Empty: the slider's.",
    "se": "Squeeze-excite: a ratio such as 0.25, a gate such as hard_sigmoid, or both. Empty: none.",
}


def frame(rows: Sequence[Cells], ticked: frozenset[int], problems: Sequence[Problem]) -> pd.DataFrame:
    """The rows as the grid shows them, each column of one type whatever its cells hold."""
    columns: dict[str, Any] = {
        TICK: pd.array([index in ticked for index in range(len(rows))], dtype="bool"),
        NUMBER: pd.array(range(1, len(rows) + 1), dtype="int64"),
        STATUS: pd.array([status(number, problems) for number in range(1, len(rows) + 1)], dtype="string"),
        "block": pd.array([row.get("block") for row in rows], dtype="string"),
    }
    columns |= {name: _column(name, [row.get(name) for row in rows]) for name in FIELDS}
    return pd.DataFrame(columns)


def status(row: int, problems: Sequence[Problem]) -> str:
    """What is wrong with a row, from 1, or a tick."""
    wrong = [problem.message for problem in problems if problem.row == row]
    return f"⚠ {'; '.join(wrong)}" if wrong else "✓"


def _column(name: str, values: list[Any]) -> Any:
    if bare(TYPES[name]) is int and all(value is None or _is_int(value) for value in values):
        return pd.array(values, dtype="Int64")
    if bare(TYPES[name]) is int:
        return pd.array([float(value) if _is_number(value) else None for value in values], dtype="Float64")
    return pd.array([None if value is None else cell_text(value) for value in values], dtype="string")


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def cell_text(value: Any) -> str:
    """A cell's value as its text."""
    if isinstance(value, bool):
        return WORDS[value]
    return str(shortest_ratio(float(value))) if _is_number(value) else str(value)


def cell_value(name: str, given: Any) -> Any:
    """What the browser sent for a field, as a file would hold it; ``None`` for an empty cell."""
    if isinstance(given, str):
        given = given.strip()[:LONGEST_CELL]
        if bare(TYPES.get(name)) is bool:
            return next((value for value, word in WORDS.items() if word == given), given) if given else None
        if bare(TYPES.get(name)) is float and given:
            return number(given)
    return given if isinstance(given, (str, int, float)) and given != "" else None


def changes_of(state: Any) -> dict[int, dict[str, Any]]:
    """The fields changed by row, from a grid's state as the browser sent it; what is no field is left out."""
    rows = state.get("edited_rows", {}) if isinstance(state, Mapping) else {}
    fields = ("block", *FIELDS)
    return {
        int(index): {name: cell_value(name, value) for name, value in cells.items() if name in fields}
        for index, cells in rows.items()
        if str(index).isdecimal() and isinstance(cells, Mapping)
    }


def ticked_of(ticked: frozenset[int], state: Any, count: int) -> frozenset[int]:
    """The rows that are ticked now, of those the grid was filled with and what the browser changed."""
    rows = state.get("edited_rows", {}) if isinstance(state, Mapping) else {}
    sent = {
        int(index): bool(cells[TICK])
        for index, cells in rows.items()
        if str(index).isdecimal() and isinstance(cells, Mapping) and TICK in cells
    }
    return frozenset(index for index in range(count) if sent.get(index, index in ticked))


def shown_columns(rows: Sequence[Cells]) -> list[str]:
    """The columns worth showing: the usual fields, and those that a row has."""
    held = {name for row in rows for name in row}
    return [TICK, NUMBER, STATUS, "block", *FIRST, *(name for name in FIELDS if name in held - set(FIRST))]


def column_config(problems: Sequence[Problem] = ()) -> dict[str, Any]:
    """How the columns are edited; the status has room for its words where there are problems."""
    column, wide = st.column_config, 190 if problems else 44
    return {
        TICK: column.CheckboxColumn("", width=36, pinned=True, help="Tick rows, then move, copy or delete them."),
        NUMBER: column.NumberColumn("#", width=36, pinned=True, disabled=True, help="As in the names of layers."),
        STATUS: column.TextColumn("ok", width=wide, disabled=True, help="A tick, or what is wrong with the row."),
        "block": column.SelectboxColumn("block", options=list(BLOCKS), required=True, width=140, help=EXTRA["block"]),
    } | {name: _config(name) for name in FIELDS}


def _config(name: str) -> Any:
    kind, help = bare(TYPES[name]), EXTRA.get(name, MEANINGS.get(name))
    label = {"alpha": "own α", "se": "squeeze-excite"}.get(name, name)
    if kind is int:
        return st.column_config.NumberColumn(label, step=1, width=68, help=help)
    choices = list(WORDS.values()) if kind is bool else [*map(str, get_args(kind))]
    if name == "activation":
        choices.append(NONE)
    if choices:
        return st.column_config.SelectboxColumn(label, options=choices, width=110, help=help)
    return st.column_config.TextColumn(label, max_chars=LONGEST_CELL, width=130 if name == "se" else 68, help=help)
