"""A cross-check and the answer for a figure as text and as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.cost.counted.counted import Counted
from analysis.cost.subjects import Subject
from analysis.crosscheck.identities import Identity
from analysis.crosscheck.matches import Answer
from analysis.crosscheck.verdicts import Verdict, not_runnable

AS_BUILT = "Each sum is tested against the tool's own output on other networks of rows; run the tools to test this one."
AS_REFERENCE = (
    "Each sum is tested against the tool's own output on every reference network that is small enough to be built."
)
AS_IMPORTED = (
    "An imported network has no module that the tools could be run on: the figures are what they would print for a "
    "module of torch's own layers that does the same, with a functional global pool."
)


def trust_sentence(subject: Subject) -> str:
    """How far the identities of a subject are tested."""
    if not isinstance(subject, Counted):
        return AS_BUILT
    from analysis.networks.reference import REFERENCES

    if subject.network not in REFERENCES:
        return AS_IMPORTED
    reason = not_runnable(subject)
    return AS_REFERENCE if reason is None else f"{AS_REFERENCE} This one is {reason}: its sums were not tested."


def identity_lines(found: Sequence[Identity]) -> list[str]:
    """Each tool's sum, in the order of the conventions."""
    return [f"{identity.convention.label} ({identity.convention.unit}): {identity.text}" for identity in found]


def verdict_facts(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain values."""
    identity, run = verdict.identity, verdict.run
    return {
        "convention": identity.convention.name,
        "tool": identity.convention.label,
        "unit": identity.convention.unit,
        "identity": identity.count,
        "text": identity.text,
        "terms": [
            {"term": step.term, "label": step.label, "weight": step.weight, "number": step.number}
            for step in identity.steps
        ],
        "printed": run.count,
        "held": verdict.held,
        "not_run": run.not_run,
        "version": run.version or None,
        "tested_version": identity.convention.version or None,
    }


def answer_lines(answer: Answer) -> list[str]:
    """What gives a figure, a line each, after the sentence that sums it up."""
    ways = [f"  {match.name}: {match.arithmetic}" for match in answer.matches]
    return [answer.sentence, *ways]


def answer_facts(answer: Answer) -> dict[str, Any]:
    """The answer for a figure as plain values; a count that is no whole number is a decimal."""
    return {
        "figure": answer.figure.text,
        "answer": answer.sentence,
        "ways": [
            {
                "name": match.name,
                "convention": match.convention.name,
                "arithmetic": match.arithmetic,
                "count": int(match.count) if match.count.denominator == 1 else float(match.count),
                "changes": match.changes,
            }
            for match in answer.matches
        ],
        "further_ways": answer.others,
    }
