"""Links in the browser: copied ones open the same view anywhere, bad ones are a warning."""

import re
from urllib.parse import parse_qsl, urlencode

import pytest

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

PAGES = {"": "## ", "layer_costs": "Layer costs of ", "trade_off": "", "cost_surface": "Cost surface of ", "search": ""}


@pytest.fixture(scope="module")
def copied(server, chromium, see):
    """The address after a visitor changed network, α, ρ, number format and classes."""
    page = chromium.new_page()
    page.goto(f"{server}/?network=mobilenet_v1")
    see.settled(page)
    for name, key in (("Width multiplier", "Home"), ("Resolution multiplier", "Home")):
        see.slider(page, name).press(key)
    page.get_by_text("Classes and input").click()
    page.get_by_label("Classes", exact=True).fill("7")
    page.get_by_label("Classes", exact=True).press("Enter")
    page.wait_for_url(re.compile("alpha=0.25.*resolution=32.*classes=7"))
    address = page.url
    page.close()
    return address


def parameters(address):
    return dict(parse_qsl(address.split("?")[1], keep_blank_values=True))


@pytest.mark.parametrize("path", PAGES)
def test_a_copied_link_opens_the_same_view_on_a_fresh_server(copied, fresh_server, visit, see, path):
    page = visit(f"{fresh_server}/{path}?{copied.split('?')[1]}")
    expect(page.get_by_test_id("stMain")).to_contain_text("0.25 MobileNet-32, 7 classes")
    see.settled(page)
    values = [see.slider(page, name).input_value() for name in ("Width multiplier", "Resolution multiplier")]
    assert values == ["0.25", "0"]
    shared = parameters(copied).keys() & parameters(page.url).keys()
    assert {"v", "network", "alpha", "base", "resolution", "channels", "t", "classes", "format", "pin"} <= shared
    assert {name: parameters(page.url)[name] for name in shared} == {name: parameters(copied)[name] for name in shared}
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_bad_link_is_a_warning_and_the_page_works(server, visit, see):
    page = visit(f"{server}/layer_costs?alpha=nan&resolution=3&classes=10")
    warning = page.get_by_test_id("stAlert")
    expect(warning).to_have_count(1)
    expect(warning.get_by_role("listitem")).to_have_count(2)
    expect(warning).to_contain_text("alpha must be a number, got nan")
    expect(page.get_by_role("heading", level=2)).to_have_text("Layer costs of 1.0 MobileNetV2-224, 10 classes")
    see.slider(page, "Width multiplier").press("ArrowLeft")
    expect(page.get_by_role("heading", level=2)).to_have_text("Layer costs of 0.99 MobileNetV2-224, 10 classes")


MARKUP = {
    "network": "[click](http://127.0.0.1:9)",
    "alpha": "![x](http://127.0.0.1:9/a.png)",
    "t": "**b** `c` $x^2$ :red[d] :material/info:",
    "classes": "<img src=x onerror=x>",
}


def test_markup_in_a_link_is_shown_as_text(server, visit):
    page = visit(f"{server}/?{urlencode(MARKUP)}")
    alert = page.get_by_test_id("stAlert")
    expect(alert.get_by_role("listitem")).to_have_count(len(MARKUP))
    expect(
        alert.get_by_role("listitem").locator("a, img, strong, .katex, [style*=color], [data-testid=stIconMaterial]")
    ).to_have_count(0)


def test_a_path_that_is_no_page_is_said_and_leads_to_the_app(server, visit, see):
    page = visit(f"{server}/nowhere")
    expect(page.get_by_role("dialog")).to_contain_text("Page not found")
    page.get_by_role("dialog").get_by_role("button").first.click()
    see.counted(page, 300_774_272)


def test_a_long_link_is_answered(server, visit, see):
    page = visit(f"{server}/?search={'x' * 30_000}&alpha=0.5")
    expect(page.get_by_role("heading", level=2)).to_have_text("0.50 MobileNetV2-224")
