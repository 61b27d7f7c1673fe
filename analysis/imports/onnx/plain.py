"""Operators that Mult-Adds leave out: normalisation, pools, activations, additions, views and moves."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

from analysis.cost.counted import Operation, Weight
from analysis.cost.counted.operations import Role
from analysis.imports.onnx.call import Call

ELEMENTWISE = {
    *("Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "BiasGelu", "BitShift", "BitwiseAnd", "BitwiseNot"),
    *("BitwiseOr", "BitwiseXor", "Ceil", "Celu", "Clip", "Cos", "Cosh", "Div", "Elu", "Erf", "Exp", "Floor", "Gelu"),
    *(
        "HardSigmoid",
        "HardSwish",
        "LeakyRelu",
        "Log",
        "Max",
        "Mean",
        "Min",
        "Mish",
        "Mod",
        "Mul",
        "Neg",
        "PRelu",
        "Pow",
    ),
    *("QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "Reciprocal", "Relu", "Round", "Selu", "Shrink"),
    *("Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Swish", "Tan", "Tanh", "ThresholdedRelu"),
    *("And", "Or", "Xor", "Not", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Where", "IsNaN"),
    *("IsInf", "ImageScaler", "ai.onnx.ml.Scaler", "ai.onnx.ml.Binarizer", "ai.onnx.ml.Imputer"),
}
"""One number of each, and of whatever stands at the same place of the other inputs."""

SEVERAL = {
    **dict.fromkeys(("Softmax", "LogSoftmax", "Hardmax", "LpNormalization", "ai.onnx.ml.Normalizer"), 5),
    **dict.fromkeys(("Resize", "Upsample", "GridSample"), 16),
    **dict.fromkeys(("CumSum", "CumProd", "ArgMax", "ArgMin", "RotaryEmbedding", "MeanVarianceNormalization"), 6),
    **dict.fromkeys(("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2"), 2),
    **dict.fromkeys(("ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare"), 4),
    "TopK": 32,
}
"""Operations for each number read or written, at most: several steps a number, or several neighbours (of Resize 16)."""

ADDITIONS = {"Add", "Sub", "Sum"}

VIEWS = {"Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Dropout", "Optional", "OptionalGetElement"}

MOVES = {
    *("Transpose", "Concat", "Slice", "Split", "Gather", "GatherElements", "GatherND", "Expand", "Tile", "Pad"),
    *("Cast", "CastLike", "DepthToSpace", "SpaceToDepth", "ScatterElements", "ScatterND", "Scatter", "Trilu"),
    *("Compress", "ReverseSequence", "OneHot", "EyeLike", "Shape", "Size", "Range", "ConstantOfShape", "TensorScatter"),
    *(
        "SequenceConstruct",
        "SequenceAt",
        "SequenceInsert",
        "SequenceErase",
        "SequenceEmpty",
        "SequenceLength",
        "SplitToSequence",
    ),
    *("ConcatFromSequence", "NonZero", "CenterCropPad", "Col2Im", "MaxUnpool", "Unique", "RandomNormalLike"),
    *("RandomUniformLike", "Bernoulli", "ai.onnx.ml.ArrayFeatureExtractor", "ai.onnx.ml.ZipMap"),
    *("ai.onnx.ml.Label", "ai.onnx.ml.LabelEncoder", "ai.onnx.ml.CastMap", "ai.onnx.ml.FeatureVectorizer"),
}

LEARNING = {"Mul", "Add", "Sum", "Gather", "Expand", "BiasGelu"}
"""Where a constant of more than one number is taken for learned: scales, biases, embeddings, first tokens."""

TERMS = {"Relu": "relu", "HardSwish": "hard", "HardSigmoid": "hard", "Mul": "scaled", "GridSample": "sampled"}
"""What tools count of them (:data:`analysis.cost.terms.TERMS`)."""

GLOBAL_POOLS = {"GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"}


def role_of(operator: str) -> Role:
    """What an operator without a reader of its own is to the count."""
    if operator in ELEMENTWISE or operator in SEVERAL:
        return "activation"
    if operator in ADDITIONS:
        return "addition"
    if operator in VIEWS:
        return "view"
    return "move" if operator in MOVES else "other"


def plain(call: Call) -> Operation:
    """An operator without Mult-Adds; weights that it reads are what a network learns beside its matrices."""
    role = role_of(call.operator)
    if role == "addition" and len(call.read) == 1 and not call.tensors():
        role = "activation"  # a single number is added to each
    learned = call.tensors() if call.operator in LEARNING or role == "other" else ()
    learned = call.parts(1) if call.operator == "PRelu" else learned
    return Operation(
        name=call.name,
        label=call.label,
        role=role,
        inputs=call.read[:1] if role == "view" else call.read,
        outputs=call.written[:1] if role == "view" else call.written,
        term=_activation_term(call),
        uncounted=_uncounted(call, role),
        biases=learned if call.operator in ("Add", "Sum", "BiasGelu") else (),
        scales=learned if call.operator in ("Mul", "PRelu") else (),
        weights=learned if call.operator in ("Gather", "Expand") or role == "other" else (),
    )


def _uncounted(call: Call, role: Role) -> int:
    written = sum(value.elements for value in call.written)
    if call.operator in SEVERAL:
        return SEVERAL[call.operator] * max(written, sum(value.elements for value in call.read))
    if role == "other":
        return unknown_bound(call)
    return written if role in ("activation", "addition") else 0


def unknown_bound(call: Call) -> int:
    """For each number written, one operation with every number read: what matrix products and the like stay within."""
    read = sum(given.elements for given in call.inputs if given is not None)
    return sum(value.elements for value in call.written) * max(1, read)


def _activation_term(call: Call) -> str | None:
    if call.operator in ("Resize", "Upsample"):
        return "resized" if call.attributes.get("mode") in (b"linear", b"bilinear") else None
    if call.operator != "Clip":
        return TERMS.get(call.operator)
    return "relu6" if (_bound(call, "min", 1), _bound(call, "max", 2)) == (0, 6) else None


def _bound(call: Call, name: str, position: int) -> float | None:
    if name in call.attributes:
        return float(call.attributes[name])
    given = call.input(position)
    return None if given is None or given.data is None else float(np.ravel(given.data)[0])


def norm(call: Call) -> Operation:
    """X, scale, shift: batch, layer, group and instance norm; running statistics are no parameters."""
    return _norm(call, call.parts(1, 2))


def instance_norm(call: Call) -> Operation:
    """X, scale, shift. Torch's exporter writes a group norm as one of groups with ones and zeros; its own scale and
    shift come after it.
    """
    ones, zeros = ((given.data if (given := call.input(at)) is not None else None) for at in (1, 2))
    nothing = ones is not None and zeros is not None and bool(np.all(ones == 1) and np.all(zeros == 0))
    return _norm(call, () if nothing and len(call.shape(0)) == 3 else call.parts(1, 2))


def skip_norm(call: Call) -> Operation:
    """Input, skip, scale, shift, bias: a layer norm of a sum."""
    return _norm(call, call.parts(2, 3, 4))


def _norm(call: Call, scales: tuple[Weight, ...]) -> Operation:
    return Operation(
        name=call.name,
        label=call.label,
        role="norm",
        kind="norm",
        inputs=call.read,
        outputs=call.written,
        term="batch_norm" if call.operator == "BatchNormalization" else None,
        uncounted=(2 if call.operator == "BatchNormalization" else 8) * sum(made.elements for made in call.written[:1]),
        scales=scales,
    )


def local_response_norm(call: Call) -> Operation:
    """LRN: no parameters; the squares of ``size`` neighbours for each number."""
    size = int(call.attributes["size"])
    made = replace(plain(call), role="activation", kernel=(size,), term="normalised")
    return replace(made, uncounted=(size + 4) * prod(call.target))


def pool(call: Call) -> Operation:
    """A pool of windows: X [N, C, …]."""
    kernel = call.integers("kernel_shape") or ()
    term = "window_means" if call.operator == "AveragePool" else "window_pool"
    return _pool(call, kernel, call.integers("strides") or (1,) * len(kernel), term)


def global_pool(call: Call) -> Operation:
    """A pool of the whole map: X [N, C, …]."""
    kernel = call.shape(0)[2:]
    return _pool(call, kernel, (1,) * len(kernel), "pool")


def mean(call: Call) -> Operation:
    """ReduceMean: a global pool where it is over the sides of a map, channels first or last."""
    source = call.shape(0)
    axes = call.integers("axes", 1)
    inner = tuple(range(1, len(source)))
    over = None if axes is None else tuple(sorted(axis % len(source) for axis in axes))
    if len(source) < 4 or over not in (inner[1:], inner[:-1]):
        return plain(call)
    kernel = tuple(source[axis] for axis in over)
    return _pool(call, kernel, (1,) * len(kernel), "pool")


def _pool(call: Call, kernel: tuple[int, ...], stride: tuple[int, ...], term: str) -> Operation:
    return Operation(
        name=call.name,
        label=call.label,
        role="pool",
        kind="pool",
        inputs=call.read[:1],
        outputs=call.written,
        kernel=kernel,
        stride=stride,
        term=term,
        uncounted=prod(kernel) * prod(call.target),
    )
