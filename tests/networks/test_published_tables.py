"""Every network is its paper's table, row for row."""

from __future__ import annotations

from itertools import pairwise

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


@pytest.mark.parametrize("network", CATALOGUE)
def test_only_the_head_has_bias_and_no_batch_norm(network: str):
    for layer in layers_of(network):
        assert layer.batch_norm == (layer.kind not in ("pool", "fc"))
        assert layer.bias == (layer.kind == "fc")


@pytest.mark.parametrize(
    ("side", "sizes"), [(224, [112, 56, 28, 14, 7]), (193, [97, 49, 25, 13, 7]), (32, [16, 8, 4, 2, 1])]
)
@pytest.mark.parametrize("network", CATALOGUE)
def test_stride_2_halves_rounding_up(network: str, side: int, sizes: list[int]):
    strided = [layer.output for layer in layers_of(network, resolution=side) if layer.stride == 2]
    assert [(y.height, y.width) for y in strided] == [(size, size) for size in sizes]


@pytest.mark.parametrize("network", CATALOGUE)
def test_height_and_width_do_not_mix(network: str):
    layers = layers_of(network, resolution=(60, 130))
    tall, wide = layers_of(network, resolution=60), layers_of(network, resolution=130)
    assert [layer.output.height for layer in layers] == [layer.output.height for layer in tall]
    assert [layer.output.width for layer in layers] == [layer.output.width for layer in wide]


@pytest.mark.parametrize("network", CATALOGUE)
def test_each_network_names_its_paper_and_table(network: str):
    assert CATALOGUE[network].source.startswith(("arXiv:1704.04861, Table ", "arXiv:1801.04381, Table "))
