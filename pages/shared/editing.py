"""The session's editing of rows: the one draft that the grid, the toolbar and the facts all change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from pydantic import ValidationError

from analysis.networks import CATALOGUE, Network
from analysis.networks.files.problems import problems_of
from analysis.networks.files.schema import MOST_ROWS, NetworkHead
from analysis.networks.rounding import ROUNDINGS
from analysis.networks.rows import BLOCKS
from pages.shared import editing_grid as grid
from pages.shared.controls import set_view
from pages.shared.editing_link import check_own
from pages.shared.editing_steps import (
    Cells,
    Draft,
    Editing,
    added,
    change_words,
    copied,
    doubled,
    draft_of,
    edited,
    editing_of,
    moved,
    rows_words,
)
from pages.shared.state import View

KEPT, REFUSED = "editing", "editing_refused"
"""Where the session keeps its editing, and the sentence about what was just refused."""


def known() -> Editing | None:
    """The session's editing, if it began."""
    editing: Editing | None = st.session_state.get(KEPT)
    return editing


def followed(view: View, own: Network) -> Editing:
    """The session's editing in step with the view, whose rows a link or a step in the browser's history may change."""
    editing = known()
    if editing is None:
        editing = editing_of(draft_of(own, view.start))
    elif editing.draft.network != own:
        if editing.past and editing.past[-1].draft.network == own:
            editing = editing.undone()
        elif editing.future and editing.future[-1].draft.network == own:
            editing = editing.redone()
        else:
            editing = editing.done("rows of another address", draft_of(own, view.start)).refilled()
    st.session_state[KEPT] = editing
    return editing


def show(editing: Editing) -> None:
    """Keep the editing and show its network: for callbacks."""
    st.session_state[KEPT] = editing
    view: View = st.session_state["view"]
    set_view(view.of_own(editing.draft.network, editing.draft.start))


def begin(network: Network, what: str, start: str = "") -> None:
    """Take a network's rows into the own network; ``ValueError`` with a sentence where the app cannot show it."""
    draft, editing = draft_of(check_own(copied(network)), start), known()
    show(editing_of(draft) if editing is None else editing.done(what, draft).refilled())


def start_from(key: str) -> None:
    """Copy the rows of the network of the catalogue that the box with this key names."""
    name = st.session_state.get(key)
    if name in CATALOGUE:
        begin(CATALOGUE[name], f"start from {CATALOGUE[name].label}", name)


def grid_key(editing: Editing) -> str:
    """A new widget for each filling: what a browser still sends of an earlier one is late, and void."""
    return f"rows_{editing.number}"


def take_edits(number: int) -> None:
    """Take what the browser's grid holds now, all of it, against what the grid was filled with."""
    editing = known()
    if editing is None or editing.number != number:
        return
    changes = grid.changes_of(st.session_state.get(grid_key(editing)))
    cells = edited(editing.filled, changes)
    before = editing.draft.cells
    if cells == before:
        return
    editing = editing.done(change_words(before, cells), editing.draft.with_cells(cells))
    show(_in_step(editing, changes))


def _in_step(editing: Editing, changes: Mapping[int, Cells]) -> Editing:
    """With the grid's other cells of a row whose block changed: in place, unless older edits of them would cover."""
    pairs = list(zip(editing.draft.cells, editing.filled, strict=True))
    turned = {index for index, (row, old) in enumerate(pairs) if row.get("block") != old.get("block")}
    if any(changes[index].keys() - {"block"} for index in turned):
        return editing.refilled(ticked(editing))
    return replace(editing, filled=tuple(row if index in turned else old for index, (row, old) in enumerate(pairs)))


def ticked(editing: Editing) -> frozenset[int]:
    """The rows that are ticked in the browser's grid now."""
    return grid.ticked_of(editing.ticked, st.session_state.get(grid_key(editing)), len(editing.filled))


def undo() -> None:
    """Back before the last step."""
    _stepped(Editing.undone)


def redo() -> None:
    """Again the step last undone."""
    _stepped(Editing.redone)


def _stepped(step: Callable[[Editing], Editing]) -> None:
    editing = known()
    if editing is not None:
        show(step(editing))


def move(by: int) -> None:
    """Move the ticked rows up (−1) or down (1)."""
    editing = known()
    if editing is None:
        return
    chosen = ticked(editing)
    cells, there = moved(editing.draft.cells, chosen, by)
    _rows(f"move of {rows_words(chosen)} {'up' if by < 0 else 'down'}", cells, there)


def duplicate() -> None:
    """A copy of every ticked row, after it."""
    editing = known()
    if editing is not None:
        chosen = ticked(editing)
        _rows(f"copy of {rows_words(chosen)}", *doubled(editing.draft.cells, chosen))


def delete() -> None:
    """Take the ticked rows away."""
    editing = known()
    if editing is not None:
        chosen = ticked(editing)
        left = tuple(row for index, row in enumerate(editing.draft.cells) if index not in chosen)
        _rows(f"delete of {rows_words(chosen)}", left, frozenset())


def add(key: str) -> None:
    """A new row of the block that the box with this key names."""
    editing, block = known(), st.session_state.get(key)
    if editing is not None and block in BLOCKS:
        cells, where = added(editing.draft.cells, ticked(editing), block)
        _rows(f"new {block} as row {where + 1}", cells, frozenset({where}))


def _rows(what: str, cells: Any, ticks: frozenset[int]) -> None:
    editing = known()
    if editing is not None and cells != editing.draft.cells and len(cells) <= MOST_ROWS:
        show(editing.done(what, editing.draft.with_cells(cells)).refilled(ticks))


def refuse(sentence: str) -> None:
    """Keep the sentence about what was refused for the next drawing."""
    st.session_state[REFUSED] = sentence


def take_fact(key: str) -> None:
    """Take a fact from its widget; one that does not go with the rows is refused, and the last good one stays."""
    editing, given = known(), st.session_state.get(f"fact_{key}")
    if editing is None:
        return
    try:
        draft = with_fact(editing.draft, key, given)
    except ValueError as error:
        refuse(str(error))
        return
    if draft != editing.draft:
        changed = editing.done(f"{key}: {given}", draft)
        show(changed.refilled(ticked(editing)) if key == "classes" else changed)


def with_fact(draft: Draft, key: str, given: Any) -> Draft:
    """The draft with a fact as its widget holds it; ``ValueError`` with a sentence for one that cannot be."""
    network = draft.network
    if key in ("name", "label"):
        return draft.with_facts(**{key: checked_text(key, given)})
    if key == "rounding":
        return draft.with_facts(rounding=ROUNDINGS.get(given, network.rounding))
    if key in ("height", "width"):
        height, width = network.base
        return draft.with_facts(base=(given, width) if key == "height" else (height, given))
    if key == "classes":
        last = len(draft.cells) - 1
        return draft.with_cells(edited(draft.cells, {last: {"classes": given}}))
    return draft.with_facts(**{key: given})


def checked_text(key: str, given: Any) -> str:
    """A name or label as a file may hold it; ``ValueError`` with a sentence otherwise."""
    text = given.strip() if isinstance(given, str) else ""
    if not text:
        raise ValueError(f"{key} must not be empty")
    try:
        NetworkHead.model_validate({"name": "own", key: text})
    except ValidationError as error:
        raise ValueError(problems_of(error)[0].message) from None
    return text
