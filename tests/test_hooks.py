"""What is looked at before a commit needs no network, and holds for what is stored."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from conftest import ROOT

CONFIG = ROOT / ".pre-commit-config.yaml"
PYTHON = ".venv/bin/python"


def hooks() -> dict[str, dict[str, Any]]:
    """All hooks by id, of which each repository must be this one."""
    repositories = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["repos"]
    assert {one["repo"] for one in repositories} == {"local"}
    return {hook["id"]: hook for one in repositories for hook in one["hooks"]}


def run(hook: str, *files: Path) -> subprocess.CompletedProcess[str]:
    """Run a hook as Git would, with the Python of the tests."""
    python, *rest = hooks()[hook]["entry"].split()
    assert python == PYTHON
    return subprocess.run(
        [sys.executable, *rest, *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_settings_are_understood() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-config", str(CONFIG)],
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("name", sorted(hooks()))
def test_hook_runs_a_tool_that_is_pinned(name: str) -> None:
    hook = hooks()[name]
    assert hook["language"] == "system", "any other would install something"
    python, first, second, *_ = hook["entry"].split()
    assert python == PYTHON
    if first != "-m":
        assert (ROOT / first).is_file()
        return
    packages = importlib.metadata.packages_distributions()[second]
    pins = "".join(
        (ROOT / file).read_text(encoding="utf-8")
        for file in ("requirements.txt", "tests/requirements.txt")
    )
    assert importlib.util.find_spec(second)
    assert any(f"\n{package}==" in pins for package in packages)


def test_outputs_are_taken_off(tmp_path: Path) -> None:
    stored = ROOT / "book" / "index.ipynb"
    notebook = nbformat.read(stored, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.execution_count = 3
    cell.outputs = [nbformat.v4.new_output("stream", text="told")]
    run_before = tmp_path / stored.name
    nbformat.write(notebook, run_before)
    assert run("outputs", run_before).returncode == 0
    assert run_before.read_bytes() == stored.read_bytes()


def test_notebooks_are_stored_as_the_hook_leaves_them(tmp_path: Path) -> None:
    stored = sorted((ROOT / "book").glob("*.ipynb"))
    copies = [Path(shutil.copy(path, tmp_path)) for path in stored]
    assert run("outputs", *copies).returncode == 0
    for path, copy in zip(stored, copies, strict=True):
        assert copy.read_bytes() == path.read_bytes(), path.name


def test_case_is_sealed() -> None:
    told = run("case")
    assert told.returncode == 0, told.stdout
