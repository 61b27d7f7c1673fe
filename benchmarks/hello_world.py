"""A plain Streamlit app as anyone would write it: a slider, metrics, bar charts and a table from constants.

It is the yardstick, run by ``streamlit run`` with default settings; of multadds it knows the slider's label alone.
"""

import os

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

BARS = 60
METRICS, CHARTS, ROWS = (int(os.environ.get(f"HELLO_{name}", 2)) for name in ("METRICS", "CHARTS", "ROWS"))

st.set_page_config(page_title="Hello world", layout="wide")
scale = st.sidebar.slider("Width multiplier α", 0.25, 1.40, 1.00, 0.01)
st.title("Hello world")

for i, column in enumerate(st.columns(max(METRICS, 1))[:METRICS]):
    column.metric(f"Metric {i + 1}", round((i + 1) * 1000 * scale))

for i in range(CHARTS):
    values = [scale * (1 + (7 * bar + i) % BARS) for bar in range(BARS)]
    figure = go.Figure(go.Bar(x=[f"layer {bar}" for bar in range(BARS)], y=values))
    figure.update_layout(title=f"Chart {i + 1}", xaxis_title="layer", yaxis_title="value")
    st.plotly_chart(figure)

if ROWS:
    names = [f"layer {row}" for row in range(ROWS)]
    st.dataframe(pd.DataFrame({"layer": names, "value": [scale * row for row in range(ROWS)]}))
