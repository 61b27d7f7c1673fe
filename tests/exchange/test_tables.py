"""Every format, read back by the reader that its users have."""

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import datetime

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import torch

import analysis
from analysis.api import with_fvcore
from analysis.exchange.formats import FORMATS, format_of
from analysis.exchange.identity import parse_rounding, rebuild_command
from analysis.exchange.tables import export_table, file_name
from analysis.version import VERSION

IDENTITY = {
    "network": "mobilenet_v2",
    "alpha": 0.75,
    "rho": 160 / 224,
    "t": 6.0,
    "resolution": "160",
    "classes": 1000,
    "in_channels": 3,
    "convention": "papers",
    "unit": "Mult-Adds",
    "number_format": "float32",
    "version": VERSION,
}
TOTALS = {"mult_adds": 107_295_200, "params": 2_636_424, "weight_bytes": 10_545_696}


def layers(**options):
    return analysis.layer_table("mobilenet_v2", **({"alpha": 0.75, "resolution": 160} | options))


def integers(table):
    return table.select_dtypes("integer")


def audited(table):
    """The table as an audit that skipped its second layer would leave it."""
    counts = dict(zip(table["layer"], map(int, table["mult_adds"]), strict=True))
    del counts["bottleneck2.dw"]
    return with_fvcore(table, analysis.Audit(0, 0, layers=counts))


def test_csv_is_read_by_pandas_as_it_is():
    table = layers()
    read = pd.read_csv(io.BytesIO(export_table(table, "csv")), float_precision="round_trip")
    pd.testing.assert_frame_equal(read[table.columns], table, check_dtype=False)
    pd.testing.assert_frame_equal(integers(read[table.columns]), integers(table))


def test_csv_names_its_design_in_every_line():
    read = pd.read_csv(
        io.BytesIO(export_table(layers(), "csv")), dtype={"resolution": str}, float_precision="round_trip"
    )
    for name, value in IDENTITY.items():
        column = "design_in_channels" if name == "in_channels" else name
        assert read[column].unique().tolist() == [value], name


def test_csv_has_plain_lines_and_no_column_twice():
    lines = export_table(layers(), "csv").decode("utf-8").split("\n")
    names = lines[0].split(",")
    assert names[0] == "layer"
    assert len(set(names)) == len(names)
    assert (len(lines), lines[-1]) == (len(layers()) + 2, "")
    assert "\r" not in "".join(lines)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.org")'])
