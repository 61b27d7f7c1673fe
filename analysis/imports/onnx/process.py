"""ONNX files read in a process of their own, which can be ended: the caller never imports onnx.

The child (:mod:`analysis.imports.onnx.child`) lives for one file, at low priority and within limits of time and memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import IO, Any

from analysis.cost.children import child_environment
from analysis.cost.counted import Counted, counted_from
from analysis.imports.onnx.errors import Refused, SizesWanted

MOST_BYTES = 100_000_000
MOST_ANSWER_BYTES = 32_000_000
SECONDS = 20.0
MEMORY_BYTES = 2**30


def read_onnx_limited(
    data: bytes,
    *,
    name: str,
    sizes: Mapping[str, int | Sequence[int]] | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY_BYTES,
) -> Counted:
    """The network in an ONNX file's bytes, as :func:`analysis.imports.onnx.read.read_onnx` counts it.

    Read in a child process that may take so many ``seconds`` and bytes of ``memory`` (address space; a system without
    such a limit, as Windows, bounds time and file size alone). Raises :class:`Refused` beyond
    :data:`MOST_BYTES` or one of the limits too.
    """
    if len(data) > MOST_BYTES:
        raise Refused(f"the file has {len(data):,} bytes, the limit is {MOST_BYTES:,}")
    header = json.dumps({"name": name, "sizes": dict(sizes or {}), "memory": memory, "seconds": seconds})
    answer = _answer(header.encode() + b"\n", data, seconds)
    if answer is None:
        raise Refused(f"reading the file took more than {seconds:g} s, which is the limit")
    if not answer or len(answer) > MOST_ANSWER_BYTES:
        raise Refused(f"reading the file took more memory than the limit of {memory // 2**20:,} MiB, or it broke off")
    return _counted(json.loads(answer))


def _counted(answer: Mapping[str, Any]) -> Counted:
    if "wanted" in answer:
        raise SizesWanted(answer["wanted"], answer["inputs"])
    if "refused" in answer:
        raise Refused(answer["refused"])
    return counted_from(answer["counted"])


def _answer(header: bytes, data: bytes, seconds: float) -> bytes | None:
    """What the child writes, cut after the limit; ``None`` if it is not done in time."""
    child = subprocess.Popen(
        [sys.executable, "-m", "analysis.imports.onnx.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
    )
    assert child.stdin is not None
    assert child.stdout is not None
    answer: list[bytes] = []
    threads = (
        threading.Thread(target=_write, args=(child.stdin, header, data), daemon=True),
        threading.Thread(target=_read, args=(child.stdout, answer), daemon=True),
    )
    for thread in threads:
        thread.start()
    threads[1].join(seconds)
    late = threads[1].is_alive()
    child.kill()
    child.wait()
    for thread in threads:
        thread.join()
    return None if late else answer[0]


def _write(pipe: IO[bytes], *parts: bytes) -> None:
    try:
        with pipe:
            for part in parts:
                pipe.write(part)
    except OSError:  # the child answered, or died, before it read all
        pass


def _read(pipe: IO[bytes], answer: list[bytes]) -> None:
    with pipe:
        answer.append(pipe.read(MOST_ANSWER_BYTES + 1))
