"""Every chart of layers is valid plotly, holds the table's numbers, and gives a kind the same colour everywhere."""

import json

import plotly.graph_objects as go
import pytest

import analysis
from analysis.cost.quantities import QUANTITIES
from analysis.networks import CATALOGUE, KINDS, TRUNCATED, Network
from analysis.networks.branches import SqueezeExcite
from analysis.networks.rows import BottleneckResidual, Conv, Dropout, Head
from analysis.plots.diagram import diagram_figure
from analysis.plots.kinds import kinds_figure
from analysis.plots.layers import layers_figure
from analysis.plots.style import HERE, KIND_COLOURS, NETWORK_COLOURS, NETWORK_SYMBOLS
from analysis.plots.tree import tree_figure

RESIDUAL = analysis.make_design(
    Network(
        name="residual",
        label="Residual",
        source="",
        rounding=TRUNCATED,
        rows=(Conv(16, s=2), BottleneckResidual(32, n=2, se=SqueezeExcite()), Dropout(0.2), Head(5)),
    )
)
DESIGNS = [
    RESIDUAL,
    analysis.make_design("mobilenet_v2"),
    analysis.make_design("mobilenet_v2", alpha=0.25, resolution=32, t=1),
    analysis.make_design("mobilenet_v2", alpha=1.4, resolution="60x120", t=10, in_channels=1, classes=7),
    *(analysis.make_design(name, alpha=0.37) for name in ("mobilenet_v1", "mobilenet_v1_full_conv", "mnasnet_a1")),
    analysis.make_design("mobilenet_v3_large"),
    analysis.make_design("mobilenet_v3_small", alpha=0.25, resolution=32),
]


def figures(design):
    table = analysis.layer_table(design)
    baseline = analysis.layer_table("mobilenet_v2", alpha=0.5)
    return {
        "diagram": diagram_figure(table, design.shortcuts()),
        **{name: layers_figure(table, name, baseline) for name in QUANTITIES},
        "kinds": kinds_figure(table, "Mult-Adds"),
        "tree": tree_figure(table, design.entry.label),
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
    for name, figure in figures(analysis.make_design("mobilenet_v2")).items():
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


def layer_at(figure: go.Figure) -> dict[float, str]:
    """The layer of the box at each place."""
    hovers = (
        hover for trace in figure.data if trace.type == "bar" for hover in zip(trace.x, trace.hovertext, strict=True)
    )
    return {x: text.removeprefix("<b>").partition("</b>")[0] for x, text in hovers}


@pytest.mark.parametrize("network", ["mobilenet_v3_large", "mobilenet_v3_small", "mnasnet_a1"])
def test_a_branch_is_a_mark_under_the_layer_it_scales_and_no_box(network: str):
    table = analysis.layer_table(network)
    branch = table["layer"].str.contains(".se.", regex=False)
    figure = diagram_figure(table, analysis.make_design(network).shortcuts())
    boxes = layer_at(figure)
    (marks,) = (trace for trace in figure.data if trace.name == "Squeeze-excite")
    assert len(boxes) == (~branch).sum()
    assert len(marks.x) == table[branch]["block"].nunique()
    for x, text in zip(marks.x, marks.hovertext, strict=True):
        block = boxes[x].removesuffix(".dw")
        costs = table[branch & (table["block"] == block)][["mult_adds", "params"]].sum()
        assert text.startswith(f"<b>{block}.se</b>")
        assert f"{costs['mult_adds']:,} Mult-Adds" in text
        assert f"{costs['params']:,} parameters" in text


def test_arcs_stand_over_the_boxes_they_join():
    design = analysis.make_design("mobilenet_v3_small")
    figure = diagram_figure(analysis.layer_table(design), design.shortcuts())
    boxes = layer_at(figure)
    (arcs,) = (trace for trace in figure.data if trace.name == "Shortcut")
    ends = [boxes[x] for x in arcs.x if x is not None]
    assert list(zip(ends[::4], ends[3::4], strict=True)) == design.shortcuts()


def test_a_convolution_on_a_shortcut_is_a_mark_on_its_arc_and_no_box():
    table = analysis.layer_table(RESIDUAL)
    figure = diagram_figure(table, RESIDUAL.shortcuts())
    boxes, beside = layer_at(figure), table["layer"].str.contains(r"\.shortcut|\.se\.")
    assert RESIDUAL.shortcuts() == [(f"residual2_{n}.reduce", f"residual2_{n}.expand") for n in (1, 2)]
    assert set(boxes.values()) == set(table["layer"][~beside])
    (marks,) = (trace for trace in figure.data if trace.name == "Convolution on a shortcut")
    (arcs,) = (trace for trace in figure.data if trace.name == "Shortcut")
    assert (marks.x[0], marks.y[0]) == ((arcs.x[0] + arcs.x[3]) / 2, arcs.y[1])
    assert [text.partition("</b>")[0] for text in marks.hovertext] == ["<b>residual2_1.shortcut"]
    (branches,) = (trace for trace in figure.data if trace.name == "Squeeze-excite")
    assert [boxes[x] for x in branches.x] == ["residual2_1.conv", "residual2_2.conv"]


def test_every_network_has_a_colour_and_a_symbol_of_its_own():
    assert set(NETWORK_COLOURS) == set(NETWORK_SYMBOLS) == set(CATALOGUE)
    assert len(set(NETWORK_COLOURS.values()) - {HERE}) == len(set(NETWORK_SYMBOLS.values())) == len(CATALOGUE)
