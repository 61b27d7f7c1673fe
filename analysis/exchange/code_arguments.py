"""The arguments of a class of blocks in PyTorch code, made as its parts ask for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

POSITIONAL = ("c_in", "c_out")
"""The arguments that a call gives without their names."""

Values = dict[int, str]
"""The code of a value in every block that has it, by the block's index in its kind."""


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
