"""How many partners pay, by two small models."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector import bases, portfolio


def test_the_best_number_by_hand():
    # n^.5 - .3 n: 1 - .3 = .7, 1.414 - .6 = .814, 1.732 - .9 = .832, 2 - 1.2 = .8
    assert portfolio.best_number(0.5, 0.3, 8) == 3
    assert (
        portfolio.best_number(0.5, 1.5, 8) == 0
    )  # the first costs more than it brings
    assert portfolio.best_number(0.5, 0.0, 8) == 8


@given(
    st.floats(0.05, 0.95), st.floats(0.0, 2.0), st.floats(0.0, 1.0), st.integers(1, 12)
)
def test_a_higher_cost_never_adds_a_vector(exponent, cost, more, most):
    assert portfolio.best_number(exponent, cost + more, most) <= portfolio.best_number(
        exponent, cost, most
    )


def test_many_combinations_at_once_are_those_one_by_one():
    a, c = np.meshgrid(np.linspace(0.2, 0.8, 5), np.linspace(0.02, 0.5, 7))
    found = portfolio.best_number(a, c, 8)
    assert found.shape == a.shape
    assert [
        [portfolio.best_number(x, y, 8) for x, y in zip(*row)] for row in zip(a, c)
    ] == found.tolist()


@given(st.floats(1, 100), st.floats(0, 200), st.floats(0, 20), st.floats(0.05, 1.0))
def test_two_bidders_leave_the_leader_what_the_loser_offers(
    value, rival, cost, credible
):
    kept = portfolio.hedge_payoff(value, rival, cost, credible)
    if bases.menu_auction(value, rival, cost, 1.0, credible).outcome == "host":
        assert kept == pytest.approx(credible * rival, abs=1e-9)
    else:
        assert kept == pytest.approx(max(0.0, value - cost), abs=1e-9)


def test_one_patron_leaves_a_share():
    assert portfolio.exclusive_payoff(100, 2, 0.5) == 49
    assert portfolio.exclusive_payoff(1, 2, 0.5) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: portfolio.best_number(1.0, 0.1, 8),
            "exponents is 1.0; allowed: above 0 and below 1",
        ),
        (lambda: portfolio.best_number(0.5, -1.0, 8), "costs is -1.0"),
        (lambda: portfolio.best_number(0.5, float("nan"), 8), "costs is nan"),
        (lambda: portfolio.best_number(0.5, 0.1, 0), "most is 0"),
        (lambda: portfolio.exclusive_payoff(100, 2, 1.5), "share is 1.5"),
        (lambda: portfolio.exclusive_payoff(float("nan"), 2, 0.5), "value is nan"),
        (lambda: portfolio.hedge_payoff(100, 10, 2, 0.0), "rival_credibility is 0.0"),
    ],
)
def test_arguments_without_sense_are_named(call, message):
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        call()


def test_the_loser_of_a_first_deal_is_paid_where_it_outbids_the_harm():
    assert bases.second_grant(50, 10, 30)
    assert not bases.second_grant(50, 10, 41)
    assert not bases.second_grant(50, 10, 30, value_credibility=0.5)
    assert bases.second_grant([50, 50], 10, [30, 41]).tolist() == [True, False]
    with pytest.raises(ValueError, match="harms"):
        bases.second_grant(50, 10, -1)
