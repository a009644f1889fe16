"""What a ratification costs in side payments."""

import math
from typing import NamedTuple


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
    reversion, target = (
        real("reversion", reversion, *UNIT),
        real("target", target, *UNIT),
    )
    need = real("threshold", threshold, *UNIT) * real("constraint", constraint, *UNIT)
    free, sold = [], []
    for i, ideal in enumerate(ideals):
        low, high = accepted_by(ideal, reversion, costs[i], salience[i], 0.0)
        if (
            low - TOLERANCE <= target <= high + TOLERANCE
        ):  # as the win-set has it, so that the two never differ by rounding
            free.append(i)
        else:
            sold.append(
                (
                    i,
                    max(
                        0.0,
                        salience[i]
                        * (target - reversion)
                        * (target + reversion - 2 * ideal)
                        - costs[i],
                    ),
                )
            )
    frontier = [(0.0, -sum(weights[i] for i in free), ())]
    for i, price in sold:
        bought = [
            (cost + price, minus - weights[i], (*members, i))
            for cost, minus, members in frontier
        ]
        frontier = _undominated(frontier + bought, need)
    cost, _, members = next(
        state for state in frontier if -state[1] >= need - TOLERANCE
    )
    return Coalition(cost, tuple(sorted((*free, *members))))


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
