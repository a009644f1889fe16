"""Significance of the region, and episodes that follow from the tables by their rules."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from multivector import alignment, arena, data

AID = pd.DataFrame(
    [
        ("A", 2000, "P", 4.0),
        ("B", 2000, "P", 1.0),
        ("A", 2001, "P", 9.0),
        ("A", 2003, "P", 2.0),
        ("B", 2003, "P", 0.0),
        ("A", 2000, "X", 50.0),
        ("H", 2001, "P", 70.0),
    ],
    columns=["iso3", "year", "donor", "value"],
)
GAMES = pd.DataFrame(
    [
        (1, 2000, "A"),
        (1, 2000, "P"),
        (1, 2000, "B"),
        (2, 2000, "A"),
        (2, 2000, "P"),
        (2, 2000, "H"),
        (3, 2002, "A"),
        (3, 2002, "X"),
        (4, 2002, "B"),
        (4, 2002, "Q"),
        (5, 2002, "P"),
        (5, 2002, "X"),
    ],
    columns=["game", "year", "who"],
)
TOLD = {
    "one": pd.DataFrame(
        {"year": [2000, 2001, 2002, 2003], "value": [5.0, np.nan, 1.0, 9.0]}
    ),
    "two": pd.DataFrame({"year": [2001, 2002, 2003], "value": [3.0, 3.0, 7.0]}),
}


@pytest.fixture(scope="module")
def case():
    return data.open_case()


# --- measures of what powers do -----------------------------------------------------------------


def test_only_powers_and_only_the_other_states_count():
    found = alignment.power_measure(
        AID, ["A", "B"], "donor", ["P"], "value", "zero"
    ).set_index("year")
    assert found["value"].to_dict() == {2000: 5, 2001: 9, 2002: 0, 2003: 2} and found[
        "n"
    ].to_dict() == {2000: 2, 2001: 1, 2002: 0, 2003: 2}


def test_a_year_in_which_a_state_is_missing_is_a_hole():
    found = alignment.power_measure(
        AID, ["A", "B"], "donor", ["P"], "value", "missing"
    ).set_index("year")
    assert (
        found["value"].dropna().to_dict() == {2000: 5, 2003: 2}
        and (found.loc[[2001, 2002], "n"] == 0).all()
    )


def test_exercises_count_once_need_a_power_and_leave_the_state_out():
    def count(**more):
        return alignment.power_measure(
            GAMES, ["A", "B"], "who", ["P", "Q"], "game", **{"absent": "zero", **more}
        ).set_index("year")["value"]

    assert count().to_dict() == {2000: 2, 2001: 0, 2002: 1}
    assert count(without=["H"]).to_dict() == {2000: 1, 2001: 0, 2002: 1}
    assert count(absent="missing").dropna().index.tolist() == [2000, 2002]


@pytest.mark.parametrize(
    "change, message",
    [
        ({"absent": "none"}, "absent is 'none'"),
        ({"partner": "giver"}, "lacks the column 'giver'"),
        ({"value": "sum"}, "lacks the column 'sum'"),
        ({"states": []}, "states is \\[\\]"),
        ({"powers": []}, "powers \\[\\]"),
        ({"powers": ["A"]}, "no state in both"),
        ({"without": ["A"]}, "left out"),
    ],
)
def test_a_measure_without_sense_is_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        alignment.power_measure(
            **{
                "table": AID,
                "states": ["A", "B"],
                "partner": "donor",
                "powers": ["P"],
                "value": "value",
            }
            | change
        )


# --- significance -----------------------------------------------------------------------------------


def test_a_year_is_the_mean_of_its_ranks():
    found = alignment.significance(TOLD).set_index("year")
    assert found["one"].dropna().to_dict() == {2000: 0.5, 2002: 0.0, 2003: 1.0}
    assert found["two"].dropna().to_dict() == {
        2001: 0.25,
        2002: 0.25,
        2003: 1.0,
    }  # two of three share the ranks 1 and 2
    assert found["significance"].to_dict() == {
        2000: 0.5,
        2001: 0.25,
        2002: 0.125,
        2003: 1.0,
    } and found["n"].tolist() == [1, 1, 2, 2]


def test_units_outliers_and_the_order_of_rows_do_not_matter():
    bent = {
        "two": TOLD["two"]
        .assign(value=np.log1p(TOLD["two"]["value"]) * 1e6)
        .sample(frac=1, random_state=1),
        "one": TOLD["one"].assign(value=TOLD["one"]["value"] ** 5),
    }
    pd.testing.assert_frame_equal(
        alignment.significance(bent)[["year", "significance", "n"]],
        alignment.significance(TOLD)[["year", "significance", "n"]],
    )


def test_turning_a_measure_round_turns_its_ranks_round():
    turned = alignment.significance(
        {"one": TOLD["one"].assign(value=-TOLD["one"]["value"])}
    )["one"]
    assert (
        turned.dropna().tolist()
        == (1 - alignment.significance({"one": TOLD["one"]})["one"].dropna()).tolist()
    )


def test_a_year_without_a_measure_is_a_hole_and_no_zero():
    found = alignment.significance(TOLD, range(1999, 2004)).set_index("year")
    assert np.isnan(found.loc[1999, "significance"]) and found.loc[1999, "n"] == 0
    assert (
        alignment.significance({"one": TOLD["one"]}, [2001])["significance"]
        .isna()
        .all()
    )


def test_one_year_or_years_all_alike_stand_in_the_middle():
    assert alignment.significance(
        {"a": pd.DataFrame({"year": [2000], "value": [7.0]})}
    )["significance"].tolist() == [0.5]
    assert alignment.significance(
        {"a": pd.DataFrame({"year": [2000, 2001], "value": [7.0, 7.0]})}
    )["significance"].tolist() == [0.5, 0.5]


def test_significance_of_nothing_is_refused():
    with pytest.raises(ValueError, match="measures is empty"):
        alignment.significance({})


def test_significance_of_the_region_lies_outside_the_state(case, monkeypatch):
    """Whatever the tables say of the state itself, the region's significance stays."""
    found = alignment.region_significance(case)
    read = case.table

    def without_the_state(name):
        rows = read(name)
        if name in ("aid_commitments", "arms"):
            return rows[rows["iso3"] != case.state]
        if name == "exercises":
            own = rows.loc[rows["participant"] == case.state, "exercise"]
            return rows[~rows["exercise"].isin(own)]
        return rows

    monkeypatch.setattr(case, "table", without_the_state)
    pd.testing.assert_frame_equal(alignment.region_significance(case), found)


