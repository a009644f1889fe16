"""Breaks, no breaks, and moves after threats: worked examples, brute force, properties, rates under the null, and the case."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import ttost_ind
from statsmodels.tsa.ar_model import AutoReg

from multivector import alignment, breaks, data, engagement
from multivector.breaks import persistence


def yearly(*values, first=2000):
    return pd.Series(values, index=range(first, first + len(values)), dtype=float)


def persistent(phi, n, rng):
    """A stationary AR(1) series; phi 0 is white noise."""
    values = [rng.normal() / math.sqrt(1 - phi**2)]
    for shock in rng.normal(size=n - 1):
        values.append(phi * values[-1] + shock)
    return yearly(*values, first=1992)


with_holes = st.lists(
    st.one_of(st.integers(-20, 20), st.none()), min_size=8, max_size=14
).filter(lambda x: sum(v is not None for v in x) >= 7)
whole = st.lists(st.integers(-20, 20), min_size=8, max_size=14)


def series_of(values):
    return yearly(*(np.nan if v is None else v for v in values))


# Named years -------------------------------------------------------------------------------

SMALL = yearly(0, 1, 1, 4, 4, 3)  # steps 1, 0, 3, 0, 1 of 2001 to 2005


def test_named_years_by_hand():
    """Of the 10 pairs only {2003, 2001} and {2003, 2005} have a mean of 2."""
    found = breaks.named_years(SMALL, [2003, 2005])
    assert found[:6] == (2.0, 0.2, 0.1, 5, 10, None)
    assert found.details.to_numpy().tolist() == [
        [2003, 2003, 2002, 3],
        [2005, 2005, 2004, 1],
    ]
    assert "each set of 2 of the 5 years" in found.null and found.note == ""


def test_a_step_over_a_hole_stands_for_the_hole():
    for holed in (SMALL.drop(2002), SMALL.where(SMALL.index != 2002)):
        found = breaks.named_years(holed, [2002, 2005])
        assert found.note == "2003 stands for 2002, which was not observed"
        assert found.details.to_numpy().tolist() == [
            [2002, 2003, 2001, 3],
            [2005, 2005, 2004, 1],
        ]
        assert (found.statistic, found.p, found.n, found.draws) == (
            2.0,
            pytest.approx(2 / 6),
            4,
            6,
        )


def test_a_step_over_years_can_be_divided_by_the_root_of_their_number():
    """A step of 4 over four years weighs as 2, and a series without holes is not touched."""
    holed = SMALL.drop([2001, 2002]).rename(
        {2000: 1999}
    )  # steps: 4 from 1999 to 2003, then 0 and 1
    found = breaks.named_years(holed, [2003], per_root_year=True)
    assert found.details.to_numpy().tolist() == [[2003, 2003, 1999, 2.0]]
    assert (found.statistic, found.p) == (2.0, pytest.approx(1 / 3))
    assert (
        breaks.named_years(SMALL, [2003, 2005], per_root_year=True)[:6]
        == breaks.named_years(SMALL, [2003, 2005])[:6]
    )


def test_series_and_table_and_any_order_of_years_are_the_same():
    table = pd.DataFrame({"year": SMALL.index, "gap": SMALL.to_numpy()}).sample(
        frac=1, random_state=1
    )
    assert (
        breaks.named_years(SMALL, {2003}).statistic
        == breaks.named_years(SMALL, 2003).statistic
        == 3
    )
    for other in (table, SMALL[::-1], SMALL.astype("Float64")):
        assert (
            breaks.named_years(other, [2005, 2003])[:8]
            == breaks.named_years(SMALL, [2003, 2005])[:8]
        )


@given(with_holes, st.data())
def test_named_years_is_exact(values, draw):
    series = series_of(values)
    seen = series.dropna()
    steps = dict(zip(seen.index[1:], np.abs(np.diff(seen))))
    named = draw.draw(
        st.lists(st.sampled_from(sorted(steps)), min_size=1, max_size=3, unique=True)
    )
    mean = np.mean([steps[y] for y in named])
    every = [np.mean(one) for one in itertools.combinations(steps.values(), len(named))]
    found = breaks.named_years(series, named)
    assert found.statistic == pytest.approx(mean)
    assert found.p == pytest.approx(np.mean([m >= mean - 1e-9 for m in every]))
    assert found.smallest_p <= found.p <= 1 and found.draws == len(every) == math.comb(
        found.n, len(named)
    )


@given(with_holes, st.integers(-50, 50), st.sampled_from([-3.0, 0.125, 1e6, 1e-6]))
def test_named_years_knows_no_level_unit_or_sign(values, level, unit):
    series = series_of(values)
    named = series.dropna().index[[2, 5]]
    one, two = (
        breaks.named_years(series, named),
        breaks.named_years((series + level) * unit, named),
    )
    assert one.p == two.p and two.statistic == pytest.approx(one.statistic * abs(unit))


@given(whole)
def test_named_years_knows_no_direction_of_time(values):
    """Backwards, the step of a year stands at the year before it."""
    series = yearly(*values)
    turned = pd.Series(series.to_numpy(), index=-series.index)
    one, two = (
        breaks.named_years(series, [2002, 2005]),
        breaks.named_years(turned, [-2001, -2004]),
    )
    assert (one.statistic, one.p) == (two.statistic, two.p)


def test_ties_count_in_spite_of_rounding():
    """Steps of .1 that differ in their last digit; each is as large as the others."""
    found = breaks.named_years(yearly(0.1, 0.2, 0.3, 0.4, 0.5, 0.6), [2001])
    assert found.p == 1


def test_triples_are_the_sets_behind_p():
    found = breaks.triples(SMALL, k=2)
    assert (
        found.columns.tolist() == ["year_1", "year_2", "mean", "rank"]
        and len(found) == 10
    )
    assert found.loc[found["mean"] >= 2, ["year_1", "year_2"]].to_numpy().tolist() == [
        [2001, 2003],
        [2003, 2005],
    ]
    assert len(breaks.triples(SMALL)) == 10


def test_p_of_named_years_is_uniform_where_steps_are_exchangeable():
    rng = np.random.default_rng(11)
    p = []
    for _ in range(400):
        steps = rng.exponential(size=12) * rng.choice([-1, 1], 12)
        p.append(breaks.named_years(yearly(0, *np.cumsum(steps)), [2003, 2007, 2012]).p)
    for level in (0.05, 0.2, 0.5, 0.8):
        assert np.mean(np.array(p) <= level) == pytest.approx(
            level, abs=3 * math.sqrt(level * (1 - level) / 400)
        )


# A free break ------------------------------------------------------------------------------


def test_scan_by_hand():
    """Means 1 and 5 around 3: 24 between, 4 within, so that F = 24/(4/4)."""
    found = breaks.scan(yearly(0, 1, 2, 4, 5, 6))
    assert found.to_numpy().tolist() == [[2003, pytest.approx(24), 1, 5]]


@given(with_holes)
def test_f_is_the_square_of_the_pooled_t(values):
    series = series_of(values)
    seen = series.dropna()
    found = breaks.scan(series).set_index("year")
    assert found.index.tolist() == seen.index[3:-2].tolist()
    for year, row in found.iterrows():
        before, after = seen[seen.index < year], seen[seen.index >= year]
        if np.ptp(before) or np.ptp(after):
            assert row["f"] == pytest.approx(
                stats.ttest_ind(before, after).statistic ** 2, rel=1e-6, abs=1e-9
            )
        else:
            assert row["f"] == (0 if before.iloc[0] == after.iloc[0] else np.inf)


def test_fifteen_percent_are_kept_free():
    for n, least in ((6, 3), (17, 3), (20, 3), (21, 4), (40, 6), (41, 7)):
        found = breaks.scan(yearly(*np.sin(np.arange(n))))
        assert (found["year"].iloc[0], found["year"].iloc[-1]) == (
            2000 + least,
            2000 + n - least,
        )


def test_permutation_p_by_hand():
    """Of the 720 orders of 6 values only the 72 that keep the halves, or swap them, have so large an F."""
    found = breaks.sup_f(yearly(0, 1, 2, 4, 5, 6), "permutation", draws=9999)
    assert (
        found.statistic,
        found.smallest_p,
        found.n,
        found.draws,
        found.seed,
        found.location,
    ) == (pytest.approx(24), 0.1, 6, 9999, 1, 2003)
    assert found.p == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("null", breaks.NULLS)
def test_sup_f_finds_a_planted_break(null):
    rng = np.random.default_rng(3)
    series = yearly(*rng.normal(size=12), *(rng.normal(size=12) + 8))
    found = breaks.sup_f(series, null)
    assert found.location == 2012 and found.p <= 0.05
    assert found.statistic == breaks.scan(series)["f"].max()
    assert found[:8] == breaks.sup_f(series, null)[:8]  # the seed fixes it
    assert (
        found.p >= 1 / 2000 and breaks.sup_f(series, null, draws=9).p >= 1 / 10
    )  # what was observed counts as a draw


def test_a_step_without_noise_is_infinitely_sure_and_still_has_a_p():
    found = breaks.sup_f(yearly(0, 0, 0, 0, 0, 1, 1, 1, 1, 1), "permutation")
    assert found.statistic == np.inf and found.location == 2005
    assert found.p == pytest.approx(2 / math.comb(10, 5), abs=0.005)


def test_years_with_the_same_f_are_told():
    found = breaks.sup_f(yearly(1, 0, 0, 0, 0, 0, 0, 0, 0, 1), "permutation")
    assert (
        found.location == 2003 and found.note == "the years 2003, 2007 have the same F"
    )


@pytest.mark.parametrize("null", breaks.NULLS)
def test_a_constant_series_has_statistic_0_and_p_1(null):
    found = breaks.sup_f(yearly(*[0.1] * 9), null)
    assert (found.statistic, found.p, found.location) == (
        0,
        1,
        None,
    ) and found.note == "the series is constant"
    assert breaks.named_years(yearly(*[0.1] * 9), [2003])[:2] == (0, 1)
    assert (breaks.scan(yearly(*[0.1] * 9))["f"] == 0).all() and breaks.locate(
        yearly(*[0.1] * 9)
    ).years == []
    assert breaks.ar1(yearly(*[0.1] * 9)) == (0, 0, 8)


varied = whole.filter(lambda v: len(set(v)) > 2 and len(set(v[:-1])) > 1)


@given(varied, st.integers(-50, 50), st.sampled_from([-3.0, 0.125, 1e6]))
def test_sup_f_knows_no_level_unit_or_sign(values, level, unit):
    series = yearly(*values)
    for null in breaks.NULLS[:2]:
        try:
            one, two = (
                breaks.sup_f(s, null, draws=99)
                for s in (series, (series + level) * unit)
            )
        except ValueError as error:
            assert "AR(1) without noise" in str(error)
        else:
            assert (
                one.p == two.p
                and one.location == two.location
                and two.statistic == pytest.approx(one.statistic)
            )


@given(whole)
def test_f_knows_no_direction_of_time(values):
    one, two = breaks.scan(yearly(*values)), breaks.scan(yearly(*values[::-1]))
    assert one["f"].to_numpy() == pytest.approx(two["f"].to_numpy()[::-1])


@pytest.fixture(scope="module")
def rates():
    """Rejections at 5 % of series without a break, by phi and null."""
    found = {}
    for phi in (0.0, 0.7):
        rng = np.random.default_rng(17)
        series = [persistent(phi, 17, rng) for _ in range(300)]
        for null in breaks.NULLS:
            found[phi, null] = np.mean(
                [
                    breaks.sup_f(s, null, draws=199, seed=i).p <= 0.05
                    for i, s in enumerate(series)
                ]
            )
    return found


def test_permutation_rejects_as_often_as_it_says_where_years_are_exchangeable(rates):
    assert rates[0.0, "permutation"] == pytest.approx(
        0.05, abs=3 * math.sqrt(0.05 * 0.95 / 300)
    )


def test_persistence_manufactures_breaks_that_the_bootstrap_does_not_see(rates):
    assert rates[0.7, "permutation"] > 0.35
    assert rates[0.7, "ar1"] < 0.10 and rates[0.7, "ar1-corrected"] <= 0.05
    assert rates[0.0, "ar1"] < 0.08


def test_ar1_is_least_squares_as_in_statsmodels():
    series = persistent(0.6, 40, np.random.default_rng(2))
    found = breaks.ar1(series)
    assert (
        found.phi == pytest.approx(AutoReg(series.to_numpy(), 1).fit().params[1])
        and found.n == 39
    )
    assert found.corrected == pytest.approx((39 * found.phi + 1) / 36)


def test_ar1_uses_pairs_of_neighbouring_years_only():
    series = persistent(0.6, 20, np.random.default_rng(2))
    holed = series.drop([1999, 2005])
    now = holed[[y for y in holed.index if y + 1 in holed.index]]
    then = holed[now.index + 1].to_numpy()
    assert breaks.ar1(holed).n == 15 and breaks.ar1(holed).phi == pytest.approx(
        np.polyfit(now, then, 1)[0]
    )


def test_the_correction_takes_the_bias_away():
    rng = np.random.default_rng(8)
    found = np.array(
        [breaks.ar1(persistent(0.5, 20, rng))[:2] for _ in range(400)]
    ).mean(axis=0)
    assert found[0] < 0.42 and found[1] == pytest.approx(0.5, abs=0.04)


def test_simulated_series_keep_holes_apart():
    """Years on both sides of a hole are two steps of the process apart."""
    residuals = np.random.default_rng(1).normal(size=50)
    drawn = persistence.simulated(
        0.8,
        residuals - residuals.mean(),
        np.array([0, 1, 3]),
        20000,
        np.random.default_rng(1),
    )
    assert np.corrcoef(drawn[:, 0], drawn[:, 1])[0, 1] == pytest.approx(0.8, abs=0.02)
    assert np.corrcoef(drawn[:, 1], drawn[:, 2])[0, 1] == pytest.approx(0.64, abs=0.02)
    assert drawn.std(axis=0) == pytest.approx(residuals.std() / 0.6, rel=0.03)


def left_over(values, cuts):
    return sum(((part - part.mean()) ** 2).sum() for part in np.split(values, cuts))


@given(whole.filter(lambda v: len(set(v)) > 1), st.integers(1, 2))
def test_locate_leaves_the_least(values, number):
    values = np.array(values, dtype=float)
    if len(values) < 3 * (number + 1):
        return
    cuts = [
        c
        for c in itertools.combinations(range(3, len(values) - 2), number)
        if number == 1 or c[1] - c[0] >= 3
    ]
    found = breaks.locate(yearly(*values), number)
    least = min(left_over(values, list(c)) for c in cuts)
    assert left_over(values, [y - 2000 for y in found.years]) == pytest.approx(
        least, abs=1e-9
    )
    assert found.explained == pytest.approx(1 - least / left_over(values, []), abs=1e-9)


def test_locate_by_hand_and_with_holes():
    series = pd.Series(
        [0, 1, 0, 5, 6, 5, 1, 0, 1.0],
        index=[2000, 2001, 2002, 2005, 2006, 2007, 2008, 2009, 2010],
    )
    found = breaks.locate(series, 2)
    assert found.years == [2005, 2008] and found.means == pytest.approx(
        [1 / 3, 16 / 3, 2 / 3]
    )
    assert (
        breaks.locate(series).years[0]
        == breaks.sup_f(series, "permutation", draws=9).location
    )


# No break ----------------------------------------------------------------------------------


def test_equivalence_by_hand():
    """Difference 1, error sqrt(1/3 + 1/3), 4 degrees of freedom: t = 2.1318 gives 1 -+ 1.7406."""
    found = breaks.equivalence([1, 2, 3], [2, 3, 4], margin=3)
    assert (found.statistic, found.n, found.draws, found.seed) == (
        pytest.approx(1),
        6,
        None,
        None,
    )
    assert (found.lower, found.upper) == pytest.approx((-0.7406, 2.7406), abs=1e-4)
    assert found.p == pytest.approx(stats.t.sf(2 / math.sqrt(2 / 3), 4))
    assert found.smallest_p == pytest.approx(stats.t.sf(3 / math.sqrt(2 / 3), 4))
    for move, margin, verdict in (
        (0, 3, "inside"),
        (0, 2, "overlaps"),
        (9, 3, "outside"),
        (-9, 3, "outside"),
    ):
        assert (
            breaks.equivalence(
                [1, 2, 3], [2 + move, 3 + move, 4 + move], margin
            ).verdict
            == verdict
        )


sides = st.lists(st.integers(-20, 20), min_size=2, max_size=9)


@pytest.mark.filterwarnings(
    "ignore:Precision loss"
)  # of scipy, where one side is constant
@given(sides, sides, st.sampled_from([0.5, 3.0, 20.0]))
def test_equivalence_agrees_with_scipy_and_statsmodels(before, after, margin):
    if len(set(before)) < 2 and len(set(after)) < 2:
        return
    found = breaks.equivalence(before, after, margin)
    interval = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.9)
    assert (found.lower, found.upper) == pytest.approx(tuple(interval), abs=1e-8)
    assert found.p == pytest.approx(
        ttost_ind(np.array(after), np.array(before), -margin, margin, usevar="unequal")[
            0
        ],
        abs=1e-9,
    )
    assert (found.verdict == "inside") == (found.p < 0.05) or found.p == pytest.approx(
        0.05
    )
    assert found.p >= found.smallest_p - 1e-12


@given(sides.filter(lambda v: len(set(v)) > 1), sides, st.integers(-9, 9))
def test_equivalence_knows_no_level_and_turns_with_the_sides(before, after, level):
    one = breaks.equivalence(before, after, 3.0)
    moved = breaks.equivalence(np.add(before, level), np.add(after, level), 3.0)
    turned = breaks.equivalence(after, before, 3.0)
    assert moved.p == pytest.approx(one.p) and turned.p == pytest.approx(one.p)
    assert (turned.lower, turned.upper) == pytest.approx((-one.upper, -one.lower))


def test_holes_are_left_out_and_told():
    one = breaks.equivalence([1, np.nan, 2, 3], [2, 3, 4, None], 3)
    assert (
        one[:9] == breaks.equivalence([1, 2, 3], [2, 3, 4], 3)[:9]
        and one.note == "2 hole(s) left out"
    )
    series = yearly(1, np.nan, 2, 3, 2, 3, 4)
    assert breaks.equivalence(series.loc[:2003], series.loc[2004:], 3)[:9] == one[:9]


def test_the_interval_of_persistent_noise_is_wide_enough():
    """An interval of 90 % covers the difference of 0 in 90 % of series; Welch's does not."""
    rng = np.random.default_rng(5)
    covered = []
    for i in range(200):
        values = persistent(0.7, 19, rng).to_numpy(copy=True)
        values[[7, 9]] = np.nan
        pair = [
            breaks.equivalence(
                values[:13], values[13:], 1.0, noise=noise, draws=199, seed=i
            )
            for noise in breaks.NOISES
        ]
        covered.append([found.lower <= 0 <= found.upper for found in pair])
    welch, bootstrap = np.mean(covered, axis=0)
    assert welch < 0.7 and 0.82 < bootstrap < 0.97


