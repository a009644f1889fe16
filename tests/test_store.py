"""What notebooks of one build compute alike is computed once, and only for the same case."""

from __future__ import annotations

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from conftest import PATIENCE

from multivector import claims, data, forms, language, store


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


# What a result depends on ------------------------------------------------------


def test_any_arguments_count_by_their_content(folder: Path) -> None:
    runs = []

    @store.stored
    def total(table: pd.DataFrame, times: float = 1.0) -> float:
        runs.append(times)
        return float(table.to_numpy().sum() * times)

    for _ in range(2):
        assert total(pd.DataFrame({"a": [1, 2]})) == 3
        assert total(pd.DataFrame({"a": [1, 3]})) == 4
        assert total(pd.DataFrame({"a": [1, 2]}), times=2.0) == 6
    assert runs == [1.0, 1.0, 2.0]


def test_what_the_descriptor_says_counts(case: data.Case, folder: Path) -> None:
    counted = Counted()
    counted.call(case)
    said = json.loads(json.dumps(case._package))
    said["resources"][0]["citation"] = "Somebody else"
    counted.call(data.Case(case.path, said, case._tables, case.coding))
    assert counted.runs == 2


def test_the_code_that_counts_is_what_a_module_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit of a chart leaves the ledger; one of what the ledger is computed by does not."""
    package = tmp_path / "multivector"
    (package / "deep").mkdir(parents=True)
    files = {
        "judge.py": "from . import (\n    measure,  # one\n)\nfrom .deep import part\n",
        "measure.py": "SIZE = 1\n",
        "deep/part.py": "from ..outer import SIZE\n",
        "outer.py": "SIZE = 1\n",
        "draw.py": "from . import judge\n",
    }
    for name, text in files.items():
        (package / name).write_text(text)
    monkeypatch.setattr(store, "__file__", str(package / "store.py"))

    def code() -> str:
        store._code.cache_clear()
        return store._code(store._room(f"{store.__package__}.judge"))

    try:
        first = code()
        (package / "draw.py").write_text("COLOUR = 1\n")
        assert code() == first
        for name in ("judge.py", "measure.py", "deep/part.py", "outer.py"):
            (package / name).write_text(files[name] + "# edited\n")
            assert code() != first, name
            (package / name).write_text(files[name])
        assert code() == first
    finally:
        store._code.cache_clear()


def test_a_result_is_kept_once_for_all_languages_and_told_in_each(
    case: data.Case, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number is the same in every language, and is not computed again for the next one."""
    english = claims.verdicts(case, only=("C34",))
    kept = set(folder.iterdir())
    words = {"Signed {signed}; the other day is {day}: {span}{before}.": "{day} {span}"}
    monkeypatch.setattr(language, "catalogue", lambda name: words)
    monkeypatch.setenv(forms.VARIABLE, "de")
    other = claims.verdicts(case, only=("C34",))
    assert set(folder.iterdir()) == kept
    assert english["reading"].iloc[0].startswith("Signed ")
    assert not other["reading"].iloc[0].startswith("Signed ")
    assert other["statistic"].equals(english["statistic"])


def test_what_is_kept_speaks_no_language() -> None:
    """A word told at once would be kept in the language of who asked first."""
    rooms = {
        room
        for room in ("alignment", "claims")
        for file in store.code_of(room)
        if "@stored" in file.read_text(encoding="utf-8")
    }
    files = {file: text for room in rooms for file, text in store.code_of(room).items()}
    told = [
        file.name
        for file, text in files.items()
        if re.search(r"(?<![\w.])_\(", text) and file.name != "language.py"
    ]
    assert {"entries.py", "measures.py"} <= {file.name for file in files}
    assert not told


def test_who_wants_what_another_computes_waits_for_it(
    case: data.Case, folder: Path
) -> None:
    counted, begun, go_on = Counted(), threading.Event(), threading.Event()

    @store.stored
    def slow(case: data.Case) -> str:
        counted.runs += 1
        begun.set()
        assert go_on.wait(PATIENCE)
        return case.coding

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow, case)
        assert begun.wait(PATIENCE)
        second = pool.submit(slow, case)
        go_on.set()
        assert first.result() == second.result() == case.coding
    assert counted.runs == 1


def test_results_that_nobody_asks_for_make_room(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST", 3)

    @store.stored
    def double(number: int) -> int:
        return 2 * number

    for number in range(5):
        assert double(number) == 2 * number
    assert len(list(folder.iterdir())) == 3
