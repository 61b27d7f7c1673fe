"""The page Search: every control, what binds, wrong budgets, and one click to a found design."""

import json
import shlex

import pytest

import analysis
from analysis import cli
from analysis.tradeoff.search.budgets import NAMED, OBJECTIVES

ASKED = {"max_mult_adds": "100M", "max_peak_memory": "2 MB"}


def searched(see, **link):
    return see.open(**link).switch_page(see.search).run()


def best(at):
    """The sentence of the winner; ``None`` where nothing fits."""
    return next((text.value for text in at.markdown if "**Best by " in text.value), None)


def rows(at):
    return at.dataframe[0].value


def binding(at):
    return next(text.value for text in at.markdown if " bind" in text.value)


def titled(see, at, name):
    return [trace["name"] for trace in see.chart(at, "search") if trace["name"].startswith(name)]


def test_the_first_view_shows_what_the_library_finds(see):
    at = searched(see)
    found = analysis.search("mobilenet_v2", **ASKED)
    result = found.results[0]
    assert result.design.label in best(at)
    assert f"predicted top-1 {result.prediction.top1:.1f} %" in best(at)
    assert list(rows(at)["label"]) == [result.design.label for result in found.results]
    assert list(rows(at)["mult_adds"]) == [result.totals.mult_adds for result in found.results]
    assert binding(at).startswith("Mult-Adds and peak memory bind at 128 px: 129 px needs ")
    assert f"{found.looked_at:,} designs looked at" in see.captions(at)[-3]


BOXES = {
    "max_mult_adds": ("50 M", "mult_adds", 50_000_000),
    "max_params": ("1,700,000", "params", 1_700_000),
    "max_peak_memory": ("1MiB", "peak_activation_bytes", 2**20),
    "max_weight_size": ("7 MB", "weight_bytes", 7_000_000),
}


@pytest.mark.parametrize("name", BOXES)
def test_a_budget_bounds_its_total_and_is_in_the_link(see, name):
    text, total, limit = BOXES[name]
    at = searched(see)
    at.text_input(key=name).set_value(text).run()
    assert rows(at)[total].max() <= limit
    assert see.link(at)[name] == text
    again = searched(see, **see.link(at))
    assert list(rows(again)["label"]) == list(rows(at)["label"])


def test_the_current_design_is_held_against_the_budgets(see):
    at = searched(see)
    sentence = "The current design, **1.0 MobileNetV2-224**, needs "
    own = next(text.value for text in at.markdown if text.value.startswith("The current design"))
    assert own == f"{sentence}300.8 M of 100.0 M Mult-Adds and 6.021 MB of 2.000 MB peak memory."
    see.press(at, "Use this design")
    assert "The current design, **1.0 MobileNetV2-128**, keeps every budget." in [text.value for text in at.markdown]


def test_an_empty_budget_is_none(see):
    at = searched(see)
    for name in ASKED:
        at.text_input(key=name).set_value("").run()
    assert "1.4 MobileNetV2-224" in best(at)
    assert binding(at) == "No budget was given, so none binds."


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("max_mult_adds", "300 MB", "`Mult-Adds must be a count such as 300M, got '300 MB'`. This budget is ignored."),
        (
            "max_peak_memory",
            "512K",
            "`Peak memory must be a size such as 1.5MB or 512KiB, got '512K'`. This budget is i",
        ),
        ("max_params", "-1", "`Parameters must be > 0, got '-1'`. This budget is ignored."),
        (
            "max_weight_size",
            "<b>x",
            "`Weight size must be a size such as 1.5MB or 512KiB, got '<b>x'`. This budget is i",
        ),
    ],
)
def test_a_budget_that_cannot_be_read_is_one_sentence_and_ignored(see, name, text, sentence):
    at = searched(see)
    at.text_input(key=name).set_value(text).run()
    assert [error.value[: len(sentence)] for error in at.error] == [sentence]
    others = {other: value for other, value in ASKED.items() if other != name}
    expected = analysis.search("mobilenet_v2", **others).results[0]
    assert expected.design.label in best(at)


