"""What leaves the browser: tables equal to the command line's, charts as files."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]


def taken(page, button):
    with page.expect_download() as download:
        button.click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_a_downloaded_csv_is_what_the_printed_command_writes(server, visit, see):
    page = visit(f"{server}/layer_costs?alpha=0.75&resolution=160&classes=10&convention=thop&format=int8")
    see.settled(page)
    command = page.get_by_test_id("stCode").last.inner_text()
    name, data = taken(page, page.get_by_test_id("stDownloadButton").get_by_role("button", name=re.compile("CSV")))
    words = [sys.executable, "-m", "analysis.cli", *shlex.split(command)[1:]]
    assert data == subprocess.run(words, cwd=ROOT, capture_output=True, check=True, timeout=60).stdout
    assert (name[:20], name[-4:]) == ("mobilenet_v2_a0.75_1", ".csv")


STARTS = {"Excel": b"PK", "Parquet": b"PAR1", "JSON": b"{", "LaTeX": b"%"}


def test_every_format_downloads(server, visit, see):
    page = visit(f"{server}/layer_costs")
    see.settled(page)
    for label, start in STARTS.items():
        button = page.get_by_test_id("stDownloadButton").get_by_role("button", name=re.compile(label))
        assert taken(page, button)[1].startswith(start)


def test_a_chart_downloads_as_one_page_that_needs_no_network(server, visit, see):
    page = visit(server)
    see.settled(page)
    page.get_by_role("button", name="Save charts").click()
    name, data = taken(page, page.get_by_role("button", name="Layers.html"))
    assert name == "multadds-layers.html"
    assert b"bottleneck3_1.expand" in data
    assert not re.search(rb"<(script|link|img)[^>]+(src|href)=.https?:", data)


def test_a_chart_s_own_menu_saves_an_image(server, visit, see):
    page = visit(server)
    see.settled(page)
    chart = page.locator(".st-key-kinds_chart")
    chart.scroll_into_view_if_needed()
    chart.hover()
    name, data = taken(page, chart.locator(".modebar-btn[data-title*='Download plot']"))
    assert name == "multadds-kinds.svg"
    assert b"<svg" in data
