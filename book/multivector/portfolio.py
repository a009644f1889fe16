"""How many partners pay: two small models of spreading and of putting all on one.

Both are this essay's, made to say exactly what two verbal claims of Sari (2012, sections 4 and 5)
would need: that a small state cannot run many vectors, and that giving priority to one does not
pay.  They illustrate; nothing here is fitted to data.
"""

import numpy as np
from numpy.typing import ArrayLike

from . import bases, checks

#: Payoffs closer than this, relative to the larger, are equal.
TIE = 1e-12


def best_number(exponents: ArrayLike, costs: ArrayLike, most: int) -> int | np.ndarray:
    """How many vectors to run, where each adds less than the one before and costs the same.

    The benefit of n vectors is n^a, 0 < a < 1, the cost of co-ordinating them c n.

    Parameters
    ----------
    exponents : float or array
        a, above 0 and below 1: the smaller, the faster the benefit levels off.
    costs : float or array
        c, 0 or more, in units of the benefit of the first vector.
    most : int
        Vectors there are, 1 or more.

    Returns
    -------
    int or ndarray of int
        From 0 (none pays) to ``most``; of equals the smaller.

    Raises
    ------
    ValueError
        Names the argument, the value and what is allowed.
    """
    exponents = checks.numbers("exponents", exponents, checks.INSIDE)
    costs = checks.numbers("costs", costs, checks.AMOUNT)
    most = checks.whole("most", most)
    number = np.arange(most + 1)
    payoff = number ** exponents[..., None] * (number > 0) - costs[..., None] * number
    best = (payoff >= payoff.max(axis=-1, keepdims=True) - TIE * most).argmax(axis=-1)
    return int(best) if best.ndim == 0 else best


def hedge_payoff(
    value: float, rival_value: float, cost: float, rival_credibility: float = 1.0
) -> float:
    """What the leader keeps who lets two patrons bid: price less cost, in the auction of :func:`bases.menu_auction`.

    The winner pays just enough to beat the loser, so that the leader keeps what the loser's bid is worth.

    Parameters
    ----------
    value, rival_value, cost : float
        0 or more.
    rival_credibility : float
        In (0, 1].

    Returns
    -------
    float
        0 or more.
    """
    deal = bases.menu_auction(value, rival_value, cost, 1.0, rival_credibility)
    if deal.outcome == "host":
        return max(0.0, deal.price - cost)
    return rival_credibility * deal.price


def exclusive_payoff(value: float, cost: float, share: float) -> float:
    """What the leader keeps who deals with one patron alone: a share of what the deal is worth to both.

    Parameters
    ----------
    value, cost : float
        0 or more.
    share : float
        Share of the surplus that the patron leaves to the leader, in [0, 1]; 0 is a patron who knows
        that nobody else is asked.

    Returns
    -------
    float
        0 where the deal is worth less than it costs.
    """
    share = checks.number("share", share, checks.UNIT)
    value = checks.number("value", value, checks.AMOUNT)
    cost = checks.number("cost", cost, checks.AMOUNT)
    return share * max(0.0, value - cost)
