"""Every network is its paper's table, row for row."""

from __future__ import annotations

import re
from itertools import groupby, pairwise

import pytest

from analysis import make_design
from analysis.networks import CATALOGUE, Layer

# arXiv:1704.04861v1, Table 1: type, printed stride, filter shape, input size; the two braced rows stand five times.
V1_TABLE_1 = [
    ("conv", 2, (3, 3, 3, 32), (224, 224, 3)),
    ("dw", 1, (3, 3, 32), (112, 112, 32)),
    ("pw", 1, (1, 1, 32, 64), (112, 112, 32)),
    ("dw", 2, (3, 3, 64), (112, 112, 64)),
    ("pw", 1, (1, 1, 64, 128), (56, 56, 64)),
    ("dw", 1, (3, 3, 128), (56, 56, 128)),
    ("pw", 1, (1, 1, 128, 128), (56, 56, 128)),
    ("dw", 2, (3, 3, 128), (56, 56, 128)),
    ("pw", 1, (1, 1, 128, 256), (28, 28, 128)),
    ("dw", 1, (3, 3, 256), (28, 28, 256)),
    ("pw", 1, (1, 1, 256, 256), (28, 28, 256)),
    ("dw", 2, (3, 3, 256), (28, 28, 256)),
    ("pw", 1, (1, 1, 256, 512), (14, 14, 256)),
    *[("dw", 1, (3, 3, 512), (14, 14, 512)), ("pw", 1, (1, 1, 512, 512), (14, 14, 512))] * 5,
    ("dw", 2, (3, 3, 512), (14, 14, 512)),
    ("pw", 1, (1, 1, 512, 1024), (7, 7, 512)),
    ("dw", 2, (3, 3, 1024), (7, 7, 1024)),
    ("pw", 1, (1, 1, 1024, 1024), (7, 7, 1024)),
    ("pool", 1, (7, 7), (7, 7, 1024)),
    ("fc", 1, (1024, 1000), (1, 1, 1024)),
]
V1_MISPRINT = 25
"""Index of the last depthwise row: printed s2, but its 7×7 output and the authors' code need stride 1."""

# arXiv:1801.04381, Table 2: input side and channels, operator, t, c, n, s.
V2_TABLE_2 = [
    (224, 3, "conv2d", None, 32, 1, 2),
    (112, 32, "bottleneck", 1, 16, 1, 1),
    (112, 16, "bottleneck", 6, 24, 2, 2),
    (56, 24, "bottleneck", 6, 32, 3, 2),
    (28, 32, "bottleneck", 6, 64, 4, 2),
    (14, 64, "bottleneck", 6, 96, 3, 1),
    (14, 96, "bottleneck", 6, 160, 3, 2),
    (7, 160, "bottleneck", 6, 320, 1, 1),
    (7, 320, "conv2d 1x1", None, 1280, 1, 1),
    (7, 1280, "avgpool 7x7", None, None, 1, None),
    (1, 1280, "conv2d 1x1", None, 1000, 1, None),
]

