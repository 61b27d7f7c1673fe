"""The cost surface holds exact totals, a line parts designs within a cost from others, exponents are ln ratios."""

from __future__ import annotations

import random
from itertools import pairwise
from math import log

import numpy as np
import pytest

import analysis
from analysis.networks import CATALOGUE
from analysis.networks.ranges import ALPHAS, TS, sides
from analysis.networks.resolutions import width_of
from analysis.tradeoff.surfaces.exponents import cut, exponents, largest_step
from analysis.tradeoff.surfaces.surface import (
    COSTS,
    PAIRS,
    axes_of,
    block_channels,
    cost_surface,
    held_design,
    moved,
    pairs_of,
    round_levels,
    same_cost,
)

V2 = analysis.make_design("mobilenet_v2")
SURFACES = [(name, pair) for name, network in CATALOGUE.items() for pair in pairs_of(network)]
INPUTS = {
    "square": ((224, 224), {"alpha": 0.6, "resolution": 180}),
    "oblong": ((60, 120), {"alpha": 1.3, "resolution": "45x90", "classes": 7, "in_channels": 1}),
}


def surface_of(network, pair, given, cost="mult_adds", number_format="float16"):
    base, options = INPUTS[given]
    design = analysis.make_design(network, **options)
    return design, cost_surface(design, pair, cost=cost, number_format=number_format, base=base)


def design_at(design, surface, column, row):
    x, y = surface.axes
    return moved(moved(design, x, surface.x[column], surface.base), y, surface.y[row], surface.base)


@pytest.mark.parametrize("given", INPUTS)
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize(("network", "pair"), SURFACES)
def test_a_surface_holds_the_totals_to_the_integer(network, pair, cost, given):
    design, surface = surface_of(network, pair, given, cost)
    draw = random.Random(f"{network} {pair} {cost}")
    for _ in range(8):
        column, row = draw.randrange(len(surface.x)), draw.randrange(len(surface.y))
        there = design_at(design, surface, column, row)
        assert surface.values[row, column] == analysis.totals(there, number_format="float16")[cost], there
        assert surface.place(there) == (surface.x[column], surface.y[row])


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize(("network", "pair"), SURFACES)
def test_a_cost_never_falls_along_rho_or_t(network, pair, cost):
    for given in INPUTS:
        _, surface = surface_of(network, pair, given, cost)
        assert (np.diff(surface.values, axis=0) >= 0).all()


def test_the_axes_are_the_sliders():
    surface = cost_surface(V2, "alpha-rho", base=(60, 120))
    assert (surface.x, surface.y) == (ALPHAS, tuple(sides(60, 120)))
    assert cost_surface(V2, "rho-t").y == TS
    assert cost_surface(V2, "alpha-t").values.shape == (len(TS), len(ALPHAS))


def test_a_surface_is_the_same_for_every_design_on_it():
    surface = cost_surface(V2, "alpha-rho")
    other = analysis.make_design("mobilenet_v2", alpha=0.31, resolution=97)
    assert held_design(other, PAIRS["alpha-rho"]) == surface.held
    assert (cost_surface(other, "alpha-rho").values == surface.values).all()


NOT_ON_IT = {
    "another t": {"t": 5},
    "another network": {"network": "mobilenet_v1"},
    "another number of classes": {"classes": 10},
    "another shape of input": {"resolution": "224x200"},
    "beyond the slider of α": {"alpha": 1.5},
    "beyond the slider of ρ": {"resolution": 400},
}


@pytest.mark.parametrize("options", NOT_ON_IT.values(), ids=NOT_ON_IT)
def test_a_design_that_is_not_on_the_surface_has_no_place(options):
    assert cost_surface(V2).place(analysis.make_design(**{"network": "mobilenet_v2", **options})) is None


@pytest.mark.parametrize("level", [20_000_000, 300_774_272, 1_000_000_000])
@pytest.mark.parametrize("pair", PAIRS)
def test_a_line_parts_designs_within_a_cost_from_those_beyond(pair, level):
    surface = cost_surface(V2, pair)
    for column, count in enumerate(surface.within(level).tolist()):
        for row in {count - 1, count} & set(range(len(surface.y))):
            cost = analysis.totals(design_at(V2, surface, column, row)).mult_adds
            assert (cost <= level) is (row < count)


def test_designs_of_the_same_cost_are_the_largest_within_it():
    surface, own = cost_surface(V2), analysis.totals(V2).mult_adds
    found = same_cost(surface, own)
    assert V2 in found
    for design in found:
        above = moved(design, "rho", design.height + 1)
        assert analysis.totals(design).mult_adds <= own < analysis.totals(above).mult_adds


FLAT = {
    ("mobilenet_v2", "params"): ["rho"],
    ("mobilenet_v2", "mult_adds"): [],
    ("pd_lenet", "params"): [],  # its dense layer reads a whole map
}


@pytest.mark.parametrize(("network", "cost"), FLAT)
def test_the_axes_along_which_a_cost_stays_are_named(network, cost):
    assert cost_surface(analysis.make_design(network), cost=cost).flat_axes() == FLAT[network, cost]


def test_a_line_beyond_the_frame_gives_no_design():
    assert same_cost(cost_surface(V2), 10**12) == same_cost(cost_surface(V2), 1) == []


@pytest.mark.parametrize(
    ("low", "high", "levels"),
    [
        (3_000_000, 250_000_000, [5, 10, 20, 50, 100, 200]),
        (1_519_112, 6_108_776, [2, 3, 5]),
        (1_000_000, 1_500_000, [1, 1.2, 1.4]),
        (100_000_000, 100_000_001, [100]),
    ],
)
def test_levels_are_round(low, high, levels):
    assert round_levels(low, high) == [level * 1_000_000 for level in levels]


