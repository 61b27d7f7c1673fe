"""The layer table of a counted network: the same columns as any layer table's."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.cost.closed_form import BYTES, NumberFormat
from analysis.cost.conventions import Convention
from analysis.cost.counted.counted import Counted, CountedLayer
from analysis.cost.limits import check_overflow
from analysis.cost.table import COLUMNS
from analysis.cost.terms import TERMS, signed_sum
from analysis.version import VERSION


def counted_table(counted: Counted, convention: Convention, number_format: NumberFormat) -> pd.DataFrame:
    """One tidy row a layer, rows sum to the network's total; ``receptive_field`` is empty.

    Raises ``OverflowError`` where a total does not fit a 64-bit integer.
    """
    width = BYTES[number_format]
    rows = [_row(layer, convention, width) for layer in counted.layers]
    count, whole = sum(row["mult_adds"] for row in rows), counted.params
    check_overflow(mult_adds=count, weight_bytes=whole * width)
    frame = pd.DataFrame(rows, columns=[name for name in COLUMNS if not name.endswith("_share")])
    frame["mult_adds_share"] = frame["mult_adds"] / max(count, 1)
    frame["params_share"] = frame["params"] / max(whole, 1)
    frame["receptive_field"] = pd.array([None] * len(frame), dtype="Int64")
    frame = frame[list(COLUMNS)]
    frame.attrs |= counted_identity(counted, convention, number_format)
    return frame


def counted_identity(counted: Counted, convention: Convention, number_format: NumberFormat) -> dict[str, Any]:
    """What a table must carry to be rebuilt: the network, its input, the convention and the version."""
    return {
        "network": counted.network,
        "input": counted.input,
        "convention": convention.name,
        "unit": convention.unit,
        "number_format": number_format,
        "version": VERSION,
        **({"words": counted.words} if counted.words else {}),
    }


def _row(layer: CountedLayer, convention: Convention, width: int) -> dict[str, Any]:
    count, formula = counted_term(layer, convention)
    sides = [f"{side}_{size}" for side in ("in", "out") for size in ("channels", "height", "width")]
    return {
        "layer": layer.name,
        "block": layer.block,
        "kind": layer.kind,
        "kernel": "x".join(map(str, layer.kernel)),
        "stride": max(layer.stride),
        "groups": layer.groups,
        **dict(zip(sides, (*layer.input, *layer.output), strict=True)),
        "mult_adds": count,
        "params": layer.params,
        "activations": layer.activations,
        "weight_bytes": layer.params * width,
        "receptive_field": None,
        "weights": layer.weights,
        "formula": formula,
    }


def counted_term(layer: CountedLayer, convention: Convention) -> tuple[int, str]:
    """The convention's count of a layer and its formula with the layer's numbers."""
    count, terms = 0, []
    for name, weight in convention.weights.items():
        value = layer.terms.get(name, 0)
        if value:
            text = layer.formula or f"{value:,}" if name == "mult_adds" else f"{value:,} {TERMS[name].label}"
            terms.append((weight, text))
            count += weight * value
    return count, f"{signed_sum(terms)} = {count:,}" if terms else "no multiply-adds: 0"
