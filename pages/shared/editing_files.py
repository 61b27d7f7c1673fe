"""The own network as a file: saved, loaded, as code, and the schema that editors and other programs read."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import Any

import streamlit as st

from analysis.networks import Design, Network, parse_network, write_network
from analysis.networks.files.read import FORMATS
from analysis.networks.files.schema import schema_text
from analysis.networks.files.texts import MOST_BYTES, Format
from analysis.networks.values import shortened
from pages.shared import cached, code_files, editing
from pages.shared.frame import as_text

WRITTEN: tuple[Format, ...] = ("yaml", "toml")
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
    with st.expander("Get the code", icon=":material/code:"):
        st.caption("A PyTorch file of its own: torch is all it imports. Running it prints the counts above.")
        with st.container(horizontal=True):
            code_files.code_buttons(design)
        st.code(cached.code(design), language="python", height=420)


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