def test_without_persistence_the_bootstrap_is_near_welch():
    rng = np.random.default_rng(4)
    before, after = rng.normal(size=60), rng.normal(size=60)
    one, two = (
        breaks.equivalence(before, after, 1.0, noise=noise) for noise in breaks.NOISES
    )
    assert (two.lower, two.upper) == pytest.approx((one.lower, one.upper), abs=0.15)
    assert two == breaks.equivalence(before, after, 1.0, noise="ar1") and (
        two.draws,
        two.seed,
    ) == (1999, 1)
    assert (two.verdict, two.p) == ("inside", 1 / 2000) and two.smallest_p == 1 / 2000


# Threats and moves -------------------------------------------------------------------------


def at(*offsets):
    return pd.Timestamp("2000-01-01") + pd.to_timedelta(np.array(offsets), unit="D")


def on(days, values):
    return pd.DataFrame({"date": at(*days), "value": values})


def lasting(*rows):
    return pd.DataFrame(
        [(at(a)[0], at(b)[0], v) for a, b, v in rows], columns=["start", "end", "value"]
    )


def test_lead_lag_by_hand():
    """One move on day 6 of 11, window 2: the change is 4 on days 4 and 5, -4 on days 7 and 8, else 0."""
    found = breaks.lead_lag(at(5), on([6], [4.0]), 2, at(0, 10))
    assert (
        found.statistic,
        found.p,
        found.smallest_p,
        found.n,
        found.draws,
        found.seed,
    ) == (4, pytest.approx(4 / 11), 1 / 11, 1, 11, None)
    shifted = breaks.shifts(at(5), on([6], [4.0]), 2, at(0, 10))
    assert shifted["statistic"].tolist() == [4, 0, -4, -4, 0, 0, 0, 0, 0, 0, 4]
    assert (
        found.details[["before", "after", "move"]].to_numpy().tolist() == [[0, 4, 4]]
        and found.details["p"].isna().all()
    )


