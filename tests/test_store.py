"""What notebooks of one build compute alike is computed once, and only for the same case."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from multivector import data, store


@pytest.fixture(scope="module")
def case() -> data.Case:
    return data.open_case()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "results"))
    return tmp_path / "results"


class Counted:
    """A function of a case that counts how often it is run."""

    def __init__(self) -> None:
        self.runs = 0

        @store.stored
        def counted(case: data.Case, look: object = None, only: object = None):
            self.runs += 1
            return pd.DataFrame({"coding": [case.coding], "only": [only]})

        self.call = counted


def test_the_same_is_computed_once(case: data.Case, folder: Path) -> None:
    counted = Counted()
    first = counted.call(case)
    again = counted.call(data.open_case(), look="of another notebook")
    pd.testing.assert_frame_equal(first, again)
    assert counted.runs == 1
    assert [file.suffix for file in folder.iterdir()] == [".pickle"]


def test_another_argument_coding_or_table_is_another_result(
    case: data.Case, folder: Path
) -> None:
    counted = Counted()
    others = [case, case.following("paper"), case.undone()]
    for other in others:
        counted.call(other)
    counted.call(case, only=("C01",))
    assert counted.runs == len(others) + 1


def test_a_file_that_was_cut_short_is_made_anew(case: data.Case, folder: Path) -> None:
    counted = Counted()
    counted.call(case)
    [file] = folder.iterdir()
    file.write_bytes(file.read_bytes()[:7])
    assert counted.call(case)["coding"].tolist() == [case.coding]
    assert counted.runs == 2


def test_a_live_session_keeps_nothing(
    case: data.Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(store.VARIABLE, raising=False)
    counted = Counted()
    counted.call(case)
    counted.call(case)
    assert counted.runs == 2
