"""``multadds sweep`` as its users run it."""

from __future__ import annotations

import errno
import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import analysis
from analysis.cost import audit_batches, executors
from analysis.tradeoff.sweeps.plan import QUANTITIES
from tests.helpers import COMMAND, ROOT


@pytest.fixture
def run(run_text):
    """Run ``multadds sweep`` in this process: exit status, standard output, the lines on standard error."""

    def run(words: str, *more: str):
        status, out, err = run_text("sweep", *words.split(), *more)
        return status, out, err.splitlines()

    return run


@pytest.fixture
def in_threads(monkeypatch):
    """Audits run in this process, where a test can reach them."""
    monkeypatch.setattr(executors, "local_processes", ThreadPoolExecutor)


def test_the_sweep_of_the_help_is_the_grid(run, tmp_path):
    out = tmp_path / "sweep.parquet"
    words = "mobilenet_v2 --alpha 0.25:1.4:0.05 --resolution 96:320:32 --t 1:10 --out"
    status, printed, said = run(words, str(out))
    alphas, sides, ts = [i / 100 for i in range(25, 141, 5)], list(range(96, 321, 32)), list(range(1, 11))
    expected = analysis.grid("mobilenet_v2", alpha=alphas, resolution=sides, t=ts, quantities=QUANTITIES)
    pd.testing.assert_frame_equal(pd.read_parquet(out), expected, check_exact=True)
    assert (status, printed) == (0, "")
    assert said[0] == "multadds: 1,920 designs of mobilenet_v2 into sweep.parquet"
    assert said[1].startswith("multadds: wrote sweep.parquet: 1,920 designs, in ")
    assert len(said) == 2


def test_the_command_in_a_file_repeats_it(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = "--alpha 0.5,0.75,1 --rho 0.5:1:0.1 --t 2,6 --classes 10 --in-channels 1 --least-depth 16 "
    assert run(f"mobilenet_v2 {options} --quantities params,mult_adds --out first.parquet")[0] == 0
    command = json.loads(pq.read_schema("first.parquet").metadata[b"multadds"])["command"]
    assert run(" ".join(shlex.split(command)[2:]))[0] == 0
    assert Path("first.parquet").read_bytes() == Path("mobilenet_v2_sweep.parquet").read_bytes()


def test_a_format_may_be_named(run, tmp_path):
    assert run("mobilenet_v1 --rho 0.5,1 --format csv --out", str(tmp_path / "sweep.txt"))[0] == 0
    assert pd.read_csv(tmp_path / "sweep.txt")["height"].tolist() == [112, 224]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("mobilenet_v2 --alpha 0:1:0 --out a.csv", "alpha must have a step > 0, got 0:1:0"),
        (
            "mobilenet_v2 --alpha 1:0.5 --out a.csv",
            "alpha must be a range that ends where it starts or later, got 1:0.5",
        ),
        (
            "mobilenet_v2 --t abc --out a.csv",
            "t must be a number, a list as 0.5,1 or a range START:STOP:STEP, got abc",
        ),
        ("mobilenet_v2 --resolution 31 --out a.csv", "resolution must be at least 32, got 31"),
        (
            "mobilenet_v2 --alpha 0.01:500:0.01 --resolution 32:1033 --t 1:10:0.01 --out a.csv",
            "a sweep must hold at most 10,000,000,000 designs, got 45,140,100,000",
        ),
        ("mobilenet_v2 --out a.xlsx", "out must end in .parquet or .csv where no format is given, got a.xlsx"),
        ("mobilenet_v2 --out a.csv --format xlsx", "format must be one of parquet, csv, got xlsx"),
        ("mobilenet_v1 --t 6 --out a.csv", "mobilenet_v1 has no expansion factor t, got t=6"),
        ("mobilenet_v9 --out a.csv", "network must be one of mobilenet_v2, "),
        ("alexnet --out a.csv", "alexnet is not made of rows, so that it has no other α, ρ or t; give a YAML or "),
        ("net.onnx --out a.csv", "net.onnx is not made of rows, "),
        ("package.models:make_net --out a.csv", "package.models:make_net is not made of rows, "),
        ("mobilenet_v2 --out nowhere/a.csv", "out must be a file in a folder that exists, got "),
        ("mobilenet_v2 --out folder.csv", "out must be a file, got "),
        ("mobilenet_v2 --out b.csv", "b.csv.parts is a file and no folder of a sweep's parts; choose another file"),
        ("mobilenet_v2 --out there.csv", "out must be a new file, and there.csv exists; --overwrite replaces it"),
        (
            "mobilenet_v2 --format csv --out -",
            "out must be a file, since a sweep goes on from what is beside it; got -",
        ),
        ("mobilenet_v2", "Missing option '--out'."),
        ("mobilenet_v2 --workers 2 --out a.csv", "workers is for audits; add --audit"),
        ("mobilenet_v2 --audit --workers 0 --out a.csv", "workers must be at least 1, got 0"),
        ("mobilenet_v2 --audit --workers 2 --dask tcp://h:1 --out a.csv", "give workers or dask, not both"),
    ],
)
def test_what_cannot_be_done_is_one_line(words: str, message: str, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("folder.csv").mkdir()
    for name in ("there.csv", "b.csv.parts"):
        Path(name).write_text("mine")
    status, printed, said = run(words)
    assert (status, printed, len(said)) == (2, "", 1)
    assert said[0].startswith(f"multadds: {message}")
    assert Path("there.csv").read_text() == "mine"
    assert sorted(os.listdir()) == ["b.csv.parts", "folder.csv", "there.csv"]


@pytest.mark.parametrize(
    ("fails", "hope", "left"),
    [
        ("files.pq.write_table", "", []),
        (
            "writers.pa_csv.write_csv",
            "; what was counted is kept, and the same sweep goes on from there",
            ["0.parquet"],
        ),
    ],
    ids=["at the first part", "at the whole file"],
)
def test_a_full_disk_is_one_line(fails: str, hope: str, left: list[str], run, tmp_path, monkeypatch):
    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "Error writing bytes to file. Detail: [errno 28] No space left on device")

    out = tmp_path / "sweep.csv"
    with monkeypatch.context() as patched:
        patched.setattr(f"analysis.tradeoff.sweeps.{fails}", full)
        status, _, said = run("mobilenet_v2 --out", str(out))
    assert (status, said[-1]) == (2, f"multadds: cannot write sweep.csv: No space left on device{hope}")
    assert sorted(path.name for path in tmp_path.glob("*.parts/*.*")) == sorted([*left, *["plan.json"] * bool(left)])
    status, _, said = run("mobilenet_v2 --out", str(out))
    assert (status, "1 of them from before" in said[-1], "a second" in said[-1]) == (0, bool(left), not left)