def test_a_budget_longer_than_its_box_is_cut(see):
    at = searched(see)
    at.text_input(key="max_mult_adds").set_value("9" * 100).run()
    assert not at.exception
    assert see.link(at)["max_mult_adds"] == "9" * 40
    assert [error.value[:26] for error in at.error] == ["`Mult-Adds must be at most"]


def test_the_resolutions_searched_are_bounded(see):
    at = searched(see)
    at.number_input(key="min_px").set_value(150).run()
    at.number_input(key="max_px").set_value(170).run()
    assert all(150 <= int(label.rpartition("-")[2].partition(",")[0]) <= 170 for label in rows(at)["label"])
    assert {"min_px": "150", "max_px": "170"}.items() <= see.link(at).items()


def test_bounds_that_cross_are_one_sentence(see):
    at = searched(see, min_px="300", max_px="200")
    sentence = "“Least resolution” must be at most “Most resolution”, got 300 and 200"
    assert [error.value for error in at.error] == [sentence]
    assert not at.exception


def test_a_bound_beyond_the_slider_says_how_far_it_reaches(see):
    at = searched(see, max_px="400")
    assert "ρ reaches 32 to 320 px." in see.captions(at)
    assert "every pixel from 32 to 320" in see.captions(at)[-3]
    at.number_input(key="max_px").set_value(300).run()
    assert "ρ reaches 32 to 320 px." not in see.captions(at)


def test_t_as_set_is_searched_alone(see):
    at = searched(see, t="4")
    at.button_group(key="search_t").set_value("as set").run()
    assert "every checkpoint was trained with t = 6, not 4" in best(at)
    assert all(label.endswith("t = 4") for label in rows(at)["label"])
    assert "--t 4" in at.code[0].value


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_an_objective_ranks(see, objective):
    at = searched(see)
    at.selectbox(key="objective").set_value(objective).run()
    assert f"Best by {OBJECTIVES[objective]}: " in best(at)
    first = analysis.search("mobilenet_v2", objective=objective, **ASKED).results[0]
    assert rows(at)["label"].iloc[0] == first.design.label
    assert see.link(at)["objective"] == objective


def test_the_training_of_v1_changes_its_accuracies(see):
    at = searched(see, network="mobilenet_v1")
    before = list(rows(at)["predicted_top1_percent"])
    at.button_group(key="training").set_value("2017").run()
    assert list(rows(at)["predicted_top1_percent"]) != before
    assert "--training 2017" in at.code[0].value


@pytest.mark.parametrize("name", NAMED)
def test_a_named_set_of_budgets_fills_the_boxes_and_the_format(see, name):
    at = see.press(searched(see, max_params="1M"), name)
    assert at.selectbox(key="format").value == NAMED[name]["format"]
    boxes = ("max_mult_adds", "max_params", "max_peak_memory", "max_weight_size")
    assert [at.text_input(key=box).value for box in boxes] == [NAMED[name].get(box, "") for box in boxes]
    assert best(at)


def test_no_budgets_empties_the_boxes(see):
    at = see.press(searched(see), "No budgets")
    assert [box.value for box in at.text_input] == ["", "", "", ""]


def test_the_number_format_of_the_sidebar_sizes_the_budgets(see):
    at = searched(see)
    before = rows(at)["mult_adds"].max()
    at.selectbox(key="format").set_value("int8").run()
    assert "--format int8" in at.code[0].value
    assert rows(at)["peak_activation_bytes"].max() <= 2_000_000
    assert rows(at)["mult_adds"].max() >= before


def test_one_click_makes_the_best_design_the_current_one_on_every_page(see):
    at = searched(see, max_mult_adds="60M", max_peak_memory="1MB")
    label = rows(at)["label"].iloc[0]
    see.press(at, "Use this design")
    assert label in titled(see, at, "You are here")[0]
    assert next(button for button in at.button if button.label == "Use this design").disabled
    at.switch_page(see.explore).run()
    assert at.markdown[0].value == f"## {label}"


