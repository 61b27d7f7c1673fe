"""What is wrong with the values of a network file or grid: one plain sentence a problem."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from analysis.networks.checks import RowError
from analysis.networks.files.plain import bare, field_types
from analysis.networks.files.schema import NetworkHead, fields_of
from analysis.networks.rounding import Rounding
from analysis.networks.rows import BLOCKS
from analysis.networks.values import shortened

WORDS = {
    **{"channels": "c", "out_channels": "c", "filters": "c", "units": "c", "width": "c"},
    **{"repeats": "n", "number": "n", "stride": "s", "strides": "s", "kernel": "k", "kernel_size": "k"},
    **{"expansion": "t", "expand_ratio": "t", "expansion_factor": "t", "type": "block", "kind": "block"},
    **{"squeeze_excite": "se", "act": "activation", "padding_mode": "padding", "resolution": "input", "p": "dropout"},
    **{"num_classes": "classes", "bn": "batch_norm", "title": "label", "channels_in": "in_channels"},
}
"""The field that another tool's word may stand for."""

_SENTENCES = {
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be > {gt}",
    "less_than_equal": "must be at most {le}",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "string_too_long": "must be at most {max_length} characters",
    "string_pattern_mismatch": "must be of letters, digits, dots, dashes and underscores, at most 64",
    "literal_error": "must be one of {expected}",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "too_short": "must be at least {min_length} in number",
    "too_long": "must be at most {max_length} in number",
    "model_type": "must be a mapping of fields",
    "model_attributes_type": "must be a mapping of fields",
}
"""What pydantic's kinds of errors say here; ``got`` and the value follow."""


@dataclass(frozen=True)
class Problem:
    """What is wrong: the row from 1 and the field, where there is one, and a sentence that names the field itself."""

    row: int | None
    field: str | None
    message: str

    def __str__(self) -> str:
        return self.message if self.row is None else f"row {self.row}: {self.message}"


def row_problem(error: RowError, block: Any) -> Problem:
    """A row that does not fit those before it, as a problem of the field that the reason begins with."""
    return Problem(error.number, _first_field(error.reason, fields_of(block)), error.reason)


def problems_of(error: ValidationError, *, row: int | None = None) -> list[Problem]:
    """What pydantic found, in the order of the rows, unknown fields first; of one ``row``, or of a whole file."""
    details = sorted(error.errors(include_url=False), key=lambda details: details["type"] != "extra_forbidden")
    return sorted((_problem(each, row) for each in details), key=lambda problem: problem.row or 0)


def _problem(details: ErrorDetails, row: int | None) -> Problem:
    path = list(details["loc"])
    if row is None and path[:1] == ["rows"] and len(path) > 1:
        row, path = int(path[1]) + 1, path[2:]
    block = str(path.pop(0)) if row is not None and path and path[0] in BLOCKS else None
    known = [*NetworkHead.model_fields, "rows"] if row is None else ["block", *fields_of(block)]
    message = _sentence(details, path, _Place(block, known))
    return Problem(row, str(path[0]) if path else _first_field(message, known), message)


def _first_field(message: str, known: Iterable[str]) -> str | None:
    first = message.split(" ", 1)[0]
    return first if first in known else None


@dataclass(frozen=True)
class _Place:
    """Where fields stand: in a row of a ``block`` or in the file itself, and the names of those ``known``."""

    block: str | None
    known: Sequence[str]

    def around(self, path: Sequence[int | str]) -> tuple[str, Sequence[str]]:
        """What the last field of a path is in, and the fields that takes."""
        if len(path) == 1:
            return self.block or "a network", self.known
        inner = Rounding if path[0] == "rounding" else bare(fields_of(self.block).get(str(path[0])))
        return str(path[0]), list(field_types(inner)) if isinstance(inner, type) else []


def _sentence(details: ErrorDetails, path: Sequence[int | str], place: _Place) -> str:
    kind, context = details["type"], details.get("ctx", {})
    given, name = _shown(details["input"]), _name(path)
    if kind == "missing":
        return f"{name} is missing"
    if kind == "extra_forbidden":
        around, known = place.around(path)
        return f"{shortened(path[-1])} is not a field of {around}{_hint(str(path[-1]), known)}"
    if kind == "union_tag_not_found":
        return f"block is missing; it is one of {', '.join(BLOCKS)}"
    if kind == "union_tag_invalid":
        tag = shortened(context["tag"])
        return f"block must be one of {', '.join(BLOCKS)}, got {tag}{_hint(tag, BLOCKS)}"
    if kind == "value_error":
        return _own(str(context["error"]), name, given)
    given = f"{context['actual_length']:,}" if "actual_length" in context else given
    return f"{name} {_SENTENCES.get(kind, details['msg']).format(**_words(context))}, got {given}"


def _own(message: str, name: str, given: str) -> str:
    """A sentence of ours: one that begins with a verb lacks the field's name, and one without a value the value."""
    message = f"{name} {message}" if message.startswith("must") else message
    return message if ", got" in message else f"{message}, got {given}"


def _name(path: Sequence[int | str]) -> str:
    """``s``, ``se.gate``, ``input``, ``entry 3 of presets``, or ``a row`` itself."""
    fields = ".".join(part for part in path if isinstance(part, str)) or "a row"
    entry = next((part for part in path if isinstance(part, int)), None)
    return fields if entry is None or fields == "input" else f"entry {entry + 1} of {fields}"


def _shown(value: Any) -> str:
    """A value as a file writes it."""
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    return shortened(value)


def _words(context: dict[str, Any]) -> dict[str, str]:
    """Limits with their thousands apart, and choices without quotes."""
    return {name: _limit(value) for name, value in context.items()}


def _limit(value: Any) -> str:
    if isinstance(value, (int, float)):
        return f"{int(value):,}" if float(value).is_integer() else f"{value:g}"
    return str(value).replace("'", "").replace(" or ", ", ")


def _hint(word: str, known: Iterable[str]) -> str:
    """``; did you mean s?`` where one of the known words is meant, by its sense or its spelling."""
    guess = next(_guesses(word[:64].strip().lower().replace("-", "_"), list(known)), None)
    return "" if guess is None else f"; did you mean {guess}?"


def _guesses(word: str, known: list[str]) -> Iterator[str]:
    yield from (name for name in (word, WORDS.get(word)) if name in known)
    yield from difflib.get_close_matches(word, known, n=1, cutoff=0.6)
