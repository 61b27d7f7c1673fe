"""The heat map holds the surface's integers, its lines follow the steps, and marks stand where designs are."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.colors import unlabel_rgb

import analysis
from analysis.networks import CATALOGUE
from analysis.networks.ranges import sides
from analysis.plots.cut import cut_figure
from analysis.plots.isolines import edges, iso_path
from analysis.plots.scales import exactly, law_text, position_text, round_text, ticks, written
from analysis.plots.surface import surface_figure
from analysis.tradeoff.surfaces.exponents import cut, published_positions
from analysis.tradeoff.surfaces.surface import AXES, COSTS, PAIRS, cost_surface, pairs_of

V2 = analysis.make_design("mobilenet_v2")
OBLONG = analysis.make_design("mobilenet_v2", alpha=0.333, resolution="45x90", t=1, classes=7, in_channels=1)
LARGEST = analysis.make_design("mobilenet_v1_full_conv", alpha=1.4, resolution=1463, classes=1_000_000)
CASES = {
    **{f"{pair} {cost}": (V2, pair, cost, (224, 224)) for pair in PAIRS for cost in COSTS},
    **{f"oblong {pair}": (OBLONG, pair, "peak_activation_bytes", (60, 120)) for pair in PAIRS},
    "largest": (LARGEST, "alpha-rho", "mult_adds", (1024, 1024)),
    **{name: (analysis.make_design(name), "alpha-rho", "weight_bytes", own.base) for name, own in CATALOGUE.items()},
}


def drawn(design, pair, cost, base, pinned=None):
    surface = cost_surface(design, pair, cost=cost, base=base)
    return surface, surface_figure(surface, design, analysis.totals(design)[cost], pinned)


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def assert_valid(figure):
    checked, sent = (json.loads(one.to_json()) for one in (go.Figure(figure.to_dict()), figure))
    assert checked["data"] == sent["data"]
    assert checked["layout"] | {"template": None} == sent["layout"] | {"template": None}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_surface_passes_plotly_s_own_validation_and_is_light(case):
    _, figure = drawn(*case)
    assert_valid(figure)
    assert sum(map(len, figure.data[0].z)) <= 12_000
    assert len(figure.to_json()) < 400_000


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize(("design", "base"), [(V2, (224, 224)), (OBLONG, (60, 120))], ids=["square", "oblong"])
def test_every_cut_passes_plotly_s_own_validation(design, base, axis, cost):
    line = cut(design, axis, cost=cost, base=base)
    assert_valid(cut_figure(line, axis, design, cost=cost, base=base, spots=published_positions(design, axis)))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_cell_is_the_cost_of_the_design_its_hover_names(case):
    surface, figure = drawn(*case)
    cells = figure.data[0]
    names = [
        dict(zip(axis.tickvals, axis.ticktext, strict=True)) for axis in (figure.layout.xaxis2, figure.layout.yaxis2)
    ]
    columns, rows = (
        {position_text(axis, spot, surface.base): number for number, spot in enumerate(spots)}
        for axis, spots in zip(surface.axes, (surface.x, surface.y), strict=True)
    )
    column = [columns[names[0][x].partition("<br>")[0]] for x in cells.x]
    row = [rows[names[1][y].partition("<br>")[0]] for y in cells.y]
    expected = surface.values[np.ix_(row, column)]
    assert np.array(cells.z).tolist() == expected.tolist()
    own = analysis.totals(case[0])[case[2]]
    assert np.allclose(np.array(cells.text), expected / own, rtol=6e-3)


def colour(scale, at):
    """Red, green and blue at a place of a scale, as plotly interpolates them."""
    stops, colours = zip(*scale, strict=True)
    channels = zip(*map(unlabel_rgb, colours), strict=True)
    return np.array([np.interp(at, stops, channel) for channel in channels])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_colour_of_a_round_cost_is_the_same_in_the_cells_and_on_the_bar(case):
    figure = drawn(*case)[1]
    cells, bar = figure.data[0], figure.data[1].marker
    for level in bar.colorbar.tickvals:
        cell = colour(cells.colorscale, (10**level - cells.zmin) / (cells.zmax - cells.zmin))
        assert np.abs(cell - colour(bar.colorscale, (level - bar.cmin) / (bar.cmax - bar.cmin))).max() < 6


def test_a_group_of_pixels_shows_its_highest_and_covers_them():
    _, figure = drawn(V2, "alpha-rho", "mult_adds", (224, 224))
    y, name = figure.layout.yaxis2.tickvals, figure.layout.yaxis2.ticktext
    assert (y[0], name[0], name[-1]) == (30.5, "ρ 0.143 (32 px)", "ρ 1.429 (320 px)")
    assert set(np.diff(y)) == {4}


def test_every_height_is_a_row_where_they_are_few():
    _, figure = drawn(OBLONG, "alpha-rho", "mult_adds", (60, 120))
    assert list(figure.data[0].y) == list(sides(60, 120))


def test_the_hover_names_the_channels():
    _, figure = drawn(V2, "alpha-t", "mult_adds", (224, 224))
    names = dict(zip(figure.layout.xaxis2.tickvals, figure.layout.xaxis2.ticktext, strict=True))
    assert names[0.5] == "α 0.50<br>channels 16, 8, 16, 32, 48, 80, 160, 1280"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_line_runs_between_what_is_within_its_cost_and_what_is_not(case):
    design, pair, cost, base = case
    surface = cost_surface(design, pair, cost=cost, base=base)
    level = int(np.quantile(surface.values, 0.4))
    path = list(zip(*iso_path(surface, level), strict=True))
    x_edge, y_edge = edges(surface.x), edges(surface.y)
    flat = 0
    for (a, b), (c, d) in pairwise(path):
        if a is None or c is None or a == c:
            continue
        row = y_edge.index(b)
        columns = slice(x_edge.index(a), x_edge.index(c))
        assert b == d
        assert (surface.values[row - 1, columns] <= level).all()
        assert (surface.values[row, columns] > level).all()
        flat += columns.stop - columns.start
    counts = surface.within(level)
    assert flat == ((counts > 0) & (counts < len(surface.y))).sum()


def test_the_red_line_touches_the_design():
    surface, figure = drawn(V2, "alpha-rho", "mult_adds", (224, 224))
    line = traces(figure)["Same cost as this design: 300.8 M Mult-Adds"]
    heights = [y for x, y in zip(line.x, line.y, strict=True) if x is not None and x <= 1.0]
    assert min(heights) == 224.5
    assert surface.within(300_774_272)[surface.x.index(1.0)] == surface.y.index(224) + 1


def test_every_round_line_has_its_label():
    surface, figure = drawn(V2, "alpha-rho", "mult_adds", (224, 224))
    texts = [label.text for label in figure.layout.annotations]
    assert texts == ["5 M", "10 M", "20 M", "50 M", "100 M", "200 M", "500 M", "1 G"]
    for label in figure.layout.annotations:
        assert surface.x[0] - 0.01 < label.x < surface.x[-1] + 0.01
        assert surface.y[0] - 1 < label.y < surface.y[-1] + 1


def test_a_label_at_the_frame_runs_inwards():
    _, figure = drawn(V2.with_(alpha=0.35), "rho-t", "mult_adds", (224, 224))
    anchors = {label.text: (label.xanchor, label.yanchor) for label in figure.layout.annotations}
    assert (anchors["2 M"], anchors["20 M"]) == (("left", "bottom"), ("center", "middle"))


def test_the_design_and_the_baseline_are_marked_where_they_are():
    here, pinned = analysis.make_design("mobilenet_v2", alpha=0.5, resolution=160), V2
    _, figure = drawn(here, "alpha-rho", "mult_adds", (224, 224), pinned)
    marks = traces(figure)
    assert [marks["You are here: 0.50 MobileNetV2-160"][axis][0] for axis in "xy"] == [0.5, 160]
    assert [marks["Pinned: 1.0 MobileNetV2-224"][axis][0] for axis in "xy"] == [1.0, 224]


def test_a_baseline_that_is_the_design_is_marked_once():
    stars = [trace.name for trace in drawn(V2, "alpha-rho", "mult_adds", (224, 224), V2.with_())[1].data if trace.name]
    assert stars[-1] == "You are here: 1.0 MobileNetV2-224"
    assert not any(name.startswith("Pinned") for name in stars)


def test_a_baseline_off_the_surface_is_not_marked():
    names = traces(drawn(V2, "alpha-rho", "mult_adds", (224, 224), analysis.make_design("mobilenet_v1"))[1])
    assert not any(name.startswith("Pinned") for name in names if name)


# network, axes: the network's released designs with the held value of 1.0 at 224 px
PUBLISHED = {
    ("mobilenet_v2", "alpha-rho"): 22,
    ("mobilenet_v2", "alpha-t"): 6,
    ("mobilenet_v2", "rho-t"): 5,
    ("mobilenet_v1", "alpha-rho"): 16,
}


@pytest.mark.parametrize(("network", "pair"), PUBLISHED)
def test_published_designs_on_the_surface_are_marked(network, pair):
    design = analysis.make_design(network)
    marks = traces(drawn(design, pair, "mult_adds", (224, 224))[1])["Published designs"]
    assert len(marks.x) == PUBLISHED[network, pair]


def test_no_published_design_lies_at_another_t():
    design = analysis.make_design("mobilenet_v2", t=5)
    assert len(traces(drawn(design, "alpha-rho", "mult_adds", (224, 224))[1])["Published designs"].x) == 0


def test_a_cut_is_the_totals_and_its_law_passes_through_the_design():
    figure = cut_figure(cut(V2, "rho"), "rho", V2, cost="mult_adds")
    stairs, law = figure.data[:2]
    at = dict(zip(stairs.x, stairs.y, strict=True))
    assert (at[193], at[224]) == (analysis.totals(V2.with_(height=193, width=193)).mult_adds, 300_774_272)
    expected = {
        32: 300_774_272 / 49,
        224: 300_774_272,
        320: 300_774_272 * (10 / 7) ** 2,
    }
    assert dict(zip(law.x, law.y, strict=True)) == pytest.approx(expected)
    assert stairs.hovertext[list(stairs.x).index(193)].endswith(
        "<b>259,331,264 Mult-Adds</b><br>-13.8 % against this design"
    )


def test_texts_have_their_units():
    assert position_text("rho", 192) == "ρ 0.857 (192 px)"
    assert position_text("rho", 45, (60, 120)) == "ρ 0.750 (45×90 px)"
    assert [position_text("alpha", 0.5), position_text("alpha", 0.333), position_text("t", 6.5)] == [
        "α 0.50",
        "α 0.333",
        "t 6.5",
    ]
    assert [exactly("params", 3_504_872), written("weight_bytes", 14_019_488)] == ["3,504,872 parameters", "14.02 MB"]
    assert [round_text("mult_adds", 2 * 10**9), round_text("weight_bytes", 1_500_000), round_text("params", 500)] == [
        *("2 G", "1.5 MB", "500"),
    ]
    assert law_text("mult_adds", AXES) == "α²ρ²t¹"
    assert law_text("params", pairs_of(CATALOGUE["mobilenet_v1"])[0].split("-")) == "α²"


@pytest.mark.parametrize("side", [32, 60, 224, 300, 1024])
def test_ticks_are_few_and_name_the_multiplier(side):
    shown = ticks("rho", (side, side))
    assert 3 <= len(shown["tickvals"]) <= 11
    for value, text in zip(shown["tickvals"], shown["ticktext"], strict=True):
        assert text == f"{value}<br>ρ {value / side:.2f}"
