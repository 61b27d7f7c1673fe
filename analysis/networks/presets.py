"""The published designs, named as in the papers: ``0.50 MobileNet-160``."""

from __future__ import annotations

from analysis.networks.catalogue import CATALOGUE
from analysis.networks.design import Design, make_design
from analysis.networks.resolutions import width_of

PRESETS: dict[str, Design] = {
    design.label: design
    for network in CATALOGUE.values()
    for alpha, height in network.presets
    for design in [make_design(network.name, alpha=alpha, resolution=(height, width_of(height, *network.base)))]
}
"""Every (α, resolution) that the authors released or printed, by its name in the papers."""
