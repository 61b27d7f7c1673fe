"""The blocks of a network as classes of PyTorch code, read off the layers.

Blocks of one kind share a class. A value that is the same in all of them stands in the class, one that differs becomes
an argument of its constructor, and a part that only some have is there where its argument says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from analysis.exchange.code_layers import ACTIVATION_TYPE, activation_class, class_of, options_of
from analysis.exchange.code_text import literal
from analysis.networks.branches import BRANCH
from analysis.networks.layers import Layer
from analysis.networks.rows import BLOCKS

CLASS_NAMES = {str(row.label): row.__name__ for row in BLOCKS.values()}
SCALING = "SqueezeExcite"

Values = dict[int, str]
"""The code of a value in every block that has it, by the block's index in its kind."""


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


@dataclass
class Argument:
    """An argument of a class: the code that each block gives it, and what stands for it where a block lacks it."""

    name: str
    type: str
    values: Values
    default: str | None = None

    def merges(self, type: str, values: Values) -> bool:
        """Whether it may also be the values of another part: no block gives the two different ones."""
        return self.type == type and all(self.values.get(index, value) == value for index, value in values.items())


@dataclass
class Arguments:
    """The arguments of a class of blocks, as its parts ask for them."""

    taken: dict[str, Argument] = field(default_factory=dict)

    def add(self, name: str, type: str, values: Values, default: str | None = None) -> str:
        """A new argument; its name."""
        self.taken[name] = Argument(name, type, dict(values), default)
        return name

    def code(self, part: str, name: str, type: str, values: Values) -> str:
        """The code of a value: itself where all blocks share it, else an argument that agrees, else a new one."""
        if len(set(values.values())) == 1:
            return next(iter(values.values()))
        for argument in self.taken.values():
            if argument.name.endswith(name) and argument.merges(type, values):
                argument.values |= values
                return argument.name
        taken = any(argument.name.endswith(name) for argument in self.taken.values())
        usual = "False" if type == "bool" else Counter(values.values()).most_common(1)[0][0]
        return self.add(f"{part}_{name}" if taken else name, type, values, usual)

    def width(self, part: str, values: Values, *, optional: bool) -> str:
        """The argument that gives a part's output channels: one that always agrees, or a new one."""
        for argument in self.taken.values():
            widths = argument.name.startswith("c_") and argument.name != "c_in"
            if widths and all(argument.values.get(index) == value for index, value in values.items()):
                return argument.name
        return self.add(f"c_{part}", "int | None" if optional else "int", values, "None" if optional else None)

    def given(self, index: int) -> list[str]:
        """What a call gives for a block."""
        here = [argument for argument in self.taken.values() if index in argument.values]
        words = [(argument, argument.values[index]) for argument in here]
        return [
            value if argument.name in POSITIONAL else f"{argument.name}={value}"
            for argument, value in words
            if argument.default is None or value != argument.default
        ]

    def signature(self) -> list[str]:
        """The arguments as a definition writes them."""
        keywords = [argument for argument in self.taken.values() if argument.name not in POSITIONAL]
        ordered = sorted(keywords, key=lambda argument: argument.default is not None)
        named = [f"{a.name}: {a.type}" + ("" if a.default is None else f" = {a.default}") for a in ordered]
        positional = [f"{name}: int" for name in POSITIONAL if name in self.taken]
        return ["self", *positional, *(["*", *named] if named else [])]


POSITIONAL = ("c_in", "c_out")


@dataclass
class Part:
    """A part of a class of blocks: where it stands, what its constructor is given, and the argument it hangs on."""

    name: str
    made_by: str
    words: list[str]
    beside: bool
    after: str
    switch: str | None = None
    hidden: str = ""


