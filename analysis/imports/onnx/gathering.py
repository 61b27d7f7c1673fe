"""Activations that a file spells out in several nodes, such as x · sigmoid(x), as one operation each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from analysis.cost.counted import Operation, Value

MOST_TOGETHER = 16


def gathered(operations: Sequence[Operation]) -> list[Operation]:
    """The operations, with those that together make one number of each put into one.

    Such a group begins where a value is read twice and ends where what was made of it comes together again; nothing
    outside reads what is between. A runtime does it in place, as it does an activation of one node.
    """
    makers = {value.number: at for at, call in enumerate(operations) for value in call.outputs}
    readers: dict[int, set[int]] = defaultdict(set)
    for at, call in enumerate(operations):
        for value in call.inputs:
            readers[value.number].add(at)
    gone: set[int] = set()
    merged: dict[int, Operation] = {}
    for at, call in enumerate(operations):
        group = _group(at, operations, makers, readers) if _elementwise(call) and len(call.inputs) > 1 else None
        if group is not None:
            members, source = group
            gone |= members
            merged[at] = _one([operations[member] for member in sorted(members)], source)
    return [merged.get(at, call) for at, call in enumerate(operations) if at in merged or at not in gone]


def _elementwise(call: Operation) -> bool:
    return call.role in ("activation", "addition") and len(call.outputs) == 1 and not call.trained


def _group(
    join: int, operations: Sequence[Operation], makers: dict[int, int], readers: dict[int, set[int]]
) -> tuple[set[int], Value] | None:
    """The operations from one value to this join, and that value; ``None`` where its inputs have no such value."""
    size = operations[join].outputs[0].elements
    members, edge = {join}, {value.number: value for value in operations[join].inputs}
    while len(edge) > 1 and len(members) < MOST_TOGETHER:
        latest = max(edge, key=lambda number: makers.get(number, -1))
        at = makers.get(latest, -1)
        if at < 0 or not _elementwise(operations[at]) or edge[latest].elements != size or readers[latest] - members:
            return None
        del edge[latest]
        members.add(at)
        edge |= {value.number: value for value in operations[at].inputs}
    source = next(iter(edge.values()))
    return (members, source) if len(edge) == 1 and len(members) > 1 and source.elements == size else None


def _one(calls: Sequence[Operation], source: Value) -> Operation:
    hard_swish = [call.label for call in calls] == ["HardSigmoid", "Mul"]
    return Operation(
        name=calls[-1].name,
        label=", ".join(call.label for call in calls),
        role="activation",
        inputs=(source,),
        outputs=calls[-1].outputs,
        term="hard" if hard_swish else None,
        uncounted=sum(call.uncounted for call in calls),
    )
