"""A grid of designs: its rows and columns, what its axes take, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import analysis
from analysis.cost.grid import MOST_DESIGNS
from analysis.networks.ranges import ALPHAS


def test_a_row_a_design_with_alpha_slowest_and_t_fastest():
    frame = analysis.grid("mobilenet_v2", alpha=[0.5, 1.0], resolution=[96, (60, 120)], t=[1, 6])
    assert list(frame.columns) == ["alpha", "rho", "height", "width", "t", "mult_adds", "params"]
    places = list(frame[["alpha", "height", "width", "t"]].itertuples(index=False, name=None))
    assert places == [(a, h, w, t) for a in (0.5, 1.0) for h, w in ((96, 96), (60, 120)) for t in (1, 6)]


def test_rho_is_empty_for_an_input_that_is_not_square():
    frame = analysis.grid("mobilenet_v2", resolution=[112, (60, 120)])
    assert frame["rho"].tolist()[0] == 0.5
    assert np.isnan(frame["rho"][1])


def test_a_network_with_an_input_of_its_own_scales_that():
    by_rho = analysis.grid("pd_lenet", rho=[1, 2])
    by_side = analysis.grid("pd_lenet", resolution=[(60, 120), (120, 240)])
    pd.testing.assert_frame_equal(by_rho, by_side)
    assert by_rho["rho"].tolist() == [1, 2]
    assert np.isnan(analysis.grid("pd_lenet", resolution=120)["rho"][0])
    assert by_rho.to_dict("records")[0] == {
        **{"alpha": 1.0, "rho": 1.0, "height": 60, "width": 120, "mult_adds": 99_740_864, "params": 734_246}
    }


def test_rho_is_an_axis_as_resolution_is():
    by_rho, by_side = analysis.grid("mobilenet_v1", rho=[0.5, 1]), analysis.grid("mobilenet_v1", resolution=[112, 224])
    pd.testing.assert_frame_equal(by_rho, by_side)


def test_a_network_without_t_has_no_t_column():
    assert "t" not in analysis.grid("mobilenet_v1", alpha=[0.5, 1.0])


def test_defaults_are_the_published_network():
    frame = analysis.grid("mobilenet_v2")
    assert frame.to_dict("records")[0] == {
        **{"alpha": 1.0, "rho": 1.0, "height": 224, "width": 224, "t": 6.0},
        **{"mult_adds": 300_774_272, "params": 3_504_872},
    }


@pytest.mark.parametrize("network", analysis.networks())
def test_counts_are_64_bit_integers(network: str):
    peaks = ("peak_activation_elements", "peak_unfused_elements")
    t = [1, 6] if analysis.networks()[network].takes_t else None
    frame = analysis.grid(network, alpha=[0.5, 1], t=t, quantities=("mult_adds", "params", *peaks))
    assert {str(frame[name].dtype) for name in ("height", "width", "mult_adds", "params", *peaks)} == {"int64"}


@pytest.mark.parametrize(
    "alphas", [[0.5, 1.0], (0.5, 1.0), np.array([0.5, 1.0]), pd.Series([0.5, 1.0]), pd.Index([0.5, 1.0])], ids=type
)
def test_an_axis_is_any_sequence(alphas):
    assert analysis.grid("mobilenet_v1", alpha=alphas)["alpha"].tolist() == [0.5, 1.0]


@pytest.mark.parametrize("sides", [range(32, 34), np.array([32, 33]), ["32", "33x33"], [(32, 32), (33, 33)]], ids=type)
def test_resolutions_are_sides_or_pairs(sides):
    assert analysis.grid("mobilenet_v1", resolution=sides)["width"].tolist() == [32, 33]


def test_a_tuple_is_one_resolution():
    assert analysis.grid("mobilenet_v1", resolution=(60, 120))[["height", "width"]].values.tolist() == [[60, 120]]


def test_an_array_of_pairs_is_a_list_of_resolutions():
    frame = analysis.grid("mobilenet_v1", resolution=np.array([[60, 120], [32, 33]]))
    assert frame[["height", "width"]].values.tolist() == [[60, 120], [32, 33]]


@pytest.mark.parametrize("number", [np.float64(0.5), np.float32(0.5), np.array(0.5), 0.5])
def test_an_axis_may_be_one_number(number):
    assert analysis.grid("mobilenet_v1", alpha=number)["alpha"].tolist() == [0.5]


def test_rounding_applies_to_every_design():
    options = {"rounding": analysis.Rounding(divisor=4, least=12)}
    frame = analysis.grid("mobilenet_v2", alpha=ALPHAS[:20], **options)
    one_by_one = [analysis.totals("mobilenet_v2", alpha=alpha, **options).params for alpha in ALPHAS[:20]]
    assert frame["params"].tolist() == one_by_one


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": [0.5, -1]}, "alpha must be > 0, got -1"),
        ({"alpha": [0.5, float("nan")]}, "alpha must be a number, got nan"),
        ({"alpha": [1, 10**9]}, "alpha must be at most 1,000, got 1000000000"),
        ({"t": [6, 0]}, "t must be > 0, got 0"),
        ({"resolution": [224, 3]}, "resolution must be at least 32, got 3"),
        ({"rho": [1, 0.01]}, "rho must imply a resolution of at least 32 px, got 0.01 (2 px)"),
        ({"rho": 1, "resolution": 224}, "give rho or resolution, not both"),
        ({"alpha": []}, f"a grid must hold from 1 to {MOST_DESIGNS:,} designs, got 0"),
        ({"alpha": [1.0] * 5000, "t": [2.0] * 5000}, "a grid must hold from 1 to 20,000,000 designs, got 25,000,000"),
        ({"alpha": range(1, 10**12)}, "a grid must hold from 1 to 20,000,000 designs, got an axis of 999,999,999,999"),
        ({"resolution": range(32, 10**12)}, "a grid must hold from 1 to 20,000,000 designs, got an axis of "),
        ({"quantities": ["flops"]}, "quantity must be one of mult_adds, params, peak_activation_elements, "),
        ({"classes": 10**12}, "classes must be at most 1,000,000,000, got 1000000000000"),
    ],
)
def test_a_value_outside_its_limits_is_refused(options: dict, message: str):
    with pytest.raises(ValueError) as error:  # noqa: PT011 the message is compared
        analysis.grid("mobilenet_v2", **options)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize("t", [6, [6], [None, 6]])
def test_t_is_refused_where_the_network_has_none(t):
    with pytest.raises(ValueError, match=r"^mobilenet_v1 has no expansion factor t, got t=6$"):
        analysis.grid("mobilenet_v1", t=t)


def test_half_hidden_channels_go_to_even_as_for_one_design():
    ts = [1.5625, 1.6875]  # 24 · t = 37.5 and 40.5
    params = [analysis.totals("mobilenet_v2", t=t).params for t in ts]
    assert analysis.grid("mobilenet_v2", t=ts)["params"].tolist() == params


def test_one_design_beyond_64_bits_refuses_the_grid():
    with pytest.raises(OverflowError, match=r"^mult_adds of this design is about .*9,223,372,036,854,775,807"):
        analysis.grid("mobilenet_v2", alpha=[1, 1000], resolution=[224, 65_536], t=[1, 1000])


def test_counts_near_the_64_bit_limit_are_exact():
    options = {"alpha": 1000, "resolution": 8192, "t": 100}
    exact = analysis.totals("mobilenet_v2", **options)
    frame = analysis.grid("mobilenet_v2", **options)
    assert 2**61 < exact.mult_adds < 2**63
    assert frame[["mult_adds", "params"]].values.tolist() == [[exact.mult_adds, exact.params]]
