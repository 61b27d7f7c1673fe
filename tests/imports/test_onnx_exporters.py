"""Files as other exporters write them, and published networks in ONNX's own test data."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import helper
from torch import nn

from analysis.imports.onnx import read_onnx

node = helper.make_node
LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"


def test_tensorflow_by_tf2onnx(file):
    """NHWC in, one transpose, explicit pads, Relu6 as Clip, a depthwise kernel, a mean for a pool, MatMul and Add."""
    nodes = [
        node("Transpose", ["image"], ["nchw"], perm=[0, 3, 1, 2], name="model/conv1/Conv2D__6"),
        node("Pad", ["nchw", "pads"], ["padded"], name="model/pad/Pad"),
        node("Conv", ["padded", "w"], ["c1"], strides=[2, 2], name="StatefulPartitionedCall/model/conv1/Conv2D"),
        node("Clip", ["c1", "zero", "six"], ["r1"], name="StatefulPartitionedCall/model/relu/Relu6"),
        node("Conv", ["r1", "dw", "bias"], ["c2"], group=32, auto_pad="SAME_UPPER", name="model/dw/depthwise"),
        node("Clip", ["c2", "zero", "six"], ["r2"], name="model/relu_1/Relu6"),
        node("ReduceMean", ["r2"], ["mean"], axes=[2, 3], keepdims=1, name="model/pool/Mean"),
        node("Squeeze", ["mean", "axes"], ["flat"], name="model/pool/Mean_Squeeze__20"),
        node("MatMul", ["flat", "fc"], ["m"], name="model/dense/MatMul"),
        node("Add", ["m", "fc_bias"], ["a"], name="model/dense/BiasAdd"),
        node("Softmax", ["a"], ["y"], name="model/dense/Softmax"),
    ]
    constants = {"pads": np.array([0, 0, 0, 0, 0, 0, 1, 1]), "zero": np.float32(0), "six": np.float32(6)}
    constants |= {"axes": np.array([2, 3])}
    weights = {"w": (32, 3, 3, 3), "dw": (32, 1, 3, 3), "bias": (32,), "fc": (32, 10), "fc_bias": (10,)}
    data = file(*nodes, inputs={"image": ["unk__6", 224, 224, 3]}, weights=weights, constants=constants)
    counted = read_onnx(data, name="net")
    assert counted.mult_adds == 864 * 112 * 112 + 288 * 112 * 112 + 320
    assert counted.params == 864 + 288 + 32 + 320 + 10
    assert [layer.name for layer in counted.layers] == [
        *("model/conv1/Conv2D", "model/dw/depthwise", "model/pool/Mean", "model/dense/MatMul")
    ]
    assert [layer.kind for layer in counted.layers] == ["conv", "dw", "pool", "fc"]
    assert counted.layers[-1].terms["bias"] == 10
    assert sum(layer.terms.get("relu6", 0) for layer in counted.layers) == 2 * 32 * 112 * 112


def test_keras_layer_by_layer_in_channels_last(file):
    """A transpose before and after every convolution; batch norm as it is; a flatten by Reshape."""
    nodes = []
    for at, (source, norm) in enumerate((("x", "n0"), ("n0", "n1"))):
        nodes += [
            node("Transpose", [source], [f"t{at}"], perm=[0, 3, 1, 2]),
            node("Conv", [f"t{at}", f"w{at}", f"b{at}"], [f"c{at}"], pads=[1] * 4, name=f"conv2d_{at}"),
            node(
                "BatchNormalization",
                [f"c{at}", *(f"{part}{at}" for part in ("gamma", "beta", "mean", "var"))],
                [f"bn{at}"],
            ),
            node("Transpose", [f"bn{at}"], [norm], perm=[0, 2, 3, 1]),
        ]
    nodes += [node("Reshape", ["n1", "shape"], ["flat"]), node("Gemm", ["flat", "fc", "fb"], ["y"])]
    weights = {"w0": (8, 3, 3, 3), "w1": (8, 8, 3, 3), "fc": (8 * 64, 10), "fb": (10,)}
    weights |= {f"{part}{at}": (8,) for at in range(2) for part in ("b", "gamma", "beta", "mean", "var")}
    data = file(*nodes, inputs={"x": ["N", 8, 8, 3]}, weights=weights, constants={"shape": np.array([-1, 512])})
    counted = read_onnx(data, name="net")
    assert counted.mult_adds == 64 * (216 + 576) + 5120
    assert counted.params == 216 + 576 + 2 * (8 + 16) + 5130  # running mean and variance are no parameters


def test_paddle_with_decomposed_parts(file):
    """Matrix product and bias as two nodes, sigmoid gates, a bias reshaped to [1, C, 1, 1], pools with their kernel."""
    nodes = [
        node("Identity", ["x"], ["in"], name="p2o.Identity.0"),
        node("Conv", ["in", "conv2d_0.w_0"], ["c"], pads=[1] * 4, name="p2o.Conv.0"),
        node("Reshape", ["conv2d_0.b_0", "as_map"], ["b"], name="p2o.Reshape.0"),
        node("Add", ["c", "b"], ["a"], name="p2o.Add.0"),
        node("Sigmoid", ["a"], ["s"], name="p2o.Sigmoid.0"),
        node("Mul", ["a", "s"], ["swish"], name="p2o.Mul.0"),
        node("GlobalAveragePool", ["swish"], ["g"], name="p2o.GlobalAveragePool.0"),
        node("Flatten", ["g"], ["f"], axis=1, name="p2o.Flatten.0"),
        node("MatMul", ["f", "linear_0.w_0"], ["m"], name="p2o.MatMul.0"),
        node("Add", ["m", "linear_0.b_0"], ["y"], name="p2o.Add.1"),
    ]
    weights = {"conv2d_0.w_0": (8, 3, 3, 3), "conv2d_0.b_0": (8,), "linear_0.w_0": (8, 5), "linear_0.b_0": (5,)}
    data = file(*nodes, inputs={"x": [-1, 3, 16, 16]}, weights=weights, constants={"as_map": np.array([1, 8, 1, 1])})
    counted = read_onnx(data, name="net")
    assert (counted.mult_adds, counted.params) == (216 * 256 + 40, 216 + 8 + 40 + 5)
    assert counted.peak_elements == 8 * 256 + max(3 * 256, 8)  # the swish is done in place


def test_scikit_learns_perceptron(file):
    nodes = [
        node("Cast", ["X"], ["cast"], to=1),
        node("MatMul", ["cast", "coefficient"], ["m"]),
        node("Add", ["m", "intercepts"], ["a"]),
        node("Relu", ["a"], ["r"]),
        node("MatMul", ["r", "coefficient1"], ["m1"]),
        node("Add", ["m1", "intercepts1"], ["a1"]),
        node("Softmax", ["a1"], ["p"]),
        node("ArgMax", ["p"], ["best"], axis=1),
        node("ArrayFeatureExtractor", ["classes", "best"], ["label"], domain="ai.onnx.ml"),
        node("ZipMap", ["p"], ["y"], domain="ai.onnx.ml", classlabels_int64s=[0, 1, 2]),
    ]
    weights = {"coefficient": (4, 100), "intercepts": (1, 100), "coefficient1": (100, 3), "intercepts1": (1, 3)}
    data = file(*nodes, inputs={"X": [None, 4]}, weights=weights, constants={"classes": np.array([0, 1, 2])})
    counted = read_onnx(data, name="net")
    assert (counted.mult_adds, counted.params, counted.unknown) == (700, 803, ())


def test_scikit_learns_logistic_regression(file):
    made = node(
        "LinearClassifier", ["X"], ["label", "y"], domain="ai.onnx.ml", coefficients=[0.5] * 12, intercepts=[0.1] * 3
    )
    counted = read_onnx(file(made, inputs={"X": [None, 4]}), name="net")
    assert (counted.mult_adds, counted.params) == (12, 15)


def test_mobile_weights_in_bytes(file):
    """TensorFlow Lite's int8 networks: every value quantised and dequantised, biases in 32-bit integers."""
    quantised = [
        node("QuantizeLinear", ["x", "scale", "zero"], ["q0"]),
        node("DequantizeLinear", ["q0", "scale", "zero"], ["d0"]),
        node("DequantizeLinear", ["w", "scales", "zeros"], ["dw"], axis=0),
        node("DequantizeLinear", ["b", "scale"], ["db"]),
        node("Conv", ["d0", "dw", "db"], ["c"], pads=[1] * 4),
        node("QuantizeLinear", ["c", "scale", "zero"], ["q1"]),
        node("DequantizeLinear", ["q1", "scale", "zero"], ["y"]),
    ]
    constants = {"scale": np.float32(0.1), "zero": np.int8(0), "w": np.ones((8, 3, 3, 3), np.int8)}
    constants |= {"scales": np.ones(8, np.float32), "zeros": np.zeros(8, np.int8), "b": np.ones(8, np.int32)}
    counted = read_onnx(file(*quantised, inputs={"x": [1, 3, 8, 8]}, constants=constants), name="net")
    assert (counted.mult_adds, counted.params, len(counted.layers)) == (216 * 64, 216 + 8, 1)


