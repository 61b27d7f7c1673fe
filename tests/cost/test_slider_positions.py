"""At every position of the app's sliders the closed form equals a sum over the built module's own shapes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

import analysis
from analysis.cost import closed_form
from analysis.networks import CATALOGUE, make_design
from analysis.networks.modules import GlobalAveragePool, network_module
from analysis.networks.ranges import ALPHAS, SIDES, TS

CASES = [(name, t) for name, network in CATALOGUE.items() for t in (TS if network.takes_t else [None])]


def on_meta(network: str, **options) -> nn.Module:
    """The module that ``build`` gives, with shapes and no memory."""
    with torch.device("meta"):
        return network_module(make_design(network, **options).layers())


def counts_of_module(module: nn.Module, sides: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mult-Adds and parameters for inputs of some sides, from the attributes of the module's leaves alone.

    The module is of one input. A linear layer after a flattened map has as many weights as the map has elements, so
    that it stands for one of each size.
    """
    mult_adds, params, size, channels, flat = np.zeros_like(sides), np.zeros_like(sides), sides, 0, False
    for leaf in module.modules():
        if isinstance(leaf, nn.Conv2d):
            size = (size + 2 * leaf.padding[0] - leaf.dilation[0] * (leaf.kernel_size[0] - 1) - 1) // leaf.stride[0] + 1
            mult_adds += leaf.weight.numel() * size**2
            channels = leaf.out_channels
        elif isinstance(leaf, nn.MaxPool2d):
            size = (size - leaf.kernel_size) // leaf.stride + 1
        elif isinstance(leaf, nn.Flatten):
            flat = True
        elif isinstance(leaf, nn.Linear):
            weights = channels * size**2 * leaf.out_features if flat else leaf.weight.numel()
            mult_adds += weights
            params += weights - leaf.weight.numel()
            size, channels = (size**0, leaf.out_features) if flat else (size, channels)
    return mult_adds, params + sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(("network", "t"), CASES)
def test_closed_form_equals_the_modules_shapes_at_every_position(network: str, t: float | None):
    sides = np.array(SIDES, np.int64)
    counts = [counts_of_module(on_meta(network, alpha=alpha, t=t), sides) for alpha in ALPHAS]
    mult_adds, params = (np.concatenate(columns) for columns in zip(*counts, strict=True))
    frame = analysis.grid(network, alpha=ALPHAS, resolution=list(SIDES), t=t)
    assert len(frame) == len(ALPHAS) * len(SIDES)
    np.testing.assert_array_equal(frame["mult_adds"], mult_adds)
    np.testing.assert_array_equal(frame["params"], params)


def test_the_sliders_reach_636_956_designs_of_v2():
    assert (len(ALPHAS), len(SIDES), len(TS)) == (116, 289, 19)
    assert (ALPHAS[0], ALPHAS[-1], SIDES[0], SIDES[-1], TS[0], TS[-1]) == (0.25, 1.4, 32, 320, 1.0, 10.0)


POOLS = (GlobalAveragePool, nn.MaxPool2d)
ACTIVATIONS = (nn.ReLU, nn.ReLU6, nn.Hardswish, nn.Sigmoid, nn.Hardsigmoid)


def alive_in_module(module: nn.Module, shape: tuple[int, ...], *, fused: bool) -> dict[str, int]:
    """The most elements alive while each layer runs, watched on a forward pass of the built module.

    A layer has its input, its output and, after the first of its block, the block's input if that is added at the end.
    The layers of a squeeze-excite branch after its pool have the map that will be scaled as well. Unfused, batch norm,
    activation and the scaling are steps of their own: each reads its inputs and writes another map.
    """
    seen, shortcut, scaled, first = {}, 0, 0, False

    def enter(block, args):
        nonlocal shortcut, first
        shortcut, first = args[0].numel() if getattr(block, "shortcut", False) else 0, True

    def branch_off(branch, args):
        nonlocal scaled
        scaled = args[0].numel()

    def scale(name, args, y):
        nonlocal scaled
        if not fused:
            note(f"{name}.expand", args[0].numel() + args[0].shape[1] + y.numel())
        scaled = 0

    def note(layer, elements):
        nonlocal first
        seen[layer] = max(seen.get(layer, 0), elements + (0 if first else shortcut))
        first = False

    def leave(name, args, y, *, pool):
        note(name if pool else name.rpartition(".")[0], args[0].numel() + y.numel() + (0 if pool else scaled))

    counted = (nn.Conv2d, nn.Linear) if fused else (nn.Conv2d, nn.Linear, nn.BatchNorm2d, *ACTIVATIONS)
    for child in module.children():
        child.register_forward_pre_hook(enter)
    for name, leaf in module.named_modules():
        if isinstance(leaf, (*counted, *POOLS)):
            pool = isinstance(leaf, POOLS)
            leaf.register_forward_hook(lambda leaf, args, y, name=name, pool=pool: leave(name, args, y, pool=pool))
        elif name.endswith(".se"):
            leaf.register_forward_pre_hook(branch_off)
            leaf.register_forward_hook(lambda leaf, args, y, name=name: scale(name, args, y))
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
        ("mobilenet_v3_large", 1.0, 224, None),
        ("mobilenet_v3_large", 0.3, 97, None),
        ("mobilenet_v3_small", 1.0, 224, None),
        ("mobilenet_v3_small", 1.4, 33, None),
        ("mnasnet_a1", 1.0, 224, None),
        ("mnasnet_a1", 0.25, 131, None),
        ("vgg16", 1.0, 224, None),
        ("vgg16", 0.3, 97, None),
        ("pd_lenet", 1.0, 120, None),
        ("pd_lenet", 0.33, 75, None),
        ("pd_light", 1.0, 120, 6),
        ("pd_light", 0.5, 131, 1),
    ],
)


@pytest.mark.parametrize(
    ("fused", "alive", "total"),
    [(True, closed_form.alive, "peak_activation_bytes"), (False, closed_form.alive_unfused, "peak_unfused_bytes")],
    ids=["fused", "unfused"],
)
@MEMORY_SAMPLE
def test_memory_of_each_layer_is_what_a_forward_pass_of_the_module_shows(network, alpha, side, t, fused, alive, total):
    image = {"resolution": side, "in_channels": 3}
    found = alive_in_module(on_meta(network, alpha=alpha, t=t, **image), (1, 3, side, side), fused=fused)
    layers = make_design(network, alpha=alpha, t=t, **image).layers()
    assert {layer.name: alive(layer) for layer in layers} == found
    totals = analysis.totals(network, alpha=alpha, t=t, **image, number_format="int8")
    assert getattr(totals, total) == max(found.values())