def test_the_day_itself_is_on_neither_side():
    assert breaks.lead_lag(at(5), on([5], [4.0]), 2, at(0, 10))[:2] == (0, 1)


def test_an_interval_counts_with_its_part_in_the_window():
    """Days 3 to 8 at 1 a day: 3 and 4 before day 5, 6 and 7 after it; days before the span are lost."""
    details = breaks.lead_lag(at(5), lasting((3, 8, 6.0)), 2, at(0, 10)).details
    assert details[["before", "after"]].to_numpy().tolist() == [[2, 2]]
    details = breaks.lead_lag(
        at(2), lasting((-3, 1, 5.0), (20, 30, 9.0)), 2, at(0, 10)
    ).details
    assert details[["before", "after"]].to_numpy().tolist() == [[2, 0]]


def slowly(threats, moves, window, size):
    """The statistic of every shift, day by day."""
    daily = np.zeros(size)
    for start, end, value in moves:
        for day in range(start, end + 1):
            if 0 <= day < size:
                daily[day] += value / (end - start + 1)
    return [
        np.mean(
            [
                sum(
                    daily[(t + s + k) % size] - daily[(t + s - k) % size]
                    for k in range(1, window + 1)
                )
                for t in threats
            ]
        )
        for s in range(size)
    ]


