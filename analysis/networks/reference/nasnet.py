"""NASNet-A mobile, 4 @ 1056 (Zoph, Vasudevan, Shlens, Le): arXiv:1707.07012, Figures 2 and 4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from analysis.networks.reference.parts import pooled_classifier


class Pair(NamedTuple):
    """One combination of a cell: two operations, each with the state it reads; their sum is a new state.

    State 0 is the cell's input after its 1×1 convolution, state 1 the input of the cell before, fitted to it;
    pair 0 makes state 2, and so on.
    """

    left: str
    left_state: int
    right: str
    right_state: int


NORMAL = (
    Pair("sep5", 0, "sep3", 1),
    Pair("sep5", 1, "sep3", 1),
    Pair("avg", 0, "identity", 1),
    Pair("avg", 1, "avg", 1),
    Pair("sep3", 0, "identity", 0),
)
REDUCTION = (
    Pair("sep5", 0, "sep7", 1),
    Pair("max", 0, "sep7", 1),
    Pair("avg", 0, "sep5", 1),
    Pair("identity", 3, "avg", 2),
    Pair("sep3", 2, "max", 0),
)
NORMAL_OUTPUT, REDUCTION_OUTPUT = (1, 2, 3, 4, 5, 6), (3, 4, 5, 6)
"""The states that no pair reads, side by side, are the cell's output."""

FILTERS = 44
"""Of the first normal cells: 24 · 44 = 1056 channels before the classifier."""


def _batch_norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=3e-4)


