"""A visitor's ONNX file: read in a bounded process, kept for the session alone, with the sizes it leaves open asked."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from analysis.cost.counted.counted import Counted
from analysis.imports.onnx import SizesWanted, read_onnx_limited
from pages.shared.controls import set_view
from pages.shared.frame import as_text
from pages.shared.state import View

MOST_MEGABYTES = 32
"""A larger file is asked to leave its weights out: shapes are enough."""

MOST_AT_ONCE = 2
WAIT_SECONDS = 30.0
LONGEST_NAME = 60
MOST_OPEN_SIDE = 65_536

ASKED = "import_asked"
"""Where the session keeps a file whose sizes are still to be given."""

_places = threading.BoundedSemaphore(MOST_AT_ONCE)


@dataclass(frozen=True)
class Asked:
    """A file that leaves sizes open: its content, the names of the sizes, and its inputs' shapes as text."""

    name: str
    content: bytes
    names: tuple[str, ...]
    inputs: tuple[tuple[str, str], ...]


def uploader() -> None:
    """The upload; what is wrong with a file is said, and what was shown before stays."""
    key = f"onnx_{st.session_state.get('imports', 0)}"
    st.file_uploader(
        f"ONNX file of at most {MOST_MEGABYTES} MB",
        type=["onnx"],
        key=key,
        on_change=_take,
        args=(key,),
        max_upload_size=MOST_MEGABYTES,
        help="A larger model: save its weights as external data and upload the small .onnx file alone.",
    )
    problem = st.session_state.get("import_problem")
    if problem:
        st.error(as_text(problem), icon=":material/error:")


def sizes_form() -> None:
    """The sizes that the file leaves open, to be given."""
    asked: Asked | None = st.session_state.get(ASKED)
    if asked is None:
        return
    with st.form("sizes"):
        st.markdown(f"**{as_text(asked.name)} leaves sizes open.** Its inputs:")
        for name, shape in asked.inputs:
            st.markdown(f"- {as_text(name)}: {as_text(shape)}")
        for number, name in enumerate(asked.names):
            st.number_input(name[:LONGEST_NAME], 1, MOST_OPEN_SIDE, 224, key=f"size_{number}")
        st.form_submit_button("Count", on_click=_count_asked, icon=":material/calculate:")


def _take(key: str) -> None:
    state: Any = st.session_state
    file = state[key]
    if file is None:
        return
    state["imports"] = state.get("imports", 0) + 1  # a new field: the browser's copy is let go
    _read(_safe_name(file.name), file.getvalue(), {})


def _count_asked() -> None:
    state: Any = st.session_state
    asked: Asked = state[ASKED]
    _read(asked.name, asked.content, {name: int(state[f"size_{number}"]) for number, name in enumerate(asked.names)})


def _read(name: str, content: bytes, sizes: dict[str, int]) -> None:
    state: Any = st.session_state
    state["import_problem"] = None
    if not _places.acquire(timeout=WAIT_SECONDS):
        state["import_problem"] = "other files are being read; try again in a moment"
        return
    try:
        counted = read_onnx_limited(content, name=name, sizes=sizes)
    except SizesWanted as wanted:
        state[ASKED] = Asked(name, content, wanted.names, tuple(wanted.inputs.items()))
        return
    except ValueError as error:
        state["import_problem"] = str(error)
        return
    finally:
        _places.release()
    state.pop(ASKED, None)
    show(counted)


def show(counted: Counted) -> None:
    """Make an imported network the current one."""
    view: View = st.session_state["view"]
    set_view(replace(view, imported=counted).showing(counted))


def _safe_name(name: str) -> str:
    """A file's name that fits a link, a command line and a file name."""
    stem = re.sub(r"[^\w.-]", "_", name.rpartition("/")[2])[-LONGEST_NAME:]
    return stem if stem.endswith(".onnx") else f"{stem}.onnx"
