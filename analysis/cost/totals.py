"""The totals of one design: Mult-Adds, parameters, weight size and peak activation memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from analysis.cost import closed_form
from analysis.cost.closed_form import BYTES, NumberFormat
from analysis.cost.limits import check_overflow
from analysis.networks.design import Design


@dataclass(frozen=True)
class Totals:
    """One design's totals, also readable as a mapping (``totals["mult_adds"]``, ``dict(totals)``).

    Mult-Adds are the papers' convention, for a batch of one. Sizes are in bytes of ``number_format``; weights are all
    trainable parameters. Activation memory is the peak over layers of the elements alive: ``peak_activation_bytes``
    with batch norm and activation fused into their convolution, ``peak_unfused_bytes`` with each run by itself.
    """

    mult_adds: int
    params: int
    weight_bytes: int
    peak_activation_bytes: int
    peak_unfused_bytes: int
    peak_layer: str
    layers: int
    number_format: NumberFormat

    def keys(self) -> Iterator[str]:
        """The names of the totals."""
        return (field.name for field in fields(self))

    def __getitem__(self, name: str) -> int | str:
        if name not in self.keys():
            raise KeyError(name)
        value: int | str = getattr(self, name)
        return value

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{name}</th><td style='text-align:right'>"
            f"{value if isinstance(value, str) else format(value, ',')}</td></tr>"
            for name, value in dict(self).items()
        )
        return f"<table>{rows}</table>"


def design_totals(design: Design, number_format: NumberFormat = "float32") -> Totals:
    """The totals of a design in closed form.

    Raises ``OverflowError`` where one does not fit a 64-bit integer.
    """
    layers, width = design.layers(), BYTES[number_format]
    mult_adds = int(closed_form.total(map(closed_form.mult_adds, layers)))
    params = int(closed_form.total(map(closed_form.params, layers)))
    alive = [int(closed_form.alive(layer)) for layer in layers]
    unfused = int(closed_form.peak(map(closed_form.alive_unfused, layers)))
    check_overflow(mult_adds=mult_adds, weight_bytes=params * width, peak_activation_bytes=unfused * width)
    return Totals(
        mult_adds=mult_adds,
        params=params,
        weight_bytes=params * width,
        peak_activation_bytes=max(alive) * width,
        peak_unfused_bytes=unfused * width,
        peak_layer=layers[alive.index(max(alive))].name,
        layers=len(layers),
        number_format=number_format,
    )
