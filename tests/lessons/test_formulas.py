"""A formula says what it is worth: its numbers multiply to its value, which is the built module's own count."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cost import closed_form
from analysis.lessons.formulas import letters, separable_layers, standard_layer
from analysis.lessons.grouped import grouped, nearest_groups
from analysis.lessons.multipliers import stages
from analysis.lessons.parameters import parameters
from analysis.lessons.separable import separable
from analysis.lessons.sizes import MOST_CHANNELS, MOST_KERNEL, MOST_MAP, TABLE_3, Sizes, presets
from analysis.lessons.standard import standard

LAYERS = st.builds(
    Sizes,
    kernel=st.sampled_from(range(1, MOST_KERNEL + 1, 2)),
    in_channels=st.integers(1, 4096),
    out_channels=st.integers(1, 4096),
    map=st.integers(1, MOST_MAP // 2),
    stride=st.integers(1, 5),
    alpha=st.integers(10, 140).map(lambda hundredths: hundredths / 100),
    rho=st.integers(100, 1500).map(lambda thousandths: thousandths / 1000),
)


def formulas_of(sizes):
    one, two, in_groups = standard(sizes), separable(sizes), grouped(sizes, nearest_groups(sizes, 16))
    switched = [parameters(sizes, bias=bias, batch_norm=norm) for bias in (False, True) for norm in (False, True)]
    yield from (one.mult_adds, one.weights, two.depthwise, two.pointwise, two.mult_adds, two.weights, two.standard)
    yield from (in_groups.mult_adds, in_groups.weights)
    for stage in stages(sizes):
        yield from (stage.mult_adds, stage.weights)
    for found in switched:
        yield from (found.standard, found.depthwise, found.pointwise, found.separable)


@given(LAYERS)
@settings(deadline=None)
def test_the_numbers_of_every_formula_make_its_value(sizes):
    for formula in formulas_of(sizes):
        assert eval(formula.numbers.replace("·", "*")) == formula.value, formula
        assert formula.text == f"{formula.numbers} = {formula.value:,}"
        assert formula.symbols.count("·") == formula.numbers.count("·") == formula.numbers_tex.count(r"\cdot")


def test_the_letters_are_the_papers():
    assert standard(TABLE_3).mult_adds.symbols == "D_K·D_K·M·N·D_F·D_F"
    assert standard(TABLE_3).mult_adds.text == "3·3·512·512·14·14 = 462,422,016"
    assert separable(TABLE_3).mult_adds.symbols == "D_K·D_K·M·D_F·D_F + M·N·D_F·D_F"
    thin = stages(TABLE_3)[3].mult_adds
    assert thin.symbols == "D_K·D_K·αM·ρD_F·ρD_F + αM·αN·ρD_F·ρD_F"
    assert thin.tex.startswith(r"D_K \cdot D_K \cdot \alpha M \cdot \rho D_F")


def test_a_stride_is_in_the_letters():
    strided = letters(TABLE_3.with_(stride=2, map=15), shrunk=True).map
    assert (strided.text, strided.tex) == ("⌈ρD_F/s⌉", r"\lceil \rho D_F/s \rceil")
    assert strided.value == 6  # round(0.714 · 15) = 11, and 11 / 2 rounded up


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kernel": 2}, r"D_K must be odd, so that the padding \(D_K - 1\) / 2 is whole, got 2"),
        ({"kernel": 33}, "D_K must be at most 31, got 33"),
        ({"in_channels": 0}, "M must be at least 1, got 0"),
        ({"out_channels": 1e9}, "N must be at most 65,536, got "),
        ({"map": "x"}, "D_F must be a whole number, got x"),
        ({"map": 14.5}, "D_F must be a whole number, got 14.5"),
        ({"stride": -1}, "stride must be at least 1, got -1"),
        ({"alpha": float("nan")}, "alpha must be a number, got nan"),
        ({"rho": 0}, "rho must be > 0, got 0"),
        ({"rho": 11}, "rho must be at most 10"),
        ({"depth": 1}, "sizes are kernel, in_channels, .*, got depth"),
    ],
)
def test_bad_sizes_are_a_clear_sentence(changes, message):
    with pytest.raises(ValueError, match=message):
        TABLE_3.with_(**changes)


def test_the_largest_layer_fits_a_64_bit_integer():
    most = Sizes(kernel=31, in_channels=MOST_CHANNELS, out_channels=MOST_CHANNELS, map=MOST_MAP, alpha=1, rho=1)
    assert standard(most).mult_adds.value < 2**63
    assert separable(most).mult_adds.value < 2**63


def test_the_presets_are_the_networks_layers():
    found = presets()
    first = found["MobileNet's first layer"]
    assert (first.in_channels, first.out_channels, first.map, first.stride, first.out_map) == (3, 32, 224, 2, 112)
    separate = found["MobileNet's first separable layer"]
    assert (separate.in_channels, separate.out_channels, separate.map, separate.stride) == (32, 64, 112, 1)
    last = found["MobileNet's last separable layer"]
    assert (last.in_channels, last.out_channels, last.map, last.stride) == (1024, 1024, 7, 1)


def test_the_layers_are_the_project_s_own():
    sizes = TABLE_3.with_(stride=2)
    layer, (dw, pw) = standard_layer(sizes), separable_layers(sizes)
    assert closed_form.mult_adds(layer) == standard(sizes).mult_adds.value
    assert (dw.kind, dw.groups, dw.stride, pw.kind, pw.stride) == ("dw", 512, 2, "pw", 1)
    assert (dw.output.height, pw.output.height) == (7, 7)
