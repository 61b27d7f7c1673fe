"""ReLU's loss of information in few channels, as an experiment: the first figure of the MobileNetV2 paper.

A spiral in the plane is embedded in n channels by a random matrix T, goes through ReLU, and is brought back by the
pseudo-inverse T⁺. Everything is computed from a seed; the same seed gives the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.networks.values import check_count

Floats: TypeAlias = NDArray[np.float64]

SOURCE = "arXiv:1801.04381, Figure 1"
LEAST_CHANNELS, MOST_CHANNELS = 2, 30
CHANNELS = tuple(range(LEAST_CHANNELS, MOST_CHANNELS + 1))
PRINTED_CHANNELS = (2, 3, 5, 15, 30)
"""The n that the paper shows."""

POINTS = 300
TURNS = 2.5
SEEDS = 40
"""How many random matrices the curve over n is the spread of."""

MOST_SEED = 999_999


def spiral(points: int = POINTS) -> Floats:
    """[points, 2]: a spiral around the origin out to radius 1, points evenly far apart in angle."""
    along = np.arange(1, points + 1) / points
    angle = 2 * np.pi * TURNS * along
    return np.stack([along * np.cos(angle), along * np.sin(angle)], axis=1)


def embedding(channels: int, seed: int) -> Floats:
    """T, [channels, 2]: independent normal numbers; one more channel adds a row and keeps the others."""
    return np.random.default_rng(seed).standard_normal((MOST_CHANNELS, 2))[:channels]


@dataclass(frozen=True)
class Embedding:
    """What came back of the spiral through one T.

    ``returned`` is [points, 2], T⁺ · ReLU(T · x) times ``scale``, the one factor that fits best: ReLU halves what many
    random channels bring back, and the next layer's weights would undo such a factor. ``error`` is the root mean square
    distance to the spiral over the root mean square of the spiral, after that factor; ``raw_error`` before it.
    ``lost`` marks the points with fewer than two channels above 0, of which no decoder can find both coordinates.
    """

    channels: int
    seed: int
    returned: Floats
    scale: float
    error: float
    raw_error: float
    lost: NDArray[np.bool_]

    @property
    def lost_share(self) -> float:
        """The share of points that no decoder can bring back."""
        return float(self.lost.mean())


def experiment(channels: int, *, seed: int = 0, relu: bool = True) -> Embedding:
    """Embed, ReLU, bring back; ``relu=False`` leaves ReLU out, and everything comes back.

    Raises ``ValueError`` for channels outside 2 to 30 or a seed outside 0 to 999,999.
    """
    channels = check_count("channels", channels, LEAST_CHANNELS, MOST_CHANNELS)
    seed = check_count("seed", seed, 0, MOST_SEED)
    x, matrix = spiral(), embedding(channels, seed)
    hidden = x @ matrix.T
    returned = (np.maximum(hidden, 0) if relu else hidden) @ np.linalg.pinv(matrix).T
    scale = float(_scales(returned, x))
    lost = (hidden > 0).sum(axis=1) < 2 if relu else np.zeros(len(x), bool)
    return Embedding(
        channels,
        seed,
        scale * returned,
        scale,
        error=float(_errors(scale * returned, x)),
        raw_error=float(_errors(returned, x)),
        lost=lost,
    )


@dataclass(frozen=True)
class Spread:
    """Over random matrices, for each n: the middle error, its tenth and ninetieth percentile, and the lost share."""

    channels: tuple[int, ...]
    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]
    lost: tuple[float, ...]


def spread(*, seeds: int = SEEDS, relu: bool = True) -> Spread:
    """The error after the best factor over n = 2 … 30 for seeds 0 … ``seeds`` − 1."""
    x = spiral()
    matrices = np.stack([embedding(MOST_CHANNELS, seed) for seed in range(seeds)])
    hidden = x @ matrices.transpose(0, 2, 1)  # [seeds, points, most channels]
    passed = np.maximum(hidden, 0) if relu else hidden
    errors = np.array([_errors_of(passed[..., :n], matrices[:, :n], x) for n in CHANNELS])
    active = np.cumsum(hidden > 0, axis=-1)
    lost = (active < 2).mean(axis=(0, 1))[LEAST_CHANNELS - 1 :] if relu else np.zeros(len(CHANNELS))
    low, middle, high = (tuple(np.percentile(errors, part, axis=1).tolist()) for part in (10, 50, 90))
    return Spread(CHANNELS, low, middle, high, tuple(lost.tolist()))


def _errors_of(passed: Floats, matrices: Floats, x: Floats) -> Floats:
    """[seeds]: the error of each matrix after its best factor."""
    returned = passed @ np.linalg.pinv(matrices).transpose(0, 2, 1)
    return _errors(_scales(returned, x)[:, None, None] * returned, x)


def _scales(returned: Floats, x: Floats) -> Floats:
    """The factor by which each [points, 2] is nearest to ``x``: least squares; 1 where nothing came back."""
    length = np.sum(returned * returned, axis=(-2, -1))
    factors: Floats = np.divide(np.sum(returned * x, axis=(-2, -1)), length, out=np.ones_like(length), where=length > 0)
    return factors


def _errors(returned: Floats, x: Floats) -> Floats:
    """Root mean square distance over the root mean square of ``x``."""
    errors: Floats = np.sqrt(np.sum((returned - x) ** 2, axis=(-2, -1)) / np.sum(x * x))
    return errors


CODE = """\
import numpy as np

n, seed = {channels}, {seed}
along = np.arange(1, {points} + 1) / {points}
angle = 2 * np.pi * {turns} * along
x = np.stack([along * np.cos(angle), along * np.sin(angle)], axis=1)  # the spiral, [{points}, 2]

T = np.random.default_rng(seed).standard_normal(({most}, 2))[:n]  # a random embedding in n channels
hidden = np.maximum(x @ T.T, 0)  # ReLU
back = hidden @ np.linalg.pinv(T).T
back *= (back * x).sum() / (back * back).sum()  # the one factor that fits best
error = np.sqrt(((back - x) ** 2).sum() / (x ** 2).sum())
print(f"{{error:.4f}}")
"""


def code(channels: int, *, seed: int = 0) -> str:
    """The experiment as a script that prints the error in four decimals."""
    return CODE.format(channels=channels, seed=seed, points=POINTS, turns=TURNS, most=MOST_CHANNELS)
