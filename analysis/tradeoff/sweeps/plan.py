"""A sweep as a plan: which designs, cut into which chunks, and what names it to the last digit."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, NamedTuple, TypeVar

from analysis.cost.conventions import CONVENTIONS
from analysis.cost.grid import design_grid
from analysis.networks.design import Design, make_design
from analysis.networks.fields import MOST_ALPHA, MOST_T
from analysis.networks.files.write import digest
from analysis.networks.network import Network
from analysis.networks.rounding import Rounding
from analysis.networks.values import shortened
from analysis.tradeoff.sweeps import ranges
from analysis.tradeoff.sweeps.ranges import Sides
from analysis.version import VERSION

QUANTITIES = ("mult_adds", "params", "peak_activation_elements", "peak_unfused_elements")
"""What a sweep holds unless told otherwise."""

AUDITED = ("mult_adds", "params")
"""What an audit compares, so that an audited sweep always holds it."""

MOST_DESIGNS = 10_000_000_000
MOST_AUDITED = 10_000_000
"""The most designs of one sweep, in closed form and counted by fvcore as well."""

CHUNK_DESIGNS = 2**17
"""Designs in a chunk of the closed form: some 10 MB of columns."""

Facts = dict[str, Any]
Value = TypeVar("Value")


class Chunk(NamedTuple):
    """A run of a sweep's rows, itself a grid: the product of its axes, α slowest and t fastest."""

    place: int
    alphas: Sequence[float]
    sides: Sequence[Sides]
    ts: Sequence[float | None]

    @property
    def designs(self) -> int:
        """How many rows it has."""
        return len(self.alphas) * len(self.sides) * len(self.ts)


