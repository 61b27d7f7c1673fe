"""What a command's NETWORK may be: a name of the catalogue, a reference network, or a file by its extension."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.networks.values import check_count, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.cost.counted import Counted
    from analysis.networks.network import Network

ROWS = (".yaml", ".yml", ".toml")
GRAPH = ".onnx"


def named_network(text: str) -> str | Network:
    """The network of rows in a YAML or TOML file; a name as it is."""
    if Path(text).suffix.lower() not in ROWS:
        return text
    from analysis.networks.files.read import read_network

    return read_network(text)


def network_of_rows(text: str) -> str | Network:
    """:func:`named_network` for what changes α, ρ and t; ``ValueError`` for a network that is not made of rows."""
    from analysis.networks.catalogue import CATALOGUE
    from analysis.networks.reference import REFERENCES

    if is_onnx(text) or ":" in text or text in REFERENCES:
        raise ValueError(
            f"{shortened(text)} is not made of rows, so that it has no other α, ρ or t; "
            f"give a YAML or TOML file of rows, or one of {', '.join(CATALOGUE)}"
        )
    return named_network(text)


def is_onnx(text: str) -> bool:
    """Whether NETWORK is an ONNX file."""
    return Path(text).suffix.lower() == GRAPH


def onnx_network(text: str, sizes: Sequence[str]) -> Counted:
    """The network in an ONNX file; ``sizes`` as ``height=224`` or ``image=1x3x224x224`` for what it leaves open."""
    from analysis.imports.onnx import SizesWanted, read_onnx

    path = Path(text)
    if not path.is_file():
        raise ValueError(f"{shortened(path.name)}: no such file")
    try:
        return read_onnx(path, name=path.name, sizes=dict(map(_size, sizes)))
    except SizesWanted as wanted:
        raise ValueError(f"{wanted}; give each with --input, as --input {wanted.names[0]}=224") from None


def _size(text: str) -> tuple[str, int | tuple[int, ...]]:
    name, _, value = text.rpartition("=")
    sides = [check_count("input", side, 1, 2**31) for side in value.lower().replace("×", "x").split("x")]
    if not name:
        raise ValueError(f"input must be NAME=N or INPUT=1x3x224x224, got {shortened(text)}")
    return name, sides[0] if len(sides) == 1 else tuple(sides)
