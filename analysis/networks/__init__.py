"""What a network is: feature maps, layers, rows, channel rounding, the catalogue and designs of it."""

from analysis.networks.catalogue import CATALOGUE
from analysis.networks.design import Design, make_design
from analysis.networks.layers import ACTIVATIONS, KINDS, Activation, Kind, Layer
from analysis.networks.maps import Map
from analysis.networks.network import Network
from analysis.networks.rounding import DIVISIBLE, TRUNCATED, Rounding

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
]
