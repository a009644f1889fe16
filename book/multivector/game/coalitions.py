"""What a ratification costs in side payments."""

import math
from collections.abc import Collection
from typing import NamedTuple

from .. import checks
from ..checks import UNIT
from .numbers import TOLERANCE, PerGroup, groups
from .winset import accepted_by

#: Cost of a coalition, its weight below 0, and its groups.
_State = tuple[float, float, tuple[int, ...]]


class Coalition(NamedTuple):
    """The price of a coalition, and the places of its groups in the list of groups, from 0."""

    cost: float
    members: tuple[int, ...]


def cheapest_coalition(
    ideals: Collection[float],
    weights: Collection[float],
    reversion: float,
    target: float,
    threshold: float,
    costs: PerGroup = 0.0,
    salience: PerGroup = 1.0,
    constraint: float = 1.0,
) -> Coalition:
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
    points, shares, losses, saliences = groups(ideals, weights, costs, salience)
    reversion = checks.number("reversion", reversion, UNIT)
    target = checks.number("target", target, UNIT)
    need = checks.number("threshold", threshold, UNIT)
    need *= checks.number("constraint", constraint, UNIT)
    prices = [
        asking_price(ideal, reversion, target, cost, worth)
        for ideal, cost, worth in zip(points, losses, saliences)
    ]
    free = [i for i, price in enumerate(prices) if price is None]
    frontier: list[_State] = [(0.0, -sum(shares[i] for i in free), ())]
    for i, price in enumerate(prices):
        if price is None:
            continue
        bought = [
            (cost + price, minus - shares[i], (*members, i))
            for cost, minus, members in frontier
        ]
        frontier = _undominated(frontier + bought, need)
    heavy = (state for state in frontier if -state[1] >= need - TOLERANCE)
    cost, _, members = next(heavy)
    return Coalition(cost, tuple(sorted((*free, *members))))


def asking_price(
    ideal: float, reversion: float, target: float, cost: float, salience: float
) -> float | None:
    """What makes one group indifferent to an agreement, 0 or more; None if it accepts.

    Parameters
    ----------
    ideal, reversion, target, cost, salience : float
        Of the group, as for :func:`cheapest_coalition`, which checks them.
    """
    # As the win-set has it, so that the two never differ by rounding.
    accepted = accepted_by(ideal, reversion, cost, salience, 0.0)
    if accepted and accepted[0] - TOLERANCE <= target <= accepted[1] + TOLERANCE:
        return None
    loss = salience * (target - reversion) * (target + reversion - 2 * ideal)
    return max(0.0, loss - cost)


def _undominated(states: list[_State], need: float) -> list[_State]:
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
