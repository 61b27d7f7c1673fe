"""Step 3: V1's Table 3 reached change by change; the printed figures are the paper's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.lessons.multipliers import STAGES, is_table_3, printed, stages, stages_listing
from analysis.lessons.sizes import TABLE_3, Sizes

# arXiv:1704.04861v1, Table 3: million Mult-Adds, million parameters
TABLE = {"standard": ("462", "2.36"), "separable": ("52.3", "0.27"), "alpha": ("29.6", "0.15"), "rho": ("15.1", "0.15")}


def test_the_printed_table_is_the_paper_s():
    frame = printed()
    assert {name: (row.million_mult_adds, row.million_params) for name, row in frame.iterrows()} == TABLE
    assert set(frame["source"]) == {"arXiv:1704.04861v1, Table 3"}


@pytest.mark.parametrize("stage", stages(TABLE_3), ids=lambda stage: stage.name)
def test_table_3_is_reproduced_to_half_a_unit_of_the_last_digit(stage):
    for value, text in zip((stage.mult_adds.value, stage.weights.value), TABLE[stage.name], strict=True):
        digits = len(text.partition(".")[2])
        assert abs(value - float(text) * 1e6) <= 0.5 * 10 ** (6 - digits)


def test_the_stages_are_exact():
    assert [stage.mult_adds.value for stage in stages(TABLE_3)] == [462_422_016, 52_283_392, 29_578_752, 15_091_200]
    assert [stage.name for stage in stages(TABLE_3)] == list(STAGES) == list(TABLE)


@pytest.mark.parametrize(
    "sizes", [TABLE_3, Sizes(5, 30, 70, 27, 2, 0.33, 1.2), Sizes(3, 3, 32, 9, 1, 0.1, 0.1)], ids=str
)
def test_the_code_prints_every_stage(sizes, printed_by):
    found = stages_listing(sizes)
    assert printed_by(found) == found.prints
    lines = [
        f"{stage.name}: {stage.mult_adds.value:,} Mult-Adds, {stage.weights.value:,} parameters"
        for stage in stages(sizes)
    ]
    assert found.prints == tuple(lines)


@given(st.integers(1, 4000), st.integers(1, 4000), st.floats(0.01, 10), st.floats(0.01, 10), st.integers(1, 500))
def test_multipliers_round_as_said_and_kinds_add_up(m, n, alpha, rho, side):
    sizes = Sizes(3, m, n, min(side, 100), 1, alpha, rho)
    thin, small = sizes.thinned(), sizes.shrunk()
    assert thin.in_channels == max(1, int(alpha * m))
    assert thin.out_channels == max(1, int(alpha * n))
    assert small.map == max(1, round(rho * sizes.map))
    for stage in stages(sizes):
        assert sum(stage.by_kind.values()) == stage.mult_adds.value


def test_rho_leaves_the_parameters():
    for rho in (0.2, 0.714, 1.3):
        before, after = stages(TABLE_3.with_(rho=rho))[2:]
        assert before.weights.value == after.weights.value


def test_printed_figures_stand_beside_their_own_layer_alone():
    assert is_table_3(TABLE_3)
    for change in ({"map": 15}, {"alpha": 0.5}, {"rho": 5 / 7}, {"kernel": 5}, {"stride": 2}):
        assert not is_table_3(TABLE_3.with_(**change))
