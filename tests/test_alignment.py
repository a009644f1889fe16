"""Outside sources: agreement, gap, steps and attendance."""

import pandas as pd
import pytest

from multivector import alignment, charts, data, engagement

VOTES = pd.DataFrame(
    {
        "year": [2000, 2000, 2000, 2001, 2001],
        "AAA": [1, 2, 8, 8, 9],
        "BBB": [3, 1, 1, 1, 1],
        "CCC": [1, 2, 3, 1, 2],
    }
)


@pytest.fixture(scope="module")
def case():
    return data.open_case()


def test_agreement_counts_only_votes_that_both_cast():
    found = alignment.agreement(VOTES, "AAA", "BBB").set_index("year")
    assert (
        found.loc[2000, "agreement"] == pytest.approx((0 + 0.5) / 2)
        and found.loc[2000, "n"] == 2
    )
    assert pd.isna(found.loc[2001, "agreement"]) and found.loc[2001, "n"] == 0


def test_agreement_is_symmetric_and_whole_with_oneself(case):
    votes = case.table("un_votes")
    pd.testing.assert_frame_equal(
        alignment.agreement(votes, "KGZ", "RUS"),
        alignment.agreement(votes, "RUS", "KGZ"),
    )
    assert (alignment.agreement(votes, "RUS", "RUS")["agreement"].dropna() == 1).all()


def test_years_without_a_vote_stay_a_hole(case):
    found = alignment.agreement(case.table("un_votes"), case.state, "RUS").set_index(
        "year"
    )
    assert (
        found.loc[[1999, 2001], "agreement"].isna().all()
        and (found.loc[[1999, 2001], "n"] == 0).all()
    )
    assert found.loc[1992, "n"] == 15  # a thin year is kept


def test_the_gap_is_the_difference_of_two_agreements():
    found = alignment.gap(VOTES, "AAA", "CCC", "BBB").set_index("year")
    assert found.loc[2000, "gap"] == pytest.approx(1.0 - 0.25) and pd.isna(
        found.loc[2001, "gap"]
    )


def test_the_net_gap_takes_the_mean_of_the_peers_away(case):
    votes = case.table("un_votes")
    found = alignment.gap_net_of_peers(
        votes, case.state, "RUS", "USA", ["KAZ", "ARM"]
    ).set_index("year")
    peers = [
        alignment.gap(votes, p, "RUS", "USA").set_index("year")["gap"]
        for p in ("KAZ", "ARM")
    ]
    assert found.loc[2005, "net"] == pytest.approx(
        found.loc[2005, "gap"] - (peers[0][2005] + peers[1][2005]) / 2
    )
    each = pd.concat(peers, axis=1)
    pd.testing.assert_series_equal(
        found["lowest"], each.min(axis=1).reindex(found.index), check_names=False
    )
    pd.testing.assert_series_equal(
        found["highest"], each.max(axis=1).reindex(found.index), check_names=False
    )


def test_where_the_poles_oppose_each_other_a_state_takes_a_side_or_none():
    votes = pd.DataFrame(
        [
            (2000, 1, 3, 1),  # with the first
            (2000, 3, 1, 1),  # with the second
            (2000, 1, 3, 2),  # abstains
            (2000, 1, 3, 8),  # absent
            (2000, 1, 2, 1),  # an abstention is no opposition
            (2001, 1, 1, 3),
        ],
        columns=["year", "AAA", "BBB", "CCC"],
    )
    found = alignment.opposed(votes, "CCC", "AAA", "BBB").set_index("year")
    assert found.loc[2000].to_dict() == {
        "calls": 4,
        "voted": 3,
        "with_first": 1,
        "with_second": 1,
        "abstained": 1,
    }
    assert (found.loc[2001] == 0).all()


def test_the_votes_are_a_witness_that_can_hardly_move(case):
    poles = [case.iso3(pole) for pole in case.poles]
    found = alignment.opposed(case.table("un_votes"), case.state, *poles)
    some = found[found["year"].between(2002, 2010)].sum()
    assert some["voted"] == 360 and some["with_second"] == 2


def test_no_state_is_among_its_own_peers(case):
    votes = case.table("un_votes")
    with pytest.raises(ValueError, match="allowed: others than KGZ itself"):
        alignment.gap_net_of_peers(votes, "KGZ", "RUS", "USA", ["KAZ", "KGZ"])


