"""What every child process is given and keeps to. Imports nothing that takes time, since a child waits for it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

MEMORY_BYTES = 8 * 2**30


def child_environment() -> dict[str, str]:
    """This process's environment for a child that finds the library and computes with one thread."""
    path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    return os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def be_modest() -> None:
    """Low priority and a memory limit, where the system has them."""
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        os.nice(10)
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
