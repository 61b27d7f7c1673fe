"""The own network as a file: saved, loaded, as code, and the schema that editors and other programs read."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import PurePath
from typing import Any

import streamlit as st

from analysis.cost.units import short_bytes
from analysis.exchange.identity import file_stem
from analysis.networks import Design, Network, parse_network, write_network
from analysis.networks.design import shortened
from analysis.networks.files.read import FORMATS
from analysis.networks.files.schema import schema_text
from analysis.networks.files.texts import MOST_BYTES, Format
from pages.shared import cached, editing
from pages.shared.frame import as_text

WRITTEN: tuple[Format, ...] = ("yaml", "toml")
MOST_ONNX_BYTES = 64_000_000
_exporting = threading.Lock()
LOADED, PROBLEM = "network_file", "network_file_problem"


def uploader() -> None:
    """Load a file; of a bad one the sentence is shown, and the rows stay as they are."""
    file = st.file_uploader(
        f"Load a network file: YAML or TOML, at most {MOST_BYTES // 1024} kB",
        type=[extension.removeprefix(".") for extension in FORMATS],
        key=LOADED,
        on_change=_take,
        max_upload_size=1,
        help="Its rows take the place of those in the grid; Undo brings these back. It is read on the server and not "
        "kept there.",
    )
    problem = st.session_state.get(PROBLEM)
    if file is not None and problem is not None:
        st.error(f"{as_text(problem)} The rows are as they were.", icon=":material/error:")


def _take() -> None:
    file: Any = st.session_state[LOADED]
    st.session_state[PROBLEM] = None
    if file is None:
        return
    try:
        editing.begin(_network_of(file), f"load of {shortened(file.name)}")
    except ValueError as error:
        st.session_state[PROBLEM] = str(error)


def _network_of(file: Any) -> Network:
    if file.size > MOST_BYTES:
        raise ValueError(
            f"{shortened(file.name)}: a network file must be at most {MOST_BYTES:,} bytes, got {file.size:,}"
        )
    format = FORMATS.get(PurePath(file.name).suffix.lower(), "yaml")
    return parse_network(file.getvalue(), format=format, file=shortened(file.name))


def code(design: Design) -> None:
    """The design as PyTorch code to copy or save, and as an ONNX file, which is made when it is asked for."""
    stem = file_stem(cached.table(design).attrs)
    with st.expander("Get the code", icon=":material/code:"):
        written = cached.code(design)
        st.caption("A PyTorch file of its own: torch is all it imports. Running it prints the counts above.")
        with st.container(horizontal=True):
            st.download_button(
                "Save the code",
                written,
                f"{stem}.py",
                "text/x-python",
                on_click="ignore",
                icon=":material/download:",
                key="save_code",
            )
            _onnx(design, stem)
        st.code(written, language="python", height=420)


def _onnx(design: Design, stem: str) -> None:
    size = int(cached.totals(design, "float32").weight_bytes)
    large = size > MOST_ONNX_BYTES
    limit = f"of at most {short_bytes(MOST_ONNX_BYTES)} of weights; this design has {short_bytes(size)}"
    st.download_button(
        "Save as ONNX",
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


def downloads(network: Network) -> None:
    """The network as YAML and as TOML, and the schema of both."""
    with st.container(horizontal=True):
        for format in WRITTEN:
            st.download_button(
                f"Save as {format.upper()}",
                data=partial(write_network, network, format=format),
                file_name=f"{network.name}.{format}",
                mime=f"application/{format}",
                on_click="ignore",
                icon=":material/download:",
                key=f"save_{format}",
                help="Every command takes this file in the place of a network's name.",
            )
        st.download_button(
            "JSON Schema",
            data=schema_text,
            file_name="network.schema.json",
            mime="application/schema+json",
            on_click="ignore",
            icon=":material/schema:",
            help="With it an editor completes and checks network files.",
        )
