"""Tidy frame → plotly figure: one module a chart, one style, one colour a layer kind."""
