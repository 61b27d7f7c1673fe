"""What editing is: rows as cells, right or wrong, the last network they made, and the steps back and forth."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from analysis.networks import CATALOGUE, Network
from analysis.networks.files.folded import grid_row
from analysis.networks.files.grid import check_rows
from analysis.networks.files.plain import NONE
from analysis.networks.files.problems import Problem
from analysis.networks.files.read import check_fits
from analysis.networks.files.schema import fields_of
from analysis.networks.rows import Row
from analysis.networks.values import shortened
from pages.shared.editing_link import check_own

Cells = Mapping[str, Any]
"""A row of the grid: the block and every field that is not empty."""

MOST_STEPS = 100
USUAL_CHANNELS = 32


@dataclass(frozen=True)
class Draft:
    """The rows as they stand, what is wrong with them, and the last network they made: theirs where nothing is.

    ``start`` is the network of the catalogue they were copied from, or empty.
    """

    network: Network
    cells: tuple[Cells, ...]
    start: str = ""
    problems: tuple[Problem, ...] = ()

    def with_cells(self, cells: Sequence[Cells]) -> Draft:
        """The draft with other rows; its network is the new one where they make one."""
        rows, problems = check_rows(cells, network=self.network)
        network = replace(self.network, rows=rows) if rows else self.network
        if not problems:
            try:
                check_own(network)
            except ValueError as error:
                network, problems = self.network, [Problem(None, "rows", str(error))]
        return replace(self, network=network, cells=tuple(cells), problems=tuple(problems))

    def with_facts(self, **facts: Any) -> Draft:
        """The draft with another label, input …; ``ValueError`` with a sentence where its rows do not go with it."""
        network = check_own(replace(self.network, **facts))
        check_fits(network)
        return replace(self, network=network).with_cells(self.cells)


def draft_of(network: Network, start: str = "") -> Draft:
    """A network's rows, about to be edited; all cells that its blocks have are filled."""
    return Draft(network, tuple(_cells(row) for row in network.rows), start)


def _cells(row: Row) -> Cells:
    """Every field of the row but those that are left to the network, or to nothing."""
    unsaid = {field.name for field in fields(type(row)) if field.default is None}  # type: ignore[arg-type]
    return {name: value for name, value in grid_row(row).items() if not (value == NONE and name in unsaid)}


def copied(network: Network) -> Network:
    """A network of the catalogue under a name and label of its own, without what is of the published one alone."""
    if network.name not in CATALOGUE:
        return replace(network, presets=())
    source = f"rows copied from {network.label}, {network.source}"
    return replace(network, name=f"my_{network.name}", label=f"My {network.label}", source=source, presets=())


@dataclass(frozen=True)
class Step:
    """What was done, in words, and the draft on its other side: before it in the past, after it in the future."""

    what: str
    draft: Draft


@dataclass(frozen=True)
class Editing:
    """A session's editing: the draft, and what the browser's grid was filled with, against which it sends its edits.

    ``number`` counts the grids: a grid that is filled anew is another widget, so that edits of the old one are void.
    """

    draft: Draft
    filled: tuple[Cells, ...]
    ticked: frozenset[int] = frozenset()
    number: int = 0
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()

    def done(self, what: str, draft: Draft) -> Editing:
        """After a change, the grid as it is in the browser."""
        return replace(self, draft=draft, past=(*self.past, Step(what, self.draft))[-MOST_STEPS:], future=())

    def refilled(self, ticked: Collection[int] = ()) -> Editing:
        """With the grid filled anew from the draft."""
        return replace(self, filled=self.draft.cells, ticked=frozenset(ticked), number=self.number + 1)

    def undone(self) -> Editing:
        """Before the last step; the same where there is none."""
        if not self.past:
            return self
        *past, last = self.past
        future = (*self.future, Step(last.what, self.draft))
        return replace(self, draft=last.draft, past=tuple(past), future=future).refilled()

    def redone(self) -> Editing:
        """After the step last undone; the same where there is none."""
        if not self.future:
            return self
        *future, last = self.future
        past = (*self.past, Step(last.what, self.draft))
        return replace(self, draft=last.draft, past=past, future=tuple(future)).refilled()


