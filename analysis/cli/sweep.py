"""``sweep``: every design of a grid into one file."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.group import commands
from analysis.cli.named import network_of_rows
from analysis.cli.options import given, network_argument, other_design_options, with_options
from analysis.cli.output import say
from analysis.networks.values import check_count

if TYPE_CHECKING:
    from analysis.cost.audit_batches import OpenExecutor
    from analysis.tradeoff.sweeps.plan import SweepPlan
    from analysis.tradeoff.sweeps.sweep import Swept

OPTIONS = (
    network_argument,
    click.option("--alpha", metavar="VALUES", default="1", help="Width multipliers.  [default: 1]"),
    click.option("--rho", metavar="VALUES", help="Resolution multipliers: the input is ρ · the network's own."),
    click.option(
        "--resolution", metavar="VALUES", help="Inputs in px instead of ρ; 60x120 is one.  [default: as published]"
    ),
    click.option("--t", metavar="VALUES", help="Expansion factors, where there is one.  [default: as published]"),
    *other_design_options,
    click.option(
        "--quantities",
        metavar="NAMES",
        help="Of mult_adds, params, peak_activation_elements and peak_unfused_elements.  [default: all]",
    ),
    click.option("--audit", is_flag=True, help="Build each design as well and count it with fvcore: 0.2 s each."),
    click.option("--workers", metavar="N", help="Processes that audit.  [default: one a core]"),
    click.option("--dask", metavar="ADDRESS", help="Audit on the Dask cluster of this scheduler, as tcp://host:8786."),
    click.option("--out", metavar="FILE", required=True, help="Write this file, whole or not at all."),
    click.option("--format", metavar="NAME", help="parquet or csv.  [default: by the extension of --out]"),
    click.option("--overwrite", is_flag=True, help="Replace the file if it exists."),
    click.option("--restart", is_flag=True, help="Discard what an interrupted sweep left beside the file."),
)


@commands.command()
@with_options(*OPTIONS)
def sweep(
    network: str,
    audit: bool,
    workers: str | None,
    dask: str | None,
    out: str,
    format: str | None,
    overwrite: bool,
    restart: bool,
    **axes: Any,
) -> int:
    """Every design of a grid of NETWORK into one file, a row each: Mult-Adds, parameters and peak memory.

    VALUES are a number, a list (0.5,0.75,1), a range with both ends (0.25:1.4:0.05, and 1:10 at steps of 1), or a list
    of them. The file names its sweep. If it is interrupted, the same command goes on from there. Exit status 1 if
    two counts of a design differ.

    \b
    Examples:
      multadds sweep mobilenet_v2 --alpha 0.25:1.4:0.05 --resolution 96:320:32 --t 1:10 --out sweep.parquet
      multadds sweep mobilenet_v1 --alpha 0.25,0.5,0.75,1 --rho 0.5:1:0.1 --quantities params --out sweep.csv
      multadds sweep mobilenet_v2 --t 1:10 --audit --workers 2 --out audited.csv
      multadds sweep mobilenet_v2 --t 1:10 --audit --dask tcp://127.0.0.1:8786 --out audited.parquet
    """
    from analysis.tradeoff.sweeps.plan import sweep_plan
    from analysis.tradeoff.sweeps.sweep import sweep as write_sweep
    from analysis.tradeoff.sweeps.writers import sweep_format

    if out == "-":
        raise ValueError("out must be a file, since a sweep goes on from what is beside it; got -")
    sweep_format(Path(out), format)
    plan = sweep_plan(network_of_rows(network), audit=audit, **given(axes))
    executor = _executor(plan, workers, dask)
    begin = monotonic()
    with Progress(plan, out) as progress:
        try:
            done = write_sweep(
                plan, out, format=format, executor=executor, overwrite=overwrite, restart=restart, progress=progress
            )
        except KeyboardInterrupt:
            progress.close()
            say("interrupted; what was counted is kept, and the same command goes on from there")
            raise
        except OSError as error:
            raise ValueError(f"cannot write {out}: {error.strerror or error}") from None
    return _verdict(done, monotonic() - begin)


def _executor(plan: SweepPlan, workers: str | None, dask: str | None) -> OpenExecutor | None:
    """Where the audits run; ``None`` is nowhere."""
    from analysis.cost.executors import MOST_WORKERS, dask_cluster, local_processes, usable_cores

    if workers is not None and dask is not None:
        raise ValueError("give workers or dask, not both")
    if not plan.audit and (workers or dask):
        raise ValueError(f"{'workers' if workers else 'dask'} is for audits; add --audit")
    if dask is not None:
        return partial(dask_cluster, dask, say)
    number = usable_cores() if workers is None else check_count("workers", workers, 1, MOST_WORKERS)
    return partial(local_processes, min(number, plan.chunks)) if plan.audit else None


def _verdict(done: Swept, seconds: float) -> int:
    """Say what was written and what the audits found; 1 where counts differ."""
    rate = (done.designs - done.kept) / max(seconds, 1e-3)
    speed = f" ({rate:,.0f} a second)" if rate >= 10 else f" ({rate:.1f} a second)" if rate else ""
    kept = f", {done.kept:,} of them from before" if done.kept else ""
    say(f"wrote {done.path.name}: {_many(done.designs)}{kept}, in {seconds:,.1f} s{speed}")
    if done.not_run:
        say(f"fvcore did not count {_many(done.not_run)}; the column not_run says why")
    if done.disagreeing:
        say(f"the counts differ for {done.disagreeing:,} of {_many(done.designs)}; the column agrees says which")
    return 1 if done.disagreeing else 0


def _many(designs: int) -> str:
    return f"{designs:,} design{'' if designs == 1 else 's'}"


class Progress:
    """A line on standard error when a sweep begins, and on a terminal a bar for each of its two steps."""

    def __init__(self, plan: SweepPlan, out: str) -> None:
        self._plan, self._out = plan, out
        self._bars = ExitStack()
        self._bar: Any = None
        self._step = ""

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """End the bar's line."""
        self._bars.close()
        self._bar = None

    def __call__(self, step: str, designs: int) -> None:
        """So many more designs are counted or written."""
        if not self._step:
            kept = f", {designs:,} of them from before" if designs else ""
            say(f"{_many(self._plan.designs)} of {self._plan.base.network} into {Path(self._out).name}{kept}")
        if step != self._step:
            self._begin(step)
        if self._bar is not None:
            self._bar.update(designs)

    def _begin(self, step: str) -> None:
        self.close()
        self._step = step
        if sys.stderr is not None and sys.stderr.isatty():
            bar = click.progressbar(length=self._plan.designs, label=step, file=sys.stderr, show_pos=True)
            self._bar = self._bars.enter_context(bar)