some_moves = st.lists(
    st.tuples(st.integers(-5, 45), st.integers(0, 12), st.integers(-8, 8)),
    min_size=1,
    max_size=6,
)


@given(
    st.lists(st.integers(7, 33), min_size=1, max_size=4, unique=True),
    some_moves,
    st.integers(1, 7),
)
def test_lead_lag_is_exact(threats, moves, window):
    rows = [(a, a + length, float(v)) for a, length, v in moves]
    every = np.array(slowly(threats, rows, window, 41))
    found = breaks.lead_lag(at(*threats), lasting(*rows), window, at(0, 40))
    shifted = breaks.shifts(at(*threats), lasting(*rows), window, at(0, 40))[
        "statistic"
    ].to_numpy()
    assert shifted == pytest.approx(every, abs=1e-9) and shifted.sum() == pytest.approx(
        0, abs=1e-9
    )
    assert found.statistic == pytest.approx(every[0], abs=1e-9)
    assert found.p == pytest.approx(np.mean(np.abs(every) >= abs(every[0]) - 1e-9))


@given(st.integers(-2000, 2000), st.sampled_from([-2.0, 0.25, 1e6]))
def test_lead_lag_knows_no_calendar_unit_or_sign(days, unit):
    threats, moves = at(8, 20, 31), lasting((5, 9, 4.0), (10, 10, -3.0), (22, 35, 7.0))
    by = pd.Timedelta(days=days)
    one = breaks.lead_lag(threats, moves, 7, at(0, 40))
    later = moves.assign(
        start=moves["start"] + by, end=moves["end"] + by, value=moves["value"] * unit
    )
    two = breaks.lead_lag(threats + by, later, 7, at(0, 40) + by)
    assert one.p == two.p and two.statistic == pytest.approx(one.statistic * unit)


