"""The graph, node by node, as a list of operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

import numpy as np
from onnx import AttributeProto, FunctionProto, GraphProto, NodeProto, TensorProto, helper

from analysis.cost.counted import Operation, Value, Weight
from analysis.cost.counted.operations import Shape
from analysis.imports.onnx.call import Call
from analysis.imports.onnx.dialects import standard
from analysis.imports.onnx.document import check_depth, check_nodes, opsets_of, printable
from analysis.imports.onnx.errors import Refused
from analysis.imports.onnx.frame import Frame, bound_node, in_order
from analysis.imports.onnx.inference import Found, folded, inferred, schema_of, title
from analysis.imports.onnx.names import layer_name
from analysis.imports.onnx.plain import unknown_bound
from analysis.imports.onnx.readers import read_call
from analysis.imports.onnx.shapes import outputs_of
from analysis.imports.onnx.tensors import Tensor, initialiser, is_one_number

GENERATORS = {"ConstantOfShape", "EyeLike", "RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike"}
"""What makes a tensor of a shape alone; where a layer reads it as its weights, it stands for them."""

SELECTING = {
    *("Cast", "CastLike", "DequantizeLinear", "Expand", "Flatten", "Gather", "Identity", "Pad", "QuantizeLinear"),
    *("Reshape", "Slice", "Split", "Squeeze", "Tile", "Transpose", "Unsqueeze", "Clip"),
}
"""Of these the first input alone makes a weight; the others are scales, axes and sizes."""

Control = Callable[["Walk", NodeProto, Frame], None]


@dataclass
class Walk:
    """What was read so far. ``controls`` reads the operators that hold graphs; ``notes`` say what was assumed."""

    functions: Mapping[tuple[str, str], FunctionProto]
    controls: Mapping[str, Control]
    operations: list[Operation] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    visited: int = 0
    numbers: int = 0
    external: int = 0

    def note(self, sentence: str) -> None:
        """Take down an assumption, once."""
        self.notes[sentence] = None

    def value(self, shape: Shape | None) -> Value:
        """A new computed value; one whose shape is not known takes no memory."""
        self.numbers += 1
        return Value(self.numbers, (0,) if shape is None else shape)

    def graph(self, graph: GraphProto, frame: Frame) -> list[Tensor]:
        """Read a graph whose inputs stand in the frame; its outputs."""
        check_depth(frame.depth)
        held = {proto.name: proto for proto in graph.initializer}
        for proto in graph.initializer:
            frame[proto.name] = initialiser(proto, f"{frame.path}{proto.name}")
            if proto.data_location == TensorProto.EXTERNAL:
                self.external += frame[proto.name].elements
        for sparse in graph.sparse_initializer:
            shape, name = tuple(sparse.dims), sparse.values.name
            frame[name] = Tensor(
                shape, sparse.values.data_type, parts=initialiser(sparse.values, frame.path + name).parts
            )
        self.nodes(graph.node, frame, held)
        return [frame[given.name] for given in graph.output]

    def nodes(self, nodes: Sequence[NodeProto], frame: Frame, held: Mapping[str, TensorProto]) -> None:
        """Read nodes in an order in which each comes after what it reads."""
        for node in in_order(nodes, frame):
            self.visited += 1
            check_nodes(self.visited)
            node = bound_node(node, frame.bound)
            domain = "" if node.domain == "ai.onnx" else node.domain
            if (domain, node.op_type) in self.functions:
                self._function(self.functions[domain, node.op_type], node, frame)
            elif not domain and node.op_type in self.controls:
                self.controls[node.op_type](self, node, frame)
            elif not domain and node.op_type == "Constant":
                frame[node.output[0]] = _constant(node, f"{frame.path}{node.output[0]}")
            else:
                self._node(node, frame, held)

    def aside(self, graph: GraphProto, frame: Frame) -> tuple[list[Operation], list[Tensor]]:
        """Read a graph into a list of its own."""
        kept, self.operations = self.operations, []
        outputs = self.graph(graph, frame)
        kept, self.operations = self.operations, kept
        return kept, outputs

    def _function(self, function: FunctionProto, node: NodeProto, frame: Frame) -> None:
        given = {attribute.name: attribute for attribute in (*function.attribute_proto, *node.attribute)}
        path = f"{frame.path}{node.name or node.output[0]}/"
        inner = Frame(opsets_of(function.opset_import), bound=given, path=path, depth=frame.depth + 1)
        check_depth(inner.depth)
        for name, outer in zip_longest(function.input, node.input[: len(function.input)], fillvalue=""):
            if outer:
                inner[name] = frame[outer]
        self.nodes(function.node, inner, {})
        for name, outer in zip(function.output, node.output, strict=False):
            if outer:
                frame[outer] = inner[name]

    def _node(self, node: NodeProto, frame: Frame, held: Mapping[str, TensorProto]) -> None:
        tensors = {name: frame[name] for name in node.input if name}
        domain = "" if node.domain == "ai.onnx" else node.domain
        operator, positions = standard(domain, node.op_type)
        attributes = {given.name: helper.get_attribute_value(given) for given in node.attribute}
        inputs = tuple(tensors[name] if name else None for name in node.input)
        given = inputs if positions is None else tuple(inputs[at] if at < len(inputs) else None for at in positions)
        found = inferred(node, tensors, frame.opsets)
        if schema_of(node, frame.opsets) is None:
            found = outputs_of(node, operator, given, attributes, frame.opsets)
        found = [
            (element, frame.declared.get(name) if shape is None else shape)
            for (element, shape), name in zip(found, node.output, strict=True)
        ]
        made = self._known(node, operator, tensors, frame, found, held)
        if made is None:
            made = [Tensor(shape, element, value=self.value(shape)) for element, shape in found]
            self._take(node, operator, attributes, given, made)
        for name, tensor in zip(node.output, made, strict=True):
            if name:
                frame[name] = tensor

    def _known(
        self,
        node: NodeProto,
        operator: str,
        tensors: Mapping[str, Tensor],
        frame: Frame,
        found: Sequence[Found],
        held: Mapping[str, TensorProto],
    ) -> list[Tensor] | None:
        """The outputs if they do not depend on the network's input, but on its shape at most."""
        if operator in ("Shape", "Size"):
            source = tensors[node.input[0]].shape
            if source is None:
                return None
            data = shape_data(node, source)
            return [Tensor(np.shape(data), TensorProto.INT64, data=data)]
        sources = [tensors[node.input[0]]] if operator == "CastLike" else tensors.values()  # the other's type alone
        if any(tensor.value is not None for tensor in sources):
            return None
        numbers = folded(node, tensors, frame.opsets, found)
        return [
            Tensor(
                shape if data is None else np.shape(data),
                element,
                data=data,
                parts=_parts(node, name, tensors, shape, frame.path, held),
            )
            for (element, shape), data, name in zip(found, numbers, node.output, strict=True)
        ]

    def _take(
        self,
        node: NodeProto,
        operator: str,
        attributes: Mapping[str, Any],
        inputs: tuple[Tensor | None, ...],
        outputs: Iterable[Tensor],
    ) -> None:
        weights = [part for given in inputs if given is not None for part in given.parts]
        call = Call(
            operator=operator,
            label=printable(node.op_type),
            name=layer_name(node, weights),
            attributes=attributes,
            inputs=inputs,
            outputs=tuple(outputs),
        )
        try:
            made = read_call(call)
        except Refused:
            raise
        except (LookupError, ArithmeticError, TypeError, ValueError, AttributeError):
            made = self._unread(call)
        if made.role == "other" and any(tensor.shape is None for tensor in call.outputs[:1]):
            self.note(f"{title(node)} puts out a tensor whose size is not known; what it costs has no bound here")
        if min(made.mult_adds, made.uncounted, *(part.elements for part in made.trained), 0) < 0:
            raise Refused(f"{title(node)} has negative sizes")
        self.operations.append(made)

    def _unread(self, call: Call) -> Operation:
        """A node whose sizes are not known, or whose attributes are not what its operator has."""
        return Operation(
            name=call.name,
            label=call.label,
            role="other",
            inputs=call.read,
            outputs=call.written,
            uncounted=unknown_bound(call),
            weights=call.tensors(),
        )


