"""Which design a table is of: its facts, the name of its file and the command that rebuilds it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

from analysis.exchange.formats import FORMATS, check_format
from analysis.networks.catalogue import CATALOGUE
from analysis.networks.reference import REFERENCES
from analysis.networks.rounding import Rounding
from analysis.networks.values import check_count, check_number

Facts = dict[str, str | float | int | None]

NAMES = (
    *("network", "input", "alpha", "rho", "t", "resolution", "classes", "in_channels", "rounding"),
    *("convention", "unit", "number_format", "version"),
)
"""The facts that every file carries, in this order; ``rounding`` only where it is not the network's own.

A network without rows has an ``input`` in the place of what makes a design.
"""
WITHOUT_ROWS = ("network", "input", "convention", "unit", "number_format", "version")

USUAL: dict[str, Any] = {"classes": 1000, "in_channels": 3, "convention": "papers", "number_format": "float32"}
"""What neither a command nor a file name needs to say; of classes and input channels, what is the network's own."""


def design_facts(attrs: Mapping[Any, Any]) -> Facts:
    """The facts of a layer table's ``attrs``; ``rho`` is ``None`` for an input not square, ``t`` where there is none.

    Raises ``ValueError`` for a table that lost its ``attrs``.
    """
    needed = ("network", "convention", "version", *(() if "input" in attrs else ("alpha", "resolution")))
    missing = [name for name in needed if name not in attrs]
    if missing:
        raise ValueError(f"table.attrs must name the design, as layer_table returns it; missing {', '.join(missing)}")
    if "input" in attrs:
        return {name: attrs.get(name) for name in WITHOUT_ROWS}
    return {name: attrs.get(name) for name in NAMES if name not in ("rounding", "input") or name in attrs}


def facts_text(facts: Facts) -> str:
    """The facts in one line, e.g. ``network mobilenet_v2, alpha 0.75, …, version 0.1.0``."""
    return ", ".join(f"{name} {plain(value)}" for name, value in facts.items() if value is not None)


def plain(value: object) -> str:
    """A number as short as it reads back exactly: 6.0 is ``6``; other values as text."""
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def file_stem(attrs: Mapping[Any, Any], *, audit: bool = False) -> str:
    """The design as a file name without extension, e.g. ``mobilenet_v2_a0.75_160_t6``; the usual is left out."""
    facts = design_facts(attrs)
    parts = [str(facts["network"])]
    parts += [] if "input" in facts else [f"a{plain(facts['alpha'])}", str(facts["resolution"])]
    parts += [f"t{plain(facts['t'])}"] if facts.get("t") is not None else []
    parts += [f"{facts['classes']}classes"] if _unusual(facts, "classes") else []
    parts += [f"{facts['in_channels']}ch"] if _unusual(facts, "in_channels") else []
    parts += re.findall(r"\w+=[^,)]+", str(facts.get("rounding", "")))
    parts += [str(facts[name]) for name in ("convention", "number_format") if _unusual(facts, name)]
    parts += ["audit"] if audit else []
    return re.sub(r"[^\w.=-]", "-", "_".join(parts))


def rebuild_command(attrs: Mapping[Any, Any], *, format: str | None = None, audit: bool = False) -> str:
    """The command line that builds the table again from its ``attrs``, as CSV on standard output.

    With ``format`` it writes the file of that format, identical under the same version. ``audit`` says that the table
    has the column ``fvcore_mult_adds``. Of a module counted in a notebook it is the line of Python, with its class.
    """
    facts = design_facts(attrs)
    if "input" in facts and not _on_command_line(str(facts["network"])):
        return f'analysis.layer_table(analysis.count({facts["network"]}(), "{facts["input"]}"))'
    own = "input" not in facts and facts["network"] not in CATALOGUE
    words = ["multadds", "table", f"{facts['network']}.yaml" if own else str(facts["network"])]
    words += shlex.split(str(attrs.get("words", "")))
    words += [*_option(facts, "alpha"), *_option(facts, "resolution"), *_option(facts, "t")]
    for name in USUAL:
        words += _option(facts, name) if _unusual(facts, name) else []
    if "rounding" in facts:
        words += ["--rounding", ",".join(re.findall(r"\w+=[^,)]+", str(facts["rounding"])))]
    words += ["--audit"] if audit else []
    if format is not None:
        words += ["--out", f"{file_stem(attrs, audit=audit)}.{FORMATS[check_format(format)].extension}"]
    return shlex.join(words)


def _on_command_line(network: str) -> bool:
    """Whether a command can name a network without rows: a reference network, a file, ``package.module:name``."""
    return network in REFERENCES or ":" in network or network.endswith(".onnx")


def _option(facts: Facts, name: str) -> list[str]:
    value = facts.get(name)
    return [] if value is None else [f"--{name.replace('_', '-')}", plain(value)]


def _unusual(facts: Facts, name: str) -> bool:
    network = CATALOGUE.get(str(facts["network"]))
    usual = getattr(network, name) if network is not None and name in ("classes", "in_channels") else USUAL[name]
    return facts.get(name) is not None and facts[name] != usual


def parse_rounding(text: str) -> Rounding:
    """A channel rounding from ``divisor=8,least=8,nearest=True,keep=0.9``; what is not named is as in ``Rounding()``.

    Raises ``ValueError`` for anything else.
    """
    named = dict(re.findall(r"(divisor|least|nearest|keep)=([^,]*)", text))
    if ",".join(f"{name}={value}" for name, value in named.items()) != text:
        raise ValueError(f"rounding must be like divisor=8,least=8,nearest=True,keep=0.9, got {text[:80]}")
    if named.get("nearest", "True") not in ("True", "False"):
        raise ValueError(f"nearest must be True or False, got {named['nearest'][:40]}")
    keep = named.get("keep", "0.0")
    return Rounding(
        divisor=check_count("divisor", named.get("divisor", 1), 1, 100_000),
        least=check_count("least", named.get("least", 8), 1, 100_000),
        nearest=named.get("nearest") == "True",
        keep=check_number("keep", keep, 1) if keep.strip("0.") else 0.0,
    )
