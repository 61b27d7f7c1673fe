"""The app beside the hello-world app in headless Chromium: a slider moved, and the first paint of a cold start."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from statistics import median
from time import time

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.report import NO_BOUND, Row, at_most
from benchmarks.servers import HOST, MULTADDS, App, Content, Server, hello_world, serving
from benchmarks.timing import ms, percentile

PROBE = Path(__file__).with_name("probe.js")
SLIDER = "Width multiplier α"
VIEWPORT = {"width": 1280, "height": 900}
PATHS = ("/layer_costs", "/trade_off", "/cost_surface", "/search")
IMPORTS = "the libraries of the page asked for are imported while the browser loads, on the same two cores"
FITS = f"{IMPORTS}; statsmodels, for its fits, takes as long as all others"
WHY = {"/": FITS, "/trade_off": FITS, "/search": "over a million designs are computed before its chart"}
QUIET_MS = 400
PATIENCE_MS = 20_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or the one playwright brought; it reaches this machine alone."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, url: str) -> Iterator[Page]:
    """A page in a context of its own, with nothing cached, that records what it draws."""
    context = browser.new_context(viewport=VIEWPORT)
    try:
        context.add_init_script(path=PROBE)
        page = context.new_page()
        page.goto(url, wait_until="commit")
        yield page
    finally:
        context.close()


@dataclass(frozen=True)
class Move:
    """Seconds from the key pressed to the last message before the first chart is redrawn, and to the last redraw."""

    received: float
    redrawn: float


@dataclass
class Tab:
    """An app open in the browser and the moves measured on it; ``charts`` of its charts change in every move."""

    name: str
    page: Page
    charts: int = 0
    moves: list[Move] = field(default_factory=list)
    discarded: int = 0

    def ready(self) -> None:
        """Wait for the first charts and for quiet, then see how many charts a large move changes."""
        self.page.evaluate("probe.painted({quietMs: 2000, timeoutMs: 60000})")
        self._press("Home")
        for _ in range(2):
            self.charts = max(self.charts, int(self._press("PageUp")["changed"]))
        if not self.charts:
            raise RuntimeError(f"no chart of {self.name} changes with {SLIDER}")
        self._press("Home")

    def block(self, number: int, moves: int) -> None:
        """So many large moves up, or down in every second block, over values that no other block has shown."""
        self.page.bring_to_front()
        up = number % 2 == 0
        for _ in range(3 if up else 1):
            self._press("ArrowRight" if up else "ArrowLeft")
        for _ in range(moves):
            self._measure("PageUp" if up else "PageDown")

    def _measure(self, key: str) -> None:
        before = self._value()
        seen = self._press(key, self.charts)
        if self._value() == before or seen["changed"] != self.charts or not isfinite(seen["latency"]):
            self.discarded += 1
        else:
            self.moves.append(Move(seen["received"] / 1000, seen["latency"] / 1000))

    def _press(self, key: str, expected: int = 0) -> dict[str, float]:
        slider = self.page.get_by_role("slider", name=SLIDER)
        slider.focus()
        self.page.evaluate("probe.begin()")
        self.page.keyboard.press(key)
        result: dict[str, float] = self.page.evaluate(
            "options => probe.end(options)", {"expected": expected, "quietMs": QUIET_MS, "timeoutMs": PATIENCE_MS}
        )
        return result

    def _value(self) -> str:
        return self.page.get_by_role("slider", name=SLIDER).input_value()

    def seconds(self, percent: int) -> float:
        return percentile([move.redrawn for move in self.moves], percent)

    def split(self) -> str:
        """Where the median move spends its time."""
        received = median(move.received for move in self.moves)
        return (
            f"{self.name} {ms(received)} until the first chart is received + {ms(self.seconds(50) - received)} drawing"
        )


def slider_rows(*, quick: bool, control: bool) -> list[Row]:
    """A slider moved until the last chart is redrawn: both apps open in one browser, moved in turn."""
    blocks, moves = (2, 6) if quick else (6, 9)
    with chromium() as browser, ExitStack() as stack:
        content = Content() if control else shown(browser)
        ours = stack.enter_context(serving(hello_world(content) if control else MULTADDS))
        plain = stack.enter_context(serving(hello_world(content)))
        tabs = [Tab(server.app.name, stack.enter_context(opened(browser, server.url))) for server in (ours, plain)]
        for tab in tabs:
            tab.ready()
        for number in range(blocks):
            for tab in tabs:
                tab.block(number, moves)
    return _slider_rows(*tabs, content)


def shown(browser: Browser) -> Content:
    """What the app's first page holds: the charts that a move redraws, metrics, rows of tables."""
    with serving(MULTADDS) as server, opened(browser, server.url) as page:
        tab = Tab(MULTADDS.name, page)
        tab.ready()
        counted = page.evaluate("probe.content()")
    return Content(metrics=counted["metrics"], charts=tab.charts, rows=counted["rows"])


