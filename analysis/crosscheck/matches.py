"""My number is not the paper's: which tool, convention or mix of terms gives a figure, within its digits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product

from analysis.cost.conventions import CONVENTIONS, Convention
from analysis.cost.subjects import Subject, layer_terms, subject_terms
from analysis.crosscheck.figures import Figure, read_figure
from analysis.crosscheck.identities import identity_of
from analysis.networks.design import Design
from analysis.networks.resolutions import width_of

HEIGHTS = (96, 112, 128, 160, 192, 224, 240, 256, 288, 299, 300, 320, 331, 384, 416, 448, 512)
"""Heights of the input that are tried; the width keeps the shape of the network's own input."""

BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
FACTORS: dict[Fraction, str] = {Fraction(1): "", Fraction(2): "twice ", Fraction(1, 2): "half of "}
"""Multiplication and addition are counted apart, or as one where the tool counts two."""

MULTIPLES = [(factor, 1) for factor in FACTORS] + [(Fraction(1), batch) for batch in BATCHES if batch > 1]
LISTED = 8
MOST_CHANGES = 2
"""How far from the network's own figure a match may be: each change of it, and a mix that no tool has, count one."""


@dataclass(frozen=True)
class Match:
    """A way to get the figure: ``count`` is what it gives, ``changes`` how far it is from the tool's plain figure."""

    changes: int
    count: Fraction
    convention: Convention
    factor: Fraction
    batch: int
    variant: Variant

    @property
    def name(self) -> str:
        """The tool, its unit and what was changed, e.g. ``twice fvcore's flops, batch of 2``."""
        images = f", batch of {self.batch}" if self.batch > 1 else ""
        unit = f"{FACTORS[self.factor]}{self.convention.label} ({self.convention.unit})"
        return f"{unit}{self.variant.text}{images}"

    @property
    def arithmetic(self) -> str:
        """The sum that gives the count, with its numbers."""
        identity = identity_of(self.convention, self.variant.terms)
        times = self.factor * self.batch
        return identity.text if times == 1 else f"{identity.text}; times {times}: {self.count_text}"

    @property
    def count_text(self) -> str:
        """The count with separators; a half where it is one."""
        return f"{self.count.numerator:,}" if self.count.denominator == 1 else f"{float(self.count):,.1f}"


@dataclass(frozen=True)
class Answer:
    """What gives a figure: the ``matches`` with the fewest changes, and how many ``others`` there are.

    ``nearest`` is the closest figure that a tool prints for the network as it is.
    """

    figure: Figure
    matches: tuple[Match, ...]
    others: int
    nearest: Match

    @property
    def sentence(self) -> str:
        """What was found, in one or two sentences."""
        if not self.matches:
            off = float(self.figure.middle / self.nearest.count - 1) if self.nearest.count else 0.0
            scale = f" If it is in millions, write {self.figure.text}M." if self.figure.most < 10_000 else ""
            nearest = f"The nearest is {self.nearest.name}, {self.nearest.count_text}: yours differs by {off:+.2%}."
            return f"Nothing that is tried gives {self.figure.text}. {nearest}{scale}"
        ways = "One way gives" if len(self.matches) == 1 else f"{len(self.matches)} ways give"
        digits = "" if self.figure.exact else " More digits would tell them apart."
        also = f" {self.others:,} more are further from the plain figure.{digits}" if self.others else ""
        return f"{ways} {self.figure.text}.{also}"


@dataclass(frozen=True)
class Variant:
    """The network as it is, or changed: without its classifier, or for another input; with what tools count of it."""

    changes: int
    text: str
    terms: Mapping[str, int]


def explain_figure(subject: Subject, text: str) -> Answer:
    """What gives the figure that was got for this network; ``ValueError`` where the text is no figure.

    Tried are every tool's convention, sums of terms that no tool has, twice and half of each, batches, and the network
    without its classifier and, where it is made of rows, for other inputs: up to two such changes at once.
    """
    figure = read_figure(text)
    tried = list(_all(subject))
    found = [match for match in tried if figure.holds(match.count)]
    fewest = min((match.changes for match in found), default=0)
    plainest = [match for match in found if match.changes == fewest][:LISTED]
    unchanged = (match for match in tried if match.changes == 0)
    nearest = min(unchanged, key=lambda match: abs(match.count - figure.middle))
    return Answer(figure, tuple(plainest), len(found) - len(plainest), nearest)


def _all(subject: Subject) -> Iterator[Match]:
    """Every way that is tried."""
    for variant in _variants(subject):
        for convention, mixed in _conventions(variant.terms):
            count = sum(weight * variant.terms[name] for name, weight in convention.weights.items())
            for factor, batch in MULTIPLES:
                changes = variant.changes + mixed + (factor != 1) + (batch != 1)
                if changes <= MOST_CHANGES and not (factor == 2 and convention.weights == {"mult_adds": 1}):
                    yield Match(changes, factor * batch * count, convention, factor, batch, variant)


@lru_cache(32)
def _variants(subject: Subject) -> tuple[Variant, ...]:
    whole = subject_terms(subject)
    variants = [Variant(0, "", whole)]
    classifier = _classifier_terms(subject)
    if classifier:
        less = {name: count - classifier.get(name, 0) for name, count in whole.items()}
        variants.append(Variant(1, ", without the classifier", less))
    if isinstance(subject, Design):
        variants += _other_inputs(subject)
    return tuple(variants)


def _other_inputs(design: Design) -> Iterator[Variant]:
    for height in HEIGHTS:
        width = width_of(height, design.height, design.width)
        if (height, width) != (design.height, design.width):
            there = design.with_(height=height, width=width)
            yield Variant(1, f", input of {height}×{width} px", subject_terms(there))


def _classifier_terms(subject: Subject) -> Mapping[str, int]:
    """The terms of the last layer with Mult-Adds, if it is fully connected."""
    layers = [(layer.kind, terms) for layer, terms in layer_terms(subject) if terms["mult_adds"]]
    return layers[-1][1] if layers and layers[-1][0] == "fc" else {}


def _conventions(terms: Mapping[str, int]) -> Iterator[tuple[Convention, int]]:
    """The tools' conventions, and mixes of terms that no tool has; 1 for a mix, 0 for a tool's."""
    known = set()
    for convention in CONVENTIONS.values():
        known.add(_held(convention.weights, terms))
        yield convention, 0
    for weights in MIXES:
        held = _held(weights, terms)
        if held not in known:
            known.add(held)
            yield Convention("mix", "a sum that no tool here prints", "one a term", weights), 1


def _held(weights: Mapping[str, int], terms: Mapping[str, int]) -> frozenset[tuple[str, int]]:
    return frozenset((name, weight) for name, weight in weights.items() if terms[name])


def _mixes() -> Iterator[dict[str, int]]:
    choices = {
        "batch_norm": (0, 1, 2, 4),
        "activations": (0, 1),
        "bias": (0, 1),
        "pool": (0, 1),
        "window_pool": (0, 1),
        "batch_norm_params": (0, 1),
    }
    for chosen in product(*choices.values()):
        weights = {"mult_adds": 1} | {name: weight for name, weight in zip(choices, chosen, strict=True) if weight}
        if weights.pop("activations", 0):
            weights |= {"relu6": 1, "relu": 1}
        yield weights


MIXES = tuple(_mixes())
