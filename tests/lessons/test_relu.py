"""ReLU in few channels: the experiment loses less in more channels, nothing without ReLU, and runs as shown."""

import subprocess
import sys

import numpy as np
import pytest

from analysis.lessons.relu import CHANNELS, PRINTED_CHANNELS, code, embedding, experiment, spiral, spread
from analysis.plots.relu import error_figure, pictures_figure


@pytest.fixture(scope="module")
def curve():
    return spread()


def test_the_error_falls_with_the_channels_on_average(curve):
    middle = dict(zip(curve.channels, curve.middle, strict=True))
    assert middle[2] > middle[5] > middle[15] > middle[30]
    assert np.corrcoef(curve.channels, curve.middle)[0, 1] < -0.9


def test_nothing_is_lost_without_relu():
    assert max(spread(relu=False).high) < 1e-12
    found = experiment(3, relu=False)
    assert np.allclose(found.returned, spiral(), atol=1e-12)
    assert (found.lost_share, round(found.scale, 12)) == (0, 1)


def test_the_band_is_around_the_middle(curve):
    assert all(low <= middle <= high for low, middle, high in zip(curve.low, curve.middle, curve.high, strict=True))
    assert max(curve.high) <= 1


@pytest.mark.parametrize("channels", PRINTED_CHANNELS)
def test_the_best_factor_never_raises_the_error(channels):
    for seed in range(20):
        found = experiment(channels, seed=seed)
        assert 0 < found.error <= found.raw_error


def test_a_point_that_is_not_lost_can_be_found_again():
    found = experiment(5, seed=1)
    matrix, x = embedding(5, 1), spiral()
    passed = np.maximum(x @ matrix.T, 0)
    for point, channels, lost in zip(x, passed, found.lost, strict=True):
        active = channels > 0
        assert lost == (np.linalg.matrix_rank(matrix[active]) < 2 if active.any() else True)
        if not lost:
            assert np.allclose(np.linalg.lstsq(matrix[active], channels[active])[0], point)


def test_the_curve_holds_the_experiments_of_its_seeds(curve):
    errors = [experiment(7, seed=seed).error for seed in range(40)]
    assert np.isclose(np.median(errors), curve.middle[CHANNELS.index(7)])
    lost = np.mean([experiment(7, seed=seed).lost_share for seed in range(40)])
    assert np.isclose(lost, curve.lost[CHANNELS.index(7)])


def test_a_seed_gives_the_same_and_another_seed_another():
    first, again, other = experiment(4, seed=3), experiment(4, seed=3), experiment(4, seed=4)
    assert np.array_equal(first.returned, again.returned)
    assert first.error != other.error


@pytest.mark.parametrize(("channels", "seed"), [(1, 0), (31, 0), (2, -1), (2, 10**6), ("x", 0), (2.5, 0)])
def test_what_is_out_of_range_is_one_sentence(channels, seed):
    with pytest.raises(ValueError, match=r"^(channels|seed) must be "):
        experiment(channels, seed=seed)


def test_the_code_runs_as_shown_and_prints_the_error():
    run = subprocess.run(
        [sys.executable, "-c", code(5, seed=2)], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout == f"{experiment(5, seed=2).error:.4f}\n"


def test_the_pictures_hold_every_point_once():
    found = [experiment(n) for n in (2, 30)]
    figure = pictures_figure(found)
    for number, embedding_ in enumerate(found):
        spiral_, kept, lost = figure.data[3 * number : 3 * number + 3]
        assert len(kept.x) + len(lost.x) == len(spiral_.x) == len(embedding_.lost)
        assert len(lost.x) == embedding_.lost.sum()


def test_the_curve_marks_the_experiment_on_screen(curve):
    star = error_figure(curve, 7, 0.5).data[-1]
    assert (list(star.x), list(star.y)) == ([7], [50])
