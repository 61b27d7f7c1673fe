"""An ONNX file as a counted network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cost.counted import Counted, Operation, counted_network
from analysis.cost.limits import INT64_MAX
from analysis.imports.onnx.errors import Refused, SizesWanted
from analysis.imports.onnx.gathering import gathered

if TYPE_CHECKING:
    from onnx import ModelProto

    from analysis.cost.counted.operations import Shape
    from analysis.imports.onnx.sizes import Sizes

PARAMETERS = (
    "Parameters are kernels, matrices, biases, embeddings, and what normalisation scales and shifts by; running means "
    "and variances are not among them."
)
UNNAMED = "network.onnx"
BOUND = (
    "What an operator that is not known costs is taken as at most one operation for each pair of a number it reads and "
    "a number it writes."
)


def read_onnx(source: str | Path | bytes, *, name: str | None = None, sizes: Sizes | None = None) -> Counted:
    """The network in an ONNX file, given by its path or its bytes, counted node by node; ``name`` is the file's.

    ``sizes`` gives open sizes by their names (``{"height": 224}``) or an input's whole shape
    (``{"image": (1, 3, 224, 224)}``); an open first dimension is a batch of 1. Files that hold weights apart are not
    opened: shapes are enough. Raises :class:`SizesWanted` where sizes are still open, :class:`Refused` for what is no
    ONNX model or contradicts itself; both are ``ValueError``. Imports onnx.
    """
    from analysis.imports.onnx.document import parsed

    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    name = name or (UNNAMED if isinstance(source, bytes) else Path(source).name)
    try:
        return counted_model(parsed(data), name=name, sizes=sizes or {})
    except (Refused, SizesWanted, MemoryError):
        raise
    except Exception as error:  # bytes for names, attributes of another kind: what no exporter writes
        raise Refused("the file could not be counted: parts of it are not what an ONNX model should be") from error


def counted_model(model: ModelProto, *, name: str, sizes: Sizes) -> Counted:
    """The network of a parsed file."""
    import onnx

    from analysis.imports.onnx.document import opsets_of, printable
    from analysis.imports.onnx.sizes import input_shapes, network_inputs

    inputs = network_inputs(model.graph)
    shapes, batches = input_shapes(inputs, sizes)
    declared = {} if any(name in shapes for name in sizes) else _declared(model)  # they hold for the file's own shapes
    operations, notes = _operations(model, shapes, declared)
    maker = " ".join(filter(None, (printable(model.producer_name), printable(model.producer_version))))
    made_by = f", made by {maker}" if maker else ""
    counted = counted_network(
        operations,
        network=name,
        label=name,
        source=f"ONNX file, opset {opsets_of(model.opset_import).get('', 1)}{made_by}",
        input=", ".join(_input_text(given, shape, len(shapes)) for given, shape in shapes.items()),
        counted_by=f"its graph, node by node, with shapes by onnx {onnx.__version__}",
        notes=[*(f"{printable(batch)} is a batch of 1." for batch in batches), PARAMETERS, *notes],
    )
    check_totals(counted)
    return counted


def check_totals(counted: Counted) -> None:
    """``Refused`` where a total does not fit a 64-bit integer."""
    totals = {
        "Mult-Adds": counted.mult_adds,
        "parameters": counted.params,
        "elements alive": counted.peak_unfused_elements,
        "operations not counted": counted.not_counted_elements,
    }
    for what, value in totals.items():
        if value * 8 > INT64_MAX:
            raise Refused(f"{what} of this file are about 10^{len(str(value)) - 1}, over the int64 limit {INT64_MAX:,}")


def _operations(
    model: ModelProto, shapes: Mapping[str, Shape | None], declared: Mapping[str, Shape]
) -> tuple[list[Operation], list[str]]:
    from analysis.imports.onnx.control import CONTROLS
    from analysis.imports.onnx.document import opsets_of
    from analysis.imports.onnx.frame import Frame
    from analysis.imports.onnx.tensors import Tensor
    from analysis.imports.onnx.walk import Walk

    functions = {("" if one.domain == "ai.onnx" else one.domain, one.name): one for one in model.functions}
    walk = Walk(functions=functions, controls=CONTROLS, apart=len(model.graph.initializer) > 0)
    frame = Frame(opsets_of(model.opset_import), declared=declared)
    elements = {given.name: given.type.tensor_type.elem_type or 1 for given in model.graph.input}
    for name, shape in shapes.items():
        frame[name] = Tensor(shape, elements[name], value=walk.value(shape))
    walk.graph(model.graph, frame)
    return gathered(walk.operations), [*_said(walk.operations, walk.external), *(f"{note}." for note in walk.notes)]


def _declared(model: ModelProto) -> dict[str, Shape]:
    """Shapes that the file states for values in full."""
    return {
        given.name: tuple(side.dim_value for side in given.type.tensor_type.shape.dim)
        for given in (*model.graph.value_info, *model.graph.output)
        if given.type.tensor_type.HasField("shape")
        and all(side.dim_value > 0 for side in given.type.tensor_type.shape.dim)
    }


def _said(operations: Sequence[Operation], external: int) -> list[str]:
    notes = []
    folded = {bias for call in operations if call.kind in ("conv", "dw", "pw") for bias in call.biases}
    if folded and not any(call.label == "BatchNormalization" for call in operations):
        notes.append(
            f"Of the parameters {sum(bias.elements for bias in folded):,} are biases of convolutions. Where an "
            "exporter folded batch norm into them, the network itself has two parameters for each: a scale and a shift."
        )
    if external:
        notes.append(f"{external:,} numbers are kept in other files, which were not opened; their shapes were counted.")
    if any(call.role == "other" for call in operations):
        notes.append(BOUND)
    return notes


def _input_text(name: str, shape: Shape | None, inputs: int) -> str:
    from analysis.imports.onnx.document import printable

    sides = "of no known shape" if shape is None else "×".join(map(str, shape)) or "a number"
    return sides if inputs == 1 else f"{printable(name)} {sides}"
