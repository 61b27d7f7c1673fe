"""The file as protobuf's own classes: parsed, and within the limits."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.message import DecodeError
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto

from analysis.imports.onnx.errors import Refused
from analysis.networks.values import shortened

MOST_NODES = 20_000
"""Nodes of a file, those of its branches, loops and functions among them; of functions, every call's."""

MOST_NESTED = 32
"""Branches, loops and functions inside each other."""

IR_WITH_OPSETS = 3
"""From this version of the format on a file must say which operators it means."""

MOST_TENSORS = 100_000


def parsed(data: bytes) -> ModelProto:
    """The model in a file's bytes; ``Refused`` where there is none."""
    if data[:4] == b"PK\x03\x04":
        raise Refused("the file is a zip archive, not an ONNX model")
    model = ModelProto()
    try:
        model.ParseFromString(data)
    except DecodeError:
        raise Refused("the file is not an ONNX model, is cut off, or is nested too deep") from None
    if not model.graph.node:
        raise Refused("the file is not an ONNX model: it holds no graph with nodes")
    if not model.opset_import and model.ir_version >= IR_WITH_OPSETS:
        raise Refused("the file is cut off: it names no operator set")
    check_nodes(sum(1 for _ in _nodes(model)))
    tensors = len(model.graph.initializer) + len(model.graph.sparse_initializer) + len(model.graph.input)
    if tensors > MOST_TENSORS:
        raise Refused(f"the file has {tensors:,} initialisers and inputs, the limit is {MOST_TENSORS:,}")
    return model


def check_nodes(number: int) -> None:
    """``Refused`` beyond :data:`MOST_NODES`."""
    if number > MOST_NODES:
        raise Refused(f"the file has more than {MOST_NODES:,} nodes, which is the limit")


def check_depth(depth: int) -> None:
    """``Refused`` beyond :data:`MOST_NESTED`."""
    if depth > MOST_NESTED:
        raise Refused(f"the file nests branches, loops or functions more than {MOST_NESTED} deep, which is the limit")


def subgraphs(node: NodeProto) -> list[GraphProto]:
    """The graphs inside a node: the branches of an If, the body of a Loop or Scan."""
    if node.op_type in ("Constant", "Conv", "Relu"):  # the most common ones have none
        return []
    of_graphs = (AttributeProto.GRAPH, AttributeProto.GRAPHS)
    return [graph for given in node.attribute if given.type in of_graphs for graph in (given.g, *given.graphs)]


def attribute_of(node: NodeProto, name: str) -> AttributeProto | None:
    """The node's attribute of that name, if it has one."""
    return next((given for given in node.attribute if given.name == name), None)


def opsets_of(imports: object) -> dict[str, int]:
    """Version by domain; ``ai.onnx`` is the domain without a name."""
    return {
        "" if given.domain == "ai.onnx" else given.domain: max(0, min(given.version, 10**6))
        for given in imports  # type: ignore[attr-defined]
    }


def printable(text: str) -> str:
    """What a file says of itself, for a message or a note: in one line, without control characters, cut."""
    return shortened("".join(letter for letter in text[:200] if letter.isprintable()))


def _nodes(model: ModelProto) -> Iterator[NodeProto]:
    for function in model.functions:
        yield from function.node
    yield from _nodes_in(model.graph, 0)


def _nodes_in(graph: GraphProto, depth: int) -> Iterator[NodeProto]:
    check_depth(depth)
    for node in graph.node:
        yield node
        for inner in subgraphs(node):
            yield from _nodes_in(inner, depth + 1)
