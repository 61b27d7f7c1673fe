"""The page Counters in the browser: a figure is explained and the real tools run and hold."""

import re

import pytest

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDE = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .map(element => element.scrollWidth - innerWidth)"""
SMALL = "alpha=0.25&resolution=96"


def test_a_figure_is_explained_and_the_real_tools_hold(server, visit, see):
    page = visit(f"{server}/counters?{SMALL}")
    page.get_by_role("textbox", name="The number you got for this network").fill("12,000,000")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("Nothing that is tried gives 12,000,000"))).to_be_visible()
    page.get_by_role("button", name="Run the real tools here").click()
    expect(page.get_by_text("6 of 6 identities held.")).to_be_visible(timeout=150_000)
    assert "figure=12" in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scroll(server, visit, scheme):
    page = visit(f"{server}/counters?counter=ptflops", **PHONE, color_scheme=scheme)
    page.locator(".st-key-counters_chart .js-plotly-plot .main-svg").first.wait_for()
    assert max(page.evaluate(WIDE)) <= 0