# arXiv:1905.02244, Table 1: input side and channels, operator, exp size, out, SE, NL, s. NBN: no batch norm.
V3_TABLE_1 = [
    (224, 3, "conv2d", None, 16, False, "HS", 2),
    (112, 16, "bneck, 3x3", 16, 16, False, "RE", 1),
    (112, 16, "bneck, 3x3", 64, 24, False, "RE", 2),
    (56, 24, "bneck, 3x3", 72, 24, False, "RE", 1),
    (56, 24, "bneck, 5x5", 72, 40, True, "RE", 2),
    (28, 40, "bneck, 5x5", 120, 40, True, "RE", 1),
    (28, 40, "bneck, 5x5", 120, 40, True, "RE", 1),
    (28, 40, "bneck, 3x3", 240, 80, False, "HS", 2),
    (14, 80, "bneck, 3x3", 200, 80, False, "HS", 1),
    (14, 80, "bneck, 3x3", 184, 80, False, "HS", 1),
    (14, 80, "bneck, 3x3", 184, 80, False, "HS", 1),
    (14, 80, "bneck, 3x3", 480, 112, True, "HS", 1),
    (14, 112, "bneck, 3x3", 672, 112, True, "HS", 1),
    (14, 112, "bneck, 5x5", 672, 160, True, "HS", 2),
    (7, 160, "bneck, 5x5", 960, 160, True, "HS", 1),
    (7, 160, "bneck, 5x5", 960, 160, True, "HS", 1),
    (7, 160, "conv2d, 1x1", None, 960, False, "HS", 1),
    (7, 960, "pool, 7x7", None, None, False, None, 1),
    (1, 960, "conv2d 1x1, NBN", None, 1280, False, "HS", 1),
    (1, 1280, "conv2d 1x1, NBN", None, 1000, False, None, 1),
]
# Table 2, the later version of the text (its penultimate layer is 1024 wide, 1280 in the earlier one)
V3_TABLE_2 = [
    (224, 3, "conv2d, 3x3", None, 16, False, "HS", 2),
    (112, 16, "bneck, 3x3", 16, 16, True, "RE", 2),
    (56, 16, "bneck, 3x3", 72, 24, False, "RE", 2),
    (28, 24, "bneck, 3x3", 88, 24, False, "RE", 1),
    (28, 24, "bneck, 5x5", 96, 40, True, "HS", 2),
    (14, 40, "bneck, 5x5", 240, 40, True, "HS", 1),
    (14, 40, "bneck, 5x5", 240, 40, True, "HS", 1),
    (14, 40, "bneck, 5x5", 120, 48, True, "HS", 1),
    (14, 48, "bneck, 5x5", 144, 48, True, "HS", 1),
    (14, 48, "bneck, 5x5", 288, 96, True, "HS", 2),
    (7, 96, "bneck, 5x5", 576, 96, True, "HS", 1),
    (7, 96, "bneck, 5x5", 576, 96, True, "HS", 1),
    (7, 96, "conv2d, 1x1", None, 576, True, "HS", 1),
    (7, 576, "pool, 7x7", None, None, False, None, 1),
    (1, 576, "conv2d 1x1, NBN", None, 1024, False, "HS", 1),
    (1, 1024, "conv2d 1x1, NBN", None, 1000, False, None, 1),
]
V3_MISPRINT = 12
"""Index of Table 2's 1x1 convolution: an SE is ticked, but the authors' code (and 2.5 M parameters) have none there."""
V3 = [("mobilenet_v3_large", V3_TABLE_1), ("mobilenet_v3_small", V3_TABLE_2)]
V3_ROWS = [(network, number, row) for network, table in V3 for number, row in enumerate(table)]

# arXiv:1807.11626, Figure 7: operator, expansion, kernel, SE, repeats, output side and channels. The 1x1 convolution
# before the pool is drawn as part of it; the authors' code has it 1280 wide.
MNASNET_FIGURE_7 = [
    ("Conv", None, 3, False, 1, 112, 32),
    ("SepConv", 1, 3, False, 1, 112, 16),
    ("MBConv6", 6, 3, False, 2, 56, 24),
    ("MBConv3", 3, 5, True, 3, 28, 40),
    ("MBConv6", 6, 3, False, 4, 14, 80),
    ("MBConv6", 6, 3, True, 2, 14, 112),
    ("MBConv6", 6, 5, True, 3, 7, 160),
    ("MBConv6", 6, 3, False, 1, 7, 320),
]


# Simonyan, Zisserman, arXiv:1409.1556, Table 1, column D, as printed
VGG_TABLE_1_D = """
conv3-64 conv3-64 maxpool conv3-128 conv3-128 maxpool conv3-256 conv3-256 conv3-256 maxpool
conv3-512 conv3-512 conv3-512 maxpool conv3-512 conv3-512 conv3-512 maxpool FC-4096 FC-4096 FC-1000
"""

# The LeNet-style partial-discharge network: output channels, height and width of each layer; three are printed as
# 30×60, 15×30, 7×15 and 3×7 maps and a dense layer on 5376
PD_LENET_MAPS = [
    *[(32, 60, 120), (32, 30, 60), (64, 30, 60), (64, 15, 30)],
    *[(128, 15, 30), (128, 7, 15), (256, 7, 15), (256, 3, 7)],
    *[(64, 1, 1), (32, 1, 1), (6, 1, 1)],
]

# The light one: channels c, stride s, expansion t of each inverted residual
PD_LIGHT_RESIDUALS = """
16/1/1 24/2/6 24/1/6 32/2/6 32/1/6 32/1/6 64/2/6 64/1/6 64/1/6
"""


