"""Names in force while a graph is read: its own tensors, those of the graphs around it, and a function's arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from onnx import AttributeProto, GraphProto, NodeProto

from analysis.cost.counted.operations import Shape
from analysis.imports.onnx.document import printable, subgraphs
from analysis.imports.onnx.errors import Refused
from analysis.imports.onnx.tensors import Tensor


@dataclass
class Frame:
    """One graph or function being read. ``path`` stands before the names of its weights, to keep them apart.

    ``declared`` are shapes that the file states for its values, ``bound`` a function's attributes by name.
    """

    opsets: Mapping[str, int]
    tensors: dict[str, Tensor] = field(default_factory=dict)
    around: Frame | None = None
    bound: Mapping[str, AttributeProto] = field(default_factory=dict)
    declared: Mapping[str, Shape] = field(default_factory=dict)
    path: str = ""
    depth: int = 0

    def inner(self, name: str) -> Frame:
        """The frame of a graph inside a node of this one."""
        return Frame(self.opsets, around=self, bound=self.bound, path=f"{self.path}{name}/", depth=self.depth + 1)

    def has(self, name: str) -> bool:
        """Whether the name is in force here."""
        return name in self.tensors or (self.around is not None and self.around.has(name))

    def __getitem__(self, name: str) -> Tensor:
        frame: Frame | None = self
        while frame is not None:
            if name in frame.tensors:
                return frame.tensors[name]
            frame = frame.around
        raise Refused(f"a node reads {printable(name)}, which nothing makes before it")

    def __setitem__(self, name: str, tensor: Tensor) -> None:
        if name in self.tensors:
            raise Refused(f"{printable(name)} is made twice")
        self.tensors[name] = tensor


def in_order(nodes: Sequence[NodeProto], frame: Frame) -> Sequence[NodeProto]:
    """The nodes such that each comes after what it reads: as they stand, or sorted; ``Refused`` in a cycle."""
    maker = {name: at for at, node in enumerate(nodes) for name in node.output if name}
    needs = {at: {maker[name] for name in _read(node) if name in maker} for at, node in enumerate(nodes)}
    if all(before < at for at, needed in needs.items() for before in needed):
        return nodes
    try:
        return [nodes[at] for at in TopologicalSorter(needs).static_order()]
    except CycleError:
        raise Refused("the graph has a cycle: a node reads what is made of its own output") from None


def bound_node(node: NodeProto, bound: Mapping[str, AttributeProto]) -> NodeProto:
    """The node with the attributes that its function was called with."""
    if not any(given.ref_attr_name for given in node.attribute):
        return node
    made = NodeProto()
    made.CopyFrom(node)
    del made.attribute[:]
    for given in node.attribute:
        source = bound.get(given.ref_attr_name) if given.ref_attr_name else given
        if source is not None:
            made.attribute.add().CopyFrom(source)
            made.attribute[-1].name = given.name
    return made


def _read(node: NodeProto) -> Iterable[str]:
    """What a node reads, and what the graphs inside it read from around them."""
    yield from (name for name in node.input if name)
    for graph in subgraphs(node):
        yield from _free(graph)


def _free(graph: GraphProto) -> set[str]:
    own = {given.name for given in (*graph.input, *graph.initializer)}
    own |= {name for node in graph.node for name in node.output}
    read = {name for node in graph.node for name in _read(node)} | {given.name for given in graph.output}
    return read - own
