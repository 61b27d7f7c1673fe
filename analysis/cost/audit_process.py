"""Audits in a process of their own: the caller never imports torch, and what it no longer wants is not counted.

``python -m analysis.cost.audit_process`` is the child: one JSON design a line in, one JSON audit a line out. It runs at
low priority and within a memory limit. The parent keeps the newest wish of each client and forgets what was overtaken.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from queue import Empty, Queue

from analysis.cost.audit import Audit
from analysis.cost.children import be_modest, child_environment
from analysis.cost.counted.counted import Counted
from analysis.cost.counted.references import counted_reference
from analysis.cost.subjects import Subject, subject_audit, uncounted_audit
from analysis.networks.design import Design

SECONDS_AN_AUDIT = 60.0
START_SECONDS = 120.0
MOST_KEPT = 4_096
MOST_CLIENTS = 1_024
NO_ANSWER = "the counting process did not answer; move a slider to ask again"


class AuditProcess:
    """One child process and the queue of wishes before it; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._kept: OrderedDict[Subject, Audit] = OrderedDict()
        self._wishes: OrderedDict[str, Subject] = OrderedDict()
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[str] | None = None
        self._replies: Queue[str | None] = Queue()

    @property
    def started(self) -> bool:
        """Whether the child was ever asked for."""
        return self._thread is not None

    def known(self, subject: Subject) -> Audit | None:
        """The audit of a subject if it is there already."""
        with self._lock:
            return self._kept.get(subject)

    def wish(self, client: str, subject: Subject) -> None:
        """Ask for a design's audit; the client's earlier wish, if still waiting, is dropped."""
        with self._lock:
            kept = self._kept.get(subject)
            if kept is not None and kept.not_run == NO_ANSWER:
                del self._kept[subject]
            elif kept is not None or (client not in self._wishes and len(self._wishes) >= MOST_CLIENTS):
                return
            self._wishes[client] = subject
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="audits", daemon=True)
                self._thread.start()
            self._lock.notify_all()

    def wait(self, subject: Subject, seconds: float) -> Audit | None:
        """The audit as soon as it is there, ``None`` if not within ``seconds``."""
        with self._lock:
            self._lock.wait_for(lambda: subject in self._kept, timeout=seconds)
            return self._kept.get(subject)

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None and child.poll() is None:
            child.kill()
            child.wait()

    def _work(self) -> None:
        while True:
            with self._lock:
                self._lock.wait_for(lambda: bool(self._wishes))
                subject = self._wishes.popitem(last=False)[1]
                done = subject in self._kept
            if not done:
                with contextlib.suppress(ValueError, OverflowError):  # rows that do not fit it have no counts at all
                    self._keep(subject, self._count(subject))

    def _keep(self, subject: Subject, audit: Audit) -> None:
        with self._lock:
            self._kept[subject] = audit
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            self._lock.notify_all()

    def _count(self, subject: Subject) -> Audit:
        fresh = self._child is None or self._child.poll() is not None
        try:
            child = self._start() if fresh else self._child
            assert child is not None
            assert child.stdin is not None
            child.stdin.write(line_of(subject) + "\n")
            child.stdin.flush()
            reply = self._replies.get(timeout=START_SECONDS if fresh else SECONDS_AN_AUDIT)
            answer = json.loads(reply or "null")
        except (OSError, Empty, ValueError):  # gone, too slow, or cut off in the middle of a line
            answer = None
        if answer is None:
            self.close()
            return uncounted_audit(subject, NO_ANSWER)
        return uncounted_audit(subject, answer["error"]) if "error" in answer else Audit(**answer)

    def _start(self) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "analysis.cost.audit_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=child_environment(),
        )
        self._child, self._replies = child, Queue()
        threading.Thread(target=_read, args=(child, self._replies), name="audit replies", daemon=True).start()
        atexit.register(self.close)
        return child


def _read(child: subprocess.Popen[str], replies: Queue[str | None]) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        replies.put(line)
    replies.put(None)


def line_of(subject: Subject) -> str:
    """What the child is asked: a design, or the name of a reference network."""
    return json.dumps({"reference": subject.network}) if isinstance(subject, Counted) else subject.model_dump_json()


def asked(line: str) -> Subject:
    """The subject of :func:`line_of`."""
    name = json.loads(line).get("reference")
    return Design.model_validate_json(line) if name is None else counted_reference(name)


def serve() -> None:
    """The child: answer every line of standard input, until it ends."""
    be_modest()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints must not stand between two answers
    for line in sys.stdin:
        try:
            answer = subject_audit(asked(line)).to_dict()
        except MemoryError:
            answer = {"error": "the design does not fit the memory an audit may use"}
        except Exception as error:
            print(repr(error), file=sys.stderr)
            answer = {"error": "the module could not be counted"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
