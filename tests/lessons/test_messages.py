"""The lesson in two languages: every message of the source has a Korean one, and nothing else does."""

import re
import string
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from analysis.lessons.messages import CATALOGUE, LANGUAGES, marked, translate
from analysis.networks.layers import KINDS
from pages.shared.frame import PAGES

ROOT = Path(__file__).parents[2]
PLACES = ("analysis/lessons/*.py", "analysis/lessons/templates/*.html", "analysis/plots/*.py")
PLACES += ("pages/learn.py", "pages/shared/lesson*.py", "pages/shared/language.py")
SOURCES = sorted(path for place in PLACES for path in ROOT.glob(place))


def messages_of(path):
    method = babel_extract if path.suffix == ".html" else "python"
    with path.open("rb") as file:
        found = [text for _, text, _, _ in extract(method, file, keywords={"_": None, "marked": None})]
    return {text for text in found if text}


def source_messages():
    return {label for _, label, _ in PAGES}.union(KINDS.values(), *map(messages_of, SOURCES))


def catalogue(language):
    entries = []
    for path in sorted(CATALOGUE.glob(f"{language}*.po")):
        with path.open("rb") as file:
            entries += [message for message in read_po(file, abort_invalid=True) if message.id]
    return entries


KOREAN = {message.id: message.string for message in catalogue("ko")}


def test_every_message_has_a_translation_and_no_translation_is_left_over():
    assert source_messages() - KOREAN.keys() == set()
    assert KOREAN.keys() - source_messages() == set()


def test_no_message_is_translated_twice_or_left_fuzzy():
    entries = catalogue("ko")
    assert [text for text, times in Counter(message.id for message in entries).items() if times > 1] == []
    assert [message.id for message in entries if message.fuzzy or not message.string] == []


def placeholders(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("text", KOREAN)
def test_a_translation_keeps_placeholders_formulas_and_code(text):
    if "$" not in text or "{" in text:
        assert placeholders(KOREAN[text]) == placeholders(text)
    for kept in (r"\$[^$]+\$", r"`[^`]+`"):
        assert sorted(re.findall(kept, KOREAN[text])) == sorted(re.findall(kept, text))


def test_translations_are_korean():
    """But for what is a formula in both languages."""
    words = {text for text in KOREAN if re.search(r"[a-z]{3}", re.sub(r"\{\w*\}|`[^`]*`|\[[^]]*\]", "", text))}
    assert [text for text in sorted(words) if not re.search(r"[가-힣]", KOREAN[text])] == []


def test_english_is_the_message_itself_and_korean_the_catalogue_s():
    text = marked("Standard convolution")
    assert translate("en")(text) == text
    assert translate("ko")(text) == KOREAN[text] == "표준 합성곱"
    assert translate("ko")("no message of the lesson") == "no message of the lesson"


@pytest.mark.parametrize("language", ["", "de", None, 1, "../ko", "x" * 1000])
def test_another_language_is_a_clear_error(language):
    with pytest.raises(ValueError, match="language must be one of en, ko, got ") as error:
        translate(language)
    assert len(str(error.value)) < 120


def test_every_language_names_itself():
    assert set(LANGUAGES) == {"en", "ko"}
    assert re.search(r"[가-힣]", LANGUAGES["ko"])
