"""A design: a network with its α, resolution (ρ), t and classes, checked at the boundary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self, TypedDict, Unpack

from pydantic import (
    BaseModel,
    ConfigDict,
    InstanceOf,
    ValidationError,
    field_serializer,
    field_validator,
    model_validator,
)

from analysis.networks.catalogue import CATALOGUE
from analysis.networks.fields import MOST_ALPHA, MOST_CLASSES, MOST_IN_CHANNELS, MOST_T
from analysis.networks.files.folded import plain_network
from analysis.networks.files.plain import network_of
from analysis.networks.layers import Layer
from analysis.networks.network import Network
from analysis.networks.resolutions import (
    BASE_RESOLUTION,
    LEAST_RESOLUTION,
    MOST_RESOLUTION,
    parse_resolution,
    resolution_of,
    width_of,
)
from analysis.networks.rounding import Rounding
from analysis.networks.values import check_count, check_number, shortened


class Design(BaseModel):
    """One network at one α, resolution, t and number of classes; immutable and hashable.

    ``network`` is its name in the catalogue; one that is not there is given as ``own`` too, in JSON as the values of
    its file. What is left out, or ``None``, is as published; ``t`` is ``None`` where the network has no expansion
    factor. ``rounding`` overrides the network's channel rounding.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: str
    alpha: float = 1.0
    height: int = BASE_RESOLUTION
    width: int = BASE_RESOLUTION
    t: float | None = None
    classes: int = 1000
    in_channels: int = 3
    rounding: Rounding | None = None
    own: InstanceOf[Network] | None = None

    @field_validator("alpha", mode="before")
    @classmethod
    def _alpha(cls, value: Any) -> float:
        return check_number("alpha", value, MOST_ALPHA)

    @field_validator("t", mode="before")
    @classmethod
    def _t(cls, value: Any) -> float | None:
        return None if value is None else check_number("t", value, MOST_T)

    @field_validator("height", "width", mode="before")
    @classmethod
    def _side(cls, value: Any) -> int:
        return check_count("resolution", value, LEAST_RESOLUTION, MOST_RESOLUTION)

    @field_validator("classes", mode="before")
    @classmethod
    def _classes(cls, value: Any) -> int:
        return check_count("classes", value, 1, MOST_CLASSES)

    @field_validator("in_channels", mode="before")
    @classmethod
    def _in_channels(cls, value: Any) -> int:
        return check_count("in_channels", value, 1, MOST_IN_CHANNELS)

    @model_validator(mode="before")
    @classmethod
    def _as_published(cls, values: Any) -> Any:
        name, network = values.get("network"), values.get("own")
        if isinstance(network, Mapping):
            network = network_of(network)
            values = values | {"own": network}
        if network is None:
            network = CATALOGUE.get(name) if isinstance(name, str) else None
        if network is None or network.name != name:
            raise ValueError(f"network must be one of {', '.join(CATALOGUE)}, got {shortened(name)}")
        if not network.takes_t and values.get("t") is not None:
            raise ValueError(f"{network.name} has no expansion factor t, got t={shortened(values['t'])}")
        own: dict[str, Any] = dict(zip(("height", "width"), network.base, strict=True))
        own |= {"in_channels": network.in_channels, "classes": network.classes}
        own |= {"t": network.t} if network.takes_t else {}
        return values | {name: value for name, value in own.items() if values.get(name) is None}

    @field_serializer("own", when_used="json")
    def _plain_own(self, own: Network | None) -> dict[str, Any] | None:
        return None if own is None else plain_network(own)

    @property
    def entry(self) -> Network:
        """The network itself."""
        return CATALOGUE[self.network] if self.own is None else self.own

    @property
    def rho(self) -> float | None:
        """The resolution multiplier, height / base height; ``None`` for an input of another aspect ratio."""
        base = self.entry.base
        return self.height / base[0] if width_of(self.height, *base) == self.width else None

    @property
    def resolution(self) -> str:
        """``"224"`` for a square input, else ``"60x120"`` (height × width), in pixels."""
        return str(self.height) if self.height == self.width else f"{self.height}x{self.width}"

    @property
    def label(self) -> str:
        """The design as the papers name it, e.g. ``0.50 MobileNet-160``; what departs from the default is added."""
        text = preset_label(self.entry, self.alpha, self.resolution)
        if self.t is not None and self.t != self.entry.t:
            text += f", t = {self.t:g}"
        if self.in_channels != self.entry.in_channels:
            text += f", {self.in_channels} input channel{'s' if self.in_channels > 1 else ''}"
        if self.classes != self.entry.classes:
            text += f", {self.classes:,} class{'es' if self.classes > 1 else ''}"
        return text

    def layers(self) -> list[Layer]:
        """The design's layers in order."""
        return self.entry.layers(
            alpha=self.alpha,
            height=self.height,
            width=self.width,
            t=self.t,
            classes=self.classes,
            in_channels=self.in_channels,
            rounding=self.rounding,
        )

    def shortcuts(self) -> list[tuple[str, str]]:
        """(first layer, last layer) of every block whose input is added to its output."""
        layers = self.layers()
        first = {layer.block: layer.name for layer in reversed(layers)}
        return [(first[layer.block], layer.name) for layer in layers if layer.shortcut]

    def with_(self, **changes: Any) -> Self:
        """A checked copy with some fields changed; ``ValueError`` with one sentence as in :func:`make_design`."""
        try:
            return type(self)(**{**dict(self), **changes})
        except ValidationError as error:
            raise ValueError(first_message(error)) from None


