"""The layer table: its columns, its sums, its formulas, its roll-ups."""

from __future__ import annotations

import re

import pandas as pd
import pytest
import torch
from torch import nn

import analysis
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.table import COLUMNS, by_block, by_kind
from analysis.networks import CATALOGUE

COLUMNS_IN_ORDER = [
    *("layer", "block", "kind", "kernel", "stride", "groups"),
    *("in_channels", "in_height", "in_width", "out_channels", "out_height", "out_width"),
    *("mult_adds", "mult_adds_share", "params", "params_share", "activations", "weight_bytes", "receptive_field"),
]
DESIGNS = [
    ("mobilenet_v2", {}),
    ("mobilenet_v2", {"alpha": 0.35, "resolution": (60, 97), "t": 2.5, "classes": 7, "in_channels": 1}),
    ("mobilenet_v2", {"alpha": 0.1, "resolution": 32, "t": 1, "classes": 1}),
    ("mobilenet_v1", {"alpha": 0.75, "resolution": 160}),
    ("mobilenet_v1", {"alpha": 0.05, "resolution": 50, "least_depth": 1}),
    ("mobilenet_v1_shallow", {"resolution": 128}),
    ("mobilenet_v1_full_conv", {"alpha": 0.5}),
    ("mobilenet_v3_large", {"alpha": 0.75, "resolution": (60, 97)}),
    ("mobilenet_v3_small", {"resolution": 96, "classes": 7}),
    ("mnasnet_a1", {"alpha": 0.5, "resolution": 64, "in_channels": 1}),
]


def test_columns_are_named_and_in_order():
    columns = list(analysis.layer_table("mobilenet_v2").columns)
    assert columns[: len(COLUMNS_IN_ORDER)] == COLUMNS_IN_ORDER
    assert columns[len(COLUMNS_IN_ORDER) :] == ["weights", "formula"]


def test_every_column_is_described():
    assert list(COLUMNS) == list(analysis.layer_table("mobilenet_v2").columns)


@pytest.mark.parametrize("network", CATALOGUE)
def test_counts_are_64_bit_integers(network: str):
    table = analysis.layer_table(network, resolution=(60, 120))
    counts = table.drop(columns=["layer", "block", "kind", "kernel", "formula", "mult_adds_share", "params_share"])
    assert {str(dtype) for dtype in counts.dtypes} == {"int64"}


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(("network", "options"), DESIGNS)
def test_rows_sum_to_the_total(network: str, options: dict, convention: str):
    table = analysis.layer_table(network, convention=convention, **options)
    totals = analysis.totals(network, **options)
    papers = analysis.layer_table(network, **options)
    assert papers["mult_adds"].sum() == totals.mult_adds
    assert table["params"].sum() == totals.params
    assert table["weight_bytes"].sum() == totals.weight_bytes
    assert (table["mult_adds"] >= papers["mult_adds"]).all()


@pytest.mark.parametrize("column", ["mult_adds_share", "params_share"])
@pytest.mark.parametrize("convention", CONVENTIONS)
def test_shares_sum_to_one(convention: str, column: str):
    table = analysis.layer_table("mobilenet_v2", convention=convention, alpha=0.6)
    assert table[column].sum() == pytest.approx(1, abs=1e-12)
    assert table[column].between(0, 1).all()


def test_a_share_is_the_count_over_the_total():
    table = analysis.layer_table("mobilenet_v2")
    assert table["mult_adds_share"].iloc[0] == 10_838_016 / 300_774_272  # conv1: 3·3·3·32·112·112
    assert table["params_share"].iloc[-1] == 1_281_000 / 3_504_872


@pytest.mark.parametrize(("network", "options"), DESIGNS)
def test_shapes_are_those_of_a_forward_pass(network: str, options: dict):
    design = analysis.make_design(network, **options)
    module, seen = analysis.build(design).eval(), {}
    for name, leaf in module.named_modules():
        leaf.register_forward_hook(lambda leaf, args, y, name=name: seen.update({name: (args[0].shape, y.shape)}))
    module(torch.zeros(1, design.in_channels, design.height, design.width))
    for row in analysis.layer_table(design).to_dict("records"):
        x, y = ([*shape[1:], 1, 1][:3] for shape in seen[row["layer"]])
        assert [row["in_channels"], row["in_height"], row["in_width"]] == x, row["layer"]
        assert [row["out_channels"], row["out_height"], row["out_width"]] == y, row["layer"]
        assert row["activations"] == y[0] * y[1] * y[2]


