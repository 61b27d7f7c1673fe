"""If, Loop and Scan: a branch that is taken or the costlier one, and a body as often as it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onnx import GraphProto, NodeProto

from analysis.cost.counted import Operation
from analysis.cost.counted.operations import Shape
from analysis.imports.onnx.document import attribute_of
from analysis.imports.onnx.errors import Refused
from analysis.imports.onnx.frame import Frame
from analysis.imports.onnx.inference import title
from analysis.imports.onnx.tensors import Tensor
from analysis.imports.onnx.walk import Control, Walk

ENDLESS = 2**31
"""Exporters give a loop that ends by its condition alone the largest integer for a number of rounds."""


def branch(walk: Walk, node: NodeProto, frame: Frame) -> None:
    """If: the branch of a known condition, else the one that costs more."""
    condition = frame[node.input[0]].integers
    names: tuple[str, ...] = ("then_branch", "else_branch")
    if condition is not None and len(condition) == 1:
        names = names[:1] if condition[0] else names[1:]
    read = [walk.aside(_graph(node, name), frame.inner(_named(node, name))) for name in names]
    if len(read) > 1:
        walk.note(f"{title(node)}: of its two branches the costlier one is counted")
    operations, outputs = max(read, key=lambda one: (sum(call.mult_adds for call in one[0]), len(one[0])))
    walk.operations += operations
    _hand_out(node, frame, outputs)


def loop(walk: Walk, node: NodeProto, frame: Frame) -> None:
    """Loop: rounds, condition, what is carried; its body as often as the given number of rounds, once if not given."""
    body, inner = _graph(node, "body"), frame.inner(_named(node, "body"))
    rounds = frame[node.input[0]].integers if node.input and node.input[0] else None
    known = rounds is not None and len(rounds) == 1 and 0 <= rounds[0] < ENDLESS
    times = rounds[0] if known and rounds is not None else 1
    _say_rounds(walk, node, times if known else None)
    carried = [frame[name] for name in node.input[2:]]
    counter = Tensor((), 7, value=walk.value(()))
    condition = Tensor((), 9, value=walk.value(()))
    for given, tensor in zip(body.input, [counter, condition, *carried], strict=False):
        inner[given.name] = tensor
    operations, outputs = walk.aside(body, inner)
    walk.operations += repeated(operations, times)
    last = outputs[1 : 1 + len(carried)]
    stacked = [_stacked(walk, node, made, times if known else None) for made in outputs[1 + len(carried) :]]
    _hand_out(node, frame, [*last, *stacked])


def scan(walk: Walk, node: NodeProto, frame: Frame) -> None:
    """Scan: its body once for each entry of the sequences that it goes along."""
    body, inner = _graph(node, "body"), frame.inner(_named(node, "body"))
    given = attribute_of(node, "num_scan_inputs")
    sequences = 0 if given is None else given.i
    tensors = [frame[name] for name in node.input]
    if not 0 < sequences <= len(tensors):
        raise Refused(f"{title(node)} has {len(tensors)} inputs, and goes along {sequences} of them")
    first, axes = len(tensors) - sequences, attribute_of(node, "scan_input_axes")
    along = list(axes.ints) if axes is not None else [0] * sequences
    shapes = [tensor.shape for tensor in tensors[first:]]
    times = shapes[0][along[0]] if shapes[0] and -len(shapes[0]) <= along[0] < len(shapes[0]) else None
    _say_rounds(walk, node, times)
    entries = [
        _moved(walk, node, tensor, _without(tensor.shape, axis))
        for tensor, axis in zip(tensors[first:], along, strict=False)
    ]
    for name, tensor in zip(body.input, [*tensors[:first], *entries], strict=False):
        inner[name.name] = tensor
    operations, outputs = walk.aside(body, inner)
    walk.operations += repeated(operations, 1 if times is None else times)
    _hand_out(node, frame, [*outputs[:first], *(_stacked(walk, node, made, times) for made in outputs[first:])])


CONTROLS: dict[str, Control] = {"If": branch, "Loop": loop, "Scan": scan}


def repeated(operations: Sequence[Operation], times: int) -> list[Operation]:
    """The operations of a body that runs so often; they stand once, with what all rounds cost."""
    if times == 1:
        return list(operations)
    return [
        replace(
            call,
            mult_adds=call.mult_adds * times,
            uncounted=call.uncounted * times,
            formula=f"{times}·({call.formula})" if call.formula else "",
        )
        for call in operations
    ]


def _say_rounds(walk: Walk, node: NodeProto, times: int | None) -> None:
    if times is None:
        walk.note(f"{title(node)}: how often its body runs is not known; it is counted once")
    else:
        walk.note(f"{title(node)}: its body is counted {times:,} times, as if no condition ended it before")


def _graph(node: NodeProto, name: str) -> GraphProto:
    given = attribute_of(node, name)
    if given is None or not given.HasField("g"):
        raise Refused(f"{title(node)} has no {name}")
    return given.g


def _named(node: NodeProto, name: str) -> str:
    return f"{next(iter(node.output), node.op_type)}.{name}"


def _without(shape: Shape | None, axis: int) -> Shape | None:
    if not shape or not -len(shape) <= axis < len(shape):
        return None
    axis %= len(shape)
    return (*shape[:axis], *shape[axis + 1 :])


def _stacked(walk: Walk, node: NodeProto, made: Tensor, times: int | None) -> Tensor:
    """What all rounds put out, one after another."""
    return _moved(walk, node, made, None if made.shape is None or times is None else (times, *made.shape))


def _moved(walk: Walk, node: NodeProto, source: Tensor, shape: Shape | None) -> Tensor:
    target = Tensor(shape, source.element, value=walk.value(shape))
    assert target.value is not None
    inputs = () if source.value is None else (source.value,)
    label = node.op_type
    walk.operations.append(
        Operation(name=node.name or label, label=label, role="move", inputs=inputs, outputs=(target.value,))
    )
    return target


def _hand_out(node: NodeProto, frame: Frame, tensors: Sequence[Tensor]) -> None:
    if len(tensors) < len(node.output):
        raise Refused(f"{title(node)} has {len(node.output)} outputs, its body {len(tensors)}")
    for name, tensor in zip(node.output, tensors, strict=False):
        if name:
            frame[name] = tensor
