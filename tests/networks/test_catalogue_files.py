"""One file of data adds a network: a copy of the project with one file more has it everywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.networks import CATALOGUE
from analysis.networks.catalogue import FOLDER, load_catalogue

ROOT = Path(__file__).parents[2]

FILE = """\
name: my_net
label: My-Net
source: a test
rounding: truncated
t: 4
input: 64x96
in_channels: 1
presets: [[0.5, 64]]
rows:
  - {block: conv, c: 16, s: 2}
  - {block: inverted_residual, c: 24, n: 2, s: 2}
  - {block: head, classes: 10}
"""

LIBRARY = """\
import json, sys
import analysis
audit = analysis.audit("my_net", alpha=0.5)
print(json.dumps({
    "names": list(analysis.networks()),
    "layers": list(analysis.layer_table("my_net")["layer"]),
    "table": int(analysis.layer_table("my_net")["mult_adds"].sum()),
    "totals": [analysis.totals("my_net").mult_adds, analysis.totals("my_net").params],
    "audit": [audit.agrees, audit.mult_adds],
    "grid": analysis.grid("my_net", alpha=[0.5, 1])["mult_adds"].tolist(),
}))
"""

APP = """\
import json
from streamlit.testing.v1 import AppTest
at = AppTest.from_file("app.py", default_timeout=120).run()
at.selectbox(key="network").set_value("my_net").run()
at.slider(key="alpha").set_value(0.5).run()
at.slider(key="t").set_value(4.0).run()
shown = [element.value for element in at.markdown if "closed form" in element.value]
print(json.dumps({"errors": len(at.exception), "audit": shown, "captions": [c.value for c in at.caption][:1]}))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's code with one file more in its catalogue."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("analysis", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", folder)
    (folder / FOLDER.relative_to(ROOT) / "99_my_net.yaml").write_text(FILE, "utf-8")
    return folder


def printed(project: Path, code: str) -> dict[str, object]:
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(project)!r})\n{code}"]
    run = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout.splitlines()[-1]))


def test_the_library_has_the_network_with_table_totals_grid_and_audit(project: Path):
    # convolution: 9·1·16 on 32×48. First block: 16·64 on 32×48, 9·64 and 64·24 on 16×24. Second: 24·96, 9·96 and
    # 96·24 on 16×24. Head: 24·10.
    block_1 = 1_024 * 1_536 + (576 + 1_536) * 384
    mult_adds = 144 * 1_536 + block_1 + (2_304 + 864 + 2_304) * 384 + 240
    found = printed(project, LIBRARY)
    assert found["names"] == [*CATALOGUE, "my_net"]
    assert found["layers"][:4] == ["conv1", "bottleneck2_1.expand", "bottleneck2_1.dw", "bottleneck2_1.project"]
    assert found["table"] == found["totals"][0] == found["grid"][1] == mult_adds
    assert found["audit"] == [True, found["grid"][0]]


def test_the_app_has_the_network_with_its_sliders(project: Path):
    half = printed(project, LIBRARY)["audit"][1]
    shown = printed(project, APP)
    assert shown["errors"] == 0
    assert f"{half:,}" in shown["audit"][0]
    assert "a test" in shown["captions"][0]


def test_networks_stand_in_the_order_of_their_files_numbers():
    names = [path.stem.partition("_")[2] for path in sorted(FOLDER.glob("*.yaml"))]
    assert list(CATALOGUE) == list(load_catalogue(FOLDER)) == names
    assert all(path.stem.partition("_")[0].isdigit() for path in FOLDER.glob("*.yaml"))
