"""Designs side by side: exact totals, ratios, the best, and accuracies with how they were had."""

import json
from dataclasses import replace

import pytest

import analysis
from analysis.comparison.cells import lines_of, ratio_text
from analysis.comparison.compared import COMPUTED
from analysis.comparison.text import comparison_csv, comparison_facts, comparison_markdown, comparison_text, diff_csv
from analysis.cost.counted.references import counted_reference

WORDS = ("mobilenet_v2", "mobilenet_v1", "mobilenet_v2@alpha=0.55,resolution=160", "googlenet", "resnet50")


@pytest.fixture(scope="module")
def compared():
    return analysis.compare(*WORDS)


def test_totals_are_the_library_s_to_the_integer(compared):
    for entry in compared.entries:
        totals = analysis.totals(entry.subject)
        assert {name: entry.values[name] for name in COMPUTED} == {name: totals[name] for name in COMPUTED}


def test_ratios_are_against_the_first(compared):
    frame = compared.to_frame().set_index("design")
    assert frame.loc["A", "mult_adds_ratio"] == 1
    assert frame.loc["B", "mult_adds_ratio"] == 568_740_352 / 300_774_272
    assert frame.loc["B", "params_ratio"] == 4_231_976 / 3_504_872


# MobileNetV2's release notes and V1's; V1's Table 8 prints GoogLeNet's 69.8 %
ACCURACIES = {"A": ("top1", 71.8), "B": ("top1", 70.9), "C": ("predicted_top1", None), "D": ("top1", 69.8)}


def test_measured_and_predicted_accuracies_stand_apart(compared):
    for letter, (name, value) in ACCURACIES.items():
        entry = compared.at(letter)
        assert {"top1", "predicted_top1"} & set(entry.values) == {name}
        assert value is None or entry.values[name] == value
    low, high = compared.at("C").interval
    assert low < compared.at("C").values["predicted_top1"] < high
    assert compared.at("E").accuracy == "no accuracy known: none of the papers here prints one"


def test_printed_costs_are_the_papers_beside_the_computed(compared):
    assert compared.at("A").values["printed_million_mult_adds"] == 300
    assert compared.at("D").values["printed_million_mult_adds"] == 1550
    assert "printed_million_mult_adds" not in compared.at("C").values


def test_the_best_is_the_least_cost_and_the_highest_accuracy(compared):
    assert compared.best("mult_adds") == {"C"}
    assert compared.best("top1") == {"A"}
    assert compared.best("layers") == set()


def test_equals_share_the_best_place_and_all_equal_have_none():
    same = analysis.compare("mobilenet_v2", "mobilenet_v2@resolution=160", "mobilenet_v2@resolution=160")
    assert same.best("mult_adds") == {"B", "C"}
    assert same.best("params") == set()


def test_cells_are_exact_and_say_the_ratio_and_the_change(compared):
    lines = {(line.label, line.origin): line.cells for line in lines_of(compared)}
    cells = lines["Mult-Adds", "computed"]
    assert [cell.text for cell in cells[:2]] == ["300,774,272", "568,740,352"]
    assert [cell.against for cell in cells[:2]] == ["reference", "×1.89, +89.1 %"]
    assert [cell.best for cell in cells] == [False, False, True, False, False]
    assert lines["ImageNet top-1", "measured"][1].against == "-0.9 points"
    assert lines["Mult-Adds", "printed"][3].text == "1,550 M"
    assert max(cell.share for cell in cells) == 1
    assert cells[0].share == 300_774_272 / 3_857_973_248


RATIOS = {1.0: "×1.00", 0.529: "×0.53", 12.826: "×12.83", 1183.4: "×1,183", 0.0021: "×0.0021"}


@pytest.mark.parametrize("ratio", RATIOS)
def test_a_ratio_is_written_short(ratio):
    assert ratio_text(ratio) == RATIOS[ratio]


def test_sizes_follow_the_number_format():
    small = analysis.compare("mobilenet_v2", "mobilenet_v1", number_format="int8")
    assert small.entries[0].values["weight_bytes"] == 3_504_872
    assert "Weight size (int8)" in comparison_text(small)


def test_v1_s_other_training_has_its_own_accuracies():
    tops = {
        year: analysis.compare("mobilenet_v1", "resnet50", training=year).entries[0].values["top1"]
        for year in ("2017", "2018")
    }
    assert tops["2018"] == 70.9
    assert tops["2017"] != tops["2018"]


@pytest.mark.parametrize("words", [(), ("mobilenet_v2",), ("mobilenet_v2",) * 7])
def test_two_to_six_are_compared(words):
    with pytest.raises(ValueError, match=f"2 to 6 networks, got {len(words)}"):
        analysis.compare(*words)


def test_a_letter_that_is_not_there_is_named(compared):
    with pytest.raises(ValueError, match="must be one of A, B, C, D, E, got F"):
        compared.diff("A", "F")


def test_json_is_plain_and_complete(compared):
    facts = json.loads(json.dumps(comparison_facts(compared)))
    assert [design["word"] for design in facts["designs"]] == list(WORDS)
    assert facts["designs"][1]["ratios"]["mult_adds"] == 568_740_352 / 300_774_272
    assert facts["designs"][4]["top1"] is None


def test_csv_has_a_line_a_design_and_a_diff_a_line_a_row(compared):
    assert comparison_csv(compared).decode().count("\n") == 6
    diff = compared.diff("A", "C")
    assert diff_csv(diff).decode().count("\n") == len(diff.rows) + 1


def test_markdown_is_a_table_and_names_stay_text(compared):
    text = comparison_markdown(compared)
    assert "| Mult-Adds, computed" in text
    assert r"mobilenet\_v2@alpha=0.55" in text


def test_a_notebook_shows_the_totals(compared):
    assert "300,774,272" in compared._repr_html_()


def test_a_network_without_a_cost_is_nothing_to_divide_by():
    nothing = replace(counted_reference("alexnet"), layers=(), peak_elements=0, peak_unfused_elements=0)
    found = analysis.compare(nothing, "mobilenet_v2")
    assert found.ratio(found.entries[1], "mult_adds") is None
    assert lines_of(found)[0].cells[1].against == ""
    assert b"300,774,272" in found.report()
    assert "+300.8 M Mult-Adds;" in found.diff().summary()