def test_peers_vote_often_enough():
    votes = VOTES.assign(DDD=[1, 1, 1, 8, 8])
    found = alignment.peer_candidates(
        votes, ["AAA", "DDD", "BBB", "CCC"], "BBB", "CCC", [2000, 2001]
    )
    assert found == []
    half = alignment.peer_candidates(
        votes, ["AAA", "DDD", "BBB"], "BBB", "CCC", [2000, 2001], 0.5
    )
    assert half == ["AAA", "DDD"]
    with pytest.raises(ValueError, match="least is 0; allowed"):
        alignment.peer_candidates(votes, ["AAA"], "BBB", "CCC", [2000], 0)


def test_a_step_over_a_hole_stands_after_the_hole(case):
    gap = alignment.gap(case.table("un_votes"), case.state, "RUS", "USA")
    steps = alignment.steps(gap[gap["year"] <= 2010], "gap").set_index("year")
    assert (
        len(steps) == 16
        and steps.loc[2002, "since"] == 2000
        and 2001 not in steps.index
    )


def test_attendance_leaves_out_years_before_membership():
    found = alignment.attendance(VOTES.assign(AAA=[9, 9, 9, 1, 8]), "AAA")
    assert found.to_dict("records") == [
        {"year": 2001, "cast": 1, "calls": 2, "share": 0.5}
    ]


def test_every_partner_comes_in_the_common_shape(case):
    found = alignment.un_agreement(
        case.table("un_votes"),
        case.state,
        {"Russia": "RUS", "China": "CHN"},
        case.cite("un_votes"),
    )
    assert list(found.columns) == ["year", "vector", "value", "n", "source"] and set(
        found["vector"]
    ) == {"Russia", "China"}


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: alignment.agreement(VOTES, "AAA", "ZZZ"),
            "state is 'ZZZ'; allowed: a column of votes \\(AAA, BBB, CCC\\)",
        ),
        (
            lambda: alignment.agreement(VOTES.drop(columns="year"), "AAA", "BBB"),
            "lacks the column 'year'",
        ),
        (
            lambda: alignment.gap_net_of_peers(VOTES, "AAA", "BBB", "CCC", []),
            "no states are marked as peers",
        ),
    ],
)
def test_arguments_without_sense_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- series by partner, on small tables ---------------------------------------------------------

PARTNERS = pd.Series({"RRR": "one", "UUU": "two", "VVV": "two"})
TRADE = pd.DataFrame(
    [
        ("A", "SSS", 2000, "RRR", 30.0, 10.0),
        ("A", "SSS", 2000, "UUU", 15.0, None),
        ("A", "SSS", 2000, "VVV", 5.0, 0.0),
        ("A", "SSS", 2002, "RRR", 8.0, 8.0),
        ("B", "SSS", 2000, "RRR", 1.0, 1.0),
        ("A", "TTT", 2000, "RRR", 99.0, 99.0),
        ("A", "SSS", 2000, "QQQ", 40.0, 0.0),
    ],
    columns=["edition", "iso3", "year", "partner", "imports", "exports"],
)


def told(found, vector, year):
    return found.set_index(["vector", "year"]).loc[(vector, year)]


def test_trade_shares_add_the_partners_of_a_vector_and_keep_holes():
    found = alignment.trade_shares(TRADE, "SSS", PARTNERS, "here", "A")
    assert list(found.columns) == alignment.SHAPE and found["year"].tolist() == [
        2000,
        2000,
        2001,
        2001,
        2002,
        2002,
    ]
    assert told(found, "one", 2000)["value"] == pytest.approx(40 / 60) and told(
        found, "two", 2000
    )["value"] == pytest.approx(20 / 60)
    assert told(found, "two", 2000)["n"] == 2 and told(found, "one", 2002)["n"] == 1
    for hole in [("one", 2001), ("two", 2001), ("two", 2002)]:  # nobody reported
        assert pd.isna(told(found, *hole)["value"]) and told(found, *hole)["n"] == 0


def test_a_neighbour_without_a_report_of_the_first_pole_has_no_share_of_zero(case):
    """Of 1992 and 1993 the source has next to no trade between states of one former union."""
    for state, hole in {
        "KAZ": [1992, 1993],
        "TKM": [1992, 1993],
        "UZB": [1992, 1993],
        "TJK": [1992],
    }.items():
        found = alignment.trade_shares(
            case.table("trade"),
            state,
            case.partner_vectors(),
            "here",
            "4.0",
            case.table("trade_totals"),
        )
        share = measured(found.assign(state=found["vector"]), case.poles[0])
        assert share.index[share.isna()].tolist() == hole and (share.dropna() > 0).all()


