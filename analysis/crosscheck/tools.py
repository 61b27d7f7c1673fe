"""The real tools: which package each is in, whether it is installed and as tested, and what it prints for a module.

Import it late where a tool is to run: running one imports torch.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

Count = Callable[["nn.Module", tuple[int, ...]], int]

INSTALL = "pip install 'multadds[crosscheck]'"


def fvcore(module: nn.Module, shape: tuple[int, ...]) -> int:
    """fvcore's own total, with its own handles."""
    import torch
    from fvcore.nn import FlopCountAnalysis

    analysis = FlopCountAnalysis(module, torch.zeros(1, *shape))
    analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False).tracer_warnings("none")
    return int(analysis.total())


def torchinfo(module: nn.Module, shape: tuple[int, ...]) -> int:
    """torchinfo's total of mult-adds."""
    from torchinfo import summary

    return int(summary(module, input_size=(1, *shape), verbose=0, device="cpu", mode="eval").total_mult_adds)


def thop(module: nn.Module, shape: tuple[int, ...]) -> int:
    """thop's operations."""
    import torch
    from thop import profile

    return int(profile(module, inputs=(torch.zeros(1, *shape),), verbose=False)[0])


def ptflops(module: nn.Module, shape: tuple[int, ...], backend: str = "pytorch") -> int:
    """ptflops's MACs by one of its back ends; ``ValueError`` where it gave up."""
    from ptflops import get_model_complexity_info

    found = get_model_complexity_info(
        module,
        shape,
        backend=backend,
        as_strings=False,
        print_per_layer_stat=False,
        verbose=False,
        ost=io.StringIO(),
    )[0]
    if found is None:
        raise ValueError("ptflops could not run the module")
    return int(found)


def ptflops_aten(module: nn.Module, shape: tuple[int, ...]) -> int:
    """ptflops's MACs on torch's dispatched operators."""
    return ptflops(module, shape, backend="aten")


def torch_counter(module: nn.Module, shape: tuple[int, ...]) -> int:
    """torch's own counter."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        module(torch.zeros(1, *shape))
    return int(counter.get_total_flops())


@dataclass(frozen=True)
class Tool:
    """A tool that can be run here: the convention that it counts by, its package, and how it counts a module."""

    convention: str
    package: str
    count: Count

    @property
    def installed(self) -> str | None:
        """The version that is installed, if any."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return None


TOOLS: dict[str, Tool] = {
    tool.convention: tool
    for tool in (
        Tool("fvcore", "fvcore", fvcore),
        Tool("torchinfo", "torchinfo", torchinfo),
        Tool("thop", "thop", thop),
        Tool("ptflops", "ptflops", ptflops),
        Tool("ptflops_aten", "ptflops", ptflops_aten),
        Tool("torch", "torch", torch_counter),
    )
}
"""The tools that are run, by the name of their convention; each leaves hooks or buffers on the module it counts."""


def run_tool(name: str, module: nn.Module, shape: tuple[int, ...]) -> int:
    """What a tool prints for a fresh module in eval mode on zeros of ``shape``, batch of one, without gradients.

    The module may be left changed. Whatever the tool raises goes through.
    """
    import torch

    with torch.no_grad():
        return TOOLS[name].count(module.eval(), shape)


def numbers(text: str) -> tuple[int, ...]:
    """The numbers of a version, for comparing: ``0.1.1-2209`` and ``0.1.1.post2209`` are one; a build is left out."""
    return tuple(map(int, re.findall(r"\d+", text.partition("+")[0])))


def version_sentence(installed: str, tested: str) -> str:
    """Whether the installed version is the tested one."""
    if numbers(installed) == numbers(tested):
        return f"{installed}, as tested"
    age = "newer" if numbers(installed) > numbers(tested) else "older"
    return f"{installed}, {age} than the {tested} that was tested: its identity may not hold"
