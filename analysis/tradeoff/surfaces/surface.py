"""The cost surface: a cost at every position of two of the sliders α, ρ and t, and its lines of equal cost."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis.cost.closed_form import BYTES, check_number_format
from analysis.cost.grid import design_grid
from analysis.networks import Design, Network
from analysis.networks.ranges import ALPHAS, PUBLISHED_ALPHAS, PUBLISHED_SIDES, TS, sides
from analysis.networks.resolutions import BASE_RESOLUTION, width_of
from analysis.networks.values import shortened

Ints = NDArray[np.int64]
BASE = (BASE_RESOLUTION, BASE_RESOLUTION)
AXES = ("alpha", "rho", "t")
PAIRS: dict[str, tuple[str, str]] = {"alpha-rho": ("alpha", "rho"), "alpha-t": ("alpha", "t"), "rho-t": ("rho", "t")}
"""The axes of a surface, x and y."""


@dataclass(frozen=True)
class Cost:
    """A cost of a design: its column in a grid, whether that counts values of a number format, and its power law.

    ``law`` holds the exponents of a formula without rounding, borders and fixed layers; ``origin`` says which.
    """

    label: str
    unit: str
    column: str
    sized: bool
    law: Mapping[str, int]
    origin: str


_PAPERS = "the papers (V1, sections 3.3 and 3.4; V2, section 3.3)"
_WORK, _WEIGHTS, _MAPS = ({"alpha": a, "rho": r, "t": 1} for a, r in ((2, 2), (2, 0), (1, 2)))
COSTS: dict[str, Cost] = {
    "mult_adds": Cost("Mult-Adds", "Mult-Adds", "mult_adds", False, _WORK, _PAPERS),
    "params": Cost("Parameters", "parameters", "params", False, _WEIGHTS, _PAPERS),
    "peak_activation_bytes": Cost(
        "Peak activations (fused)", "bytes", "peak_activation_elements", True, _MAPS, "channels × height × width"
    ),
    "weight_bytes": Cost("Weights", "bytes", "params", True, _WEIGHTS, _PAPERS),
}
"""What a surface can show, by the name of the total."""


@dataclass(frozen=True, eq=False)
class Surface:
    """``values[y, x]`` is the cost at every position of two axes; all else is as in ``held``.

    Positions are α, the input's height in px for ρ, and t; ``base`` is the input (height, width) at ρ = 1.
    """

    held: Design
    axes: tuple[str, str]
    cost: str
    number_format: str
    base: tuple[int, int]
    x: tuple[float, ...]
    y: tuple[float, ...]
    values: Ints

    def place(self, design: Design) -> tuple[float, float] | None:
        """(x, y) of a design; ``None`` where it is not on this surface, or beyond its edges."""
        if held_design(design, self.axes, self.base) != self.held:
            return None
        if "rho" in self.axes and width_of(design.height, *self.base) != design.width:
            return None
        x, y = (position(design, axis) for axis in self.axes)
        return (x, y) if self.x[0] <= x <= self.x[-1] and self.y[0] <= y <= self.y[-1] else None

    def held_positions(self) -> list[tuple[str, float]]:
        """(axis, position) of each axis that the network has and the surface does not vary."""
        return [(axis, position(self.held, axis)) for axis in axes_of(self.held.entry) if axis not in self.axes]

    def flat_axes(self) -> list[str]:
        """The axes along which no design costs more than another: ρ, of parameters."""
        flat = ((self.values == self.values[:, :1]).all(), (self.values == self.values[:1]).all())
        return [axis for axis, same in zip(self.axes, flat, strict=True) if same]

    def within(self, level: int) -> Ints:
        """For each x the number of positions of y, from the lowest, that cost at most ``level``.

        A cost never falls along ρ or t, so that this is the line of equal cost, step for step.
        """
        counts: Ints = (self.values <= level).sum(axis=0)
        return counts


def cost_surface(
    design: Design,
    pair: str = "alpha-rho",
    *,
    cost: str = "mult_adds",
    number_format: str = "float32",
    base: tuple[int, int] = BASE,
) -> Surface:
    """A cost in exact integers at every slider position of a pair of axes; the third axis is held as in ``design``.

    Bytes are of ``number_format``. Raises ``ValueError`` for an unknown pair or cost, or t where the network has none.
    """
    axes = PAIRS[check_choice("axes", pair, PAIRS)]
    if missing := [axis for axis in axes if axis not in axes_of(design.entry)]:
        raise ValueError(f"{design.network} has no expansion factor {missing[0]}, got axes {pair}")
    spots = {axis: positions(axis, base) if axis in axes else (position(design, axis),) for axis in AXES}
    values = costs_at(design, spots, cost=cost, number_format=number_format, base=base)
    flat = values.reshape([len(spots[axis]) for axis in axes]).T
    held = held_design(design, axes, base)
    return Surface(held, axes, cost, number_format, base, spots[axes[0]], spots[axes[1]], flat)


def costs_at(
    design: Design, spots: Mapping[str, Sequence[float]], *, cost: str, number_format: str, base: tuple[int, int]
) -> Ints:
    """[α, ρ, t]: a cost in exact integers at every combination of positions."""
    kind, width = COSTS[check_choice("cost", cost, COSTS)], BYTES[check_number_format(number_format)]
    own = {design.height: (design.height, design.width)}
    pixels = [own.get(int(height), (int(height), width_of(int(height), *base))) for height in spots["rho"]]
    ts = [None] if design.t is None else spots["t"]
    frame = design_grid(design, alphas=spots["alpha"], sides=pixels, ts=ts, quantities=(kind.column,))
    values: Ints = frame[kind.column].to_numpy().reshape(len(spots["alpha"]), len(pixels), len(ts))
    return values * width if kind.sized else values


def check_choice(name: str, value: str, choices: Collection[str]) -> str:
    """``value`` if it is a choice; ``ValueError`` with the choices otherwise."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {shortened(value)}")
    return value