def test_trade_shares_of_national_totals_need_not_reach_one():
    totals = pd.DataFrame(
        {
            "iso3": "SSS",
            "year": [2000, 2002],
            "imports": [100.0, 10.0],
            "exports": [100.0, 10.0],
        }
    )
    found = alignment.trade_shares(
        TRADE, "SSS", PARTNERS, "here", "A", totals, "imports"
    )
    assert told(found, "one", 2000)["value"] == pytest.approx(0.3) and told(
        found, "two", 2000
    )["value"] == pytest.approx(0.2)


def test_aid_is_told_of_donors_that_occur_only():
    aid = pd.DataFrame(
        [
            ("SSS", 2000, "UUU", 2e6),
            ("SSS", 2000, "VVV", -5e5),
            ("SSS", 2001, "UUU", 1e6),
            ("SSS", 2000, "ALL", 9e9),
        ],
        columns=["iso3", "year", "donor", "value"],
    )
    found = alignment.aid_by_vector(aid, "SSS", PARTNERS, "here")
    assert set(found["vector"]) == {"two"} and told(found, "two", 2000)[
        "value"
    ] == pytest.approx(1.5)


def test_exercises_count_once_a_vector_and_years_without_any_are_zero():
    rows = [
        ("e1", 1998, "SSS"),
        ("e1", 1998, "UUU"),
        ("e1", 1998, "VVV"),
        ("e2", 1998, "SSS"),
        ("e2", 1998, "RRR"),
        ("e3", 2000, "TTT"),
        ("e3", 2000, "RRR"),
    ]
    found = alignment.exercises_by_vector(
        pd.DataFrame(rows, columns=["exercise", "year", "participant"]),
        "SSS",
        PARTNERS,
        "here",
    )
    assert told(found, "two", 1998)["value"] == 1 and told(found, "one", 1998)["n"] == 2
    assert (
        told(found, "one", 1999)["value"] == 0
        and told(found, "one", 2000)["value"] == 0
        and told(found, "one", 2000)["n"] == 0
    )


def test_arms_from_nobody_known_are_left_out():
    arms = pd.DataFrame(
        [
            ("SSS", 2003, "RRR", 9.0),
            ("SSS", 2005, None, 2.0),
            ("TTT", 2001, "UUU", 1.0),
        ],
        columns=["iso3", "year", "supplier", "tiv"],
    )
    found = alignment.arms_by_vector(arms, "SSS", PARTNERS, "here")
    assert (
        told(found, "one", 2003)["value"] == 9
        and found["value"].sum() == 9
        and told(found, "two", 2001)["value"] == 0
    )


def spread(**years):
    """Rows (year, vector, value) from one list of values a year."""
    return pd.DataFrame(
        [
            (int(year[1:]), f"v{i}", value)
            for year, values in years.items()
            for i, value in enumerate(values)
        ],
        columns=["year", "vector", "value"],
    )


def test_equal_partners_are_counted_and_one_partner_is_one():
    found = alignment.effective_vectors(
        spread(
            y2000=[5, 5, 5, 5],
            y2001=[0, 9, 0, 0],
            y2002=[1, 1, 0, 0],
            y2003=[0.5, 0.25, 0.25, 0],
        )
    ).set_index("year")
    assert (
        found["value"].tolist() == pytest.approx([4, 1, 2, 2**1.5])
        and (found["vectors"] == 4).all()
    )


def test_the_unit_of_what_is_shared_out_does_not_matter():
    rows = spread(y2000=[3, 2, 1], y2001=[7, 0, 2])
    pd.testing.assert_frame_equal(
        alignment.effective_vectors(rows),
        alignment.effective_vectors(rows.assign(value=rows["value"] * 1e6)),
    )


def test_a_year_without_observation_or_with_nothing_to_share_out_is_a_hole():
    found = alignment.effective_vectors(
        spread(y2000=[None, None], y2001=[0, 0], y2002=[1, None], y2003=[1, 1])
    ).set_index("year")
    assert found.loc[[2000, 2001], "value"].isna().all() and found[
        "vectors"
    ].tolist() == [0, 2, 1, 2]
    assert found.loc[2002, "value"] == pytest.approx(1) and found.loc[
        2003, "value"
    ] == pytest.approx(2)


