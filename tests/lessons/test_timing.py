"""Step 7: real torch times every kind of layer, one measurement at a time; 1×1 is a matrix product as it stands."""

import subprocess
import sys
import threading

import pytest

from analysis.cost import closed_form, timing_process
from analysis.cost.stopwatch import MOST_TIMED_MULT_ADDS, Timing, design_timing, too_large_to_time
from analysis.cost.timing_process import BUSY, NO_ANSWER, TimingProcess
from analysis.lessons.formulas import separable_layers, standard_layer
from analysis.lessons.sizes import Sizes
from analysis.lessons.timing import code, elements_moved, im2col, timing_table
from analysis.networks import CATALOGUE, KINDS, make_design
from analysis.plots.timing import timing_figure

SMALL = make_design("mobilenet_v2", alpha=0.25, resolution=32)
WITH_BRANCHES = make_design("mobilenet_v3_small", alpha=0.25, resolution=32)


@pytest.fixture(scope="module")
def process():
    return TimingProcess()


@pytest.fixture(scope="module")
def timing(process):
    return process.measure(SMALL)


def test_every_layer_took_some_time(timing):
    assert timing.not_run is None
    assert list(timing.layers) == [layer.name for layer in SMALL.layers()]
    assert min(timing.layers.values()) > 0
    assert timing.repeats >= 5


def test_what_it_was_measured_with_is_named(timing):
    import torch

    assert (timing.threads, timing.torch) == (1, torch.__version__)
    assert timing.cpu.strip()


def test_the_table_has_every_kind_and_its_shares_sum_to_1(timing):
    table = timing_table(SMALL.layers(), timing)
    kinds = {layer.kind for layer in SMALL.layers()}
    assert list(table["kind"]) == [kind for kind in KINDS if kind in kinds]
    assert (table["ms"] > 0).all()
    assert table["ms_share"].sum() == pytest.approx(1)
    assert table["mult_adds_share"].sum() == pytest.approx(1)
    assert table["mult_adds"].sum() == sum(map(closed_form.mult_adds, SMALL.layers()))
    assert table["ms"].sum() == pytest.approx(sum(timing.layers.values()))


def test_squeeze_excite_branches_are_timed_too():
    timing = design_timing(WITH_BRANCHES)
    assert set(timing.layers) == {layer.name for layer in WITH_BRANCHES.layers()}
    assert min(timing.layers.values()) > 0


def test_a_measurement_is_kept_and_not_made_again_at_once(process, timing, monkeypatch):
    monkeypatch.setattr(timing_process, "_measured", lambda design: pytest.fail("measured again"))
    assert process.measure(SMALL) is timing is process.known(SMALL)


def test_an_old_measurement_is_made_again(process, timing, monkeypatch):
    monkeypatch.setattr(timing_process, "FRESH_SECONDS", 0.0)
    newer = Timing(repeats=1)
    monkeypatch.setattr(timing_process, "_measured", lambda design: newer)
    other = TimingProcess()
    other.measure(SMALL)
    assert other.measure(SMALL) is other.known(SMALL) is newer


def test_one_measurement_at_a_time(monkeypatch):
    process, started, finish = TimingProcess(), threading.Event(), threading.Event()

    def slow(design):
        started.set()
        finish.wait(30)
        return Timing(repeats=1)

    monkeypatch.setattr(timing_process, "_measured", slow)
    first = threading.Thread(target=process.measure, args=(SMALL,))
    first.start()
    started.wait(30)
    assert process.measure(WITH_BRANCHES).not_run == BUSY
    finish.set()
    first.join(30)
    assert process.measure(WITH_BRANCHES).not_run is None


def test_what_is_kept_is_bounded(monkeypatch):
    monkeypatch.setattr(timing_process, "MOST_KEPT", 3)
    monkeypatch.setattr(timing_process, "_measured", lambda design: Timing(repeats=1))
    process = TimingProcess()
    designs = [make_design("mobilenet_v2", alpha=0.25, resolution=32, classes=classes) for classes in range(1, 6)]
    for design in designs:
        process.measure(design)
    assert [process.known(design) is not None for design in designs] == [False, False, True, True, True]


def test_a_child_that_is_too_slow_is_ended_and_said(monkeypatch):
    monkeypatch.setattr(timing_process, "SECONDS_A_TIMING", 0.05)
    process = TimingProcess()
    assert process.measure(SMALL).not_run == NO_ANSWER
    assert process.known(SMALL) is None


def test_a_design_too_large_is_not_built(monkeypatch):
    monkeypatch.setattr(timing_process, "_measured", lambda design: pytest.fail("measured"))
    timing = TimingProcess().measure(make_design("mobilenet_v1_full_conv", alpha=1.4, resolution=320))
    assert timing.not_run.startswith("too large to time here: ")
    assert timing.not_run.endswith(f"the limit is {MOST_TIMED_MULT_ADDS:,}")


@pytest.mark.parametrize("network", CATALOGUE)
def test_every_network_as_published_is_small_enough_to_time(network):
    assert too_large_to_time(make_design(network).layers()) is None


def test_a_table_needs_a_timing_of_the_same_layers(timing):
    with pytest.raises(ValueError, match="must be of these layers"):
        timing_table(WITH_BRANCHES.layers(), timing)
    with pytest.raises(ValueError, match=f"one that was not: {BUSY}"):
        timing_table(SMALL.layers(), Timing(not_run=BUSY))


def test_the_caller_never_imports_torch():
    code_ = (
        "import sys\nfrom analysis.cost.timing_process import TimingProcess\n"
        "from analysis.networks import make_design\n"
        "timing = TimingProcess().measure(make_design('mobilenet_v2', alpha=0.25, resolution=32))\n"
        "print(timing.not_run, sorted({'torch', 'fvcore'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code_], capture_output=True, text=True, timeout=200)
    assert (run.stdout, run.returncode) == ("None []\n", 0), run.stderr


@pytest.mark.parametrize("kernel", [1, 3, 5, 7])
def test_im2col_is_the_convolution_as_a_matrix_product(kernel):
    layer = standard_layer(Sizes(kernel, 16, 24, 14))
    found = im2col(layer)
    assert found.rows * found.inner * found.positions == closed_form.mult_adds(layer)
    assert found.times == (0 if kernel == 1 else kernel**2)


def test_a_strided_1_by_1_convolution_copies_the_pixels_it_keeps():
    assert im2col(standard_layer(Sizes(1, 16, 24, 14, 2))).times == pytest.approx(1 / 4)


def test_im2col_of_a_depthwise_layer_is_refused():
    with pytest.raises(ValueError, match="one group, got dw with 16 groups"):
        im2col(separable_layers(Sizes(3, 16, 24, 14))[0])


def test_a_depthwise_layer_computes_less_with_each_element():
    dw, pw = separable_layers(Sizes(3, 512, 512, 14))
    assert closed_form.mult_adds(dw) / elements_moved(dw) < 9 < closed_form.mult_adds(pw) / elements_moved(pw)


def test_the_code_runs_as_shown():
    shown = code(standard_layer(Sizes(1, 16, 24, 14)))
    run = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, timeout=200, check=True)
    assert run.stdout == "True True\n"


def test_the_figure_holds_both_shares(timing):
    table = timing_table(SMALL.layers(), timing)
    figure = timing_figure(table)
    assert [list(trace.x) for trace in figure.data] == [
        [100 * ms, 100 * cost] for ms, cost in zip(table["ms_share"], table["mult_adds_share"], strict=True)
    ]
