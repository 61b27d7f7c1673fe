"""The limits that rows' fields carry, as files and forms read them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import get_type_hints

import pytest
from pydantic import TypeAdapter, ValidationError

from analysis.networks import CATALOGUE
from analysis.networks.branches import SqueezeExcite
from analysis.networks.rows import BLOCKS

C = {name: {"c": 8} for name in BLOCKS} | {"pool": {"of": "max"}, "dropout": {}, "head": {"classes": 5}}


@pytest.mark.parametrize("block", BLOCKS)
def test_a_row_of_its_required_fields_is_valid(block: str):
    assert TypeAdapter(BLOCKS[block]).validate_python(C[block]) == BLOCKS[block](**C[block])


REFUSED = {
    "c": (0, 65_537),
    "n": (0, 1_001),
    "s": (0, 17),
    "k": (0, 65),
    "t": (0, 1_000.5),
    "p": (-0.1, 1.1),
    "groups": (0, 65_537),
    "alpha": (0, 1_001),
    "expansion": (0, 1_001),
    "dropout": (-0.1, 1.1),
    "padding": (-1, 32),
    "classes": (0, 1_000_000_001),
    "penultimate": (0, 65_537),
    "activation": ("gelu",),
    "of": ("min",),
    "strided": ("last",),
}
LIMITED = [
    (block, field.name, value)
    for block, row in BLOCKS.items()
    for field in fields(row)
    for value in REFUSED.get(field.name, ())
]


@pytest.mark.parametrize(("block", "field", "value"), LIMITED)
def test_a_value_outside_its_limits_is_refused_by_the_fields_name(block: str, field: str, value: object):
    with pytest.raises(ValidationError) as error:
        TypeAdapter(BLOCKS[block]).validate_python(C[block] | {field: value})
    assert {found["loc"][0] for found in error.value.errors()} == {field}


@pytest.mark.parametrize("block", ["conv", "conv_last", "separable", "inverted_residual", "bottleneck_residual"])
def test_a_kernel_must_be_odd(block: str):
    with pytest.raises(ValidationError, match="must be odd, got 2"):
        TypeAdapter(BLOCKS[block]).validate_python(C[block] | {"k": 2})
    k = TypeAdapter(BLOCKS[block]).json_schema()["properties"]["k"]
    assert (k["minimum"], k["maximum"], k["not"]) == (1, 63, {"multipleOf": 2})


def test_what_no_field_shows_alone_is_refused_too():
    with pytest.raises(ValidationError, match="groups must divide c = 8, got 3"):
        TypeAdapter(BLOCKS["conv"]).validate_python({"c": 8, "groups": 3})


@pytest.mark.parametrize("ratio", [0, 1.01])
def test_a_ratio_outside_its_limits_is_refused(ratio: float):
    with pytest.raises(ValidationError):
        TypeAdapter(SqueezeExcite).validate_python({"ratio": ratio})


def test_every_row_of_the_catalogue_is_a_block_within_its_limits():
    for network in CATALOGUE.values():
        for row in network.rows:
            assert type(row) in BLOCKS.values()
            values = {field.name: getattr(row, field.name) for field in fields(row)}
            assert TypeAdapter(type(row)).validate_python(values) == row


@pytest.mark.parametrize("row", BLOCKS.values())
def test_a_row_is_a_frozen_dataclass_whose_hints_can_be_read(row: type):
    assert is_dataclass(row)
    assert row.__dataclass_params__.frozen
    assert set(get_type_hints(row, include_extras=True)) >= {field.name for field in fields(row)}
