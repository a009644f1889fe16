"""The module's commands, called as a reader would: `python -m multivector COMMAND` from `book/`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from multivector.commands import COMMANDS, main

BOOK = Path(__file__).resolve().parents[1] / "book"


def test_the_help_names_every_command_with_a_sentence() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "multivector", "--help"],
        cwd=BOOK,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in COMMANDS:
        line = next(x for x in told.splitlines() if x.split()[:1] == [name])
        assert len(line.split()) > 3, line


def test_an_unknown_command_is_refused_and_the_known_ones_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["conquer"])
    assert refused.value.code == 2
    assert "seal" in capsys.readouterr().err


def test_a_fault_of_the_users_is_a_line_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seal", str(tmp_path / "nowhere")]) == 1
    told = capsys.readouterr().err
    assert "nowhere" in told and "Traceback" not in told and len(told.splitlines()) == 1
