"""Sweeps: designs written a second, audits a second by one process and by two, and the memory both take."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from benchmarks.grid_process import peak_bytes
from benchmarks.report import NO_BOUND, Row, at_least, verdict
from benchmarks.servers import ROOT
from benchmarks.timing import interleaved

ALPHAS, RESOLUTIONS, TS = "0.25:3.99:0.01", "96:222:2", "1:10:0.1"
"""375 × 64 × 91 designs."""


def rows(*, quick: bool) -> list[Row]:
    return [*written(1 if quick else 3), *audited(2 if quick else 3, 24 if quick else 64)]


def written(rounds: int) -> list[Row]:
    """Two million designs into each format, in processes of their own that compute the same grid in memory as well."""
    rows = []
    for name, extension in (("Parquet", "parquet"), ("CSV", "csv")):
        runs = [_sweep_process(extension) for _ in range(rounds)]
        seconds, alone = (median(run[key] for run in runs) for key in ("sweep_seconds", "grid_seconds"))
        designs, memory = runs[0]["designs"], max(run["bytes"] for run in runs)
        rate, size = designs / seconds, runs[0]["file_bytes"] / 1e6
        worked = designs / median(run["cpu_seconds"] for run in runs)
        rows += [
            Row(
                f"sweep of {designs:,.0f} designs to {name}", f"{rate:,.0f} designs/s ({seconds:.2f} s)",
                ">= 500,000 designs/s", f"{alone / seconds:.2f} x", verdict(rate >= 500_000),
                f"all four quantities, resumable, file of {size:,.0f} MB in place; median of {rounds} processes, "
                f"{worked:,.0f} in a second of processor time, which other work takes no part of; "
                "ratio to the speed of the same rows in memory by design_grid",
            ),
            Row(
                f"peak memory of the sweep to {name}", f"{memory / 1e6:,.0f} MB resident", "<= 500 MB",
                f"{memory / 500e6:.2f} x", verdict(memory <= 500_000_000),
                f"most of {rounds} runs, {runs[0]['before'] / 1e6:.0f} MB of it imports; "
                f"the columns alone are {designs * 72 / 1e6:,.0f} MB",
            ),
        ]  # fmt: skip
    return rows


def _sweep_process(extension: str) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "benchmarks.sweeps", str(Path(folder) / f"sweep.{extension}")]
        process = subprocess.run(words, check=True, capture_output=True, text=True, timeout=600, cwd=ROOT)
    values: dict[str, float] = json.loads(process.stdout)
    return values


def audited(rounds: int, designs: int) -> list[Row]:
    """The same audits by one process and by two, in turn; every process has imported torch before."""
    from analysis.cost import audit_batches
    from analysis.cost.executors import local_processes
    from analysis.networks import make_design

    counted = [make_design("mobilenet_v2", resolution=128 + 2 * place) for place in range(designs)]
    batches = [audit_batches.Batch(place, counted[place : place + 4]) for place in range(0, designs, 4)]

    def count(executor: Executor) -> None:
        done = list(audit_batches.audited(batches, executor, in_flight=256))
        if not all(audit.agrees for batch in done for audit in batch.audits):
            raise AssertionError("the counts differ")

    with ExitStack() as pools:
        one, two = (pools.enter_context(local_processes(workers)) for workers in (1, 2))
        calls = {
            **{"one": lambda: count(one), "two": lambda: count(two)},
            **{"loop in one": lambda: list(one.map(loop, LOOPS)), "loop in two": lambda: list(two.map(loop, LOOPS))},
        }
        seconds = {name: median(times) for name, times in interleaved(rounds, calls).items()}
        memory = one.submit(peak_bytes).result()
    rates = [designs / seconds[name] for name in ("one", "two")]
    plain = seconds["loop in one"] / seconds["loop in two"] / 2
    note = (
        f"MobileNetV2, {designs} resolutions from 128 px in batches of 4; medians of {rounds} taken in turn; "
        f"a plain Python loop, by two processes in the same turns, runs at {plain:.2f} x in each"
    )
    return [
        Row("audits by one process", f"{rates[0]:.1f} designs/s", "", "1 x", NO_BOUND, note),
        at_least(
            "audits by two processes, per process", f"{rates[1] / 2:.1f} designs/s each, {rates[1]:.1f} in all",
            rates[1] / 2 / rates[0] / plain, 0.8, f"{note}, and the ratio is to that",
            "two audits share the cores' caches and memory",
        ),
        Row(
            "peak memory of a process that audits", f"{memory / 1e6:,.0f} MB resident", "<= 600 MB",
            f"{memory / 600e6:.2f} x", verdict(memory <= 600_000_000),
            f"after {(rounds + 1) * designs} audits of {designs} designs; most of it is torch",
        ),
    ]  # fmt: skip


LOOPS = [3_000_000] * 16


def loop(times: int) -> int:
    """What two processes can do on this machine, as busy as it is: arithmetic that needs no memory."""
    return sum(range(times))


def main() -> None:
    """The process of a sweep: prints what it took as JSON."""
    from analysis.tradeoff.sweeps.plan import CHUNK_DESIGNS
    from analysis.tradeoff.sweeps.sweep import sweep, sweep_plan

    before, out = peak_bytes(), Path(sys.argv[1])
    begin, worked = perf_counter(), process_time()
    done = sweep(sweep_plan("mobilenet_v2", alpha=ALPHAS, resolution=RESOLUTIONS, t=TS), out)
    seconds, worked, peak = perf_counter() - begin, process_time() - worked, peak_bytes()
    figures = {
        "designs": done.designs,
        "sweep_seconds": seconds,
        "cpu_seconds": worked,
        "grid_seconds": _in_memory(CHUNK_DESIGNS),
        "bytes": peak,
        "before": before,
        "file_bytes": out.stat().st_size,
    }
    print(json.dumps(figures))


def _in_memory(chunk_designs: int) -> float:
    """Seconds that the closed form of the same designs takes by itself."""
    from analysis.cost.grid import design_grid
    from analysis.tradeoff.sweeps.plan import sweep_plan

    plan = sweep_plan("mobilenet_v2", alpha=ALPHAS, resolution=RESOLUTIONS, t=TS, chunk_designs=chunk_designs)
    begin = perf_counter()
    for place in range(plan.chunks):
        _, alphas, sides, ts = plan.chunk(place)
        design_grid(plan.base, alphas=alphas, sides=sides, ts=ts, quantities=plan.quantities)
    return perf_counter() - begin


if __name__ == "__main__":
    main()
