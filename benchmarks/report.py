"""A row a figure, the machine that took them, and the table."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil
from tabulate import tabulate

MET, MISSED, NO_BOUND, ERROR = "met", "MISSED", "-", "ERROR"
BUSY = 0.7
"""A load average above this before the first measurement is somebody else's."""


@dataclass(frozen=True)
class Row:
    """A figure with its bound; ``note`` says how it was taken, and why it was missed where it was."""

    figure: str
    measured: str
    bound: str = ""
    ratio: str = ""
    verdict: str = NO_BOUND
    note: str = ""


def verdict(met: bool) -> str:
    return MET if met else MISSED


def at_least(figure: str, measured: str, ratio: float, bound: float, note: str = "", why_missed: str = "") -> Row:
    """A row that is met where the ratio is the bound or more; ``why_missed`` is printed where it is not."""
    note = note if ratio >= bound or not why_missed else f"{note}; missed because {why_missed}"
    return Row(figure, measured, f">= {bound:g} x", f"{ratio:.3g} x", verdict(ratio >= bound), note)


def at_most(figure: str, measured: str, ratio: float, bound: float, note: str = "", why_missed: str = "") -> Row:
    """A row that is met where the ratio is the bound or less; ``why_missed`` is printed where it is not."""
    note = note if ratio <= bound or not why_missed else f"{note}; missed because {why_missed}"
    return Row(figure, measured, f"<= {bound:g} x", f"{ratio:.2f} x", verdict(ratio <= bound), note)


def machine() -> str:
    """Processor, cores, memory and the versions that decide the figures."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("streamlit", "torch", "fvcore", "plotly", "numpy"))
    memory, busy = psutil.virtual_memory().total / 2**30, os.getloadavg()[0]
    noisy = "; other work was running, so these figures are noisy" if busy > BUSY else ""
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}\n"
        f"Python {platform.python_version()}, {packages}\n"
        f"load average before: {busy:.1f}{noisy}"
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def table(rows: list[Row]) -> str:
    """The rows as text, long cells wrapped."""
    headers = ["figure", "measured", "bound", "ratio", "verdict", "how, and why where missed"]
    cells = [[row.figure, row.measured, row.bound, row.ratio, row.verdict, row.note] for row in rows]
    return tabulate(cells, headers, tablefmt="simple_grid", maxcolwidths=[30, 34, 12, 10, 8, 56], disable_numparse=True)
