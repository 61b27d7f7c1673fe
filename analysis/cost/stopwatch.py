"""Milliseconds a layer on this machine's CPU, with torch. Only this module measures; import it late, in a child.

Figures vary from run to run and from machine to machine: they are what one machine did at one moment, no property of
the network, and stand beside its Mult-Adds to show that the two are not the same.
"""

from __future__ import annotations

import platform
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from analysis.cost import closed_form
from analysis.cost.limits import too_large_to_build
from analysis.networks.design import Design
from analysis.networks.layers import Layer

if TYPE_CHECKING:
    from torch import Tensor, nn

WARM_UP = 2
LEAST_REPEATS, MOST_REPEATS = 5, 30
SECONDS = 4.0
"""Repeats end here, once there are :data:`LEAST_REPEATS`."""

MOST_TIMED_MULT_ADDS = 16_000_000_000
"""A design beyond it is not timed: a visitor would wait, and the server with him."""


@dataclass(frozen=True)
class Timing:
    """The median over ``repeats`` forward passes, batch of one, float32, eval mode, no gradients.

    ``layers`` maps a layer's name to its milliseconds, convolution, batch norm and activation together as torch runs
    them one after another. ``not_run`` says why nothing was measured.
    """

    layers: dict[str, float] = field(default_factory=dict)
    repeats: int = 0
    warm_up: int = WARM_UP
    threads: int = 0
    cpu: str = ""
    torch: str = ""
    not_run: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The timing as plain values; ``Timing(**values)`` restores it."""
        return asdict(self)


def too_large_to_time(layers: Sequence[Layer]) -> str | None:
    """Why a design is not timed, or ``None``."""
    mult_adds = int(closed_form.total(map(closed_form.mult_adds, layers)))
    if mult_adds > MOST_TIMED_MULT_ADDS:
        return f"too large to time here: {mult_adds:,} Mult-Adds, the limit is {MOST_TIMED_MULT_ADDS:,}"
    params = int(closed_form.total(map(closed_form.params, layers)))
    return too_large_to_build(mult_adds, params, int(closed_form.peak(map(closed_form.alive_unfused, layers))))


def design_timing(design: Design, *, threads: int = 1) -> Timing:
    """Build the design with random weights and time every layer; a few seconds, and torch's import besides."""
    layers = design.layers()
    too_large = too_large_to_time(layers)
    if too_large is not None:
        return Timing(not_run=too_large)
    import torch

    from analysis.networks.modules import network_module

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    module = network_module(layers).eval()
    x = torch.rand(1, design.in_channels, design.height, design.width)
    with torch.no_grad():
        passes = _passes(module, x, [layer.name for layer in layers])
    return Timing(
        layers={layer.name: median(times[layer.name] for times in passes) for layer in layers},
        repeats=len(passes),
        threads=torch.get_num_threads(),
        cpu=cpu_name(),
        torch=torch.__version__,
    )


def _passes(module: nn.Module, x: Tensor, names: Sequence[str]) -> list[dict[str, float]]:
    """Each repeat's milliseconds by layer."""
    times: dict[str, float] = {}
    for name in names:
        _time_calls(module.get_submodule(name), name, times)
    for _ in range(WARM_UP):
        module(x)
    passes: list[dict[str, float]] = []
    end = time.perf_counter() + SECONDS
    while len(passes) < LEAST_REPEATS or (len(passes) < MOST_REPEATS and time.perf_counter() < end):
        module(x)
        passes.append(dict(times))
    return passes


def _time_calls(module: nn.Module, name: str, times: dict[str, float]) -> None:
    """Note in ``times`` what each call of the module takes, in milliseconds."""
    forward: Callable[..., Any] = module.forward

    def timed(x: Tensor) -> Any:
        start = time.perf_counter()
        y = forward(x)
        times[name] = 1e3 * (time.perf_counter() - start)
        return y

    module.forward = timed


def cpu_name() -> str:
    """The processor as the system names it."""
    file = Path("/proc/cpuinfo")
    named = re.search(r"^model name\s*:\s*(.+)$", file.read_text(), re.MULTILINE) if file.is_file() else None
    return named.group(1).strip() if named else platform.processor() or platform.machine() or "unknown CPU"
