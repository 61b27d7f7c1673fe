"""A sweep on disk: parts that are whole or not there, then one file moved into place in one step.

The parts stand in a folder beside the target, ``sweep.parquet.parts``, with the facts of the sweep they are of. What
interrupts a sweep leaves them there; the same sweep goes on from them, another one is refused.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from filelock import FileLock, Timeout

from analysis.networks.values import shortened
from analysis.tradeoff.sweeps.plan import SweepPlan

PLAN, LOCK, WHOLE, MOVED = "plan.json", "lock", "whole.tmp", "moved.json"
OURS = re.compile(r"\d+\.parquet|[\w.]+\.tmp|plan\.json|moved\.json|lock")
"""The names of files in a folder of parts; nothing else is ever removed."""


@dataclass(frozen=True)
class Parts:
    """The parts of one sweep in their folder; only who holds the lock has one."""

    plan: SweepPlan
    target: Path
    folder: Path

    def kept(self) -> set[int]:
        """The chunks that are there, whole."""
        found = {int(path.stem): path for path in self.folder.glob("*.parquet") if OURS.fullmatch(path.name)}
        return {place for place, path in found.items() if place < self.plan.chunks and self._is_whole(place, path)}

    def _is_whole(self, place: int, path: Path) -> bool:
        try:
            return bool(pq.read_metadata(path).num_rows == self.plan.chunk(place).designs)
        except (OSError, pa.ArrowInvalid):
            return False

    def write(self, place: int, table: pa.Table) -> None:
        """Keep a chunk's rows, whole or not at all."""
        part = self.folder / f"{place}.tmp"
        pq.write_table(table, part, compression="zstd", compression_level=1, use_dictionary=["alpha", "rho", "t"])
        os.replace(part, self._path(place))

    def tables(self) -> Iterator[pa.Table]:
        """Every chunk's rows in order."""
        for place in range(self.plan.chunks):
            yield pq.read_table(self._path(place), use_threads=False, memory_map=False)

    def _path(self, place: int) -> Path:
        return self.folder / f"{place}.parquet"

    @property
    def whole(self) -> Path:
        """Where the whole file is written before it is moved."""
        return self.folder / WHOLE

    def move(self, result: dict[str, Any]) -> None:
        """Put the whole file in the target's place and clear the folder; ``result`` outlives a kill in between."""
        with self.whole.open("rb") as file:
            os.fsync(file.fileno())
        if self.target.exists():
            shutil.copymode(self.target, self.whole)
        _write_json(self.folder / MOVED, {**result, **_identity(self.whole)})
        os.replace(self.whole, self.target)
        self.clear()

    def hope(self) -> str:
        """What to add to an error: whether another try goes on from here."""
        return "; what was counted is kept, and the same sweep goes on from there" if self.started else ""

    @property
    def started(self) -> bool:
        """Whether any chunk is there."""
        return any(self.folder.glob("*.parquet"))

    def tidy(self) -> None:
        """Remove what is half written, and all where no chunk is whole."""
        for left in self.folder.glob("*.tmp"):
            left.unlink(missing_ok=True)
        if not self.started:
            self.clear()

    def clear(self) -> None:
        """Remove our files and, where nothing else is in it, the folder."""
        if self.folder.is_dir():
            _empty(self.folder)
            (self.folder / LOCK).unlink(missing_ok=True)
            if not any(self.folder.iterdir()):
                self.folder.rmdir()

    def moved(self) -> dict[str, Any] | None:
        """The result of a sweep that was killed after its file was in place."""
        try:
            result: dict[str, Any] = json.loads((self.folder / MOVED).read_bytes())
            there = _identity(self.target)
        except (OSError, ValueError):
            return None
        return result if there.items() <= result.items() else None


