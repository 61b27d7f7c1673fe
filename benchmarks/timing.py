"""Times taken in turn, so that what slows the machine for a while slows every side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median, quantiles
from time import perf_counter


def interleaved(
    rounds: int, calls: Mapping[str, Callable[[], object]], repeats: Mapping[str, int] | None = None
) -> dict[str, list[float]]:
    """Seconds a call by name: A B A B …, after a call of each that does not count; ``repeats`` for what is short."""
    for call in calls.values():
        call()
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            times = (repeats or {}).get(name, 1)
            begin = perf_counter()
            for _ in range(times):
                call()
            seconds[name].append((perf_counter() - begin) / times)
    return seconds


def percentile(values: list[float], percent: int) -> float:
    """The value that so many of a hundred do not exceed, interpolated."""
    if percent == 50 or len(values) < 2:
        return median(values)
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def ms(seconds: float) -> str:
    """Seconds as milliseconds, three digits."""
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds * 1000:,.0f} ms"
