"""Numbers as people read them: units, changes and the sentence of an audit."""

from __future__ import annotations

from analysis.cost.audit import BY_SHAPES, CLOSED_FORM, Audit
from analysis.cost.counted.counted import Counted
from analysis.cost.subjects import Subject
from analysis.networks.reference import REFERENCES


def short_count(value: int) -> str:
    """Four digits and a unit: ``300.8 M``, ``4.867 G``; exact below a thousand."""
    for unit, name in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{_four_digits(value / unit)} {name}"
    return str(value)


def short_bytes(value: int) -> str:
    """Four digits in decimal units: 1 MB is 1,000,000 bytes."""
    for unit, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= unit:
            return f"{_four_digits(value / unit)} {name}"
    return f"{value} B"


def _four_digits(value: float) -> str:
    return f"{value:.3f}" if value < 10 else f"{value:.2f}" if value < 100 else f"{value:.1f}"


def change(new: int, old: int) -> str:
    """The relative change against a baseline, signed; ``±0 %`` where equal, at least one figure where not."""
    if new == old:
        return "±0 %"
    percent = 100 * (new - old) / old
    sign = "+" if percent > 0 else "-"
    size = abs(percent)
    return f"{sign}{size:,.0f} %" if size >= 100 else f"{sign}{size:.1f} %" if size >= 0.05 else f"{sign}<0.1 %"


def caption(subject: Subject) -> str:
    """Where a subject is from and what it reads: channels × height × width; a file's also says what counted it.

    What counts a reference network is said by the sentence of its audit.
    """
    if isinstance(subject, Counted):
        counted = "" if subject.network in REFERENCES else f" · counted by {subject.counted_by}"
        return f"{subject.source} · {subject.input} input{counted}"
    entry = subject.entry
    source = f", {entry.source}" if entry.source else ""
    return f"{entry.label}{source} · {subject.in_channels}×{subject.height}×{subject.width} input"


def waiting_sentence(subject: Subject) -> str:
    """What is on the page while fvcore is still counting."""
    first = BY_SHAPES if isinstance(subject, Counted) else CLOSED_FORM
    return f"{first} drawn; fvcore is counting the built module …"


def audit_sentence(audit: Audit) -> str:
    """One line: both counts agree, differ (both numbers), or fvcore was not run and why."""
    if audit.not_run is not None:
        return (
            f"{audit.first}: {audit.mult_adds:,} Mult-Adds, {audit.params:,} parameters; "
            f"fvcore not run: {audit.not_run}"
        )
    if audit.agrees:
        return f"{audit.first} and fvcore agree: {audit.mult_adds:,}"
    layers = f"; layers that differ: {', '.join(audit.differing)}" if audit.differing else ""
    return (
        f"{audit.first} and fvcore DIFFER: {audit.mult_adds:,} against {audit.fvcore_mult_adds:,} Mult-Adds, "
        f"{audit.params:,} against {audit.numel_params:,} parameters{layers}"
    )


def uncounted_sentence(audit: Audit) -> str:
    """What fvcore counts besides Mult-Adds, and what it does not count at all, with an upper bound."""
    besides = " and ".join(f"{count:,} for {name}" for name, count in audit.besides.items())
    missing = ", ".join(f"{name} ({calls} calls)" for name, calls in audit.not_counted.items())
    sentences = [f"Besides Mult-Adds fvcore adds {besides} to its own total." if besides else ""]
    if missing:
        sentences.append(
            f"fvcore did not count {missing}: at most {audit.not_counted_elements:,} operations, "
            f"{audit.not_counted_share:.2%} of the Mult-Adds."
        )
    return " ".join(filter(None, sentences))
