"""Learn, steps 6 and 7 and Check yourself: what the page shows is what the library says, and the link holds it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.cost import closed_form
from analysis.cost.stopwatch import Timing
from analysis.cost.timing_process import BUSY
from analysis.lessons.inverted import Block, presets
from analysis.lessons.messages import LANGUAGES, translate
from analysis.lessons.questions import KINDS
from analysis.lessons.relu import experiment
from analysis.lessons.sizes import NARROWED, Sizes
from analysis.lessons.worksheet import worksheet
from analysis.networks import make_design
from analysis.networks.presets import PRESETS
from analysis.networks.rows import InvertedResidual, Scaling
from pages.shared import lesson_timing
from pages.shared.link import decode

ROOT = Path(__file__).parents[2]
LEARN = "pages/learn.py"
SMALL = {"alpha": "0.25", "resolution": "32"}


def learned(see, step, **link):
    return see.open(step=step, **link).switch_page(LEARN).run()


def texts(at):
    return [text.value for text in at.markdown]


def one(at, start):
    return next(text for text in texts(at) if text.startswith(start))


def value_of(at, name):
    """The value of the formula of that name on the page."""
    return int(re.search(r"mathbf{(.*)}\$", one(at, f"**{name}**"))[1].replace("{,}", ""))


def test_the_block_on_the_page_costs_what_the_real_row_costs(see):
    at = learned(see, "inverted", m="24", n="32", df="56", stride="2", expansion="4.5")
    row = InvertedResidual(32, s=2, t=4.5)
    scaling = Scaling(alpha=1.0, t=None, classes=None, rounding=NARROWED)
    costs = [closed_form.mult_adds(layer) for layer in row.lower("b", Sizes(3, 24, 32, 56).input, scaling, first=True)]
    names = ("Expand 1×1", "Depthwise", "Project 1×1, linear")
    assert [value_of(at, name) for name in names] == costs
    assert value_of(at, "Inverted residual") == sum(costs)


@pytest.mark.parametrize("name", presets())
def test_a_block_of_the_network_is_one_click(see, name):
    at = learned(see, "inverted")
    at.button(key=f"block_{name}").click().run()
    block = presets()[name]
    assert value_of(at, "Inverted residual") == block.mult_adds.value
    assert see.link(at)["expansion"] == f"{block.t:g}"
    again = learned(see, "inverted", **{key: text for key, text in see.link(at).items() if key not in ("v", "step")})
    assert texts(again) == texts(at)


def test_the_bars_hold_what_is_alive(see):
    at = learned(see, "inverted", m="24", n="24", df="56", expansion="6")
    block = Block(Sizes(3, 24, 24, 56), 6)
    bars = [see.values(trace["x"]) for trace in see.chart(at, "alive")]
    assert sum(map(sum, bars)) == sum(closed_form.alive(layer) for layer in block.layers())
    assert f"inside up to {block.peak:,} are alive" in one(at, "Between blocks")
    assert f"at most {block.peak_in_pieces(6):,} elements" in one(at, "Why $t$ times")


def test_the_slider_of_n_repeats_the_experiment(see):
    at = learned(see, "inverted", relu_seed="5")
    at.slider(key="relu_n").set_value(12).run()
    found = experiment(12, seed=5)
    assert f"n = 12, seed 5: error **{found.error:.1%}**" in one(at, "n = 12")
    assert see.chart(at, "relu")[-1]["x"] == [12]
    assert len(see.chart(at, "spirals")) == 3 * 6
    assert see.link(at)["relu_n"] == "12"


def test_another_matrix_is_another_seed_in_the_link(see):
    at = learned(see, "inverted")
    see.press(at, "Another random matrix")
    seed = int(see.link(at)["relu_seed"])
    assert f"error **{experiment(3, seed=seed).error:.1%}**" in one(at, f"n = 3, seed {seed}")


def test_nothing_is_measured_before_the_button_is_pressed(see, monkeypatch):
    monkeypatch.setattr("analysis.cost.timing_process._measured", lambda design: pytest.fail("measured"))
    at = learned(see, "timing", **SMALL, classes="11")
    assert not at.exception
    assert "Measure on this server" in [button.label for button in at.button]
    assert not at.get("plotly_chart")


def test_the_button_measures_the_current_design(see):
    design = make_design("mobilenet_v2", alpha=0.25, resolution=32, classes=12)
    at = learned(see, "timing", **SMALL, classes="12")
    at.button(key="measure").click().run(timeout=120)
    table = at.dataframe[0].value
    assert table["Mult-Adds"].sum() == sum(closed_form.mult_adds(layer) for layer in design.layers())
    assert (table["ms"] > 0).all()
    assert table["Share of time"].sum() == pytest.approx(1)
    found = lesson_timing.stopwatch().known(design)
    caption = next(text for text in see.captions(at) if text.startswith("Measured on"))
    assert all(
        fact in caption for fact in (found.cpu, f"threads: {found.threads}", found.torch, "vary from run to run")
    )
    other = learned(see, "timing", **SMALL, classes="12")
    assert list(other.dataframe[0].value["ms"]) == list(table["ms"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_busy_server_says_so(see, monkeypatch, language):
    monkeypatch.setattr(lesson_timing.TimingProcess, "measure", lambda self, design: Timing(not_run=BUSY))
    at = learned(see, "timing", **SMALL, classes="13", language=language)
    at.button(key="measure").click().run()
    assert [warning.value for warning in at.warning] == [translate(language)(BUSY)]


def test_a_design_too_large_to_time_says_why(see):
    at = learned(see, "timing", network="mobilenet_v1_full_conv", alpha="1.4", resolution="320")
    at.button(key="measure").click().run()
    assert at.warning[0].value.startswith("too large to time here: ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_network_without_rows_is_told_that_it_is_not_timed(see, language):
    at = learned(see, "timing", network="resnet50", language=language)
    assert not at.exception
    (info,) = at.info
    assert info.value.startswith("ResNet-50")
    assert "measure" not in [button.key for button in at.button]
    assert len(at.expander) == len(learned(see, "timing", language=language).expander) - 1  # of the sidebar's input


def test_a_1_by_1_convolution_copies_nothing(see):
    at = learned(see, "timing", dk="5", m="16", n="8", df="14")
    assert one(at, "- 5×5").endswith("78,400 elements copied, 25.0 times the input.")
    assert one(at, "- 1×1") == "- 1×1, stride 1: [8 × 16] · [16 × 196], nothing copied."


SHEET = worksheet(7)


def answer(at, text):
    at.text_input[0].set_value(text)
    return next(button for button in at.button if button.label == "Check").click().run()


def standing(see, at):
    return next(text for text in see.captions(at) if text.startswith("This session"))


def test_the_questions_are_those_of_the_seed_one_after_the_other(see):
    at = learned(see, "check")
    for number, question in enumerate(SHEET.questions, 1):
        assert any(text.endswith(KINDS[question.kind] + "]") for text in texts(at))
        words = question.text.in_(str).replace("D_K", "$D_K$").replace("D_F", "$D_F$")
        assert words in texts(at)
        assert see.link(at)["quiz_at"] == str(number)
        at.button(key="quiz_next").click().run() if number < 10 else None
    assert at.button(key="quiz_next").disabled


@pytest.mark.parametrize("number", range(1, 10))
def test_the_right_answer_is_right(see, number):
    question = SHEET.questions[number - 1]
    at = answer(learned(see, "check", quiz_at=str(number)), question.answer.written)
    assert [element.value for element in at.success] == [f"Right. {question.answer.written}"]
    assert standing(see, at).startswith("This session: 1 of 1 right at the first answer, 1 in a row.")


def test_a_wrong_answer_is_wrong_and_the_first_answer_counts(see):
    right = SHEET.questions[0].answer
    at = answer(learned(see, "check"), str(right.value + 1))
    assert [element.value for element in at.error] == ["Too high."]
    assert right.written not in "".join(texts(at))
    answer(at, right.written)
    assert at.success
    assert "0 of 1 right at the first answer, 0 in a row" in standing(see, at)


def test_twice_the_answer_is_named(see):
    at = answer(learned(see, "check"), str(2 * SHEET.questions[0].answer.value))
    assert "counts 1 here, not 2" in at.error[0].value


@pytest.mark.parametrize("text", ["", "about 3 M", "<script>", "x" * 5000])
def test_an_answer_that_cannot_be_read_does_not_count(see, text):
    at = answer(learned(see, "check"), text)
    assert not at.exception
    assert at.warning[0].value.startswith("This could not be read. A whole number")
    assert "0 of 0" in standing(see, at)


def test_the_solution_is_shown_on_demand_and_then_the_answer_does_not_count(see):
    question = SHEET.questions[0]
    at = learned(see, "check")
    assert question.answer.written not in "".join(texts(at))
    at.toggle[0].set_value(True).run()
    assert f"**Answer: {question.answer.written}**" in texts(at)
    answer(at, question.answer.written)
    assert at.success
    assert "0 of 0" in standing(see, at)


def test_a_streak_grows_and_breaks(see):
    at = learned(see, "check")
    for number, text in enumerate((None, None, "1"), 0):
        answer(at, text or SHEET.questions[number].answer.written)
        at.button(key="quiz_next").click().run()
    assert "2 of 3 right at the first answer, 0 in a row" in standing(see, at)


def test_kinds_and_number_can_be_chosen_and_are_in_the_link(see):
    at = learned(see, "check", quiz_at="4")
    at.button_group(key="quiz_kinds").set_value(["ratio", "alive"]).run()
    at.number_input(key="quiz_count").set_value(3).run()
    at.number_input(key="quiz_seed").set_value(99).run()
    link = see.link(at)
    assert (link["quiz_kinds"], link["quiz_count"], link["quiz_seed"], link["quiz_at"]) == (
        "ratio,alive",
        "3",
        "99",
        "1",
    )
    assert at.code[0].value == "multadds worksheet --seed 99 --questions 3 --kinds ratio,alive --out worksheet.html"
    expected = worksheet(99, questions=3, kinds=("ratio", "alive"))
    assert expected.questions[0].text.in_(str).replace("D_K", "$D_K$").replace("D_F", "$D_F$") in texts(at)


def test_no_kind_chosen_is_all(see):
    at = learned(see, "check", quiz_kinds="")
    assert at.code[0].value == "multadds worksheet --seed 7 --questions 10 --out worksheet.html"


def test_a_question_beyond_the_last_is_the_last(see):
    at = learned(see, "check", quiz_at="100", quiz_count="2")
    assert any("Question 2 of 2" in text for text in texts(at))


def test_new_numbers_are_another_seed_in_the_link(see):
    at = learned(see, "check", quiz_at="3")
    see.press(at, "New numbers")
    seed = int(see.link(at)["quiz_seed"])
    assert see.link(at)["quiz_at"] == "1"
    assert f"--seed {seed} " in at.code[0].value


@pytest.mark.parametrize("step", ["inverted", "timing", "check"])
def test_the_step_is_in_korean(see, step):
    at = learned(see, step, language="ko")
    assert not at.exception
    words = [text for text in (*texts(at), *see.captions(at)) if re.search(r"[a-z]{4,} [a-z]{3,} [a-z]{3,}", text)]
    assert words == []


@pytest.mark.parametrize("step", ["inverted", "timing", "check"])
@pytest.mark.parametrize(
    "link",
    [
        {"dk": "11", "m": "2048", "n": "2048", "df": "224", "expansion": "10"},
        {"dk": "1", "m": "1", "n": "1", "df": "1", "stride": "4", "expansion": "1"},
        {"m": "1", "n": "3", "expansion": "1.5", "relu_n": "30", "relu_seed": "999999"},
        {"quiz_seed": "999999999", "quiz_count": "100", "quiz_at": "100"},
    ],
    ids=str,
)
def test_the_ends_of_every_slider_are_no_raw_error(see, step, link):
    at = learned(see, step, **link)
    assert not at.exception


def test_every_preset_of_the_sidebar_can_stand_beside_the_lesson(see):
    at = learned(see, "timing")
    see.preset(at).set_value(next(iter(PRESETS))).run()
    assert not at.exception


def test_the_lesson_never_imports_torch_into_the_server():
    code = (
        "import sys\nfrom streamlit.testing.v1 import AppTest\n"
        "at = AppTest.from_file('app.py', default_timeout=100)\n"
        "at.query_params.update(step='timing', alpha='0.25', resolution='32')\n"
        "at.run().switch_page('pages/learn.py').run()\n"
        "at.button(key='measure').click().run()\n"
        "assert len(at.dataframe) == 1\n"
        "for step in ('inverted', 'check'):\n    at.button_group(key='step').set_value(step).run()\n"
        "print(sorted({'torch', 'fvcore'} & set(sys.modules)), list(at.exception))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=200, cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, "[] []\n"), done.stderr


HOSTILE = {
    ("check", "number_input", "quiz_seed"): [-1, 10**9, 10**30],
    ("check", "number_input", "quiz_count"): [0, 101, -5],
    ("inverted", "slider", "relu_n"): [1, 31, 10**9, -2],
    ("inverted", "slider", "expansion"): [float("nan"), 0.0, 1e9, -1.0],
}


@pytest.mark.parametrize(("step", "kind", "key"), HOSTILE)
def test_a_value_no_browser_sends_is_no_raw_error_and_never_in_the_link(see, step, kind, key):
    at = learned(see, step)
    for value in HOSTILE[step, kind, key]:
        getattr(at, kind)(key=key).set_value(value).run()
        assert not at.exception
        assert decode(see.link(at))[1] == []
