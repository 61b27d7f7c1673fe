"""Designs side by side: what each costs and is worth, against the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from analysis.comparison.marks import LETTERS, MARKS, MOST, Mark
from analysis.comparison.words import read_word, word_of
from analysis.cost.closed_form import NumberFormat, check_number_format
from analysis.cost.counted.counted import Counted
from analysis.cost.subjects import Subject, make_subject, subject_totals
from analysis.cost.totals import Totals
from analysis.networks import Design, Network
from analysis.networks.values import shortened
from analysis.tradeoff.place import Place, place_of
from analysis.tradeoff.predict import released_predictor
from analysis.tradeoff.published import published_points
from analysis.tradeoff.reach import is_imagenet, measured_index

if TYPE_CHECKING:
    import pandas as pd

    from analysis.comparison.diff import Diff


@dataclass(frozen=True)
class Quantity:
    """Something that designs are compared in: its name in words, its unit, which way is better and how it was had."""

    label: str
    unit: Literal["", "bytes", "%", "M"]
    better: Literal["less", "more"] | None
    origin: Literal["computed", "measured", "predicted", "printed"]


QUANTITIES: dict[str, Quantity] = {
    "mult_adds": Quantity("Mult-Adds", "", "less", "computed"),
    "params": Quantity("Parameters", "", "less", "computed"),
    "weight_bytes": Quantity("Weight size", "bytes", "less", "computed"),
    "peak_activation_bytes": Quantity("Peak activations, fused", "bytes", "less", "computed"),
    "peak_unfused_bytes": Quantity("Peak activations, unfused", "bytes", "less", "computed"),
    "layers": Quantity("Layers", "", None, "computed"),
    "top1": Quantity("ImageNet top-1", "%", "more", "measured"),
    "predicted_top1": Quantity("ImageNet top-1", "%", "more", "predicted"),
    "printed_million_mult_adds": Quantity("Mult-Adds", "M", None, "printed"),
    "printed_million_params": Quantity("Parameters", "M", None, "printed"),
}
"""What is compared, in order; computed, measured, predicted and printed figures stand apart."""

COMPUTED = tuple(name for name, quantity in QUANTITIES.items() if quantity.origin == "computed")
PRINTED = tuple(name for name, quantity in QUANTITIES.items() if quantity.origin == "printed")


@dataclass(frozen=True)
class Entry:
    """One of the designs compared: its mark, its totals, its values by the names of :data:`QUANTITIES`.

    ``accuracy`` says how the accuracy was had, or why there is none; ``interval`` is that of a predicted top-1.
    """

    mark: Mark
    subject: Subject
    totals: Totals
    values: Mapping[str, int | float]
    accuracy: str
    interval: tuple[float, float] | None = None

    @property
    def letter(self) -> str:
        """A for the first."""
        return self.mark.letter

    @property
    def label(self) -> str:
        """The design's name."""
        return self.subject.label


def make_entry(mark: Mark, place: Place, subject: Subject, totals: Totals, training: str) -> Entry:
    """One of the designs compared, from its totals and its place among the measured points."""
    values: dict[str, int | float] = {name: int(totals[name]) for name in COMPUTED}
    if "top1" in place.values:
        values["top1" if place.interval is None else "predicted_top1"] = place.values["top1"]
    values |= printed_costs(subject, training)
    return Entry(mark, subject, totals, values, place.origin, place.interval)


def printed_costs(subject: Subject, training: str) -> dict[str, float]:
    """What the authors printed of exactly this network, in millions; nothing where they did not."""
    points = published_points(training)
    rows = points[points["network"] == subject.network]
    if isinstance(subject, Design):
        if not is_imagenet(subject) or subject.t != subject.entry.t:
            return {}
        rows = rows[(rows["alpha"] == subject.alpha) & (rows["resolution"] == subject.height)]
    found = {name: rows[name].dropna() for name in PRINTED if name in rows}
    return {name: float(column.iloc[0]) for name, column in found.items() if len(column)}


