"""The lesson's charts: what is drawn is to scale, exact, and valid for plotly."""

import json
import re
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from analysis.lessons.grouped import group_choices
from analysis.lessons.messages import translate
from analysis.lessons.multipliers import stages
from analysis.lessons.parameters import parameters
from analysis.lessons.separable import reductions, separable
from analysis.lessons.sizes import TABLE_3, WORKED, Sizes, presets
from analysis.plots.lesson_boxes import HERE, boxes_figure, separable_parts, standard_parts
from analysis.plots.lesson_groups import groups_figure
from analysis.plots.lesson_parameters import parameters_figure
from analysis.plots.lesson_ratio import ratio_figure
from analysis.plots.lesson_stages import stages_figure

ODD = Sizes(11, 1, 2048, 1, 4, 0.1, 1.5)
LAYERS = [*presets().values(), ODD, Sizes(1, 2048, 1, 224), Sizes(11, 2048, 2048, 224)]


def ratio_of(sizes):
    return ratio_figure(reductions(sorted({3, 5, 7, sizes.kernel})), (sizes.out_channels, separable(sizes).times_less))


DRAWN = {
    "standard": lambda sizes: boxes_figure(standard_parts(sizes)),
    "separable": lambda sizes: boxes_figure(separable_parts(sizes)),
    "ratio": ratio_of,
    "stages": lambda sizes: stages_figure(stages(sizes)),
    "parameters": lambda sizes: parameters_figure(parameters(sizes)),
    "groups": lambda sizes: groups_figure(sizes.in_channels, sizes.out_channels, group_choices(sizes)[-1]),
}


@pytest.mark.parametrize("sizes", LAYERS, ids=str)
@pytest.mark.parametrize("name", DRAWN)
def test_plotly_takes_every_chart(name, sizes):
    figure = DRAWN[name](sizes)
    checked, sent = (json.loads(one.to_json()) for one in (go.Figure(figure.to_dict()), figure))
    assert checked["data"] == sent["data"]
    assert checked["layout"] | {"template": None} == sent["layout"] | {"template": None}
    assert len(figure.to_json()) < 150_000


def fronts(figure):
    """(width, height) of the front face of each box, by hover text; the red marks are apart."""
    faces = [trace for trace in figure.data if trace.fill == "toself"][::3]
    boxes = [(face.text, max(face.x) - min(face.x), max(face.y) - min(face.y), face.line.color) for face in faces]
    whole = {text: (wide, high) for text, wide, high, colour in boxes if colour != HERE}
    return whole, [(wide, high) for _, wide, high, colour in boxes if colour == HERE]


@pytest.mark.parametrize("sizes", [TABLE_3, WORKED, Sizes(5, 64, 192, 28, 2)], ids=str)
def test_boxes_are_to_scale(sizes):
    whole, marks = fronts(boxes_figure(standard_parts(sizes)))
    (in_wide, in_high), (filter_wide, filter_high), (out_wide, out_high) = whole.values()
    assert in_high / filter_high == pytest.approx(sizes.map / sizes.kernel)
    assert in_high / out_high == pytest.approx(sizes.map / sizes.out_map)
    assert in_wide == pytest.approx(filter_wide)
    assert in_wide / out_wide == pytest.approx(sizes.in_channels / sizes.out_channels)
    assert marks[0] == pytest.approx((filter_wide, filter_high))  # what one filter reads
    assert marks[1] == pytest.approx((out_wide / sizes.out_channels, out_high / sizes.out_map))  # one value


def test_a_depthwise_filter_is_one_channel_deep_and_a_pointwise_one_wide():
    whole, marks = fronts(boxes_figure(separable_parts(TABLE_3)))
    sizes = {text.partition("<b>")[2].partition("</b>")[0]: box for text, box in whole.items()}
    assert sizes["Depthwise filters"][0] * 512 == pytest.approx(sizes["Input"][0])
    assert sizes["Pointwise filters"][0] == pytest.approx(sizes["Input"][0])
    assert sizes["Pointwise filters"][1] * 14 == pytest.approx(sizes["Input"][1])
    assert len(marks) == 3


def test_at_most_five_filters_are_drawn_and_all_are_named():
    few, many = boxes_figure(standard_parts(Sizes(3, 8, 2, 14))), boxes_figure(standard_parts(TABLE_3))
    count = [sum(trace.fill == "toself" and "Filters" in trace.text for trace in figure.data) for figure in (few, many)]
    assert count == [3 * 2, 3 * 5]
    assert any("512 × (3×3×512)" in str(text) for text in many.data[-1].text)


