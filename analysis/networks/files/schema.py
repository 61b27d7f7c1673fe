"""The one schema of network files, made from the row dataclasses; also published as JSON Schema."""

from __future__ import annotations

import dataclasses
import json
import operator
from collections.abc import Mapping
from functools import cache, reduce
from types import GenericAlias
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    create_model,
    model_validator,
)

from analysis.networks.fields import MOST_IN_CHANNELS, Alpha, T
from analysis.networks.files.plain import (
    NONE,
    USUAL_IN_CHANNELS,
    USUAL_INPUT,
    USUAL_ROUNDING,
    bare,
    field_types,
    made,
    named_none,
    ratio,
    rounding_of,
    sides,
    unfolded,
)
from analysis.networks.resolutions import LEAST_RESOLUTION, MOST_RESOLUTION
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
    "se": "Squeeze-excite: its fields, or in short its ratio, gate and what it squeezes, those that are not usual.",
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
    "alpha": "The row's own width multiplier, in place of the design's.",
    "expansion": "What c is over the channels within the block.",
    "strided": "Which convolution of the block has the stride.",
    "padding": "Of the map, on each side, in px.",
    "p": "Probability of a 0 while training.",
    "ratio": "The width within, over what is squeezed.",
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
    short = _reader(field_types(of)["ratio"]) | Annotated[str, Field(pattern=r"^[a-z0-9_./ -]+$")]
    return Annotated[model, BeforeValidator(unfolded, json_schema_input_type=model | short)]


@cache
def fields_model(of: type, block: str | None = None) -> type[BaseModel]:
    """A pydantic model with the fields of a dataclass, and of a ``block`` its name."""
    fields: dict[str, Any] = {} if block is None else {"block": (Literal[block], ...)}
    for field in dataclasses.fields(of):
        default = ... if field.default is dataclasses.MISSING else _plain_default(field.default)
        annotation = _reader(field_types(of)[field.name])
        fields[field.name] = (annotation, Field(default, description=MEANINGS.get(field.name)))
    whole: Any = model_validator(mode="after")(lambda model: _made_whole(of, model))
    name = block or of.__name__
    return create_model(name, __config__=STRICT, __doc__=of.__doc__, __validators__={"whole": whole}, **fields)


def _made_whole(of: type, model: BaseModel) -> BaseModel:
    """The model, where its dataclass takes its fields together."""
    made(of, model.model_dump(exclude={"block"}))
    return model


def _plain_default(value: Any) -> Any:
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else value


def check_printable(text: str) -> str:
    """``text`` in one line, without characters that a terminal or page would act on; ``ValueError`` otherwise."""
    if not text.isprintable():
        raise ValueError(f"must be printable text in one line, got {text[:40]!a}")
    return text


Side: TypeAlias = Annotated[int, Field(ge=LEAST_RESOLUTION, le=MOST_RESOLUTION)]
Sides: TypeAlias = Annotated[
    tuple[Side, Side],
    BeforeValidator(
        sides,
        json_schema_input_type=Side
        | Annotated[str, Field(pattern=r"^[0-9]{1,9}\s*[x×]\s*[0-9]{1,9}$")]
        | Annotated[list[Side], Field(min_length=2, max_length=2)],
    ),
]
Printed: TypeAlias = Annotated[str, AfterValidator(check_printable)]
Multiplier: TypeAlias = Annotated[Alpha, BeforeValidator(ratio, json_schema_input_type=Alpha | _FRACTION)]
Factor: TypeAlias = Annotated[T, BeforeValidator(ratio, json_schema_input_type=T | _FRACTION)]
Preset: TypeAlias = Annotated[
    tuple[Multiplier, Side], BeforeValidator(lambda pair: tuple(pair) if isinstance(pair, list) else pair)
]


class NetworkHead(BaseModel):
    """A convolutional network, row for row its paper's table."""

    model_config = STRICT

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")] = Field(
        description="The name by which the network is asked for: letters, digits, dots, dashes and underscores."
    )
    label: Annotated[Printed, Field(min_length=1, max_length=80)] | None = Field(
        None, description="The name as the paper writes it; the name where left out."
    )
    source: Annotated[Printed, Field(max_length=500)] = Field("", description="Paper and table.")
    rounding: Any = Field(USUAL_ROUNDING, description="How α · c becomes a whole number of channels.")
    t: Factor | None = Field(None, description="Expansion factor of the rows without one of their own.")
    input: Sides = Field(
        (USUAL_INPUT, USUAL_INPUT), description="Height × width of the input in px at ρ = 1: 224, 60x120 or [60, 120]."
    )
    in_channels: Annotated[int, Field(ge=1, le=MOST_IN_CHANNELS)] = Field(
        USUAL_IN_CHANNELS, description="Channels of the input."
    )
    presets: Annotated[list[Preset], Field(max_length=200)] = Field(
        [], description="The (α, height in px) pairs that were released or printed."
    )


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
    """The whole file: what is fixed above, and what the dataclasses of rounding and rows make."""
    fields = NetworkHead.model_fields
    rounding = fields_model(Rounding)
    named = BeforeValidator(rounding_of, json_schema_input_type=rounding | Literal[*ROUNDINGS])
    rows = Field(min_length=1, max_length=MOST_ROWS, description="The rows of the table, from the input to the head.")
    made: dict[str, Any] = {
        "rounding": (Annotated[rounding, named], fields["rounding"]),
        "rows": (GenericAlias(list, (_any_row(),)), rows),
    }
    return create_model("network", __base__=NetworkHead, __doc__=NetworkHead.__doc__, **made)


def network_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a network file, for editors and other programs."""
    return {"$schema": DIALECT, **file_model().model_json_schema()}


def schema_text() -> str:
    """The JSON Schema as a file."""
    return json.dumps(network_schema(), indent=2, ensure_ascii=False) + "\n"


def fields_of(block: Any) -> Mapping[str, Any]:
    """The fields that a block takes, by name; of one that is not known, none."""
    known = isinstance(block, str) and block in BLOCKS
    return field_types(BLOCKS[block]) if known else {}
