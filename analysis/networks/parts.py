"""The layers that rows are made of, each with its own batch norm, activation and bias."""

from __future__ import annotations

from typing import Literal

from analysis.networks.layers import Activation, Kind, Layer
from analysis.networks.maps import Map
from analysis.networks.sizes import Mask, Size


def convolution(
    name: str,
    block: str,
    x: Map,
    c: Size,
    k: int,
    s: int,
    activation: Activation | None,
    *,
    groups: int = 1,
    batch_norm: bool = True,
    present: Mask = True,
    held: Size = 0,
    holds_input: Mask = True,
) -> Layer:
    """A convolution, of all channels or in groups, with batch norm, or a bias in its place, and activation.

    Pointwise for k = 1 without groups. ``held`` is of its own input unless told.
    """
    kind: Kind = "pw" if k == groups == 1 else "conv"
    return Layer(
        name,  # by place: twice as fast as by keyword, and a table has many layers
        block,
        kind,
        x,
        x.strided(k, s, c),
        (k, k),
        s,
        groups,
        batch_norm=batch_norm,
        activation=activation,
        bias=not batch_norm,
        present=present,
        held=held,
        holds_input=holds_input,
    )


def depthwise(
    block: str, x: Map, k: int, s: int, activation: Activation, *, held: Size = 0, holds_input: Mask = False
) -> Layer:
    """A depthwise convolution with batch norm and activation."""
    c = x.channels
    return Layer(
        f"{block}.dw",
        block,
        "dw",
        x,
        x.strided(k, s, c),
        (k, k),
        s,
        c,
        activation=activation,
        held=held,
        holds_input=holds_input,
    )


def linear_projection(block: str, x: Map, c: Size, *, shortcut: Mask, held: Size) -> Layer:
    """A pointwise convolution with batch norm alone, the end of an inverted residual."""
    return Layer(
        f"{block}.project",
        block,
        "pw",
        x,
        x.strided(1, 1, c),
        activation=None,
        shortcut=shortcut,
        held=held,
    )


def global_pool(name: str, block: str, x: Map) -> Layer:
    """The mean of every channel."""
    return Layer(
        name=name,
        block=block,
        kind="pool",
        input=x,
        output=Map(x.channels, 1, 1),
        kernel=(x.height, x.width),
        batch_norm=False,
        activation=None,
    )


def window_pool(
    name: str, block: str, x: Map, of: Literal["max", "average"], k: int, s: int, padding: int = 0
) -> Layer:
    """The maximum or the mean of every window of every channel."""
    return Layer(
        name=name,
        block=block,
        kind="pool",
        input=x,
        output=x.pooled(k, s, padding),
        kernel=(k, k),
        stride=s,
        batch_norm=False,
        activation=None,
        pooling=of,
        padding=padding,
    )


def dropout(name: str, block: str, x: Map, p: float) -> Layer:
    """A dropout by itself: it passes its input on, and while training some of it at random is 0."""
    return Layer(
        name=name, block=block, kind="dropout", input=x, output=x, batch_norm=False, activation=None, dropout=p
    )


def fully_connected(
    name: str,
    block: str,
    x: Map,
    c: Size,
    *,
    activation: Activation | None = None,
    dropout: float = 0.0,
    flattens: bool = False,
) -> Layer:
    """A fully connected layer with bias, without batch norm, on a 1×1 map, or on any map read as one vector."""
    return Layer(
        name=name,
        block=block,
        kind="fc",
        input=x.flattened() if flattens else x,
        output=Map(c, 1, 1),
        batch_norm=False,
        activation=activation,
        bias=True,
        flattened=x if flattens else None,
        dropout=dropout,
    )
