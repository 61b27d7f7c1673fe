"""The audit of a user's module: fvcore's count beside torch's dispatcher's, module by module."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analysis.cost.audit import BY_SHAPES, Audit
from analysis.cost.audit_count import PLAIN, UNCOUNTED, Count, labelled
from analysis.cost.counted.counted import Counted
from analysis.cost.counted.layers import layer_scopes
from analysis.cost.counted.operations import Operation


def module_audit(
    counted: Counted, operations: Sequence[Operation], count: Count | None, *, numel_params: int, not_run: str | None
) -> Audit:
    """The count of a module's operations beside fvcore's ``count`` of it, module by module, submodules included.

    ``layers`` has the layers whose module has the same count in both; ``differing`` names the innermost modules that
    have not.
    """
    totals = counted.mult_adds, counted.params
    if count is None:
        return Audit(*totals, not_run=not_run, first=BY_SHAPES)
    ours: Counter[str] = Counter()
    for call in operations:
        ours.update(dict.fromkeys(_owners(call.scope), call.mult_adds))
    apart = [name for name in sorted({*ours, *count.by_module}) if ours[name] != count.by_module.get(name, 0)]
    runs_in = layer_scopes(operations)
    layers = {one.name: one.mult_adds for one in counted.layers if runs_in.get(one.name, "") not in apart}
    return Audit(
        *totals,
        fvcore_mult_adds=count.mult_adds,
        numel_params=numel_params,
        layers=layers,
        differing=[name or "unattributed" for name in apart if not any(_within(other, name) for other in apart)],
        unattributed=count.mult_adds - sum(layers.values()),
        besides=count.besides,
        not_counted=labelled(count.not_counted, UNCOUNTED | PLAIN),
        not_counted_elements=counted.not_counted_elements,
        first=BY_SHAPES,
    )


def _owners(module: str) -> set[str]:
    """The module and all that it is in, the network itself last."""
    parts = module.split(".")
    return {"", *(".".join(parts[:depth]) for depth in range(1, len(parts) + 1))}


def _within(inner: str, outer: str) -> bool:
    return inner != outer and (not outer or inner.startswith(f"{outer}."))
