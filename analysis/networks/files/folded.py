"""A network as plain values, as terse as its paper's table: what is usual is left out."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

from analysis.networks.branches import SqueezeExcite
from analysis.networks.files.plain import NONE, USUAL_IN_CHANNELS, USUAL_INPUT, field_types
from analysis.networks.network import Network
from analysis.networks.rounding import ROUNDINGS
from analysis.networks.rows import BLOCKS, Row

_NAMES = {block: name for name, block in BLOCKS.items()}


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
    usual: dict[str, Any] = {
        "label": network.name,
        "source": "",
        "t": None,
        "input": USUAL_INPUT,
        "in_channels": USUAL_IN_CHANNELS,
        "presets": [],
    }
    return {key: value for key, value in plain.items() if key not in usual or value != usual[key]}


def plain_row(row: Row) -> dict[str, Any]:
    """The row as a flat mapping, less what is usual; :func:`row_of` undoes it."""
    return {"block": _NAMES[type(row)], **folded(row)}


def grid_row(row: Row) -> dict[str, Any]:
    """The row as the cells of a grid: every field of its block, a part such as squeeze-excite in one cell."""
    return {"block": _NAMES[type(row)], **{name: _folded_field(getattr(row, name)) for name in field_types(type(row))}}


def folded(of: Any) -> dict[str, Any]:
    """The plain values of a dataclass, less those that are its defaults."""
    own = {field.name: (getattr(of, field.name), field.default) for field in dataclasses.fields(of)}
    return {name: _folded_field(value) for name, (value, default) in own.items() if value != default}


def _folded_field(value: Any) -> Any:
    if isinstance(value, SqueezeExcite):
        words = list(folded(value).values()) or [shortest_ratio(value.ratio)]
        return words[0] if len(words) == 1 else " ".join(map(str, words))
    if value is None:
        return NONE
    return shortest_ratio(value) if isinstance(value, float) else value


def shortest_ratio(value: float) -> float | str:
    """The number as a file says it: 6 for 6.0, and 11/3 for what has no short decimal; :func:`ratio` undoes it."""
    if float(value).is_integer() or len(repr(value)) <= 8:
        return int(value) if float(value).is_integer() else value
    near = Fraction(value).limit_denominator(9999)
    return f"{near.numerator}/{near.denominator}" if near.numerator / near.denominator == value else value
