"""The code of a design runs by itself and is the network we build, to the last count, name, shape and output."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Sequence

import pytest
import torch
from hypothesis import given, settings
from torch import nn

import analysis
from analysis.cost.audit_count import count_module
from analysis.exchange.pytorch_code import layers_code, pytorch_code
from analysis.networks import CATALOGUE, Design, Layer, Network, make_design, parse_network
from analysis.networks.modules import network_module
from analysis.networks.rows import BLOCKS, ConvLast
from tests.cost.random_rows import networks

OTHER = {
    "mobilenet_v2": [{"alpha": 0.35, "rho": 96 / 224, "t": 3}, {"t": 1, "resolution": 32, "in_channels": 1}],
    "mobilenet_v3_small": [{"alpha": 0.35, "resolution": "64x96"}],
    "mobilenet_v1": [{"alpha": 0.25, "rho": 0.5}],
    "mnasnet_a1": [{"alpha": 0.5}],
    "vgg16": [{"alpha": 0.1, "resolution": 64}],
    "pd_lenet": [{"alpha": 0.5}],
}
SMALLER = {"vgg16": {"alpha": 0.25}, "mobilenet_v1_full_conv": {"alpha": 0.5}}  # else most of the time is theirs
DESIGNS = [make_design(name, **SMALLER.get(name, {})) for name in CATALOGUE]
DESIGNS += [make_design(name, **options) for name, several in OTHER.items() for options in several]


def run(code: str) -> nn.Module:
    """The network of the file, which is the last class that it defines."""
    space: dict[str, object] = {"__name__": "network"}
    exec(compile(code, "network.py", "exec"), space)
    last = [node.name for node in ast.parse(code).body if isinstance(node, ast.ClassDef)][-1]
    return space[last]()  # type: ignore[operator]


def check_equal(network: nn.Module, layers: Sequence[Layer]) -> None:
    """The same parameters by name and shape in order, and the same outputs for the same weights."""
    ours = network_module(layers).eval()
    with torch.no_grad():
        for name, tensor in ours.named_buffers():
            if name.endswith(("running_mean", "running_var")):
                tensor.uniform_(0.5, 1.5)  # else a batch norm too many or too few would change nothing
    assert {name: tensor.shape for name, tensor in network.state_dict().items()} == {
        name: tensor.shape for name, tensor in ours.state_dict().items()
    }
    assert list(network.state_dict()) == list(ours.state_dict())
    network.eval().load_state_dict(ours.state_dict())
    image = torch.rand(1, *(int(side) for side in layers[0].input))
    with torch.no_grad():
        assert torch.equal(network(image), ours(image))


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.label)
def test_the_code_is_the_network_we_build(design: Design):
    network, totals = run(pytorch_code(design)), analysis.totals(design)
    check_equal(network, design.layers())
    assert sum(parameter.numel() for parameter in network.parameters()) == totals.params
    counted = count_module(network, (1, design.in_channels, design.height, design.width))
    assert counted.mult_adds == totals.mult_adds


@settings(max_examples=60, deadline=None)
@given(networks())
def test_the_code_of_any_rows_is_the_network_we_build(network: Network):
    layers = network.layers()
    check_equal(run(layers_code(layers, label="Random", facts=["Random."])), layers)


EVERY_BLOCK = """
name: every
label: Every
rounding: {least: 1}
input: 32x48
rows:
  - {block: conv, c: 8, k: 5, s: 2, activation: none}
  - {block: pool, of: average, k: 3, s: 1, padding: 1}
  - {block: bottleneck_residual, c: 16, n: 2}
  - {block: bottleneck_residual, c: 32, n: 2, s: 2, strided: middle, groups: 4, se: 1/4, activation: hard_swish}
  - {block: separable, c: 12, n: 2, se: block input}
  - {block: separable, c: 12, k: 5}
  - {block: inverted_residual, c: 12, n: 2, t: 2, se: relu}
  - {block: inverted_residual, c: 12, t: 1, skip: false, activation: relu}
  - {block: conv, c: 12, groups: 3, batch_norm: false}
  - {block: dropout, p: 0.1}
  - {block: dense, c: 9, dropout: 0.2}
  - {block: dense, c: 9, activation: none}
  - {block: head, classes: 4, pooled: false, penultimate: 7}
"""


def test_every_block_at_once_is_the_network_we_build_and_formatted():
    network = parse_network(EVERY_BLOCK)
    assert {type(row) for row in network.rows} | {ConvLast} == set(BLOCKS.values())
    code = layers_code(network.layers(), label=network.label, facts=["Every block."])
    check_equal(run(code), network.layers())
    done = formatted(code)
    assert (done.returncode, done.stdout) == (0, "")


def formatted(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "100", "--diff", "-"]
    return subprocess.run(command, input=code, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.label)
def test_the_code_is_formatted(design: Design):
    pytest.importorskip("ruff")
    done = formatted(pytorch_code(design))
    assert (done.returncode, done.stdout) == (0, "")


def test_the_code_says_what_it_is_and_imports_torch_alone():
    code = pytorch_code(make_design("mobilenet_v2"))
    module = ast.parse(code)
    text = " ".join((ast.get_docstring(module) or "").split())
    assert "1.0 MobileNetV2-224" in text
    assert "300,774,272 Mult-Adds" in text
    assert "3,504,872 parameters" in text
    assert "Source: arXiv:1801.04381, Table 2." in text
    imports = [node for node in ast.walk(module) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imports] == ["import torch", "from torch import Tensor, nn"]


def test_a_block_is_one_constructor_call_with_its_channels():
    code = pytorch_code(make_design("mobilenet_v2"))
    assert "self.bottleneck3_2 = InvertedResidual(24, 24, c_expand=144, shortcut=True)\n" in code
    assert "self.head = Head(1280, 1000)\n" in code


def test_the_file_run_by_itself_prints_its_parameters_and_output():
    code = pytorch_code(make_design("pd_light"))
    done = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == f"{analysis.totals('pd_light').params:,} parameters, output (1, 6)\n"


@pytest.mark.parametrize(
    "label", ['"""\nimport os', "a\\", 'ends in "', "3D net", "class", "Convolution", "print", "日本", "x" * 80]
)
def test_no_label_breaks_the_code(label: str):
    rows = "rows: [{block: conv, c: 8}, {block: head, classes: 3}]"
    layers = parse_network(f"name: a\ninput: 32\n{rows}").layers()
    code = layers_code(layers, label=label, facts=[f"{label} in PyTorch."])
    assert [type(node) for node in ast.parse(code).body][1:3] == [ast.Import, ast.ImportFrom]
    check_equal(run(code), layers)
