"""The two-level game: worked examples, properties, and checks by brute force."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multivector import game

IDEALS, WEIGHTS = (0.2, 0.5, 0.9), (0.4, 0.35, 0.25)
WORKED = {"ideals": IDEALS, "weights": WEIGHTS, "reversion": 0.3, "costs": 0.04}
TABLE = {"home_ideal": 0.5, "foreign_ideal": 1.0, "home_cost": 0.04}
SLACK = 1e-9


# --- worked examples ------------------------------------------------------------------------------


def test_the_worked_win_set():
    ((low, high),) = game.win_set(IDEALS, WEIGHTS, 0.3, 0.5, 0.04)
    assert (round(low, 6), round(high, 6)) == (0.217157, 0.782843)
    assert (low, high) == pytest.approx(
        (0.5 - math.sqrt(0.08), 0.5 + math.sqrt(0.08)), abs=1e-14
    )


def test_the_worked_agreement():
    deal = game.bargain(
        0.5, 1.0, 0.3, game.win_set(IDEALS, WEIGHTS, 0.3, 0.5, 0.04), 0.04, 0.0, 0.5
    )
    assert (round(deal.x, 6), round(deal.home_gain, 6)) == (0.590937, 0.071731)
    assert deal.foreign_gain == pytest.approx(0.49 - (1 - deal.x) ** 2)


def test_the_worked_omnibalancing():
    assert [
        round(game.leader_ideal(0.5, 0.1, 0.2, th), 12)
        for th in (0, 0.25, 0.5, 0.75, 1)
    ] == [0.42, 0.34, 0.26, 0.18, 0.10]


def test_the_worked_resultant():
    assert game.resultant((0.6, 0.4, 0.2), (0.5, 0.3, 0.2)) == pytest.approx(
        0.46, abs=1e-15
    )


# --- Schelling's conjecture -----------------------------------------------------------------------


def test_tied_hands_can_gain():
    """From R = .5 to .7 the first group must agree as well, which holds the foreign side at .4236."""
    loose, tight = game.lattice(
        {"threshold": [0.5, 0.7]}, **WORKED, **TABLE
    ).itertuples()
    assert (
        tight.home_gain > loose.home_gain + 0.002
        and tight.foreign_gain < loose.foreign_gain
    )
    assert (
        tight.x == tight.high == pytest.approx(0.2 + math.sqrt(0.05))
        and tight.width < loose.width
    )


def test_hands_tied_too_far_lose():
    """With no cost of no agreement the first group takes nothing beyond .3: the home side is left with less."""
    loose, tight = game.lattice(
        {"threshold": [0.5, 0.7]}, **WORKED | {"costs": (0.0, 0.04, 0.04)}, **TABLE
    ).itertuples()
    assert (
        tight.home_gain < loose.home_gain - 0.03
        and tight.x == 0.3
        and tight.home_gain == 0.04
    )


def test_hands_tied_too_far_leave_no_deal():
    """Each group must pay a levy; at R = 1 nothing pleases all, and no number stands for that."""
    curve = game.lattice({"threshold": [0.3, 1.0]}, **WORKED, transfers=-0.08, **TABLE)
    assert curve["deal"].tolist() == [True, False] and curve["deal"].dtype == bool
    assert (
        curve.loc[1, ["low", "high", "x", "home_gain", "foreign_gain"]].isna().all()
        and curve.loc[1, "width"] == 0
    )
    assert curve.loc[0].notna().all()


def test_the_curve_is_game_by_game_what_the_two_calls_give():
    curve = game.lattice(
        {"threshold": np.linspace(0, 1, 11)}, **WORKED, **TABLE, power=0.3
    )
    assert list(curve.columns) == [
        "threshold",
        "low",
        "high",
        "width",
        "x",
        "home_gain",
        "foreign_gain",
        "deal",
    ]
    for row in curve.itertuples():
        won = game.win_set(**WORKED, threshold=row.threshold)
        assert (row.low, row.high, row.width) == (
            won[0][0],
            won[-1][1],
            sum(b - a for a, b in won),
        )
        assert (row.x, row.home_gain, row.foreign_gain) == game.bargain(
            reversion=0.3, feasible=won, **TABLE, power=0.3
        )


# --- win-sets: cases ------------------------------------------------------------------------------


def test_nothing_to_ratify_is_ratified_everywhere():
    assert (
        game.win_set(IDEALS, WEIGHTS, 0.3, 0.0)
        == game.win_set(IDEALS, WEIGHTS, 0.3, 0.9, constraint=0.0)
        == [(0.0, 1.0)]
    )
    assert game.win_set(IDEALS, WEIGHTS, 0.3, 0.0, transfers=-5.0) == [(0.0, 1.0)]


def test_a_single_point_is_an_interval():
    """Two groups that want opposite things agree on what there is."""
    assert game.win_set((0.1, 0.9), (0.5, 0.5), 0.3, 1.0) == [(0.3, 0.3)]
    assert game.win_set((0.3, 0.3), (0.5, 0.5), 0.3, 1.0) == [(0.3, 0.3)]


def test_without_a_cost_the_reversion_is_an_end_to_the_last_digit():
    ends = [(p / 100, q / 100) for p in range(101) for q in range(101)]
    assert all(q in game.acceptance(p, q) for p, q in ends)


def test_a_threshold_as_small_as_rounding_asks_for_somebody():
    """What is left of the weights when all have closed may be as much as is asked for."""
    for weights in itertools.permutations((0.1, 0.2, 0.3, 0.4)):
        assert game.win_set(
            (0.3, 0.4, 0.5, 0.6), weights, 0.2, 1.0000000000000002e-12
        ) == [(0.2, 1.0)]


def test_a_union_of_intervals_has_a_gap():
    (a, b), (c, d) = game.win_set((0.0, 1.0), (0.5, 0.5), 0.5, 0.5, transfers=-0.09)
    assert (a, d) == (0, 1) and (b, c) == pytest.approx((0.4, 0.6))


def test_intervals_that_touch_are_one():
    assert game.win_set((0.0, 1.0), (0.5, 0.5), 0.5, 0.5) == [(0.0, 1.0)]
    assert game.win_set((0.1, 0.5), (0.5, 0.5), 0.3, 0.5) == [
        (0.0, pytest.approx(0.7))
    ]  # .1 + .2 and .5 - .2 are not one float
    assert game.win_set(
        (0.1, 0.6), (0.5, 0.5), 0.4, 0.5, (0.07, 0.0), transfers=(0.0, -0.03)
    ) == [(0.0, pytest.approx(0.7))]  # nor .1 + .4 and .6 - .1


def test_weights_compare_with_a_tolerance():
    tenths = [0.1] * 10  # their running sum is .9999999999999999
    assert game.win_set([0.5] * 10, tenths, 0.2, 1.0) == [(0.2, 0.8)]
    assert game.win_set((0.2, 0.9), (0.3, 0.7), 0.6, 0.1 + 0.2) == game.win_set(
        (0.2, 0.9), (0.3, 0.7), 0.6, 0.3
    )
    thirds = [0.333333333] * 3
    assert game.win_set([0.5] * 3, thirds, 0.2, 1.0) == [(0.2, 0.8)]


def test_a_levy_can_leave_nothing_or_the_ideal_alone():
    assert game.acceptance(0.2, 0.3, transfer=-0.02) is None
    assert game.acceptance(0.2, 0.3, transfer=-0.01) == (
        0.2,
        0.2,
    )  # the radicand is 0 but for rounding
    assert game.acceptance(0.2, 0.3, 0.0, 4.0, -0.03) == pytest.approx((0.15, 0.25))
    assert game.win_set((0.2, 0.6), (0.5, 0.5), 0.3, 0.5, transfers=(-0.02, 0.0)) == [
        (0.3, pytest.approx(0.9))
    ]
    assert game.win_set(IDEALS, WEIGHTS, 0.3, 0.1, transfers=-1.0) == []


def test_one_number_stands_for_all_groups_and_arrays_are_welcome():
    here = game.win_set(IDEALS, WEIGHTS, 0.3, 0.5, 0.04, 2.0, 0.01)
    assert here == game.win_set(
        np.array(IDEALS),
        pd.Series(WEIGHTS),
        np.float64(0.3),
        0.5,
        np.full(3, 0.04),
        [2, 2, 2],
        (0.01,) * 3,
    )


def test_a_weak_state_is_ruled_by_its_leader():
    leader = game.acceptance(game.leader_ideal(0.5, 0.1, 0.2, 0.75), 0.3, 0.01)
    strong, weak = (
        game.intersect(
            game.win_set(IDEALS, WEIGHTS, 0.3, 1.0, 0.01, constraint=c), leader
        )
        for c in (1.0, 0.0)
    )
    assert weak == [leader] and strong != weak
    assert strong == [
        (
            pytest.approx(0.9 - math.sqrt(0.37)),
            pytest.approx(0.18 + math.sqrt(0.12**2 + 0.01)),
        )
    ]


def test_intersections():
    assert game.intersect([(0.5, 0.9), (0.0, 0.2)], [(0.1, 0.6), (0.9, 1.0)]) == [
        (0.1, 0.2),
        (0.5, 0.6),
        (0.9, 0.9),
    ]
    assert (
        game.intersect([(0.0, 1.0)], None)
        == game.intersect(None, (0.2, 0.3))
        == game.intersect([(0.0, 0.1)], (0.2, 0.3))
        == []
    )
    assert game.intersect([(0.1, 0.3), (0.2, 0.4)], (0, 1)) == [(0.1, 0.4)]


# --- win-sets: 10,000 games, and properties ---------------------------------------------------------


def test_the_sweep_agrees_with_the_definition_on_ten_thousand_games():
    """Utilities on 201 points, away from end points, where rounding could decide."""
    rng = np.random.default_rng(20)
    x = np.linspace(0, 1, 201)
    checked = union = empty = 0
    for n in (1, 2, 3, 4, 6):
        many = 2000
        p, q, r, c = (
            rng.random((many, n)),
            rng.random(many),
            rng.random(many),
            rng.uniform(0.5, 1, many),
        )
        om = rng.dirichlet(np.ones(n), many)
        sg, ka = (
            rng.uniform(0.2, 5, (many, n)),
            rng.exponential(0.05, (many, n)) * rng.integers(0, 2, (many, n)),
        )
        ta = rng.normal(0, 0.1, (many, n)) * rng.integers(0, 2, (many, n))
        u = -sg[:, :, None] * (x - p[:, :, None]) ** 2 + ta[:, :, None]
        accepts = u >= (-sg * (q[:, None] - p) ** 2 - ka)[:, :, None]
        expected = (om[:, :, None] * accepts).sum(axis=1) >= (c * r)[:, None]
        found = np.zeros((many, len(x)), dtype=bool)
        near = (
            np.abs(u - (-sg * (q[:, None] - p) ** 2 - ka)[:, :, None]).min(axis=1)
            < SLACK
        )
        for g in range(many):
            won = game.win_set(p[g], om[g], q[g], r[g], ka[g], sg[g], ta[g], c[g])
            assert all(0 <= a <= b <= 1 for a, b in won) and all(
                b < c for (_, b), (c, _) in itertools.pairwise(won)
            )
            union, empty = union + (len(won) > 1), empty + (not won)
            for a, b in won:
                found[g] |= (x >= a) & (x <= b)
        assert ((found == expected) | near).all()
        checked += (~near).sum()
    assert (
        checked > 1_990_000 and union > 200 and empty > 300
    )  # the games are of all kinds


unit = st.one_of(st.integers(0, 20).map(lambda i: i / 20), st.floats(0, 1))
cost = st.one_of(
    st.just(0.0), st.integers(1, 10).map(lambda i: i / 100), st.floats(0, 2)
)


def shares(parts):
    return [p / sum(parts) for p in parts]


@st.composite
def groups(draw, most=5):
    n = draw(st.integers(1, most))

    def each(values):
        return draw(st.lists(values, min_size=n, max_size=n))

    return {
        "ideals": each(unit),
        "weights": shares(each(st.integers(1, 10))),
        "reversion": draw(unit),
        "costs": each(cost),
        "salience": each(st.sampled_from([0.5, 1.0, 3.0])),
        "transfers": each(st.sampled_from([0.0, 0.0, 0.05, -0.05, -0.2])),
    }


def lies_in(inner, outer):
    return all(
        any(a - SLACK <= low and high <= b + SLACK for a, b in outer)
        for low, high in inner
    )


def same(one, other):
    return len(one) == len(other) and np.allclose(one, other, atol=SLACK)


@given(groups(), unit, unit)
def test_a_stricter_threshold_shrinks_the_win_set(g, one, other):
    assert lies_in(
        game.win_set(**g, threshold=max(one, other)),
        game.win_set(**g, threshold=min(one, other)),
    )


@given(groups(), unit, unit)
def test_a_weaker_constraint_is_a_lower_threshold(g, threshold, constraint):
    assert game.win_set(
        **g, threshold=threshold, constraint=constraint
    ) == game.win_set(**g, threshold=threshold * constraint)


@given(groups(), unit, cost)
def test_a_higher_cost_of_no_agreement_widens_the_win_set(g, threshold, more):
    assert lies_in(
        game.win_set(**g, threshold=threshold),
        game.win_set(
            **g | {"costs": [c + more for c in g["costs"]]}, threshold=threshold
        ),
    )


@given(unit, unit, cost, st.floats(0.01, 10), st.floats(-0.5, 0.5))
def test_the_reversion_is_accepted_unless_a_levy_exceeds_the_cost(
    ideal, reversion, cost, salience, transfer
):
    accepted = game.acceptance(ideal, reversion, cost, salience, max(transfer, -cost))
    assert accepted is not None and accepted[0] <= reversion <= accepted[1]
    short = game.acceptance(ideal, reversion, cost, salience, -cost - 1e-3)
    assert short is None or not short[0] <= reversion <= short[1]


@given(groups(), unit)
def test_the_reversion_can_be_ratified_where_nobody_pays(g, threshold):
    won = game.win_set(**g | {"transfers": 0.0}, threshold=threshold)
    assert any(
        a - game.TOLERANCE <= g["reversion"] <= b + game.TOLERANCE for a, b in won
    )


@given(groups(), unit, st.data())
def test_a_group_cut_in_two_halves_alike_changes_nothing(g, threshold, data):
    i = data.draw(st.integers(0, len(g["ideals"]) - 1))
    halves = {
        name: [*values, values[i]] if isinstance(values, list) else values
        for name, values in g.items()
    }
    halves["weights"] = [
        *g["weights"][:i],
        g["weights"][i] / 2,
        *g["weights"][i + 1 :],
        g["weights"][i] / 2,
    ]
    assert same(
        game.win_set(**g, threshold=threshold),
        game.win_set(**halves, threshold=threshold),
    )


@given(groups(), unit, st.randoms(use_true_random=False))
def test_the_order_of_groups_does_not_matter(g, threshold, random):
    order = list(range(len(g["ideals"])))
    random.shuffle(order)
    turned = {
        name: [values[i] for i in order] if isinstance(values, list) else values
        for name, values in g.items()
    }
    assert same(
        game.win_set(**g, threshold=threshold),
        game.win_set(**turned, threshold=threshold),
    )


@given(groups(), unit, st.sampled_from([0.25, 2.0, 8.0]))
def test_the_unit_of_utility_does_not_matter(g, threshold, factor):
    scaled = g | {
        name: [v * factor for v in g[name]]
        for name in ("costs", "salience", "transfers")
    }
    assert game.win_set(**g, threshold=threshold) == game.win_set(
        **scaled, threshold=threshold
    )


@given(groups(), unit)
def test_the_mirrored_game_has_the_mirrored_win_set(g, threshold):
    there = game.win_set(
        **g | {"ideals": [1 - p for p in g["ideals"]], "reversion": 1 - g["reversion"]},
        threshold=threshold,
    )
    here = game.win_set(**g, threshold=threshold)
    # a radicand near 0 is known to 1e-16 only, its root to 1e-8
    assert len(here) == len(there) and np.allclose(
        here, [(1 - b, 1 - a) for a, b in reversed(there)], atol=1e-7
    )


# --- agreements -----------------------------------------------------------------------------------


@st.composite
def tables(draw):
    """A bargaining problem with a feasible set of any kind."""
    pairs = draw(
        st.lists(st.tuples(unit, unit).map(lambda p: (min(p), max(p))), max_size=4)
    )
    points = draw(st.lists(unit.map(lambda x: (x, x)), max_size=2))
    return {
        "home_ideal": draw(unit),
        "foreign_ideal": draw(unit),
        "reversion": draw(unit),
        "feasible": pairs + points,
        "home_cost": draw(cost),
        "foreign_cost": draw(cost),
        "power": draw(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])),
    }


def gains(t, x):
    """Gains over no agreement, as defined."""
    home = (
        (t["reversion"] - t["home_ideal"]) ** 2
        - (x - t["home_ideal"]) ** 2
        + t["home_cost"]
    )
    return home, (t["reversion"] - t["foreign_ideal"]) ** 2 - (
        x - t["foreign_ideal"]
    ) ** 2 + t["foreign_cost"]


def product(t, home, foreign):
    """Nash's product; what is below 0 counts as nothing."""
    return np.maximum(home, 0) ** t["power"] * np.maximum(foreign, 0) ** (
        1 - t["power"]
    )


