"""What a layer may be drawn by: a column of the layer table as an axis."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """A column of the layer table as an axis: its title with unit, and what one axis unit is."""

    column: str
    title: str
    unit: float


QUANTITIES = {
    "Mult-Adds": Quantity("mult_adds", "Mult-Adds (millions)", 1e6),
    "Parameters": Quantity("params", "Parameters (thousands)", 1e3),
    "Activations": Quantity("activations", "Output elements (thousands)", 1e3),
}
