"""YAML and TOML text to plain values, with the line of each value; hostile text is refused before it is built.

YAML is read as its version 1.2 reads plain words: only ``true`` and ``false`` are booleans, 010 is ten and 1:30 is
text. Anchors, aliases and tags are refused.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import yaml

Format = Literal["yaml", "toml"]
Path = tuple[str | int, ...]
Lines = dict[Path, int]
"""The line, from 1, of the value at each path, e.g. ``("rows", 2, "s")``; empty for TOML, which names none."""

MOST_BYTES = 256 * 1024
MOST_LINE = 10_000
MOST_DOTS = 250
"""In a line of TOML: a key of thousands of dotted parts would take a parser minutes."""
MOST_DEPTH = 6
MOST_SCALAR = 2_000


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

_Loader: Any = type("_Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {"yaml_implicit_resolvers": {}})
for _tag, _pattern, _first in PLAIN_WORDS:
    _Loader.add_implicit_resolver(_tag, _pattern, _first)


def plain_values(text: str, format: Format) -> tuple[Any, Lines]:
    """The values of a text and their lines; :class:`TextError` for what is neither, too large or too deep."""
    check_text(text)
    if format == "toml":
        return _toml(text), {}
    try:
        _check_events(text)
        return yaml_values(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise TextError(f"this is not YAML: {error.problem}", mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise TextError(f"this is not YAML: {' '.join(str(error).split())[:100]}") from None


def check_text(text: str) -> None:
    """Refuse what is too long, in bytes or in one line, and control characters."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise TextError(f"a network file must be at most {MOST_BYTES:,} bytes, got {size:,}")
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MOST_LINE:
            raise TextError(f"a line must be at most {MOST_LINE:,} characters, got {len(line):,}", number)
        control = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", line)
        if control:
            raise TextError(f"the text must hold no control character, got U+{ord(control[0]):04X}", number)


def _toml(text: str) -> Any:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MOST_DOTS:
            raise TextError(f"a line must hold at most {MOST_DOTS} dots", number)
    try:
        values = tomllib.loads(text)
    except RecursionError:
        raise TextError("the values are nested too deeply") from None
    except ValueError as error:  # Python's own limit on the digits of an integer is one
        raise TextError(f"this is not TOML: {str(error)[:150]}") from None
    _check_depth(values, 0)
    return values


def _check_depth(value: Any, depth: int) -> None:
    if depth > MOST_DEPTH:
        raise TextError("the values are nested too deeply")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check_depth(part, depth + 1)


def _check_events(text: str) -> None:
    """Walk the events, which need no memory, before anything is built of them."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            raise TextError("the values are nested too deeply", line)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise TextError("anchors (&) and aliases (*) are not taken; write the values out", line)
        if getattr(event, "tag", None):
            raise TextError(f"tags are not taken, got {event.tag[:40]}", line)
        if isinstance(event, yaml.ScalarEvent) and len(event.value) > MOST_SCALAR:
            raise TextError(f"a value must be at most {MOST_SCALAR:,} characters, got {len(event.value):,}", line)


def yaml_values(text: str) -> tuple[Any, Lines]:
    """The values of a trusted text, and their lines."""
    lines: Lines = {}
    node = yaml.compose(text, Loader=_Loader)
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
    return next((lines[path[:end]] for end in _ends(path) if path[:end] in lines), None)


def _ends(path: Path) -> Iterator[int]:
    yield from range(len(path), -1, -1)
