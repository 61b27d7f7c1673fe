"""The inverted residual as a PyTorch script that runs as shown."""

from __future__ import annotations

from analysis.cost import closed_form
from analysis.cost.limits import too_large_to_build
from analysis.lessons.inverted import Block
from analysis.lessons.listings import Listing

CODE = """\
import torch
from fvcore.nn import FlopCountAnalysis
from torch import nn

d, hidden, d_out, k, s = {d}, {hidden}, {d_out}, {k}, {s}  # hidden = t · d, t = {t:g}


def convolution(m, n, k, s=1, groups=1):
    return [nn.Conv2d(m, n, k, s, padding=k // 2, groups=groups, bias=False), nn.BatchNorm2d(n)]


class InvertedResidual(nn.Sequential):
    def forward(self, x):
        y = super().forward(x)
        return {returned}


block = InvertedResidual(
{expansion}    *convolution(hidden, hidden, k, s, groups=hidden), nn.ReLU6(),  # depthwise
    *convolution(hidden, d_out, 1),  # linear projection: no activation
)
x = torch.zeros(1, d, {h}, {h})
count = FlopCountAnalysis(block.eval(), x).unsupported_ops_warnings(False)
mult_adds, params = count.by_operator()["conv"], sum(p.numel() for p in block.parameters())
print(f"block: {{mult_adds:,}} Mult-Adds, {{params:,}} parameters")
"""

EXPANSION = "    *convolution(d, hidden, 1), nn.ReLU6(),  # expansion\n"


def code(block: Block) -> Listing:
    """The block as a PyTorch script that prints fvcore's Mult-Adds and the parameters."""
    sizes, layers = block.sizes, block.layers()
    text = CODE.format(
        d=sizes.in_channels,
        hidden=block.hidden,
        d_out=sizes.out_channels,
        k=sizes.kernel,
        s=sizes.stride,
        t=block.t,
        h=sizes.map,
        returned="x + y" if block.shortcut else "y",
        expansion=EXPANSION if len(layers) == 3 else "",
    )
    cost = block.mult_adds.value
    unfused = int(closed_form.peak(map(closed_form.alive_unfused, layers)))
    prints = f"block: {cost:,} Mult-Adds, {block.params:,} parameters"
    return Listing(text, (prints,), too_large_to_build(cost, block.params, unfused))
