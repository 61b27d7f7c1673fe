"""The page Compare in the browser: add, reorder, diff, and take the report away."""

import re
from pathlib import Path

import pytest

import analysis

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SIX = "~".join(
    (
        "mobilenet_v1,1,224,-,1000,3",
        "mobilenet_v2,0.6,208,6,1000,3",
        "mobilenet_v3_large,1,224,-,1000,3",
        *("googlenet", "resnet50"),
        "mobilenet_v2,0.55,160,4,10,3",
    )
)


def names(page):
    return page.locator(".design b").all_inner_texts()


def audited(page, count):
    """Wait until that many designs are audited and the script has ended."""
    expect(page.get_by_text(re.compile("(closed form|count by shapes) and fvcore agree: "))).to_have_count(count)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def test_add_reorder_diff_and_report(server, visit, see):
    page = visit(f"{server}/?network=mobilenet_v1")
    see.settled(page)
    page.get_by_role("button", name="Add to compare · 0").click()
    expect(page.get_by_role("button", name="Add to compare · 1")).to_be_disabled()
    see.turn(page, "Compare")
    page.get_by_label("Add a published design or a reference network").fill("0.50 MobileNetV2-160")
    page.keyboard.press("Enter")
    see.eventually(lambda: names(page), ["1.0 MobileNet-224", "0.50 MobileNetV2-160"])
    audited(page, 2)
    page.locator(".st-key-up_B").get_by_role("button").click()
    see.eventually(lambda: names(page), ["0.50 MobileNetV2-160", "1.0 MobileNet-224"])
    audited(page, 2)
    summary = analysis.compare("0.50 MobileNetV2-160", "mobilenet_v1").diff().summary()
    expect(page.get_by_test_id("stMain")).to_contain_text(summary)
    page.wait_for_url(re.compile("compared=mobilenet_v2%2C0.5%2C160%2C6%2C1000%2C3(~|%7E)mobilenet_v1"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Report (HTML)").click()
    report = Path(download.value.path()).read_bytes()
    assert report == analysis.compare("0.50 MobileNetV2-160", "mobilenet_v1").report()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report as a file."""
    path = tmp_path_factory.mktemp("report") / "comparison.html"
    path.write_bytes(analysis.compare("mobilenet_v1", "mobilenet_v2@alpha=0.6,resolution=208", "resnet50").report())
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_opened_as_a_file_asks_for_nothing_else_and_fits_a_phone(report, chromium, scheme):
    context = chromium.new_context(color_scheme=scheme, **PHONE)
    page, asked, faults = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator("polyline").count() == 12
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0]")
    assert (int(shade) < 64) == (scheme == "dark")
    context.close()
    assert (asked, faults) == ([report.as_uri()], [])


def test_a_link_to_six_fits_a_phone_in_the_dark(server, visit):
    page = visit(f"{server}/compare?compared={SIX}&depth=field&rolled=blocks", color_scheme="dark", **PHONE)
    audited(page, 6)
    wide = page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
            .map(element => element.scrollWidth - innerWidth)"""
    )
    assert max(wide) <= 0
    texts = page.locator(".st-key-bars_chart :is(.bartext-outside, .annotation-text)")
    shades = texts.evaluate_all("texts => texts.map(text => +getComputedStyle(text).fill.match(/\\d+/)[0])")
    assert min(shades) > 128


def test_every_button_and_chart_has_a_name(server, visit):
    page = visit(f"{server}/compare?compared={SIX}")
    audited(page, 6)
    for button in page.get_by_test_id("stMain").get_by_role("button").all():
        assert button.inner_text().strip() or button.get_attribute("aria-label")
    for chart in page.get_by_test_id("stPlotlyChart").all():
        named = chart.locator("xpath=descendant-or-self::*[@aria-label or @alt]").or_(chart.locator("xpath=.."))
        assert "of the designs" in (html := named.first.evaluate("element => element.outerHTML.slice(0, 2000)")) or (
            "of each design" in html
        )
