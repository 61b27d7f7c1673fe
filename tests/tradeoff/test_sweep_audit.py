"""Audited sweeps: any executor, workers that die, a real Dask cluster; every row once, with both counts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import psutil
import pytest

import analysis
from analysis.cost import audit_batches, executors
from analysis.cost.audit import Audit
from analysis.cost.audit_batches import Batch, audited, audited_anew
from analysis.cost.executors import local_processes
from analysis.networks.design import Design, make_design
from analysis.tradeoff.sweeps.plan import QUANTITIES
from analysis.tradeoff.sweeps.sweep import sweep, sweep_plan
from analysis.version import VERSION

ROOT = Path(__file__).parents[2]
ALPHAS, RESOLUTIONS, TS = [0.25, 0.5], [32, 36, 40, 44, (48, 60)], [1, 2, 3, 6]
AXES = ("--alpha", "0.25,0.5", "--resolution", "32:44:4,48x60", "--t", "1:3,6")
DESIGNS = 40


def threads(number: int = 2) -> Executor:
    return ThreadPoolExecutor(number)


def command(out: Path, *options: str) -> subprocess.Popen[str]:
    """``multadds sweep --audit`` of 40 designs, in ten batches."""
    words = [sys.executable, "-m", "analysis.cli", "sweep", "mobilenet_v2", *AXES, "--audit", "--out", str(out)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([*words, *options], cwd=ROOT, text=True, start_new_session=True, **pipes)


def finish_here(out: Path) -> int:
    """Go on with the sweep of :func:`command` in this process; how many designs were there."""
    plan = sweep_plan("mobilenet_v2", alpha=ALPHAS, resolution=RESOLUTIONS, t=TS, audit=True)
    return sweep(plan, out, executor=threads).kept


def wait_for_parts(out: Path, process: subprocess.Popen[str], least: int) -> int:
    """How many batches are done, as soon as ``least`` are."""
    folder = Path(f"{out}.parts")
    while (done := len(list(folder.glob("*.parquet")))) < least:
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.005)
    return done


def finish(process: subprocess.Popen[str]) -> str:
    """What it said, after it ended well."""
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    return said


def check_rows(out: Path) -> None:
    """Every design once, in the grid's order, with the grid's counts and fvcore's, which agree."""
    frame = pd.read_parquet(out)
    expected = analysis.grid("mobilenet_v2", alpha=ALPHAS, resolution=RESOLUTIONS, t=TS, quantities=QUANTITIES)
    assert len(expected) == DESIGNS
    pd.testing.assert_frame_equal(frame[list(expected)], expected, check_exact=True)
    assert frame["fvcore_mult_adds"].tolist() == expected["mult_adds"].tolist()
    assert frame["numel_params"].tolist() == expected["params"].tolist()
    assert frame["agrees"].tolist() == [True] * DESIGNS
    assert frame["not_run"].isna().all()


@pytest.fixture(scope="module")
def counted() -> Mapping[Design, Audit]:
    """Three audits to tell lies about."""
    designs = [make_design("mobilenet_v1", alpha=alpha, resolution=32) for alpha in (0.25, 0.5, 0.75)]
    return {design: analysis.audit(design) for design in designs}


def batches(*sizes: int) -> list[Batch]:
    designs = iter(range(sum(sizes)))
    return [
        Batch(place, [make_design("mobilenet_v1", alpha=0.25, resolution=32 + next(designs)) for _ in range(size)])
        for place, size in enumerate(sizes)
    ]


def test_any_executor_audits_every_batch_once():
    given = batches(1, 3, 2)
    with threads() as executor:
        done = dict(audited(given, executor))
    assert sorted(done) == [0, 1, 2]
    for batch in given:
        assert [audit.mult_adds for audit in done[batch.place]] == [
            analysis.totals(design).mult_adds for design in batch.designs
        ]
        assert all(audit.agrees for audit in done[batch.place])


