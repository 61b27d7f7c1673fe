"""A user's own CSV: costs computed here, and every fault named with its row and column."""

import numpy as np
import pytest

import analysis
from analysis.tradeoff.measurement_rows import COLUMNS, MOST_BYTES, MOST_ROWS, MeasurementError
from analysis.tradeoff.measurements import TEMPLATE, read_measurements


def read(text, network="mobilenet_v2"):
    return read_measurements(text.encode() if isinstance(text, str) else text, network)


def test_the_template_reads_and_names_every_column():
    frame = read(TEMPLATE)
    assert TEMPLATE.splitlines()[0].split(",") == list(COLUMNS)
    assert frame["checkpoint"].tolist() == ["my V2 at half width", "my V2 with t = 4", "my own network"]
    assert frame["mult_adds"].tolist()[2] == 112_000_000


def test_costs_of_a_design_are_computed_here():
    row = read("name,accuracy,alpha,resolution,t\nmine,61.5,0.6,150,4").iloc[0]
    totals = analysis.totals("mobilenet_v2", alpha=0.6, resolution=150, t=4)
    assert (row["mult_adds"], row["params"]) == (totals.mult_adds, totals.params)
    assert row["width_mult_adds"] == analysis.totals("mobilenet_v2", alpha=0.6, t=4).mult_adds
    assert (row["group"], row["source"]) == ("yours", "your file")


def test_what_is_left_out_is_as_published_and_of_the_current_network():
    row = read("Name;Top-1\nmine;70", "mobilenet_v1").iloc[0]
    assert row["mult_adds"] == 568_740_352
    assert (row["network"], row["alpha"], row["resolution"]) == ("mobilenet_v1", 1.0, 224)


