"""The two-level game: what can be ratified, what is agreed on, and what it costs.

Section 3 of the essay's method.  The issue x lies in [0, 1] and the reversion point q holds where
nothing is agreed (Putnam 1988).  Domestic groups i have an ideal point p_i, a weight om_i
(together 1), a salience sg_i above 0, a transfer ta_i and a cost of no agreement ka_i of 0 or more;
losses are quadratic.  The paper behind it, Sari (2012), is verbal: the formulas are the essay's.

All is exact up to rounding: end points and weights compare with :data:`TOLERANCE`, and no grid is used.
"""

import itertools
import math
import sys
from collections.abc import Mapping
from numbers import Real
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtr

#: End points, and sums of weights, that differ by no more than this are equal.
TOLERANCE = 1e-12
#: Weights may miss the sum 1 by this much; what is missing is divided out.
SUM_TOLERANCE = 1e-9

_LARGEST, _LEAST, _EPSILON = sys.float_info.max, math.ulp(0.0), sys.float_info.epsilon
_NUMBER = (
    float,
    int,
    Real,
)  # the first two are what Real is nearly always, and quicker to tell
_UNIT = (0.0, 1.0, "from 0 to 1")
_COST = (0.0, _LARGEST, "0 or more, and finite")
_SALIENCE = (_LEAST, _LARGEST, "above 0, and finite")
_FINITE = (-_LARGEST, _LARGEST, "a finite number")
_NEEDED = ("ideals", "weights", "reversion", "threshold", "home_ideal", "foreign_ideal")
_DEFAULTS = {
    "costs": 0.0,
    "salience": 1.0,
    "transfers": 0.0,
    "constraint": 1.0,
    "home_cost": 0.0,
    "foreign_cost": 0.0,
    "power": 0.5,
    "home_transfer": 0.0,
}
_FOUND = ("low", "high", "width", "x", "home_gain", "foreign_gain", "deal")
_BY_NEED = ("above", "upto", "intervals", "x", "home_gain", "foreign_gain")
#: Who bears a levy on an agreement: the groups alone, or the home side as well.
PAYERS = ("groups", "everybody")
_MOST_GROUPS = 12  # the sums of their weights double with each group


class Deal(NamedTuple):
    """An agreement, and what each side gains over no agreement (0 or more)."""

    x: float
    home_gain: float
    foreign_gain: float


class TiedHands(NamedTuple):
    """What a stricter ratification does to the home gain, over all needed weights c R.

    Attributes
    ----------
    free : float
        Home gain where nothing must be ratified.
    best, above, upto : float
        Largest home gain, and the first range above < c R <= upto that gives it.
    least : float
        Smallest home gain of a deal.
    no_deal_above : float
        There is no deal for any c R above this, and a deal for every other; NaN if there is always one.
    """

    free: float
    best: float
    above: float
    upto: float
    least: float
    no_deal_above: float


class Coalition(NamedTuple):
    """The price of a coalition, and the places of its groups in the list of groups, from 0."""

    cost: float
    members: tuple[int, ...]


# --- what groups accept ---------------------------------------------------------------------------


def acceptance(ideal, reversion, cost=0.0, salience=1.0, transfer=0.0):
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
    ideal, reversion = (
        _real("ideal", ideal, *_UNIT),
        _real("reversion", reversion, *_UNIT),
    )
    return _accepted(
        ideal,
        reversion,
        _real("cost", cost, *_COST),
        _real("salience", salience, *_SALIENCE),
        _real("transfer", transfer, *_FINITE),
    )


def win_set(
    ideals,
    weights,
    reversion,
    threshold,
    costs=0.0,
    salience=1.0,
    transfers=0.0,
    constraint=1.0,
):
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
    ideals, weights, costs, salience = _groups(ideals, weights, costs, salience)
    transfers = _each("transfers", transfers, len(ideals), *_FINITE)
    reversion = _real("reversion", reversion, *_UNIT)
    need = _real("threshold", threshold, *_UNIT) * _real(
        "constraint", constraint, *_UNIT
    )
    ends = []
    for ideal, weight, cost, weighs, transfer in zip(
        ideals, weights, costs, salience, transfers
    ):
        if accepted := _accepted(ideal, reversion, cost, weighs, transfer):
            ends.append((accepted[0], weight, 0.0))
            ends.append((accepted[1], 0.0, weight))
    return _sweep(ends, need)


