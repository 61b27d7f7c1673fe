"""The inverted residual with one's own numbers: its three layers, its cost, and which tensors are alive in each.

Everything is read from the layers of the real row, :class:`analysis.networks.rows.InvertedResidual`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import pandas as pd

from analysis.cost import closed_form
from analysis.lessons.formulas import Factor, Formula, mult_adds
from analysis.lessons.messages import marked
from analysis.lessons.sizes import NARROWED, Sizes, sizes_of_layers
from analysis.networks import make_design
from analysis.networks.layers import Layer
from analysis.networks.rows import InvertedResidual, Scaling
from analysis.networks.values import check_number, shortened

SOURCE = "arXiv:1801.04381, section 3.3"
LEAST_T, MOST_T = 1.0, 20.0
BLOCK = "block"

Part = Literal["input", "expanded", "filtered", "output", "shortcut"]

PARTS: dict[Part, str] = {
    "input": marked("Block's input"),
    "expanded": marked("Hidden, expanded"),
    "filtered": marked("Hidden, filtered"),
    "output": marked("Block's output"),
    "shortcut": marked("Kept for the shortcut"),
}
"""Every tensor that may be alive, with its name (a message)."""

ROLES = {
    "expand": marked("Expand 1×1"),
    "dw": marked("Depthwise"),
    "project": marked("Project 1×1, linear"),
}
"""The three layers of a block, with their names (messages)."""


@dataclass(frozen=True)
class Letters:
    """The factors of a block's formulas: the map that enters and that leaves, the hidden channels, d, d' and k."""

    entered: tuple[Factor, ...]
    left: tuple[Factor, ...]
    hidden: tuple[Factor, ...]
    d: Factor
    d_out: Factor
    k: Factor


@dataclass(frozen=True)
class Block:
    """An inverted residual from M = d to N = d' channels on an h × w = D_F × D_F map, with expansion t.

    ``sizes`` gives d, d', the map, the kernel and the stride; its multipliers do nothing here. The shortcut is exactly
    where the stride is 1 and d = d'. ``ValueError`` for a t outside 1 to 20.
    """

    sizes: Sizes
    t: float = 6.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "t", check_number("t", self.t, MOST_T))
        if self.t < LEAST_T:
            raise ValueError(f"t must be at least {LEAST_T:g}, got {shortened(self.t)}")

    def layers(self) -> tuple[Layer, ...]:
        """The real row's layers: expansion (none for t = 1), depthwise, linear projection."""
        sizes = self.sizes
        row = InvertedResidual(sizes.out_channels, s=sizes.stride, k=sizes.kernel)
        scaling = Scaling(alpha=1.0, t=self.t, classes=None, rounding=NARROWED)
        return tuple(layer for layer in row.lower(BLOCK, sizes.input, scaling, first=True) if layer.present)

    @property
    def hidden(self) -> int:
        """t · d to the nearest whole number: the channels inside."""
        return int(self.layers()[-1].input.channels)

    @property
    def shortcut(self) -> bool:
        """Whether the input is added to the output."""
        return bool(self.layers()[-1].shortcut)

    @property
    def mult_adds(self) -> Formula:
        """Of the block in all; h·w·d·t·(d + k² + d') for stride 1 and an expansion."""
        first, second = self._terms()
        return mult_adds(marked("Inverted residual"), [term for term in (first, second) if term], *self.layers())

    def _terms(self) -> tuple[tuple[Factor, ...], tuple[Factor, ...]]:
        """What is computed on the map that enters, and on the map that leaves: one product where they are the same."""
        of, sizes = self.letters(), self.sizes
        after = Factor("(k² + d')", "(k^2 + d')", sizes.kernel**2 + sizes.out_channels)
        if self.t == 1:
            return (), (*of.left, *of.hidden, after)
        if sizes.stride > 1:
            return (*of.entered, *of.hidden, of.d), (*of.left, *of.hidden, after)
        every = Factor("(d + k² + d')", "(d + k^2 + d')", sizes.in_channels + after.value)
        return (*of.entered, *of.hidden, every), ()

    def formulas(self) -> tuple[Formula, ...]:
        """The Mult-Adds of each layer, in order."""
        of = self.letters()
        terms = {
            "expand": (*of.entered, of.d, *of.hidden),
            "dw": (*of.left, *of.hidden, of.k, of.k),
            "project": (*of.left, *of.hidden, of.d_out),
        }
        return tuple(mult_adds(ROLES[role(layer)], [terms[role(layer)]], layer) for layer in self.layers())

    def letters(self) -> Letters:
        """The factors of the block's formulas."""
        sizes, hidden = self.sizes, self.hidden
        exact = hidden == sizes.in_channels * self.t and self.t == int(self.t)
        d = Factor("d", "d", sizes.in_channels)
        side, left = sizes.map, sizes.out_map
        sign = "'" if sizes.stride > 1 else ""
        inside = (d, Factor("t", "t", int(self.t))) if exact else (Factor("[d·t]", r"[d \cdot t]", hidden),)
        return Letters(
            entered=(Factor("h", "h", side), Factor("w", "w", side)),
            left=(Factor(f"h{sign}", f"h{sign}", left), Factor(f"w{sign}", f"w{sign}", left)),
            hidden=(d,) if self.t == 1 else inside,
            d=d,
            d_out=Factor("d'", "d'", sizes.out_channels),
            k=Factor("k", "k", sizes.kernel),
        )

    @property
    def params(self) -> int:
        """Trainable: weights, and batch norm's scale and shift."""
        return int(closed_form.total(map(closed_form.params, self.layers())))

    @property
    def between(self) -> int:
        """Elements that stand between blocks: the block's input and its output."""
        layers = self.layers()
        return int(layers[0].input.elements + layers[-1].output.elements)

    @property
    def peak(self) -> int:
        """The most elements alive at once inside, each layer fused with its batch norm and activation."""
        return int(closed_form.peak(map(closed_form.alive, self.layers())))

    def peak_in_pieces(self, pieces: int) -> int:
        """The most elements alive where the hidden channels are computed in so many pieces, one after another.

        A piece is expanded, filtered and added to the output, and then forgotten: input and output are alive all
        along, and the largest piece before and after its filter (V2, section 5.1). Nothing is computed twice.
        """
        filtered = self.layers()[-2]
        if not 1 <= pieces <= self.hidden:
            raise ValueError(f"pieces must be from 1 to the {self.hidden} hidden channels, got {shortened(pieces)}")
        piece = -(-self.hidden // pieces)
        positions = filtered.input.height * filtered.input.width + filtered.output.height * filtered.output.width
        return self.between + piece * int(positions)


def role(layer: Layer) -> str:
    """``expand``, ``dw`` or ``project``."""
    return layer.name.removeprefix(f"{BLOCK}.")


def alive_table(block: Block) -> pd.DataFrame:
    """What is alive at each layer of the block, as fused: ``layer, part, channels, elements``, a row a tensor.

    The sum over a layer is :func:`analysis.cost.closed_form.alive` of it.
    """
    rows: list[tuple[str, Part, int, int]] = []
    layers = block.layers()
    for layer in layers:
        reads, writes = _parts(role(layer), expands=len(layers) == 3)
        rows.append((role(layer), reads, int(layer.input.channels), int(layer.input.elements)))
        rows.append((role(layer), writes, int(layer.output.channels), int(layer.output.elements)))
        if layer.held and not layer.holds_input:
            rows.append((role(layer), "shortcut", int(layers[0].input.channels), int(layer.held)))
    return pd.DataFrame(rows, columns=["layer", "part", "channels", "elements"])


def _parts(name: str, *, expands: bool) -> tuple[Part, Part]:
    if name == "expand":
        return "input", "expanded"
    if name == "dw":
        return ("expanded" if expands else "input"), "filtered"
    return "filtered", "output"


@cache
def presets() -> dict[str, Block]:
    """Blocks of MobileNetV2 by name (a message), read from the network's own layers."""
    return {
        marked("V2's block at 56×56, with shortcut"): _of_network("bottleneck3_2"),
        marked("V2's block with the most memory"): _of_network("bottleneck3_1"),
        marked("V2's block at 7×7"): _of_network("bottleneck7_2"),
        marked("V2's first block, t = 1"): _of_network("bottleneck2"),
    }


def _of_network(name: str) -> Block:
    layers = [layer for layer in make_design("mobilenet_v2").layers() if layer.block == name]
    dw = next(layer for layer in layers if layer.kind == "dw")
    sizes = sizes_of_layers(layers[0], dw, layers[-1])
    return Block(sizes, int(dw.input.channels) / sizes.in_channels)