def test_significance_of_the_region_covers_what_its_sources_cover(case):
    found = alignment.region_significance(case).set_index("year")
    assert found.index.tolist() == list(range(1991, 2011))
    assert (
        found.index[found["n"] == 0].tolist() == [1991, 1992, 1993]
        and (found.loc[1994:, "n"] == 3).all()
    )
    assert found["significance"].dropna().between(0, 1).all()
    assert (
        found["aid"].idxmax() == 1998
        and found["arms"].idxmax() == 2001
        and found["exercises"].idxmax() == 2008
    )


# --- episodes ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def episodes(case):
    return alignment.episodes(case)


def test_an_episode_has_the_significance_of_its_year(case, episodes):
    known = alignment.region_significance(case).set_index("year")["significance"]
    assert episodes["significance"].tolist() == pytest.approx(
        [known[year] for year in episodes["year"]], nan_ok=True
    )
    middle = episodes["start"] + (episodes["end"] - episodes["start"]) / 2
    assert (middle.dt.year == episodes["year"]).all()
    assert episodes.loc[episodes["significance"].isna(), "id"].tolist() == ["opening"]


def test_an_episode_rests_on_events_of_its_time_and_on_its_president(case, episodes):
    events = case.table("events").set_index("id")
    for episode in episodes.itertuples():
        own = events.loc[episode.events.split()]
        assert (
            (own["start"] <= episode.end)
            & (own["end"] >= episode.start - pd.DateOffset(years=1))
        ).mean() >= 0.75, episode.id
        begin, end = case.period(episode.leader)
        assert begin <= episode.start <= end and episode.start <= episode.end, (
            episode.id
        )