@pytest.mark.parametrize(("network", "options"), DESIGNS)
def test_kernel_stride_and_groups_are_the_modules(network: str, options: dict):
    module, table = analysis.build(network, **options), analysis.layer_table(network, **options).set_index("layer")
    convolutions = {n: m for n, m in module.named_modules() if isinstance(m, nn.Conv2d)}
    assert len(convolutions) == table["kind"].isin(["conv", "dw", "pw"]).sum()
    for name, conv in convolutions.items():
        row = table.loc[name.removesuffix(".conv")]
        kernel = "{}x{}".format(*conv.kernel_size)
        assert (row["kernel"], row["stride"], row["groups"]) == (kernel, conv.stride[0], conv.groups)
        assert row["weights"] == conv.weight.numel()


@pytest.mark.parametrize("alpha", [0.25, 1.0])
@pytest.mark.parametrize(
    ("network", "layer"),
    [
        ("mobilenet_v1", "separable6.dw"),
        ("mobilenet_v2", "bottleneck4_2.dw"),
        ("mobilenet_v3_small", "bottleneck5.dw"),  # after a branch, which is switched off
        ("mobilenet_v3_large", "bottleneck6.dw"),
    ],
)
def test_receptive_field_is_what_a_gradient_reaches(network: str, layer: str, alpha: float):
    module = analysis.build(network, alpha=alpha).eval()
    image = torch.rand(1, 3, 224, 224, requires_grad=True)
    outputs = []
    module.get_submodule(layer).conv.register_forward_hook(lambda leaf, args, y: outputs.append(y))
    for leaf in module.modules():
        if isinstance(leaf, nn.Conv2d):
            nn.init.constant_(leaf.weight, 1 / leaf.weight[0].numel())
        elif isinstance(leaf, nn.Linear):
            nn.init.zeros_(leaf.weight)
    module(image)
    y = outputs[0]
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    reached = int((image.grad.abs().sum((0, 1, 2)) > 0).sum())
    table = analysis.layer_table(network, alpha=alpha).set_index("layer")
    assert table.loc[layer, "receptive_field"] == reached


@pytest.mark.parametrize(("network", "options"), DESIGNS)
def test_receptive_fields_follow_backwards_from_one_output(network: str, options: dict):
    table = analysis.layer_table(network, **options)
    windows = [[int(side) for side in kernel.split("x")] for kernel in table["kernel"]]
    branch = table["layer"].str.contains(".se.", regex=False)
    for last in range(len(table)):
        fields = [1, 1]  # a window of k at stride s on a field of f needs (f − 1) · s + k of its input
        for index in range(last, -1, -1):
            if branch[index] and table["block"][index] != (table["block"][last] if branch[last] else ""):
                continue  # the main path passes a branch by; a branch starts on its own block's main path
            fields = [(f - 1) * table["stride"][index] + k for f, k in zip(fields, windows[index], strict=True)]
        assert table["receptive_field"][last] == max(fields)


def test_a_dense_layer_sees_what_its_whole_map_sees():
    table = analysis.layer_table("pd_lenet").set_index("layer")["receptive_field"]
    # maxpool8 sees 46 px in steps of 16; the longer side of its 3×7 map adds 6 steps
    assert [table[layer] for layer in ("maxpool8", "dense9", "dense10", "head.fc")] == [46, *[46 + 6 * 16] * 3]


def test_a_branch_sees_the_whole_map_it_pools():
    table = analysis.layer_table("mobilenet_v3_large").set_index("layer")["receptive_field"]
    # bottleneck5.dw sees 35 px in steps of 8; the 28 positions pooled add 27 steps
    assert [table[f"bottleneck5.{layer}"] for layer in ("dw", "se.pool", "se.expand")] == [35, 35 + 27 * 8, 35 + 27 * 8]
    assert table["bottleneck5.project"] == 35


def value_of(formula: str) -> tuple[int, int]:
    """Both sides of a formula: the arithmetic evaluated, and the count it states."""
    left, _, right = formula.partition(" = ")
    product = re.sub(r"(?<=\d) [A-Za-z][A-Za-z0-9 -]*", "", left.replace(",", "")).replace("·", "*")
    assert re.fullmatch(r"[\d*+ ]+", product), formula
    return eval(product), int(right.replace(",", ""))


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(("network", "options"), DESIGNS)
def test_formulas_evaluate_to_the_count(network: str, options: dict, convention: str):
    for row in analysis.layer_table(network, convention=convention, **options).to_dict("records"):
        if row["mult_adds"] == 0:
            assert row["formula"] == "no multiply-adds: 0"
        else:
            assert value_of(row["formula"]) == (row["mult_adds"], row["mult_adds"]), row["layer"]


