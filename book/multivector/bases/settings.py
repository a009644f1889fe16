"""The auction over whole sets of settings: what charts with sliders stand on."""

from collections.abc import Collection, Hashable, Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .auctions import (
    CREDIBILITIES,
    dollar_worth,
    implied_rival,
    phase,
    rival_region,
)


def phases(
    values: ArrayLike,
    costs: Collection[float],
    rival_credibility: Collection[float] = CREDIBILITIES,
) -> pd.DataFrame:
    """The phase map of one square lattice of values, for each belief in the rival and each cost.

    The host's patron is believed, here and in the functions below that do not ask.

    Parameters
    ----------
    values : sequence of float, length V
        Of both patrons.
    costs, rival_credibility : sequence of float
        As for :func:`menu_auction`.

    Returns
    -------
    DataFrame
        Rows of :func:`phase` with (rival_credibility, cost), V x V for each pair.
    """
    maps = [
        phase(values, values, k, 1.0, d).assign(rival_credibility=d, cost=k)
        for d in rival_credibility
        for k in costs
    ]
    return pd.concat(maps, ignore_index=True)


def border(
    most: float,
    costs: Collection[float],
    rival_credibility: Collection[float] = CREDIBILITIES,
) -> pd.DataFrame:
    """The line between hosting and evicting, on which both are worth the same to the leader.

    Parameters
    ----------
    most : float
        Largest value of the host's patron, at least the largest cost.
    costs, rival_credibility
        As for :func:`phases`.

    Returns
    -------
    DataFrame
        Rows (rival_credibility, cost, host_value, rival_value): the two ends of each line, from
        the value of hosting that just covers its cost up to ``most``.
    """
    rows = _product(
        rival_credibility=rival_credibility, cost=costs, end=("low", "high")
    )
    rows["host_value"] = rows["cost"].where(rows.pop("end") == "low", most)
    value, cost, believed = rows["host_value"], rows["cost"], rows["rival_credibility"]
    return rows.assign(rival_value=_implied(value, cost, 1.0, believed))


def implied_rivals(
    prices: pd.Series,
    costs: Collection[float],
    rival_credibility: Collection[float] = CREDIBILITIES,
) -> pd.DataFrame:
    """The rival's value that each observed price implies, under each belief and cost.

    Parameters
    ----------
    prices : Series
        What hosts' patrons paid, by a label; the index gives the column its name, "label" if it has none.
    costs, rival_credibility
        As for :func:`phases`.

    Returns
    -------
    DataFrame
        Rows (label, price, rival_credibility, cost, rival_value) of :func:`implied_rival`; NaN where
        a price does not cover the cost, which no rival explains.
    """
    name = str(prices.index.name or "label")
    rows = _product(
        rival_credibility=rival_credibility, cost=costs, **{name: prices.index}
    )
    price = rows[name].map(prices)
    rival = _implied(price, rows["cost"], 1.0, rows["rival_credibility"])
    return rows.assign(price=price, rival_value=rival)


def implied_by_rents(
    prices: pd.Series,
    weights: Collection[float],
    ceilings: Collection[float],
) -> pd.DataFrame:
    """The rival's value that each observed price implies where part of it may go to the leader in private.

    Parameters
    ----------
    prices : Series
        As for :func:`implied_rivals`.
    weights : sequence of float
        The leader's weight on private money, in [0, 1].
    ceilings : sequence of float
        Largest private shares, in [0, 1], of which each patron takes each.

    Returns
    -------
    DataFrame
        Rows (label, host_ceiling, rival_ceiling, weight, rival_value); both patrons are believed, and
        hosting costs nothing.
    """
    name = str(prices.index.name or "label")
    rows = _product(
        **{name: prices.index},
        host_ceiling=ceilings,
        rival_ceiling=ceilings,
        weight=weights,
    )
    host, rival = (
        dollar_worth(rows["weight"], rows[f"{side}_ceiling"])
        for side in ("host", "rival")
    )
    price = rows[name].map(prices)
    return rows.assign(rival_value=_implied(price, 0.0, host, rival))


def rival_regions(
    deals: Mapping[str, tuple[str, float]],
    costs: Collection[float],
    host_credibility: ArrayLike = CREDIBILITIES,
    rival_credibility: ArrayLike = CREDIBILITIES,
) -> pd.DataFrame:
    """What several deals need of the rival, at several costs.

    Parameters
    ----------
    deals : dict of str to (str, float)
        Outcome and price of each deal, by its label.
    costs : sequence of float
    host_credibility, rival_credibility
        As for :func:`rival_region`.

    Returns
    -------
    DataFrame
        Rows of :func:`rival_region` with (deal, cost).
    """
    found = [
        rival_region(*seen, k, host_credibility, rival_credibility).assign(
            deal=deal, cost=k
        )
        for deal, seen in deals.items()
        for k in costs
    ]
    return pd.concat(found, ignore_index=True)


def _product(**axes: Iterable[Hashable]) -> pd.DataFrame:
    """A row for each combination of the values of some axes, the last running fastest."""
    rows = pd.MultiIndex.from_product(list(axes.values()), names=list(axes))
    return rows.to_frame(index=False)


def _implied(*given: ArrayLike) -> np.ndarray:
    """The rival that a price implies, from the arguments of :func:`implied_rival`; NaN where the price does not cover the cost."""
    price, cost, host, rival = np.broadcast_arrays(*given)
    found, paid = np.full(price.shape, np.nan), host * price >= cost
    found[paid] = implied_rival(price[paid], cost[paid], host[paid], rival[paid])
    return found
