"""The page Explore: every control changes what it should, and every figure is the library's."""

import pytest

import analysis
from analysis.networks import CATALOGUE
from pages.shared.frame import plain

FIRST_PAINT = {
    "Mult-Adds": "300.8 M",
    "Parameters": "3.505 M",
    "Weights": "14.02 MB",
    "Peak activations (fused)": "6.021 MB",
}
"""MobileNetV2 1.0, 224 px, float32: 300,774,272 Mult-Adds and 3,504,872 parameters of 4 bytes."""


def test_the_first_paint_has_the_papers_figures(app, see):
    assert see.metrics(app) == FIRST_PAINT
    assert "closed form and fvcore agree: 300,774,272" in see.audit(app)
    assert "3,504,872 parameters = numel" in see.audit(app)


def test_the_audit_says_what_fvcore_did_not_count(app, see):
    assert "fvcore did not count ReLU6 (35 calls), shortcut additions (10 calls)" in see.audit(app)


CONTROLS = {
    ("slider", "alpha", 0.5): {"alpha": 0.5},
    ("select_slider", "height", 160): {"resolution": 160},
    ("slider", "t", 2.5): {"t": 2.5},
    ("number_input", "classes", 7): {"classes": 7},
    ("number_input", "channels", 1): {"in_channels": 1},
}


@pytest.mark.parametrize(("control", "options"), CONTROLS.items())
def test_a_control_changes_the_design(app, see, control, options):
    kind, key, value = control
    getattr(app, kind)(key=key).set_value(value).run()
    expected = analysis.totals("mobilenet_v2", **options)
    assert f"agree: {expected.mult_adds:,}" in see.audit(app)
    assert f"and {expected.params:,} parameters" in see.audit(app)


@pytest.mark.parametrize("network", CATALOGUE)
def test_a_network_is_shown_with_its_source(app, see, network):
    app.selectbox(key="network").set_value(network).run()
    assert f"agree: {analysis.totals(network).mult_adds:,}" in see.audit(app)
    assert plain(CATALOGUE[network].source) in see.captions(app)[0]


INPUT = ("base_height", "base_width", "channels", "classes")


def input_shown(app):
    return [app.number_input(key=name).value for name in INPUT]


def test_a_network_with_an_input_of_its_own_is_shown_with_it_at_the_same_alpha_and_rho(app, see):
    app.slider(key="alpha").set_value(0.5).run()
    app.select_slider(key="height").set_value(280).run()
    app.selectbox(key="network").set_value("pd_lenet").run()
    assert input_shown(app) == [60, 120, 1, 6]
    assert (app.slider(key="alpha").value, app.select_slider(key="height").value) == (0.5, 75)
    assert f"agree: {analysis.totals('pd_lenet', alpha=0.5, rho=1.25).mult_adds:,}" in see.audit(app)
    assert "1×75×150 input" in see.captions(app)[0]
    app.selectbox(key="network").set_value("mobilenet_v2").run()
    assert input_shown(app) == [224, 224, 3, 1000]
    assert (app.slider(key="alpha").value, app.select_slider(key="height").value) == (0.5, 280)


def test_an_input_that_was_set_by_hand_stays_when_the_network_changes(app):
    app.number_input(key="channels").set_value(4).run()
    app.number_input(key="classes").set_value(10).run()
    app.selectbox(key="network").set_value("pd_light").run()
    assert input_shown(app) == [60, 120, 4, 10]


def test_a_link_that_names_only_the_network_shows_its_own_input(see):
    app = see.open(network="pd_light")
    assert f"agree: {analysis.totals('pd_light').mult_adds:,}" in see.audit(app)
    assert app.markdown[0].value == "## 1.0 PD-Light-60x120"


@pytest.mark.parametrize("network", [name for name, entry in CATALOGUE.items() if not entry.takes_t])
def test_t_is_inactive_with_a_reason_where_there_is_none(app, see, network):
    app.selectbox(key="network").set_value(network).run()
    assert app.slider(key="t").disabled
    assert any(text.startswith("t is inactive: ") for text in see.captions(app))


