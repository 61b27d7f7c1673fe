"""What a server imports while its first page loads, and what only afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pages.shared.frame import PAGES
from pages.shared.warm import FITS, FITTED_PAGES

ROOT = Path(__file__).parents[2]
WITHOUT_FITS = [path for path, *_ in PAGES if path != "app.py" and Path(path).stem not in FITTED_PAGES]

DRAWN = f"""
import sys
from streamlit.testing.v1 import AppTest
from pages.shared import audits
audits.follow = lambda *asked: None  # no counting process
page = AppTest.from_file("app.py", default_timeout=120).switch_page(sys.argv[1]).run()
print(len(page.exception), {FITS!r} in sys.modules, "torch" in sys.modules)
"""

ASKED = f"""
import asyncio, sys, threading
from pages.shared import warm
async def app(*asked): pass
thread = threading.Thread(target=warm.import_in_turn)
thread.start()
asyncio.run(warm.PageAsked(app)(dict(type="http", path=sys.argv[1]), None, None))
thread.join(3 if sys.argv[2] == "later" else None)
print({FITS!r} in sys.modules)
warm.page_drawn()
thread.join()
print({FITS!r} in sys.modules)
"""


def printed(code: str, *words: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    return run.stdout.split()


@pytest.mark.parametrize("path", WITHOUT_FITS)
def test_a_page_without_fits_is_drawn_without_their_library(path: str):
    assert printed(DRAWN, path) == ["0", "False", "False"]


@pytest.mark.parametrize("name", FITTED_PAGES)
def test_a_page_with_fits_needs_their_library(name: str):
    assert printed(DRAWN, f"pages/{name}.py" if name else "app.py") == ["0", "True", "False"]


@pytest.mark.parametrize("path", ["/layer_costs", "/base/cost_surface/", "/static/js/index.js"])
def test_fits_are_imported_once_another_page_is_drawn(path: str):
    assert printed(ASKED, path, "later") == ["False", "True"]


@pytest.mark.parametrize("path", ["/", "/trade_off", "/base/search/"])
def test_fits_are_imported_at_once_for_a_page_that_shows_them(path: str):
    assert printed(ASKED, path, "at once") == ["True", "True"]
