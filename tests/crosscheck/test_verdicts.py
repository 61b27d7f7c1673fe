"""Verdicts and the process that runs the tools: what is not held is never hidden, what is not run says why."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest

import analysis
from analysis.cost.conventions import CONVENTIONS
from analysis.cost.counted.counted import Counted
from analysis.cost.subjects import make_subject
from analysis.crosscheck import Run, Verdict, crosscheck_process, identities, tools, verdicts
from analysis.crosscheck.crosscheck_process import BUSY, NO_ANSWER, CrosscheckProcess, run_in_child
from analysis.crosscheck.text import trust_sentence, verdict_facts
from analysis.crosscheck.tools import TOOLS, Tool, version_sentence
from analysis.crosscheck.verdicts import held_sentence, known_runs, prevented_sentences, run_tools
from tests.helpers import ROOT, process

SMALL = analysis.make_design("mobilenet_v2", alpha=0.25, resolution=32, classes=10)


def imported() -> Counted:
    counted = make_subject("squeezenet1_0")
    assert isinstance(counted, Counted)
    return type(counted)(**{name: getattr(counted, name) for name in counted.__dataclass_fields__} | {"network": "x"})


@pytest.fixture(scope="module")
def runs():
    """Every tool's run of a small design, in a child."""
    return run_in_child(SMALL)


def test_every_tool_is_run_in_the_child_and_holds(runs):
    found = [verdict for verdict in verdicts(identities(SMALL), runs) if verdict.run.convention in TOOLS]
    assert [verdict.sentence for verdict in found] == [f"held: {verdict.identity.count:,}" for verdict in found]
    assert held_sentence(found) == f"{len(TOOLS)} of {len(TOOLS)} identities held."


def test_a_figure_that_is_one_off_is_not_held():
    identity = identities(SMALL, among=("thop",))[0]
    verdict = Verdict(identity, Run("thop", identity.count + 1, "0.1.1"))
    assert verdict.held is False
    assert verdict.sentence == f"NOT HELD: ours {identity.count:,}, tool {identity.count + 1:,}"
    assert held_sentence([verdict]) == "0 of 1 identities held, 1 did NOT."
    assert verdict_facts(verdict)["held"] is False


def test_a_tool_that_fails_says_how(monkeypatch):
    def broken(module, shape):
        raise RuntimeError("no such operator")

    monkeypatch.setitem(TOOLS, "thop", Tool("thop", "thop", broken))
    assert next(run_tools(SMALL, ["thop"])).not_run == "the tool failed: RuntimeError: no such operator"


def test_a_tool_that_is_not_installed_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(TOOLS, "thop", Tool("thop", "a-package-that-is-not-there", tools.thop))
    (run,) = run_tools(SMALL, ["thop"])
    assert run.count is None
    assert str(run.not_run).endswith("is not installed: pip install 'multadds[crosscheck]'")


def test_all_that_is_not_installed_is_one_sentence(monkeypatch):
    for name in ("thop", "ptflops", "ptflops_aten"):
        monkeypatch.setitem(TOOLS, name, Tool(name, f"no-{name.partition('_')[0]}", TOOLS[name].count))
    found = verdicts(identities(SMALL), known_runs(SMALL))
    assert prevented_sentences(found) == [
        "no-thop and no-ptflops are not installed: pip install 'multadds[crosscheck]'"
    ]


def test_what_is_too_large_or_imported_is_not_built():
    assert set(known_runs(make_subject("ssd512_vgg16"))) == set(TOOLS)
    large = known_runs(make_subject("ssd512_vgg16"))["thop"]
    assert str(large.not_run).startswith("too large to build: 98,628,936,704 Mult-Adds")
    assert known_runs(imported())["fvcore"].not_run == "an imported network has no module here"


def test_each_kind_of_subject_says_how_far_its_sums_are_tested():
    assert "other networks of rows" in trust_sentence(SMALL)
    assert trust_sentence(make_subject("alexnet")).endswith("small enough to be built.")
    assert trust_sentence(make_subject("ssd512_vgg16")).endswith("its sums were not tested.")
    assert trust_sentence(imported()).startswith("An imported network has no module")


