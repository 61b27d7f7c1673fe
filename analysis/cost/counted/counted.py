"""A counted network: one that is not made of rows, so that it has no closed form and no sliders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.cost.audit import Audit

Sides = tuple[int, int, int]
"""Channels, height and width; of a sequence its features, its length and 1."""


@dataclass(frozen=True, kw_only=True)
class CountedLayer:
    """One call that costs something or holds parameters, with what is folded into it.

    ``params`` are those no earlier layer holds: shared weights count once, Mult-Adds at every call. ``weights`` are
    parameters without biases and normalisation. ``terms`` is what tools count
    (:data:`analysis.cost.terms.TERMS`), by name, ``mult_adds`` among them.
    """

    name: str
    block: str
    kind: str
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    groups: int
    input: Sides
    output: Sides
    activations: int
    params: int
    weights: int
    formula: str
    terms: Mapping[str, int]

    @property
    def mult_adds(self) -> int:
        """One multiply-add is 1."""
        return self.terms.get("mult_adds", 0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Counted:
    """A network counted operation by operation, for one input; two are equal only if they are the same object.

    ``network`` is what a command line names it by, ``label`` what people do, ``source`` where it is from, ``input``
    the shapes it was counted for, ``counted_by`` what counted it. ``params`` are trainable. Peaks are in elements
    alive, as in :class:`analysis.cost.totals.Totals`. ``not_counted`` maps operations that Mult-Adds leave out to
    their number of calls; at most ``not_counted_elements`` operations. ``unknown`` are those among them that nothing
    here knows. ``notes`` are sentences on what was assumed. ``words`` are what a command line must say beside
    the network. ``audit`` is fvcore's count beside this one, where it was made when the network was read.
    """

    network: str
    label: str
    source: str
    input: str
    counted_by: str
    layers: tuple[CountedLayer, ...]
    peak_elements: int
    peak_unfused_elements: int
    peak_layer: str
    not_counted: Mapping[str, int] = field(default_factory=dict)
    not_counted_elements: int = 0
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    words: str = ""
    audit: Audit | None = None

    @property
    def mult_adds(self) -> int:
        """One multiply-add is 1; convolutions and matrix products only."""
        return sum(layer.mult_adds for layer in self.layers)

    @property
    def params(self) -> int:
        """Trainable parameters, shared ones once."""
        return sum(layer.params for layer in self.layers)

    @property
    def not_counted_share(self) -> float:
        """An upper bound of what was not counted, relative to the Mult-Adds."""
        return self.not_counted_elements / self.mult_adds if self.mult_adds else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; :func:`counted_from` reads them back."""
        return asdict(self)


def counted_from(values: Mapping[str, Any]) -> Counted:
    """The network whose :meth:`Counted.to_dict` went through JSON."""
    layers = tuple(_layer_from(layer) for layer in values["layers"])
    texts = {name: tuple(values[name]) for name in ("unknown", "notes")}
    from analysis.cost.audit import Audit

    audit = values.get("audit")
    return Counted(**{**values, "layers": layers, **texts, "audit": None if audit is None else Audit(**audit)})


def _layer_from(values: Mapping[str, Any]) -> CountedLayer:
    tuples: dict[str, Any] = {name: tuple(values[name]) for name in ("kernel", "stride", "input", "output")}
    return CountedLayer(**{**values, **tuples})
