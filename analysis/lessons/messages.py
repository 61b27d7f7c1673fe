"""The lesson's words in two languages: one catalogue of gettext messages, whose ids are the English texts.

``catalogue/ko*.po`` hold the Korean. They are read and compiled in memory, so that no binary file is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

LANGUAGES = {"en": "English", "ko": "한국어"}
"""Every language by its code, named in itself."""

CATALOGUE = Path(__file__).parent / "catalogue"

Translate = Callable[[str], str]


def marked(text: str) -> str:
    """``text`` as it is, marked as a message that is translated where it is shown."""
    return text


def translate(language: str) -> Translate:
    """The function that gives a message in that language; an unknown message stays English.

    ``ValueError`` for a language that the catalogue does not have.
    """
    if not isinstance(language, str) or language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r:.40}")
    return _translations(language).gettext


@cache
def _translations(language: str) -> NullTranslations:
    paths = sorted(CATALOGUE.glob(f"{language}*.po"))
    first, *others = [_compiled(path) for path in paths] or [NullTranslations()]
    for other in others:
        first.add_fallback(other)
    return first


def _compiled(path: Path) -> NullTranslations:
    """One file of messages, compiled in memory."""
    from babel.messages.mofile import write_mo  # late: English needs none of it
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, abort_invalid=True))
    return GNUTranslations(BytesIO(compiled.getvalue()))
