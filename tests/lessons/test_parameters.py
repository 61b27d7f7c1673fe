"""Step 4: parameters against numel, with biases and batch norm as switches."""

from itertools import product

import pytest

from analysis.lessons.parameters import parameters
from analysis.lessons.sizes import TABLE_3, WORKED, Sizes

SWITCHES = list(product((False, True), repeat=2))


def test_the_worked_example():
    found = parameters(WORKED)
    assert found.standard.text == "3·3·3·32 = 864"
    assert found.depthwise.text == "3·3·3 = 27"
    assert found.pointwise.text == "3·32 = 96"
    assert found.separable.text == "3·3·3 + 3·32 = 123"


# bias, batch norm: standard, depthwise, pointwise
SWITCHED = {
    (True, False): (864 + 32, 27 + 3, 96 + 32),
    (False, True): (864 + 64, 27 + 6, 96 + 64),
    (True, True): (864 + 96, 27 + 9, 96 + 96),
}


@pytest.mark.parametrize(("switches", "counts"), SWITCHED.items())
def test_switches_add_one_or_two_a_channel_of_each_layer(switches, counts):
    bias, batch_norm = switches
    found = parameters(WORKED, bias=bias, batch_norm=batch_norm)
    assert (found.standard.value, found.depthwise.value, found.pointwise.value) == counts
    assert found.separable.value == counts[1] + counts[2]


@pytest.mark.parametrize(("bias", "batch_norm"), SWITCHES)
@pytest.mark.parametrize("sizes", [WORKED, Sizes(5, 8, 24, 6, 2), Sizes(1, 1, 1, 1)], ids=str)
def test_the_code_counts_the_same_by_numel(sizes, bias, batch_norm, printed_by):
    found = parameters(sizes, bias=bias, batch_norm=batch_norm)
    assert printed_by(found.listing) == found.listing.prints
    counts = [found.standard, found.depthwise, found.pointwise, found.separable]
    ends = [f" {formula.value:,} parameters" for formula in counts]
    assert all(line.endswith(end) for line, end in zip(found.listing.prints, ends, strict=True))


def test_the_map_does_not_count():
    small, large = parameters(TABLE_3), parameters(TABLE_3.with_(map=224, stride=3))
    assert small.separable == large.separable
    assert small.ratio == large.ratio


def test_the_letters_show_what_is_added():
    found = parameters(TABLE_3, bias=True, batch_norm=True)
    assert found.standard.symbols == "D_K·D_K·M·N + N + 2·N"
    assert found.depthwise.symbols == "D_K·D_K·M + M + 2·M"
