"""The same series of several states, and what the news tells of each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from .. import alignment, checks
from ..data import Missing
from ..language import Sentence, joined
from .evidence import USUAL, Look, kept

#: Friendly events of the news: words, and deeds.
WORDS, DEEDS = "verbal_cooperation", "material_cooperation"


@kept
def news(
    look: Look, states: Collection[str], first: int, last: int, direction: str
) -> tuple[pd.DataFrame, int]:
    """Friendly events of the news of each state, over partners that all states have.

    Returns
    -------
    tuple
        Words and deeds by (state, year, vector of the partner), the states' own pairs left
        out; the number of partners in common.
    """
    events, vectors = look.table("machine_events"), look.case.partner_vectors()
    events = events[events["year"].between(first, last)]
    by = events.rename(columns={"source": "state", "target": "partner"})
    toward = events.rename(columns={"target": "state", "source": "partner"})
    sides = {"by": [by], "toward": [toward], "both": [by, toward]}
    rows = pd.concat(sides[direction])
    rows = rows[rows["state"].isin(states) & ~rows["partner"].isin(states)]
    shared = set.intersection(
        *(set(rows.loc[rows["state"] == state, "partner"]) for state in states)
    )
    rows = rows[rows["partner"].isin(shared)]
    rows = rows.assign(vector=rows["partner"].map(vectors)).dropna(subset="vector")
    if rows.empty or rows[[WORDS, DEEDS]].isna().any(axis=None):
        raise Missing(
            Sentence(
                "Needs events of the news of {states}, all counted.",
                states=", ".join(states),
            )
        )
    sums = rows.groupby(["state", "year", "vector"])[[WORDS, DEEDS]].sum()
    return sums, len(shared)


def friendly_news(
    look: Look, states: Collection[str], first: int, last: int, direction: str
) -> tuple[pd.Series, int]:
    """Friendly events by state, year and vector, and the number of partners in common."""
    rows, shared = news(look, states, first, last, direction)
    friendly = rows.sum(axis=1)
    happened = friendly.groupby(["state", "year"]).transform("sum") > 0
    return friendly[happened], shared


def effective_vectors(
    look: Look, states: Collection[str], first: int, last: int, direction: str
) -> tuple[pd.DataFrame, int]:
    """Effective vectors of the friendly news by year, a column a state; partners in common."""
    rows, shared = friendly_news(look, states, first, last, direction)
    numbers = {
        state: alignment.effective_vectors(part.rename("value").reset_index())
        for state, part in rows.groupby("state")
    }
    columns = {s: found.set_index("year")["value"] for s, found in numbers.items()}
    return pd.DataFrame(columns).reindex(columns=list(states)), shared


def of_states(
    look: Look,
    measure: str,
    states: Collection[str],
    first: int,
    last: int,
    direction: str,
) -> tuple[pd.Series, int]:
    """A measure of the news for each state, and the number of partners in common."""
    checks.one_of("measure", measure, ("effective vectors", "words over deeds"))
    if measure == "effective vectors":
        numbers, shared = effective_vectors(look, states, first, last, direction)
        return numbers.mean(), shared
    rows, shared = news(look, states, first, last, direction)
    total = rows.groupby("state").sum()
    return total[WORDS] / total[DEEDS], shared


def names_of(look: Look, states: Collection[str]) -> str:
    """Names of some states, in their order."""
    names = look.case.actors.set_index("actor")["name"]
    return ", ".join(names.get(state, state) for state in states)


def values_listed(look: Look, values: pd.Series) -> Sentence:
    """Values of states by name, the smallest first."""
    rising = values.sort_values().items()
    return joined(
        Sentence("{name} {value:.2f}", name=names_of(look, [str(s)]), value=value)
        for s, value in rising
    )


@kept
def series_of_states(
    look: Look, states: Collection[str], name: str, span: Any, options: Any
) -> dict[str, pd.Series]:
    """A yearly series by its name for each of some states.

    "gap" and "net gap" of the votes; "news:…" and "trade:…" with a vector; "exercises" with partners.
    ``options`` are pairs: ways of reading it, and those partners.
    """
    kind, _, vector = name.partition(":")
    given = USUAL | dict(options)
    if kind == "gap":
        return {s: look.gap(s, None, given["fewest"]) for s in states}
    if kind == "net gap":
        peers = look.case.peers if given["peers"] is None else given["peers"]
        return {s: look.gap(s, peers, given["fewest"]) for s in states}
    if kind == "news" and vector:
        first, last = span
        rows, _ = friendly_news(look, states, first, last, given["direction"])
        shares = rows.div(rows.groupby(["state", "year"]).transform("sum"))
        wide = shares.unstack("vector", fill_value=0)
        if vector not in wide:
            raise Missing(
                Sentence(
                    "Needs a partner of {vector} that all of the states have.",
                    vector=vector,
                )
            )
        return {s: wide[vector].xs(s) for s in states if s in wide.index}
    if kind == "trade" and vector:
        return {s: trade_share(look, s, vector, given["edition"]) for s in states}
    if kind == "exercises" and not vector:
        return {s: _exercises(look, s, given["partners"]) for s in states}
    allowed = "gap, net gap, exercises, and news: or trade: with a vector"
    return checks.refuse("series", name, allowed)


def _exercises(look: Look, state: str, partners: Collection[str]) -> pd.Series:
    """Exercises a year in which a partner took part too; each counts once, and no state is its own partner."""
    others = pd.Series("", index=[p for p in partners if p != state])
    rows = alignment.exercises_by_vector(look.table("exercises"), state, others, "")
    return rows.set_index("year")["value"]


@kept
def whole_trade_share(look: Look, state: str, partner: str, edition: str) -> pd.Series:
    """Share of one partner in all trade; a year in which a flow of either is not reported is a hole."""
    trade, totals = (
        look.table(name).dropna(subset=["imports", "exports"])
        for name in ("trade", "trade_totals")
    )
    one = pd.Series({partner: ""})
    rows = alignment.trade_shares(trade, state, one, "", edition, totals)
    return rows.set_index("year")["value"]


@kept
def trade_share(look: Look, state: str, vector: str, edition: str) -> pd.Series:
    """Share of a vector in the trade of a state, by year."""
    trade, totals = look.table("trade"), look.table("trade_totals")
    partners = look.case.partner_vectors()
    rows = alignment.trade_shares(trade, state, partners, "", edition, totals)
    return rows[rows["vector"] == vector].set_index("year")["value"]
