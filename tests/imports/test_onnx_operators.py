"""What each operator costs and holds, by arithmetic on its definition."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from onnx import helper
from torch import nn

from analysis.imports.onnx import Refused, read_onnx

node = helper.make_node
MAP = {"x": [1, 16, 14, 14]}


def test_a_convolution_and_its_bias(file):
    data = file(
        node("Conv", ["x", "w", "b"], ["y"], pads=[1] * 4), inputs=MAP, weights={"w": (32, 16, 3, 3), "b": (32,)}
    )
    (layer,) = read_onnx(data, name="net").layers
    assert (layer.mult_adds, layer.params, layer.weights) == (903_168, 32 * 16 * 9 + 32, 32 * 16 * 9)
    assert (layer.formula, layer.kind, layer.terms["bias"]) == ("3·3·16·32·14·14", "conv", 6_272)


def test_a_batch_of_four_costs_four_times_as_much(file):
    data = file(
        node("Conv", ["x", "w"], ["y"], pads=[1] * 4), inputs={"x": ["N", 16, 14, 14]}, weights={"w": (32, 16, 3, 3)}
    )
    assert read_onnx(data, name="net").mult_adds == 903_168
    assert read_onnx(data, name="net", sizes={"N": 4}).mult_adds == 4 * 903_168


@pytest.mark.parametrize(
    ("weight", "options", "mult_adds"),
    [
        ((16, 8, 4, 4), {"strides": [2, 2], "pads": [1] * 4}, 401_408),
        ((16, 1, 3, 3), {"strides": [2, 2], "pads": [1] * 4, "output_padding": [1, 1], "group": 16}, 28_224),
    ],
)
def test_a_transposed_convolution_is_laid_down_on_its_input(file, weight, options, mult_adds):
    data = file(node("ConvTranspose", ["x", "w"], ["y"], **options), inputs=MAP, weights={"w": weight})
    assert read_onnx(data, name="net").mult_adds == mult_adds


QUANTISED = {"scale": np.float32(0.1), "zero": np.uint8(0), "kernel": np.ones((32, 16, 3, 3), np.uint8)}
QUANTISED |= {"bias": np.ones(32, np.int32)}
TO_BYTES = node("QuantizeLinear", ["x", "scale", "zero"], ["q"])


@pytest.mark.parametrize(
    ("nodes", "params"),
    [
        (
            [
                TO_BYTES,
                node("DequantizeLinear", ["q", "scale", "zero"], ["d"]),
                node("DequantizeLinear", ["kernel", "scale", "zero"], ["w"]),
                node("Conv", ["d", "w"], ["y"], pads=[1] * 4),
            ],
            4608,
        ),
        (
            [
                TO_BYTES,
                node(
                    "QLinearConv",
                    ["q", "scale", "zero", "kernel", "scale", "zero", "scale", "zero", "bias"],
                    ["y"],
                    pads=[1] * 4,
                ),
            ],
            4608 + 32,
        ),
        ([TO_BYTES, node("ConvInteger", ["q", "kernel", "zero", "zero"], ["y"], pads=[1] * 4)], 4608),
    ],
    ids=["quantise and dequantise", "QLinearConv", "ConvInteger"],
)
def test_a_quantised_convolution_counts_as_it_would_in_floats(file, nodes, params):
    counted = read_onnx(file(*nodes, inputs=MAP, constants=QUANTISED), name="net")
    assert (counted.mult_adds, counted.params, counted.unknown) == (903_168, params, ())


ROWS = {"x": [1, 100, 64]}


@pytest.mark.parametrize(
    ("made", "weights", "constants", "params"),
    [
        (node("MatMul", ["x", "w"], ["y"]), {"w": (64, 32)}, {}, 2048),
        (node("Einsum", ["x", "w"], ["y"], equation="...i,ij->...j"), {"w": (64, 32)}, {}, 2048),
        (
            node("FusedMatMul", ["x", "w"], ["y"], domain="com.microsoft", transB=1),
            {"w": (32, 64)},
            {},
            2048,
        ),
        (
            node("MatMulNBits", ["x", "w", "scales"], ["y"], domain="com.microsoft", K=64, N=32, bits=4, block_size=16),
            {"scales": (32 * 4,)},
            {"w": np.zeros((32, 4, 8), np.uint8)},
            2048,
        ),
    ],
    ids=["MatMul", "Einsum", "FusedMatMul", "MatMulNBits"],
)
def test_a_fully_connected_layer_on_a_sequence(file, made, weights, constants, params):
    counted = read_onnx(file(made, inputs=ROWS, weights=weights, constants=constants), name="net")
    assert (counted.mult_adds, counted.params, counted.layers[0].kind) == (204_800, params, "fc")


@pytest.mark.parametrize(("trans_a", "trans_b"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_a_general_product_is_the_same_either_way_round(file, trans_a, trans_b):
    data = file(
        node("Gemm", ["x", "w", "b"], ["y"], transA=trans_a, transB=trans_b),
        inputs={"x": (64, 5)[:: 1 if trans_a else -1]},
        weights={"w": (64, 32)[:: -1 if trans_b else 1], "b": (32,)},
    )
    assert (read_onnx(data, name="net").mult_adds, read_onnx(data, name="net").params) == (5 * 64 * 32, 64 * 32 + 32)


def test_a_product_of_two_computed_matrices_has_no_weights(file):
    data = file(
        node("Transpose", ["x"], ["t"], perm=[0, 2, 1]), node("MatMul", ["x", "t"], ["y"]), inputs={"x": [2, 100, 64]}
    )
    counted = read_onnx(data, name="net")
    assert (counted.mult_adds, counted.params) == (2 * 100 * 64 * 100, 0)
    assert counted.layers[0].kind == "matmul"


@pytest.mark.parametrize(("module", "figure"), [(nn.LSTM, 36_000), (nn.GRU, 27_000), (nn.RNN, 9_000)])
def test_recurrent_layers_hold_torchs_parameters(module, figure):
    made, x = module(10, 20).eval(), torch.zeros(5, 3, 10)
    target = io.BytesIO()
    torch.onnx.export(made, (x,), target, dynamo=False, verbose=False)
    counted = read_onnx(target.getvalue(), name="net")
    assert (counted.mult_adds, counted.params) == (figure, sum(part.numel() for part in made.parameters()))


def attention_options(operator: str) -> dict[str, object]:
    return {"domain": "com.microsoft", "num_heads": 4} if operator == "MultiHeadAttention" else {}


@pytest.mark.parametrize("operator", ["Attention", "MultiHeadAttention"])
def test_attention_is_two_products_a_head(file, operator):
    shape = [1, 4, 64, 16] if operator == "Attention" else [1, 64, 64]
    data = file(
        node(operator, ["x", "k", "v"], ["y"], **attention_options(operator)),
        inputs=dict.fromkeys("xkv", shape),
        opset=23,
    )
    counted = read_onnx(data, name="net")
    assert (counted.mult_adds, counted.params, counted.unknown) == (524_288, 0, ())


def test_multi_head_attention_of_torch():
    made, x = nn.MultiheadAttention(64, 4, batch_first=True).eval(), torch.zeros(1, 100, 64)
    target = io.BytesIO()
    torch.onnx.export(made, (x, x, x), target, dynamo=False, verbose=False)
    counted = read_onnx(target.getvalue(), name="net")
    assert (counted.mult_adds, counted.params) == (2_918_400, sum(part.numel() for part in made.parameters()))


def test_an_embedding_costs_nothing_and_holds_its_table():
    target = io.BytesIO()
    torch.onnx.export(nn.Embedding(10, 3), (torch.zeros(1, 7, dtype=torch.int64),), target, dynamo=False, verbose=False)
    counted = read_onnx(target.getvalue(), name="net")
    assert (counted.mult_adds, counted.params) == (0, 30)


@pytest.mark.parametrize(
    "norm", [nn.BatchNorm2d(16), nn.InstanceNorm2d(16, affine=True), nn.GroupNorm(4, 16), nn.LayerNorm([16, 14, 14])]
)
def test_norms_hold_a_scale_and_a_shift(norm: nn.Module):
    module = nn.Sequential(nn.Conv2d(16, 16, 1, bias=False), norm).eval()
    for parameter in module.parameters():
        nn.init.uniform_(parameter)
    target = io.BytesIO()
    torch.onnx.export(
        module,
        (torch.zeros(1, 16, 14, 14),),
        target,
        dynamo=False,
        verbose=False,
        do_constant_folding=False,
        training=torch.onnx.TrainingMode.PRESERVE,
    )
    counted = read_onnx(target.getvalue(), name="net")
    assert counted.params == sum(part.numel() for part in module.parameters())
    assert counted.unknown == ()


def test_weights_through_views_and_casts_are_weights(file):
    nodes = [
        node("Transpose", ["w"], ["t"], perm=[1, 0]),
        node("Cast", ["t"], ["half"], to=10),
        node("Cast", ["half"], ["full"], to=1),
        node("Reshape", ["full", "shape"], ["matrix"]),
        node("MatMul", ["x", "matrix"], ["y"]),
    ]
    data = file(*nodes, inputs=ROWS, weights={"w": (32, 64)}, constants={"shape": np.array([64, -1])})
    counted = read_onnx(data, name="net")
    assert (counted.mult_adds, counted.params, len(counted.layers)) == (204_800, 2048, 1)


def test_a_shared_weight_counts_once_and_costs_at_every_call(file):
    nodes = [node("Conv", ["x", "w"], ["a"]), node("Conv", ["a", "w"], ["b"]), node("Conv", ["b", "w"], ["y"])]
    counted = read_onnx(file(*nodes, inputs=MAP, weights={"w": (16, 16, 1, 1)}), name="net")
    assert (counted.mult_adds, counted.params) == (3 * 16 * 16 * 196, 256)
    assert [layer.params for layer in counted.layers] == [256, 0, 0]


def test_numbers_of_a_formula_are_no_parameters(file):
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("Add", ["c", "three"], ["a"]),
        node("Clip", ["a", "zero", "six"], ["r"]),
        node("Mul", ["c", "r"], ["m"]),
        node("Div", ["m", "six"], ["y"]),
    ]
    numbers = {"three": np.float32(3), "zero": np.float32(0), "six": np.float32(6)}
    counted = read_onnx(file(*nodes, inputs=MAP, weights={"w": (16, 16, 1, 1)}, constants=numbers), name="net")
    assert (counted.params, counted.unknown) == (256, ())
    assert counted.peak_elements == 2 * 16 * 196  # the activation is done in place, though three nodes spell it out


@pytest.mark.parametrize(
    "one", [node("GlobalAveragePool", ["x"], ["y"]), node("ReduceMean", ["x"], ["y"], axes=[2, 3])]
)
def test_a_mean_over_the_map_is_a_pool_however_it_is_written(file, one):
    (layer,) = read_onnx(file(one, inputs=MAP), name="net").layers
    assert (layer.kind, layer.kernel, layer.mult_adds, layer.terms) == (
        "pool",
        (14, 14),
        0,
        {"pool": 16 * 196, "pool_means": 16},
    )


def test_channels_that_do_not_fit_are_refused(file):
    data = file(node("Conv", ["x", "w"], ["y"], name="stem"), inputs=MAP, weights={"w": (32, 8, 3, 3)})
    with pytest.raises(Refused, match="Conv stem reads 16 channels, its kernel 8"):
        read_onnx(data, name="net")


def test_a_convolution_along_a_line_shows_its_channels(file):
    data = file(node("Conv", ["x", "w"], ["y"]), inputs={"x": [1, 8, 50]}, weights={"w": (4, 8, 3)})
    (layer,) = read_onnx(data, name="net").layers
    assert (layer.input, layer.output, layer.formula) == ((8, 50, 1), (4, 48, 1), "3·8·4·48")


def test_a_mask_that_hides_later_positions_is_no_parameter(file):
    hidden = np.triu(np.full((100, 100), -np.inf, np.float32), 1)
    nodes = [
        node("Transpose", ["x"], ["t"], perm=[0, 2, 1]),
        node("MatMul", ["x", "t"], ["scores"]),
        node("Add", ["scores", "mask"], ["masked"]),
        node("Softmax", ["masked"], ["y"]),
    ]
    assert read_onnx(file(*nodes, inputs=ROWS, constants={"mask": hidden}), name="net").params == 0
    assert read_onnx(file(*nodes, inputs=ROWS, weights={"mask": (100, 100)}), name="net").params == 10_000


MICROSOFT = "com.microsoft"


def test_a_fused_norm_hands_on_the_sum_it_normalised(file):
    norm = node(
        "SkipLayerNormalization", ["x", "z", "gamma", "beta"], ["n", "", "", "sum"], domain=MICROSOFT, epsilon=1e-5
    )
    nodes = [norm, node("MatMul", ["n", "w"], ["m"]), node("Add", ["m", "sum"], ["y"])]
    weights = {"gamma": (64,), "beta": (64,), "w": (64, 64)}
    counted = read_onnx(file(*nodes, inputs={"x": [1, 100, 64], "z": [1, 100, 64]}, weights=weights), name="net")
    assert (counted.mult_adds, counted.params, counted.unknown) == (100 * 64 * 64, 128 + 4096, ())
    assert counted.peak_elements == 3 * 6400  # the matrix product reads, writes, and the sum is held


def test_packed_attention_of_onnxruntime(file):
    made = node("Attention", ["x", "w", "b"], ["y"], domain=MICROSOFT, num_heads=4)
    counted = read_onnx(file(made, inputs=ROWS, weights={"w": (64, 192), "b": (192,)}), name="net")
    assert (counted.mult_adds, counted.params) == (100 * 64 * 192 + 2 * 100 * 100 * 64, 64 * 192 + 192)


def test_attention_of_groups_reads_past_keys(file):
    inputs = {"q": [1, 1, 64], "k": [1, 1, 32], "v": [1, 1, 32], "pk": [1, 2, 99, 16], "pv": [1, 2, 99, 16]}
    options = {"domain": MICROSOFT, "num_heads": 4, "kv_num_heads": 2}
    counted = read_onnx(file(node("GroupQueryAttention", list(inputs), ["y"], **options), inputs=inputs), name="net")
    assert counted.mult_adds == 4 * 100 * 2 * 16


def test_quantised_maps_are_joined(file):
    scaled = ["scale", "zero"]
    nodes = [
        node("QuantizeLinear", ["x", *scaled], ["q"]),
        node("QLinearConcat", [*scaled, "q", *scaled, "q", *scaled], ["both"], domain=MICROSOFT, axis=1),
        node("DequantizeLinear", ["both", *scaled], ["d"]),
        node("Conv", ["d", "w"], ["y"]),
    ]
    constants = {"scale": np.float32(0.1), "zero": np.uint8(0)}
    counted = read_onnx(file(*nodes, inputs=MAP, weights={"w": (8, 32, 1, 1)}, constants=constants), name="net")
    assert (counted.mult_adds, counted.unknown) == (32 * 8 * 196, ())


def test_places_of_maxima_are_kept_for_an_unpool_and_not_before(file):
    nodes = [
        node("Conv", ["x", "w"], ["c"]),
        node("MaxPool", ["c"], ["p", "places"], kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", ["p", "v"], ["d"]),
        node("MaxUnpool", ["d", "places"], ["y"], kernel_shape=[2, 2], strides=[2, 2]),
    ]
    counted = read_onnx(file(*nodes, inputs=MAP, weights={"w": (16, 16, 1, 1), "v": (16, 16, 1, 1)}), name="net")
    assert counted.peak_elements == 2 * 16 * 196  # of the first convolution, where no place is known yet


@pytest.mark.parametrize("apart", [True, False])
def test_numbers_in_the_graph_are_weights_only_where_no_weights_stand_apart(file, apart):
    row = helper.make_tensor("row", 1, [64], np.ones(64, np.float32))
    matrix = node("Constant", [], ["w"], value=helper.make_tensor("w", 1, [64, 2], np.ones(128, np.float32)))
    nodes = [node("Constant", [], ["c"], value=row), node("Mul", ["x", "c"], ["s"]), node("MatMul", ["s", "w"], ["y"])]
    data = file(*nodes, inputs=ROWS, weights={"w": (64, 2)}) if apart else file(matrix, *nodes, inputs=ROWS)
    assert read_onnx(data, name="net").params == (128 if apart else 128 + 64)
