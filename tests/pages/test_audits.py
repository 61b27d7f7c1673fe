"""Audits in their own process: they never delay the redraw, never land on another design, and come back when killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from analysis.cost.audit import Audit
from analysis.cost.audit_process import NO_ANSWER, AuditProcess
from analysis.cost.totals import design_totals
from analysis.networks import make_design
from pages.shared import audits

ROOT = Path(__file__).parents[2]
PATIENCE = 60
SLOW = make_design("mobilenet_v1_full_conv", alpha=1.4, resolution=320)


def small(classes):
    return make_design("mobilenet_v2", alpha=0.25, resolution=32, classes=classes)


@pytest.fixture(scope="module")
def running():
    """A process that has counted once."""
    process = AuditProcess()
    process.wish("first", small(2))
    assert process.wait(small(2), PATIENCE) is not None
    yield process
    process.close()


@pytest.fixture
def child(running):
    """The pid of its child."""
    running.wish("again", small(3))
    running.wait(small(3), PATIENCE)
    return running._child.pid


def test_a_wish_is_counted_and_agrees(running):
    running.wish("visitor", small(4))
    audit = running.wait(small(4), PATIENCE)
    assert audit.agrees
    assert audit.fvcore_mult_adds == audit.mult_adds == sum(audit.layers.values())


def test_an_overtaken_wish_is_not_counted(running):
    running.wish("other", SLOW)
    running.wish("visitor", small(5))
    running.wish("visitor", small(6))
    assert running.wait(small(6), PATIENCE).agrees
    assert running.known(small(5)) is None


def test_a_visitor_does_not_overtake_another(running):
    running.wish("one", small(7))
    running.wish("two", small(8))
    assert running.wait(small(7), PATIENCE).agrees
    assert running.wait(small(8), PATIENCE).agrees


def test_a_killed_child_is_replaced(running, child):
    os.kill(child, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(child)] if psutil.pid_exists(child) else [], timeout=10)
    running.wish("visitor", small(12))
    assert running.wait(small(12), PATIENCE).agrees
    assert running._child.pid != child


def test_a_count_that_was_killed_is_said_and_made_when_asked_again(running, child):
    stopped = small(13)
    os.kill(child, signal.SIGSTOP)
    running.wish("visitor", stopped)
    os.kill(child, signal.SIGKILL)
    assert running.wait(stopped, PATIENCE).not_run == NO_ANSWER
    running.wish("visitor", stopped)
    deadline = time.monotonic() + PATIENCE
    while (audit := running.wait(stopped, 1)) is None or audit.not_run:
        assert time.monotonic() < deadline
    assert audit.agrees


def test_a_page_asks_again_where_no_answer_came(app, see):
    design = make_design("mobilenet_v2", alpha=0.29)
    totals = design_totals(design)
    audits.process()._keep(design, Audit(totals.mult_adds, totals.params, not_run=NO_ANSWER))
    app.slider(key="alpha").set_value(0.29).run()
    assert f"closed form and fvcore agree: {totals.mult_adds:,}" in see.audit(app)


def test_a_design_too_large_to_build_says_why(running):
    large = make_design("mobilenet_v2", alpha=20)
    running.wish("visitor", large)
    audit = running.wait(large, PATIENCE)
    assert (audit.agrees, audit.fvcore_mult_adds) == (None, None)
    assert audit.not_run.startswith("too large to build: ")
    assert audit.not_run.endswith("the limit is 150,000,000")


def test_wishes_are_bounded(running, monkeypatch):
    monkeypatch.setattr("analysis.cost.audit_process.MOST_CLIENTS", 5)
    os.kill(running._child.pid, signal.SIGSTOP)
    try:
        for number in range(50):
            running.wish(f"visitor {number}", small(100 + number))
        assert len(running._wishes) <= 5
    finally:
        os.kill(running._child.pid, signal.SIGCONT)


def test_an_older_audit_never_lands_on_a_newer_design(app, see, monkeypatch):
    slow = {"network": "mobilenet_v1_full_conv", "alpha": "1.39", "resolution": "320"}
    monkeypatch.setattr(audits, "PATIENCE_SECONDS", 0.3)
    at = see.open(**slow)
    assert "fvcore is counting" in see.audit(at)
    monkeypatch.setattr(audits, "PATIENCE_SECONDS", 60.0)
    see.preset(at).set_value("0.35 MobileNetV2-96").run()
    expected = make_design("mobilenet_v2", alpha=0.35, resolution=96)
    assert see.audit(at).count(f"agree: {audits.process().known(expected).mult_adds:,}") == 1


def test_the_figures_are_drawn_before_the_audit(see, monkeypatch):
    monkeypatch.setattr(audits, "PATIENCE_SECONDS", 0.0)
    at = see.open(alpha="0.31", classes="31")
    assert "closed form drawn; fvcore is counting" in see.audit(at)
    assert len(at.get("plotly_chart")) == 5


def test_no_page_imports_torch():
    code = (
        "import sys\nfrom streamlit.testing.v1 import AppTest\n"
        "at = AppTest.from_file('app.py', default_timeout=100).run()\n"
        "at.switch_page('pages/layer_costs.py').run().switch_page('pages/trade_off.py').run()\n"
        "at.switch_page('pages/cost_surface.py').run()\n"
        "assert any('fvcore agree' in element.value for element in at.markdown)\n"
        "print(sorted({'torch', 'fvcore', 'onnx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, "[]\n")
