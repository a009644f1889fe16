"""Chance by the rules on the record: coin tosses, lines, and orders of days."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ... import decisions
from ...language import N_, Sentence
from ..evidence import Look
from ..finding import Rule
from ..methods.record import votes_of_parliament
from ..severity import RANK, SEEN, Chance, chance_of, how_often, reckoned, without


@chance_of("exit_of_leader")
def _by_other_leaders(look: Look, rule: Rule, found: str) -> Chance:
    leaders = look.table("leaders").dropna(subset="exit_code")
    outcomes = [rule.judge(look, leader=name).outcome for name in leaders["id"]]
    null = Sentence(
        "leaders exchangeable: each of the {n} in the table", n=len(outcomes)
    )
    effect = N_("one code of one source has no size")
    return Chance(*how_often(outcomes, found), null, effect=effect)


@chance_of("votes_that_bind", "votes_against")
def _by_tossed_votes(look: Look, rule: Rule, found: str) -> Chance:
    many = len(votes_of_parliament(look))
    if rule.method == "votes_that_bind":
        met = either = 1 - 0.5**many
        toss = N_("each decision as likely to change what was signed as not")
    else:
        ways = np.array([math.comb(many, k) for k in range(many + 1)]) / 2**many
        met, either = ways[0], ways[0] + ways[1 : rule.many].sum()
        toss = N_("each decision as likely to go against what was signed as not")
    effect = N_("the rule counts decisions and knows no size")
    return reckoned(
        found,
        met,
        either,
        Sentence("coin tosses: {toss}", toss=toss),
        effect,
    )


@chance_of("moved_at_home", "moved_by_office")
def _by_the_line(look: Look, rule: Rule, found: str) -> Chance:
    """Each contested decision moved with the chance that the line names."""
    line, level, n = rule.line, rule.level, rule.judge(look).n or 0
    below, above = decisions.chances(n, line, line, level)
    least, most = decisions.share_seen(n, line, SEEN, level)
    few = rule.method == "moved_by_office"
    met, missed, seen = (below, above, least) if few else (above, below, most)
    null = Sentence("each contested decision moved with chance {line:.2f}", line=line)
    effect = N_("the share of decisions moved")
    return reckoned(
        found, met, 1 - missed, null, effect, np.nan if found in RANK else seen
    )


@chance_of("after_the_visit", "days_after")
def _by_the_order_of_two_days(look: Look, rule: Rule, found: str) -> Chance:
    if rule.parameters.get("illustrates"):
        # Two days of one sequence: nothing that could have come out otherwise is known.
        return without(
            N_("of one sequence there is no null"), N_("one sequence has no size")
        )
    null = N_("a coin toss: which of two days came first")
    return reckoned(found, 0.5, 0.5, null, N_("one sequence has no size"))


@chance_of("peers_spared")
def _by_the_order_of_three_days(look: Look, rule: Rule, found: str) -> Chance:
    others = look.dated(rule.on_peers, rule.coding)
    # Met without a blow on others if the state's came before the unrest; mixed if it came before both.
    met, either, more = 0.5, 0.5, ""
    if others is not None and others[0] <= pd.Timestamp(rule.until):
        met, either = 0.0, 1 / 3
        more = N_(": the blow on the state, that on a neighbour, the unrest")
    null = Sentence("each order of the days as likely{more}", more=more)
    return reckoned(found, met, either, null, N_("one sequence has no size"))
