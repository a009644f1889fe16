"""What a draft of a state takes over from the shared tables, and what its check then says."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import checked

from multivector import cases, data
from multivector.cases import composing, fragments, pointing
from multivector.commands import main

FIRST = Path(data.first_case().path)


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


# --- marks ---------------------------------------------------------------------------------------


def with_marks(folder: Path, *lines: str) -> Path:
    file = folder / "marks.csv"
    header = file.read_text(encoding="utf-8").splitlines()[0]
    file.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    assert main(["seal", str(folder)]) == 0
    return folder


def pieces(case: data.Case) -> dict[str, list[fragments.Piece]]:
    return {n: composing._pieces(case, n)[0] for n in composing.chapters()}


def test_what_another_book_points_at_is_told_by_the_first_case(
    made: Callable[[str], Path],
) -> None:
    """Purpose and example stand for just the marks that composed chapters ask for."""
    asked = set(pointing.asked(pieces(data.open_case(made("KAZ")))))
    told = data.first_case().table("marks").dropna(subset="elsewhere")
    assert asked and asked == set(told["mark"])
    examples = re.findall(r"^#([\w-]+),", (made("KAZ") / "marks.csv").read_text(), re.M)
    assert set(examples) == asked
    readme = (FIRST / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in readme for name in asked)


def test_all_marks_that_a_case_lacks_are_told_at_once(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = with_marks(copied("KAZ"), "exercises-after,span,,2002 2004,After")
    code, told = checked(folder, capsys)
    assert code == 0 and "marks.csv does not have (3)" in told
    assert "a7-timeline: exercises-with (rows of vectors, by its first column)" in told
    assert "exercises-after" not in told


@pytest.mark.parametrize("value", ["1996", "2001 1998", "1996 1998 2000"])
@pytest.mark.parametrize("kind", ["years", "span"])
def test_a_span_has_a_first_year_and_a_last(
    value: str,
    kind: str,
    copied: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = with_marks(copied("KAZ"), f"exercises-before,{kind},,{value},Before")
    code, told = checked(folder, capsys)
    assert code == 1 and value in told and "2001 2005" in told, told
    if kind == "years":  # a case of before there was such a kind: nothing is composed
        with pytest.raises(ValueError, match="exercises-before"):
            composing.composed(data.open_case(folder), folder.parent / "out")


# --- acts ----------------------------------------------------------------------------------------


def test_an_act_can_say_where_its_source_was_read(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file = copied("KAZ") / "events.csv"
    act = (
        "E001,1999-05-04,1999-05-04,day,KAZ,RUS,president,Russia,true,external,057,8.0,"
        "An agreement,A source,"
    )
    text = file.read_text(encoding="utf-8")
    for url, wrong in (("https://a.example/b", False), ("", False), ("a b", True)):
        file.write_text(f"{text}{act}{url}\n", encoding="utf-8")
        assert main(["seal", str(file.parent)]) == 0
        assert (checked(file.parent, capsys)[0] == 1) == wrong, url


def test_a_threat_lies_within_the_years_of_the_study(
    made: Callable[[str], Path], tmp_path: Path
) -> None:
    cases.written(cases.invented(), tmp_path / "case")
    assert len(data.open_case(tmp_path / "case").threats()) == 1
    file = tmp_path / "case" / "periods.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("birch", "handover"))]
    text = "\n".join([*kept, ""]).replace("2006-12-31", "2000-12-31", 1)
    file.write_text(text, encoding="utf-8")
    assert data.open_case(tmp_path / "case").threats().empty


# --- a thin case ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def thin(made: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two acts of one day, no threat, and a break in a year without a step."""
    folder = shutil.copytree(made("KAZ"), tmp_path_factory.mktemp("thin") / "KAZ")
    act = "1991-12-17,1991-12-17,day,{},{},president,United States,true,external"
    rest = "042,1.9,A visit,A source,"
    with (folder / "events.csv").open("a", encoding="utf-8") as file:
        for n, pair in enumerate((("KAZ", "USA"), ("USA", "KAZ"))):
            file.write(f"E00{n},{act.format(*pair)},{rest}\n")
    with (folder / "periods.csv").open("a", encoding="utf-8") as file:
        file.write("early,named break,Early,1991-12-16,1991-12-16,A source\n")
    return folder


def test_what_a_thin_case_lacks_is_told_and_is_no_fault(thin: Path) -> None:
    names = ["index", "01-introduction", "02-theoretical-framework", "laboratory"]
    done = composing.tried(data.open_case(thin), names)
    assert done.faults == [] and not any(done.unfit.values())
    told = {one.heading: one.why for lost in done.lost.values() for one in lost}
    assert "threat" in told["Threats on other days"]
    assert "series with all the named years" in told["Any years, any series"]
    assert not {"The whole time in one line", "Which years are told"} & set(told)
