"""A sweep in a process of its own: killed in the middle it goes on, and its memory does not grow with the grid."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis.tradeoff.sweeps.plan import QUANTITIES

ROOT = Path(__file__).parents[2]

CHILD = """
import sys
from analysis.tradeoff.sweeps.sweep import sweep, sweep_plan
axes = {"alpha": sys.argv[2], "resolution": "96:222:2", "t": "1:10:0.1"}
plan = sweep_plan("mobilenet_v2", **axes, chunk_designs=int(sys.argv[3]))
sweep(plan, sys.argv[1])
if len(sys.argv) > 4:
    print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def child(out: Path, alpha: str, chunk_designs: int, *more: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", CHILD, str(out), alpha, str(chunk_designs), *more]
    return subprocess.Popen(words, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def parts(out: Path) -> int:
    return len(list(Path(f"{out}.parts").glob("*.parquet")))


def killed_in_the_middle(out: Path, alpha: str, chunk_designs: int) -> None:
    """Start the sweep and kill it when it has counted a few more chunks."""
    before, process = parts(out), child(out, alpha, chunk_designs)
    while parts(out) < before + 5:
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL
    process.communicate()


@pytest.mark.parametrize("extension", ["parquet", "csv"])
def test_a_sweep_killed_again_and_again_loses_and_doubles_nothing(extension: str, tmp_path):
    out, whole, alpha = tmp_path / f"sweep.{extension}", tmp_path / f"whole.{extension}", "0.25:1.4:0.05"
    for _ in range(3):
        killed_in_the_middle(out, alpha, 300)
        assert not out.exists()
    for path in (out, whole):
        assert child(path, alpha, 300).wait(120) == 0
    assert out.read_bytes() == whole.read_bytes()
    sides, ts = list(range(96, 223, 2)), [tenths / 10 for tenths in range(10, 101)]
    alphas = [hundredths / 100 for hundredths in range(25, 141, 5)]
    expected = analysis.grid("mobilenet_v2", alpha=alphas, resolution=sides, t=ts, quantities=QUANTITIES)
    read = pd.read_parquet(out) if extension == "parquet" else pd.read_csv(out)[list(expected)]
    pd.testing.assert_frame_equal(read, expected, check_exact=True, check_dtype=extension == "parquet")
    assert {path.name for path in tmp_path.iterdir()} == {out.name, whole.name}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the most memory a process held is in Linux's /proc")
@pytest.mark.parametrize("extension", ["parquet", "csv"])
def test_memory_does_not_grow_with_the_grid(extension: str, tmp_path):
    peaks = []
    for alpha in ("0.25:1.15:0.01", "0.25:7.15:0.01"):  # 530,000 designs and 4,000,000
        process = child(tmp_path / f"{alpha[-9:-5]}.{extension}", alpha, 2**17, "peak")
        printed, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        peaks.append(int(printed) * 1024)
    columns_bytes = 3_500_000 * 9 * 8
    assert peaks[1] - peaks[0] < columns_bytes / 4
