"""Step 1: the standard convolution, against real torch modules counted by fvcore."""

import pytest

from analysis.lessons.listings import Listing, run_listing
from analysis.lessons.sizes import TABLE_3, Sizes, presets
from analysis.lessons.standard import standard


def test_the_code_prints_the_formulas_values(sizes, printed_by):
    found = standard(sizes)
    assert printed_by(found.listing) == found.listing.prints
    assert found.listing.prints == (
        f"standard: {found.mult_adds.value:,} Mult-Adds, {found.weights.value:,} parameters",
    )


@pytest.mark.parametrize("name", presets())
def test_every_preset_is_counted(name, printed_by):
    found = standard(presets()[name])
    assert printed_by(found.listing) == found.listing.prints


def test_table_3_s_first_row():
    assert standard(TABLE_3).mult_adds.value == 462_422_016
    assert standard(TABLE_3).weights.value == 2_359_296


def test_the_code_runs_in_a_python_of_its_own():
    found = standard(Sizes(3, 4, 6, 5))
    assert run_listing(found.listing) == found.listing.prints


def test_what_is_too_large_is_not_run():
    huge = standard(Sizes(11, 2048, 2048, 224)).listing
    assert huge.too_large is not None
    with pytest.raises(ValueError, match="too large to build"):
        run_listing(huge)


def test_code_that_fails_says_why():
    with pytest.raises(RuntimeError, match="the code failed: ZeroDivisionError"):
        run_listing(Listing("1 / 0", ()))