def test_no_more_batches_are_taken_than_are_in_flight():
    taken = []

    def lazily() -> Iterator[Batch]:
        for batch in batches(*[1] * 9):
            taken.append(batch.place)
            yield batch

    with threads(1) as executor:
        audits = audited(lazily(), executor, in_flight=3)
        for done in range(1, 4):
            next(audits)
            assert len(taken) <= done + 3
        audits.close()
    assert len(taken) < 9


def test_a_failed_audit_names_its_design(monkeypatch):
    def fails(design):
        raise RuntimeError("out of\nmemory")

    monkeypatch.setattr(audit_batches, "design_audit", fails)
    message = r"^the audit of 0.25 MobileNet-32 or one of the 2 after it failed: out of memory$"
    with threads() as executor, pytest.raises(ValueError, match=message):
        list(audited(batches(3), executor))


def test_a_worker_with_another_version_is_refused():
    with pytest.raises(ValueError, match=r"^the worker has multadds .*, the sweep 99\.0$"):
        audit_batches.count_batch([], "99.0")


def test_designs_too_large_to_build_say_why(tmp_path):
    plan = sweep_plan("mobilenet_v1", alpha="0.25,100", resolution=32, audit=True)
    done = sweep(plan, tmp_path / "sweep.parquet", executor=threads)
    frame = pd.read_parquet(tmp_path / "sweep.parquet")
    assert (done.not_run, done.disagreeing) == (1, 0)
    assert frame["agrees"].isna().tolist() == [False, True]
    assert frame["not_run"][1].startswith("too large to build: ")
    assert frame["mult_adds"][1] == analysis.totals("mobilenet_v1", alpha=100, resolution=32).mult_adds


@pytest.mark.parametrize(
    "wrong",
    [
        *(("fvcore_mult_adds",), ("numel_params",), ("mult_adds",), ("params",)),
        *(("mult_adds", "fvcore_mult_adds"), ("params", "numel_params")),  # a worker that differs from the grid alone
    ],
)
def test_a_count_that_differs_is_shown_beside_the_other(wrong: tuple[str, ...], counted, tmp_path, monkeypatch):
    def off_by_one(design):
        audit = counted[design]
        return replace(audit, **{name: getattr(audit, name) + (design.alpha == 0.5) for name in wrong})

    monkeypatch.setattr(audit_batches, "design_audit", off_by_one)
    plan = sweep_plan("mobilenet_v1", alpha="0.25:0.75:0.25", resolution=32, audit=True, quantities="params")
    done = sweep(plan, tmp_path / "sweep.parquet", executor=threads)
    frame = pd.read_parquet(tmp_path / "sweep.parquet")
    assert done.disagreeing == 1
    assert frame["agrees"].tolist() == [True, False, True]
    assert list(frame.columns[4:6]) == ["mult_adds", "params"]


def test_a_failed_sweep_keeps_what_was_counted(tmp_path, monkeypatch):
    def fails_at_last(design):
        if design.height == 39:
            raise RuntimeError("no more memory")
        return analysis.audit(design)

    plan, out = sweep_plan("mobilenet_v1", alpha=0.25, resolution="32:39", audit=True), tmp_path / "sweep.parquet"
    with monkeypatch.context() as patched:
        patched.setattr(audit_batches, "design_audit", fails_at_last)
        message = (
            r"^the audit of 0.25 MobileNet-36 or .* failed: no more memory; what was counted is kept, and the same"
        )
        with pytest.raises(ValueError, match=message):
            sweep(plan, out, executor=partial(threads, 1))
    assert sweep(plan, out, executor=threads).kept == 4


def test_an_executor_that_breaks_each_time_is_given_up():
    opened = []

    @contextmanager
    def dying() -> Iterator[Executor]:
        with local_processes(1) as pool:
            pool.submit(os._exit, 1)
            opened.append(pool)
            yield pool

    with pytest.raises(ValueError, match=r"^worker processes died 2 times"):
        list(audited_anew(batches(1), dying, most_broken=2))
    assert len(opened) == 2