@pytest.mark.parametrize("network", CATALOGUE)
def test_the_channels_are_those_of_the_layers(network):
    for alpha, found in zip(ALPHAS[::23], block_channels(analysis.make_design(network), ALPHAS[::23]), strict=True):
        layers = analysis.make_design(network, alpha=alpha).layers()
        ends = {layer.block: layer.output.channels for layer in layers if layer.kind not in ("pool", "fc")}
        widths = list(ends.values())
        assert found == [width for width, before in zip(widths, [None, *widths[:-1]], strict=True) if width != before]


REFUSED = [
    ({"pair": "alpha-beta"}, "axes must be one of alpha-rho, alpha-t, rho-t, got alpha-beta"),
    ({"cost": "flops"}, "cost must be one of mult_adds, params, peak_activation_bytes, weight_bytes, got flops"),
    ({"number_format": "bits"}, "number format must be one of"),
    ({"design": analysis.make_design("mobilenet_v1"), "pair": "rho-t"}, "mobilenet_v1 has no expansion factor t"),
]


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_what_there_is_not_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        cost_surface(**{"design": V2, **options})


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("network", CATALOGUE)
def test_an_exponent_is_the_ratio_of_logarithms(network, cost):
    base, options = INPUTS["oblong"]
    design = analysis.make_design(network, **options)
    found = exponents(design, cost=cost, base=base)
    assert set(found["axis"]) == set(axes_of(design.entry))
    for row in found.to_dict("records"):
        start, end = (moved(design, row["axis"], row[name], base) for name in ("start", "end"))
        costs = [analysis.totals(one)[cost] for one in (start, end)]
        assert [row["start_cost"], row["end_cost"]] == costs
        assert row["exponent"] == pytest.approx(log(costs[1] / costs[0]) / log(row["end"] / row["start"]), abs=1e-12)
        assert design in (start, end)


# axis, lower and higher position, millions of Mult-Adds printed: arXiv:1704.04861, Tables 6 and 7
PRINTED = [("alpha", 0.75, 1.0, 325, 569), ("rho", 192, 224, 418, 569)]


@pytest.mark.parametrize(("axis", "low", "high", "low_cost", "high_cost"), PRINTED)
def test_published_exponents_of_v1_are_those_of_the_printed_costs(axis, low, high, low_cost, high_cost):
    found = exponents(analysis.make_design("mobilenet_v1"))
    row = found[(found["axis"] == axis) & (found["between"] == "published")].iloc[-1]
    assert (row["start"], row["end"], row["law"]) == (low, high, 2)
    half = log((high_cost + 0.5) / (low_cost - 0.5)) - log(high_cost / low_cost)
    assert row["exponent"] == pytest.approx(log(high_cost / low_cost) / log(high / low), abs=half / log(high / low))


def test_neighbours_and_published_positions_are_the_nearest():
    found = exponents(analysis.make_design("mobilenet_v2", alpha=0.6, resolution=180, t=6))
    pairs = {(row.axis, row.between, row.start, row.end) for row in found.itertuples()}
    assert pairs == {
        ("alpha", "neighbours", 0.59, 0.6),
        ("alpha", "neighbours", 0.6, 0.61),
        ("alpha", "published", 0.5, 0.6),
        ("alpha", "published", 0.6, 0.75),
        ("rho", "neighbours", 179, 180),
        ("rho", "neighbours", 180, 181),
        ("rho", "published", 160, 180),
        ("rho", "published", 180, 192),
        ("t", "neighbours", 5.5, 6),
        ("t", "neighbours", 6, 6.5),
    }


def test_at_the_end_of_a_slider_there_is_one_neighbour():
    found = exponents(analysis.make_design("mobilenet_v1", alpha=1.4, resolution=32))
    near = found[found["between"] == "neighbours"]
    assert near[["axis", "start", "end"]].values.tolist() == [["alpha", 1.39, 1.4], ["rho", 32, 33]]


def test_an_alpha_off_the_slider_is_on_its_cut():
    design = analysis.make_design("mobilenet_v2", alpha=0.333)
    line = cut(design, "alpha").set_index("position")["cost"]
    assert line[0.333] == analysis.totals(design).mult_adds
    assert len(line) == len(ALPHAS) + 1


def test_one_pixel_is_a_step():
    step = largest_step(cut(V2, "rho"), V2, "rho")
    assert (step.start, step.end) == (192, 193)
    assert step.rise == pytest.approx(0.17, abs=0.005)


@pytest.mark.parametrize("axis", ["alpha", "rho", "t"])
def test_the_largest_step_is_the_largest_near_the_design(axis):
    design = analysis.make_design("mobilenet_v2", alpha=0.5, resolution=100, t=3)
    line = cut(design, axis)
    step = largest_step(line, design, axis)
    reach = {"alpha": 0.1, "rho": 32, "t": 1}[axis]
    here = {"alpha": 0.5, "rho": 100, "t": 3}[axis]
    near = line[(line["position"] - here).abs() <= reach + 1e-9]["cost"].tolist()
    assert step.rise == max(high / low - 1 for low, high in pairwise(near))


def test_parameters_have_no_step_along_rho():
    assert largest_step(cut(V2, "rho", cost="params"), V2, "rho").rise == 0
    rows = exponents(V2, cost="params")
    assert (rows[rows["axis"] == "rho"]["exponent"] == 0).all()


def test_a_held_input_keeps_its_own_width():
    design = analysis.make_design("mobilenet_v2", resolution="60x121")
    assert width_of(60, 224, 224) != 121
    assert cost_surface(design, "alpha-t").values[TS.index(6), ALPHAS.index(1)] == analysis.totals(design).mult_adds
