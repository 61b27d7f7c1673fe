"""A network as the text of its file, as terse as its paper's table: what is usual is left out, a row a line."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

import yaml

from analysis.networks.files.folded import plain_network
from analysis.networks.files.texts import Format
from analysis.networks.files.yaml_text import PLAIN_WORDS
from analysis.networks.network import Network


class _Dumper(yaml.SafeDumper):
    """Quotes every text that our reader, or a reader of YAML 1.1, would take for something else."""


for _tag, _pattern, _first in PLAIN_WORDS:
    _Dumper.add_implicit_resolver(_tag, _pattern, _first)


def write_network(network: Network, *, format: Format = "yaml") -> str:
    """The text from which :func:`~analysis.networks.files.read.parse_network` reads an equal network."""
    plain = plain_network(network)
    rows = plain.pop("rows")
    if format == "yaml":
        head = "".join(_yaml(key, value) for key, value in plain.items())
        return head + "rows:\n" + "".join(f"  - {_flow(row)}\n" for row in rows)
    head = "".join(f"{key} = {_toml(value)}\n" for key, value in plain.items())
    return head + "rows = [\n" + "".join(f"  {_toml(row)},\n" for row in rows) + "]\n"


def digest(network: Network) -> str:
    """Sixteen hexadecimal digits that tell networks apart: equal networks have equal ones."""
    return hashlib.sha256(write_network(network).encode()).hexdigest()[:16]


def _yaml(key: str, value: Any) -> str:
    if isinstance(value, (list, dict)):
        return f"{key}: {_flow(value)}\n"
    return yaml.dump({key: value}, Dumper=_Dumper, allow_unicode=True, width=math.inf)


def _flow(value: Any) -> str:
    text = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, sort_keys=False, width=math.inf
    )
    return text.strip()


def _toml(value: Any) -> str:
    """JSON's numbers, words and texts are TOML's too, but for one character; its objects are written otherwise."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
