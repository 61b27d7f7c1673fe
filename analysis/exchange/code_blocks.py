"""The blocks of a network as classes of PyTorch code, read off the layers.

Blocks of one kind share a class. A value that is the same in all of them stands in the class, one that differs becomes
an argument of its constructor, and a part that only some have is there where its argument says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from analysis.exchange.code_arguments import Arguments, Values
from analysis.exchange.code_layers import ACTIVATION_TYPE, activation_class, class_of, options_of
from analysis.exchange.code_text import literal
from analysis.networks.branches import BRANCH
from analysis.networks.layers import Layer
from analysis.networks.rows import BLOCKS

CLASS_NAMES = {str(row.label): row.__name__ for row in BLOCKS.values()}
SCALING = "SqueezeExcite"


@dataclass(frozen=True, eq=False)
class Block:
    """One block: its parts in order, a layer or a branch each, and how its end is joined to its input.

    A ``shortcut`` adds the input, or what the part ``beside`` makes of it, before the activation ``joined``; a block
    that ``scales`` multiplies its input.
    """

    kind: str
    parts: Mapping[str, Layer | Block]
    shortcut: bool = False
    joined: str = "None"
    scales: bool = False


def block_of(name: str, layers: Sequence[Layer]) -> Block:
    """The block that the layers called ``name.…`` make."""
    parts: dict[str, Layer | Block] = {}
    for branch_of, members in groupby(layers, key=lambda layer: layer.branch_of):
        inner = {layer.name.rpartition(".")[2]: layer for layer in members}
        parts |= {BRANCH: Block(SCALING, inner, scales=True)} if branch_of else inner
    last = next(layer for layer in reversed(layers) if not layer.beside)
    kind = CLASS_NAMES[re.sub(r"[\d_]+$", "", name)]
    return Block(kind, parts, shortcut=bool(last.shortcut), joined=activation_class(last.joined))


def _first(part: Layer | Block) -> Layer:
    return _first(next(iter(part.parts.values()))) if isinstance(part, Block) else part


def _in(part: Layer | Block) -> str:
    return literal(_first(part).input.channels)


def _out(part: Layer | Block) -> str:
    return _in(part) if isinstance(part, Block) else literal(part.output.channels)


@dataclass(frozen=True)
class Shared:
    """A part by the index of each block that has it; ``optional`` where some have not."""

    name: str
    of: Mapping[int, Layer | Block]
    optional: bool

    @property
    def first(self) -> Layer | Block:
        """That of one block, for what is the same in all."""
        return next(iter(self.of.values()))

    @property
    def beside(self) -> bool:
        """Whether it reads the block's input, beside the main path."""
        return _first(self.first).beside

    @property
    def widths(self) -> Values:
        """The channels it writes."""
        return {index: _out(part) for index, part in self.of.items()}

    @property
    def keeps_channels(self) -> bool:
        """Whether it writes as many channels as it reads, and needs no argument to say so."""
        same = all(_in(part) == _out(part) for part in self.of.values())
        return same and (not self.optional or isinstance(self.first, Block))


@dataclass(frozen=True)
class Part:
    """A part of a class: what its constructor is called with, and, of an optional one, on what condition.

    ``hidden`` is the code of the channels after an optional part that changes them.
    """

    name: str
    made_by: str
    words: list[str]
    beside: bool
    switch: str = ""
    hidden: str = ""


