"""A network from plain values (mappings, lists, numbers, text), as its file holds them. Nothing is checked here."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from functools import cache, reduce
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from analysis.networks.branches import SqueezeExcite
from analysis.networks.network import Network
from analysis.networks.rounding import ROUNDINGS, Rounding
from analysis.networks.rows import BLOCKS, Row

NONE = "none"
"""What a file says for ``None``, as TOML has no word for it; an empty cell or a field left out is what is usual."""

USUAL_ROUNDING = "divisible"
USUAL_INPUT = 224
USUAL_IN_CHANNELS = 3
"""What a file need not say."""


_SHORT: dict[str, Callable[[str], Any]] = {
    "ratio": lambda word: ratio(word) if "/" in word else number(word),
    "squeezes": lambda word: word.replace("_", " "),
    "gate": str,
}


@cache
def field_types(of: type) -> dict[str, Any]:
    """The fields of a dataclass in order, each with its annotation and limits."""
    hints = get_type_hints(of, include_extras=True)
    return {field.name: hints[field.name] for field in dataclasses.fields(of)}


@cache
def bare(annotation: Any) -> Any:
    """The type that an annotation comes down to, less its limits and ``| None``: a dataclass, ``float``, ``int`` …"""
    if hasattr(annotation, "__metadata__"):
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return bare(next(kind for kind in get_args(annotation) if kind is not NoneType))
    return annotation


SQUEEZES: tuple[str, ...] = get_args(field_types(SqueezeExcite)["squeezes"])


def ratio(value: Any) -> Any:
    """A number, from itself or from a fraction's text such as ``88/24``; ``ValueError`` for another text."""
    if not isinstance(value, str):
        return value
    parts = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", value)
    if parts is None or int(parts[2]) == 0:
        raise ValueError("must be a number or a fraction such as 88/24")
    return int(parts[1]) / int(parts[2])


def number(word: str) -> Any:
    """The number of a word, or the word where it is none."""
    try:
        return float(word)
    except ValueError:
        return word


def sides(value: Any) -> Any:
    """Height and width in px from ``224``, ``60x120`` or a list of the two; ``ValueError`` for another text or list."""
    if isinstance(value, str):
        parts = re.fullmatch(r"([0-9]{1,9})\s*[x×]\s*([0-9]{1,9})", value)
        value = () if parts is None else (int(parts[1]), int(parts[2]))
    pair = tuple(value) if isinstance(value, (list, tuple)) else (value, value)
    if len(pair) != 2:
        raise ValueError("must be one side or height × width in px, such as 60x120")
    return pair


def unfolded(value: Any) -> Any:
    """Squeeze-excite as a mapping: its short form is a ratio, a gate, what it squeezes, or a text of several.

    ``0.5``, ``hard_sigmoid`` and ``1/16 sigmoid block input`` are such; ``ValueError`` for a text that says one twice.
    """
    if isinstance(value, (int, float)):
        return {"ratio": value}
    if not isinstance(value, str):
        return value
    words = reduce(lambda text, name: text.replace(name, name.replace(" ", "_")), SQUEEZES, value).split()
    named = [(_part_of(word), word) for word in words]
    fields = {field: _SHORT[field](word) for field, word in named}
    if not words or len(fields) < len(words):
        raise ValueError(f"must be a mapping, or a ratio, a gate and one of {', '.join(SQUEEZES)}")
    return fields


def _part_of(word: str) -> str:
    if word[0] in "-.0123456789":
        return "ratio"
    return "squeezes" if word.replace("_", " ") in SQUEEZES else "gate"


def named_none(value: Any) -> Any:
    """``None`` for its name, else the value."""
    return None if isinstance(value, str) and value == NONE else value


def made(of: type, plain: Mapping[str, Any]) -> Any:
    """The dataclass of plain values."""
    types = field_types(of)
    return of(**{name: _made_field(bare(types[name]), value) for name, value in plain.items()})


def _made_field(kind: Any, value: Any) -> Any:
    value = named_none(value)
    if value is None:
        return None
    if dataclasses.is_dataclass(kind):
        assert isinstance(kind, type)
        return made(kind, unfolded(value))
    return ratio(value) if kind is float else value


def row_of(plain: Mapping[str, Any]) -> Row:
    """The row of a flat mapping such as ``{"block": "inverted_residual", "c": 24, "n": 2, "s": 2}``."""
    row: Row = made(BLOCKS[plain["block"]], {name: value for name, value in plain.items() if name != "block"})
    return row


def rounding_of(plain: Any) -> Any:
    """The fields of a channel rounding by its usual name, or as they are; ``ValueError`` for another name."""
    if not isinstance(plain, str):
        return plain
    if plain not in ROUNDINGS:
        raise ValueError(f"must be one of {', '.join(ROUNDINGS)}, or the fields of one")
    return dataclasses.asdict(ROUNDINGS[plain])


def network_of(plain: Mapping[str, Any]) -> Network:
    """The network of a file's values."""
    return Network(
        name=plain["name"],
        label=plain.get("label") or plain["name"],
        source=plain.get("source", ""),
        rounding=made(Rounding, rounding_of(plain.get("rounding", USUAL_ROUNDING))),
        t=ratio(plain.get("t")),
        base=sides(plain.get("input", USUAL_INPUT)),
        in_channels=plain.get("in_channels", USUAL_IN_CHANNELS),
        presets=tuple((float(ratio(alpha)), height) for alpha, height in plain.get("presets", ())),
        rows=tuple(row_of(row) for row in plain["rows"]),
    )
