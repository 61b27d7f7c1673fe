"""Step 2: depthwise and pointwise, the ratio 1/N + 1/D_K², and where 8 to 9 times less holds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.lessons.separable import claim_holds, reductions, separable, times_less
from analysis.lessons.sizes import TABLE_3, Sizes


def test_the_code_prints_the_formulas_values(sizes, printed_by):
    found = separable(sizes)
    assert printed_by(found.listing) == found.listing.prints
    assert found.listing.prints[0].startswith(f"standard: {found.standard.value:,} ")
    assert found.listing.prints[1].startswith(f"depthwise: {found.depthwise.value:,} ")
    assert found.listing.prints[2].startswith(f"pointwise: {found.pointwise.value:,} ")
    assert found.listing.prints[3] == (
        f"separable: {found.mult_adds.value:,} Mult-Adds, {found.weights.value:,} parameters"
    )


@given(st.sampled_from(range(1, 32, 2)), *[st.integers(1, 3000)] * 2, st.integers(1, 1024), st.integers(1, 16))
def test_the_ratio_is_one_over_n_and_one_over_the_kernel_squared(kernel, m, n, side, stride):
    found = separable(Sizes(kernel, m, n, side, stride))
    assert found.ratio == Fraction(1, n) + Fraction(1, kernel**2)
    assert found.mult_adds.value == found.depthwise.value + found.pointwise.value
    assert 1 / found.ratio == times_less(kernel, n)


def test_table_3_s_layer_is_within_the_claim():
    assert separable(TABLE_3).ratio == Fraction(521, 4608)
    assert 8 < separable(TABLE_3).times_less < 9


@pytest.mark.parametrize("kernel", range(1, 32))
def test_the_claim_holds_where_it_is_said_to_and_nowhere_else(kernel):
    holding = [n for n in range(1, 5000) if 8 <= times_less(kernel, n) <= 9]
    found = claim_holds(kernel)
    if not holding:
        assert found is None
    else:
        least, most = found
        assert (least, most or 4999) == (holding[0], holding[-1])
        assert len(holding) == holding[-1] - holding[0] + 1
        assert (most is None) == (holding[-1] == 4999)


def test_three_by_three_needs_72_output_channels():
    assert claim_holds(3) == (72, None)
    assert times_less(3, 72) == 8


def test_the_curves_are_the_ratio_at_every_point():
    frame = reductions()
    assert set(frame["kernel"]) == {3, 5, 7}
    for row in frame.sample(60, random_state=1).itertuples():
        assert row.times_less == float(times_less(row.kernel, row.out_channels))
    assert (frame["out_channels"].min(), frame["out_channels"].max()) == (1, 2048)
    assert frame["times_less"].min() < 1  # one output channel costs more


@pytest.mark.parametrize(("kernel", "n"), [(0, 1), (3, 0), ("x", 1), (3, 10**9)])
def test_bad_sizes_are_clear_errors(kernel, n):
    with pytest.raises(ValueError, match="must be"):
        times_less(kernel, n)