class BlockClass:
    """The class of all blocks of one kind: its arguments and parts."""

    def __init__(self, blocks: Sequence[Block], branches: BlockClass | None) -> None:
        self.kind, self.blocks, self.branches = blocks[0].kind, blocks, branches
        self.scales = blocks[0].scales
        self.arguments = Arguments()
        shared = _shared(blocks)
        self.last = [each for each in shared if not each.beside][-1]
        self._ends()
        self.parts: list[Part] = []
        channels = "c_in"
        for each in shared:
            channels = self._add(each, channels)
        self.shortcut = self.arguments.code("", "shortcut", "bool", self._each(lambda block: literal(block.shortcut)))
        self.joined = self.arguments.code("joined", "activation", ACTIVATION_TYPE, self._each(lambda b: b.joined))

    def _each(self, value: Callable[[Block], str]) -> Values:
        return {index: value(block) for index, block in enumerate(self.blocks)}

    def _ends(self) -> None:
        self.arguments.add("c_in", "int", self._each(_in))
        if not self.scales:
            self.arguments.add("c_out", "int", self.last.widths)

    def _add(self, shared: Shared, channels: str) -> str:
        """Add a part that reads so many ``channels``; what the next one on the main path reads."""
        before, known = "c_in" if shared.beside else channels, set(self.arguments.taken)
        after = self._after(shared, before)
        made = self._branch(shared, before) if isinstance(shared.first, Block) else self._layer(shared, before, after)
        switch = self._switch(shared, known) if shared.optional else ""
        goes_on = not shared.beside and shared is not self.last
        hidden = f"{after} if {switch} else {before}" if switch and goes_on and after != before else ""
        self.parts.append(Part(shared.name, *made, beside=shared.beside, switch=switch, hidden=hidden))
        if shared.beside:
            return channels
        return "hidden" if hidden else after

    def _after(self, shared: Shared, before: str) -> str:
        """The code of the channels that a part writes."""
        if shared is self.last:
            return "c_in" if self.scales else "c_out"
        if shared.keeps_channels:
            return before
        return self.arguments.width(shared.name, shared.widths, optional=shared.optional)

    def _switch(self, shared: Shared, known: set[str]) -> str:
        """The condition for an optional part: a width of its own that is given, or an argument that says so."""
        for argument in self.arguments.taken.values():
            if argument.type == "int | None" and argument.name not in known:
                return f"{argument.name} is not None"
        there = {index: literal(index in shared.of) for index in range(len(self.blocks))}
        return self.arguments.add(f"with_{shared.name}", "bool", there, "False")

    def _layer(self, shared: Shared, before: str, after: str) -> tuple[str, list[str]]:
        """The class of a layer and what its call is given."""
        layers = {index: part for index, part in shared.of.items() if isinstance(part, Layer)}
        first = next(iter(layers.values()))
        words = [before, after] if first.weighted else []
        for option in options_of(first):
            values = {index: option.value(layer) for index, layer in layers.items()}
            if option.name == "groups" and _depthwise(layers.values()):
                values = dict.fromkeys(values, before)
            code = self.arguments.code(shared.name, option.name, option.type, values)
            words += [] if code == option.default else [f"{option.name}={code}"]
        return class_of(first), words

    def _branch(self, shared: Shared, before: str) -> tuple[str, list[str]]:
        """The class of a branch and what its call is given: that class's arguments, as values of this one."""
        assert self.branches is not None
        inner, words = self.branches, [before]
        at = {index: inner.blocks.index(part) for index, part in shared.of.items() if isinstance(part, Block)}
        for argument in list(inner.arguments.taken.values())[1:]:
            values = {index: argument.values[place] for index, place in at.items()}
            if argument.type == "int":
                code = self.arguments.width(shared.name, values, optional=shared.optional)
            else:
                code = self.arguments.code(shared.name, argument.name, argument.type, values)
            words += [] if code == argument.default else [f"{argument.name}={code}"]
        return SCALING, words


def _depthwise(layers: Iterable[Layer]) -> bool:
    """Whether each has as many groups as channels it reads, and not just one."""
    groups = {(int(layer.groups), int(layer.input.channels)) for layer in layers}
    return all(count == channels for count, channels in groups) and groups != {(1, 1)}


def _shared(blocks: Sequence[Block]) -> list[Shared]:
    """The parts of all blocks in order, each once."""
    found = {
        name: {index: block.parts[name] for index, block in enumerate(blocks) if name in block.parts}
        for name in _merged(list(block.parts) for block in blocks)
    }
    return [Shared(name, parts, len(parts) < len(blocks)) for name, parts in found.items()]


def _merged(lists: Iterable[Sequence[str]]) -> list[str]:
    """All names of several lists that agree on their order, each once."""
    merged: list[str] = []
    for names in lists:
        place = 0
        for name in names:
            if name not in merged:
                merged.insert(place, name)
            place = merged.index(name) + 1
    return merged
