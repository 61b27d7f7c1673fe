"""Text that a spreadsheet would run as a formula is text in every CSV file."""

import io

import pandas as pd
import pytest

from analysis.exchange.cells import neutral, neutral_csv


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", '=HYPERLINK("x")']
)
def test_a_formula_becomes_text(cell):
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["0.50 MobileNet-160", "a=1", "", 5, -5, None, 0.5])
def test_anything_else_stays(cell):
    assert neutral(cell) is cell


def test_a_file_holds_neutral_text_and_plain_numbers():
    data = neutral_csv(pd.DataFrame({"name": ["=cmd|' /C calc'!A0", "größe"], "top1": [-1.5, 2.0]}))
    assert data.decode().splitlines() == ["name,top1", "'=cmd|' /C calc'!A0,-1.5", "größe,2.0"]
    assert pd.read_csv(io.BytesIO(data))["top1"].tolist() == [-1.5, 2.0]
