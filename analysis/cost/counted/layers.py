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

PRODUCTS = ("weighted", "product")
"""Roles that cost Mult-Adds."""

ALONE = ("relu", "relu6")
"""Terms whose operation is a layer where nothing before it is one; others wait for the first."""

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
        self.terms.update(_terms(call))


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
    left_out = [call for call in operations if call.role in LEFT_OUT or (call.role in PRODUCTS and call.uncounted)]
    rows = rows_of(operations)
    blocks = blocks_of([row.name for row in rows])
    return Counted(
        layers=tuple(_layer(row, block) for row, block in zip(rows, blocks, strict=True)),
        peak_elements=fused.elements,
        peak_unfused_elements=unfused.elements,
        peak_layer=fused.operation,
        not_counted=dict(Counter(_left_out(call) for call in left_out)),
        not_counted_elements=sum(call.uncounted for call in left_out),
        unknown=tuple(dict.fromkeys(call.label for call in operations if call.role == "other")),
        network=network,
        label=label,
        source=source,
        input=input,
        counted_by=counted_by,
        notes=tuple(notes),
    )


def _left_out(call: Operation) -> str:
    """What is left out of a call: of a product, its softmax or gates."""
    return f"inside {call.label}" if call.role in PRODUCTS else call.label


def rows_of(operations: Iterable[Operation]) -> list[_Row]:
    """A row for each operation that costs, pools or holds parameters, in order.

    An activation, an addition and what else holds no layer of its own is folded into the latest row among those that
    made what it reads; batch norm only into the weighted layer right before it. A name that comes again is followed by
    the number of the call. What tools count before the first layer stands with it.
    """
    early: Counter[str] = Counter()
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
            rows[at].terms.update(early)
            early.clear()
        if at is None:
            early.update(_terms(call))
        else:
            rows[at].take(call, new)
            made_by.update((value.number, at) for value in call.outputs)
        if call.role == "weighted" or (call.role == "view" and any(value.number in straight for value in call.inputs)):
            straight.update(value.number for value in call.outputs)
    return rows


def layer_scopes(operations: Iterable[Operation]) -> dict[str, str]:
    """The innermost module that was running at each layer, by the layer's name; empty for the network itself."""
    return {row.name: row.call.scope for row in rows_of(operations)}


def _is_layer(call: Operation, new: Sequence[Weight], row: int | None, straight: set[int]) -> bool:
    """Whether an operation is a layer of its own; ``straight`` are values that a weighted layer wrote."""
    if call.role == "norm":
        folds = call.term == "batch_norm" and any(value.number in straight for value in call.inputs)
        return bool(new or call.term) and not folds
    alone = bool(new) or call.term in ALONE
    return call.role in OWN or (row is None and alone) or (call.role == "other" and bool(new))


def _terms(call: Operation) -> Counter[str]:
    """What tools count of a call, by term."""
    written = sum(value.elements for value in call.outputs[:1])
    terms = Counter(mult_adds=call.mult_adds)
    if call.called not in ("module", None):
        terms["hidden"] = call.mult_adds
    if call.biases and call.role in (*OWN, "addition"):
        terms["bias"] = written
        terms["conv_bias"] = 0 if call.kind in ("fc", "other") else written
    if call.role == "norm":
        images = call.outputs[0].shape[0] if call.outputs else 1
        terms["batch_norm_params"] = images * sum(weight.elements for weight in call.scales)
    if call.term in _CALLS:
        read = sum(value.elements for value in call.inputs[:1])
        terms.update(_CALLS[call.term](call, read, written))
    elif call.term is not None:
        terms[call.term] += written
    return +terms


def _relu(call: Operation, read: int, written: int) -> dict[str, int]:
    """Elements of all ReLUs, of those that are modules, and of those that call the function, as the modules do."""
    return {
        "relu": written,
        "relu_modules": written if call.called in ("module", None) else 0,
        "relu_functions": written if call.called != "tensor" else 0,
    }


def _global_pool(call: Operation, read: int, written: int) -> dict[str, int]:
    """A global pool, unless it is a tensor's method; one that is not known to be a module is none, as in our rows."""
    found = {"pool_means": written} if call.called == "tensor" else {"pool": read, "pool_means": written}
    return found | ({"pool_modules": read, "pool_module_means": written} if call.called == "module" else {})


def _windows(call: Operation, read: int, written: int) -> dict[str, int]:
    return {"window_pool": read, "window_pool_modules": read if call.called in ("module", None) else 0}


def _means(call: Operation, read: int, written: int) -> dict[str, int]:
    by_module = written if call.called in ("module", None) else 0
    return _windows(call, read, written) | {"window_means": written, "window_module_means": by_module}


def _resized(call: Operation, read: int, written: int) -> dict[str, int]:
    """Elements that resizing puts out, and its positions: those of one channel of one image."""
    return {"resized": written, "resized_positions": prod(call.outputs[0].shape[2:])}


def _normalised(call: Operation, read: int, written: int) -> dict[str, int]:
    """Response normalisation over ``kernel[0]`` channels, which are padded to keep their number."""
    channels = call.outputs[0].shape[1]
    return {"normalised": written, "normalised_windows": written // channels * (channels + call.kernel[0] - 1)}


_CALLS = {
    "relu": _relu,
    "pool": _global_pool,
    "window_pool": _windows,
    "window_means": _means,
    "normalised": _normalised,
    "resized": _resized,
}


FEWEST_BLOCKS = 6


def blocks_of(names: Sequence[str]) -> list[str]:
    """The part of each layer's name that says where it stands: as short as leaves some blocks to tell apart."""
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