# Krizhevsky 2012 in Caffe's form, Simonyan 2015 (configuration E), He 2016, Iandola 2016 (SqueezeNet 1.1)
PUBLISHED_PARAMS = {"bvlc_alexnet": 60_965_224, "vgg19": 143_667_240, "resnet50": 25_557_032, "squeezenet": 1_235_496}


@pytest.mark.parametrize("network", PUBLISHED_PARAMS)
def test_published_networks_have_their_published_parameters(network):
    assert read_onnx(LIGHT / f"light_{network}.onnx", name=network).params == PUBLISHED_PARAMS[network]


def arithmetic(model: onnx.ModelProto) -> int:
    """Mult-Adds by the shapes that onnx's own inference writes down, as weights × positions of each output."""
    shapes = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
    for given in (*model.graph.value_info, *model.graph.input, *model.graph.output):
        shapes[given.name] = [side.dim_value for side in given.type.tensor_type.shape.dim]
    convolutions = [node for node in model.graph.node if node.op_type == "Conv"]
    products = [node for node in model.graph.node if node.op_type == "Gemm"]
    return sum(np.prod(shapes[node.input[1]]) * np.prod(shapes[node.output[0]][2:]) for node in convolutions) + sum(
        np.prod(shapes[node.input[1]]) for node in products
    )