def shape_data(node: NodeProto, shape: Shape) -> Any:
    """What Shape or Size puts out."""
    if node.op_type == "Size":
        return np.array(int(np.prod(shape, dtype=object)), dtype=np.int64)
    ends = {given.name: given.i for given in node.attribute}
    return np.array(shape[ends.get("start", 0) : ends.get("end", len(shape))], dtype=np.int64)


def _constant(node: NodeProto, name: str) -> Tensor:
    given = next(iter(node.attribute), AttributeProto())
    if given.type == AttributeProto.TENSOR:
        return initialiser(given.t, name)
    if given.type == AttributeProto.SPARSE_TENSOR:
        shape, values = tuple(given.sparse_tensor.dims), given.sparse_tensor.values
        return Tensor(shape, values.data_type, parts=initialiser(values, name).parts)
    numbers = np.asarray(helper.get_attribute_value(given)) if given.type else np.zeros(0)
    element = TensorProto.INT64 if numbers.dtype.kind == "i" else TensorProto.FLOAT
    if numbers.dtype.kind not in "if":
        return Tensor(numbers.shape, TensorProto.STRING)
    numbers = numbers.astype(np.int64 if element == TensorProto.INT64 else np.float32)
    return Tensor(numbers.shape, element, data=numbers, parts=(Weight(name, numbers.size),))


def _parts(
    node: NodeProto,
    name: str,
    tensors: Mapping[str, Tensor],
    shape: Shape | None,
    path: str,
    held: Mapping[str, TensorProto],
) -> tuple[Weight, ...]:
    """The weights that a constant output is made of."""
    first = tensors.get(node.input[0]) if node.input else None
    if node.op_type in GENERATORS or first is None:
        return (Weight(f"{path}{name}", int(np.prod(shape, dtype=object))),) if shape is not None else ()
    if node.op_type in ("Expand", "Tile") and first.elements == 1:
        return ()
    if node.op_type == "Identity" and (proto := held.get(node.input[0])) is not None and is_one_number(proto):
        # torch's exporter keeps one of all tensors that are equal, such as the zeros of an untrained network
        return tuple(replace(part, name=f"{path}{name}") for part in first.parts)
    if node.op_type in SELECTING:
        return first.parts
    union = [part for tensor in tensors.values() if tensor.elements > 1 for part in tensor.parts]
    return tuple(dict.fromkeys(union))