def test_lead_lag_knows_no_steady_level():
    threats, moves = at(8, 20, 31), lasting((5, 9, 4.0), (10, 10, -3.0), (22, 35, 7.0))
    steady = pd.concat([moves, lasting((0, 40, 82.0))])
    assert breaks.lead_lag(threats, steady, 7, at(0, 40))[:2] == pytest.approx(
        breaks.lead_lag(threats, moves, 7, at(0, 40))[:2]
    )


@pytest.fixture(scope="module")
def planted():
    """Moves at random, and more of them in the 60 days after each of six threats."""
    rng = np.random.default_rng(9)
    days = np.array([300, 900, 1250, 2100, 2600, 3300])
    noise = on(rng.integers(0, 4000, 60), rng.normal(0, 2, 60))
    return days, pd.concat(
        [noise, on((days[:, None] + rng.integers(1, 60, (6, 3))).ravel(), 4.0)]
    )


def test_lead_lag_finds_a_planted_answer_and_not_a_shifted_one(planted):
    days, moves = planted
    found = breaks.lead_lag(at(*days), moves, 90, at(0, 3999))
    assert found.statistic > 8 and found.p < 0.02
    assert breaks.lead_lag(at(*(days + 200)), moves, 90, at(0, 3999)).p > 0.2
    drawn = breaks.lead_lag(at(*days), moves, 90, at(0, 3999), draws=4999, seed=7)
    assert drawn.p == pytest.approx(found.p, abs=0.01) and (
        drawn.draws,
        drawn.seed,
        drawn.smallest_p,
    ) == (4999, 7, 1 / 4000)
    assert breaks.lead_lag(at(*days), moves, 90, at(0, 3999), draws=1).p in (
        0.5,
        1,
    )  # what was observed counts as a draw


