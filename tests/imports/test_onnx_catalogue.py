"""Our own networks, exported by torch and read back: the closed form's figures, to the integer."""

from __future__ import annotations

import io
from typing import Any

import onnx
import pytest
import torch
from torch import nn

import analysis
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.counted import Counted
from analysis.cost.counted.references import counted_reference
from analysis.imports.onnx import read_onnx
from analysis.networks import CATALOGUE
from analysis.networks.design import Design
from analysis.networks.reference import REFERENCES

RESOLUTION = {"pd_lenet": (60, 120), "pd_light": (60, 120)}
KEPT = {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}


def design(network: str) -> Design:
    height, width = RESOLUTION.get(network, (64, 96))
    return Design(network=network, alpha=0.25, height=height, width=width)


def module(network: str) -> nn.Module:
    """In eval mode, with parameters and statistics as of a trained one: none zero, no two equal."""
    made = analysis.build(network, alpha=0.25, resolution=(design(network).height, design(network).width)).eval()
    torch.manual_seed(0)
    for tensor in (*made.parameters(), *made.buffers()):
        if tensor.is_floating_point():
            tensor.data.uniform_(0.5, 1.5)
    return made


def exported(network: str, *, dynamo: bool, made: nn.Module | None = None, **options: Any) -> bytes:
    made = made or module(network)
    image = design(network)
    x = torch.zeros(1, image.in_channels, image.height, image.width)
    if dynamo:
        return torch.onnx.export(made, (x,), verbose=False, **options).model_proto.SerializeToString()
    file = io.BytesIO()
    torch.onnx.export(made, (x,), file, dynamo=False, verbose=False, **options)
    return file.getvalue()


def closed_form(network: str) -> analysis.Totals:
    return analysis.totals(network, alpha=0.25, resolution=(design(network).height, design(network).width))


def batch_norm_params(network: str) -> int:
    norms = [part for part in module(network).modules() if isinstance(part, nn.BatchNorm2d)]
    return sum(parameter.numel() for norm in norms for parameter in norm.parameters())


def assert_equal(counted: Counted, network: str, params: int) -> None:
    totals = closed_form(network)
    assert (counted.mult_adds, counted.params) == (totals.mult_adds, params)
    assert counted.peak_elements * 4 == totals.peak_activation_bytes
    assert counted.peak_unfused_elements * 4 == totals.peak_unfused_bytes
    assert counted.peak_layer.startswith(totals.peak_layer)
    assert counted.unknown == ()


@pytest.mark.parametrize("network", CATALOGUE)
def test_with_batch_norm_all_figures_are_those_of_the_closed_form(network: str):
    counted = read_onnx(exported(network, dynamo=False, **KEPT), name=network)
    assert_equal(counted, network, closed_form(network).params)


@pytest.mark.parametrize("network", CATALOGUE)
@pytest.mark.parametrize("dynamo", [False, True], ids=["older exporter", "newer exporter"])
def test_folded_batch_norm_leaves_a_bias_for_a_scale_and_a_shift(network: str, dynamo: bool):
    counted = read_onnx(exported(network, dynamo=dynamo), name=network)
    assert_equal(counted, network, closed_form(network).params - batch_norm_params(network) // 2)


@pytest.mark.parametrize("network", ["mobilenet_v2", "mobilenet_v3_small"])
def test_an_unoptimised_graph_counts_the_same(network: str):
    counted = read_onnx(exported(network, dynamo=True, optimize=False), name=network)
    assert_equal(counted, network, closed_form(network).params)


@pytest.mark.parametrize("opset", [9, 11, 13, 17, 18])
def test_every_opset_counts_the_same(opset: int):
    counted = read_onnx(exported("mobilenet_v2", dynamo=False, opset_version=opset, **KEPT), name="v2")
    assert_equal(counted, "mobilenet_v2", closed_form("mobilenet_v2").params)


def test_equal_parameters_of_an_untrained_network_are_not_taken_for_shared_ones():
    untrained = analysis.build("mobilenet_v2", alpha=0.25, resolution=(64, 96)).eval()
    data = exported("mobilenet_v2", dynamo=False, made=untrained, **KEPT)
    merged = sum(node.op_type == "Identity" for node in onnx.load_from_string(data).graph.node)
    assert merged > 50  # the exporter keeps one of all batch norms' ones
    assert read_onnx(data, name="v2").params == closed_form("mobilenet_v2").params


@pytest.mark.parametrize("options", [{"dynamo": True}, {"dynamo": False}, {"dynamo": False, **KEPT}])
def test_layers_are_called_by_their_modules(options: dict[str, Any]):
    counted = read_onnx(exported("mobilenet_v3_small", **options), name="v3")
    names = [layer.name for layer in counted.layers]
    weighted = [name for name, part in module("mobilenet_v3_small").named_modules() if hasattr(part, "weight")]
    convolutions = [name for name in weighted if not name.endswith(".bn")]
    assert [name for name in names if not name.endswith(("pool", "squeeze"))] == convolutions


@pytest.mark.parametrize("opset", [13, 17], ids=["hard-swish as two nodes", "hard-swish as one"])
@pytest.mark.parametrize("network", ["mobilenet_v2", "mobilenet_v3_small", "vgg16"])
def test_what_other_tools_print_is_counted_too(network: str, opset: int):
    counted = read_onnx(exported(network, dynamo=False, opset_version=opset, **KEPT), name=network)
    sides = (design(network).height, design(network).width)
    found = {
        name: sum(weight * layer.terms.get(term, 0) for layer in counted.layers for term, weight in one.weights.items())
        for name, one in CONVENTIONS.items()
    }
    assert found == {
        name: analysis.layer_table(network, alpha=0.25, resolution=sides, convention=name)["mult_adds"].sum()
        for name in CONVENTIONS
    }


@pytest.mark.parametrize("network", ["resnet50", "shufflenet_2x", "deeplabv3_mobilenet_v2"])
def test_reference_networks_count_as_torchs_own_operations_do(network: str):
    reference, file = REFERENCES[network], io.BytesIO()
    x = torch.zeros(1, *reference.input_shape)
    torch.onnx.export(reference.build().eval(), (x,), file, dynamo=False, verbose=False, **KEPT)
    counted, expected = read_onnx(file.getvalue(), name=network), counted_reference(network)
    assert (counted.mult_adds, counted.params) == (expected.mult_adds, expected.params)
    assert counted.peak_elements == expected.peak_elements
    assert counted.peak_unfused_elements == expected.peak_unfused_elements
