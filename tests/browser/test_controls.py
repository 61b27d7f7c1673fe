"""Controls in the browser: what is drawn is always of the design that the sliders show."""

import re
from contextlib import suppress

import pytest

import analysis
from analysis.cost.units import short_count
from pages.shared.sidebar import SETTLED_SECONDS

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

TITLES = {"Explore": "0.50 MobileNetV2-160", "Layer costs": "Layer costs of", "Trade-off": "What accuracy"}
NAMES = {"alpha": "Width multiplier", "height": "Resolution multiplier", "t": "Expansion factor"}


def headline(page):
    return page.get_by_test_id("stMetricValue").first


def test_a_key_moves_alpha_and_all_that_follows(server, visit, see):
    page = visit(server)
    see.counted(page, 300_774_272)
    see.slider(page, NAMES["alpha"]).press("ArrowRight")
    expected = analysis.totals("mobilenet_v2", alpha=1.01).mult_adds
    expect(headline(page)).to_have_text(short_count(expected))
    see.eventually(lambda: see.bars(page), expected)
    see.counted(page, expected)


RECORD = """input => {
    window.seen = [+input.value];
    setInterval(() => { if (window.seen.at(-1) !== +input.value) window.seen.push(+input.value); }, 5);
}"""
LANDS = {"alpha": {"alpha": 0.9}, "height": {"resolution": 214}, "t": {"t": 1}}


@pytest.mark.parametrize(("control", "pause"), [("alpha", 0), ("height", 30), ("t", 0), ("t", 30)])
def test_ten_quick_keys_end_where_they_point_and_never_jump_back(server, visit, see, control, pause):
    page = visit(server)
    see.settled(page)
    handle = see.slider(page, NAMES[control])
    handle.focus()
    handle.evaluate(RECORD)
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(pause)
    see.counted(page, analysis.totals("mobilenet_v2", **LANDS[control]).mult_adds)
    seen = page.evaluate("() => window.seen")
    assert seen == sorted(seen, reverse=True)
    assert float(handle.input_value()) == seen[-1]


def drag_left(page, see):
    """Drag the thumb of α some way to the left."""
    box = see.slider(page, NAMES["alpha"]).bounding_box()  # of the input for keys, which begins in the thumb
    x, y = box["x"] + 4, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y, steps=8)
    page.mouse.up()


def test_a_drag_ends_at_the_design_under_the_mouse(server, visit, see):
    page = visit(server)
    see.settled(page)
    heading = page.get_by_role("heading", level=2)
    for _ in range(5):
        drag_left(page, see)
        with suppress(AssertionError):  # the sidebar may move under the mouse while a cold page is drawn
            expect(heading).not_to_have_text("1.0 MobileNetV2-224", timeout=10_000)
            break
    expect(heading).not_to_have_text("1.0 MobileNetV2-224")
    alpha = float(see.slider(page, NAMES["alpha"]).input_value())
    assert 0.25 < alpha < 1
    see.counted(page, analysis.totals("mobilenet_v2", alpha=round(alpha, 2)).mult_adds)


def test_the_audit_of_a_slow_design_does_not_land_on_the_next(server, visit, see):
    page = visit(f"{server}/?network=mobilenet_v1_full_conv&alpha=1.4&resolution=319")
    page.get_by_text("fvcore is counting").wait_for()
    page.get_by_role("button", name="Reset", exact=True).click()
    see.counted(page, 300_774_272)
    expect(headline(page)).to_have_text("300.8 M")


def test_pin_deltas_and_swap(server, visit, see):
    page = visit(f"{server}/?alpha=0.5")
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.get_by_test_id("stMetricDelta").first).to_have_text("±0 %")
    see.slider(page, NAMES["alpha"]).press("End")
    expect(page.get_by_test_id("stMetricDelta").first).to_have_text("+499 %")
    page.get_by_role("button", name="Swap").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("0.50 MobileNetV2-224")
    expect(page.get_by_text("Pinned baseline: 1.4 MobileNetV2-224")).to_be_visible()
    page.get_by_role("button", name="Unpin").click()
    expect(page.get_by_test_id("stMetricDelta")).to_have_count(0)


def test_controls_stay_when_pages_change(server, visit, see):
    page = visit(f"{server}/?alpha=0.5&resolution=160&t=3")
    see.settled(page)
    for name in ("Layer costs", "Layer costs", "Trade-off", "Explore", "Explore"):
        see.turn(page, name)
        expect(page.get_by_role("heading", level=2)).to_contain_text(TITLES[name])
        see.settled(page)
        shown = [see.slider(page, label).input_value() for label in NAMES.values()]
        assert shown == ["0.5", "128", "3"]
    see.slider(page, NAMES["t"]).press("ArrowRight")
    expect(page.get_by_role("heading", level=2)).to_have_text("0.50 MobileNetV2-160, t = 3.5")


def test_back_undoes_a_change(server, visit, see):
    page = visit(server)
    see.settled(page)
    see.slider(page, NAMES["alpha"]).press("ArrowRight")
    page.wait_for_url(re.compile("alpha=1.01"))
    page.wait_for_timeout(1000 * SETTLED_SECONDS)  # sooner, a link that differs is only late
    page.go_back()
    expect(page.get_by_role("heading", level=2)).to_have_text("1.0 MobileNetV2-224")
    see.eventually(see.slider(page, NAMES["alpha"]).input_value, "1")
    page.go_forward()
    expect(page.get_by_role("heading", level=2)).to_have_text("1.01 MobileNetV2-224")


def test_a_preset_is_found_by_its_name_in_the_paper(server, visit, see):
    page = visit(server)
    see.settled(page)
    box = page.get_by_role("combobox", name=re.compile("Published design"))
    box.fill("0.50 MobileNet-160")
    page.get_by_role("option", name="0.50 MobileNet-160", exact=True).click()
    see.counted(page, 76_524_800)
    expect(page.get_by_text("t is inactive: no row of MobileNet")).to_be_visible()
    expect(see.slider(page, NAMES["t"])).to_be_disabled()


def test_the_app_runs_under_streamlit_run(streamlit_server, visit, see):
    page = visit(streamlit_server)
    see.counted(page, 300_774_272)
    see.slider(page, NAMES["alpha"]).press("ArrowLeft")
    see.counted(page, analysis.totals("mobilenet_v2", alpha=0.99).mult_adds)
