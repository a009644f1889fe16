"""What groups accept and what they ratify."""

import math
from collections.abc import Collection
from numbers import Real
from typing import Any

from .. import checks
from ..checks import FINITE, UNIT
from .numbers import COST, EPSILON, SALIENCE, TOLERANCE, PerGroup, each, groups

#: Lowest and highest of what lies between.
Interval = tuple[float, float]


def acceptance(
    ideal: float,
    reversion: float,
    cost: float = 0.0,
    salience: float = 1.0,
    transfer: float = 0.0,
) -> Interval | None:
    """What one group, or a leader, accepts in place of no agreement.

    The group accepts x iff -sg (x - p)^2 + ta >= -sg (q - p)^2 - ka.

    Parameters
    ----------
    ideal, reversion : float
        Ideal point p and reversion point q, in [0, 1].
    cost : float
        Cost of no agreement ka, 0 or more.
    salience : float
        Salience sg, above 0.
    transfer : float
        Transfer ta that comes with an agreement; below 0 it is a levy.

    Returns
    -------
    tuple of float or None
        The interval (low, high) within [0, 1]: |x - p| <= r with r^2 = (q - p)^2 + (ka + ta)/sg.
        None if r^2 is below 0: the levy outweighs all that an agreement could bring.

    Raises
    ------
    ValueError
        Names the argument, the value and what is allowed.
    """
    ideal = checks.number("ideal", ideal, UNIT)
    reversion = checks.number("reversion", reversion, UNIT)
    return accepted_by(
        ideal,
        reversion,
        checks.number("cost", cost, COST),
        checks.number("salience", salience, SALIENCE),
        checks.number("transfer", transfer, FINITE),
    )


def win_set(
    ideals: Collection[float],
    weights: Collection[float],
    reversion: float,
    threshold: float,
    costs: PerGroup = 0.0,
    salience: PerGroup = 1.0,
    transfers: PerGroup = 0.0,
    constraint: float = 1.0,
) -> list[Interval]:
    """All agreements that the ratifiers would ratify (Putnam 1988).

    W(R) = {x : the groups that accept x weigh c R or more together}, by a sweep over the end points
    of what the groups accept.  A group that is cut in two halves alike changes nothing.

    Parameters
    ----------
    ideals : sequence of float, length N
        Ideal points, in [0, 1]; one group or more.
    weights : sequence of float, length N
        Weights, 0 or more, with the sum 1.
    reversion : float
        Reversion point q, in [0, 1].
    threshold : float
        Ratification threshold R, in [0, 1].
    costs : float or sequence of float, length N
        Costs of no agreement, 0 or more; one number holds for every group.
    salience : float or sequence of float, length N
        Above 0.
    transfers : float or sequence of float, length N
        What comes to each group with an agreement; below 0 it is a levy.
    constraint : float
        Institutional constraint c, in [0, 1]: must the leader ask?  (Not whether the state can implement.)

    Returns
    -------
    list of tuple of float
        Closed intervals (low, high) in ascending order that do not touch, a single point as (x, x);
        [(0.0, 1.0)] where c R is 0, and an empty list where nothing can be ratified.  What can be
        *signed* is less: its intersection with what the leader accepts (:func:`intersect`), so a
        weak state is ruled by its leader.

    Raises
    ------
    ValueError
        Names the argument, the value and what is allowed.
    """
    played = groups(ideals, weights, costs, salience)
    gifts = each("transfers", transfers, len(played[0]), FINITE)
    q = checks.number("reversion", reversion, UNIT)
    need = checks.number("threshold", threshold, UNIT)
    need *= checks.number("constraint", constraint, UNIT)
    ends = []
    for ideal, weight, cost, weighs, gift in zip(*played, gifts):
        if accepted := accepted_by(ideal, q, cost, weighs, gift):
            ends.append((accepted[0], weight, 0.0))
            ends.append((accepted[1], 0.0, weight))
    return _sweep(ends, need)