def test_an_audited_sweep_says_that_all_agree_by_its_status(run, tmp_path, in_threads):
    out = tmp_path / "sweep.csv"
    status, _, said = run("mobilenet_v1 --alpha 0.25,0.5,100 --resolution 32,48x60 --audit --out", str(out))
    frame = pd.read_csv(out)
    assert status == 0
    assert said[-1] == "multadds: fvcore did not count 2 designs; the column not_run says why"
    assert frame["agrees"][:4].tolist() == [True] * 4
    assert frame["agrees"].isna().tolist() == [False] * 4 + [True] * 2
    assert frame["fvcore_mult_adds"][:4].tolist() == frame["mult_adds"][:4].tolist()
    assert frame["not_run"][4].startswith("too large to build: ")


def test_counts_that_differ_are_status_1_after_the_file_is_written(run, tmp_path, in_threads, monkeypatch):
    def off_by_one(design):
        audit = analysis.audit(design)
        return replace(audit, fvcore_mult_adds=audit.fvcore_mult_adds + (design.alpha == 0.5))

    monkeypatch.setattr(audit_batches, "design_audit", off_by_one)
    out = tmp_path / "sweep.csv"
    status, _, said = run("mobilenet_v1 --alpha 0.25:0.75:0.25 --resolution 32 --audit --out", str(out))
    assert (status, said[-1]) == (1, "multadds: the counts differ for 1 of 3 designs; the column agrees says which")
    assert pd.read_csv(out)["agrees"].tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("tcp://127.0.0.1:1", "no Dask scheduler answers at tcp://127.0.0.1:1: Connection refused"),
        ("127.0.0.1:8786", "dask must be an address like tcp://host:8786, got 127.0.0.1:8786"),
        ("tcp://127.0.0.1:99999", "dask must be an address like tcp://host:8786, got tcp://127.0.0.1:99999"),
    ],
)
def test_a_scheduler_that_is_not_there_is_one_line(address: str, message: str, run, tmp_path):
    pytest.importorskip("distributed", reason="the extra multadds[dask] is not installed")
    status, _, said = run(f"mobilenet_v2 --audit --dask {address} --out", str(tmp_path / "sweep.csv"))
    assert (status, said[-1]) == (2, f"multadds: {message}")
    assert list(tmp_path.iterdir()) == []


def test_without_dask_s_package_the_extra_is_named(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    status, _, said = run("mobilenet_v2 --audit --dask tcp://127.0.0.1:8786 --out", str(tmp_path / "sweep.csv"))
    assert status == 2
    assert said[-1].endswith('pip install "multadds[dask]"')


def test_ctrl_c_keeps_what_was_counted(tmp_path):
    out = tmp_path / "sweep.parquet"
    grid = ["--alpha", "0.25:50:0.01", "--resolution", "96:320", "--t", "1:10", "--out"]
    words = [*COMMAND, "sweep", "mobilenet_v2", *grid, out]
    process = subprocess.Popen(words, cwd=ROOT, text=True, stderr=subprocess.PIPE)
    while not list(tmp_path.glob("*.parts/*.parquet")):
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (
        "multadds: interrupted; what was counted is kept, and the same command goes on from there" in said.splitlines()
    )
    assert "Traceback" not in said
    assert not out.exists()
    assert list(tmp_path.glob("*.parts/*.parquet"))


def test_a_terminal_sees_a_bar(tmp_path):
    reading, writing = pty.openpty()
    words = [*COMMAND, "sweep", "mobilenet_v2", "--alpha", "0.5,1", "--out", tmp_path / "sweep.csv"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=writing) as process:
        os.close(writing)
        said = b""
        with suppress(OSError):  # a terminal's end
            while read := os.read(reading, 4096):
                said += read
        assert process.communicate()[0] == b""
    os.close(reading)
    assert process.returncode == 0
    assert b"counting" in said
    assert b"2/2" in said
