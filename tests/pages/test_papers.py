"""The page Papers: the cells of each filter, the arithmetic of a row, and a click to its design."""

from __future__ import annotations

import re

import pytest

from analysis.papers import PAPERS, chosen_cells, verdict_counts
from analysis.plots.papers_verdicts import VERDICT_SIGNS
from pages.shared.state import View

PAGE = "pages/papers.py"


def turned(see, **link):
    return see.open(**link).switch_page(PAGE).run()


def shown(at):
    return at.dataframe[0].value


def test_all_cells_are_listed_as_they_are_printed(see):
    table = shown(turned(see))
    cells = chosen_cells()
    assert table["Printed"].tolist() == [cell.printed for cell in cells]
    assert table["Arithmetic"].tolist() == [cell.explanation for cell in cells]


def test_the_headline_counts_each_paper(see):
    at = turned(see)
    for metric, paper in zip(at.metric, PAPERS, strict=True):
        counts = verdict_counts(chosen_cells(paper=paper))
        assert metric.value == f"{sum(counts.values()) - counts['open']} of {sum(counts.values())}"
        assert metric.delta == " · ".join(f"{VERDICT_SIGNS[name]} {count}" for name, count in counts.items())
        assert ", ".join(f"{count} {name}" for name, count in counts.items()) in metric.help


def test_a_verdict_has_a_sign_beside_its_name(see):
    assert set(shown(turned(see))["Verdict"]) == {"✓ reproduced", "≈ explained", "? open"}


def test_filters_choose_cells_and_are_in_the_link_of_this_page_alone(see):
    at = turned(see)
    at.button_group(key="paper").set_value("v2").run()
    at.selectbox(key="paper_table").set_value("3").run()
    at.button_group(key="verdict").set_value("open").run()
    assert shown(at)["Printed"].tolist() == [cell.printed for cell in chosen_cells(paper="v2", table=3, verdict="open")]
    link = {"paper": "v2", "paper_table": "3", "verdict": "open"}
    assert link.items() <= see.link(at).items()
    assert shown(turned(see, **link)).equals(shown(at))
    at.switch_page(see.explore).run()
    assert not link.keys() & see.link(at).keys()


def test_a_table_that_a_paper_lacks_counts_as_all(see):
    at = turned(see, paper="v2", paper_table="14")
    assert not at.exception
    assert len(shown(at)) == len(chosen_cells(paper="v2"))
    at.button_group(key="paper").set_value("v1").run()
    assert at.selectbox(key="paper_table").value == "14"
    assert len(shown(at)) == len(chosen_cells(paper="v1", table=14))


def test_a_choice_without_cells_says_so(see):
    at = turned(see, paper="v1", paper_table="4", verdict="open")
    assert [info.value for info in at.info] == ["No cell of that table has that verdict."]
    assert not at.dataframe


@pytest.mark.parametrize("link", [{"paper": "v9"}, {"paper_table": "99"}, {"verdict": "wrong"}])
def test_a_bad_filter_of_a_link_is_a_warning_and_a_default(see, link):
    at = see.open(**link)
    assert len(at.warning) == 1
    assert len(shown(at.switch_page(PAGE).run())) == len(chosen_cells())


def test_nothing_chosen_is_no_raw_error(see):
    at = turned(see)
    for key in ("paper", "verdict"):
        at.button_group(key=key).set_value(None).run()
        assert not at.exception


def test_every_design_of_a_cell_can_be_shown(see):
    subjects = {cell.subject for cell in chosen_cells() if cell.subject is not None}
    assert len(subjects) > 40
    for subject in subjects:
        assert View().showing(subject).subject == subject


def test_every_row_of_a_detector_opens_the_reference_network_that_was_counted():
    cells = chosen_cells(paper="v1", table=13)
    assert all(cell.subject.label.startswith(cell.row.partition(",")[0]) for cell in cells)
    assert len({cell.subject for cell in cells}) == 9


def test_the_chart_counts_every_cell(see):
    traces = see.chart(turned(see), "verdicts")
    assert sum(sum(see.values(trace["y"])) for trace in traces) == len(chosen_cells())
    assert [re.sub(r"^\W ", "", trace["name"]) for trace in traces] == ["reproduced", "explained", "open"]
