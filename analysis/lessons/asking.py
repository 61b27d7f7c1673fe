"""What questions are made of: sentences with numbers, and numbers drawn from a key.

Numbers are drawn by hashing, not by a random generator: a key gives the same numbers on every machine and in every
version of Python.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from analysis.lessons.answers import Answer
from analysis.lessons.messages import Translate
from analysis.lessons.sizes import Sizes

CHANNELS = (8, 12, 16, 24, 32, 40, 48, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 960)
MAPS = (7, 8, 10, 12, 14, 15, 16, 19, 20, 24, 28, 30, 32, 38, 40, 48, 56, 60, 64, 75, 80, 96, 112, 120)
KERNELS = (3, 3, 3, 5, 7)
STRIDES = (1, 1, 2)
RHOS = ("0.857", "0.714", "0.571")
"""192, 160 and 128 px over 224, as V1 writes 160/224: on a map whose side 7 divides, the sides are whole."""

Item = TypeVar("Item")


@dataclass(frozen=True)
class Said:
    """A message with the numbers to be set into it; without numbers it is taken as it stands."""

    text: str
    numbers: Mapping[str, object] = field(default_factory=dict)

    def in_(self, _: Translate) -> str:
        """The sentence in a language; what was :class:`Said` among the numbers, too."""
        if not self.numbers:
            return _(self.text)
        return _(self.text).format(**{name: _in(_, value) for name, value in self.numbers.items()})


def _in(_: Translate, value: object) -> object:
    if isinstance(value, tuple):
        return " + ".join(str(_in(_, part)) for part in value)
    return value.in_(_) if isinstance(value, Said) else value


@dataclass(frozen=True)
class Question:
    """A question, its right answer, and the lines of its worked solution."""

    kind: str
    text: Said
    answer: Answer
    solution: tuple[Said, ...]


@dataclass(frozen=True)
class Draw:
    """What numbers are drawn from: a key of seed, place and attempt; each name draws by itself."""

    key: str

    def __call__(self, name: str, choices: Sequence[Item]) -> Item:
        """One of the choices, the same for the same key and name."""
        digest = hashlib.sha256(f"{self.key}/{name}".encode()).digest()
        return choices[int.from_bytes(digest[:8]) % len(choices)]

    def sizes(self, *, strided: bool = True, channels: Sequence[int] = CHANNELS) -> Sizes:
        """A layer to ask about."""
        return Sizes(
            kernel=self("kernel", KERNELS),
            in_channels=self("in_channels", channels),
            out_channels=self("out_channels", channels),
            map=self("map", MAPS),
            stride=self("stride", STRIDES) if strided else 1,
            alpha=1.0,
            rho=1.0,
        )
