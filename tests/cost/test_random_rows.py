"""Networks of random rows: closed form, fvcore, torch's own counter and ``numel`` are equal to the integer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cost import closed_form
from analysis.cost.audit_count import count_module
from analysis.cost.conventions import CONVENTIONS
from analysis.crosscheck.tools import TOOLS, run_tool
from analysis.networks import Layer, Network
from analysis.networks.modules import network_module, undrawn_module
from analysis.networks.rows import BLOCKS
from tests.cost.random_rows import networks
from tests.helpers import torch_mult_adds

pytestmark = pytest.mark.usefixtures("one_thread")

QUANTITIES = [closed_form.mult_adds, closed_form.params, closed_form.alive, closed_form.alive_unfused]


def shape_of(layers: list[Layer]) -> tuple[int, ...]:
    return tuple(int(side) for side in layers[0].input)


@settings(max_examples=500)
@given(networks())
def test_every_count_of_500_random_networks_is_equal(network: Network):
    layers = network.layers()
    module = undrawn_module(layers).eval()
    counted = count_module(module, (1, *shape_of(layers)))
    mult_adds = {layer.name: closed_form.mult_adds(layer) for layer in layers}
    assert {name: counted.by_module.get(name, 0) for name in mult_adds} == mult_adds
    assert counted.mult_adds == torch_mult_adds(layers) == sum(mult_adds.values())
    for layer in layers:
        numel = sum(parameter.numel() for parameter in module.get_submodule(layer.name).parameters())
        assert closed_form.params(layer) == numel
    assert sum(map(closed_form.params, layers)) == sum(parameter.numel() for parameter in module.parameters())


def test_every_block_and_every_kind_of_structure_is_drawn():
    rows, structures = set(), set()

    @settings(max_examples=200)
    @given(networks())
    def collect(network: Network) -> None:
        rows.update(map(type, network.rows))
        for layer in network.layers():
            structures.update({"grouped"} if layer.kind == "conv" and 1 < layer.groups < layer.input.channels else ())
            structures.update(name for name in ("beside", "joined", "branch_of", "padding") if getattr(layer, name))

    collect()
    assert rows == set(BLOCKS.values())
    assert structures == {"grouped", "beside", "joined", "branch_of", "padding"}


@settings(max_examples=100)
@given(
    networks(),
    st.lists(st.floats(0.1, 3), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(14, 80), st.integers(14, 80)), min_size=1, max_size=3),
    st.lists(st.floats(0.2, 6) | st.just(1.0), min_size=1, max_size=3),
)
def test_a_grid_equals_its_designs_one_by_one(network: Network, alphas, sides, ts):
    height, width = np.array(sides, np.int64).T.reshape(2, 1, -1, 1)
    axes = {"alpha": np.array(alphas).reshape(-1, 1, 1), "t": np.array(ts).reshape(1, 1, -1)}
    grid, shape = network.layers(height=height, width=width, **axes), (len(alphas), len(sides), len(ts))
    found = [np.broadcast_to(total(quantity, grid), shape) for quantity in QUANTITIES]
    for place in np.ndindex(shape):
        i, j, k = place
        one = network.layers(alpha=alphas[i], height=sides[j][0], width=sides[j][1], t=ts[k])
        assert [values[place] for values in found] == [total(quantity, one) for quantity in QUANTITIES]


def total(quantity, layers: list[Layer]):
    """The network's figure: a sum of costs, the maximum of what is alive."""
    combine = closed_form.peak if quantity in QUANTITIES[2:] else closed_form.total
    return combine(map(quantity, layers))


@pytest.mark.parametrize("convention", TOOLS)
def test_a_convention_counts_random_networks_as_its_tool_does(convention: str):
    @settings(max_examples=40)
    @given(networks())
    def check(network: Network) -> None:
        layers = network.layers()
        printed = run_tool(convention, network_module(layers), shape_of(layers))
        assert sum(CONVENTIONS[convention].count(layer) for layer in layers) == printed

    check()
