"""The layer table as a file: the same bytes for the same table, and the design named in every format.

CSV, Excel, Parquet and JSON hold every column. Markdown and LaTeX hold those of :mod:`analysis.exchange.paper`.
Integers are exact in all of them; shares have their full precision except in Markdown and LaTeX (4 decimals).
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd

from analysis.exchange.cells import neutral_csv
from analysis.exchange.formats import FORMATS, Format, check_format, format_of
from analysis.exchange.identity import Facts, design_facts, file_stem, rebuild_command

__all__ = ["FORMATS", "Format", "check_format", "export_table", "file_name", "format_of", "rebuild_command"]

AUDIT_COLUMN = "fvcore_mult_adds"


def export_table(table: pd.DataFrame, format: str) -> bytes:
    """A layer table as the bytes of a file of one of :data:`FORMATS`.

    Raises ``ValueError`` for an unknown format, and for a table whose ``attrs`` do not name its design.
    """
    command = rebuild_command(table.attrs, format=check_format(format), audit=AUDIT_COLUMN in table)
    return _WRITERS[format](table, design_facts(table.attrs), command)


def file_name(table: pd.DataFrame, format: str) -> str:
    """A name for the exported table, e.g. ``mobilenet_v2_a0.75_160_t6.csv``."""
    extension = FORMATS[check_format(format)].extension
    return f"{file_stem(table.attrs, audit=AUDIT_COLUMN in table)}.{extension}"


def _csv(table: pd.DataFrame, facts: Facts, command: str) -> bytes:
    """A header line and a line a layer, UTF-8; the design's facts are the last columns, the same in every line.

    The design's input channels are ``design_in_channels``, since ``in_channels`` are the layer's own.
    """
    identity = {f"design_{name}" if name in table else name: value for name, value in facts.items()}
    whole = pd.concat([table, pd.DataFrame([identity] * len(table), index=table.index)], axis=1)
    return neutral_csv(whole)


def _json(table: pd.DataFrame, facts: Facts, command: str) -> bytes:
    """``{"design": {…, "command": …}, "layers": [{…}, …]}``; a missing value is null."""
    import orjson

    cells = table.astype(object).where(table.notna(), None)
    layers = cells.to_dict(orient="records")
    content = {"design": {**facts, "command": command}, "layers": layers}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY)


def _parquet(table: pd.DataFrame, facts: Facts, command: str) -> bytes:
    """Exact types; the facts as JSON in the schema's metadata under ``multadds``, and as ``attrs`` for pandas."""
    import orjson
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    design = orjson.dumps({**facts, "command": command})
    sink = io.BytesIO()
    pq.write_table(arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), b"multadds": design}), sink)
    return sink.getvalue()


def _xlsx(table: pd.DataFrame, facts: Facts, command: str) -> bytes:
    from analysis.exchange.xlsx import workbook

    return workbook(table, facts, command)


def _markdown(table: pd.DataFrame, facts: Facts, command: str) -> bytes:
    from analysis.exchange.paper import markdown

    return markdown(table, facts, command).encode()


def _latex(table: pd.DataFrame, facts: Facts, command: str) -> bytes:
    from analysis.exchange.paper import latex

    return latex(table, facts, command).encode()


_WRITERS: dict[str, Callable[[pd.DataFrame, Facts, str], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "json": _json,
    "markdown": _markdown,
    "latex": _latex,
}
