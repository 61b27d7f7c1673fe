"""Own networks in the browser: from an edit to a report, an ONNX file on every page, files that are too large."""

import re
from pathlib import Path

import pytest

import analysis
from analysis.exchange.onnx_out import onnx_bytes
from analysis.networks import read_network

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

DESIGN = analysis.make_design("mobilenet_v2", alpha=0.35, resolution=96)
"""A file of it is small."""


def button(page, name):
    return page.get_by_role("button", name=re.compile(name)).first


def rested(page):
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def test_edit_undo_save_load_compare_report(server, visit, see, tmp_path):
    page = visit(f"{server}/edit?network=mobilenet_v2&alpha=0.5&resolution=160")
    button(page, "Edit a copy of MobileNetV2").click()
    start = analysis.totals("mobilenet_v2", alpha=0.5, resolution=160).mult_adds
    see.counted(page, start)
    page.get_by_role("button", name=re.compile("^Add .*Alt|^Add$")).first.click()
    page.get_by_text(f"closed form and fvcore agree: {start:,}").wait_for(state="detached")
    button(page, "Undo").click()
    see.counted(page, start)
    with page.expect_download() as saved:
        button(page, "Save as YAML").click()
    path = tmp_path / "my_net.yaml"
    text = Path(saved.value.path()).read_text("utf-8")
    path.write_text(text.replace("c: 1280", "c: 640"), "utf-8")
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(path)
    mine = analysis.make_design(read_network(path), alpha=0.5, resolution=160)
    see.counted(page, analysis.totals(mine).mult_adds)
    button(page, "Add to compare").click()
    rested(page)
    page.get_by_label("Network", exact=True).fill("MobileNetV2")
    page.get_by_role("option", name="MobileNetV2", exact=True).click()
    expect(button(page, "Go on with My MobileNetV2")).to_be_visible()
    rested(page)
    button(page, "Add to compare").click()
    see.turn(page, "Compare")
    published = analysis.make_design("mobilenet_v2", alpha=0.5, resolution=160)
    comparison = analysis.compare(mine, published)
    expect(page.get_by_test_id("stMain")).to_contain_text(comparison.diff().summary())
    with page.expect_download() as report:
        button(page, "Report").click()
    assert f"{analysis.totals(mine).mult_adds:,}" in Path(report.value.path()).read_text("utf-8")


def test_an_onnx_file_is_a_network_on_every_page(server, visit, see, tmp_path):
    path = tmp_path / "small.onnx"
    path.write_bytes(onnx_bytes(DESIGN))
    page = visit(f"{server}/import_file")
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(path)
    exact = f"{analysis.totals(DESIGN).mult_adds:,}"
    expect(page.get_by_role("heading", name="What was not counted")).to_be_visible()
    for name in ("Explore", "Layer costs", "Trade-off", "Counters"):
        see.turn(page, name)
        expect(page.get_by_test_id("stMain")).to_contain_text(exact)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_file_of_a_hundred_megabytes_is_refused_and_the_app_serves_on(server, visit, see, tmp_path):
    path = tmp_path / "large.onnx"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    page = visit(f"{server}/import_file")
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(path)
    expect(page.get_by_test_id("stFileUploader")).to_contain_text(re.compile("must be 32.0?MB or smaller"))
    see.turn(page, "Explore")
    expect(page.get_by_test_id("stMain")).to_contain_text("300,774,272")
