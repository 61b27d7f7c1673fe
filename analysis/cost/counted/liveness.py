"""Peak memory: which values are alive at once while operations run in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.cost.counted.operations import Operation, Value

FUSED = ("norm", "activation")


@dataclass(frozen=True)
class Peak:
    """The most elements alive at once, and the operation that runs then."""

    elements: int
    operation: str


def peak(operations: Sequence[Operation], *, fused: bool) -> Peak:
    """The most elements alive at once: what an operation reads and writes, and what a later one will read.

    ``fused``: normalisation, activations and gates are done in place; otherwise each writes a new value. Additions are
    done in place in both, where no later operation reads the place; views share theirs. What the source itself writes
    in place of a value that is read again under another name stays there. What no operation writes is the network's
    input, alive from the start.
    """
    inputs = _inputs(operations)
    place = _places(operations, inputs, fused=fused)
    last = {place[value.number]: at for at, call in enumerate(operations) for value in call.inputs}
    sizes: dict[int, int] = {}
    written = (value for call in operations if call.role != "view" or not call.inputs for value in call.outputs)
    for value in (*inputs, *written):  # a view may be expanded, and takes no more room
        sizes[place[value.number]] = max(sizes.get(place[value.number], 0), value.elements)
    alive = {place[value.number] for value in inputs}
    held, best = sum(sizes[home] for home in alive), Peak(0, "")
    for at, call in enumerate(operations):
        new = {place[value.number] for value in call.outputs} - alive
        alive |= new
        held += sum(sizes[home] for home in new)
        if held > best.elements:
            best = Peak(held, call.name)
        touched = {place[value.number] for value in (*call.inputs, *call.outputs)}
        done = {home for home in touched & alive if last.get(home, -1) <= at}
        alive -= done
        held -= sum(sizes[home] for home in done)
    return best


def _inputs(operations: Sequence[Operation]) -> list[Value]:
    written = {value.number for call in operations for value in call.outputs}
    read = {value.number: value for call in operations for value in call.inputs}
    return [value for number, value in read.items() if number not in written]


def _places(operations: Sequence[Operation], inputs: Iterable[Value], *, fused: bool) -> dict[int, int]:
    """Where each value lives: its own place, or that of the value it was made of."""
    last = {value.number: at for at, call in enumerate(operations) for value in call.inputs}
    place = {value.number: value.number for value in inputs}
    readers = dict(last)  # the last reader of a place: of any value that lives there
    for at, call in enumerate(operations):
        for value in call.outputs:
            home = _shared_place(call, value, at, place, readers, fused=fused)
            place[value.number] = home
            readers[home] = max(readers.get(home, -1), last.get(value.number, -1))
    return place


def _shared_place(
    call: Operation, value: Value, at: int, place: dict[int, int], readers: dict[int, int], *, fused: bool
) -> int:
    if call.role == "view":
        return place[call.inputs[0].number] if call.inputs else value.number
    if call.overwrites is not None and value is call.outputs[0]:
        home = place[call.overwrites.number]
        if fused or call.role not in FUSED or readers.get(home, -1) > at:
            return home
    if call.role == "addition" or (fused and call.role in FUSED):
        for source in call.inputs:
            home = place[source.number]
            if source.elements == value.elements and readers.get(home, -1) <= at:
                return home
    return value.number
