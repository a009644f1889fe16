"""Chance by the rules that compare: each state, partner or pole in the place of the other."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ... import alignment
from ..evidence import Look
from ..methods.others import (
    above_median,
    judge_above,
    judge_deeds,
    judge_first,
    judge_inside,
    leads_in_news,
    ranks_asked,
)
from ..severity import Chance, chance_of, how_often
from ..states import of_states


@chance_of("within_band", "above_others")
def _by_other_states(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    states = [look.case.state, *parameters["others"]]
    values, _ = of_states(
        look,
        parameters["measure"],
        states,
        parameters["first"],
        parameters["last"],
        parameters.get("direction", {"within_band": "both"}.get(method, "by")),
    )
    outcomes = [
        judge_inside(values[state], values.drop(state), parameters["edge"])
        if method == "within_band"
        else judge_above(values[state], values.drop(state))
        for state in states
    ]
    return Chance(
        *how_often(outcomes, found),
        f"states exchangeable: each of the {len(states)} in the place of the state",
        effect=f"{len(states)} states cannot tell a size",
    )


@chance_of("leans_on")
def _by_other_states_trade(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    states = [look.case.state, *parameters["others"]]
    names = ("vector", "first", "last", "edition")
    often = [
        above_median(
            look,
            state,
            tuple(o for o in states if o != state),
            *map(parameters.get, names),
        ).mean()
        > 0.5
        for state in states
    ]
    # The coded half is taken as it was found: our own coding gives no chance.
    outcomes = ["supported" if often_above else "mixed" for often_above in often]
    return Chance(
        *how_often(outcomes, found),
        f"states exchangeable: each of the {len(states)} in the place of the state, for its trade; the coded half as it was found",
        effect=f"{len(states)} states cannot tell a size",
    )


@chance_of("share_of_years_first")
def _by_other_partners(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    partners = look.table("partners")
    first, last = parameters["first"], parameters["last"]
    ranks = alignment.ranks(
        look.table("trade"),
        look.case.state,
        parameters["edition"],
        first,
        last,
        set(partners.loc[~partners["cis"], "iso3"]),
    )
    large = sorted(set(ranks.loc[ranks["rank"] <= 3, "partner"]))
    leader = ranks[ranks["rank"] == 1].set_index("year")["partner"]
    outcomes = [
        judge_first((leader == partner).mean(), parameters["half"], parameters["third"])
        for partner in large
    ]
    return Chance(
        *how_often(outcomes, found),
        f"partners exchangeable: each of the {len(large)} that was among the first three in some year",
        effect="the rule counts years and knows no size",
    )


@chance_of("deeds_over_words")
def _by_exchangeable_poles(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    names = ("first", "last", "more", "less")
    deeds, words = leads_in_news(
        look, *map(parameters.get, names), parameters.get("direction", "by")
    )
    outcomes = [
        judge_deeds(deeds * sign, words * sign, parameters["most"], parameters["some"])
        for sign in map(np.array, itertools.product([1, -1], repeat=len(deeds)))
    ]
    return Chance(
        *how_often(outcomes, found),
        "coin tosses: in each year the two poles could change places",
        effect="the rule counts years and knows no size",
    )


@chance_of("leans_and_votes")
def _by_other_ranks(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    traded, voted, votes_rank = ranks_asked(look, **parameters)
    one, two = parameters["trade_rank"] / traded.n, votes_rank / voted.n
    met, mixed = one * two, one + two - one * two
    return Chance(
        met,
        {"supported": met, "mixed": mixed}.get(found, 1.0),
        f"states exchangeable: any of the {traded.n} in trade and, apart from that, any of the {voted.n} in votes",
        effect=f"{traded.n} states cannot tell a size",
    )
