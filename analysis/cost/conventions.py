"""Counting conventions as data: what each tool would print for the same network, term by term.

Each identity was checked against the tool's own output (tests/cost/test_conventions.py runs the real tools).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.cost import closed_form
from analysis.networks.design import shortened
from analysis.networks.layers import ACTIVATIONS, Activation, Layer
from analysis.networks.sizes import Size, where


def batch_norm_elements(layer: Layer) -> Size:
    """Elements that pass through batch norm."""
    return where(layer.present, layer.output.elements, 0) if layer.batch_norm else 0


def activation_elements(layer: Layer, *of: Activation) -> Size:
    """Elements that pass through an activation, one of those named or any: the layer's, and that of a block's sum."""
    times = sum(applied in (of or ACTIVATIONS) for applied in (layer.activation, layer.joined))
    return where(layer.present, times * layer.output.elements, 0) if times else 0


def relu6_elements(layer: Layer) -> Size:
    """Elements that pass through ReLU6."""
    return activation_elements(layer, "relu6")


def relu_elements(layer: Layer) -> Size:
    """Elements that pass through ReLU without a bound."""
    return activation_elements(layer, "relu")


def scaled_elements(layer: Layer) -> Size:
    """Elements that the layer's gates multiply, on the last layer of a squeeze-excite branch."""
    return 0 if layer.scales is None else layer.scales.elements


def pool_elements(layer: Layer) -> Size:
    """Elements that enter a global pool."""
    return layer.input.elements if layer.kind == "pool" and layer.pooling == "global" else 0


def window_pool_elements(layer: Layer) -> Size:
    """Elements that enter a pool of windows, maximum or mean."""
    return layer.input.elements if layer.kind == "pool" and layer.pooling != "global" else 0


def window_means(layer: Layer) -> Size:
    """Elements that a pool of windows puts out as means."""
    return layer.output.elements if layer.pooling == "average" else 0


def bias_additions(layer: Layer) -> Size:
    """One addition for each output element of a layer with bias."""
    return where(layer.present, layer.output.elements, 0) if layer.bias else 0


@dataclass(frozen=True)
class Term:
    """Something a tool counts: its name in a formula and its number for a layer."""

    label: str
    of: Callable[[Layer], Size]


TERMS: dict[str, Term] = {
    "mult_adds": Term("Mult-Adds", closed_form.mult_adds),
    "batch_norm": Term("batch-norm elements", batch_norm_elements),
    "relu6": Term("ReLU6 elements", relu6_elements),
    "relu": Term("ReLU elements", relu_elements),
    "pool": Term("pooled elements", pool_elements),
    "window_pool": Term("elements pooled in windows", window_pool_elements),
    "window_means": Term("means of windows", window_means),
    "bias": Term("bias additions", bias_additions),
    "batch_norm_params": Term("batch-norm parameters", closed_form.batch_norm_params),
}


@dataclass(frozen=True)
class Convention:
    """How often a tool counts each term; ``unit`` is what it calls the sum, ``version`` the tool's as tested."""

    name: str
    label: str
    unit: str
    weights: Mapping[str, int]
    version: str = ""

    def count(self, layer: Layer) -> Size:
        """The tool's figure for one layer."""
        return sum(weight * TERMS[name].of(layer) for name, weight in self.weights.items())

    @property
    def identity(self) -> str:
        """The figure as a sum of terms, e.g. ``Mult-Adds + 2·batch-norm elements``."""
        return " + ".join(
            (f"{weight}·" if weight > 1 else "") + TERMS[name].label for name, weight in self.weights.items()
        )


CONVENTIONS: dict[str, Convention] = {
    convention.name: convention
    for convention in (
        Convention("papers", "Papers", "Mult-Adds", {"mult_adds": 1}),
        Convention("fvcore", "fvcore", "flops", {"mult_adds": 1, "batch_norm": 2, "pool": 1}, "0.1.5"),
        Convention("torchinfo", "torchinfo", "mult-adds", {"mult_adds": 1, "batch_norm_params": 1, "bias": 1}, "1.8.0"),
        Convention("thop", "thop", "MACs", {"mult_adds": 1, "batch_norm": 4, "window_means": 1}, "0.1.1"),
        Convention(
            "ptflops",
            "ptflops",
            "MACs",
            # ReLU and pools of windows twice: their modules call the functions, and both are counted; hard-swish and
            # the sigmoids not at all
            {"mult_adds": 1, "bias": 1, "batch_norm": 2, "relu6": 1, "relu": 2, "pool": 1, "window_pool": 2},
            "0.7.5",
        ),
        Convention("ptflops_aten", "ptflops, aten back end", "MACs", {"mult_adds": 1, "bias": 1}, "0.7.5"),
        Convention("torch", "torch.utils.flop_counter", "FLOPs", {"mult_adds": 2}, "2.13.0"),
    )
}


def check_convention(name: str) -> Convention:
    """The convention of that name; ``ValueError`` with the choices otherwise."""
    if not isinstance(name, str) or name not in CONVENTIONS:
        raise ValueError(f"convention must be one of {', '.join(CONVENTIONS)}, got {shortened(name)}")
    return CONVENTIONS[name]
