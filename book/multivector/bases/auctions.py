"""The auction for a base, and what a deal tells of the rival."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .. import checks
from ..checks import AMOUNT, POSITIVE, SHARE, UNIT, Range
from ..hints import Numbers, plain

OUTCOMES = ("host", "evict")
#: A difference below this share of the larger side is a tie; it is rounding, not preference.
TIE = 1e-12
#: Credibilities at which a region is shown by default.
CREDIBILITIES = tuple(np.linspace(0.1, 1.0, 10).round(1).tolist())


class Auction(NamedTuple):
    """Outcome ("host" or "evict") and what the winner pays, 0 or more, in the unit of the values."""

    outcome: str
    price: float


class Rents(NamedTuple):
    """How far a payment may go to the leader in private, and what that is worth to it.

    Attributes
    ----------
    private_weight : float
        The leader's weight on private money, in [0, 1].
    host_ceiling, rival_ceiling : float
        Largest private share of a dollar of each patron, in [0, 1].
    """

    private_weight: float = 0.0
    host_ceiling: float = 0.0
    rival_ceiling: float = 0.0


#: All money is public, and counts in full.
PUBLIC = Rents()


class BidGame(NamedTuple):
    """A finite bid game: rows are bids of the host's patron (H of them), columns bids of the rival (R).

    ``worth`` is what a dollar of each is worth to the leader.
    """

    host_bids: np.ndarray
    rival_bids: np.ndarray
    hosts: np.ndarray
    host_gains: np.ndarray
    rival_gains: np.ndarray
    worth: tuple[float, float]


def menu_auction(
    host_value: float,
    rival_value: float,
    cost: float,
    host_credibility: float = 1.0,
    rival_credibility: float = 1.0,
    rents: Rents = PUBLIC,
) -> Auction:
    """Outcome and price of the truthful equilibrium.

    The leader hosts if d_U V_U - k >= d_R V_R; a tie hosts.  Then the host's patron pays
    (d_R V_R + k) / d_U; else the rival pays max(0, (d_U V_U - k) / d_R).

    Parameters
    ----------
    host_value, rival_value : float
        What hosting is worth to the one (V_U) and evicting to the other (V_R), 0 or more.
    cost : float
        What hosting costs the leader (k), 0 or more.
    host_credibility, rival_credibility : float
        d_U and d_R, in (0, 1].
    rents : Rents
        What may be paid in private: each credibility is multiplied by :func:`dollar_worth`.

    Returns
    -------
    Auction
        ``outcome`` and ``price``; the price is never above the winner's value.  A patron whose dollar
        is worth nothing wins only where nothing need be paid, at price 0.

    Raises
    ------
    ValueError
        If a value or the cost is below 0 or not finite, a credibility outside (0, 1], or a number of
        ``rents`` outside [0, 1].

    Notes
    -----
    Bernheim and Whinston (1986), for one decision with two outcomes and two patrons who want
    opposite ones.  A comparison within 1e-12 of the larger side is a tie, so that .3 against .1 x 3
    hosts as the algebra says.

    The cost of hosting keeps the weight 1, whatever the weight on private money; up to
    w = 1/2 money is then worth less to the leader than the cost, so that the price rises with w.
    """
    values = _values(host_value, rival_value, cost)
    worth = _worth(host_credibility, rival_credibility, rents)
    hosts, price = _settle(*values, *worth)
    return Auction(OUTCOMES[0 if hosts else 1], float(price))


def dollar_worth(private_weight: ArrayLike, private_ceiling: ArrayLike) -> Numbers:
    """What an offered dollar is worth to a leader who also cares for private rents.

    The worth is (1 - w)(1 - m) + w m at the best private share m of the dollar, which is
    :func:`private_share`: nothing up to w = 1/2, the ceiling above it.

    Parameters
    ----------
    private_weight : float or array
        Weight w of private against public money, in [0, 1].
    private_ceiling : float or array
        Largest share of a dollar that the patron can pay in private, in [0, 1].

    Returns
    -------
    float or ndarray
        In [0, 1] and never below 1 - w.  It is 0 only for w = 1 and a ceiling of 0: such a leader
        does not want what such a patron has.

    Raises
    ------
    ValueError
        If an argument is outside [0, 1].

    Notes
    -----
    The weight is that of omnibalancing (David 1991): the state and the ruler are two purses.
    """
    weight = checks.numbers("private_weight", private_weight, UNIT)
    share = private_share(private_weight, private_ceiling)
    return plain((1 - weight) * (1 - share) + weight * share)


def private_share(private_weight: ArrayLike, private_ceiling: ArrayLike) -> Numbers:
    """The share of a dollar that both sides want to be private.

    Parameters
    ----------
    private_weight, private_ceiling : float or array
        As for :func:`dollar_worth`.

    Returns
    -------
    float or ndarray
        0 where the weight is 1/2 or less, else the ceiling: the worth is linear in the share.
        At exactly 1/2 every share is as good.
    """
    weight = checks.numbers("private_weight", private_weight, UNIT)
    ceiling = checks.numbers("private_ceiling", private_ceiling, UNIT)
    return plain(np.where(weight > 0.5, ceiling, 0.0 * ceiling))


def phase(
    host_values: ArrayLike,
    rival_values: ArrayLike,
    cost: float,
    host_credibility: float = 1.0,
    rival_credibility: float = 1.0,
    rents: Rents = PUBLIC,
) -> pd.DataFrame:
    """Outcome and price over a lattice of values, for a phase map.

    Parameters
    ----------
    host_values : sequence of float, length H
    rival_values : sequence of float, length R
        Values of the two patrons, 0 or more.
    cost, host_credibility, rival_credibility, rents
        As for :func:`menu_auction`.

    Returns
    -------
    DataFrame
        H x R rows (host_value, rival_value, outcome, price), the rival's value running fastest;
        ``outcome`` is categorical.

    Raises
    ------
    ValueError
        As for :func:`menu_auction`, and if a sequence is empty.
    """
    first = axis("host_values", host_values, AMOUNT)
    second = axis("rival_values", rival_values, AMOUNT)
    cost = checks.number("cost", cost, AMOUNT)
    worth = _worth(host_credibility, rival_credibility, rents)
    host, rival = np.repeat(first, len(second)), np.tile(second, len(first))
    hosts, price = _settle(host, rival, cost, *worth)
    found = pd.DataFrame({"host_value": host, "rival_value": rival})
    return found.assign(outcome=_told(hosts), price=price)


def second_grant(
    values: ArrayLike,
    costs: ArrayLike,
    harms: ArrayLike,
    value_credibility: ArrayLike = 1.0,
) -> bool | np.ndarray:
    """Does the loser of a first deal get a grant of its own?

    The grant is put to auction in its turn: it is worth ``values`` to the loser, costs the leader
    ``costs``, and the winner of the first deal would lose ``harms`` by it and bids against.  So it is a
    :func:`menu_auction` with the loser as the host's patron and the first winner as the rival.

    Parameters
    ----------
    values, costs, harms : float or array
        0 or more; all arguments broadcast.
    value_credibility : float or array
        In (0, 1]; the harm is believed.

    Returns
    -------
    bool or ndarray of bool
    """
    value = checks.numbers("values", values, AMOUNT)
    harm = checks.numbers("harms", harms, AMOUNT)
    cost = checks.numbers("costs", costs, AMOUNT)
    believed = checks.numbers("value_credibility", value_credibility, SHARE)
    granted = _prefers(believed * value, harm + cost)
    return bool(granted) if np.ndim(granted) == 0 else granted


def implied_rival(
    price: ArrayLike,
    cost: ArrayLike,
    host_credibility: ArrayLike = 1.0,
    rival_credibility: ArrayLike = 1.0,
) -> Numbers:
    """The rival's value that would make an observed price of a hosted base the equilibrium's.

    The inverse of the host's price, V_R = (d_U b - k) / d_R.

    Parameters
    ----------
    price : float or array
        What the host's patron pays, at least ``cost / host_credibility``.
    cost : float or array
        Cost of hosting, 0 or more.
    host_credibility, rival_credibility : float or array
        In (0, 1]; all arguments broadcast.

    Returns
    -------
    float or ndarray
        0 or more.

    Raises
    ------
    ValueError
        If an argument is out of range; also if the price is below ``cost / host_credibility``,
        which no rival explains.

    Notes
    -----
    One price, one unknown: the model is just identified.  Any price from the cost upwards is
    matched exactly, by some value, so that a match is no evidence for the model.  What can count
    as evidence is what was not used: :func:`rival_region` of other deals, and
    :func:`order_of_payments`.
    """
    price = checks.numbers("price", price, AMOUNT)
    cost = checks.numbers("cost", cost, AMOUNT)
    host = checks.numbers("host_credibility", host_credibility, SHARE)
    rival = checks.numbers("rival_credibility", rival_credibility, SHARE)
    left = host * price - cost
    if (short := left < -TIE * np.maximum(host * price, cost)).any():
        least = np.broadcast_to(cost / host, left.shape)[short][0]
        checks.refuse(
            "price",
            np.broadcast_to(price, left.shape)[short][0],
            f"cost / host_credibility = {least} or more, since a host pays its cost at least",
        )
    return plain(np.maximum(left, 0.0) / rival)


def rival_region(
    outcome: str,
    price: float,
    cost: float,
    host_credibility: ArrayLike = CREDIBILITIES,
    rival_credibility: ArrayLike = CREDIBILITIES,
    host_value: float | None = None,
) -> pd.DataFrame:
    """The rival's values that an observed deal needs, where no bid of the rival was seen.

    Hosting at a price needs a rival who would not have outbid it, V_R <= (d_U b - k) / d_R; a rival
    who bid truthfully sits at the upper end (:func:`implied_rival`).  Eviction needs a rival who
    outbid the host's patron, V_R > (d_U V_U - k) / d_R, for a V_U of at least the price that the
    patron last paid or offered.

    Parameters
    ----------
    outcome : {"host", "evict"}
    price : float
        What the host's patron pays, or last paid or offered before an eviction, 0 or more.
    cost : float
        Cost of hosting, 0 or more.
    host_credibility, rival_credibility : float or sequence of float
        Credibilities in (0, 1] whose every pair is looked at.
    host_value : float, optional
        Value of hosting, at least the price, where it is known; without it the price is the
        least that it can be, and the region of an eviction is at its widest.

    Returns
    -------
    DataFrame
        Rows (host_credibility, rival_credibility, lower, upper, lower_included, undefined).  The
        upper end belongs to the region where it is finite.  Where no rival's value agrees with
        the deal, the ends are NaN and ``undefined`` says why; else it is empty.

    Raises
    ------
    ValueError
        If the outcome is unknown, an argument out of range, or the host's value below the price.

    Notes
    -----
    A region is a necessary condition, not an estimate: that it is wide, or that any value would
    do, is a result.
    """
    checks.one_of("outcome", outcome, OUTCOMES)
    price = checks.number("price", price, AMOUNT)
    cost = checks.number("cost", cost, AMOUNT)
    value = checks.number(
        "host_value", price if host_value is None else host_value, AMOUNT
    )
    if value < price:
        allowed = f"the price {price} or more, since no patron pays above its value"
        checks.refuse("host_value", value, allowed)
    first = axis("host_credibility", host_credibility, SHARE)
    second = axis("rival_credibility", rival_credibility, SHARE)
    host, rival = np.repeat(first, len(second)), np.tile(second, len(first))
    hosting = outcome == "host"
    credible = host * (price if hosting else value)
    left = credible - cost
    # Rounding must not empty a region.
    left = np.where(np.abs(left) <= TIE * np.maximum(credible, cost), 0.0, left)
    short, edge = left < 0, np.maximum(left, 0.0) / rival
    found = pd.DataFrame({"host_credibility": host, "rival_credibility": rival})
    if not hosting:
        ends = {"lower": edge, "upper": np.inf, "lower_included": short}
        return found.assign(**ends, undefined="")
    why = np.where(short, "the price does not cover the cost of hosting", "")
    ends = {
        "lower": np.where(short, np.nan, 0.0),
        "upper": np.where(short, np.nan, edge),
    }
    return found.assign(**ends, lower_included=~short, undefined=why)


def bid_game(
    host_value: float,
    rival_value: float,
    cost: float,
    host_credibility: float = 1.0,
    rival_credibility: float = 1.0,
    rents: Rents = PUBLIC,
    step: float = 1.0,
) -> BidGame:
    """The auction as a game in which both bid once, at the same time, on a grid.

    Parameters
    ----------
    host_value, rival_value, cost, host_credibility, rival_credibility, rents
        As for :func:`menu_auction`.
    step : float
        Width of the grid, above 0.

    Returns
    -------
    BidGame
        ``host_bids`` (H,), ``rival_bids`` (R,) from 0 to at most the own value (a higher bid is
        weakly dominated), ``hosts`` (H, R) the leader's choice, ``host_gains`` and
        ``rival_gains`` (H, R): value less bid for the winner, 0 for the loser.

    Raises
    ------
    ValueError
        If an argument is out of range or the grid has more than ten million cells.
    """
    first, second, cost = _values(host_value, rival_value, cost)
    worth = _worth(host_credibility, rival_credibility, rents)
    step = checks.number("step", step, POSITIVE)
    counts = [int(np.floor(v / step * (1 + TIE))) + 1 for v in (first, second)]
    if counts[0] * counts[1] > 1e7:
        allowed = "one that gives ten million pairs of bids at most"
        checks.refuse("step", step, f"{allowed}, here {counts[0]} x {counts[1]}")
    host, rival = (np.arange(n) * step for n in counts)
    hosts = _prefers(worth[0] * host[:, None], worth[1] * rival[None, :] + cost)
    return BidGame(
        host,
        rival,
        hosts,
        np.where(hosts, first - host[:, None], 0.0),
        np.where(hosts, 0.0, second - rival[None, :]),
        worth,
    )


def grid_equilibria(game: BidGame) -> pd.DataFrame:
    """All pure-strategy Nash equilibria of a bid game, by looking at every pair of bids.

    Parameters
    ----------
    game : BidGame

    Returns
    -------
    DataFrame
        Rows (host_bid, rival_bid, outcome, price), ``price`` the winner's bid; no rows if there
        is none.

    Notes
    -----
    The grid stands beside the formula and does not use it.  Where the host wins, its prices lie
    less than one step above that of :func:`menu_auction`, and at most d_R / d_U steps below it.
    """
    host, rival = game.host_gains, game.rival_gains
    slack = TIE * max(1.0, np.abs(host).max(), np.abs(rival).max())
    best = host >= host.max(axis=0) - slack
    best &= rival >= rival.max(axis=1, keepdims=True) - slack
    i, j = np.nonzero(best)
    hosts, bid, other = game.hosts[i, j], game.host_bids[i], game.rival_bids[j]
    found = pd.DataFrame({"host_bid": bid, "rival_bid": other, "outcome": _told(hosts)})
    return found.assign(price=np.where(hosts, bid, other))


def _prefers(hosting: Numbers, evicting: Numbers) -> Any:
    """Whether the leader hosts; a tie hosts."""
    return hosting - evicting >= -TIE * np.maximum(hosting, evicting)


def _settle(
    host: Numbers,
    rival: Numbers,
    cost: float,
    host_worth: float,
    rival_worth: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Whether the leader hosts, and the winner's price."""
    hosts = _prefers(host_worth * host, rival_worth * rival + cost)
    # Rounding must not pass the value.
    to_host = np.minimum(_over(rival_worth * rival + cost, host_worth), host)
    left = np.maximum(host_worth * host - cost, 0.0)
    to_evict = np.minimum(_over(left, rival_worth), rival)
    return hosts, np.where(hosts, to_host, to_evict)


