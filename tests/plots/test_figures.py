"""Every chart is valid plotly, holds the table's numbers, and gives a kind the same colour everywhere."""

import json

import plotly.graph_objects as go
import pytest

import analysis
from analysis.networks import KINDS
from analysis.plots.diagram import diagram_figure
from analysis.plots.kinds import kinds_figure
from analysis.plots.layers import QUANTITIES, layers_figure
from analysis.plots.style import KIND_COLOURS
from analysis.plots.tradeoff import Place, tradeoff_figure
from analysis.plots.tree import tree_figure
from analysis.tradeoff.fit import fits
from analysis.tradeoff.published import checkpoints_of

DESIGNS = [
    analysis.make_design("mobilenet_v2"),
    analysis.make_design("mobilenet_v2", alpha=0.25, resolution=32, t=1),
    analysis.make_design("mobilenet_v2", alpha=1.4, resolution="60x120", t=10, in_channels=1, classes=7),
    *(analysis.make_design(name, alpha=0.37) for name in ("mobilenet_v1", "mobilenet_v1_full_conv")),
]


def figures(design):
    table, points = analysis.layer_table(design), checkpoints_of("2018")
    baseline = analysis.layer_table("mobilenet_v2", alpha=0.5)
    here, pinned = Place("here", 123_456_789, 70.0, "how"), Place("pinned", 9_000_000, None, "why not")
    return {
        "diagram": diagram_figure(table, design.shortcuts()),
        **{name: layers_figure(table, name, baseline) for name in QUANTITIES},
        "kinds": kinds_figure(table, "Mult-Adds"),
        "tree": tree_figure(table, design.entry.label),
        "tradeoff": tradeoff_figure(points, fits(points), here, pinned),
    }


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.label)
def test_every_chart_passes_plotly_s_own_validation(design):
    for name, figure in figures(design).items():
        checked, sent = (json.loads(one.to_json()) for one in (go.Figure(figure.to_dict()), figure))
        assert checked["data"] == sent["data"], name
        assert checked["layout"] | {"template": None} == sent["layout"] | {"template": None}, name


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.label)
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_the_bars_are_the_table(design, quantity):
    table, axis = analysis.layer_table(design), QUANTITIES[quantity]
    bars = {x: y for trace in layers_figure(table, quantity).data for x, y in zip(trace.x, trace.y, strict=True)}
    assert [bars[number + 1] for number in range(len(table))] == (table[axis.column] / axis.unit).tolist()


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.label)
def test_the_areas_of_the_tree_add_up(design):
    tree = tree_figure(analysis.layer_table(design), "network").data[0]
    inside = dict.fromkeys(tree.ids, 0)
    for parent, value in zip(tree.parents, tree.values, strict=True):
        if parent:
            inside[parent] += value
    value_of = dict(zip(tree.ids, tree.values, strict=True))
    assert all(value_of[name] == total for name, total in inside.items() if total)
    assert value_of["network"] == analysis.totals(design).mult_adds


def test_a_kind_has_one_colour_in_every_chart():
    label_kind = {label: kind for kind, label in KINDS.items()}
    for name, figure in figures(DESIGNS[0]).items():
        for trace in figure.data:
            if trace.type == "bar":
                assert trace.marker.color == KIND_COLOURS[label_kind[trace.name]], name


def test_a_hover_holds_the_formula_with_numbers():
    first = layers_figure(analysis.layer_table("mobilenet_v2"), "Mult-Adds").data[0]
    assert "3·3·3·32·112·112 = 10,838,016" in first.hovertext[0]
    assert "3×224×224 → 32×112×112" in first.hovertext[0]


def test_boxes_are_scaled_to_the_maps():
    table = analysis.layer_table("mobilenet_v1")
    boxes = {
        x: (y, width, base)
        for trace in diagram_figure(table, []).data
        if trace.type == "bar"
        for x, y, width, base in zip(trace.x, trace.y, trace.width, trace.base, strict=True)
    }
    in_order = [boxes[x] for x in sorted(boxes)]
    assert [height for height, _, _ in in_order] == table["out_height"].tolist()
    assert [round(width**2) for _, width, _ in in_order] == table["out_channels"].tolist()
    assert all(base == -height / 2 for height, _, base in in_order)


def test_the_design_is_marked_at_its_mult_adds():
    points = checkpoints_of("2018")
    marked = tradeoff_figure(points, fits(points), Place("mine", 123_456_789, 70.0, "how")).data[-1]
    assert set(marked.x) == {123.456789}
    assert 70.0 in marked.y
