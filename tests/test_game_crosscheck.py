"""Bargaining beside finite games, solved by nashpy."""

import itertools

import nashpy
import numpy as np
import pytest

from multivector import game

TABLES = [
    {
        "home_ideal": 0.5,
        "foreign_ideal": 1.0,
        "reversion": 0.3,
        "home_cost": 0.04,
        "foreign_cost": 0.0,
    },
    {
        "home_ideal": 0.42,
        "foreign_ideal": 0.9,
        "reversion": 0.25,
        "home_cost": 0.013,
        "foreign_cost": 0.031,
    },
    {
        "home_ideal": 0.7,
        "foreign_ideal": 0.15,
        "reversion": 0.61,
        "home_cost": 0.09,
        "foreign_cost": 0.02,
    },
]
AGREEMENTS = (0.11, 0.37, 0.48, 0.56, 0.64, 0.93)


def payoffs(table):
    """Gains of both sides at each agreement, as defined."""
    x = np.array(AGREEMENTS)
    return [
        (table["reversion"] - table[f"{s}_ideal"]) ** 2
        - (x - table[f"{s}_ideal"]) ** 2
        + table[f"{s}_cost"]
        for s in ("home", "foreign")
    ]


def agreed(table, **more):
    return game.bargain(**table, feasible=[(x, x) for x in AGREEMENTS], **more)


@pytest.mark.parametrize("table", TABLES)
def test_what_neither_side_would_walk_away_from(table):
    """Each side names an agreement; what both name holds, else nothing is gained.

    The pure equilibria in which something is agreed are the agreements that both accept.
    """
    home, foreign = payoffs(table)
    finite = nashpy.Game(np.diag(home), np.diag(foreign))
    accepted = game.intersect(
        *(
            game.acceptance(table[f"{s}_ideal"], table["reversion"], table[f"{s}_cost"])
            for s in ("home", "foreign")
        )
    )
    stable = {
        x
        for i, x in enumerate(AGREEMENTS)
        if all(
            finite.is_best_response(
                np.eye(len(AGREEMENTS))[i], np.eye(len(AGREEMENTS))[i]
            )
        )
    }
    assert stable == {
        x for x in AGREEMENTS if any(a <= x <= b for a, b in accepted)
    } and 1 < len(stable) < len(AGREEMENTS)


@pytest.mark.parametrize("table", TABLES)
def test_the_agreement_risk_dominates_every_other(table):
    """Nash's product orders agreements as risk dominance does (Harsanyi and Selten 1988).

    Of two agreements the one is dominant that each side still prefers at the larger doubt about the other
    side: in the mixed equilibrium of the two-by-two game its two probabilities sum to less than 1.
    """
    home, foreign = payoffs(table)
    both = [i for i in range(len(AGREEMENTS)) if home[i] > 0 and foreign[i] > 0]
    wins = dict.fromkeys(both, 0)
    for i, j in itertools.combinations(both, 2):
        pair = nashpy.Game(np.diag(home[[i, j]]), np.diag(foreign[[i, j]]))
        (mixed,) = [e for e in pair.support_enumeration() if 0 < e[0][0] < 1]
        wins[i if mixed[0][0] + mixed[1][0] < 1 else j] += 1
    (dominant,) = [i for i in both if wins[i] == len(both) - 1]
    assert len(both) > 1 and agreed(table).x == AGREEMENTS[dominant]