def intersect(one, other):
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
        _intervals(name, [] if value is None else [value] if _is_pair(value) else value)
        for name, value in (("one", one), ("other", other))
    )
    return _common(first, second)


# --- what is agreed on ----------------------------------------------------------------------------


def bargain(
    home_ideal,
    foreign_ideal,
    reversion,
    feasible,
    home_cost=0.0,
    foreign_cost=0.0,
    power=0.5,
    home_transfer=0.0,
):
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
    home, foreign = (
        _real("home_ideal", home_ideal, *_UNIT),
        _real("foreign_ideal", foreign_ideal, *_UNIT),
    )
    reversion, power = (
        _real("reversion", reversion, *_UNIT),
        _real("power", power, *_UNIT),
    )
    home_cost, foreign_cost = (
        _real("home_cost", home_cost, *_COST),
        _real("foreign_cost", foreign_cost, *_COST),
    )
    return _agreed(
        home,
        foreign,
        reversion,
        _intervals("feasible", feasible),
        home_cost,
        foreign_cost,
        power,
        _real("home_transfer", home_transfer, *_FINITE),
    )


def schelling_curve(
    ideals,
    weights,
    reversion,
    thresholds,
    home_ideal,
    foreign_ideal,
    costs=0.0,
    salience=1.0,
    transfers=0.0,
    constraint=1.0,
    home_cost=0.0,
    foreign_cost=0.0,
    power=0.5,
    home_transfer=0.0,
):
    """The agreement under one ratification threshold after another.

    Schelling's conjecture (1960): a home side that is bound by a stricter ratification gains more.  It
    holds where ``home_gain`` rises with ``threshold``; it fails where it falls, or where the tied
    hands leave no deal.  The literature has it hold under conditions only (Iida 1993, Mo 1994, Tarar 2001).

    Parameters
    ----------
    thresholds : sequence of float
        Ratification thresholds R, in [0, 1].
    ideals, weights, reversion, costs, salience, transfers, constraint
        As for :func:`win_set`.
    home_ideal, foreign_ideal, home_cost, foreign_cost, power, home_transfer
        As for :func:`bargain`.

    Returns
    -------
    DataFrame
        Rows (threshold, low, high, width, x, home_gain, foreign_gain, deal) as :func:`lattice` gives.
    """
    return lattice(
        {"threshold": thresholds},
        ideals=ideals,
        weights=weights,
        reversion=reversion,
        home_ideal=home_ideal,
        foreign_ideal=foreign_ideal,
        costs=costs,
        salience=salience,
        transfers=transfers,
        constraint=constraint,
        home_cost=home_cost,
        foreign_cost=foreign_cost,
        power=power,
        home_transfer=home_transfer,
    )


def lattice(games, **fixed):
    """Many games at once: win-set and agreement of each.

    Parameters
    ----------
    games : mapping of str to sequence, sequence of mappings, or DataFrame
        Either the values of each argument, of which every combination is played, the last argument
        changing fastest; or the arguments of one game after another, alike in their names, one mapping
        or one row each.
    **fixed
        Arguments that all games share.  Names are those of :func:`win_set` and :func:`bargain`, but
        for ``feasible``, which is the game's win-set: as both gains are 0 or more, the home side's own
        acceptance is already in it.

    Returns
    -------
    DataFrame
        One row a game: the arguments that ``games`` names, then ``low`` and ``high`` (outermost points of
        the win-set, NaN where it is empty), ``width`` (total length of its intervals, 0 for a point
        and for an empty set), ``x``, ``home_gain`` and ``foreign_gain`` (NaN without a deal) and ``deal``
        (True or False).

    Raises
    ------
    ValueError
        Names the argument, the value and what is allowed.
    """
    names, rows = _settings(games, fixed, _NEEDED, _DEFAULTS)
    found = [_play({**_DEFAULTS, **fixed, **dict(zip(names, row))}) for row in rows]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    outcomes = zip(*found) if found else [[] for _ in _FOUND]
    types = {name: bool if name == "deal" else float for name in _FOUND}
    return pd.DataFrame({**columns, **dict(zip(_FOUND, outcomes))}).astype(types)


