"""Cross-checks in a process of their own, one at a time: the caller never imports torch, nor any tool.

``python -m analysis.crosscheck.crosscheck_process`` is the child: one JSON subject in, one JSON run a line out as soon
as a tool has counted. It lives for one cross-check, at low priority and within a memory limit; what it found before it
was ended is kept.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from analysis.cost.audit_process import asked, line_of
from analysis.cost.children import be_modest, child_environment
from analysis.cost.subjects import Subject
from analysis.crosscheck.tools import TOOLS
from analysis.crosscheck.verdicts import Run, known_runs, run_tools

SECONDS = 120.0
MOST_KEPT = 256
BUSY = "another cross-check is running; ask again in a moment"
NO_ANSWER = f"the tool did not answer within {SECONDS:.0f} s"


class CrosscheckProcess:
    """One cross-check at a time, each kept; safe to share between threads."""

    def __init__(self) -> None:
        self._running = threading.Lock()
        self._lock = threading.Lock()
        self._kept: OrderedDict[Subject, dict[str, Run]] = OrderedDict()

    def known(self, subject: Subject) -> Mapping[str, Run]:
        """The runs of a subject that are there already, by convention; of those never possible why."""
        with self._lock:
            kept = self._kept.get(subject)
        return known_runs(subject) if kept is None else kept

    def run(self, subject: Subject) -> Mapping[str, Run]:
        """Run every tool that is installed on the subject's module, which takes seconds; what was run is kept.

        A run's ``not_run`` says why there is none: another cross-check is running, or the child was too slow.
        """
        known = self.known(subject)
        if len(known) == len(TOOLS):
            return known
        if not self._running.acquire(blocking=False):
            return {name: known.get(name) or Run(name, not_run=BUSY) for name in TOOLS}
        try:
            runs = run_in_child(subject)
        finally:
            self._running.release()
        if all(run.not_run != NO_ANSWER for run in runs.values()):
            self._keep(subject, runs)
        return runs

    def _keep(self, subject: Subject, runs: dict[str, Run]) -> None:
        with self._lock:
            self._kept[subject] = runs
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


def run_in_child(subject: Subject, names: Sequence[str] = tuple(TOOLS), *, seconds: float = SECONDS) -> dict[str, Run]:
    """Each tool's run in a child that is ended after ``seconds``; a tool without an answer says so."""
    try:
        output = subprocess.run(
            [sys.executable, "-m", "analysis.crosscheck.crosscheck_process", *names],
            input=line_of(subject),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=seconds,
            env=child_environment(),
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as ended:
        output = (ended.stdout or b"").decode() if not isinstance(ended.stdout, str) else ended.stdout
    except OSError:
        output = ""
    runs = {run.convention: run for run in filter(None, map(_read, output.splitlines()))}
    return {name: runs.get(name) or Run(name, version=TOOLS[name].installed or "", not_run=NO_ANSWER) for name in names}


def _read(line: str) -> Run | None:
    try:
        return Run(**json.loads(line))
    except (ValueError, TypeError):  # cut off
        return None


def serve() -> None:
    """The child: run the tools that its arguments name on the one subject on standard input."""
    be_modest()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a tool prints must not stand between two answers
    for run in run_tools(asked(sys.stdin.read()), sys.argv[1:]):
        answers.write(json.dumps(run.to_dict()) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
