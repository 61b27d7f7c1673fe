"""Which function reads which operator; all others are plain."""

from __future__ import annotations

from collections.abc import Callable

from analysis.cost.counted import Operation
from analysis.imports.onnx import plain, products, weighted
from analysis.imports.onnx.call import Call

READERS: dict[str, Callable[[Call], Operation]] = {
    "Conv": weighted.convolution,
    "ConvTranspose": weighted.transposed_convolution,
    "DeformConv": weighted.deformable_convolution,
    "NhwcConv": weighted.channels_last_convolution,
    "Gemm": weighted.general_product,
    "MatMul": weighted.matrix_product,
    "FusedMatMul": weighted.fused_product,
    "MatMulNBits": weighted.packed_product,
    "LinearModel": weighted.linear_model,
    **dict.fromkeys(weighted.GATES, weighted.recurrent),
    "Einsum": products.einstein_sum,
    "Attention": products.attention,
    "MultiHeadAttention": products.multi_head_attention,
    "GroupQueryAttention": products.group_query_attention,
    "PackedAttention": products.packed_attention,
    **dict.fromkeys(("BatchNormalization", "GroupNormalization"), plain.norm),
    "InstanceNormalization": plain.instance_norm,
    **dict.fromkeys(("LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization"), plain.norm),
    "SkipLayerNormalization": plain.skip_norm,
    "LRN": plain.local_response_norm,
    **dict.fromkeys(("MaxPool", "AveragePool", "LpPool"), plain.pool),
    **dict.fromkeys(plain.GLOBAL_POOLS, plain.global_pool),
    "ReduceMean": plain.mean,
}
"""By the standard operator's name."""


def read_call(call: Call) -> Operation:
    """The operation that a node does; ``LookupError`` where a size that it needs is not known."""
    return READERS.get(call.operator, plain.plain)(call)