def candidates(t, many=2001):
    """Feasible points where neither side loses, on a fine grid with the end points of the intervals."""
    x = np.concatenate(
        [np.linspace(a, b, many) for a, b in t["feasible"]] or [np.empty(0)]
    )
    return x[(np.minimum(*gains(t, x)) >= 0)]


@settings(max_examples=300)
@given(tables())
def test_an_agreement_is_feasible_leaves_nobody_worse_and_is_undominated(t):
    deal, x = game.bargain(**t), candidates(t)
    if deal is None:
        assert not (np.minimum(*gains(t, x)) > SLACK).any()
        return
    assert any(
        a - game.TOLERANCE <= deal.x <= b + game.TOLERANCE for a, b in t["feasible"]
    )
    assert deal.home_gain >= 0 and deal.foreign_gain >= 0
    assert (deal.home_gain, deal.foreign_gain) == pytest.approx(
        gains(t, deal.x), abs=1e-11
    )
    home, foreign = gains(t, x)
    better = (home > deal.home_gain + SLACK) & (foreign >= deal.foreign_gain) | (
        foreign > deal.foreign_gain + SLACK
    ) & (home >= deal.home_gain)
    assert not better.any()
    assert (
        product(t, home - SLACK, foreign - SLACK) <= product(t, *deal[1:]) + 1e-12
    ).all()


