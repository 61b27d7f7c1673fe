"""The file formats that a table is exported to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True)
class Format:
    """A file format: its name for people, its extension without the dot, its media type, and whether it is text."""

    label: str
    extension: str
    mime: str
    text: bool = True


FORMATS: dict[str, Format] = {
    "csv": Format("CSV", "csv", "text/csv"),
    "xlsx": Format("Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", text=False),
    "parquet": Format("Parquet", "parquet", "application/vnd.apache.parquet", text=False),
    "json": Format("JSON", "json", "application/json"),
    "markdown": Format("Markdown", "md", "text/markdown"),
    "latex": Format("LaTeX", "tex", "application/x-tex"),
}
"""The formats by the name that :func:`analysis.exchange.tables.export_table` takes."""


def check_format(name: str) -> str:
    """``name`` if it is a format; ``ValueError`` with the choices otherwise."""
    if name not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, got {str(name)[:40]}")
    return name


def format_of(path: str | PurePath) -> str:
    """The format that a file's extension names; ``ValueError`` with the choices for another one."""
    extension = PurePath(path).suffix.lower().removeprefix(".")
    for name, entry in FORMATS.items():
        if entry.extension == extension:
            return name
    known = ", ".join(f".{entry.extension}" for entry in FORMATS.values())
    raise ValueError(f"the file's extension must be one of {known} where no format is given, got {str(path)[-40:]}")