def preset_label(network: Network, alpha: float, resolution: int | str) -> str:
    """A design's name as the papers write it: ``0.50 MobileNet-160``, ``1.0 MobileNetV2-224``."""
    text = f"{alpha:.1f}" if alpha >= 1 and round(alpha, 1) == alpha else f"{alpha:.2f}"
    return f"{text if float(text) == alpha else f'{alpha:g}'} {network.label}-{resolution}"


class DesignOptions(TypedDict, total=False):
    """The options that, with a network's name, make a design; every function of the public API takes them.

    ``alpha``: width multiplier, default 1. ``rho``: resolution multiplier, scales the network's own input (224 px of
    the MobileNets). ``resolution``: one side or height × width in px (224, ``"60x120"``, ``(60, 120)``), default the
    network's own; give at most one of the two. ``t``: expansion factor, ``classes`` (1000 for ImageNet's),
    ``in_channels`` (3 for colour): default as published. ``rounding``: another channel rounding. ``least_depth``:
    another least number of channels in the network's own rounding.
    """

    alpha: float
    rho: float | None
    resolution: int | str | tuple[int, int] | None
    t: float | None
    classes: int | None
    in_channels: int | None
    rounding: Rounding | None
    least_depth: int | None


def make_design(network: str | Network | Design, **options: Unpack[DesignOptions]) -> Design:
    """A checked design, from a network or its name in the catalogue, and options; or as it is.

    Raises ``ValueError`` with one sentence that names the value and the limit.
    """
    if isinstance(network, Design):
        if options:
            raise ValueError(f"a design takes no further options, got {', '.join(options)}")
        return network
    rho, resolution = options.pop("rho", None), options.pop("resolution", None)
    least_depth = options.pop("least_depth", None)
    if rho is not None and resolution is not None:
        raise ValueError("give rho or resolution, not both")
    base = own_base(network)
    resolution = base if resolution is None else resolution
    height, width = parse_resolution(resolution) if rho is None else resolution_of(rho, base)
    try:
        design = Design.model_validate({**_named(network), "height": height, "width": width, **options})
    except ValidationError as error:
        raise ValueError(first_message(error)) from None
    if least_depth is None:
        return design
    return design.with_(rounding=replace(design.rounding or design.entry.rounding, least=least_depth))


def _named(network: Any) -> dict[str, Any]:
    if not isinstance(network, Network):
        return {"network": network}
    return {"network": network.name, "own": None if CATALOGUE.get(network.name) == network else network}


def own_base(network: Any) -> tuple[int, int]:
    """The input's height and width in px at ρ = 1; 224 × 224 for a name that is not in the catalogue."""
    known = network if isinstance(network, Network) else CATALOGUE.get(network) if isinstance(network, str) else None
    return (BASE_RESOLUTION, BASE_RESOLUTION) if known is None else known.base


def first_message(error: ValidationError) -> str:
    """The first thing wrong, in one line."""
    first = error.errors()[0]
    if first["type"] == "extra_forbidden":
        return f"{first['loc'][0]} is not an option of a design"
    if first["type"] != "value_error":
        return f"{first['loc'][0]}: {first['msg']}, got {shortened(first['input'])}"
    return first["msg"].removeprefix("Value error, ")
