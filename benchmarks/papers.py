"""Every table of the papers recomputed: a whole command, the cells from nothing, and the cells once more."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter

from benchmarks.report import Row, verdict
from benchmarks.servers import ROOT

COMMAND = (sys.executable, "-m", "analysis.cli", "papers", "--json")
COLD = """
from time import perf_counter
begin = perf_counter()
from analysis.papers import chosen_cells
cells = chosen_cells()
print(perf_counter() - begin)
"""
MOST_SECONDS = 1.0


def rows(*, quick: bool) -> list[Row]:
    rounds = 3 if quick else 9
    whole = median(_seconds(COMMAND) for _ in range(rounds))
    cold = median(float(_run((sys.executable, "-c", COLD))) for _ in range(rounds))
    warm, cells = _again(rounds)
    return [
        Row("all tables recomputed: multadds papers --json", f"{whole:.3g} s", note=f"median of {rounds}; all of it"),
        Row(
            "all tables recomputed, cold", f"{cold:.3g} s",
            note=f"median of {rounds}; in a new process, the library's own imports included",
        ),
        Row(
            "all tables recomputed, warm", f"{warm:.3g} s", f"< {MOST_SECONDS:g} s", f"{warm / MOST_SECONDS:.2g} x",
            verdict(warm < MOST_SECONDS), f"median of {rounds}; {cells} cells judged again, sums of designs kept",
        ),
    ]  # fmt: skip


def _again(rounds: int) -> tuple[float, int]:
    """Seconds to compute and judge every cell where the designs' sums are kept, and how many cells there are."""
    from analysis.papers.cells import judged_cells

    cells, seconds = len(list(judged_cells())), []
    for _ in range(rounds):
        begin = perf_counter()
        list(judged_cells())
        seconds.append(perf_counter() - begin)
    return median(seconds), cells


def _seconds(words: tuple[str, ...]) -> float:
    begin = perf_counter()
    _run(words)
    return perf_counter() - begin


def _run(words: tuple[str, ...]) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=300, cwd=ROOT).stdout
