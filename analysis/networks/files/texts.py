"""YAML and TOML text to plain values, with the line of each; hostile text is refused before anything is built of it.

Of YAML, anchors, aliases and tags are refused.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import yaml

from analysis.networks.files.yaml_text import Lines, Loader, TextError, yaml_values

Format = Literal["yaml", "toml"]

MOST_BYTES = 256 * 1024
MOST_LINE = 10_000
MOST_DOTS = 250
"""In a line of TOML: a key of thousands of dotted parts would take a parser minutes."""
MOST_DEPTH = 6
MOST_SCALAR = 2_000


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
    import tomllib  # when it is needed: the catalogue is YAML, and is read at every start

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
    depth, events = 0, yaml.parse(text, Loader=Loader)
    event: Any
    for event in events:
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
