"""What may be said of a design's accuracy: measured, predicted with its interval, or refused with the reason."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import analysis
from analysis.networks import CATALOGUE
from analysis.networks.rows import Conv
from analysis.tradeoff.measurements import read_measurements
from analysis.tradeoff.place import place_of
from analysis.tradeoff.predict import make_predictor, predictor_for, predictors, released_predictor
from analysis.tradeoff.published import published_points
from analysis.tradeoff.reach import measured_index, measured_point


def released():
    points = published_points("2018")
    return points[points["group"] == "released"]


INDEX = measured_index(released())


WIDER = replace(CATALOGUE["mobilenet_v2"], rows=(Conv(48, s=2), *CATALOGUE["mobilenet_v2"].rows[1:]))
"""Rows of one's own under the catalogue's name."""

# design, why its accuracy may not be read off the fit
REFUSED = [
    ({"network": "mobilenet_v2", "t": 4}, "trained with t = 6, not 4"),
    ({"network": "mobilenet_v2", "alpha": 0.3}, "α 0.3 is outside the measured 0.35 to 1.4"),
    ({"network": "mobilenet_v1", "resolution": 96}, "resolution 96 is outside the measured 128 to 224"),
    ({"network": "mobilenet_v2", "alpha": 1.2, "resolution": 160}, "nothing as wide as α 1.2 was measured at 160 px"),
    ({"network": "mobilenet_v2", "in_channels": 1}, "trained on square ImageNet images in colour, 1000 classes"),
    ({"network": WIDER}, "no checkpoint of your own MobileNetV2 was released"),
    ({"network": "mobilenet_v2", "classes": 10}, "trained on square ImageNet images in colour, 1000 classes"),
    (
        {"network": "mobilenet_v2", "rounding": analysis.Rounding(4)},
        "every checkpoint has the channel rounding of its own network",
    ),
    ({"network": "mobilenet_v2", "resolution": "160x192"}, "trained on square ImageNet images in colour, 1000 classes"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_an_accuracy_nobody_measured_is_refused_with_the_reason(options, reason):
    design = analysis.make_design(**options)
    predictor = released_predictor(design.network)
    assert reason in predictor.reach.why_not(design)
    assert predictor.predict(design) is None
    assert reason in place_of(design, INDEX, predictor).origin


@pytest.mark.parametrize("network", ["mobilenet_v3_large", "mnasnet_a1", "mobilenet_v1_shallow"])
def test_too_few_points_are_no_prediction(network):
    assert released_predictor(network) is None
    place = place_of(analysis.make_design(network, alpha=0.9), INDEX, None)
    assert "a fit needs at least 3" in place.origin
    assert "top1" not in place.values


def test_enough_measured_and_too_few_taking_part_is_said_as_it_is():
    place = place_of(analysis.make_design("mobilenet_v2", alpha=0.6), INDEX, None)
    assert place.origin.endswith("of the 22 measured designs of MobileNetV2 fewer than 3 take part in fits")


def test_a_measured_design_has_its_printed_accuracy():
    assert measured_point(analysis.make_design("mobilenet_v2", alpha=0.35, resolution=96), INDEX).top1 == 45.5
    place = place_of(analysis.make_design("mobilenet_v3_small"), INDEX, None)
    assert (place.values["top1"], place.interval) == (67.4, None)


def test_a_design_between_the_checkpoints_is_predicted_with_its_interval():
    design = analysis.make_design("mobilenet_v2", alpha=0.6, resolution=150)
    place = place_of(design, INDEX, released_predictor("mobilenet_v2"))
    low, high = place.interval
    assert low < place.values["top1"] < high
    assert "95 % interval" in place.origin
    assert measured_point(design, INDEX) is None


@pytest.mark.parametrize("network", ["mobilenet_v1", "mobilenet_v2"])
def test_the_fit_with_the_smaller_leave_one_out_error_predicts(network):
    predictor = released_predictor(network)
    errors = {predictor.line: predictor.line.leave_one_out_error, predictor.apart: predictor.apart.leave_one_out_error}
    assert predictor.fit is min(errors, key=errors.get)


@pytest.mark.parametrize("network", ["mobilenet_v1", "mobilenet_v2"])
def test_95_percent_intervals_hold_most_of_their_own_points(network):
    predictor = released_predictor(network)
    bands = predictor.bands(predictor.points["mult_adds"], predictor.points["width_mult_adds"])
    inside = predictor.points["top1"].between(bands.prediction_low, bands.prediction_high)
    assert inside.mean() >= 0.9


def test_designs_that_round_to_the_same_channels_are_predicted_the_same():
    predictor = released_predictor("mobilenet_v1")
    first, second = (analysis.make_design("mobilenet_v1", alpha=alpha, resolution=200) for alpha in (0.5, 0.5001))
    assert analysis.totals(first).mult_adds == analysis.totals(second).mult_adds
    assert predictor.predict(first) == predictor.predict(second)


def test_surrounded_is_the_same_for_arrays_and_for_one():
    surrounds = released_predictor("mobilenet_v2").reach.surrounds
    alphas, sides = np.meshgrid([0.3, 0.35, 0.7, 1.0, 1.1, 1.4], [90, 96, 150, 224, 230], indexing="ij")
    mask = surrounds(alphas, sides)
    one_by_one = [surrounds(a, r) for a, r in zip(alphas.flat, sides.flat, strict=True)]
    assert mask.ravel().tolist() == one_by_one
    assert surrounds(1.1, 224) is True
    assert surrounds(1.1, 223) is False


OWN_T = "name,accuracy,alpha,resolution,t\n" + "".join(
    f"{alpha},{top1},{alpha},{side},4\n"
    for alpha, side, top1 in ((0.5, 224, 60), (0.75, 224, 66), (1, 224, 70), (0.5, 160, 55), (1, 160, 66))
)


def test_own_points_of_another_t_are_a_series_of_their_own():
    own = read_measurements(OWN_T.encode(), "mobilenet_v2")
    found = predictors(pd.concat([released(), own], ignore_index=True))
    design = analysis.make_design("mobilenet_v2", alpha=0.8, resolution=200, t=4)
    predictor = predictor_for(design, found)
    assert predictor is found["MobileNetV2, t = 4"]
    assert predictor.predict(design) is not None
    assert (predictor.line.n, found["MobileNetV2"].line.n) == (5, 22)


def test_four_points_are_a_line_but_no_prediction():
    predictor = make_predictor(read_measurements(OWN_T.encode(), "mobilenet_v2").head(4))
    design = analysis.make_design("mobilenet_v2", alpha=0.8, resolution=200, t=4)
    assert predictor.line.n == 4
    assert predictor.predict(design) is None
    assert predictor.reach.why_not(design) == "4 measured designs are too few to predict from, at least 5 are needed"


def test_a_fit_that_hangs_on_one_point_does_not_predict():
    """α and ρ apart: with one point at 160 px the error without it is undefined, so the line predicts."""
    predictor = make_predictor(read_measurements(OWN_T.encode(), "mobilenet_v2").head(4))
    assert predictor.apart.leave_one_out_error == np.inf
    assert predictor.fit is predictor.line


def test_points_under_the_least_alpha_take_no_part():
    found = predictors(released(), min_alpha=0.5)
    assert {name: predictor.line.n for name, predictor in found.items()} == {"MobileNet": 12, "MobileNetV2": 17}