def test_the_balance_of_shares_is_that_of_the_memory(case):
    """One formula for acts and for outside sources."""
    ends = pd.to_datetime(["1999-12-31", "2004-12-31", "2009-12-31"])
    held = engagement.engagement(case.events, ends)
    found = alignment.effective_vectors(
        held.assign(
            year=held["date"].dt.year,
            vector=held["vector"].astype(str),
            value=held["cooperation"],
        )
    )
    assert found["value"].to_numpy() == pytest.approx(
        engagement.indices(held, case.poles)["effective_vectors"].to_numpy()
    )


def test_every_source_of_shares_stays_between_one_and_its_vectors(case):
    for name in ("un-agreement", "trade-4", "news-cooperation", "exercises"):
        found = alignment.effective_vectors(alignment.series_of(case, name).rows)
        seen = found.dropna(subset="value")
        assert (
            len(seen) >= 9
            and ((seen["value"] >= 1) & (seen["value"] <= seen["vectors"] + 1e-9)).all()
        ), name
    votes = alignment.effective_vectors(
        alignment.series_of(case, "un-agreement").rows
    ).set_index("year")
    assert votes.loc[[1999, 2001], "value"].isna().all()


def balances(case):
    """Rows of two sources, as the chart of the balances takes them."""
    trade = alignment.series_of(case, "trade-4")
    found = alignment.effective_vectors(trade.rows)
    trade = found.assign(
        series="trade",
        kind="outside",
        part=(found["year"] >= min(trade.breaks)).astype(int),
        lower=float("nan"),
        upper=float("nan"),
        source=trade.rows["source"].iloc[0],
    )
    return pd.concat(
        [
            trade.assign(
                series="acts",
                kind="coded",
                lower=trade["value"] - 0.5,
                upper=trade["value"] + 0.5,
                part=0,
            ),
            trade,
        ]
    )


MEANS = pd.DataFrame(
    [
        (series, first, first + 2, value)
        for series in ("acts", "trade")
        for first, value in ((2002, 4.0), (2006, 2.5))
    ],
    columns=["series", "first", "last", "value"],
)


def test_the_chart_of_balances_draws_each_source_with_its_mark_and_its_holes(case):
    rows = balances(case)
    spec = charts.balances_over_time(rows, 1990, 2012, 2005, MEANS).to_dict()
    words = [
        row["text"]
        for part in spec["datasets"].values()
        for row in part[:1]
        if "text" in row
    ]
    assert words == ["change: −1.5"]
    assert [panel["title"]["text"] for panel in spec["vconcat"]] == [
        "acts (coded); band: nine draws in ten",
        "trade (outside); dotted: the source changes",
    ]
    bands = [
        any(layer["mark"]["type"] == "area" for layer in panel["layer"])
        for panel in spec["vconcat"]
    ]
    assert bands == [True, False]
    data_of = next(
        layer["data"]
        for layer in spec["vconcat"][1]["layer"]
        if layer["mark"]["type"] == "line"
    )
    drawn = (
        data_of["values"] if "values" in data_of else spec["datasets"][data_of["name"]]
    )
    computed = rows[rows["series"] == "trade"].set_index("year")["value"]
    assert [row["year"] for row in drawn] == list(range(1990, 2013))
    for row in drawn:
        told = computed.get(row["year"], float("nan"))
        assert (
            row["value"] is None
            if pd.isna(told)
            else row["value"] == pytest.approx(told, abs=6e-4)
        )
    assert {row["part"] for row in drawn if row["year"] < 2009} == {0} and {
        row["part"] for row in drawn if row["year"] >= 2009
    } == {1}


def test_the_chart_of_balances_knows_two_kinds(case):
    with pytest.raises(
        ValueError, match="kind is 'guess'; allowed: 'coded', 'outside'"
    ):
        charts.balances_over_time(
            balances(case).assign(kind="guess"), 1992, 2010, 2005, MEANS
        )


EVENTS = pd.DataFrame(
    [
        ("SSS", "RRR", 2002, 6, 0),
        ("RRR", "SSS", 2002, 2, 1),
        ("SSS", "UUU", 2002, 3, 9),
        ("TTT", "RRR", 2002, 50, 50),
    ],
    columns=["source", "target", "year", "verbal_cooperation", "material_cooperation"],
)


