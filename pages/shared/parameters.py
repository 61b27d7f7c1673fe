"""Kinds of link parameters: a field of the view as text, read back with its limits."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from analysis.networks.ranges import BASE_SIDES
from analysis.networks.values import check_count, check_number, shortened
from pages.shared.state import MOST_SIDE, View


@dataclass(frozen=True)
class Parameter:
    """One parameter of a link: how it is written, how it is read, and the pages whose links hold it (none: all)."""

    write: Callable[[View], str]
    read: Callable[[View, str], View]
    pages: tuple[str, ...] = ()


def number_text(number: float) -> str:
    """As short as it can be and still be read back as the same number."""
    return repr(float(number)).removesuffix(".0")


def _with(view: View, name: str, value: Any) -> View:
    return replace(view, **{name: value})


def one_of(name: str, text: str, choices: Collection[str]) -> str:
    """``text`` if it is a choice; ``ValueError`` with the choices otherwise."""
    if text not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {shortened(text)}")
    return text


def choice(name: str, choices: Collection[str], *pages: str) -> Parameter:
    """A field of the view that is one of some texts."""
    return Parameter(
        lambda view: str(getattr(view, name)),
        lambda view, text: _with(view, name, one_of(name, text, choices)),
        pages,
    )


def choices(name: str, known: Collection[str], *pages: str) -> Parameter:
    """A field of the view that is several of some texts, in the order chosen."""

    def read(view: View, text: str) -> View:
        chosen = tuple(dict.fromkeys(one_of(name, part, known) for part in text.split(",") if part))
        return _with(view, name, chosen)

    return Parameter(lambda view: ",".join(getattr(view, name)), read, pages)


def flag(name: str, *pages: str) -> Parameter:
    """A field of the view that is on or off."""
    return Parameter(
        lambda view: "1" if getattr(view, name) else "0",
        lambda view, text: _with(view, name, one_of(name, text, ("0", "1")) == "1"),
        pages,
    )


def text(name: str, longest: int, *pages: str) -> Parameter:
    """A field of the view that is free text, cut at its longest."""
    return Parameter(lambda view: str(getattr(view, name)), lambda view, text: _with(view, name, text[:longest]), pages)


def number(name: str, least: float, most: float, *pages: str) -> Parameter:
    """A field of the view that is a number in a range."""

    def read(view: View, text: str) -> View:
        value = check_number(name, text, most)
        if value < least:
            raise ValueError(f"{name} must be at least {least:g}, got {shortened(text)}")
        return _with(view, name, value)

    return Parameter(lambda view: number_text(getattr(view, name)), read, pages)


def count(name: str, least: int, most: int, *pages: str) -> Parameter:
    """A field of the view that is a whole number in a range."""
    return Parameter(
        lambda view: str(getattr(view, name)),
        lambda view, text: _with(view, name, check_count(name, text, least, most)),
        pages,
    )


def whole_choice(name: str, choices: Collection[int], *pages: str) -> Parameter:
    """A field of the view that is one of some whole numbers."""
    known = [str(number) for number in choices]
    return Parameter(
        lambda view: str(getattr(view, name)),
        lambda view, text: _with(view, name, int(one_of(name, text, known))),
        pages,
    )


def side_or_none(name: str, *pages: str) -> Parameter:
    """A field of the view that is a side of the input in px, or none."""

    def read(view: View, text: str) -> View:
        return _with(view, name, check_count(name, text, BASE_SIDES[0], MOST_SIDE) if text else None)

    return Parameter(lambda view: "" if getattr(view, name) is None else str(getattr(view, name)), read, pages)
