"""What a server imports when: what its first page needs while the browser loads, the rest when that page is drawn.

Until an import has ended, it takes turns with the page's script and with the files that the browser asks for.
"""

from __future__ import annotations

import gc
import threading
from functools import cache
from importlib import import_module

from starlette.types import ASGIApp, Receive, Scope, Send

FITS = "statsmodels.regression.linear_model"
"""The library of the fits; its import takes as long as that of all else."""

FITTED_PAGES = ("", "trade_off", "search")
"""The pages, as in their addresses, that show fits at once."""

_fits_wanted = threading.Event()
_drawn = threading.Event()


class PageAsked:
    """Sees in a browser's first request which page it will draw."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].rstrip("/").rpartition("/")[2] in FITTED_PAGES:
            _fits_wanted.set()
        await self.app(scope, receive, send)


def import_in_turn() -> None:
    """Import what every page needs; then the fits, at once if the page asked for shows them, else when it is drawn."""
    _import("pages.shared.frame")
    _fits_wanted.wait()
    _import(FITS)
    if _drawn.is_set():
        _freeze()


def _import(module: str) -> None:
    gc.disable()  # looking for garbage, of which it leaves none, is a fifth of an import's time
    try:
        import_module(module)
    finally:
        gc.enable()


@cache
def page_drawn() -> None:
    """Once, at the end of the first page."""
    _freeze()
    _drawn.set()
    _fits_wanted.set()


def _freeze() -> None:
    """Streamlit collects garbage after every run, and need not look at imported modules again."""
    gc.collect()
    gc.freeze()
