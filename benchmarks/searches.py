"""Searches: a whole command over a million designs with the memory it took, and the answer when a budget is moved."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter

from benchmarks.grid_process import peak_bytes
from benchmarks.report import Row, verdict
from benchmarks.servers import ROOT
from benchmarks.timing import ms

BUDGETS = ("--max-mult-adds", "300M", "--max-params", "3.5M", "--max-peak-memory", "1MB", "--format", "int8")
COMMANDS = {
    "MobileNetV2, with t": ("mobilenet_v2", *BUDGETS, "--min-resolution", "96"),
    "MobileNetV1, without": ("mobilenet_v1", *BUDGETS, "--min-resolution", "96"),
}
MOST_SECONDS, MOST_BYTES, MOST_WARM_SECONDS = 3.0, 1_000_000_000, 0.1


def rows(*, quick: bool) -> list[Row]:
    commands = [row for name in COMMANDS for row in command(name, 2 if quick else 5)]
    return [*commands, *moved(10 if quick else 40)]


def command(name: str, rounds: int) -> list[Row]:
    """``multadds search`` from the start of its process to its end, and the most memory the process held."""
    from analysis.tradeoff.search.answer import search

    runs = [_search_process(COMMANDS[name]) for _ in range(rounds)]
    seconds, memory = median(seconds for seconds, _ in runs), max(memory for _, memory in runs)
    found = search(COMMANDS[name][0], min_resolution=96)
    return [
        Row(
            f"multadds search, {name}", f"{seconds:.2f} s", "< 3 s", f"{seconds / MOST_SECONDS:.2f} x",
            verdict(seconds < MOST_SECONDS),
            f"whole process, median of {rounds}; {found.looked_at:,} designs, {found.different:,} of them different: "
            "values of α that round to the same channels are computed once",
        ),
        Row(
            "peak memory of that process", f"{memory / 1e6:,.0f} MB resident", "< 1 GB", f"{memory / MOST_BYTES:.2f} x",
            verdict(memory < MOST_BYTES), f"most of {rounds} runs",
        ),
    ]  # fmt: skip


def _search_process(words: tuple[str, ...]) -> tuple[float, int]:
    begin = perf_counter()
    process = subprocess.run(
        [sys.executable, "-m", "benchmarks.searches", *words], check=True, capture_output=True, timeout=300, cwd=ROOT
    )
    return perf_counter() - begin, int(process.stderr)


def moved(rounds: int) -> list[Row]:
    """The whole answer again with another budget, as the page asks for it; the costs of the space are kept."""
    from analysis.tradeoff.search.answer import search

    found = []
    for what, classes in (("ranked by accuracy", 1000), ("ranked by Mult-Adds", 10)):
        search("mobilenet_v2", classes=classes)
        seconds = []
        for millions in range(100, 100 + rounds):
            begin = perf_counter()
            search("mobilenet_v2", max_mult_adds=f"{millions}M", max_peak_memory="2 MB", classes=classes)
            seconds.append(perf_counter() - begin)
        slowest = max(seconds)
        found.append(
            Row(
                f"a budget moved, {what}", f"{ms(median(seconds))}, slowest {ms(slowest)}", "< 100 ms",
                f"{slowest / MOST_WARM_SECONDS:.2f} x", verdict(slowest < MOST_WARM_SECONDS),
                f"MobileNetV2, {rounds} budgets, in one process: filter, rank, front, binding budget, checkpoints",
            )
        )  # fmt: skip
    return found


def main() -> None:
    """The command itself, with the most memory this process held on standard error."""
    from analysis import cli

    try:
        cli.main(["search", *sys.argv[1:]])
    finally:
        print(peak_bytes(), file=sys.stderr)


if __name__ == "__main__":
    main()