def test_agreements_on_unions_maximise_the_product():
    """Random games with win-sets of several intervals, against a grid of 20,001 points and the roots of the cubic."""
    rng = np.random.default_rng(4)
    x = np.linspace(0, 1, 20001)
    inner = 0
    for _ in range(400):
        cuts = np.sort(rng.random(6)).reshape(3, 2).tolist()
        t = {
            "home_ideal": rng.random(),
            "foreign_ideal": rng.random(),
            "reversion": rng.random(),
            "feasible": cuts,
            "home_cost": rng.exponential(0.05),
            "foreign_cost": rng.exponential(0.05),
            "power": rng.uniform(0.05, 0.95),
        }
        home, foreign = gains(t, x)
        allowed = (
            (home >= 0)
            & (foreign >= 0)
            & np.any([(x >= a) & (x <= b) for a, b in cuts], axis=0)
        )
        deal = game.bargain(**t)
        if deal is None:
            assert not allowed.any()
            continue
        assert product(t, *deal[1:]) >= product(t, home, foreign)[allowed].max(
            initial=0
        ) * (1 - 1e-9)
        h, f, q, a = t["home_ideal"], t["foreign_ideal"], t["reversion"], t["power"]
        first = np.polymul(
            [a, -a * h], [-1, 2 * f, (q - f) ** 2 - f**2 + t["foreign_cost"]]
        )
        second = np.polymul(
            [1 - a, -(1 - a) * f], [-1, 2 * h, (q - h) ** 2 - h**2 + t["home_cost"]]
        )
        ends = [e for interval in cuts for e in interval]
        if min(abs(deal.x - e) for e in ends) > 1e-6:
            inner += 1
            assert np.abs(np.roots(np.polyadd(first, second)) - deal.x).min() < 1e-9
    assert inner > 50


