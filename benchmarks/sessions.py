"""How many visitors moving a slider once a second an app carries before one in twenty waits over a second."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Generator
from typing import Any

from benchmarks.browser import chromium, shown
from benchmarks.report import Row, at_least
from benchmarks.servers import MULTADDS, ROOT, App, Content, hello_world, serving
from benchmarks.timing import ms

BOUND_SECONDS = 1.0
FIRST, MOST = 4, 128

Search = Generator[int, bool, tuple[int, int]]


def rows(*, quick: bool, control: bool) -> list[Row]:
    """Both apps' largest number of sessions; no two visitors of multadds share ρ and t, so no cache answers."""
    with chromium() as browser:
        content = Content() if control else shown(browser)
    apps = {"ours": hello_world(content) if control else MULTADDS, "plain": hello_world(content)}
    steps = carried(apps, seconds=8 if quick else 15)
    ours, plain = (_most(steps[name]) for name in apps)
    if not ours or not plain:
        raise RuntimeError(f"fewer than {FIRST} sessions are carried: {steps}")
    return [
        at_least(
            "sessions moving a slider once a second, p95 <= 1 s",
            f"{ours} vs {plain} sessions",
            ours / plain,
            3.0,
            f"move -> last chart of the newest value received, not the script's end, which waits for the audit; hello "
            f"world: {content}; {_said(steps['ours'][ours])}; {_said(steps['plain'][plain])}",
            "one process uses one core, and of our move about 20 ms are Streamlit's own for some 60 messages and 15 ms "
            "the five charts",
        )
    ]


def _said(step: dict[str, Any]) -> str:
    return (
        f"at {step['sessions']} p50 {step['p50']:.2f} s, p95 {step['p95']:.2f} s, audits shown for "
        f"{step['audited']:.0%} of runs, server {ms(step['server_cpu_a_move'])} CPU a move, client "
        f"{step['client_cpu']:.0%} of a core"
    )


def carried(apps: dict[str, App], *, seconds: int) -> dict[str, dict[int, dict[str, Any]]]:
    """Each app's steps by number of sessions, tried in turn with a fresh server each."""
    steps: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in apps}
    searches = {name: search() for name in apps}
    wanted = {name: next(searching) for name, searching in searches.items()}
    while wanted:
        for name, sessions in list(wanted.items()):
            steps[name][sessions] = step = tried(apps[name], sessions, seconds)
            try:
                wanted[name] = searches[name].send(step["p95"] <= BOUND_SECONDS)
            except StopIteration:
                del wanted[name]
    return steps


def search() -> Search:
    """Doubles until too many, then halves the gap to within a tenth; ``send`` whether the number asked was carried."""
    good, bad = 0, MOST + 1
    wanted = FIRST
    while bad - good > max(1, good // 10):
        if (yield wanted):
            good = wanted
        else:
            bad = wanted
        wanted = min(2 * good, MOST) if bad > MOST else (good + bad) // 2
    return good, bad


def tried(app: App, sessions: int, seconds: int) -> dict[str, Any]:
    """One step, and once more where it fails: a machine that was busy with something else can only make it fail."""
    for _ in range(2):
        step = load(app, sessions, seconds)
        print(f"  {app.name}: {json.dumps(step)}", file=sys.stderr, flush=True)
        if step["p95"] <= BOUND_SECONDS:
            break
    return step


def load(app: App, sessions: int, seconds: int) -> dict[str, Any]:
    """One step: a fresh server, and all its visitors in one other process."""
    with serving(app) as server:
        command = [sys.executable, "-m", "benchmarks.load", server.url, *map(str, (server.pid, sessions, seconds))]
        process = subprocess.run(command, capture_output=True, text=True, timeout=300 + 3 * seconds, cwd=ROOT)
    if process.returncode:
        raise RuntimeError(f"the visitors of {app.name} failed: {process.stderr[-1500:]}")
    step: dict[str, Any] = json.loads(process.stdout)
    return step


def _most(steps: dict[int, dict[str, Any]]) -> int:
    return max((sessions for sessions, step in steps.items() if step["p95"] <= BOUND_SECONDS), default=0)
