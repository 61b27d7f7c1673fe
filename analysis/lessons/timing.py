"""Mult-Adds are not time: milliseconds by kind of layer beside their Mult-Adds, and why 1×1 needs no im2col."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cost import closed_form
from analysis.cost.stopwatch import Timing
from analysis.lessons.messages import marked
from analysis.networks.layers import KINDS, Kind, Layer

REASONS = (
    marked("another measurement is running; ask again in a moment"),
    marked("the measuring process did not answer; ask again"),
)
"""Why nothing was measured, as :mod:`analysis.cost.timing_process` says it (messages)."""

OTHER_KINDS = (marked("Pool"), marked("Fully connected"))
"""Kinds of layers that the other steps do not name (messages)."""


def timing_table(layers: Sequence[Layer], timing: Timing) -> pd.DataFrame:
    """By kind of layer, in the charts' order: what it costs and what it took.

    Columns: ``kind``, ``layers``, ``mult_adds`` and ``mult_adds_share``, ``ms`` (the sum of the layers' medians) and
    ``ms_share`` (of the sum over all layers, so that shares sum to 1), ``mult_adds_per_ns`` (billions a second) and
    ``mult_adds_per_element``: how much is computed with each element that is read or written.
    ``ValueError`` for a timing that was not run, or of other layers.
    """
    if timing.not_run is not None:
        raise ValueError(f"a timing that was measured is needed, got one that was not: {timing.not_run}")
    if [layer.name for layer in layers] != list(timing.layers):
        raise ValueError("the timing must be of these layers, got one of others")
    rows = [_row(kind, [layer for layer in layers if layer.kind == kind], timing) for kind in KINDS]
    frame = pd.DataFrame([row for row in rows if row["layers"]])
    for name in ("mult_adds", "ms"):
        frame.insert(list(frame).index(name) + 1, f"{name}_share", frame[name] / frame[name].sum())
    return frame


def _row(kind: Kind, layers: Sequence[Layer], timing: Timing) -> dict[str, str | int | float]:
    mult_adds = sum(int(closed_form.mult_adds(layer)) for layer in layers)
    ms = sum(timing.layers[layer.name] for layer in layers)
    moved = sum(elements_moved(layer) for layer in layers)
    return {
        "kind": kind,
        "layers": len(layers),
        "mult_adds": mult_adds,
        "ms": ms,
        "mult_adds_per_ns": mult_adds / (1e6 * ms) if ms else 0.0,
        "mult_adds_per_element": mult_adds / moved if moved else 0.0,
    }


def elements_moved(layer: Layer) -> int:
    """What the convolution must at least read and write: its input, its weights and its output, once each."""
    return int(layer.input.elements + closed_form.weights(layer) + layer.output.elements)


@dataclass(frozen=True)
class Columns:
    """A convolution as one matrix product: [rows, inner] · [inner, positions], and what must be copied for it.

    im2col writes every window of the input as a column: ``copied`` elements, ``times`` as many as the input has. A
    1×1 convolution of stride 1 copies nothing: its input, M rows of D_F² numbers, is that matrix already.
    """

    rows: int
    inner: int
    positions: int
    input: int
    copied: int

    @property
    def times(self) -> float:
        """What is copied over what the input has."""
        return self.copied / self.input


def im2col(layer: Layer) -> Columns:
    """A standard convolution (groups = 1) as a matrix product; ``ValueError`` for a grouped one or a pool."""
    if not layer.weighted or layer.groups != 1:
        raise ValueError(f"im2col is of a convolution with one group, got {layer.kind} with {layer.groups} groups")
    rows, positions = int(layer.output.channels), int(layer.output.height * layer.output.width)
    inner = int(closed_form.mult_adds_per_pixel(layer)) // rows
    ready = layer.kernel == (1, 1) and layer.stride == 1
    return Columns(rows, inner, positions, int(layer.input.elements), 0 if ready else inner * positions)


CODE = """\
import torch
from torch import nn

M, N, D_F = {m}, {n}, {d_f}
x = torch.randn(1, M, D_F, D_F, dtype=torch.float64)
conv = nn.Conv2d(M, N, 1, bias=False, dtype=torch.float64)

matrix = x.view(M, D_F * D_F)  # a view: nothing is copied
product = conv.weight.view(N, M) @ matrix  # [N, M] · [M, D_F²]
print(torch.allclose(conv(x), product.view(1, N, D_F, D_F)), matrix.data_ptr() == x.data_ptr())
"""


def code(layer: Layer) -> str:
    """A script that computes the layer's channels by a 1×1 convolution and by a matrix product on the same memory."""
    return CODE.format(m=layer.input.channels, n=layer.output.channels, d_f=layer.input.height)
