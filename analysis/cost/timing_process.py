"""Timings in a process of their own, one at a time: the caller never imports torch, and visitors cannot hammer it.

``python -m analysis.cost.timing_process`` is the child: one JSON design in, one JSON timing out. It lives for one
measurement, at low priority and within a memory limit.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import threading
import time
from collections import OrderedDict

from analysis.cost.children import be_modest, child_environment
from analysis.cost.stopwatch import Timing, design_timing, too_large_to_time
from analysis.networks.design import Design

SECONDS_A_TIMING = 60.0
MOST_KEPT = 256
FRESH_SECONDS = 60.0
"""A figure younger than this is not measured again."""

BUSY = "another measurement is running; ask again in a moment"
NO_ANSWER = "the measuring process did not answer; ask again"


class TimingProcess:
    """One measurement at a time, each kept; safe to share between threads."""

    def __init__(self) -> None:
        self._running = threading.Lock()
        self._lock = threading.Lock()
        self._kept: OrderedDict[Design, tuple[float, Timing]] = OrderedDict()

    def known(self, design: Design) -> Timing | None:
        """The timing of a design if it is there already."""
        with self._lock:
            return self._kept[design][1] if design in self._kept else None

    def measure(self, design: Design) -> Timing:
        """The timing of a design: what was measured less than a minute ago, else measured now, which takes seconds.

        ``not_run`` says why not: the design is too large, another measurement is running, or the child was too slow.
        """
        with self._lock:
            when, kept = self._kept.get(design, (-math.inf, Timing()))
        if time.monotonic() - when < FRESH_SECONDS:
            return kept
        too_large = too_large_to_time(design.layers())
        if too_large is not None:
            return Timing(not_run=too_large)
        if not self._running.acquire(blocking=False):
            return Timing(not_run=BUSY)
        try:
            timing = _measured(design)
        finally:
            self._running.release()
        if timing.not_run is None:
            self._keep(design, timing)
        return timing

    def _keep(self, design: Design, timing: Timing) -> None:
        with self._lock:
            self._kept[design] = time.monotonic(), timing
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


def _measured(design: Design) -> Timing:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "analysis.cost.timing_process"],
            input=design.model_dump_json(),
            capture_output=True,
            text=True,
            timeout=SECONDS_A_TIMING,
            env=child_environment(),
            check=True,
        )
        return Timing(**json.loads(done.stdout))
    except (OSError, ValueError, TypeError, subprocess.SubprocessError):  # gone, too slow, or cut off
        return Timing(not_run=NO_ANSWER)


def serve() -> None:
    """The child: answer the one design on standard input."""
    be_modest()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints must not stand beside the answer
    timing = design_timing(Design.model_validate_json(sys.stdin.read()))
    answers.write(json.dumps(timing.to_dict()))
    answers.flush()


if __name__ == "__main__":
    serve()