@pytest.mark.parametrize("path", sorted(LIGHT.glob("*.onnx")), ids=lambda path: path.stem)
def test_every_light_model_counts_as_by_a_second_arithmetic(path: Path):
    counted = read_onnx(path, name=path.stem)
    model = onnx.shape_inference.infer_shapes(onnx.load(path), data_prop=True)
    assert counted.mult_adds == arithmetic(model)
    assert counted.mult_adds > 10**8
    assert counted.unknown == ()


def transformer() -> nn.Module:
    layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True, activation="gelu")
    return nn.Sequential(nn.TransformerEncoder(layer, 2, enable_nested_tensor=False), nn.Linear(32, 7))


@pytest.mark.parametrize(
    "options", [{"dynamo": False, "opset_version": 14}, {"dynamo": True}, {"dynamo": True, "opset_version": 23}]
)
def test_a_transformer_of_torch(options):
    module, x, target = transformer().eval(), torch.zeros(1, 10, 32), io.BytesIO()
    for part in module.parameters():
        nn.init.uniform_(part)
    torch.onnx.export(module, (x,), target, verbose=False, **options)
    counted = read_onnx(target.getvalue(), name="net")
    block = 10 * 32 * 96 + 2 * 10 * 10 * 32 + 10 * 32 * 32 + 2 * 10 * 32 * 64
    assert counted.mult_adds == 2 * block + 10 * 32 * 7
    assert counted.params == sum(part.numel() for part in module.parameters())
    assert counted.unknown == ()
