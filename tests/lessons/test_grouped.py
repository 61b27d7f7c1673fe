"""Step 5: groups from 1 to M, with the shape of torch's own weight tensor."""

import pytest

from analysis.lessons.grouped import every_grouping, group_choices, grouped, nearest_groups
from analysis.lessons.separable import separable
from analysis.lessons.sizes import TABLE_3, Sizes
from analysis.lessons.standard import standard

SMALL = Sizes(3, 24, 36, 7)


@pytest.mark.parametrize("groups", group_choices(SMALL))
def test_the_code_prints_torch_s_counts_and_shape(groups, printed_by):
    found = grouped(SMALL, groups)
    assert printed_by(found.listing) == found.listing.prints
    assert found.listing.prints == (
        f"grouped: {found.mult_adds.value:,} Mult-Adds, {found.weights.value:,} parameters",
        f"  weights {found.weight_shape}",
    )
    assert found.weight_shape == (36, 24 // groups, 3, 3)


def test_both_ends_are_the_other_steps():
    one, every = grouped(TABLE_3, 1), grouped(TABLE_3, 512)
    assert one.mult_adds.value == standard(TABLE_3).mult_adds.value
    assert every.mult_adds.value == separable(TABLE_3).depthwise.value
    assert (one.is_depthwise, every.is_depthwise) == (False, True)
    assert every.weight_shape == (512, 1, 3, 3)


def test_every_grouping_costs_one_over_its_groups():
    frame = every_grouping(TABLE_3)
    assert frame["groups"].tolist() == [2**power for power in range(10)]
    assert set(frame["mult_adds"] * frame["groups"]) == {462_422_016}
    for row in every_grouping(SMALL).itertuples():
        found = grouped(SMALL, row.groups)
        assert (row.mult_adds, row.params) == (found.mult_adds.value, found.weights.value)
        assert row.weight_shape == str(list(found.weight_shape))


def test_choices_are_common_divisors():
    assert group_choices(SMALL) == (1, 2, 3, 4, 6, 12)
    assert group_choices(Sizes(3, 3, 32, 9)) == (1,)
    assert [nearest_groups(SMALL, groups) for groups in (1, 5, 11, 12, 2048)] == [1, 4, 6, 12, 12]


@pytest.mark.parametrize("groups", [0, -1, 5, 24, 1.5, "x", None])
def test_groups_that_do_not_divide_are_a_clear_error(groups):
    with pytest.raises(ValueError, match="groups must"):
        grouped(SMALL, groups)
