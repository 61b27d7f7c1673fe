"""The chart of what fits: its region, its marks and what plotly makes of it."""

import plotly.graph_objects as go
import pytest

import analysis
from analysis.plots.search import search_figure
from analysis.tradeoff.search.answer import checkpoint_points

ASKED = {
    "predicted": ("mobilenet_v2", {"max_mult_adds": "100M", "max_peak_memory": "2 MB"}),
    "weights bind": ("mobilenet_v1", {"max_weight_size": "5MB", "max_peak_memory": "4MB"}),
    "not predicted": ("mobilenet_v3_small", {"max_mult_adds": "40M"}),
    "predicted, ranked otherwise": ("mobilenet_v2", {"max_params": "3M", "objective": "most_mult_adds"}),
    "no budget": ("mobilenet_v1", {}),
    "one design": ("mobilenet_v2", {"min_alpha": 0.5, "max_alpha": 0.5, "t": 6, "max_resolution": 32}),
}


@pytest.fixture(params=ASKED)
def drawn(request):
    network, options = ASKED[request.param]
    found = analysis.search(network, **options)
    here = analysis.totals(network)
    values = {name: here[name] for name in ("mult_adds", "params", "weight_bytes", "peak_activation_bytes")}
    return found, search_figure(found, ("here", values), checkpoint_points(found.question))


def named(figure, start):
    return [trace for trace in figure.data if trace.name.startswith(start)]


def test_plotly_takes_the_chart(drawn):
    assert len(go.Figure(drawn[1].to_dict()).data) >= 3


def test_every_mark_is_within_the_axes(drawn):
    figure = drawn[1]
    for axis, values in (("xaxis", "x"), ("yaxis", "y")):
        low, high = figure.layout[axis].range
        if figure.layout[axis].type == "log":
            low, high = 10**low, 10**high
        assert all(low * 0.999 <= value <= high * 1.001 for trace in figure.data for value in trace[values])


def test_the_region_ends_within_its_budget(drawn):
    found, figure = drawn
    budget = named(figure, ("Peak memory budget", "Parameters budget", "Weight size budget"))
    assert len(budget) == (found.front_cost in dict(found.question.limits))
    for line in budget:
        assert max(named(figure, "Front")[0].x) <= line.x[0]


def test_the_best_and_all_checkpoints_are_marked(drawn):
    found, figure = drawn
    best = found.results[0]
    marks = named(figure, "Best: ")
    assert len(marks) == (found.front_value == "mult_adds" or best.prediction is not None)
    assert sum(len(trace.x) for trace in named(figure, "Checkpoints")) == len(checkpoint_points(found.question))
    assert len(named(figure, "You are here")) == 1
