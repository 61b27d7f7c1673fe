"""Worksheets: the same seed the same bytes, no script, everything escaped, the answers apart; and the command."""

import json
import re
from functools import partial
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.lessons.messages import LANGUAGES, translate
from analysis.lessons.questions import KINDS
from analysis.lessons.worksheet import (
    MOST_QUESTIONS,
    answers_html,
    worksheet,
    worksheet_facts,
    worksheet_html,
)


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, data):
        super().__init__()
        self.tags, self.attributes, self.texts = [], [], []
        self.feed(data.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return "".join(self.texts)


def below(text):
    """D_K and D_F as they stand on a page, with their letters below the line."""
    return text.replace("D_K", "DK").replace("D_F", "DF")


def asked(sheet):
    return [question.text.in_(str) for question in sheet.questions]


@given(st.integers(0, 999_999_999), st.integers(1, MOST_QUESTIONS))
def test_a_seed_gives_the_same_questions_none_twice(seed, count):
    sheet = worksheet(seed, questions=count)
    assert sheet == worksheet(seed, questions=count)
    assert len(sheet.questions) == len(set(asked(sheet))) == count


@pytest.mark.parametrize("make", [worksheet_html, answers_html])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(make, language):
    assert make(worksheet(7), language=language) == make(worksheet(7), language=language)
    assert make(worksheet(7), language=language) != make(worksheet(8), language=language)


def test_a_longer_sheet_begins_with_the_shorter():
    assert asked(worksheet(7, questions=30))[:10] == asked(worksheet(7, questions=10))


def test_the_kinds_come_in_turn():
    sheet = worksheet(3, questions=7, kinds=("ratio", "standard", "alive"))
    assert [question.kind for question in sheet.questions] == ["standard", "ratio", "alive"] * 2 + ["standard"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"questions": 0}, "questions must be at least 1, got 0"),
        ({"questions": 101}, "questions must be at most 100, got 101"),
        ({"seed": -1}, "seed must be at least 0, got -1"),
        ({"seed": 10**9}, "seed must be at most 999,999,999, got 1000000000"),
        ({"kinds": ("history",)}, "kinds must be of standard, .*, got history"),
        ({"kinds": ()}, "kinds must be at least one of standard, .*, got none"),
    ],
)
def test_bad_settings_are_one_sentence(options, message):
    with pytest.raises(ValueError, match=message):
        worksheet(**options)


@pytest.mark.parametrize("make", [worksheet_html, answers_html])
def test_the_page_stands_alone_and_has_no_script(make):
    page = Page(make(worksheet(7, questions=50)))
    assert not {"script", "link", "iframe", "img", "object", "base", "form"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "href", "action")]
    assert "url(" not in make(worksheet(7)).decode()


HOSTILE = "<script>alert(1)</script>\"'&{{ 7*7 }}</title>"


@pytest.mark.parametrize("make", [worksheet_html, answers_html])
def test_a_hostile_title_stays_text(make):
    page = Page(make(worksheet(7), title=HOSTILE))
    assert page.tags == Page(make(worksheet(7), title="plain")).tags
    assert HOSTILE in page.text


def test_a_title_too_long_is_one_sentence():
    with pytest.raises(ValueError, match="title must be at most 120 characters, got 121"):
        worksheet_html(worksheet(7), title="x" * 121)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answers_are_in_the_key_alone(language):
    sheet, _ = worksheet(7, questions=30), translate(language)
    questions = Page(worksheet_html(sheet, language=language)).text
    key = Page(answers_html(sheet, language=language)).text
    for question in sheet.questions:
        text, answer = below(question.text.in_(_)), f"{_('Answer')}: {question.answer.written}"
        assert text in questions
        assert text in key
        assert answer in key
        assert answer not in questions
        assert all(below(line.in_(_)) in key for line in question.solution)


def test_each_page_says_in_which_language_it_is():
    assert ("lang", "ko") in Page(worksheet_html(worksheet(7), language="ko")).attributes


def test_an_unknown_language_is_one_sentence():
    with pytest.raises(ValueError, match=r"^language must be one of en, ko"):
        worksheet_html(worksheet(7), language="xx")


@pytest.fixture
def run(run):
    return partial(run, "worksheet")


def test_the_command_writes_the_sheet_and_its_answers(run, tmp_path):
    out = tmp_path / "worksheet.html"
    status, printed, err = run("--seed", "7", "--questions", "10", "--out", str(out))
    assert (status, printed) == (0, b"")
    assert out.read_bytes() == worksheet_html(worksheet(7))
    assert (tmp_path / "worksheet-answers.html").read_bytes() == answers_html(worksheet(7))
    assert "worksheet-answers.html" in err


def test_the_command_on_the_sheet_writes_the_same_sheet(run, tmp_path):
    import shlex

    sheet = worksheet(11, questions=3, kinds=("ratio", "shape"))
    page = worksheet_html(sheet, title="It's 3 b", language="ko")
    command = re.search(r"multadds (worksheet .*?worksheet\.html)", Page(page).text)[1]
    words = shlex.split(command)[1:]
    words[-1] = str(tmp_path / "again.html")
    assert run(*words)[0] == 0
    assert (tmp_path / "again.html").read_bytes() == page


@pytest.mark.parametrize(("options", "make"), [((), worksheet_html), (("--answers",), answers_html)])
def test_without_a_file_a_page_goes_to_standard_output(run, options, make):
    status, printed, err = run("--seed", "5", *options)
    assert (status, printed, err) == (0, make(worksheet(5)), "")


def test_json_holds_questions_and_answers(run):
    status, printed, _ = run("--seed", "5", "--questions", "4", "--kinds", "standard,inverted", "--json")
    sheet = worksheet(5, questions=4, kinds=("standard", "inverted"))
    assert (status, json.loads(printed)) == (0, worksheet_facts(sheet))
    assert [row["answer"] for row in json.loads(printed)["questions"]] == [q.answer.written for q in sheet.questions]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--seed", "x"), "seed must be a whole number, got x"),
        (("--questions", "0"), "questions must be at least 1, got 0"),
        (("--kinds", "nothing"), "kinds must be of"),
        (("--kinds", ","), "kinds must be at least one of"),
        (("--language", "de"), "language must be one of en, ko, got 'de'"),
        (("--out", "nowhere/sheet.html"), "out must be a file in a folder that exists"),
        (("--title", "x" * 121), "title must be at most 120 characters"),
    ],
)
def test_bad_input_is_one_line(run, arguments, message):
    status, out, err = run(*arguments)
    assert (status, out, err.count("\n")) == (2, b"", 1)
    assert message in err


def test_every_kind_is_on_a_sheet_of_nine():
    assert {question.kind for question in worksheet(1, questions=9).questions} == set(KINDS)
