"""The second case of the repository: it opens, is sourced row by row, and gives numbers."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from multivector import claims, data, engagement
from multivector.cases import examining
from multivector.commands import main, seal

ROOT = Path(data.__file__).resolve().parents[2]
FOLDER = ROOT / "cases" / "uzbekistan"
YEAR = re.compile(r"\b(19|20)\d\d\b")
#: Instead of a year: a page that bears none, or a data set that is cited by edition.
DATED = re.compile(YEAR.pattern + r"|undated|COW .* \d\.\d")


@pytest.fixture(scope="module")
def case() -> data.Case:
    return data.open_case(FOLDER)


@pytest.fixture(scope="module")
def origin() -> data.Case:
    return data.open_case(ROOT / "data")


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    """A copy of the case that a test may spoil."""
    yield shutil.copytree(FOLDER, tmp_path / "case")


def test_it_opens_with_poles_and_a_span_like_the_first(
    case: data.Case, origin: data.Case
) -> None:
    assert case.state == "UZB" and case.name == "Uzbekistan"
    assert case.poles == origin.poles
    assert case.span() == origin.span()
    assert list(case.vectors.vector) == list(origin.vectors.vector)


def test_it_is_sealed() -> None:
    old, new = seal.sealed(FOLDER)
    assert old == new


def test_a_changed_act_breaks_the_seal(copy: Path) -> None:
    events = copy / "events.csv"
    events.write_text(events.read_text("utf-8").replace("Joins", "Enters", 1), "utf-8")
    old, new = seal.sealed(copy)
    assert old != new


def test_checking_it_finds_no_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--quick", str(FOLDER)]) == 0
    assert "case has no claims of its own" in capsys.readouterr().out


def test_what_is_doubtful_of_it_is_known(case: data.Case, origin: data.Case) -> None:
    """Only the states' own holes in the roll calls are doubtful."""
    doubts = examining.examined(case, origin, judged=False).doubts
    assert [one for one in doubts if "casts no vote" not in one] == []


def test_shares_of_each_organisation_sum_to_one(case: data.Case) -> None:
    assert np.allclose(case.splits.groupby("actor").share.sum(), 1)
    shared = case.actors[
        (case.actors.kind == "organisation") & case.actors.vector.isna()
    ]
    assert set(case.splits.actor) == set(shared.actor)


def test_there_are_acts_enough_and_with_every_vector(case: data.Case) -> None:
    acts = case.table("events").query("dyadic")
    assert len(acts) >= 60
    assert set(acts.vector) == set(case.vectors.vector)
    assert set(acts.start.dt.year) == set(range(1991, 2011))


def test_every_act_has_a_source_that_can_be_found(case: data.Case) -> None:
    """Title or publisher, a date or the word that there is none, and an address for each row."""
    for row in case.table("events").itertuples():
        assert len(row.source.split()) >= 3, row.id
        assert DATED.search(row.source), row.id
        assert re.fullmatch(r"https?://\S+(; https?://\S+)*", row.url), row.id


def test_acts_lie_within_the_span_and_are_as_wide_as_they_say(case: data.Case) -> None:
    events, (first, last) = case.table("events"), case.span()
    assert (events.start >= first).all() and (events.end <= last).all()
    wide = (events.end - events.start).dt.days
    assert (wide[events.precision == "day"] == 0).all()
    assert wide[events.precision == "month"].between(27, 30).all()
    assert wide[events.precision == "year"].between(364, 365).all()
    assert (wide[events.precision == "interval"] > 0).all()


def test_ids_are_not_those_of_the_first_case(
    case: data.Case, origin: data.Case
) -> None:
    assert not set(case.table("events").id) & set(origin.table("events").id)


def test_no_description_is_borrowed_from_its_source(case: data.Case) -> None:
    """An act is told in a line of our own, without the date that stands beside it."""
    for row in case.table("events").itertuples():
        assert len(row.description) <= 120, row.id
        assert not YEAR.search(row.description.replace("1991", "")), row.id


def test_an_act_that_goes_both_ways_stands_on_both_sides(case: data.Case) -> None:
    """Who signs or visits has a partner who signs or receives on the same days."""
    acts = case.table("events").query("dyadic")
    kinds = case.actors.set_index("actor").kind
    back = {"057": "057", "042": "043", "043": "042", "044": "044"}
    told = {
        tuple(one) for one in acts[["start", "actor", "target", "cameo"]].to_numpy()
    }
    for row in acts[acts.cameo.isin(list(back))].itertuples():
        party = row.target if row.actor == case.state else row.actor
        if kinds[party] == "organisation":
            continue
        assert (row.start, row.target, row.actor, back[row.cameo]) in told, row.id


def test_engagement_is_finite_and_the_balance_within_its_bounds(
    case: data.Case,
) -> None:
    months = pd.date_range(*case.span(), freq="ME")
    remembered = engagement.engagement(case.events, months, vectors=case.vectors)
    assert np.isfinite(remembered[["cooperation", "conflict"]].to_numpy()).all()
    found = engagement.indices(remembered, case.poles).set_index("date")
    told = found[found.index >= found["entropy"].first_valid_index()]
    assert len(told) > 200
    assert told["entropy"].between(0, 1).all()
    assert told["effective_vectors"].between(1, len(case.vectors) + 1e-9).all()
    assert told["tilt"].dropna().between(-1, 1).all()


def test_the_turn_of_its_story_is_in_the_tilt(case: data.Case) -> None:
    """Closer to the first pole in the two years after Andijan than in the year before."""
    months = pd.date_range(*case.span(), freq="ME")
    tilt = engagement.tilt(case.events, months, case.poles)
    day, _ = case.period("andijan-2005")
    year = pd.DateOffset(years=1)
    before = tilt[(tilt.index < day) & (tilt.index >= day - year)]
    after = tilt[(tilt.index > day + year) & (tilt.index <= day + 3 * year)]
    assert after.mean() > before.mean()


def test_a_threat_at_home_is_dated_and_against_the_state(case: data.Case) -> None:
    threats = case.threats()
    assert len(threats) >= 3
    assert (threats.target == case.state).all() and (threats.goldstein < 0).all()


def test_its_words_stand_in_for_cells_of_their_chapter() -> None:
    """Each part of the text names one cell of its chapter."""
    for words in sorted((FOLDER / "text").glob("*.md")):
        chapter = FOLDER.parents[1] / "book" / f"{words.stem}.ipynb"
        cells = json.loads(chapter.read_text("utf-8"))["cells"]
        parts = re.findall(r"^\+\+\+ (\S+)$", words.read_text("utf-8"), re.M)
        assert parts, words.name
        assert set(parts) <= {cell["id"] for cell in cells}, words.name
        assert len(parts) == len(set(parts)), words.name


def test_the_chance_of_a_shock_is_reckoned_where_its_year_has_no_vote(
    case: data.Case,
) -> None:
    """It cast no vote in 2001: the step that ends at its next one counts."""
    ledger = claims.ledger(claims.with_general(case), only=["C04"])
    assert ledger["verdict"].item() != "not testable"