def test_a_killed_worker_process_of_this_machine_costs_no_row(tmp_path):
    out = tmp_path / "sweep.parquet"
    process = command(out, "--workers", "2")
    assert wait_for_parts(out, process, 2) < 10
    workers = [
        worker for worker in psutil.Process(process.pid).children() if "spawn_main" in " ".join(worker.cmdline())
    ]
    assert len(workers) == 2
    workers[0].kill()
    finish(process)
    check_rows(out)


def test_a_killed_sweep_ends_its_workers_and_goes_on(tmp_path):
    out = tmp_path / "sweep.parquet"
    process = command(out, "--workers", "2")
    wait_for_parts(out, process, 2)
    workers = psutil.Process(process.pid).children()
    process.kill()
    process.communicate()
    assert not out.exists()
    assert psutil.wait_procs(workers, timeout=30)[1] == []
    assert finish_here(out) >= 8
    check_rows(out)


def test_ctrl_c_while_workers_begin_is_one_line(tmp_path):
    process = command(tmp_path / "sweep.csv", "--workers", "2")
    while len(psutil.Process(process.pid).children()) < 3:  # two workers, and what counts their semaphores
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert [line for line in said.splitlines() if line][1:] == [
        "multadds: interrupted; what was counted is kept, and the same command goes on from there"
    ]


@contextmanager
def dask_processes(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers of Dask on this machine: the scheduler's address, and the workers."""
    distributed = pytest.importorskip("distributed", reason="the extra multadds[dask] is not installed")
    with ExitStack() as ended:

        def start(module: str, *options: str) -> subprocess.Popen[bytes]:
            environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
            log = ended.enter_context((folder / f"{module}{options[-1][-1]}.log").open("wb"))
            words = [sys.executable, "-m", f"distributed.cli.{module}", "--no-dashboard", *options]
            process = subprocess.Popen(words, cwd=folder, env=environment, stdout=log, stderr=log)
            ended.callback(process.wait)
            ended.callback(process.kill)
            return process

        contact = folder / "scheduler.json"
        scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(contact))
        while not contact.exists():
            assert scheduler.poll() is None
            time.sleep(0.05)
        address = json.loads(contact.read_bytes())["address"]
        alone = ("--no-nanny", "--nthreads", "1", "--death-timeout", "60", "--host", "127.0.0.1")
        workers = [
            start("dask_worker", address, *alone, "--local-directory", str(folder / f"worker{n}")) for n in (1, 2)
        ]
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, workers


def refuse_another_version(address: str, monkeypatch) -> None:
    message = rf"^the Dask worker tcp://\S+ has multadds {VERSION}, the sweep 99\.0$"
    with monkeypatch.context() as patched:
        patched.setattr(executors, "VERSION", "99.0")
        with pytest.raises(ValueError, match=message), executors.dask_cluster(address):
            pass


def test_a_dask_cluster_may_lose_a_worker_and_then_itself_and_every_row_is_there_once(tmp_path, monkeypatch):
    out, lost = tmp_path / "sweep.parquet", tmp_path / "lost.parquet"
    with dask_processes(tmp_path) as (address, workers):
        refuse_another_version(address, monkeypatch)
        process = command(out, "--dask", address)
        assert 2 <= wait_for_parts(out, process, 2) < 10
        workers[0].send_signal(signal.SIGKILL)
        assert workers[0].wait(30) == -signal.SIGKILL
        finish(process)
        assert workers[1].poll() is None
        process = command(lost, "--dask", address)
        wait_for_parts(lost, process, 1)
    check_rows(out)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 2
    assert said.splitlines()[-1].endswith("what was counted is kept, and the same sweep goes on from there")
    assert finish_here(lost) >= 4
    check_rows(lost)


def test_an_audit_is_sent_whole():
    """What travels between processes is the audit itself, so that nothing is lost on the way."""
    [(_, audits)] = audited_anew(batches(1), lambda: local_processes(1))
    assert audits == [analysis.audit(batches(1)[0].designs[0])]
    assert isinstance(audits[0], Audit)
