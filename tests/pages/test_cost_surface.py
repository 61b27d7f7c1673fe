"""The page Cost surface: what each control shows, the held value, and one click to a design of the same cost."""

from __future__ import annotations

import json
from math import log

import pytest

import analysis
from analysis.networks import CATALOGUE
from analysis.tradeoff.surfaces.surface import COSTS, PAIRS

V2 = {"mult_adds": "300,774,272 Mult-Adds", "params": "3,504,872 parameters"}
V2 |= {"peak_activation_bytes": "6,021,120 bytes", "weight_bytes": "14,019,488 bytes"}


def turned(see, **link):
    return see.open(**link).switch_page(see.cost_surface).run()


def layout(at, name):
    spec = next(element.proto.spec for element in at.get("plotly_chart") if element.proto.id.endswith(f"{name}_chart"))
    return json.loads(spec)["layout"]


def cells(at, see):
    """The exact costs of the heat map, by (x, y) as the hover names them."""
    trace = see.chart(at, "surface")[0]
    names = [layout(at, "surface")[axis]["ticktext"] for axis in ("xaxis2", "yaxis2")]
    return {
        (x.partition("<br>")[0], y.partition("<br>")[0]): cost
        for y, row in zip(names[1], see.values(trace["z"]), strict=True)
        for x, cost in zip(names[0], row, strict=True)
    }


def titles(at):
    return [element.value for element in at.markdown if element.value.startswith("####")]


@pytest.mark.parametrize("cost", COSTS)
def test_a_cost_is_shown_for_every_design(see, cost):
    at = turned(see)
    at.selectbox(key="cost").set_value(cost).run()
    assert (
        cells(at, see)["α 0.50", "ρ 0.714 (160 px)"] == analysis.totals("mobilenet_v2", alpha=0.5, resolution=160)[cost]
    )
    assert f"the red one is this design's {V2[cost]}." in "".join(see.captions(at))
    sized = " in float32" if "bytes" in cost else ""
    assert titles(at)[0] == f"#### {COSTS[cost].label}{sized} over α × ρ, at t 6"


HELD = {"alpha-rho": "at t 3", "alpha-t": "at ρ 0.714 (160 px)", "rho-t": "at α 0.50"}


@pytest.mark.parametrize("pair", PAIRS)
def test_axes_are_two_of_three_and_the_third_is_held_and_named(see, pair):
    at = turned(see, alpha="0.5", resolution="160", t="3")
    at.button_group(key="axes").set_value(pair).run()
    assert titles(at)[0].endswith(HELD[pair])
    own = analysis.totals("mobilenet_v2", alpha=0.5, resolution=160, t=3).mult_adds
    place = {"alpha": "α 0.50", "rho": "ρ 0.714 (160 px)", "t": "t 3"}
    x, y = PAIRS[pair]
    assert cells(at, see)[place[x], place[y]] == own
    star = next(trace for trace in see.chart(at, "surface") if trace.get("name", "").startswith("You are here"))
    at_design = {"alpha": 0.5, "rho": 160, "t": 3}
    assert (star["x"], star["y"]) == ([at_design[x]], [at_design[y]])


def test_the_surface_follows_the_sidebar(see):
    at = turned(see)
    at.slider(key="t").set_value(3.0).run()
    at.number_input(key="classes").set_value(7).run()
    expected = analysis.totals("mobilenet_v2", alpha=0.75, resolution=192, t=3, classes=7).mult_adds
    assert cells(at, see)["α 0.75", "ρ 0.857 (192 px)"] == expected


def test_an_oblong_input_keeps_its_shape_along_rho(see):
    at = turned(see, base="60x120")
    expected = analysis.totals("mobilenet_v2", alpha=0.75, resolution="45x90").mult_adds
    assert cells(at, see)["α 0.75", "ρ 0.750 (45×90 px)"] == expected


def test_bytes_are_of_the_number_format(see):
    at = turned(see, cost="weight_bytes", format="int8")
    assert at.markdown[1].value == "This design: **3.505 MB**, weights in int8."
    assert titles(at)[0] == "#### Weights in int8 over α × ρ, at t 6"
    assert cells(at, see)["α 1.00", "ρ 1.000 (224 px)"] == 3_504_872


@pytest.mark.parametrize("network", [name for name, entry in CATALOGUE.items() if not entry.takes_t])
def test_a_network_without_t_has_one_surface_and_says_why(see, network):
    at = turned(see, network=network, axes="alpha-t", along="t")
    assert not at.exception
    assert at.button_group(key="axes").disabled
    assert any(text.startswith("α × ρ alone: ") for text in see.captions(at))
    assert "over α × ρ" in titles(at)[0]
    at.selectbox(key="network").set_value("mobilenet_v2").run()
    assert at.button_group(key="axes").value == "alpha-t"
    assert at.button_group(key="along").value == "t"


ALONG = {"alpha": "Power law α²", "rho": "Power law ρ²", "t": "Power law t¹"}


