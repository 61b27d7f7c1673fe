"""The graph, node by node, as a list of operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from onnx import FunctionProto, GraphProto, NodeProto, TensorProto, helper

from analysis.cost.counted import Operation, Value
from analysis.cost.counted.operations import Shape
from analysis.imports.onnx.call import Call
from analysis.imports.onnx.constants import constant_node, known_outputs
from analysis.imports.onnx.dialects import standard
from analysis.imports.onnx.document import check_depth, check_nodes, opsets_of, printable
from analysis.imports.onnx.errors import Refused
from analysis.imports.onnx.frame import Frame, bound_node, in_order
from analysis.imports.onnx.inference import inferred, schema_of, title
from analysis.imports.onnx.names import layer_name
from analysis.imports.onnx.plain import unknown_bound
from analysis.imports.onnx.readers import read_call
from analysis.imports.onnx.shapes import LIKE_THE_FIRST, outputs_of
from analysis.imports.onnx.tensors import Tensor, initialiser, sparse_initialiser

Control = Callable[["Walk", NodeProto, Frame], None]


@dataclass
class Walk:
    """What was read so far. ``controls`` reads the operators that hold graphs; ``notes`` say what was assumed.

    ``apart``: the file holds its weights apart from its nodes; older exporters put them into Constant nodes.
    """

    functions: Mapping[tuple[str, str], FunctionProto]
    controls: Mapping[str, Control]
    apart: bool = True
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
            frame[sparse.values.name] = sparse_initialiser(sparse, f"{frame.path}{sparse.values.name}")
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
                made = constant_node(node, f"{frame.path}{node.output[0]}")
                frame[node.output[0]] = replace(made, learned=not self.apart)
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
        path = f"{frame.path}{next(iter(node.output), '')}/"
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
        if schema_of(node, frame.opsets) is None or (operator in LIKE_THE_FIRST and found[0][1] is None):
            found = outputs_of(node, operator, given, attributes, frame.opsets)
        found = [
            (element, frame.declared.get(name) if shape is None else shape)
            for (element, shape), name in zip(found, node.output, strict=True)
        ]
        made = known_outputs(node, tensors, found, opsets=frame.opsets, path=frame.path, held=held)
        if made is None:
            made = [
                Tensor(shape, element, value=self.value(shape) if name else None)
                for (element, shape), name in zip(found, node.output, strict=True)
            ]
            self._take(node, operator, attributes, given, made)
        for name, tensor in zip(node.output, made, strict=True):
            if name:
                frame[name] = tensor

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