def test_text_is_never_a_formula(text):
    table = layers()
    table.loc[0, "layer"] = text
    assert pd.read_csv(io.BytesIO(export_table(table, "csv")))["layer"][0] == f"'{text}"
    cell = openpyxl.load_workbook(io.BytesIO(export_table(table, "xlsx")))["layers"]["A2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_xlsx_is_read_by_pandas_as_it_is():
    table = layers()
    read = pd.read_excel(io.BytesIO(export_table(table, "xlsx")))
    assert list(read.columns) == list(table.columns)
    pd.testing.assert_frame_equal(integers(read), integers(table))
    assert read["formula"].tolist() == table["formula"].tolist()
    assert read["mult_adds_share"].tolist() == pytest.approx(table["mult_adds_share"].tolist(), rel=1e-15)


def test_xlsx_has_a_sheet_that_names_its_design():
    design = pd.read_excel(io.BytesIO(export_table(layers(), "xlsx")), sheet_name="design", index_col="name")["value"]
    command = "multadds table mobilenet_v2 --alpha 0.75 --resolution 160 --t 6 --out mobilenet_v2_a0.75_160_t6.xlsx"
    assert design.to_dict() == IDENTITY | {"command": command}


def test_xlsx_is_ready_to_filter():
    sheet = openpyxl.load_workbook(io.BytesIO(export_table(layers(), "xlsx")))["layers"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:U55")
    formats = {column[0].value: column[1].number_format for column in sheet.columns}
    assert (formats["mult_adds"], formats["params_share"], formats["layer"]) == ("#,##0", "0.00 %", "General")


@pytest.mark.parametrize(
    ("count", "cell"), [(10**15 - 1, 10**15 - 1), (10**15, str(10**15)), (2**62 + 1, str(2**62 + 1))]
)
def test_xlsx_keeps_every_digit(count, cell):
    table = layers().assign(mult_adds=count)
    sheet = openpyxl.load_workbook(io.BytesIO(export_table(table, "xlsx")))["layers"]
    assert sheet.cell(2, table.columns.get_loc("mult_adds") + 1).value == cell


def test_parquet_is_the_table():
    table = audited(layers())
    content = export_table(table, "parquet")
    read = pd.read_parquet(io.BytesIO(content))
    pd.testing.assert_frame_equal(read, table)
    assert read.attrs == table.attrs
    design = json.loads(pq.read_schema(io.BytesIO(content)).metadata[b"multadds"])
    assert design.pop("command").endswith("--audit --out mobilenet_v2_a0.75_160_t6_audit.parquet")
    assert design == IDENTITY


def test_json_holds_the_design_and_every_layer():
    table = layers()
    read = json.loads(export_table(table, "json"))
    assert read["design"].pop("command").startswith("multadds table mobilenet_v2 ")
    assert read["design"] == IDENTITY
    assert read["layers"] == table.to_dict(orient="records")


def test_json_has_null_for_what_is_missing():
    table = audited(analysis.layer_table("mobilenet_v2", resolution="60x120"))
    content = export_table(table.assign(mult_adds_share=float("nan")), "json")
    read = json.loads(content, parse_constant=pytest.fail)
    assert read["design"]["rho"] is None
    assert [layer["fvcore_mult_adds"] for layer in read["layers"][:3]] == [1_555_200, None, 921_600]
    assert read["layers"][0]["mult_adds_share"] is None


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet", "json"])
def test_an_audit_is_exported_with_its_gaps(format):
    readers = {
        "csv": pd.read_csv,
        "xlsx": pd.read_excel,
        "parquet": pd.read_parquet,
        "json": lambda file: pd.DataFrame(json.load(file)["layers"]),
    }
    table = audited(layers())
    read = readers[format](io.BytesIO(export_table(table, format)))
    assert read["fvcore_mult_adds"].astype("Int64").tolist() == table["fvcore_mult_adds"].tolist()


def markdown_rows(content):
    lines = [line for line in content.decode().splitlines() if line.startswith("|")]
    return [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines if not line.startswith("|:")]


def latex_rows(content):
    lines = [line.strip().removesuffix(r" \\") for line in content.decode().splitlines() if line.endswith(r"\\")]
    return [[cell.strip().replace(r"\_", "_") for cell in line.split(" & ")] for line in lines]


@pytest.mark.parametrize(("format", "rows"), [("markdown", markdown_rows), ("latex", latex_rows)])
def test_documents_hold_exact_integers_and_their_total(format, rows):
    table = layers()
    header, *body = rows(export_table(table, format))
    assert [row[0] for row in body] == [*table["layer"], "total"]
    for name, total in TOTALS.items():
        assert [int(row[header.index(name)]) for row in body] == [*table[name], total], name


@pytest.mark.parametrize("format", ["markdown", "latex"])
def test_documents_name_their_design(format):
    table = audited(layers())
    text = export_table(table, format).decode().replace("\\", "")
    for name, value in IDENTITY.items():
        assert f"{name} {str(value).removesuffix('.0') if name != 'version' else value}" in text
    assert rebuild_command(table.attrs, format=format, audit=True) in text
    assert "fvcore_mult_adds" in text


def test_markdown_shows_a_hostile_name_as_text():
    table = layers()
    table.loc[0, "layer"] = "a|b`c`\n<img src=x>"
    row = next(line for line in export_table(table, "markdown").decode().splitlines() if "img" in line)
    assert r"a\|b\`c\` \<img src=x>" in row


def test_latex_escapes_what_pdflatex_would_run():
    table = layers()
    table.loc[0, "layer"] = "\\input{x}_50%&#$^~·×α--"
    text = export_table(table, "latex").decode()
    assert text.isascii()
    assert (
        r"\textbackslash{}input\{x\}\_50\%\&\#\$\textasciicircum{}\textasciitilde{}$\cdot$$\times$$\alpha$-{}- &"
        in text
    )


def test_latex_is_balanced():
    text = export_table(audited(layers()), "latex").decode()
    rules = [r"\toprule", r"\midrule", r"\midrule", r"\bottomrule"]
    assert re.findall(r"\\(?:top|mid|bottom)rule", text) == rules
    assert [text.count(rf"\{part}{{{name}}}") for name in ("table", "tabular") for part in ("begin", "end")] == [1] * 4
    columns = re.search(r"\{tabular\}\{@\{\}([lr]+)@\{\}\}", text)[1]
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")
    assert {line.count(" & ") for line in text.splitlines() if line.endswith(r"\\")} == {len(columns) - 1}


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_table_gives_the_same_bytes(format):
    assert export_table(layers(), format) == export_table(layers(), format)


def hashes():
    return str([hashlib.sha256(export_table(layers(), format)).hexdigest() for format in FORMATS])


def test_another_process_gives_the_same_bytes():
    code = (
        "import analysis, hashlib; from analysis.exchange.tables import FORMATS, export_table\n"
        "table = analysis.layer_table('mobilenet_v2', alpha=0.75, resolution=160)\n"
        "print([hashlib.sha256(export_table(table, format)).hexdigest() for format in FORMATS])"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert there.strip() == hashes()


def test_xlsx_does_not_hold_the_day():
    content = export_table(layers(), "xlsx")
    properties = openpyxl.load_workbook(io.BytesIO(content)).properties
    assert (properties.created, properties.modified) == (datetime(2000, 1, 1), datetime(2000, 1, 1))
    assert {entry.date_time[:3] for entry in zipfile.ZipFile(io.BytesIO(content)).infolist()} == {(1980, 1, 1)}


NAMES = [
    ({}, "mobilenet_v2_a0.75_160_t6"),
    ({"alpha": 1, "resolution": "60x120", "t": 2.5}, "mobilenet_v2_a1_60x120_t2.5"),
    ({"classes": 10, "in_channels": 1}, "mobilenet_v2_a0.75_160_t6_10classes_1ch"),
    ({"convention": "thop", "number_format": "int8"}, "mobilenet_v2_a0.75_160_t6_thop_int8"),
    ({"least_depth": 16}, "mobilenet_v2_a0.75_160_t6_divisor=8_least=16_nearest=True_keep=0.9"),
]


@pytest.mark.parametrize(("options", "stem"), NAMES)
def test_a_file_is_named_after_its_design(options, stem):
    assert file_name(layers(**options), "latex") == f"{stem}.tex"


COMMANDS = [
    ({}, "--alpha 0.75 --resolution 160 --t 6"),
    ({"resolution": None, "rho": 0.5}, "--alpha 0.75 --resolution 112 --t 6"),
    ({"classes": 10, "in_channels": 1}, "--alpha 0.75 --resolution 160 --t 6 --classes 10 --in-channels 1"),
    ({"convention": "thop"}, "--alpha 0.75 --resolution 160 --t 6 --convention thop"),
    (
        {"least_depth": 4, "alpha": 1 / 3},
        "--alpha 0.3333333333333333 --resolution 160 --t 6 --rounding divisor=8,least=4,nearest=True,keep=0.9",
    ),
]


@pytest.mark.parametrize(("options", "words"), COMMANDS)
def test_the_command_says_what_is_not_usual(options, words):
    assert rebuild_command(layers(**options).attrs) == f"multadds table mobilenet_v2 {words}"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "--alpha 1 --resolution 60x120"),
        ({"classes": 1000, "in_channels": 3}, "--alpha 1 --resolution 60x120 --classes 1000 --in-channels 3"),
    ],
)
def test_what_is_usual_is_the_networks_own(options, words):
    table = analysis.layer_table("pd_lenet", **options)
    assert rebuild_command(table.attrs) == f"multadds table pd_lenet {words}"
    assert ("1000classes_3ch" in file_name(table, "csv")) == bool(options)


