"""How long those stayed who held an office, where a source may give a span of days."""

import pandas as pd
import pytest

from multivector import data, offices


def spells(*rows):
    names = ["iso3", "start", "start_latest", "end_earliest", "end"]
    found = pd.DataFrame(rows, columns=names)
    return found.astype(dict.fromkeys(names[1:], "datetime64[us]"))


SPELLS = spells(
    ("AAA", "2000-01-01", "2000-01-01", "2001-12-31", "2001-12-31"),
    ("AAA", "2002-01-01", "2002-12-31", "2004-01-01", "2004-12-31"),
    ("AAA", "2005-01-01", "2005-12-31", "2005-02-01", "2006-12-31"),
    ("BBB", "2000-01-01", "2000-01-01", "2010-01-01", "2010-01-01"),
)


def test_a_stay_is_the_middle_of_the_longest_and_the_shortest():
    found = offices.stays(SPELLS)
    assert (found["shortest"] <= found["stay"]).all()
    assert (found["stay"] <= found["longest"]).all()
    assert found["stay"].tolist() == pytest.approx(
        ((found["longest"] + found["shortest"]) / 2).tolist()
    )
    sure = found.iloc[[0, 3]]
    assert (sure["longest"] == sure["shortest"]).all()
    assert sure["stay"].iloc[1] == pytest.approx(10, abs=0.01)
    # Where the end may lie before the start, the shortest stay is none, and not below it.
    assert found["shortest"].iloc[2] == 0
    assert found["middle"].iloc[3] == pd.Timestamp("2004-12-31 12:00")


def test_an_office_changes_hands_once_less_than_it_has_holders():
    assert offices.changes(SPELLS).to_dict() == {"BBB": 0, "AAA": 2}
    assert offices.changes(SPELLS).index[0] == "BBB"


def test_spells_within_a_span_share_a_day_with_it():
    first, last = pd.Timestamp("2001-12-31"), pd.Timestamp("2002-01-01")
    assert offices.within(SPELLS, first, last).index.tolist() == [0, 1, 3]
    assert offices.within(SPELLS, pd.Timestamp("2011-01-01"), last).empty


def test_every_minister_of_the_case_has_a_stay():
    found = offices.stays(data.open_case().table("ministers"))
    assert (found["stay"] >= 0).all() and found["stay"].notna().all()


def test_years_of_new_holders_are_those_of_the_state_and_among_the_years_asked():
    assert offices.first_years(SPELLS, "AAA", range(2001, 2011)) == [2002, 2005]
    assert offices.first_years(SPELLS, "BBB", range(2001, 2011)) == []
    twice = pd.concat([SPELLS, SPELLS])
    assert offices.first_years(twice, "AAA", [2000]) == [2000]


# The last leader who came after another ------------------------------------------------


def of_leaders(*terms):
    """A table of periods: the study, and one presidency after another."""
    rows = [("span", "Years", "2000-01-01", "2009-12-31")]
    rows += [("presidency", *term) for term in terms]
    found = pd.DataFrame(rows, columns=["kind", "label", "start", "end"])
    return found.astype({"start": "datetime64[us]", "end": "datetime64[us]"})


FIRST = ("One", "1995-01-01", "2003-05-01")
SECOND = ("Two", "2003-05-01", "2009-06-30")


def test_the_last_leader_is_one_who_stayed_for_a_whole_year():
    brief = ("Three", "2009-06-30", "2020-01-01")
    found = offices.last_leader(of_leaders(FIRST, SECOND, brief))
    assert (found.name, found.followed) == ("Two", "One")
    assert found.years == {"before": (2000, 2002), "under": (2004, 2008)}
    # To the end of the study: its last year is whole.
    later = ("Three", "2008-12-31", "2020-01-01")
    found = offices.last_leader(of_leaders(FIRST, SECOND, later))
    assert found.name == "Three" and found.end == pd.Timestamp("2009-12-31")
    assert found.years["under"] == (2009, 2009)


@pytest.mark.parametrize(
    "terms",
    [
        (),
        (FIRST,),
        (("One", "1995-01-01", "2009-03-01"), ("Two", "2009-03-01", "2012-01-01")),
    ],
)
def test_without_a_change_of_leader_it_is_missing(terms):
    with pytest.raises(data.Missing, match="change of leader"):
        offices.last_leader(of_leaders(*terms))