def _slider_rows(ours: Tab, plain: Tab, content: Content) -> list[Row]:
    for tab in (ours, plain):
        if tab.discarded * 4 > len(tab.moves):
            raise RuntimeError(f"{tab.discarded} moves of {tab.name} did not redraw all of its {tab.charts} charts")
    counts = f"{len(ours.moves)} and {len(plain.moves)} moves, {ours.discarded + plain.discarded} discarded"
    note = f"goal 0.8 x; {content}; {counts}; p50: {ours.split()}; {plain.split()}"
    return [
        at_most(
            f"slider moved -> last chart redrawn, p{percent}",
            f"{ms(ours.seconds(percent))} vs {ms(plain.seconds(percent))}",
            ours.seconds(percent) / plain.seconds(percent), 1.0, note if percent == 50 else "the same moves",
        )
        for percent in (50, 95)
    ]  # fmt: skip


@dataclass(frozen=True)
class Paint:
    """Seconds from the start of a cold server's process to its port, to the first chart and to the last."""

    port: float
    first: float
    last: float


def paint_rows(*, quick: bool, control: bool) -> list[Row]:
    """The first chart of a cold start, at the home page and at a deep link to each page."""
    rounds = 2 if quick else 6
    with chromium() as browser:
        content = Content() if control else shown(browser)
        plain, ours = hello_world(content), hello_world(content) if control else MULTADDS
        starts: dict[str, tuple[App, str]] = {"hello world": (plain, "/")}
        starts |= {path: (ours, path) for path in (["/"] if control else ["/", *PATHS])}
        paints: dict[str, list[Paint]] = defaultdict(list)
        for number in range(rounds + 1):
            for name, (app, path) in starts.items():
                with serving(app) as server:
                    paint = first_paint(browser, server, path)
                if number:  # the first round reads files the system has not cached yet
                    paints[name].append(paint)
    return _paint_rows(paints, rounds, content)


def first_paint(browser: Browser, server: Server, path: str) -> Paint:
    """The charts of a page asked for as soon as the server's port is open, in a browser already running."""
    port = time()
    with opened(browser, server.url + path) as page:
        first, last = page.evaluate("probe.painted({quietMs: 1000, timeoutMs: 60000})")
    return Paint(port - server.started, first / 1000 - server.started, last / 1000 - server.started)


def _paint_rows(paints: dict[str, list[Paint]], rounds: int, content: Content) -> list[Row]:
    plain = paints.pop("hello world")
    base = median(paint.first for paint in plain)
    note = f"from the start of the process; median of {rounds} taken in turn; hello world: {content}"
    rows = []
    for path, ours in paints.items():
        first = median(paint.first for paint in ours)
        parts = (
            f"port open after {ms(median(p.port for p in ours))} vs {ms(median(p.port for p in plain))}, "
            f"last chart {ms(median(p.last for p in ours))} vs {ms(median(p.last for p in plain))}"
        )
        measured = f"{ms(first)} vs {ms(base)}"
        row = f"cold start -> first chart at {path}"
        rows.append(at_most(row, measured, first / base, 1.2, f"{note}; {parts}", WHY.get(path, IMPORTS)))
    spread = [paint.first for values in (plain, *paints.values()) for paint in values]
    rows.append(
        Row("all cold starts", f"{ms(min(spread))} to {ms(max(spread))}", verdict=NO_BOUND, note="for information")
    )
    return rows
