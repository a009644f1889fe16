"""What is said of a case that lacks something: that it is missing, or less is drawn."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector import (
    alignment,
    charts,
    data,
    decisions,
    engagement,
    geography,
    offices,
)

FIRST, LAST = pd.Timestamp("1991-01-01"), pd.Timestamp("2010-12-31")
DAYS = st.dates(FIRST.date(), LAST.date())


@pytest.fixture(scope="module")
def case() -> data.Case:
    return data.open_case()


@pytest.fixture(scope="module")
def names(case: data.Case) -> dict[str, str]:
    return case.actors.query("region").set_index("actor")["name"].to_dict()


def led(*terms: tuple[str, str, str]) -> pd.DataFrame:
    """Periods of leaders by (label, start, end)."""
    rows = pd.DataFrame(terms, columns=["label", "start", "end"])
    days = {name: pd.to_datetime(rows[name]) for name in ("start", "end")}
    return rows.assign(kind="presidency", **days)


# The first leader to stay --------------------------------------------------------------


def test_the_first_leader_to_stay_is_not_the_first_of_all() -> None:
    periods = led(
        ("brief", "1991-09-01", "1991-11-30"),
        ("long", "1991-11-30", "2015-12-31"),
        ("later", "2016-01-01", "2020-12-31"),
    )
    found = offices.first_to_stay(periods, FIRST, LAST)
    assert (found.label, found.end) == ("long", LAST)
    assert offices.first_to_stay(periods, FIRST, LAST, 30) is None


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=5), st.floats(0.1, 12))
def test_nobody_before_the_first_to_stay_stayed_so_long(terms, years) -> None:
    spans = sorted((min(pair), max(pair)) for pair in terms)
    periods = led(*((f"{i}", *map(str, one)) for i, one in enumerate(spans)))
    long = [i for i, (a, b) in enumerate(spans) if (b - a).days >= years * 365.25]
    found = offices.first_to_stay(periods, FIRST, LAST, years)
    if not long:
        assert found is None
    else:
        assert found.start.date() == min(spans[i][0] for i in long)


# Less is drawn -------------------------------------------------------------------------


def test_leaders_stand_without_ministers(case: data.Case, names: dict) -> None:
    leaders = case.leaders.assign(source="here")
    turns = pd.DataFrame({"leaders": dict.fromkeys(names, 2)})
    drawn = [leaders, None, names, turns, case.span()]
    spec = charts.powers.leaders_over_ministers(*drawn).to_dict()
    text = json.dumps(spec)
    ours = leaders.loc[leaders.iso3 == case.state, "leader"]
    assert ours.iloc[0] in text and "leader changed 2 times" in text
    assert "minister" not in text


def test_scores_stand_without_a_constitution(case: data.Case, names: dict) -> None:
    scores = [alignment.measure_of(case, "constraint")]
    spec = charts.powers.scores_over_powers(
        scores, None, "main directions", names, case.span()
    ).to_dict()
    assert [view["name"] for view in spec["vconcat"]] == ["scores"]
    assert "constitution" not in spec["vconcat"][0]["title"]["text"]


def test_a_tilt_needs_no_word_for_what_may_be_told_otherwise(case: data.Case) -> None:
    events = case.events.drop(columns=["follows", "alternative"])
    breaks = case.periods.head(0)
    chart = charts.tilt_over_time({"record": events}, case.poles, case.span(), breaks)
    assert chart.to_dict()["layer"]


@given(
    st.lists(st.tuples(st.floats(-170, 170), st.floats(-80, 80)), min_size=1),
    st.floats(0.1, 8),
)
def test_a_frame_holds_all_its_places(points, margin: float) -> None:
    places = pd.DataFrame(points, columns=["longitude", "latitude"])
    for name, (low, high) in zip(places, geography.around(places, margin)):
        assert low < places[name].min() <= places[name].max() < high


# It is missing -------------------------------------------------------------------------


def lacking(case: data.Case) -> dict[str, Any]:
    days = [case.span()[1]]
    bare = case.events[~case.events.vector.isin(case.poles)]
    unnamed = case.acts.assign(office="not told")
    towns = case.table("places").query("kind == 'city'")
    contests = decisions.contested(case.table("decisions"))
    return {
        "no coded act with": lambda: engagement.tilt(bare, days, case.poles),
        "act whose author": lambda: charts.acts_by_office(unnamed, case.span()),
        "no base among": lambda: charts.bases_on_map(
            [], towns, {}, case.vectors, pd.DataFrame(), None, 2000, case.state
        ),
        "no series by partner": lambda: alignment.series_of(case, "no-such"),
        "no yearly measure": lambda: alignment.measure_of(case, "no-such"),
        "has no trade of": lambda: alignment.ranks(
            case.table("trade"), case.state, "4.0", 1900, 1901
        ),
        "partners of some": lambda: decisions.by_group(contests, []),
    }


@pytest.mark.parametrize("told", lacking(data.open_case()))
def test_what_a_case_lacks_is_told_as_missing(case: data.Case, told: str) -> None:
    with pytest.raises(data.Missing, match=told):
        lacking(case)[told]()


def test_a_measure_without_the_state_is_of_no_use(monkeypatch, case: data.Case) -> None:
    series = alignment.measure_of(case, "constraint")
    rows = series.rows.assign(
        value=series.rows["value"].mask(series.rows["state"] == case.state)
    )
    known = "multivector.alignment.measures.state_series"
    monkeypatch.setattr(known, lambda _: [series._replace(rows=rows)])
    with pytest.raises(data.Missing, match="has no year of"):
        alignment.measure_of(case, "constraint")