def by_need(games, **fixed):
    """Win-set and agreement for every weight that a ratification can need.

    The win-set depends on threshold and constraint through their product c R alone, and it changes only where
    c R passes the joint weight of some of the groups.  A few rows a game therefore hold every ratification rule exactly.

    Parameters
    ----------
    games, **fixed
        As for :func:`lattice`, without ``threshold`` and ``constraint``; 12 groups or fewer.

    Returns
    -------
    DataFrame
        A row for each range of c R in which nothing changes, in ascending order, game by game: the arguments that ``games``
        names, then ``above`` and ``upto`` (the row holds for above < c R <= upto; the first is above -1, as no need lies
        below 0), ``intervals`` (the win-set, as :func:`win_set` gives it), ``x``, ``home_gain`` and ``foreign_gain`` (NaN
        without a deal).

    Raises
    ------
    ValueError
        Names the argument, the value and what is allowed.
    """
    defaults = {
        name: value for name, value in _DEFAULTS.items() if name != "constraint"
    }
    names, rows = _settings(
        games, fixed, tuple(name for name in _NEEDED if name != "threshold"), defaults
    )
    found = []
    for row in rows:
        game = {**defaults, **fixed, **dict(zip(names, row))}
        above = -1.0
        for need in _joint_weights(game["ideals"], game["weights"]):
            won, agreed = _win_and_deal({**game, "threshold": need, "constraint": 1.0})
            if (
                above >= 0 and found[-1][-4] == won
            ):  # the agreement follows from the win-set
                found[-1][-5] = need
            else:
                found.append([*row, above, need, won, *(agreed or (math.nan,) * 3)])
            above = need
    frame = pd.DataFrame(found, columns=[*names, *_BY_NEED])
    return frame.astype({name: float for name in _BY_NEED if name != "intervals"})


def tied_hands(rows):
    """What a stricter ratification does for the home side: where it gains most, and where there is no deal.

    Parameters
    ----------
    rows : DataFrame
        Rows (above, upto, home_gain) of one game, as :func:`by_need` gives them.

    Returns
    -------
    TiedHands
        Gains that differ by less than :data:`TOLERANCE` count as one.

    Raises
    ------
    ValueError
        If the rows are not those of one game, or none of them has a deal.
    """
    above, upto, gain = (
        rows[name].to_numpy(dtype=float) for name in ("above", "upto", "home_gain")
    )
    if not (
        len(rows)
        and above[0] == -1
        and upto[-1] == 1
        and (above[1:] == upto[:-1]).all()
    ):
        raise ValueError(
            "rows do not run from -1 to 1 without a gap; allowed: all rows of one game, in their order"
        )
    deal = ~np.isnan(gain)
    if not deal.any():
        raise ValueError("rows hold no deal; allowed: a game with one or more")
    best = np.nanmax(gain)
    top = np.flatnonzero(gain >= best - TOLERANCE)
    last = top[0]
    while last + 1 in top:
        last += 1
    # A larger need only takes points away, so that deals end once.
    no_deal = float(upto[deal][-1]) if not deal[-1] else math.nan
    return TiedHands(
        float(gain[0]),
        float(best),
        max(0.0, float(above[top[0]])),
        float(upto[last]),
        float(np.nanmin(gain)),
        no_deal,
    )


# --- what a ratification costs --------------------------------------------------------------------


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
    ideals, weights, costs, salience = _groups(ideals, weights, costs, salience)
    reversion, target = (
        _real("reversion", reversion, *_UNIT),
        _real("target", target, *_UNIT),
    )
    need = _real("threshold", threshold, *_UNIT) * _real(
        "constraint", constraint, *_UNIT
    )
    free, sold = [], []
    for i, ideal in enumerate(ideals):
        low, high = _accepted(ideal, reversion, costs[i], salience[i], 0.0)
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


# --- the leader, and the rival model --------------------------------------------------------------


def leader_ideal(
    state_ideal,
    personal_ideal,
    baseline,
    threat,
    state_salience=1.0,
    personal_salience=1.0,
):
    """Where a leader who balances threats to the state and to the regime wants to be (omnibalancing, David 1991).

    The x* that maximises :func:`leader_utility`: the mean of both ideals, weighed by (1 - w) sg_s and
    w sg_L, where w = w0 + (1 - w0) th.

    Parameters
    ----------
    state_ideal, personal_ideal : float
        Ideal points p_s of the state and p_L of the leader in person, in [0, 1].
    baseline : float
        Weight w0 of the person where nothing threatens from inside, in [0, 1].
    threat : float
        Internal threat th, in [0, 1].
    state_salience, personal_salience : float
        sg_s and sg_L, above 0.

    Returns
    -------
    float
        x*, in [0, 1].  The leader accepts what a group with this ideal and the salience
        (1 - w) sg_s + w sg_L accepts.
    """
    state, person = (
        _real("state_ideal", state_ideal, *_UNIT),
        _real("personal_ideal", personal_ideal, *_UNIT),
    )
    w, state_salience, personal_salience = _balance(
        baseline, threat, state_salience, personal_salience
    )
    largest = max(state_salience, personal_salience)
    for_state, for_person = (
        (1 - w) * (state_salience / largest),
        w * (personal_salience / largest),
    )
    share = for_person / (for_state + for_person)
    return min(
        max((1 - share) * state + share * person, min(state, person)),
        max(state, person),
    )


