"""Many games at once, laid out as a chart with sliders needs them."""

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .bargaining import Deal, bargain
from .numbers import TOLERANCE, groups, listed
from .winset import Interval, acceptance, upper_end, width, win_set

#: Values of each argument, or the arguments of one game after another.
Games = Mapping[str, Any] | Collection[Mapping[str, Any]] | pd.DataFrame
#: Arguments of :func:`win_set` and of :func:`bargain`, but for the win-set.
_WIN = ("ideals", "weights", "reversion", "threshold")
_WIN_TOO = {"costs": 0.0, "salience": 1.0, "transfers": 0.0, "constraint": 1.0}
_DEAL = ("home_ideal", "foreign_ideal", "reversion")
_DEAL_TOO = {"home_cost": 0.0, "foreign_cost": 0.0, "power": 0.5, "home_transfer": 0.0}
_NEEDED = tuple(dict.fromkeys(_WIN + _DEAL))
_DEFAULTS = _WIN_TOO | _DEAL_TOO
_FOUND = ("low", "high", "width", "x", "home_gain", "foreign_gain", "deal")
_BY_NEED = ("above", "upto", "intervals", "x", "home_gain", "foreign_gain")
#: Who bears a levy on an agreement: the groups alone, or the home side as well.
PAYERS = ("groups", "everybody")
_MOST_GROUPS = 12  # the sums of their weights double with each group


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


def lattice(games: Games, **fixed: Any) -> pd.DataFrame:
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


def by_need(games: Games, **fixed: Any) -> pd.DataFrame:
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
    defaults = {n: value for n, value in _DEFAULTS.items() if n != "constraint"}
    needed = tuple(name for name in _NEEDED if name != "threshold")
    names, rows = _settings(games, fixed, needed, defaults)
    found: list[list[Any]] = []
    for row in rows:
        game = {**defaults, **fixed, **dict(zip(names, row))}
        above = -1.0
        for need in _joint_weights(game["ideals"], game["weights"]):
            won, agreed = _win_and_deal({**game, "threshold": need, "constraint": 1.0})
            # The agreement follows from the win-set.
            if above >= 0 and found[-1][-4] == won:
                found[-1][-5] = need
            else:
                found.append([*row, above, need, won, *(agreed or (math.nan,) * 3)])
            above = need
    frame = pd.DataFrame(found, columns=[*names, *_BY_NEED])
    return frame.astype({name: float for name in _BY_NEED if name != "intervals"})


def tied_hands(rows: pd.DataFrame) -> TiedHands:
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
    whole = len(rows) and above[0] == -1 and upto[-1] == 1
    if not (whole and (above[1:] == upto[:-1]).all()):
        raise ValueError(
            "rows do not run from -1 to 1 without a gap; allowed: all rows of one game, in their order"
        )
    deal = ~np.isnan(gain)
    if not deal.any():
        raise ValueError("rows hold no deal; allowed: a game with one or more")
    free, best, least = float(gain[0]), float(np.nanmax(gain)), float(np.nanmin(gain))
    top = np.flatnonzero(gain >= best - TOLERANCE)
    last = top[0]
    while last + 1 in top:
        last += 1
    first = max(0.0, float(above[top[0]]))
    # A larger need only takes points away, so that deals end once.
    no_deal = float(upto[deal][-1]) if not deal[-1] else math.nan
    return TiedHands(free, best, first, float(upto[last]), least, no_deal)


def accepted(
    ideals: Collection[float], reversions: Collection[float], stakes: Collection[float]
) -> pd.DataFrame:
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
        for q in listed("reversions", reversions)
        for stake in listed("stakes", stakes)
        for i, ideal in enumerate(listed("ideals", ideals))
    ]
    return pd.DataFrame(rows, columns=["reversion", "stake", "group", "low", "high"])


def by_stake(
    reversions: Collection[float],
    stakes: Collection[float],
    powers: Collection[float] = (0.5,),
    payers: Collection[str] = ("groups",),
    **fixed: Any,
) -> pd.DataFrame:
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
    for payer in listed("payers", payers):
        if payer not in PAYERS:
            known = ", ".join(map(repr, PAYERS))
            raise ValueError(f"payers holds {payer!r}; allowed: {known}")
        games = [
            {
                "reversion": q,
                "costs": max(stake, 0.0),
                "transfers": min(stake, 0.0),
                "home_cost": max(stake, 0.0),
                "home_transfer": min(stake, 0.0) if payer == "everybody" else 0.0,
                "power": power,
            }
            for q in listed("reversions", reversions)
            for stake in listed("stakes", stakes)
            for power in listed("powers", powers)
        ]
        rows = by_need(games, **fixed)
        rows.insert(1, "stake", rows["costs"] + rows["transfers"])
        rows.insert(1, "payer", payer)
        of_stake = ["costs", "transfers", "home_cost", "home_transfer"]
        found.append(rows.drop(columns=of_stake))
    return pd.concat(found, ignore_index=True)


def tied_by_stake(rows: pd.DataFrame) -> pd.DataFrame:
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


def _rows(games: Games) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Names of the arguments that vary, and their values, one tuple a game."""
    if isinstance(games, Mapping):
        values = (listed(name, games[name]) for name in games)
        return tuple(games), list(itertools.product(*values))
    played: Sequence[Any] = (
        games.to_dict("records")
        if isinstance(games, pd.DataFrame)
        else listed("games", games)
    )
    names = tuple(played[0]) if played and isinstance(played[0], Mapping) else ()
    for game in played:
        if not isinstance(game, Mapping):
            raise ValueError(
                f"games holds {game!r}; allowed: mappings of arguments to values"
            )
        if set(game) != set(names):
            raise ValueError(
                f"games has a game of {', '.join(game)}; allowed: the arguments of the first, {', '.join(names)}"
            )
    return names, [tuple(game[name] for name in names) for game in played]


def _settings(
    games: Games,
    fixed: Mapping[str, Any],
    needed: Collection[str],
    defaults: Mapping[str, Any],
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
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


def _win_and_deal(game: Mapping[str, Any]) -> tuple[list[Interval], Deal | None]:
    """Win-set and agreement of one game."""
    won = win_set(**{name: game[name] for name in (*_WIN, *_WIN_TOO)})
    rest = {name: game[name] for name in (*_DEAL, *_DEAL_TOO)}
    return won, bargain(feasible=won, **rest)


def _play(game: Mapping[str, Any]) -> tuple[Any, ...]:
    """One row of :func:`lattice`, without its arguments."""
    won, agreed = _win_and_deal(game)
    low = won[0][0] if won else math.nan
    ends = low, upper_end(won), width(won)
    return *ends, *(agreed or (math.nan,) * 3), agreed is not None


def _joint_weights(
    ideals: Collection[float], weights: Collection[float]
) -> list[float]:
    """What sets of groups weigh together, from 0 to 1; the places where a win-set can change."""
    _, weights, *_ = groups(ideals, weights, 0.0, 1.0)
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