class BlockClass:
    """The class of all blocks of one kind: its arguments and parts."""

    def __init__(self, blocks: Sequence[Block], branches: BlockClass | None) -> None:
        self.kind, self.blocks, self.branches = blocks[0].kind, blocks, branches
        self.scales = blocks[0].scales
        self.arguments = Arguments()
        names = _merged(list(block.parts) for block in blocks)
        found = {name: {i: b.parts[name] for i, b in enumerate(blocks) if name in b.parts} for name in names}
        beside = {name for name, parts in found.items() if _first(next(iter(parts.values()))).beside}
        last = [name for name in names if name not in beside][-1]
        self._ends(found[last])
        self.parts: list[Part] = []
        running = "c_in"
        for name, parts in found.items():
            part = self._part(name, "c_in" if name in beside else running, parts, is_last=name == last)
            self.parts.append(part)
            part.beside = name in beside
            running = running if part.beside else part.after
        self.shortcut = self.arguments.code("", "shortcut", "bool", self._each(lambda block: literal(block.shortcut)))
        self.joined = self.arguments.code("joined", "activation", ACTIVATION_TYPE, self._each(lambda b: b.joined))

    def _each(self, value: Callable[[Block], str]) -> Values:
        return {index: value(block) for index, block in enumerate(self.blocks)}

    def _ends(self, last: Mapping[int, Layer | Block]) -> None:
        self.arguments.add("c_in", "int", self._each(_in))
        if not self.scales:
            self.arguments.add("c_out", "int", {index: _out(part) for index, part in last.items()})

    def _part(self, name: str, before: str, parts: Mapping[int, Layer | Block], *, is_last: bool) -> Part:
        optional, known = len(parts) < len(self.blocks), set(self.arguments.taken)
        same = all(_in(part) == _out(part) for part in parts.values())
        after = before
        if is_last:
            after = "c_in" if self.scales else "c_out"
        elif not (same and (not optional or isinstance(next(iter(parts.values())), Block))):
            after = self.arguments.width(name, {i: _out(part) for i, part in parts.items()}, optional=optional)
        part = Part(name, *self._made(name, before, after, parts, optional=optional), beside=False, after=after)
        if optional:
            part.switch = self._switch(name, parts, known)
            part.hidden = "" if after == before or is_last else f"{after} if {part.switch} else {before}"
            part.after = "hidden" if part.hidden else after
        return part

    def _switch(self, name: str, parts: Mapping[int, Layer | Block], known: set[str]) -> str:
        """The condition for an optional part: a width of its own that is given, or an argument that says so."""
        for argument in self.arguments.taken.values():
            if argument.type == "int | None" and argument.name not in known:
                return f"{argument.name} is not None"
        there = {index: literal(index in parts) for index in range(len(self.blocks))}
        return self.arguments.add(f"with_{name}", "bool", there, "False")

    def _made(
        self, name: str, before: str, after: str, parts: Mapping[int, Layer | Block], *, optional: bool
    ) -> tuple[str, list[str]]:
        layers = {index: part for index, part in parts.items() if isinstance(part, Layer)}
        if not layers:
            return SCALING, [before, *self._branch_words(name, parts, optional=optional)]
        first = next(iter(layers.values()))
        words = [before, after] if first.weighted else []
        for option in options_of(first):
            values = {index: option.value(layer) for index, layer in layers.items()}
            if option.name == "groups" and all(layer.groups == layer.input.channels for layer in layers.values()):
                values = dict.fromkeys(values, "1" if set(values.values()) == {"1"} else before)
            code = self.arguments.code(name, option.name, option.type, values)
            words += [] if code == option.default else [f"{option.name}={code}"]
        return class_of(first), words

    def _branch_words(self, name: str, parts: Mapping[int, Layer | Block], *, optional: bool) -> list[str]:
        """What a branch's own arguments are given: those of its class, as values of this one."""
        assert self.branches is not None
        inner, words = self.branches, []
        at = {index: inner.blocks.index(part) for index, part in parts.items() if isinstance(part, Block)}
        for argument in inner.arguments.taken.values():
            values = {index: argument.values[place] for index, place in at.items()}
            if argument.name == "c_in":
                continue
            if argument.type == "int":
                code = self.arguments.width(name, values, optional=optional)
            else:
                code = self.arguments.code(name, argument.name, argument.type, values)
            words += [] if code == argument.default else [f"{argument.name}={code}"]
        return words


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
