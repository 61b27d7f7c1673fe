"""The designs of a link: the network with its rows, its sliders' values, and the pinned baseline."""

from __future__ import annotations

from dataclasses import replace

from analysis.cost.closed_form import BYTES
from analysis.cost.counted.counted import Counted
from analysis.cost.counted.references import counted_reference
from analysis.cost.subjects import Subject
from analysis.networks import CATALOGUE
from analysis.networks.fields import MOST_IN_CHANNELS
from analysis.networks.ranges import ALPHAS, BASE_SIDES, MOST_CLASSES_IN_APP, TS, sides
from analysis.networks.reference import REFERENCES
from analysis.networks.resolutions import parse_resolution, width_of
from analysis.networks.values import check_count, shortened
from pages.shared.editing_link import TOO_LONG, rows_of, rows_text
from pages.shared.parameters import Parameter, choice, count, number, number_text
from pages.shared.state import View, base_of, default_view


def networks_of(view: View) -> list[str]:
    """The names of all networks that may be shown: the visitor's own first."""
    own = [view.own.name] if view.own is not None else []
    imported = [view.imported.network] if view.imported is not None else []
    return [*own, *imported, *CATALOGUE, *REFERENCES]


def _sides_text(height: int, width: int) -> str:
    return str(height) if height == width else f"{height}x{width}"


def _encode_pin(view: View) -> str:
    return "none" if view.pin is None else encode_subject(view, view.pin) or "none"


def encode_subject(view: View, design: Subject) -> str | None:
    """A subject in a link; ``None`` for a file of this session, and for rows too long for a link."""
    if isinstance(design, Counted):
        return design.network if design.network in REFERENCES else None
    t = "-" if design.t is None else number_text(design.t)
    parts = [design.network, number_text(design.alpha), design.resolution, t, design.classes, design.in_channels]
    if design.own not in (None, view.own):  # the rows changed since
        rows = rows_text(design.own)
        return None if rows == TOO_LONG else ",".join(map(str, [*parts, rows]))
    return ",".join(map(str, parts))


def decode_subject(known: View, text: str) -> Subject:
    """The subject that :func:`encode_subject` wrote; ``ValueError`` for what is no design of the app."""
    parts = text.split(",")
    if text in REFERENCES:
        return counted_reference(text)
    if len(parts) not in (6, 7):
        raise ValueError("a design is network,alpha,resolution,t,classes,channels, with or without rows")
    network, alpha, resolution, t, classes, channels = parts[:6]
    own = rows_of(parts[6]) if parts[6:] else known.own
    view = DESIGNS["network"].read(View(own=own), network)
    view = DESIGNS["alpha"].read(view, alpha)
    height, width = parse_resolution(resolution)
    view = view if t == "-" else DESIGNS["t"].read(view, t)
    view = DESIGNS["classes"].read(view, classes)
    design = DESIGNS["channels"].read(view, channels).design.with_(height=height, width=width)
    base_of(design, (224, 224))
    return design


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
    return replace(view, pin=None if text == "none" else decode_subject(view, text))


def _own(view: View, text: str) -> View:
    """No text: no rows; rows too long for a link stay as they are."""
    if text == TOO_LONG and view.own is not None:
        return view
    own = rows_of(text) if text else None
    if view.own is not None and view.network == view.own.name:
        view = replace(view, network=default_view().network if own is None else own.name)
    return replace(view, own=own)


def _network(view: View, text: str) -> View:
    if text.endswith(IMPORTED) and text not in networks_of(view):
        raise ValueError("an imported file is of its own browser tab and not in a link; import it again")
    if text not in networks_of(view):
        raise ValueError(f"network must be a reference network or one of {', '.join(CATALOGUE)}, got {shortened(text)}")
    return view.of_network(text)


IMPORTED = ".onnx"

DESIGNS: dict[str, Parameter] = {
    "own": Parameter(lambda view: "" if view.own is None else rows_text(view.own), _own),
    "start": choice("start", ("", *CATALOGUE)),
    "network": Parameter(lambda view: view.network, _network),
    "alpha": number("alpha", ALPHAS[0], ALPHAS[-1]),
    "base": Parameter(lambda view: _sides_text(*view.base), _base),
    "resolution": Parameter(lambda view: _sides_text(view.height, view.width), _resolution),
    "channels": count("channels", 1, MOST_IN_CHANNELS),
    "t": number("t", TS[0], TS[-1]),
    "classes": count("classes", 1, MOST_CLASSES_IN_APP),
    "format": choice("format", BYTES),
    "pin": Parameter(_encode_pin, _pin),
}
"""The parameters of the link that say which designs are shown, in the order they are read."""
