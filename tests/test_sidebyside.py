"""Two states on the same scales: what is computed of both, and how it is drawn."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT

from multivector import cases, charts, claims, data, lift, sidebyside
from multivector.commands import main

STATES = ["One", "Other"]


@pytest.fixture(scope="module")
def own() -> data.Case:
    return data.open_case(ROOT / "data", coding="record")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the case of this book, and beside it that of another state."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "data", folder / "data")
    (folder / "cases").mkdir()
    assert main(["new", str(folder / "cases" / "tajikistan"), "--state", "TJK"]) == 0
    return folder / "data"


@pytest.fixture(scope="module")
def other(own: data.Case, home: Path) -> data.Case:
    return cases.another(own, home)


def rows(**series: dict[str, list[float | None]]) -> pd.DataFrame:
    """Rows (series, state, year, value, source) from 2000 on."""
    return pd.DataFrame(
        [
            (name, state, 2000 + i, value, "here")
            for name, of_state in series.items()
            for state, values in of_state.items()
            for i, value in enumerate(values)
        ],
        columns=["series", "state", "year", "value", "source"],
    )


# --- the other case ---------------------------------------------------------------------------


def test_the_other_case_is_of_another_state(own: data.Case, home: Path) -> None:
    assert [one.name for one in cases.folders(home)] == ["data", "tajikistan"]
    other = cases.another(own, home)
    assert other.state == "TJK"
    assert cases.another(other, home).state == own.state


def test_without_another_case_it_is_missing(own: data.Case, home: Path) -> None:
    alone = home.parent / "alone" / "data"
    shutil.copytree(ROOT / "data", alone)
    with pytest.raises(data.Missing, match="another state"):
        cases.another(own, alone)


def test_a_lifted_chapter_that_looks_beside_takes_the_cases_along(home: Path) -> None:
    files = lift.other_cases(home)
    assert "tajikistan/datapackage.json" in files
    assert files["tajikistan/events.csv"]


# --- what is computed -------------------------------------------------------------------------


def test_a_hole_is_a_series_that_only_the_other_state_has() -> None:
    told = rows(
        both={"One": [1, None], "Other": [None, 2]},
        lone={"One": [1, 2]},
        empty={"One": [3], "Other": [None]},
    )
    found = sidebyside.holes(told, STATES)
    assert set(zip(found["series"], found["state"])) == {
        ("lone", "Other"),
        ("empty", "Other"),
    }


def test_only_years_that_both_have_are_compared() -> None:
    told = rows(
        lone={"One": [9, 9]},
        both={"One": [1, 2, 6, None, 7], "Other": [3, 1, 8, 4, None]},
    )
    found = sidebyside.means(told, STATES).iloc[0]
    assert (found["series"], found["n"]) == ("both", 3)
    assert (found["one"], found["other"]) == (3, 4)
    assert found["apart"] == pytest.approx((2 + 1 + 2) / 3)
    assert found["alike"] == pytest.approx(0.5)
    last = sidebyside.last_shared(told, STATES)
    assert last == ("both", 2002, 6, 8)
    with pytest.raises(data.Missing):
        sidebyside.last_shared(told, STATES, "lone")


def test_breaks_are_near_if_a_year_apart_and_by_chance_as_often() -> None:
    told = pd.DataFrame(
        [
            ("a", "One", 2000, 0.01),
            ("a", "Other", 2001, 0.5),
            ("b", "One", 2005, 0.2),
            ("b", "Other", 2009, 0.04),
            ("c", "One", 2003, 0.2),
        ],
        columns=["series", "state", "year", "p"],
    )
    found = sidebyside.together(told, STATES).set_index("series")
    assert found["near"].to_dict() == {"a": True, "b": False}
    assert (found.loc["b", "p_one"], found.loc["b", "p_other"]) == (0.2, 0.04)
    # Of the four pairs of a break of the one and one of the other only a with a is near.
    assert sidebyside.near_by_chance(found) == 0.25


def test_each_case_tells_what_it_has(own: data.Case, other: data.Case) -> None:
    names = [own.name, other.name]
    told = sidebyside.beside({c.name: sidebyside.balances(c) for c in (own, other)})
    assert told["value"].dropna().between(1, told["most"].max()).all()
    gone = sidebyside.holes(told, names)
    # The other case has no act; its outside sources tell what they told of ours.
    assert list(zip(gone["series"], gone["state"])) == [("Coded acts", other.name)]


def test_gaps_are_those_of_the_votes(own: data.Case) -> None:
    found = sidebyside.gaps(own)
    raw, net = (rows for _, rows in found.groupby("series", sort=False))
    assert len(raw) == len(net) and (raw["source"] == own.cite("un_votes")).all()
    assert net["value"].abs().mean() < raw["value"].abs().mean()
    assert found["year"].between(1991, 2010).all()


def test_free_breaks_pass_over_what_is_too_short(own: data.Case) -> None:
    found = sidebyside.free_breaks(own, draws=19)
    assert found["series"].is_unique and set(found["kind"]) == {"partners", "state"}
    assert found["p"].between(0.05, 1).all() and (found["n"] >= 6).all()


def test_general_claims_come_to_the_same_on_their_own_case(own: data.Case) -> None:
    found = sidebyside.verdicts(own, own).set_index("id")
    assert found["verdict"].notna().all() and found.index.is_unique
    ledger = claims.verdicts(own, only=list(found.index)).set_index("id")
    assert found["verdict"].to_dict() == ledger["verdict"].to_dict()


# --- charts -----------------------------------------------------------------------------------


def test_a_panel_says_which_state_has_nothing() -> None:
    told = rows(both={"One": [1, 2], "Other": [2, 1]}, lone={"One": [1, -2]})
    spec = charts.two_over_time(told, STATES, (2000, 2001), 2001).to_dict()
    headings = [panel["title"]["text"] for panel in spec["vconcat"]]
    assert headings == ["both", "lone; nothing of Other"]
    text = str(spec)
    assert "format(datum.a, " in text and "no value" in text
    assert [one["name"] for one in spec["params"]] == ["read_year"]


def test_balances_of_both_share_one_scale() -> None:
    told = rows(both={"One": [1, 2], "Other": [2, 1]}).assign(most=[7, 7, 8, 8])
    spec = charts.two_over_time(told, STATES, (2000, 2001), 2001).to_dict()
    assert str(spec).count("'domain': [1, 8]")


def test_breaks_of_both_stand_on_one_line() -> None:
    told = pd.DataFrame(
        {
            "kind": "votes",
            "series": ["a", "a"],
            "state": STATES,
            "year": [2000, 2005],
            "p": [0.01, 0.5],
            "n": 18,
            "source": "here",
        }
    )
    spec = charts.two_breaks(told, STATES, (1991, 2010), 0.05).to_dict()
    assert {one["name"] for one in spec["params"]} == {"kind", "level"}
    level = next(one for one in spec["params"] if one["name"] == "level")
    assert level["value"] == 0.05 and level["bind"]["input"] == "range"
    assert "datum.p <= level" in str(spec)
