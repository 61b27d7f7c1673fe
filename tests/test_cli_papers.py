"""``multadds papers``: rows as JSON, CSV and text, filters, and what there is not."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest

from analysis.papers import COLUMNS, chosen_cells, summary
from tests.helpers import ROOT, process


def run(*words):
    return process("papers", *words)


def rows(*words):
    done = run(*words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_json_rows_hold_every_cell_with_its_columns():
    every = rows()
    assert all(list(row) == list(COLUMNS) for row in every)
    assert every == [cell.facts() for cell in chosen_cells()]


def test_a_table_of_a_paper():
    found = rows("--paper", "v1", "--table", "12")
    assert {(row["paper"], row["table"]) for row in found} == {("v1", 12)}
    narrow = next(row for row in found if row["row"] == "0.25 MobileNet-224" and row["quantity"] == "million_mult_adds")
    assert (narrow["printed"], narrow["computed"], narrow["verdict"]) == ("45", 41.030272, "explained")
    assert "46,248,576" in narrow["explanation"]
    assert narrow["source"] == "arXiv:1704.04861v1, Table 12"


def test_a_table_number_alone_is_that_table_of_every_paper():
    assert {row["paper"] for row in rows("--table", "4")} == {"v1", "v2"}


def test_figures_without_a_table_have_none():
    assert {row["table"] for row in rows("--paper", "pd")} == {None}


def test_a_verdict_alone():
    assert {row["verdict"] for row in rows("--verdict", "open")} == {"open"}


def test_text_is_aligned_and_ends_with_a_summary():
    done = run("--paper", "v1", "--table", "7")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["paper", "table", "row", "quantity", "printed", "computed", "verdict"]
    assert lines[-1] == summary(chosen_cells(paper="v1", table=7))
    assert lines[-1] == "8 cells: 7 reproduced, 1 explained, 0 open"
    assert all(line.index("1.0 MobileNet") == lines[2].index("1.0 MobileNet") for line in lines[2:-2])


def test_explain_prints_the_arithmetic_of_each_cell():
    text = run("--paper", "v1", "--table", "4", "--explain").stdout
    assert "Conv MobileNet" in text
    assert "4,867,293,184" in text
    assert "4,866 million" in text


def test_csv_is_read_back():
    done = run("--paper", "v2", "--table", "4", "--csv")
    found = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["printed"] for row in found] == [cell.printed for cell in chosen_cells(paper="v2", table=4)]
    assert list(found[0]) == list(COLUMNS)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--paper", "v9"], "multadds: paper must be one of v1, v2, v3, pd, got v9"),
        (["--table", "99"], "multadds: table must be one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, got 99"),
        (["--paper", "v2", "--table", "14"], "multadds: table of v2 must be one of 2, 3, 4, 5, 6, 7, got 14"),
        (["--table", "x"], "multadds: table must be a whole number, got x"),
        (["--table", "0"], "multadds: table must be at least 1, got 0"),
        (["--verdict", "x"], "multadds: verdict must be one of reproduced, explained, open, got x"),
        (["--csv", "--json"], "multadds: give csv or json, not both"),
    ],
)
def test_what_there_is_not_is_one_clear_line(words, message):
    done = run(*words)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (2, "", message)


def test_the_command_needs_no_torch():
    code = (
        "from analysis.papers import chosen_cells; chosen_cells()\n"
        "import sys; print(*sorted({'torch', 'fvcore', 'streamlit', 'plotly'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
