"""``multadds check`` as a build runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import analysis
from analysis import cli
from tests.helpers import ROOT, process

V2 = ("check", "mobilenet_v2")
MULT_ADDS = 300_774_272


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(run_text):
    return run_text


@pytest.mark.parametrize(
    ("words", "status", "err"),
    [
        (f"mobilenet_v2 --max-mult-adds {MULT_ADDS}", 0, ""),
        (f"mobilenet_v2 --max-mult-adds {MULT_ADDS - 1}", 1, "multadds: mobilenet_v2: OVER 1 of 1 limit\n"),
        ("mobilenet_v9 --max-mult-adds 1M", 2, "multadds: network must be one of "),
        ("mobilenet_v2 --max-mult-adds 1MB", 2, "multadds: max-mult-adds must be a count such as 300M, got '1MB'\n"),
        (
            "mobilenet_v2 --baseline b.json",
            2,
            "multadds: baseline b.json: the file is not there; the same command with",
        ),
        ("mobilenet_v2 --budget 1", 2, "multadds: No such option"),
        ("", 2, "multadds: nothing to check: name a network, as in `multadds check mobilenet_v2 --max-mult-adds 300M`"),
    ],
)
def test_the_status_is_the_process_s(words, status, err):
    done = process("check", *words.split())
    assert done.returncode == status
    assert done.stderr.startswith(err) if err else done.stderr == ""
    assert done.stderr.count("\n") == bool(err)
    assert bool(done.stdout) == (status != 2)


def test_it_needs_neither_torch_nor_pandas():
    code = "from analysis import cli\nimport sys\ntry: cli.main(['check', 'mobilenet_v2', '--max-mult-adds', '301M'])\n"
    code += "except SystemExit: print(*sorted({'torch', 'fvcore', 'pandas', 'plotly'} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, env=environment)
    assert done.stdout.splitlines()[-1] == "", done.stderr


@pytest.mark.parametrize("option", ["mult-adds", "params", "peak-memory", "weight-size"])
@pytest.mark.parametrize("number_format", ["float32", "int8"])
def test_every_budget_holds_the_library_s_total_to_the_last_one(run, option, number_format):
    totals = analysis.totals("mobilenet_v2", alpha=0.75, resolution=160, t=4, number_format=number_format)
    name = {"peak-memory": "peak_activation_bytes", "weight-size": "weight_bytes"}.get(option, option.replace("-", "_"))
    words = (*V2, "--alpha", "0.75", "--resolution", "160", "--t", "4", "--number-format", number_format)
    assert run(*words, f"--max-{option}", str(totals[name]))[0] == 0
    status, out, _ = run(*words, f"--max-{option}", str(totals[name] - 1))
    assert status == 1
    assert f"{totals[name]:,}" in out
    assert "  1 (" in out


def test_a_network_without_rows_is_held_too(run):
    totals = analysis.totals("googlenet")
    assert run("check", "googlenet", "--max-params", str(totals.params))[0] == 0
    assert run("check", "googlenet", "--max-params", str(totals.params - 1))[0] == 1
    status, _, err = run("check", "googlenet", "--alpha", "2", "--max-params", "1M")
    assert (status, "takes no alpha" in err) == (2, True)


def test_the_first_run_writes_a_baseline_and_later_ones_compare(run, folder):
    words = (*V2, "--alpha", "0.75", "--baseline", "b.json", "--max-growth", "2%")
    status, out, err = run(*words)
    assert (status, out, "--update-baseline writes it" in err) == (2, "", True)
    assert run(*words, "--update-baseline") == (0, run(*V2, "--alpha", "0.75")[1], "multadds: wrote b.json\n")
    status, out, err = run(*words)
    assert (status, err) == (0, "")
    assert "within 4 limits" in out
    assert "grew" not in out.replace("growth", "")
    assert os.listdir(folder) == ["b.json"]


def test_growth_over_the_limit_is_status_1_with_the_layers_that_grew(run):
    run(*V2, "--baseline", "b.json", "--update-baseline")
    grown = (*V2, "--t", "6.2", "--baseline", "b.json")
    old, new = analysis.layer_table("mobilenet_v2"), analysis.layer_table("mobilenet_v2", t=6.2)
    most = (new.set_index("layer")["mult_adds"] - old.set_index("layer")["mult_adds"]).sort_values().index[-1]
    status, out, err = run(*grown, "--max-growth", "1%")
    assert (status, err.startswith("multadds: mobilenet_v2: OVER")) == (1, True)
    lines = out.splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("Layers that grew most: Mult-Adds"))
    assert lines[first + 3].split()[0] == most
    assert run(*grown, "--max-growth", "20%")[0] == 0


def test_exactly_the_growth_that_is_allowed_is_within(run, folder):
    run("check", "pd_lenet", "--write-baseline", "b.json")
    content = json.loads((folder / "b.json").read_bytes())
    now = content["totals"]["mult_adds"]
    layer = max(content["layers"], key=lambda layer: layer["mult_adds"])
    layer["mult_adds"] -= now // 10
    content["totals"]["mult_adds"] -= now // 10
    (folder / "b.json").write_text(json.dumps(content))
    old = now - now // 10
    for percent, status in (("20%", 0), (f"{100 * (now - old) // old}%", 1)):
        assert run("check", "pd_lenet", "--baseline", "b.json", "--max-growth", percent)[0] == status


def test_without_a_limit_growth_is_shown_and_the_missing_limit_said(run):
    run(*V2, "--baseline", "b.json", "--update-baseline")
    status, out, err = run(*V2, "--alpha", "1.4", "--baseline", "b.json")
    assert (status, "Layers that grew most" in out) == (0, True)
    assert err.startswith("multadds: no limit was given, so nothing can be over; add one such as")


def test_a_table_s_json_is_a_baseline(run, folder):
    run("table", "mobilenet_v2", "--out", "t.json")
    status, out, _ = run(*V2, "--baseline", "t.json", "--max-growth", "0%")
    assert (status, "within 3 limits" in out) == (0, True)
    assert "not in the baseline, so not compared: Peak memory" in out
    run("table", "mobilenet_v2", "--convention", "thop", "--out", "thop.json")
    assert run(*V2, "--baseline", "thop.json")[2].endswith(
        "convention must be papers, the papers' Mult-Adds, got thop\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--max-growth 2%", "max-growth needs a baseline; add --baseline FILE"),
        ("--max-growth 2 --baseline b.json", "max-growth must be a percentage such as 2%, got 2"),
        ("--update-baseline", "update-baseline needs a baseline; add --baseline FILE"),
        ("--baseline b.json --number-format int8", "the number format must be the baseline's, float32, got int8"),
        ("--max-peak-memory 1Mb", "max-peak-memory must be in bytes, written as MB or KiB, got '1Mb' (bits?)"),
        (
            "--number-format int4 --max-params 1",
            "number format must be one of float64, float32, float16, int8, got int4",
        ),
        ("--alpha -1 --max-params 1", "alpha must be > 0, got -1"),
        ("--format html", "format must be one of text, markdown, json, junit, got html"),
        ("--config absent.toml", "absent.toml cannot be read: No such file or directory"),
        (
            "--max-params 4M --junit no/such/folder.xml",
            "out must be a file in a folder that exists, got no/such/folder",
        ),
        ("--max-params 4M --markdown no/such/folder.md", "cannot write no/such/folder.md: No such file or directory"),
    ],
)
def test_what_cannot_be_checked_is_one_line_and_status_2(run, words, message):
    run(*V2, "--write-baseline", "b.json")
    status, out, err = run(*V2, *words.split())
    assert (status, out) == (2, "")
    assert err.startswith(f"multadds: {message}")
    assert err.count("\n") == 1


def test_every_report_says_the_same_and_markdown_is_appended(run, folder):
    files = ("--markdown", "s.md", "--junit", "j.xml", "--json", "r.json")
    (folder / "s.md").write_text("# Build\n")
    words = (*V2, "--max-mult-adds", "300M", "--max-params", "4M")
    assert run(*words, *files)[0] == 1
    assert (folder / "s.md").read_text() == "# Build\n\n" + run(*words, "--format", "markdown")[1]
    assert (folder / "j.xml").read_text() == run(*words, "--format", "junit")[1]
    read = json.loads((folder / "r.json").read_text())
    assert read == json.loads(run(*words, "--format", "json")[1])
    assert (read["within"], read["unit"], read["convention"]) == (False, "Mult-Adds", "papers")
    limits = {finding["quantity"]: finding for finding in read["checks"][0]["findings"] if finding["at_most"]}
    assert {name: finding["over"] for name, finding in limits.items()} == {"mult_adds": 774_272, "params": 0}
    root = ElementTree.parse(folder / "j.xml").getroot()
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert list(cases) == ["max_mult_adds", "max_params"]
    assert cases["max_params"].find("failure") is None
    failure = cases["max_mult_adds"].find("failure").get("message")
    assert failure == "Mult-Adds: 300,774,272, at most 300,000,000: 774,272 (+0.3 %) over"


CONFIG = """
[tool.multadds]
network = "mobilenet_v2"
max_params = "4M"

