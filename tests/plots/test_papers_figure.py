"""The chart of the verdicts: every cell counted once, and valid for plotly."""

import plotly.graph_objects as go

from analysis.papers import VERDICTS, chosen_cells
from analysis.plots.papers_verdicts import verdicts_figure


def test_every_cell_is_counted_in_its_table():
    cells = chosen_cells(paper="v1")
    figure = verdicts_figure(cells)
    assert [trace.name[2:] for trace in figure.data] == list(VERDICTS)
    for trace, verdict in zip(figure.data, VERDICTS, strict=True):
        counts = dict(zip(trace.x, trace.y, strict=True))
        for table in range(1, 15):
            assert counts[f"V1<br>{table}"] == len(chosen_cells(paper="v1", table=table, verdict=verdict))


def test_a_verdict_is_told_by_sign_and_pattern_too():
    figure = verdicts_figure(chosen_cells())
    assert len({trace.name[0] for trace in figure.data}) == 3
    assert len({trace.marker.pattern.shape for trace in figure.data}) == 3


def test_plotly_finds_it_valid():
    go.Figure(verdicts_figure(chosen_cells()).to_dict())
