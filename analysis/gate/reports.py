"""Verdicts as text for a terminal, Markdown for a build summary, JUnit XML for a build's test page, and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Literal
from xml.etree import ElementTree

from analysis.cost.closed_form import NumberFormat
from analysis.cost.conventions import CONVENTIONS
from analysis.gate.changes import changes, come_or_gone, grown
from analysis.gate.costs import LayerCost
from analysis.gate.names import Name, printable, shown
from analysis.gate.sections import Line, Section, growth_text, headline, notes, outcome, percent, sections
from analysis.gate.verdict import Finding, Verdict
from analysis.version import VERSION

WORDS = frozenset(("quantity", "layer", "unit", "verdict", "which"))
"""The columns set flush left."""


def text_report(verdicts: Sequence[Verdict]) -> str:
    """A headline and aligned tables for each network."""
    return "\n\n\n".join("\n\n".join((_text(headline(verdict)), *_text_body(verdict))) for verdict in verdicts) + "\n"


def _text_body(verdict: Verdict) -> list[str]:
    tables = [_text_table(section) for section in sections(verdict)]
    return tables + [_text(line) for line in notes(verdict)]


def _text(line: Line) -> str:
    return "".join(shown(piece) if isinstance(piece, Name) else piece for piece in line)


def _text_table(section: Section) -> str:
    title = f"{_text(section.title)}\n" if section.title else ""
    return title + _grid(section, [[_text((cell,)) for cell in row] for row in section.rows], "simple")


def _grid(section: Section, cells: Sequence[Sequence[str]], style: Literal["simple", "pipe"]) -> str:
    from tabulate import tabulate

    aligned = ["left" if name in WORDS else "right" for name in section.header]
    grid = tabulate(cells, section.header, tablefmt=style, colalign=aligned if cells else None, disable_numparse=True)
    return "\n".join(line.rstrip() for line in str(grid).splitlines())


def markdown_report(verdicts: Sequence[Verdict]) -> str:
    """A heading and GitHub tables for each network; names that came from outside are code, so nothing in them is
    markup.
    """
    parts = []
    for verdict in verdicts:
        parts += [f"### {_markdown(headline(verdict))}"]
        parts += [_markdown_table(section) for section in sections(verdict)]
        parts += [_markdown(line) for line in notes(verdict)]
    return "\n\n".join(parts) + "\n"


def _markdown(line: Line) -> str:
    return "".join(code(piece) if isinstance(piece, Name) else piece for piece in line)


def _markdown_table(section: Section) -> str:
    title = f"**{section.title[0]}**{_markdown(section.title[1:])}\n\n" if section.title else ""
    cells = [[_markdown((cell,)).replace("|", "\\|") for cell in row] for row in section.rows]
    return title + _grid(section, cells, "pipe")


def code(text: str) -> str:
    """Text as a code span: fenced by more backticks than follow one another in it."""
    flat = shown(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", flat)), default=0))
    pad = " " if "`" in (flat[0], flat[-1]) else ""
    return f"{fence}{pad}{flat}{pad}{fence}"


def junit_report(verdicts: Sequence[Verdict]) -> bytes:
    """JUnit XML: a suite a network, a case a limit, a failure with the costliest layers where it is exceeded."""
    suites = ElementTree.Element("testsuites", _counts(verdicts) | {"name": "multadds check"})
    for verdict in verdicts:
        suite = ElementTree.SubElement(suites, "testsuite", {"name": printable(verdict.name), **_counts([verdict])})
        for finding in verdict.limited:
            _case(suite, verdict, finding)
    ElementTree.indent(suites)
    return bytes(ElementTree.tostring(suites, "utf-8", xml_declaration=True)) + b"\n"


def _counts(verdicts: Sequence[Verdict]) -> dict[str, str]:
    tests, failures = (sum(map(len, found)) for found in zip(*((v.limited, v.exceeded) for v in verdicts), strict=True))
    return {"tests": str(tests), "failures": str(failures), "errors": "0", "skipped": "0", "time": "0"}


def _case(suite: ElementTree.Element, verdict: Verdict, finding: Finding) -> None:
    """One limit; its name stays the same when the limit changes, so that a build can tell its history."""
    growth = f": {finding.kind.label}" if finding.rule == "growth" else ""
    names = {"classname": f"multadds.{printable(verdict.name)}", "name": f"{finding.option}{growth}", "time": "0"}
    case = ElementTree.SubElement(suite, "testcase", names)
    if finding.over:
        message = f"{compared_text(verdict, finding)}: {finding.over:,} {_change(finding)} over"
        failure = ElementTree.SubElement(case, "failure", {"type": finding.option, "message": message})
        failure.text = "\n\n".join((_text(headline(verdict)), *_text_body(verdict)))
    else:
        ElementTree.SubElement(case, "system-out").text = compared_text(verdict, finding)


def compared_text(verdict: Verdict, finding: Finding) -> str:
    """``Mult-Adds: 300,774,272, at most 300,000,000``, and of growth what that is: ``(baseline +2 %)``."""
    growth = f" (baseline +{growth_text(verdict)})" if finding.rule == "growth" else ""
    return f"{finding.kind.label}: {finding.value:,}, at most {finding.most:,}{growth}"


def _change(finding: Finding) -> str:
    return f"({percent(finding.value, finding.most or 0)})"


def json_report(verdicts: Sequence[Verdict]) -> str:
    """``within``, ``version``, ``convention`` and a list of ``checks``: findings, layers and what changed."""
    content = {
        "within": not any(verdict.exceeded for verdict in verdicts),
        "version": VERSION,
        "convention": CONVENTIONS["papers"].name,
        "unit": CONVENTIONS["papers"].unit,
        "checks": [_plain(verdict) for verdict in verdicts],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _plain(verdict: Verdict) -> dict[str, Any]:
    costs = verdict.costs
    return {
        "name": printable(verdict.name),
        "network": printable(costs.network),
        "label": printable(costs.label),
        "within": not verdict.exceeded,
        "outcome": outcome(verdict),
        "number_format": costs.number_format,
        "max_growth_percent": None if verdict.growth is None else f"{verdict.growth:f}",
        "baseline": None if verdict.baseline is None else printable(verdict.baseline.label),
        "findings": [_plain_finding(finding) for finding in verdict.findings],
        "layers": [_plain_layer(layer, costs.number_format) for layer in costs.layers],
        "changes": _plain_changes(verdict),
        "notes": [printable(note) for note in verdict.notes],
    }


def _plain_layer(layer: LayerCost, number_format: NumberFormat) -> dict[str, Any]:
    return {
        "layer": layer.name,
        "mult_adds": layer.mult_adds,
        "params": layer.params,
        "alive_bytes": layer.of("peak_activation_bytes", number_format),
    }


def _plain_finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "quantity": finding.total,
        "value": finding.value,
        "at_most": finding.most,
        "over": finding.over,
        "within": not finding.over,
        **({"baseline": finding.old} if finding.rule == "growth" else {}),
    }


def _plain_changes(verdict: Verdict) -> dict[str, Any] | None:
    """The layers that grew, most first, and the names of those added and removed; ``None`` without a baseline."""
    if verdict.baseline is None:
        return None
    changed = changes(verdict.baseline, verdict.costs)
    added, removed = come_or_gone(changed)
    more = {
        f"{quantity}_grew": [
            {"layer": each.name, **dict(zip(("baseline", "now"), each.both(quantity), strict=True))}
            for each in grown(changed, quantity)
        ]
        for quantity in ("mult_adds", "params")
    }
    return {**more, "added": [each.name for each in added], "removed": [each.name for each in removed]}