@pytest.mark.parametrize(
    ("layer", "formula"),
    [
        ("conv1", "3·3·3·32·112·112 = 10,838,016"),
        ("bottleneck2.dw", "3·3·32·112·112 = 3,612,672"),
        ("bottleneck2.project", "32·16·112·112 = 6,422,528"),
        ("head.fc", "1280·1000 = 1,280,000"),
    ],
)
def test_a_formula_is_the_fields_own_form(layer: str, formula: str):
    assert analysis.layer_table("mobilenet_v2").set_index("layer").loc[layer, "formula"] == formula


@pytest.mark.parametrize("roll_up", [by_kind, by_block])
@pytest.mark.parametrize(("network", "options"), DESIGNS)
def test_roll_ups_sum_to_the_total(network: str, options: dict, roll_up):
    table = analysis.layer_table(network, **options)
    rolled = roll_up(table)
    assert rolled["layers"].sum() == len(table)
    for column in ("mult_adds", "params", "weights", "weight_bytes"):
        assert rolled[column].sum() == table[column].sum()
    for column in ("mult_adds_share", "params_share", "weights_share"):
        assert rolled[column].sum() == pytest.approx(1)


def test_blocks_keep_the_networks_order():
    table = analysis.layer_table("mobilenet_v2")
    assert by_block(table)["block"].tolist() == list(dict.fromkeys(table["block"]))
    assert by_block(table)["block"].tolist()[:3] == ["conv1", "bottleneck2", "bottleneck3_1"]


def test_kinds_keep_one_order():
    assert by_kind(analysis.layer_table("mobilenet_v2"))["kind"].tolist() == ["conv", "dw", "pw", "pool", "fc"]
    assert by_kind(analysis.layer_table("mobilenet_v1_full_conv"))["kind"].tolist() == ["conv", "pool", "fc"]


def test_attrs_carry_what_rebuilds_the_table():
    options = {"alpha": 0.75, "resolution": (60, 120), "t": 4, "classes": 7, "in_channels": 1}
    table = analysis.layer_table("mobilenet_v2", convention="thop", number_format="int8", **options)
    kept = dict(table.attrs)
    assert kept.pop("version") == analysis.__version__
    assert (kept.pop("unit"), kept["resolution"]) == ("MACs", "60x120")
    pd.testing.assert_frame_equal(analysis.layer_table(**kept), table)


def test_attrs_name_rho_for_a_square_input_alone():
    assert analysis.layer_table("mobilenet_v2", rho=0.5).attrs["rho"] == 0.5
    assert "rho" not in analysis.layer_table("mobilenet_v2", resolution=(60, 120)).attrs


@pytest.mark.parametrize(("number_format", "width"), [("float64", 8), ("float32", 4), ("float16", 2), ("int8", 1)])
def test_weight_bytes_follow_the_number_format(number_format: str, width: int):
    table = analysis.layer_table("mobilenet_v1", number_format=number_format)
    assert (table["weight_bytes"] == width * table["params"]).all()


def test_fvcores_own_count_stands_beside_each_layer():
    table = analysis.layer_table("mobilenet_v2", audit=True, alpha=0.5, resolution=96)
    assert table.columns[-1] == "fvcore_mult_adds"
    assert table["fvcore_mult_adds"].tolist() == table["mult_adds"].tolist()


def test_fvcores_count_is_in_mult_adds_whatever_the_convention():
    options = {"alpha": 0.5, "resolution": 96}
    table = analysis.layer_table("mobilenet_v2", audit=True, convention="torch", **options)
    assert table["fvcore_mult_adds"].sum() == analysis.totals("mobilenet_v2", **options).mult_adds


def test_a_change_to_one_table_leaves_the_next_alone():
    first = analysis.layer_table("mobilenet_v2")
    first.columns.name = "column"
    first["stride"] = 0
    first.loc[0, "formula"] = ""
    second = analysis.layer_table("mobilenet_v2")
    assert second.columns.name is None
    assert second["stride"].max() == 2
    assert second["formula"].ne("").all()
