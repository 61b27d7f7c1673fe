"""Reference networks, layer by layer: what is kept is recounted, and is fvcore's count and numel to the integer."""

from __future__ import annotations

import pytest

import analysis
from analysis.cost.audit import counted_audit
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.counted import counted_network
from analysis.cost.counted.references import counted_reference, recounted
from analysis.cost.subjects import convention_totals, make_subject
from analysis.cost.table import COLUMNS, by_block, by_kind
from analysis.networks import CATALOGUE
from analysis.networks.reference import REFERENCES

LIGHT = ("alexnet", "squeezenet1_0", "resnet50", "inception_v2", "shufflenet_1_5x", "facenet_mobilenet_v1")


@pytest.mark.parametrize("name", REFERENCES)
def test_what_is_kept_is_what_a_count_gives_now(name: str):
    assert counted_reference(name).to_dict() == recounted(name).to_dict()


@pytest.mark.parametrize("name", REFERENCES)
def test_layers_sum_to_the_count_of_the_module(name: str, costs):
    table = analysis.layer_table(name)
    assert table["mult_adds"].sum() == costs["mult_adds"][name]
    assert table["params"].sum() == costs["params"][name]
    assert list(table) == list(COLUMNS)
    assert table["layer"].is_unique


@pytest.mark.parametrize("name", LIGHT)
def test_fvcore_agrees_in_every_layer(name: str):
    audit = counted_audit(counted_reference(name))
    assert audit.agrees
    assert audit.unattributed == 0
    assert sum(audit.layers.values()) == audit.fvcore_mult_adds


def test_a_network_too_large_for_a_page_says_who_counted_it():
    audit = analysis.audit("deeplabv3_resnet101_os8_multiscale")
    assert audit.agrees is None
    assert "the limit is 30,000,000,000; its kept count is by half of torch's own count" in audit.not_run


@pytest.mark.parametrize("name", ["googlenet", "ssdlite320_mobilenet_v2"])
def test_formulas_give_their_counts(name: str):
    table = analysis.layer_table(name).query("mult_adds > 0")
    for formula, count in zip(table["formula"], table["mult_adds"], strict=True):
        product, _, written = formula.partition(" = ")
        assert eval(product.replace("·", "*")) == count == int(written.replace(",", ""))


def test_roll_ups_sum_to_the_network():
    table = analysis.layer_table("resnet50")
    assert by_kind(table)["mult_adds"].sum() == by_block(table)["params"].sum() - 25_557_032 + 3_857_973_248
    assert list(by_block(table)["block"])[2:6] == [f"features.conv{stage}_x" for stage in (2, 3, 4, 5)]


def test_conventions_are_counted_from_what_was_seen():
    frame = convention_totals(make_subject("resnet50")).set_index("convention")["count"]
    assert list(frame.index) == list(CONVENTIONS)
    assert frame["torch"] == 2 * 3_857_973_248
    assert frame["fvcore"] - 3_857_973_248 == 2 * BATCH_NORM_ELEMENTS + 2048 * 7 * 7


# 224 px: conv1, then (width, side, blocks) of each stage: two thin convolutions and a wide one, and its projection
BATCH_NORM_ELEMENTS = 64 * 112**2 + sum(
    (2 * blocks + 4 * blocks + 4) * width * side**2
    for width, side, blocks in ((64, 56, 3), (128, 28, 4), (256, 14, 6), (512, 7, 3))
)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_catalogue_network_read_by_shapes_is_its_closed_form(name: str):
    """The same reader on networks whose every figure, peak memory too, has a closed form."""
    import torch

    from analysis.cost.counted.torch_operations import read_module
    from analysis.networks.modules import network_module

    design = analysis.make_design(name, alpha=0.75)
    with torch.device("meta"):
        module = network_module(design.layers()).eval()
        x = torch.zeros(1, design.in_channels, design.height, design.width)
    facts = dict.fromkeys(("network", "label", "source", "input", "counted_by"), "")
    counted, totals = counted_network(read_module(module, [x]), **facts), analysis.totals(design, number_format="int8")
    assert (counted.mult_adds, counted.params) == (totals.mult_adds, totals.params)
    assert (counted.peak_elements, counted.peak_unfused_elements) == (
        totals.peak_activation_bytes,
        totals.peak_unfused_bytes,
    )
    assert list(convention_totals(counted)["count"]) == list(convention_totals(design)["count"])


def test_a_reference_network_takes_no_options():
    with pytest.raises(ValueError, match="GoogLeNet is not made of rows and takes no alpha, resolution"):
        analysis.totals("googlenet", alpha=0.5, resolution=192)