def test_every_threat_is_left_out_once(planted):
    days, moves = planted
    found = breaks.lead_lag(at(*days), moves, 90, at(0, 3999))
    again = breaks.leave_one_out(
        lambda threats: breaks.lead_lag(threats, moves, 90, at(0, 3999)), at(*days)
    )
    assert found.details["p"].tolist() == again["p"].tolist()
    assert found.details["statistic"].tolist() == again["statistic"].tolist()
    assert found.details["move"].mean() == pytest.approx(found.statistic)


def test_a_window_past_the_span_drops_its_threat_and_says_so():
    moves = on([6, 9], [4.0, 1.0])
    found = breaks.lead_lag(at(1, 5, 9), moves, 2, at(0, 10))
    assert (
        found.n == 1
        and found.statistic == breaks.lead_lag(at(5), moves, 2, at(0, 10)).statistic
    )
    assert found.note.startswith(
        "dropped, since the window runs past the span: 2000-01-02, 2000-01-10"
    )


def test_lead_lag_without_moves_in_the_span_has_p_1():
    assert breaks.lead_lag(at(5), on([50], [4.0]), 2, at(0, 10))[:2] == (0, 1)


def test_p_of_lead_lag_is_uniform_where_moves_come_by_chance():
    rng = np.random.default_rng(3)
    p = []
    for _ in range(300):
        moves = on(rng.integers(0, 3000, 60), rng.normal(size=60))
        p.append(
            breaks.lead_lag(
                at(*rng.choice(np.arange(100, 2900), 4, replace=False)),
                moves,
                90,
                at(0, 2999),
            ).p
        )
    for level in (0.05, 0.2, 0.5, 0.8):
        assert np.mean(np.array(p) <= level) == pytest.approx(
            level, abs=3 * math.sqrt(level * (1 - level) / 300)
        )


# The case ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def case():
    return data.open_case()


@pytest.fixture(scope="module")
def gap(case):
    found = alignment.gap_net_of_peers(
        case.table("un_votes"), case.state, *map(case.iso3, case.poles), case.peers
    )
    return found[found["year"].between(1992, 2010)]


@given(st.lists(st.integers(1991, 2010), max_size=4), st.integers(0, 8))
def test_a_year_with_room_has_so_many_on_either_side(years, least):
    found = breaks.with_room(years, 1991, 2010, least)
    roomy = [y for y in years if 1991 + least <= y <= 2010 - least]
    assert found == (max(roomy) if roomy else 2000)


@given(st.integers(1995, 2006))
def test_windows_lie_on_both_sides_of_the_year(year):
    firsts, lasts = breaks.windows_around(year, 1991, 2010)
    assert firsts[0] == 1992 and lasts[-1] == 2010 and 2009 in lasts
    assert 1 <= len(firsts) <= 7 and 2 <= len(lasts) <= 3
    assert firsts[-1] < year - 1 and lasts[0] > year + 1


@pytest.mark.parametrize("column", ["gap", "net"])
def test_the_gap_has_16_steps_and_560_triples(gap, column):
    found = breaks.named_years(gap[["year", column]], [2001, 2005, 2010])
    every = breaks.triples(gap[["year", column]])
    assert (found.n, found.draws, len(every)) == (
        16,
        560,
        560,
    ) and found.smallest_p == pytest.approx(1 / 560)
    assert found.note == "2002 stands for 2001, which was not observed"
    own = every[
        (every["year_1"] == 2002)
        & (every["year_2"] == 2005)
        & (every["year_3"] == 2010)
    ]
    assert own["mean"].item() == pytest.approx(found.statistic)
    steps = alignment.steps(gap, column).set_index("year")["step"]
    assert found.statistic == pytest.approx(steps[[2002, 2005, 2010]].mean())


def test_windows_are_those_of_engagement(case):
    """Before and after each threat as ``engagement.moves`` counts them, summed over the vectors."""
    own = case.events[
        (case.events["direction"] == "by") & case.events["vector"].notna()
    ]
    moves = own.assign(value=own["goldstein"] * own["weight"])
    threats = case.threats()["start"].drop_duplicates()
    found = breaks.lead_lag(threats, moves, 180, case.span()).details
    expected = (
        engagement.moves(case.events, found["threat"], 180)
        .groupby("date")[["before", "after", "move"]]
        .sum()
    )
    assert found[["before", "after", "move"]].to_numpy() == pytest.approx(
        expected.to_numpy()
    )


# Arguments ---------------------------------------------------------------------------------

