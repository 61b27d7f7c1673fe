"""Figures as people write them: ``314.2M``, ``0.6 G``, ``601.55 MFLOPs``, ``327486720``; what they may stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from analysis.networks.values import shortened

SCALES = {"": 0, "k": 3, "thousand": 3, "m": 6, "million": 6, "mio": 6, "g": 9, "b": 9, "bn": 9, "billion": 9, "t": 12}
UNITS = r"(?:mult[- ]?adds?|flops?|macs?|madds?|macc?s?|operations|ops|op)?"
NUMBER = r"(?P<number>\d[\d,_ ’']*(?:\.\d+)?)(?:e\+?(?P<exponent>\d{1,2}))?"
SCALE = r"(?P<scale>thousand|million|mio|billion|bn|k|m|g|b|t)?"
FIGURE = re.compile(rf"\s*{NUMBER}\s*{SCALE}\s*{UNITS}(?:/s)?\s*", re.IGNORECASE)
LONGEST = 40
MOST = 10**18


@dataclass(frozen=True)
class Figure:
    """A written figure: every whole number from ``least`` to ``most`` is written so, half a unit of its last digit up
    or down; a figure in full is that number alone."""

    text: str
    least: Fraction
    most: Fraction

    @property
    def middle(self) -> Fraction:
        """The number as it was written."""
        return (self.least + self.most) / 2

    @property
    def exact(self) -> bool:
        """Whether it is one whole number."""
        return self.least == self.most

    def holds(self, count: int | Fraction) -> bool:
        """Whether a count would be written so."""
        return self.least <= count <= self.most


def read_figure(text: str) -> Figure:
    """A figure from text; ``ValueError`` with examples if it is none."""
    found = FIGURE.fullmatch(text.lower()) if len(text) <= LONGEST else None
    if found is None:
        raise ValueError(f"figure must be a number such as 314.2M, 0.6 G or 327486720, got {shortened(text)}")
    digits = re.sub(r"[,_ ’']", "", found["number"])
    power = SCALES[found["scale"] or ""] + int(found["exponent"] or 0)
    decimals = len(digits.partition(".")[2])
    value = Fraction(digits) * 10**power
    if not 0 < value <= MOST:
        raise ValueError(f"figure must be above 0 and at most 10^18, got {shortened(text)}")
    half = Fraction(10) ** (power - decimals) / 2 if power - decimals > 0 else Fraction(0)
    return Figure(text.strip(), value - half, value + half)
