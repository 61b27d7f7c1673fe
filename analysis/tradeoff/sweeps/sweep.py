"""Sweeps: every design of a grid of any size into one file, in bounded memory, resumable after any interruption."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from analysis.cost.audit import Audit
from analysis.cost.audit_batches import Batch, OpenExecutor, audited_anew
from analysis.cost.executors import local_processes, usable_cores
from analysis.cost.grid import design_grid
from analysis.networks.design import Design
from analysis.tradeoff.sweeps.files import Parts, parts_of
from analysis.tradeoff.sweeps.plan import Chunk, SweepPlan, sweep_plan
from analysis.tradeoff.sweeps.writers import AUDIT_COLUMNS, WRITERS, arrow_schema, sweep_format

__all__ = ["Swept", "sweep", "sweep_plan"]

Progress = Callable[[str, int], object]
"""Told ``"counting"`` or ``"writing"``, and how many more designs that is done for."""

Frames = Generator[tuple[int, pd.DataFrame]]
"""Chunks as they are counted: their place, and a row a design."""

IN_FLIGHT = 256
"""The most chunks that wait in an executor, so that no grid is in memory as a whole."""


@dataclass(frozen=True)
class Swept:
    """What a sweep wrote.

    ``kept`` of the designs were there from an interrupted sweep. Of those audited, ``disagreeing`` have two counts
    that differ and ``not_run`` were too large to build.
    """

    path: Path
    designs: int
    kept: int
    disagreeing: int
    not_run: int


def sweep(
    plan: SweepPlan,
    out: str | Path,
    *,
    format: str | None = None,
    executor: OpenExecutor | None = None,
    overwrite: bool = False,
    restart: bool = False,
    progress: Progress = lambda step, designs: None,
) -> Swept:
    """Write every design of a :func:`~analysis.tradeoff.sweeps.plan.sweep_plan` to ``out``, a row a design, in order.

    Parquet or CSV, by the file's extension or ``format``; the file names the sweep. An audited plan builds each design
    and counts it with fvcore, in the processes or the cluster that ``executor`` opens (:mod:`analysis.cost.executors`);
    by default in a process for each core of this machine.

    What is counted stays beside ``out`` until the file is whole: after any interruption the same call goes on from
    there, and the file is the same to the byte. ``overwrite`` replaces a file, ``restart`` discards such parts.

    Raises ``ValueError`` for a file that may not be written, a full disk and an executor that failed, and ``OSError``
    for a folder that may not be written to.
    """
    path = Path(out)
    write = WRITERS[sweep_format(path, format)]
    with parts_of(plan, path, overwrite=overwrite, restart=restart) as parts:
        moved = parts.moved()
        if moved is not None:
            parts.clear()
            return Swept(path, plan.designs, plan.designs, moved["disagreeing"], moved["not_run"])
        kept = _count_missing(parts, executor, progress)
        verdict = _Verdict(progress)
        write(map(verdict.see, parts.tables()), parts.whole, plan)
        if verdict.designs != plan.designs:
            raise AssertionError(f"{verdict.designs:,} rows of {plan.designs:,} were written")
        parts.move({"disagreeing": verdict.disagreeing, "not_run": verdict.not_run})
    return Swept(path, plan.designs, kept, verdict.disagreeing, verdict.not_run)


def _count_missing(parts: Parts, executor: OpenExecutor | None, progress: Progress) -> int:
    """Count the chunks that are not there yet; how many designs were."""
    plan, there = parts.plan, parts.kept()
    kept = sum(plan.chunk(place).designs for place in there)
    progress("counting", kept)
    if kept == plan.designs:
        return kept
    missing = (plan.chunk(place) for place in range(plan.chunks) if place not in there)
    schema = arrow_schema(plan).remove_metadata()
    processes = partial(local_processes, min(usable_cores(), plan.chunks))
    frames = _audited(plan, missing, executor or processes) if plan.audit else _closed_form(plan, missing)
    try:
        with closing(frames):
            for place, frame in frames:
                parts.write(place, pa.Table.from_pandas(frame, schema=schema, preserve_index=False))
                progress("counting", len(frame))
    except ValueError as error:
        raise ValueError(f"{error}{parts.hope()}") from error
    return kept


def _closed_form(plan: SweepPlan, chunks: Iterator[Chunk]) -> Frames:
    for chunk in chunks:
        yield chunk.place, _grid(plan, chunk)


def _grid(plan: SweepPlan, chunk: Chunk) -> pd.DataFrame:
    return design_grid(plan.base, alphas=chunk.alphas, sides=chunk.sides, ts=chunk.ts, quantities=plan.quantities)


def _audited(plan: SweepPlan, chunks: Iterator[Chunk], open_executor: OpenExecutor) -> Frames:
    batches = (Batch(chunk.place, _designs(plan, chunk)) for chunk in chunks)
    with closing(audited_anew(batches, open_executor, in_flight=IN_FLIGHT)) as audits:
        for done in audits:
            yield done.place, _with_audits(_grid(plan, plan.chunk(done.place)), done.audits)


def _designs(plan: SweepPlan, chunk: Chunk) -> list[Design]:
    """The chunk's designs in the order of its rows."""
    return [
        plan.base.with_(alpha=alpha, height=height, width=width, t=t)
        for alpha, (height, width), t in product(chunk.alphas, chunk.sides, chunk.ts)
    ]


def _with_audits(rows: pd.DataFrame, audits: Sequence[Audit]) -> pd.DataFrame:
    """The rows with fvcore's counts beside them; they agree where fvcore, its closed form and the grid are equal."""
    closed = zip(rows["mult_adds"], rows["params"], strict=True)
    agrees = [
        None if audit.agrees is None else audit.agrees and counts == (audit.mult_adds, audit.params)
        for audit, counts in zip(audits, closed, strict=True)
    ]
    added = {
        "fvcore_mult_adds": [audit.fvcore_mult_adds for audit in audits],
        "numel_params": [audit.numel_params for audit in audits],
        "agrees": agrees,
        "not_run": [audit.not_run for audit in audits],
    }
    return rows.assign(**{name: pd.Series(added[name], dtype=kind) for name, kind in AUDIT_COLUMNS.items()})


class _Verdict:
    """What the rows say as they are written: how many there are, disagree, were not built."""

    def __init__(self, progress: Progress) -> None:
        self.designs = self.disagreeing = self.not_run = 0
        self._progress = progress

    def see(self, table: pa.Table) -> pa.Table:
        """Count a table's rows and pass it on."""
        self.designs += len(table)
        if "agrees" in table.column_names:
            self.disagreeing += pc.sum(pc.invert(table["agrees"])).as_py() or 0
            self.not_run += len(table) - table["not_run"].null_count
        self._progress("writing", len(table))
        return table
