"""Settings of every test: a property test draws the same examples on every run, and takes the time it takes."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")
