"""A comparison as one HTML file: static tables and SVG, no script and no other file, light, dark and on paper."""

from __future__ import annotations

import shlex
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.comparison.alignment import HOW
from analysis.comparison.cells import lines_of
from analysis.comparison.compared import Comparison
from analysis.comparison.diff import Diff, lettered
from analysis.comparison.marks import Mark
from analysis.comparison.svg import profile_chart
from analysis.comparison.words import word_of
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.subjects import Subject, subject_table
from analysis.cost.units import caption
from analysis.networks import CATALOGUE, Design
from analysis.networks.reference import REFERENCES
from analysis.version import VERSION

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"

CHARTS = (
    ("share", "Mult-Adds", False),
    ("share", "Mult-Adds", True),
    ("share", "Parameters", True),
    ("share", "Activations", False),
)
"""Depth, quantity and whether so far, of every chart of a report."""


def report_html(comparison: Comparison, diff: Diff) -> bytes:
    """The whole report; the same bytes for the same designs, pair and version. Every name in it is escaped."""
    subjects = [entry.subject for entry in comparison.entries]
    tables = [subject_table(subject, CONVENTIONS["papers"], comparison.number_format) for subject in subjects]
    charts = [
        profile_chart(comparison.entries, tables, depth=depth, quantity=quantity, cumulative=so_far)
        for depth, quantity, so_far in CHARTS
    ]
    page = _template("report.html").render(
        title=f"{len(subjects)} designs compared",
        comparison=comparison,
        lines=lines_of(comparison),
        remark="★ best; ratios are against A.",
        charts=charts,
        diff=diff,
        blocks=diff.by_block().to_dict("records"),
        rows=diff.changed().to_dict("records"),
        how=HOW,
        css=totals_css(),
        command=report_command(comparison, diff.letters),
        unnamed=unnamed_sentence(subjects),
        version=VERSION,
    )
    return page.encode()


def totals_html(comparison: Comparison) -> str:
    """The table of totals as markup, every name escaped; its look is :func:`totals_css`."""
    sized = f"Sizes in {comparison.number_format}. ★ best; ratios are against A."
    return _template("totals.html").render(comparison=comparison, lines=lines_of(comparison), remark=sized)


@cache
def totals_css() -> Markup:
    """The stylesheet of the table of totals."""
    from markupsafe import Markup

    return Markup((TEMPLATES / "totals.css").read_text("utf-8"))


def report_command(comparison: Comparison, pair: tuple[str, str]) -> str:
    """The command line that writes the same report."""
    words = ["multadds", "compare", *(word_of(entry.subject) for entry in comparison.entries)]
    words += ["--pair", "".join(pair)] if pair != ("A", "B") else []
    words += ["--number-format", comparison.number_format] if comparison.number_format != "float32" else []
    words += ["--training", comparison.training] if comparison.training != "2018" else []
    return shlex.join([*words, "--report", "comparison.html"])


def unnamed_sentence(subjects: list[Subject]) -> str:
    """Which of the designs the command knows only by a file; empty where it knows all."""
    names = [word_of(subject).partition("@")[0] for subject in subjects if not _is_known(subject)]
    return f"In the place of {', '.join(dict.fromkeys(names))} name the file that holds it." if names else ""


def _is_known(subject: Subject) -> bool:
    if isinstance(subject, Design):
        return subject.own is None and subject.network in CATALOGUE
    return subject.network in REFERENCES


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(caption=caption, lettered=lettered, line_sample=line_sample)
    return environment


def _template(name: str) -> Template:
    return _environment().get_template(name)


def line_sample(mark: Mark) -> Markup:
    """A short piece of a design's line, in its colour and pattern; drawn by a background, which e-mail keeps."""
    from markupsafe import Markup

    dashes = [0 if part == "none" else int(part) for part in mark.dashes.split()]
    stops, at = [], 0
    for number, dash in enumerate(dashes):
        stops.append(f"{'transparent' if number % 2 else mark.colour} {at}px {at + dash}px")
        at += dash
    gradient = f"repeating-linear-gradient(90deg,{','.join(stops)})" if at else mark.colour
    return Markup('<span class="sample" aria-hidden="true" style="background:{}"></span>').format(gradient)
