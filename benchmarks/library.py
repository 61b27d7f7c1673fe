"""The library against the tools it is checked with: a layer table, a grid of a million designs, the audit."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from statistics import median

from benchmarks.report import NO_BOUND, Row, at_least, at_most, verdict
from benchmarks.servers import ROOT
from benchmarks.timing import interleaved, ms

INPUT = (1, 3, 224, 224)
logging.getLogger("fvcore.nn.jit_analysis").setLevel(logging.ERROR)


def rows(*, quick: bool) -> list[Row]:
    return [*layer_table(5 if quick else 20), *grid(2 if quick else 5), *audit(10 if quick else 40)]


def layer_table(rounds: int) -> list[Row]:
    """One design's closed form with its table, against one count of its module by fvcore and by torchinfo."""
    import torch
    from fvcore.nn import FlopCountAnalysis
    from torchinfo import summary

    import analysis

    module, x = analysis.build("mobilenet_v2").eval(), torch.zeros(INPUT)
    seconds = interleaved(
        rounds,
        {
            "table": lambda: analysis.layer_table("mobilenet_v2"),
            "fvcore": lambda: FlopCountAnalysis(module, x).total(),
            "torchinfo": lambda: summary(module, input_size=INPUT, verbose=0),
        },
        repeats={"table": 20},
    )
    ours = median(seconds["table"])
    note = f"medians of {rounds} taken in turn (the table 20 times a turn); the module is built outside the timing"
    return [
        at_least(
            f"layer table of MobileNetV2 vs {tool}", f"{ms(ours)} vs {ms(median(seconds[tool]))}",
            median(seconds[tool]) / ours, bound, note,
            "two thirds of the time is Python's for 53 layers and their counts, a fifth pandas'",
        )
        for tool, bound in (("fvcore", 100), ("torchinfo", 50))
    ]  # fmt: skip


def grid(rounds: int) -> list[Row]:
    """A million designs in a process of its own, its time and the most memory it ever held."""
    runs = [_grid_process() for _ in range(rounds)]
    seconds, memory = median(run["seconds"] for run in runs), max(run["bytes"] for run in runs)
    rate, scalar = 1_000_000 / seconds, median(run["scalar_designs_per_second"] for run in runs)
    return [
        Row(
            "grid of 1,000,000 designs (Mult-Adds and parameters)", f"{rate:,.0f} designs/s ({ms(seconds)})",
            ">= 500,000 designs/s", f"{rate / scalar:,.0f} x", verdict(rate >= 500_000),
            f"100 α × 100 resolutions × 100 t; first call of a fresh process, median of {rounds}; "
            f"ratio to totals() one by one ({scalar:,.0f} designs/s)",
        ),
        Row(
            "peak memory of that process", f"{memory / 1e6:,.0f} MB resident", "<= 1 GB", f"{memory / 1e9:.2f} x",
            verdict(memory <= 1_000_000_000), f"most of {rounds} runs, {runs[0]['before'] / 1e6:.0f} MB of it imports",
        ),
    ]  # fmt: skip


def _grid_process() -> dict[str, float]:
    process = subprocess.run(
        [sys.executable, "-m", "benchmarks.grid_process"],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
    )
    values: dict[str, float] = json.loads(process.stdout)
    return values


def audit(rounds: int) -> list[Row]:
    """The audit's count against a bare fvcore count of the same module; the whole audit beside it."""
    import torch
    from fvcore.nn import FlopCountAnalysis

    import analysis
    from analysis.cost.audit_count import count_module

    module = analysis.build("mobilenet_v2").eval()

    def bare() -> None:
        count = FlopCountAnalysis(module, torch.zeros(INPUT))
        count.by_operator()
        count.total()

    seconds = interleaved(
        rounds,
        {"count": lambda: count_module(module, INPUT), "bare": bare, "whole": lambda: analysis.audit("mobilenet_v2")},
    )
    count, alone, whole = (median(seconds[name]) for name in ("count", "bare", "whole"))
    return [
        at_most(
            "audit: count of a module vs bare FlopCountAnalysis", f"{ms(count)} vs {ms(alone)}", count / alone, 1.2,
            f"medians of {rounds} taken in turn; by layer, by operator and what was not counted",
        ),
        Row("audit of a design, module built as well", ms(whole), "", f"{whole / alone:.2f} x", NO_BOUND,
            "for information: build, count, numel, against the same bare count"),
    ]  # fmt: skip
