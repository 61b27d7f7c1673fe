"""What a network is: feature maps, layers, rows, channel rounding, the catalogue and designs of it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from analysis.networks.catalogue import CATALOGUE
from analysis.networks.design import Design, make_design
from analysis.networks.layers import ACTIVATIONS, KINDS, Activation, Kind, Layer
from analysis.networks.maps import Map
from analysis.networks.network import Network
from analysis.networks.rounding import DIVISIBLE, TRUNCATED, Rounding

if TYPE_CHECKING:
    from analysis.networks.files.read import parse_network, read_network
    from analysis.networks.files.write import write_network

__all__ = [
    "ACTIVATIONS",
    "CATALOGUE",
    "DIVISIBLE",
    "KINDS",
    "TRUNCATED",
    "Activation",
    "Design",
    "Kind",
    "Layer",
    "Map",
    "Network",
    "Rounding",
    "make_design",
    "parse_network",
    "read_network",
    "write_network",
]

_LATE = {
    "parse_network": "analysis.networks.files.read",
    "read_network": "analysis.networks.files.read",
    "write_network": "analysis.networks.files.write",
}


def __getattr__(name: str) -> Any:
    """Network files are read and written by modules that are imported when they are first asked for."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATE[name]), name)
