"""Reference networks on the pages: they open like any other, without the sliders they do not have."""

from __future__ import annotations

import pytest

import analysis
from analysis.networks.reference import REFERENCES

SLIDERS = {"Width multiplier α", "Resolution multiplier ρ", "Expansion factor t"}


def sliders(at):
    return {element.label for element in [*at.slider, *at.select_slider]} & SLIDERS


@pytest.mark.parametrize(
    "name", ["googlenet", "nasnet_a_mobile", "faster_rcnn600_vgg16", "face_attributes_mobilenet_v1"]
)
def test_explore_shows_its_costs_and_charts(see, name: str):
    at = see.open(network=name)
    totals = analysis.totals(name)
    assert not at.exception
    assert not at.error
    assert sliders(at) == set()
    assert f"{totals.mult_adds:,}" in at.metric[0].help
    assert sum(sum(see.values(trace["y"])) for trace in see.chart(at, "layers") if trace["type"] == "bar") * 1e6 == (
        pytest.approx(totals.mult_adds, rel=1e-12)
    )
    assert see.link(at)["network"] == name


def test_fvcore_counts_it_on_the_page(see):
    at = see.open(network="squeezenet1_0")
    texts = [element.value for element in at.markdown if "fvcore agree" in element.value]
    assert texts == [text for text in texts if "count by shapes and fvcore agree: 832,667,936" in text] != []


def test_layer_costs_list_its_layers_and_take_them_away(see):
    at = see.open(network="resnet50").switch_page(see.layer_costs).run()
    assert not at.exception
    assert "56 of 56 layers. All rows sum to 3,857,973,248 Mult-Adds (Papers)" in " ".join(see.captions(at))
    assert any(element.value == "multadds table resnet50" for element in at.code)


def test_its_accuracy_on_the_trade_off_is_the_printed_one(see):
    at = see.open(network="googlenet").switch_page(see.trade_off).run()
    assert not at.exception
    assert any(
        "1,582,671,872" in e.value and "top-1 69.8 %, printed in arXiv:1704.04861" in e.value for e in at.markdown
    )


@pytest.mark.parametrize("page", ["cost_surface", "search"])
def test_pages_for_sliders_say_that_it_has_none(see, page: str):
    at = see.open(network="xception").switch_page(getattr(see, page)).run()
    assert not at.exception
    assert "Xception is not made of rows" in at.info[0].value
    assert not at.get("plotly_chart")


def test_going_there_and_back_keeps_the_multipliers(see):
    at = see.open(alpha="0.5", resolution="160", t="4")
    at.selectbox(key="network").set_value("alexnet").run()
    assert sliders(at) == set()
    at.selectbox(key="network").set_value("mobilenet_v2").run()
    assert sliders(at) == SLIDERS
    assert f"{analysis.totals('mobilenet_v2', alpha=0.5, resolution=160, t=4).mult_adds:,}" in at.metric[0].help


def test_it_may_be_the_pinned_baseline_in_a_link(see):
    at = see.press(see.open(network="squeezenet1_0"), "Pin")
    assert see.link(at)["pin"] == "squeezenet1_0"
    again = see.open(**see.link(at) | {"network": "mobilenet_v1"})
    assert not again.warning
    change = 100 * (568_740_352 - 832_667_936) / 832_667_936
    assert see.deltas(again)[0] == f"{change:.1f} %"


def test_every_reference_network_can_be_chosen(see, app):
    options = app.selectbox(key="network").options
    assert len(options) >= len(REFERENCES) + 10
    assert "GoogLeNet · no sliders" in options