@given(tables())
def test_the_sides_can_change_places(t):
    turned = t | {"home_ideal": t["foreign_ideal"], "foreign_ideal": t["home_ideal"]}
    turned |= {
        "home_cost": t["foreign_cost"],
        "foreign_cost": t["home_cost"],
        "power": 1 - t["power"],
    }
    here, there = game.bargain(**t), game.bargain(**turned)
    assert (here is None) == (there is None)
    if here is not None:
        assert (here.home_gain, here.foreign_gain) == pytest.approx(
            (there.foreign_gain, there.home_gain), abs=1e-7
        )


@given(tables())
def test_more_room_lowers_no_product_and_no_room_is_no_deal(t):
    free, bound = game.bargain(**t | {"feasible": [(0.0, 1.0)]}), game.bargain(**t)
    assert (
        free is not None and game.bargain(**t | {"feasible": []}) is None
    )  # the reversion is always there
    if bound is not None:
        assert (
            product(t, bound.home_gain - SLACK, bound.foreign_gain - SLACK)
            <= product(t, *free[1:]) + 1e-12
        )


def test_where_only_the_reversion_pleases_both_that_is_agreed():
    assert game.bargain(0.1, 0.9, 0.3, [(0.0, 1.0)]) == (0.3, 0.0, 0.0)
    assert game.bargain(0.1, 0.9, 0.3, [(0.2, 0.25), (0.3, 0.3)]) == (0.3, 0.0, 0.0)
    assert game.bargain(0.1, 0.9, 0.3, [(0.31, 1.0)]) is None
    assert game.bargain(0.1, 0.9, 0.3, [(0.3, 0.3)], 0.02, 0.01) == (
        0.3,
        pytest.approx(0.02),
        pytest.approx(0.01),
    )


