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
from analysis.tradeoff.sweeps.sweep import sweep, sweep_plan

ROOT = Path(__file__).parents[2]
AXES = {"alpha": "0.25:0.7:0.05", "resolution": "96:222:2", "t": "1:10:0.1"}
CHUNK_DESIGNS = 300

CHILD = f"""
import sys
from analysis.tradeoff.sweeps.sweep import sweep, sweep_plan
sweep(sweep_plan("mobilenet_v2", **{AXES}, chunk_designs={CHUNK_DESIGNS}), sys.argv[1])
"""

MEASURED = """
import sys
from analysis.tradeoff.sweeps.sweep import sweep, sweep_plan
axes = {"resolution": "96:222:2", "t": "1:10:0.1"}
for alpha in ("0.25:1.15:0.01", "0.25:4.24:0.01"):  # 530,000 designs and 2,330,000
    sweep(sweep_plan("mobilenet_v2", alpha=alpha, **axes), sys.argv[1], overwrite=True)
    print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def child(code: str, out: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", code, str(out)]
    return subprocess.Popen(words, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def parts(out: Path) -> int:
    return len(list(Path(f"{out}.parts").glob("*.parquet")))


def killed_in_the_middle(out: Path) -> None:
    """Start the sweep and kill it when it has counted a few more chunks."""
    before, process = parts(out), child(CHILD, out)
    while parts(out) < before + 5:
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL
    process.communicate()


@pytest.mark.parametrize(("extension", "kills"), [("parquet", 3), ("csv", 1)])
def test_a_sweep_killed_again_and_again_loses_and_doubles_nothing(extension: str, kills: int, tmp_path):
    out, whole = tmp_path / f"sweep.{extension}", tmp_path / f"whole.{extension}"
    for _ in range(kills):
        killed_in_the_middle(out)
        assert not out.exists()
    assert sweep(sweep_plan("mobilenet_v2", **AXES, chunk_designs=CHUNK_DESIGNS), out).kept >= 5 * kills * 200
    sweep(sweep_plan("mobilenet_v2", **AXES), whole)
    assert out.read_bytes() == whole.read_bytes()
    sides, ts = list(range(96, 223, 2)), [tenths / 10 for tenths in range(10, 101)]
    alphas = [hundredths / 100 for hundredths in range(25, 71, 5)]
    expected = analysis.grid("mobilenet_v2", alpha=alphas, resolution=sides, t=ts, quantities=QUANTITIES)
    read = pd.read_parquet(out) if extension == "parquet" else pd.read_csv(out)[list(expected)]
    pd.testing.assert_frame_equal(read, expected, check_exact=True, check_dtype=extension == "parquet")
    assert {path.name for path in tmp_path.iterdir()} == {out.name, whole.name}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the most memory a process held is in Linux's /proc")
@pytest.mark.parametrize("extension", ["parquet", "csv"])
def test_memory_does_not_grow_with_the_grid(extension: str, tmp_path):
    process = child(MEASURED, tmp_path / f"sweep.{extension}")
    printed, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    small, large = (int(peak) * 1024 for peak in printed.split())
    columns_bytes = 1_800_000 * 9 * 8
    assert large - small < columns_bytes / 2
