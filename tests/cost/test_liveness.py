"""Peak memory in closed form against the lifetimes of the tensors in a trace of the built module."""

from __future__ import annotations

import operator

import pytest
import torch
from hypothesis import given, settings
from torch import fx, nn
from torch.fx.passes.shape_prop import ShapeProp

from analysis.cost import closed_form
from analysis.networks import CATALOGUE, Layer, Network
from analysis.networks.modules import GlobalAveragePool, network_module
from tests.cost.random_rows import networks

POOLS = (nn.MaxPool2d, nn.AvgPool2d, GlobalAveragePool)
WRITERS = (nn.Conv2d, nn.Linear, *POOLS)
SAME = (nn.Dropout, nn.Flatten, nn.Identity)


class Tracer(fx.Tracer):
    """Goes into every module of this project but the pool."""

    def is_leaf_module(self, module: nn.Module, name: str) -> bool:
        return isinstance(module, GlobalAveragePool) or super().is_leaf_module(module, name)


def traced(layers: list[Layer]) -> tuple[nn.Module, list[fx.Node]]:
    """The module and its calls in order, each with the shape of what it gives."""
    with torch.device("meta"):
        module = network_module(layers).eval()
        image = torch.empty(1, *(int(side) for side in layers[0].input))
    graph = fx.GraphModule(module, Tracer().trace(module))
    ShapeProp(graph).propagate(image)
    return module, list(graph.graph.nodes)


def tensor_of(node: fx.Node, module: nn.Module, *, fused: bool) -> fx.Node | None:
    """The argument whose memory the call gives back as its own; ``None`` where it writes another tensor."""
    if node.op == "call_module":
        called = module.get_submodule(node.target)
        in_place = isinstance(called, SAME) or (fused and not isinstance(called, WRITERS))
        return node.args[0] if in_place else None
    if node.target is operator.add:
        return node.args[1]
    if node.target is operator.mul:
        return node.args[0] if fused else None
    return node.args[0] if node.target is operator.getitem else None


def alive_by_layer(layers: list[Layer], *, fused: bool) -> dict[str, int]:
    """The most elements in tensors that are in use at once, by the layer that runs then."""
    module, nodes = traced(layers)
    owner: dict[fx.Node, fx.Node] = {}
    last: dict[fx.Node, int] = {}
    for node in nodes:
        source = tensor_of(node, module, fused=fused)
        owner[node] = node if source is None else owner[source]
    for time, node in enumerate(nodes):
        for used in (node, *node.all_input_nodes):
            last[owner[used]] = time
    names, found, layer = {layer.name for layer in layers}, {}, ""
    for time, node in enumerate(nodes[:-1]):
        path = str(node.target)
        layer = next((name for name in (path, path.rpartition(".")[0]) if name in names), layer)
        if node.op != "placeholder" and owner[node] is node:
            held = {owner[other] for other in nodes[: time + 1] if last[owner[other]] >= time}
            elements = sum(tensor.meta["tensor_meta"].shape.numel() for tensor in held)
            found[layer] = max(found.get(layer, 0), elements)
    return found


def expected(layers: list[Layer], *, fused: bool) -> dict[str, int]:
    """The closed form of every layer that runs."""
    cost = closed_form.alive if fused else closed_form.alive_unfused
    return {layer.name: cost(layer) for layer in layers if layer.kind != "dropout"}


@pytest.mark.parametrize("fused", [True, False])
def test_memory_of_random_networks_is_what_the_lifetimes_of_their_tensors_give(fused: bool):
    @settings(max_examples=150)
    @given(networks())
    def check(network: Network) -> None:
        layers = network.layers()
        assert alive_by_layer(layers, fused=fused) == expected(layers, fused=fused)
        dropouts = [closed_form.alive(layer) for layer in layers if layer.kind == "dropout"]
        assert not any(dropouts)

    check()


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("network", CATALOGUE)
def test_memory_of_the_catalogue_is_what_the_lifetimes_of_its_tensors_give(network: str, fused: bool):
    layers = CATALOGUE[network].layers(height=97, width=64)
    assert alive_by_layer(layers, fused=fused) == expected(layers, fused=fused)
