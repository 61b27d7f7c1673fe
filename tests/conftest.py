"""Settings of every test: a property test draws the same examples on every run, and takes the time it takes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from analysis import cli

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

MAIN = sys.modules["__main__"]


def pytest_runtest_setup() -> None:
    """Tests of pages leave their script as the main module, and a worker process would run it again."""
    sys.modules["__main__"] = MAIN


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., tuple[int, bytes, str]]:
    """Run a command in this process: exit status, standard output as bytes, standard error as text."""

    def run(*words: str) -> tuple[int, bytes, str]:
        with pytest.raises(SystemExit) as end:
            cli.main(words)
        out, err = capfdbinary.readouterr()
        return end.value.code, out, err.decode()

    return run


@pytest.fixture
def run_text(run: Callable[..., tuple[int, bytes, str]]) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process: exit status, standard output and standard error as text."""

    def run_text(*words: str) -> tuple[int, str, str]:
        status, out, err = run(*words)
        return status, out.decode(), err

    return run_text


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Counting gains nothing from threads, and on a busy machine they wait for one another."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
