"""The designs compared as one parameter of a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from analysis.comparison.marks import MOST
from analysis.cost.subjects import Subject
from analysis.networks import Design
from analysis.networks.values import shortened
from pages.shared.editing_link import LONGEST, TOO_LONG, rows_text
from pages.shared.parameters import Parameter
from pages.shared.state import View

BETWEEN = "~"
SESSION = "session"
"""Stands for a design that the link does not hold: a file of the session, or rows too long for a link."""

Write = Callable[[View, Subject], str | None]
Read = Callable[[View, str], Subject]


class PartlyReadError(ValueError):
    """A part of a parameter could be read: ``view`` has it, ``problems`` say what is wrong with the rest."""

    def __init__(self, view: View, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.view = view
        self.problems = problems


def texts_of(view: View, write: Write) -> list[str]:
    """Each design compared as its text in the link; :data:`SESSION` for those that the link does not hold."""
    texts: list[str] = []
    for one in view.compared:
        own = isinstance(one, Design) and one.own is not None and rows_text(one.own) == TOO_LONG
        text = None if own else write(view, one)
        fits = text is not None and sum(map(len, texts)) + len(text) <= LONGEST
        texts.append(text if text is not None and fits else SESSION)
    return texts


def compared(write: Write, read: Read, *pages: str) -> Parameter:
    """The designs compared, each as ``write`` gives it; files of the session are found again in the session alone."""

    def encode(view: View) -> str:
        return BETWEEN.join(texts_of(view, write))

    def decode(view: View, text: str) -> View:
        known = zip(view.compared, texts_of(view, write), strict=True)
        kept = iter([one for one, held in known if held == SESSION])
        parts = text.split(BETWEEN) if text else []
        problems = [f"{shortened(text)}: at most {MOST} designs, got {len(parts)}"] if len(parts) > MOST else []
        found: list[Subject] = []
        for part in parts[:MOST]:
            try:
                one = next(kept, None) if part == SESSION else read(view, part)
            except ValueError as error:
                problems.append(f"{shortened(part)}: {error}")
                continue
            if one is None:
                problems.append(f"{SESSION}: a design of another session is not in the link")
            elif one not in found:
                found.append(one)
        shown = replace(view, compared=tuple(found))
        if problems:
            raise PartlyReadError(shown, problems)
        return shown

    return Parameter(encode, decode, pages)
