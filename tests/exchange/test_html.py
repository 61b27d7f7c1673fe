import re

import plotly.graph_objects as go

from analysis.exchange.html import figure_html


def page():
    return figure_html(go.Figure(go.Bar(x=["conv1"], y=[10_838_016])), "Layers <of> MobileNetV2")


def test_a_figure_is_one_file_that_fetches_nothing():
    text = page().decode("utf-8")
    assert len(text) > 1_000_000
    assert not re.search(r"<(script|link|img)\b[^>]*\b(src|href)=", text)
    assert "10838016" in text


def test_the_title_is_text():
    assert "<title>Layers &lt;of&gt; MobileNetV2</title>" in page().decode("utf-8")


def test_the_same_figure_gives_the_same_bytes():
    assert page() == page()
