"""Cases of other states: made from the shared tables, looked at, zipped, and spoiled."""

from __future__ import annotations

import json
import re
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import checked
from hypothesis import given
from hypothesis import strategies as st

from multivector import alignment, breaks, cases, claims, data, engagement
from multivector.cases import building, composing, examining, making
from multivector.charts import grammar
from multivector.claims import anywhere
from multivector.commands import main
from multivector.tables import archives, seals, shape

ROOT = Path(data.__file__).resolve().parents[2]
CASE = ROOT / "data"
REGION = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
OTHERS = tuple(one for one in REGION if one != "KGZ")
#: Words that only the case of this book has; a table may hold what its source says.
ITS_OWN = re.compile(
    r"\bKyrgyz\b|Akayev|Bakiyev|Otunbay?eva|Atambayev|Manas|\bKant\b|Bishkek|\bOsh\b"
    r"|Batken|Kumtor|\bSari\b|the paper|\bC\d\d\b|KYR-"
)
FROM_SOURCES = {
    "leaders.csv": {"Akayev", "Bakiyev", "Otunbayeva", "Atambayev", "KYR-"},
    "ethnic_groups.csv": {"Kyrgyz"},
    "ministers.csv": {"Bishkek", "Kyrgyz", "Otunbaeva"},
}


@pytest.fixture(scope="session")
def origin() -> data.Case:
    return data.open_case(CASE)


def put(folder: Path, table: str, old: str, new: str) -> None:
    file = folder / shape.file_of(table)
    text = file.read_text(encoding="utf-8")
    assert old in text, (table, old)
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def descriptor(folder: Path) -> dict:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def describe(folder: Path, package: dict) -> None:
    text = json.dumps(package, ensure_ascii=False)
    (folder / "datapackage.json").write_text(text, encoding="utf-8")


# --- what a case can do without --------------------------------------------------------------------


def minimal(folder: Path) -> None:
    package = descriptor(folder)
    kept = [r for r in package["resources"] if r["name"] in shape.REQUIRED]
    for resource in package["resources"]:
        if resource not in kept:
            (folder / resource["path"]).unlink()
    describe(folder, package | {"resources": kept})


def test_hand_made_and_shared_tables_are_enough(tmp_path: Path) -> None:
    folder = shutil.copytree(CASE, tmp_path / "case")
    minimal(folder)
    case = data.open_case(folder)
    assert set(case.tables) == {*shape.BY_HAND, *shape.SHARED}
    assert case.missing("trade", "events", "claims") == {
        "trade": "the partners of trade",
        "claims": "the ledger of claims",
    }
    assert set(case.missing()) == set(shape.NEEDED_FOR)
    with pytest.raises(
        data.Missing, match="'trade' is not in the case .needed for the"
    ):
        case.table("trade")


def test_every_optional_table_says_what_it_is_for(origin: data.Case) -> None:
    assert set(origin.tables) == set(shape.REQUIRED) | set(shape.NEEDED_FOR)
    readme = (CASE / "README.md").read_text(encoding="utf-8")
    for table in origin.tables:
        assert f"`{table}" in readme, table


def test_a_case_without_versions_has_one_coding(made: Callable[[str], Path]) -> None:
    case = data.open_case(made("invented"))
    assert case.versions == ("record",)
    assert len(case.following("paper").acts) == len(case.acts) > 30
    with pytest.raises(data.Missing, match="one version only"):
        case.swapped("anything")


def test_acts_with_one_of_the_two_columns_of_versions_open_with_a_word_of_it(
    copied: Callable[[str], Path],
) -> None:
    folder = copied("invented")
    package = descriptor(folder)
    events = next(r for r in package["resources"] if r["name"] == "events")
    events["schema"]["fields"].append({"name": "follows", "type": "string"})
    describe(folder, package)
    rows = pd.read_csv(folder / "events.csv", dtype=str, comment="#")
    rows.assign(follows="record").to_csv(folder / "events.csv", index=False)
    with pytest.raises(data.CaseError, match="follows.*alternative"):
        data.open_case(folder)


# --- lines that only explain --------------------------------------------------------------------------


def test_a_line_that_begins_with_a_hash_is_passed_over_only_where_that_is_said(
    copied: Callable[[str], Path],
) -> None:
    folder = copied("invented")
    acts = len(data.open_case(folder).acts)
    file = folder / "events.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(f'{text}#E9,"a quoted, line"\n\n# the end\n', encoding="utf-8")
    assert len(data.open_case(folder).acts) == acts
    package = descriptor(folder)
    for resource in package["resources"]:
        resource.pop("dialect", None)
    describe(folder, package)
    with pytest.raises(data.CaseError, match=r"events\.csv"):
        data.open_case(folder)


