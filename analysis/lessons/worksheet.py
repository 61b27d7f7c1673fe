"""Worksheets: some questions from a seed, and each as one HTML file to print, the answers in a file of their own."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.lessons.asking import Question
from analysis.lessons.messages import marked, translate
from analysis.lessons.questions import KINDS, question
from analysis.networks.values import check_count, shortened
from analysis.version import VERSION

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

MOST_SEED = 999_999_999
MOST_QUESTIONS = 100
LONGEST_TITLE = 120
TITLE = marked("The cost of convolutions")

_LETTER = re.compile(r"D_([KF])(?![A-Za-z_])")
_ATTEMPTS = 50
"""How often a question that was asked before on the sheet is drawn anew."""


@dataclass(frozen=True)
class Worksheet:
    """Questions in their order, and the seed and kinds that give the same again."""

    seed: int
    kinds: tuple[str, ...]
    questions: tuple[Question, ...]

    def command_in(self, language: str = "en", title: str | None = None) -> str:
        """The command that writes this sheet and its answers."""
        options = [f"--seed {self.seed}", f"--questions {len(self.questions)}"]
        options += [] if self.kinds == tuple(KINDS) else [f"--kinds {','.join(self.kinds)}"]
        options += [] if language == "en" else [f"--language {language}"]
        options += [] if title is None else [f"--title {shlex.quote(title)}"]
        return f"multadds worksheet {' '.join(options)} --out worksheet.html"


def check_kinds(kinds: Collection[str]) -> tuple[str, ...]:
    """The kinds in the catalogue's order, each once; ``ValueError`` for none or an unknown one."""
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"kinds must be of {', '.join(KINDS)}, got {shortened(kind)}")
    if not kinds:
        raise ValueError(f"kinds must be at least one of {', '.join(KINDS)}, got none")
    return tuple(kind for kind in KINDS if kind in kinds)


def worksheet(seed: int = 7, *, questions: int = 10, kinds: Collection[str] = tuple(KINDS)) -> Worksheet:
    """The questions of a seed: the kinds in turn, no question twice where the numbers allow it.

    A longer sheet of the same seed and kinds begins with the shorter one. ``ValueError`` for a seed outside 0 to
    999,999,999, for questions outside 1 to 100, or for an unknown kind.
    """
    seed = check_count("seed", seed, 0, MOST_SEED)
    count = check_count("questions", questions, 1, MOST_QUESTIONS)
    chosen = check_kinds(kinds)
    asked: list[Question] = []
    for number in range(count):
        asked.append(_fresh(chosen[number % len(chosen)], f"{seed}/{number}", asked))
    return Worksheet(seed, chosen, tuple(asked))


def _fresh(kind: str, key: str, asked: list[Question]) -> Question:
    attempts = (question(kind, f"{key}/{attempt}") for attempt in range(_ATTEMPTS))
    return next((found for found in attempts if found not in asked), question(kind, key))


def worksheet_html(sheet: Worksheet, *, title: str | None = None, language: str = "en") -> bytes:
    """The questions as one HTML page to print, without a script; the same bytes for the same sheet."""
    return _page(sheet, title, language, answers=False)


def answers_html(sheet: Worksheet, *, title: str | None = None, language: str = "en") -> bytes:
    """The answer key: every question with its answer and worked solution, as one HTML page."""
    return _page(sheet, title, language, answers=True)


def _page(sheet: Worksheet, title: str | None, language: str, *, answers: bool) -> bytes:
    _ = translate(language)
    if title is not None and len(title) > LONGEST_TITLE:
        raise ValueError(f"title must be at most {LONGEST_TITLE} characters, got {len(title)}")
    entries = [
        {
            "text": asked.text.in_(_),
            "how": _(asked.answer.how),
            "answer": asked.answer.written,
            "solution": [line.in_(_) for line in asked.solution],
        }
        for asked in sheet.questions
    ]
    words: dict[str, Any] = {"title": title or _(TITLE), "language": language, "answers": answers, "_": _}
    page = _template().render(
        words, seed=sheet.seed, command=sheet.command_in(language, title), entries=entries, version=VERSION
    )
    return page.encode()


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    source = Path(__file__).parent / "templates" / "worksheet.html"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["lettered"] = _lettered
    return environment.from_string(source.read_text("utf-8"))


def _lettered(text: str) -> Markup:
    """Escaped text whose D_K and D_F have their letters below the line."""
    from markupsafe import Markup, escape

    return Markup(_LETTER.sub(r"D<sub>\1</sub>", str(escape(text))))


def worksheet_facts(sheet: Worksheet, *, language: str = "en") -> dict[str, Any]:
    """The sheet with its answers as plain values for JSON."""
    _ = translate(language)
    return {
        "seed": sheet.seed,
        "kinds": list(sheet.kinds),
        "language": language,
        "questions": [
            {
                "number": number,
                "kind": asked.kind,
                "question": asked.text.in_(_),
                "answer": asked.answer.written,
                "solution": [line.in_(_) for line in asked.solution],
            }
            for number, asked in enumerate(sheet.questions, 1)
        ],
    }
