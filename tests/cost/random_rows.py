"""Networks of random rows, of every block there is: small ones, so that hundreds of them are built in a minute."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from analysis.networks import ACTIVATIONS, DIVISIBLE, TRUNCATED, Network, Rounding
from analysis.networks.branches import SqueezeExcite
from analysis.networks.rows import (
    BottleneckResidual,
    Conv,
    ConvLast,
    Dense,
    DepthwiseSeparable,
    Dropout,
    Head,
    InvertedResidual,
    Pool,
    Row,
)

C, N, S, K = st.integers(1, 24), st.integers(1, 2), st.integers(1, 3), st.sampled_from([1, 3, 5])
ACTIVATION = st.sampled_from(list(ACTIVATIONS))
LINEAR = ACTIVATION | st.none()
ALPHA = st.none() | st.floats(0.2, 2)
DROPOUT = st.sampled_from([0.0, 0.2])
SIDE = st.integers(14, 33)
SE = st.none() | st.builds(
    SqueezeExcite, gate=ACTIVATION, squeezes=st.sampled_from(["map", "block input"]), ratio=st.floats(0.01, 1)
)


@st.composite
def grouped(draw: st.DrawFn, channels: int) -> Conv:
    """A convolution in groups that divide the channels it reads."""
    groups = draw(st.sampled_from([g for g in range(1, channels + 1) if channels % g == 0]))
    options = {"n": draw(N), "s": draw(S), "k": draw(K), "activation": draw(LINEAR), "alpha": draw(ALPHA)}
    return Conv(groups * draw(st.integers(1, 4)), groups=groups, batch_norm=draw(st.booleans()), **options)


@st.composite
def pool(draw: st.DrawFn, *, first: bool) -> Pool:
    """A pool of windows; one that is not first is padded, so that a window fits the smallest map."""
    k, padding = draw(st.sampled_from([2, 3])), draw(st.integers(0, 1)) if first else 1
    return Pool(draw(st.sampled_from(["max", "average"])), k=k, s=draw(S), n=1, padding=padding)


@st.composite
def residual(draw: st.DrawFn) -> BottleneckResidual:
    """ResNet's block, or ResNeXt's: the hidden channels are a multiple of the groups."""
    groups, expansion = draw(st.sampled_from([1, 1, 2, 4])), draw(st.sampled_from([1.0, 2.0, 4.0]))
    c = int(groups * expansion) * draw(st.integers(1, 4))
    options = {"n": draw(N), "s": draw(S), "k": draw(K), "activation": draw(ACTIVATION), "alpha": draw(ALPHA)}
    strided = draw(st.sampled_from(["first", "middle"]))
    return BottleneckResidual(c, expansion=expansion, groups=groups, strided=strided, se=draw(SE), **options)


SEPARABLE = st.builds(DepthwiseSeparable, C, n=N, s=S, k=K, activation=ACTIVATION, se=SE, alpha=ALPHA)
INVERTED = st.builds(
    InvertedResidual,
    *(C, N, S),
    t=st.none() | st.floats(0.3, 4) | st.just(1.0),
    k=K,
    se=SE,
    activation=ACTIVATION,
    rounded=st.booleans(),
    skip=st.booleans(),
    alpha=ALPHA,
)
PLAIN = st.builds(Conv, C, n=N, s=S, k=K, activation=LINEAR, batch_norm=st.booleans(), alpha=ALPHA)
LAST = st.builds(ConvLast, C, fixed=st.booleans(), activation=LINEAR, alpha=ALPHA)
OTHERS = PLAIN | residual() | SEPARABLE | INVERTED | LAST | st.builds(Dropout, DROPOUT)
ON_VECTORS = st.builds(Dense, C, n=N, dropout=DROPOUT, activation=LINEAR, alpha=ALPHA) | st.builds(Dropout, DROPOUT)
HEAD = st.builds(Head, st.integers(1, 12), dropout=DROPOUT, penultimate=st.none() | C, pooled=st.booleans())


@st.composite
def on_maps(draw: st.DrawFn, channels: int) -> list[Row]:
    """Up to five rows on an image of so many channels."""
    rows: list[Row] = []
    for _ in range(draw(st.integers(1, 5))):
        rows.append(draw(OTHERS | grouped(channels) | pool(first=not rows)))
        channels = getattr(rows[-1], "c", channels)
    return rows


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """A network of up to five rows on maps, up to two on vectors and a head; images of 1 to 4 channels, 14 to 33 px."""
    in_channels = draw(st.integers(1, 4))
    rows, vectors, head = draw(on_maps(in_channels)), draw(st.lists(ON_VECTORS, max_size=2)), draw(HEAD)
    if any(isinstance(row, Dense) for row in vectors):
        head = replace(head, pooled=False)
    rounding = draw(st.sampled_from([TRUNCATED, DIVISIBLE, Rounding(least=1), Rounding(4, 1, True, 0.9)]))
    return Network(
        **{"name": "random", "label": "Random", "source": "", "rounding": rounding, "rows": (*rows, *vectors, head)},
        **{"t": draw(st.floats(0.5, 4)), "base": draw(st.tuples(SIDE, SIDE)), "in_channels": in_channels},
    )
