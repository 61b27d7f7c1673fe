"""A design: a network with its α, resolution (ρ), t and classes, checked at the boundary."""

from __future__ import annotations

import math
import operator
import re
from dataclasses import replace
from typing import Any, Self, TypedDict, Unpack

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from analysis.networks.catalogue import CATALOGUE
from analysis.networks.layers import Layer
from analysis.networks.network import Network
from analysis.networks.rounding import Rounding

BASE_RESOLUTION = 224
"""The resolution at ρ = 1, in pixels, of every network in the papers."""

LEAST_RESOLUTION = 32
MOST_ALPHA = 1_000
MOST_T = 1_000
MOST_RESOLUTION = 65_536
MOST_CLASSES = 1_000_000_000
MOST_IN_CHANNELS = 512


def check_number(name: str, value: Any, most: float) -> float:
    """``value`` as a float in (0, most]; ``ValueError`` naming it and the limit otherwise."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number, got {shortened(value)}") from None
    except OverflowError:
        number = math.inf
    if isinstance(value, (bool, np.bool_)) or math.isnan(number):
        raise ValueError(f"{name} must be a number, got {shortened(value)}")
    if number <= 0:
        raise ValueError(f"{name} must be > 0, got {shortened(value)}")
    if number > most:
        raise ValueError(f"{name} must be at most {most:,}, got {shortened(value)}")
    return number


def check_count(name: str, value: Any, least: int, most: int) -> int:
    """``value`` as an int in [least, most]; ``ValueError`` naming it and the limit otherwise."""
    try:
        number = int(value, 10) if isinstance(value, str) else _whole(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a whole number, got {shortened(value)}") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least:,}, got {shortened(value)}")
    if number > most:
        raise ValueError(f"{name} must be at most {most:,}, got {shortened(value)}")
    return number


def _whole(value: Any) -> int:
    """An integer of any kind, or a float without a fraction (``1e12``); ``TypeError`` otherwise."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return int(value)
    return operator.index(value)


def shortened(value: Any) -> str:
    """The value for a message, in one line and cut at 40 characters, so that a hostile one stays readable."""
    try:
        text = " ".join(str(value).split())
    except ValueError:  # Python prints no integer of more than 4,300 digits
        text = "an integer of more than 4,300 digits"
    return text if len(text) <= 40 else f"{text[:40]}…"


def parse_resolution(value: Any) -> tuple[int, int]:
    """Height and width in pixels from ``224``, ``"224"``, ``"60x120"`` or ``(60, 120)``."""
    if isinstance(value, str):
        sides: Any = re.split(r"[x×]", value.strip().lower())
        sides = sides * 2 if len(sides) == 1 else sides
    else:
        sides = value if isinstance(value, (tuple, list)) else (value, value)
    if len(sides) != 2:
        raise ValueError(f"resolution must be one side or HEIGHTxWIDTH in px, got {shortened(value)}")
    height, width = (check_count("resolution", side, LEAST_RESOLUTION, MOST_RESOLUTION) for side in sides)
    return height, width


def resolution_of(rho: Any) -> int:
    """The square resolution that ρ implies: ρ · 224 to the nearest pixel."""
    side = round(check_number("rho", rho, MOST_RESOLUTION / BASE_RESOLUTION) * BASE_RESOLUTION)
    if side < LEAST_RESOLUTION:
        raise ValueError(
            f"rho must imply a resolution of at least {LEAST_RESOLUTION} px, got {shortened(rho)} ({side} px)"
        )
    return side


class Design(BaseModel):
    """One network of the catalogue at one α, resolution, t and number of classes; immutable and hashable.

    ``t`` is ``None`` where the network has no expansion factor. ``rounding`` overrides the network's channel rounding.
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

    @field_validator("network", mode="before")
    @classmethod
    def _known(cls, name: Any) -> Any:
        if not isinstance(name, str) or name not in CATALOGUE:
            raise ValueError(f"network must be one of {', '.join(CATALOGUE)}, got {shortened(name)}")
        return name

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
    def _published_t(cls, values: Any) -> Any:
        network = CATALOGUE.get(values.get("network")) if isinstance(values.get("network"), str) else None
        if network is None:
            return values
        if not network.takes_t:
            if values.get("t") is not None:
                raise ValueError(f"{network.name} has no expansion factor t, got t={shortened(values['t'])}")
            return values
        return values if values.get("t") is not None else {**values, "t": network.t}

    @property
    def entry(self) -> Network:
        """The catalogue's network."""
        return CATALOGUE[self.network]

    @property
    def rho(self) -> float | None:
        """The resolution multiplier, resolution / 224; ``None`` for an input that is not square."""
        return self.height / BASE_RESOLUTION if self.height == self.width else None

    @property
    def resolution(self) -> str:
        """``"224"`` for a square input, else ``"60x120"`` (height × width), in pixels."""
        return str(self.height) if self.height == self.width else f"{self.height}x{self.width}"

    @property
    def label(self) -> str:
        """The design as the papers name it, e.g. ``0.50 MobileNet-160``; what departs from the default is added."""
        text = preset_label(self.entry, self.alpha, self.resolution)
        if self.t != self.entry.t:
            text += f", t = {self.t:g}"
        if self.in_channels != 3:
            text += f", {self.in_channels} input channel{'s' if self.in_channels > 1 else ''}"
        if self.classes != 1000:
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

    ``alpha``: width multiplier, default 1. ``rho``: resolution multiplier, scales 224 px. ``resolution``: one side or
    height × width in px (224, ``"60x120"``, ``(60, 120)``), default 224; give at most one of the two. ``t``: expansion
    factor, default as published. ``classes``: default 1000. ``in_channels``: default 3. ``rounding``: another channel
    rounding. ``least_depth``: another least number of channels in the network's own rounding.
    """

    alpha: float
    rho: float | None
    resolution: int | str | tuple[int, int] | None
    t: float | None
    classes: int
    in_channels: int
    rounding: Rounding | None
    least_depth: int | None


def make_design(network: str | Design, **options: Unpack[DesignOptions]) -> Design:
    """A checked design, from a network's name and options, or as it is.

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
    side = resolution_of(rho) if rho is not None else (BASE_RESOLUTION if resolution is None else resolution)
    height, width = parse_resolution(side)
    try:
        design = Design.model_validate({"network": network, "height": height, "width": width, **options})
    except ValidationError as error:
        raise ValueError(first_message(error)) from None
    if least_depth is None:
        return design
    return design.with_(rounding=replace(design.rounding or design.entry.rounding, least=least_depth))


def first_message(error: ValidationError) -> str:
    """The first thing wrong, in one line."""
    first = error.errors()[0]
    if first["type"] == "extra_forbidden":
        return f"{first['loc'][0]} is not an option of a design"
    if first["type"] != "value_error":
        return f"{first['loc'][0]}: {first['msg']}, got {shortened(first['input'])}"
    return first["msg"].removeprefix("Value error, ")
