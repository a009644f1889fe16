"""Who acts and who answers, one year among all, votes in words, and the charts that draw them."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from multivector import alignment, charts, data

PARTNERS = pd.Series({"RRR": "one", "UUU": "two", "VVV": "two", "WWW": "three"})


def events(*rows):
    """Rows (source, target, year, friendly words, friendly deeds); nothing hostile."""
    columns = ["source", "target", "year", *alignment.KINDS[:2]]
    hostile = dict.fromkeys(alignment.KINDS[2:], 0)
    return pd.DataFrame(rows, columns=columns).assign(**hostile)


EVENTS = events(
    ("SSS", "RRR", 2002, 6, 0),
    ("RRR", "SSS", 2002, 2, 4),
    ("SSS", "RRR", 2003, 1, 1),
    ("RRR", "SSS", 2003, 1, 7),
    ("SSS", "UUU", 2002, 3, 0),
    ("VVV", "SSS", 2003, 1, 0),
    ("TTT", "RRR", 2002, 50, 50),
)


@pytest.fixture(scope="module")
def case():
    return data.open_case()


def of(found, kind, vector):
    (row,) = found[(found["kind"] == kind) & (found["vector"] == vector)].itertuples()
    return row


def drawn(chart):
    spec = charts.render.fixed_width(chart.to_dict())
    spec["width"] = 600
    return vl_convert.vegalite_to_svg(spec)


def words(svg):
    return re.findall(r">([^<>]+)</(?:text|tspan)>", svg)


def test_a_share_counts_what_the_state_does_among_all_with_a_partner():
    found = alignment.initiative(EVENTS, "SSS", PARTNERS, "here")
    words = of(found, "verbal_cooperation", "one")
    assert (words.by, words.toward) == (7, 3) and words.share == pytest.approx(0.7)
    deeds = of(found, "material_cooperation", "one")
    assert (deeds.by, deeds.toward) == (1, 11) and deeds.source == "here"
    # Partners of one vector are added up; a pair without an event has no row.
    assert of(found, "verbal_cooperation", "two").by == 3
    assert set(found["vector"]) == {"one", "two"} and len(found) == 3


def test_a_state_of_which_no_event_is_counted_is_missing():
    with pytest.raises(data.Missing, match="no event"):
        alignment.initiative(EVENTS, "XXX", PARTNERS, "source")


def test_a_whole_year_is_tossed_and_not_an_event():
    found = alignment.initiative(EVENTS, "SSS", PARTNERS, "here")
    deeds = of(found, "material_cooperation", "one")
    # Sums of +-4 +-6: 10 and -10 are as far as -10, 2 and -2 are not.
    assert (deeds.years, deeds.p, deeds.smallest_p) == (2, 0.5, 0.5)
    words = of(found, "verbal_cooperation", "one")
    # In one of the two years both counts are equal: one year is left to be tossed.
    assert (words.years, words.p, words.smallest_p) == (1, 1.0, 1.0)


def test_one_year_drawn_anew_has_no_width_and_more_years_hold_the_share():
    found = alignment.initiative(EVENTS, "SSS", PARTNERS, "here", draws=500)
    assert (found["low"] <= found["share"]).all()
    assert (found["share"] <= found["high"]).all()
    one = alignment.initiative(EVENTS.query("year == 2002"), "SSS", PARTNERS, "here")
    assert (one["low"] == one["high"]).all()


counts = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=6
).filter(lambda pairs: any(sum(pair) for pair in pairs))


@settings(max_examples=40, deadline=None)
@given(counts)
def test_seen_from_the_other_side_it_is_the_rest(pairs):
    rows = [
        row
        for year, (by, toward) in enumerate(pairs, 2000)
        for row in (("SSS", "RRR", year, by, 0), ("RRR", "SSS", year, toward, 0))
    ]
    table = events(*rows)
    own = alignment.initiative(table, "SSS", PARTNERS, "here", draws=100).iloc[0]
    back = pd.Series({"SSS": "one"})
    other = alignment.initiative(table, "RRR", back, "here", draws=100).iloc[0]
    assert own["share"] == pytest.approx(1 - other["share"])
    assert own["p"] == other["p"] >= own["smallest_p"]
    # Slowly: every way to turn years round.
    gaps = [by - toward for by, toward in pairs]
    ways = list(itertools.product((1, -1), repeat=len(gaps)))
    as_far = [abs(np.dot(way, gaps)) >= abs(sum(gaps)) for way in ways]
    assert own["p"] == pytest.approx(np.mean(as_far))


def test_more_years_than_can_be_tried_are_refused():
    rows = [("SSS", "RRR", 1980 + i, 1, 0) for i in range(17)]
    with pytest.raises(ValueError, match="events is 17; allowed: 16 years or fewer"):
        alignment.initiative(events(*rows), "SSS", PARTNERS, "here")


def test_in_friendly_deeds_the_great_powers_act(case):
    """The finding of the appendix, from the table alone."""
    news, table = case.table("machine_events"), case.partner_vectors()
    found = alignment.initiative(news, case.state, table, case.cite("machine_events"))
    for power in ("Russia", "United States", "China"):
        assert of(found, "material_cooperation", power).high < 0.5
    russia = news[(news["source"] == "RUS") & (news["target"] == case.state)]
    toward = of(found, "material_cooperation", "Russia").toward
    assert toward == russia["material_cooperation"].sum()


# --- one year among all ---------------------------------------------------------------------


def series(label, values, start=2000):
    years = range(start, start + len(values))
    rows = pd.DataFrame(
        {"year": years, "vector": "one", "value": values, "n": 1, "source": "here"}
    )
    other = rows.assign(vector="two", value=99.0)
    return alignment.Series(label, label, "", "t", pd.concat([rows, other]), {})


def test_a_year_is_counted_among_those_that_reach_as_high():
    found = alignment.among_years([series("a", [1.0, 3, 2, np.nan])], "one", 2002)
    assert found["dot"].tolist() == ["2000", "2001", "2002"] and (found["n"] == 3).all()
    assert found["share"].tolist() == pytest.approx([2 / 3] * 3)
    assert found["named"].sum() == 1
    assert found["spread"].tolist() == [-1.0, 1.0, 0.0]


def test_a_year_that_a_series_does_not_have_is_refused():
    with pytest.raises(ValueError, match="year is 2003; allowed: an observed year"):
        alignment.among_years([series("a", [1.0, 3, 2, np.nan])], "one", 2003)


# --- votes in words -----------------------------------------------------------------------


def test_votes_are_told_in_words_in_the_order_that_is_asked_for(case):
    votes = pd.DataFrame(
        {"rcid": [7, 8], "year": [2000, 2000], "AAA": [1, 2], "BBB": [3, 8]}
    )
    told = alignment.roll_call_votes(votes, [8, 7], ["AAA", "BBB"])
    assert told.to_numpy().tolist() == [[8, "abstained", "absent"], [7, "yes", "no"]]
    with pytest.raises(ValueError, match="calls is 9"):
        alignment.roll_call_votes(votes, [9], ["AAA"])


# --- drawn --------------------------------------------------------------------------------


def test_each_partner_has_its_dot_and_its_counts():
    found = alignment.initiative(EVENTS, "SSS", PARTNERS, "here")
    svg = drawn(charts.sent_and_received(found, {"two": "#111111", "one": "#222222"}))
    # Friendly deeds come first, and only one partner has any.
    assert "1 of 12" in words(svg) and "7 of 10" not in words(svg)
    assert svg.count('aria-roledescription="point"') == 1


def states(*values):
    rows = [
        (year, state, value)
        for state, line in zip(("AAA", "BBB", "CCC"), values)
        for year, value in enumerate(line, 2000)
    ]
    frame = pd.DataFrame(rows, columns=["year", "state", "value"])
    frame = frame.assign(n=frame["value"].notna().astype(int), source="here")
    return alignment.Series("m", "Measure", "unit", "t", frame, {})


def test_a_year_without_a_value_interrupts_the_line_and_is_grey():
    one = states([1.0, np.nan, 3], [2.0, 2, 2], [3.0, 3, 3])
    names = {"AAA": "Ours", "BBB": "Theirs", "CCC": "Third"}
    span = pd.Timestamp("2000-01-01"), pd.Timestamp("2002-12-31")
    svg = drawn(charts.states_over_time([one], names, span))
    assert {"Ours", "Theirs", "others"} <= set(words(svg))
    assert svg.count('aria-roledescription="point"') == 8
    assert svg.count('aria-roledescription="rect mark"') == 1
    (own,) = re.findall(r'state: Ours[^>]*"line mark" d="([^"]+)"', svg)
    (whole,) = re.findall(r'state: Theirs[^>]*"line mark" d="([^"]+)"', svg)
    assert (own.count("M"), own.count("L"), whole.count("L")) == (2, 0, 2)
    assert "Measure, unit" in words(svg)
    with pytest.raises(ValueError, match="series is empty"):
        charts.states_over_time([], names, span)
