"""The lesson's PyTorch code, run as a reader runs it."""

from __future__ import annotations

import contextlib
import io

import pytest


@pytest.fixture
def printed_by():
    """What a listing's code prints when it is run as it stands."""

    def run(listing):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(listing.code, "listing", "exec"), {"__name__": "__main__"})
        return tuple(printed.getvalue().splitlines())

    return run
