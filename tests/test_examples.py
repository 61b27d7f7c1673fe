"""Every example of the README and of docs/examples.md runs, on files that the project's own commands wrote."""

import re
import shlex

import onnx
import pytest

import analysis
from tests.helpers import ROOT

TEXTS = [(ROOT / name).read_text("utf-8") for name in ("README.md", "docs/examples.md")]
ELSEWHERE = ("multadds app", "--dask", "--run")
"""What serves until it is ended, needs a scheduler or runs every tool has tests of its own."""
MODULE = "import analysis\n\n\ndef make_net():\n    return analysis.build('mobilenet_v2', alpha=0.25, classes=10)\n"
MINE = "name,accuracy,network,mult_adds\n" + "".join(f"m{i},{60 + 3 * i},my net,{2**i * 10**7}\n" for i in range(6))


def lines(language, opening):
    """The lines of the fenced blocks that begin so, without their comments, in a text each."""
    blocks = [re.findall(rf"^```{language}\n({opening}.*?)^```$", text, re.MULTILINE | re.DOTALL) for text in TEXTS]
    return [re.sub(r"\s+# .*", "", "".join(found), flags=re.MULTILINE).splitlines() for found in blocks]


COMMANDS = [line for text in lines("", "multadds ") for line in text if not any(word in line for word in ELSEWHERE)]


@pytest.fixture
def folder(tmp_path, monkeypatch, run):
    """A folder with the files that the examples name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "my_net.yaml").write_bytes((ROOT / "analysis/networks/catalogue/10_mobilenet_v2.yaml").read_bytes())
    (tmp_path / "mine.csv").write_text(MINE)
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "models.py").write_text(MODULE)
    assert run("onnx", "mobilenet_v2", "--alpha", "0.1", "--out", "net.onnx")[0] == 0
    model = onnx.load("net.onnx")
    height, width = model.graph.input[0].type.tensor_type.shape.dim[2:]
    height.dim_param, width.dim_param = "height", "width"
    onnx.save(model, "any_size.onnx")
    return tmp_path


def test_there_are_ten_of_each_in_the_readme():
    assert 9 <= len(lines("python", "")[0]) - 2 <= 11
    assert 9 <= len(lines("", "multadds ")[0]) <= 11


@pytest.mark.parametrize("text", [0, 1], ids=["README", "examples"])
def test_the_library_s_examples_run(text, folder):
    known = {"my_module": analysis.build("mobilenet_v1", alpha=0.25).eval()}
    for line in lines("python", "")[text]:
        exec(line, known)


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_examples_ends_well(line, folder, run):
    program, *words = shlex.split(line)
    if "check" in words:
        assert run("check", "my_net.yaml", "--baseline", "costs.json", "--update-baseline")[0] == 0
    status, out, said = run(*words)
    assert (program, status) == ("multadds", 0), said
    assert out or (folder / words[words.index("--out" if "--out" in words else "--report") + 1]).stat().st_size
