"""What a verdict says, as headline and tables of cells; text, Markdown and JUnit write the same ones."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.cost.budgets import BUDGETS
from analysis.cost.units import change
from analysis.gate.changes import Change, changes, come_or_gone, grown
from analysis.gate.costs import LayerCost
from analysis.gate.names import Name
from analysis.gate.verdict import Finding, Verdict

TOP = 5
"""Layers that are listed of each kind."""

Line = tuple[str, ...]
"""Pieces of a line; those that came from outside are :class:`Name`."""


Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A table under a title: its header and its rows of text."""

    title: Line
    header: tuple[str, ...]
    rows: Rows


def headline(verdict: Verdict) -> Line:
    """The network and how many limits it exceeds."""
    costs = verdict.costs
    named = (Name(verdict.name), ": ") if verdict.name != costs.network else ()
    return (*named, Name(costs.label), " (", Name(costs.network), "), batch of one: ", outcome(verdict))


def outcome(verdict: Verdict) -> str:
    """``OVER 1 of 3 limits``, ``within 3 limits`` or ``no limit given``."""
    over, limits = len(verdict.exceeded), len(verdict.limited)
    plural = "" if limits == 1 else "s"
    if not limits:
        return "no limit given"
    return f"OVER {over} of {limits} limit{plural}" if over else f"within {limits} limit{plural}"


def sections(verdict: Verdict) -> list[Section]:
    """Every table of a verdict: budgets, growth, the costliest layers of what exceeds, the layers that changed most."""
    found = [_budgets(verdict), *costliest(verdict)]
    if verdict.baseline is None:
        return found
    changed = changes(verdict.baseline, verdict.costs)
    return [found[0], _growth(verdict), *found[1:], *_grown(changed), *_come_or_gone(changed)]


def notes(verdict: Verdict) -> list[Line]:
    """What could not be counted or compared; operators are named by the file they are in."""
    return [(Name(note),) for note in verdict.notes]


def _budgets(verdict: Verdict) -> Section:
    rows = (
        (
            finding.kind.label,
            f"{finding.value:,}",
            finding.kind.unit_in(verdict.costs.number_format),
            "" if finding.most is None else f"{finding.most:,}",
            *_end(finding),
        )
        for finding in verdict.findings
        if finding.rule == "budget"
    )
    return _filled((), ("quantity", "value", "unit", "at most", "over by", "verdict"), tuple(rows))


def _growth(verdict: Verdict) -> Section:
    assert verdict.baseline is not None
    rows = (
        (
            finding.kind.label,
            f"{finding.old:,}",
            f"{finding.value:,}",
            percent(finding.value, finding.old or 0),
            "" if finding.most is None else f"{finding.most:,}",
            *_end(finding),
        )
        for finding in verdict.findings
        if finding.rule == "growth"
    )
    most = "at most" if verdict.growth is None else f"at most (+{growth_text(verdict)})"
    header = ("quantity", "baseline", "now", "growth", most, "over by", "verdict")
    return _filled(("Against the baseline", " ", Name(verdict.baseline.label)), header, tuple(rows))


def _filled(title: Line, header: tuple[str, ...], rows: Rows) -> Section:
    """A section without the columns that are empty in every row."""
    kept = [number for number in range(len(header)) if any(row[number] for row in rows)]
    return Section(title, tuple(header[n] for n in kept), tuple(tuple(row[n] for n in kept) for row in rows))


def _end(finding: Finding) -> tuple[str, str]:
    """By how much it is over, and the verdict."""
    if finding.most is None:
        return "", ""
    over = f"{finding.over:,} ({percent(finding.value, finding.most)})" if finding.over else ""
    return over, "OVER" if finding.over else "within"


def percent(new: int, old: int) -> str:
    """The change against ``old``, signed; of what was 0 there is none."""
    return "from 0" if new > old == 0 else change(new, old)


def growth_text(verdict: Verdict) -> str:
    """The growth allowed, as it was written: ``2 %``."""
    return f"{verdict.growth:f} %"


def costliest(verdict: Verdict) -> list[Section]:
    """For each quantity over its budget the layers that cost most of it; of peak memory also where it grew too much."""
    totals = {finding.total for finding in verdict.exceeded if finding.rule == "budget"}
    totals |= {finding.total for finding in verdict.exceeded} & {"peak_activation_bytes"}
    totals -= {"weight_bytes"} if "params" in totals else set()  # the same layers in the same order
    return [_costliest(verdict, total) for total in BUDGETS if total in totals]


def _costliest(verdict: Verdict, total: str) -> Section:
    costs = verdict.costs
    known = [(layer.name, layer.of(total, costs.number_format)) for layer in costs.layers]
    most = sorted(((name, value) for name, value in known if value), key=lambda pair: -pair[1])[:TOP]
    if total == "peak_activation_bytes":
        most = most or [(costs.peak_layer, costs.totals[total])]
        peaks = tuple((Name(name), f"{value:,}") for name, value in most)
        return Section(("Layers with most memory alive",), ("layer", "bytes alive"), peaks)
    whole = costs.totals[total] or 1
    rows = tuple((Name(name), f"{value:,}", f"{value / whole:.1%}") for name, value in most)
    label = BUDGETS[total].label
    return Section((f"Layers that cost most: {label}",), ("layer", label, "share"), rows)


def _grown(changed: list[Change]) -> list[Section]:
    found = {quantity: grown(changed, quantity) for quantity in ("mult_adds", "params")}
    return [
        Section(
            (f"Layers that grew most: {BUDGETS[quantity].label}, {len(more):,} grew",),
            ("layer", "baseline", "now", "grew by", "growth"),
            tuple(_grown_row(each, quantity) for each in more[:TOP]),
        )
        for quantity, more in found.items()
        if more
    ]


def _grown_row(each: Change, quantity: str) -> tuple[str, ...]:
    old, new = each.both(quantity)
    growth = "added" if each.old is None else percent(new, old)
    return Name(each.name), "" if each.old is None else f"{old:,}", f"{new:,}", f"{new - old:,}", growth


def _come_or_gone(changed: list[Change]) -> list[Section]:
    added, removed = come_or_gone(changed)
    if not added and not removed:
        return []
    rows = [_came("added", each.new) for each in added[:TOP]] + [_came("removed", each.old) for each in removed[:TOP]]
    title = f"Layers that came or went: {len(added):,} added, {len(removed):,} removed"
    return [Section((title,), ("layer", "Mult-Adds", "Parameters", "which"), tuple(rows))]


def _came(word: str, layer: LayerCost | None) -> tuple[str, ...]:
    assert layer is not None
    return Name(layer.name), f"{layer.mult_adds:,}", f"{layer.params:,}", word
