"""What a node puts out: shapes by onnx's own inference, and numbers where they are few and known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, checker, defs, helper, numpy_helper, shape_inference

from analysis.cost.counted.operations import Shape
from analysis.imports.onnx.document import printable
from analysis.imports.onnx.errors import Refused
from analysis.imports.onnx.tensors import MOST_KEPT, Tensor, checked_shape

FOLDED = {
    *("Abs", "Add", "And", "Cast", "CastLike", "Ceil", "Clip", "Concat", "ConstantOfShape", "Div", "Equal", "Expand"),
    *("Flatten", "Floor", "Gather", "GatherElements", "GatherND", "Greater", "GreaterOrEqual", "Identity", "Less"),
    *("LessOrEqual", "Max", "Min", "Mod", "Mul", "Neg", "NonZero", "Not", "Or", "Pow", "Range", "ReduceMax"),
    *("ReduceMin", "ReduceProd", "ReduceSum", "Reshape", "Round", "ScatterElements", "ScatterND", "Sign", "Size"),
    *("Slice", "Split", "Sqrt", "Squeeze", "Sub", "Sum", "Tile", "Transpose", "Unsqueeze", "Where", "Xor", "CumSum"),
}
"""What networks compute sizes and axes with."""

Found = tuple[int, Shape | None]
"""An element type, and a shape where it is known."""


def inferred(node: NodeProto, tensors: Mapping[str, Tensor], opsets: Mapping[str, int]) -> list[Found]:
    """The type of each output, by onnx's inference for the node.

    ``Refused`` where the node's inputs do not fit each other. An operator that onnx does not know, or has no inference
    for, leaves the shape open.
    """
    schema = schema_of(node, opsets)
    if schema is None or "Sequence" in node.op_type or "Optional" in node.op_type:  # no tensors
        return [(TensorProto.FLOAT, None) for _ in node.output]
    types = {name: tensors[name].type for name in node.input if name}
    data = {
        name: numpy_helper.from_array(np.asarray(tensors[name].data), name)
        for name in node.input
        if name and tensors[name].data is not None and np.asarray(tensors[name].data).dtype.kind in "iufb"
    }
    imports = [helper.make_opsetid(domain, version) for domain, version in opsets.items()]
    try:
        outputs = shape_inference.infer_node_outputs(schema, node, types, data, opset_imports=imports)
    except shape_inference.InferenceError as error:
        if "TypeInferenceError" in str(error):
            return [(TensorProto.FLOAT, None) for _ in node.output]
        raise Refused(f"{title(node)} does not fit: {_said(error)}") from None
    except checker.ValidationError as error:
        if "size" in str(error):
            raise Refused(f"{title(node)} has too few or too many inputs or outputs") from None
        outputs = {}  # an element type that it does not take
    return [_found(outputs.get(name), name) for name in node.output]


def title(node: NodeProto) -> str:
    """What a message calls a node: its operator and its name."""
    return f"{printable(node.op_type)} {printable(node.name or next(iter(node.output), ''))}"


def schema_of(node: NodeProto, opsets: Mapping[str, int]) -> defs.OpSchema | None:
    """onnx's definition of the node's operator in the version that the file asks for, if there is one."""
    domain = "" if node.domain == "ai.onnx" else node.domain
    try:
        return defs.get_schema(node.op_type, opsets.get(domain, 1), domain)
    except defs.SchemaError:
        return None


def folded(
    node: NodeProto, tensors: Mapping[str, Tensor], opsets: Mapping[str, int], found: Sequence[Found]
) -> list[Any]:
    """The numbers of each output, ``None`` where they are many or not known."""
    unknown: list[Any] = [None for _ in found]
    inputs = {name: tensors[name].data for name in node.input if name}
    few = all(shape is None or np.prod(shape, dtype=object) <= MOST_KEPT for _, shape in found)
    if node.domain not in ("", "ai.onnx") or node.op_type not in FOLDED or not few:
        return unknown
    if node.op_type == "CastLike":
        return [inputs[node.input[0]]]  # the numbers as they are: bounds and axes are read by value
    if any(data is None for data in inputs.values()) or (node.op_type != "NonZero" and None in dict(found).values()):
        return unknown
    from onnx.reference import ReferenceEvaluator

    imports = [helper.make_opsetid("", opsets.get("", 1))]
    function = helper.make_function("multadds", "node", list(inputs), list(node.output), [node], imports)
    try:
        numbers = ReferenceEvaluator(function).run(None, inputs, attributes={})
    except Exception:  # whatever an operator's own evaluation raises: the numbers stay unknown
        return unknown
    return [value if isinstance(value, np.ndarray | np.generic) else None for value in numbers]


def _found(output: Any, name: str) -> Found:
    if output is None or not output.HasField("tensor_type"):
        return TensorProto.FLOAT, None
    kind = output.tensor_type
    sides = kind.shape.dim
    if not kind.HasField("shape") or not all(side.HasField("dim_value") for side in sides):
        return kind.elem_type or TensorProto.FLOAT, None
    return kind.elem_type or TensorProto.FLOAT, checked_shape(tuple(side.dim_value for side in sides), name)


def _said(error: Exception) -> str:
    """The last part of onnx's message, without its own place marks."""
    words = str(error).split("] ")[-1].split("): ")[-1]
    return "".join(letter for letter in " ".join(words.split()) if letter.isprintable())[:160].rstrip(".")