def test_a_rounding_is_read_as_it_is_written():
    rounding = analysis.Rounding(divisor=4, least=2, nearest=True, keep=0.85)
    table = layers(rounding=rounding)
    words = rebuild_command(table.attrs).split("--rounding ")[1]
    assert parse_rounding(words) == rounding


@pytest.mark.parametrize(
    "text", ["", "8", "divisor=0", "keep=2", "nearest=1", "width=3", "divisor=8,", "least=8,least=9"]
)
def test_a_rounding_that_is_none(text):
    if text == "":
        assert parse_rounding(text) == analysis.Rounding()
        return
    with pytest.raises(ValueError, match=r"rounding|divisor|keep|nearest"):
        parse_rounding(text)


def test_an_unknown_format_is_refused_in_one_line():
    with pytest.raises(ValueError, match=r"^format must be one of csv, .*, latex, got docx$"):
        export_table(layers(), "docx")


def test_a_table_without_its_design_is_refused():
    with pytest.raises(ValueError, match=r"^table\.attrs must name the design"):
        export_table(pd.DataFrame({"mult_adds": [1]}), "csv")


def test_the_extension_names_the_format():
    for name, entry in FORMATS.items():
        assert format_of(f"A.B/x.{entry.extension.upper()}") == name
    with pytest.raises(ValueError, match=r"extension must be one of \.csv, .*got layers$"):
        format_of("layers")


def test_a_module_counted_in_a_notebook_names_the_line_that_counts_it():
    class Stem(torch.nn.Conv2d):
        def __init__(self):
            super().__init__(3, 8, 3)

    table = analysis.layer_table(analysis.count(Stem(), "1x3x32x32"))
    line = rebuild_command(table.attrs)
    assert line == 'analysis.layer_table(analysis.count(Stem(), "1x3x32x32"))'
    again = eval(line, {"analysis": analysis, "Stem": Stem})
    assert again.equals(table)
