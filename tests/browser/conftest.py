"""The app in real Chromium, served as users serve it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 60
OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
PROBE = re.compile(r"/[a-z_]+/_stcore/(health|host-config)$")
"""Below a page's own path Streamlit looks for its server first and finds none: not an error of the page."""


def browser_path():
    named = os.environ.get("MULTADDS_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium."""
    path = browser_path()
    if path is None:
        reason = "no chromium, chromium-browser or google-chrome on PATH, and MULTADDS_CHROMIUM is not set"
        (pytest.fail if os.environ.get("MULTADDS_REQUIRE_BROWSER") == "1" else pytest.skip)(reason)
    api = pytest.importorskip("playwright.sync_api")
    api.expect.set_options(timeout=1000 * SECONDS)
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield running
        running.close()


@contextmanager
def serving(*words):
    """A server of our own on a free port, until it is healthy; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", *(str(port) if word == "PORT" else word for word in words)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_healthy(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def wait_healthy(address, process):
    deadline = time.monotonic() + 2 * SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except OSError:
            assert process.poll() is None, f"the server ended with {process.returncode}"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)


@pytest.fixture(scope="session")
def server():
    """The address of ``multadds app``."""
    with serving("analysis.cli", "app", "--port", "PORT") as address:
        yield address


@pytest.fixture(scope="session")
def fresh_server():
    """Another server, which has seen nothing of the first."""
    with serving("analysis.cli", "app", "--port", "PORT") as address:
        yield address


@pytest.fixture(scope="session")
def streamlit_server():
    """The address of ``streamlit run app.py``."""
    with serving("streamlit", "run", "app.py", "--server.port", "PORT", "--server.address", "127.0.0.1") as address:
        yield address


@pytest.fixture
def visit(chromium):
    """Open an address in a context of its own; at the end no page had an error or asked another host for anything."""
    contexts, faults = [], []

    def visit(address, **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(1000 * SECONDS)
        page.on("console", lambda message: faults.append(message.text) if is_fault(message) else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: None if is_local(request.url) else faults.append(request.url))
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert faults == []


def is_fault(message):
    told = "page that you have requested does not seem to exist" in message.text
    return message.type == "error" and not told and not PROBE.search(message.location.get("url", ""))


def is_local(address):
    return re.match(r"(http|ws)://127\.0\.0\.1:|data:|blob:", address) is not None


def slider(page, name):
    """The sidebar's slider whose label begins so."""
    return page.get_by_test_id("stSidebar").get_by_role("slider", name=re.compile(f"^{name}"))


def counted(page, mult_adds):
    """Wait until the audit of exactly that many Mult-Adds is shown, and no other."""
    from playwright.sync_api import expect

    lines = page.get_by_text(re.compile("closed form and fvcore agree: "))
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text(f"agree: {mult_adds:,}")


def settled(page):
    """Wait until the page's audit is shown and its script has ended."""
    page.get_by_text(re.compile("closed form and fvcore agree: |fvcore not run")).first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def eventually(look, wanted):
    """Look until it is as wanted; the last look is the verdict."""
    deadline = time.monotonic() + SECONDS
    while (seen := look()) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    assert seen == wanted


def bars(page):
    """The sum of the bars of the chart of layers, in millions."""
    return page.evaluate(
        """() => {
            const chart = document.querySelector('.st-key-layers_chart .js-plotly-plot');
            const bars = chart ? chart._fullData.filter(trace => trace.type === 'bar') : [];
            return Math.round(bars.flatMap(trace => Array.from(trace.y)).reduce((sum, y) => sum + y, 0) * 1e6);
        }"""
    )


def turn(page, name):
    """Go to another page by the menu."""
    page.get_by_test_id("stSidebar").get_by_role("link", name=name).click()


@pytest.fixture(scope="session")
def see():
    """How to look at a page in the browser."""
    return SimpleNamespace(slider=slider, counted=counted, settled=settled, eventually=eventually, bars=bars, turn=turn)
