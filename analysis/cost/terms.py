"""What counting tools count, term by term: each a number of a layer, and their sums as formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from analysis.cost import closed_form
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


def hard_elements(layer: Layer) -> Size:
    """Elements that pass through hard-swish or hard-sigmoid."""
    return activation_elements(layer, "hard_swish", "hard_sigmoid")


def scaled_elements(layer: Layer) -> Size:
    """Elements that the layer's gates multiply, on the last layer of a squeeze-excite branch."""
    return 0 if layer.scales is None else layer.scales.elements


def pool_elements(layer: Layer) -> Size:
    """Elements that enter a global pool."""
    return layer.input.elements if layer.kind == "pool" and layer.pooling == "global" else 0


def pool_means(layer: Layer) -> Size:
    """Elements that a global pool puts out."""
    return layer.output.elements if layer.kind == "pool" and layer.pooling == "global" else 0


def nothing(layer: Layer) -> Size:
    """What no layer of a network of rows has."""
    return 0


def window_pool_elements(layer: Layer) -> Size:
    """Elements that enter a pool of windows, maximum or mean."""
    return layer.input.elements if layer.kind == "pool" and layer.pooling != "global" else 0


def window_means(layer: Layer) -> Size:
    """Elements that a pool of windows puts out as means."""
    return layer.output.elements if layer.pooling == "average" else 0


def bias_additions(layer: Layer) -> Size:
    """One addition for each output element of a layer with bias."""
    return where(layer.present, layer.output.elements, 0) if layer.bias else 0


def convolution_bias_additions(layer: Layer) -> Size:
    """Bias additions of convolutions; fully connected layers add none."""
    return 0 if layer.kind == "fc" else bias_additions(layer)


@dataclass(frozen=True)
class Term:
    """Something a tool counts: its name in a formula and its number for a layer."""

    label: str
    of: Callable[[Layer], Size]


TERMS: dict[str, Term] = {
    "mult_adds": Term("Mult-Adds", closed_form.mult_adds),
    "hidden": Term("Mult-Adds outside torch's own modules", nothing),
    "bias": Term("bias additions", bias_additions),
    "conv_bias": Term("bias additions of convolutions", convolution_bias_additions),
    "batch_norm": Term("batch-norm elements", batch_norm_elements),
    "batch_norm_params": Term("batch-norm parameters", closed_form.batch_norm_params),
    "relu6": Term("ReLU6 elements", relu6_elements),
    "relu": Term("ReLU elements", relu_elements),
    "relu_modules": Term("ReLU elements in modules", relu_elements),
    "relu_functions": Term("ReLU elements by the function", relu_elements),
    "hard": Term("hard-swish and hard-sigmoid elements", hard_elements),
    "pool": Term("pooled elements", pool_elements),
    "pool_means": Term("pooled means", pool_means),
    "pool_modules": Term("elements pooled in modules", nothing),
    "pool_module_means": Term("means of pooling modules", nothing),
    "window_pool": Term("elements pooled in windows", window_pool_elements),
    "window_pool_modules": Term("elements pooled in windows of modules", window_pool_elements),
    "window_means": Term("means of windows", window_means),
    "window_module_means": Term("means of windows of modules", window_means),
    "scaled": Term("elements of multiplications", scaled_elements),
    "normalised": Term("elements of response normalisation", nothing),
    "normalised_windows": Term("padded elements of response normalisation", nothing),
    "resized": Term("elements of bilinear resizing", nothing),
    "resized_positions": Term("positions of bilinear resizing", nothing),
    "sampled": Term("elements of bilinear sampling", nothing),
}
"""What tools count, by name. Networks of rows are built with torch's own modules, but for a functional global pool."""


def signed_sum(parts: Iterable[tuple[int, str]]) -> str:
    """Weights and texts as a sum: ``a + 2·b − c``."""
    written = (
        f"{'−' if weight < 0 else '+'} {f'{abs(weight)}·' if abs(weight) > 1 else ''}{text}" for weight, text in parts
    )
    return " ".join(written).removeprefix("+ ")
