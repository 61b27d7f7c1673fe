"""A network as plain values (mappings, lists, numbers, text), as its file holds it, and back. Nothing is checked here."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
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

_NAMES = {block: name for name, block in BLOCKS.items()}


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


def ratio(value: Any) -> Any:
    """A number, from itself or from a fraction's text such as ``88/24``; ``ValueError`` for another text."""
    if not isinstance(value, str):
        return value
    parts = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", value)
    if parts is None or int(parts[2]) == 0:
        raise ValueError("must be a number or a fraction such as 88/24")
    return int(parts[1]) / int(parts[2])


def shortest_ratio(value: float) -> float | str:
    """The number as a file says it: 6 for 6.0, and 11/3 for what has no short decimal; :func:`ratio` undoes it."""
    if float(value).is_integer() or len(repr(value)) <= 8:
        return int(value) if float(value).is_integer() else value
    near = Fraction(value).limit_denominator(9999)
    return f"{near.numerator}/{near.denominator}" if near.numerator / near.denominator == value else value


def sides(value: Any) -> Any:
    """Height and width in px from ``224``, ``60x120`` or a list of the two; ``ValueError`` for another text or list."""
    if isinstance(value, str):
        parts = re.fullmatch(r"([0-9]{1,9})\s*[x×]\s*([0-9]{1,9})", value)
        value = () if parts is None else (int(parts[1]), int(parts[2]))
    pair = tuple(value) if isinstance(value, (list, tuple)) else (value, value)
    if len(pair) != 2:
        raise ValueError("must be one side or height × width in px, such as 60x120")
    return pair


def unfolded(of: type, value: Any) -> Any:
    """A part of a row as a mapping; squeeze-excite has short forms: its ratio, or its gate's name."""
    if of is not SqueezeExcite or not isinstance(value, (int, float, str)):
        return value
    is_gate = isinstance(value, str) and "/" not in value
    return {"gate" if is_gate else "ratio": value}


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
        return made(kind, unfolded(kind, value))
    return ratio(value) if kind is float else value


def folded(of: Any) -> dict[str, Any]:
    """The plain values of a dataclass, less those that are its defaults."""
    own = {field.name: (getattr(of, field.name), field.default) for field in dataclasses.fields(of)}
    return {name: _folded_field(value) for name, (value, default) in own.items() if value != default}


def _folded_field(value: Any) -> Any:
    if isinstance(value, SqueezeExcite):
        fields = folded(value) or {"ratio": shortest_ratio(value.ratio)}
        return next(iter(fields.values())) if list(fields) in (["ratio"], ["gate"]) else fields
    if value is None:
        return NONE
    return shortest_ratio(value) if isinstance(value, float) else value


def row_of(plain: Mapping[str, Any]) -> Row:
    """The row of a flat mapping such as ``{"block": "inverted_residual", "c": 24, "n": 2, "s": 2}``."""
    row: Row = made(BLOCKS[plain["block"]], {name: value for name, value in plain.items() if name != "block"})
    return row


def plain_row(row: Row) -> dict[str, Any]:
    """The row as a flat mapping, less what is usual; :func:`row_of` undoes it."""
    return {"block": _NAMES[type(row)], **folded(row)}


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
        label=plain.get("label", plain["name"]),
        source=plain.get("source", ""),
        rounding=made(Rounding, rounding_of(plain.get("rounding", USUAL_ROUNDING))),
        t=ratio(plain.get("t")),
        base=sides(plain.get("input", USUAL_INPUT)),
        in_channels=plain.get("in_channels", USUAL_IN_CHANNELS),
        presets=tuple((float(alpha), height) for alpha, height in plain.get("presets", ())),
        rows=tuple(row_of(row) for row in plain["rows"]),
    )


def plain_network(network: Network) -> dict[str, Any]:
    """A network as its file's values, less what is usual; :func:`network_of` undoes it."""
    names = {rounding: name for name, rounding in ROUNDINGS.items()}
    height, width = network.base
    plain = {
        "name": network.name,
        "label": network.label,
        "source": network.source,
        "rounding": names.get(network.rounding) or folded(network.rounding),
        "t": None if network.t is None else shortest_ratio(network.t),
        "input": height if height == width else f"{height}x{width}",
        "in_channels": network.in_channels,
        "presets": [[shortest_ratio(alpha), side] for alpha, side in network.presets],
        "rows": [plain_row(row) for row in network.rows],
    }
    usual = {"label": network.name, "source": "", "t": None, "input": USUAL_INPUT, "in_channels": 3, "presets": []}
    return {key: value for key, value in plain.items() if key not in usual or value != usual[key]}
