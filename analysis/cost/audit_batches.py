"""Audits of many designs through any ``concurrent.futures.Executor``: threads, processes, or a cluster's."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import AbstractContextManager
from itertools import chain, islice
from threading import Lock
from typing import NamedTuple

from analysis.cost.audit import Audit, design_audit
from analysis.networks.design import Design
from analysis.version import VERSION

MOST_BROKEN = 5
"""How often an executor may break before its batches are given up."""

OpenExecutor = Callable[[], AbstractContextManager[Executor]]
"""What opens an executor, and closes it at the end of a ``with`` block."""

_ONE_AT_A_TIME = Lock()
"""torch's tracer is not made for threads, and a cluster's worker may run several tasks in threads."""


class Batch(NamedTuple):
    """Designs that are counted in one task, and the number they go by."""

    place: int
    designs: Sequence[Design]


class AuditedBatch(NamedTuple):
    """A batch's number, and the audits of its designs in their order."""

    place: int
    audits: Sequence[Audit]


def count_batch(designs: Sequence[Design], version: str = VERSION) -> list[Audit]:
    """The audits of some designs, counted where this runs; ``ValueError`` where another version is installed there."""
    if version != VERSION:
        raise ValueError(f"the worker has multadds {VERSION}, the sweep {version}")
    with _ONE_AT_A_TIME:
        return [design_audit(design) for design in designs]


def audited(batches: Iterable[Batch], executor: Executor, *, in_flight: int = 8) -> Generator[AuditedBatch]:
    """The audits of each batch as soon as it is counted, in any order; at most ``in_flight`` batches are submitted.

    Raises ``BrokenExecutor`` where the executor breaks, and ``ValueError`` naming a design whose batch failed. What is
    left is cancelled as soon as the iterator is closed.
    """
    left, waiting = iter(batches), dict[Future[list[Audit]], Batch]()
    try:
        while True:
            for batch in islice(left, in_flight - len(waiting)):
                waiting[executor.submit(count_batch, batch.designs, VERSION)] = batch
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield _result(future, waiting.pop(future))
    finally:
        for future in waiting:
            future.cancel()


def audited_anew(
    batches: Iterable[Batch], open_executor: OpenExecutor, *, in_flight: int = 8, most_broken: int = MOST_BROKEN
) -> Generator[AuditedBatch]:
    """:func:`audited`, with a new executor for the unfinished batches each time one breaks.

    An executor breaks when one of its processes dies. Raises ``ValueError`` after ``most_broken`` of them.
    """
    unfinished: dict[int, Batch] = {}
    left = _kept(iter(batches), unfinished)
    for _ in range(most_broken):
        with open_executor() as executor:
            try:
                for done in audited(chain(list(unfinished.values()), left), executor, in_flight=in_flight):
                    del unfinished[done.place]
                    yield done
                return
            except BrokenExecutor:
                continue
    raise ValueError(f"worker processes died {most_broken} times, perhaps for want of memory; try fewer workers")


def _kept(batches: Iterator[Batch], unfinished: dict[int, Batch]) -> Iterator[Batch]:
    for batch in batches:
        unfinished[batch.place] = batch
        yield batch


def _result(future: Future[list[Audit]], batch: Batch) -> AuditedBatch:
    try:
        return AuditedBatch(batch.place, future.result())
    except BrokenExecutor:
        raise
    except CancelledError:
        raise ValueError("the executor was lost before every design was counted") from None
    except Exception as error:
        said = " ".join(str(error).split())[:300] or type(error).__name__
        raise ValueError(f"the audit of {_name(batch)} failed: {said}") from error


def _name(batch: Batch) -> str:
    others = len(batch.designs) - 1
    return batch.designs[0].label + (f" or one of the {others} after it" if others else "")
