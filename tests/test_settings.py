"""What chapters ask of the rooms in one call: settings of the auction, answers noticed, years compared."""

import doctest

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector import alignment, bases, breaks, data, engagement, game
from multivector.alignment import years
from multivector.bases import orders, packages
from multivector.game import winset

PRICES = pd.Series({"first": 2.0, "second": 17.4, "third": 60.0})
COSTS, VALUES = (0, 2, 4), range(0, 161, 20)
BELIEVED = (0.1, 0.5, 1.0)
NAN = float("nan")


@pytest.mark.parametrize("module", [engagement, orders, packages, winset, years])
def test_examples_in_docstrings_hold(module):
    tried = doctest.testmod(module)
    assert tried.attempted and not tried.failed


# --- the auction over settings -------------------------------------------------------


def test_phases_are_the_phase_map_of_each_setting():
    found = bases.phases(VALUES, COSTS, BELIEVED)
    assert len(found) == len(BELIEVED) * len(COSTS) * len(VALUES) ** 2
    for (d, k), rows in found.groupby(["rival_credibility", "cost"]):
        one = bases.phase(VALUES, VALUES, k, 1.0, d)
        same = rows[list(one.columns)].reset_index(drop=True)
        pd.testing.assert_frame_equal(same, one)


def test_the_border_parts_hosting_from_evicting():
    found = bases.border(160, COSTS, BELIEVED)
    assert len(found) == 2 * len(BELIEVED) * len(COSTS)
    for row in found.itertuples():
        terms = (row.cost, 1.0, row.rival_credibility)
        here = bases.menu_auction(row.host_value, row.rival_value, *terms)
        beyond = bases.menu_auction(row.host_value, row.rival_value + 1, *terms)
        assert (here.outcome, beyond.outcome) == ("host", "evict")
    assert set(found["host_value"]) == {160, *COSTS}


def test_an_implied_rival_makes_the_price_and_a_price_below_the_cost_has_none():
    found = bases.implied_rivals(PRICES, COSTS, BELIEVED)
    assert list(found["label"][:3]) == list(PRICES.index)
    assert len(found) == len(PRICES) * len(COSTS) * len(BELIEVED)
    none = found["rival_value"].isna()
    assert (none == (found["price"] < found["cost"])).all()
    assert none.any() and not none.all()
    for row in found[~none].itertuples():
        told = bases.menu_auction(
            1000, row.rival_value, row.cost, 1.0, row.rival_credibility
        )
        assert told.price == pytest.approx(row.price)
    named = bases.implied_rivals(PRICES.rename_axis("deal"), [0])
    assert "deal" in named and "label" not in named


def test_rents_change_the_rival_that_a_price_implies():
    weights, ceilings = (0, 0.5, 0.75, 1), (0.2, 1.0)
    found = bases.implied_by_rents(PRICES, weights, ceilings)
    assert len(found) == len(PRICES) * len(ceilings) ** 2 * len(weights)
    for row in found.itertuples():
        rents = bases.Rents(row.weight, row.host_ceiling, row.rival_ceiling)
        told = bases.menu_auction(1000, row.rival_value, 0, rents=rents)
        assert told.price == pytest.approx(PRICES[row.label])


def test_regions_of_several_deals_stand_below_each_other():
    deals = {"stays": ("host", 60), "goes": ("evict", 60)}
    found = bases.rival_regions(deals, (0, 5), 1.0, BELIEVED)
    assert found.groupby(["deal", "cost"]).ngroups == 4 and len(found) == 12
    ends = found.query("cost == 5").set_index("rival_credibility")
    kept = ends[ends["deal"] == "stays"]["upper"]
    assert kept.equals(ends[ends["deal"] == "goes"]["lower"].rename("upper"))


# --- what came first, and what it is worth -------------------------------------------


