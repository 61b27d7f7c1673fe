"""The charts of a comparison: valid plotly, the figures as they are, and designs told apart by more than colour."""

import itertools
import json

import plotly.graph_objects as go
import pytest

import analysis
from analysis.comparison.marks import MARKS
from analysis.comparison.profile import DEPTHS, profile
from analysis.cost.quantities import QUANTITIES
from analysis.plots.compare_bars import compare_bars_figure
from analysis.plots.compare_profile import compare_profile_figure

WORDS = ("mobilenet_v1", "mobilenet_v2@alpha=0.6,resolution=208", "mobilenet_v3_large", "googlenet")


@pytest.fixture(scope="module")
def compared():
    return analysis.compare(*WORDS)


@pytest.fixture(scope="module")
def tables(compared):
    return [analysis.layer_table(entry.subject) for entry in compared.entries]


def valid(figure):
    checked, sent = (json.loads(one.to_json()) for one in (go.Figure(figure.to_dict()), figure))
    assert checked["data"] == sent["data"]
    assert checked["layout"] | {"template": None} == sent["layout"] | {"template": None}


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("cumulative", [False, True])
def test_profiles_are_valid_and_end_at_the_totals(compared, tables, depth, cumulative):
    for quantity, axis in QUANTITIES.items():
        figure = compare_profile_figure(compared.entries, tables, depth=depth, quantity=quantity, cumulative=cumulative)
        valid(figure)
        for trace, table in zip(figure.data, tables, strict=True):
            whole = table[axis.column].sum() / axis.unit
            if len(trace.y):
                assert (trace.y[-1] if cumulative else sum(trace.y)) == pytest.approx(whole, rel=1e-12)


def test_a_network_without_rows_has_no_receptive_field_to_stand_over(tables):
    assert len(profile(tables[3], "field", "Mult-Adds")[0]) == 0


@pytest.mark.parametrize("depth", DEPTHS)
def test_depth_never_goes_back(tables, depth):
    for table in tables:
        x, _ = profile(table, depth, "Mult-Adds")
        assert all(later >= earlier for earlier, later in itertools.pairwise(x))


def test_shares_of_depth_end_at_all_of_it(tables):
    assert [profile(table, "share", "Parameters")[0][-1] for table in tables] == [100] * 4


def test_bars_are_valid_begin_at_zero_and_are_the_totals(compared):
    figure = compare_bars_figure(compared)
    valid(figure)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert [bar.x[0] for bar in bars[:4]] == [entry.totals.mult_adds for entry in compared.entries]
    assert all(figure.layout[axis].range[0] == 0 for axis in figure.layout if axis.startswith("xaxis"))
    assert all(figure.layout[f"xaxis{bar.xaxis[1:]}"].range[1] > bar.x[0] for bar in bars)


def test_a_predicted_top1_shows_its_interval(compared):
    whisker = next(trace for trace in compare_bars_figure(compared).data if trace.type == "scatter")
    assert whisker.x == compared.at("B").interval
    assert whisker.text[1].strip().endswith("predicted")


def test_panels_do_not_overlap(compared):
    layout = compare_bars_figure(compared).layout
    domains = sorted(layout[axis].domain for axis in layout if axis.startswith("yaxis"))
    assert len(domains) == 5
    assert all(low[1] < high[0] for low, high in itertools.pairwise(domains))


def test_designs_differ_in_letter_colour_line_and_fill():
    for name in ("letter", "colour", "dash", "dashes", "pattern"):
        assert len({getattr(mark, name) for mark in MARKS}) == 6, name
