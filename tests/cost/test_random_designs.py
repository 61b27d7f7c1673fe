"""Designs drawn at random: closed form, fvcore, torch's own counter and ``numel`` are equal to the integer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.networks import CATALOGUE
from tests.helpers import torch_mult_adds

SIDE = st.integers(32, 130)
OPTIONS = {
    "alpha": st.floats(0.05, 2.0) | st.sampled_from([0.05, 0.25, 1 / 3, 0.999, 1.0, 1.0001, 2.0]),
    "resolution": st.tuples(SIDE, SIDE) | SIDE,
    "in_channels": st.integers(1, 16),
    "classes": st.integers(1, 1200),
}
DESIGNS = {name: dict(OPTIONS) for name in CATALOGUE}
DESIGNS["mobilenet_v2"]["t"] = st.floats(0.3, 10.0) | st.sampled_from([0.3, 0.5, 1, 1.0001, 1.5, 2.5, 6, 10])
DESIGNS["pd_light"]["t"] = DESIGNS["mobilenet_v2"]["t"]
DESIGNS["vgg16"]["alpha"] = st.floats(0.05, 0.6)  # a wider one takes its time
DESIGNS["mobilenet_v1_full_conv"]["alpha"] = st.floats(0.05, 1.8)  # a wider one is too large to build
EXAMPLES = {
    **{"mobilenet_v2": 110, "mobilenet_v1": 70, "mobilenet_v1_shallow": 30, "mobilenet_v1_full_conv": 30},
    **{"mobilenet_v3_large": 30, "mobilenet_v3_small": 30, "mnasnet_a1": 30},
    **{"vgg16": 30, "pd_lenet": 60, "pd_light": 40},
}


@pytest.mark.parametrize("network", CATALOGUE)
def test_every_count_of_a_random_design_is_equal(network: str):
    @settings(max_examples=EXAMPLES[network])
    @given(st.fixed_dictionaries(DESIGNS[network]))
    def check(options: dict) -> None:
        design = analysis.make_design(network, **options)
        table, audit, totals = analysis.layer_table(design), analysis.audit(design), analysis.totals(design)
        assert audit.layers == dict(zip(table["layer"], table["mult_adds"], strict=True))
        assert audit.mult_adds == audit.fvcore_mult_adds == torch_mult_adds(design.layers()) == totals.mult_adds
        assert audit.params == audit.numel_params == totals.params == table["params"].sum()
        assert audit.unattributed == 0
        assert audit.agrees is True

    check()


def test_at_least_300_designs_are_drawn():
    assert sum(EXAMPLES.values()) >= 300


QUANTITIES = ["mult_adds", "params", "peak_activation_elements", "peak_unfused_elements"]


@pytest.mark.parametrize("network", CATALOGUE)
def test_a_grid_equals_its_designs_one_by_one(network: str):
    @settings(max_examples=50)
    @given(
        st.lists(st.floats(0.01, 5), min_size=1, max_size=4),
        st.lists(st.tuples(st.integers(32, 1000), st.integers(32, 1000)), min_size=1, max_size=3),
        st.lists(st.floats(0.01, 20) | st.just(1.0), min_size=1, max_size=4),
        st.fixed_dictionaries({"classes": st.integers(1, 10**6), "in_channels": st.integers(1, 512)}),
    )
    def check(alphas, sides, ts, fixed) -> None:
        ts = ts if CATALOGUE[network].takes_t else None
        frame = analysis.grid(network, alpha=alphas, resolution=sides, t=ts, quantities=QUANTITIES, **fixed)
        assert len(frame) == len(alphas) * len(sides) * len(ts or [None])
        for row in frame.to_dict("records"):
            place = {"alpha": row["alpha"], "resolution": (row["height"], row["width"]), "t": row.get("t")}
            one = analysis.totals(network, number_format="int8", **place, **fixed)
            peaks = [one.peak_activation_bytes, one.peak_unfused_bytes]
            assert [row[name] for name in QUANTITIES] == [one.mult_adds, one.params, *peaks]

    check()
