"""The search in the browser: a click in the table of results makes its design current, and Back undoes it."""

import re

import pytest

import analysis
from pages.shared.sidebar import SETTLED_SECONDS

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

SECOND_USE = {"x": 162, "y": 87}
"""The button of the second row of results, which is drawn on a canvas: px from the table's corner."""


def test_a_click_in_the_results_makes_a_design_current_and_back_undoes_it(server, visit, see):
    page = visit(f"{server}/search")
    see.settled(page)
    second = analysis.search("mobilenet_v2", max_mult_adds="100M", max_peak_memory="2 MB").results[1].design
    standing = page.get_by_text("The current design, ")
    expect(standing).to_contain_text("1.0 MobileNetV2-224, needs 300.8 M of 100.0 M Mult-Adds")
    table = page.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    table.click(position=SECOND_USE)
    expect(standing).to_have_text(f"The current design, {second.label}, keeps every budget.")
    page.wait_for_url(re.compile(f"alpha={second.alpha:g}.*resolution={second.height}"))
    page.wait_for_timeout(1000 * SETTLED_SECONDS)  # sooner, a link that differs is only late
    page.go_back()
    expect(standing).to_contain_text("1.0 MobileNetV2-224, needs ")
