"""Step 6: the inverted residual's formulas, tensors alive and code, against the real row's layers and fvcore."""

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cost import closed_form
from analysis.lessons.inverted import Block, alive_table, presets
from analysis.lessons.inverted_code import code
from analysis.lessons.listings import run_listing
from analysis.lessons.sizes import Sizes
from analysis.networks import make_design
from analysis.plots.alive import alive_figure

BLOCKS = {
    "shortcut": Block(Sizes(3, 24, 24, 56), 6),
    "strided": Block(Sizes(3, 24, 32, 57, 2), 6),
    "odd": Block(Sizes(5, 7, 24, 15, 2), 2.5),
    "t1": Block(Sizes(3, 32, 16, 112), 1),
}


@st.composite
def some_block(draw):
    channels = st.integers(1, 200)
    sizes = Sizes(
        draw(st.sampled_from((1, 3, 5, 7))),
        draw(channels),
        draw(channels),
        draw(st.integers(1, 40)),
        draw(st.integers(1, 3)),
    )
    return Block(sizes, draw(st.sampled_from((1, 1.5, 2, 2.5, 3, 6, 10))))


def product(term):
    return prod(factor.value for factor in term)


@given(some_block())
def test_the_numbers_in_each_formula_multiply_to_the_closed_form(block):
    formulas = (*block.formulas(), block.mult_adds)
    assert all(sum(map(product, formula.terms)) == formula.value for formula in formulas)
    assert sum(formula.value for formula in block.formulas()) == block.mult_adds.value


def test_the_papers_formula_stands_for_stride_1():
    block = BLOCKS["shortcut"]
    h, d, t, k, d_out = 56, 24, 6, 3, 24
    assert block.mult_adds.symbols == "h·w·d·t·(d + k² + d')"
    assert block.mult_adds.value == h * h * d * t * (d + k**2 + d_out)


@given(some_block())
def test_the_tensors_of_a_layer_sum_to_what_the_closed_form_says_is_alive(block):
    by_layer = alive_table(block).groupby("layer", sort=False)["elements"].sum()
    assert by_layer.tolist() == [closed_form.alive(layer) for layer in block.layers()]
    assert by_layer.max() == block.peak


@pytest.mark.parametrize(("name", "shortcut"), [("shortcut", True), ("strided", False), ("t1", False)])
def test_a_shortcut_is_where_the_stride_is_1_and_the_channels_are_equal(name, shortcut):
    assert BLOCKS[name].shortcut is shortcut
    assert ("shortcut" in set(alive_table(BLOCKS[name])["part"])) is shortcut


def test_pieces_keep_less_alive_and_no_less_than_input_and_output():
    block = BLOCKS["shortcut"]
    peaks = [block.peak_in_pieces(pieces) for pieces in (1, 2, 6, block.hidden)]
    assert peaks == sorted(peaks, reverse=True)
    assert block.between < peaks[-1] < block.peak
    assert peaks[2] == block.between + 2 * 24 * 56 * 56


@pytest.mark.parametrize("pieces", [0, 145, -1])
def test_pieces_are_bounded(pieces):
    with pytest.raises(ValueError, match="pieces must be from 1 to the 144 hidden channels"):
        BLOCKS["shortcut"].peak_in_pieces(pieces)


@pytest.mark.parametrize("t", [0, 0.5, 21, "x"])
def test_a_t_out_of_range_is_one_sentence(t):
    with pytest.raises(ValueError, match=r"^t must be "):
        Block(Sizes(), t)


@pytest.mark.parametrize("name", BLOCKS)
def test_the_code_runs_as_shown_and_fvcore_counts_the_same(name):
    shown = code(BLOCKS[name])
    assert run_listing(shown) == shown.prints
    assert f"{BLOCKS[name].mult_adds.value:,} Mult-Adds, {BLOCKS[name].params:,} parameters" in shown.prints[0]


def test_the_code_adds_the_input_exactly_where_there_is_a_shortcut():
    assert {name: "return x + y" in code(block).code for name, block in BLOCKS.items()} == {
        name: block.shortcut for name, block in BLOCKS.items()
    }


def test_a_preset_costs_what_the_networks_own_block_costs():
    network = {layer.block: 0 for layer in make_design("mobilenet_v2").layers()}
    for layer in make_design("mobilenet_v2").layers():
        network[layer.block] += closed_form.mult_adds(layer)
    for block in presets().values():
        assert block.mult_adds.value in network.values()
    most = max(block.peak for block in presets().values())
    assert most == max(closed_form.alive(layer) for layer in make_design("mobilenet_v2").layers())


@pytest.mark.parametrize("name", BLOCKS)
def test_the_figure_holds_the_table(name):
    table = alive_table(BLOCKS[name])
    figure = alive_figure(table, BLOCKS[name].between)
    assert sorted(value for trace in figure.data for value in trace.x) == sorted(table["elements"])
