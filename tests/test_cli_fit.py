"""``multadds fit`` as its users run it."""

import json
from functools import partial

import pytest

import analysis

KEYS = {"slope_per_decade", "slope_per_doubling", "intercept", "r_squared", "residual_se", "n"}


@pytest.fixture
def run(run_text):
    return partial(run_text, "fit")


@pytest.mark.parametrize(("options", "n"), [((), 16), (("--training", "2018", "--min-alpha", "0.5"), 12)])
def test_json_holds_the_figures_of_the_library(run, options, n):
    status, out, err = run("mobilenet_v1", "--json", *options)
    found, line = json.loads(out), analysis.fit("mobilenet_v1", min_alpha=0.5 if options else 0).line
    assert (status, err) == (0, "")
    assert {name: found[name] for name in KEYS} == {name: getattr(line, name) for name in KEYS}
    assert found["n"] == n == len(found["points"])


def test_the_text_names_both_fits_and_the_one_that_predicts(run):
    status, out, _ = run("mobilenet_v1")
    assert status == 0
    assert "16 measured designs" in out
    assert "this predicts: α and ρ apart" in out


def test_own_measurements_take_part(run, tmp_path):
    (tmp_path / "mine.csv").write_text("name,accuracy,alpha,resolution\nmine,40,0.25,128\n")
    status, out, _ = run("mobilenet_v2", "--json", "--measurements", str(tmp_path / "mine.csv"))
    assert (status, json.loads(out)["n"]) == (0, 23)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("vgg",), "network must be one of"),
        (("mnasnet_a1",), "a fit needs at least 3 points, mnasnet_a1 has 2"),
        (("mobilenet_v1", "--training", "2016"), "training must be one of 2018, 2017, got 2016"),
        (("mobilenet_v1", "--min-alpha", "x"), "min_alpha must be a number, got x"),
        (("mobilenet_v1", "--min-alpha", "2"), "mobilenet_v1 has 0 with α ≥ 2"),
        (("mobilenet_v1", "--measurements", "nowhere.csv"), "cannot read nowhere.csv"),
    ],
)
def test_bad_input_is_one_line(run, arguments, message):
    status, out, err = run(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert message in err


def test_a_network_of_the_file_alone_is_fitted_and_does_not_predict(run, tmp_path):
    (tmp_path / "mine.csv").write_text(
        "name,accuracy,network,mult_adds\na,60,my net,5e7\nb,66,my net,1e8\nc,70,my net,2e8\n"
    )
    options = ("my net", "--measurements", str(tmp_path / "mine.csv"))
    found = json.loads(run(*options, "--json")[1])
    assert (found["network"], found["n"], found["predicts"], found["apart"]) == ("my net", 3, None, None)
    assert "too few designs with an α to predict from" in run(*options)[1]


def test_rows_that_take_no_part_are_counted(run, tmp_path):
    (tmp_path / "mine.csv").write_text("name,accuracy,t\nmine,70,6\nother,60,4\n")
    status, out, err = run("mobilenet_v2", "--json", "--measurements", str(tmp_path / "mine.csv"))
    assert (status, json.loads(out)["n"]) == (0, 23)
    assert err == "multadds: 1 row of the measurements take no part: not mobilenet_v2 as published\n"


def test_an_endless_file_is_refused(run):
    status, _, err = run("mobilenet_v2", "--measurements", "/dev/zero")
    assert (status, err.count("\n")) == (2, 1)
    assert "the file must be at most" in err


def test_a_bad_cell_is_named(run, tmp_path):
    (tmp_path / "bad.csv").write_text("name,accuracy\nmine,high\n")
    status, _, err = run("mobilenet_v2", "--measurements", str(tmp_path / "bad.csv"))
    assert (status, err) == (2, "multadds: row 2, column accuracy: accuracy must be a number, got high\n")
