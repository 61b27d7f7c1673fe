"""A formula in the papers' letters, the same with numbers in it, and its value, which is the layer's own cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.cost import closed_form
from analysis.lessons.messages import marked
from analysis.lessons.sizes import Sizes
from analysis.networks.layers import Layer
from analysis.networks.parts import convolution, depthwise
from analysis.networks.sizes import Size

MULT_ADDS, PARAMETERS = marked("Mult-Adds"), marked("parameters")


class Factor(NamedTuple):
    """One factor: as it is written, as TeX, and its number."""

    text: str
    tex: str
    value: int


Term = tuple[Factor, ...]


@dataclass(frozen=True)
class Formula:
    """A sum of products: ``terms`` with letters and numbers, and the ``value``, which has the ``unit``."""

    name: str
    unit: str
    terms: tuple[Term, ...]
    value: int

    @property
    def symbols(self) -> str:
        """With letters: ``D_K·D_K·M·N·D_F·D_F``."""
        return " + ".join("·".join(factor.text for factor in term) for term in self.terms)

    @property
    def tex(self) -> str:
        """With letters, as TeX."""
        return " + ".join(r" \cdot ".join(factor.tex for factor in term) for term in self.terms)

    @property
    def numbers(self) -> str:
        """With numbers: ``3·3·512·512·14·14``."""
        return " + ".join("·".join(str(factor.value) for factor in term) for term in self.terms)

    @property
    def numbers_tex(self) -> str:
        """With numbers, as TeX."""
        return " + ".join(r" \cdot ".join(str(factor.value) for factor in term) for term in self.terms)

    @property
    def text(self) -> str:
        """With numbers and the value: ``3·3·512·512·14·14 = 462,422,016``."""
        return f"{self.numbers} = {self.value:,}"


@dataclass(frozen=True)
class Letters:
    """The factors of a layer's formulas: a letter and its number each."""

    kernel: Factor
    m: Factor
    n: Factor
    map: Factor


def letters(sizes: Sizes, *, thinned: bool = False, shrunk: bool = False) -> Letters:
    """The letters of a layer; with α before M and N and ρ before D_F where a multiplier is applied.

    A stride over 1 leaves a map of D_F / s, rounded up; its side takes the place of D_F.
    """
    applied = _applied(sizes, thinned=thinned, shrunk=shrunk)
    a, r = ("α", r"\alpha ") if thinned else ("", ""), ("ρ", r"\rho ") if shrunk else ("", "")
    side, side_tex = f"{r[0]}D_F", f"{r[1]}D_F"
    if sizes.stride > 1:
        side, side_tex = f"⌈{side}/s⌉", rf"\lceil {side_tex}/s \rceil"
    return Letters(
        kernel=Factor("D_K", "D_K", sizes.kernel),
        m=Factor(f"{a[0]}M", f"{a[1]}M", applied.in_channels),
        n=Factor(f"{a[0]}N", f"{a[1]}N", applied.out_channels),
        map=Factor(side, side_tex, applied.out_map),
    )


def _applied(sizes: Sizes, *, thinned: bool, shrunk: bool) -> Sizes:
    sizes = sizes.thinned() if thinned else sizes
    return sizes.shrunk() if shrunk else sizes


def formula(
    name: str, unit: str, terms: Sequence[Sequence[Factor]], layers: Sequence[Layer], cost: Callable[[Layer], Size]
) -> Formula:
    """The formula whose value is the closed form's cost of the layers."""
    return Formula(name, unit, tuple(map(tuple, terms)), sum(int(cost(layer)) for layer in layers))


def standard_layer(sizes: Sizes) -> Layer:
    """The standard convolution of those sizes; α and ρ are not applied."""
    return convolution("standard", "standard", sizes.input, sizes.out_channels, sizes.kernel, sizes.stride, "relu")


def separable_layers(sizes: Sizes) -> tuple[Layer, Layer]:
    """The depthwise layer, with the stride, and the pointwise layer behind it; α and ρ are not applied."""
    dw = depthwise("separable", sizes.input, sizes.kernel, sizes.stride, "relu")
    return dw, convolution("separable.pw", "separable", dw.output, sizes.out_channels, 1, 1, "relu")


def mult_adds(name: str, terms: Sequence[Sequence[Factor]], *layers: Layer) -> Formula:
    """A formula of Mult-Adds."""
    return formula(name, MULT_ADDS, terms, layers, closed_form.mult_adds)


def weights(name: str, terms: Sequence[Sequence[Factor]], *layers: Layer) -> Formula:
    """A formula of parameters that are weights alone."""
    return formula(name, PARAMETERS, terms, layers, closed_form.weights)


def params(name: str, terms: Sequence[Sequence[Factor]], *layers: Layer) -> Formula:
    """A formula of parameters: weights, and biases and batch norm where the layers have them."""
    return formula(name, PARAMETERS, terms, layers, closed_form.params)
