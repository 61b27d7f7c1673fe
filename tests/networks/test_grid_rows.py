"""The cells of an editable grid: a reason beside each that is wrong, and the rows where none is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.networks import CATALOGUE
from analysis.networks.branches import SqueezeExcite
from analysis.networks.files.folded import grid_row
from analysis.networks.files.grid import check_rows
from analysis.networks.files.problems import Problem
from analysis.networks.rows import Conv, Head, InvertedResidual

V2 = CATALOGUE["mobilenet_v2"]
HEAD = {"block": "head", "classes": 10}


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_cells_of_a_network_are_its_rows(name: str):
    network = CATALOGUE[name]
    assert check_rows([grid_row(row) for row in network.rows], network=network) == (network.rows, [])


def test_an_empty_cell_is_what_is_usual_and_a_whole_float_a_count():
    cells = {"block": "conv", "c": 32.0, "n": None, "s": np.int64(2), "k": math.nan, "t": None, "groups": ""}
    assert check_rows([cells, HEAD], network=V2) == ((Conv(32, s=2), Head(10)), [])


def test_a_part_of_a_row_has_one_cell():
    cells = {"block": "inverted_residual", "c": 32, "t": "88/24", "se": 0.5}
    rows, _ = check_rows([cells, HEAD], network=V2)
    assert rows[0] == InvertedResidual(32, t=88 / 24, se=SqueezeExcite(ratio=0.5))


def test_every_wrong_cell_is_named_with_its_reason():
    cells = [
        {"block": "conv", "c": 2.5, "s": 99},
        {"block": "pool", "of": "max", "c": 8},
        {"block": "conv", "c": 8, "groups": 3},
        {"c": 8},
        HEAD,
    ]
    rows, problems = check_rows(cells, network=V2)
    assert rows == ()
    assert {(problem.row, problem.field): problem.message for problem in problems} == {
        (1, "c"): "c must be a whole number, got 2.5",
        (1, "s"): "s must be at most 16, got 99",
        (2, "c"): "c is not a field of pool",
        (3, "groups"): "groups must divide c = 8, got 3",
        (4, "block"): "block is missing; it is one of conv, separable, inverted_residual, conv_last, "
        "bottleneck_residual, pool, dropout, dense, head",
    }


def test_a_row_that_does_not_fit_those_before_it_is_named():
    pools = [{"block": "pool", "of": "max", "k": 2}] * 8
    assert check_rows([*pools, HEAD], network=V2) == (
        (),
        [Problem(8, "k", "k must fit the map of 1×1, got 2 with padding 0")],
    )
    assert check_rows([HEAD, HEAD], network=V2) == ((), [Problem(1, None, "a head must be the last row")])
    assert check_rows([{"block": "conv", "c": 8}], network=V2) == (
        (),
        [Problem(None, "rows", "the last row must be a head")],
    )


@pytest.mark.parametrize("count", [0, 501])
def test_the_number_of_rows_has_its_limits(count: int):
    _, problems = check_rows([HEAD] * count, network=V2)
    assert problems == [Problem(None, "rows", f"there must be 1 to 500 rows, got {count}")]