@contextmanager
def parts_of(plan: SweepPlan, target: Path, *, overwrite: bool = False, restart: bool = False) -> Iterator[Parts]:
    """The locked folder of a sweep's parts; it stays where the sweep is interrupted with some of them done.

    Raises ``ValueError`` where the target may not be written, is being written, or has parts of another sweep, and
    where the disk is full; ``OSError`` where there can be no folder.
    """
    target = Path(os.path.realpath(target))
    folder = target.with_name(f"{target.name}.parts")
    _check_target(target, taken=target.exists() and not overwrite and not folder.exists())
    if folder.is_file():
        raise ValueError(f"{folder.name} is a file and no folder of a sweep's parts; choose another file")
    folder.mkdir(exist_ok=True)
    try:
        with FileLock(folder / LOCK, timeout=0):
            parts = Parts(plan, target, folder)
            try:
                _claim(parts, overwrite=overwrite, restart=restart)
                yield parts
            except OSError as error:
                reason = os.strerror(error.errno) if error.errno else str(error)  # arrow's text is long
                raise ValueError(f"cannot write {target.name}: {reason}{parts.hope()}") from error
            finally:
                parts.tidy()
    except Timeout:
        raise ValueError(f"another sweep is writing {target.name} now; wait for it or choose another file") from None


def _check_target(target: Path, *, taken: bool) -> None:
    if not target.parent.is_dir():
        raise ValueError(f"out must be a file in a folder that exists, got {shortened(target)}")
    if target.exists() and not target.is_file():
        raise ValueError(f"out must be a file, got {shortened(target)}")
    if taken:
        raise ValueError(f"out must be a new file, and {target.name} exists; --overwrite replaces it")


def _claim(parts: Parts, *, overwrite: bool, restart: bool) -> None:
    """Make the folder this sweep's: empty it where it may be, refuse where it is another's."""
    folder, facts = parts.folder, _plan_facts(parts.plan)
    _check_ours(folder)
    theirs, finished = _read_plan(folder), parts.moved() is not None
    if finished and theirs == facts and not restart:
        return
    if restart or finished or theirs is None:
        _empty(folder)
        theirs = facts
    _check_target(parts.target, taken=parts.target.exists() and not overwrite)
    if theirs != facts:
        raise ValueError(_difference(folder, theirs, facts))
    for left in (folder / MOVED, *folder.glob("*.tmp")):
        left.unlink(missing_ok=True)
    _write_json(folder / PLAN, facts)


def _check_ours(folder: Path) -> None:
    foreign = next((path.name for path in folder.iterdir() if not OURS.fullmatch(path.name)), None)
    if foreign is not None:
        raise ValueError(f"{folder.name} holds {shortened(foreign)}, no part of a sweep; choose another file")


def _plan_facts(plan: SweepPlan) -> dict[str, Any]:
    return {**plan.facts(), "chunk_designs": plan.chunk_designs}


def _read_plan(folder: Path) -> dict[str, Any] | None:
    try:
        facts: dict[str, Any] = json.loads((folder / PLAN).read_bytes())
    except (OSError, ValueError):
        return None
    return facts


def _difference(folder: Path, theirs: dict[str, Any], ours: dict[str, Any]) -> str:
    name = next(name for name in {**ours, **theirs} if theirs.get(name) != ours.get(name))
    return (
        f"{folder.name} is of another sweep, with {name} {shortened(theirs.get(name))} and not "
        f"{shortened(ours.get(name))}; finish that one, or discard it with --restart"
    )


def _write_json(path: Path, content: dict[str, Any]) -> None:
    part = path.with_suffix(".tmp")
    part.write_text(json.dumps(content))
    os.replace(part, path)


def _identity(path: Path) -> dict[str, int]:
    found = path.stat()
    return {"inode": found.st_ino, "bytes": found.st_size, "modified": found.st_mtime_ns}


def _empty(folder: Path) -> None:
    """Remove every file of ours but the lock; last what says whose parts they were, and that they are done."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name in (PLAN, MOVED)):
        if path.name != LOCK and OURS.fullmatch(path.name):
            path.unlink()
