"""The layer table: one tidy row a layer, and its roll-ups by block and by kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cost import closed_form
from analysis.cost.closed_form import BYTES, NumberFormat
from analysis.cost.conventions import Convention
from analysis.cost.limits import check_overflow
from analysis.cost.terms import TERMS, signed_sum
from analysis.networks.branches import BRANCH, PROJECTION
from analysis.networks.design import Design
from analysis.networks.layers import ALL_KINDS, Layer
from analysis.version import VERSION

COLUMNS: dict[str, str] = {
    "layer": "Path of the layer's module in the built network",
    "block": "The row of the paper's table, numbered as there, with its repeat",
    "kind": "conv, dw (depthwise), pw (pointwise), pool, fc (fully connected) or dropout",
    "kernel": "Height x width of the window",
    "stride": "Stride, the same both ways",
    "groups": "Groups of the convolution; the channels for a depthwise one",
    "in_channels": "Input channels",
    "in_height": "Input height in px",
    "in_width": "Input width in px",
    "out_channels": "Output channels",
    "out_height": "Output height in px",
    "out_width": "Output width in px",
    "mult_adds": "The count, in the unit of the convention chosen; by default the papers' Mult-Adds",
    "mult_adds_share": "Share of the network's count, 0 to 1",
    "params": "Trainable parameters: weights, biases, batch-norm scale and shift",
    "params_share": "Share of the network's parameters, 0 to 1",
    "activations": "Elements of the output map",
    "weight_bytes": "Bytes of the parameters in the number format chosen",
    "receptive_field": "Side of the input window one output element sees, in px (the longer one if not square); layers "
    "after a squeeze-excite branch show what they see along the main path",
    "weights": "Parameters without biases and batch norm: the convention of V1's Table 2",
    "formula": "The count with this design's numbers in it",
}
"""Every column of the layer table and what it holds."""


def design_table(design: Design, convention: Convention, number_format: NumberFormat) -> pd.DataFrame:
    """The layer table of a design; ``attrs`` carry the design, convention, number format and version.

    Raises ``OverflowError`` where a total does not fit a 64-bit integer.
    """
    layers, width = design.layers(), BYTES[number_format]
    counts, formulas = zip(*(counted(layer, convention) for layer in layers), strict=True)
    params = [int(closed_form.params(layer)) for layer in layers]
    count, whole = sum(counts), sum(params)
    check_overflow(mult_adds=count, weight_bytes=whole * width)
    columns = _texts(layers, formulas) | _integers(layers, counts, params, width)
    columns["mult_adds_share"] = np.array([value / count for value in counts])
    columns["params_share"] = np.array([value / whole for value in params])
    frame = pd.DataFrame({name: columns[name] for name in COLUMNS}, copy=False)
    frame.attrs |= identity(design, convention, number_format)
    return frame


def _texts(layers: Sequence[Layer], formulas: Sequence[str]) -> dict[str, Any]:
    """The columns of text, made as one array and cut: pandas takes its time with each."""
    columns: dict[str, Sequence[str]] = {
        "layer": [layer.name for layer in layers],
        "block": [layer.block for layer in layers],
        "kind": [layer.kind for layer in layers],
        "kernel": [f"{layer.kernel[0]}x{layer.kernel[1]}" for layer in layers],
        "formula": formulas,
    }
    texts: list[str] = [text for column in columns.values() for text in column]
    whole, n = pd.Series(texts, dtype="str").array, len(layers)
    return {name: whole[number * n : (number + 1) * n] for number, name in enumerate(columns)}


SIZES = ("stride", "groups", "in_channels", "in_height", "in_width", "out_channels", "out_height", "out_width")
INTEGERS = (*SIZES, "activations", "weights", "receptive_field", "mult_adds", "params", "weight_bytes")


def _integers(layers: Sequence[Layer], counts: Sequence[int], params: Sequence[int], width: int) -> dict[str, Any]:
    """The columns of integers, made as one block."""
    rows = [
        (
            layer.stride,
            layer.groups,
            *layer.input,
            *layer.output,
            layer.output.elements,
            closed_form.weights(layer),
            field,
            count,
            param,
            param * width,
        )
        for layer, field, count, param in zip(layers, receptive_fields(layers), counts, params, strict=True)
    ]
    return dict(zip(INTEGERS, np.array(rows, np.int64).T, strict=True))


def identity(design: Design, convention: Convention, number_format: NumberFormat) -> dict[str, str | float | int]:
    """What a table must carry to be rebuilt: the design, the convention, the number format and the version."""
    facts: dict[str, str | float | int | None] = {
        "network": design.network,
        "alpha": design.alpha,
        "rho": design.rho,
        "resolution": design.resolution,
        "t": design.t,
        "classes": design.classes,
        "in_channels": design.in_channels,
        "rounding": None if design.rounding is None else str(design.rounding),
        "convention": convention.name,
        "unit": convention.unit,
        "number_format": number_format,
        "version": VERSION,
    }
    return {name: value for name, value in facts.items() if value is not None}


def receptive_fields(layers: Sequence[Layer]) -> list[int]:
    """The side in input pixels that one output element of each layer sees, along the main path.

    Each window of k widens the field by (k − 1) × the strides so far; shortcuts see less and do not count. The layers
    of a squeeze-excite branch show what the branch sees, the pooled map; those after it do not count what it sees.
    The 1×1 convolution of a shortcut sees what its block's input sees. A fully connected layer that reads a whole map
    sees all that the map sees.
    """
    fields, height, width, jump, branch = [], 1, 1, 1, 0
    block, entered = "", 1
    for layer in layers:
        block, entered = (block, entered) if layer.block == block else (layer.block, max(height, width))
        if layer.beside:
            fields.append(entered)
            continue
        window = layer.kernel if layer.flattened is None else layer.flattened[1:]
        seen_height = height + (int(window[0]) - 1) * jump
        seen_width = width + (int(window[1]) - 1) * jump
        if layer.branch_of:
            branch = max(branch, seen_height, seen_width)
            fields.append(branch)
            continue
        height, width, branch = seen_height, seen_width, 0
        jump *= layer.stride
        fields.append(max(height, width))
    return fields


def in_branch(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each row is a layer of a squeeze-excite branch, beside the main path."""
    return np.array([f".{BRANCH}." in name for name in table["layer"].tolist()], bool)