def layers_of(network: str, **options) -> list[Layer]:
    return make_design(network, **options).layers()


def filter_shape(layer: Layer) -> tuple[int, ...]:
    shapes = {"dw": (*layer.kernel, layer.groups), "pool": layer.kernel}
    shapes["fc"] = (layer.input.channels, layer.output.channels)
    return shapes.get(layer.kind, (*layer.kernel, layer.input.channels, layer.output.channels))


def printed_form(layer: Layer) -> tuple:
    x = layer.input
    return layer.kind, layer.stride, filter_shape(layer), (x.height, x.width, x.channels)


def test_v1_is_table_1_row_for_row():
    rows = [printed_form(layer) for layer in layers_of("mobilenet_v1")]
    disagreements = [index for index, row in enumerate(V1_TABLE_1) if rows[index] != row]
    assert len(rows) == len(V1_TABLE_1)
    assert disagreements == [V1_MISPRINT]


def test_v1_departs_from_the_misprinted_row_by_its_stride_alone():
    kind, printed_stride, shape, size = V1_TABLE_1[V1_MISPRINT]
    layer = layers_of("mobilenet_v1")[V1_MISPRINT]
    assert printed_form(layer) == (kind, 1, shape, size)
    assert printed_stride == 2
    assert (layer.output.height, layer.output.width) == V1_TABLE_1[V1_MISPRINT + 1][3][:2]


def test_v1_each_row_ends_where_the_next_begins():
    layers = layers_of("mobilenet_v1")
    assert all(before.output == after.input for before, after in pairwise(layers))


def test_v1_has_28_layers_as_section_3_2_counts_them():
    assert sum(layer.weighted for layer in layers_of("mobilenet_v1")) == 28


def test_full_conv_variant_has_a_standard_convolution_for_each_separable_pair():
    separable = [layer for layer in layers_of("mobilenet_v1") if layer.kind in ("conv", "pw")]
    full = [layer for layer in layers_of("mobilenet_v1_full_conv") if layer.kind == "conv"]
    assert all(layer.kernel == (3, 3) for layer in full)
    assert [layer.output for layer in full] == [layer.output for layer in separable]


def test_shallow_variant_leaves_out_the_five_separable_layers_on_14x14x512():
    deep = [printed_form(layer) for layer in layers_of("mobilenet_v1")]
    shallow = [printed_form(layer) for layer in layers_of("mobilenet_v1_shallow")]
    assert [row[3] for row in deep[13:23]] == [(14, 14, 512)] * 10
    assert shallow == deep[:13] + deep[23:]


def by_row(layers: list[Layer]) -> list[list[list[Layer]]]:
    """Layers grouped by table row, then by repeat; pool and classifier are rows of their own."""
    rows: dict[str, dict[str, list[Layer]]] = {}
    for layer in layers:
        row = layer.name if layer.block == "head" else layer.block.partition("_")[0]
        rows.setdefault(row, {}).setdefault(layer.block, []).append(layer)
    return [list(repeats.values()) for repeats in rows.values()]


@pytest.mark.parametrize("number", range(len(V2_TABLE_2)))
def test_v2_is_table_2_row_for_row(number: int):
    side, channels, _, _, c, n, s = V2_TABLE_2[number]
    repeats = by_row(layers_of("mobilenet_v2"))[number]
    first, x = repeats[0], repeats[0][0].input
    assert (x.height, x.width, x.channels, len(repeats)) == (side, side, channels, n)
    assert first[-1].output.channels == (c or channels)
    if s is not None:
        assert max(layer.stride for layer in first) == s
        assert all(layer.stride == 1 for repeat in repeats[1:] for layer in repeat)


@pytest.mark.parametrize("number", [index for index, row in enumerate(V2_TABLE_2) if row[2] == "bottleneck"])
def test_v2_bottlenecks_expand_by_t_filter_depthwise_and_project(number: int):
    t = V2_TABLE_2[number][3]
    for repeat in by_row(layers_of("mobilenet_v2"))[number]:
        depthwise = repeat[-2]
        assert [layer.kind for layer in repeat] == (["dw", "pw"] if t == 1 else ["pw", "dw", "pw"])
        assert depthwise.groups == depthwise.output.channels == t * repeat[0].input.channels
        assert [layer.activation for layer in repeat] == ["relu6"] * (len(repeat) - 1) + [None]


