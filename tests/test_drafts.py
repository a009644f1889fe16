"""What a draft of a state takes over from the shared tables, and what its check then says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from multivector import cases, data
from multivector.commands import main

FIRST = Path(data.first_case().path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a draft of a state, made once."""
    folder = tmp_path_factory.mktemp("drafts")

    def make(state: str) -> Path:
        path = folder / state
        if not path.exists():
            cases.written(cases.drafted(state), path)
        return path

    return make


@pytest.fixture
def copied(made: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Path]:
    return lambda state: shutil.copytree(made(state), tmp_path / state)


def checked(
    folder: Path, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str]:
    """Exit code and words of a check."""
    capsys.readouterr()
    code = main(["check", str(folder), *(words or ("--quick",))])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


# --- the map -------------------------------------------------------------------------------------


def with_place(folder: Path, longitude: float, latitude: float) -> Path:
    """A case whose only place is a town of Kazakhstan."""
    rows = pd.read_csv(FIRST / "places.csv", dtype=str, keep_default_na=False)
    town = rows[rows["kind"] == "city"].head(1).assign(name="Town", iso3="KAZ")
    town = town.assign(longitude=str(longitude), latitude=str(latitude))
    town.to_csv(folder / "places.csv", index=False, lineterminator="\n")
    assert main(["seal", str(folder)]) == 0
    return folder


def test_the_north_of_a_large_state_is_within_its_borders(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = with_place(copied("KAZ"), 71.43, 51.13)
    assert checked(folder, capsys)[0] == 0


def test_a_place_beyond_whole_borders_is_told(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = checked(with_place(copied("KAZ"), 71.43, 59.1), capsys)
    assert code == 1 and "'latitude': lies outside the borders of its state" in told


@pytest.mark.parametrize(("latitude", "wrong"), [(51.13, False), (35.0, True)])
def test_nothing_is_said_of_what_lies_beyond_a_cut_outline(
    latitude: float,
    wrong: bool,
    copied: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The outline ends at 45.6 degrees in a straight line; in the south it is whole."""
    folder = with_place(copied("KAZ"), 71.43, latitude)
    points = [(52, 45.6), (80, 45.6), (80, 42), (70, 41), (52, 42), (52, 45.6)]
    rows = [("KAZ", 1, 1, i, x, y) for i, (x, y) in enumerate(points, 1)]
    columns = "iso3 part ring point longitude latitude".split()
    pd.DataFrame(rows, columns=columns).to_csv(folder / "borders.csv", index=False)
    assert main(["seal", str(folder)]) == 0
    code, told = checked(folder, capsys)
    assert (code == 1) == wrong == ("outside the borders" in told), told


def test_what_is_told_of_the_rows_of_a_map_is_true(made: Callable[[str], Path]) -> None:
    case = data.open_case(made("KAZ"))
    names = case.table("partners").set_index("iso3")["name"]
    told = case.described("borders")["filter"]
    for state in case.table("borders")["iso3"].unique():
        assert names[state] in told
    first = data.first_case()
    assert case.table("borders").equals(first.table("borders"))


# --- foreign ministers ---------------------------------------------------------------------------


def test_ministers_of_the_states_beside_it_are_taken_over(
    made: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    case = data.open_case(made("UZB"))
    ministers, first = case.table("ministers"), data.first_case().table("ministers")
    assert set(ministers["iso3"]) == set(first["iso3"]) and "UZB" in set(first["iso3"])
    told = case.described("ministers")["filter"]
    assert "Kazakhstan from autumn 1994" in told and "Kyrgyzstan" in told
    assert "ministers: as in the case" not in checked(made("UZB"), capsys)[1]


def test_a_state_whose_ministers_nobody_found_has_those_of_the_others(
    made: Callable[[str], Path],
) -> None:
    case = data.open_case(made("TJK"))
    assert set(case.table("ministers")["iso3"]) == {"KAZ", "KGZ", "TKM", "UZB"}
