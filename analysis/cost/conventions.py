"""Counting conventions as data: what each tool would print for the same network, term by term.

Each identity was checked against the tool's own output (tests/cost/test_conventions.py runs the real tools).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.cost.terms import TERMS, signed_sum
from analysis.networks.layers import Layer
from analysis.networks.sizes import Size
from analysis.networks.values import shortened


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
