"""The menu auction against a finite bid game: every pair of bids, and nashpy."""

import nashpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multivector import bases

EXAMPLE = (100, 30, 2, 1.0, 0.5)
OTHERS = [(10, 30, 2, 1.0, 0.5), (40, 25, 3, 0.8, 0.9), (20, 60, 1, 1.0, 0.7)]


def test_the_worked_example_on_a_unit_grid():
    """Two equilibria, one price: the rival bids 29 or 30, which the host's 17 beats and its 16 does not."""
    found = bases.grid_equilibria(bases.bid_game(*EXAMPLE))
    assert found[["host_bid", "rival_bid"]].to_numpy().tolist() == [[17, 29], [17, 30]]
    assert set(found["price"]) == {bases.menu_auction(*EXAMPLE).price} == {
        17.0
    } and set(found["outcome"]) == {"host"}


def by_definition(host_value, rival_value, cost, host_credibility, rival_credibility):
    """Pure equilibria of the unit grid, one deviation at a time, in plain Python."""

    def gains(x, y):
        hosts = host_credibility * x - cost >= rival_credibility * y - 1e-12
        return (host_value - x, 0) if hosts else (0, rival_value - y)

    rows, columns = range(host_value + 1), range(rival_value + 1)
    return {
        (x, y)
        for x in rows
        for y in columns
        if all(gains(d, y)[0] <= gains(x, y)[0] for d in rows)
        and all(gains(x, d)[1] <= gains(x, y)[1] for d in columns)
    }


@pytest.mark.parametrize("arguments", [EXAMPLE, *OTHERS])
def test_the_search_finds_what_the_definition_says(arguments):
    found = bases.grid_equilibria(bases.bid_game(*arguments))
    assert set(zip(found["host_bid"], found["rival_bid"])) == by_definition(*arguments)


@given(
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 10),
    st.sampled_from([0.25, 0.5, 0.75, 1.0]),
    st.sampled_from([0.25, 0.5, 0.75, 1.0]),
)
@settings(max_examples=200, deadline=None)
def test_the_formula_is_the_grid_up_to_its_step(
    host_value, rival_value, cost, host_credibility, rival_credibility
):
    arguments = (host_value, rival_value, cost, host_credibility, rival_credibility)
    exact, found = (
        bases.menu_auction(*arguments),
        bases.grid_equilibria(bases.bid_game(*arguments)),
    )
    margin = host_credibility * host_value - cost - rival_credibility * rival_value
    if abs(margin) <= 1:  # closer than a step: the grid may not show who is stronger
        return
    assert len(found) and set(found["outcome"]) == {exact.outcome}
    if exact.outcome == "host":
        below, above = rival_credibility / host_credibility, 1
    else:
        below, above = (
            host_credibility / rival_credibility,
            1,
        )  # a tie hosts, so that the rival may need a whole step more
    assert (
        found["price"].min() >= exact.price - below - 1e-9
        and found["price"].max() <= exact.price + above + 1e-9
    )


@pytest.mark.parametrize("step", [1.0, 0.5, 0.25])
def test_a_finer_grid_keeps_the_price(step):
    price = bases.grid_equilibria(bases.bid_game(*EXAMPLE, step=step))["price"]
    assert price.max() == 17 and price.min() >= 17 - step


@pytest.mark.parametrize("arguments", [EXAMPLE, OTHERS[0]])
def test_nashpy_agrees_on_every_pair_of_bids(arguments):
    game = bases.bid_game(*arguments)
    table = nashpy.Game(game.host_gains, game.rival_gains)
    rows, columns = np.eye(len(game.host_bids)), np.eye(len(game.rival_bids))
    solved = {
        (game.host_bids[i], game.rival_bids[j])
        for i, r in enumerate(rows)
        for j, c in enumerate(columns)
        if all(table.is_best_response(r, c))
    }
    found = bases.grid_equilibria(game)
    assert solved == set(zip(found["host_bid"], found["rival_bid"]))
