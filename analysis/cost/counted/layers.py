"""Operations as layers: what costs or holds parameters is a layer; batch norm and activations fold into theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import prod

from analysis.cost.counted.counted import Counted, CountedLayer, Sides
from analysis.cost.counted.liveness import peak
from analysis.cost.counted.operations import Operation, Shape, Weight

OWN = ("weighted", "product", "pool")
"""Roles that always are a layer of their own."""

ALONG_MAPS = ("conv", "dw", "pw", "pool")
"""Kinds that read maps, channels first."""

LEFT_OUT = ("pool", "activation", "addition", "other")
"""Roles that Mult-Adds leave out; a norm is folded away, a view and a move do no arithmetic."""


@dataclass
class _Row:
    """A layer being filled."""

    name: str
    call: Operation
    terms: Counter[str] = field(default_factory=Counter)
    params: int = 0
    weights: int = 0

    def take(self, call: Operation, new: Sequence[Weight]) -> None:
        """Add what a call costs and holds; ``new`` are its tensors that no earlier call holds."""
        self.params += sum(weight.elements for weight in new)
        self.weights += sum(weight.elements for weight in new if weight in call.weights)
        self.terms.update(_terms(call, new))


def counted_network(
    operations: Sequence[Operation],
    *,
    network: str,
    label: str,
    source: str,
    input: str,
    counted_by: str,
    notes: Sequence[str] = (),
) -> Counted:
    """The network that does these operations; the other arguments are fields of :class:`Counted`."""
    fused, unfused = peak(operations, fused=True), peak(operations, fused=False)
    left_out = [call for call in operations if call.role in LEFT_OUT]
    rows = rows_of(operations)
    return Counted(
        layers=tuple(_layer(row, block) for row, block in zip(rows, _blocks([row.name for row in rows]), strict=True)),
        peak_elements=fused.elements,
        peak_unfused_elements=unfused.elements,
        peak_layer=fused.operation,
        not_counted=dict(Counter(call.label for call in left_out)),
        not_counted_elements=sum(call.uncounted for call in left_out),
        unknown=tuple(dict.fromkeys(call.label for call in operations if call.role == "other")),
        network=network,
        label=label,
        source=source,
        input=input,
        counted_by=counted_by,
        notes=tuple(notes),
    )


def rows_of(operations: Iterable[Operation]) -> list[_Row]:
    """A row for each operation that costs, pools or holds parameters, in order.

    An activation, an addition and what else holds no layer of its own is folded into the latest row among those that
    made what it reads; batch norm only into the weighted layer right before it. A name that comes again is followed by
    the number of the call.
    """
    rows: list[_Row] = []
    made_by: dict[int, int] = {}
    straight: set[int] = set()
    seen: set[str] = set()
    names: Counter[str] = Counter()
    for call in operations:
        new = [weight for weight in dict.fromkeys(call.trained) if weight.name not in seen]
        seen.update(weight.name for weight in new)
        at = max((made_by[value.number] for value in call.inputs if value.number in made_by), default=None)
        if _is_layer(call, new, at, straight):
            names[call.name] += 1
            at = len(rows)
            rows.append(_Row(call.name if names[call.name] == 1 else f"{call.name} ({names[call.name]})", call))
        if at is not None:
            rows[at].take(call, new)
            made_by.update((value.number, at) for value in call.outputs)
        if call.role == "weighted" or (call.role == "view" and any(value.number in straight for value in call.inputs)):
            straight.update(value.number for value in call.outputs)
    return rows


def _is_layer(call: Operation, new: Sequence[Weight], row: int | None, straight: set[int]) -> bool:
    """Whether an operation is a layer of its own; ``straight`` are values that a weighted layer wrote."""
    if call.role == "norm":
        folds = call.term == "batch_norm" and any(value.number in straight for value in call.inputs)
        return bool(new or call.term) and not folds
    return call.role in OWN or (bool(new or call.term) and (row is None or call.role == "other"))


def _terms(call: Operation, new: Sequence[Weight]) -> Counter[str]:
    written = sum(value.elements for value in call.outputs[:1])
    read = sum(value.elements for value in call.inputs[:1])
    terms = Counter(mult_adds=call.mult_adds)
    if call.biases and call.role in (*OWN, "addition"):
        terms["bias"] = written
    if call.role == "norm":
        terms["batch_norm_params"] = sum(weight.elements for weight in new)
    if call.term == "window_means":
        terms["window_pool"] = read
    if call.term is not None:
        terms[call.term] += read if call.term in ("pool", "window_pool") else written
    return +terms


FEWEST_BLOCKS = 6


def _blocks(names: Sequence[str]) -> list[str]:
    """The part of each name that says where it stands: as short as leaves some blocks to tell apart."""
    paths = [name.split(" (")[0].strip("/").replace("/", ".").split(".") for name in names]
    deepest = max(map(len, paths), default=1)
    cut = [[".".join(path[:depth]) for path in paths] for depth in range(1, max(deepest, 2))]
    return next((blocks for blocks in cut if len(set(blocks)) >= FEWEST_BLOCKS), cut[-1])


def _layer(row: _Row, block: str) -> CountedLayer:
    call = row.call
    source = call.inputs[0].shape if call.inputs else ()
    target = call.outputs[0].shape if call.outputs else ()
    return CountedLayer(
        name=row.name,
        block=block,
        kind=call.kind,
        kernel=call.kernel,
        stride=call.stride,
        groups=call.groups,
        input=sides(source, kind=call.kind),
        output=sides(target, kind=call.kind),
        activations=prod(target) if target else 0,
        params=row.params,
        weights=row.weights,
        formula=call.formula,
        terms=dict(row.terms),
    )


def sides(shape: Shape, *, kind: str) -> Sides:
    """Channels, height and width of a tensor's shape, batch first.

    A map is [N, C, …], as convolutions and pools read it; what matrix products read is [N, …, C], as is every sequence
    [N, L, C]. One that runs along a line is C × L × 1; of a solid's sides all but the last are taken together.
    """
    if len(shape) <= 2:
        return (shape[-1] if shape else 0, 1, 1)
    if kind in ("fc", "matmul") or (len(shape) == 3 and kind not in ALONG_MAPS):
        return (shape[-1], prod(shape[1:-1]), 1)
    return (shape[1], shape[2], 1) if len(shape) == 3 else (shape[1], prod(shape[2:-1]), shape[-1])
