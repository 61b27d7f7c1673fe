"""The sizes of one layer, in the papers' letters, checked at the boundary; and layers worth looking at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from analysis.lessons.messages import marked
from analysis.networks import make_design
from analysis.networks.layers import Layer
from analysis.networks.maps import Map
from analysis.networks.rounding import Rounding
from analysis.networks.values import check_count, check_number, shortened

MOST_KERNEL = 31
MOST_CHANNELS = 65_536
MOST_MAP = 1_024
MOST_STRIDE = 16
MOST_MULTIPLIER = 10.0

NARROWED = Rounding(divisor=1, least=1)
"""α · M as channels: rounded down, at least 1."""


@dataclass(frozen=True)
class Sizes:
    """A layer with D_K × D_K kernels from M to N channels on a D_F × D_F map, and the multipliers α and ρ.

    The padding is (D_K − 1) / 2, so that D_K is odd and stride 1 keeps the map. ``ValueError`` names what is wrong.
    """

    kernel: int = 3
    in_channels: int = 512
    out_channels: int = 512
    map: int = 14
    stride: int = 1
    alpha: float = 0.75
    rho: float = 0.714

    def __post_init__(self) -> None:
        for name, letter, most in COUNTS:
            object.__setattr__(self, name, check_count(letter, getattr(self, name), 1, most))
        if self.kernel % 2 == 0:
            raise ValueError(f"D_K must be odd, so that the padding (D_K - 1) / 2 is whole, got {self.kernel}")
        for name in ("alpha", "rho"):
            object.__setattr__(self, name, check_number(name, getattr(self, name), MOST_MULTIPLIER))

    @property
    def input(self) -> Map:
        """The map that enters."""
        return Map(self.in_channels, self.map, self.map)

    @property
    def out_map(self) -> int:
        """D_G, the side of the map that leaves: D_F for stride 1."""
        return int(self.input.strided(self.kernel, self.stride, 1).height)

    def thinned(self) -> Sizes:
        """The layer with α applied to M and N (rounded down, at least 1), and α = 1."""
        m, n = (int(NARROWED(self.alpha * channels)) for channels in (self.in_channels, self.out_channels))
        return self.with_(in_channels=m, out_channels=n, alpha=1.0)

    def shrunk(self) -> Sizes:
        """The layer with ρ applied to D_F (to the nearest whole number, at least 1), and ρ = 1."""
        return self.with_(map=max(1, round(self.rho * self.map)), rho=1.0)

    def with_(self, **changes: Any) -> Sizes:
        """The same sizes but for some, checked again."""
        unknown = changes.keys() - self.__dataclass_fields__.keys()
        if unknown:
            raise ValueError(f"sizes are {', '.join(self.__dataclass_fields__)}, got {shortened(min(unknown))}")
        return Sizes(**{name: getattr(self, name) for name in self.__dataclass_fields__} | changes)


COUNTS = (
    ("kernel", "D_K", MOST_KERNEL),
    ("in_channels", "M", MOST_CHANNELS),
    ("out_channels", "N", MOST_CHANNELS),
    ("map", "D_F", MOST_MAP),
    ("stride", "stride", MOST_STRIDE),
)
"""The whole numbers: field, letter, and the most it may be. The costs of the largest layer fit a 64-bit integer."""

TABLE_3 = Sizes(kernel=3, in_channels=512, out_channels=512, map=14, stride=1, alpha=0.75, rho=0.714)
"""V1 Table 3's layer (arXiv:1704.04861v1)."""

WORKED = Sizes(kernel=3, in_channels=3, out_channels=32, map=32, alpha=1.0, rho=1.0)
"""The worked example of parameters: 32 filters of 3×3×3."""


@cache
def presets() -> dict[str, Sizes]:
    """Layers worth looking at by name (a message); those of networks are read from the networks' own layers."""
    return {
        marked("V1 Table 3's layer"): TABLE_3,
        marked("MobileNet's first layer"): _of_network("mobilenet_v1", "conv1", "conv1"),
        marked("MobileNet's first separable layer"): _of_network("mobilenet_v1", "separable2.dw", "separable2.pw"),
        marked("MobileNet's last separable layer"): _of_network("mobilenet_v1", "separable10.dw", "separable10.pw"),
        marked("3×3×3 with 32 filters"): WORKED,
    }


def _of_network(network: str, first: str, last: str) -> Sizes:
    """The sizes of a network's layer, or of a depthwise layer and the pointwise one behind it."""
    layers = {layer.name: layer for layer in make_design(network).layers()}
    return sizes_of_layers(layers[first], layers[first], layers[last])


def sizes_of_layers(first: Layer, spatial: Layer, last: Layer) -> Sizes:
    """The sizes from the first layer's input to the last one's output; kernel and stride are those of ``spatial``."""
    return Sizes(
        kernel=int(spatial.kernel[0]),
        in_channels=int(first.input.channels),
        out_channels=int(last.output.channels),
        map=int(first.input.height),
        stride=spatial.stride,
        alpha=1.0,
        rho=1.0,
    )
