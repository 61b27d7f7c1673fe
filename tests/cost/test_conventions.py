"""Every counting convention against the output of the tool it speaks for."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import analysis
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.subjects import convention_totals, make_subject
from analysis.crosscheck.tools import TOOLS, run_tool
from analysis.networks import Network, Rounding
from analysis.networks.modules import network_module
from analysis.networks.rows import Conv, Dense, Head, Pool

DESIGNS = [
    ("mobilenet_v2", {}),
    ("mobilenet_v2", {"alpha": 0.35, "resolution": (60, 97), "t": 2.5, "classes": 7, "in_channels": 1}),
    ("mobilenet_v2", {"alpha": 1.3, "resolution": 32, "t": 1}),
    ("mobilenet_v1", {"alpha": 0.75, "resolution": 160}),
    ("mobilenet_v1", {"alpha": 0.33, "resolution": (130, 33), "in_channels": 4, "classes": 1}),
    ("mobilenet_v1_shallow", {"alpha": 0.5, "resolution": 128, "classes": 10}),
    ("mobilenet_v1_full_conv", {"alpha": 0.25, "resolution": 96}),
    ("mobilenet_v3_large", {}),
    ("mobilenet_v3_large", {"alpha": 0.3, "resolution": (60, 97), "classes": 7, "in_channels": 1}),
    ("mobilenet_v3_small", {"alpha": 1.3, "resolution": 96}),
    ("mnasnet_a1", {}),
    ("mnasnet_a1", {"alpha": 0.35, "resolution": (33, 130), "classes": 1}),
    ("vgg16", {"alpha": 0.5, "resolution": 64, "classes": 10}),
    ("pd_lenet", {}),
    ("pd_lenet", {"alpha": 0.3, "resolution": (61, 97), "in_channels": 3}),
    ("pd_light", {}),
    ("pd_light", {"alpha": 0.35, "t": 2.5, "resolution": (60, 97)}),
]

# MobileNetV2, α = 1, 224 px: what each tool prints, in millions, and its exact sum of
# B = 300,774,272 Mult-Adds, 6,678,112 batch-norm elements, 6,105,792 ReLU6 elements, 62,720 pooled elements with 1,280
# means, 34,112 batch-norm parameters and a bias of 1,000
B, BN, RELU6, POOL, MEANS, BN_PARAMS, BIAS = 300_774_272, 6_678_112, 6_105_792, 62_720, 1_280, 34_112, 1_000
V2_PRINTED = {
    "papers": ("300.77", B),
    "ptflops_aten": ("300.78", B + BIAS),
    "torchinfo": ("300.81", B + BN_PARAMS + BIAS),
    "fvcore": ("314.19", B + 2 * BN + POOL),
    "ptflops": ("320.30", B + BIAS + 2 * BN + RELU6 + POOL),
    "thop": ("327.49", B + 4 * BN),
    "torch": ("601.55", 2 * B),
    "deepspeed_macs": ("300.77", B),
    "deepspeed_flops": ("614.97", 2 * B + 2 * BN + POOL),
    "torchprofile": ("307.45", B + BN + MEANS),
    "flopth": ("320.24", B + 2 * BN + RELU6),
    "torchstat": ("320.24", B + 2 * BN + RELU6),
}

# what the released versions of tools that are not among our dependencies printed once for the modules built here
with Path(__file__).with_name("printed_by_tools.csv").open(newline="") as file:
    RECORDED = [(row["tool"], row["version"], row["network"], int(row["printed"])) for row in csv.DictReader(file)]


@pytest.mark.parametrize("convention", TOOLS)
@pytest.mark.parametrize(("network", "options"), DESIGNS)
def test_a_convention_is_what_its_tool_prints(network: str, options: dict, convention: str):
    design = analysis.make_design(network, **options)
    module = analysis.build(design).eval()  # a fresh one for each tool: some leave hooks and buffers behind
    found = run_tool(convention, module, (design.in_channels, design.height, design.width))
    assert analysis.layer_table(design, convention=convention)["mult_adds"].sum() == found


@pytest.mark.parametrize("convention", TOOLS)
@pytest.mark.parametrize("of", ["max", "average"])
def test_a_convention_counts_pools_of_windows_as_its_tool_does(of: str, convention: str):
    rows = (Conv(4, activation="relu", batch_norm=False), Pool(of, k=3, s=2), Dense(6), Head(3, pooled=False))
    layers = Network(name="plain", label="Plain", source="", rounding=Rounding(least=1), rows=rows).layers(
        height=33, width=40
    )
    found = run_tool(convention, network_module(layers), (3, 33, 40))
    assert sum(CONVENTIONS[convention].count(layer) for layer in layers) == found


def test_every_convention_but_the_papers_has_a_tool_to_be_checked_against():
    recorded = {tool for tool, *_ in RECORDED}
    assert set(CONVENTIONS) - set(TOOLS) == {"papers"} | recorded


@pytest.mark.parametrize(("tool", "version", "network", "printed"), RECORDED)
def test_a_convention_is_what_a_tool_printed_that_is_not_installed_here(
    tool: str, version: str, network: str, printed: int
):
    frame = convention_totals(make_subject(network)).set_index("convention")
    assert frame["count"][tool] == printed
    assert frame["tested_version"][tool] == version


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_v2_figures_to_the_last_digit(convention: str):
    printed, count = V2_PRINTED[convention]
    assert analysis.layer_table("mobilenet_v2", convention=convention)["mult_adds"].sum() == count
    assert f"{count / 1e6:.2f}" == printed


def test_convention_totals_lists_every_convention_once():
    frame = convention_totals(analysis.make_design("mobilenet_v2"))
    counts = {name: count for name, (_, count) in V2_PRINTED.items()}
    assert dict(zip(frame["convention"], frame["count"], strict=True)) == counts


def test_flops_never_labels_mult_adds():
    assert [c.name for c in CONVENTIONS.values() if "flop" in c.unit.lower()] == [
        "fvcore",
        "torch",
        "deepspeed_flops",
        "flopth",
        "torchstat",
    ]
    assert CONVENTIONS["papers"].unit == "Mult-Adds"


def test_an_identity_reads_as_a_sum_of_terms():
    assert CONVENTIONS["thop"].identity == (
        "Mult-Adds − Mult-Adds outside torch's own modules + 4·batch-norm elements + means of windows of modules + "
        "elements pooled in modules + means of pooling modules"
    )
    assert CONVENTIONS["torch"].identity == "2·Mult-Adds"