def leader_utility(
    x,
    state_ideal,
    personal_ideal,
    baseline,
    threat,
    state_salience=1.0,
    personal_salience=1.0,
    aid=0.0,
    rent=0.0,
):
    """What an agreement is worth to the leader (omnibalancing, David 1991).

    U = (1 - w)[-sg_s (x - p_s)^2 + A] + w[-sg_L (x - p_L)^2 + m], w = w0 + (1 - w0) th.

    Parameters
    ----------
    x : float or array
        Agreements, in [0, 1].
    state_ideal, personal_ideal, baseline, threat, state_salience, personal_salience
        As for :func:`leader_ideal`.
    aid, rent : float
        Aid A to the state and rent m to the leader in person, in units of the losses.

    Returns
    -------
    float or ndarray
        The utility, of the shape of ``x``.
    """
    x = _inside("x", x)
    state, person = (
        _real("state_ideal", state_ideal, *_UNIT),
        _real("personal_ideal", personal_ideal, *_UNIT),
    )
    w, state_salience, personal_salience = _balance(
        baseline, threat, state_salience, personal_salience
    )
    aid, rent = _real("aid", aid, *_FINITE), _real("rent", rent, *_FINITE)
    utility = (1 - w) * (aid - state_salience * (x - state) ** 2) + w * (
        rent - personal_salience * (x - person) ** 2
    )
    return float(utility) if np.ndim(utility) == 0 else utility


def resultant(ideals, weights):
    """The outcome of bargaining among agencies: x_B = sum om_b p_b (bureaucratic politics, Allison 1971).

    Parameters
    ----------
    ideals, weights : sequence of float, length N
        Ideal points in [0, 1], and weights of 0 or more with the sum 1.

    Returns
    -------
    float
        In [0, 1].
    """
    ideals, weights, *_ = _groups(ideals, weights, 0.0, 1.0)
    return min(1.0, math.fsum(w * p for w, p in zip(weights, ideals)))


def mixture(weight, resultant, leader):
    """Between the agencies and the leader: b x_B + (1 - b) x*.

    Parameters
    ----------
    weight : float or array
        Weight b of the agencies, in [0, 1].
    resultant, leader : float or array
        x_B and x*, in [0, 1].

    Returns
    -------
    float or ndarray
        In [0, 1].
    """
    weight, agencies, leader = (
        _inside("weight", weight),
        _inside("resultant", resultant),
        _inside("leader", leader),
    )
    mixed = np.clip(
        leader + weight * (agencies - leader),
        np.minimum(agencies, leader),
        np.maximum(agencies, leader),
    )
    return float(mixed) if np.ndim(mixed) == 0 else mixed