def test_t_is_kept_while_a_network_without_it_is_shown(app):
    app.slider(key="t").set_value(3.0).run()
    app.selectbox(key="network").set_value("mobilenet_v1").run()
    app.selectbox(key="network").set_value("mobilenet_v2").run()
    assert app.slider(key="t").value == 3.0
    assert not app.slider(key="t").disabled


@pytest.mark.parametrize(("name", "width"), [("float64", 8), ("float32", 4), ("float16", 2), ("int8", 1)])
def test_a_number_format_sizes_weights_and_activations_alone(app, see, name, width):
    app.selectbox(key="format").set_value(name).run()
    found = see.metrics(app)
    assert found["Weights"] == f"{3_504_872 * width / 1e6:.4g}".ljust(5, "0") + " MB"
    assert (found["Mult-Adds"], found["Parameters"]) == ("300.8 M", "3.505 M")
    assert app.metric[2].label == f"Weights, {name}"


def test_the_base_input_need_not_be_square(app, see):
    app.number_input(key="base_height").set_value(60).run()
    app.number_input(key="base_width").set_value(120).run()
    assert f"agree: {analysis.totals('mobilenet_v2', resolution='60x120').mult_adds:,}" in see.audit(app)
    assert "3×60×120 input" in see.captions(app)[0]


def test_rho_is_kept_when_the_base_changes(app):
    app.select_slider(key="height").set_value(112).run()
    app.number_input(key="base_height").set_value(448).run()
    assert app.select_slider(key="height").value == 224


def test_a_base_side_changes_what_rho_offers(app):
    app.number_input(key="base_height").set_value(448).run()
    labels = app.select_slider(key="height").options
    assert labels[-1] == "ρ 1.429 · 640×320 px"


PRESETS = {
    "0.50 MobileNet-160": ("mobilenet_v1", 0.5, 160, 76_524_800),
    "1.0 MobileNet-224": ("mobilenet_v1", 1.0, 224, 568_740_352),
    "0.35 MobileNetV2-96": ("mobilenet_v2", 0.35, 96, None),
    "1.4 MobileNetV2-224": ("mobilenet_v2", 1.4, 224, None),
    "1.0 PD-LeNet-60x120": ("pd_lenet", 1.0, 60, None),
}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_the_published_design(app, see, name):
    network, alpha, resolution, count = PRESETS[name]
    see.preset(app).set_value(name).run()
    assert app.markdown[0].value == f"## {name}"
    assert (app.slider(key="alpha").value, app.select_slider(key="height").value) == (alpha, resolution)
    sides = "60x120" if resolution == 60 else resolution
    expected = count or analysis.totals(network, alpha=alpha, resolution=sides).mult_adds
    assert f"agree: {expected:,}" in see.audit(app)


def test_the_preset_is_named_when_sliders_reach_it_and_not_after(app, see):
    app.slider(key="alpha").set_value(0.75).run()
    assert see.preset(app).value == "0.75 MobileNetV2-224"
    app.slider(key="alpha").set_value(0.76).run()
    assert see.preset(app).value is None


def test_reset_returns_to_the_published_network(app, see):
    app.selectbox(key="network").set_value("mobilenet_v1_shallow").run()
    app.slider(key="alpha").set_value(0.3).run()
    app.number_input(key="base_width").set_value(99).run()
    see.press(app, "Reset")
    assert see.metrics(app) == FIRST_PAINT
    assert app.number_input(key="base_width").value == 224


def test_the_first_baseline_is_the_published_network(app, see):
    assert see.deltas(app) == ["±0 %"] * 4
    app.slider(key="alpha").set_value(0.5).run()
    assert see.deltas(app) == ["-67.7 %", "-43.8 %", "-43.8 %", "-50.0 %"]


def test_a_pin_makes_the_design_the_baseline(app, see):
    app.slider(key="alpha").set_value(0.5).run()
    see.press(app, "Pin")
    assert see.deltas(app) == ["±0 %"] * 4
    app.slider(key="alpha").set_value(1.0).run()
    assert see.deltas(app)[0] == "+210 %"
    assert "Pinned baseline: **0.50 MobileNetV2-224**" in see.captions(app)


