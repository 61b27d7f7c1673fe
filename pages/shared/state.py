"""The whole state of a view, and the link that holds it: full, versioned, and safe against garbage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from analysis.cost.closed_form import check_number_format
from analysis.cost.conventions import check_convention
from analysis.cost.table import COLUMNS
from analysis.networks import CATALOGUE, Design
from analysis.networks.design import check_count, check_number, parse_resolution, shortened
from analysis.networks.ranges import ALPHAS, BASE_SIDES, MOST_CLASSES_IN_APP, TS, base_for, sides, width_of
from analysis.plots.layers import QUANTITIES
from analysis.plots.style import IMAGE_FORMATS
from analysis.tradeoff.published import TRAININGS

LINK_VERSION = "1"
UNITS = ("exact", "M")
HIDDEN_COLUMNS = ("groups", "in_channels", "in_height", "in_width", "weight_bytes", "weights")
SHOWN_COLUMNS = tuple(name for name in COLUMNS if name not in HIDDEN_COLUMNS)
LONGEST_SEARCH = 64


@dataclass(frozen=True)
class View:
    """What the sidebar and the pages' own switches show; the design is one part of it."""

    network: str = "mobilenet_v2"
    alpha: float = 1.0
    height: int = 224
    base: tuple[int, int] = (224, 224)
    channels: int = 3
    t: float = 6.0
    classes: int = 1000
    format: str = "float32"
    pin: Design | None = None
    profile: str = "Mult-Adds"
    convention: str = "papers"
    units: str = "exact"
    columns: tuple[str, ...] = SHOWN_COLUMNS
    search: str = ""
    training: str = "2018"
    image: str = "svg"

    @property
    def width(self) -> int:
        """The width that ρ implies, in px."""
        return width_of(self.height, *self.base)

    @property
    def rho(self) -> float:
        """height / base height."""
        return self.height / self.base[0]

    @property
    def design(self) -> Design:
        """The checked design; ``t`` is left out where the network has none."""
        return Design(
            network=self.network,
            alpha=self.alpha,
            height=self.height,
            width=self.width,
            t=self.t if CATALOGUE[self.network].takes_t else None,
            classes=self.classes,
            in_channels=self.channels,
        )

    def showing(self, design: Design) -> View:
        """The same view on another design."""
        return replace(
            self,
            network=design.network,
            alpha=design.alpha,
            height=design.height,
            base=_base_of(design, self.base),
            channels=design.in_channels,
            t=self.t if design.t is None else design.t,
            classes=design.classes,
        )


def _base_of(design: Design, known: tuple[int, int]) -> tuple[int, int]:
    """A base whose ρ slider reaches the design: the known one, else 224 px, else the nearest to the design itself."""
    for base in (known, (224, 224)):
        if width_of(design.height, *base) == design.width and design.height in sides(*base):
            return base
    found = base_for(design.height, design.width)
    if found is None:
        raise ValueError(f"resolution must be one that the ρ slider reaches, got {design.resolution}")
    return found


def default_view() -> View:
    """MobileNetV2 as published, pinned as the first baseline."""
    view = View()
    return replace(view, pin=view.design)


def encode(view: View) -> dict[str, str]:
    """The link's parameters: every field, defaults too, so that a link never changes its meaning."""
    return {
        "v": LINK_VERSION,
        "network": view.network,
        "alpha": _number_text(view.alpha),
        "resolution": _sides_text(view.height, view.width),
        "base": _sides_text(*view.base),
        "channels": str(view.channels),
        "t": _number_text(view.t),
        "classes": str(view.classes),
        "format": view.format,
        "pin": "none" if view.pin is None else _encode_design(view.pin),
        "profile": view.profile,
        "convention": view.convention,
        "units": view.units,
        "columns": ",".join(view.columns),
        "search": view.search,
        "training": view.training,
        "image": view.image,
    }


def decode(link: Mapping[str, str]) -> tuple[View, list[str]]:
    """The view a link asks for, and a sentence for each thing wrong with it; wrong parts fall back to the default."""
    view, errors = default_view(), []
    if link.get("v", LINK_VERSION) != LINK_VERSION:
        errors.append(f"v={shortened(link['v'])} is not a version this release reads; it was read as v={LINK_VERSION}")
    for name, read in READERS.items():
        if name not in link:
            continue
        try:
            view = read(view, link[name])
        except ValueError as error:
            errors.append(f"{name}={shortened(link[name])}: {error}")
    errors += [f"{shortened(name)} is not a part of a link" for name in link if name not in READERS and name != "v"]
    return view, errors[:8]