@pytest.mark.parametrize("axis", ALONG)
def test_the_cut_runs_along_the_axis_chosen(see, axis):
    at = turned(see)
    at.button_group(key="along").set_value(axis).run()
    stairs, law = see.chart(at, "cut")[:2]
    assert law["name"] == ALONG[axis]
    place = {"alpha": 1.0, "rho": 224, "t": 6.0}[axis]
    assert dict(zip(see.values(stairs["x"]), see.values(stairs["y"]), strict=True))[place] == 300_774_272


def test_one_pixel_is_a_step(see):
    sentence = next(text.value for text in turned(see).markdown if text.value.startswith("Largest single step"))
    assert "ρ 0.857 (192 px) → ρ 0.862 (193 px) costs **+17.2 %**" in sentence


def test_an_axis_without_a_step_says_so(see):
    sentence = next(text.value for text in turned(see, cost="params").markdown if text.value.startswith("Largest"))
    assert "none along ρ" in sentence


def test_an_axis_that_a_cost_does_not_depend_on_is_named(see):
    at = turned(see, cost="params")
    assert any("Parameters do not depend on ρ." in text for text in see.captions(at))
    at.selectbox(key="cost").set_value("mult_adds").run()
    assert not any("do not depend on" in text for text in see.captions(at))


def test_parameters_that_grow_with_rho_are_explained(see):
    sentence = "A fully connected layer of VGG 16 reads a whole map: its weights grow with ρ."
    at = turned(see, network="vgg16", cost="params")
    assert any(sentence in text for text in see.captions(at))
    at.selectbox(key="cost").set_value("mult_adds").run()
    assert not any(sentence in text for text in see.captions(at))


def test_exponents_stand_beside_the_power_law(see):
    table = turned(see, network="mobilenet_v1").dataframe[0].value
    row = table[(table["From"] == "α 0.75") & (table["To"] == "α 1.00")].iloc[0]
    costs = [analysis.totals("mobilenet_v1", alpha=alpha).mult_adds for alpha in (0.75, 1.0)]
    assert [row["Cost from"], row["Cost to"]] == costs
    assert row["Exponent"] == pytest.approx(log(costs[1] / costs[0]) / log(4 / 3))
    assert (row["Positions"], row["Power law"]) == ("published", "α²")


def test_one_click_makes_a_design_of_the_same_cost_current(see):
    at = turned(see, axes="alpha-rho")
    see.press(at, "0.75 MobileNetV2-256")
    assert at.markdown[0].value == "## Cost surface of 0.75 MobileNetV2-256"
    assert (at.slider(key="alpha").value, at.select_slider(key="height").value) == (0.75, 256)
    cost = analysis.totals("mobilenet_v2", alpha=0.75, resolution=256).mult_adds
    assert cost <= 300_774_272
    assert f"this design's {cost:,} Mult-Adds" in "".join(see.captions(at))


def test_a_baseline_off_the_surface_is_named(see):
    at = turned(see)
    assert "is not on this surface" not in "".join(see.captions(at))
    at.slider(key="t").set_value(5.0).run()
    assert "The pinned 1.0 MobileNetV2-224 is not on this surface." in "".join(see.captions(at))


def test_the_switches_are_kept_and_in_the_link_of_this_page_alone(see):
    at = turned(see)
    at.selectbox(key="cost").set_value("params").run()
    at.button_group(key="axes").set_value("alpha-t").run()
    at.button_group(key="along").set_value("t").run()
    switches = {"cost": "params", "axes": "alpha-t", "along": "t"}
    assert switches.items() <= see.link(at).items()
    at.switch_page(see.layer_costs).run()
    assert not switches.keys() & see.link(at).keys()
    at.switch_page(see.cost_surface).run()
    assert (at.selectbox(key="cost").value, at.button_group(key="axes").value) == ("params", "alpha-t")


def test_nothing_chosen_is_no_raw_error(see):
    at = turned(see)
    for key in ("axes", "along"):
        at.button_group(key=key).set_value(None).run()
        assert not at.exception
        assert at.button_group(key=key).value is not None


EXTREMES = [
    {"alpha": "0.25", "resolution": "32", "t": "1"},
    {"alpha": "1.4", "resolution": "320", "t": "10"},
    {"alpha": "0.33333333"},
    {"base": "32x1024", "resolution": "32x1024", "axes": "rho-t"},
    {"base": "1024", "resolution": "1463", "network": "mobilenet_v1_full_conv", "alpha": "1.4", "classes": "1000000"},
]


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("link", EXTREMES, ids=str)
def test_an_extreme_design_is_drawn(see, link, cost):
    at = turned(see, cost=cost, **link)
    assert (list(at.exception), list(at.error)) == ([], [])
    assert any(trace.get("name", "").startswith("You are here") for trace in see.chart(at, "surface"))


def test_a_move_of_the_mark_computes_no_new_surface(see):
    from pages.shared import cached_surfaces

    at = turned(see, alpha="0.9")
    before = cached_surfaces._surface.cache_info().misses
    at.slider(key="alpha").set_value(0.91).run()
    at.select_slider(key="height").set_value(200).run()
    assert cached_surfaces._surface.cache_info().misses == before
    at.slider(key="t").set_value(5.5).run()
    assert cached_surfaces._surface.cache_info().misses == before + 1
