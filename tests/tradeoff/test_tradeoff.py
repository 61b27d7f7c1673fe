"""The released checkpoints, their fits, and what may be said of a design's accuracy."""

import numpy as np
import pytest

import analysis
from analysis.tradeoff.fit import fit_log_linear, measured_top1, why_not_on_fit
from analysis.tradeoff.published import TRAININGS, checkpoints_of, released_checkpoints

# network, checkpoints, largest and smallest: top-1 as printed in the release notes
PRINTED = [("mobilenet_v1", 16, 70.9, 41.5), ("mobilenet_v2", 22, 75.0, 45.5)]


def points(network, training="2018"):
    frame = checkpoints_of(training)
    return frame[frame["network"] == network]


@pytest.mark.parametrize(("network", "n", "best", "worst"), PRINTED)
def test_the_checkpoints_are_those_released(network, n, best, worst):
    frame = points(network)
    assert (len(frame), frame["top1"].max(), frame["top1"].min()) == (n, best, worst)
    assert frame["source"].str.contains("tensorflow/models").all()


def test_the_two_trainings_of_v1_are_kept_apart():
    accuracies = {training: points("mobilenet_v1", training)["top1"].tolist() for training in TRAININGS}
    assert accuracies["2017"][0] == 70.7
    assert accuracies["2018"][0] == 70.9
    assert len(released_checkpoints()) == 16 + 16 + 22


def test_costs_are_computed_and_printed_ones_stand_apart():
    row = points("mobilenet_v2").set_index("checkpoint").loc["1.0 MobileNetV2-224"]
    assert row["mult_adds"] == analysis.totals("mobilenet_v2").mult_adds == 300_774_272
    assert row["printed_million_mult_adds"] == 300


@pytest.mark.parametrize("network", ["mobilenet_v1", "mobilenet_v2"])
def test_a_fit_is_the_least_squares_line(network):
    frame, fit = points(network), fit_log_linear(points(network))
    x, y = np.log10(frame["mult_adds"].to_numpy(float)), frame["top1"].to_numpy()
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    assert fit.slope_per_decade == pytest.approx(slope, rel=1e-9)
    assert fit.intercept == pytest.approx(y.mean() - slope * x.mean(), rel=1e-9)
    assert fit.r_squared == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2, rel=1e-9)
    assert fit.slope_per_doubling == pytest.approx(slope * np.log10(2), rel=1e-9)


def test_two_points_are_no_fit():
    with pytest.raises(ValueError, match="at least 3 points, got 2"):
        fit_log_linear(points("mobilenet_v1").head(2))


# design, why its accuracy may not be read off the fit
REFUSED = [
    ({"network": "mobilenet_v2", "t": 4}, "trained with t = 6, not 4"),
    ({"network": "mobilenet_v2", "alpha": 0.3}, "α 0.3 is outside the measured 0.35 to 1.4"),
    ({"network": "mobilenet_v1", "resolution": 96}, "resolution 96 is outside the measured 128 to 224"),
    ({"network": "mobilenet_v2", "in_channels": 1}, "trained on square ImageNet images in colour, 1000 classes"),
    ({"network": "mobilenet_v2", "classes": 10}, "trained on square ImageNet images in colour, 1000 classes"),
    ({"network": "mobilenet_v2", "resolution": "160x192"}, "trained on square ImageNet images in colour, 1000 classes"),
    ({"network": "mobilenet_v1_shallow"}, "no checkpoint of Shallow MobileNet was released"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_an_accuracy_nobody_measured_is_refused_with_the_reason(options, reason):
    design = analysis.make_design(**options)
    assert reason in why_not_on_fit(design, points(design.network))
    assert measured_top1(design, points(design.network)) is None


def test_a_released_design_has_its_printed_accuracy():
    assert (
        measured_top1(analysis.make_design("mobilenet_v2", alpha=0.35, resolution=96), points("mobilenet_v2")) == 45.5
    )


def test_a_design_between_the_checkpoints_is_on_the_line():
    design = analysis.make_design("mobilenet_v2", alpha=0.6, resolution=150)
    assert why_not_on_fit(design, points("mobilenet_v2")) is None
    assert measured_top1(design, points("mobilenet_v2")) is None