def test_with_all_the_power_a_side_takes_its_ideal_or_what_the_other_can_bear():
    assert game.bargain(0.5, 0.8, 0.3, [(0.0, 1.0)], power=1.0) == (
        0.5,
        pytest.approx(0.04),
        pytest.approx(0.16),
    )
    assert game.bargain(0.5, 0.9, 0.3, [(0.0, 1.0)], power=0.0) == (
        pytest.approx(0.7),
        pytest.approx(0.0, abs=1e-15),
        pytest.approx(0.32),
    )


def test_where_all_products_are_nothing_the_sum_of_gains_decides():
    """The room is [.3, .7]; at each of its ends one side gains nothing."""
    ends = [(0.0, 0.3), (0.7, 1.0)]
    assert game.bargain(0.5, 0.9, 0.3, ends) == (0.7, 0.0, pytest.approx(0.32))
    assert game.bargain(0.5, 0.9, 0.3, [(0.0, 0.3)]) == (0.3, 0.0, 0.0)


def test_equal_products_go_to_the_larger_sum_then_to_the_smaller_x():
    assert game.bargain(0.5, 0.5, 0.0, [(0.6, 0.6), (0.4, 0.4)]).x == 0.4
    assert (
        game.bargain(0.5, 0.7, 0.0, [(0.4, 0.4), (0.6, 0.6)], power=1.0).x == 0.6
    )  # home gains .24 in both


def test_large_costs_do_not_overflow():
    assert game.bargain(0.2, 0.8, 0.1, [(0.0, 1.0)], 1e300, 1e300).x == pytest.approx(
        0.5
    )
    assert game.bargain(0.2, 0.8, 0.1, [(0.0, 1.0)], 1e300, 1e-300).x == pytest.approx(
        0.8
    )


# --- coalitions -----------------------------------------------------------------------------------


@settings(max_examples=200)
@given(groups(most=6), unit, unit, unit)
def test_the_cheapest_coalition_is_the_cheapest_of_all_subsets(
    g, target, threshold, constraint
):
    g.pop("transfers")
    found = game.cheapest_coalition(
        **g, target=target, threshold=threshold, constraint=constraint
    )
    rows = list(zip(g["ideals"], g["weights"], g["salience"], g["costs"]))
    prices = [
        max(0.0, sg * ((p - target) ** 2 - (p - g["reversion"]) ** 2) - ka)
        for p, _, sg, ka in rows
    ]

    def enough(members):
        return sum(g["weights"][i] for i in members) >= threshold * constraint - 1e-12

    subsets = [
        s
        for k in range(len(rows) + 1)
        for s in itertools.combinations(range(len(rows)), k)
        if enough(s)
    ]
    assert found.cost == pytest.approx(
        min(sum(prices[i] for i in s) for s in subsets), abs=1e-11
    )
    assert enough(found.members) and found.members == tuple(sorted(set(found.members)))
    assert found.cost == pytest.approx(sum(prices[i] for i in found.members), abs=1e-11)
    assert {i for i, price in enumerate(prices) if price == 0} <= set(found.members)


@given(groups(), unit, unit)
def test_what_can_be_ratified_costs_nothing_and_nothing_else_does(g, target, threshold):
    g.pop("transfers")
    won = game.win_set(**g, threshold=threshold)
    inside = any(a - game.TOLERANCE <= target <= b + game.TOLERANCE for a, b in won)
    if (
        inside or min(abs(target - e) for w in won for e in w) > 1e-6
    ):  # won is never empty without levies
        assert (
            game.cheapest_coalition(**g, target=target, threshold=threshold).cost == 0
        ) == inside


@given(groups(), unit, unit)
def test_the_side_payments_buy_the_ratification(g, target, threshold):
    g.pop("transfers")
    found = game.cheapest_coalition(**g, target=target, threshold=threshold)
    paid = [
        1e-9 + max(0.0, sg * ((p - target) ** 2 - (p - g["reversion"]) ** 2) - ka)
        if i in found.members
        else 0.0
        for i, (p, sg, ka) in enumerate(zip(g["ideals"], g["salience"], g["costs"]))
    ]
    assert any(
        a - SLACK <= target <= b + SLACK
        for a, b in game.win_set(**g, threshold=threshold, transfers=paid)
    )


def test_a_coalition_by_hand():
    """From .3 to .8 the last group comes for nothing, the middle one for .01, the first for .31."""
    call = {
        "ideals": IDEALS,
        "weights": WEIGHTS,
        "reversion": 0.3,
        "target": 0.8,
        "costs": 0.04,
    }
    assert game.cheapest_coalition(**call, threshold=0.25) == (0, (2,))
    assert game.cheapest_coalition(**call, threshold=0.6) == (
        pytest.approx(0.01),
        (1, 2),
    )
    assert game.cheapest_coalition(**call, threshold=0.65) == (
        pytest.approx(0.31),
        (0, 2),
    )
    assert game.cheapest_coalition(**call, threshold=1.0) == (
        pytest.approx(0.32),
        (0, 1, 2),
    )
    assert game.cheapest_coalition(**call, threshold=1.0, constraint=0.6).members == (
        1,
        2,
    )
    assert game.cheapest_coalition(**call, threshold=0.0) == (0, (2,))


def test_an_end_of_the_win_set_costs_nothing():
    """The root of the win-set and the square of the price must not differ by rounding."""
    rng = np.random.default_rng(7)
    for _ in range(300):
        g = {
            "ideals": rng.random(4),
            "weights": rng.dirichlet(np.ones(4)),
            "reversion": rng.random(),
            "threshold": rng.random(),
            "costs": rng.random(4) / 20,
        }
        assert all(
            game.cheapest_coalition(**g, target=end).cost == 0
            for interval in game.win_set(**g)
            for end in interval
        )


def test_a_group_without_weight_that_accepts_is_a_member():
    assert game.cheapest_coalition((0.9, 0.8, 0.2), (0.6, 0.0, 0.4), 0.3, 0.7, 0.5) == (
        0,
        (0, 1),
    )


