"""Totals and audits as aligned text, each figure with its unit and convention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.cost.budgets import BUDGETS

if TYPE_CHECKING:
    from analysis.cost.audit import Audit
    from analysis.cost.subjects import Subject
    from analysis.cost.totals import Totals


def totals_text(subject: Subject, totals: Totals) -> str:
    """A line a total."""
    unit = {total: kind.unit_in(totals.number_format) for total, kind in BUDGETS.items()}
    rows = (
        ("Mult-Adds", totals.mult_adds, unit["mult_adds"]),
        ("parameters", totals.params, unit["params"]),
        ("weights", totals.weight_bytes, unit["weight_bytes"]),
        ("peak activations", totals.peak_activation_bytes, f"{unit['peak_activation_bytes']}, at {totals.peak_layer}"),
        ("peak unfused", totals.peak_unfused_bytes, f"{unit['weight_bytes']}, each operator by itself"),
        ("layers", totals.layers, ""),
    )
    longest = max(len(f"{value:,}") for _, value, _ in rows)
    lines = (f"{name:<16}  {value:>{longest},}  {unit}".rstrip() for name, value, unit in rows)
    given = getattr(subject, "words", "")
    return "\n".join((f"{subject.label} ({subject.network}), {given or 'batch of one'}", *lines))


def audit_text(subject: Subject, audit: Audit) -> str:
    """Both counts side by side, and what fvcore counts besides or not at all."""
    rows = (
        ("", audit.first, "on the module", ""),
        ("Mult-Adds", grouped(audit.mult_adds), grouped(audit.fvcore_mult_adds), "fvcore"),
        ("parameters", grouped(audit.params), grouped(audit.numel_params), "numel"),
    )
    word = {True: "agree", False: "DIFFER", None: "not compared"}[audit.agrees]
    lines = (f"{name:<10}  {closed:>22}  {module:>22}  {by}".rstrip() for name, closed, module, by in rows)
    return "\n".join((f"{subject.label} ({subject.network}): {word}", *lines, *_remarks(audit)))


def _remarks(audit: Audit) -> list[str]:
    besides = ", ".join(f"{name} {grouped(count)}" for name, count in audit.besides.items())
    missed = ", ".join(f"{name} ({calls} calls)" for name, calls in audit.not_counted.items())
    remarks = {
        f"fvcore also counts, in its flops: {besides}": besides,
        f"fvcore does not count: {missed}, at most {audit.not_counted_share:.2%} of the Mult-Adds": missed,
        f"in no layer: {grouped(audit.unattributed)} Mult-Adds": audit.unattributed,
    }
    return [remark for remark, there in remarks.items() if there]


def difference_text(audit: Audit) -> str:
    """In one line, four counts of which two differ."""
    return (
        f"the counts differ: {audit.first} {grouped(audit.mult_adds)} Mult-Adds and {grouped(audit.params)} "
        f"parameters, fvcore {grouped(audit.fvcore_mult_adds)} and numel {grouped(audit.numel_params)}"
    )


def grouped(count: int | None) -> str:
    """A count with its thousands apart."""
    return "not run" if count is None else f"{count:,}"