def _told(hosts: np.ndarray) -> "pd.Categorical[str]":
    """The outcomes as categories, from whether the leader hosts."""
    return pd.Categorical.from_codes(
        np.where(hosts, 0, 1), categories=pd.Index(OUTCOMES)
    )


def _over(needed: Numbers, worth: float) -> Numbers:
    """Dollars that it takes; a patron whose dollars are worth nothing wins only where none are needed."""
    with np.errstate(over="ignore"):
        return needed / worth if worth > 0 else np.zeros_like(needed)


def _values(
    host_value: float, rival_value: float, cost: float
) -> tuple[float, float, float]:
    return (
        checks.number("host_value", host_value, AMOUNT),
        checks.number("rival_value", rival_value, AMOUNT),
        checks.number("cost", cost, AMOUNT),
    )


def _worth(
    host_credibility: float, rival_credibility: float, rents: Rents
) -> tuple[float, float]:
    """What a dollar of each patron is worth to the leader."""
    host = checks.number("host_credibility", host_credibility, SHARE)
    rival = checks.number("rival_credibility", rival_credibility, SHARE)
    weight, *ceilings = (
        checks.number(name, value, UNIT) for name, value in rents._asdict().items()
    )
    of_host, of_rival = (float(dollar_worth(weight, one)) for one in ceilings)
    return host * of_host, rival * of_rival


def axis(name: str, values: ArrayLike, allowed: Range) -> np.ndarray:
    """Numbers along one axis of a lattice, one or more."""
    found = np.atleast_1d(checks.numbers(name, values, allowed))
    if found.ndim != 1 or found.size == 0:
        raise ValueError(
            f"{name} has the shape {found.shape}; allowed: one number or more in a row"
        )
    return found