def test_among_coalitions_of_one_price_the_heaviest_then_the_earliest():
    alike = {"reversion": 0.0, "target": 0.5, "costs": 0.0, "threshold": 0.3}
    assert game.cheapest_coalition((0, 0, 0), (0.3, 0.4, 0.3), **alike).members == (1,)
    assert game.cheapest_coalition(
        (0, 0, 0), (0.3, 0.3, 0.4), **alike | {"threshold": 0.6}
    ).members == (0, 2)


# --- the leader, the agencies, and their mixture ------------------------------------------------------


@given(unit, unit, unit, unit)
def test_the_leader_wants_what_is_worth_most(state, person, baseline, threat):
    best, x = (
        game.leader_ideal(state, person, baseline, threat),
        np.linspace(0, 1, 1001),
    )
    assert min(state, person) <= best <= max(state, person)
    weight = baseline + (1 - baseline) * threat

    def worth(at):
        return -(1 - weight) * (at - state) ** 2 - weight * (at - person) ** 2

    assert (worth(x) <= worth(best) + 1e-12).all()


@given(unit, unit, unit)
def test_a_mixture_lies_between(b, agencies, leader):
    assert (
        min(agencies, leader)
        <= game.mixture(b, agencies, leader)
        <= max(agencies, leader)
    )


def test_a_mixture_by_hand():
    assert game.mixture(0.25, 0.8, 0.4) == pytest.approx(0.5) and (
        game.mixture(0.0, 0.8, 0.4),
        game.mixture(1.0, 0.8, 0.4),
    ) == (0.4, 0.8)
    assert game.mixture(np.array([0.0, 0.5]), 0.8, 0.4) == pytest.approx([0.4, 0.6])


PROFILE = {
    "outcomes": [0.5, 0.35, 0.62, 0.3],
    "resultants": [0.8, 0.3, 0.7, 0.6],
    "leaders": [0.4, 0.4, 0.5, 0.2],
}


def test_the_profile_is_the_likelihood_with_the_variance_maximised_out():
    found = game.mixture_profile(**PROFILE, grid=[0.0, 0.3, 1.0])
    y, b, s = (
        np.array(PROFILE[name]) for name in ("outcomes", "resultants", "leaders")
    )
    for row in found.itertuples():
        errors = y - row.weight * b - (1 - row.weight) * s
        deviations = np.linspace(0.3, 3, 5001) * np.sqrt((errors**2).mean())
        loglik = [
            -0.5 * np.sum((errors / d) ** 2) - len(y) * np.log(d * np.sqrt(2 * np.pi))
            for d in deviations
        ]
        assert row.sse == pytest.approx(
            np.sum(errors**2)
        ) and row.loglik == pytest.approx(max(loglik), abs=1e-6)


def test_a_profile_by_hand():
    """b = .35 fits best; with 3 degrees of freedom t is 2.353 at a level of .9, so b = .35 -+ 2.353 sqrt(s2 / .37)."""
    found = game.mixture_profile(**PROFILE, grid=np.linspace(0, 1, 1001))
    d, r = (
        np.subtract(PROFILE["resultants"], PROFILE["leaders"]),
        np.subtract(PROFILE["outcomes"], PROFILE["leaders"]),
    )
    best = d @ r / (d @ d)
    half = 2.353363 * np.sqrt(np.sum((r - best * d) ** 2) / 3 / (d @ d))
    inside = found.loc[found["inside"], "weight"]
    assert found.loc[found["sse"].idxmin(), "weight"] == pytest.approx(best, abs=5e-4)
    assert best - half > 0 and best + half < 1
    assert (inside.min(), inside.max()) == pytest.approx(
        (best - half, best + half), abs=1.1e-3
    )
    wider = game.mixture_profile(**PROFILE, grid=np.linspace(0, 1, 1001), level=0.99)[
        "inside"
    ]
    assert wider.sum() > len(inside) and wider[found["inside"]].all()


@pytest.mark.parametrize("n", [3, 6])
def test_the_set_holds_the_true_weight_as_often_as_its_level_says(n):
    rng = np.random.default_rng(n)
    agencies, leaders = np.linspace(0.4, 0.8, n), np.linspace(0.5, 0.3, n)
    outcomes = game.mixture(0.4, agencies, leaders) + rng.normal(0, 0.03, (2000, n))
    hits = [
        game.mixture_profile(y, agencies, leaders, [0.4])["inside"].item()
        for y in outcomes
    ]
    assert np.mean(hits) == pytest.approx(0.9, abs=0.02)  # three standard errors


def test_where_agencies_and_leader_want_the_same_nothing_is_told():
    found = game.mixture_profile(
        [0.4, 0.5, 0.7], [0.3, 0.6, 0.1 + 0.2], [0.3, 0.6, 0.3]
    )
    assert found["inside"].all() and found["sse"].nunique() == 1 and len(found) == 101


def test_a_perfect_fit_leaves_one_weight():
    found = game.mixture_profile(
        [0.5, 0.5, 0.75], [0.0, 1.0, 1.0], [1.0, 0.0, 0.5], grid=[0.25, 0.5, 0.75]
    )
    assert (
        found["inside"].tolist() == [False, True, False]
        and found["loglik"].tolist()[1] == np.inf
    )


def test_a_set_can_be_empty_where_no_mixture_fits():
    found = game.mixture_profile([0.9, 0.91, 0.89], [0.5, 0.5, 0.5], [0.4, 0.4, 0.4])
    assert not found["inside"].any() and found["sse"].idxmin() == 100


# --- many games -------------------------------------------------------------------------------------