def test_shares_of_machine_events_can_be_told_by_direction():
    both = alignment.cooperation_shares(EVENTS, "SSS", PARTNERS, "here")
    assert (
        told(both, "one", 2002)["value"] == pytest.approx(9 / 21)
        and told(both, "two", 2002)["n"] == 21
    )
    by = alignment.cooperation_shares(
        EVENTS, "SSS", PARTNERS, "here", ("verbal_cooperation",), "by"
    )
    assert told(by, "one", 2002)["value"] == pytest.approx(6 / 9)
    assert (
        told(
            alignment.cooperation_shares(
                EVENTS, "SSS", PARTNERS, "here", direction="toward"
            ),
            "two",
            2002,
        )["value"]
        == 0
    )


def test_a_vector_that_the_source_does_not_cover_is_a_hole_and_no_zero():
    more = pd.concat([PARTNERS, pd.Series({"WWW": "three"})])
    found = alignment.cooperation_shares(EVENTS, "SSS", more, "here")
    assert (
        pd.isna(told(found, "three", 2002)["value"])
        and told(found, "three", 2002)["n"] == 0
    )


def test_a_pair_that_was_not_read_is_no_pair_without_events():
    """Of another state the source may pair fewer partners than of the first."""
    found = alignment.cooperation_shares(EVENTS, "TTT", PARTNERS, "here")
    assert told(found, "one", 2002)["value"] == 1
    assert pd.isna(told(found, "two", 2002)["value"])


def test_obligations_count_kinds_in_force():
    spells = pd.DataFrame(
        [
            ("SSS", "UUU", "defence", 1992, 1999),
            ("SSS", "VVV", "defence", 1994, 2000),
            ("SSS", "VVV", "consultation", 1998, 2000),
        ],
        columns=["iso3", "partner", "obligation", "from_year", "to_year"],
    )
    found = alignment.obligations(spells, "SSS", PARTNERS, "here", range(1993, 2001))
    assert [told(found, "two", y)["value"] for y in (1993, 1994, 1998, 2000)] == [
        1,
        1,
        2,
        2,
    ]
    assert told(found, "two", 1994)["n"] == 2 and told(found, "one", 1994)["value"] == 0
    beyond = alignment.obligations(spells, "SSS", PARTNERS, "here", [1991, 1992, 2001])
    assert beyond.set_index("year")["value"].isna().to_dict() == {
        1991: True,
        1992: False,
        2001: True,
    }


def test_shared_memberships_are_a_share_of_ones_own():
    spells = pd.DataFrame(
        [
            ("SSS", "un", "full", 1992, 2010),
            ("SSS", "wto", "full", 1998, 2010),
            ("UUU", "un", "full", 1992, 2010),
            ("VVV", "wto", "full", 1995, 2010),
            ("VVV", "un", "observer", 1992, 2010),
            ("UUU", "nato", "full", 1992, 2010),
        ],
        columns=["iso3", "organisation", "status", "from_year", "to_year"],
    )
    found = alignment.shared_memberships(
        spells, "SSS", PARTNERS, "here", range(1997, 2000)
    )
    assert (
        # In 1997 one of the two shares the state's only membership, the other none of it.
        told(found, "two", 1997)["value"] == pytest.approx(0.5)
        and told(found, "two", 1999)["value"] == pytest.approx(0.5)
        and told(found, "two", 1999)["n"] == 2
    )
    assert (
        pd.isna(told(found, "one", 1999)["value"])
        and told(found, "one", 1999)["n"] == 0
    )


def test_ranks_begin_anew_each_year():
    found = alignment.ranks(TRADE, "SSS", "A", 2000, 2002)
    assert found[found["rank"] == 1]["partner"].tolist() == [
        "RRR",
        "QQQ",
        "RRR",
    ]  # a tie in 2000
    assert alignment.ranks(TRADE, "SSS", "A", 2000, 2000, {"UUU", "VVV"})[
        "partner"
    ].tolist() == ["UUU", "VVV"]


# --- measures of a state ---------------------------------------------------------------------------

COUNTS = pd.DataFrame(
    {
        "iso3": ["SSS", "SSS", "TTT"],
        "year": [2000, 2002, 2001],
        "kind": ["a", "b", "a"],
        "count": [3, 4, 5],
    }
)


def measured(found, state="SSS"):
    return found[found["state"] == state].set_index("year")["value"]


