"""Operators beside the standard ones that count as a standard one does: quantised, fused, of onnxruntime's domain."""

from __future__ import annotations

MICROSOFT = "com.microsoft"

STANDARD: dict[tuple[str, str], tuple[str, tuple[int, ...]]] = {
    ("", "QLinearConv"): ("Conv", (0, 3, 8)),
    ("", "ConvInteger"): ("Conv", (0, 1)),
    ("", "QLinearMatMul"): ("MatMul", (0, 3)),
    ("", "MatMulInteger"): ("MatMul", (0, 1)),
    (MICROSOFT, "FusedConv"): ("Conv", (0, 1, 2)),
    (MICROSOFT, "NhwcFusedConv"): ("NhwcConv", (0, 1, 2)),
    (MICROSOFT, "QLinearConv"): ("Conv", (0, 3, 8)),
    (MICROSOFT, "FusedGemm"): ("Gemm", (0, 1, 2)),
    (MICROSOFT, "QGemm"): ("Gemm", (0, 3, 6)),
    (MICROSOFT, "FusedMatMul"): ("FusedMatMul", (0, 1)),
    (MICROSOFT, "TransposeMatMul"): ("FusedMatMul", (0, 1)),
    (MICROSOFT, "DynamicQuantizeMatMul"): ("MatMul", (0, 1)),
    (MICROSOFT, "MatMulIntegerToFloat"): ("MatMul", (0, 1)),
    (MICROSOFT, "QLinearAdd"): ("Add", (0, 3)),
    (MICROSOFT, "QLinearMul"): ("Mul", (0, 3)),
    (MICROSOFT, "QLinearSigmoid"): ("Sigmoid", (0,)),
    (MICROSOFT, "QLinearLeakyRelu"): ("LeakyRelu", (0,)),
    (MICROSOFT, "QLinearSoftmax"): ("Softmax", (0,)),
    (MICROSOFT, "QLinearAveragePool"): ("AveragePool", (0,)),
    (MICROSOFT, "QLinearGlobalAveragePool"): ("GlobalAveragePool", (0,)),
    (MICROSOFT, "Gelu"): ("Gelu", (0,)),
    (MICROSOFT, "FastGelu"): ("BiasGelu", (0, 1)),
    (MICROSOFT, "BiasGelu"): ("BiasGelu", (0, 1)),
    (MICROSOFT, "QuickGelu"): ("Gelu", (0,)),
    (MICROSOFT, "DequantizeLinear"): ("DequantizeLinear", (0, 1, 2)),
    (MICROSOFT, "QuantizeLinear"): ("QuantizeLinear", (0, 1, 2)),
    (MICROSOFT, "QLinearConcat"): ("Concat", tuple(range(2, 98, 3))),
    (MICROSOFT, "SkipSimplifiedLayerNormalization"): ("SkipLayerNormalization", (0, 1, 2, 3)),
    (MICROSOFT, "GroupQueryAttention"): ("GroupQueryAttention", (0, 1, 2, 3)),
    (MICROSOFT, "SkipLayerNormalization"): ("SkipLayerNormalization", (0, 1, 2, 3, 4)),
    (MICROSOFT, "Attention"): ("PackedAttention", (0, 1, 2)),
    (MICROSOFT, "MultiHeadAttention"): ("MultiHeadAttention", (0, 1, 2, 3)),
    (MICROSOFT, "MatMulNBits"): ("MatMulNBits", (0, 1)),
    ("ai.onnx.ml", "LinearClassifier"): ("LinearModel", (0,)),
    ("ai.onnx.ml", "LinearRegressor"): ("LinearModel", (0,)),
}
"""By domain and operator: the operator it counts as, and which of its inputs are that one's, in its order."""


def standard(domain: str, operator: str) -> tuple[str, tuple[int, ...] | None]:
    """The operator that counts as this one, and the places of its inputs; ``None`` for all as they come.

    An operator that is not the standard's and not here is named with its domain, which nothing counts.
    """
    if (domain, operator) in STANDARD:
        return STANDARD[domain, operator]
    return (operator if domain == "" else f"{domain}.{operator}"), None
