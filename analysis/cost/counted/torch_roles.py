"""What torch's operators are to the count, by their schema, torch's own tags and their names."""

from __future__ import annotations

from typing import Any

from analysis.cost.counted.operations import Role

TERMS = {
    **{"relu": "relu", "hardtanh": "relu6", "hardswish": "hard", "hardsigmoid": "hard", "mul": "scaled"},
    **{"upsample_bilinear2d": "resized", "grid_sampler_2d": "sampled", "local_response_norm": "normalised"},
}
"""Operators that tools count apart, by the name of their term."""

LABELS = {
    **{"relu": "ReLU", "hardtanh": "ReLU6", "hardswish": "hard-swish", "hardsigmoid": "hard-sigmoid"},
    **{"mul": "multiplication", "add": "addition", "sub": "subtraction", "div": "division", "silu": "SiLU"},
    **{"gelu": "GELU", "upsample_bilinear2d": "bilinear resizing", "upsample_nearest2d": "nearest resizing"},
    **{"_softmax": "softmax", "_log_softmax": "log-softmax", "_safe_softmax": "softmax"},
}
"""What people call some of torch's operators."""

ROLES: dict[str, Role] = {
    **dict.fromkeys(("add", "sub", "rsub"), "addition"),
    **dict.fromkeys(("_softmax", "_log_softmax", "_safe_softmax", "_prelu_kernel", "prelu"), "activation"),
    **dict.fromkeys(("log_sigmoid_forward", "glu", "where"), "activation"),
    **dict.fromkeys(("reshape", "_unsafe_view", "unsafe_chunk", "unsafe_split", "unsafe_split_with_sizes"), "view"),
    **dict.fromkeys(("cat", "stack", "clone", "copy", "_to_copy", "constant_pad_nd", "pixel_shuffle"), "move"),
    **dict.fromkeys(("embedding", "_embedding_bag", "index", "index_select", "index_put", "gather"), "move"),
    **dict.fromkeys(("scatter", "slice_scatter", "select_scatter", "masked_fill", "masked_select"), "move"),
    **dict.fromkeys(("roll", "flip", "repeat", "fill", "zero", "tril", "triu", "pixel_unshuffle"), "move"),
    **dict.fromkeys(("channel_shuffle", "native_channel_shuffle", "upsample_nearest1d", "upsample_nearest2d"), "move"),
    **dict.fromkeys(("upsample_nearest3d", "_upsample_nearest_exact2d", "im2col"), "move"),
    **dict.fromkeys(("reflection_pad1d", "reflection_pad2d", "reflection_pad3d"), "move"),
    **dict.fromkeys(("replication_pad1d", "replication_pad2d", "replication_pad3d"), "move"),
}
"""Operators that torch's schema and tags do not tell enough of; ``mul_`` stands as ``mul``."""

REDUCTIONS = (
    *("sum", "mean", "amax", "amin", "max", "min", "prod", "var", "var_mean", "std", "std_mean", "argmax", "argmin"),
    *("linalg_vector_norm", "logsumexp", "cumsum", "any", "all"),
)
"""Operators that make fewer numbers of many."""


def name_of(operator: Any) -> str:
    """The operator's name; one that writes in place has the name of the one that does not."""
    name = str(operator.overloadpacket.__name__)
    return name.removesuffix("_") if writes_in_place(operator) else name


def writes_in_place(operator: Any) -> bool:
    """Whether it writes over its first argument, as ``add_`` does."""
    aliases = [result.alias_info for result in operator._schema.returns]
    return bool(aliases and aliases[0] is not None and aliases[0].is_write)


def makes_constants(name: str) -> bool:
    """Whether it takes no more than a tensor's shape, as ``zeros_like`` does."""
    return name.startswith("new_") or name.endswith("_like") or name == "empty_permuted"


def role_of(operator: Any) -> Role:
    """The operator's role; ``other`` where nothing tells."""
    import torch

    name = name_of(operator)
    if name in ROLES:
        return ROLES[name]
    aliases = [result.alias_info for result in operator._schema.returns]
    if aliases and aliases[0] is not None and not aliases[0].is_write:
        return "view"
    return "activation" if torch.Tag.pointwise in operator.tags else "other"
