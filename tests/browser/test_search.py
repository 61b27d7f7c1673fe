"""The page Search in the browser: a budget typed, and a click on a found design."""

import re

import pytest

import analysis

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser


def test_a_typed_budget_is_searched_and_a_row_becomes_the_design(server, visit, see):
    page = visit(f"{server}/search?max_peak_memory=1MB")
    see.settled(page)
    box = page.get_by_role("textbox", name="Mult-Adds, at most")
    box.fill("40 M")
    box.press("Enter")
    results = analysis.search("mobilenet_v2", max_mult_adds="40M", max_peak_memory="1MB").results
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text(f"Best by predicted top-1: {results[0].design.label}, ")
    page.wait_for_url(re.compile("max_mult_adds=40"))
    see.settled(page)
    press_row(page, 1)
    expect(main).to_contain_text(f"The current design, {results[1].design.label}, keeps every budget.")
    see.counted(page, results[1].totals.mult_adds)


def press_row(page, row):
    """The button of a row of the table, in its second column: cells are drawn on a canvas, without elements."""
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 0.19 * box["width"], box["y"] + 35 * (row + 1) + 17)
