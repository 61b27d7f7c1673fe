"""``multadds search`` as its users run it."""

import json
import shlex

import pytest

import analysis
from analysis.version import VERSION


@pytest.fixture
def run(run_text):
    return run_text


BUDGETS = "--max-mult-adds 300M --max-params 3.5M --max-peak-memory 1MB --format int8 --min-resolution 96"


def test_the_best_design_is_within_the_budgets_and_what_binds_is_said(run):
    status, out, err = run("search", "mobilenet_v2", *shlex.split(BUDGETS))
    found = analysis.search(
        "mobilenet_v2",
        max_mult_adds=300_000_000,
        max_params=3_500_000,
        max_peak_memory=1_000_000,
        number_format="int8",
        min_resolution=96,
    )
    best = found.results[0]
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith(f"Best by predicted top-1: {best.design.label}, ")
    assert f"Peak memory binds at {best.design.height} px: " in lines[1]
    assert f"{found.looked_at:,} designs looked at" in out
    assert f"{best.totals.mult_adds:,}" in out
    assert f"Front of predicted top-1 over peak memory: {len(found.front)} designs, from " in out


def test_json_is_the_library_s_answer_and_names_its_command(run):
    status, out, _ = run("search", "mobilenet_v2", *shlex.split(BUDGETS), "--top", "3", "--json")
    read = json.loads(out)
    assert (status, read["version"], len(read["results"])) == (0, VERSION, 3)
    best = read["results"][0]
    options = {"alpha": best["alpha"], "resolution": best["height_px"], "t": best["t"], "number_format": "int8"}
    totals = analysis.totals("mobilenet_v2", **options)
    assert totals.peak_activation_bytes == best["peak_activation_bytes"] <= 1_000_000
    assert totals.mult_adds == best["mult_adds"] <= 300_000_000
    assert totals.peak_unfused_bytes == best["peak_unfused_bytes"]
    assert best["predicted_low_percent"] < best["predicted_top1_percent"] < best["predicted_high_percent"]
    assert read["designs_looked_at"] >= 1_000_000


COMMANDS = [
    f"mobilenet_v2 {BUDGETS}",
    "mobilenet_v1 --max-weight-size 4MiB --number-format float16 --max-resolution 192 --training 2017",
    "mobilenet_v2 --t 1:3:0.5,6 --classes 10 --in-channels 1 --base 60x120 --max-mult-adds 20M --top 2",
    "mobilenet_v2 --min-alpha 0.333 --max-alpha 1.1 --t 6 --objective least-peak-memory",
    "mobilenet_v3_small --max-peak-memory 1 --max-mult-adds 1k",
    "pd_lenet --max-params 400k --objective most-params",
    "pd_light --base 224 --classes 1000 --in-channels 3 --max-mult-adds 20M --t 6",
]


@pytest.mark.parametrize("words", COMMANDS)
def test_the_command_it_names_finds_the_same(run, words):
    status, first, _ = run("search", *shlex.split(words), "--json")
    command = shlex.split(json.loads(first)["command"])
    assert command[:3] == ["multadds", "search", words.split()[0]]
    assert run(*command[1:], "--json")[:2] == (status, first)


def test_nothing_that_fits_is_status_1_with_the_closest_and_its_misses(run):
    words = ("search", "mobilenet_v2", "--max-peak-memory", "5kB", "--max-mult-adds", "60M", "--format", "int8")
    status, out, err = run(*words)
    assert (status, err) == (1, "multadds: no design keeps every budget\n")
    assert out.startswith("None of the ")
    assert "The closest is 0.25 MobileNetV2-32, t = 1: every other design misses some budget by as large a share" in out
    assert " of 5.000 kB, " in out
    status, out, _ = run(*words, "--json")
    closest = json.loads(out)["closest"]
    misses = closest["budgets"]["peak_activation_bytes"]
    assert (status, json.loads(out)["results"]) == (1, [])
    assert misses["limit"] == 5_000 < misses["needs"] == pytest.approx(misses["share"] * 5_000)


def test_the_table_has_the_totals_of_every_result(run):
    _, out, _ = run("search", "pd_lenet", "--max-params", "400k", "--top", "3")
    table = out[out.index("  alpha") :].split("\n\n")[0].splitlines()
    assert " ".join(table[0].split()) == "alpha resolution Mult-Adds parameters weight bytes peak bytes unfused"
    found = analysis.search("pd_lenet", max_params="400k", top=3)
    totals = [(result.design.resolution, f"{result.totals.mult_adds:,}") for result in found.results]
    assert [tuple(line.split()[1:3]) for line in table[2:]] == totals


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--max-mult-adds 300MB", "max-mult-adds must be a count such as 300M, got '300MB'"),
        ("--max-peak-memory 512K", "max-peak-memory must be a size such as 1.5MB or 512KiB, got '512K'"),
        ("--max-params=-1", "max-params must be > 0, got '-1'"),
        ("--format int4", "number format must be one of float64, float32, float16, int8, got int4"),
        ("--min-resolution 16", "min_resolution must be at least 32, got 16"),
        ("--t x", "t must be a number, a list as 0.5,1 or a range START:STOP:STEP, got x"),
        ("--top 1001", "top must be at most 1,000, got 1001"),
        ("--objective fastest", "objective must be one of top1, "),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_status_2(run, words, message):
    status, out, err = run("search", "mobilenet_v2", *words.split())
    assert (status, out) == (2, "")
    assert err.startswith(f"multadds: {message}")
    assert err.count("\n") == 1


def test_help_has_examples_and_every_budget(run):
    out = run("search", "--help")[1]
    assert "multadds search mobilenet_v2 --max-mult-adds 300M" in out
    assert all(f"--max-{name}" in out for name in ("mult-adds", "params", "peak-memory", "weight-size"))
