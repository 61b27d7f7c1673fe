"""The Trade-off chart under the hand: a box selects points or zooms, and both stay while designs change."""

import re

import pytest

expect = pytest.importorskip("playwright.sync_api").expect
CHART = ".st-key-tradeoff_chart .js-plotly-plot"


def drag(page, left, top, right, bottom):
    """A box over the plot, in shares of its width and height."""
    page.locator(f"{CHART} .nsewdrag").first.wait_for()
    x, y, width, height = page.evaluate(  # at once: a new chart may take the place of this one at any time
        f"""() => {{
            const plot = document.querySelector('{CHART} .nsewdrag');
            plot.scrollIntoView({{block: 'center'}});
            const box = plot.getBoundingClientRect();
            return [box.x, box.y, box.width, box.height];
        }}"""
    )
    page.mouse.move(x + left * width, y + top * height)
    page.mouse.down()
    page.mouse.move(x + right * width, y + bottom * height, steps=8)
    page.mouse.up()


def look(page, script):
    """What a script finds on the chart; ``None`` while a new one takes the place of the old."""
    return page.evaluate(
        f"""() => {{
            const charts = [...document.querySelectorAll('{CHART}')].filter(chart => chart._fullLayout);
            return charts.length === 1 ? ({script})(charts[0]) : null;
        }}"""
    )


def ranges(page):
    """The ends of both axes, in tenths of a decade and in percent."""
    ends = look(page, "chart => [chart._fullLayout.xaxis.range, chart._fullLayout.yaxis.range]")
    return ends and [[round(end, 1) for end in axis] for axis in ends]


def bright(page):
    """How many points of the chart are selected."""
    return look(page, "chart => chart._fullData.reduce((sum, trace) => sum + (trace.selectedpoints || []).length, 0)")


def heading(page):
    return page.get_by_role("heading", name="points").inner_text()


def step(page, see):
    """Some pixels less on the keyboard, until the chart's star has moved: 223 px cost as much as 224."""
    script = "chart => chart._fullData.at(-1).x[0]"
    before = look(page, script)
    for _ in range(4):
        see.slider(page, "Resolution multiplier").press("ArrowLeft")
    see.eventually(lambda: look(page, script) not in (None, before), True)
    see.settled(page)


def test_a_box_selects_points_and_lists_them_while_the_design_moves(server, visit, see):
    page = visit(f"{server}/trade_off")
    see.settled(page)
    assert heading(page) == "All 44 points"
    drag(page, 0.4, 0.1, 0.7, 0.5)
    listed = page.get_by_role("heading", name=re.compile(r"The \d+ points selected"))
    listed.wait_for()
    chosen = int(listed.inner_text().split()[1])
    see.eventually(lambda: bright(page), chosen)
    step(page, see)
    see.eventually(lambda: (heading(page), bright(page)), (f"The {chosen} points selected", chosen))
    page.get_by_role("button", name="Clear selection").click()
    see.eventually(lambda: (heading(page), bright(page)), ("All 44 points", 0))


def test_a_zoom_survives_a_slider_move_a_link_and_is_undone(server, visit, see):
    page = visit(f"{server}/trade_off")
    see.settled(page)
    see.eventually(lambda: ranges(page) is None, False)
    whole = ranges(page)
    page.get_by_text("zooms", exact=True).click()
    see.settled(page)
    drag(page, 0.4, 0.1, 0.7, 0.5)
    see.eventually(lambda: ranges(page) not in (None, whole), True)
    see.settled(page)
    zoomed = ranges(page)
    assert whole[0][0] < zoomed[0][0] < zoomed[0][1] < whole[0][1]
    step(page, see)
    see.eventually(lambda: ranges(page), zoomed)
    again = visit(page.url)
    see.settled(again)
    see.eventually(lambda: ranges(again), zoomed)
    page.get_by_role("button", name="Whole chart").click()
    see.eventually(lambda: ranges(page), whole)


def test_a_zoom_past_the_edge_or_into_nothing_takes_no_control_away(server, visit, see):
    page = visit(f"{server}/trade_off?x=params&log_x=0&drag=zooms")
    see.settled(page)
    drag(page, 0.5, 0.2, 0.0, 0.7)
    expect(page.get_by_role("button", name="Whole chart")).to_be_enabled()
    see.settled(page)
    drag(page, 0.5, 0.5, 0.503, 0.503)
    see.settled(page)
    see.slider(page, "Width multiplier").press("Home")
    page.wait_for_url(re.compile("alpha=0.25"))


def test_own_measurements_come_from_a_file_and_a_bad_one_loses_nothing(server, visit, see):
    page = visit(f"{server}/trade_off")
    see.settled(page)
    field = page.locator("input[type=file]")
    good = b"name,accuracy,alpha,resolution\nmine,64.9,0.5,224\n"
    field.set_input_files({"name": "mine.csv", "mimeType": "text/csv", "buffer": good})
    see.eventually(lambda: heading(page), "All 45 points")
    bad = b"name,accuracy\nmine,high\n"
    field.set_input_files({"name": "bad.csv", "mimeType": "text/csv", "buffer": bad})
    page.get_by_text("row 2, column accuracy: accuracy must be a number, got high").wait_for()
    assert heading(page) == "All 45 points"
    assert "mine" not in page.url.replace("mine=1", "")


def test_a_file_that_is_too_large_is_refused(server, visit, see):
    page = visit(f"{server}/trade_off")
    see.settled(page)
    large = {"name": "large.csv", "mimeType": "text/csv", "buffer": b"name,accuracy\n" + b"a,70\n" * 600_000}
    page.locator("input[type=file]").set_input_files(large)
    page.get_by_text("File must be 2.0MB or smaller").wait_for()
    assert heading(page) == "All 44 points"
