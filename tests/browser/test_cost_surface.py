"""The cost surface in the browser: what the pointer reads, and that the mark follows a slider."""

import re

import pytest

import analysis

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

PLACE = """([alpha, height]) => {
    const chart = document.querySelector('.st-key-surface_chart .js-plotly-plot'), {xaxis, yaxis} = chart._fullLayout;
    const box = chart.getBoundingClientRect();
    return [box.x + xaxis._offset + xaxis.c2p(alpha), box.y + yaxis._offset + yaxis.c2p(height)];
}"""
STAR = """() => {
    const chart = document.querySelector('.st-key-surface_chart .js-plotly-plot');
    const star = chart && chart._fullData.find(trace => trace.name.startsWith('You are here'));
    return star ? [star.x[0], star.y[0]] : null;
}"""


def test_the_pointer_reads_the_design_under_it(server, visit, see):
    page = visit(f"{server}/cost_surface")
    see.settled(page)
    page.locator(".st-key-surface_chart .hoverlayer").wait_for(state="attached")
    page.locator(".st-key-surface_chart").scroll_into_view_if_needed()
    page.mouse.move(*page.evaluate(PLACE, [0.5, 158]))
    hover = page.locator(".st-key-surface_chart .hoverlayer")
    cost, own = (
        analysis.totals("mobilenet_v2", **there).mult_adds for there in ({"alpha": 0.5, "resolution": 160}, {})
    )
    for text in ("ρ 0.714 (160 px)", "α 0.50", "channels 16, 8, 16, 32, 48, 80, 160, 1280", "t 6"):
        expect(hover).to_contain_text(text)
    expect(hover).to_contain_text(f"{cost:,} Mult-Adds")
    expect(hover).to_contain_text(f"{cost / own:.3g} × this design")


def test_the_mark_follows_a_slider_and_a_click(server, visit, see):
    page = visit(f"{server}/cost_surface")
    see.settled(page)
    see.slider(page, "Width multiplier").press("ArrowLeft")
    see.eventually(lambda: page.evaluate(STAR), [0.99, 224])
    page.get_by_role("button", name=re.compile("^0.75 MobileNetV2-256")).click()
    see.eventually(lambda: page.evaluate(STAR), [0.75, 256])
    expect(page.get_by_role("heading", level=2)).to_have_text("Cost surface of 0.75 MobileNetV2-256")