class SameConv(nn.Conv2d):
    """A convolution without bias whose output is the input over the stride, rounded up: the odd pixel pads the end."""

    def __init__(self, channels: int, width: int, k: int, *, stride: int = 1, groups: int = 1) -> None:
        super().__init__(channels, width, k, stride, groups=groups, bias=False)

    def forward(self, input: Tensor) -> Tensor:
        (k, _), (stride, _) = self.kernel_size, self.stride
        pads = [max((-(-side // stride) - 1) * stride + k - side, 0) for side in map(int, input.shape[-2:])]
        top, left = (pad // 2 for pad in pads)
        return super().forward(functional.pad(input, (left, pads[1] - left, top, pads[0] - top)))


class SamePool(nn.Module):
    """A 3×3 pool that keeps the size, or halves it rounding up; an average is over the pixels inside the map."""

    def __init__(self, kind: str, stride: int) -> None:
        super().__init__()
        self.kind, self.stride = kind, stride

    def forward(self, x: Tensor) -> Tensor:
        pads = tuple(0 if self.stride == 2 and side % 2 == 0 else 1 for side in map(int, x.shape[-2:]))
        if self.kind == "max":
            return functional.max_pool2d(x, 3, self.stride, pads, ceil_mode=True)
        return functional.avg_pool2d(x, 3, self.stride, pads, ceil_mode=True, count_include_pad=False)


def _separable(channels: int, width: int, k: int, stride: int) -> list[nn.Module]:
    depthwise = SameConv(channels, channels, k, stride=stride, groups=channels)
    return [nn.ReLU(), depthwise, nn.Conv2d(channels, width, 1, bias=False), _batch_norm(width)]


def _operation(kind: str, channels: int, width: int, stride: int) -> nn.Module:
    """An operation on a state; a separable convolution stands twice, the stride in the first."""
    if kind.startswith("sep"):
        k = int(kind.removeprefix("sep"))
        return nn.Sequential(*_separable(channels, width, k, stride), *_separable(width, width, k, 1))
    return nn.Identity() if kind == "identity" else SamePool(kind, stride)


class Halved(nn.Module):
    """A map of half the size: every other pixel, and every other pixel one further, each through its own 1×1."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.even = nn.Conv2d(channels, width // 2, 1, bias=False)
        self.odd = nn.Conv2d(channels, width // 2, 1, bias=False)
        self.bn = _batch_norm(width)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(x)
        shifted = functional.pad(x, (0, 1, 0, 1))[:, :, 1:, 1:]
        halves = [self.even(x[:, :, ::2, ::2]), self.odd(shifted[:, :, ::2, ::2])]
        y: Tensor = self.bn(torch.cat(halves, dim=1))
        return y


def _squeezed(channels: int, width: int) -> nn.Module:
    return nn.Sequential(nn.ReLU(), nn.Conv2d(channels, width, 1, bias=False), _batch_norm(width))


def _fitted(previous: Source, current: Source, filters: int) -> nn.Module:
    """The input of the cell before, brought to this cell's size and filters where either differs."""
    if previous.reductions != current.reductions:
        return Halved(previous.channels, filters)
    if previous is current or previous.channels == filters:
        return nn.Identity()
    return _squeezed(previous.channels, filters)


class Source(NamedTuple):
    """What a cell reads: channels, and how often the map was halved."""

    channels: int
    reductions: int


class Cell(nn.Module):
    """A normal or reduction cell on the outputs of the two cells before it."""

    def __init__(
        self, previous: Source, current: Source, filters: int, pairs: Sequence[Pair], output: Sequence[int]
    ) -> None:
        super().__init__()
        self.pairs, self.output = tuple(pairs), tuple(output)
        reduces = pairs is REDUCTION
        self.squeeze = _squeezed(current.channels, filters)
        self.fit = _fitted(previous, current, filters)
        # where no cell stands before (the first stem cell), state 1 is the unsqueezed input
        widths = [filters, current.channels if previous is current else filters] + [filters] * len(pairs)
        self.operations = nn.ModuleList(
            _operation(kind, widths[state], filters, 2 if reduces and state < 2 else 1)
            for pair in pairs
            for kind, state in (pair[:2], pair[2:])
        )
        self.source = Source(filters * len(output), current.reductions + reduces)

    def forward(self, previous: Tensor, current: Tensor) -> Tensor:
        states = [self.squeeze(current), self.fit(previous)]
        for number, pair in enumerate(self.pairs):
            left, right = self.operations[2 * number], self.operations[2 * number + 1]
            states.append(left(states[pair.left_state]) + right(states[pair.right_state]))
        return torch.cat([states[state] for state in self.output], dim=1)


class NASNetAMobile(nn.Module):
    """N = 4 normal cells a stage, 1056 channels at the end: [N, 3, 224, 224] → [N, 1000].

    Choices, where the paper leaves them open, are those of its authors' released network: a 3×3 convolution of 32
    channels, stride 2, without padding; two reduction cells of 11 and 22 filters; the cell after a reduction cell
    still reads what stood before it; no auxiliary classifier at inference.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv0 = nn.Sequential(nn.Conv2d(3, 32, 3, 2, bias=False), _batch_norm(32))
        self.cells = nn.ModuleDict()
        image = Source(32, 0)
        sources = [image, image]
        self._add("stem0", sources, FILTERS // 4, reduces=True)
        self._add("stem1", sources, FILTERS // 2, reduces=True)
        for stage in range(3):
            filters = FILTERS * 2**stage
            if stage > 0:
                self._add(f"reduction{stage}", sources, filters, reduces=True)
            for cell in range(4):
                self._add(f"normal{stage + 1}_{cell + 1}", sources, filters, reduces=False)
        self.classifier = pooled_classifier(sources[-1].channels, dropout=0.5)

    def _add(self, name: str, sources: list[Source], filters: int, *, reduces: bool) -> None:
        pairs, output = (REDUCTION, REDUCTION_OUTPUT) if reduces else (NORMAL, NORMAL_OUTPUT)
        cell = Cell(sources[-2], sources[-1], filters, pairs, output)
        self.cells[name] = cell
        sources.append(cell.source)

    def forward(self, x: Tensor) -> Tensor:
        current: Tensor = self.conv0(x)
        previous = current
        for cell in self.cells.values():
            previous, current = current, cell(previous, current)
        logits: Tensor = self.classifier(functional.relu(current))
        return logits
