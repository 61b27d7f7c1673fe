"""Check yourself: questions from a seed, graded to the last digit, with worked solutions, a score and a worksheet."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from functools import lru_cache, partial

import streamlit as st

from analysis.lessons.answers import LONGEST_ANSWER, Verdict
from analysis.lessons.asking import Question
from analysis.lessons.messages import Translate, marked, translate
from analysis.lessons.questions import KINDS
from analysis.lessons.worksheet import (
    LONGEST_TITLE,
    MOST_QUESTIONS,
    MOST_SEED,
    Worksheet,
    answers_html,
    worksheet,
    worksheet_html,
)
from pages.shared.controls import choose, linked
from pages.shared.frame import Page
from pages.shared.state import View

SCORE = "quiz_score"
MOST_KEPT = 1_000
"""Questions a session remembers."""

REMARKS: dict[Verdict, str] = {
    "right": marked("Right."),
    "low": marked("Too low."),
    "high": marked("Too high."),
    "twice": marked("Twice as much: a multiply-add counts 1 here, not 2."),
    "wrong": marked("Not this."),
}

Key = tuple[int, tuple[str, ...], int]
"""Seed, kinds and place of a question; the number of questions does not change it."""


@dataclass
class Score:
    """What a session answered: the first answer to each question counts, unless its solution was seen before."""

    first: dict[Key, bool] = field(default_factory=dict)
    last: dict[Key, Verdict | None] = field(default_factory=dict)
    seen: set[Key] = field(default_factory=set)

    @property
    def right(self) -> int:
        """Questions right at the first answer."""
        return sum(self.first.values())

    @property
    def streak(self) -> int:
        """How many in a row, up to now, were right at the first answer."""
        answers = [*self.first.values()][::-1]
        return answers.index(False) if False in answers else len(answers)

    def note(self, key: Key, verdict: Verdict | None) -> None:
        """An answer; ``None`` could not be read and does not count."""
        if len(self.last) >= MOST_KEPT and key not in self.last:
            return
        self.last[key] = verdict
        if verdict is not None and key not in self.seen:
            self.first.setdefault(key, verdict == "right")

    def saw(self, key: Key) -> None:
        """The solution was shown."""
        if len(self.seen) < MOST_KEPT:
            self.seen.add(key)


def score() -> Score:
    """This session's score."""
    kept: Score = st.session_state.setdefault(SCORE, Score())
    return kept


@lru_cache(64)
def sheet(seed: int, count: int, kinds: tuple[str, ...]) -> Worksheet:
    """The questions; all kinds where none is chosen."""
    return worksheet(seed, questions=count, kinds=kinds or tuple(KINDS))


def sheet_of(view: View) -> Worksheet:
    """The questions that the view asks for."""
    return sheet(view.quiz_seed, view.quiz_count, view.quiz_kinds)


def check_yourself(here: Page) -> None:
    """The questions, one at a time, and the worksheet to hand out."""
    _, view = translate(here.view.language), here.view
    st.markdown(
        _(
            "Fresh numbers from a seed: the same seed gives the same questions to everyone. One multiply-add counts 1; "
            "biases, batch norm and activations cost no Mult-Adds."
        )
    )
    settings(view, _)
    asked = sheet_of(view)
    at = min(view.quiz_at, len(asked.questions))
    key = (asked.seed, asked.kinds, at)
    with st.container(border=True):
        ask(asked.questions[at - 1], key, len(asked.questions), _)
    turn(at, len(asked.questions), _)
    standing(_)
    hand_out(asked, view, _)


def settings(view: View, _: Translate) -> None:
    """Seed, number and kinds of the questions."""
    seed, count, fresh = st.columns([2, 2, 1], vertical_alignment="bottom")
    seed.number_input(_("Seed"), 0, MOST_SEED, step=1, **linked("quiz_seed", view, quiz_at=1))
    count.number_input(_("Questions"), 1, MOST_QUESTIONS, step=1, **linked("quiz_count", view))
    fresh.button(_("New numbers"), icon=":material/casino:", on_click=new_numbers)
    st.pills(
        _("Kinds of questions; none is all"),
        list(KINDS),
        selection_mode="multi",
        format_func=lambda kind: _(KINDS[kind]),
        **linked("quiz_kinds", view, quiz_at=1),
    )