@pytest.mark.parametrize("alpha", [0.1, 0.35, 0.5, 0.9, 1.0, 1.05, 1.3, 1.4, 2.0])
def test_v2_shortcut_is_exactly_where_stride_is_1_and_channels_stay(alpha: float):
    for repeat in (repeat for row in by_row(layers_of("mobilenet_v2", alpha=alpha))[1:8] for repeat in row):
        keeps = repeat[-2].stride == 1 and repeat[0].input.channels == repeat[-1].output.channels
        assert [layer.shortcut for layer in repeat] == [False] * (len(repeat) - 1) + [keeps]


def test_v2_as_published_has_ten_shortcuts():
    # every repeat after the first of rows 3-7: (2 − 1) + (3 − 1) + (4 − 1) + (3 − 1) + (3 − 1)
    assert sum(bool(layer.shortcut) for layer in layers_of("mobilenet_v2")) == 10


def test_a_narrow_v2_gains_a_shortcut_where_rounding_makes_channels_equal():
    # at α = 0.25 rows 1 and 2, 32 and 16 channels as published, both have 8
    blocks = {layer.block for layer in layers_of("mobilenet_v2", alpha=0.25) if layer.shortcut}
    assert "bottleneck2" in blocks


@pytest.mark.parametrize("t", [1, 1.0])
def test_t_of_1_leaves_no_expansion_anywhere(t: float):
    assert not [layer.name for layer in layers_of("mobilenet_v2", t=t) if layer.name.endswith("expand")]


def test_the_slider_leaves_the_row_with_its_own_t_alone():
    first = [layer for layer in layers_of("mobilenet_v2", t=9) if layer.block == "bottleneck2"]
    assert [layer.kind for layer in first] == ["dw", "pw"]


@pytest.mark.parametrize(
    ("alpha", "t", "block", "hidden"),
    [
        (1.0, 6, "bottleneck3_1", 96),
        (0.35, 2.5, "bottleneck3_1", 20),  # 8 · 2.5
        (1.0, 0.3, "bottleneck3_1", 5),  # 16 · 0.3 = 4.8
        (1.0, 1.5625, "bottleneck4_1", 38),  # 24 · 1.5625 = 37.5, to even
        (1.0, 1.6875, "bottleneck4_1", 40),  # 24 · 1.6875 = 40.5, to even
        (1.0, 0.001, "bottleneck3_1", 1),  # never none
    ],
)
def test_hidden_width_is_channels_times_t_rounded_half_to_even(alpha, t, block, hidden):
    depthwise = next(layer for layer in layers_of("mobilenet_v2", alpha=alpha, t=t) if layer.name == f"{block}.dw")
    assert depthwise.groups == hidden


@pytest.mark.parametrize(
    ("alpha", "channels"), [(0.1, 1280), (0.35, 1280), (0.75, 1280), (1.0, 1280), (1.3, 1664), (1.4, 1792), (2.0, 2560)]
)
def test_v2_last_convolution_is_widened_but_never_narrowed(alpha: float, channels: int):
    assert layers_of("mobilenet_v2", alpha=alpha)[-1].input.channels == channels


@pytest.mark.parametrize(("network", "table"), V3)
def test_v3_has_a_row_for_each_of_its_table(network: str, table: list):
    assert len(by_row(layers_of(network))) == len(table)


@pytest.mark.parametrize(("network", "number", "row"), V3_ROWS)
def test_v3_is_its_table_row_for_row(network: str, number: int, row: tuple):
    side, channels, operator, exp, out, se, nonlinearity, s = row
    ((*inner, last),) = by_row(layers_of(network))[number]
    x = (inner or [last])[0].input
    assert (x.height, x.width, x.channels) == (side, side, channels)
    assert last.output.channels == (out or channels)
    kernels = [layer.kernel[0] for layer in [*inner, last] if layer.kind != "pool" or operator.startswith("pool")]
    assert max(kernels) == next((int(word[0]) for word in operator.split() if "x" in word), 3)
    assert max(layer.stride for layer in [*inner, last]) == s
    assert [layer.groups for layer in inner if layer.kind == "dw"] == ([exp] if exp else [])
    assert any(layer.branch_of for layer in inner) == (se and (network, number) != ("mobilenet_v3_small", V3_MISPRINT))
    main_path = {layer.activation for layer in (inner or [last]) if not layer.branch_of}
    assert main_path == {{"HS": "hard_swish", "RE": "relu", None: None}[nonlinearity]}
    assert last.batch_norm == (operator.split()[-1] != "NBN" and not operator.startswith("pool"))