def test_a_child_that_takes_too_long_is_ended_and_says_so():
    assert {run.not_run for run in run_in_child(SMALL, seconds=0.05).values()} == {NO_ANSWER}


def test_what_was_run_is_kept_and_shared(monkeypatch, runs):
    process = CrosscheckProcess()
    monkeypatch.setattr(crosscheck_process, "run_in_child", lambda subject: runs)
    assert process.known(SMALL) == {}
    assert process.run(SMALL) == runs
    monkeypatch.setattr(crosscheck_process, "run_in_child", lambda subject: pytest.fail("it was kept"))
    assert process.run(SMALL) == process.known(SMALL) == runs


def test_one_crosscheck_at_a_time(monkeypatch, runs):
    process, began, end = CrosscheckProcess(), threading.Event(), threading.Event()

    def slow(subject):
        began.set()
        end.wait(20)
        return runs

    monkeypatch.setattr(crosscheck_process, "run_in_child", slow)
    first = threading.Thread(target=process.run, args=(SMALL,))
    first.start()
    began.wait(20)
    assert {run.not_run for run in process.run(SMALL).values()} == {BUSY}
    end.set()
    first.join()
    assert process.known(SMALL) == runs


def test_the_process_that_asks_never_imports_torch_or_a_tool():
    code = (
        "import sys, analysis\n"
        "from analysis.crosscheck.crosscheck_process import CrosscheckProcess\n"
        "runs = CrosscheckProcess().run(analysis.make_design('mobilenet_v2', alpha=0.25, resolution=32))\n"
        "print(sum(run.count is not None for run in runs.values()))\n"
        "print(sorted({'torch', 'fvcore', 'thop', 'ptflops', 'torchinfo'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.stdout.split("\n")[:2] == [str(len(TOOLS)), "[]"], done.stderr


@pytest.mark.parametrize(
    ("installed", "tested", "said"),
    [
        ("0.1.1-2209072238", "0.1.1.post2209072238", "0.1.1-2209072238, as tested"),
        ("2.13.0+cpu", "2.13.0", "2.13.0+cpu, as tested"),
        ("0.7.6", "0.7.5", "0.7.6, newer than the 0.7.5 that was tested: its identity may not hold"),
        ("1.7.2", "1.8.0", "1.7.2, older than the 1.8.0 that was tested: its identity may not hold"),
    ],
)
def test_versions_are_compared_with_the_tested_ones(installed: str, tested: str, said: str):
    assert version_sentence(installed, tested) == said


def test_installed_tools_are_of_the_tested_versions():
    assert {name: version_sentence(str(tool.installed), CONVENTIONS[name].version) for name, tool in TOOLS.items()} == {
        name: f"{tool.installed}, as tested" for name, tool in TOOLS.items()
    }


def run(*words):
    return process("crosscheck", *words)


def test_the_command_prints_every_sum_and_explains_a_figure():
    done = run("mobilenet_v2", "--figure", "314.2M")
    assert (done.returncode, done.stderr) == (0, "")
    assert "300,774,272 Mult-Adds + 2 × 6,678,112 batch-norm elements + 62,720 pooled elements = 314,193,216" in (
        done.stdout
    )
    assert "One way gives 314.2M." in done.stdout


def test_the_command_runs_the_real_tools():
    done = run("mobilenet_v2", "--alpha", "0.25", "--resolution", "32", "--run", "--json", "--tool", "thop")
    assert (done.returncode, done.stderr) == (0, "")
    (tool,) = json.loads(done.stdout)["tools"]
    assert tool["held"] is True
    assert tool["printed"] == tool["identity"] == sum(term["weight"] * term["number"] for term in tool["terms"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mobilenet_v2", "--figure", "many"), "figure must be a number such as"),
        (("mobilenet_v2", "--tool", "nothop"), "tool must be one of papers, fvcore,"),
        (("ssd512_vgg16", "--run"), "not every tool could be run: too large to build"),
        (("mobilenet_v9",), "network must be one of"),
    ],
)
def test_what_could_not_be_done_is_status_2_and_one_line(words, message):
    done = run(*words)
    assert done.returncode == 2
    assert done.stderr.startswith(f"multadds: {message}")
    assert done.stderr.count("\n") == 1
