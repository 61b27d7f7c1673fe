"""A sweep's rows as one Parquet or CSV file, a group of rows at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.csv as pa_csv  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.networks.values import shortened
from analysis.tradeoff.sweeps.plan import SweepPlan

GROUP_ROWS = 2**17
"""Rows written at a time; a row group of the Parquet file."""

FORMATS = ("parquet", "csv")
"""The formats a sweep is written in, each also its file's extension."""

AUDIT_COLUMNS = {
    "fvcore_mult_adds": "Int64",
    "numel_params": "Int64",
    "agrees": "boolean",
    "not_run": "string",
}
"""What an audit adds, in pandas' types; ``not_run`` says why a design was not built, where the others are empty."""

REPEATING = ("alpha", "rho", "height", "width", "t", "not_run")
"""Columns of few values, which Parquet stores as a dictionary."""

CSV_FACTS = ("network", "classes", "in_channels", "rounding", "convention", "unit", "version")
"""The facts that are the last columns of a CSV, the same in every line."""


def sweep_format(path: Path, format: str | None = None) -> str:
    """The format by its name or, where none is given, by the file's extension; ``ValueError`` for another one."""
    extension = path.suffix.lower().removeprefix(".")
    if format is None and extension not in FORMATS:
        raise ValueError(f"out must end in .parquet or .csv where no format is given, got {shortened(path.name)}")
    if (format or extension) not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, got {shortened(format)}")
    return format or extension


def frame_types(plan: SweepPlan) -> dict[str, str]:
    """The columns of a sweep in order, with pandas' types."""
    axes = {"alpha": "float64", "rho": "float64", "height": "int64", "width": "int64"}
    factor = {} if plan.base.t is None else {"t": "float64"}
    return {**axes, **factor, **dict.fromkeys(plan.quantities, "int64"), **(AUDIT_COLUMNS if plan.audit else {})}


def arrow_schema(plan: SweepPlan) -> pa.Schema:
    """The columns in arrow's types; the metadata name the sweep for pandas (``attrs``) and under ``multadds``."""
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in frame_types(plan).items()})
    empty.attrs = dict(plan.facts().items())
    schema = pa.Schema.from_pandas(empty, preserve_index=False)
    facts = json.dumps({**plan.facts(), "command": plan.command("parquet")}, ensure_ascii=False)
    return schema.with_metadata({**schema.metadata, b"multadds": facts.encode()})


def write_parquet(tables: Iterable[pa.Table], path: Path, plan: SweepPlan) -> None:
    """The rows as Parquet, with the sweep's facts in the schema's metadata."""
    schema = arrow_schema(plan)
    repeating = [name for name in REPEATING if name in schema.names]
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1, use_dictionary=repeating) as writer:
        for table in _groups(tables):
            writer.write_table(table.cast(schema), row_group_size=GROUP_ROWS)


def write_csv(tables: Iterable[pa.Table], path: Path, plan: SweepPlan) -> None:
    """The rows as CSV in UTF-8, with the facts that name the sweep as the last columns of every line."""
    facts = {name: value for name, value in plan.facts().items() if name in CSV_FACTS}
    without_header = pa_csv.WriteOptions(include_header=False)
    suffix = b"," + _line(facts.values())
    with path.open("wb") as file:
        file.write(_line([*frame_types(plan), *facts]))
        for table in _groups(tables):
            rows = io.BytesIO()
            pa_csv.write_csv(table, rows, without_header)
            file.write(rows.getvalue().replace(b"\n", suffix))  # no cell has a line end


WRITERS = {"parquet": write_parquet, "csv": write_csv}
"""What writes each of :data:`FORMATS`."""


def _line(cells: Iterable[Any]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode()


def _groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables of :data:`GROUP_ROWS`, but for the last."""
    held: list[pa.Table] = []
    for table in tables:
        held.append(table)
        if sum(map(len, held)) >= GROUP_ROWS:
            rows = pa.concat_tables(held).combine_chunks()
            full = len(rows) // GROUP_ROWS * GROUP_ROWS
            for begin in range(0, full, GROUP_ROWS):
                yield rows.slice(begin, GROUP_ROWS)
            held = [rows.slice(full)]
    rest = pa.concat_tables(held).combine_chunks()
    if len(rest):
        yield rest
