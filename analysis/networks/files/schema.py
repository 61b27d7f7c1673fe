"""The one schema of network files, made from the row dataclasses; also published as JSON Schema."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Mapping
from functools import cache, reduce
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, create_model, model_validator

from analysis.networks.design import LEAST_RESOLUTION, MOST_IN_CHANNELS, MOST_RESOLUTION, MOST_T
from analysis.networks.files.plain import (
    USUAL_IN_CHANNELS,
    USUAL_INPUT,
    USUAL_ROUNDING,
    bare,
    field_types,
    NONE,
    made,
    named_none,
    ratio,
    rounding_of,
    sides,
    unfolded,
)
from analysis.networks.rounding import ROUNDINGS, Rounding
from analysis.networks.rows import BLOCKS

MOST_ROWS = 500

DIALECT = "https://json-schema.org/draft/2020-12/schema"
STRICT = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

MEANINGS = {
    "c": "Output channels at α = 1.",
    "n": "Repeats of the row.",
    "s": "Stride, of the first repeat alone.",
    "k": "Side of the kernel or window in px.",
    "t": "Expansion factor, a number or a fraction such as 88/24; the network's where left out.",
    "se": "Squeeze-excite; its ratio or its gate alone is a short form.",
    "groups": "Groups of the convolution.",
    "activation": "What follows the layer.",
    "batch_norm": "Batch norm after the convolution; a bias in its place where false.",
    "dropout": "Dropout before the layer while training, from 0 to 1; it costs nothing.",
    "classes": "Classes of the classifier.",
    "penultimate": "Width of a fully connected layer before the classifier.",
    "pooled": "Global average pool before the classifier; else it reads the whole map.",
    "rounded": "Whether the hidden width takes the network's channel rounding.",
    "skip": "Whether there is a shortcut where stride and channels allow one.",
    "fixed": "Whether α leaves the channels alone.",
    "of": "What a window gives: its maximum or its mean.",
    "alpha": "The row's own width multiplier, times the design's.",
    "gate": "The activation whose output scales the channels.",
    "squeezes": "What the ratio is of: the map's own channels or the block input's.",
}
"""What a row's fields mean, in one sentence each."""

_FRACTION = Annotated[str, Field(pattern=r"^[0-9]{1,9}/0*[1-9][0-9]{0,8}$")]


def _reader(annotation: Any) -> Any:
    """The annotation of a dataclass's field as a file may hold it: fractions for floats, mappings for dataclasses."""
    kind, args = bare(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _limited(_reader(args[0]), annotation.__metadata__, is_float=kind is float)
    if type(None) in args:
        given = reduce(operator.or_, (_reader(arg) for arg in args if arg is not type(None)))
        named = BeforeValidator(named_none, json_schema_input_type=given | Literal[NONE] | None)
        return Annotated[given | None, named]
    if kind is float:
        return _limited(float, (), is_float=True)
    if dataclasses.is_dataclass(kind):
        return _part(kind)
    return annotation


def _limited(kind: Any, limits: tuple[Any, ...], *, is_float: bool) -> Any:
    limited = reduce(lambda inner, limit: Annotated[inner, limit], limits, float if is_float else kind)
    if not is_float:
        return limited
    return Annotated[limited, BeforeValidator(ratio, json_schema_input_type=limited | _FRACTION)]


def _part(of: Any) -> Any:
    model = fields_model(of)
    types = field_types(of)
    short = _reader(types["ratio"]) | types["gate"]
    return Annotated[model, BeforeValidator(lambda value: unfolded(of, value), json_schema_input_type=model | short)]


@cache
def fields_model(of: type, block: str | None = None) -> type[BaseModel]:
    """A pydantic model with the fields of a dataclass, and of a ``block`` its name."""
    fields: dict[str, Any] = {} if block is None else {"block": (Literal[block], ...)}
    for field in dataclasses.fields(of):
        default = ... if field.default is dataclasses.MISSING else _plain_default(field.default)
        annotation = _reader(field_types(of)[field.name])
        fields[field.name] = (annotation, Field(default, description=MEANINGS.get(field.name)))
    made_whole = model_validator(mode="after")(lambda model: _made_whole(of, model))
    name = block or of.__name__
    return create_model(name, __config__=STRICT, __doc__=of.__doc__, __validators__={"whole": made_whole}, **fields)


def _made_whole(of: type, model: BaseModel) -> BaseModel:
    """The model, where its dataclass takes its fields together."""
    made(of, model.model_dump(exclude={"block"}))
    return model


def _plain_default(value: Any) -> Any:
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else value


_Side = Annotated[int, Field(ge=LEAST_RESOLUTION, le=MOST_RESOLUTION)]
_InputText = Annotated[str, Field(pattern=r"^[0-9]{1,9}\s*[x×]\s*[0-9]{1,9}$")]
_Alpha = _limited(float, (Field(gt=0, le=1000),), is_float=True)


class NetworkHead(BaseModel):
    """A convolutional network, row for row its paper's table."""

    model_config = STRICT

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")] = Field(
        description="The name by which the network is asked for: letters, digits, dot, dash and underscore."
    )
    label: Annotated[str, Field(min_length=1, max_length=80)] | None = Field(
        None, description="The name as the paper writes it; the name where left out."
    )
    source: Annotated[str, Field(max_length=500)] = Field("", description="Paper and table.")
    rounding: Annotated[
        fields_model(Rounding),  # type: ignore[valid-type]
        BeforeValidator(rounding_of, json_schema_input_type=fields_model(Rounding) | Literal[*ROUNDINGS]),  # type: ignore[valid-type]
    ] = Field(USUAL_ROUNDING, description="How α · c becomes a whole number of channels.")
    t: Annotated[_Alpha, Field(le=MOST_T)] | None = Field(
        None, description="Expansion factor of the rows without one of their own."
    )
    input: Annotated[
        tuple[_Side, _Side], BeforeValidator(sides, json_schema_input_type=_Side | _InputText | list[_Side])
    ] = Field(USUAL_INPUT, description="Height × width of the input in px at ρ = 1: 224, 60x120 or [60, 120].")
    in_channels: Annotated[int, Field(ge=1, le=MOST_IN_CHANNELS)] = Field(
        USUAL_IN_CHANNELS, description="Channels of the input."
    )
    presets: Annotated[
        list[Annotated[tuple[_Alpha, _Side], BeforeValidator(lambda pair: tuple(pair) if isinstance(pair, list) else pair)]],
        Field(max_length=200),
    ] = Field([], description="The (α, height in px) pairs that were released or printed.")


@cache
def row_reader() -> TypeAdapter[Any]:
    """Reads one row; the model that ``block`` names."""
    return TypeAdapter(_any_row())


@cache
def _any_row() -> Any:
    rows = reduce(operator.or_, (fields_model(row, name) for name, row in BLOCKS.items()))
    return Annotated[rows, Field(discriminator="block")]


@cache
def file_model() -> type[BaseModel]:
    """The whole file."""
    rows = Annotated[list[_any_row()], Field(min_length=1, max_length=MOST_ROWS)]  # type: ignore[misc]
    field = Field(description="The rows of the table, from the input to the head.")
    return create_model("network", __base__=NetworkHead, __doc__=NetworkHead.__doc__, rows=(rows, field))


def network_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a network file, for editors and other programs."""
    return {"$schema": DIALECT, **file_model().model_json_schema()}


def fields_of(block: Any) -> Mapping[str, Any]:
    """The fields that a block takes, by name; of one that is not known, none."""
    known = isinstance(block, str) and block in BLOCKS
    return field_types(BLOCKS[block]) if known else {}