LINE = yearly(0, 3, 1, 4, 2, 5, 3, 6)
ONE = on([6], [4.0])
BAD = [
    (
        lambda: breaks.named_years(SMALL, [2000]),
        "years names 2000, which has no step; allowed: 2001 to 2005",
    ),
    (lambda: breaks.named_years(SMALL, [1990]), "years names 1990, which has no step"),
    (lambda: breaks.named_years(SMALL, [2006]), "years names 2006, which has no step"),
    (lambda: breaks.named_years(yearly(1), [2000]), "which has no step; allowed: none"),
    (
        lambda: breaks.named_years(SMALL, []),
        "no year was named before looking",
    ),
    (
        lambda: breaks.named_years(SMALL, [2001, 2001]),
        "allowed: each year once",
    ),
    (
        lambda: breaks.named_years(SMALL.drop(2002), [2002, 2003]),
        "years names 2002 and 2003, which share the step of 2003",
    ),
    (
        lambda: breaks.named_years(yearly(0, 1, 3), [2001, 2002]),
        r"series has 2 step\(s\); allowed: 3 or more for 2 .*, which takes 4 observed",
    ),
    (
        lambda: breaks.named_years(pd.concat([SMALL, SMALL.iloc[:1]]), [2003]),
        "series has the year 2000 twice",
    ),
    (
        lambda: breaks.named_years(yearly(0, np.inf, 1), [2001]),
        "series is infinite in 2001",
    ),
    (
        lambda: breaks.named_years(yearly(np.nan, np.nan), [2001]),
        "series has no observed year",
    ),
    (
        lambda: breaks.named_years([1, 2, 3], [2001]),
        "series is a list; allowed: a Series indexed by year",
    ),
    (
        lambda: breaks.named_years(
            pd.DataFrame({"year": [1], "a": [1], "b": [2]}), [1]
        ),
        "series has the columns .*; allowed: 'year' and one column",
    ),
    (
        lambda: breaks.named_years(SMALL.astype(str), [2001]),
        "series has values of type",
    ),
    (
        lambda: breaks.named_years(SMALL.set_axis(at(*range(6))), [2001]),
        "series has years of type",
    ),
    (
        lambda: breaks.named_years(SMALL.set_axis(SMALL.index + 0.5), [2001]),
        "series has the year 2000.5; allowed: whole numbers",
    ),
    (
        lambda: breaks.named_years(yearly(*range(60)), range(2010, 2030)),
        "allowed: 2000000 sets or fewer",
    ),
    (lambda: breaks.triples(SMALL, 0), "k is 0; allowed: a whole number of 1 or more"),
    (
        lambda: breaks.triples(SMALL, 6),
        r"series has 5 step\(s\); allowed: 6 or more, which takes 7 observed years",
    ),
    (
        lambda: breaks.scan(yearly(1, 2, 3, 4, 5)),
        "series has 5 observed years; allowed: 6 or more, 3 on each side",
    ),
    (
        lambda: breaks.sup_f(yearly(1, 2, 3, 4, 5), "permutation"),
        "series has 5 observed years; allowed: 6 or more",
    ),
    (
        lambda: breaks.sup_f(LINE, "random"),
        "null is 'random'; allowed: 'permutation', 'ar1', 'ar1-corrected'",
    ),
    (
        lambda: breaks.sup_f(LINE, "permutation", draws=0),
        "draws is 0; allowed: a whole number of 1 or more",
    ),
    (lambda: breaks.sup_f(LINE, "permutation", draws=9.5), "draws is 9.5"),
    (
        lambda: breaks.sup_f(LINE.drop([2002, 2004]), "ar1"),
        "series has 3 pairs of neighbouring observed years; allowed: 6 or more",
    ),
    (lambda: breaks.sup_f(yearly(*0.5 ** np.arange(8)), "ar1"), "AR.1. without noise"),
    (lambda: breaks.ar1(SMALL), "series has 5 pairs"),
    (
        lambda: breaks.locate(LINE, 2),
        r"series has 8 observed years; allowed: 9 or more for 2 break\(s\), 3 on each side of one",
    ),
    (lambda: breaks.locate(LINE, 0), "number is 0"),
    (
        lambda: breaks.equivalence([1, 2], [1, 2], 0),
        "margin is 0; allowed: a number above 0",
    ),
    (lambda: breaks.equivalence([1, 2], [1, 2], np.nan), "margin is nan"),
    (
        lambda: breaks.equivalence([1, 2], [1, 2], 1, level=1),
        "level is 1; allowed: above 0 and below 1",
    ),
    (
        lambda: breaks.equivalence([1, 2], [1, 2], 1, noise="white"),
        "noise is 'white'; allowed: 'independent', 'ar1'",
    ),
    (
        lambda: breaks.equivalence([1], [1, 2], 1),
        r"before has 1 observation\(s\); allowed: 2 or more",
    ),
    (
        lambda: breaks.equivalence([1, 2], [1, np.nan], 1),
        r"after has 1 observation\(s\)",
    ),
    (lambda: breaks.equivalence([1, np.inf], [1, 2], 1), "before is infinite in 1"),
    (lambda: breaks.equivalence([1, 1], [2, 2], 1), "before and after have no spread"),
    (
        lambda: breaks.equivalence(SMALL, [1, 2], 1),
        "before and after are of different kinds",
    ),
    (
        lambda: breaks.equivalence(SMALL, SMALL, 1),
        "before runs to 2005 and after begins in 2000; allowed: all of before earlier",
    ),
    (
        lambda: breaks.equivalence(range(7), range(6), 1, noise="ar1"),
        "before and after together has 11 pairs of .* years; allowed: 12 or more",
    ),
    (
        lambda: breaks.equivalence(
            SMALL, SMALL.set_axis(SMALL.index + 6), 1, noise="ar1", draws=0
        ),
        "draws is 0",
    ),
    (
        lambda: breaks.lead_lag(at(5), ONE, 0, at(0, 10)),
        "window is 0; allowed: a whole number of 1 or more",
    ),
    (
        lambda: breaks.lead_lag(at(5), ONE, 2, at(10, 0)),
        r"span is \('2000-01-11', '2000-01-01'\); allowed: a first day and a last day",
    ),
    (
        lambda: breaks.lead_lag(at(5), ONE, 2, at(0, 3)),
        "span has 4 days; allowed: 5 or more for a window of 2",
    ),
    (lambda: breaks.lead_lag(at(5), ONE, 2, at(0, 10), draws=0), "draws is 0"),
    (
        lambda: breaks.lead_lag(at(5, 5), ONE, 2, at(0, 10)),
        "threats has 2000-01-06 twice",
    ),
    (
        lambda: breaks.lead_lag(at(11), ONE, 2, at(0, 10)),
        "threats has 2000-01-12; allowed: 2000-01-01 to 2000-01-11",
    ),
    (
        lambda: breaks.lead_lag(at(1, 9), ONE, 2, at(0, 10)),
        "threats has none whose window of 2 days lies in the span",
    ),
    (
        lambda: breaks.lead_lag([], ONE, 2, at(0, 10)),
        "threats has 0 of 0 dates missing; allowed: one date or more",
    ),
    (
        lambda: breaks.lead_lag(["2000-01-06", None], ONE, 2, at(0, 10)),
        "threats has 1 of 2 dates missing",
    ),
    (
        lambda: breaks.lead_lag(at(5), on([6], [np.nan]), 2, at(0, 10)),
        r"moves has the value nan in 1 row\(s\); allowed: a number",
    ),
    (
        lambda: breaks.lead_lag(at(5), ONE.drop(columns="value"), 2, at(0, 10)),
        r"moves lacks the columns \['value'\]",
    ),
    (
        lambda: breaks.lead_lag(at(5), ONE.iloc[:0], 2, at(0, 10)),
        "Needs one act or more",
    ),
    (
        lambda: breaks.lead_lag(at(5), lasting((6, 4, 1.0)), 2, at(0, 10)),
        "moves has the end 2000-01-05 before its start",
    ),
    (
        lambda: breaks.leave_one_out(
            lambda years: breaks.named_years(SMALL, years), [2003]
        ),
        r"items has 1 item\(s\); allowed: 2 or more",
    ),
]


