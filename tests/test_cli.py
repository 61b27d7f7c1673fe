"""The command line as its users run it; in one process where the process does not matter."""

import json
import os
import pty
import shlex
import socket
import subprocess
import sys
from types import SimpleNamespace

import click
import openpyxl
import pandas as pd
import pytest

import analysis
from analysis import cli
from analysis.exchange.formats import FORMATS
from analysis.exchange.tables import export_table
from analysis.networks.reference import REFERENCES
from analysis.version import VERSION
from tests.helpers import COMMAND, process

TERABIT_CLASSES = str(10**12)


def test_networks_are_listed_with_their_published_cost(run):
    status, out, err = run("networks")
    assert (status, err) == (0, "")
    line = next(line for line in out.decode().splitlines() if line.startswith("mobilenet_v2 "))
    assert line.split() == [
        "mobilenet_v2",
        "MobileNetV2",
        "arXiv:1801.04381,",
        "Table",
        "2",
        "6",
        "300,774,272",
        "3,504,872",
    ]


def test_networks_as_json(run):
    entries = {entry["network"]: entry for entry in json.loads(run("networks", "--json")[1])}
    assert list(entries) == list(analysis.networks())
    assert (entries["mobilenet_v1"]["mult_adds"], entries["mobilenet_v1"]["t"]) == (568_740_352, None)


def test_reference_networks_are_listed_when_asked_for(run):
    entries = {entry["network"]: entry for entry in json.loads(run("networks", "--reference", "--json")[1])}
    assert list(entries) == [*analysis.networks(), *REFERENCES]
    assert entries["googlenet"]["mult_adds"] == 1_582_671_872
    assert entries["googlenet"]["t"] is None


def test_a_reference_network_is_a_network_to_the_commands(run):
    status, out, _ = run("totals", "resnet50", "--json")
    assert status == 0
    assert json.loads(out)["mult_adds"] == 3_857_973_248
    status, out, _ = run("table", "resnet50")
    assert len(out.splitlines()) == 57
    status, _, err = run("totals", "resnet50", "--alpha", "0.5")
    assert status == 2
    assert err == "multadds: ResNet-50 is not made of rows and takes no alpha\n"


def test_totals_as_json_are_the_library_s(run):
    words = "--alpha 0.75 --rho 0.5 --t 4 --classes 10 --in-channels 1 --least-depth 16 --number-format int8 --json"
    status, out, _ = run("totals", "mobilenet_v2", *words.split())
    read = json.loads(out)
    expected = analysis.totals(
        "mobilenet_v2", alpha=0.75, rho=0.5, t=4, classes=10, in_channels=1, least_depth=16, number_format="int8"
    )
    assert read.pop("design").items() >= {"alpha": 0.75, "resolution": "112", "convention": "papers"}.items()
    assert (status, read) == (0, dict(expected))


def test_totals_as_text_have_units_and_convention(run):
    lines = run("totals", "mobilenet_v2")[1].decode().splitlines()
    assert "Mult-Adds         300,774,272  the papers' convention" in lines
    assert "weights            14,019,488  bytes, float32" in lines


