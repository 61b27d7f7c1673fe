"""A network with its options in one word: ``mobilenet_v2@alpha=0.5,resolution=160``."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any, cast

from analysis.cost.counted.counted import Counted
from analysis.cost.subjects import Subject
from analysis.exchange.identity import parse_rounding, plain
from analysis.networks.design import DesignOptions, check_count, shortened
from analysis.networks.presets import PRESETS
from analysis.networks.rounding import Rounding

ROUNDING = tuple(field.name for field in fields(Rounding))
OPTIONS = ("alpha", "rho", "resolution", "t", "classes", "in_channels", "least_depth", *ROUNDING)
"""What may stand behind the ``@``; the last four make a channel rounding."""


def read_word(word: str) -> tuple[str | Subject, DesignOptions]:
    """What a word names and the options behind its last ``@``; a published design's name is that design.

    Only text with a ``=`` in it is options, so that a file's or a module's name may hold an ``@``; an empty text
    behind the last ``@`` says that there are none. Values stay text, and are checked where designs are made.
    Raises ``ValueError`` for an option that is not one, or is given twice.
    """
    if word in PRESETS:
        return PRESETS[word], {}
    name, at, text = word.rpartition("@")
    if not at or (text and "=" not in text):
        return word, {}
    return name, _options(text) if text else {}


def _options(text: str) -> DesignOptions:
    given: dict[str, Any] = {}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or name not in OPTIONS:
            raise ValueError(f"options must be like alpha=0.5,resolution=160 of {', '.join(OPTIONS)}, got {part[:40]}")
        if name in given:
            raise ValueError(f"{name} is given twice in {shortened(text)}")
        given[name] = value.strip()
    rounding = ",".join(f"{name}={given.pop(name)}" for name in ROUNDING if name in given)
    given |= {"rounding": parse_rounding(rounding)} if rounding else {}
    if "least_depth" in given:
        given["least_depth"] = check_count("least_depth", given["least_depth"], 1, 100_000)
    return cast(DesignOptions, given)


def word_of(subject: Subject) -> str:
    """The word that names a subject; what is as published is left out.

    Of an own network or an imported file it is the name that the session knows it by.
    """
    if isinstance(subject, Counted):
        return f"{subject.network}@" if "@" in subject.network else subject.network
    entry, parts = subject.entry, []
    parts += [f"alpha={plain(subject.alpha)}"] if subject.alpha != 1 else []
    parts += [f"resolution={subject.resolution}"] if (subject.height, subject.width) != entry.base else []
    parts += [f"t={plain(subject.t)}"] if subject.t is not None and subject.t != entry.t else []
    parts += [f"classes={subject.classes}"] if subject.classes != entry.classes else []
    parts += [f"in_channels={subject.in_channels}"] if subject.in_channels != entry.in_channels else []
    parts += re.findall(r"\w+=[^,)]+", str(subject.rounding or ""))
    name = subject.network
    return f"{name}@{','.join(parts)}" if parts or "@" in name else name
