"""The hints of the shared module, checked."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from conftest import ROOT


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A run of the checker with the settings of the project."""
    return subprocess.run(
        [sys.executable, "-m", "mypy", "--no-pretty", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_hints_of_the_module_hold() -> None:
    found = mypy()
    assert found.returncode == 0, found.stdout + found.stderr


def test_a_wrong_hint_is_found(tmp_path: Path) -> None:
    """What the settings ask for is what the checker looks at."""
    file = tmp_path / "wrong.py"
    file.write_text(
        "def bare(x):\n    return x\n\n\ndef wrong(x: int) -> str:\n    return x\n"
    )
    found = mypy("--cache-dir", str(tmp_path / "cache"), str(file))
    assert found.returncode == 1
    assert "no-untyped-def" in found.stdout and "return-value" in found.stdout


def test_no_room_is_left_out() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    overrides = settings["tool"]["mypy"]["overrides"]
    assert not [one for one in overrides if one.get("ignore_errors")]
