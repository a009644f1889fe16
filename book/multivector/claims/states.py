"""The same series of several states, and what the news tells of each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from .. import alignment
from ..data import Missing
from .evidence import Look, kept


@kept
def news(
    look: Look,
    states: Collection[str],
    first: int,
    last: int,
    direction: str,
    kinds: tuple[str, ...],
) -> tuple[pd.DataFrame, int]:
    """Events of the news of each state by kind and vector of the partner, over partners that all states have; the states' own pairs left out."""
    events, vectors = look.table("machine_events"), look.case.partner_vectors()
    events = events[events["year"].between(first, last)]
    sides = {
        "by": [("source", "target")],
        "toward": [("target", "source")],
        "both": [("source", "target"), ("target", "source")],
    }[direction]
    rows = pd.concat(
        [
            events.rename(columns={one: "state", other: "partner"})
            for one, other in sides
        ]
    )
    rows = rows[rows["state"].isin(states) & ~rows["partner"].isin(states)]
    shared = set.intersection(
        *(set(rows.loc[rows["state"] == state, "partner"]) for state in states)
    )
    rows = (
        rows[rows["partner"].isin(shared)]
        .assign(vector=lambda r: r["partner"].map(vectors))
        .dropna(subset=["vector"])
    )
    counts = rows[list(kinds)]
    if rows.empty or counts.isna().any(axis=None):
        raise Missing(f"Needs events of the news of {', '.join(states)}, all counted.")
    return rows.groupby(["state", "year", "vector"])[
        list(kinds)
    ].sum().reset_index(), len(shared)


def of_states(
    look: Look,
    measure: str,
    states: Collection[str],
    first: int,
    last: int,
    direction: str,
) -> tuple[pd.Series, int]:
    """A measure of the news for each state, and the number of partners in common."""
    if measure == "effective vectors":
        kinds = ("verbal_cooperation", "material_cooperation")
        rows, shared = news(look, states, first, last, direction, kinds)
        rows = rows.assign(value=rows[list(kinds)].sum(axis=1))
        share = rows["value"] / rows.groupby(["state", "year"])["value"].transform(
            "sum"
        )
        part = (
            (-share * np.log(share.where(share > 0, 1.0)))
            .groupby([rows["state"], rows["year"]])
            .sum()
        )
        return np.exp(part).groupby("state").mean(), shared
    if measure == "words over deeds":
        rows, shared = news(
            look,
            states,
            first,
            last,
            direction,
            ("verbal_cooperation", "material_cooperation"),
        )
        total = rows.groupby("state")[
            ["verbal_cooperation", "material_cooperation"]
        ].sum()
        return total["verbal_cooperation"] / total["material_cooperation"], shared
    raise ValueError(
        f"measure is {measure!r}; allowed: 'effective vectors', 'words over deeds'"
    )


def names_of(look: Look, states: Collection[str]) -> str:
    """Names of some states, in their order."""
    names = look.case.actors.set_index("actor")["name"]
    return ", ".join(names.get(state, state) for state in states)


def values_listed(look: Look, values: pd.Series) -> str:
    """Values of states by name, the smallest first."""
    names = look.case.actors.set_index("actor")["name"]
    return ", ".join(
        f"{names.get(state, state)} {value:.2f}"
        for state, value in values.sort_values().items()
    )


def no_draws(draws: Any, seed: int | None) -> None:
    """The shares of these rules are counted over all cases; a rule that asks for draws is refused."""
    if draws != "all" or seed is not None:
        raise ValueError(
            f"draws is {draws!r} and seed {seed!r}; allowed: 'all' and none, since every case is counted"
        )


@kept
def series_of_states(
    look: Look, states: Collection[str], name: str, span: tuple[int, int], options: Any
) -> dict[str, pd.Series]:
    """A yearly series by its name for each of some states.

    "gap" and "net gap" of the votes; "news:…" and "trade:…" with a vector; "exercises" with partners.
    """
    kind, _, vector = name.partition(":")
    options = dict(options)
    peers, fewest = options.get("peers"), options.get("fewest", 1)
    if kind == "gap":
        return {s: look.gap(s, None, fewest) for s in states}
    if kind == "net gap":
        peers = look.case.peers if peers is None else peers
        return {s: look.gap(s, peers, fewest) for s in states}
    if kind == "news" and vector:
        rows, _ = friendly_news(look, states, *span, options["direction"])
        shares = rows.div(rows.groupby(["state", "year"]).transform("sum"))
        wide = shares.unstack("vector", fill_value=0.0)
        if vector not in wide:
            raise Missing(f"Needs a partner of {vector} that all of the states have.")
        return {s: wide[vector].xs(s) for s in states if s in wide.index}
    if kind == "trade" and vector:
        return {s: trade_share(look, s, vector, options["edition"]) for s in states}
    if kind == "exercises" and not vector:
        return {s: _exercises(look, s, options["partners"]) for s in states}
    raise ValueError(
        f"series is {name!r}; allowed: gap, net gap, exercises, and news: or trade: with a vector"
    )


def friendly_news(
    look: Look, states: Collection[str], first: int, last: int, direction: str
) -> tuple[pd.Series, int]:
    """Friendly events by state, year and vector, and the number of partners in common."""
    kinds = ("verbal_cooperation", "material_cooperation")
    rows, shared = news(look, states, first, last, direction, kinds)
    friendly = rows.set_index(["state", "year", "vector"])[list(kinds)].sum(axis=1)
    happened = friendly.groupby(["state", "year"]).transform("sum") > 0
    return friendly[happened], shared


def _exercises(look: Look, state: str, partners: Collection[str]) -> pd.Series:
    """Exercises a year in which a partner took part too; each counts once, and no state is its own partner."""
    partners = pd.Series("", index=[p for p in partners if p != state])
    rows = alignment.exercises_by_vector(look.table("exercises"), state, partners, "")
    return rows.set_index("year")["value"]


@kept
def whole_trade_share(look: Look, state: str, partner: str, edition: str) -> pd.Series:
    """Share of one partner in all trade; a year in which a flow of either is not reported is a hole."""
    trade, totals = (
        look.table(name).dropna(subset=["imports", "exports"])
        for name in ("trade", "trade_totals")
    )
    rows = alignment.trade_shares(
        trade, state, pd.Series({partner: ""}), "", edition, totals
    )
    return rows.set_index("year")["value"]


@kept
def trade_share(look: Look, state: str, vector: str, edition: str) -> pd.Series:
    """Share of a vector in the trade of a state, by year."""
    rows = alignment.trade_shares(
        look.table("trade"),
        state,
        look.case.partner_vectors(),
        "",
        edition,
        look.table("trade_totals"),
    )
    return rows[rows["vector"] == vector].set_index("year")["value"]
