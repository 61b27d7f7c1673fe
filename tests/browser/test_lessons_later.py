"""Steps 6 and 7 and the worksheet in the browser: the slider of n, a measurement, an answer by keyboard, two files."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.lessons.relu import experiment
from analysis.lessons.worksheet import worksheet

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def at_rest(page):
    page.get_by_role("heading", level=3).first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def opened(visit, server, step, link="", **options):
    page = visit(f"{server}/learn?step={step}{link}", **options)
    at_rest(page)
    return page, page.get_by_test_id("stMain")


def test_one_more_channel_by_key_repeats_the_experiment(server, visit):
    page, main = opened(visit, server, "inverted")
    main.get_by_role("slider", name=re.compile("^n, channels")).press("ArrowRight")
    expect(main).to_contain_text(f"n = 4, seed 0: error {experiment(4).error:.1%}")
    page.wait_for_url(re.compile("relu_n=4"))


def test_the_button_measures_and_names_the_machine(server, visit):
    _, main = opened(visit, server, "timing", "&alpha=0.25&resolution=32")
    main.get_by_role("button", name="Measure on this server").click()
    expect(main.get_by_text(re.compile("^Measured on .* torch 2"))).to_be_visible(timeout=90_000)
    expect(main.locator(".st-key-timing_chart")).to_contain_text("Milliseconds")


def test_a_question_is_answered_by_keyboard_and_the_next_follows(server, visit):
    page, main = opened(visit, server, "check")
    questions = worksheet(7).questions
    box = main.get_by_role("textbox", name="Your answer")
    box.fill(questions[0].answer.written)
    box.press("Enter")
    expect(main.get_by_test_id("stAlert")).to_contain_text(f"Right. {questions[0].answer.written}")
    main.get_by_role("button", name="Next question").click()
    expect(main).to_contain_text("Question 2 of 10")
    expect(main.get_by_role("textbox", name="Your answer")).to_have_value("")
    page.wait_for_url(re.compile("quiz_at=2"))


def taken(page, button):
    with page.expect_download() as download:
        button.click()
    return Path(download.value.path()).read_bytes()


def test_worksheet_and_answers_are_what_the_printed_command_writes(server, visit, tmp_path):
    page, main = opened(visit, server, "check", "&quiz_seed=11&quiz_count=4&quiz_kinds=ratio,alive&language=ko")
    words = shlex.split(main.get_by_test_id("stCode").last.inner_text())[1:]
    command = [sys.executable, "-m", "analysis.cli", *words[:-1], str(tmp_path / "sheet.html")]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
    buttons = main.get_by_test_id("stDownloadButton").get_by_role("button")
    assert taken(page, buttons.first) == (tmp_path / "sheet.html").read_bytes()
    assert taken(page, buttons.last) == (tmp_path / "sheet-answers.html").read_bytes()


@pytest.mark.parametrize("step", ["inverted", "timing", "check"])
def test_a_phone_needs_no_horizontal_scroll(server, visit, step):
    page, _ = opened(visit, server, step, "&m=2048&n=2048&df=224&expansion=10", **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