@given(st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_days_between_two_happenings(days):
    first, second = (
        [pd.Timestamp("2009-01-01") + pd.Timedelta(days=day) for day in sorted(pair)]
        for pair in (days[:2], days[2:])
    )
    found, mirrored = bases.apart(first, second), bases.apart(second, first)
    gaps = [(b - a).days for a in first for b in second]
    assert (found.least, found.most) == (min(gaps), max(gaps))
    assert found.furthest == max(map(abs, gaps))
    assert (found.relation == "before") == (min(gaps) > 0)
    assert (found.relation == "overlap") == (min(gaps) <= 0 <= max(gaps))
    assert found.nearest == (0 if found.relation == "overlap" else min(map(abs, gaps)))
    assert (mirrored.least, mirrored.most) == (-found.most, -found.least)


def test_rows_of_a_table_can_be_compared():
    rows = pd.DataFrame({"start": ["2009-06-22"], "end": ["2009-06-23"], "what": ["x"]})
    assert bases.apart(rows.iloc[0], ("2009-07-23", "2009-07-23")).nearest == 30


def test_who_came_first_is_told_only_where_it_is_sure():
    payments = pd.DataFrame(
        [
            ("agreed", "A", "2009-02-01", "2009-02-01"),
            ("agreed", "B", "2009-06-01", "2009-06-30"),
            ("paid", "A", "2009-01-01", "2009-12-31"),
            ("paid", "B", "2009-07-01", "2009-07-01"),
        ],
        columns=["status", "payer", "start", "end"],
    ).assign(what="a sum")
    assert bases.surely_first(payments, "status") == {"agreed": "A", "paid": None}


@given(st.floats(0, 1000), st.floats(0.001, 0.5), st.integers(1, 60))
def test_an_annuity_is_worth_its_present_value(value, rate, many):
    yearly = bases.annuity(value, rate, many)
    worth = sum(yearly / (1 + rate) ** year for year in range(1, many + 1))
    assert worth == pytest.approx(value)


def test_deals_are_counted_for_several_years():
    payments = data.open_case().table("payments")
    deals = payments.loc[payments["counted"], "deal"].unique()[:2]
    found = bases.deals_by_years(payments, deals, (1, 3))
    for (many, deal), rows in found.groupby(["years", "deal"]):
        one = bases.deal_parts(payments, deal, many)
        assert rows["amount"].tolist() == one["amount"].tolist()


# --- win-sets and answers ------------------------------------------------------------


def test_a_win_set_has_an_end_and_a_width():
    won = game.win_set((0.2, 0.5, 0.9), (0.4, 0.35, 0.25), 0.3, 0.5, costs=0.04)
    assert game.upper_end(won) == won[-1][1]
    assert game.width(won) == pytest.approx(sum(high - low for low, high in won))
    assert np.isnan(game.upper_end([])) and game.width([]) == 0


def test_what_a_test_could_notice():
    null = pd.Series(np.linspace(-10, 10, 201))
    found = breaks.noticed(null, 4.75)
    assert found.least == pytest.approx(9.5) and found.times == pytest.approx(2)
    assert found.power == ((null + 4.75).abs() >= found.least).mean()
    assert ((null + found.enough) >= found.least).mean() == pytest.approx(0.8, abs=0.01)
    assert breaks.noticed(null, 0.0).times == np.inf
    assert breaks.noticed(null, 100.0).power == 1
    with pytest.raises(ValueError, match="level is 1; allowed: above 0 and below 1"):
        breaks.noticed(null, 1.0, 1)


# --- years ---------------------------------------------------------------------------


def test_years_beyond_a_straight_line():
    rows = pd.DataFrame({"year": range(1994, 2003), "value": [0, 2, 1, 3, 4] + [9] * 4})
    told = range(2000, 2003)
    found, line = (
        alignment.beyond(rows, (1994, 1998), told),
        alignment.trend(rows, (1994, 1998), told),
    )
    assert found.seen == 9 and found.line == pytest.approx(line.line.mean())
    assert found.error == alignment.forecast_error(line, told)
    assert found.errors == pytest.approx((9 - found.line) / found.error)
    hole = rows.assign(value=rows["value"].where(rows["year"] != 2001))
    assert np.isnan(alignment.beyond(hole, (1994, 1998), told).seen)


def test_years_that_no_act_touches():
    days = {"start": ["1991-05-01", "1994-01-01"], "end": ["1992-02-01", "1994-01-01"]}
    acts = pd.DataFrame(days).apply(pd.to_datetime)
    assert alignment.silent_years(acts, range(1990, 1996)) == [1990, 1993, 1995]


def test_series_are_compared_where_both_are_seen():
    one = pd.Series([0, 1, NAN, 3], range(4))
    other = pd.Series([0, 1.2, 2, 3], range(4))
    found = alignment.compared(one, other)
    assert found[:3] == (3, 2, 1) and found.largest == pytest.approx(0.2)


def test_means_over_spans_keep_the_order_of_the_series_and_their_holes():
    rows = pd.DataFrame(
        {"series": ["b", "b", "a"], "year": [1, 2, 5], "value": [1.0, 3.0, 7.0]}
    )
    found = alignment.mean_by_span(rows, {"early": (1, 2), "late": (5, 5)})
    assert list(found.index) == ["b", "a"] and found["early"]["b"] == 2
    assert found["late"]["a"] == 7 and found["late"].isna()["b"]


# --- the tilt ------------------------------------------------------------------------


def test_the_tilt_and_its_turns():
    case = data.open_case()
    months = pd.date_range(*case.span(), freq="ME")
    found = engagement.tilt(case.events, months, case.poles, 365)
    whole = engagement.indices(
        engagement.engagement(case.events, months, 365), case.poles
    )
    assert found.tolist() == pytest.approx(whole["tilt"].tolist(), nan_ok=True)
    turned = engagement.turns(found)
    told = found.dropna()
    for day in turned:
        assert told[day] * told[:day].iloc[-2] <= 0
    assert len(turned) == (np.diff(np.sign(told.to_numpy())) != 0).sum()