@pytest.mark.parametrize("call, message", BAD, ids=[m for _, m in BAD])
def test_arguments_without_sense_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- the mean of some years -----------------------------------------------------------------------


def test_the_mean_of_named_years_has_an_interval_round_it():
    series = pd.Series(
        [0.1, -0.1, 0.2, 0.0, 0.1, -0.2, 0.0, 3.0, 0.1, -0.1, 3.2, 0.0],
        index=range(1999, 2011),
    )
    found = breaks.mean_of_years(series, [2006, 2009])
    assert found.statistic == pytest.approx(3.1)
    assert (
        found.lower < 3.1 < found.upper and found.lower > 0 and found.verdict == "above"
    )
    assert found.p < 0.1 and found.n == 12
    quiet = breaks.mean_of_years(series, [1999, 2000])
    assert (
        quiet.statistic == pytest.approx(0.0)
        and quiet.verdict == "around"
        and quiet.p == 1.0
    )


def test_the_mean_of_years_turns_with_its_sign():
    rng = np.random.default_rng(3)
    series = pd.Series(rng.normal(size=14), index=range(1990, 2004))
    one, other = (
        breaks.mean_of_years(s, [1993, 1997], draws=499) for s in (series, -series)
    )
    assert one.statistic == -other.statistic
    assert one.p == pytest.approx(
        other.p, abs=0.06
    )  # the residuals are drawn, not mirrored


@pytest.mark.parametrize("years", [[], [2050], [1995, 1995]])
def test_years_that_were_not_observed_have_no_mean(years):
    with pytest.raises(ValueError, match="years is"):
        breaks.mean_of_years(
            pd.Series(range(12), index=range(1990, 2002), dtype=float), years
        )


def test_persistence_is_allowed_for_where_it_can_be_estimated():
    long = pd.Series(range(20), index=range(1980, 2000), dtype=float)
    assert breaks.fitting_noise(long.loc[:1989], long.loc[1990:]) == "ar1"
    assert breaks.fitting_noise(long.loc[:1985], long.loc[1986:1990]) == "independent"
