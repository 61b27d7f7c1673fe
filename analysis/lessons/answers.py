"""Answers: what is right, how it is written, and how a given text is read and graded."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

from analysis.lessons.messages import marked
from analysis.networks.values import shortened

LONGEST_ANSWER = 60

Verdict = Literal["right", "low", "high", "twice", "wrong"]

_GROUP = r"[,\s_'’]"
_GROUPED = re.compile(rf"[0-9]{{1,3}}({_GROUP}[0-9]{{3}})+|[0-9]+")
_BETWEEN = re.compile(r"[\s,x×*;]+")
_DECIMAL = re.compile(r"[0-9]+([.,][0-9]+)?|[.,][0-9]+")
_FRACTION = re.compile(r"([0-9]+)\s*/\s*([0-9]+)")


class Answer(Protocol):
    """A right answer."""

    @property
    def written(self) -> str:
        """The right answer as text."""
        ...

    @property
    def how(self) -> str:
        """How an answer is to be written (a message)."""
        ...

    def grade(self, text: str) -> Verdict:
        """Whether ``text`` is right, or how it is wrong; ``ValueError`` where it cannot be read."""
        ...


def _against(given: int | Fraction, right: int | Fraction) -> Verdict:
    """Low or high of a number that is not right; ``twice`` where each multiply-add was counted as two."""
    return "twice" if given == 2 * right else "low" if given < right else "high"


@dataclass(frozen=True)
class Whole:
    """A whole number, right to the last digit."""

    value: int
    how = marked("A whole number to the last digit, as 462,422,016 or 462422016.")

    @property
    def written(self) -> str:
        """With separators: ``462,422,016``."""
        return f"{self.value:,}"

    def grade(self, text: str) -> Verdict:
        """Right if equal to the last digit; groups of three may stand apart by commas, spaces, ``_`` or ``'``."""
        given = read_whole(text)
        return "right" if given == self.value else _against(given, self.value)


@dataclass(frozen=True)
class Decimal:
    """A number that is right within half a unit of its last place asked for."""

    value: Fraction
    places: int = 4
    how = marked("A number in four decimals, as 0.1131, or a fraction, as 1/64.")

    @property
    def written(self) -> str:
        """Rounded to the places asked for, halves up."""
        units = int(self.value * 10**self.places + Fraction(1, 2))
        return f"{units // 10**self.places}.{units % 10**self.places:0{self.places}d}"

    def grade(self, text: str) -> Verdict:
        """Right if at most half a unit of the last place away; a decimal comma or a fraction may be given."""
        given = read_decimal(text)
        near = abs(given - self.value) <= Fraction(1, 2 * 10**self.places)
        return "right" if near else _against(given, self.value)


@dataclass(frozen=True)
class Shape:
    """Some whole numbers in their order."""

    value: tuple[int, ...]

    @property
    def how(self) -> str:
        """How an answer is to be written (a message)."""
        if len(self.value) == 2:
            return marked("Two whole numbers, as 112×112.")
        return marked("Four whole numbers, as [64, 32, 3, 3].")

    @property
    def written(self) -> str:
        """``112×112`` for two numbers, else ``[64, 32, 3, 3]``."""
        return "×".join(map(str, self.value)) if len(self.value) == 2 else str(list(self.value))

    def grade(self, text: str) -> Verdict:
        """Right if all numbers are, in their order; commas, spaces or × between them, brackets as one likes."""
        numbers = read_shape(text)
        if len(numbers) != len(self.value):
            raise ValueError(f"{len(self.value)} whole numbers are needed, got {shortened(text)}")
        return "right" if numbers == self.value else "wrong"


def _cleaned(text: str) -> str:
    """The text with full-width digits made plain, every space a plain one, and none around it."""
    if len(text) > LONGEST_ANSWER:
        raise ValueError(f"an answer has at most {LONGEST_ANSWER} characters, got {len(text)}")
    return unicodedata.normalize("NFKC", text).strip()


def read_whole(text: str) -> int:
    """The whole number of a text such as ``462,422,016``; ``ValueError`` where it is none."""
    cleaned = _cleaned(text)
    if not _GROUPED.fullmatch(cleaned):
        raise ValueError(f"a whole number such as 462,422,016 is needed, got {shortened(text)!r}")
    return int(re.sub(_GROUP, "", cleaned))


def read_decimal(text: str) -> Fraction:
    """The number of a text such as ``0.1131``, ``0,1131`` or ``9/80``; ``ValueError`` where it is none."""
    cleaned = _cleaned(text)
    fraction = _FRACTION.fullmatch(cleaned)
    if fraction and int(fraction[2]):
        return Fraction(int(fraction[1]), int(fraction[2]))
    if not _DECIMAL.fullmatch(cleaned):
        raise ValueError(f"a number such as 0.1131 is needed, got {shortened(text)!r}")
    return Fraction(cleaned.replace(",", "."))


def read_shape(text: str) -> tuple[int, ...]:
    """The whole numbers of a text such as ``[64, 32, 3, 3]`` or ``112×112``; ``ValueError`` where there are others."""
    cleaned = _cleaned(text).strip("[](){} ")
    parts = _BETWEEN.split(cleaned)
    if not all(re.fullmatch(r"[0-9]+", part) for part in parts):
        raise ValueError(f"whole numbers such as [64, 32, 3, 3] are needed, got {shortened(text)!r}")
    return tuple(map(int, parts))
