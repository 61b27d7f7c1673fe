"""Where audits run: processes on this machine, or a Dask cluster; both as an ``Executor`` of the standard library."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

from analysis.cost.children import AUDITING
from analysis.networks.values import shortened
from analysis.version import VERSION

CONNECT_SECONDS = 8
"""How long a scheduler may take to answer."""

MOST_WORKERS = 1_024


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def local_processes(workers: int) -> Iterator[Executor]:
    """Processes of this machine with one thread of arithmetic each.

    They end at once where the ``with`` block is left by an exception, and where this process is killed.
    """
    context = multiprocessing.get_context("spawn")
    lifeline, held = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker, initargs=(lifeline,))
    try:
        with _deaf_to_ctrl_c():
            for _ in range(workers):
                pool.submit(os.getpid)  # a process begins with the first task that finds none idle
        yield pool
    except BaseException:
        held.close()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        held.close()
        lifeline.close()


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Ctrl-C waits for the end of the block, and what is started here never hears it.

    A Python that only begins would answer it with a traceback; so would one whose start is broken off here, by a signal
    that another thread took.
    """
    if not hasattr(signal, "pthread_sigmask") or threading.current_thread() is not threading.main_thread():
        yield
        return
    late: list[int] = []
    answer = signal.signal(signal.SIGINT, lambda number, frame: late.append(number))
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
        signal.signal(signal.SIGINT, answer)
        if late:
            signal.raise_signal(signal.SIGINT)


def _begin_worker(lifeline: Connection) -> None:
    """Settings for torch, which is not imported yet; Ctrl-C is the parent's to answer, and its end is ours."""
    os.environ |= AUDITING
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(lifeline,), name="lifeline", daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    """End when nobody holds the other end: a pool by itself lets its workers finish, or wait for ever."""
    lifeline.poll(None)
    os._exit(1)


@contextmanager
def dask_cluster(address: str, tell: Callable[[str], object] = lambda message: None) -> Iterator[Executor]:
    """A Dask cluster by its scheduler's address, as ``tcp://host:8786``.

    Its scheduler and workers must have this version of multadds installed. ``tell`` is told of a cluster without
    workers, which is waited for: it may be one that grows with its tasks. Raises ``ValueError`` where the package
    ``distributed`` is not installed here, no scheduler answers, or a worker cannot count.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ValueError('a Dask cluster needs another package; pip install "multadds[dask]"') from None
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is raised, and said once
    _check_listens(address)
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        raise ValueError(f"what answers at {shortened(address)} is no Dask scheduler") from None
    with closing(client):
        _check_workers(client, tell)
        executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)


def _check_workers(client: Any, tell: Callable[[str], object]) -> None:
    """``ValueError`` where a worker cannot count: it would die of its first task, and the sweep would wait for ever."""
    try:
        versions = client.run(installed_version)
    except Exception as error:
        raise ValueError(
            f"a worker of the Dask cluster has no multadds to run: {' '.join(str(error).split())}"
        ) from None
    for worker, version in versions.items():
        if version != VERSION:
            raise ValueError(f"the Dask worker {worker} has multadds {version}, the sweep {VERSION}")
    if not versions:
        tell("the Dask cluster has no workers yet; waiting for one")


def installed_version() -> str:
    """The version of multadds where this runs."""
    return VERSION


def _check_listens(address: str) -> None:
    """``ValueError`` where no scheduler does: a client of Dask would try for long and say so at length."""
    url = urlsplit(address)
    try:
        host, port = url.hostname, url.port
    except ValueError:
        host = port = None
    if url.scheme not in ("tcp", "tls") or not host or not port:
        raise ValueError(f"dask must be an address like tcp://host:8786, got {shortened(address)}")
    try:
        with socket.create_connection((host, port), timeout=CONNECT_SECONDS) as listener:
            speaks = url.scheme == "tls" or bool(listener.recv(1))  # a scheduler is the first to speak
    except OSError as error:
        raise ValueError(f"no Dask scheduler answers at {shortened(address)}: {error.strerror or error}") from None
    if not speaks:
        raise ValueError(f"what answers at {shortened(address)} is no Dask scheduler")