@dataclass(frozen=True)
class SweepPlan:
    """Every combination of the axes, α slowest and t fastest; ``base`` gives all else.

    ``ts`` is ``(None,)`` where the network has no expansion factor. A chunk has at most ``chunk_designs`` rows.
    """

    base: Design
    alphas: tuple[float, ...]
    sides: tuple[Sides, ...]
    ts: tuple[float | None, ...]
    quantities: tuple[str, ...]
    audit: bool
    chunk_designs: int

    @property
    def designs(self) -> int:
        """How many rows the sweep has."""
        return len(self.alphas) * len(self.sides) * len(self.ts)

    @property
    def chunks(self) -> int:
        """How many chunks it is cut into."""
        return prod(self._cuts())

    def chunk(self, place: int) -> Chunk:
        """The chunk at a place in the order of rows, from 0."""
        by_alpha, by_side, by_t = self._cuts()
        return Chunk(
            place,
            _piece(self.alphas, place // (by_side * by_t), by_alpha),
            _piece(self.sides, place // by_t % by_side, by_side),
            _piece(self.ts, place % by_t, by_t),
        )

    def _cuts(self) -> tuple[int, int, int]:
        """How many pieces each axis is cut into, the slowest first: a chunk must be a run of rows and a grid."""
        most, alphas, sides, ts = self.chunk_designs, len(self.alphas), len(self.sides), len(self.ts)
        if sides * ts <= most:
            return _ceil(alphas, most // (sides * ts)), 1, 1
        if ts <= most:
            return alphas, _ceil(sides, most // ts), 1
        return alphas, sides, _ceil(ts, most)

    def facts(self) -> Facts:
        """What names the sweep in a file; two sweeps with equal facts hold the same rows in the same order."""
        base = self.base
        facts: Facts = {
            "network": base.network,
            "rows": None if base.own is None else digest(base.own),
            "alpha": ranges.numbers_text(self.alphas),
            "resolution": ranges.sides_text(self.sides),
            "t": ranges.numbers_text([t for t in self.ts if t is not None]) or None,
            "classes": base.classes,
            "in_channels": base.in_channels,
            "rounding": None if base.rounding is None else _rounding_text(base.rounding),
            "quantities": ",".join(self.quantities),
            "audit": self.audit,
            "designs": self.designs,
            "convention": "papers",
            "unit": CONVENTIONS["papers"].unit,
            "version": VERSION,
        }
        return {name: value for name, value in facts.items() if value is not None}

    def command(self, extension: str) -> str:
        """The command line that sweeps again; its file is identical under the same version."""
        facts = self.facts()
        own: Facts = {"classes": self.base.entry.classes, "in_channels": self.base.entry.in_channels}
        usual = own | {"rounding": None, "quantities": ",".join(QUANTITIES)}
        words = ["multadds", "sweep", self.base.network if self.base.own is None else f"{self.base.network}.yaml"]
        for name in ("alpha", "resolution", "t", *usual):
            if facts.get(name) is not None and facts[name] != usual.get(name):
                words += [f"--{name.replace('_', '-')}", str(facts[name])]
        words += ["--audit"] if self.audit else []
        return shlex.join([*words, "--out", f"{self.base.network}_sweep.{extension}"])


def sweep_plan(
    network: str | Network,
    *,
    alpha: Any = 1.0,
    rho: Any = None,
    resolution: Any = None,
    t: Any = None,
    classes: int | None = None,
    in_channels: int | None = None,
    rounding: Rounding | None = None,
    least_depth: int | None = None,
    quantities: str | Sequence[str] = QUANTITIES,
    audit: bool = False,
    chunk_designs: int | None = None,
) -> SweepPlan:
    """The checked plan of a sweep; the options are those of :func:`analysis.tradeoff.sweep.sweep`.

    Raises ``ValueError`` for a value outside its limits and ``OverflowError`` beyond 64-bit integers.
    """
    if rho is not None and resolution is not None:
        raise ValueError("give rho or resolution, not both")
    ts = (None,) if t is None else ranges.numbers("t", t, MOST_T)
    base = make_design(
        network, t=ts[0], classes=classes, in_channels=in_channels, rounding=rounding, least_depth=least_depth
    )
    own = base.entry.base
    pairs = ranges.rho_sides(rho, own) if rho is not None else ranges.sides(own if resolution is None else resolution)
    named = quantities.split(",") if isinstance(quantities, str) else quantities
    plan = SweepPlan(
        base=base,
        alphas=ranges.numbers("alpha", alpha, MOST_ALPHA),
        sides=pairs,
        ts=(base.t,) if t is None else ts,
        quantities=tuple(dict.fromkeys([*(AUDITED if audit else ()), *named])),
        audit=audit,
        chunk_designs=CHUNK_DESIGNS,
    )
    _check(plan)
    return _cut(plan, chunk_designs)


def _check(plan: SweepPlan) -> None:
    """Refuse now what a chunk would refuse later: too many designs, an unknown quantity, more than 64 bits."""
    most = MOST_AUDITED if plan.audit else MOST_DESIGNS
    if plan.designs > most:
        kind = "an audited sweep" if plan.audit else "a sweep"
        raise ValueError(f"{kind} must hold at most {most:,} designs, got {plan.designs:,}")
    if not plan.quantities:
        raise ValueError(f"quantities must name at least one of {', '.join(QUANTITIES)}")
    corner = (max(height for height, _ in plan.sides), max(width for _, width in plan.sides))
    dearest = None if plan.base.t is None else max(t for t in plan.ts if t is not None)
    design_grid(plan.base, alphas=[max(plan.alphas)], sides=[corner], ts=[dearest], quantities=plan.quantities)


def _cut(plan: SweepPlan, chunk_designs: int | None) -> SweepPlan:
    """The plan with its chunk size: an audit takes a fifth of a second, so that its chunks are small."""
    audited = min(64, max(4, plan.designs // 10_000))
    size = (audited if plan.audit else CHUNK_DESIGNS) if chunk_designs is None else chunk_designs
    if size < 1:
        raise ValueError(f"chunk_designs must be at least 1, got {shortened(size)}")
    return replace(plan, chunk_designs=size)


def _piece(axis: Sequence[Value], at: int, pieces: int) -> Sequence[Value]:
    """One of so many pieces of an axis, all as long or one longer."""
    return axis[at * len(axis) // pieces : (at + 1) * len(axis) // pieces]


def _ceil(count: int, by: int) -> int:
    return -(-count // by)


def _rounding_text(rule: Rounding) -> str:
    return f"divisor={rule.divisor},least={rule.least},nearest={rule.nearest},keep={rule.keep}"
