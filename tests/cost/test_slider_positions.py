"""At every position of the app's sliders the closed form equals a sum over the built module's own shapes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

import analysis
from analysis.cost import closed_form
from analysis.networks import CATALOGUE, make_design
from analysis.networks.modules import network_module
from analysis.networks.ranges import ALPHAS, SIDES, TS

CASES = [(name, t) for name, network in CATALOGUE.items() for t in (TS if network.takes_t else [None])]


def on_meta(network: str, **options) -> nn.Module:
    """The module that ``build`` gives, with shapes and no memory."""
    with torch.device("meta"):
        return network_module(make_design(network, **options).layers())


def mult_adds_of_module(module: nn.Module, sides: np.ndarray) -> np.ndarray:
    """Weights times output positions, from the attributes of its convolutions and linear layers alone."""
    total, size = np.zeros_like(sides), sides
    for leaf in module.modules():
        if isinstance(leaf, nn.Conv2d):
            size = (size + 2 * leaf.padding[0] - leaf.dilation[0] * (leaf.kernel_size[0] - 1) - 1) // leaf.stride[0] + 1
            total += leaf.weight.numel() * size**2
        elif isinstance(leaf, nn.Linear):
            total += leaf.weight.numel()
    return total


@pytest.mark.parametrize(("network", "t"), CASES)
def test_closed_form_equals_the_modules_shapes_at_every_position(network: str, t: float | None):
    sides = np.array(SIDES, np.int64)
    modules = [on_meta(network, alpha=alpha, t=t) for alpha in ALPHAS]
    mult_adds = np.concatenate([mult_adds_of_module(module, sides) for module in modules])
    params = np.repeat([sum(p.numel() for p in module.parameters()) for module in modules], len(SIDES))
    frame = analysis.grid(network, alpha=ALPHAS, resolution=list(SIDES), t=t)
    assert len(frame) == len(ALPHAS) * len(SIDES)
    np.testing.assert_array_equal(frame["mult_adds"], mult_adds)
    np.testing.assert_array_equal(frame["params"], params)


def test_the_sliders_reach_636_956_designs_of_v2():
    assert (len(ALPHAS), len(SIDES), len(TS)) == (116, 289, 19)
    assert (ALPHAS[0], ALPHAS[-1], SIDES[0], SIDES[-1], TS[0], TS[-1]) == (0.25, 1.4, 32, 320, 1.0, 10.0)


def alive_in_module(module: nn.Module, shape: tuple[int, ...], *, fused: bool) -> list[int]:
    """The elements alive while each layer runs, watched on a forward pass of the built module.

    A layer has its input, its output and, after the first of its block, the block's input if that is added at the end.
    Unfused, batch norm and activation are layers too.
    """
    seen, held = [], [0, None]

    def enter(block, args):
        held[:] = [args[0].numel() if getattr(block, "shortcut", False) else 0, args[0].shape]

    def leave(leaf, args, y):
        first = held[1] is not None and isinstance(leaf, nn.Conv2d)
        seen.append(args[0].numel() + y.numel() + (0 if first else held[0]))
        held[1] = None

    counted = (nn.Conv2d, nn.Linear) if fused else (nn.Conv2d, nn.Linear, nn.BatchNorm2d, nn.ReLU6)
    for child in module.children():
        child.register_forward_pre_hook(enter)
        for leaf in child.modules():
            if isinstance(leaf, counted) or type(leaf).__name__ == "GlobalAveragePool":
                leaf.register_forward_hook(leave)
    module.eval()(torch.empty(shape, device="meta"))
    return seen


MEMORY_SAMPLE = pytest.mark.parametrize(
    ("network", "alpha", "side", "t"),
    [
        ("mobilenet_v2", 1.0, 224, 6),
        ("mobilenet_v2", 1.0, 224, 1),
        ("mobilenet_v2", 0.25, 97, 1.5),
        ("mobilenet_v2", 1.4, 32, 10),
        ("mobilenet_v2", 0.6, 131, 0.5),
        ("mobilenet_v1", 1.0, 224, None),
        ("mobilenet_v1", 0.31, 75, None),
        ("mobilenet_v1_shallow", 0.5, 160, None),
        ("mobilenet_v1_full_conv", 1.2, 45, None),
    ],
)


@MEMORY_SAMPLE
def test_memory_of_each_layer_is_what_a_forward_pass_of_the_module_shows(network, alpha, side, t):
    found = alive_in_module(on_meta(network, alpha=alpha, t=t), (1, 3, side, side), fused=True)
    layers = make_design(network, alpha=alpha, resolution=side, t=t).layers()
    assert [closed_form.alive(layer) for layer in layers] == found
    totals = analysis.totals(network, alpha=alpha, resolution=side, t=t, number_format="int8")
    assert totals.peak_activation_bytes == max(found)


@MEMORY_SAMPLE
def test_unfused_peak_memory_is_what_a_forward_pass_of_the_module_shows(network, alpha, side, t):
    found = alive_in_module(on_meta(network, alpha=alpha, t=t), (1, 3, side, side), fused=False)
    totals = analysis.totals(network, alpha=alpha, resolution=side, t=t, number_format="int8")
    assert totals.peak_unfused_bytes == max(found)
