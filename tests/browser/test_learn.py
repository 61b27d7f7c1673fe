"""The lesson in the browser: a cold link, sliders by keyboard, bars that fall when played, phone and dark."""

import re

import pytest

from analysis.lessons.messages import translate
from pages.shared.state import STEPS

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LARGE = "dk=11&m=2048&n=2048&df=224&groups=2048&biases=1&norms=1"


def title(page):
    return page.get_by_test_id("stMain").get_by_role("heading", level=3).first


def at_rest(page):
    title(page).wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def test_a_cold_link_opens_its_step_and_language(fresh_server, visit):
    page = visit(f"{fresh_server}/learn?step=grouped&m=24&n=36&groups=12&language=ko")
    at_rest(page)
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text(translate("ko")("5 Groups"))
    expect(main).to_contain_text("[36, 2, 3, 3]")
    expect(page.get_by_test_id("stSidebar")).to_contain_text(translate("ko")("Explore"))
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_slider_moved_by_key_moves_the_formula_and_the_link(server, visit):
    page = visit(f"{server}/learn")
    at_rest(page)
    main = page.get_by_test_id("stMain")
    main.get_by_role("slider", name=re.compile("^D_F")).press("ArrowRight")
    expect(main).to_contain_text(f"standard: {9 * 512 * 512 * 15 * 15:,} Mult-Adds")
    page.wait_for_url(re.compile("df=15"))


def test_a_step_is_reached_by_its_pill(server, visit):
    page = visit(f"{server}/learn")
    at_rest(page)
    page.locator(".st-key-step").get_by_text("4 Parameters").click()
    expect(title(page)).to_have_text("4 Parameters")
    page.wait_for_url(re.compile("step=parameters"))


DRAWN = """() => [...document.querySelectorAll('.st-key-stages_chart .trace.bars')]
    .map(trace => [...trace.querySelectorAll('.point path')].map(bar => Math.round(bar.getBBox().width)))"""


def test_played_the_bars_fall_to_where_they_stood(server, visit, see):
    page = visit(f"{server}/learn?step=multipliers")
    at_rest(page)
    page.locator(".st-key-stages_chart .bars").first.wait_for()
    see.eventually(lambda: [len(bars) for bars in page.evaluate(DRAWN)], [4] * 4)
    rest = page.evaluate(DRAWN)
    assert rest[2][1] > 0
    page.locator(".st-key-stages_chart .updatemenu-button").first.click()
    see.eventually(lambda: page.evaluate(DRAWN)[2][3], 0)  # only the first bars are left
    see.eventually(lambda: page.evaluate(DRAWN)[2][1] > rest[2][1], True)  # as high as the bar before
    see.eventually(lambda: page.evaluate(DRAWN), rest)


def test_the_language_switch_turns_lesson_and_menu(server, visit):
    page = visit(f"{server}/learn")
    at_rest(page)
    page.locator(".st-key-language").get_by_text("한국어").click()
    expect(title(page)).to_have_text("1 표준 합성곱")
    expect(page.get_by_test_id("stSidebar").get_by_role("link", name="배우기")).to_be_visible()


@pytest.mark.parametrize(("step", "language"), [*((step, "en") for step in STEPS), ("parameters", "ko")])
def test_a_phone_needs_no_sideways_scroll(server, visit, step, language):
    page = visit(f"{server}/learn?step={step}&language={language}&{LARGE}", color_scheme="dark", **PHONE)
    at_rest(page)
    wide = page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
            .map(element => element.scrollWidth - innerWidth)"""
    )
    assert max(wide) <= 0


@pytest.mark.parametrize("step", STEPS[:5])
def test_every_slider_has_a_name(server, visit, step):
    page = visit(f"{server}/learn?step={step}")
    at_rest(page)
    sliders = page.get_by_role("slider")
    expect(sliders.nth(3)).to_be_attached()
    named = sliders.evaluate_all(
        "all => all.map(input => input.ariaLabel || input.labels?.length || input.getAttribute('aria-labelledby'))"
    )
    assert all(named)
