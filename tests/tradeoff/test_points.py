"""Axes, the Pareto front over any two of them, and what is said of points that cannot be shown."""

from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tradeoff.points import QUANTITIES, chosen, missing_sentence, pareto_front, sized
from analysis.tradeoff.published import published_points

value = st.integers(1, 6) | st.just(float("nan"))


def beaten(point, others, x, y):
    """Whether another point is at least as good in both and better in one."""
    sign = [1 if QUANTITIES[name].better == "less" else -1 for name in (x, y)]
    here = [sign[0] * point[0], sign[1] * point[1]]
    there = [[sign[0] * a, sign[1] * b] for a, b in others]
    return any(a <= here[0] and b <= here[1] and [a, b] != here for a, b in there)


@pytest.mark.parametrize(("x", "y"), list(product(["mult_adds", "top1", "pixel1_ms"], ["params", "top5"])))
def test_the_front_is_what_no_other_point_beats(x, y):
    @given(st.lists(st.tuples(value, value), max_size=12))
    def check(pairs):
        front = pareto_front(pd.DataFrame(pairs, columns=[x, y], dtype=float), x, y)
        known = [pair for pair in pairs if pair[0] == pair[0] and pair[1] == pair[1]]
        assert front.tolist() == [pair in known and not beaten(pair, known, x, y) for pair in pairs]

    check()


def test_the_front_of_the_published_points_holds_v3_and_not_v1():
    points = chosen(
        published_points("2018"), ["mobilenet_v1", "mobilenet_v3_large", "mobilenet_v3_small"], papers=False
    )
    best = points[pareto_front(points, "mult_adds", "top1")]
    assert {"1.0 MobileNetV3-Large-224", "0.75 MobileNetV3-Small-224"} <= set(best["checkpoint"])
    assert "1.0 MobileNet-224" not in set(best["checkpoint"])


def test_sizes_follow_the_number_format():
    points = published_points("2018")
    single, byte = (sized(points, name) for name in ("float32", "int8"))
    assert (single["weight_bytes"] == 4 * byte["weight_bytes"]).all()
    assert byte["weight_bytes"].tolist() == points["params"].tolist()


def test_points_are_chosen_by_network_and_the_papers_by_themselves():
    points = published_points("2018")
    assert len(chosen(points, ["mobilenet_v1"], papers=False)) == 16
    assert chosen(points, [], papers=False).empty
    shown = chosen(points, ["mobilenet_v1"], papers=True)
    assert {"GoogLeNet", "MobileNet"} <= set(shown["family"])
    assert "MobileNetV2" not in set(shown["family"])


def test_what_is_not_shown_is_counted():
    points = published_points("2018")
    gone = int(points["pixel1_ms"].isna().sum())
    text = missing_sentence(points, "pixel1_ms", "top1")
    assert text == f"{len(points) - gone} of {len(points)} points; {gone} without latency on a Pixel 1 are not shown."
    assert missing_sentence(points, "mult_adds", "top1") == f"{len(points)} of {len(points)} points."


def test_what_is_outside_the_window_is_counted():
    points = published_points("2018")
    inside = points["mult_adds"].between(100e6, 200e6) & points["top1"].between(60, 70)
    text = missing_sentence(points, "mult_adds", "top1", (100, 200, 60, 70))
    assert text == f"{inside.sum()} of {len(points)} points; {len(points) - inside.sum()} are outside the window."