@pytest.mark.parametrize("number", range(len(MNASNET_FIGURE_7)))
def test_mnasnet_is_figure_7_row_for_row(number: int):
    operator, t, k, se, n, side, channels = MNASNET_FIGURE_7[number]
    repeats = by_row(layers_of("mnasnet_a1"))[number]
    assert len(repeats) == n
    for repeat in repeats:
        y = repeat[-1].output
        assert (y.height, y.width, y.channels) == (side, side, channels)
        assert [layer.kernel for layer in repeat if layer.kind in ("conv", "dw")] == [(k, k)]
        assert any(layer.branch_of for layer in repeat) == se
        assert [layer.groups for layer in repeat if layer.kind == "dw"] == ([t * repeat[0].input.channels] if t else [])
        assert repeat[-1].activation == ("relu" if operator == "Conv" else None)
    expansions = [
        layer for repeat in repeats for layer in repeat if layer.name.endswith(".expand") and layer.kind == "pw"
    ]
    assert len(expansions) == (n if operator.startswith("MBConv") else 0)


def test_a_branch_is_a_chain_from_the_depthwise_output_to_a_gate_for_each_of_its_channels():
    for network in CATALOGUE:
        layers = {layer.name: layer for layer in layers_of(network, alpha=0.6)}
        for layer in layers.values():
            if layer.scales is not None:
                pool, reduce = (layers[layer.name.replace("expand", part)] for part in ("pool", "reduce"))
                scaled = layers[layer.branch_of]
                assert {pool.branch_of, reduce.branch_of} == {scaled.name}
                assert (scaled.kind, scaled.block) == ("dw", layer.block)
                assert pool.input == scaled.output == layer.scales
                assert (pool.output, reduce.output) == (reduce.input, layer.input)
                assert layer.output == (scaled.output.channels, 1, 1)


@pytest.mark.parametrize("network", CATALOGUE)
def test_each_layer_of_the_main_path_begins_where_the_one_before_ends(network: str):
    main_path = [layer for layer in layers_of(network, alpha=0.6, resolution=(60, 97)) if not layer.branch_of]
    assert all(before.output == (after.flattened or after.input) for before, after in pairwise(main_path))


@pytest.mark.parametrize("network", ["vgg16", "pd_lenet"])
def test_a_dense_layer_reads_every_element_of_the_map_before_it(network: str):
    dense = [layer for layer in layers_of(network, alpha=0.6, resolution=(60, 97)) if layer.kind == "fc"]
    assert [layer.input for layer in dense] == [(layer.flattened.elements, 1, 1) for layer in dense]
    assert dense[0].flattened.height * dense[0].flattened.width > 1


def test_vgg_16_is_column_d():
    def printed(layer: Layer) -> str:
        units = f"{layer.output.channels}"
        return {"pool": "maxpool", "fc": f"FC-{units}"}.get(layer.kind, f"conv{layer.kernel[0]}-{units}")

    layers = layers_of("vgg16")
    assert [printed(layer) for layer in layers] == VGG_TABLE_1_D.split()
    assert {(layer.pooling, layer.kernel, layer.stride) for layer in layers if layer.kind == "pool"} == {
        ("max", (2, 2), 2)
    }
    assert [layer.activation for layer in layers if layer.weighted] == ["relu"] * 15 + [None]
    assert [layer.dropout for layer in layers if layer.kind == "fc"] == [0, 0.5, 0.5]


def test_pd_lenet_has_the_printed_maps():
    layers = layers_of("pd_lenet")
    assert layers[0].input == (1, 60, 120)
    assert [tuple(layer.output) for layer in layers] == PD_LENET_MAPS
    assert layers[8].input.channels == 5376
    assert [layer.activation for layer in layers if layer.weighted] == ["relu"] * 6 + [None]


