"""The page Papers in the browser: a row's arithmetic in full, its design one click away, no sideways scroll."""

import re
from contextlib import suppress

import pytest

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

TABLE_12 = "papers?paper=v1&paper_table=12&verdict=explained"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDE = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .map(element => element.scrollWidth - innerWidth)"""


def ready(page):
    page.get_by_role("heading", name=re.compile("printed cells$")).wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    return page


def select(page, row):
    """Select a row of the table by its box in the first column; a canvas that is not drawn yet hears no click."""
    table = page.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    for _ in range(10):
        table.click(position={"x": 16, "y": 35 * (row + 1) + 18})
        with suppress(playwright.TimeoutError):
            return table.locator("[role=row][aria-selected=true]").wait_for(state="attached", timeout=6_000)
    raise AssertionError(f"row {row} is not selected")


def test_a_row_shows_its_arithmetic_in_full_and_opens_its_design(server, visit):
    page = ready(visit(f"{server}/{TABLE_12}"))
    select(page, 0)
    arithmetic = page.get_by_role("paragraph").filter(has_text="= 567,716,352 = 567.716352 million, rounded: 568")
    expect(arithmetic).to_be_visible()
    page.get_by_role("button", name="Open 1.0 MobileNet-224").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("1.0 MobileNet-224")


def test_a_row_of_a_reference_network_opens_it(server, visit):
    page = ready(visit(f"{server}/papers?paper=v1&paper_table=8"))
    select(page, 2)
    page.get_by_role("button", name="Open GoogLeNet").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("GoogLeNet")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scroll(server, visit, scheme):
    page = ready(visit(f"{server}/papers", **PHONE, color_scheme=scheme))
    assert max(page.evaluate(WIDE)) <= 0


def test_the_chart_has_a_name(server, visit):
    page = ready(visit(f"{server}/papers"))
    chart = page.get_by_test_id("stPlotlyChart").first
    named = chart.locator("xpath=descendant-or-self::*[@aria-label or @alt]").or_(chart.locator("xpath=.."))
    assert "by verdict" in named.first.evaluate("element => element.outerHTML.slice(0, 2000)")
