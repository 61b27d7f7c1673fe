"""Import: an ONNX file counted node by node, for this browser tab alone."""

import pandas as pd
import streamlit as st

from analysis.cost.counted.counted import Counted
from analysis.cost.units import caption
from pages.shared import importing
from pages.shared.frame import Page, as_text, page, plain
from pages.shared.headline import headline


def introduction() -> None:
    st.markdown("## Import a network")
    st.markdown(
        "An ONNX file is the way in from PyTorch, Keras and TensorFlow alike. Its graph is read, its weights are not: "
        "nothing in it is run, and nothing of it is stored or put in a link."
    )


def figures(here: Page, counted: Counted) -> None:
    st.markdown(f"### {as_text(counted.label)}")
    st.caption(caption(counted))
    headline(counted, here.view.format)
    with st.container(horizontal=True):
        st.page_link("app.py", label="Explore it", icon=":material/tune:")
        st.page_link("pages/layer_costs.py", label="Every layer, downloads", icon=":material/table_rows:")
        st.page_link("pages/trade_off.py", label="On the trade-off", icon=":material/show_chart:")


def left_out(counted: Counted) -> None:
    st.markdown("#### What was not counted")
    if counted.unknown:
        names = ", ".join(map(as_text, counted.unknown))
        st.warning(f"Operators that nothing here has a count for: {names}.", icon=":material/help:")
    calls = pd.DataFrame({"operation": list(counted.not_counted), "calls": list(counted.not_counted.values())})
    if len(calls):
        st.dataframe(calls, hide_index=True, column_config={"operation": "Operation", "calls": "Calls"})
    st.caption(
        f"Mult-Adds are convolutions and matrix products. All else is at most {counted.not_counted_elements:,} "
        f"operations, {counted.not_counted_share:.2%} of them."
    )
    for note in counted.notes:
        st.caption(plain(note))


def empty() -> None:
    st.info(
        "No file yet. From PyTorch, `torch.onnx.export(model.eval(), (x,), 'net.onnx')`; from Keras, `tf2onnx` or "
        "`keras.Model.export(format='onnx')`. Then every page shows it as any other network, without sliders. A "
        "PyTorch module needs no file on your own machine: `multadds table package.module:make --input 1x3x224x224`.",
        icon=":material/upload_file:",
    )


with page("Import") as here:
    introduction()
    importing.uploader()
    importing.sizes_form()
    if here.view.imported is None:
        empty()
    else:
        figures(here, here.view.imported)
        left_out(here.view.imported)
