"""What is seen: phone and desk, light and dark, without clipped figures; by keyboard and by screen reader."""

import pytest

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

PATHS = ("", "layer_costs", "trade_off", "cost_surface", "search")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LARGE = "network=mobilenet_v1_full_conv&alpha=1.4&resolution=320&classes=1000000&channels=512"


@pytest.mark.parametrize("path", PATHS)
def test_a_phone_needs_no_sideways_scroll(server, visit, see, path):
    page = visit(f"{server}/{path}?{LARGE}", **PHONE)
    see.settled(page)
    wide = page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
            .map(element => element.scrollWidth - innerWidth)"""
    )
    assert max(wide) <= 0


@pytest.mark.parametrize("path", ["edit", "import_file", "compare", "counters"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_of_tools_fits_a_phone_and_is_light_or_dark(server, visit, path, scheme):
    page = visit(f"{server}/{path}?{LARGE}", color_scheme=scheme, **PHONE)
    page.get_by_role("heading", level=2).first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth") <= 0
    shade = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor.match(/\\d+/g)[0]")
    assert (int(shade) < 64) == (scheme == "dark")


CLIPPED = """metrics => metrics.flatMap(metric => [...metric.querySelectorAll('*')])
    .filter(part => part.clientWidth && part.scrollWidth > part.clientWidth + 1).map(part => part.textContent)"""


@pytest.mark.parametrize("query", ["", LARGE], ids=["usual", "large"])
def test_no_figure_of_the_headline_is_clipped(server, visit, see, query):
    page = visit(f"{server}/?{query}")
    see.settled(page)
    for width in (390, 700, 1000, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        see.eventually(lambda: page.get_by_test_id("stMetric").evaluate_all(CLIPPED), [])


def test_a_phone_s_sidebar_opens_and_moves_the_design(server, visit, see):
    page = visit(server, **PHONE)
    see.settled(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    see.slider(page, "Width multiplier").press("ArrowRight")
    expect(page.get_by_role("heading", level=2)).to_have_text("1.01 MobileNetV2-224")


def test_the_menu_shows_where_the_keyboard_is(server, visit, see):
    page = visit(server)
    see.settled(page)
    link = page.get_by_test_id("stSidebar").get_by_role("link", name="Layer costs")
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    assert link.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"


CONTRAST = """parts => parts.map(part => {
    const seen = text => getComputedStyle(text);
    const light = colour => { const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(value => {
        const share = value / 255; return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const behind = element => { const colour = seen(element).backgroundColor;
        return /, 0\\)$/.test(colour) && element.parentElement ? behind(element.parentElement) : colour; };
    const text = part.matches('text') ? seen(part).fill : seen(part).color;
    const [low, high] = [light(text), light(behind(part))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
})"""
WRITTEN = (
    ("compare", "[data-testid=stBaseButton-primary] p"),
    ("learn?step=check", "[data-testid=stBaseButton-primaryFormSubmit] p"),
    ("learn?step=inverted", ".st-key-alive_chart .annotation-text"),
    ("learn?step=inverted", ".st-key-spirals_chart .annotation-text"),
    ("learn?step=separable", ".st-key-ratio_chart .annotation-text"),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("path", "what"), WRITTEN)
def test_what_is_written_can_be_read(server, visit, see, path, what, scheme):
    page = visit(f"{server}/{path}", color_scheme=scheme)
    written = page.get_by_test_id("stMain").locator(what)
    written.first.wait_for()
    see.eventually(lambda: [ratio for ratio in written.evaluate_all(CONTRAST) if ratio < 4.5], [])  # colours fade in


@pytest.mark.parametrize("path", PATHS)
def test_a_dark_page_is_dark_and_without_errors(server, visit, see, path):
    page = visit(f"{server}/{path}", color_scheme="dark")
    see.settled(page)
    shade = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor.match(/\\d+/g)[0]")
    assert int(shade) < 64


@pytest.mark.parametrize("path", PATHS)
def test_every_chart_and_slider_has_a_name(server, visit, see, path):
    page = visit(f"{server}/{path}")
    see.settled(page)
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts.first).to_be_visible()
    for chart in charts.all():
        named = chart.locator("xpath=descendant-or-self::*[@aria-label or @alt]").or_(chart.locator("xpath=.."))
        assert "MobileNetV2-224" in named.first.evaluate("element => element.outerHTML.slice(0, 2000)")
    for handle in page.get_by_role("slider").all():
        assert handle.evaluate(
            "input => input.ariaLabel || input.labels?.length || input.getAttribute('aria-labelledby')"
        )


def test_sliders_are_reached_by_the_tab_key(server, visit, see):
    page = visit(server)
    see.settled(page)
    reached = []
    see.slider(page, "Width multiplier").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("() => document.activeElement.type === 'range' && document.activeElement.ariaLabel")
        )
    assert [name for name in reached if name] == ["Resolution multiplier ρ", "Expansion factor t"]


def test_a_slider_tells_a_screen_reader_the_resolution(server, visit, see):
    page = visit(server)
    see.settled(page)
    assert "224 px" in see.slider(page, "Resolution multiplier").get_attribute("aria-valuetext")
