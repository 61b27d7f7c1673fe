"""YAML to plain values, with the line of each; what is read is trusted or was looked through before.

Plain words are read as YAML 1.2 reads them: only ``true`` and ``false`` are booleans, 010 is ten and 1:30 is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

Path = tuple[str | int, ...]
Lines = dict[Path, int]
"""The line, from 1, of the value at each path, e.g. ``("rows", 2, "s")``; empty for TOML, which names none."""


class TextError(ValueError):
    """What is wrong in a text, and in which line where that is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line


PLAIN_WORDS = [
    (f"tag:yaml.org,2002:{name}", re.compile(f"(?:{pattern})$"), first)
    for name, pattern, first in (
        ("null", r"~|null|", ["~", "n", ""]),
        ("bool", r"true|false", ["t", "f"]),
        ("int", r"[-+]?[0-9]+", list("-+0123456789")),
        ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
    )
]
"""The tag of every plain word that is not text, its pattern and the characters it may begin with."""

_VALUES: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:null": lambda text: None,
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
}

Loader: Any = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {"yaml_implicit_resolvers": {}})
for _tag, _pattern, _first in PLAIN_WORDS:
    Loader.add_implicit_resolver(_tag, _pattern, _first)


def yaml_values(text: str) -> tuple[Any, Lines]:
    """The values of a trusted text, and their lines."""
    lines: Lines = {}
    node = yaml.compose(text, Loader=Loader)
    return (None if node is None else _value(node, (), lines)), lines


def _value(node: yaml.Node, path: Path, lines: Lines) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(part, (*path, index), lines) for index, part in enumerate(node.value)]
    try:
        return _VALUES.get(node.tag, str)(node.value)
    except ValueError:
        raise TextError(f"a number must have at most 4,300 digits, got {len(node.value):,}", lines[path]) from None


def _mapping(node: yaml.MappingNode, path: Path, lines: Lines) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise TextError("a field's name must be text", line)
        if key.value in values:
            raise TextError(f"{key.value[:40]} is given twice", line)
        values[key.value] = _value(value, (*path, key.value), lines)
        lines[(*path, key.value)] = line
    return values


def line_of(path: Path, lines: Mapping[Path, int]) -> int | None:
    """The line of the value at a path, or of the nearest one around it."""
    return next((lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in lines), None)
