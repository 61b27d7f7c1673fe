"""A counted layer as a row of text: its name, its sizes, what is folded into it, and what does not follow from these.

Of ``3x3`` kernels from 64x56x56 to 128x56x56 the Mult-Adds, weights and formula follow; of a batch norm behind it the
elements and parameters. Only what is otherwise stands in the row, by name, in the column ``besides``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from analysis.cost.counted.counted import CountedLayer, Sides
from analysis.cost.counted.operations import convolution_cost, product_cost

SIZES = ("kernel", "stride", "input", "output")
"""The columns that are several whole numbers: written as ``3x112x112``."""

COLUMNS = ("name", "kind", "kernel", "stride", "groups", "input", "output", "folded", "besides")
"""``folded`` names bias, batch norm and activation; ``besides`` is what does not follow: ``params 0;pool_means 64``."""

FOLDED = {"bias": (), "batch_norm": ("batch_norm_params",), "relu": ("relu_modules", "relu_functions"), "relu6": ()}
"""What may be of every element of a layer's output, and the terms that come with it."""

GIVEN = ("name", "kind", "kernel", "groups", "input", "output")
"""The fields of a layer that figures and terms follow from, with what is folded into it."""

FIGURES = ("activations", "params", "weights", "formula")
"""The fields of a layer that follow, or stand in ``besides``, as its terms do."""


def row_of(layer: CountedLayer) -> dict[str, str]:
    """The layer's row; :func:`layer_of` reads it back."""
    folded = [name for name, others in FOLDED.items() if {name, *others} <= layer.terms.keys()]
    known = {name: getattr(layer, name) for name in FIGURES} | dict(layer.terms)
    follows = _follows(**{name: getattr(layer, name) for name in GIVEN}, folded=folded)
    besides = {name: known.get(name, 0) for name in {**follows, **known} if known.get(name, 0) != follows.get(name, 0)}
    return {
        **{name: str(getattr(layer, name)) for name in ("name", "kind", "groups")},
        **{name: "x".join(map(str, getattr(layer, name))) for name in SIZES},
        "folded": " ".join(folded),
        "besides": ";".join(f"{name} {value}" for name, value in besides.items()),
    }


def layer_of(row: Mapping[str, str], block: str) -> CountedLayer:
    """The layer whose row it is, in the block that its name says."""
    sizes: dict[str, Any] = {name: tuple(map(int, row[name].split("x"))) for name in SIZES}
    sizes |= {"name": row["name"], "kind": row["kind"], "groups": int(row["groups"])}
    known = _follows(**{name: sizes[name] for name in GIVEN}, folded=row["folded"].split())
    for name, _, value in (figure.partition(" ") for figure in row["besides"].split(";") if figure):
        known[name] = value if name == "formula" else int(value)
    figures = {name: known.pop(name) for name in FIGURES}
    return CountedLayer(**sizes, **figures, block=block, terms={name: count for name, count in known.items() if count})


def _follows(
    *, name: str, kind: str, kernel: Sequence[int], groups: int, input: Sides, output: Sides, folded: Sequence[str]
) -> dict[str, Any]:
    """The figures and terms of a layer of these sizes; a later call of it, ``name (2)``, holds no parameters."""
    channels, elements = output[0], prod(output)
    mult_adds, formula, weights = _product(kind, kernel, groups, input, output)
    norms, biases = (channels * number if of in folded else 0 for of, number in (("batch_norm", 2), ("bias", 1)))
    first = "(" not in name
    terms = {
        "mult_adds": mult_adds,
        **{term: elements for of in folded for term in (of, *FOLDED[of])},
        "batch_norm_params": norms,
        "conv_bias": elements if biases and kind != "fc" else 0,
    }
    params = first * (weights + norms + biases)
    return {"activations": elements, "params": params, "weights": first * weights, "formula": formula, **terms}


def _product(kind: str, kernel: Sequence[int], groups: int, input: Sides, output: Sides) -> tuple[int, str, int]:
    """Mult-Adds with their formula, and weights."""
    if kind == "fc":
        return *product_cost(prod(output[1:]), input[0], output[0]), input[0] * output[0]
    if kind not in ("conv", "dw", "pw"):
        return 0, "", 0
    weight = (output[0], input[0] // groups, *kernel)
    return *convolution_cost(weight, output[1:], groups=groups), prod(weight)
