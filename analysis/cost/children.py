"""What every child process is given and keeps to. Imports nothing that takes time, since a child waits for it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

MEMORY_BYTES = 8 * 2**30

ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""What keeps torch's arithmetic to one thread, set before torch is imported."""

AUDITING = {**ONE_THREAD, "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "64"}
"""The same for a process that audits many designs, each of which runs once.

torch keeps the last 1,024 convolutions that it compiled, which no other design can use: 1 GB after a hundred designs.
"""


def child_environment(variables: Mapping[str, str] = ONE_THREAD) -> dict[str, str]:
    """This process's environment for a child that finds the library and computes with one thread."""
    path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, **variables}


def be_modest() -> None:
    """Low priority and a memory limit, where the system has them."""
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        os.nice(10)
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
