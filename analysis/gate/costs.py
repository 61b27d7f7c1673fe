"""What a network costs at one time: its totals and what each layer adds to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from analysis.cost import closed_form
from analysis.cost.budgets import BUDGETS
from analysis.cost.closed_form import BYTES, NumberFormat
from analysis.cost.counted.counted import Counted
from analysis.cost.limits import check_overflow
from analysis.cost.subjects import Subject, subject_totals
from analysis.gate.names import printable, unique
from analysis.networks.design import Design


class LayerCost(NamedTuple):
    """What one layer adds: Mult-Adds, parameters, and the elements alive while it runs, where they are known."""

    name: str
    mult_adds: int
    params: int
    alive: int | None = None

    def of(self, total: str, number_format: NumberFormat) -> int | None:
        """What the layer adds to a total of :data:`BUDGETS`; of peak memory, the bytes alive while it runs."""
        if total in ("mult_adds", "params"):
            return self.mult_adds if total == "mult_adds" else self.params
        elements = self.params if total == "weight_bytes" else self.alive
        return None if elements is None else elements * BYTES[number_format]


@dataclass(frozen=True)
class Costs:
    """A network's totals by their names in :data:`BUDGETS`, as far as they are known, and its layers in order.

    Mult-Adds are the papers', for a batch of one; sizes are bytes of ``number_format``. ``label`` is the design as
    people name it. ``peak_layer`` is where most memory is alive, ``notes`` are sentences on what the figures leave out.
    """

    label: str
    network: str
    number_format: NumberFormat
    totals: Mapping[str, int]
    layers: tuple[LayerCost, ...]
    peak_layer: str = ""
    notes: tuple[str, ...] = ()


def costs_of(subject: Subject, number_format: NumberFormat) -> Costs:
    """The costs of a design or a counted network.

    Raises ``OverflowError`` where a total does not fit a 64-bit integer.
    """
    totals = subject_totals(subject, number_format)
    known = {name: int(totals[name]) for name in BUDGETS}
    check_overflow(**known)
    layers = _design_layers(subject) if isinstance(subject, Design) else _counted_layers(subject)
    named = zip(unique(layer.name for layer in layers), layers, strict=True)
    return Costs(
        label=subject.label,
        network=subject.network,
        number_format=number_format,
        totals=known,
        layers=tuple(layer._replace(name=name) for name, layer in named),
        peak_layer=printable(totals.peak_layer),
        notes=_notes(subject),
    )


def _design_layers(design: Design) -> list[LayerCost]:
    return [
        LayerCost(
            layer.name,
            int(closed_form.mult_adds(layer)),
            int(closed_form.params(layer)),
            int(closed_form.alive(layer)),
        )
        for layer in design.layers()
    ]


def _counted_layers(counted: Counted) -> list[LayerCost]:
    """The layers of a counted network, of which only the peak of what is alive is kept."""
    return [LayerCost(layer.name, layer.mult_adds, layer.params) for layer in counted.layers]


def _notes(subject: Subject) -> tuple[str, ...]:
    """What nothing here knows how to count, since a budget may seem kept for want of it."""
    if not isinstance(subject, Counted) or not subject.unknown:
        return ()
    return (f"not counted: {', '.join(subject.unknown)}; at most {subject.not_counted_share:.2%} of the Mult-Adds",)
