"""``multadds compare`` as its users run it."""

import csv
import io
import json
import shlex
from dataclasses import replace
from functools import partial

import pytest

import analysis
from analysis.exchange.onnx_out import onnx_bytes
from analysis.networks import CATALOGUE
from analysis.networks.files.write import write_network


@pytest.fixture
def run(run):
    return partial(run, "compare")


def test_totals_stand_side_by_side_with_ratios_and_the_best_marked(run):
    status, out, err = run("mobilenet_v1", "mobilenet_v2@alpha=0.5,resolution=160")
    text = out.decode()
    count = analysis.totals("mobilenet_v2", alpha=0.5, resolution=160).mult_adds
    assert (status, err) == (0, "")
    lines = [line.split() for line in text.splitlines()]
    at = lines.index(["Mult-Adds,", "computed", "568,740,352", f"{count:,}*"])
    ratio = count / 568_740_352
    assert lines[at + 1] == ["reference", f"×{ratio:.2g},", f"-{100 - 100 * ratio:.1f}", "%"]
    assert "A  1.0 MobileNet-224 (mobilenet_v1): top-1 70.9 %" in text


def test_json_is_the_library_s(run):
    words = ("0.50 MobileNetV2-160", "resnet50")
    read = json.loads(run(*words, "--json", "--number-format", "int8")[1])
    assert [design["mult_adds"] for design in read["designs"]] == [
        analysis.totals("mobilenet_v2", alpha=0.5, resolution=160).mult_adds,
        analysis.totals("resnet50").mult_adds,
    ]
    assert read["designs"][1]["weight_bytes"] == analysis.totals("resnet50").params


def test_a_diff_as_csv_sums_to_the_difference(run):
    status, out, _ = run("mobilenet_v2", "mobilenet_v1", "resnet50", "--diff", "--pair", "ac", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out.decode())))
    change = analysis.totals("resnet50").mult_adds - analysis.totals("mobilenet_v2").mult_adds
    assert (status, sum(int(row["mult_adds_change"]) for row in rows)) == (0, change)
    assert {row["second"] for row in rows} == {"resnet50"}


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_diff_begins_with_its_sentence_in_every_format(run, form):
    out = run("mobilenet_v2", "mobilenet_v2@t=4", "--diff", "--format", form)[1].decode()
    summary = analysis.compare("mobilenet_v2", "mobilenet_v2@t=4").diff().summary()
    assert (json.loads(out)["summary"] if form == "json" else out.splitlines()[0]) == summary


def test_equal_networks_have_an_empty_diff(run):
    assert run("mobilenet_v2", "mobilenet_v2", "--diff")[1].decode() == (
        "A → B: 54 layers the same. equal Mult-Adds; equal parameters.\n"
    )


