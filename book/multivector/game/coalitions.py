"""What a ratification costs in side payments."""

import math
from typing import NamedTuple

from .. import checks
from ..checks import UNIT
from .numbers import TOLERANCE, groups
from .winset import accepted_by


class Coalition(NamedTuple):
    """The price of a coalition, and the places of its groups in the list of groups, from 0."""

    cost: float
    members: tuple[int, ...]


def cheapest_coalition(
    ideals,
    weights,
    reversion,
    target,
    threshold,
    costs=0.0,
    salience=1.0,
    constraint=1.0,
):
    """The cheapest coalition that ratifies one agreement, by side payments.

    Group i's price for x is max(0, sg_i [(p_i - x)^2 - (p_i - q)^2] - ka_i), the transfer that makes it
    indifferent.  Exact, by a knapsack over the frontier of (price, weight).

    Parameters
    ----------
    ideals, weights, reversion, costs, salience, constraint
        As for :func:`win_set`.
    target : float
        The agreement x, in [0, 1].
    threshold : float
        Ratification threshold R, in [0, 1]; the members weigh c R or more.

    Returns
    -------
    Coalition
        Groups that accept x for nothing are members at the price 0, wanted or not.  Among coalitions
        of one price the heaviest stands, then the one with the earliest groups.

    Raises
    ------
    ValueError
        Names the argument, the value and what is allowed.
    """
    ideals, weights, costs, salience = groups(ideals, weights, costs, salience)
    reversion = checks.number("reversion", reversion, UNIT)
    target = checks.number("target", target, UNIT)
    need = checks.number("threshold", threshold, UNIT) * checks.number(
        "constraint", constraint, UNIT
    )
    prices = [
        _price(*group, reversion, target) for group in zip(ideals, costs, salience)
    ]
    free = [i for i, price in enumerate(prices) if price is None]
    frontier = [(0.0, -sum(weights[i] for i in free), ())]
    for i, price in enumerate(prices):
        if price is None:
            continue
        bought = [
            (cost + price, minus - weights[i], (*members, i))
            for cost, minus, members in frontier
        ]
        frontier = _undominated(frontier + bought, need)
    heavy = (state for state in frontier if -state[1] >= need - TOLERANCE)
    cost, _, members = next(heavy)
    return Coalition(cost, tuple(sorted((*free, *members))))


def _price(ideal, cost, salience, reversion, target):
    """What makes a group indifferent; None if it accepts, as the win-set has it, so that the two never differ by rounding."""
    low, high = accepted_by(ideal, reversion, cost, salience, 0.0)
    if low - TOLERANCE <= target <= high + TOLERANCE:
        return None
    loss = salience * (target - reversion) * (target + reversion - 2 * ideal)
    return max(0.0, loss - cost)


def _undominated(states, need):
    """States (cost, -weight, members) that no other beats in price and weight, the cheapest first.

    What weighs enough needs no more: of these the cheapest is the last one kept.
    """
    kept, heaviest = [], -math.inf
    for state in sorted(states):
        if -state[1] > heaviest:
            kept.append(state)
            heaviest = -state[1]
            if heaviest >= need - TOLERANCE:
                break
    return kept