def test_a_network_with_mult_adds_alone_has_no_other_cost():
    row = read("name,accuracy,mult_adds,network\nmine,66,1.12e8,My net").iloc[0]
    assert (row["mult_adds"], row["family"], row["network"]) == (112_000_000, "My net", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheets_write_is_read(encoding, delimiter):
    text = 'name,accuracy,α\r\n"größe, halb",70.5,0.5\r\n\r\n'.replace(",", delimiter)
    frame = read(text.encode(encoding))
    assert frame["checkpoint"].tolist() == ["größe, halb".replace(",", delimiter)]
    assert frame["alpha"].tolist() == [0.5]


# file, what the error must say
BAD = {
    "empty": (b"", "the file is empty"),
    "blank lines": (b"\n \n", "the file is empty"),
    "header alone": (b"name,accuracy\n", "a header and no rows"),
    "no header": (b"mine,70\nother,71\n", "row 1 must be a header; it has no column name and no column accuracy"),
    "no accuracy": (b"name,alpha\nmine,1\n", "row 1 must be a header; it has no column accuracy"),
    "unknown column": (b"name,accuracy,depth\nmine,70,5\n", "row 1: 'depth' is not a column"),
    "column twice": (b"name,accuracy,alpha,width multiplier\nmine,70,1,1\n", "column alpha stands there 2 times"),
    "text in a number": (
        b"name,accuracy\na,70\nb,high\n",
        "row 3, column accuracy: accuracy must be a number, got high",
    ),
    "decimal comma": (
        b"name;accuracy\na;70,5\n",
        "row 2, column accuracy: accuracy must be a number, got 70,5 (decimals are written with a point)",
    ),
    "empty cells": (b"name,accuracy\n,70\nb,\n", "row 2, column name: empty; row 3, column accuracy: empty"),
    "over 100 %": (b"name,accuracy\na,101\n", "row 2, column accuracy: accuracy must be at most 100, got 101"),
    "a fraction": (b"name,accuracy\na,0.71\nb,0.5\n", "accuracy must be in percent"),
    "not a number": (b"name,accuracy\na,nan\n", "row 2, column accuracy: accuracy must be a number, got nan"),
    "alpha": (b"name,accuracy,alpha\na,70,-1\n", "row 2, column alpha: alpha must be > 0, got -1"),
    "resolution": (b"name,accuracy,resolution\na,70,3\n", "row 2, column resolution: resolution must be at least 32"),
    "t": (b"name,accuracy,t,network\na,70,6,mobilenet_v1\n", "row 2, column t: mobilenet_v1 has no expansion factor"),
    "network": (b"name,accuracy,network\na,70,resnet\n", "row 2, column network: must be one of mobilenet_v2"),
    "both costs": (b"name,accuracy,alpha,mult_adds\na,70,1,5\n", "row 2, column mult_adds: leave it empty where alpha"),
    "too many cells": (b"name,accuracy\na,70,1\n", "row 2: 3 cells under 2 columns"),
    "open quote": (b'name,accuracy\n"a,70\n', "not a CSV file"),
    "latin-1": ("name,accuracy\ngröße,70\n".encode("latin-1"), "row 2: the file is not UTF-8"),
    "utf-16": ("name,accuracy\na,70\n".encode("utf-16"), "not UTF-8 text; save it as CSV UTF-8"),
    "binary": (b"PK\x03\x04\0\0name,accuracy\n", "not text but binary"),
    "too many rows": (b"name,accuracy\n" + b"a,70\n" * (MOST_ROWS + 1), f"at most {MOST_ROWS:,} rows, got 2,001"),
    "200 MB": (b"a" * 200_000_000, f"at most {MOST_BYTES:,} bytes, got 200,000,000"),
    "huge cell": (b"name,accuracy\na," + b"9" * 1_000_000 + b"\n", "not a CSV file: field larger"),
    "no cost": (
        b"name,accuracy,mult_adds\na,60,0.5\n",
        "row 2, column mult_adds: mult_adds must be at least 1, got '0.5'",
    ),
    "millions left out": (
        b"name,accuracy,mult_adds\na,60,300.5\n",
        "row 2, column mult_adds: mult_adds must be at least 20,000, got 300.5 (millions are written 300M)",
    ),
    "cost of a catalogue network": (
        b"name,accuracy,network,mult_adds\na,60,MobileNetV2,3e8\n",
        "row 2, column network: leave mult_adds empty for MobileNetV2; they are computed from",
    ),
    "design of a network not in the catalogue": (
        b"name,accuracy,network,alpha\na,70,my net,0.5\n",
        "got my net; another network has mult_adds and no alpha",
    ),
    "nameless column": (b"name,accuracy,\na,70,\nb,71,good\n", "row 3, column 3: it has no name in row 1, got good"),
    "long name": (
        b"name,accuracy\n" + b"a" * 81 + b",70\n",
        "row 2, column name: must have at most 80 characters, got 81",
    ),
    "many values of t": (
        b"name,accuracy,t\n" + b"".join(b"a,70,%f\n" % (1 + n / 100) for n in range(50)),
        "at most 40 networks with a t of their own, got 50",
    ),
    "infinite": (b"name,accuracy,mult_adds\na,70,1e999\n", "row 2, column mult_adds: mult_adds must be at most"),
    "overflow": (b"name,accuracy,alpha,resolution\na,70,1000,65536\n", "row 2:"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_with_the_place(case):
    data, message = BAD[case]
    with pytest.raises(MeasurementError) as error:
        read(data)
    assert message in str(error.value)
    assert len(str(error.value)) < 1_500


def test_problems_stand_in_the_order_of_the_rows():
    with pytest.raises(MeasurementError) as error:
        read("name,accuracy,\na,x,\nb,70,stray\n,70,\nc,70,,,\n")
    assert [problem.partition(":")[0] for problem in error.value.problems] == [
        "row 2, column accuracy",
        "row 3, column 3",
        "row 4, column name",
        "row 5",
    ]


def test_rows_without_a_network_need_a_current_one_of_the_catalogue():
    with pytest.raises(MeasurementError, match=r"row 2, column network: must be one of .* got shufflenet_2x"):
        read("name,accuracy\nmine,70\n", "shufflenet_2x")
    assert read("name,accuracy,mult_adds\nmine,70,292M\n", "shufflenet_2x")["mult_adds"].tolist() == [292_000_000]


@pytest.mark.parametrize("text", ["300774272", "300,774,272", "300.774272M", "3.00774272e8", "0.300774272 G"])
def test_mult_adds_are_read_as_people_write_them(text):
    assert read(f'name,accuracy,mult_adds\nmine,70,"{text}"\n')["mult_adds"].tolist() == [300_774_272]


@pytest.mark.parametrize("name", ["mobilenet_v1", "MobileNet", "MOBILENET"])
def test_a_network_is_named_as_in_the_catalogue_or_as_in_its_paper(name):
    assert read(f"name,accuracy,network\nmine,70,{name}\n")["network"].tolist() == ["mobilenet_v1"]


@pytest.mark.parametrize("header", ["Name,Top-1 (%),Resolution (px)", "NAME,accuracy %,px", "name,Top1,resolution"])
def test_a_header_may_name_its_units(header):
    assert read(f"{header}\nmine,70,160\n")["resolution"].tolist() == [160]


def test_at_most_eight_problems_are_listed_and_the_rest_counted():
    with pytest.raises(MeasurementError) as error:
        read("name,accuracy\n" + "a,x\n" * 20)
    assert len(error.value.problems) == 9
    assert error.value.problems[-1] == "and 12 more"


def test_a_name_may_hold_any_character():
    names = ["a\u2028b", "c\x85d", "e\x0cf", "two\nlines"]
    frame = read("name,accuracy\n" + "".join(f'"{name}",70\n' for name in names))
    assert frame["checkpoint"].tolist() == names


def test_many_networks_of_one_s_own_are_one_in_the_legend():
    text = "name,accuracy,mult_adds,network\n" + "".join(f"n{n},60,{n + 1}000000,net {n}\n" for n in range(40))
    assert set(read(text)["family"]) == {"Yours"}


def test_another_t_is_another_family():
    frame = read("name,accuracy,t\na,60,6\nb,61,4\n")
    assert frame["family"].tolist() == ["MobileNetV2", "MobileNetV2, t = 4"]


@pytest.mark.parametrize("row", ["a,60,160x192,", "a,60,,3e8"])
def test_a_column_without_a_number_is_still_one_of_numbers(row):
    frame = read(f"name,accuracy,resolution,mult_adds\n{row}\n")
    assert frame["resolution"].isna().all()
    assert frame["resolution"].dtype == frame["t"].dtype == float


def test_missing_costs_are_missing_and_not_zero():
    frame = read(TEMPLATE)
    assert np.isnan(frame["params"].iloc[2])
