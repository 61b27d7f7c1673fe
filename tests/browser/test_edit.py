"""Editing rows in the browser: type into the grid, step back and forth, save, load, and go back in its history."""

import re
from dataclasses import replace

import pytest

import analysis
from analysis.cost.units import short_count
from analysis.networks import CATALOGUE, read_network
from pages.shared.editing_steps import copied
from pages.shared.sidebar import SETTLED_SECONDS

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

V2 = CATALOGUE["mobilenet_v2"]
WIDTHS = {"tick": 36, "#": 36, "ok": 44, "block": 140, "t": 68, "c": 68}
"""Of the grid's first columns in px, as the page sets them while no row is wrong."""
LINE = 33


def with_c(*channels):
    """MobileNetV2 with other channels of the rows from the third on."""
    changed = [replace(row, c=c) for row, c in zip(V2.rows[2:], channels, strict=False)]
    return replace(copied(V2), rows=(*V2.rows[:2], *changed, *V2.rows[2 + len(changed) :]))


def mult_adds(*channels):
    return analysis.totals(with_c(*channels)).mult_adds


@pytest.fixture
def page(server, visit, see):
    """MobileNetV2's rows, copied, on the page Edit."""
    page = visit(f"{server}/edit")
    page.get_by_role("button", name="Edit a copy of MobileNetV2").click()
    see.settled(page)
    return page


def cell(page, row, name):
    """What a screen reader is told of a cell."""
    return page.get_by_test_id(f"glide-cell-{list(WIDTHS).index(name)}-{row - 1}").last


def point(page, row, name):
    """The middle of a cell on the screen: the grid is drawn, its cells are no elements with a place."""
    grid, names = page.get_by_test_id("stDataFrame").last, list(WIDTHS)
    expect(cell(page, row, name)).to_be_attached()
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    left = sum(WIDTHS[before] for before in names[: names.index(name)])
    return box["x"] + left + WIDTHS[name] / 2, box["y"] + LINE * (row + 0.5)


def put(page, row, name, text):
    """Open a cell, type and leave it, as fast as the browser lets one."""
    page.mouse.dblclick(*point(page, row, name))
    field = page.locator("#portal input")
    field.fill(text)
    field.press("Enter")
    expect(field).to_have_count(0)


def headline(page):
    return page.get_by_test_id("stMetricValue").first


def test_edits_that_follow_fast_all_count(page, see):
    for row, c in ((3, 40), (4, 48), (5, 80)):
        put(page, row, "c", str(c))
    see.counted(page, mult_adds(40, 48, 80))


def test_edit_undo_save_and_load(page, see, tmp_path):
    channels = (48, 40, 72)
    for done, c in enumerate(channels, start=1):
        put(page, done + 2, "c", str(c))
        see.counted(page, mult_adds(*channels[:done]))  # sooner, edits that follow are one step
    put(page, 6, "c", "99999999")
    expect(page.get_by_text("row 6: c must be at most 65,536, got 99999999")).to_be_visible()
    expect(headline(page)).to_have_text(short_count(mult_adds(48, 40, 72)))
    page.keyboard.press("Control+z")
    page.get_by_text("row 6: c must be").wait_for(state="detached")
    page.get_by_role("button", name=re.compile("Undo")).first.click()
    see.counted(page, mult_adds(48, 40))
    expect(cell(page, 5, "c")).to_have_text("64")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as YAML").click()
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    assert read_network(path) == with_c(48, 40)
    page.keyboard.press("Control+z")
    see.counted(page, mult_adds(48))
    page.keyboard.press("Control+z")
    see.counted(page, mult_adds())
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(path)
    see.counted(page, mult_adds(48, 40))


def test_rows_move_by_keyboard(page, see):
    page.mouse.click(*point(page, 4, "tick"))
    expect(page.get_by_role("button", name=re.compile("Delete")).first).to_be_enabled()
    page.keyboard.press("Alt+ArrowUp")
    expect(cell(page, 3, "c")).to_have_text("32")
    see.counted(
        page, analysis.totals(replace(copied(V2), rows=(*V2.rows[:2], V2.rows[3], V2.rows[2], *V2.rows[4:]))).mult_adds
    )
    page.keyboard.press("Control+z")
    expect(cell(page, 3, "c")).to_have_text("24")


def test_back_and_forward_step_through_edits_and_the_link_opens_elsewhere(page, see, fresh_server, server, visit):
    first = page.url
    put(page, 3, "c", "48")
    see.counted(page, mult_adds(48))
    page.wait_for_url(lambda url: url != first)
    page.wait_for_timeout(2000 * SETTLED_SECONDS)  # sooner, a link that differs is only late
    page.go_back()
    see.counted(page, mult_adds())
    expect(cell(page, 3, "c")).to_have_text("24")
    page.go_forward()
    see.counted(page, mult_adds(48))
    expect(cell(page, 3, "c")).to_have_text("48")
    other = visit(page.url.replace(server, fresh_server))
    see.counted(other, mult_adds(48))
    expect(cell(other, 3, "c")).to_have_text("48")


def below_the_title(page):
    """How far the grid is below the page's title, wherever the page is scrolled to."""
    title, grid = page.get_by_role("heading", level=2).first, page.get_by_test_id("stDataFrame").last
    return grid.bounding_box()["y"] - title.bounding_box()["y"]


def test_the_grid_does_not_move_while_it_is_edited(page, see):
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(500)  # a toolbar in another font may take one line more
    before = below_the_title(page)
    put(page, 3, "c", "56")  # in no other test: the count is not known yet
    page.get_by_text("fvcore is counting").wait_for()
    assert below_the_title(page) == before
    see.counted(page, mult_adds(56))
    assert below_the_title(page) == before
