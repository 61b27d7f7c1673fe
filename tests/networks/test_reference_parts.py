"""The registry of reference networks, and the parts whose arithmetic no count shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from analysis.networks.reference import REFERENCES
from analysis.networks.reference.nasnet import Halved, SameConv, SamePool
from analysis.networks.reference.parts import average_pool, response_norm
from analysis.networks.reference.resnet import Bottleneck
from analysis.networks.reference.shufflenet import Shuffle, Unit
from analysis.networks.reference.xception import Block

ROOT = Path(__file__).parents[2]


def test_an_undrawn_network_is_the_same_network_on_zeros():
    drawn, undrawn = REFERENCES["squeezenet1_0"].build(), REFERENCES["squeezenet1_0"].undrawn()
    assert {key: value.shape for key, value in drawn.state_dict().items()} == {
        key: value.shape for key, value in undrawn.state_dict().items()
    }
    assert not any(value.any() for value in undrawn.state_dict().values())


def test_the_registry_is_read_without_torch():
    code = "import sys; from analysis.networks.reference import REFERENCES as r; print(len(r), 'torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.stdout.split() == [str(len(REFERENCES)), "False"], run.stderr


def test_names_are_the_keys_and_every_network_says_where_it_was_published():
    assert {name: reference.name for name, reference in REFERENCES.items()} == {name: name for name in REFERENCES}
    assert all(reference.label and "," in reference.source for reference in REFERENCES.values())


def test_response_normalisation_is_alexnets_formula():
    maps = torch.rand(1, 7, 2, 2, dtype=torch.float64) * 100
    squares = (maps[:, 1:6] ** 2).sum(dim=1)  # five neighbours around channel 3
    torch.testing.assert_close(response_norm()(maps)[:, 3], maps[:, 3] / (2 + 1e-4 * squares) ** 0.75)


def test_the_shuffle_deals_each_group_out_over_all():
    channels = torch.arange(6.0).reshape(1, 6, 1, 1)
    assert Shuffle(3)(channels).flatten().tolist() == [0, 2, 4, 1, 3, 5]


@pytest.mark.parametrize(("side", "stride", "first"), [(6, 2, 1), (7, 2, 0), (6, 1, 0)])
def test_padding_rounds_the_size_up_with_the_odd_pixel_at_the_end(side: int, stride: int, first: int):
    conv = SameConv(1, 1, 3, stride=stride)
    with torch.no_grad():
        conv.weight.copy_(torch.tensor([[1.0, 0, 0], [0, 0, 0], [0, 0, 0]]))  # reads the window's first pixel
        y = conv(1 + torch.arange(side * side, dtype=torch.float32).reshape(1, 1, side, side))
    assert y.shape[-2:] == (-(-side // stride),) * 2
    assert y[0, 0, 0, 0] == first  # 1 is the map's first pixel, 0 is padding


@pytest.mark.parametrize("side", [6, 7])
@pytest.mark.parametrize("stride", [1, 2])
def test_an_average_is_over_the_pixels_inside_the_map(side: int, stride: int):
    y: Tensor = SamePool("avg", stride)(torch.ones(1, 1, side, side))
    torch.testing.assert_close(y, torch.ones(1, 1, -(-side // stride), -(-side // stride)))


@pytest.mark.parametrize("side", [6, 7])
def test_the_halved_map_reads_even_and_odd_pixels(side: int):
    halved = Halved(1, 2).eval()
    with torch.no_grad():
        halved.even.weight.fill_(1)
        halved.odd.weight.fill_(1)
        y = halved(torch.arange(side * side, dtype=torch.float32).reshape(1, 1, side, side)).round()
    assert y.shape[1:] == (2, -(-side // 2), -(-side // 2))
    assert y[0, :, 1, 0].tolist() == [2 * side, 3 * side + 1]  # batch norm starts as the identity


def test_the_average_pool_of_inception_is_over_the_pixels_inside_the_map():
    torch.testing.assert_close(average_pool()(torch.ones(1, 1, 4, 4)), torch.ones(1, 1, 4, 4))


def silent(block: nn.Module) -> nn.Module:
    """The block with a residual of zeros: its last batch norm scales by zero."""
    norms = [m for name, m in block.named_modules() if isinstance(m, nn.BatchNorm2d) and "residual" in name]
    nn.init.zeros_(norms[-1].weight)
    return block.eval()


@pytest.mark.parametrize(
    ("block", "passed"),
    [
        (Bottleneck(12, 3, 1), torch.relu),
        (Unit(12, 12, stride=1), torch.relu),
        (Block(12, (12, 12, 12), halves=False), torch.clone),
    ],
)
def test_a_silent_residual_lets_the_input_through(block: nn.Module, passed):
    x = torch.randn(1, 12, 5, 5)
    with torch.no_grad():
        torch.testing.assert_close(silent(block)(x), passed(x))


def test_a_strided_unit_puts_the_pooled_input_beside_the_residual():
    x = torch.rand(1, 12, 6, 6)
    with torch.no_grad():
        y = silent(Unit(12, 24, stride=2))(x)
    assert y.shape == (1, 24, 3, 3)
    torch.testing.assert_close(y[:, :12, 1:, 1:], nn.AvgPool2d(3, 2, padding=1)(x)[:, :, 1:, 1:])
    assert not y[:, 12:].any()


@pytest.mark.parametrize("stride", [1, 2])
def test_a_shuffle_stands_between_the_grouped_pointwise_and_the_depthwise_convolution(stride: int):
    layers = [
        m for m in Unit(12, 24 if stride == 2 else 12, stride=stride).modules() if type(m) in (nn.Conv2d, Shuffle)
    ]
    assert [type(m) for m in layers] == [nn.Conv2d, Shuffle, nn.Conv2d, nn.Conv2d]
