"""What tests of several parts share: the command as a process, torch's own count, and how a figure is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

from analysis.networks import Layer
from analysis.networks.modules import network_module

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "analysis.cli"]


def process(*words: str, text: bool = True) -> subprocess.CompletedProcess:
    """A command run to its end by itself, in the folder that the test is in."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([*COMMAND, *words], capture_output=True, text=text, timeout=240, env=environment)


def torch_mult_adds(layers: list[Layer]) -> int:
    """Half the FLOPs of torch's own counter, which counts multiply and add apart, on a module without storage."""
    shape = (int(side) for side in layers[0].input)
    with torch.device("meta"):
        module, images = network_module(layers).eval(), torch.empty(1, *shape)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        module(images)
    assert counter.get_total_flops() % 2 == 0
    return counter.get_total_flops() // 2


def printed_as(value: int, printed: str, *, unit: int = 10**6) -> bool:
    """Whether a value rounds to the printed figure: within half a unit of its last digit."""
    half = Decimal(1).scaleb(Decimal(printed).as_tuple().exponent) / 2
    return abs(Decimal(int(value)) / unit - Decimal(printed)) <= half
