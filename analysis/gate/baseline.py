"""A baseline: what a network cost at one time, in a file that a later check is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analysis.cost.closed_form import BYTES, NumberFormat
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.limits import INT64_MAX
from analysis.cost.subjects import Subject, identity
from analysis.gate.costs import Costs, LayerCost
from analysis.gate.names import printable, unique
from analysis.networks.values import shortened

FORMAT = 1
"""The version of the file's own layout."""

MOST_BYTES = 64_000_000
MOST_LAYERS = 200_000
LONGEST_NAME = 10_000


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Layer(_Part):
    layer: str = Field(max_length=LONGEST_NAME)
    mult_adds: int = Field(ge=0, le=INT64_MAX)
    params: int = Field(ge=0, le=INT64_MAX)


class _Design(_Part):
    network: str = Field(max_length=LONGEST_NAME)
    convention: str
    number_format: NumberFormat
    version: str = Field(max_length=40)


class _Totals(_Part):
    mult_adds: int
    params: int
    weight_bytes: int
    peak_activation_bytes: int = Field(ge=0, le=INT64_MAX)


class _File(_Part):
    baseline: Literal[1] | None = None
    label: str | None = Field(None, max_length=LONGEST_NAME)
    design: _Design
    totals: _Totals | None = None
    layers: list[_Layer] = Field(min_length=1, max_length=MOST_LAYERS)


def baseline_bytes(subject: Subject, costs: Costs) -> bytes:
    """JSON: ``baseline`` (the layout's version), ``label``, ``design`` with convention, number format and version of
    multadds, ``totals``, and ``layers`` with their Mult-Adds and parameters; the same bytes for the same costs.
    """
    import orjson

    content = {
        "baseline": FORMAT,
        "label": printable(costs.label),
        "design": _plain(identity(subject, CONVENTIONS["papers"], costs.number_format)),
        "totals": dict(costs.totals),
        "layers": [{"layer": name, "mult_adds": count, "params": held} for name, count, held, _ in costs.layers],
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: printable(value) if isinstance(value, str) else value for name, value in facts.items()}


def read_baseline(path: str | Path) -> Costs:
    """The costs in a file of :func:`baseline_bytes`, or in a layer table's JSON, which has no peak memory.

    Raises ``ValueError`` with one sentence that names the file: not there, not a baseline, another convention, or
    totals that are not the sum of their layers.
    """
    try:
        return _costs(_checked(_content(Path(path))), path)
    except OSError as error:
        raise ValueError(f"baseline {path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"baseline {path}: {error}") from None


def _content(path: Path) -> Any:
    import orjson

    if not path.exists():
        raise ValueError("the file is not there; the same command with --update-baseline writes it")
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(f"the file must be at most {MOST_BYTES:,} bytes")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"the file must be JSON: {error.msg}, line {error.lineno}") from None


def _checked(content: Any) -> _File:
    if not isinstance(content, dict) or not {"design", "layers"} <= content.keys():
        raise ValueError(
            "the file must be written by `multadds check --update-baseline` or `multadds table --format json`"
        )
    version = content.get("baseline")
    if isinstance(version, int) and version > FORMAT:
        raise ValueError(f"the file is of a newer multadds: its layout is {version}, this one reads {FORMAT}")
    try:
        return _File.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueError(f"{_place(first['loc'])}: {first['msg']}, got {shortened(first['input'])}") from None


def _place(path: Sequence[int | str]) -> str:
    """``layer 3, params`` or ``design, number_format``."""
    words = [f"layer {part + 1}" if isinstance(part, int) else part for part in path]
    return ", ".join(words[1:] if words[0] == "layers" and len(words) > 1 else words)


def _costs(file: _File, path: str | Path) -> Costs:
    design = file.design
    if design.convention != "papers":
        raise ValueError(f"convention must be papers, the papers' Mult-Adds, got {shortened(design.convention)}")
    mult_adds, params = (sum(getattr(layer, name) for layer in file.layers) for name in ("mult_adds", "params"))
    summed = {"mult_adds": mult_adds, "params": params, "weight_bytes": params * BYTES[design.number_format]}
    for name, value in summed.items():
        given = value if file.totals is None else getattr(file.totals, name)
        if given != value:
            raise ValueError(f"{name} must be the sum of its layers, {value:,}, got {given:,}")
    peak = {} if file.totals is None else {"peak_activation_bytes": file.totals.peak_activation_bytes}
    names = unique(layer.layer for layer in file.layers)
    return Costs(
        label=f"{file.label or design.network}, {Path(path).name}, multadds {design.version}",
        network=design.network,
        number_format=design.number_format,
        totals=summed | peak,
        layers=tuple(
            LayerCost(name, layer.mult_adds, layer.params) for name, layer in zip(names, file.layers, strict=True)
        ),
    )
