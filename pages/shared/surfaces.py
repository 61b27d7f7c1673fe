"""The Cost surface page's own controls: the cost, and the multipliers of the surface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from analysis.plots.scales import SIGNS
from analysis.tradeoff.surfaces.surface import COSTS, PAIRS, axes_of, pairs_of
from pages.shared.controls import linked
from pages.shared.frame import Page
from pages.shared.state import View


def switches(here: Page) -> View:
    """Draw the controls; the view with axes that the network has."""
    network = here.design.entry
    view = replace(
        here.view,
        axes=_kept(here.view.axes, pairs_of(network)),
        along=_kept(here.view.along, axes_of(network)),
    )
    cost, axes = st.columns(2)
    cost.selectbox(
        "Cost",
        list(COSTS),
        format_func=lambda name: COSTS[name].label,
        help="What the surface and the cut show; bytes are in the number format of the sidebar.",
        **linked("cost", view),
    )
    pairs = pairs_of(network)
    axes.segmented_control(
        "Axes",
        pairs,
        format_func=lambda pair: " × ".join(SIGNS[axis] for axis in PAIRS[pair]),
        required=True,
        disabled=len(pairs) == 1,
        help="The two multipliers of the surface; the third is held as in the sidebar.",
        **linked("axes", view),
    )
    if len(pairs) == 1:
        axes.caption(f"α × ρ alone: no row of {network.label} leaves its expansion to t.")
    return view


def _kept(choice: str, choices: Sequence[str]) -> str:
    """A choice where the network offers it, else the first: the view keeps it for a network that does."""
    return choice if choice in choices else choices[0]
