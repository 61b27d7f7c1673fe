"""A comparison and a diff as text, CSV, Markdown and plain values."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.comparison.cells import lines_of
from analysis.comparison.compared import COMPUTED, QUANTITIES, Comparison
from analysis.comparison.diff import Diff, lettered
from analysis.comparison.words import word_of
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.subjects import identity
from analysis.exchange.cells import neutral_csv
from analysis.version import VERSION

BEST = "*"


def comparison_frame(comparison: Comparison) -> pd.DataFrame:
    """Written cells: a row a quantity and one for its ratios, a column a design; the best figures end in ``*``."""
    rows: list[list[str]] = []
    for line in lines_of(comparison):
        rows.append([f"{line.label}, {line.origin}"])
        rows[-1] += [f"{cell.text}{BEST if cell.best else ''}" for cell in line.cells]
        if any(cell.against for cell in line.cells):
            rows.append(["", *(cell.against for cell in line.cells)])
    return pd.DataFrame(rows, columns=["", *(entry.letter for entry in comparison.entries)])


def names_lines(comparison: Comparison) -> list[str]:
    """A line a design: its letter, its name, the word that names it, and how its accuracy was had."""
    return [
        f"{entry.letter}  {plain_line(entry.label)} ({plain_line(word_of(entry.subject))}): {entry.accuracy}"
        for entry in comparison.entries
    ]


def remark(comparison: Comparison) -> str:
    """The convention and the number format, in one sentence."""
    return (
        f"{BEST} best. Mult-Adds in the papers' convention, batch of one; sizes in {comparison.number_format}; "
        f"ratios against A. multadds {VERSION}"
    )


def comparison_text(comparison: Comparison) -> str:
    """Names, the table of totals and the convention, aligned."""
    table = _table(comparison_frame(comparison), "plain", "right")
    return "\n".join([*names_lines(comparison), "", table, "", remark(comparison)])


def diff_text(diff: Diff) -> str:
    """The sentence and every row that is not the same, aligned."""
    frame = _shown(diff)
    return "\n".join([diff.summary(), *(["", _table(frame, "simple", "right")] if len(frame) else [])])


def comparison_markdown(comparison: Comparison) -> str:
    """Names and the table of totals, for an issue."""
    names = [f"- {_piped(line)}" for line in names_lines(comparison)]
    frame = comparison_frame(comparison).map(_piped)
    return "\n".join([*names, "", _table(frame, "github", "right"), "", _piped(remark(comparison))])


def diff_markdown(diff: Diff) -> str:
    """The sentence and every row that is not the same, for an issue."""
    frame = _shown(diff).map(_piped)
    return "\n".join([_piped(diff.summary()), *(["", _table(frame, "github", "right")] if len(frame) else [])])


def comparison_csv(comparison: Comparison) -> bytes:
    """A line a design, numbers as they are."""
    return neutral_csv(comparison.to_frame().assign(number_format=comparison.number_format, version=VERSION))


def diff_csv(diff: Diff) -> bytes:
    """A line a row of the diff, same ones too, with the words of both designs."""
    return neutral_csv(diff.rows.assign(first=word_of(diff.first), second=word_of(diff.second), version=VERSION))


def comparison_facts(comparison: Comparison) -> dict[str, Any]:
    """The comparison as plain values for JSON."""
    papers = CONVENTIONS["papers"]
    designs = [
        {
            "design": entry.letter,
            "label": entry.label,
            "word": word_of(entry.subject),
            "identity": identity(entry.subject, papers, comparison.number_format),
            **{name: entry.values.get(name) for name in QUANTITIES},
            "predicted_top1_interval": entry.interval,
            "accuracy": entry.accuracy,
            "ratios": {name: comparison.ratio(entry, name) for name in COMPUTED},
            "best": [name for name in comparison.shown if entry.letter in comparison.best(name)],
        }
        for entry in comparison.entries
    ]
    return {"convention": "papers", "number_format": comparison.number_format, "version": VERSION, "designs": designs}


def diff_facts(diff: Diff) -> dict[str, Any]:
    """The diff as plain values for JSON; a cost of a layer that a network does not have is null."""
    cells = diff.rows.astype(object).where(diff.rows.notna(), None)
    return {
        "first": diff.letters[0],
        "second": diff.letters[1],
        "summary": diff.summary(),
        "layers": cells.to_dict(orient="records"),
    }


def _shown(diff: Diff) -> pd.DataFrame:
    a, b = diff.letters
    rows = diff.changed()
    frame = pd.DataFrame(
        {
            "": [lettered(status, diff) for status in rows["status"]],
            f"layer in {a}": rows["first_layer"].map(plain_line),
            f"layer in {b}": rows["second_layer"].map(plain_line),
            "Δ Mult-Adds": [f"{count:+,}" for count in rows["mult_adds_change"]],
            "Δ parameters": [f"{count:+,}" for count in rows["params_change"]],
            "what": rows["what"],
        }
    )
    return frame


def plain_line(text: str) -> str:
    """A name in one line without control characters, for a terminal."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def _piped(text: str) -> str:
    """Text that stays text in Markdown."""
    for sign in "\\`|*_[]<>":
        text = text.replace(sign, f"\\{sign}")
    return text


def _table(frame: pd.DataFrame, form: str, align: str) -> str:
    from tabulate import tabulate

    columns = list(frame.columns)
    aligned = ["left" if name == "" or "layer" in name or name == "what" else align for name in columns]
    cells = frame.to_numpy().tolist()
    return str(tabulate(cells, headers=columns, tablefmt=form, colalign=aligned, disable_numparse=True))