def editing_of(draft: Draft) -> Editing:
    """A session that begins with a draft."""
    return Editing(draft, draft.cells)


def edited(rows: Sequence[Cells], changes: Mapping[int, Cells]) -> tuple[Cells, ...]:
    """The rows with some cells changed, an empty one being ``None``; a row of another block is one of its fields."""
    after = [dict(row) for row in rows]
    for index, cells in changes.items():
        if not 0 <= index < len(after):
            continue
        block = cells.get("block")
        if block is not None and block != after[index].get("block"):
            after[index] = of_block(str(block), after, index)
            cells = {name: value for name, value in cells.items() if name in ("block", *fields_of(block))}
        after[index] = {name: value for name, value in {**after[index], **cells}.items() if value is not None}
    return tuple(after)


def of_block(block: str, rows: Sequence[Cells], index: int) -> dict[str, Any]:
    """The row at an index as another block: the fields that both have, and what the new one cannot do without."""
    before, known = rows[index] if index < len(rows) else {}, fields_of(block)
    kept = {name: value for name, value in before.items() if name in known}
    channels = next((row["c"] for row in reversed(rows[: index + 1]) if "c" in row), USUAL_CHANNELS)
    needed = {"c": channels, "classes": 1000, "of": "max"}
    return {"block": block} | {name: value for name, value in needed.items() if name in known} | kept


def moved(rows: Sequence[Cells], ticked: Collection[int], by: int) -> tuple[tuple[Cells, ...], frozenset[int]]:
    """The rows with those ticked one place up (−1) or down (1), each as far as it goes, and where they are then."""
    order = list(range(len(rows)))
    for index in sorted(ticked, reverse=by > 0):
        other = index + by
        if 0 <= other < len(order) and order[other] not in ticked:
            order[index], order[other] = order[other], order[index]
    return tuple(rows[old] for old in order), frozenset(new for new, old in enumerate(order) if old in ticked)


def doubled(rows: Sequence[Cells], ticked: Collection[int]) -> tuple[tuple[Cells, ...], frozenset[int]]:
    """The rows with a copy of each that is ticked after it, and where the copies are."""
    order = [(index, copy) for index in range(len(rows)) for copy in range(2 if index in ticked else 1)]
    return tuple(rows[index] for index, _ in order), frozenset(new for new, (_, copy) in enumerate(order) if copy)


def added(rows: Sequence[Cells], ticked: Collection[int], block: str) -> tuple[tuple[Cells, ...], int]:
    """The rows with a new one after the last that is ticked, else before the head or at the end; and where it is."""
    last = max(ticked) + 1 if ticked else len(rows)
    if not ticked and rows and rows[-1].get("block") == "head":
        last -= 1
    before, after = list(rows[:last]), rows[last:]
    return (*before, of_block(block, before, last), *after), last


def rows_words(indices: Collection[int]) -> str:
    """``row 3`` or ``rows 3, 4``, as counted from 1."""
    numbers = ", ".join(str(index + 1) for index in sorted(indices))
    return f"row{'s' if len(indices) > 1 else ''} {numbers}"


def change_words(before: Sequence[Cells], after: Sequence[Cells]) -> str:
    """What an edit of cells did, in words: ``c of row 3: 24 → 32``."""
    changes = [
        (index, name, old.get(name), new.get(name))
        for index, (old, new) in enumerate(zip(before, after, strict=True))
        for name in dict.fromkeys((*new, *old))
        if old.get(name) != new.get(name)
    ]
    block = next((change for change in changes if change[1] == "block"), None)
    if block is None and len({index for index, *_ in changes}) > 1:
        return f"{len(changes)} cells of {rows_words({index for index, *_ in changes})}"
    index, name, old, new = block or changes[0]
    return f"{name} of row {index + 1}: {_word(old)} → {_word(new)}"


def _word(value: Any) -> str:
    return "empty" if value is None else shortened(value)
