"""What several reference networks are made of."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

Kernel = int | tuple[int, int]


def conv_relu(
    channels: int,
    width: int,
    kernel: Kernel,
    *,
    stride: int = 1,
    padding: Kernel = 0,
    groups: int = 1,
    dilation: int = 1,
) -> nn.Sequential:
    """A convolution with bias and a ReLU, as networks had it before batch normalisation."""
    return nn.Sequential(
        nn.Conv2d(channels, width, kernel, stride, padding, groups=groups, dilation=dilation),
        nn.ReLU(inplace=True),
    )


def conv_bn(
    channels: int,
    width: int,
    kernel: Kernel,
    *,
    stride: int = 1,
    padding: Kernel = 0,
    groups: int = 1,
    dilation: int = 1,
) -> nn.Sequential:
    """A convolution without bias and its batch norm, no activation."""
    return nn.Sequential(
        nn.Conv2d(channels, width, kernel, stride, padding, groups=groups, dilation=dilation, bias=False),
        nn.BatchNorm2d(width),
    )


def conv_bn_relu(
    channels: int,
    width: int,
    kernel: Kernel,
    *,
    stride: int = 1,
    padding: Kernel = 0,
    groups: int = 1,
    dilation: int = 1,
) -> nn.Sequential:
    """A convolution without bias, batch norm and ReLU."""
    layers = conv_bn(channels, width, kernel, stride=stride, padding=padding, groups=groups, dilation=dilation)
    return layers.append(nn.ReLU(inplace=True))


def pooled_classifier(channels: int, *, classes: int = 1000, dropout: float = 0.0, bias: bool = True) -> nn.Sequential:
    """Global average pool and a fully connected layer: [N, channels, H, W] → [N, classes]."""
    return nn.Sequential(
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout), nn.Linear(channels, classes, bias=bias)
    )


def response_norm() -> nn.LocalResponseNorm:
    """Local response normalisation with AlexNet's constants: n = 5, α = 10⁻⁴, β = 0.75, k = 2.

    AlexNet's formula multiplies α by the sum over the n neighbours, torch by their mean: hence n · α here.
    """
    return nn.LocalResponseNorm(5, alpha=5 * 1e-4, beta=0.75, k=2.0)


class Branches(nn.Module):
    """Branches on the same input, their outputs side by side in the channels."""

    def __init__(self, branches: Sequence[nn.Module]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], dim=1)


def tower(channels: int, *convs: tuple[int, Kernel], stride: int = 1, valid: bool = False) -> nn.Sequential:
    """Convolutions with batch norm and ReLU one after another, each its width and kernel, sizes kept.

    The last one has ``stride``, and no padding where ``valid``.
    """
    layers = nn.Sequential()
    for number, (width, kernel) in enumerate(convs, start=1):
        last = number == len(convs)
        padding = 0 if last and valid else _half(kernel)
        layers.append(conv_bn_relu(channels, width, kernel, stride=stride if last else 1, padding=padding))
        channels = width
    return layers


def projected(pool: nn.Module, channels: int, width: int) -> nn.Sequential:
    """A pool that keeps the size and a 1×1 convolution."""
    return nn.Sequential(pool, conv_bn_relu(channels, width, 1))


def average_pool() -> nn.AvgPool2d:
    """A 3×3 average pool with stride 1; at the edge, over the pixels inside the map."""
    return nn.AvgPool2d(3, 1, padding=1, count_include_pad=False)


def _half(kernel: Kernel) -> Kernel:
    return kernel // 2 if isinstance(kernel, int) else (kernel[0] // 2, kernel[1] // 2)