def test_a_lattice_plays_every_combination():
    found = game.lattice(
        {"threshold": [0.5, 0.7], "reversion": np.array([0.1, 0.3, 0.9])},
        ideals=IDEALS,
        weights=WEIGHTS,
        costs=0.04,
        **TABLE,
    )
    assert found[["threshold", "reversion"]].to_numpy().tolist() == [
        [r, q] for r in (0.5, 0.7) for q in (0.1, 0.3, 0.9)
    ]
    for row in found.itertuples():
        won = game.win_set(IDEALS, WEIGHTS, row.reversion, row.threshold, 0.04)
        assert (row.x, row.home_gain, row.foreign_gain) == game.bargain(
            reversion=row.reversion, feasible=won, **TABLE
        )


def test_the_width_leaves_out_the_gaps():
    found = game.lattice(
        [{"transfers": -0.09}],
        ideals=(0.0, 1.0),
        weights=(0.5, 0.5),
        reversion=0.5,
        threshold=0.5,
        home_ideal=0.0,
        foreign_ideal=1.0,
    )
    assert found.loc[0, ["low", "high", "width"]].tolist() == [0, 1, pytest.approx(0.8)]


def test_a_lattice_takes_one_game_after_another():
    games = [
        {"ideals": (0.1, 0.9), "weights": (0.5, 0.5), "threshold": 1.0},
        {"threshold": 0.5, "ideals": IDEALS, "weights": WEIGHTS},
    ]
    found = game.lattice(games, reversion=0.3, home_ideal=0.5, foreign_ideal=1.0)
    assert found["ideals"].tolist() == [(0.1, 0.9), IDEALS] and (
        found["low"][0],
        found["high"][0],
        found["width"][0],
    ) == (0.3, 0.3, 0)
    pd.testing.assert_frame_equal(
        found,
        game.lattice(
            pd.DataFrame(games), reversion=0.3, home_ideal=0.5, foreign_ideal=1.0
        ),
    )


@pytest.mark.parametrize("games", [[], {"threshold": []}])
def test_a_lattice_without_games_has_no_rows(games):
    found = game.lattice(
        games, **WORKED, **TABLE, **({} if games else {"threshold": 0.5})
    )
    assert len(found) == 0 and {"x", "deal"} <= set(found.columns)


# --- bad arguments ----------------------------------------------------------------------------------

NAN, INF = float("nan"), float("inf")


def ratified(**changes):
    return lambda: game.win_set(
        **{"ideals": IDEALS, "weights": WEIGHTS, "reversion": 0.3, "threshold": 0.5}
        | changes
    )


def agreed(**changes):
    return lambda: game.bargain(
        **{
            "home_ideal": 0.5,
            "foreign_ideal": 1.0,
            "reversion": 0.3,
            "feasible": [(0.0, 1.0)],
        }
        | changes
    )


def bought(**changes):
    return lambda: game.cheapest_coalition(
        **{
            "ideals": IDEALS,
            "weights": WEIGHTS,
            "reversion": 0.3,
            "target": 0.8,
            "threshold": 0.5,
        }
        | changes
    )


def played(games=({"threshold": 0.5},), **changes):
    return lambda: game.lattice(games, **WORKED | TABLE | changes)


def profiled(**changes):
    return lambda: game.mixture_profile(**PROFILE | changes)


