"""Step 4: parameters, where D_F does not count; biases and batch norm as switches."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from analysis.lessons.formulas import Factor, Formula, Letters, letters, params, separable_layers, standard_layer
from analysis.lessons.listings import Listing, listing, plain
from analysis.lessons.messages import marked
from analysis.lessons.sizes import Sizes
from analysis.networks.layers import Layer

TWO = Factor("2", "2", 2)


@dataclass(frozen=True)
class Parameters:
    """The parameters of a standard convolution, and of the two layers that replace it and their sum."""

    standard: Formula
    depthwise: Formula
    pointwise: Formula
    separable: Formula
    listing: Listing

    @property
    def ratio(self) -> Fraction:
        """Separable over standard."""
        return Fraction(self.separable.value, self.standard.value)


def parameters(sizes: Sizes, *, bias: bool = False, batch_norm: bool = False) -> Parameters:
    """Weights, and where switched on a bias, and a batch-norm scale and shift, for every output channel of a layer.

    The running statistics of batch norm are not trained and not counted. α is not applied.
    """
    of = letters(sizes)
    standard = plain(standard_layer(sizes), bias=bias, batch_norm=batch_norm)
    dw, pw = (plain(layer, bias=bias, batch_norm=batch_norm) for layer in separable_layers(sizes))
    first = _terms((of.kernel, of.kernel, of.m), of.m, dw)
    second = _terms((of.m, of.n), of.n, pw)
    return Parameters(
        standard=params(marked("Standard convolution"), _standard_terms(of, standard), standard),
        depthwise=params(marked("Depthwise"), first, dw),
        pointwise=params(marked("Pointwise (1×1)"), second, pw),
        separable=params(marked("Depthwise separable"), [*first, *second], dw, pw),
        listing=listing({"standard": [standard], "depthwise": [dw], "pointwise": [pw], "separable": [dw, pw]}),
    )


def _standard_terms(of: Letters, layer: Layer) -> list[tuple[Factor, ...]]:
    return _terms((of.kernel, of.kernel, of.m, of.n), of.n, layer)


def _terms(weights: tuple[Factor, ...], channels: Factor, layer: Layer) -> list[tuple[Factor, ...]]:
    """Weights, then a bias a channel, then batch norm's two a channel."""
    added = [(channels,)] * layer.bias + [(TWO, channels)] * layer.batch_norm
    return [weights, *added]
