"""Why a file is not counted: it is refused, or it leaves sizes open that only its owner knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Refused(ValueError):  # noqa: N818 -- it says what happened
    """A file that cannot be read, is beyond a limit, or contradicts itself; the message is one sentence."""


class SizesWanted(ValueError):  # noqa: N818 -- it says what is wanted
    """The file leaves sizes open. ``names`` are those to give, ``inputs`` every input's shape as text, by name."""

    def __init__(self, names: Sequence[str], inputs: Mapping[str, str]) -> None:
        self.names = tuple(names)
        self.inputs = dict(inputs)
        shapes = ", ".join(f"{name} is {shape}" for name, shape in self.inputs.items())
        super().__init__(f"the file leaves {_counted(self.names)} open: {', '.join(self.names)}; {shapes}")


def _counted(names: Sequence[str]) -> str:
    return "a size" if len(names) == 1 else f"{len(names)} sizes"
