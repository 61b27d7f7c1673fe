"""Counting conventions as data: what each tool would print for the same network, term by term.

Each identity was checked against the tool's own output (tests/cost/test_conventions.py runs the real tools).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
    return " ".join([_signed(weight, text) for weight, text in parts]).removeprefix("+ ")


def _signed(weight: int, text: str) -> str:
    if weight == 1:
        return f"+ {text}"
    return f"{'−' if weight < 0 else '+'} {f'{abs(weight)}·' if abs(weight) > 1 else ''}{text}"


@dataclass(frozen=True)
class Convention:
    """How often a tool counts each term; ``unit`` is what it calls the sum, ``version`` the tool's as tested.

    ``about`` says what a unit is and what the tool sees.
    """

    name: str
    label: str
    unit: str
    weights: Mapping[str, int]
    version: str = ""
    about: str = ""

    def count(self, layer: Layer) -> Size:
        """The tool's figure for one layer."""
        return sum(weight * TERMS[name].of(layer) for name, weight in self.weights.items())

    @property
    def identity(self) -> str:
        """The figure as a sum of terms, e.g. ``Mult-Adds + 2·batch-norm elements``."""
        return signed_sum((weight, TERMS[name].label) for name, weight in self.weights.items())


TWO_A_NORM = {"mult_adds": 1, "conv_bias": 1, "batch_norm": 2, "relu6": 1, "relu_modules": 1, "window_pool_modules": 1}

CONVENTIONS: dict[str, Convention] = {
    convention.name: convention
    for convention in (
        Convention(
            "papers",
            "Papers",
            "Mult-Adds",
            {"mult_adds": 1},
            about="A multiply-add is 1; convolutions and matrix products alone, batch norm folded away.",
        ),
        Convention(
            "fvcore",
            "fvcore",
            "flops",
            {"mult_adds": 1, "batch_norm": 2, "pool": 1, "resized": 4, "sampled": 4},
            "0.1.5.post20221221",
            "A multiply-add is 1, though it is called a flop; batch norm in eval mode is 2 an element.",
        ),
        Convention(
            "torchinfo",
            "torchinfo",
            "mult-adds",
            {"mult_adds": 1, "batch_norm_params": 1, "bias": 1},
            "1.8.0",
            "A multiply-add is 1: every parameter of a module times the positions it is used at, biases too; those of "
            "batch norm once an image.",
        ),
        Convention(
            "thop",
            "thop",
            "MACs",
            {
                "mult_adds": 1,
                "hidden": -1,
                "batch_norm": 4,
                "window_module_means": 1,
                "pool_modules": 1,
                "pool_module_means": 1,
            },
            "0.1.1.post2209072238",
            "A multiply-add is 1, batch norm with scale and shift 4 an element. It knows modules by their exact type: "
            "what is functional, or of a type of one's own, counts nothing.",
        ),
        Convention(
            "ptflops",
            "ptflops",
            "MACs",
            {
                "mult_adds": 1,
                "hidden": -1,
                "bias": 1,
                "batch_norm": 2,
                "relu6": 1,
                "relu_modules": 1,
                "relu_functions": 1,
                "pool": 1,
                "pool_modules": 1,
                "window_pool": 1,
                "window_pool_modules": 1,
                "normalised": 3,
                "normalised_windows": 1,
                "resized": 1,
            },
            "0.7.5",
            "A multiply-add is 1. It watches modules by their exact type, and functions: where a module calls the "
            "function, as ReLU and pools do, both are counted. Hard-swish and the sigmoids are not.",
        ),
        Convention(
            "ptflops_aten",
            "ptflops, aten back end",
            "MACs",
            {"mult_adds": 1, "bias": 1},
            "0.7.5",
            "A multiply-add is 1: torch's convolutions and matrix products as they are dispatched, with their biases.",
        ),
        Convention(
            "torch",
            "torch.utils.flop_counter",
            "FLOPs",
            {"mult_adds": 2},
            "2.13.0",
            "Multiplication and addition count apart, so that a multiply-add is 2: the factor 2 and nothing else.",
        ),
        Convention(
            "deepspeed_macs",
            "DeepSpeed",
            "MACs",
            {"mult_adds": 1},
            "0.19.8",
            "A multiply-add is 1, of convolutions and matrix products alone.",
        ),
        Convention(
            "deepspeed_flops",
            "DeepSpeed",
            "FLOPs",
            {
                "mult_adds": 2,
                "conv_bias": 1,
                "batch_norm": 2,
                "relu_functions": 1,
                "pool": 1,
                "window_pool": 1,
                "normalised": 3,
                "normalised_windows": 1,
                "resized_positions": 1,
            },
            "0.19.8",
            "A multiply-add is 2, all else as it is. It watches functions, those that modules call too; not ReLU6's.",
        ),
        Convention(
            "torchprofile",
            "torchprofile",
            "MACs",
            {
                "mult_adds": 1,
                "batch_norm": 1,
                "scaled": 1,
                "pool_means": 1,
                "window_means": 1,
                "normalised": 3,
                "resized": 4,
                "sampled": 4,
            },
            "0.1.0",
            "A multiply-add is 1, and so is each element that batch norm, a multiplication or a mean puts out.",
        ),
        Convention(
            "flopth",
            "flopth",
            "FLOPs",
            TWO_A_NORM | {"hard": 1, "pool_modules": 1},
            "0.1.6",
            "A multiply-add is 1, though it is called a FLOP; of modules alone.",
        ),
        Convention(
            "torchstat",
            "torchstat",
            "Flops",
            TWO_A_NORM,
            "0.0.7",
            "A multiply-add is 1, though it is called a flop; of modules alone.",
        ),
    )
}
"""Whose counts are known: the papers', and the tools'."""


def check_convention(name: str) -> Convention:
    """The convention of that name; ``ValueError`` with the choices otherwise."""
    if not isinstance(name, str) or name not in CONVENTIONS:
        raise ValueError(f"convention must be one of {', '.join(CONVENTIONS)}, got {shortened(name)}")
    return CONVENTIONS[name]
