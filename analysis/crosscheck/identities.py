"""Identities: the exact sum that leads from our Mult-Adds to what a tool prints, with one network's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.cost.conventions import CONVENTIONS, Convention
from analysis.cost.subjects import Subject, subject_terms
from analysis.cost.terms import TERMS, signed_sum

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Step:
    """One term of an identity: ``term`` is its name in :data:`analysis.cost.terms.TERMS`."""

    term: str
    weight: int
    number: int

    @property
    def label(self) -> str:
        """The term in words."""
        return TERMS[self.term].label

    @property
    def product(self) -> int:
        """What the term adds to the tool's figure."""
        return self.weight * self.number

    @property
    def text(self) -> str:
        """The number and the term, e.g. ``6,678,112 batch-norm elements``."""
        return f"{self.number:,} {self.label}"


@dataclass(frozen=True)
class Identity:
    """What a tool would print for a network: ``count`` in the tool's unit, the sum of the steps, Mult-Adds first.

    Terms that the network has none of are left out.
    """

    convention: Convention
    steps: tuple[Step, ...]

    @property
    def count(self) -> int:
        """The tool's figure, to the integer."""
        return sum(step.product for step in self.steps)

    @property
    def mult_adds(self) -> int:
        """Our figure."""
        return self.steps[0].number

    @property
    def ratio(self) -> float:
        """The tool's figure over ours."""
        return self.count / self.mult_adds if self.mult_adds else 1.0

    @property
    def text(self) -> str:
        """The sum with its numbers, e.g. ``300,774,272 Mult-Adds + 1,000 bias additions = 300,775,272``."""
        parts = [
            (
                step.weight // abs(step.weight),
                f"{abs(step.weight)} × {step.text}" if abs(step.weight) > 1 else step.text,
            )
            for step in self.steps
        ]
        return f"{signed_sum(parts)} = {self.count:,}"


def identity_of(convention: Convention, terms: Mapping[str, int]) -> Identity:
    """The identity of a tool for a network of these terms."""
    steps = (Step(name, weight, terms[name]) for name, weight in convention.weights.items())
    return Identity(convention, tuple(step for step in steps if step.number or step.term == "mult_adds"))


def identities(subject: Subject, *, among: Sequence[str] = tuple(CONVENTIONS)) -> tuple[Identity, ...]:
    """The identity of every tool, or of those ``among``, for a design or a network without rows."""
    terms = subject_terms(subject)
    return tuple(identity_of(CONVENTIONS[name], terms) for name in among)


def identities_frame(found: Sequence[Identity]) -> pd.DataFrame:
    """A row a term: ``tool, unit, term, weight, number, product``; a tool's products sum to its figure."""
    import pandas as pd

    return pd.DataFrame(
        [
            (identity.convention.label, identity.convention.unit, step.label, step.weight, step.number, step.product)
            for identity in found
            for step in identity.steps
        ],
        columns=["tool", "unit", "term", "weight", "number", "product"],
    )
