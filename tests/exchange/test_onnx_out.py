"""The ONNX file of a design is valid, holds every layer, and another runtime computes the same with it."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given, settings

import analysis
from analysis.exchange.onnx_out import LEAST_OPSET, MOST_OPSET, onnx_bytes, onnx_model
from analysis.imports.onnx import read_onnx
from analysis.networks import CATALOGUE, Layer, Network, make_design
from analysis.networks.modules import network_module
from tests.cost.random_rows import networks

SMALLER = {"vgg16": {"alpha": 0.25}, "mobilenet_v1_full_conv": {"alpha": 0.5}}
DESIGNS = [make_design(name, **SMALLER.get(name, {})) for name in CATALOGUE]
DESIGNS += [make_design("mobilenet_v2", alpha=0.35, resolution="64x96", t=1, in_channels=1, classes=7)]


def shapes_in(model: onnx.ModelProto) -> dict[str, list[int]]:
    """Every map's shape without the batch, and every weight's."""
    values = [*model.graph.value_info, *model.graph.input, *model.graph.output]
    shapes = {value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim[1:]] for value in values}
    return shapes | {weight.name: list(weight.dims) for weight in model.graph.initializer}


def mult_adds_in(model: onnx.ModelProto) -> int:
    """Of each convolution and matrix product: the weights one output channel reads, times what it writes."""
    shapes = shapes_in(model)
    nodes = [node for node in model.graph.node if node.op_type in ("Conv", "Gemm")]
    return sum(math.prod(shapes[node.input[1]][1:]) * math.prod(shapes[node.output[0]]) for node in nodes)


def check_runs_as_torch(layers: list[Layer], *, opset: int) -> None:
    module = network_module(layers).eval()
    with torch.no_grad():
        for name, tensor in module.named_buffers():
            if name.endswith(("running_mean", "running_var")):
                tensor.uniform_(0.5, 1.5)
    weights = {name: tensor.numpy() for name, tensor in module.state_dict().items()}
    model = onnx_model(layers, name="network", opset=opset, weights=weights)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    image = torch.rand(2, *(int(side) for side in layers[0].input))
    with torch.no_grad():
        expected = module(image).numpy()
    (computed,) = session.run(None, {"input": image.numpy()})
    np.testing.assert_allclose(computed, expected, rtol=1e-3, atol=1e-3 * np.abs(expected).max() + 1e-6)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.label)
def test_the_file_is_valid_and_holds_the_designs_counts(design):
    model, totals = onnx.load_from_string(onnx_bytes(design)), analysis.totals(design)
    onnx.checker.check_model(model, full_check=True)
    assert mult_adds_in(model) == totals.mult_adds
    sizes = [math.prod(weight.dims) for weight in model.graph.initializer if weight.name.endswith(("weight", "bias"))]
    assert sum(sizes) == totals.params
    assert {prop.key: prop.value for prop in model.metadata_props} == {
        "network": design.network,
        "mult_adds": str(totals.mult_adds),
        "params": str(totals.params),
    }


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.label)
def test_our_reader_of_onnx_files_counts_the_same(design):
    counted, totals = read_onnx(onnx_bytes(design), name="network.onnx"), analysis.totals(design)
    assert (counted.mult_adds, counted.params) == (totals.mult_adds, totals.params)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.label)
def test_weights_and_maps_have_the_built_networks_names_and_shapes(design):
    model = onnx.load_from_string(onnx_bytes(design))
    names = [weight.name for weight in model.graph.initializer if weight.name.endswith(("weight", "bias"))]
    built = analysis.build(design)
    assert names == [name for name, _ in built.named_parameters()]
    shapes = shapes_in(model)
    assert {name: shapes[name] for name in names} == {name: list(p.shape) for name, p in built.named_parameters()}
    nodes = {node.name: node for node in model.graph.node}
    for layer in design.layers():
        if layer.weighted and layer.kind != "fc":
            assert shapes[nodes[f"{layer.name}.conv"].output[0]] == list(layer.output)


@pytest.mark.parametrize("name", [name for name in CATALOGUE if name != "vgg16"])
def test_onnxruntime_computes_what_torch_does(name: str):
    check_runs_as_torch(make_design(name, rho=0.6).layers(), opset=17)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_onnxruntime_computes_what_torch_does_with_any_rows(network: Network):
    check_runs_as_torch(network.layers(), opset=17)


@pytest.mark.parametrize("opset", [LEAST_OPSET, MOST_OPSET])
def test_other_opsets_run(opset: int):
    check_runs_as_torch(make_design("mobilenet_v3_small", alpha=0.35, rho=0.25).layers(), opset=opset)


def test_the_batch_is_open_or_fixed():
    design = make_design("pd_light", alpha=0.5)
    for batch, shape in ((None, ["N", 1, 60, 120]), (4, [4, 1, 60, 120])):
        session = onnxruntime.InferenceSession(onnx_bytes(design, batch=batch), providers=["CPUExecutionProvider"])
        assert session.get_inputs()[0].shape == shape
        (output,) = session.run(None, {"input": np.zeros((4, 1, 60, 120), np.float32)})
        assert output.shape == (4, 6)


def test_the_same_design_is_the_same_file():
    assert onnx_bytes(make_design("pd_light")) == onnx_bytes(make_design("pd_light"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"opset": 13}, "opset must be at least 14, got 13"),
        ({"opset": 99}, "opset must be at most 21, got 99"),
        ({"batch": 0}, "batch must be at least 1, got 0"),
        ({"weights": {}}, "the weights must hold conv1.conv.weight, as the built network's state does"),
        ({"most_bytes": 1_000}, "1.0 PD-Light-60x120 has 811,800 bytes of weights, the limit of an ONNX file is 1,000"),
    ],
)
def test_what_cannot_be_written_is_said(options: dict[str, int], message: str):
    with pytest.raises(ValueError, match=r".") as caught:
        onnx_bytes(make_design("pd_light"), **options)
    assert str(caught.value) == message


def test_a_network_too_large_for_a_download_is_refused():
    with pytest.raises(ValueError, match=r"553,430,176 bytes of weights, the limit of an ONNX file is 100,000,000"):
        onnx_bytes(make_design("vgg16"))


def test_it_is_written_without_torch():
    code = (
        "import sys\nfrom analysis.exchange.onnx_out import onnx_bytes\nfrom analysis.networks import make_design\n"
        "onnx_bytes(make_design('pd_light'))\nprint('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "False"
