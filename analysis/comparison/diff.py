"""Two networks layer by layer: what is the same, what changed, what only one of them has, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.comparison.alignment import aligned
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.subjects import Subject, subject_table
from analysis.cost.units import change, short_count
from analysis.networks import Design

STATUSES = SAME, CHANGED, ONLY_FIRST, ONLY_SECOND = "same", "changed", "only in first", "only in second"

COLUMNS: dict[str, str] = {
    "status": "same, changed, only in first or only in second",
    "first_layer": "The layer's name in the first network",
    "second_layer": "The layer's name in the second network",
    "block": "The block it is in: the second network's, or the first's where only that has the layer",
    "kind": "Kind of layer, in the second network or the only one that has it",
    "what": "Every field that changed, from first to second",
    "first_mult_adds": "Mult-Adds in the first network",
    "second_mult_adds": "Mult-Adds in the second network",
    "mult_adds_change": "Second less first; a layer that is in one alone counts whole",
    "first_params": "Parameters in the first network",
    "second_params": "Parameters in the second network",
    "params_change": "Second less first",
}
"""Every column of a diff and what it holds."""

Row = Mapping[Hashable, Any]


def _map(side: str) -> Callable[[Row], str]:
    return lambda row: "×".join(str(row[f"{side}_{size}"]) for size in ("channels", "height", "width"))


FIELDS: dict[str, Callable[[Row], object]] = {
    "kind": lambda row: row["kind"],
    "kernel": lambda row: row["kernel"],
    "stride": lambda row: row["stride"],
    "groups": lambda row: "one a channel" if row["kind"] == "dw" else row["groups"],
    "input": _map("in"),
    "output": _map("out"),
}
"""The structure that two paired layers are compared in; names are not, since a row put in moves all behind it."""

COSTS = {"parameters": "params", "Mult-Adds": "mult_adds"}
"""What is compared too, and named where the structure does not show the change: a bias, a shared weight."""


@dataclass(frozen=True, eq=False)
class Diff:
    """Two subjects layer by layer; ``rows`` has :data:`COLUMNS` in the order of both networks.

    Both changes, summed over the rows, are the difference of the networks' totals exactly.
    """

    first: Subject
    second: Subject
    letters: tuple[str, str]
    rows: pd.DataFrame

    @property
    def mult_adds(self) -> tuple[int, int]:
        """The Mult-Adds of both."""
        return int(self.rows["first_mult_adds"].sum()), int(self.rows["second_mult_adds"].sum())

    @property
    def params(self) -> tuple[int, int]:
        """The parameters of both."""
        return int(self.rows["first_params"].sum()), int(self.rows["second_params"].sum())

    def count(self, status: str) -> int:
        """How many layers are so."""
        return int((self.rows["status"] == status).sum())

    def changed(self) -> pd.DataFrame:
        """The rows that are not the same in both."""
        return self.rows[self.rows["status"] != SAME]

    def by_block(self) -> pd.DataFrame:
        """A row a block, in order: how many layers are the same, changed or in one alone, and both sides' costs."""
        groups = self.rows.groupby("block", sort=False)
        sums = groups[[name for name in COLUMNS if name.endswith(("mult_adds", "params", "change"))]].sum()
        counts = pd.crosstab(self.rows["block"], self.rows["status"]).reindex(sums.index)
        counts = counts.reindex(columns=list(STATUSES), fill_value=0)
        return counts.join(sums).reset_index()

    def summary(self) -> str:
        """One sentence: how many layers changed, what that costs, and where most of it is."""
        a, b = self.letters
        counts = ((CHANGED, "changed"), (ONLY_FIRST, f"only in {a}"), (ONLY_SECOND, f"only in {b}"), (SAME, "the same"))
        there = [(self.count(status), words) for status, words in counts if self.count(status)]
        first = "layer " if there[:1] and there[0][0] == 1 else "layers "
        layers = [f"{count:,} {'' if number else first}{words}" for number, (count, words) in enumerate(there)]
        costs = "; ".join((self._cost("Mult-Adds", *self.mult_adds), self._cost("parameters", *self.params)))
        return f"{a} → {b}: {', '.join(layers)}. {costs}{self._where()}."

    def _cost(self, name: str, first: int, second: int) -> str:
        if first == second:
            return f"equal {name}"
        relative = f" ({change(second, first)})" if first else ""
        return f"{signed(second - first)} {name}{relative}"

    def _where(self) -> str:
        """The row of the network in which most of the change in Mult-Adds is."""
        whole = self.mult_adds[1] - self.mult_adds[0]
        stages = [stage_of(block, self.second) for block in self.rows["block"]]
        changes = self.rows["mult_adds_change"].groupby(stages, sort=False).sum()
        largest = max(changes, key=abs, default=0)
        if not largest:
            return ""
        stage, share = changes.index[changes.tolist().index(largest)], largest / whole if whole else 0.0
        much = (
            f"{100 * share:.0f} % of the Mult-Adds"
            if 0 < share <= 1
            else f"most of the Mult-Adds ({signed(int(largest))})"
        )
        return f"; {much} in {stage}"


def lettered(status: str, diff: Diff) -> str:
    """``only in first`` with the design's letter."""
    return status.replace("first", diff.letters[0]).replace("second", diff.letters[1])


def stage_of(block: str, subject: Subject) -> str:
    """A block without the number of its repeat: ``bottleneck5`` of ``bottleneck5_2``."""
    stage, _, repeat = block.rpartition("_")
    return stage if isinstance(subject, Design) and stage and repeat.isdigit() else block


def signed(count: int) -> str:
    """A change with its sign and unit: ``+14.20 M``, ``-8``, ``±0``."""
    return "±0" if count == 0 else ("+" if count > 0 else "-") + short_count(abs(count))


def make_diff(first: Subject, second: Subject, *, letters: tuple[str, str] = ("A", "B")) -> Diff:
    """Two subjects layer by layer, in the papers' convention; layers are paired as :func:`aligned` says.

    Raises ``ValueError`` for networks of too many layers.
    """
    tables = [subject_table(subject, CONVENTIONS["papers"], "float32") for subject in (first, second)]
    pairs = aligned(*tables)
    a, b = (table.to_dict("records") for table in tables)
    rows = [_row(None if i is None else a[i], None if j is None else b[j]) for i, j in pairs]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    counts = [name for name in COLUMNS if name.endswith(("mult_adds", "params", "change"))]
    return Diff(first, second, letters, frame.astype(dict.fromkeys(counts, "Int64")))


def _row(a: Row | None, b: Row | None) -> dict[str, object]:
    there: Row = b or a or {}
    row: dict[str, object] = {"block": there["block"], "kind": there["kind"], "what": ""}
    for side, layer in (("first", a), ("second", b)):
        row |= {f"{side}_layer": "" if layer is None else layer["layer"]}
        row |= {f"{side}_{name}": None if layer is None else layer[name] for name in ("mult_adds", "params")}
    for name in ("mult_adds", "params"):
        row[f"{name}_change"] = (b[name] if b else 0) - (a[name] if a else 0)
    if a is None or b is None:
        return row | {"status": ONLY_SECOND if a is None else ONLY_FIRST}
    what = [f"{name} {field(a)} → {field(b)}" for name, field in FIELDS.items() if field(a) != field(b)]
    what = what or [f"{name} {a[key]:,} → {b[key]:,}" for name, key in COSTS.items() if a[key] != b[key]]
    return row | {"status": CHANGED if what else SAME, "what": "; ".join(what)}