def axes_of(network: Network) -> tuple[str, ...]:
    """α, ρ, and t where the network takes one."""
    return AXES if network.takes_t else AXES[:2]


def pairs_of(network: Network) -> tuple[str, ...]:
    """The pairs of axes that a network has."""
    return tuple(pair for pair, axes in PAIRS.items() if set(axes) <= set(axes_of(network)))


def positions(axis: str, base: tuple[int, int] = BASE) -> tuple[float, ...]:
    """Every position of a slider: α, the input's height in px for ρ, or t."""
    check_choice("axis", axis, AXES)
    return {"alpha": ALPHAS, "rho": tuple(sides(*base)), "t": TS}[axis]


def position(design: Design, axis: str) -> float:
    """Where a design stands on an axis; 0 on t where its network has none."""
    return {"alpha": design.alpha, "rho": design.height, "t": design.t or 0.0}[axis]


def held_design(design: Design, axes: Collection[str], base: tuple[int, int] = BASE) -> Design:
    """The design with its place on some axes taken out: the same for all designs of one surface."""
    neutral: dict[str, dict[str, float | None]] = {
        "alpha": {"alpha": 1.0},
        "rho": {"height": base[0], "width": base[1]},
        "t": {"t": design.entry.t},
    }
    changes = {name: value for axis in axes for name, value in neutral[axis].items()}
    return design.with_(**changes)


def moved(design: Design, axis: str, to: float, base: tuple[int, int] = BASE) -> Design:
    """The design at another position of an axis."""
    if axis == "rho":
        return design.with_(height=int(to), width=width_of(int(to), *base))
    return design.with_(**{axis: to})


def published_designs(surface: Surface) -> list[Design]:
    """The published designs of the network that lie on the surface."""
    network = surface.held.entry
    designs = [
        surface.held.with_(alpha=alpha, height=height, width=width_of(height, *network.base), t=network.t)
        for alpha, height in network.presets
    ]
    return [design for design in designs if surface.place(design) is not None]


def round_levels(low: int, high: int) -> list[int]:
    """Round costs for lines between two costs: 1-2-5 steps, finer where those give fewer than three."""
    for steps in ((10, 20, 50), (10, 15, 20, 30, 50, 70), (10, 12, 14, 16, 18, *range(20, 100, 5))):
        decades = range(len(str(high)) + 1)
        levels = [step * 10**decade // 10 for decade in decades for step in steps if step * 10**decade % 10 == 0]
        found = sorted({level for level in levels if low <= level < high})
        if len(found) >= 3:
            break
    return found


def same_cost(surface: Surface, level: int) -> list[Design]:
    """Designs on the line of a cost: at each published position of x the highest y that costs at most ``level``.

    None where the line is beyond the frame.
    """
    published = {"alpha": PUBLISHED_ALPHAS, "rho": PUBLISHED_SIDES}[surface.axes[0]]
    counts = dict(zip(surface.x, surface.within(level).tolist(), strict=True))
    designs = []
    for x in published:
        if 0 < counts.get(x, 0) < len(surface.y):
            design = moved(surface.held, surface.axes[0], x, surface.base)
            designs.append(moved(design, surface.axes[1], surface.y[counts[x] - 1], surface.base))
    return designs


def block_channels(design: Design, alphas: Sequence[float]) -> list[list[int]]:
    """The channels that each α really gives, after rounding: of every block's output in order, repeats once."""
    layers = design.entry.layers(alpha=np.array(alphas), t=design.t, rounding=design.rounding)
    last = {layer.block: layer for layer in layers if layer.weighted and layer.kind != "fc"}
    widths = np.stack([np.broadcast_to(layer.output.channels, len(alphas)) for layer in last.values()], axis=1)
    return [[row[0], *(b for a, b in pairwise(row) if a != b)] for row in widths.tolist()]
