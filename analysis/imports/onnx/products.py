"""Matrix products of computed values: attention, and Einstein sums."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import prod

from analysis.cost.counted import Operation
from analysis.cost.counted.operations import Shape, product_cost
from analysis.imports.onnx.call import Call


def attention(call: Call) -> Operation:
    """Attention: query by key, then the weights by value; [N, heads, L, E] or [N, L, heads·E], and past keys before."""
    query, key, value = (call.shape(at) for at in range(3))
    past = 0 if call.input(4) is None else call.shape(4)[2]
    if len(query) == 3:
        heads, shared = int(call.attributes["q_num_heads"]), int(call.attributes["kv_num_heads"])
        query = (query[0], heads, query[1], query[2] // heads)
        key, value = ((one[0], shared, one[1], one[2] // shared) for one in (key, value))
    return _attention(call, prod(query[:3]), key[2] + past, query[3] + value[3])


def multi_head_attention(call: Call) -> Operation:
    """onnxruntime's MultiHeadAttention: query [N, L, E], key [N, S, E], value [N, S, V], a bias added before."""
    query, key, value = (call.shape(at) for at in range(3))
    heads = int(call.attributes["num_heads"])
    made = _attention(call, query[0] * heads * query[1], key[1], query[2] // heads + value[2] // heads)
    return Operation(**{**vars(made), "biases": call.parts(3)})


def group_query_attention(call: Call) -> Operation:
    """onnxruntime's GroupQueryAttention: query [N, L, E], fewer heads of key and value, past keys [N, heads, P, E]."""
    query, past = call.shape(0), 0 if call.input(3) is None else call.shape(3)[2]
    heads = int(call.attributes["num_heads"])
    return _attention(call, query[0] * heads * query[1], call.shape(1)[1] + past, 2 * (query[2] // heads))


def packed_attention(call: Call) -> Operation:
    """onnxruntime's Attention: input [N, L, E] by a weight [E, query + key + value widths], then attention."""
    source, weight = call.shape(0), call.shape(1)
    heads, widths = int(call.attributes["num_heads"]), call.integers("qkv_hidden_sizes") or (weight[1] // 3,) * 3
    rows = source[0] * source[1]
    within = _attention(call, rows * heads, source[1], widths[0] // heads + widths[2] // heads)
    into, formula = product_cost(rows, source[2], weight[1])
    merged = {"mult_adds": within.mult_adds + into, "formula": f"{formula} + {within.formula}"}
    return Operation(**{**vars(within), **merged, "weights": call.parts(1), "biases": call.parts(2)})


def _attention(call: Call, rows: int, keys: int, widths: int) -> Operation:
    mult_adds, formula = product_cost(rows, keys, widths)
    return Operation(
        name=call.name,
        label=call.label,
        role="product",
        kind="matmul",
        inputs=call.read,
        outputs=call.written,
        mult_adds=mult_adds,
        formula=formula,
        uncounted=5 * rows * keys,
    )


def einstein_sum(call: Call) -> Operation:
    """Einsum: the product of all index sizes, as if all operands were multiplied at once; of one operand none."""
    shapes = [call.shape(at) for at in range(len(call.inputs))]
    sizes = index_sizes(call.attributes["equation"].decode(), shapes)
    weights, several = call.parts(*range(len(call.inputs))), len(shapes) > 1
    return Operation(
        name=call.name,
        label=call.label,
        role=("weighted" if weights else "product") if several else "move",
        kind="fc" if weights else "matmul",
        inputs=call.read,
        outputs=call.written,
        mult_adds=prod(sizes) * (len(shapes) - 1),
        formula="·".join(map(str, [*sizes, *([len(shapes) - 1] if len(shapes) > 2 else [])])),
        weights=weights,
    )


def index_sizes(equation: str, shapes: Sequence[Shape]) -> list[int]:
    """The size of every index of an Einstein sum; an ellipsis stands for the dimensions that have no letter.

    ``LookupError`` where the equation does not fit the shapes.
    """
    terms = equation.replace(" ", "").split("->")[0].split(",")
    if len(terms) != len(shapes):
        raise LookupError(f"{len(terms)} terms for {len(shapes)} operands")
    sizes: dict[str, int] = {}
    for index, size in chain.from_iterable(_indices(term, shape) for term, shape in zip(terms, shapes, strict=True)):
        sizes[index] = max(size, sizes.get(index, 0))
    return list(sizes.values())


def _indices(term: str, shape: Shape) -> list[tuple[str, int]]:
    before, dots, after = term.partition("...")
    rest = len(shape) - len(before) - len(after)
    if rest < 0 or (rest and not dots):
        raise LookupError(f"{term} for a shape of {len(shape)}")
    broadcast = [f"...{at - rest}" for at in range(rest)]
    return list(zip([*before, *broadcast, *after], shape, strict=True))
