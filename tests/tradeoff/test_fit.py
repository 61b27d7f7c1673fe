"""Every figure of a fit against statsmodels, scipy and the definition, on the same rows."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.api import OLS, add_constant

import analysis
from analysis.tradeoff.fit import fit_apart, fit_log_linear
from analysis.tradeoff.published import checkpoints_of

CASES = [
    ("mobilenet_v1", "2018", 0),
    ("mobilenet_v1", "2018", 0.5),
    ("mobilenet_v1", "2017", 0),
    ("mobilenet_v2", "2018", 0),
]
EXACT = {"rel": 1e-9, "abs": 1e-9}
AT = np.array([5e6, 4e7, 3e8, 2e9])


def points(network, training="2018", min_alpha=0.0):
    frame = checkpoints_of(training)
    return frame[(frame["network"] == network) & (frame["alpha"] >= min_alpha)]


def x_of(frame):
    return np.log10(frame["mult_adds"].to_numpy(float))


@pytest.mark.parametrize("case", CASES)
def test_the_line_is_the_library_s(case):
    frame = points(*case)
    fit, theirs = fit_log_linear(frame), OLS(frame["top1"].to_numpy(), add_constant(x_of(frame))).fit()
    other = stats.linregress(x_of(frame), frame["top1"])
    assert [fit.intercept, fit.slope_per_decade] == pytest.approx(list(theirs.params), **EXACT)
    assert [fit.intercept, fit.slope_per_decade] == pytest.approx([other.intercept, other.slope], **EXACT)
    assert fit.r_squared == pytest.approx(theirs.rsquared, **EXACT) == pytest.approx(other.rvalue**2, **EXACT)
    assert fit.residual_se == pytest.approx(np.sqrt(theirs.mse_resid), **EXACT)
    assert fit.confidence[0] == pytest.approx(theirs.conf_int()[1], **EXACT)
    assert fit.slope_per_doubling == pytest.approx(other.slope * np.log10(2), **EXACT)
    assert fit.n == len(frame) == theirs.nobs


@pytest.mark.parametrize("case", CASES)
def test_the_bands_are_the_library_s(case):
    frame = points(*case)
    theirs = OLS(frame["top1"].to_numpy(), add_constant(x_of(frame))).fit().get_prediction(add_constant(np.log10(AT)))
    summary, bands = theirs.summary_frame(alpha=0.05), fit_log_linear(frame).at(AT)
    assert bands.top1 == pytest.approx(summary["mean"].to_numpy(), **EXACT)
    assert bands.confidence_low == pytest.approx(summary["mean_ci_lower"].to_numpy(), **EXACT)
    assert bands.confidence_high == pytest.approx(summary["mean_ci_upper"].to_numpy(), **EXACT)
    assert bands.prediction_low == pytest.approx(summary["obs_ci_lower"].to_numpy(), **EXACT)
    assert bands.prediction_high == pytest.approx(summary["obs_ci_upper"].to_numpy(), **EXACT)


@pytest.mark.parametrize("case", CASES)
def test_leave_one_out_error_is_that_of_fits_without_the_point(case):
    frame = points(*case)
    errors = []
    for left in range(len(frame)):
        rest, one = frame.drop(frame.index[left]), frame.iloc[left]
        errors.append(float(fit_log_linear(rest).at(one["mult_adds"]).top1) - one["top1"])
    assert fit_log_linear(frame).leave_one_out_error == pytest.approx(np.sqrt(np.mean(np.square(errors))), **EXACT)


@pytest.mark.parametrize("case", CASES)
def test_alpha_and_rho_apart_are_the_library_s_two_slopes(case):
    frame = points(*case)
    network = case[0]
    width = np.log10([analysis.totals(network, alpha=alpha).mult_adds for alpha in frame["alpha"]])
    design = add_constant(np.column_stack([width, x_of(frame) - width]))
    theirs, fit = OLS(frame["top1"].to_numpy(), design).fit(), fit_apart(frame)
    assert [fit.intercept, fit.width_per_decade, fit.resolution_per_decade] == pytest.approx(
        list(theirs.params), **EXACT
    )
    assert fit.r_squared == pytest.approx(theirs.rsquared, **EXACT)
    assert fit.difference == pytest.approx(theirs.t_test([0, 1, -1]).conf_int()[0], **EXACT)
    bands = fit.at(frame["mult_adds"], frame["width_mult_adds"])
    summary = theirs.get_prediction(design).summary_frame()
    assert bands.prediction_low == pytest.approx(summary["obs_ci_lower"].to_numpy(), rel=1e-8)


def test_v1_shows_the_jump_at_a_quarter_of_the_width():
    """The paper: log-linear, "with a jump when models get very small at α = 0.25"."""
    whole, straight = fit_log_linear(points("mobilenet_v1")), fit_log_linear(points("mobilenet_v1", min_alpha=0.5))
    assert (whole.n, straight.n) == (16, 12)
    assert straight.r_squared > whole.r_squared
    assert straight.residual_se < whole.residual_se / 3
    assert whole.slope_per_doubling > straight.slope_per_doubling + 1


def test_two_points_are_no_line_and_three_no_plane():
    with pytest.raises(ValueError, match="at least 3 points, got 2"):
        fit_log_linear(points("mobilenet_v1").head(2))
    with pytest.raises(ValueError, match="at least 4 points, got 3"):
        fit_apart(points("mobilenet_v1").head(3))


def test_points_at_one_cost_are_no_line_and_at_one_alpha_no_plane():
    one = points("mobilenet_v1").head(1)
    with pytest.raises(ValueError, match="points that differ in cost"):
        fit_log_linear(one.loc[one.index.repeat(4)])
    with pytest.raises(ValueError, match="points that differ in α and ρ"):
        fit_apart(points("mobilenet_v1", min_alpha=1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"network": "mobilenet_v3_large"}, "at least 3 points, mobilenet_v3_large has 2"),
        ({"network": "mobilenet_v2", "min_alpha": 1.4}, "mobilenet_v2 has 1 with α ≥ 1.4"),
        ({"network": "vgg"}, "network must be one of mobilenet_v2,"),
        ({"network": "mobilenet_v1", "training": "2016"}, "training must be one of 2018, 2017, got 2016"),
    ],
)
def test_a_fit_that_cannot_be_says_why(options, message):
    with pytest.raises(ValueError, match=message):
        analysis.fit(**options)


def test_equal_accuracies_have_no_r_squared():
    assert np.isnan(fit_log_linear(points("mobilenet_v1").assign(top1=60.0)).r_squared)


def test_the_error_without_a_point_that_alone_decides_a_slope_is_infinite():
    frame = points("mobilenet_v1")
    frame = frame[(frame["resolution"] == 224) | ((frame["resolution"] == 128) & (frame["alpha"] == 1))]
    assert fit_apart(frame).leave_one_out_error == np.inf


@pytest.mark.parametrize("least", [0, 0.0, "0", "0.5", 0.5])
def test_the_least_alpha_is_a_number_in_any_form(least):
    assert analysis.fit("mobilenet_v1", min_alpha=least).line.n == (12 if float(least) else 16)


@pytest.mark.parametrize("least", [None, float("nan"), -1, "x", ""])
def test_a_least_alpha_that_is_none_is_said(least):
    with pytest.raises(ValueError, match="min_alpha must be"):
        analysis.fit("mobilenet_v1", min_alpha=least)


@pytest.mark.parametrize("own", ["mine.csv", b"name,accuracy,t\na,60,4\n"])
def test_measurements_that_cannot_join_are_said(own):
    with pytest.raises(ValueError, match="measurements"):
        analysis.fit("mobilenet_v2", measurements=own)


OWN_NETWORK = b"name,accuracy,network,mult_adds\na,60,my net,50M\nb,66,my net,100M\nc,70,my net,200M\nd,1,other,1M\n"


def test_a_network_of_one_s_own_has_a_fit_of_its_own():
    line = analysis.fit("my net", measurements=OWN_NETWORK).line
    theirs = stats.linregress(np.log10([50e6, 100e6, 200e6]), [60, 66, 70])
    assert (line.network, line.n, line.low) == ("my net", 3, 50_000_000)
    assert [line.slope_per_decade, line.intercept] == pytest.approx([theirs.slope, theirs.intercept], **EXACT)


def test_another_t_has_a_fit_of_its_own_by_its_name_on_the_page():
    rows = "".join(f"{side},{side / 4},{side},4\n" for side in (128, 160, 192, 224))
    own = f"name,accuracy,resolution,t\n{rows}published,72,224,\n".encode()
    with pytest.raises(ValueError, match="row 2, column network: must be one of"):  # no network, none current
        analysis.fit("MobileNetV2, t = 4", measurements=own)
    named = own.replace(b"resolution,t", b"resolution,t,network").replace(b",4\n", b",4,MobileNetV2\n")
    named = named.replace(b"72,224,", b"72,224,,MobileNetV2")
    assert analysis.fit("MobileNetV2, t = 4", measurements=named).line.n == 4


def test_a_network_that_is_neither_in_the_catalogue_nor_in_the_file_is_said():
    with pytest.raises(
        ValueError, match=r"network must be one of mobilenet_v2, .* or of the file: my net, other; got vgg"
    ):
        analysis.fit("vgg", measurements=OWN_NETWORK)


def test_own_measurements_take_part_in_the_library_s_fit():
    own = b"name,accuracy,alpha,resolution,t\na,50,0.5,64,\nb,30,0.25,32,6\nother t,60,1,224,4\n"
    fit = analysis.fit("mobilenet_v2", measurements=own)
    assert fit.line.n == 22 + 2
    assert fit.line.low == analysis.totals("mobilenet_v2", alpha=0.25, resolution=32).mult_adds
