"""Jumps among all the others: worked cases, properties, and the size of the test on invented series."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multivector import jumps

BEFORE, AFTER = (-3, -2, -1), (1, 2, 3)
NUMBERS = st.floats(-100, 100, allow_nan=False)


def yearly(values, first=2000):
    return pd.Series(values, index=range(first, first + len(values)), dtype=float)


# Worked cases --------------------------------------------------------------------------------


def test_a_jump_by_hand():
    series = yearly([1, 2, 3, 9, 5, 6, 10])
    assert jumps.jump(series, 2003, BEFORE, AFTER, 3) == 7 - 2  # 9, of 2003, on no side


def test_a_hole_on_one_side_is_borne_as_far_as_the_rule_says():
    series = yearly([1, np.nan, 3, 9, 5, 6, 10])
    assert math.isnan(jumps.jump(series, 2003, BEFORE, AFTER, 3))
    assert jumps.jump(series, 2003, BEFORE, AFTER, 2) == 7 - 2


def test_a_missing_year_is_the_same_hole():
    series = yearly([1, np.nan, 3, 9, 5, 6, 10])
    for fewest in (2, 3):
        assert jumps.jump(series, 2003, BEFORE, AFTER, fewest) == pytest.approx(
            jumps.jump(series.dropna(), 2003, BEFORE, AFTER, fewest), nan_ok=True
        )


@pytest.mark.parametrize(
    ("first", "last", "before", "after", "years"),
    [
        (2002, 2010, BEFORE, AFTER, range(2005, 2008)),
        (1994, 2010, BEFORE, AFTER, range(1997, 2008)),
        (1993, 2010, (-4, -3, -2, -1), (0, 1, 2, 3), range(1997, 2008)),
    ],
)
def test_jumps_stand_where_both_sides_lie_in_the_span(
    first, last, before, after, years
):
    found = jumps.jumps(yearly(range(100), 1950), first, last, before, after, 3)
    assert list(found.index) == list(years)


def test_a_side_never_reaches_beyond_the_span_even_if_fewer_years_would_do():
    found = jumps.jumps(yearly(range(9), 2002), 2002, 2010, BEFORE, AFTER, 2)
    assert list(found.index) == [2005, 2006, 2007]


def test_the_first_of_fifteen_has_one_in_fifteen():
    five = {state: yearly(np.zeros(9), 2002) for state in "ABCDE"}
    five["A"] = yearly([0, 0, 0, 0, 5, 5, 5, 0, 0], 2002)
    found = jumps.cells(five, 2002, 2010, BEFORE, AFTER, 2)
    assert len(found) == 15
    assert jumps.share_as_large(found["A", 2005], found) == 1 / 15


def test_ties_count():
    assert jumps.share_as_large(2.0, [2, 2, 1, 0]) == 0.5
    assert jumps.share_as_small(0.0, [2, 2, 0, 0]) == 0.5
    assert jumps.share_as_large(2.0, [2 - 1e-13, 2, 1, 0]) == 0.5


def test_a_hole_drops_a_cell():
    assert jumps.share_as_large(2.0, [2, np.nan, 1]) == 1 / 2
    series = {"A": yearly([0] * 9), "B": yearly([0] * 3 + [np.nan] + [0] * 5)}
    found = jumps.cells(series, 2000, 2008, BEFORE, AFTER, 3)
    # 2003 stands on neither side of its own jump; of 2004 and 2005 it is a year before
    assert list(found.index) == [("A", 2003), ("A", 2004), ("A", 2005), ("B", 2003)]


def test_thirteen_spans_give_78_pairs():
    series = yearly(np.arange(18.0), 1993)
    series[[1999, 2001]] = np.nan
    found = jumps.spans(series, 2, 1993, 2010)
    assert len(found) == 13 and found.index.min() == 1993 and found.index.max() == 2008
    assert len(jumps.mean_of_sets(found, 2)) == 78


def test_means_of_sets_by_hand():
    assert jumps.mean_of_sets([0, 1, 5], 2).tolist() == [0.5, 2.5, 3.0]


def test_a_straight_trend_ranks_no_higher_once_its_median_is_off():
    """Above the other states in every year before, and level with them after."""
    noise = np.random.default_rng(3).normal(size=17)
    series = {"steep": yearly(noise + 10 * np.arange(17), 1994)}
    series["level"] = yearly(noise, 1994)
    plain, net = (
        jumps.cells(series, 1994, 2010, BEFORE, AFTER, 3, less_usual=less)
        for less in (False, True)
    )
    assert plain["steep"].min() > plain["level"].max()
    pd.testing.assert_series_equal(net["steep"], net["level"])


def test_a_state_with_few_jumps_has_no_usual_one():
    series = {"A": yearly(range(17), 1994), "B": yearly(range(13), 1998)}
    found = jumps.cells(series, 1994, 2010, BEFORE, AFTER, 3, less_usual=True)
    assert set(found.index.get_level_values("state")) == {"A"}


def test_eight_changes_have_40320_orders():
    found = jumps.correlation_in_all_orders(range(8), range(8))
    assert found.orders == 40320 and found.share == 1 / 40320
    assert found.correlation == pytest.approx(1)


def test_orders_by_hand():
    # of the six orders of (0, 1, 5) beside (0, 1, 2) only the rising one is as high
    assert jumps.correlation_in_all_orders([0, 1, 5], [0, 1, 2]).share == 1 / 6
    assert jumps.correlation_in_all_orders([5, 1, 0], [0, 1, 2]).share == 1


def test_ranks_by_hand():
    own = yearly([5, 5, 5, 5])
    others = [yearly([4] * 4), yearly([5] * 4), yearly([9] * 4), yearly([9, 9])]
    assert jumps.rank_over_common_years(own, others, 3) == (3, 4)


def test_a_pair_is_compared_over_its_common_years_alone():
    own, other = yearly([0, 0, 6]), yearly([np.nan, np.nan, 5])
    assert jumps.rank_over_common_years(own, [other], 1) == (1, 2)
    assert jumps.rank_over_common_years(own, [other], 2) == (1, 1)


# Properties ----------------------------------------------------------------------------------


@given(st.lists(NUMBERS, min_size=7, max_size=20), NUMBERS, st.floats(-5, 5))
def test_a_level_moves_no_jump_and_a_slope_all_alike(values, level, slope):
    series = yearly(values)
    last = 2000 + len(values) - 1
    tilted = series + level + slope * (series.index.to_numpy() - 2000)
    was, became = (
        jumps.jumps(s, 2000, last, BEFORE, AFTER, 3) for s in (series, tilted)
    )
    np.testing.assert_allclose(became, was + 4 * slope, atol=1e-9)


@given(st.lists(NUMBERS, min_size=8, max_size=20))
def test_the_usual_jump_is_none(values):
    net = jumps.net_of_usual(yearly(values))
    assert net.median() == pytest.approx(0, abs=1e-9)


@given(st.lists(NUMBERS, min_size=1, max_size=30), st.data())
def test_shares_by_a_plain_loop(values, choose):
    own = choose.draw(st.sampled_from(values))
    large = sum(value >= own - 1e-12 for value in values) / len(values)
    assert jumps.share_as_large(own, values) == pytest.approx(large)
    assert 1 / len(values) <= large <= 1
    mirrored = jumps.share_as_small(-own, [-value for value in values])
    assert mirrored == pytest.approx(large)


@given(
    st.lists(st.integers(0, 9), min_size=3, max_size=6),
    st.lists(st.integers(0, 9), min_size=3, max_size=6),
)
@settings(max_examples=40)
def test_all_orders_hold_the_own_one(one, other):
    size = min(len(one), len(other))
    one, other = one[:size], other[:size]
    if len(set(one)) == 1 or len(set(other)) == 1:
        return
    found = jumps.correlation_in_all_orders(one, other)
    assert 1 / found.orders <= found.share <= 1
    assert found.correlation == pytest.approx(np.corrcoef(one, other)[0, 1])


@given(st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_a_rank_lies_between_first_and_last(rows):
    own, *others = map(yearly, rows)
    found = jumps.rank_over_common_years(own, others, 1)
    assert found.n == len(rows) and 1 <= found.rank <= found.n


# How often chance does as much ---------------------------------------------------------------


def chance(slope, less_usual, tries=300):
    """How often the named cell is among the largest tenth, in five states that wander; one of them climbs."""
    rng, met = np.random.default_rng(20261125), 0
    for _ in range(tries):
        steps = rng.normal(size=(5, 17))
        steps[0] += slope
        states = {s: yearly(w, 1994) for s, w in zip("ABCDE", steps.cumsum(1))}
        found = jumps.cells(states, 1994, 2010, BEFORE, AFTER, 3, less_usual)
        met += jumps.within(jumps.share_as_large(found["A", 1999], found), 0.1)
    return met / tries


@pytest.mark.parametrize("slope", [0.0, 1.0])
def test_where_nothing_happened_the_rule_is_met_about_one_time_in_eleven(slope):
    """5 of 55 cells are the largest tenth: .09, less or plus three standard errors."""
    assert 0.04 < chance(slope, less_usual=True) < 0.14


def test_a_trend_left_in_would_make_the_test_lie():
    assert chance(1.0, less_usual=False) > 0.2


# What makes no sense -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: jumps.jump(yearly([1, 2]), 2000, (), (1,), 1),
            r"before is \[\] and after \[1\]; allowed",
        ),
        (
            lambda: jumps.jump(yearly([1, 2]), 2000, (1,), (0,), 1),
            r"before is \[1\] and after \[0\]; allowed",
        ),
        (
            lambda: jumps.jump(yearly([1, 2]), 2000, (-1,), (0,), 2),
            "fewest is 2; allowed: 1 to 1",
        ),
        (
            lambda: jumps.jump(
                pd.Series([1, 2], index=[2000, 2000]), 2000, (-1,), (0,), 1
            ),
            r"series has 1 year\(s\) twice",
        ),
        (
            lambda: jumps.cells({}, 2000, 2010, (-1,), (0,), 1),
            "series is empty; allowed: one state or more",
        ),
        (
            lambda: jumps.share_as_large(float("nan"), [1, 2]),
            "own is nan; allowed: one of the numbers in among",
        ),
        (
            lambda: jumps.share_as_small(3, [1, 2]),
            "own is 3; allowed: one of the numbers in among",
        ),
        (
            lambda: jumps.spans(yearly([1, 2]), 0, 2000, 2001),
            "length is 0; allowed: 1 or more",
        ),
        (
            lambda: jumps.mean_of_sets([1, np.nan], 1),
            "changes holds NaN; allowed: observed changes",
        ),
        (lambda: jumps.mean_of_sets([1, 2], 3), "size is 3; allowed: 1 to 2"),
        (
            lambda: jumps.correlation_in_all_orders([1, 2], [1, 2]),
            "one and other have 2 and 2 changes; allowed: the same number, 3 to 9",
        ),
        (
            lambda: jumps.correlation_in_all_orders([1, 1, 1], [1, 2, 3]),
            r"one is \[1.0, 1.0, 1.0\]; allowed: numbers that are not all alike",
        ),
        (lambda: jumps.orders(range(10)), "values has 10; allowed: 1 to 9"),
        (
            lambda: jumps.net_of_usual(yearly([1]), 0),
            "fewest is 0; allowed: 1 or more",
        ),
        (
            lambda: jumps.rank_over_common_years(yearly([1]), [], 0),
            "fewest is 0; allowed: 1 or more",
        ),
    ],
)
def test_nonsense_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_an_undefined_share_is_within_nothing():
    assert not jumps.within(float("nan"), 1.0)
    assert jumps.within(0.1 + 1e-13, 0.1) and not jumps.within(0.11, 0.1)
