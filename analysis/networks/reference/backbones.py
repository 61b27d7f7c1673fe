"""Networks of the catalogue as backbones: cut where a head attaches, and dilated to a finer output stride."""

from __future__ import annotations

from torch import nn

from analysis.networks.catalogue import CATALOGUE
from analysis.networks.modules import Block, network_module
from analysis.networks.reference.designs import TASK_DESIGNS


def body(network: str, resolution: int) -> nn.Sequential:
    """A catalogue network without its fully connected layers, α = 1: [N, 3, H, W] → [N, C, h, w].

    The submodule names are the layer table's. It reads any size of image; ``resolution`` is what it is described at.
    """
    layers = CATALOGUE[network].layers(height=resolution, width=resolution)
    return network_module([layer for layer in layers if layer.block != "head" and layer.kind != "fc"])


def cut(network: nn.Sequential, *last: str) -> list[nn.Sequential]:
    """The network in pieces, each ending with the layer of that name; what follows the last one is the last piece.

    A name within a block (``bottleneck7_1.expand``) cuts the block, which then may not have a shortcut.
    """
    pieces: list[nn.Sequential] = [nn.Sequential()]
    for name, module in _flattened(network, {name.partition(".")[0] for name in last if "." in name}):
        pieces[-1].add_module(name.replace(".", "_"), module)
        if name in last:
            pieces.append(nn.Sequential())
    if len(pieces) != len(last) + 1:
        raise ValueError(f"layers to cut after must be in the network, in order, got {', '.join(last)}")
    return [piece for piece in pieces if len(piece)]


def dilated(network: nn.Module, output_stride: int) -> nn.Module:
    """The network, changed in place, with no stride past ``output_stride``: later kernels are dilated instead.

    Parameters stay as they are, and so does what a kernel sees of the image (arXiv:1606.00915, section 3.1). Two
    layers side by side that halve the same map, a convolution and its shortcut, count as one halving.
    """
    strided = {name: m for name, m in network.named_modules() if isinstance(m, nn.Conv2d | nn.MaxPool2d)}
    stride = rate = 1
    for name, layer in strided.items():
        step = _pair(layer.stride)
        beside = name.endswith("shortcut.0")
        if step > 1 and not beside:
            rate *= step if stride == output_stride else 1
            stride *= 1 if stride == output_stride else step
        if isinstance(layer, nn.Conv2d):
            _dilate(layer, rate, before=rate // step if step > 1 else rate)
    return network


def _dilate(layer: nn.Conv2d, rate: int, *, before: int) -> None:
    """Give a convolution the rate of its input; one that would have halved the map gives up its stride."""
    if rate == 1:
        return
    side = _pair(layer.kernel_size)
    layer.stride = (1, 1)
    if side > 1:
        layer.dilation = (before, before)
        layer.padding = (before * (side // 2), before * (side // 2))


def _pair(value: int | tuple[int, ...]) -> int:
    return value if isinstance(value, int) else value[0]


def _flattened(network: nn.Sequential, opened: set[str]) -> list[tuple[str, nn.Module]]:
    """The network's blocks, those ``opened`` as their layers."""
    flat: list[tuple[str, nn.Module]] = []
    for name, module in network.named_children():
        if name not in opened:
            flat.append((name, module))
            continue
        if isinstance(module, Block) and module.shortcut:
            raise ValueError(f"a block with a shortcut cannot be cut, got {name}")
        flat += [(f"{name}.{part}", layer) for part, layer in module.named_children()]
    return flat


def designed(name: str) -> nn.Sequential:
    """A design of another task: [N, 3, H, W] → [N, classes], or the pooled [N, C] where the last layer is left out."""
    task = TASK_DESIGNS[name]
    layers = task.design().layers()
    return network_module([layer for layer in layers if task.classes is not None or layer.kind != "fc"])
