"""Whether a network is within its limits: each quantity against its budget, and against a baseline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from analysis.cost.budgets import BUDGETS, Budget
from analysis.gate.costs import Costs
from analysis.networks.values import shortened

MOST_GROWTH = 1_000_000
"""Percent."""


@dataclass(frozen=True)
class Limits:
    """Budgets by the total they bound, and the growth over a baseline that any total may have, in percent."""

    budgets: Mapping[str, int] = field(default_factory=dict)
    growth: Decimal | None = None


@dataclass(frozen=True)
class Finding:
    """One quantity against one limit: a budget, or the growth over ``old``, its value in the baseline.

    ``most`` is the most that is within, a whole number; ``None`` where there is no limit.
    """

    rule: Literal["budget", "growth"]
    total: str
    value: int
    most: int | None
    old: int | None = None

    @property
    def over(self) -> int:
        """By how much the value exceeds the limit; 0 within."""
        return 0 if self.most is None else max(0, self.value - self.most)

    @property
    def option(self) -> str:
        """The limit's name: ``max_params``, or ``max_growth``."""
        return "max_growth" if self.rule == "growth" else self.kind.name

    @property
    def kind(self) -> Budget:
        """The quantity: how it is called and what it counts."""
        return BUDGETS[self.total]


@dataclass(frozen=True)
class Verdict:
    """A named network against its limits: every quantity, those without a limit too.

    ``baseline`` is what it was compared with, ``growth`` the percent allowed, ``notes`` sentences on what could not be
    counted or compared.
    """

    name: str
    costs: Costs
    findings: tuple[Finding, ...]
    baseline: Costs | None = None
    growth: Decimal | None = None
    notes: tuple[str, ...] = ()

    @property
    def limited(self) -> tuple[Finding, ...]:
        """The findings that have a limit."""
        return tuple(finding for finding in self.findings if finding.most is not None)

    @property
    def exceeded(self) -> tuple[Finding, ...]:
        """The findings that are over their limit."""
        return tuple(finding for finding in self.findings if finding.over)


def judge(name: str, costs: Costs, limits: Limits, baseline: Costs | None = None) -> Verdict:
    """The costs against their limits; a total that is equal to its limit is within.

    Growth is compared as fractions: exactly 2 % is within 2 %. Raises ``ValueError`` for a limit of growth without a
    baseline, and for a baseline in another number format.
    """
    if baseline is None and limits.growth is not None:
        raise ValueError("max_growth needs a baseline, got none")
    if baseline is not None and baseline.number_format != costs.number_format:
        raise ValueError(
            f"the number format must be the baseline's, {baseline.number_format}, got {costs.number_format}"
        )
    budgets = (Finding("budget", total, costs.totals[total], limits.budgets.get(total)) for total in BUDGETS)
    return Verdict(
        name=name,
        costs=costs,
        findings=(*budgets, *_growth(costs, limits.growth, baseline)),
        baseline=baseline,
        growth=limits.growth,
        notes=(*costs.notes, *_not_compared(baseline)),
    )


def _growth(costs: Costs, percent: Decimal | None, baseline: Costs | None) -> list[Finding]:
    old = {} if baseline is None else baseline.totals
    return [
        Finding("growth", total, costs.totals[total], _grown(old[total], percent), old[total])
        for total in BUDGETS
        if total in old
    ]


def _grown(old: int, percent: Decimal | None) -> int | None:
    """The most that a value may grow to, a whole number; no float comes in."""
    return None if percent is None else int(old * (100 + Fraction(percent)) / 100)


def _not_compared(baseline: Costs | None) -> list[str]:
    missing = (
        [] if baseline is None else [kind.label for total, kind in BUDGETS.items() if total not in baseline.totals]
    )
    return [f"not in the baseline, so not compared: {', '.join(missing)}"] if missing else []


def read_growth(name: str, value: Any) -> Decimal:
    """Percent from ``"2%"`` or ``"0.5 %"``, exactly as written.

    Raises ``ValueError`` naming the value; a bare number is refused, since 0.02 and 2 may both mean 2 %.
    """
    text = value.strip()[:40] if isinstance(value, str) else ""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+) ?%", text, re.ASCII)
    if match is None:
        raise ValueError(f"{name} must be a percentage such as 2%, got {shortened(value)}")
    percent = Decimal(match[1])
    if percent > MOST_GROWTH:
        raise ValueError(f"{name} must be at most {MOST_GROWTH:,}%, got {shortened(value)}")
    return percent
