"""Fits side by side: the tables, the sentences and the file say what the fits are."""

import json

import pandas as pd
import pytest

from analysis.tradeoff.fit_text import fit_facts, fits_json
from analysis.tradeoff.fits_table import apart_table, fit_sentences, fits_table
from analysis.tradeoff.measurements import read_measurements
from analysis.tradeoff.predict import predictors
from analysis.tradeoff.published import checkpoints_of, label_of

OWN = b"name,accuracy,network,mult_adds\na,60,my net,50M\nb,66,my net,100M\nc,70,my net,200M\n"


def points():
    released = checkpoints_of("2018")
    released = released.assign(family=released["network"].map(label_of), group="released", t=None)
    return pd.concat([released, read_measurements(OWN, "mobilenet_v2")], ignore_index=True)


FOUND = predictors(points())
LINES, APART = (table(FOUND).set_index("Network") for table in (fits_table, apart_table))


@pytest.mark.parametrize("name", ["MobileNet", "MobileNetV2", "my net"])
def test_a_row_of_the_lines_is_the_fit(name):
    line, row = FOUND[name].line, LINES.loc[name]
    assert [row["Points per decade"], row["Intercept (%)"], row["R²"]] == [
        line.slope_per_decade,
        line.intercept,
        line.r_squared,
    ]
    assert [row["Residual s.e."], row["Leave-one-out error"], row["Designs"]] == [
        line.residual_se,
        line.leave_one_out_error,
        line.n,
    ]


def test_alpha_and_rho_apart_are_a_row_where_the_points_tell_them_apart():
    assert list(APART.index) == ["MobileNet", "MobileNetV2"]
    doubling = FOUND["MobileNet"].apart.width_per_decade * 0.30102999566398120
    assert APART.loc["MobileNet", "Through α, points per doubling"] == pytest.approx(doubling, rel=1e-12)


def test_one_of_the_two_fits_predicts_and_none_of_three_points_without_an_alpha():
    for name in ("MobileNet", "MobileNetV2"):
        assert LINES.loc[name, "Predicts"] != APART.loc[name, "Predicts"]
    assert not LINES.loc["my net", "Predicts"]


def test_an_interval_below_zero_is_no_formula_for_a_spreadsheet():
    text = LINES.loc["my net", "Per decade, 95% interval"]
    low, high = FOUND["my net"].line.confidence[0]
    assert low < 0
    assert text == f"−{abs(low):.2f} to {high:.2f}"


def test_a_sentence_gives_the_line_and_says_which_multiplier_buys_more():
    found = fit_sentences(FOUND)
    line = FOUND["MobileNet"].line
    assert f"−{abs(line.intercept):.2f} + {line.slope_per_decade:.3f} · log10(Mult-Adds)" in found["MobileNet"]
    assert "α buys more (95% confidence)" in found["MobileNet"]
    assert "the points do not tell which buys more" in found["MobileNetV2"]
    assert found["my net"].endswith("A doubling of Mult-Adds buys 5.0 points.")


def test_the_file_of_fits_holds_each_as_the_command_line_prints_it():
    whole = json.loads(fits_json(FOUND, training="2018", min_alpha=0))
    assert list(whole) == ["MobileNet", "MobileNetV2", "my net"]
    assert whole["MobileNetV2"] == json.loads(json.dumps(fit_facts(FOUND["MobileNetV2"], training="2018", min_alpha=0)))
    assert len(whole["my net"]["points"]) == 3
