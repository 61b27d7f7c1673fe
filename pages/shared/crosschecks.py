"""The one cross-checking process of this server: what it found is there for every visitor."""

from __future__ import annotations

from functools import cache

from analysis.crosscheck.crosscheck_process import CrosscheckProcess


@cache
def process() -> CrosscheckProcess:
    """The process, made once; a page's own functions are new in every run."""
    return CrosscheckProcess()