def test_pd_light_is_its_table():
    layers = layers_of("pd_light")
    blocks = [list(block) for name, block in groupby(layers, lambda layer: layer.block) if "bottleneck" in name]
    found = [
        f"{block[-1].output.channels}/{max(layer.stride for layer in block)}/"
        f"{block[-1].input.channels // block[0].input.channels}"
        for block in blocks
    ]
    assert found == PD_LIGHT_RESIDUALS.split()
    first, last, pool, linear = layers[0], *layers[-3:]
    assert (first.input, first.output.channels, first.stride) == ((1, 60, 120), 32, 2)
    assert (last.kernel, last.output.channels, pool.pooling, linear.input) == ((1, 1), 256, "global", (256, 1, 1))


@pytest.mark.parametrize("network", ["vgg16", "pd_lenet"])
def test_alpha_thins_every_layer_but_the_last_of_a_plain_network(network: str):
    full, half = (layers_of(network, alpha=alpha) for alpha in (1, 0.5))
    pairs = [(a.output.channels, b.output.channels) for a, b in zip(full, half, strict=True)]
    assert all(a == 2 * b for a, b in pairs[:-1])
    assert pairs[-1][0] == pairs[-1][1]


@pytest.mark.parametrize(
    ("network", "gate", "branches"),
    [
        ("mobilenet_v3_large", "hard_sigmoid", 8),
        ("mobilenet_v3_small", "hard_sigmoid", 9),
        ("mnasnet_a1", "sigmoid", 8),
    ],
)
def test_a_branch_reduces_with_relu_and_gates(network: str, gate: str, branches: int):
    layers = [layer for layer in layers_of(network) if layer.branch_of]
    assert [layer.kind for layer in layers] == ["pool", "fc", "fc"] * branches
    assert [layer.activation for layer in layers] == [None, "relu", gate] * branches


# Width between the branch's two layers, by hand. V3: a quarter of the hidden width to a multiple of 8, keeping 90 %
# (72 / 4 = 18 goes to 24; 528 / 4 = 132, a half, goes up to 136); MnasNet: a quarter of the block's input channels,
# cut off, at least 1
@pytest.mark.parametrize(
    ("network", "alpha", "widths"),
    [
        ("mobilenet_v3_large", 1.0, [24, 32, 32, 120, 168, 168, 240, 240]),
        ("mobilenet_v3_large", 0.75, [24, 24, 24, 96, 136, 136, 184, 184]),
        ("mobilenet_v3_small", 1.0, [8, 24, 64, 64, 32, 40, 72, 144, 144]),
        ("mnasnet_a1", 1.0, [6, 10, 10, 20, 28, 28, 40, 40]),
        ("mnasnet_a1", 0.35, [2, 4, 4, 8, 10, 10, 14, 14]),
    ],
)
def test_width_inside_a_branch(network: str, alpha: float, widths: list[int]):
    layers = layers_of(network, alpha=alpha)
    assert [layer.output.channels for layer in layers if layer.name.endswith(".se.reduce")] == widths


# The authors' code widens the block's rounded input by exp size / published input, and rounds that: at α = 0.75 row 10
# of Table 1 has 80 · 0.75 = 60 -> 64 channels, 64 · 184 / 80 = 147.2 -> 144 hidden ones
@pytest.mark.parametrize(
    ("alpha", "block", "hidden"),
    [
        (0.75, "bottleneck2", 16),
        (0.75, "bottleneck3", 64),
        (0.75, "bottleneck4", 72),
        (0.75, "bottleneck9", 160),
        (0.75, "bottleneck10", 144),
        (0.1, "bottleneck10", 24),  # 8 · 2.3 = 18.4 -> 16 loses over 10 %
        (1.4, "bottleneck10", 256),  # 112 · 2.3 = 257.6
    ],
)
def test_v3_hidden_width_follows_the_rounded_input(alpha: float, block: str, hidden: int):
    layers = layers_of("mobilenet_v3_large", alpha=alpha)
    assert next(layer for layer in layers if layer.name == f"{block}.dw").groups == hidden


@pytest.mark.parametrize(
    ("network", "alpha", "widths"),
    [
        ("mobilenet_v3_large", 0.75, (720, 1280)),
        ("mobilenet_v3_large", 1.25, (1200, 1600)),
        ("mobilenet_v3_small", 0.75, (432, 1024)),
        ("mnasnet_a1", 0.35, (1280,)),
        ("mnasnet_a1", 1.4, (1280,)),
    ],
)
def test_last_layers_before_the_classifier(network: str, alpha: float, widths: tuple[int, ...]):
    # V3's last convolution follows α, its penultimate layer is never narrowed; MnasNet's 1280 stay
    layers = layers_of(network, alpha=alpha)
    wide = [layer for layer in layers if layer.block != "head" or layer.kind == "fc"][:-1]
    assert tuple(layer.output.channels for layer in wide[-len(widths) :]) == widths


