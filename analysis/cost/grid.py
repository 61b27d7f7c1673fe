"""Closed-form totals of every design of a grid of α × resolution × t, on arrays."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cost import closed_form
from analysis.cost.totals import design_totals
from analysis.networks.design import Design
from analysis.networks.fields import MOST_ALPHA, MOST_T
from analysis.networks.resolutions import parse_resolution
from analysis.networks.sizes import nearest
from analysis.networks.values import check_number, shortened

QUANTITIES = {
    "mult_adds": (closed_form.mult_adds, closed_form.total),
    "params": (closed_form.params, closed_form.total),
    "peak_activation_elements": (closed_form.alive, closed_form.peak),
    "peak_unfused_elements": (closed_form.alive_unfused, closed_form.peak),
}
"""What a grid can hold: a figure of a layer, and how layers combine to the network's."""

MOST_DESIGNS = 20_000_000
"""The most designs one grid may hold in memory."""


def design_grid(
    base: Design,
    *,
    alphas: Sequence[float],
    sides: Sequence[tuple[int, int]],
    ts: Sequence[float | None],
    quantities: Sequence[str] = ("mult_adds", "params"),
) -> pd.DataFrame:
    """A row a design, α slowest and t fastest: ``alpha, rho, height, width, t`` and the quantities.

    ``base`` gives network, classes, input channels and rounding. ``sides`` are (height, width) in px. ``rho`` is NaN
    for an input of another aspect ratio than the network's own; ``t`` is left out where the network has none.
    Raises ``ValueError`` for a value outside its limits and ``OverflowError`` beyond 64-bit integers.
    """
    shape = (len(alphas), len(sides), len(ts))
    _check_asked(base, quantities, designs=prod(shape), ts=ts)
    alpha = _axis("alpha", alphas, MOST_ALPHA).reshape(-1, 1, 1)
    t = None if base.t is None else _axis("t", [base.t if t is None else t for t in ts], MOST_T).reshape(1, 1, -1)
    height, width = np.array(sides, np.int64).T.reshape(2, 1, -1, 1)
    _check_corner(base, alpha, height, width, t)

    layers = base.entry.layers(
        alpha=alpha,
        height=height,
        width=width,
        t=t,
        classes=base.classes,
        in_channels=base.in_channels,
        rounding=base.rounding,
    )
    columns: dict[str, Any] = {
        "alpha": alpha,
        "rho": _rho(height, width, base.entry.base),
        "height": height,
        "width": width,
    }
    columns |= {} if t is None else {"t": t}
    for name in quantities:
        of_layer, combine = QUANTITIES[name]
        columns[name] = combine(of_layer(layer) for layer in layers)
    return pd.DataFrame({name: np.broadcast_to(values, shape).ravel() for name, values in columns.items()}, copy=False)


def _check_asked(base: Design, quantities: Sequence[str], *, designs: int, ts: Sequence[float | None]) -> None:
    for quantity in quantities:
        if not isinstance(quantity, str) or quantity not in QUANTITIES:
            raise ValueError(f"quantity must be one of {', '.join(QUANTITIES)}, got {shortened(quantity)}")
    if not 1 <= designs <= MOST_DESIGNS:
        raise ValueError(f"a grid must hold from 1 to {MOST_DESIGNS:,} designs, got {designs:,}")
    given = [t for t in ts if t is not None]
    if base.t is None and given:
        raise ValueError(f"{base.network} has no expansion factor t, got t={shortened(given[0])}")


def _rho(height: NDArray[np.int64], width: NDArray[np.int64], base: tuple[int, int]) -> NDArray[np.float64]:
    """The resolution multiplier of each input; NaN for another aspect ratio than the network's own."""
    return np.where(width == nearest(height * base[1] / base[0]), height / base[0], np.nan)


def _axis(name: str, values: Sequence[Any], most: float) -> NDArray[np.float64]:
    return np.array([check_number(name, value, most) for value in values], np.float64)


def axis_values(value: Any) -> list[Any]:
    """A scalar as a list of one; a sequence or array as a list."""
    value = value.tolist() if isinstance(value, (np.ndarray, pd.Series, pd.Index)) else value
    if not isinstance(value, (list, tuple, range)):
        return [value]
    if len(value) > MOST_DESIGNS:
        raise ValueError(f"a grid must hold from 1 to {MOST_DESIGNS:,} designs, got an axis of {len(value):,}")
    return list(value)


def axis_sides(resolutions: Any) -> list[tuple[int, int]]:
    """(height, width) pairs of one resolution or a list of them; a tuple is one height × width."""
    values = [resolutions] if isinstance(resolutions, tuple) else axis_values(resolutions)
    return [parse_resolution(resolution) for resolution in values]


def _check_corner(base: Design, alpha: Any, height: Any, width: Any, t: Any) -> None:
    """Rule overflow out by the dearest corner, in Python integers; t = 1 has no expansion, so it is not the dearest."""
    corner = base.with_(alpha=float(alpha.max()), height=int(height.max()), width=int(width.max()))
    if t is not None:
        corner = corner.with_(t=max(float(t.max()), 2.0))
    design_totals(corner, "float64")
