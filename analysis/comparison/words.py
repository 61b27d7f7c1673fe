"""A network with its options in one word: ``mobilenet_v2@alpha=0.5,resolution=160``."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, NamedTuple, cast

from analysis.cost.counted.counted import Counted
from analysis.cost.subjects import Subject
from analysis.exchange.identity import parse_rounding, plain
from analysis.networks.design import DesignOptions
from analysis.networks.presets import PRESETS
from analysis.networks.rounding import Rounding
from analysis.networks.values import check_count, shortened

ROUNDING = tuple(field.name for field in fields(Rounding))
OPTIONS = ("alpha", "rho", "resolution", "t", "classes", "in_channels", "least_depth", *ROUNDING)
"""What may stand behind the ``@``; the last four make a channel rounding."""

INPUT = "input"
"""Sizes that an imported network leaves open, as ``net.onnx@input=height=224``."""


class Word(NamedTuple):
    """What a word says: a network's name, or a published design; a design's options; and an imported one's inputs."""

    network: str | Subject
    options: DesignOptions
    inputs: tuple[str, ...] = ()


def read_word(word: str) -> Word:
    """What a word names and the options behind its last ``@``; a published design's name is that design.

    Only text with a ``=`` in it is options, so that a file's or a module's name may hold an ``@``; an empty text
    behind the last ``@`` says that there are none. Values stay text, and are checked where designs are made.
    Raises ``ValueError`` for an option that is not one, or is given twice; ``input`` may be.
    """
    if word in PRESETS:
        return Word(PRESETS[word], {})
    name, at, text = word.rpartition("@")
    if not at or (text and "=" not in text):
        return Word(word, {})
    pairs = [_pair(part, text) for part in text.split(",")] if text else []
    given = [(option, value) for option, value in pairs if option != INPUT]
    return Word(name, _options(given, text), tuple(value for option, value in pairs if option == INPUT))


def _pair(part: str, text: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    name = name.strip().replace("-", "_")
    if not equals or name not in (*OPTIONS, INPUT):
        raise ValueError(
            f"options must be like alpha=0.5,resolution=160 of {', '.join((*OPTIONS, INPUT))}, got {shortened(part)}"
        )
    return name, value.strip()


def _options(pairs: Sequence[tuple[str, str]], text: str) -> DesignOptions:
    given: dict[str, Any] = dict(pairs)
    if len(given) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice} is given twice in {shortened(text)}")
    rounding = ",".join(f"{name}={given.pop(name)}" for name in ROUNDING if name in given)
    given |= {"rounding": parse_rounding(rounding)} if rounding else {}
    if "least_depth" in given:
        given["least_depth"] = check_count("least_depth", given["least_depth"], 1, 100_000)
    return cast(DesignOptions, given)


def word_of(subject: Subject) -> str:
    """The word that names a subject; what is as published is left out.

    Of own rows it is a file of the network's name, of an imported network the name that the session knows it by.
    """
    if isinstance(subject, Counted):
        given = shlex.split(subject.words)
        parts = [f"input={value}" for flag, value in itertools.pairwise(given) if flag == "--input"]
        return _joined(subject.network, parts)
    entry = subject.entry
    parts = [f"alpha={plain(subject.alpha)}"] if subject.alpha != 1 else []
    parts += [f"resolution={subject.resolution}"] if (subject.height, subject.width) != entry.base else []
    parts += [f"t={plain(subject.t)}"] if subject.t is not None and subject.t != entry.t else []
    parts += [f"classes={subject.classes}"] if subject.classes != entry.classes else []
    parts += [f"in_channels={subject.in_channels}"] if subject.in_channels != entry.in_channels else []
    parts += re.findall(r"\w+=[^,)]+", str(subject.rounding or ""))
    name = subject.network if subject.own is None else f"{subject.network}.yaml"
    return _joined(name, parts)


def _joined(name: str, parts: Sequence[str]) -> str:
    return f"{name}@{','.join(parts)}" if parts or "@" in name else name
