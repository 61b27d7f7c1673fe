"""The audit: fvcore's count of the built module beside the closed form, and ``numel`` beside its parameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from analysis.cost import closed_form, terms
from analysis.cost.audit_count import PLAIN, UNCOUNTED, Count, count_module, labelled
from analysis.cost.counted.counted import Counted
from analysis.cost.limits import check_overflow, too_large_to_build
from analysis.networks.design import Design
from analysis.networks.layers import Layer

CLOSED_FORM = "closed form"
BY_SHAPES = "count by shapes"


@dataclass(frozen=True)
class Audit:
    """Both counts of one design, to the integer.

    ``fvcore_mult_adds`` and ``numel_params`` are ``None`` where the design was not built; ``not_run`` then says why.
    ``layers`` maps a layer's name to fvcore's Mult-Adds, ``differing`` names those that are not the closed form's;
    ``unattributed`` is what no module owns.
    ``besides`` is what fvcore adds to its own total that Mult-Adds leave out, by operator, in fvcore's flops.
    ``not_counted`` maps what fvcore has no count for to its number of calls.
    ``not_counted_elements`` bounds it from above: an operation for each element they write, and for each element of
    each window of a pool. ``first`` says what the first count is: a network without rows has no closed form, and is
    counted on shapes by torch's dispatcher.
    """

    mult_adds: int
    params: int
    fvcore_mult_adds: int | None = None
    numel_params: int | None = None
    layers: Mapping[str, int] = field(default_factory=dict)
    differing: Sequence[str] = ()
    unattributed: int = 0
    besides: Mapping[str, int] = field(default_factory=dict)
    not_counted: Mapping[str, int] = field(default_factory=dict)
    not_counted_elements: int = 0
    not_run: str | None = None
    first: str = CLOSED_FORM

    @property
    def agrees(self) -> bool | None:
        """Whether both counts are equal to the integer, in all and in every layer; ``None`` if it was not built."""
        if self.not_run is not None:
            return None
        totals_agree = self.mult_adds == self.fvcore_mult_adds and self.params == self.numel_params
        return totals_agree and not self.differing and self.unattributed == 0

    @property
    def not_counted_share(self) -> float:
        """An upper bound of what was not counted, relative to the Mult-Adds."""
        return self.not_counted_elements / self.mult_adds if self.mult_adds else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The audit as plain values; ``Audit(**values)`` restores it."""
        return asdict(self)

    def _repr_html_(self) -> str:
        if self.not_run is not None:
            return f"<p>{self.first}: {self.mult_adds:,} Mult-Adds; fvcore not run: {self.not_run}</p>"
        verdict = "agree" if self.agrees else "<b style='color:#c00'>differ</b>"
        return (
            f"<p>{self.first} and fvcore {verdict}</p><table>"
            f"<tr><th></th><th>{self.first}</th><th>counted on the module</th></tr>"
            f"<tr><th>Mult-Adds</th><td>{self.mult_adds:,}</td><td>{self.fvcore_mult_adds:,} (fvcore)</td></tr>"
            f"<tr><th>parameters</th><td>{self.params:,}</td><td>{self.numel_params:,} (numel)</td></tr></table>"
        )


def design_audit(design: Design) -> Audit:
    """Build the design and count it with fvcore and ``numel``; about a tenth of a second after torch is imported.

    A design over the limits of :mod:`analysis.cost.limits` is not built, and the audit says so.
    """
    layers = design.layers()
    mult_adds = int(closed_form.total(map(closed_form.mult_adds, layers)))
    params = int(closed_form.total(map(closed_form.params, layers)))
    peak = int(closed_form.peak(map(closed_form.alive_unfused, layers)))
    check_overflow(mult_adds=mult_adds, params=params)
    too_large = too_large_to_build(mult_adds, params, peak)
    if too_large is not None:
        return Audit(mult_adds, params, not_run=too_large)

    from analysis.networks.modules import undrawn_module

    module = undrawn_module(layers).eval()
    counted = count_module(module, tuple(int(side) for side in _shape(design)))
    return Audit(
        mult_adds,
        params,
        numel_params=sum(parameter.numel() for parameter in module.parameters() if parameter.requires_grad),
        not_counted_elements=_not_counted_elements(layers),
        **_per_layer(counted, layers),
    )


