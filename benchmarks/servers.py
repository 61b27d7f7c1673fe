"""The two apps under test, each served by a process of its own on a free port of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep, time

HOST = "127.0.0.1"
ROOT = Path(__file__).parents[1]
HELLO_WORLD = Path(__file__).with_name("hello_world.py")
PORTS_OPEN_WITHIN = 60.0


@dataclass(frozen=True)
class Content:
    """How much the hello-world app shows: as much as the app it stands beside."""

    metrics: int = 4
    charts: int = 4
    rows: int = 0

    def environment(self) -> dict[str, str]:
        return {
            "HELLO_METRICS": str(self.metrics),
            "HELLO_CHARTS": str(self.charts),
            "HELLO_ROWS": str(self.rows),
        }

    def __str__(self) -> str:
        return f"{self.charts} charts, {self.metrics} metrics, {self.rows} table rows"


@dataclass(frozen=True)
class App:
    """How to serve an app: the command without its port, and what it adds to the environment."""

    name: str
    command: tuple[str, ...]
    port_option: str
    environment: Mapping[str, str]
    folder: Path


MULTADDS = App("multadds", (sys.executable, "-m", "analysis.cli", "app", "--host", HOST), "--port", {}, ROOT)


def hello_world(content: Content) -> App:
    """``streamlit run`` with default settings, save that it opens no browser and reports no usage."""
    options = ("--server.headless=true", "--browser.gatherUsageStats=false", f"--server.address={HOST}")
    command = (sys.executable, "-m", "streamlit", "run", str(HELLO_WORLD), *options)
    return App("hello world", command, "--server.port", content.environment(), Path(tempfile.gettempdir()))


@dataclass(frozen=True)
class Server:
    """An app being served: its address, its process and when that was started (seconds since the epoch)."""

    app: App
    port: int
    pid: int
    started: float

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"


@contextmanager
def serving(app: App) -> Iterator[Server]:
    """The app served from now until its port is open, and stopped at the end."""
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    with tempfile.TemporaryFile() as log:
        started = time()
        process = subprocess.Popen(
            [*app.command, app.port_option, str(port)],
            cwd=app.folder, env=environment | dict(app.environment), stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            if not _port_opens(port, process):
                log.seek(0)
                said = log.read().decode(errors="replace")[-2000:]
                raise RuntimeError(f"{app.name} did not open its port; it said:\n{said}")
            yield Server(app, port, process.pid, started)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _port_opens(port: int, process: subprocess.Popen[bytes]) -> bool:
    limit = monotonic() + PORTS_OPEN_WITHIN
    while monotonic() < limit and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return True
        sleep(0.01)
    return False
