"""Names that come from other people's files, made safe to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

LONGEST = 100
"""Characters of a name that are shown."""


class Name(str):
    """Text that came from outside: Markdown shows it as code, so that nothing in it is markup."""


def printable(text: str) -> str:
    """Text in one line, with � for each character that is no letter, digit, sign or space of any script.

    So no character steers a terminal, turns the direction of the text, or is forbidden in XML.
    """
    flat = "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(text.split()))
    return flat or "?"


def unique(texts: Iterable[str]) -> list[str]:
    """The texts printable, in their order; one that comes again is followed by its number: ``conv (2)``."""
    seen: Counter[str] = Counter()
    names = []
    for text in map(printable, texts):
        seen[text] += 1
        names.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return names


def shown(text: str) -> str:
    """A name as text shows it: cut where it is very long."""
    text = printable(text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