def _number_text(number: float) -> str:
    """As short as it can be and still be read back as the same number."""
    return repr(float(number)).removesuffix(".0")


def _sides_text(height: int, width: int) -> str:
    return str(height) if height == width else f"{height}x{width}"


def _encode_design(design: Design) -> str:
    t = "-" if design.t is None else _number_text(design.t)
    return (
        f"{design.network},{_number_text(design.alpha)},{design.resolution},{t},{design.classes},{design.in_channels}"
    )


def _decode_design(text: str) -> Design:
    parts = text.split(",")
    if len(parts) != 6:
        raise ValueError("a pinned design is network,alpha,resolution,t,classes,channels")
    network, alpha, resolution, t, classes, channels = parts
    view = READERS["network"](View(), network)
    view = READERS["alpha"](view, alpha)
    height, width = parse_resolution(resolution)
    view = view if t == "-" else READERS["t"](view, t)
    view = READERS["classes"](view, classes)
    design = READERS["channels"](view, channels).design.with_(height=height, width=width)
    _base_of(design, (224, 224))
    return design


def _network(view: View, text: str) -> View:
    return replace(view, network=_one_of("network", text, CATALOGUE))


def _alpha(view: View, text: str) -> View:
    alpha = check_number("alpha", text, ALPHAS[-1])
    if alpha < ALPHAS[0]:
        raise ValueError(f"alpha must be at least {ALPHAS[0]}, got {shortened(text)}")
    return replace(view, alpha=alpha)


def _t(view: View, text: str) -> View:
    t = check_number("t", text, TS[-1])
    if t < TS[0]:
        raise ValueError(f"t must be at least {TS[0]:g}, got {shortened(text)}")
    return replace(view, t=t)


def _resolution(view: View, text: str) -> View:
    height, width = parse_resolution(text)
    base = view.base
    if width_of(height, *base) != width:
        base = (_base_side(height), _base_side(width))
    if height not in sides(*base):
        reach = sides(*base)
        raise ValueError(f"resolution must be from {reach[0]} to {reach[-1]} px, got {height}")
    return replace(view, height=height, base=base)


def _base(view: View, text: str) -> View:
    height, width = (_base_side(side) for side in parse_resolution(text))
    return replace(view, base=(height, width), height=height)


def _base_side(side: int) -> int:
    return check_count("base", side, BASE_SIDES[0], BASE_SIDES[-1])


def _pin(view: View, text: str) -> View:
    return replace(view, pin=None if text == "none" else _decode_design(text))


def _columns(view: View, text: str) -> View:
    names = tuple(dict.fromkeys(_one_of("column", name, COLUMNS) for name in text.split(",") if name))
    return replace(view, columns=names)


def _one_of(name: str, text: str, choices: Any) -> str:
    if text not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {shortened(text)}")
    return text


READERS: dict[str, Callable[[View, str], View]] = {
    "network": _network,
    "alpha": _alpha,
    "base": _base,
    "resolution": _resolution,
    "channels": lambda view, text: replace(view, channels=check_count("channels", text, 1, 512)),
    "t": _t,
    "classes": lambda view, text: replace(view, classes=check_count("classes", text, 1, MOST_CLASSES_IN_APP)),
    "format": lambda view, text: replace(view, format=check_number_format(text)),
    "pin": _pin,
    "profile": lambda view, text: replace(view, profile=_one_of("profile", text, QUANTITIES)),
    "convention": lambda view, text: replace(view, convention=check_convention(text).name),
    "units": lambda view, text: replace(view, units=_one_of("units", text, UNITS)),
    "columns": _columns,
    "search": lambda view, text: replace(view, search=text[:LONGEST_SEARCH]),
    "training": lambda view, text: replace(view, training=_one_of("training", text, TRAININGS)),
    "image": lambda view, text: replace(view, image=_one_of("image", text, IMAGE_FORMATS)),
}
"""How each parameter of a link is read, in the order they build on each other."""
