"""A figure as one HTML file that needs no network."""

from __future__ import annotations

import html

import plotly.graph_objects as go
import plotly.io as pio


def figure_html(figure: go.Figure, title: str) -> bytes:
    """The figure as a page with plotly's script in it (about 5 MB); the same bytes for the same figure and title."""
    spec = figure.to_dict()
    spec["layout"]["template"] = {}
    page = pio.to_html(
        spec,
        validate=False,
        include_plotlyjs=True,
        include_mathjax=False,
        full_html=True,
        div_id="figure",
        config={"displaylogo": False, "responsive": True},
    )
    return str(page).replace("<head>", f"<head><title>{html.escape(title)}</title>", 1).encode()
