"""A baseline is read back as it was written, and a file that is none is refused in one sentence."""

import json

import pytest

import analysis
from analysis.cost.subjects import make_subject
from analysis.exchange.tables import export_table
from analysis.gate.baseline import baseline_bytes, read_baseline
from analysis.gate.costs import LayerCost, costs_of
from analysis.version import VERSION


def written(path, network="mobilenet_v2", number_format="float32", **options):
    subject = make_subject(network, **options)
    costs = costs_of(subject, number_format)
    path.write_bytes(baseline_bytes(subject, costs))
    return costs


@pytest.mark.parametrize("network", ["mobilenet_v2", "mobilenet_v3_small", "pd_lenet", "resnet50", "googlenet"])
def test_what_is_written_is_read_back(tmp_path, network):
    costs = written(tmp_path / "b.json", network, "int8")
    read = read_baseline(tmp_path / "b.json")
    assert (read.totals, read.number_format, read.network) == (costs.totals, "int8", network)
    assert [layer[:3] for layer in read.layers] == [layer[:3] for layer in costs.layers]


def test_it_names_its_design_convention_and_version(tmp_path):
    written(tmp_path / "b.json", alpha=0.75, resolution=160)
    content = json.loads((tmp_path / "b.json").read_bytes())
    design = {"network": "mobilenet_v2", "alpha": 0.75, "resolution": "160", "convention": "papers"}
    assert content["design"].items() >= {**design, "version": VERSION}.items()
    assert content["baseline"] == 1


def test_a_table_s_json_is_a_baseline_without_peak_memory(tmp_path):
    table = analysis.layer_table("mobilenet_v2", alpha=0.5, number_format="int8")
    (tmp_path / "t.json").write_bytes(export_table(table, "json"))
    read = read_baseline(tmp_path / "t.json")
    totals = analysis.totals("mobilenet_v2", alpha=0.5, number_format="int8")
    assert read.totals == {name: totals[name] for name in ("mult_adds", "params", "weight_bytes")}
    assert read.layers[0] == LayerCost("conv1", *(int(table[name][0]) for name in ("mult_adds", "params")))


def changed(content, path, value):
    for part in path[:-1]:
        content = content[part]
    content[path[-1]] = value


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["baseline"], 2, "the file is of a newer multadds: its layout is 2, this one reads 1"),
        (["design", "convention"], "thop", "convention must be papers, the papers' Mult-Adds, got thop"),
        (["design", "number_format"], "int4", "design, number_format: "),
        (["totals", "mult_adds"], 1, "mult_adds must be the sum of its layers, 300,774,272, got 1"),
        (["layers", 2, "params"], -1, "layer 3, params: "),
        (["layers", 2, "params"], 1.5, "layer 3, params: "),
        (["layers", 0, "mult_adds"], True, "layer 1, mult_adds: "),
        (["layers", 0, "layer"], None, "layer 1, layer: "),
        (["layers"], [], "layers: "),
        (["layers"], "x", "layers: "),
        (["design"], [], "design: "),
    ],
)
def test_a_file_that_is_changed_is_refused(tmp_path, path, value, message):
    written(tmp_path / "b.json")
    content = json.loads((tmp_path / "b.json").read_bytes())
    changed(content, path, value)
    (tmp_path / "b.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match=r"b\.json: ") as error:
        read_baseline(tmp_path / "b.json")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "must be JSON"),
        (b"\xff\xfe", "must be JSON"),
        (b"[" * 100_000, "must be JSON"),
        (b"[]", "must be written by"),
        (b'{"design": {}}', "must be written by"),
        (b'{"totals": {"mult_adds": 1}}', "must be written by"),
        (b'{"design": {}, "layers": [{"params": ' + b"9" * 5_000 + b"}]}", "b.json: "),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, data, message):
    (tmp_path / "b.json").write_bytes(data)
    with pytest.raises(ValueError, match=message):
        read_baseline(tmp_path / "b.json")


def test_a_file_that_is_not_there_says_how_to_write_one(tmp_path):
    with pytest.raises(ValueError, match="the file is not there; the same command with --update-baseline writes it"):
        read_baseline(tmp_path / "b.json")
    with pytest.raises(ValueError, match=r"cannot be read: Is a directory"):
        read_baseline(tmp_path)


def test_names_that_come_twice_are_told_apart(tmp_path):
    written(tmp_path / "b.json")
    content = json.loads((tmp_path / "b.json").read_bytes())
    content["layers"][1]["layer"] = content["layers"][0]["layer"]
    (tmp_path / "b.json").write_text(json.dumps(content))
    assert [layer.name for layer in read_baseline(tmp_path / "b.json").layers[:2]] == ["conv1", "conv1 (2)"]