def test_another_dialect_is_refused(copied: Callable[[str], Path]) -> None:
    folder = copied("invented")
    package = descriptor(folder)
    package["resources"][0]["dialect"] = {"commentChar": "%"}
    describe(folder, package)
    with pytest.raises(data.CaseError, match="dialect: is not read by this essay"):
        data.open_case(folder)


def test_a_cell_that_begins_with_a_hash_stays(made: Callable[[str], Path]) -> None:
    case = data.open_case(made("invented"))
    assert case.vectors["colour"].str.startswith("#").all()


def test_an_empty_table_is_refused_unless_it_was_sealed_empty(
    copied: Callable[[str], Path],
) -> None:
    folder = copied("TJK")
    assert data.open_case(folder).acts.empty
    package = descriptor(folder)
    events = next(r for r in package["resources"] if r["name"] == "events")
    assert events["rows"] == 0
    events["rows"] = 3
    describe(folder, package)
    with pytest.raises(data.CaseError, match=r"events\.csv: no rows"):
        data.open_case(folder)


# --- cases of other states ------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [*REGION, "invented"])
def test_a_case_of_a_state_is_whole_and_opens(
    state: str, made: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made(state)
    case = data.open_case(folder)
    assert not case.changed, "sealed as it was made"
    assert case.state not in case.peers and len(case.peers) >= 2
    assert case.iso3(case.poles[0]) and len(case.poles) == 2
    code, said = checked(folder, capsys, "--quick")
    assert code == 0 and case.name in said and "Chapters" in said
    if state != "invented":
        assert case.state == state
        assert {"trade", "machine_events", "exercises", "measures"} <= set(case.tables)
        assert set(case.table("trade")["iso3"]) >= {state}
        assert case.partner_vectors().get(state) is None


@pytest.mark.parametrize("state", OTHERS)
def test_nothing_in_it_is_only_of_the_case_of_this_book(
    state: str, made: Callable[[str], Path]
) -> None:
    for file in made(state).iterdir():
        found = set(ITS_OWN.findall(file.read_text(encoding="utf-8")))
        assert found <= FROM_SOURCES.get(file.name, set()), (file.name, found)


def test_the_words_that_are_looked_for_are_in_the_case_of_this_book() -> None:
    text = "".join(f.read_text(encoding="utf-8") for f in CASE.iterdir())
    assert {"Manas", "Sari", "the paper", "C07", "KYR-"} <= set(ITS_OWN.findall(text))


@pytest.mark.parametrize("state", [*OTHERS, "invented"])
def test_every_example_becomes_a_row_when_its_sign_is_taken_away(
    state: str, copied: Callable[[str], Path]
) -> None:
    folder = copied(state)
    before = {t: len(data.open_case(folder).table(t)) for t in shape.BY_HAND}
    for table in shape.BY_HAND:
        file = folder / f"{table}.csv"
        text = file.read_text(encoding="utf-8").replace("#E001", "#E901")
        text = text.replace("#E002", "#E902")
        file.write_text(re.sub(r"(?m)^#(?! )", "", text), encoding="utf-8")
    if state == "invented":  # it has no such vector
        put(folder, "partners", "Other states", "Neighbours")
    case = data.open_case(folder)
    assert all(len(case.table(t)) > before[t] for t in shape.BY_HAND)
    assert "E901" in set(case.acts["id"])


@pytest.mark.parametrize("state", [*OTHERS, "invented"])
def test_the_main_measures_run_on_it(state: str, made: Callable[[str], Path]) -> None:
    case = data.open_case(made(state))
    first, last = case.span()
    day = [str(last.date())]
    remembered = engagement.engagement(
        case.events, day, vectors=list(case.vectors["vector"])
    )
    assert list(remembered["vector"]) == list(case.vectors["vector"])
    found = engagement.indices(remembered, case.poles).iloc[0]
    if state == "invented":
        assert 1 < found["effective_vectors"] <= len(case.vectors)
    else:
        assert np.isnan(found["effective_vectors"]), "no act, no number"
    votes, poles = case.table("un_votes"), [case.iso3(pole) for pole in case.poles]
    alike = alignment.agreement(votes, case.state, poles[0])
    assert alike["agreement"].between(0, 1).sum() >= 10
    net = alignment.gap_net_of_peers(votes, case.state, *poles, case.peers)
    series = net.set_index("year")["net"].loc[first.year : last.year].dropna()
    result = breaks.sup_f(series, "ar1", draws=19, seed=1)
    assert 0 < result.p <= 1
    if case.has("machine_events"):
        partners = case.partner_vectors()
        shares = alignment.cooperation_shares(
            case.table("machine_events"), case.state, partners, ""
        )
        told = shares.groupby("year")["value"].sum()
        assert np.allclose(told[told > 0], 1)
    words = " ".join(map(str, [*remembered["vector"], *net.columns, result]))
    assert not ITS_OWN.search(words)


@pytest.mark.parametrize("state, pole", [("RUS", "CHN"), ("USA", "CHN")])
def test_a_pole_that_is_the_state_itself_gives_its_place(
    state: str, pole: str, origin: data.Case
) -> None:
    draft = cases.drafted(state, origin)
    vectors = draft.sheets["vectors"].rows
    assert state not in set(vectors["iso3"])
    assert pole in set(vectors.loc[vectors["pole"] != "", "iso3"])


def test_a_state_of_another_region_is_told_what_it_lacks(
    origin: data.Case, tmp_path: Path
) -> None:
    draft = cases.drafted("MNG", origin)
    assert "Neighbours" not in set(draft.sheets["vectors"].rows["vector"])
    assert draft.missing["trade"] == "the shared table has no row of MNG"
    # It stands there as a partner of others: that is no count of its own.
    assert "states of the region" in draft.missing["machine_events"]
    case = making.written(draft, tmp_path / "mng")
    text = (tmp_path / "mng" / "README.md").read_text(encoding="utf-8")
    assert set(draft.missing) == set(case.missing())
    assert all(f"| `{table}` |" in text for table in draft.missing)
    # A state that votes, and of which nobody has computed ideal points.
    found = [one.id for one in alignment.vector_series(case)]
    assert "un-agreement" in found and "un-distance" not in found


@pytest.mark.parametrize(
    "state, told",
    [
        ("TJX", r"did you mean TJK \(Tajikistan\)"),
        ("Tajikistan", r"did you mean TJK \(Tajikistan\)"),
        ("uzb", r"did you mean UZB"),
        ("AGO", r"Angola\), which casts no vote"),
        ("", "state is ''"),
    ],
)
def test_an_unknown_state_is_refused_with_the_nearest(
    state: str, told: str, origin: data.Case
) -> None:
    with pytest.raises(ValueError, match=told):
        cases.drafted(state, origin)


# --- written whole or not at all ---------------------------------------------------------------------------


def test_nothing_is_overwritten_unasked(
    made: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(made("invented"), tmp_path / "mine")
    put(folder, "events", "Made up", "My own work")
    before = {f.name: f.read_bytes() for f in folder.iterdir()}
    assert main(["new", str(folder)]) == 1
    assert "--force" in capsys.readouterr().err
    assert {f.name: f.read_bytes() for f in folder.iterdir()} == before
    assert main(["new", str(folder), "--force"]) == 0
    assert "My own work" not in (folder / "events.csv").read_text(encoding="utf-8")
    assert [one.name for one in tmp_path.iterdir()] == ["mine"]


def test_what_is_no_case_is_never_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    for path in (tmp_path / "thesis", tmp_path / "thesis" / "chapter.txt"):
        assert main(["new", str(path), "--force"]) == 1
        assert "is no case" in capsys.readouterr().err
    assert main(["new", str(tmp_path / "no" / "such" / "place")]) == 1
    assert "does not exist" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["chapter.txt", "thesis"]


def test_nothing_is_left_of_a_case_that_does_not_open(
    origin: data.Case, tmp_path: Path
) -> None:
    draft = cases.invented(origin)
    vectors = draft.sheets["vectors"]
    spoiled = vectors._replace(rows=vectors.rows.assign(pole=""))
    bad = draft._replace(sheets=draft.sheets | {"vectors": spoiled})
    with pytest.raises(data.CaseError, match="two poles"):
        making.written(bad, tmp_path / "case")
    assert list(tmp_path.iterdir()) == []
    good = making.written(draft, tmp_path / "case")
    with pytest.raises(data.CaseError):
        making.written(bad, tmp_path / "case", force=True)
    assert len(data.open_case(tmp_path / "case").acts) == len(good.acts)
    assert [one.name for one in tmp_path.iterdir()] == ["case"]


def test_a_case_that_is_made_twice_is_the_same(
    made: Callable[[str], Path], tmp_path: Path
) -> None:
    assert main(["new", str(tmp_path / "again"), "--state", "TJK"]) == 0
    for file in made("TJK").iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_a_case_is_a_data_package(made: Callable[[str], Path]) -> None:
    import frictionless

    for state in ("TJK", "invented"):
        report = frictionless.validate(str(made(state) / "datapackage.json"))
        assert report.valid, report.flatten(["title", "message"])


# --- doubts -----------------------------------------------------------------------------------------------


def test_a_seal_that_lies_is_told(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied("invented")
    put(folder, "events", "Made up", "Changed")
    code, said = checked(folder, capsys)
    assert code == 0 and "events: changed since it was sealed" in said
    assert main(["seal", str(folder)]) == 0
    assert "changed since" not in checked(folder, capsys)[1]


def test_tables_of_another_state_are_told(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied("TJK")
    package, ours = descriptor(folder), descriptor(CASE)
    about = next(r for r in ours["resources"] if r["name"] == "decisions")
    shutil.copy(CASE / about["path"], folder)
    describe(folder, package | {"resources": [*package["resources"], about]})
    code, said = checked(folder, capsys, "--quick")
    assert code == 0 and "decisions: as in the case of Kyrgyzstan" in said
    assert "trade: as in" not in said, "outside tables are shared"
    put(folder, "decisions", "concession", "contract")
    assert "decisions: as in" not in checked(folder, capsys, "--quick")[1]


def test_a_state_among_its_own_peers_is_refused(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied("TJK")
    put(folder, "actors", "TJK,Tajikistan,self,,false", "TJK,Tajikistan,self,,true")
    code, said = checked(folder, capsys)
    assert code == 1 and "the state under study is among its own peers" in said


def test_a_peer_that_never_voted_is_refused(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied("invented")
    rows = pd.read_csv(folder / "un_votes.csv", dtype=str)
    rows.assign(XHI="8").to_csv(folder / "un_votes.csv", index=False)
    code, said = checked(folder, capsys)
    assert code == 1 and "never votes in un_votes.csv ('XHI')" in said


def test_two_leaders_in_office_at_once_are_refused(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied("invented")
    put(folder, "leaders", "Birch,2001-06-30", "Birch,2000-01-01")
    code, said = checked(folder, capsys)
    assert code == 1 and "begins while another leader is still in office" in said


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("Birch,2001-06-30", "Birch,2000-06-30", "the presidency before is still in"),
        ("Alder,1994-03-01", "Alder,1990-03-01", "no leader of the state"),
        ("2001-06-30,2001-06-30", "2001-06-30,2001-06-29", "the end lies before"),
        ("2001-06-30,2001-06-30", "2031-06-30,2031-06-30", "outside the span"),
    ],
)
def test_periods_that_overlap_or_have_no_leader_are_refused(
    old: str,
    new: str,
    told: str,
    copied: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = copied("invented")
    put(folder, "periods", old, new)
    code, said = checked(folder, capsys)
    assert code == 1 and told in said


def test_a_state_that_was_renamed_midway_is_told(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied("invented")
    file = folder / "un_votes.csv"
    rows = pd.read_csv(file, dtype=str)
    gone = rows["year"].astype(int) > 2000
    rows.assign(XHI=rows["XHI"].mask(gone, "9")).to_csv(file, index=False)
    put(folder, "partners", "XMI,Midland", "XMI,Middle Kingdom")
    code, said = checked(folder, capsys)
    assert code == 0
    assert "XHI votes from 1995 to 2000 only; if the state was renamed" in said
    assert "XMI is Midland, and Middle Kingdom in partners" in said


def test_a_case_of_a_newer_layout_is_refused(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied("invented")
    describe(folder, descriptor(folder) | {"layout": shape.LAYOUT + 1})
    code, said = checked(folder, capsys)
    assert code == 1 and "newer than the lay-out that is read here" in said
    describe(folder, descriptor(folder) | {"layout": "new"})
    assert "not a whole number" in checked(folder, capsys)[1]


def test_equal_problems_are_told_once(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied("invented")
    file = folder / "events.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("external", "abroad"), encoding="utf-8")
    code, said = checked(folder, capsys)
    assert code == 1 and said.count("not an allowed value") == 1
    assert re.search(r"\d\d rows: not an allowed value", said)


# --- chapters and rules --------------------------------------------------------------------------------------


def test_what_a_chapter_lacks_is_told(made: Callable[[str], Path], origin) -> None:
    case = data.open_case(made("TJK"))
    report = examining.examined(case, origin, judged=False)
    assert any("no act yet" in one for one in report.doubts)
    done = composing.tried(case, ["a8-paper-and-record"])
    assert done.gone == ["a8-paper-and-record"]
    assert any("differences" in one.why for one in done.lost["a8-paper-and-record"])
    said = "\n".join(examining.told(case, report._replace(chapters=done)))
    assert "a8-paper-and-record" in said and "differences" in said


def test_words_for_what_no_chapter_has_are_refused(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied("invented")
    words = folder / "text"
    words.mkdir()
    (words / "99-nowhere.md").write_text("+++ a\nWords.\n")
    (words / "index.md").write_text("+++ no-such-cell\nWords.\n")
    code, said = checked(folder, capsys, "--quick")
    assert code == 1 and "no chapter is '99-nowhere'" in said
    assert "text/index.md, line 1: no cell of that chapter is 'no-such-cell'" in said
    assert "Write the id of the cell" in said and "balance-words" in said
    assert said.index("Wrong (2):") < said.index("Doubtful")
    with pytest.raises(ValueError, match="99-nowhere"):
        composing.composed(data.open_case(folder), folder.parent / "out")


# --- zips -----------------------------------------------------------------------------------------------------


def zipped(folder: Path, file: Path, inside: str = "") -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(folder.iterdir()):
            archive.write(one, f"{inside}{one.name}")
    return file


@pytest.mark.parametrize("inside", ["", "my case/"])
def test_a_zip_opens_as_its_folder_does(
    inside: str,
    made: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = zipped(made("invented"), tmp_path / "case.zip", inside)
    monkeypatch.setenv("MULTIVECTOR_CASE", str(file))
    one, other = data.open_case(), data.open_case(made("invented"))
    assert one.fingerprint() == other.fingerprint() and one.path == file
    assert checked(file, capsys, "--quick")[0] == 0
    assert [p.name for p in tmp_path.iterdir()] == ["case.zip"], "nothing is unpacked"


def test_a_zip_is_not_sealed(
    made: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = zipped(made("invented"), tmp_path / "case.zip")
    before = file.read_bytes()
    assert main(["seal", str(file)]) == 1
    assert "seal the folder of the case" in capsys.readouterr().err
    assert file.read_bytes() == before


def link(name: str) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name)
    found.create_system = 3
    found.external_attr = (stat.S_IFLNK | 0o777) << 16
    return found


@pytest.mark.parametrize(
    "member, told",
    [
        ("../events.csv", "leads out of the zip"),
        ("a/../../events.csv", "leads out of the zip"),
        ("/etc/events.csv", "leads out of the zip"),
        ("C:/events.csv", "leads out of the zip"),
        ("..\\events.csv", "leads out of the zip"),
        (link("events-too.csv"), "is a link"),
    ],
)
def test_what_leads_out_of_a_zip_is_refused(
    member: str | zipfile.ZipInfo,
    told: str,
    made: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    (tmp_path / "in").mkdir()
    file = zipped(made("invented"), tmp_path / "in" / "case.zip")
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(member, "/etc/passwd")
    with pytest.raises(data.CaseError, match=told):
        data.open_case(file)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["case.zip", "in"]


def test_a_zip_that_is_too_much_is_refused(
    made: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = zipped(made("invented"), tmp_path / "case.zip")
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.csv", bytes(archives.MOST_BYTES))
    assert file.stat().st_size < archives.MOST_BYTES / 100
    with pytest.raises(data.CaseError, match="comes to .* bytes"):
        data.open_case(file)
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    with pytest.raises(data.CaseError, match="files; allowed: 3"):
        data.open_case(file)


def test_a_spoiled_zip_is_told(made: Callable[[str], Path], tmp_path: Path) -> None:
    file = zipped(made("invented"), tmp_path / "case.zip")
    whole = file.read_bytes()
    file.write_bytes(whole[:-200])
    with pytest.raises(data.CaseError, match="not a readable zip"):
        data.open_case(file)
    middle = bytearray(whole)
    middle[len(whole) // 3] ^= 0xFF
    file.write_bytes(bytes(middle))
    with pytest.raises(data.CaseError, match="zip"):
        data.open_case(file)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(data.CaseError, match=r"datapackage\.json: missing file"):
        data.open_case(file)


# --- the book on a case ----------------------------------------------------------------------------------------


def test_the_book_is_never_built_into_its_own_folder(
    made: Callable[[str], Path], tmp_path: Path
) -> None:
    case = data.open_case(made("invented"))
    for place in (ROOT, ROOT / "_build", ROOT / "_build" / "html", case.path):
        with pytest.raises(ValueError, match="own folder"):
            building.place_of(case, place)
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match="other things"):
        building.place_of(case, tmp_path)
    inside = building.place_of(case, tmp_path / "new") / building.SOURCE / "case"
    held = data.open_case(shutil.copytree(case.path, inside))
    with pytest.raises(ValueError, match="own folder"):  # it is emptied before
        building.place_of(held, tmp_path / "new")
    shutil.rmtree(tmp_path / "new")
    assert building.place_of(case, None) == case.path.with_name("invented-book")
    assert building.place_of(case, tmp_path / "new") == tmp_path / "new"


def test_notebooks_that_fail_are_named(
    made: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a builder that leaves what the real one leaves behind a failing cell."""
    reports = tmp_path / "out" / "_build" / "html" / "reports" / "book"
    reports.mkdir(parents=True)
    (reports / "05-second.err.log").write_text(
        "Traceback\n\x1b[31mMissing\x1b[0m: period 'x' is not in the case\n"
    )
    case = data.open_case(made("invented"))
    command = ["python3", "-c", "import os; print(os.environ['MULTIVECTOR_CASE'])"]
    done = building.built(case, tmp_path / "out", command)
    assert done.said.strip() == str(case.path)
    assert done.failed == {"05-second": "Missing: period 'x' is not in the case"}


def test_a_book_that_does_not_build_says_why_and_where(tmp_path: Path) -> None:
    """In one line, with chapter and cell: a line of a notebook counts its cells."""
    cells = [{"id": "head"}, {"id": "bet-tilt"}]
    (tmp_path / "book").mkdir()
    text = json.dumps({"cells": cells})
    (tmp_path / "book" / "04-first.ipynb").write_text(text, encoding="utf-8")
    said = (
        "reading sources\n\x1b[91m/a/book/04-first.ipynb:20002: WARNING: 04-tilt: answer "
        "is 12; allowed: 0.0 to 10.0 [mystnb.glue]\x1b[39m\n"
        "/a/book/glossary.md:7: WARNING: no such term\n"
    )
    done = building.Built(tmp_path, {}, 1, said)
    told = building.reason(done, tmp_path)
    assert told == (
        "the book did not build: 04-first, cell 'bet-tilt': 04-tilt: answer is 12; "
        "allowed: 0.0 to 10.0 (and 1 more)"
    )
    line = building.warnings(said)[1]
    assert building.placed(line, tmp_path) == "glossary.md, line 7: no such term"
    assert "broke off" in building.reason(done._replace(said="broke off"), tmp_path)
    failed = done._replace(failed={"05-second": "KeyError: 1"})
    assert "05-second: KeyError: 1" in building.reason(failed, tmp_path)


# --- claims about small states as such, and claims about one ------------------------------------------------


@pytest.mark.parametrize("state", ["TJK", "invented"])
def test_only_general_claims_are_tried_on_another_case(
    state: str, made: Callable[[str], Path], origin: data.Case
) -> None:
    case = data.open_case(made(state))
    found = claims.general(case, origin).set_index("id")
    about = origin.claims.set_index("id")["about"]
    assert set(found.index) == set(about.index[about == "general"])
    assert "C28" not in found.index, "how another leader fell is no matter here"
    assert set(found["verdict"]) <= set(claims.VERDICTS)
    assert {"C05", "C20", "C36"} <= set(found.query("verdict != 'not testable'").index)
    assert found[["section", "method", "outcome", "by_order"]].notna().all(axis=None)
    words = " ".join([*found["claim"], *found["reading"]])
    assert not re.search("Akayev|Bakiyev|Kyrgyz(?!stan)|bakiyev", words)


def test_the_case_of_this_book_is_at_hand_whatever_is_open(
    made: Callable[[str], Path],
    origin: data.Case,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("MULTIVECTOR_CASE", str(made("invented")))
    assert data.open_case().state != origin.state == data.first_case().state
    monkeypatch.setattr(data, "ROOT", tmp_path)
    with pytest.raises(data.Missing, match="is not here"):
        data.first_case()


def test_a_general_claim_compares_a_state_with_its_own_peers(
    made: Callable[[str], Path], origin: data.Case
) -> None:
    case = data.open_case(made("TJK"))
    for rule in claims.general_rules(origin).itertuples():
        if "own" in str(rule.elsewhere):
            with pytest.raises(data.Missing, match="Tajikistan"):
                anywhere.replaced(rule, case)
            continue
        given = anywhere.replaced(rule, case)
        assert given.get("compared", case.peers) == case.peers
        assert given.get("until", "study") == "study"
        assert case.state not in json.dumps(given)
        added = set(given) - set(rule.parameters)
        assert added <= {anywhere.HOLES} and set(rule.parameters) <= set(given)
        if rule.id == "C04":
            assert given["years"] == [2001, 2003, 2009] != rule.parameters["years"]
    found = claims.general(case, origin).set_index("id")["reading"]
    assert "53 of 91" in found["C07"] or "sets of 2" in found["C07"]


@pytest.mark.parametrize("state", ["TJK", "invented"])
def test_claims_that_are_lent_are_judged_as_on_any_case(
    state: str, made: Callable[[str], Path], origin: data.Case
) -> None:
    case = data.open_case(made(state))
    lent = claims.lent(case, origin)
    columns = ["id", "verdict", "statistic"]
    one, other = claims.verdicts(lent), claims.general(case, origin)
    pd.testing.assert_frame_equal(one[columns], other[columns])
    assert lent.claims["section"].isna().all() and lent.claims["left_out"].isna().all()
    words = " ".join([*lent.claims["operational"], *lent.table("rules")["question"]])
    assert not re.search("Kyrgyz|Akayev|Bakiyev|Kazakhstan|the paper", words)


def test_a_case_with_claims_lends_itself_none(origin: data.Case) -> None:
    assert claims.lent(origin) is origin


def test_claims_that_are_lent_bring_the_choices_of_the_case(
    made: Callable[[str], Path], origin: data.Case
) -> None:
    case = data.open_case(made("TJK"))
    lent = claims.lent(case, origin)
    choices = lent.table("choices")
    told = " ".join([*choices["option"], *choices["why"]])
    assert "the paper" not in told and "without Kyrgyzstan" in told
    given = choices["parameters"][choices["choice"] == "peers"]
    assert given.iloc[0] == {"peers": case.peers} and len(given) == 1 + len(case.peers)
    assert all(len(one["peers"]) == len(case.peers) - 1 for one in given.iloc[1:])
    rules = lent.table("rules")
    named = rules["choices"].dropna().str.split("; ").explode()
    assert set(named) == set(choices["choice"])
    settings = claims.multiverse(lent, only=["C07"]).groupby("id").size()
    assert settings["C07"] == len(given) * 2


def test_only_what_can_be_judged_in_several_ways_is_varied() -> None:
    rows = pd.DataFrame(
        [
            ("A", "mixed", 4, 0.5),
            ("B", "mixed", 1, 1.0),
            ("C", "not testable", 4, 1.0),
            ("D", "supported", 2, 0.25),
        ],
        columns=["id", "outcome", "settings", "share"],
    )
    assert list(claims.varied(rows)["id"]) == ["D", "A"]
    with pytest.raises(data.Missing, match="more than one way"):
        claims.varied(rows[rows["id"].isin(["B", "C"])])


def test_years_that_a_case_names_are_in_order(
    made: Callable[[str], Path], origin: data.Case
) -> None:
    assert origin.named_breaks() == [2001, 2005, 2010]
    assert data.open_case(made("TJK")).named_breaks() == []


def test_a_break_at_the_end_of_a_year_is_asked_of_the_year_after(
    origin: data.Case,
) -> None:
    def named(*days: str) -> list[int]:
        periods = origin.periods[origin.periods["kind"] != "named break"]
        kept = origin.periods[origin.periods["kind"] == "named break"].iloc[: len(days)]
        when = pd.to_datetime(list(days)).as_unit("us")
        told = pd.concat([periods, kept.assign(start=when, end=when)])
        tables = origin._tables | {"periods": told}
        case = data.Case(origin.path, origin._package, tables, origin.coding)
        return case.named_breaks()

    assert named("2001-12-17", "2005-12-18") == [2001, 2006]
    assert named("2010-12-31") == [2010]  # the study has no year after


def test_without_peers_a_claim_that_compares_cannot_be_tested(
    made: Callable[[str], Path], origin: data.Case, tmp_path: Path
) -> None:
    folder = shutil.copytree(made("TJK"), tmp_path / "case")
    rows = pd.read_csv(folder / "actors.csv", comment="#", dtype=str)
    rows.assign(peer="false").to_csv(folder / "actors.csv", index=False)
    alone = data.open_case(folder)
    assert alone.peers == []
    found = claims.verdicts(claims.lent(alone, origin)).set_index("id")
    assert set(found.loc[["C04", "C07"], "verdict"]) == {"not testable"}
    assert "peers of Tajikistan" in found["reading"]["C07"]


def test_every_word_of_elsewhere_is_known(origin: data.Case) -> None:
    rules = claims.general_rules(origin)
    words = rules["elsewhere"].dropna().str.split("; ").explode()
    told = words.str.partition("=")[2]
    years = {word for word in told if shape.YEARS.fullmatch(word)}
    assert len(words) >= 4 and years and set(told) - years <= set(shape.ELSEWHERE)
    assert {*anywhere.ELSEWHERE, anywhere.OWN} == set(shape.ELSEWHERE)
    for rule in rules.dropna(subset="elsewhere").itertuples():
        names = [one.partition("=")[0] for one in rule.elsewhere.split("; ")]
        assert set(names) <= set(rule.parameters)
    others = claims.judging.rules_of(origin).query("about == 'state'")
    assert others["elsewhere"].isna().all()


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("compared=peers", "compared=friends", "nothing that another case has"),
        ("until=span", "unto=span", "no parameter of the rule"),
    ],
)
def test_a_wrong_word_of_elsewhere_is_refused(
    old: str, new: str, told: str, tmp_path: Path
) -> None:
    folder = shutil.copytree(CASE, tmp_path / "case")
    put(folder, "rules", old, new)
    with pytest.raises(data.CaseError, match=told):
        data.open_case(folder)


def test_a_claim_about_a_state_names_it_or_its_people(origin: data.Case) -> None:
    """And a general one does not."""
    rows = origin.claims[origin.claims["about"] == "general"]
    for text in rows["claim"]:
        assert not re.search("Kyrgyz|Akayev|Bakiyev|Batken|2005|2009", text), text


def test_a_case_with_claims_of_its_own_brings_them(
    made: Callable[[str], Path], origin: data.Case
) -> None:
    case = data.open_case(made("TJK"))
    with pytest.raises(data.Missing, match="ledger of claims"):
        claims.evaluate(case)


def test_days_half_way_of_no_acts_are_none(made: Callable[[str], Path]) -> None:
    acts = data.open_case(made("TJK")).acts
    assert grammar.midway(acts["start"], acts["end"]).dtype == "int64"


def with_claims(
    folder: Path, ids: tuple[str, ...], old: str = "", new: str = ""
) -> None:
    """Give a case some claims of the case of this book as its own."""
    package, ours = descriptor(folder), descriptor(CASE)
    package["resources"] += [
        next(r for r in ours["resources"] if r["name"] == name)
        for name in ("claims", "rules")
    ]
    rows = pd.read_csv(CASE / "claims.csv", dtype=str, keep_default_na=False)
    rows[rows["id"].isin(ids)].to_csv(folder / "claims.csv", index=False)
    text = (CASE / "rules.toml").read_text(encoding="utf-8")
    parts = re.split(r"(?m)^(?=\[C\d\d\.\d\])", text)
    kept = "".join(part for part in parts if part[1:4] in ids)
    assert old in kept
    (folder / "rules.toml").write_text(kept.replace(old, new), encoding="utf-8")
    describe(folder, package)


def test_each_rule_of_a_case_is_told_with_its_verdict_or_what_it_lacks(
    copied: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = copied("invented")
    with_claims(folder, ("C12", "C20"))
    monkeypatch.setattr(composing, "tried", lambda case: None)  # chapters take minutes
    code, said = main(["check", str(folder)]), capsys.readouterr().out
    assert code == 0
    assert "Rules (2):" in said and "- C20: illustrated only" in said
    assert re.search(r"- C12: Needs ", said)
    assert "General claims of the case of this book, tried here" in said
    assert "Rules: not run." in checked(folder, capsys, "--quick")[1]


def test_a_rule_that_compares_the_state_with_itself_is_refused(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied("invented")
    with_claims(folder, ("C04",), '"KAZ"', '"XLO"')
    code, said = checked(folder, capsys)
    assert code == 1 and "compares the state under study with itself" in said


def test_a_rule_that_names_what_the_case_does_not_have_is_refused(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied("invented")
    with_claims(folder, ("C08",))
    code, said = checked(folder, capsys)
    assert code == 1 and "bakiyev" in said and "periods.csv" in said


# --- properties --------------------------------------------------------------------------------------------------

PARTS = st.text("abc.é_- ", min_size=1, max_size=6).filter(lambda part: part != "..")


@given(
    st.lists(PARTS, min_size=1, max_size=5), st.integers(0, 5), st.sampled_from("/\\")
)
def test_a_path_leads_out_if_a_part_of_it_goes_up(
    parts: list[str], at: int, slash: str
) -> None:
    assert not archives._leads_out("/".join(parts))
    at = min(at, len(parts))
    assert archives._leads_out(slash.join([*parts[:at], "..", *parts[at:]]))
    assert archives._leads_out(slash + slash.join(parts))


LINES = st.lists(st.sampled_from(["a,b", "#a,b", '"#",b', "# a word, or two", ",#"]))


@given(LINES)
def test_rows_are_counted_as_they_are_read(lines: list[str]) -> None:
    content = "\n".join(["one,two", *lines, ""]).encode()
    said = [line for line in lines if not line.startswith(("#", '"#'))]
    assert seals.seal(content, comments=True)["rows"] == len(said)
    assert seals.seal(content)["rows"] == len(lines)


def test_a_draft_measures_what_powers_did_in_the_rest_of_its_region(
    origin: data.Case, tmp_path: Path
) -> None:
    draft = cases.drafted("TJK", origin)
    rows, vectors = draft.sheets["significance"].rows, draft.sheets["vectors"].rows
    great = vectors.loc[vectors["great_power"] == "true", "iso3"]
    assert set(rows["powers"]) == {"|".join(great)}
    assert not rows["why"].str.contains(origin.name).any()
    case = making.written(draft, tmp_path / "tjk")
    there = alignment.region_significance(case)
    assert there["significance"].notna().sum() > 5
    far = cases.drafted("MNG", origin)
    assert "significance" not in far.sheets and "MNG" in far.missing["significance"]