def counted_audit(counted: Counted) -> Audit:
    """The count by shapes of a network without rows beside fvcore's; run for reference networks that are not too large.

    What was imported is counted by fvcore where it is read, if it can run at all.
    """
    if counted.audit is not None:
        return counted.audit
    from analysis.networks.reference import REFERENCES

    totals = counted.mult_adds, counted.params
    reference = REFERENCES.get(counted.network)
    if reference is None:
        return Audit(*totals, not_run=f"counted by {counted.counted_by}", first=BY_SHAPES)
    too_large = too_large_to_build(*totals, counted.peak_unfused_elements)
    if too_large is not None:
        return Audit(*totals, not_run=f"{too_large}; its kept count is by {counted.counted_by}", first=BY_SHAPES)
    module = reference.undrawn()
    count = count_module(module, (1, *reference.input_shape))
    by_layer = _by_layer(counted, count)
    return Audit(
        *totals,
        fvcore_mult_adds=count.mult_adds,
        numel_params=sum(parameter.numel() for parameter in module.parameters() if parameter.requires_grad),
        layers={name: fvcore for name, (_, fvcore) in by_layer.items()},
        differing=[name for name, (ours, fvcore) in by_layer.items() if ours != fvcore],
        unattributed=count.mult_adds - sum(fvcore for _, fvcore in by_layer.values()),
        besides=count.besides,
        not_counted=labelled(count.not_counted, UNCOUNTED | PLAIN),
        not_counted_elements=counted.not_counted_elements,
        first=BY_SHAPES,
    )


def _by_layer(counted: Counted, count: Count) -> dict[str, tuple[int, int]]:
    """Our Mult-Adds and fvcore's of each module that has layers, all its calls together, less its submodules'."""
    ours: Counter[str] = Counter()
    for layer in counted.layers:
        ours[layer.name.partition(" (")[0]] += layer.mult_adds
    inside: Counter[str] = Counter()
    for name, mult_adds in count.by_module.items():
        if name:
            inside[name.rpartition(".")[0]] += mult_adds
    return {name: (mult_adds, count.by_module.get(name, 0) - inside[name]) for name, mult_adds in ours.items()}


def _not_counted_elements(layers: Sequence[Layer]) -> int:
    """What activations, shortcut additions and the scaling by squeeze-excite branches write, and windows read."""
    activated = int(closed_form.total(map(terms.activation_elements, layers)))
    scaled = int(closed_form.total(map(terms.scaled_elements, layers)))
    pooled = sum(
        int(layer.kernel[0] * layer.kernel[1] * layer.output.elements)
        for layer in layers
        if not layer.weighted and layer.pooling != "global"
    )
    return activated + scaled + pooled + sum(int(layer.output.elements) for layer in layers if layer.shortcut)


def _shape(design: Design) -> tuple[int, int, int, int]:
    return (1, design.in_channels, design.height, design.width)


def _per_layer(counted: Count, layers: Sequence[Layer]) -> dict[str, Any]:
    by_layer = {layer.name: counted.by_module.get(layer.name, 0) for layer in layers}
    return {
        "fvcore_mult_adds": counted.mult_adds,
        "layers": by_layer,
        "differing": [layer.name for layer in layers if by_layer[layer.name] != closed_form.mult_adds(layer)],
        "unattributed": counted.mult_adds - sum(by_layer.values()),
        "besides": counted.besides,
        "not_counted": labelled(counted.not_counted, UNCOUNTED),
    }