def threat(case, episode):
    """The rule of the descriptor, in code."""
    since, until, year = (
        episode.start - pd.Timedelta(days=365),
        episode.start,
        (episode.start - pd.Timedelta(days=183)).year,
    )
    acts = case.acts
    code, kind = (
        acts["cameo"].astype(str),
        acts["actor"].map(case.actors.set_index("actor")["kind"]),
    )
    near = (
        (acts["start"] <= until)
        & (acts["end"] >= since)
        & ((acts["end"] - acts["start"]).dt.days <= 366)
    )
    attacked = (
        near
        & (kind == "armed group")
        & (acts["target"] == case.state)
        & code.str.match("18|19|20")
    )
    coups = case.table("coups")
    if (
        attacked.any()
        or coups.loc[
            (coups["iso3"] == case.state) & (coups["outcome"] == "coup"), "date"
        ]
        .between(since, until)
        .any()
    ):
        return 1
    protests = case.table("protests").query("iso3 == @case.state").set_index("year")
    if (
        year in protests.index
        and protests.loc[year, ["violent", "for_removal"]].gt(0).all()
    ):
        return 0.75
    election = (
        acts["description"].str.contains("election", case=False)
        & acts["target"].isna()
        & (acts["start"] <= episode.end)
        & (acts["end"] >= since)
    )
    violent = {year, *acts.loc[election, "start"].dt.year} & set(
        protests.index[protests["violent"] > 0]
    )
    if (
        violent
        or (near & (acts["level"] == "internal") & code.str.startswith("145")).any()
    ):
        return 0.5
    terror = (
        case.table("terrorism")
        .query("iso3 == @case.state and year == @year")["incidents"]
        .sum()
    )
    return (
        0.25
        if terror > 0
        or (year in protests.index and protests.loc[year, "protests"] >= 3)
        else 0
    )


def commitment(case, episode):
    """The rule of the descriptor, in code."""
    acts = case.acts[case.acts["dyadic"]]
    code, toward = acts["cameo"].astype(str), acts["target"] == case.state
    within = (
        (acts["start"] >= episode.start)
        & (acts["end"] <= episode.end)
        & acts["vector"].isin([*case.poles, "China"])
    )
    if (within & ((code == "057") | (code == "062") & toward)).any():
        return 1
    bases = case.table("places").query("kind == 'base' and iso3 == @case.state")
    if (
        (bases["start"] <= episode.start)
        & (bases["end"].isna() | (bases["end"] >= episode.start))
    ).any():
        return 0.75
    on = toward & (acts["start"] <= episode.start) & (acts["end"] >= episode.start)
    return 0.5 if (on & code.str.match("06|07")).any() else 0.25 if on.any() else 0


def test_threat_and_commitment_follow_from_the_tables(case, episodes):
    """The grades were written down before any model was fitted; who doubts them can repeat them."""
    for episode in episodes.itertuples():
        assert (threat(case, episode), commitment(case, episode)) == (
            episode.threat,
            episode.commitment,
        ), episode.id


def test_every_grade_says_why(episodes):
    assert (
        (
            episodes[["threat_why", "commitment_why", "external_why", "source"]].map(
                len
            )
            > 8
        )
        .all()
        .all()
    )


# --- a case that lacks something ------------------------------------------------------------------


def test_too_few_episodes_are_missing_and_no_fault(case):
    known = alignment.episodes(case).dropna(subset="significance")
    with pytest.raises(data.Missing, match="3 rows"):
        arena.fit(known.head(3))


def test_leaders_are_ordered_where_the_case_orders_them(case):
    told = alignment.leaders_outward(case)
    assert set(told) <= set(case.periods["label"]) and len(told) >= 2
    bare = SimpleNamespace(periods=case.periods.drop(columns="outward"))
    assert alignment.leaders_outward(bare) == {}
