"""The process that reads one ONNX file: ``python -m analysis.imports.onnx.child``.

A line of JSON (name, sizes, limits) and the file's bytes in, one JSON answer out; no file is opened but Python's own.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.cost.children import be_modest
from analysis.imports.onnx.errors import Refused, SizesWanted


def serve() -> None:
    """The child: answer the one file on standard input."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints must not stand beside the answer
    header = json.loads(sys.stdin.buffer.readline())
    be_modest()
    _be_limited(header["memory"], header["seconds"])
    try:
        answer = _answered(header["name"], header["sizes"])
    except MemoryError:
        answer = {"refused": f"reading the file takes more memory than the limit of {header['memory'] // 2**20:,} MiB"}
    answers.write(json.dumps(answer))
    answers.flush()


def _answered(name: str, sizes: Mapping[str, int | Sequence[int]]) -> dict[str, Any]:
    from analysis.imports.onnx.read import read_onnx

    try:
        return {"counted": read_onnx(sys.stdin.buffer.read(), name=name, sizes=sizes).to_dict()}
    except SizesWanted as wanted:
        return {"wanted": wanted.names, "inputs": wanted.inputs}
    except Refused as refused:
        return {"refused": str(refused)}


def _be_limited(memory: int, seconds: float) -> None:
    """No more memory and time than that, and no byte into any file, where the system has such limits."""
    try:
        import resource
    except ImportError:
        return
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: int(seconds) + 1,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        most = resource.getrlimit(limit)[1]
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    serve()