def test_the_report_is_written_whole_and_its_command_writes_it_again(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, _, err = run("mobilenet_v1", "mobilenet_v2@alpha=0.5", "--report", "comparison.html", "--pair", "BA")
    first = (tmp_path / "comparison.html").read_bytes()
    assert (status, err) == (0, "multadds: wrote comparison.html\n")
    line = next(line for line in first.decode().splitlines() if "multadds compare " in line)
    command = line.removeprefix("<pre><code>").removesuffix("</code></pre>")
    (tmp_path / "comparison.html").unlink()
    assert run(*shlex.split(command)[2:])[0] == 0
    assert (tmp_path / "comparison.html").read_bytes() == first


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder with MobileNetV2 as a file of rows and as an ONNX file."""
    monkeypatch.chdir(tmp_path)
    v2 = replace(CATALOGUE["mobilenet_v2"], name="mine", label="Mine")
    (tmp_path / "mine.yaml").write_text(write_network(v2))
    (tmp_path / "net.onnx").write_bytes(onnx_bytes(analysis.make_design("mobilenet_v2"), batch=1))


def test_an_export_is_layer_for_layer_the_network_it_is_of_though_it_names_none_alike(run, files):
    status, out, _ = run("mobilenet_v2", "net.onnx", "--diff", "--json")
    layers = json.loads(out)["layers"]
    weighted = [layer for layer in layers if layer["second_mult_adds"] or layer["first_mult_adds"]]
    assert (status, len(weighted)) == (0, 53)
    assert all(layer["mult_adds_change"] == 0 and layer["first_layer"] for layer in weighted)


def test_own_rows_take_options_behind_the_at_and_the_report_s_command_names_their_file(run, files, tmp_path):
    status, out, _ = run("mobilenet_v2@alpha=0.5", "mine.yaml@alpha=0.5", "--diff", "--report", "r.html")
    assert (status, out.decode()) == (0, "A → B: 54 layers the same. equal Mult-Adds; equal parameters.\n")
    assert "multadds compare mobilenet_v2@alpha=0.5 mine.yaml@alpha=0.5" in (tmp_path / "r.html").read_text()


WRONG = {
    "mobilenet_v2": "a comparison takes 2 to 6 networks, got 1",
    "mobilenet_v2 " * 7: "a comparison takes 2 to 6 networks, got 7",
    "mobilenet_v2 nothing": "network must be one of",
    "mobilenet_v2 nothing.onnx": "nothing.onnx: no such file",
    "mobilenet_v2 nothing.yaml": "nothing.yaml",
    "mobilenet_v2 mobilenet_v1@t=3": "mobilenet_v1 has no expansion factor t, got t=3",
    "mobilenet_v2 mobilenet_v1@width=3": "options must be like alpha=0.5,resolution=160 of",
    "resnet50 resnet50@alpha=0.5": "ResNet-50 is not made of rows and takes no alpha",
    "mobilenet_v2 resnet50 --pair AC": "a design must be one of A, B, got C",
    "mobilenet_v2 resnet50 --pair ABC": "pair must be two letters such as AB, got ABC",
    "mobilenet_v2 resnet50 --format pdf": "format must be one of text, csv, markdown, json, got pdf",
    "mobilenet_v2 resnet50 --format csv --json": "give format csv or json, not both",
    "mobilenet_v2 resnet50 --training 2019": "training must be one of 2018, 2017, got 2019",
    "mobilenet_v2 resnet50 --number-format int4": "number format must be one of",
    "mobilenet_v2 resnet50 --report -": "report must be a file",
    "mobilenet_v2 resnet50 --report /nowhere/at/all.html": "a folder that exists",
    "mobilenet_v2 mobilenet_v2@alpha=1000,resolution=65536,t=1000": "over the int64 limit",
}


@pytest.mark.parametrize("words", WRONG)
def test_what_cannot_be_done_is_one_line_and_status_2(run, words):
    status, out, err = run(*words.split())
    assert (status, out, err.count("\n")) == (2, b"", 1)
    assert WRONG[words] in err


def test_a_module_of_the_user_s_own_takes_its_input_behind_the_at(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    layers = "nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 4, 1)"
    source = f"from torch import nn\n\ndef make():\n    return nn.Sequential({layers})\n"
    (tmp_path / "own_nets.py").write_text(source)
    words = ("own_nets:make@input=1x3x10x10", "own_nets:make@input=1x3x20x20")
    status, out, err = run(*words, "--json")
    designs = json.loads(out)["designs"]
    assert (status, err) == (0, "")
    assert [design["mult_adds"] for design in designs] == [64 * (216 + 32), 324 * (216 + 32)]
    assert [design["word"] for design in designs] == list(words)


def test_sizes_that_a_file_leaves_open_are_asked_for_in_this_command_s_own_way(run, files, tmp_path):
    (tmp_path / "open.onnx").write_bytes(with_open_sizes((tmp_path / "net.onnx").read_bytes()))
    status, _, err = run("mobilenet_v2", "open.onnx")
    assert (status, "--input" in err, "@input=height=224" in err) == (2, False, True)
    assert run("mobilenet_v2", "open.onnx@input=height=224,input=width=224", "--json")[0] == 0


def with_open_sizes(data):
    import onnx

    model = onnx.load_from_string(data)
    for number, name in ((2, "height"), (3, "width")):
        model.graph.input[0].type.tensor_type.shape.dim[number].dim_param = name
    del model.graph.value_info[:]
    return model.SerializeToString()
