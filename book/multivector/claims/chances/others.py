"""Chance by the rules that compare: each state, partner or pole in the place of the other."""

from __future__ import annotations

import itertools

import numpy as np

from ...language import N_, Sentence
from ..evidence import Look
from ..finding import Rule
from ..methods.others import (
    above_median,
    judge_above,
    judge_deeds,
    judge_first,
    judge_inside,
    leads_in_news,
    measured_of_all,
    ranks_asked,
    ranks_outside,
)
from ..severity import Chance, chance_of, how_often, reckoned


@chance_of("within_band", "above_others")
def _by_other_states(look: Look, rule: Rule, found: str) -> Chance:
    values, _ = measured_of_all(look, rule)
    judge = judge_inside if rule.method == "within_band" else judge_above
    outcomes = [
        judge(values[state], values.drop(state), rule) for state in values.index
    ]
    null = Sentence(
        "states exchangeable: each of the {n} in the place of the state", n=len(values)
    )
    effect = Sentence("{n} states cannot tell a size", n=len(values))
    return Chance(*how_often(outcomes, found), null, effect=effect)


@chance_of("leans_on")
def _by_other_states_trade(look: Look, rule: Rule, found: str) -> Chance:
    states = [look.case.state, *rule.others]
    often = [
        above_median(look, state, tuple(s for s in states if s != state), rule).mean()
        for state in states
    ]
    # The coded half is taken as it was found: our own coding gives no chance.
    outcomes = ["supported" if share > 0.5 else "mixed" for share in often]
    null = Sentence(
        "states exchangeable: each of the {n} in the place of the state, for its trade; the coded half as it was found",
        n=len(states),
    )
    effect = Sentence("{n} states cannot tell a size", n=len(states))
    return Chance(*how_often(outcomes, found), null, effect=effect)


@chance_of("share_of_years_first")
def _by_other_partners(look: Look, rule: Rule, found: str) -> Chance:
    ranks = ranks_outside(look, rule)
    large = ranks.loc[ranks["rank"] <= 3, "partner"].unique()
    leader = ranks.loc[ranks["rank"] == 1, "partner"]
    outcomes = [judge_first((leader == partner).mean(), rule) for partner in large]
    null = Sentence(
        "partners exchangeable: each of the {n} that was among the first three in some year",
        n=len(large),
    )
    effect = N_("the rule counts years and knows no size")
    return Chance(*how_often(outcomes, found), null, effect=effect)


@chance_of("deeds_over_words")
def _by_exchangeable_poles(look: Look, rule: Rule, found: str) -> Chance:
    deeds, words = leads_in_news(look, rule)
    outcomes = [
        judge_deeds(deeds * sign, words * sign, rule)
        for sign in map(np.array, itertools.product([1, -1], repeat=len(deeds)))
    ]
    null = N_("coin tosses: in each year the two poles could change places")
    effect = N_("the rule counts years and knows no size")
    return Chance(*how_often(outcomes, found), null, effect=effect)


@chance_of("leans_and_votes")
def _by_other_ranks(look: Look, rule: Rule, found: str) -> Chance:
    traded, voted, votes_rank = ranks_asked(look, rule)
    one, two = rule.trade_rank / traded.n, votes_rank / voted.n
    null = Sentence(
        "states exchangeable: any of the {traded} in trade and, apart from that, any of the {voted} in votes",
        traded=traded.n,
        voted=voted.n,
    )
    effect = Sentence("{n} states cannot tell a size", n=traded.n)
    return reckoned(found, one * two, one + two - one * two, null, effect)
