"""``multadds table package.module:name --input …``: the user's own code, on the user's own machine."""

from __future__ import annotations

import ast
import json
import shlex
import subprocess
import sys

import openpyxl
import pandas as pd
import pytest

import analysis
from analysis.exchange.formats import FORMATS
from analysis.exchange.tables import export_table
from analysis.imports.named import count_named
from tests.helpers import COMMAND, ROOT

SOURCE = """
import torch
from torch import nn

print("printed by the user's code")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv1d(3, 8, 3, stride=2)
        self.three = nn.Conv3d(1, 2, (1, 3, 5), stride=(1, 2, 3))
        self.fc = nn.Linear(8, 2)

    def forward(self, x, v, mask=None):
        return self.fc(self.one(x).mean(-1)), self.three(v)


class nets:
    @staticmethod
    def make():
        return Net()


class Tokens(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Embedding(50, 8), nn.Linear(8, 50))


class Stops(nn.Module):
    def forward(self, x):
        raise LookupError("half way\\nthrough")


def exits():
    raise SystemExit("no GPU")


def takes(width):
    return Net()


net, number = Net(), 3
"""

BOTH = ("--input", "1x3x33", "--input", "1x1x4x9x9")
MULT_ADDS = 3 * 3 * 8 * 16 + 15 * 2 * 4 * 4 * 2 + 16


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A current folder with the user's package, which Python does not know."""
    package = tmp_path / "users_package"
    package.mkdir()
    (package / "models.py").write_text(SOURCE)
    (tmp_path / "broken_models.py").write_text("import no_such_package_of_the_user")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("users_package")]:
        del sys.modules[name]


@pytest.mark.parametrize("name", ["Net", "net", "nets.make"])
def test_a_class_a_module_and_a_factory_are_counted(run, name: str):
    status, out, _ = run("totals", f"users_package.models:{name}", *BOTH, "--json")
    totals = json.loads(out)
    assert (status, totals["mult_adds"], totals["params"]) == (0, MULT_ADDS, 80 + 32 + 18)
    assert totals["design"]["input"] == "1x3x33, 1x1x4x9x9"


def test_what_the_users_code_prints_stays_out_of_the_figures():
    command = [*COMMAND, "table", "users_package.models:Net", *BOTH]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("layer,block,kind")
    assert "printed by the user's code" in done.stderr


def test_inputs_may_be_named_and_whole_numbers(run):
    named = run("totals", "users_package.models:Net", "--input", "v=1x1x4x9x9", "--input", "x=1x3x33", "--json")
    tokens = run("totals", "users_package.models:Tokens", "--input", "1x12:int64", "--json")
    assert [json.loads(out)["mult_adds"] for _, out, _ in (named, tokens)] == [MULT_ADDS, 12 * 400]


def test_the_audit_names_both_counts(run):
    status, out, _ = run("audit", "users_package.models:Net", *BOTH)
    assert status == 0
    assert "agree" in out.decode().splitlines()[0]
    assert out.decode().count(f"{MULT_ADDS:,}") == 2


def test_the_audited_table_has_fvcore_s_count_in_each_row(run):
    import io

    frame = pd.read_csv(io.BytesIO(run("table", "users_package.models:Net", *BOTH, "--audit")[1]))
    assert frame["fvcore_mult_adds"].tolist() == frame["mult_adds"].tolist()


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_holds_kernels_of_one_and_three_sides(run, folder, format: str):
    table = analysis.layer_table(count_named("users_package.models:Net", BOTH[1::2]))
    assert table["kernel"].tolist() == ["3", "1x1", "1x3x5"]
    status, _, err = run("table", "users_package.models:Net", *BOTH, "--format", format, "--out", "written")
    assert status == 0, err
    assert (folder / "written").read_bytes() == export_table(table, format)


def test_a_workbook_reads_back(run, folder):
    run("table", "users_package.models:Net", *BOTH, "--out", "net.xlsx")
    sheet = openpyxl.load_workbook(folder / "net.xlsx")["layers"]
    assert [sheet.cell(row, 4).value for row in (2, 3, 4)] == ["3", "1x1", "1x3x5"]


def test_the_table_s_own_command_builds_it_again(run, folder):
    run("table", "users_package.models:Net", *BOTH, "--out", "net.json")
    written = (folder / "net.json").read_bytes()
    words = shlex.split(json.loads(written)["design"]["command"])
    assert words[:3] == ["multadds", "table", "users_package.models:Net"]
    assert run(*words[1:])[0] == 0
    assert (folder / words[-1]).read_bytes() == written


ERRORS = [
    (
        ("no_such_package_of_the_user.models:Net", "--input", "1"),
        "there is no module no_such_package_of_the_user.models",
    ),
    (("users_package.models:Nothing", "--input", "1"), "users_package.models has no Nothing"),
    (("users_package.models:number", "--input", "1"), "must be or return a torch.nn.Module, got int"),
    (("users_package.models:takes", "--input", "1"), "raised TypeError: takes() missing 1 required positional"),
    (("users_package.models:exits", "--input", "1"), "users_package.models:exits raised SystemExit: no GPU"),
    (("users_package.models:Stops", "--input", "1"), "users_package.models:Stops raised LookupError: half way through"),
    (("users_package.models:Net",), "users_package.models:Net needs --input, the shape it is called with"),
    (("users_package.models:Net", "--input", "1x3", "--input", "v=1"), "named for all inputs or for none"),
    (("users_package.models:Net", "--input", "x=1", "--input", "x=2"), "names an input twice: x, x"),
    (("users_package.models:Net", "--input", "3,4"), "input must be a shape like 1x3x224x224 or 1x128:int64, got 3,4"),
    (("users_package.models:Net", *BOTH, "--alpha", "2"), "is not made of rows and takes no alpha"),
    (("broken_models:Net", "--input", "1"), "broken_models raised ModuleNotFoundError: No module named"),
    (("../models.py:Net", "--input", "1"), "a module is named as package.module:name, got ../models.py:Net"),
    (("mobilenet_v2", "--input", "1x3x8x8"), "--input is for ONNX files and for package.module:name"),
]


@pytest.mark.parametrize(("words", "message"), ERRORS, ids=lambda value: str(value)[:50])
def test_what_is_wrong_is_one_sentence(run, words: tuple[str, ...], message: str):
    status, out, err = run("table", *words)
    said = [line for line in err.splitlines() if not line.startswith("printed by")]
    assert (status, out) == (2, b"")
    assert len(said) == 1
    assert message in said[0]
    assert "Traceback" not in err


def test_no_page_imports_users_code():
    sources = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]
    words = ("analysis.imports.named", "analysis.imports.modules", "count_named", "read_subject")
    used = [
        (path.name, word)
        for path in sources
        for word in words
        if any(word in ast.unparse(node) for node in ast.parse(path.read_text("utf-8")).body)
    ]
    assert used == []