def new_numbers() -> None:
    """Another seed, from its first question on."""
    choose(quiz_seed=secrets.randbelow(1_000_000), quiz_at=1)


def ask(question: Question, key: Key, count: int, _: Translate) -> None:
    """The question, a box for the answer, what became of it, and the solution on demand."""
    at = key[-1]
    name = f"answer_{key[0]}_{'-'.join(key[1])}_{at}"
    place = _("Question {at} of {count}").format(at=at, count=count)
    st.markdown(f":gray[{place} · {_(KINDS[question.kind])}]")
    st.markdown(lettered(question.text.in_(_)))
    with st.form(f"form_{name}", border=False):
        st.text_input(_("Your answer"), key=name, max_chars=LONGEST_ANSWER, help=_(question.answer.how))
        st.form_submit_button(_("Check"), type="primary", on_click=take_answer, args=(question, key, name))
    remark(question, key, _)
    if st.toggle(_("Worked solution"), key=f"solution_{name}", help=_("Seen before an answer, it does not count.")):
        score().saw(key)
        st.markdown("**" + _("Answer") + f": {question.answer.written}**")
        st.markdown("\n".join(f"- {lettered(line.in_(_))}" for line in question.solution))


def take_answer(question: Question, key: Key, name: str) -> None:
    """Grade what was written."""
    text = str(st.session_state.get(name) or "")
    verdict: Verdict | None
    try:
        verdict = question.answer.grade(text)
    except ValueError:
        verdict = None
    score().note(key, verdict)


def remark(question: Question, key: Key, _: Translate) -> None:
    """What became of the last answer."""
    if key not in score().last:
        return
    verdict = score().last[key]
    if verdict is None:
        st.warning(_("This could not be read.") + f" {_(question.answer.how)}", icon=":material/help:")
    elif verdict == "right":
        st.success(f"{_(REMARKS[verdict])} {question.answer.written}", icon=":material/check_circle:")
    else:
        st.error(_(REMARKS[verdict]), icon=":material/cancel:")


def turn(at: int, count: int, _: Translate) -> None:
    """To the question before and the one after."""
    with st.container(horizontal=True):
        before, after = {"quiz_at": at - 1}, {"quiz_at": at + 1}
        st.button(_("Question before"), on_click=choose, kwargs=before, disabled=at == 1, key="quiz_before")
        st.button(_("Next question"), on_click=choose, kwargs=after, disabled=at == count, key="quiz_next")


def standing(_: Translate) -> None:
    """The session's score and streak."""
    kept = score()
    text = _("This session: {right} of {answered} right at the first answer, {streak} in a row.")
    st.caption(text.format(right=kept.right, answered=len(kept.first), streak=kept.streak))


def hand_out(asked: Worksheet, view: View, _: Translate) -> None:
    """The same questions to print, the answers in a file of their own."""
    st.markdown("#### " + _("Worksheet"))
    st.markdown(
        _("The same {count} questions as a page to print, and the answers with worked solutions as another.").format(
            count=len(asked.questions)
        )
    )
    title = st.text_input(_("Title on the sheet"), max_chars=LONGEST_TITLE, key="sheet_title")[:LONGEST_TITLE] or None
    with st.container(horizontal=True):
        for label, make, name in (
            (_("Worksheet (HTML)"), worksheet_html, f"worksheet-{asked.seed}.html"),
            (_("Answer key (HTML)"), answers_html, f"worksheet-{asked.seed}-answers.html"),
        ):
            st.download_button(
                label,
                data=partial(make, asked, title=title, language=view.language),
                file_name=name,
                mime="text/html",
                on_click="ignore",
                key=f"download_{make.__name__}",
                icon=":material/download:",
            )
    st.caption(_("The same bytes from the command line:"))
    st.code(asked.command_in(view.language, title), language="bash", wrap_lines=True)


def lettered(text: str) -> str:
    """Markdown with the papers' letters as formulas, and no other sign of markdown in force."""
    return re.sub(r"D_([KF])", r"$D_\1$", text.replace("[", r"\[").replace("*", r"\*"))
