"""What is asked of a search: a network, the budgets it must keep, and the designs that are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analysis.cost.budgets import BUDGETS
from analysis.cost.closed_form import NumberFormat, check_number_format
from analysis.networks import Design, Network, make_design
from analysis.networks.fields import MOST_ALPHA, MOST_T
from analysis.networks.ranges import ALPHAS, TS, sides
from analysis.networks.resolutions import MOST_RESOLUTION, parse_resolution, width_of
from analysis.networks.values import check_count, check_number, shortened
from analysis.tradeoff.published import TRAININGS
from analysis.tradeoff.sweeps.ranges import numbers

OBJECTIVES = {
    "top1": "predicted top-1",
    "most_mult_adds": "most Mult-Adds",
    "least_mult_adds": "least Mult-Adds",
    "most_params": "most parameters",
    "least_params": "least parameters",
    "most_peak_memory": "most peak memory",
    "least_peak_memory": "least peak memory",
}
"""What a search ranks by. ``top1`` falls back on ``most_mult_adds`` where no accuracy may be predicted."""

FINE = 1_000_000
"""Designs that a search looks at, at least, where its ranges allow."""

MOST_SEARCHED = 5_000_000
"""Designs that a search looks at, at most."""

ALPHA_STEPS = tuple(map(Decimal, ("0.01", "0.005", "0.002", "0.001", "0.0005", "0.0002", "0.0001", "0.00005")))

T_QUARTERS = tuple(quarters / 4 for quarters in range(4 * int(TS[0]), 4 * int(TS[-1]) + 1))
"""t from 1 to 10 in quarters."""

MOST_RESULTS = 1_000

NAMED: dict[str, dict[str, str]] = {
    "Microcontroller": {
        "max_mult_adds": "60M",
        "max_peak_memory": "512 KiB",
        "max_weight_size": "2 MB",
        "format": "int8",
    },
    "Small phone": {"max_mult_adds": "100M", "max_peak_memory": "2 MB", "format": "float32"},
    "Phone": {"max_mult_adds": "300M", "max_params": "3.5M", "max_peak_memory": "6 MB", "format": "float32"},
}
"""Sets of budgets to start from, with their number format; what is not named has no budget."""


@dataclass(frozen=True)
class Space:
    """The designs looked at: every α × height at the base's aspect ratio × t, of one network and input.

    ``base`` is the published design with the classes, input channels and height × width at ρ = 1.
    """

    base: Design
    alphas: tuple[float, ...]
    heights: tuple[int, ...]
    ts: tuple[float | None, ...]

    @property
    def sides(self) -> tuple[tuple[int, int], ...]:
        """(height, width) in px."""
        return tuple(map(self.side, self.heights))

    def side(self, height: int) -> tuple[int, int]:
        """(height, width) in px of one height."""
        return height, width_of(height, self.base.height, self.base.width)

    @property
    def released(self) -> str:
        """The network whose released checkpoints are those of the space; rows of one's own have none."""
        return self.base.network if self.base.own is None else ""

    @property
    def designs(self) -> int:
        """How many."""
        return len(self.alphas) * len(self.heights) * len(self.ts)


@dataclass(frozen=True)
class Question:
    """A checked search: its space, the budgets by the total they bound, number format, training, objective, top."""

    space: Space
    limits: tuple[tuple[str, int], ...] = ()
    number_format: NumberFormat = "float32"
    training: str = TRAININGS[0]
    objective: str = "top1"
    top: int = 10


def ask(
    network: str | Network,
    *,
    max_mult_adds: int | float | str | None = None,
    max_params: int | float | str | None = None,
    max_peak_memory: int | float | str | None = None,
    max_weight_size: int | float | str | None = None,
    number_format: str = "float32",
    min_resolution: int | str | None = None,
    max_resolution: int | str | None = None,
    base: int | str | tuple[int, int] | None = None,
    min_alpha: float | str = ALPHAS[0],
    max_alpha: float | str = ALPHAS[-1],
    t: float | str | Sequence[float] | None = None,
    classes: int | str | None = None,
    in_channels: int | str | None = None,
    training: str = TRAININGS[0],
    objective: str = "top1",
    top: int | str = 10,
) -> Question:
    """What :func:`analysis.search` is asked, checked: ``ValueError`` with one sentence naming the value and the limit.

    Options are as there.
    """
    given = (max_mult_adds, max_params, max_peak_memory, max_weight_size)
    asked = {kind: value for kind, value in zip(BUDGETS.values(), given, strict=True) if value is not None}
    height, width = parse_resolution(make_design(network).entry.base if base is None else base)
    published = make_design(network).with_(height=height, width=width, classes=classes, in_channels=in_channels)
    ts = _ts(published, t)
    return Question(
        space=_space(published, (min_alpha, max_alpha), _ends(published, min_resolution, max_resolution), ts),
        limits=tuple((kind.total, kind.read(kind.name, value)) for kind, value in asked.items()),
        number_format=check_number_format(number_format),
        training=_one_of("training", str(training), TRAININGS),
        objective=_one_of("objective", str(objective).replace("-", "_"), OBJECTIVES),
        top=check_count("top", top, 1, MOST_RESULTS),
    )


def _ts(published: Design, t: Any) -> tuple[float | None, ...]:
    if not published.entry.takes_t:
        published.with_(t=t)  # refuses any
        return (None,)
    return T_QUARTERS if t is None else tuple(sorted(numbers("t", t, MOST_T)))


def _ends(published: Design, least: Any, most: Any) -> tuple[int, int]:
    """The least and the most height, checked; by default the reach of the app's slider."""
    reach = sides(published.height, published.width)
    low = check_count("min_resolution", reach[0] if least is None else least, reach[0], MOST_RESOLUTION)
    high = check_count("max_resolution", max(reach[-1], low) if most is None else most, reach[0], MOST_RESOLUTION)
    if low > high:
        raise ValueError(f"min_resolution must be at most max_resolution, got {low} and {high}")
    return low, high


def _space(published: Design, alphas: tuple[Any, Any], ends: tuple[int, int], ts: tuple[float | None, ...]) -> Space:
    """Every pixel and hundredths of α; coarser pixels for very many designs, finer α for few."""
    low, high = (check_number(name, v, MOST_ALPHA) for name, v in zip(("min_alpha", "max_alpha"), alphas, strict=True))
    if low > high:
        raise ValueError(f"min_alpha must be at most max_alpha, got {low:g} and {high:g}")
    pixels = ends[1] - ends[0] + 1
    coarsest = len(_steps(low, high, ALPHA_STEPS[0])) * len(ts)
    if coarsest > MOST_SEARCHED:
        raise ValueError(f"a search looks at {MOST_SEARCHED:,} designs at most, got {coarsest:,} at each resolution")
    every = -(-pixels * coarsest // MOST_SEARCHED)
    published_sides = {side for _, side in published.entry.presets if ends[0] <= side <= ends[1]}
    heights = tuple(sorted({*range(ends[0], ends[1], every), ends[1], *published_sides}))
    for step in ALPHA_STEPS:
        values = _steps(low, high, step)
        if len(values) * len(heights) * len(ts) >= FINE:
            break
    return Space(published, values, heights, ts)


def _steps(low: float, high: float, step: Decimal) -> tuple[float, ...]:
    """From low to high, both in it, at multiples of the step between them."""
    first, last = (Decimal(repr(end)) // step for end in (low, high))
    between = (float(step * place) for place in range(int(first) + 1, int(last) + 1))
    return tuple(dict.fromkeys((low, *between, high)))


def _one_of(name: str, value: Any, choices: Any) -> str:
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {shortened(value)}")
    return value
