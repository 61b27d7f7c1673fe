"""The four figures that a page begins with, each with its change against another subject."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from analysis.cost.subjects import Subject
from analysis.cost.units import change, short_bytes, short_count
from pages.shared import cached

FIGURES = (
    ("Mult-Adds", short_count, "mult_adds"),
    ("Parameters", short_count, "params"),
    ("Weights", short_bytes, "weight_bytes"),
    ("Peak activations (fused)", short_bytes, "peak_activation_bytes"),
)
"""Label, how it is written, and the name of each total."""


def headline(subject: Subject, number_format: str, other: Subject | None = None) -> None:
    """The totals as cards; with ``other``, each with its change against that."""
    now = cached.totals(subject, number_format)
    then = None if other is None else cached.totals(other, number_format)
    about = {
        "mult_adds": "The papers' unit: one multiply-add is 1; batch of one.",
        "params": "Trainable: weights, biases, batch-norm scale and shift.",
        "weight_bytes": "Parameters times the bytes of a value.",
        "peak_activation_bytes": "Fused: input, output, a waiting shortcut and a map still to be scaled, at the layer "
        f"that needs most: {now.peak_layer}; batch norm and activation inside the convolution. Unfused: "
        f"{short_bytes(now.peak_unfused_bytes)}.",
    }
    against = "" if other is None else f" Change against {other.label}."
    with st.container(horizontal=True, key="headline"):
        for label, written, name in FIGURES:
            st.metric(
                f"{label}, {number_format}" if name.endswith("bytes") else label,
                written(int(now[name])),
                None if then is None else change(int(now[name]), int(then[name])),
                delta_color="off" if then is None or now[name] == then[name] else "inverse",
                delta_arrow="off",
                help=f"Exactly {now[name]:,}. {about[name]}{against}",
                border=True,
                height="stretch",
            )


def changes(subject: Subject, other: Subject, number_format: str) -> Iterator[str]:
    """Each total's change against another subject, in words."""
    now, then = (cached.totals(each, number_format) for each in (subject, other))
    for label, _, name in FIGURES:
        yield f"{label} {change(int(now[name]), int(then[name]))}"