[[tool.multadds.check]]
name = "large"
max_mult_adds = "301M"

[[tool.multadds.check]]
name = "small"
alpha = 0.5
rho = 0.5
least_depth = 16
rounding = "divisor=4"
number_format = "int8"
max_peak_memory = "1 MB"
"""


@pytest.fixture
def config(folder):
    (folder / "pyproject.toml").write_text(CONFIG)
    return folder / "pyproject.toml"


def checks(out):
    return {check["name"]: check for check in json.loads(out)["checks"]}


def test_every_configured_check_is_run(run, config):
    status, out, err = run("check", "--format", "json")
    found = checks(out)
    assert (status, err, list(found)) == (0, "", ["large", "small"])
    rounding = analysis.Rounding(divisor=4)
    small = analysis.totals("mobilenet_v2", alpha=0.5, rho=0.5, least_depth=16, rounding=rounding, number_format="int8")
    values = {finding["quantity"]: finding["value"] for finding in found["small"]["findings"]}
    assert values == {name: small[name] for name in values}
    limits = {finding["quantity"] for finding in found["small"]["findings"] if finding["at_most"]}
    assert limits == {"params", "peak_activation_bytes"}


def test_a_check_is_named_and_the_command_line_comes_first(run, config):
    status, out, err = run("check", "small", "--resolution", "64", "--max-peak-memory", "1kB", "--format", "json")
    (check,) = checks(out).values()
    assert (status, err) == (1, "multadds: small: OVER 1 of 2 limits\n")
    peak = next(finding for finding in check["findings"] if finding["quantity"] == "peak_activation_bytes")
    assert (peak["at_most"], check["label"].split(" ")[1]) == (1_000, "MobileNetV2-64")
    for network in ("mobilenet_v2", "pd_lenet"):
        assert list(checks(run("check", network, "--format", "json")[1])) == [network]


def test_the_configuration_is_found_from_below(run, config, monkeypatch):
    Path("deep/er").mkdir(parents=True)
    monkeypatch.chdir("deep/er")
    assert list(checks(run("check", "--format", "json")[1])) == ["large", "small"]
    assert list(checks(run("check", "--config", "../../pyproject.toml", "--format", "json")[1])) == ["large", "small"]


def test_one_check_over_makes_the_status_1(run, config):
    status, out, err = run("check", "--max-mult-adds", "200M")
    assert (status, err) == (1, "multadds: large: OVER 1 of 2 limits\n")
    assert "small: 0.50 MobileNetV2-112 (mobilenet_v2), batch of one: within 3 limits" in out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('max_param = "4M"', "[tool.multadds]: max_param is not an option of a check; did you mean max_params?"),
        ('max_params = "4MB"', "[tool.multadds]: max_params must be a count such as 300M, got '4MB'"),
        ("alpha = -1", "[tool.multadds]: alpha must be > 0, got -1"),
        ('rounding = "x"', "[tool.multadds]: rounding must be like divisor=8,"),
        ('max_growth = "2%"', "[tool.multadds]: max-growth needs a baseline"),
        ('baseline = "b.json"', "[tool.multadds]: baseline b.json: the file is not there;"),
        ('number_format = "int4"', "[tool.multadds]: number format must be one of "),
        ("max_params = nan", "[tool.multadds]: max_params must be a count such as 300M, got 'nan'"),
    ],
)
def test_a_wrong_key_or_value_names_file_table_and_key(run, folder, line, message):
    (folder / "pyproject.toml").write_text(f'[tool.multadds]\nnetwork = "mobilenet_v2"\n{line}\n')
    status, out, err = run("check")
    assert (status, out) == (2, "")
    assert err.startswith(f"multadds: pyproject.toml, {message}")


def test_each_check_has_its_own_baseline(run, folder):
    text = CONFIG.replace('name = "large"', 'name = "large"\nbaseline = "costs/large.json"')
    (folder / "pyproject.toml").write_text(text.replace('name = "small"', 'name = "small"\nbaseline = "small.json"'))
    (folder / "costs").mkdir()
    status, _, err = run("check", "--update-baseline")
    assert (status, err) == (0, "multadds: wrote costs/large.json\nmultadds: wrote small.json\n")
    assert run("check", "--max-growth", "0%")[0] == 0
    assert run("check", "--max-growth", "0%", "--t", "6.5")[0] == 1
    for word in ("--baseline", "--write-baseline"):
        status, _, err = run("check", word, "x.json")
        assert (status, "is of one network, got 2 checks; name one of them: large, small" in err) == (2, True)


def test_help_has_every_option_and_examples(run):
    out = run("check", "--help")[1]
    assert "multadds check mobilenet_v2 --max-mult-adds 301M" in out
    documented = (ROOT / "docs" / "check.md").read_text("utf-8")
    for option in cli.commands.commands["check"].params:
        assert all(name in out for name in option.opts)
    for option in (
        "--max-growth",
        "--update-baseline",
        "--write-baseline",
        "--markdown",
        "--junit",
        "--json",
        "--config",
    ):
        assert option in documented


def test_files_and_modules_are_held_to_budgets_like_names(tmp_path, monkeypatch):
    rows = "rows:\n  - {block: conv, c: 8}\n  - {block: head, classes: 2}\n"
    (tmp_path / "net.yaml").write_text("name: net\nlabel: Net\n" + rows)
    (tmp_path / "own_models.py").write_text("from torch import nn\n\n\ndef make():\n    return nn.Linear(4, 2)\n")
    monkeypatch.chdir(tmp_path)
    assert status_of("net.yaml", "--max-params", "1k") == 0
    assert status_of("net.yaml", "--max-params", "100") == 1
    assert status_of("own_models:make", "--input", "1x4", "--max-mult-adds", "8") == 0
    assert status_of("own_models:make", "--input", "1x4", "--max-mult-adds", "7") == 1
    assert status_of("own_models:make", "--max-mult-adds", "7") == 2


def status_of(*words):
    with pytest.raises(SystemExit) as end:
        cli.main(["check", *words])
    return end.value.code
