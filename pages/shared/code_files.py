"""A design as files that run: PyTorch, and ONNX with weights drawn as torch draws them."""

from __future__ import annotations

import threading
from functools import partial

import streamlit as st

from analysis.cost.units import short_bytes
from analysis.exchange.identity import file_stem
from analysis.networks import Design
from pages.shared import cached

MOST_ONNX_BYTES = 64_000_000
_exporting = threading.Lock()


def code_buttons(design: Design) -> None:
    """The design as a PyTorch file and as an ONNX file, each made when it is asked for."""
    stem = file_stem(cached.table(design).attrs)
    st.download_button(
        "PyTorch",
        partial(cached.code, design),
        f"{stem}.py",
        "text/x-python",
        on_click="ignore",
        icon=":material/code:",
        key="save_code",
        help="A file of its own: torch is all it imports.",
    )
    _onnx(design, stem)


def _onnx(design: Design, stem: str) -> None:
    size = int(cached.totals(design, "float32").weight_bytes)
    large = size > MOST_ONNX_BYTES
    limit = f"of at most {short_bytes(MOST_ONNX_BYTES)} of weights; this design has {short_bytes(size)}"
    st.download_button(
        "ONNX",
        data=partial(_onnx_bytes, design),
        file_name=f"{stem}.onnx",
        mime="application/octet-stream",
        on_click="ignore",
        icon=":material/download:",
        key="save_onnx",
        disabled=large,
        help=f"Here {limit}. On your own machine: multadds onnx {design.network}.yaml --out net.onnx"
        if large
        else f"{short_bytes(size)} of weights drawn as torch draws them: to convert and to time, not to classify with.",
    )


def _onnx_bytes(design: Design) -> bytes:
    """One file at a time: it stands in memory as a whole."""
    from analysis.exchange.onnx_out import onnx_bytes

    with _exporting:
        return onnx_bytes(design, most_bytes=MOST_ONNX_BYTES)
