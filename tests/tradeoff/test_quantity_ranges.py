"""Ranges of quantities: round, few, in order, and every value is in its own."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tradeoff.points import QUANTITIES, chosen, sized
from analysis.tradeoff.published import published_points
from analysis.tradeoff.quantity_ranges import MOST, ranges_of

VALUES = {"more": st.floats(0, 100), "less": st.floats(0.001, 1e12)}


def ends(text):
    low, _, high, _ = text.replace(",", "").split()
    return float(low), float(high)


def test_accuracies_part_by_steps_and_costs_by_factors():
    points = chosen(sized(published_points("2018"), "float32"), ["mobilenet_v1", "mobilenet_v2"], papers=False)
    found = {name: list(ranges_of(points[name], name).cat.categories) for name in ("top1", "mult_adds")}
    assert found["top1"] == [f"{low} to {low + 5} %" for low in range(40, 80, 5)]
    assert found["mult_adds"][:3] == ["10 to 20 M", "20 to 50 M", "50 to 100 M"]


@pytest.mark.parametrize("name", QUANTITIES)
@given(data=st.data())
def test_every_value_is_in_its_range(name, data):
    quantity = QUANTITIES[name]
    values = data.draw(st.lists(VALUES[quantity.better].map(lambda value: value * quantity.scale), min_size=1))
    found = ranges_of(pd.Series(values), name)
    bounds = [ends(text) for text in found.cat.categories]
    assert 1 <= len(bounds) <= MOST
    assert bounds == sorted(bounds)
    for value, text in zip(values, found, strict=True):
        low, high = ends(text)
        assert low <= value / quantity.scale < high


def test_what_is_missing_is_in_no_range():
    found = ranges_of(pd.Series([None, 70.0]), "top1")
    assert found.isna().tolist() == [True, False]
    assert ranges_of(pd.Series([None, None], dtype=float), "top1").isna().all()