def test_mnasnets_first_block_has_no_shortcut_even_where_channels_are_equal():
    first = [layer for layer in layers_of("mnasnet_a1", alpha=0.25) if layer.block == "bottleneck2"]
    assert (first[0].input.channels, first[-1].output.channels, first[-1].shortcut) == (8, 8, False)


@pytest.mark.parametrize(
    ("network", "shortcuts"), [("mobilenet_v3_large", 10), ("mobilenet_v3_small", 6), ("mnasnet_a1", 9)]
)
def test_shortcuts_as_published(network: str, shortcuts: int):
    # stride 1 and as many channels out as in: rows 2, 4, 6, 7, 9-11, 13, 15, 16 of Table 1; rows 4, 6, 7, 9, 11, 12 of
    # Table 2; every repeat but the first in Figure 7
    assert sum(bool(layer.shortcut) for layer in layers_of(network)) == shortcuts


PLAIN = ("vgg16", "pd_lenet")
"""Networks from before batch norm: biases stand in its place."""


@pytest.mark.parametrize("network", CATALOGUE)
def test_only_pools_and_fully_connected_layers_have_no_batch_norm(network: str):
    for layer in layers_of(network):
        assert layer.batch_norm == (layer.kind not in ("pool", "fc") and network not in PLAIN)
        assert layer.bias == (layer.weighted and not layer.batch_norm)


def strided_sides(network: str, side: int) -> list[int]:
    strided = [layer.output for layer in layers_of(network, resolution=side) if layer.stride == 2]
    assert all(y.height == y.width for y in strided)
    return [y.height for y in strided]


@pytest.mark.parametrize(
    ("side", "sizes"), [(224, [112, 56, 28, 14, 7]), (193, [97, 49, 25, 13, 7]), (32, [16, 8, 4, 2, 1])]
)
@pytest.mark.parametrize("network", [name for name in CATALOGUE if name not in PLAIN])
def test_stride_2_halves_rounding_up(network: str, side: int, sizes: list[int]):
    found = strided_sides(network, side)
    assert found == sizes[: 4 if network == "pd_light" else 5]


@pytest.mark.parametrize(
    ("side", "sizes"), [(224, [112, 56, 28, 14, 7]), (193, [96, 48, 24, 12, 6]), (32, [16, 8, 4, 2, 1])]
)
@pytest.mark.parametrize(("network", "pools"), [("vgg16", 5), ("pd_lenet", 4)])
def test_a_2x2_pool_halves_rounding_down(network: str, pools: int, side: int, sizes: list[int]):
    assert strided_sides(network, side) == sizes[:pools]


@pytest.mark.parametrize("network", CATALOGUE)
def test_height_and_width_do_not_mix(network: str):
    layers = layers_of(network, resolution=(60, 130))
    tall, wide = layers_of(network, resolution=60), layers_of(network, resolution=130)
    assert [layer.output.height for layer in layers] == [layer.output.height for layer in tall]
    assert [layer.output.width for layer in layers] == [layer.output.width for layer in wide]


@pytest.mark.parametrize("network", [name for name in CATALOGUE if not name.startswith("pd_")])
def test_each_network_names_its_paper_and_table(network: str):
    assert re.fullmatch(
        r"arXiv:(1704\.04861|1801\.04381|1905\.02244|1807\.11626|1409\.1556), (Table|Figure) \d(, column D)?",
        CATALOGUE[network].source,
    )


@pytest.mark.parametrize("network", ["pd_lenet", "pd_light"])
def test_a_network_may_have_an_input_and_classes_of_its_own(network: str):
    design = make_design(network)
    assert (design.in_channels, design.height, design.width, design.classes, design.rho) == (1, 60, 120, 6, 1.0)
    half = make_design(network, rho=2)
    assert (half.height, half.width, half.rho) == (120, 240, 2.0)
    assert make_design(network, resolution=120).rho is None
    assert design.label == f"1.0 {design.entry.label}-60x120"
    other = make_design(network, in_channels=3, classes=1000)
    assert other.label == f"1.0 {design.entry.label}-60x120, 3 input channels, 1,000 classes"