def test_a_year_without_a_row_is_missing_or_zero_as_the_measure_says():
    missing = measured(alignment.measure(COUNTS, "", "count", ["SSS"], "here"))
    assert missing[2000] == 3 and pd.isna(missing[2001])
    assert (
        measured(alignment.measure(COUNTS, "", "count", ["SSS"], "here", "zero"))[2001]
        == 0
    )
    used = measured(
        alignment.measure(COUNTS, "", "count", ["SSS"], "here", "zero", since=2001)
    )
    assert pd.isna(used[2000]) and used[2002] == 4
    used = measured(
        alignment.measure(COUNTS, "", "count", ["SSS"], "here", "zero", until=2001)
    )
    assert used[2001] == 0 and pd.isna(used[2002])


def test_nothing_of_a_kind_is_a_zero_only_where_something_else_is_listed():
    found = measured(
        alignment.measure(COUNTS, "kind=a", "rows", ["SSS"], "here", "listed")
    )
    assert found[2000] == 1 and pd.isna(found[2001]) and found[2002] == 0


def test_every_measure_says_what_a_year_without_a_row_means(case):
    series = {
        s.id: s.rows.set_index(["state", "year"])["value"]
        for s in alignment.state_series(case)
    }
    assert series["terrorism-rand"][case.state, 2009] == 0  # a quiet year
    assert pd.isna(series["terrorism-rand"][case.state, 2010])  # the source has ended
    assert pd.isna(series["personal-gwf"][case.state, 1991])  # it has not begun


def test_a_measure_can_count_the_rows_that_meet_its_conditions():
    found = measured(
        alignment.measure(
            COUNTS, "kind=a|b;iso3=SSS", "rows", ["SSS", "TTT"], "here", "zero"
        )
    )
    assert (
        found[2000] == 1
        and measured(
            alignment.measure(COUNTS, "kind=a", "rows", ["SSS"], "here", "zero")
        )[2002]
        == 0
    )


def test_spells_are_spread_over_their_years():
    groups = pd.DataFrame(
        {
            "iso3": "SSS",
            "size": [0.1, 0.2],
            "status": ["out", "out"],
            "from_year": [1991, 2005],
            "to_year": [2010, 2010],
        }
    )
    found = measured(
        alignment.measure(
            groups, "status=out", "size", ["SSS"], "here", years=range(2003, 2007)
        )
    )
    assert found.to_dict() == pytest.approx(
        {2003: 0.1, 2004: 0.1, 2005: 0.3, 2006: 0.3}
    )


# --- all series of the case ------------------------------------------------------------------------


def test_every_series_has_the_common_shape_and_its_source(case):
    partners, states = alignment.vector_series(case), alignment.state_series(case)
    assert len(partners) >= 12 and len(states) >= 25
    vectors = set(case.vectors["vector"])
    for series, shape in [
        *((s, alignment.SHAPE) for s in partners),
        *((s, alignment.STATE_SHAPE) for s in states),
    ]:
        assert list(series.rows.columns) == shape, series.id
        assert (
            (series.rows["source"] == case.cite(series.table)).all()
            and series.unit
            and series.label
        )
        assert not series.rows.duplicated(shape[:2]).any(), series.id
        assert series.rows["value"].notna().any(), series.id
        assert (series.rows.loc[series.rows["value"].isna(), "n"] == 0).all(), series.id
    assert {v for s in partners for v in s.rows["vector"]} <= vectors
    assert len({s.id for s in [*partners, *states]}) == len(partners) + len(states)


def test_every_outside_table_is_used(case):
    """A table that no series, chapter or rule uses has no business in the case."""
    used = {
        s.table for s in [*alignment.vector_series(case), *alignment.state_series(case)]
    } | {"trade_totals", "borders", "leaders", "cameo", "un_roll_calls"}
    assert {name for name in case.tables if case.scope(name) == "outside"} <= used


def test_the_region_is_told_wherever_the_source_has_it(case):
    five = set(case.actors.loc[case.actors["region"], "actor"])
    for name in (
        "trade",
        "trade_totals",
        "aid_commitments",
        "macro",
        "arms",
        "alliances",
        "memberships",
        "us_forces",
        "regime_scores",
        "regime_types",
        "disputes",
        "terrorism",
        "protests",
        "ethnic_groups",
        "fractionalisation",
        "un_ideal_points",
    ):
        assert five <= set(case.table(name)["iso3"]), name
    assert five <= set(case.table("exercises")["participant"])


