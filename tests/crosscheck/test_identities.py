"""Identities: sums with a network's numbers, and the real tools on networks of rows and on reference networks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

import analysis
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.subjects import convention_totals, make_subject
from analysis.crosscheck import identities, identities_frame, verdicts
from analysis.crosscheck.tools import TOOLS
from analysis.crosscheck.verdicts import run_tools
from analysis.networks import Network
from tests.cost.random_rows import networks

# what these have that networks of rows have not: towers and response normalisation; functional ReLUs, functional pools
# and convolutions of a type of their own; tensors' ReLU methods; tensors' means and bilinear resizing; pools of a
# function; predictors without batch norm
REFERENCES = [
    "googlenet",
    "nasnet_a_mobile",
    "shufflenet_1_5x",
    "resnet50",
    "deeplabv3_mobilenet_v2_no_aspp",
    "facenet_nn2",
    "ssdlite320_mobilenet_v2",
]


def of(subject, name):
    return identities(subject, among=(name,))[0]


def test_an_identity_reads_as_a_sum_with_the_networks_numbers():
    assert of(analysis.make_design("mobilenet_v2"), "fvcore").text == (
        "300,774,272 Mult-Adds + 2 × 6,678,112 batch-norm elements + 62,720 pooled elements = 314,193,216"
    )


def test_what_a_tool_does_not_see_is_taken_off():
    text = of(make_subject("nasnet_a_mobile"), "thop").text
    assert text.startswith("563,638,816 Mult-Adds − 69,658,400 Mult-Adds outside torch's own modules + 4 × ")


def test_terms_that_a_network_has_none_of_are_left_out():
    assert [step.term for step in of(analysis.make_design("vgg16"), "thop").steps] == ["mult_adds"]


@pytest.mark.parametrize("network", ["mobilenet_v3_large", "googlenet"])
def test_the_products_of_each_tool_sum_to_its_convention(network: str):
    subject = make_subject(network)
    found = identities(subject)
    frame = identities_frame(found)
    assert (frame["weight"] * frame["number"] == frame["product"]).all()
    assert frame.groupby(["tool", "unit"], sort=False)["product"].sum().tolist() == [i.count for i in found]
    assert [identity.count for identity in found] == convention_totals(subject)["count"].tolist()


@pytest.mark.parametrize("network", REFERENCES)
def test_every_identity_holds_on_reference_networks(network: str):
    subject = make_subject(network)
    found = verdicts(identities(subject, among=tuple(TOOLS)), {run.convention: run for run in run_tools(subject)})
    assert [verdict.sentence for verdict in found] == [f"held: {verdict.identity.count:,}" for verdict in found]


@settings(max_examples=12)
@given(networks())
def test_every_identity_holds_on_random_rows(network: Network):
    design = analysis.make_design(network, resolution=(40, 33))
    found = verdicts(identities(design, among=tuple(TOOLS)), {run.convention: run for run in run_tools(design)})
    assert [verdict.sentence for verdict in found] == [f"held: {verdict.identity.count:,}" for verdict in found]


def test_every_tool_says_what_its_unit_is():
    assert all(convention.about.endswith(".") for convention in CONVENTIONS.values())
    assert {c.name for c in CONVENTIONS.values() if "multiply-add is 2" in c.about} == {"torch", "deepspeed_flops"}