BAD = [
    (ratified(ideals=[], weights=[]), "ideals is []; allowed: one group or more"),
    (
        ratified(ideals=(0.2, 0.5, 1.1)),
        "ideals is [0.2, 0.5, 1.1], with 1.1; allowed: each from 0 to 1",
    ),
    (ratified(ideals=(0.2, NAN, 0.9)), "with nan; allowed: each from 0 to 1"),
    (ratified(ideals=0.5), "ideals is 0.5; allowed: a sequence of values"),
    (ratified(ideals="abc"), "with a; allowed: each from 0 to 1"),
    (
        ratified(weights=(0.5, 0.5)),
        "weights has 2 values; allowed: as many as ideals, 3",
    ),
    (
        ratified(weights=(0.4, 0.35, 0.2500001)),
        "allowed: each 0 or more, with the sum 1",
    ),
    (
        ratified(weights=(0.8, 0.4, -0.2)),
        "weights is [0.8, 0.4, -0.2], with -0.2; allowed: each 0 or more, with the sum 1",
    ),
    (ratified(weights=(0.4, 0.35, NAN)), "with nan; allowed: each 0 or more"),
    (ratified(reversion=-0.1), "reversion is -0.1; allowed: from 0 to 1"),
    (ratified(reversion=None), "reversion is None; allowed: from 0 to 1"),
    (ratified(threshold=1.5), "threshold is 1.5; allowed: from 0 to 1"),
    (ratified(threshold=NAN), "threshold is nan; allowed: from 0 to 1"),
    (ratified(constraint=2), "constraint is 2; allowed: from 0 to 1"),
    (ratified(costs=-0.01), "costs is -0.01; allowed: 0 or more, and finite"),
    (ratified(costs=(0, 0, INF)), "with inf; allowed: each 0 or more, and finite"),
    (
        ratified(costs=(0, 0)),
        "costs has 2 values; allowed: one for all groups, or as many as ideals, 3",
    ),
    (ratified(costs=None), "costs is None; allowed: a sequence of values"),
    (ratified(salience=0), "salience is 0; allowed: above 0, and finite"),
    (ratified(salience=(1, 1, -1)), "with -1; allowed: each above 0, and finite"),
    (ratified(transfers=INF), "transfers is inf; allowed: a finite number"),
    (ratified(transfers=(0, NAN, 0)), "with nan; allowed: each a finite number"),
    (lambda: game.acceptance(1.2, 0.3), "ideal is 1.2; allowed: from 0 to 1"),
    (
        lambda: game.acceptance(0.2, 0.3, -1),
        "cost is -1; allowed: 0 or more, and finite",
    ),
    (
        lambda: game.acceptance(0.2, 0.3, 0, 0),
        "salience is 0; allowed: above 0, and finite",
    ),
    (
        lambda: game.acceptance(0.2, 0.3, 0, 1, NAN),
        "transfer is nan; allowed: a finite number",
    ),
    (
        lambda: game.intersect([(0.5, 0.4)], []),
        "one is [(0.5, 0.4)]; allowed: a list of intervals (low, high) with 0 <= low <= high <= 1",
    ),
    (
        lambda: game.intersect([], (0.5, 1.2)),
        "other is [(0.5, 1.2)]; allowed: a list of intervals",
    ),
    (
        agreed(feasible=[(0.4, 0.2)]),
        "feasible is [(0.4, 0.2)]; allowed: a list of intervals",
    ),
    (
        agreed(feasible=[(0.4, NAN)]),
        "feasible is [(0.4, nan)]; allowed: a list of intervals",
    ),
    (
        agreed(feasible=[(-0.1, 0.2)]),
        "feasible is [(-0.1, 0.2)]; allowed: a list of intervals",
    ),
    (
        agreed(feasible=(0.1, 0.2)),
        "feasible is (0.1, 0.2); allowed: a list of intervals",
    ),
    (agreed(feasible=None), "feasible is None; allowed: a list of intervals"),
    (agreed(home_ideal=2), "home_ideal is 2; allowed: from 0 to 1"),
    (agreed(foreign_ideal=NAN), "foreign_ideal is nan; allowed: from 0 to 1"),
    (agreed(reversion=INF), "reversion is inf; allowed: from 0 to 1"),
    (agreed(home_cost=-1), "home_cost is -1; allowed: 0 or more, and finite"),
    (agreed(foreign_cost=INF), "foreign_cost is inf; allowed: 0 or more, and finite"),
    (agreed(power=1.1), "power is 1.1; allowed: from 0 to 1"),
    (bought(target=1.01), "target is 1.01; allowed: from 0 to 1"),
    (bought(threshold=-1), "threshold is -1; allowed: from 0 to 1"),
    (
        bought(weights=(1, 1, 1)),
        "with the sum 3.0; allowed: each 0 or more, with the sum 1",
    ),
    (bought(salience=NAN), "salience is nan; allowed: above 0, and finite"),
    (
        lambda: game.leader_ideal(0.5, 0.1, -0.2, 0.5),
        "baseline is -0.2; allowed: from 0 to 1",
    ),
    (
        lambda: game.leader_ideal(0.5, 0.1, 0.2, 1.5),
        "threat is 1.5; allowed: from 0 to 1",
    ),
    (
        lambda: game.leader_ideal(5, 0.1, 0.2, 0.5),
        "state_ideal is 5; allowed: from 0 to 1",
    ),
    (
        lambda: game.leader_ideal(0.5, NAN, 0.2, 0.5),
        "personal_ideal is nan; allowed: from 0 to 1",
    ),
    (
        lambda: game.resultant((0.5, 0.6), (0.5, 0.6)),
        "with the sum 1.1; allowed: each 0 or more, with the sum 1",
    ),
    (lambda: game.mixture(1.2, 0.5, 0.5), "weight is 1.2; allowed: from 0 to 1"),
    (
        lambda: game.mixture(0.2, [0.5, NAN], 0.5),
        "resultant is [0.5, nan]; allowed: from 0 to 1",
    ),
    (
        lambda: game.mixture(0.2, 0.5, "far"),
        "leader is 'far'; allowed: numbers from 0 to 1",
    ),
    (
        profiled(outcomes=[0.5, 0.4], resultants=[0.5, 0.4], leaders=[0.5, 0.4]),
        "outcomes has 2 values; allowed: 3 or more",
    ),
    (
        profiled(resultants=[0.5, 0.4]),
        "resultants has 2 values; allowed: as many as outcomes, 4",
    ),
    (profiled(leaders=[0.5]), "leaders has 1 values; allowed: as many as outcomes, 4"),
    (
        profiled(outcomes=[0.5, 0.4, 0.3, NAN]),
        "outcomes is [0.5, 0.4, 0.3, nan]; allowed: from 0 to 1",
    ),
    (profiled(grid=[0.5, 1.5]), "grid is [0.5, 1.5]; allowed: from 0 to 1"),
    (profiled(level=1.0), "level is 1.0; allowed: above 0 and below 1"),
    (
        lambda: game.lattice({"threshold": [0.5, 2.0]}, **WORKED, **TABLE),
        "threshold is 2.0; allowed: from 0 to 1",
    ),
    (
        lambda: game.lattice({"threshold": 0.5}, **WORKED, **TABLE),
        "threshold is 0.5; allowed: a sequence of values",
    ),
    (
        played(threshold=0.4),
        "threshold is given in games and beside it; allowed: one of the two",
    ),
    (played(feasible=[(0, 1)]), "games names 'feasible'; allowed: ideals, weights"),
    (
        played(({"power": 0.5},)),
        "games lacks threshold; allowed: a value for each of ideals",
    ),
    (
        played(({"threshold": 0.5}, {"power": 0.5})),
        "games has a game of power; allowed: the arguments of the first, threshold",
    ),
    (played((0.5,)), "games holds 0.5; allowed: mappings of arguments to values"),
]


@pytest.mark.parametrize("call, message", BAD, ids=[m for _, m in BAD])
def test_arguments_without_sense_are_refused_by_name(call, message):
    with pytest.raises(ValueError) as refused:
        call()
    assert message in str(refused.value)
