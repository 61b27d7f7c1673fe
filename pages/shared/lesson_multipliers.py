"""Step 3 of the lesson: a layer's Mult-Adds, standard, separable, with α and with ρ."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from analysis.lessons.messages import Translate, translate
from analysis.lessons.multipliers import PRINTED, SOURCE, STAGES, Stage, is_table_3, printed, stages, stages_listing
from analysis.lessons.sizes import TABLE_3, Sizes
from analysis.plots.lesson_stages import stages_figure
from pages.shared.cached import for_screen
from pages.shared.frame import Page
from pages.shared.lesson_controls import layer_controls, show_formulas, show_listing, sizes_of, take_layer

KEPT = 64


@lru_cache(KEPT)
def stages_chart(sizes: Sizes, language: str) -> Any:
    """Step 3's bars."""
    return for_screen(stages_figure(stages(sizes), translate(language)))


def multipliers_step(here: Page) -> None:
    """Step 3."""
    _, view = translate(here.view.language), here.view
    st.markdown(
        _(
            "The width multiplier $α$ thins the layer: $αM$ input and $αN$ output channels, so that the pointwise part "
            "falls with $α^2$. The resolution multiplier $ρ$ shrinks the map to $ρD_F$, so that Mult-Adds fall with "
            "$ρ^2$ and parameters stay."
        )
    )
    layer_controls(view, _, names=("dk", "m", "n", "df", "stride", "layer_alpha", "layer_rho"))
    sizes = sizes_of(view)
    found = stages(sizes)
    here.chart(stages_chart(sizes, view.language), "stages", _("Mult-Adds of the layer, falling with each change"))
    st.dataframe(stages_table(found, _, compare=is_table_3(sizes)), hide_index=True)
    if is_table_3(sizes):
        st.caption(_("Printed: {source}; million, rounded as there.").format(source=PRINTED))
    else:
        st.button(_("Compare with V1's Table 3"), on_click=take_layer, args=(TABLE_3,))
    st.caption(_("$αM$ and $αN$ are rounded down, $ρD_F$ to the nearest whole number; each is at least 1."))
    show_formulas(_, *(stage.mult_adds for stage in found), source=SOURCE)
    show_listing(stages_listing(sizes), _)


def stages_table(found: tuple[Stage, ...], _: Translate, *, compare: bool) -> pd.DataFrame:
    """A row a stage: its sizes, what is computed, and beside it what the paper printed."""
    table = pd.DataFrame(
        {
            _("Stage"): [_(STAGES[stage.name]) for stage in found],
            "M": [stage.sizes.in_channels for stage in found],
            "N": [stage.sizes.out_channels for stage in found],
            "D_F": [stage.sizes.map for stage in found],
            _("Mult-Adds"): [f"{stage.mult_adds.value:,}" for stage in found],
            _("Parameters"): [f"{stage.weights.value:,}" for stage in found],
        }
    )
    if compare:
        paper = printed().loc[[stage.name for stage in found]]
        table.insert(5, _("Printed Mult-Adds"), [f"{text} M" for text in paper["million_mult_adds"]])
        table[_("Printed parameters")] = [f"{text} M" for text in paper["million_params"]]
    return table
