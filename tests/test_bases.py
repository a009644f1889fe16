"""Bidding for a base: the worked example of the method, and what must hold for any bids."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from multivector import bases

money = st.floats(0, 1000).map(lambda x: round(x, 3))
believed = st.floats(0.01, 1).map(lambda x: round(x, 3))
share = st.floats(0, 1)


def auctions(**fixed):
    named = {
        "host_value": money,
        "rival_value": money,
        "cost": money,
        "host_credibility": believed,
        "rival_credibility": believed,
    }
    return st.fixed_dictionaries(
        {k: v for k, v in named.items() if k not in fixed}
    ).map(lambda d: d | fixed)


def margin(a):
    """What hosting is worth to the leader over evicting, had both all that they can be offered."""
    return (
        a["host_credibility"] * a["host_value"]
        - a["cost"]
        - a["rival_credibility"] * a["rival_value"]
    )


# --- the auction -----------------------------------------------------------------------------


def test_the_worked_example():
    assert bases.menu_auction(100, 30, 2, 1.0, 0.5) == bases.Auction("host", 17.0)


@pytest.mark.parametrize(
    "arguments, outcome, price",
    [
        ((10, 30, 2, 1.0, 0.5), "evict", 16.0),  # (10 - 2) / .5
        (
            (1, 30, 2),
            "evict",
            0.0,
        ),  # the cost alone drives the base out, the rival need not pay
        ((0, 0, 0), "host", 0.0),
        ((0, 0, 2), "evict", 0.0),
        ((40, 30, 10), "host", 40.0),  # a tie hosts, and takes all
        (
            (1, 3, 0, 0.3, 0.1),
            "host",
            1.0,
        ),  # a tie in algebra; in binary numbers .1 x 3 is above .3
        ((100, 30, 2, 0.5, 1.0), "host", 64.0),
    ],
)
def test_auctions_by_hand(arguments, outcome, price):
    found = bases.menu_auction(*arguments)
    assert found.outcome == outcome and found.price == pytest.approx(price, abs=1e-12)


@given(auctions())
def test_no_winner_pays_more_than_its_value_or_less_than_nothing(a):
    found = bases.menu_auction(**a)
    assert (
        0
        <= found.price
        <= a["host_value" if found.outcome == "host" else "rival_value"]
    )


@given(auctions())
def test_the_leader_takes_the_better_offer_and_gains_what_the_loser_would_have_given(a):
    """The truthful equilibrium leaves the leader with its best outside option."""
    found = bases.menu_auction(**a)
    offered = {
        "host": a["host_credibility"] * a["host_value"] - a["cost"],
        "evict": a["rival_credibility"] * a["rival_value"],
    }
    if found.outcome == "host":
        gain, option = a["host_credibility"] * found.price - a["cost"], offered["evict"]
        assert gain == pytest.approx(option, abs=1e-6)
    else:
        gain, option = a["rival_credibility"] * found.price, max(0, offered["host"])
        assert gain == pytest.approx(option, abs=1e-6)
    assert offered[found.outcome] >= max(offered.values()) - 1e-9


@given(auctions(), st.floats(0, 500))
def test_the_price_rises_with_what_the_loser_can_credibly_give(a, more):
    before = bases.menu_auction(**a)
    loser = "rival_value" if before.outcome == "host" else "host_value"
    after = bases.menu_auction(**(a | {loser: a[loser] + more}))
    if after.outcome == before.outcome == "host":
        assert after.price == pytest.approx(
            before.price + a["rival_credibility"] * more / a["host_credibility"],
            abs=1e-6,
        )
    assert after.outcome != before.outcome or after.price >= before.price - 1e-9


def test_rounding_never_lifts_the_price_above_the_value():
    assert 0.1 * 3 / 0.3 > 1 and bases.menu_auction(1, 3, 0, 0.3, 0.1).price <= 1


@given(auctions(), st.floats(0, 500))
def test_a_dearer_base_costs_the_host_more_and_the_rival_less(a, more):
    before, after = (
        bases.menu_auction(**a),
        bases.menu_auction(**(a | {"cost": a["cost"] + more})),
    )
    if before.outcome == "evict":
        assert after.outcome == "evict" and after.price <= before.price + 1e-9
    elif after.outcome == "host":
        assert after.price == pytest.approx(
            before.price + more / a["host_credibility"], abs=1e-6
        )


@given(auctions(), st.floats(0.001, 1000))
def test_the_currency_does_not_matter(a, scale):
    assume(abs(margin(a)) > 1e-6)
    before = bases.menu_auction(**a)
    after = bases.menu_auction(
        **{
            k: v * scale if k in ("host_value", "rival_value", "cost") else v
            for k, v in a.items()
        }
    )
    assert after.outcome == before.outcome and after.price == pytest.approx(
        before.price * scale, rel=1e-9, abs=1e-9
    )


@given(auctions(cost=0.0))
def test_without_a_cost_the_two_sides_are_alike(a):
    assume(abs(margin(a)) > 1e-9)
    there = bases.menu_auction(**a)
    here = bases.menu_auction(
        a["rival_value"],
        a["host_value"],
        0.0,
        a["rival_credibility"],
        a["host_credibility"],
    )
    assert {there.outcome, here.outcome} == set(
        bases.OUTCOMES
    ) and here.price == pytest.approx(there.price)


@given(money, money, believed, believed)
def test_a_tie_hosts(rival_value, cost, host_credibility, rival_credibility):
    value = (rival_credibility * rival_value + cost) / host_credibility
    found = bases.menu_auction(
        value, rival_value, cost, host_credibility, rival_credibility
    )
    assert found.outcome == "host" and found.price == pytest.approx(value)


# --- rents -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "weight, ceiling, worth, private",
    [
        (0, 0, 1, 0),
        (0, 1, 1, 0),
        (0.3, 0.8, 0.7, 0),
        (0.5, 0.8, 0.5, 0),
        (0.75, 0.4, 0.45, 0.4),
        (1, 1, 1, 1),
        (1, 0, 0, 0),
    ],
)
def test_what_a_dollar_is_worth_by_hand(weight, ceiling, worth, private):
    assert bases.dollar_worth(weight, ceiling) == pytest.approx(worth)
    assert bases.private_share(weight, ceiling) == private


@given(share, share)
def test_a_dollar_is_worth_at_least_its_public_use_and_no_share_does_better(
    weight, ceiling
):
    worth = bases.dollar_worth(weight, ceiling)
    shares = np.linspace(0, ceiling, 50)
    assert 1 - weight - 1e-12 <= worth <= 1
    assert worth == pytest.approx(
        ((1 - weight) * (1 - shares) + weight * shares).max(), abs=1e-12
    )


@given(share, share, st.floats(-1e-6, 1e-6))
def test_the_worth_of_a_dollar_has_no_jump(weight, ceiling, step):
    other = min(1, max(0, weight + step))
    assert abs(
        bases.dollar_worth(other, ceiling) - bases.dollar_worth(weight, ceiling)
    ) <= 2 * abs(step)


def test_no_jump_at_one_half_and_arrays_go_through():
    around = bases.dollar_worth(np.array([0.5 - 1e-9, 0.5, 0.5 + 1e-9]), 0.7)
    assert around == pytest.approx([0.5] * 3) and around.shape == (3,)


@given(auctions())
def test_no_weight_on_private_money_is_the_plain_auction(a):
    rents = bases.Rents(private_weight=0, host_ceiling=0.9, rival_ceiling=0.2)
    assert bases.menu_auction(**a, rents=rents) == bases.menu_auction(**a)


def test_a_rival_that_can_pay_in_private_raises_the_price_or_wins():
    plain = bases.menu_auction(100, 30, 2, rents=bases.Rents(0.9, 0.2, 0.2))
    richer = bases.menu_auction(100, 30, 2, rents=bases.Rents(0.9, 0.2, 0.6))
    assert plain.outcome == richer.outcome == "host" and richer.price > plain.price
    assert (
        bases.menu_auction(100, 60, 2, rents=bases.Rents(0.9, 0.0, 1.0)).outcome
        == "evict"
    )
    assert plain.price == pytest.approx(
        (0.26 * 30 + 2) / 0.26
    )  # .1 x .8 + .9 x .2 = .26


def test_dollars_worth_nothing_buy_nothing():
    assert bases.menu_auction(100, 30, 0, rents=bases.Rents(1.0, 0.0, 0.5)) == (
        "evict",
        0.0,
    )
    assert bases.menu_auction(100, 30, 0, rents=bases.Rents(1.0, 0.0, 0.0)) == (
        "host",
        0.0,
    )
    assert bases.menu_auction(100, 30, 5, rents=bases.Rents(1.0, 0.5, 0.0)) == (
        "host",
        10.0,
    )
    assert bases.menu_auction(100, 30, 5, rents=bases.Rents(1.0, 0.0, 0.0)) == (
        "evict",
        0.0,
    )


# --- the phase map ----------------------------------------------------------------------------


@given(
    st.lists(money, min_size=1, max_size=5),
    st.lists(money, min_size=1, max_size=5),
    money,
    believed,
    believed,
)
def test_the_lattice_is_the_auction_at_every_point(
    first, second, cost, host_credibility, rival_credibility
):
    found = bases.phase(first, second, cost, host_credibility, rival_credibility)
    pairs = [(u, r) for u in first for r in second]
    assert list(zip(found["host_value"], found["rival_value"])) == pairs
    expected = [
        bases.menu_auction(u, r, cost, host_credibility, rival_credibility)
        for u, r in pairs
    ]
    assert [
        bases.Auction(*row) for row in zip(found["outcome"], found["price"])
    ] == expected


def test_the_lattice_is_typed():
    found = bases.phase([100, 1], [30], 2)
    assert list(found.columns) == [
        "host_value",
        "rival_value",
        "outcome",
        "price",
    ] and list(found["outcome"].cat.categories) == list(bases.OUTCOMES)


# --- what a deal tells ------------------------------------------------------------------------


def test_the_implied_rival_of_the_worked_example():
    assert bases.implied_rival(17, 2, 1.0, 0.5) == 30
    assert bases.implied_rival(
        np.array([2.0, 17.0, 60.0]), 2, 1.0, 0.5
    ) == pytest.approx([0, 30, 116])


@given(money, money, believed, believed, st.floats(0, 500))
def test_a_price_goes_back_to_its_rival(
    rival_value, cost, host_credibility, rival_credibility, spare
):
    value = (rival_credibility * rival_value + cost) / host_credibility + spare
    found = bases.menu_auction(
        value, rival_value, cost, host_credibility, rival_credibility
    )
    assert found.outcome == "host"
    assert bases.implied_rival(
        found.price, cost, host_credibility, rival_credibility
    ) == pytest.approx(rival_value, abs=1e-6)


def test_regions_by_hand():
    host = bases.rival_region("host", 60, 2, 1.0, [0.5, 1.0])
    assert (
        host["lower"].tolist() == [0, 0]
        and host["upper"].tolist() == [116, 58]
        and host["lower_included"].all()
    )
    gone = bases.rival_region("evict", 60, 2, 1.0, [0.5, 1.0])
    assert (
        gone["lower"].tolist() == [116, 58]
        and (gone["upper"] == np.inf).all()
        and not gone["lower_included"].any()
    )
    assert bases.rival_region("evict", 60, 2, 1.0, 1.0, host_value=100)[
        "lower"
    ].tolist() == [98]
    free = bases.rival_region("evict", 1, 2, 1.0, 1.0).iloc[0]
    assert free["lower"] == 0 and free["lower_included"] and free["undefined"] == ""


def test_a_price_below_the_cost_has_no_region_and_says_so():
    found = bases.rival_region("host", 1, 2, [0.5, 1.0], 1.0)
    assert (
        found[["lower", "upper"]].isna().all(axis=None)
        and (found["undefined"] == "the price does not cover the cost of hosting").all()
    )
    assert not found["lower_included"].any()
    assert bases.rival_region("host", 0.9 / 0.3, 0.9, 0.3, 1.0)["upper"].tolist() == [0]


@given(st.sampled_from(bases.OUTCOMES), money, money, believed, believed, money)
def test_a_region_is_where_the_auction_gives_the_outcome(
    outcome, price, cost, host_credibility, rival_credibility, rival_value
):
    """The patron is taken to value the base at the price: inside the outcome follows, outside it does not."""
    row = bases.rival_region(
        outcome, price, cost, host_credibility, rival_credibility
    ).iloc[0]
    found = bases.menu_auction(
        price, rival_value, cost, host_credibility, rival_credibility
    ).outcome
    if row["undefined"]:
        assert found == "evict" and outcome == "host"
        return
    assume(
        abs(rival_value - row["lower"]) > 1e-6 * (1 + rival_value)
        or row["lower"] == 0
        and row["lower_included"]
    )
    assume(abs(rival_value - row["upper"]) > 1e-6 * (1 + rival_value))
    assert (row["lower"] <= rival_value <= row["upper"]) == (found == outcome)


def test_the_default_grid_has_every_pair():
    found = bases.rival_region("evict", 60, 2)
    assert (
        len(found) == 100
        and not found.duplicated(["host_credibility", "rival_credibility"]).any()
    )


# --- a package -------------------------------------------------------------------------------


def test_a_loan_by_hand():
    """100 over three years at 10 %, one of grace, discounted at 25 %."""
    found = bases.repayments(100, 0.10, 3, 1, 0.25)
    assert found["outstanding"].tolist() == [100, 100, 50] and found[
        "principal"
    ].tolist() == [0, 50, 50]
    assert found["interest"].tolist() == pytest.approx([10, 10, 5]) and found[
        "payment"
    ].tolist() == pytest.approx([10, 60, 55])
    owed = 10 / 1.25 + 60 / 1.25**2 + 55 / 1.25**3
    assert found["discounted"].sum() == pytest.approx(owed)
    assert bases.present_value(20, 100, 0.10, 3, 1, 7, 0.25) == pytest.approx(
        20 + 100 - owed + 7
    )


terms = st.tuples(st.floats(0, 0.2), st.integers(1, 40), st.floats(0.01, 0.3)).flatmap(
    lambda t: st.tuples(
        st.just(t[0]), st.just(t[1]), st.integers(0, t[1] - 1), st.just(t[2])
    )
)


@given(terms)
def test_the_grant_element_is_that_of_the_oecd(loan):
    """Closed form of the Development Assistance Committee for yearly, equal repayments of principal."""
    rate, years, grace, discount = loan
    v = 1 / (1 + discount)
    expected = (
        100
        * (1 - rate / discount)
        * (1 - (v**grace - v**years) / (discount * (years - grace)))
    )
    assert bases.present_value(
        0, 100, rate, years, grace, 0, discount
    ) == pytest.approx(expected, abs=1e-8)


@given(terms)
def test_a_loan_at_the_discount_rate_is_no_gift(loan):
    _, years, grace, discount = loan
    assert bases.present_value(
        0, 100, discount, years, grace, 0, discount
    ) == pytest.approx(0, abs=1e-8)


@given(terms, money, money, money)
def test_a_package_is_the_sum_of_its_parts(loan, grant, lent, relief):
    rate, years, grace, discount = loan
    parts = bases.package(grant, lent, rate, years, grace, relief, discount)
    assert parts["part"].tolist() == ["grant", "loan", "debt relief", "total"]
    assert parts["value"].iloc[:3].sum() == pytest.approx(parts["value"].iloc[3])
    assert parts["face"].tolist() == pytest.approx(
        [grant, lent, relief, grant + lent + relief]
    )
    assert parts["value"].iloc[3] == bases.present_value(
        grant, lent, rate, years, grace, relief, discount
    )
    assert bases.repayments(lent, rate, years, grace, discount)[
        "principal"
    ].sum() == pytest.approx(lent)


def test_future_money_is_worth_nothing_at_a_huge_rate_and_more_than_itself_below_zero():
    assert bases.present_value(0, 100, 0.02, 20, 5, 0, 1e9) == pytest.approx(100)
    assert bases.present_value(0, 100, 0, 20, 5, 0, 0) == pytest.approx(0)
    assert bases.present_value(0, 100, 0, 20, 5, 0, -0.05) < 0


# --- who paid first ---------------------------------------------------------------------------


def payments(*rows):
    return pd.DataFrame(rows, columns=["payer", "start", "end", "what"])


PAID = payments(
    ("A", "2001-02-03", "2001-02-03", "signature"),
    ("B", "2001-03-01", "2001-03-31", "grant"),
    ("A", "2001-03-20", "2001-04-02", "rent"),
    ("B", "2001-01-01", "2001-01-02", "promise"),
)


def test_intervals_are_compared_honestly():
    found = bases.order_of_payments(PAID)
    assert found[
        [
            "payer",
            "what",
            "other",
            "other_what",
            "relation",
            "first",
            "least_days",
            "most_days",
        ]
    ].to_numpy().tolist() == [
        ["A", "signature", "B", "grant", "before", "A", 26, 56],
        ["A", "signature", "B", "promise", "after", "B", -33, -32],
        ["B", "grant", "A", "rent", "overlap", "", -11, 32],
        ["A", "rent", "B", "promise", "after", "B", -91, -77],
    ]


def test_one_shared_day_is_an_overlap():
    touch = payments(
        ("A", "2001-01-01", "2001-01-31", "x"), ("B", "2001-01-31", "2001-02-01", "y")
    )
    assert bases.order_of_payments(touch)["relation"].tolist() == ["overlap"]
    assert bases.first_payer(touch)["first"].tolist() == ["perhaps", "perhaps"]


def test_who_paid_first():
    assert dict(bases.first_payer(PAID)[["payer", "first"]].to_numpy()) == {
        "A": "no",
        "B": "certainly",
    }
    blurred = payments(
        ("A", "2001-01-01", "2001-12-31", "x"),
        ("B", "2001-03-01", "2001-03-01", "y"),
        ("C", "2001-05-01", "2001-05-01", "z"),
    )
    assert dict(bases.first_payer(blurred)[["payer", "first"]].to_numpy()) == {
        "A": "perhaps",
        "B": "perhaps",
        "C": "no",
    }


days = st.tuples(st.sampled_from("ABC"), st.integers(0, 60), st.integers(0, 30))


@given(st.lists(days, min_size=2, max_size=6))
def test_the_order_is_true_for_every_day_that_the_dates_allow(rows):
    assume(len({r[0] for r in rows}) > 1)
    day = pd.Timestamp("2001-01-01")
    table = payments(
        *[
            (p, day + pd.Timedelta(days=s), day + pd.Timedelta(days=s + n), "x")
            for p, s, n in rows
        ]
    )
    found = bases.order_of_payments(table)
    pairs = [(a, b) for i, a in enumerate(rows) for b in rows[i + 1 :] if a[0] != b[0]]
    assert len(found) == len(pairs)
    for (one, other), row in zip(pairs, found.itertuples()):
        gaps = {
            t - s
            for s in range(one[1], one[1] + one[2] + 1)
            for t in range(other[1], other[1] + other[2] + 1)
        }
        assert row.relation == (
            "before" if min(gaps) > 0 else "after" if max(gaps) < 0 else "overlap"
        )
        assert (row.least_days, row.most_days) == (min(gaps), max(gaps))


# --- nonsense --------------------------------------------------------------------------------

NAN = float("nan")
BAD = [
    (
        lambda: bases.menu_auction(-1, 30, 2),
        "host_value is -1; allowed: a number of 0 or more",
    ),
    (
        lambda: bases.menu_auction(100, NAN, 2),
        "rival_value is nan; allowed: a number of 0 or more",
    ),
    (
        lambda: bases.menu_auction(100, 30, float("inf")),
        "cost is inf; allowed: a number of 0 or more",
    ),
    (
        lambda: bases.menu_auction(100, "30", 2),
        "rival_value is '30'; allowed: a number of 0 or more",
    ),
    (
        lambda: bases.menu_auction(100, None, 2),
        "rival_value is None; allowed: a number of 0 or more",
    ),
    (
        lambda: bases.menu_auction(100, 30, 2, 0),
        "host_credibility is 0; allowed: above 0 and at most 1",
    ),
    (
        lambda: bases.menu_auction(100, 30, 2, 1, 1.1),
        "rival_credibility is 1.1; allowed: above 0 and at most 1",
    ),
    (
        lambda: bases.menu_auction(100, 30, 2, rents=bases.Rents(1.2)),
        "private_weight is 1.2; allowed: from 0 to 1",
    ),
    (
        lambda: bases.menu_auction(100, 30, 2, rents=bases.Rents(0.5, -0.1)),
        "host_ceiling is -0.1; allowed: from 0 to 1",
    ),
    (
        lambda: bases.menu_auction(100, 30, 2, rents=bases.Rents(0.5, 0, 2)),
        "rival_ceiling is 2; allowed: from 0 to 1",
    ),
    (lambda: bases.dollar_worth(NAN, 0), "private_weight is nan; allowed: from 0 to 1"),
    (
        lambda: bases.dollar_worth(0.5, [0, 2]),
        "private_ceiling is 2.0; allowed: from 0 to 1",
    ),
    (
        lambda: bases.phase([], [1], 2),
        r"host_values has the shape \(0,\); allowed: one number or more",
    ),
    (
        lambda: bases.phase([1, NAN], [1], 2),
        "host_values is nan; allowed: a number of 0 or more",
    ),
    (
        lambda: bases.phase([1], ["a"], 2),
        r"rival_values is \['a'\]; allowed: a number of 0 or more",
    ),
    (
        lambda: bases.implied_rival(1, 2),
        "price is 1.0; allowed: cost / host_credibility = 2.0 or more",
    ),
    (
        lambda: bases.implied_rival(NAN, 2),
        "price is nan; allowed: a number of 0 or more",
    ),
    (
        lambda: bases.implied_rival(10, 2, 1, 0),
        "rival_credibility is 0.0; allowed: above 0 and at most 1",
    ),
    (
        lambda: bases.rival_region("stay", 60, 2),
        "outcome is 'stay'; allowed: 'host', 'evict'",
    ),
    (
        lambda: bases.rival_region("host", 60, 2, host_value=50),
        "host_value is 50.0; allowed: the price 60.0 or more",
    ),
    (
        lambda: bases.rival_region("host", 60, 2, [0.5, 0]),
        "host_credibility is 0.0; allowed: above 0 and at most 1",
    ),
    (
        lambda: bases.present_value(1, 1, 0.1, 5, 5, 0, 0.1),
        "grace_years is 5; allowed: a whole number from 0 to 4, below loan_years",
    ),
    (
        lambda: bases.present_value(1, 1, 0.1, 2.5, 0, 0, 0.1),
        "loan_years is 2.5; allowed: a whole number of 1 or more",
    ),
    (
        lambda: bases.present_value(1, 1, -0.1, 5, 0, 0, 0.1),
        "loan_rate is -0.1; allowed: a number of 0 or more",
    ),
    (
        lambda: bases.present_value(1, 1, 0.1, 5, 0, 0, -1),
        "discount is -1; allowed: a number above -1",
    ),
    (
        lambda: bases.present_value(1, 1, 0.1, 5, 0, NAN, 0.1),
        "debt_relief is nan; allowed: a number of 0 or more",
    ),
    (
        lambda: bases.order_of_payments(PAID.drop(columns="what")),
        r"payments lacks the columns \['what'\]",
    ),
    (
        lambda: bases.order_of_payments(PAID.iloc[[0, 2]]),
        r"payments has 1 payer\(s\); allowed: 2 or more",
    ),
    (
        lambda: bases.order_of_payments(PAID.iloc[:0]),
        r"payments has 0 payer\(s\); allowed: 2 or more",
    ),
    (
        lambda: bases.order_of_payments(PAID.assign(end="2000-01-01")),
        r"payments has the end 2000-01-01 00:00:00 in 4 row\(s\); allowed: a day not before the start",
    ),
    (
        lambda: bases.first_payer(PAID.assign(start=None)),
        r"payments has the start NaT in 4 row\(s\); allowed: a date",
    ),
    (
        lambda: bases.bid_game(100, 30, 2, step=0),
        "step is 0; allowed: a number above 0",
    ),
    (
        lambda: bases.bid_game(100, 30, 2, step=1e-3),
        "step is 0.001; allowed: one that gives ten million pairs of bids at most",
    ),
]


@pytest.mark.parametrize("call, message", BAD, ids=[m for _, m in BAD])
def test_arguments_without_sense_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()