def test_the_curves_and_the_layer_are_where_the_formula_is():
    figure = ratio_of(TABLE_3)
    here = figure.data[-1]
    assert (here.x, here.y) == ((512,), (pytest.approx(4608 / 521),))
    three = figure.data[0]  # 3×3
    assert dict(zip(three.x, three.y, strict=True))[512] == here.y[0]
    band = figure.layout.shapes[0]
    assert (band.y0, band.y1) == (8, 9)


def sums(traces):
    """Each stage's sum over the kinds, and what is drawn as fallen, in Mult-Adds."""
    *kinds, fell = [[round(value * 1e6) for value in trace.x] for trace in traces]
    return [sum(values) for values in zip(*kinds, strict=True)], fell


def test_bars_at_rest_are_the_stages_and_what_fell():
    values, fell = sums(stages_figure(stages(TABLE_3)).data)
    assert values == [462_422_016, 52_283_392, 29_578_752, 15_091_200]
    assert fell == [0, *(before - after for before, after in pairwise(values))]


def test_played_every_bar_stands_as_high_as_the_one_before_and_then_falls():
    figure = stages_figure(stages(TABLE_3))
    values, _ = sums(figure.data)
    frames = {frame.name: sums(frame.data) for frame in figure.frames}
    assert list(frames) == ["0b", "1a", "1b", "2a", "2b", "3a", "3b"]
    for stage in (1, 2, 3):
        assert frames[f"{stage}a"][0][stage] == values[stage - 1]
        assert frames[f"{stage}a"][1][stage] == 0
        assert frames[f"{stage}b"][0][stage] == values[stage]
        assert frames[f"{stage}b"][0][stage + 1 :] == [0] * (3 - stage)
    assert frames["3b"] == sums(figure.data)


def test_no_bar_of_the_animation_has_a_pattern():
    """Plotly in the browser stops at a bar with a pattern that moves."""
    for frame in stages_figure(stages(TABLE_3)).frames:
        assert not any(trace.marker.pattern.shape for trace in frame.data)


def test_a_stage_that_costs_more_is_drawn_without_a_fall():
    values, fell = sums(stages_figure(stages(TABLE_3.with_(alpha=1.4, rho=1.5))).data)
    assert values[2] > values[1]
    assert fell[2:] == [0, 0]


def test_parameters_are_exact():
    figure = parameters_figure(parameters(WORKED))
    assert [tuple(trace.x) for trace in figure.data] == [(864, 0), (0, 27), (0, 96)]


@pytest.mark.parametrize("groups", [1, 2, 8])
def test_each_group_is_a_block_on_the_diagonal(groups):
    frame, blocks = groups_figure(24, 16, groups).data
    assert (max(frame.x), max(frame.y)) == (24, 16)
    corners = [(x, y) for x, y in zip(blocks.x, blocks.y, strict=True) if x is not None]
    assert len(corners) == 5 * groups
    for number in range(groups):
        x, y = zip(*corners[5 * number : 5 * number + 5], strict=True)
        assert (min(x), max(x)) == (number * 24 // groups, (number + 1) * 24 // groups)
        assert (min(y), max(y)) == (number * 16 // groups, (number + 1) * 16 // groups)


def test_many_groups_are_a_line():
    assert groups_figure(2048, 2048, 2048).data[1].x == (0, 2048)


@pytest.mark.parametrize("name", ["boxes", "ratio", "stages", "parameters", "groups"])
def test_korean_turns_the_words_of_a_chart_and_nothing_else(name):
    _ = translate("ko")
    drawn = {
        "boxes": lambda *language: boxes_figure(separable_parts(TABLE_3), *language),
        "ratio": lambda *language: ratio_figure(reductions(), (512, 8.8), *language),
        "stages": lambda *language: stages_figure(stages(TABLE_3), *language),
        "parameters": lambda *language: parameters_figure(parameters(WORKED), *language),
        "groups": lambda *language: groups_figure(24, 16, 4, *language),
    }[name]
    english, korean = drawn(), drawn(_)
    assert re.search("[가-힣]", korean.to_json())
    numbers = [[list(trace[axis]) for figure in (english, korean) for trace in figure.data] for axis in "xy"]
    for values in numbers:
        half = len(values) // 2
        words = [[value for value in row if not isinstance(value, str)] for row in values]
        assert words[:half] == words[half:]
