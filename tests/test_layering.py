"""Imports run one way, torch and fvcore come late, and Streamlit stays out of the library."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "analysis").rglob("*.py"))
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]
MOST_LINES = 250

REFERENCE_NETWORKS = {
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "analysis" / "networks" / "reference").glob("*.py")
    if path.name not in ("__init__.py", "registry.py", "classifiers.py", "tasks.py", "designs.py")
}

ONNX_READER = {
    f"analysis/imports/onnx/{name}.py"
    for name in (
        "constants",
        "control",
        "document",
        "frame",
        "inference",
        "names",
        "read",
        "shapes",
        "sizes",
        "tensors",
        "walk",
    )
}

TORCH_READER = {
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "analysis" / "cost" / "counted").glob("torch_*.py")
    if path.name != "torch_readers.py"
}

# top-level package: the modules of analysis that may import it
ALLOWED = {
    "streamlit": set(),
    "pages": set(),
    "torch": {
        *("analysis/networks/modules.py", "analysis/cost/audit_count.py", "analysis/cost/stopwatch.py"),
        "analysis/cost/counted/references.py",
        *(f"analysis/imports/{name}.py" for name in ("copies", "inputs", "modules", "named")),
        "analysis/crosscheck/tools.py",
    }
    | TORCH_READER
    | REFERENCE_NETWORKS,
    "fvcore": {"analysis/cost/audit_count.py", "analysis/crosscheck/tools.py"},
    **{tool: {"analysis/crosscheck/tools.py"} for tool in ("thop", "ptflops", "torchinfo")},
    "onnx": ONNX_READER | {"analysis/exchange/onnx_out.py"},
}


def imports_of(tree: ast.AST) -> set[str]:
    """Top-level packages of every import statement in a tree, wherever it stands."""
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.partition(".")[0] for name in names}


def without_type_checking(tree: ast.Module) -> ast.Module:
    """The module less its ``if TYPE_CHECKING`` blocks, which do not run."""
    kept = [node for node in tree.body if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))]
    return ast.Module(kept, [])


@pytest.mark.parametrize("package", ALLOWED)
def test_a_package_is_imported_only_where_it_may_be(package: str):
    trees = {path: without_type_checking(ast.parse(path.read_text("utf-8"))) for path in SOURCES}
    importers = {path.relative_to(ROOT).as_posix() for path, tree in trees.items() if package in imports_of(tree)}
    assert importers <= ALLOWED[package]


@pytest.mark.parametrize("package", ["torch", "fvcore", "onnx"])
def test_what_may_be_imported_is(package: str):
    for path in ALLOWED[package]:
        assert package in imports_of(ast.parse((ROOT / path).read_text("utf-8")))


def test_what_pages_share_knows_no_page():
    shared = [path for path in PAGES if path.parent.name == "shared"]
    imports = re.compile(r"^\s*(?:from pages import |from pages\.|import pages\.)(\w+)", re.MULTILINE)
    assert {name for path in shared for name in imports.findall(path.read_text("utf-8"))} == {"shared"}


def test_modules_are_short_enough_to_be_read_at_once():
    lines = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8").count("\n") for path in (*SOURCES, *PAGES)}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_imports_run_one_way():
    pytest.importorskip("importlinter")
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    "statement",
    [
        "import analysis",
        "import analysis; analysis.layer_table('mobilenet_v2')",
        "import analysis; analysis.totals('mobilenet_v2'); analysis.grid('mobilenet_v2', alpha=[0.5, 1])",
        "import analysis; analysis.networks().to_frame(); analysis.audit('mobilenet_v2', alpha=100)",
        "from analysis.cost.reference_costs import reference_costs; reference_costs()",
        "from analysis.imports.onnx import read_onnx, read_onnx_limited, SizesWanted",
    ],
)
def test_the_closed_form_runs_without_torch(statement: str):
    late = {"torch", "fvcore", "onnx", "streamlit", "plotly"}
    code = f"{statement}\nimport sys\nprint(*sorted({late} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr
