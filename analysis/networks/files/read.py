"""A network from the text of its file, checked; an error is one sentence that names file, line, row and field."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from analysis.networks.checks import RowError
from analysis.networks.files.plain import network_of
from analysis.networks.files.problems import Problem, problems_of, row_problem
from analysis.networks.files.schema import file_model
from analysis.networks.files.texts import MOST_BYTES, Format, plain_values
from analysis.networks.files.yaml_text import Lines, TextError, line_of
from analysis.networks.network import Network
from analysis.networks.values import shortened

FORMATS: dict[str, Format] = {".yaml": "yaml", ".yml": "yaml", ".toml": "toml"}
"""The format by a file's extension."""


def read_network(path: str | Path) -> Network:
    """The network of a YAML or TOML file, told apart by the extension.

    Raises ``ValueError`` as :func:`parse_network`, and for a file that cannot be read.
    """
    path = Path(path)
    format = FORMATS.get(path.suffix.lower())
    if format is None:
        raise ValueError(f"{path.name}: a network file's extension must be one of {', '.join(FORMATS)}")
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ValueError(f"{path.name}: the file cannot be read: {error.strerror}") from None
    return parse_network(content, format=format, file=path.name)


def parse_network(text: str | bytes, *, format: Format = "yaml", file: str = "network file") -> Network:
    """The network of a text, with every field within its limits and every row fit to follow the one before.

    Raises ``ValueError``: ``my_net.yaml, line 12, row 3: s must be at most 16, got 99``; of TOML without the line.
    """
    lines: Lines = {}
    try:
        plain, lines = plain_values(_decoded(text), format)
    except TextError as error:
        raise ValueError(_placed(file, error.line, None, error.message)) from None
    problem, network = _network(plain)
    if network is None:
        assert problem is not None
        raise ValueError(_placed(file, _line(problem, lines), problem.row, problem.message))
    return network


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    if len(text) > MOST_BYTES:
        raise TextError(f"a network file must be at most {MOST_BYTES:,} bytes")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise TextError(f"the text must be UTF-8, got the byte 0x{text[error.start]:02X}", line) from None


def _network(plain: Any) -> tuple[Problem | None, Network | None]:
    """The network, or the first thing wrong with it."""
    if not isinstance(plain, Mapping):
        return Problem(None, None, f"the file must hold name and rows, got {shortened(plain or 'nothing')}"), None
    try:
        file_model().model_validate(plain)
        network = network_of(plain)
        check_fits(network)
    except ValidationError as error:
        return problems_of(error)[0], None
    except RowError as error:
        return row_problem(error, plain["rows"][error.number - 1]["block"]), None
    except ValueError as error:
        return Problem(None, "rows", str(error)), None
    return None, network


def check_fits(network: Network) -> None:
    """``RowError`` for the first row that does not fit its input at the network's own size."""
    if network.takes_t and network.t is None:
        number = next(n for n, row in enumerate(network.rows, start=1) if getattr(row, "t", 0) is None)
        raise RowError(number, "t is missing, and the network has none for its rows")
    network.layers()


def _line(problem: Problem, lines: Lines) -> int | None:
    if problem.row is None:
        return line_of(() if problem.field is None else (problem.field,), lines)
    row = ("rows", problem.row - 1)
    return line_of(row if problem.field is None else (*row, problem.field), lines)


def _placed(file: str, line: int | None, row: int | None, message: str) -> str:
    where = [file, *([f"line {line}"] if line else []), *([f"row {row}"] if row else [])]
    return f"{', '.join(where)}: {message}"
