"""The lesson's PyTorch code, run as a reader runs it."""

from __future__ import annotations

import contextlib
import io

import pytest

from analysis.lessons.sizes import Sizes

# kernel, M, N, D_F, stride
LAYERS = [
    (3, 512, 512, 14, 1),
    (3, 3, 32, 224, 2),
    (3, 32, 64, 112, 2),
    (5, 7, 11, 13, 3),
    (1, 6, 4, 9, 2),
    (11, 2, 3, 4, 1),
    (7, 1, 1, 1, 4),
]


@pytest.fixture(params=LAYERS, ids=str)
def sizes(request):
    """A layer's sizes, each in its turn."""
    return Sizes(*request.param)


@pytest.fixture
def printed_by():
    """What a listing's code prints when it is run as it stands."""

    def run(listing):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(listing.code, "listing", "exec"), {"__name__": "__main__"})
        return tuple(printed.getvalue().splitlines())

    return run