def test_shares_stay_shares_and_the_break_is_marked(case):
    series = {s.id: s for s in alignment.vector_series(case)}
    for name in (
        "trade-3",
        "trade-4",
        "news-cooperation",
        "news-conflict",
        "memberships",
        "un-agreement",
    ):
        assert series[name].rows["value"].dropna().between(0, 1).all(), name
    sums = series["trade-3"].rows.groupby("year")["value"].sum()
    assert sums.to_numpy() == pytest.approx(1)  # of its own partners
    assert list(series["trade-4"].breaks) == [2009] == list(series["imports-4"].breaks)
    china = (
        series["imports-4"].rows.query("vector == 'China'").set_index("year")["value"]
    )
    assert china[2009] > 3 * china[2008]


def test_known_values_of_the_sources(case):
    trade = (
        case.table("trade")
        .query("iso3 == 'KGZ' and partner == 'RUS' and year == 2008")
        .set_index("edition")
    )
    assert (
        trade.loc["3.0", ["imports", "exports"]].tolist() == [1492.18, 488.35]
        and trade.loc["4.0", "imports"] == 1492
    )
    memberships = alignment.shared_memberships(
        case.table("memberships"),
        "KGZ",
        pd.Series({"RUS": "Russia"}),
        "here",
        range(1992, 2011),
    ).set_index("year")
    assert (memberships["value"] * memberships["n"]).round(6)[
        [1992, 2000, 2010]
    ].tolist() == [17, 38, 41]  # COW's own count of shared memberships
    outside = set(case.table("partners").query("~cis")["iso3"])
    ranks = alignment.ranks(case.table("trade"), "KGZ", "4.0", 1992, 2005, outside)
    assert "".join(ranks[ranks["rank"] == 1]["partner"].str[0]) == "UCCCDDDDDDCCAC"


MORE_BAD = [
    (
        lambda: alignment.effective_vectors(spread(y2000=[1, -2])),
        "value is -2 in 1 row\\(s\\); allowed: 0 or more",
    ),
    (
        lambda: alignment.effective_vectors(pd.concat([spread(y2000=[1, 2])] * 2)),
        "rows has 2 row\\(s\\) too many",
    ),
    (
        lambda: alignment.trade_shares(TRADE, "SSS", PARTNERS, "here", "C"),
        "edition is 'C'; allowed: 'A', 'B'",
    ),
    (
        lambda: alignment.trade_shares(TRADE, "SSS", PARTNERS, "here", "A", flow="up"),
        "flow is 'up'",
    ),
    (
        lambda: alignment.cooperation_shares(
            EVENTS, "SSS", PARTNERS, "here", direction="out"
        ),
        "direction is 'out'",
    ),
    (
        lambda: alignment.measure(COUNTS, "sort=a", "count", ["SSS"], "here"),
        "where names the column 'sort'",
    ),
    (
        lambda: alignment.measure(COUNTS, "", "weight", ["SSS"], "here"),
        "value is 'weight'",
    ),
    (
        lambda: alignment.measure(COUNTS, "", "count", ["SSS"], "here", absent="never"),
        "absent is 'never'",
    ),
    (
        lambda: alignment.series_of(data.open_case(), "no-such"),
        "no series by partner 'no-such'; known: un-agreement",
    ),
]


@pytest.mark.parametrize("call, message", MORE_BAD, ids=[m for _, m in MORE_BAD])
def test_more_arguments_without_sense_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# Means before and after ------------------------------------------------------------------


def test_means_by_span_are_those_of_each_series_and_hold_no_hole(case):
    spans = {"before": (1992, 2000), "after": (2001, 2009)}
    found = alignment.means_by_span(case, case.poles, spans)
    assert not found.isna().any(axis=None)
    assert set(found["vector"]) <= set(case.poles)
    by_label = {series.label: series.rows for series in alignment.vector_series(case)}
    for row in found.sample(6, random_state=1).itertuples():
        rows = by_label[row.label]
        years = rows["year"].between(1992, 2000) & (rows["vector"] == row.vector)
        assert row.before == pytest.approx(rows.loc[years, "value"].mean())


@pytest.mark.parametrize("span", [(1992, 1992), (1900, 1910)])
def test_means_over_too_few_years_are_missing(case, span):
    spans = {"before": span, "after": (2001, 2009)}
    with pytest.raises(data.Missing, match=str(span[0])):
        alignment.means_by_span(case, case.poles, spans)
