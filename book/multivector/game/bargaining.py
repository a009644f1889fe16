"""What is agreed on."""

import math
from typing import NamedTuple

from .. import checks
from ..checks import FINITE, UNIT
from .numbers import COST, EPSILON, TOLERANCE
from .winset import Interval, accepted_by, common, intervals


class Deal(NamedTuple):
    """An agreement, and what each side gains over no agreement (0 or more)."""

    x: float
    home_gain: float
    foreign_gain: float


def bargain(
    home_ideal: float,
    foreign_ideal: float,
    reversion: float,
    feasible: list[Interval],
    home_cost: float = 0.0,
    foreign_cost: float = 0.0,
    power: float = 0.5,
    home_transfer: float = 0.0,
) -> Deal | None:
    """The Nash bargaining solution over a union of intervals.

    Maximises (U_H - d_H)^a (U_F - d_F)^(1-a) over the feasible x where neither side loses, with
    U_v = -(x - p_v)^2 and d_v = U_v(q) - ka_v; a transfer is added to U_H (Nash 1950; unequal power after Roth 1979).  The feasible
    set need not be convex, as Nash had it, so every interval is searched.  On the range where neither
    side loses, the log of the product is strictly concave; its first-order condition is a cubic with
    one root there, and the best point of each interval is this root, or the end point nearest to it.

    Parameters
    ----------
    home_ideal, foreign_ideal : float
        Ideal points p_H and p_F, in [0, 1].
    reversion : float
        Reversion point q, in [0, 1].
    feasible : list of tuple of float
        Intervals (low, high) within [0, 1], as :func:`win_set` gives them.
    home_cost, foreign_cost : float
        Costs of no agreement ka_H and ka_F, 0 or more.
    power : float
        Bargaining power a of the home side, in [0, 1].  At 1 the home gain alone counts (0 to the power
        of 0 is 1), at 0 the foreign one.
    home_transfer : float
        What comes to the home side with an agreement; below 0 it is a levy that the home side bears.

    Returns
    -------
    Deal or None
        None if no feasible x leaves both sides with a gain of 0 or more.  Where only x = q does, that.
        Equal products are told apart by the larger sum of gains, then by the smaller x; so no feasible
        point is better for one side without being worse for the other, even where all products are 0.

    Raises
    ------
    ValueError
        Names the argument, the value and what is allowed.
    """
    home = checks.number("home_ideal", home_ideal, UNIT)
    foreign = checks.number("foreign_ideal", foreign_ideal, UNIT)
    reversion = checks.number("reversion", reversion, UNIT)
    power = checks.number("power", power, UNIT)
    home_cost = checks.number("home_cost", home_cost, COST)
    foreign_cost = checks.number("foreign_cost", foreign_cost, COST)
    levy = checks.number("home_transfer", home_transfer, FINITE)
    allowed = intervals("feasible", feasible)
    here = accepted_by(home, reversion, home_cost, 1.0, levy)
    there = accepted_by(foreign, reversion, foreign_cost, 1.0, 0.0)
    if here is None or there is None:
        return None
    room = common([here], [there])
    pieces = common(allowed, room)
    if not pieces:
        return None
    # A levy takes from the gain what a cost of no agreement adds.
    home_cost += levy
    peak = _peak(home, foreign, reversion, home_cost, foreign_cost, power, *room)
    deals = []
    for low, high in pieces:
        x = min(max(peak, low), high)
        own = _gain(x, home, reversion, home_cost)
        deals.append(Deal(x, own, _gain(x, foreign, reversion, foreign_cost)))
    products = [d.home_gain**power * d.foreign_gain ** (1 - power) for d in deals]
    limit = max(products) * (1 - TOLERANCE)
    return max(
        (d for d, product in zip(deals, products) if product >= limit),
        key=lambda d: (round(d.home_gain + d.foreign_gain, 12), -d.x),
    )


def _gain(x: float, ideal: float, reversion: float, cost: float) -> float:
    """U(x) - d, factored so that x = q gives exactly the cost; what rounding of x could make is no gain."""
    gain = (x - reversion) * (2 * ideal - x - reversion) + cost
    return gain if gain > 4 * EPSILON * abs(x - ideal) else 0.0


def _peak(
    home: float,
    foreign: float,
    reversion: float,
    home_cost: float,
    foreign_cost: float,
    power: float,
    room: Interval,
) -> float:
    """Where the product peaks in the room where neither side loses.

    Beyond the two ideals both sides want back, so the peak lies between them.  There the slope of the
    log times -g_H g_F / 2 is the cubic a (x - p_H) g_F + (1 - a) (x - p_F) g_H, which passes 0 once, where
    neither side loses: Newton's steps, halving the bracket where they leave it.
    """
    # From q, so that small gains keep their digits.
    h, f = home - reversion, foreign - reversion
    low = max(min(h, f), room[0] - reversion)
    high = min(max(h, f), room[1] - reversion)
    u = (low + high) / 2
    for _ in range(200):
        gain, other = u * (2 * h - u) + home_cost, u * (2 * f - u) + foreign_cost
        slope = power * (u - h) * other + (1 - power) * (u - f) * gain
        if slope < 0:
            low = u
        else:
            high = u
        steep = power * (other + 2 * (u - h) * (f - u))
        steep += (1 - power) * (gain + 2 * (u - f) * (h - u))
        step = u - slope / steep if steep > 0 else math.inf
        if not low <= step <= high:
            step = (low + high) / 2
        narrow = high - low <= EPSILON * max(abs(low), abs(high))
        if narrow or abs(step - u) <= EPSILON * abs(u):
            break
        u = step
    return reversion + u
