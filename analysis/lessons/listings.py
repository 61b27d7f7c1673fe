"""A step as PyTorch code that runs as shown, with what it prints; and its run in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analysis.cost import closed_form
from analysis.cost.children import ONE_THREAD
from analysis.cost.limits import too_large_to_build
from analysis.networks.layers import Layer

SECONDS = 60.0
"""How long a run may take; torch alone takes some seconds to import."""

HEAD = """\
import torch
from fvcore.nn import FlopCountAnalysis
from torch import nn
"""

COUNT = """\
for name, (module, x) in modules.items():
    mult_adds = FlopCountAnalysis(module.eval(), x).by_operator()["conv"]
    params = sum(p.numel() for p in module.parameters())
    print(f"{name}: {mult_adds:,} Mult-Adds, {params:,} parameters")
"""

SHAPES = """\
    print("  weights", *(tuple(p.shape) for p in module.parameters()))
"""

_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Listing:
    """PyTorch code, and the lines it prints by the closed form; ``too_large`` says why it is not run here."""

    code: str
    prints: tuple[str, ...]
    too_large: str | None = None


def listing(modules: Mapping[str, Sequence[Layer]], *, shapes: bool = False) -> Listing:
    """Code that builds the layers of each module, counts them with fvcore and prints the counts by module name.

    With ``shapes``, for modules of weights alone, it prints the shapes of the weight tensors too.
    """
    entries = "".join(f'    "{name}": ({_module(layers)}, {_input(layers[0])}),\n' for name, layers in modules.items())
    code = f"{HEAD}\nmodules = {{\n{entries}}}\n{COUNT}{SHAPES if shapes else ''}"
    prints = [line for name, layers in modules.items() for line in _printed(name, layers, shapes=shapes)]
    return Listing(code, tuple(prints), _too_large([layer for layers in modules.values() for layer in layers]))


def _module(layers: Sequence[Layer]) -> str:
    parts = [part for layer in layers for part in _parts(layer)]
    if len(parts) == 1:
        return parts[0]
    return "nn.Sequential(\n" + "".join(f"        {part},\n" for part in parts) + "    )"


def _parts(layer: Layer) -> list[str]:
    m, n, kernel = int(layer.input.channels), int(layer.output.channels), int(layer.kernel[0])
    options = {"stride": (layer.stride, 1), "padding": (kernel // 2, 0), "groups": (int(layer.groups), 1)}
    given = [f"{name}={value}" for name, (value, default) in options.items() if value != default]
    convolution = f"nn.Conv2d({', '.join([str(m), str(n), str(kernel), *given, f'bias={layer.bias}'])})"
    return [convolution, f"nn.BatchNorm2d({n})"] if layer.batch_norm else [convolution]


def _input(layer: Layer) -> str:
    return f"torch.zeros(1, {layer.input.channels}, {layer.input.height}, {layer.input.width})"


def _printed(name: str, layers: Sequence[Layer], *, shapes: bool) -> list[str]:
    mult_adds = sum(int(closed_form.mult_adds(layer)) for layer in layers)
    params = sum(int(closed_form.params(layer)) for layer in layers)
    line = f"{name}: {mult_adds:,} Mult-Adds, {params:,} parameters"
    tensors = " ".join(str(weight_shape(layer)) for layer in layers)
    return [line, f"  weights {tensors}"] if shapes else [line]


def weight_shape(layer: Layer) -> tuple[int, int, int, int]:
    """The shape of the weight tensor in torch: [out, in / groups, k, k]."""
    within = int(layer.input.channels) // int(layer.groups)
    return int(layer.output.channels), within, int(layer.kernel[0]), int(layer.kernel[1])


def _too_large(layers: Sequence[Layer]) -> str | None:
    mult_adds, params = (
        sum(int(cost(layer)) for layer in layers) for cost in (closed_form.mult_adds, closed_form.params)
    )
    return too_large_to_build(mult_adds, params, sum(int(closed_form.alive(layer)) for layer in layers))


def plain(layer: Layer, *, bias: bool = False, batch_norm: bool = False) -> Layer:
    """The layer with the switches of step 4; by default its weights alone."""
    return layer._replace(bias=bias, batch_norm=batch_norm, activation=None)


@lru_cache(256)
def run_listing(shown: Listing) -> tuple[str, ...]:
    """The lines that the code printed, run by a Python of its own, one at a time on this machine.

    ``ValueError`` where it is too large, ``RuntimeError`` where it took too long or failed.
    """
    if shown.too_large is not None:
        raise ValueError(shown.too_large)
    if not _one_at_a_time.acquire(timeout=SECONDS):
        raise RuntimeError("other code is running; try again later")
    try:
        run = _python(shown.code)
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"the code ran longer than {SECONDS:g} seconds and was stopped") from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"the code failed: {last[:200]}") from None
    finally:
        _one_at_a_time.release()
    return tuple(run.stdout.splitlines())


def _python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=os.environ | ONE_THREAD,
        check=True,
    )