def test_a_table_is_csv_on_standard_output():
    done = process("table", "mobilenet_v2", "--alpha", "0.75", "--resolution", "160", text=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == export_table(analysis.layer_table("mobilenet_v2", alpha=0.75, resolution=160), "csv")


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_is_the_library_s_export(run, tmp_path, format):
    out = tmp_path / "layers.bin"
    words = ["--resolution", "60x120", "--convention", "thop", "--number-format", "int8", "--format", format]
    assert run("table", "mobilenet_v1", *words, "--out", str(out)) == (0, b"", "")
    table = analysis.layer_table("mobilenet_v1", resolution="60x120", convention="thop", number_format="int8")
    assert out.read_bytes() == export_table(table, format)
    assert os.listdir(tmp_path) == ["layers.bin"]


@pytest.mark.parametrize("format", FORMATS)
def test_the_format_follows_the_extension(run, tmp_path, format):
    out = tmp_path / f"layers.{FORMATS[format].extension}"
    assert run("table", "mobilenet_v2", "--out", str(out))[0] == 0
    assert out.read_bytes() == export_table(analysis.layer_table("mobilenet_v2"), format)


def design_commands(folder):
    """The rebuild command that each file holds, by file, as a reader of that format finds it."""
    yield "xlsx", dict(openpyxl.load_workbook(next(folder.glob("*.xlsx")))["design"].values)["command"]
    yield "json", json.loads(next(folder.glob("*.json")).read_bytes())["design"]["command"]
    yield "markdown", next(folder.glob("*.md")).read_text().split("`")[-2]
    yield "latex", next(folder.glob("*.tex")).read_text().splitlines()[0].removeprefix("% Rebuild with: ")


REBUILT = [
    {},
    {"alpha": 1 / 3, "rho": 0.5, "t": 2.5, "classes": 10, "in_channels": 1, "convention": "torch"},
    {"resolution": "60x120", "least_depth": 16, "number_format": "int8"},
    {"rounding": analysis.Rounding(divisor=4, least=2, nearest=True, keep=0.85)},
]


@pytest.mark.parametrize("options", REBUILT)
def test_the_command_in_a_file_rebuilds_it(run, tmp_path, monkeypatch, options):
    table = analysis.layer_table("mobilenet_v2", **options)
    for format, entry in FORMATS.items():
        (tmp_path / f"first.{entry.extension}").write_bytes(export_table(table, format))
    commands = dict(design_commands(tmp_path))
    monkeypatch.chdir(tmp_path)
    for format, command in commands.items():
        name, *words = shlex.split(command)
        assert (name, run(*words)) == ("multadds", (0, b"", ""))
        assert (tmp_path / words[-1]).read_bytes() == export_table(table, format)


def test_an_audited_file_is_rebuilt_with_its_audit(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["table", "mobilenet_v2", "--alpha", "0.35", "--resolution", "96", "--audit"]
    assert run(*words, "--out", "first.json") == (0, b"", "")
    read = json.loads((tmp_path / "first.json").read_bytes())
    assert all(layer["fvcore_mult_adds"] == layer["mult_adds"] for layer in read["layers"])
    again = shlex.split(read["design"]["command"])[1:]
    assert run(*again)[0] == 0
    assert (tmp_path / again[-1]).read_bytes() == (tmp_path / "first.json").read_bytes()


def test_an_audit_shows_both_counts(run):
    status, out, err = run("audit", "mobilenet_v2", "--alpha", "0.35", "--resolution", "96")
    lines = out.decode().splitlines()
    found = analysis.totals("mobilenet_v2", alpha=0.35, resolution=96)
    assert (status, err) == (0, "")
    assert lines[0].endswith("agree")
    assert lines[2].split() == ["Mult-Adds", f"{found.mult_adds:,}", f"{found.mult_adds:,}", "fvcore"]
    assert lines[3].split() == ["parameters", f"{found.params:,}", f"{found.params:,}", "numel"]
    assert any(line.startswith("fvcore does not count: ReLU6") for line in lines)


def test_an_audit_as_json(run):
    status, out, _ = run("audit", "mobilenet_v1", "--resolution", "32", "--json")
    read = json.loads(out)
    assert (status, read["agrees"]) == (0, True)
    assert read["fvcore_mult_adds"] == read["mult_adds"] == sum(read["layers"].values())
    assert read["design"]["resolution"] == "32"


@pytest.mark.parametrize("flag", [(), ("--json",)])
def test_an_audit_that_differs_is_an_error(run, monkeypatch, flag):
    wrong = analysis.Audit(300, 20, fvcore_mult_adds=301, numel_params=20)
    monkeypatch.setattr("analysis.api.audit", lambda design: wrong)
    status, out, err = run("audit", "mobilenet_v2", *flag)
    assert status == 1
    assert b"301" in out
    assert err == "multadds: the counts differ: closed form 300 Mult-Adds and 20 parameters, fvcore 301 and numel 20\n"


def test_a_table_whose_audit_differs_is_written_and_an_error(run, monkeypatch):
    wrong = analysis.Audit(300, 20, fvcore_mult_adds=301, numel_params=20, layers={"conv1": 301})
    monkeypatch.setattr("analysis.api.audit", lambda design: wrong)
    status, out, err = run("table", "mobilenet_v2", "--audit")
    assert (status, len(out.splitlines()), err.count("\n")) == (1, 54 + 1, 1)


def test_a_design_too_large_to_build_has_its_closed_form(run):
    status, out, err = run("audit", "mobilenet_v2", "--alpha", "20")
    assert status == 2
    assert b"107,832,624,640" in out
    assert err.startswith("multadds: fvcore did not count ")
    assert err.endswith("the limit is 150,000,000\n")


def test_a_table_too_large_to_audit_says_so(run):
    status, out, err = run("table", "mobilenet_v2", "--alpha", "20", "--audit")
    assert (status, err.count("\n")) == (0, 1)
    assert "fvcore_mult_adds is empty" in err
    assert out.splitlines()[1].count(b",,") == 1


BAD = {
    "totals": "Missing argument 'NETWORK'",
    "bogus": "No such command 'bogus'",
    "totals mobilenet_v9": "network must be one of mobilenet_v2, ",
    "totals mobilenet_v1 --t 6": "mobilenet_v1 has no expansion factor t, got t=6",
    "totals mobilenet_v2 --alpha 0": "alpha must be > 0, got 0",
    "totals mobilenet_v2 --alpha -1": "alpha must be > 0, got -1",
    "totals mobilenet_v2 --alpha nan": "alpha must be a number, got nan",
    "totals mobilenet_v2 --alpha 1e9": "alpha must be at most 1,000, got 1e9",
    "totals mobilenet_v2 --alpha abc": "alpha must be a number, got abc",
    "totals mobilenet_v2 --alpha": "Option '--alpha' requires an argument",
    "totals mobilenet_v2 --alhpa 1": "No such option '--alhpa'",
    "totals mobilenet_v2 --t 0": "t must be > 0, got 0",
    "totals mobilenet_v2 --resolution 3": "resolution must be at least 32, got 3",
    "totals mobilenet_v2 --resolution 224.5": "resolution must be a whole number, got 224.5",
    "totals mobilenet_v2 --rho 0.0001": "rho must imply a resolution of at least 32 px, got 0.0001",
    "totals mobilenet_v2 --rho 1 --resolution 224": "give rho or resolution, not both",
    f"totals mobilenet_v2 --classes {TERABIT_CLASSES}": "classes must be at most 1,000,000,000",
    "totals mobilenet_v2 --in-channels 0": "in_channels must be at least 1, got 0",
    "totals mobilenet_v2 --least-depth 0": "least_depth must be at least 1, got 0",
    "totals mobilenet_v2 --rounding 8": "rounding must be like divisor=8,",
    "totals mobilenet_v2 --number-format int4": "number format must be one of float64, ",
    "totals mobilenet_v2 --alpha 1000 --t 1000 --resolution 65536": "over the int64 limit",
    "table mobilenet_v2 --alpha 1000 --t 1000 --resolution 65536": "over the int64 limit",
    "table mobilenet_v2 --convention mine": "convention must be one of papers, ",
    "table mobilenet_v2 --format docx": "format must be one of csv, ",
    "table mobilenet_v2 --out layers": "extension must be one of .csv, ",
    "table mobilenet_v2 --out nowhere/layers.csv": "out must be a file in a folder that exists, got nowhere/layers.csv",
    "table mobilenet_v2 --format csv --out analysis": "cannot write analysis: Is a directory",
    "audit mobilenet_v2 more": "Got unexpected extra argument",
    "app --port 99999": "port must be at most 65,535, got 99999",
    "app --port x": "port must be a whole number, got x",
    "app --host nowhere.invalid": "cannot listen on nowhere.invalid port 8501",
}


@pytest.mark.parametrize("words", BAD)
def test_bad_input_is_one_line_and_status_2(run, words):
    status, out, err = run(*words.split())
    assert (status, out) == (2, b"")
    assert err.startswith("multadds: ")
    assert BAD[words] in err
    assert err.count("\n") == 1


def test_bad_input_leaves_no_traceback_in_a_process():
    done = process("totals", "mobilenet_v2", "--alpha", "\x1b[31m\n1", text=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"multadds: alpha must be a number, got [31m 1\n"


def test_a_reader_that_leaves_early_is_no_error():
    read, write = os.pipe()
    os.close(read)
    for words in (["table", "mobilenet_v2"], ["networks"]):
        done = subprocess.run([*COMMAND, *words], stdout=write, stderr=subprocess.PIPE, timeout=60)
        assert (done.returncode, done.stderr) == (0, b""), words
    os.close(write)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has it")
def test_a_full_disk_is_one_line():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*COMMAND, "table", "mobilenet_v2"], stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert (done.returncode, done.stderr) == (
        2,
        b"multadds: cannot write to standard output: No space left on device\n",
    )


def test_binary_goes_to_a_pipe_and_not_to_a_terminal():
    words = [*COMMAND, "table", "mobilenet_v2", "--format", "parquet"]
    assert subprocess.run(words, capture_output=True, timeout=60).stdout[:4] == b"PAR1"
    master, terminal = pty.openpty()
    done = subprocess.run(words, stdout=terminal, stderr=subprocess.PIPE, timeout=60)
    os.close(terminal)
    os.close(master)
    assert done.returncode == 2
    assert done.stderr == b"multadds: parquet is binary and standard output is a terminal; add --out FILE\n"


def test_a_failed_command_leaves_the_file_that_was_there(run, tmp_path):
    out = tmp_path / "layers.csv"
    out.write_bytes(b"mine")
    assert run("table", "mobilenet_v2", "--alpha", "0", "--out", str(out))[0] == 2
    assert out.read_bytes() == b"mine"


def test_the_app_prints_its_address_and_is_served(run, monkeypatch):
    served = []
    monkeypatch.setitem(
        sys.modules, "uvicorn", SimpleNamespace(run=lambda *words, **options: served.append((words, options)))
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert run("app", "--port", str(port)) == (0, f"http://127.0.0.1:{port}\n".encode(), "")
    options = {
        "host": "127.0.0.1",
        "port": port,
        "log_level": "warning",
        "access_log": False,
        "ws_per_message_deflate": False,
    }
    assert served == [(("pages.shared.server:app",), options)]


def test_a_port_in_use_is_one_line(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, out, err = run("app", "--port", str(port))
    assert (status, out) == (2, b"")
    assert err == f"multadds: cannot listen on 127.0.0.1 port {port}: Address already in use; try another --port\n"


def test_the_version(run):
    assert run("--version") == (0, f"multadds {VERSION}\n".encode(), "")


@pytest.mark.parametrize("name", ["networks", "table", "totals", "audit", "app"])
def test_every_help_has_an_example(run, name):
    status, out, err = run(name, "--help")
    assert (status, err) == (0, "")
    assert f"    multadds {name}" in out.decode()
    assert isinstance(cli.commands.commands[name], click.Command)


def test_no_command_is_the_help(run):
    status, out, _ = run()
    assert status == 0
    assert out.decode().startswith("Usage: multadds ")


def test_the_closed_form_never_imports_torch():
    code = (
        "import sys\nfrom analysis import cli\n"
        "try:\n    cli.main(['totals', 'mobilenet_v2'])\n"
        "finally:\n    print({'torch', 'fvcore', 'streamlit', 'pages'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "set()\n")


def test_csv_on_standard_output_is_read_by_pandas():
    with subprocess.Popen([*COMMAND, "table", "mobilenet_v1"], stdout=subprocess.PIPE) as child:
        read = pd.read_csv(child.stdout)
    assert (len(read), read["mult_adds"].sum()) == (29, 568_740_352)