def intersect(
    one: list[Interval] | Interval | None, other: list[Interval] | Interval | None
) -> list[Interval]:
    """What lies in both of two sets of intervals.

    What can be signed is what the ratifiers would ratify and the leader accepts.  For a leader with
    the ideal x* of :func:`leader_ideal`::

        intersect(win_set(…), acceptance(x*, reversion, cost))

    Parameters
    ----------
    one, other : list of tuple of float, tuple of float or None
        Intervals (low, high) within [0, 1], in any order; a single one may stand alone, and None is
        no interval, as :func:`acceptance` gives them.

    Returns
    -------
    list of tuple of float
        Closed intervals in ascending order, a single point as (x, x).
    """
    first, second = (
        intervals(name, [] if value is None else [value] if _is_pair(value) else value)
        for name, value in (("one", one), ("other", other))
    )
    return common(first, second)


def accepted_by(
    ideal: float, reversion: float, cost: float, salience: float, transfer: float
) -> Interval | None:
    """:func:`acceptance` of checked arguments; an end that is 0, q or 1 but for rounding is exactly that."""
    distance, gift = abs(reversion - ideal), (cost + transfer) / salience
    square = distance * distance + gift
    if gift < 0 and abs(square) <= 4 * EPSILON * distance:
        square = 0.0  # a levy that takes all but the ideal point; both terms are known no better than this
    if square < 0:
        return None
    radius = math.sqrt(square)
    low, high = ideal - radius, ideal + radius
    if -TOLERANCE <= radius - distance <= TOLERANCE:
        if reversion < ideal:
            low = reversion
        else:
            high = reversion
    return (0.0 if low <= TOLERANCE else low), (1.0 if high >= 1 - TOLERANCE else high)


def upper_end(feasible: list[Interval]) -> float:
    """The largest agreement of a win-set; NaN where it is empty.

    >>> upper_end([(0.1, 0.3), (0.5, 0.7)])
    0.7
    """
    return max((high for _, high in feasible), default=math.nan)


def width(feasible: list[Interval]) -> float:
    """How much of the line a win-set covers, in [0, 1].

    >>> width([(0.0, 0.25), (0.5, 0.75)])
    0.5
    """
    return sum((high - low for low, high in feasible), 0.0)


def _sweep(ends: list[tuple[float, float, float]], need: float) -> list[Interval]:
    """Where the open intervals weigh ``need`` or more; an end is (place, weight that opens, weight that closes)."""
    if need <= TOLERANCE:
        return [(0.0, 1.0)]
    enough = need - TOLERANCE
    found, weight, closing, start, place = [], 0.0, 0.0, None, -math.inf
    for end, opens, closes in (*sorted(ends), (math.inf, 0.0, 0.0)):
        # All ends of one place are in: at the place itself, what closes there is still open.
        if end - place > TOLERANCE:
            if start is None and weight >= enough:
                start = place
            weight -= closing
            if start is not None and (weight < enough or end == math.inf):
                found.append((start, place))
                start = None
            place, closing = end, 0.0
        weight += opens
        closing += closes
    return found


def _is_pair(value: Any) -> bool:
    two = isinstance(value, (tuple, list)) and len(value) == 2
    return two and all(isinstance(v, Real) for v in value)


def intervals(name: str, value: Any) -> list[Interval]:
    """Checked intervals in ascending order, those that touch merged."""
    allowed = "a list of intervals (low, high) with 0 <= low <= high <= 1"
    try:
        pairs = sorted((float(low), float(high)) for low, high in value)
    except (TypeError, ValueError):
        checks.refuse(name, value, allowed)
    merged: list[Interval] = []
    for low, high in pairs:
        if not 0 <= low <= high <= 1:  # NaN fails this as well
            checks.refuse(name, value, allowed)
        if merged and low - merged[-1][1] <= TOLERANCE:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def common(first: list[Interval], second: list[Interval]) -> list[Interval]:
    """What two lists of ordered intervals share."""
    found, i, j = [], 0, 0
    while i < len(first) and j < len(second):
        low, high = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if low <= high + TOLERANCE:
            found.append((min(low, high), high))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return found