def test_nothing_fits_is_said_with_the_misses_and_the_closest_may_be_used(see):
    at = searched(see, max_mult_adds="60M", max_peak_memory="5kB", format="int8")
    found = analysis.search("mobilenet_v2", max_mult_adds="60M", max_peak_memory="5kB", number_format="int8")
    sentence = f"**None of the {found.looked_at:,} designs keeps every budget.**"
    assert any(text.value.endswith(sentence) for text in at.markdown)
    misses = next(text.value for text in at.markdown if text.value.startswith("- "))
    assert "Mult-Adds: " in misses
    assert "Peak memory: " in misses
    assert misses.endswith(" over")
    assert not at.dataframe
    see.press(at, "Use the closest design")
    at.switch_page(see.explore).run()
    assert at.markdown[0].value == f"## {found.closest.design.label}"


def test_one_click_loosens_the_missed_budgets_to_what_the_closest_design_needs(see):
    at = searched(see, max_mult_adds="60M", max_peak_memory="5kB", format="int8")
    see.press(at, "Loosen the budgets to fit it")
    needs = analysis.totals("mobilenet_v2", alpha=0.25, resolution=32, t=1, number_format="int8").peak_activation_bytes
    assert (at.text_input(key="max_mult_adds").value, at.text_input(key="max_peak_memory").value) == ("60M", "6KiB")
    assert needs == 6 * 1024
    assert set(rows(at)["peak_activation_bytes"]) == {needs}


def test_the_chart_marks_the_best_the_current_design_and_checkpoints_within_and_over(see):
    at = searched(see)
    traces = {trace["name"]: trace for trace in see.chart(at, "search")}
    fit = next(trace for name, trace in traces.items() if name.startswith("Checkpoints that fit"))
    over = next(trace for name, trace in traces.items() if name.startswith("Checkpoints that do not"))
    assert len(see.values(fit["x"])) + len(see.values(over["x"])) == 22
    assert max(see.values(fit["x"])) <= 2 < max(see.values(over["x"]))
    assert titled(see, at, "Best: 1.0 MobileNetV2-128")
    assert titled(see, at, "You are here: 1.0 MobileNetV2-224")
    assert titled(see, at, "Peak memory budget")


@pytest.mark.parametrize("network", list(analysis.networks()))
def test_every_network_can_be_searched(see, network):
    at = searched(see, network=network)
    assert not at.exception
    assert len(rows(at)) == 10
    assert f"multadds search {network} " in at.code[0].value


@pytest.mark.parametrize(
    "link",
    [
        {"base": "60x120", "channels": "1", "classes": "5", "max_mult_adds": "6M"},
        {"base": "1024", "network": "mobilenet_v1_full_conv", "max_mult_adds": "", "max_peak_memory": ""},
        {"base": "32x1024", "resolution": "32x1024"},
        {"classes": "1000000", "max_weight_size": "2GB"},
        {"min_px": "1463"},
    ],
    ids=str,
)
def test_an_extreme_search_is_no_raw_error(see, link):
    at = searched(see, **link)
    assert not at.exception
    assert best(at) or at.error or any("None of the " in text.value for text in at.markdown)


def test_a_found_design_of_an_oblong_input_keeps_its_base(see):
    at = see.press(searched(see, base="60x120", channels="1", max_mult_adds="6M"), "Use this design")
    assert not at.exception
    assert see.link(at)["base"] == "60x120"


def test_the_command_line_beneath_finds_the_same(see, capfdbinary):
    at = searched(see, network="mobilenet_v1", format="float16", max_peak_memory="700kB", min_px="64")
    with pytest.raises(SystemExit):
        cli.main([*shlex.split(at.code[0].value)[1:], "--json"])
    read = json.loads(capfdbinary.readouterr().out)
    assert [row["label"] for row in read["results"]] == list(rows(at)["label"])
