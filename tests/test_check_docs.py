"""The commands, the configuration, the hook and the workflows in docs/check.md do what they say."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "check.md").read_text("utf-8")
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def blocks(language):
    """The fenced blocks of a language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


COMMANDS = [
    re.fullmatch(r"(.+?)\s+# ([012]): .+", line).groups() for each in blocks("sh") for line in each.splitlines()
]
WORKFLOW, PIPELINE, PRE_COMMIT = map(yaml.safe_load, blocks("yaml"))


@pytest.fixture
def shell(tmp_path):
    """Run a line as a build does, in a repository with the documented pyproject.toml: its exit status."""
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "multadds"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m analysis.cli "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(blocks("toml")[0])
    summary = str(tmp_path / "summary.md")
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "GITHUB_STEP_SUMMARY": summary}

    def run(line):
        done = subprocess.run(line, shell=True, cwd=folder, env=environment, capture_output=True, timeout=120)
        return done.returncode

    return run


def test_every_documented_command_ends_as_it_says(shell):
    assert len(COMMANDS) > 15
    assert [(line, str(shell(line))) for line, _ in COMMANDS] == COMMANDS


def test_the_workflow_writes_a_summary_and_junit(shell, tmp_path):
    assert shell("multadds check --update-baseline") == 0
    steps = WORKFLOW["jobs"]["budgets"]["steps"]
    (line,) = (step["run"] for step in steps if step.get("run", "").startswith("multadds"))
    upload = next(step for step in steps if "upload-artifact" in step.get("uses", ""))
    assert (shell(line), upload["if"]) == (0, "always()")
    assert (tmp_path / "summary.md").read_text("utf-8").startswith("### `phone`: ")
    root = ElementTree.parse(tmp_path / "repository" / upload["with"]["path"]).getroot()
    assert [suite.get("name") for suite in root] == ["phone", "microcontroller"]


def test_the_pipeline_s_junit_is_where_it_says(shell, tmp_path):
    assert shell("multadds check --update-baseline") == 0
    job = PIPELINE["budgets"]
    assert [shell(line) for line in job["script"] if line.startswith("multadds")] == [0]
    assert (
        ElementTree.parse(tmp_path / "repository" / job["artifacts"]["reports"]["junit"]).getroot().get("failures")
        == "0"
    )


@pytest.mark.parametrize("hook", [HOOKS[0], PRE_COMMIT["repos"][0]["hooks"][0]], ids=["own", "documented"])
def test_a_hook_checks_what_is_configured_whatever_files_changed(shell, hook):
    assert (hook["id"], hook["pass_filenames"]) == ("multadds-check", False)
    assert shell("multadds check --update-baseline") == 0
    assert shell(hook["entry"]) == 0
    assert shell(f"sed -i 's/301M/300M/' pyproject.toml && {hook['entry']}") == 1
    matched = [
        name for name in ("pyproject.toml", "nets/my.yaml", "a.yml", "m.onnx", "m.py") if re.search(hook["files"], name)
    ]
    assert len(matched) == 5
    assert not re.search(hook["files"], "README.md")
