"""The Trade-off page's fits: a sentence and a row each, and a file of every figure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from analysis.exchange.cells import neutral_frame
from analysis.tradeoff.fit_text import fits_json
from analysis.tradeoff.fits_table import apart_table, fit_sentences, fits_table
from analysis.tradeoff.predict import Predictor
from pages.shared.frame import plain
from pages.shared.state import View
from pages.shared.trading_columns import FIT_COLUMNS


def fitted(view: View, found: Mapping[str, Predictor]) -> None:
    """The fits of the networks shown, or how to get one."""
    st.markdown("#### Log-linear fits: top-1 = intercept + slope · log10(Mult-Adds)")
    if not found:
        st.info(
            "No network shown has three points to fit a line through. Show MobileNet or MobileNetV2, or add your own."
        )
        return
    for name, sentence in fit_sentences(found).items():
        st.markdown(f"**{plain(name)}**: {sentence}")
    for table in (fits_table(found), apart_table(found)):
        if len(table):
            st.dataframe(neutral_frame(table), hide_index=True, column_config=FIT_COLUMNS, placeholder="–")
    st.download_button(
        "Fits.json",
        partial(fits_json, found, training=view.training, min_alpha=float(view.min_alpha)),
        "fits.json",
        "application/json",
        on_click="ignore",
        icon=":material/download:",
        help="Every figure of the fits to the last digit, with the points that took part.",
    )
    st.caption(
        "Least squares on Mult-Adds computed here and accuracies as printed. The second table tells the Mult-Adds that "
        "α buys at 224 px from those that ρ adds or saves. The fit with the smaller leave-one-out error predicts, "
        "within its own points only, of which there must be five. The authors' minimalistic and EdgeTPU variants are "
        "not in the catalogue. Latencies are of the release notes for MobileNetV2, of the V3 and MnasNet papers for "
        "theirs."
    )