def on_shortcut(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each row is the convolution of a shortcut, beside the main path."""
    return np.array([name.endswith(f".{PROJECTION}") for name in table["layer"].tolist()], bool)


def counted(layer: Layer, convention: Convention) -> tuple[int, str]:
    """The convention's count of a layer and its formula with the layer's numbers: ``3·3·32·112·112 = 3,612,672``."""
    count, terms = 0, []
    for name, weight in convention.weights.items():
        term = TERMS[name]
        value = int(term.of(layer))
        if value:
            text = _product(layer) if name == "mult_adds" else f"{value:,} {term.label}"
            terms.append((weight, text))
            count += weight * value
    return count, f"{signed_sum(terms)} = {count:,}" if terms else "no multiply-adds: 0"


def _product(layer: Layer) -> str:
    """D_K·D_K·(M/groups)·N·D_F·D_F, less the factors that are 1 by the layer's kind."""
    height, width = layer.kernel
    factors = [] if layer.kind in ("pw", "fc") else [height, width]
    factors += [] if layer.kind == "dw" else [layer.input.channels // layer.groups]
    factors += [layer.output.channels]
    factors += [] if layer.kind == "fc" else [layer.output.height, layer.output.width]
    return "·".join(map(str, factors))


def matching(table: pd.DataFrame, search: str) -> pd.DataFrame:
    """The rows whose layer, block, kind, kernel, sizes or formula hold every word of ``search``, in any case."""
    words = search.lower().split()
    if not words:
        return table
    sizes = [f"{side}_{size}" for side in ("in", "out") for size in ("channels", "height", "width")]
    text = table[["layer", "block", "kind", "kernel", *sizes, "formula"]].astype(str).agg(" ".join, axis=1).str.lower()
    keep = pd.Series(True, index=table.index)
    for word in words:
        keep &= text.str.contains(word, regex=False)
    return table[keep]


SUMMED = ("mult_adds", "params", "weights", "weight_bytes")


def by_kind(table: pd.DataFrame) -> pd.DataFrame:
    """The table rolled up by layer kind: V1's Table 2 for MobileNet (its parameters are ``weights_share``)."""
    present = set(table["kind"].tolist())
    return _rolled_up(table, "kind", [kind for kind in ALL_KINDS if kind in present])


def by_block(table: pd.DataFrame) -> pd.DataFrame:
    """The table rolled up by block, in the network's order."""
    return _rolled_up(table, "block", list(dict.fromkeys(table["block"])))


def _rolled_up(table: pd.DataFrame, by: str, groups: list[str]) -> pd.DataFrame:
    columns = [table[name].tolist() for name in (by, *SUMMED)]
    sums = {group: [0] * (1 + len(SUMMED)) for group in groups}
    for group, *values in zip(*columns, strict=True):
        sums[group] = [total + value for total, value in zip(sums[group], [1, *values], strict=True)]
    rolled = {name: [sums[group][number] for group in groups] for number, name in enumerate(("layers", *SUMMED))}
    shares = {
        f"{name}_share": [value / sum(rolled[name]) for value in rolled[name]]
        for name in ("mult_adds", "params", "weights")
    }
    return pd.DataFrame({by: groups} | rolled | shares)