@dataclass(frozen=True)
class Comparison:
    """Designs side by side; the first is what ratios are against."""

    entries: tuple[Entry, ...]
    number_format: NumberFormat
    training: str = "2018"

    @property
    def shown(self) -> list[str]:
        """The quantities that any of the designs has."""
        return [name for name in QUANTITIES if any(name in entry.values for entry in self.entries)]

    def ratio(self, entry: Entry, name: str) -> float | None:
        """An entry's quantity over the first's; ``None`` where either is missing or the first's is 0."""
        first, value = self.entries[0].values.get(name), entry.values.get(name)
        return value / first if first and value is not None else None

    def best(self, name: str) -> frozenset[str]:
        """The letters of the best in a quantity; nobody where it has no better, or all are equal."""
        better = QUANTITIES[name].better
        known = {entry.letter: entry.values[name] for entry in self.entries if name in entry.values}
        if better is None or len(set(known.values())) < 2:
            return frozenset()
        best = (min if better == "less" else max)(known.values())
        return frozenset(letter for letter, value in known.items() if value == best)

    def at(self, letter: str) -> Entry:
        """The entry of that letter; ``ValueError`` with the letters otherwise."""
        found = next((entry for entry in self.entries if entry.letter == letter), None)
        if found is None:
            raise ValueError(f"a design must be one of {', '.join(LETTERS[: len(self.entries)])}, got {letter[:40]}")
        return found

    def diff(self, first: str = "A", second: str = "B") -> Diff:
        """Two of the designs, by their letters, layer by layer."""
        from analysis.comparison.diff import make_diff

        return make_diff(self.at(first).subject, self.at(second).subject, letters=(first, second))

    def report(self, pair: tuple[str, str] = ("A", "B")) -> bytes:
        """One HTML page: designs, totals, bars, profiles and the diff of a pair; no script, no other file."""
        from analysis.comparison.report import report_html

        return report_html(self, self.diff(*pair))

    def to_frame(self) -> pd.DataFrame:
        """A row a design: ``design, label``, its quantities, ``accuracy``, and ratios to the first (``*_ratio``)."""
        import pandas as pd

        rows = []
        for entry in self.entries:
            row: dict[str, Any] = {"design": entry.letter, "label": entry.label, "word": word_of(entry.subject)}
            row |= {name: entry.values.get(name) for name in self.shown} | {"accuracy": entry.accuracy}
            row |= {f"{name}_ratio": self.ratio(entry, name) for name in COMPUTED}
            rows.append(row)
        frame = pd.DataFrame(rows)
        return frame.astype(dict.fromkeys(COMPUTED, "Int64"))

    def _repr_html_(self) -> str:
        from analysis.comparison.report import totals_html

        return totals_html(self)


def compare(
    *networks: str | Network | Design | Counted, number_format: str = "float32", training: str = "2018"
) -> Comparison:
    """Two to six designs side by side, ratios against the first.

    A network is anything that :func:`analysis.layer_table` takes, or a word such as
    ``"mobilenet_v2@alpha=0.5,resolution=160"`` or ``"0.50 MobileNetV2-160"``. ``training`` chooses between
    MobileNetV1's two. Raises ``ValueError`` for another number of networks, and as :func:`analysis.layer_table`.
    """
    return comparison_of([_subject(network) for network in networks], number_format=number_format, training=training)


def _subject(network: str | Network | Design | Counted) -> Subject:
    if not isinstance(network, str):
        return make_subject(network)
    word = read_word(network)
    if word.inputs:
        raise ValueError(f"{shortened(word.network)} takes no input; read an imported network first")
    return make_subject(word.network, **word.options)


def comparison_of(subjects: Sequence[Subject], *, number_format: str = "float32", training: str = "2018") -> Comparison:
    """Two to six subjects side by side, with the accuracies of the released checkpoints."""
    if not 2 <= len(subjects) <= MOST:
        raise ValueError(f"a comparison takes 2 to {MOST} networks, got {len(subjects)}")
    sized, points = check_number_format(number_format), published_points(training)
    measured = measured_index(points[points["group"] == "released"])
    entries = []
    for mark, subject in zip(MARKS, subjects, strict=False):
        predictor = None if isinstance(subject, Counted) else released_predictor(subject.network, training)
        place = place_of(subject, measured, predictor, sized)
        entries.append(make_entry(mark, place, subject, subject_totals(subject, sized), training))
    return Comparison(tuple(entries), sized, training)
