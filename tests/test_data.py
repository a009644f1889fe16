"""The case: what it holds, what its descriptor says, and what happens when a table is spoiled."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from multivector import alignment, data

CASE = Path(data.__file__).resolve().parents[2] / "data"
VECTORS = [
    "Russia",
    "United States",
    "China",
    "European Union",
    "Turkey",
    "Neighbours",
    "Other states",
    "Global institutions",
]


@pytest.fixture(scope="module")
def case():
    return data.open_case()


@pytest.fixture
def folder(tmp_path):
    """A copy of the case that a test may spoil."""
    return shutil.copytree(CASE, tmp_path / "case")


def spoil(folder, table, change):
    """Read a table as text, change it, write it back."""
    file = folder / f"{table}.csv"
    rows = pd.read_csv(file, dtype=str, keep_default_na=False)
    change(rows).to_csv(file, index=False)


def put(column, row, value):
    """A change of one cell; ``row`` counts lines of the file, the header being 1."""

    def change(rows):
        rows.loc[row - 2, column] = value
        return rows

    return change


def problems(folder):
    with pytest.raises(data.CaseError) as caught:
        data.open_case(folder)
    return caught.value.problems


# --- what the case holds ---------------------------------------------------------------------


def test_frictionless_accepts_the_package():
    import frictionless

    report = frictionless.validate(str(CASE / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])


def test_every_table_is_sealed_and_described():
    package = json.loads((CASE / "datapackage.json").read_text(encoding="utf-8"))
    assert {r["path"] for r in package["resources"]} == {
        f.name for kind in ("csv", "toml") for f in CASE.glob(f"*.{kind}")
    }
    for resource in package["resources"]:
        content = (CASE / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest(), (
            f"{resource['path']}: python3 .ci/seal.py"
        )
        assert resource["bytes"] == len(content)
        assert resource["sources"] and resource["licenses"] and resource["citation"]
        assert resource["scope"] in ("coded", "outside")
        for field in resource["schema"]["fields"]:
            assert field["type"] and field["description"], (resource["name"], field)


def test_the_coding_is_as_large_as_the_paper(case):
    events = case.table("events")
    states = set(case.actors.query("kind in ['state', 'self']")["actor"])
    between = events[events["actor"].isin(states) & events["target"].isin(states)]
    assert len(events) >= 70 and len(between) >= 50
    for coding in data.CODINGS:
        assert len(data.open_case(coding=coding).acts) >= 70


def test_vectors_are_those_of_the_method(case):
    assert list(case.vectors["vector"]) == VECTORS
    assert case.poles == ("Russia", "United States")
    assert sorted(case.peers) == ["ARM", "AZE", "BLR", "KAZ"]


def test_votes_stand_beside_their_year(case):
    votes = case.table("un_votes")
    assert {"year", case.state, *case.peers} <= set(votes.columns)
    assert (votes.loc[votes["year"].isin([1999, 2001]), case.state] == 8).all()


def test_every_table_can_be_cited(case):
    for name in ("events", "un_votes", "leaders", "claims"):
        assert len(case.cite(name)) > 10
    with pytest.raises(ValueError, match="'votes' is not in the case"):
        case.cite("votes")


# --- codings and sharing ------------------------------------------------------------------------


def test_a_coding_follows_one_version_of_every_contested_matter(case):
    paper = data.open_case(coding="paper")
    for opened, other in ((case, "paper"), (paper, "record")):
        contested = opened.acts[opened.acts["alternative"].notna()]
        assert not contested.empty and other not in set(contested["follows"])
    assert set(paper.acts["follows"]) == {"paper"}
    everything = case.table("events")
    assert set(case.acts["id"]) | set(paper.acts["id"]) == set(everything["id"])


def test_every_row_of_the_record_names_its_source(case):
    record = case.table("events").query("follows == 'record'")
    assert (record["source"] != "Sari (2012)").all() and record[
        "alternative"
    ].notna().all()


def test_shares_of_an_act_sum_to_one(case):
    weights = case.events.dropna(subset="vector").groupby("id")["weight"].sum()
    assert weights.round(12).eq(1).all()
    assert case.events["id"].nunique() == len(case.acts)


def test_the_split_of_organisations_can_be_changed(case):
    whole = case.splits[case.splits["actor"] != "SCO"]
    own = pd.concat(
        [whole, pd.DataFrame([{"actor": "SCO", "vector": "China", "share": 1.0}])]
    )
    events = data.share_out(case.acts, own)
    assert set(events.loc[events["party"] == "SCO", "vector"]) == {"China"}


def test_context_is_kept_and_has_no_vector(case):
    context = case.acts[~case.acts["dyadic"]]
    assert (
        len(context) > 10
        and context["vector"].isna().all()
        and context["direction"].isna().all()
    )
    assert case.acts.loc[case.acts["dyadic"], "vector"].notna().all()


def test_acts_toward_the_opposition_are_not_acts_toward_the_state(case):
    opposition = case.acts[case.acts["target"] == "KGZ-OPP"]
    assert not opposition.empty and not opposition["dyadic"].any()


def test_threats_are_hostile_home_acts_in_order(case):
    threats = case.threats()
    assert (threats["goldstein"] < 0).all() and threats["start"].is_monotonic_increasing
    assert len(case.threats(within=1)) < len(threats) < len(case.threats(within=10_000))


def test_the_environment_names_another_case(folder, monkeypatch):
    spoil(folder, "actors", put("name", 2, "Elsewhere"))
    monkeypatch.setenv("MULTIVECTOR_CASE", str(folder))
    assert data.open_case().name == "Elsewhere"


def test_an_unknown_coding_is_refused():
    with pytest.raises(
        ValueError, match="coding is 'both'; allowed: 'record', 'paper'"
    ):
        data.open_case(coding="both")


# --- spoiled tables ---------------------------------------------------------------------------

CHINA = 2 + list(pd.read_csv(CASE / "partners.csv")["iso3"]).index("CHN")

SPOILED = {
    "wrong type": (
        "events",
        put("goldstein", 40, "much"),
        40,
        "goldstein",
        "much",
        "number",
    ),
    "not a date": (
        "events",
        put("start", 20, "1 May 1993"),
        20,
        "start",
        "1 May 1993",
        "YYYY-MM-DD",
    ),
    "impossible date": (
        "events",
        put("end", 20, "1993-02-30"),
        20,
        "end",
        "1993-02-30",
        "YYYY-MM-DD",
    ),
    "end before start": (
        "events",
        put("end", 20, "1901-01-01"),
        20,
        "end",
        "1901-01-01",
        "Exchange",
    ),
    "unknown vector": (
        "events",
        put("vector", 17, "Mars"),
        17,
        "vector",
        "Mars",
        "vectors.csv",
    ),
    "another actor's vector": (
        "events",
        put("vector", 41, "Turkey"),
        41,
        "vector",
        "Turkey",
        "Write",
    ),
    "unknown actor": (
        "events",
        put("actor", 30, "XXX"),
        30,
        "actor",
        "XXX",
        "actors.csv",
    ),
    "unknown level": (
        "events",
        put("level", 5, "global"),
        5,
        "level",
        "global",
        "internal, external, both",
    ),
    "repeated id": ("events", put("id", 9, "E002"), 9, "id", "E002", "own value"),
    "empty cell": (
        "events",
        put("description", 12, ""),
        12,
        "description",
        None,
        "required",
    ),
    "value contradicts code": (
        "events",
        put("goldstein", 41, "-9"),
        41,
        "goldstein",
        -9.0,
        "The code's value",
    ),
    "value out of range": (
        "events",
        put("goldstein", 41, "11"),
        41,
        "goldstein",
        "11",
        "10 or less",
    ),
    "unknown code": (
        "events",
        put("cameo", 41, "999"),
        41,
        "cameo",
        "999",
        "cameo.csv",
    ),
    "infinite number": ("splits", put("share", 2, "inf"), 2, "share", "inf", "number"),
    "share above one": (
        "splits",
        put("share", 2, "1.5"),
        2,
        "share",
        "1.5",
        "1 or less",
    ),
    "share of zero": ("splits", put("share", 2, "0"), 2, "share", "0", "or more"),
    "shares that do not sum": (
        "splits",
        put("share", 2, "0.4"),
        None,
        "share",
        0.9,
        "sum to 1",
    ),
    "colour of the wrong form": (
        "vectors",
        put("colour", 3, "red"),
        3,
        "colour",
        "red",
        "#",
    ),
    "vote that does not exist": (
        "un_votes",
        put("KGZ", 100, "4"),
        100,
        "KGZ",
        "4",
        "1, 2, 3, 8, 9",
    ),
    "a third pole": (
        "vectors",
        put("pole", 4, "2"),
        None,
        "pole",
        "1, 2, 2",
        "Mark one",
    ),
    "no state": ("actors", put("kind", 2, "state"), None, "kind", 0, "self"),
    "its own peer": ("actors", put("peer", 2, "true"), 2, "peer", True, "other states"),
    "partner of another vector": (
        "partners",
        lambda rows: rows.assign(
            vector=rows["vector"].mask(rows["iso3"] == "CHN", "Turkey")
        ),
        CHINA,
        "vector",
        "Turkey",
        "Write China",
    ),
    "unknown partner": (
        "trade",
        put("partner", 9, "XXX"),
        9,
        "partner",
        "XXX",
        "partners.csv",
    ),
    "spell that ends before it begins": (
        "alliances",
        put("to_year", 5, "1985"),
        5,
        "to_year",
        1985,
        "Exchange",
    ),
    "negative trade": (
        "trade",
        put("imports", 12, "-9"),
        12,
        "imports",
        "-9",
        "0 or more",
    ),
    "number with a comma": (
        "macro",
        put("value", 7, "1,5"),
        7,
        "value",
        "1,5",
        "number",
    ),
    "number with an underscore": (
        "macro",
        put("value", 7, "1_5"),
        7,
        "value",
        "1_5",
        "number",
    ),
    "year with a fraction": (
        "protests",
        put("year", 4, "1993.0"),
        4,
        "year",
        "1993.0",
        "whole number",
    ),
    "coder without a name": (
        "codings",
        put("coder", 3, "third"),
        3,
        "coder",
        "third",
        "first, second",
    ),
    "precision too fine": (
        "events",
        put("precision", 40, "day"),
        40,
        "precision",
        "day",
        "wider",
    ),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_cell_is_named_with_its_remedy(folder, name):
    table, change, row, column, value, remedy = SPOILED[name]
    spoil(folder, table, change)
    found = [
        p
        for p in problems(folder)
        if p.file == f"{table}.csv" and p.row == row and p.column == column
    ]
    assert found, problems(folder)
    assert any(p.value == value and remedy in f"{p.wrong} {p.remedy}" for p in found), (
        found
    )


def test_the_message_names_everything(folder):
    spoil(folder, "events", put("level", 5, "global"))
    with pytest.raises(
        data.CaseError,
        match=r"events\.csv, row 5, column 'level': not an allowed value \('global'\)\. Allowed: internal",
    ):
        data.open_case(folder)


def test_a_missing_column_an_unknown_one_and_an_empty_table(folder):
    spoil(folder, "events", lambda rows: rows.drop(columns="level").assign(mood="good"))
    spoil(folder, "leaders", lambda rows: rows.iloc[:0])
    found = problems(folder)
    assert {
        ("events.csv", "level", "missing column"),
        ("events.csv", "mood", "unknown column"),
        ("leaders.csv", None, "no rows"),
    } <= {(p.file, p.column, p.wrong) for p in found}


@pytest.mark.parametrize(
    "weight, wrong",
    [
        ("1", None),
        ("0.5", None),
        ("0", "outside (0, 1]"),
        ("1.5", "outside (0, 1]"),
        ("-1", "outside (0, 1]"),
        ("half", "not a number such as 2.5"),
    ],
)
def test_the_weight_of_an_act_lies_above_zero_and_at_most_one(folder, weight, wrong):
    """``weight`` is a column that a case may add; without it every act weighs 1."""
    spoil(
        folder,
        "events",
        lambda rows: rows.assign(
            weight=["1"] * 40 + [weight] + ["1"] * (len(rows) - 41)
        ),
    )
    describe(
        folder,
        "events",
        {"name": "weight", "type": "number", "description": "Weight of the act"},
    )
    if wrong is None:
        case = data.open_case(folder)
        assert case.acts.set_index("id").loc[
            case.table("events")["id"][40], "weight"
        ] == float(weight)
    else:
        assert [(p.row, p.column, p.wrong) for p in problems(folder)] == [
            (42, "weight", wrong)
        ]


def describe(folder, table, field):
    file = folder / "datapackage.json"
    package = json.loads(file.read_text(encoding="utf-8"))
    next(r for r in package["resources"] if r["name"] == table)["schema"][
        "fields"
    ].append(field)
    file.write_text(json.dumps(package), encoding="utf-8")


def test_rows_of_the_wrong_length_are_all_named_and_none_is_cut(folder):
    file = folder / "leaders.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[3] += ",one more"
    lines[7] = lines[7].rsplit(",", 1)[0]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = problems(folder)
    assert {(p.file, p.row) for p in found} == {
        ("leaders.csv", 4),
        ("leaders.csv", 8),
    } and "9 cells under 8 columns" in found[0].wrong


def test_a_column_that_stands_twice_is_named(folder):
    file = folder / "periods.csv"
    text = file.read_text(encoding="utf-8").splitlines()
    file.write_text(
        "\n".join(f"{line},{'label' if i == 0 else 'x'}" for i, line in enumerate(text))
        + "\n",
        encoding="utf-8",
    )
    assert any(
        p.column == "label" and "more than once in the header" in p.wrong
        for p in problems(folder)
    )


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251", "latin-1"])
def test_another_encoding_is_named(folder, encoding):
    file = folder / "actors.csv"
    text = file.read_text(encoding="utf-8").replace(
        "Kyrgyzstan",
        {"cp1251": "\u041a\u044b\u0440\u0433\u044b\u0437\u0441\u0442\u0430\u043d"}.get(
            encoding, "Kirgisist\u00e4n"
        ),
    )
    file.write_bytes(text.encode(encoding))
    assert [(p.file, p.wrong) for p in problems(folder)] == [
        ("actors.csv", "not encoded in UTF-8")
    ]


def test_a_million_rows_open_and_add_up(folder):
    """Each of ten thousand copies of the coding is one act the more; nothing is dropped."""
    file = folder / "machine_events.csv"
    head, *rows = file.read_text(encoding="utf-8").splitlines()
    codes = [
        f"{a}{b}{c}"
        for a in "XYZ"
        for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ]
    many = [
        f"{one},{other},2005,1,0,0,0" for one in codes[:500] for other in codes[:2000]
    ]
    file.write_text("\n".join([head, *rows, *many]) + "\n", encoding="utf-8")
    found = data.open_case(folder).table("machine_events")
    assert (
        len(found) == len(rows) + 1_000_000
        and found["verbal_cooperation"].tail(1_000_000).sum() == 1_000_000
    )


# --- changed since sealed -----------------------------------------------------------------------------


def seal(*arguments):
    return subprocess.run(
        [sys.executable, str(CASE.parent / ".ci" / "seal.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
    )


def test_a_changed_table_is_no_error_but_its_source_line_says_so(folder):
    spoil(folder, "protests", put("protests", 4, "7"))
    case = data.open_case(folder)
    assert case.changed == {"protests"}
    assert case.cite("protests").endswith(
        "(changed since sealed)"
    ) and "changed" not in case.cite("coups")
    series = {s.id: s for s in alignment.state_series(case)}
    assert (
        series["protests"].rows["source"].str.endswith("(changed since sealed)").all()
    )
    assert not data.open_case().changed


def test_the_strict_check_fails_on_a_changed_table_and_one_command_seals_anew(folder):
    assert seal("--check", folder).returncode == 0
    spoil(folder, "protests", put("protests", 4, "7"))
    checked = seal("--check", folder)
    assert checked.returncode == 1 and "protests.csv" in checked.stdout + checked.stderr
    assert data.open_case(folder).changed, "checking seals nothing"
    assert seal(folder).returncode == 0 and seal("--check", folder).returncode == 0
    assert not data.open_case(folder).changed


def test_a_table_without_a_checksum_is_not_called_changed(folder):
    file = folder / "datapackage.json"
    package = json.loads(file.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        resource.pop("hash", None)
    file.write_text(json.dumps(package), encoding="utf-8")
    assert not data.open_case(folder).changed


# --- paper and record ---------------------------------------------------------------------------------


def test_every_difference_has_both_versions_a_source_and_an_address(case):
    rows = case.table("differences")
    assert (
        len(rows) >= 19
        and (rows["paper"] != rows["record"]).all()
        and rows["source"].notna().all()
    )
    matters = [word for words in rows["alternative"].dropna() for word in words.split()]
    assert len(matters) == len(set(matters)), "a matter stands in one row"
    assert set(matters) == set(case.table("events")["alternative"].dropna()), (
        "every contested matter is told, and no other"
    )
    beyond = rows[~rows["source"].str.startswith("Sari (2012)")]
    assert beyond["url"].str.match(r"https?://\S+(; https?://\S+)*$").all()
    claims = set(case.claims["id"])
    assert all(set(c.split()) <= claims for c in rows["bears_on"])


def test_every_claim_has_a_computable_rule_and_says_what_it_can_rest_on(case):
    claims = case.claims
    history = case.table("claims")
    assert claims["id"].is_unique and set(claims["id"]) == set(history["id"])
    changed = history[history["version"] > 1]
    assert (
        changed["reason"].notna().all()
        and (claims.set_index("id").loc[changed["id"], "version"] > 1).all()
    )
    assert set(claims["rests_on"]) == {"outside", "record", "coded", "model", "both"}
    rule = claims["operational"]
    decided = rule.str.contains("Supported") & rule.str.contains("mixed")
    assert (decided | rule.str.contains("not testable")).all() and decided.sum() >= 40


def test_one_matter_can_be_told_as_the_other_version_has_it(case):
    paper = data.open_case(coding="paper")
    for matter in ("kant", "transit-2009"):
        swapped = case.swapped(matter)
        here = set(swapped.loc[swapped["alternative"] == matter, "id"])
        assert here == set(paper.acts.loc[paper.acts["alternative"] == matter, "id"])
        rest = swapped[swapped["alternative"] != matter]
        assert set(rest["id"]) == set(
            case.acts.loc[case.acts["alternative"] != matter, "id"]
        )
        assert list(swapped["vector"].cat.categories) == VECTORS
    with pytest.raises(ValueError, match="matter is 'Manas'; allowed: .*kant"):
        case.swapped("Manas")


def test_the_environment_names_the_coding(monkeypatch):
    monkeypatch.setenv("MULTIVECTOR_CODING", "paper")
    assert (
        data.open_case().coding == "paper"
        and data.open_case(coding="record").coding == "record"
    )


def test_context_with_an_organisation_is_not_shared_out(case):
    context = case.acts[
        case.acts["vector"].isna() & case.acts["party"].isin(set(case.splits["actor"]))
    ]
    assert not context.empty
    shared = case.events[case.events["id"].isin(context["id"])]
    assert len(shared) == len(context) and shared["vector"].isna().all()


# --- descriptions ------------------------------------------------------------------------------------


def test_every_table_says_what_it_can_and_cannot_and_on_what_terms(case):
    for name in case.tables:
        about = case.about(name)
        assert (
            about["shows"]
            and about["cannot_show"]
            and about["filter"]
            and about["licenses"]
        ), name
        if case.scope(name) == "outside":
            assert about["citation"] and all(s["title"] for s in about["sources"]), name
            assert any(s.get("version") or s.get("path") for s in about["sources"]), (
                f"{name} has no origin"
            )
        if about["licenses"][0]["name"] in ("unstated", "terms", "SIPRI"):
            assert about.get("ask"), f"{name}: whom to ask"


def test_measures_and_breaks_name_what_is_there(case):
    measures = case.table("measures")
    assert set(measures["table"]) <= set(case.tables)
    known = {s.id for s in alignment.vector_series(case)} | set(measures["id"])
    assert set(case.table("series_breaks")["series"]) <= known


def test_missing_empty_and_wrongly_encoded_files(folder):
    (folder / "leaders.csv").unlink()
    (folder / "periods.csv").write_text("")
    (folder / "splits.csv").write_bytes(
        (folder / "splits.csv").read_text().replace("Two", "Tw\u00f6").encode("latin-1")
    )
    (folder / "claims.csv").write_text('id,claim\n"C01,unclosed\n')
    wrong = {p.file: p.wrong for p in problems(folder)}
    assert (
        wrong["leaders.csv"] == "missing file" and wrong["periods.csv"] == "empty file"
    )
    assert wrong["splits.csv"] == "not encoded in UTF-8" and wrong[
        "claims.csv"
    ].startswith("not a readable table")


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("{", "not valid JSON"),
        ("[]", "not a data package"),
        ('{"resources": []}', "is not described"),
        (None, "missing file"),
    ],
)
def test_a_bad_descriptor(folder, text, wrong):
    (folder / "datapackage.json").unlink() if text is None else (
        folder / "datapackage.json"
    ).write_text(text)
    assert wrong in problems(folder)[0].wrong


def test_no_folder_at_all(tmp_path):
    assert "does not exist" in problems(tmp_path / "nowhere")[0].wrong


def test_all_problems_come_at_once(folder):
    """A thousand spoiled cells, in several tables, are all reported."""

    def everywhere(rows):
        for row in range(len(rows)):
            for column in ("start", "end", "precision", "dyadic", "level", "follows"):
                rows.loc[row, column] = f"bad {row}"
        return rows

    spoil(folder, "events", everywhere)
    spoil(folder, "leaders", put("iso3", 3, "kgz"))
    events = pd.read_csv(folder / "events.csv")
    found = problems(folder)
    assert len(found) == 6 * len(events) + 1 > 1000
    assert len(set(found)) == len(found)


def test_a_bad_cell_hides_no_problem_elsewhere_and_makes_no_new_one(folder):
    spoil(folder, "events", put("goldstein", 41, "much"))
    spoil(folder, "events", put("actor", 30, "XXX"))
    spoil(folder, "splits", put("share", 2, "half"))
    spoil(folder, "actors", put("peer", 9, "perhaps"))
    assert {(p.file, p.row, p.column) for p in problems(folder)} == {
        ("events.csv", 41, "goldstein"),
        ("events.csv", 30, "actor"),
        ("splits.csv", 2, "share"),
        ("actors.csv", 9, "peer"),
    }


def test_a_byte_order_mark_and_other_line_ends_do_no_harm(folder):
    file = folder / "events.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert len(data.open_case(folder).acts) == len(data.open_case().acts)


# --- other codings of the same tables -------------------------------------------------------------


def test_the_other_coding_is_the_one_that_opening_gives():
    record, paper = data.open_case(coding="record"), data.open_case(coding="paper")
    assert record.following("record") is record
    pd.testing.assert_frame_equal(record.following("paper").acts, paper.acts)
    with pytest.raises(ValueError, match="coding is 'both'"):
        record.following("both")


def test_a_coder_alone_gives_a_case_of_its_own():
    case = data.open_case()
    rows = case.table("codings").query("coder == 'second'")
    second = case.coded_by("second")
    assert len(second.acts) == len(rows) and second.coding == "paper"
    assert set(rows["act"].dropna()) <= set(
        second.acts["id"]
    )  # what both found has the id of the first
    assert second.events["vector"].notna().sum() >= rows["dyadic"].sum()
    with pytest.raises(ValueError, match="coder is 'third'"):
        case.coded_by("third")