def test_without_a_pin_there_is_no_change(app, see):
    see.press(app, "Unpin")
    assert not any(see.deltas(app))
    assert "Pinned baseline: none" in see.captions(app)
    assert next(button for button in app.button if button.label == "Swap").disabled


def test_swap_exchanges_design_and_baseline(app, see):
    see.preset(app).set_value("0.50 MobileNet-160").run()
    see.press(app, "Swap")
    assert app.markdown[0].value == "## 1.0 MobileNetV2-224"
    assert "Pinned baseline: **0.50 MobileNet-160**" in see.captions(app)
    see.press(app, "Swap")
    assert app.markdown[0].value == "## 0.50 MobileNet-160"


def test_a_pinned_design_on_a_larger_base_can_be_swapped_after_a_reset(app, see):
    app.number_input(key="base_height").set_value(512).run()
    app.number_input(key="base_width").set_value(512).run()
    see.press(app, "Pin")
    see.preset(app).set_value("0.50 MobileNet-160").run()
    see.press(app, "Swap")
    assert not app.exception
    assert app.markdown[0].value == "## 1.0 MobileNetV2-512"


def test_sliders_still_work_after_a_large_design_is_pinned(app, see):
    app.number_input(key="base_height").set_value(512).run()
    app.number_input(key="base_width").set_value(512).run()
    see.press(app, "Pin")
    app.slider(key="alpha").set_value(0.5).run()
    assert app.markdown[0].value == "## 0.50 MobileNetV2-512"


@pytest.mark.parametrize("network", CATALOGUE)
@pytest.mark.parametrize(("shown", "column", "unit"), [("Mult-Adds", "mult_adds", 1e6), ("Parameters", "params", 1e3)])
def test_the_bars_sum_to_the_total(app, see, network, shown, column, unit):
    app.selectbox(key="network").set_value(network).run()
    app.button_group(key="profile").set_value(shown).run()
    bars = [value for trace in see.chart(app, "layers") if trace["type"] == "bar" for value in see.values(trace["y"])]
    assert sum(bars) * unit == pytest.approx(analysis.totals(network)[column], rel=1e-12)


def test_a_bar_s_hover_has_the_formula_with_numbers(app, see):
    first = next(trace for trace in see.chart(app, "layers") if trace["name"] == "Standard convolution")
    assert "3·3·3·32·112·112 = 10,838,016" in str(first)


def test_kinds_share_all_of_the_cost(app, see):
    shares = [see.values(trace["x"]) for trace in see.chart(app, "kinds")]
    assert [sum(column) for column in zip(*shares, strict=True)] == pytest.approx([100, 100])


def test_the_tree_s_root_is_the_total_and_its_leaves_sum_to_it(app, see):
    (tree,) = see.chart(app, "tree")
    parents, counts = tree["parents"], see.values(tree["values"])
    inner = set(parents)
    leaves = sum(count for name, count in zip(tree["ids"], counts, strict=True) if name not in inner)
    assert counts[0] == leaves == 300_774_272


def test_the_picture_has_a_box_a_layer_and_an_arc_a_shortcut(app, see):
    traces = see.chart(app, "network")
    assert sum(len(see.values(trace["x"])) for trace in traces if trace["type"] == "bar") == 54
    arcs = next(trace for trace in traces if trace["name"] == "Shortcut")
    assert see.values(arcs["x"]).count(None) == 10


def test_the_pinned_baseline_is_a_line_over_the_bars(app, see):
    app.slider(key="alpha").set_value(0.5).run()
    (line,) = (trace for trace in see.chart(app, "layers") if trace["name"] == "Pinned baseline")
    assert see.values(line["y"])[0] == pytest.approx(10.838016)


def test_the_design_is_marked_on_the_trade_off(app, see):
    see.preset(app).set_value("0.50 MobileNet-160").run()
    mark = see.chart(app, "tradeoff")[-1]
    assert mark["name"] == "You are here"
    assert set(see.values(mark["x"])) == {76.5248}


def test_every_chart_has_a_text_for_those_who_cannot_see_it(app):
    charts = app.get("plotly_chart")
    assert len(charts) == 5
    assert all("MobileNetV2-224" in element.proto.alt for element in charts)
