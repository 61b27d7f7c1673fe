"""A process that computes a grid of a million designs and prints, as JSON, what that took."""

from __future__ import annotations

import json
import random
import resource
import sys
from pathlib import Path
from time import perf_counter

import analysis

ALPHAS = [0.25 + i / 100 for i in range(100)]
RESOLUTIONS = [96 + 2 * i for i in range(100)]
TS = [1 + i / 11 for i in range(100)]


def peak_bytes() -> int:
    """The most memory this process has held; Linux hands a parent's ``ru_maxrss`` down, so its own record is read."""
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    before = peak_bytes()
    begin = perf_counter()
    designs = analysis.grid("mobilenet_v2", alpha=ALPHAS, resolution=RESOLUTIONS, t=TS)
    seconds, peak = perf_counter() - begin, peak_bytes()
    begin = perf_counter()
    sample = random.Random(1).sample(range(len(designs)), 300)
    for row in designs.iloc[sample].itertuples():
        one = analysis.totals("mobilenet_v2", alpha=row.alpha, resolution=int(row.height), t=row.t)
        if (one.mult_adds, one.params) != (row.mult_adds, row.params):
            raise AssertionError(f"grid and totals differ at {row}")
    print(
        json.dumps(
            {
                "seconds": seconds,
                "bytes": peak,
                "before": before,
                "scalar_designs_per_second": len(sample) / (perf_counter() - begin),
            }
        )
    )


if __name__ == "__main__":
    main()
