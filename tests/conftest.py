"""Settings of every test: a property test draws the same examples on every run, and takes the time it takes."""

from __future__ import annotations

import sys

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

MAIN = sys.modules["__main__"]


def pytest_runtest_setup() -> None:
    """Tests of pages leave their script as the main module, and a worker process would run it again."""
    sys.modules["__main__"] = MAIN