def mixture_profile(outcomes, resultants, leaders, grid=None, level=0.9):
    """What outcomes tell about the weight of the agencies: the whole profile of b, not its best value.

    The errors y - (b x_B + (1 - b) x*) are taken as normal, independent and of one variance, which is
    maximised out; the log likelihood of b is -n/2 (ln(2 pi sse/n) + 1).

    Few observations tell little, and this says how little.  Each case speaks only as loudly as x_B and
    x* lie apart: where they are equal the profile is flat and every b is inside.  ``inside`` is the
    likelihood-ratio set with its exact limit for small n (an F test with 1 and n - 1 degrees of freedom);
    the usual chi-square limit would be far too narrow: with 3 outcomes its sets at a level of .9 hold the
    true b in 77 of 100 repetitions.  The limit is measured from the best b on the whole line;
    so the set can be empty, which speaks against any mixture, and not for the b with the smallest sse.
    A set that covers most of [0, 1] means that the cases do not tell, not that b lies in the middle.

    Parameters
    ----------
    outcomes, resultants, leaders : sequence of float, length n
        Observed x, x_B and x* of each case, in [0, 1]; 3 cases or more.
    grid : sequence of float, optional
        Values of b, in [0, 1]; by default 0, .01, …, 1.
    level : float
        Share of repetitions in which the set holds the true b, above 0 and below 1.

    Returns
    -------
    DataFrame
        Rows (weight, sse, loglik, inside); ``loglik`` is inf where the fit is perfect.

    Raises
    ------
    ValueError
        With fewer than 3 outcomes: one is used up by b and one by the variance.  Else it names the
        argument, the value and what is allowed.
    """
    outcomes, agencies, leaders = (
        _inside(name, v).ravel()
        for name, v in (
            ("outcomes", outcomes),
            ("resultants", resultants),
            ("leaders", leaders),
        )
    )
    n = len(outcomes)
    if n < 3:
        raise ValueError(
            f"outcomes has {n} values; allowed: 3 or more, as b and the variance use up two"
        )
    for name, values in (("resultants", agencies), ("leaders", leaders)):
        if len(values) != n:
            raise ValueError(
                f"{name} has {len(values)} values; allowed: as many as outcomes, {n}"
            )
    level = _real("level", level, _LEAST, 1 - _EPSILON / 2, "above 0 and below 1")
    weights = _inside("grid", np.linspace(0, 1, 101) if grid is None else grid).ravel()
    apart, rest = agencies - leaders, outcomes - leaders
    apart = np.where(np.abs(apart) <= TOLERANCE, 0.0, apart)
    spread = apart @ apart
    best = apart @ rest / spread if spread > 0 else 0.0
    least = np.sum((rest - best * apart) ** 2)
    excess = (
        spread * (weights - best) ** 2
    )  # sse beyond the least: a square, so that rounding cannot make it negative
    with np.errstate(divide="ignore"):
        loglik = -n / 2 * (np.log(2 * np.pi * (least + excess) / n) + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(
            excess > 0, np.sqrt((n - 1) * excess / least), 0.0
        )  # the best b is inside, even of a perfect fit
    inside = 2 * stdtr(n - 1, t) - 1 <= level
    return pd.DataFrame(
        {"weight": weights, "sse": least + excess, "loglik": loglik, "inside": inside}
    )


# --- laid out on the sliders of a chart -----------------------------------------------------------


def accepted(ideals, reversions, stakes):
    """What each group accepts, for every reversion point and stake.

    Parameters
    ----------
    ideals : sequence of float
        Ideal points, in [0, 1].
    reversions : sequence of float
        Reversion points, in [0, 1].
    stakes : sequence of float
        As for :func:`by_stake`.

    Returns
    -------
    DataFrame
        Rows (reversion, stake, group, low, high), ``group`` the place in ``ideals``, from 0; NaN where it accepts nothing.
    """
    rows = [
        (q, stake, i, *(acceptance(ideal, q, transfer=stake) or (math.nan,) * 2))
        for q in _listed("reversions", reversions)
        for stake in _listed("stakes", stakes)
        for i, ideal in enumerate(_listed("ideals", ideals))
    ]
    return pd.DataFrame(rows, columns=["reversion", "stake", "group", "low", "high"])


def by_stake(reversions, stakes, powers=(0.5,), payers=("groups",), **fixed):
    """:func:`by_need` for every reversion point, stake, bargaining power and bearer of a levy.

    Parameters
    ----------
    reversions : sequence of float
        Reversion points, in [0, 1].
    stakes : sequence of float
        What hangs on an agreement for every group alike: above 0 the cost of having none, which the home side bears as well;
        below 0 a levy that each group pays for one.
    powers : sequence of float
        Bargaining power of the home side, in [0, 1].
    payers : sequence of str
        Out of :data:`PAYERS`, who bears a levy: "groups", the groups alone, or "everybody", the home side as well.  At a
        stake of 0 or more it makes no difference.
    **fixed
        As for :func:`by_need`, but for ``costs``, ``transfers``, ``home_cost`` and ``home_transfer``, which the stake gives.

    Returns
    -------
    DataFrame
        Rows (reversion, payer, stake, power) with those of :func:`by_need`.

    Notes
    -----
    Below 0 it hangs on the bearer whether tied hands can help.  A home side that is spared the levy gains where a group
    that bears it refuses, and so draws the agreement its way.  A home side that pays as well refuses by itself what a group
    with its ideal refuses: where that group decides, a stricter rule cuts off nothing that would have been agreed on.
    """
    found = []
    for payer in _listed("payers", payers):
        if payer not in PAYERS:
            raise ValueError(
                f"payers holds {payer!r}; allowed: {', '.join(map(repr, PAYERS))}"
            )
        games = [
            {
                "reversion": q,
                "costs": max(stake, 0.0),
                "transfers": min(stake, 0.0),
                "home_cost": max(stake, 0.0),
                "home_transfer": min(stake, 0.0) if payer == "everybody" else 0.0,
                "power": power,
            }
            for q in _listed("reversions", reversions)
            for stake in _listed("stakes", stakes)
            for power in _listed("powers", powers)
        ]
        rows = by_need(games, **fixed)
        rows.insert(1, "stake", rows["costs"] + rows["transfers"])
        rows.insert(1, "payer", payer)
        found.append(
            rows.drop(columns=["costs", "transfers", "home_cost", "home_transfer"])
        )
    return pd.concat(found, ignore_index=True)


def tied_by_stake(rows):
    """:func:`tied_hands` of every payer, stake and power.

    Parameters
    ----------
    rows : DataFrame
        Rows of :func:`by_stake` for one reversion point.

    Returns
    -------
    DataFrame
        Rows (payer, stake, power) with the fields of :class:`TiedHands`.
    """
    found = [
        (*setting, *tied_hands(own))
        for setting, own in rows.groupby(["payer", "stake", "power"])
    ]
    return pd.DataFrame(found, columns=["payer", "stake", "power", *TiedHands._fields])


def mixtures(state_ideal, personal_ideal, baselines, threats, agencies, weights):
    """The leader alone and mixed with the agencies, over a range of threats, for every baseline and weight.

    Parameters
    ----------
    state_ideal, personal_ideal : float
        As for :func:`leader_ideal`.
    baselines, threats, weights : sequence of float
        Weights w0 of the leader's person, internal threats and weights b of the agencies, in [0, 1].
    agencies : float
        Their outcome x_B, in [0, 1] (:func:`resultant`).

    Returns
    -------
    DataFrame
        Rows (baseline, weight, leader, mixed): two lists, one number for each threat.
    """
    rows = []
    for baseline in _listed("baselines", baselines):
        leader = [
            leader_ideal(state_ideal, personal_ideal, baseline, threat)
            for threat in _listed("threats", threats)
        ]
        rows += [
            (baseline, weight, leader, mixture(weight, agencies, leader).tolist())
            for weight in _listed("weights", weights)
        ]
    return pd.DataFrame(rows, columns=["baseline", "weight", "leader", "mixed"])


# --- intervals ------------------------------------------------------------------------------------


def _accepted(ideal, reversion, cost, salience, transfer):
    """:func:`acceptance` of checked arguments; an end that is 0, q or 1 but for rounding is exactly that."""
    distance, gift = abs(reversion - ideal), (cost + transfer) / salience
    square = distance * distance + gift
    if gift < 0 and abs(square) <= 4 * _EPSILON * distance:
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


def _sweep(ends, need):
    """Where the open intervals weigh ``need`` or more; an end is (place, weight that opens, weight that closes)."""
    if need <= TOLERANCE:
        return [(0.0, 1.0)]
    enough = need - TOLERANCE
    found, weight, closing, start, place = [], 0.0, 0.0, None, -math.inf
    for end, opens, closes in (*sorted(ends), (math.inf, 0.0, 0.0)):
        if (
            end - place > TOLERANCE
        ):  # all ends of one place are in: at the place itself, what closes there is still open
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


def _is_pair(value):
    return (
        isinstance(value, (tuple, list))
        and len(value) == 2
        and all(isinstance(v, _NUMBER) for v in value)
    )


def _intervals(name, value):
    """Checked intervals in ascending order, those that touch merged."""
    allowed = "a list of intervals (low, high) with 0 <= low <= high <= 1"
    try:
        pairs = sorted((float(low), float(high)) for low, high in value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value}; allowed: {allowed}") from None
    merged = []
    for low, high in pairs:
        if not 0 <= low <= high <= 1:  # NaN fails this as well
            raise ValueError(f"{name} is {value}; allowed: {allowed}")
        if merged and low - merged[-1][1] <= TOLERANCE:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _common(first, second):
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


# --- bargaining -----------------------------------------------------------------------------------


def _gain(x, ideal, reversion, cost):
    """U(x) - d, factored so that x = q gives exactly the cost; what rounding of x could make is no gain."""
    gain = (x - reversion) * (2 * ideal - x - reversion) + cost
    return gain if gain > 4 * _EPSILON * abs(x - ideal) else 0.0


def _agreed(
    home, foreign, reversion, feasible, home_cost, foreign_cost, power, home_transfer
):
    """:func:`bargain` of checked arguments."""
    acceptable = _accepted(home, reversion, home_cost, 1.0, home_transfer)
    if acceptable is None:
        return None
    room = _common(
        [acceptable], [_accepted(foreign, reversion, foreign_cost, 1.0, 0.0)]
    )
    pieces = _common(feasible, room)
    if not pieces:
        return None
    # A levy takes from the gain what a cost of no agreement adds.
    home_cost += home_transfer
    peak = _peak(home, foreign, reversion, home_cost, foreign_cost, power, *room)
    deals = []
    for low, high in pieces:
        x = min(max(peak, low), high)
        deals.append(
            Deal(
                x,
                _gain(x, home, reversion, home_cost),
                _gain(x, foreign, reversion, foreign_cost),
            )
        )
    products = [d.home_gain**power * d.foreign_gain ** (1 - power) for d in deals]
    limit = max(products) * (1 - TOLERANCE)
    return max(
        (d for d, product in zip(deals, products) if product >= limit),
        key=lambda d: (round(d.home_gain + d.foreign_gain, 12), -d.x),
    )


def _peak(home, foreign, reversion, home_cost, foreign_cost, power, room):
    """Where the product peaks in the room where neither side loses.

    Beyond the two ideals both sides want back, so the peak lies between them.  There the slope of the
    log times -g_H g_F / 2 is the cubic a (x - p_H) g_F + (1 - a) (x - p_F) g_H, which passes 0 once, where
    neither side loses: Newton's steps, halving the bracket where they leave it.
    """
    h, f = (
        home - reversion,
        foreign - reversion,
    )  # from q, so that small gains keep their digits
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
        steep = power * (other + 2 * (u - h) * (f - u)) + (1 - power) * (
            gain + 2 * (u - f) * (h - u)
        )
        step = u - slope / steep if steep > 0 else math.inf
        if not low <= step <= high:
            step = (low + high) / 2
        if abs(step - u) <= _EPSILON * abs(u) or high - low <= _EPSILON * max(
            abs(low), abs(high)
        ):
            break
        u = step
    return reversion + u


def _rows(games):
    """Names of the arguments that vary, and their values, one tuple a game."""
    if isinstance(games, Mapping):
        names = tuple(games)
        return names, list(
            itertools.product(*(_listed(name, games[name]) for name in names))
        )
    games = (
        games.to_dict("records")
        if isinstance(games, pd.DataFrame)
        else _listed("games", games)
    )
    names = tuple(games[0]) if games and isinstance(games[0], Mapping) else ()
    for game in games:
        if not isinstance(game, Mapping):
            raise ValueError(
                f"games holds {game!r}; allowed: mappings of arguments to values"
            )
        if set(game) != set(names):
            raise ValueError(
                f"games has a game of {', '.join(game)}; allowed: the arguments of the first, {', '.join(names)}"
            )
    return names, [tuple(game[name] for name in names) for game in games]


def _settings(games, fixed, needed, defaults):
    """Names and values of :func:`_rows`, checked together with what all games share."""
    names, rows = _rows(games)
    if twice := sorted(set(names) & set(fixed)):
        raise ValueError(
            f"{twice[0]} is given in games and beside it; allowed: one of the two"
        )
    known = (*needed, *defaults)
    for name in (*names, *fixed):
        if name not in known:
            raise ValueError(f"games names {name!r}; allowed: {', '.join(known)}")
    if missing := [name for name in needed if name not in names and name not in fixed]:
        raise ValueError(
            f"games lacks {', '.join(missing)}; allowed: a value for each of {', '.join(needed)}"
        )
    return names, rows


def _win_and_deal(game):
    """Win-set and agreement of one game."""
    won = win_set(
        *(
            game[name]
            for name in (
                "ideals",
                "weights",
                "reversion",
                "threshold",
                "costs",
                "salience",
                "transfers",
                "constraint",
            )
        )
    )
    return won, bargain(
        game["home_ideal"],
        game["foreign_ideal"],
        game["reversion"],
        won,
        game["home_cost"],
        game["foreign_cost"],
        game["power"],
        game["home_transfer"],
    )


def _play(game):
    """One row of :func:`lattice`, without its arguments."""
    won, agreed = _win_and_deal(game)
    low, high = (won[0][0], won[-1][1]) if won else (math.nan, math.nan)
    return (
        low,
        high,
        sum(b - a for a, b in won),
        *(agreed or (math.nan,) * 3),
        agreed is not None,
    )


def _joint_weights(ideals, weights):
    """What sets of groups weigh together, from 0 to 1; the places where a win-set can change."""
    _, weights, *_ = _groups(ideals, weights, 0.0, 1.0)
    if len(weights) > _MOST_GROUPS:
        raise ValueError(
            f"ideals has {len(weights)} values; allowed: {_MOST_GROUPS} groups or fewer, as the sums of their weights double with each"
        )
    sums = {0.0}
    for weight in weights:
        sums |= {
            round(one + weight, 12) for one in sums
        }  # equal but for rounding is one place
    return sorted({min(one, 1.0) for one in sums} - {max(sums)} | {1.0})


# --- coalitions, leaders, likelihood --------------------------------------------------------------


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


def _balance(baseline, threat, state_salience, personal_salience):
    """The weight w of the leader's person, and both saliences, checked."""
    baseline, threat = (
        _real("baseline", baseline, *_UNIT),
        _real("threat", threat, *_UNIT),
    )
    w = baseline + (1 - baseline) * threat
    return (
        w,
        _real("state_salience", state_salience, *_SALIENCE),
        _real("personal_salience", personal_salience, *_SALIENCE),
    )


# --- arguments ------------------------------------------------------------------------------------


def _real(name, value, low, high, allowed):
    """A number between the bounds; NaN fails both."""
    if isinstance(value, _NUMBER) and low <= value <= high:
        return float(value)
    raise ValueError(f"{name} is {value}; allowed: {allowed}")


def _listed(name, values):
    """The values as a list."""
    if isinstance(values, (list, tuple)):
        return values
    try:
        return (
            values.tolist()
            if hasattr(values, "tolist") and np.ndim(values)
            else list(values)
        )
    except TypeError:
        raise ValueError(f"{name} is {values}; allowed: a sequence of values") from None


def _each(name, values, many, low, high, allowed):
    """One number a group, from a sequence or one number for all."""
    if isinstance(values, _NUMBER):
        return [_real(name, values, low, high, allowed)] * many
    values = _listed(name, values)
    if len(values) != many:
        raise ValueError(
            f"{name} has {len(values)} values; allowed: one for all groups, or as many as ideals, {many}"
        )
    return _numbers(name, values, low, high, allowed)


def _numbers(name, values, low, high, allowed):
    """Numbers between the bounds."""
    for value in values:
        if not (isinstance(value, _NUMBER) and low <= value <= high):
            raise ValueError(
                f"{name} is {list(values)}, with {value}; allowed: each {allowed}"
            )
    return [float(value) for value in values]


def _groups(ideals, weights, costs, salience):
    """Ideals, weights with the sum 1, costs and salience as lists of one length."""
    ideals, weights = _listed("ideals", ideals), _listed("weights", weights)
    many = len(ideals)
    if many == 0:
        raise ValueError(f"ideals is {list(ideals)}; allowed: one group or more")
    if len(weights) != many:
        raise ValueError(
            f"weights has {len(weights)} values; allowed: as many as ideals, {many}"
        )
    ideals, weights = (
        _numbers("ideals", ideals, *_UNIT),
        _numbers(
            "weights", weights, 0.0, 1 + SUM_TOLERANCE, "0 or more, with the sum 1"
        ),
    )
    total = math.fsum(weights)
    if abs(total - 1) > SUM_TOLERANCE * (1 + TOLERANCE):
        raise ValueError(
            f"weights is {weights}, with the sum {total}; allowed: each 0 or more, with the sum 1"
        )
    return (
        ideals,
        [w / total for w in weights],
        _each("costs", costs, many, *_COST),
        _each("salience", salience, many, *_SALIENCE),
    )


def _inside(name, values):
    """Numbers of [0, 1], one or an array."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {values}; allowed: numbers from 0 to 1") from None
    if not ((array >= 0) & (array <= 1)).all():  # NaN fails this as well
        raise ValueError(f"{name} is {values}; allowed: from 0 to 1")
    return array
