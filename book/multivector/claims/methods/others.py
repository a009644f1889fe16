"""Methods that set the state beside other states, or a partner beside others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from ... import alignment, jumps
from ...data import Missing
from ...language import N_, Sentence
from ..evidence import Look, kept, whole_spell
from ..finding import Found, Rule, counted, met_or_mixed, method
from ..states import (
    DEEDS,
    WORDS,
    of_states,
    trade_share,
    values_listed,
    whole_trade_share,
)


@method
def needs(look: Look, rule: Rule) -> Found:
    """What no table of the case could tell; of a rule that was lent to it."""
    raise Missing(rule.told)


def judge_first(share: float, rule: Rule) -> str:
    """Which way the rule falls by the share of years in which a partner is first."""
    return met_or_mixed(share > rule.half, share >= rule.third)


def ranks_outside(look: Look, rule: Rule) -> pd.DataFrame:
    """Ranks of the partners outside the old union, year by year."""
    partners = look.table("partners")
    outside = set(partners.loc[~partners["cis"], "iso3"])
    trade, span = look.table("trade"), (rule.first, rule.last)
    return alignment.ranks(trade, look.case.state, rule.edition, *span, outside)


@method
def share_of_years_first(look: Look, rule: Rule) -> Found:
    """In what share of years is a partner the first of those outside the old union?"""
    ranks = ranks_outside(look, rule)
    leader = ranks[ranks["rank"] == 1].set_index("year")["partner"]
    if holes := sorted(set(range(rule.first, rule.last + 1)) - set(leader.index)):
        raise Missing(
            Sentence("Needs trade in {years}.", years=", ".join(map(str, holes)))
        )
    years = leader.index[leader == rule.partner]
    share = len(years) / len(leader)
    reading = Sentence(
        "First in {first} of {n} years, by edition {edition}: {years}.",
        first=len(years),
        n=len(leader),
        edition=rule.edition,
        years=", ".join(map(str, years)) or N_("none"),
    )
    return Found(judge_first(share, rule), share, reading, len(leader))


def judge_inside(own: float, band: pd.Series, rule: Rule) -> str:
    """Which way the rule falls by the place of a state inside the band of others."""
    low, high = band.min(), band.max()
    beyond = max(low - own, own - high, 0.0)
    return met_or_mixed(beyond == 0, beyond < rule.edge * (high - low))


def judge_above(own: float, band: pd.Series, rule: Rule) -> str:
    """Which way the rule falls by the place of a state above the band of others."""
    return met_or_mixed(own > band.max(), own > band.median())


def measured_of_all(look: Look, rule: Rule) -> tuple[pd.Series, int]:
    """The measure of a rule for the state and the others, and the number of partners in common."""
    states = [look.case.state, *rule.others]
    span = rule.first, rule.last
    return of_states(look, rule.measure, states, *span, rule.direction)


def _beside_others(
    look: Look, rule: Rule, judge: Callable[[float, pd.Series, Rule], str]
) -> Found:
    values, shared = measured_of_all(look, rule)
    own = float(values[look.case.state])
    reading = Sentence(
        "{measure}, {first} to {last}: {values}; {shared} partners in common.",
        measure=rule.measure,
        first=rule.first,
        last=rule.last,
        values=values_listed(look, values),
        shared=shared,
    )
    return Found(judge(own, values[rule.others], rule), own, reading, len(values))


@method
def within_band(look: Look, rule: Rule) -> Found:
    """Does the state lie between the smallest and the largest of some others?"""
    return _beside_others(look, rule, judge_inside)


@method
def above_others(look: Look, rule: Rule) -> Found:
    """Does the state lie above each of some others, or above their median?"""
    return _beside_others(look, rule, judge_above)


def leads_in_news(look: Look, rule: Rule) -> tuple[pd.Series, pd.Series]:
    """Yearly lead of one vector over another in shares of friendly deeds and of friendly words."""
    vectors, span = (rule.more, rule.less), (rule.first, rule.last)
    deeds, words = (
        _lead(look, kind, *vectors, *span, rule.direction) for kind in (DEEDS, WORDS)
    )
    return deeds, words


@kept
def _lead(
    look: Look, kind: str, more: str, less: str, first: int, last: int, direction: str
) -> pd.Series:
    rows = alignment.cooperation_shares(
        look.table("machine_events"),
        look.case.state,
        look.case.partner_vectors(),
        "",
        (kind,),
        direction,
    )
    rows = rows[rows["year"].between(first, last)]
    wide = rows.pivot(index="year", columns="vector", values="value")
    sides = wide.reindex(columns=[more, less])
    name = Sentence("{kind} with both", kind=kind.replace("_", " "))
    return whole_spell((sides[more] - sides[less]).rename(name), first, last)


def judge_deeds(deeds: pd.Series, words: pd.Series, rule: Rule) -> str:
    """Which way the rule falls by the leads in deeds and in words."""
    positive = int((deeds > 0).sum())
    met = positive >= rule.most and deeds.mean() > words.mean()
    return met_or_mixed(met, positive >= rule.some)


@method
def deeds_over_words(look: Look, rule: Rule) -> Found:
    """Does one pole lead the other in deeds, and more than in words?"""
    deeds, words = leads_in_news(look, rule)
    outcome = judge_deeds(deeds, words, rule)
    reading = Sentence(
        "Lead of {more} over {less}: in deeds positive in {positive} of {n} years, mean {deeds:+.2f}; in words {words:+.2f}.",
        more=rule.more,
        less=rule.less,
        positive=int((deeds > 0).sum()),
        n=len(deeds),
        deeds=deeds.mean(),
        words=words.mean(),
    )
    return Found(outcome, float(deeds.mean()), reading, len(deeds))


def ranks_asked(look: Look, rule: Rule) -> tuple[jumps.Rank, jumps.Rank, int]:
    """Ranks in trade and in votes, and the rank in votes that is asked for: fewer states, more is asked."""

    def ranked(series: Callable[[str], pd.Series], span: list[int]) -> jumps.Rank:
        states = look.case.state, *rule.others
        own, *theirs = (series(state).loc[slice(*span)] for state in states)
        return jumps.rank_over_common_years(own, theirs, rule.common_years)

    read = rule.partner, rule.edition
    traded = ranked(lambda s: whole_trade_share(look, s, *read), rule.trade)
    voted = ranked(lambda s: look.gap(s, None, rule.fewest), rule.votes)
    for votes_rank in (rule.votes_rank, 1):
        chance = rule.trade_rank * votes_rank / (traded.n * voted.n)
        if jumps.within(chance, rule.chance_at_most):
            return traded, voted, votes_rank
    raise Missing(
        Sentence(
            "Needs more states with {common_years} common years; has {traded} in trade and {voted} in votes, the state itself included.",
            common_years=rule.common_years,
            traded=traded.n,
            voted=voted.n,
        )
    )


@method
def leans_and_votes(look: Look, rule: Rule) -> Found:
    """Is the state the first of some in trade with a partner, and among the first in votes with it?"""
    state, vector = look.case.state, rule.vector
    traded, voted, votes_rank = ranks_asked(look, rule)
    share = whole_trade_share(look, state, rule.partner, rule.edition)
    share = share.loc[slice(*rule.trade)]
    gap = look.gap(state, None, rule.fewest).loc[slice(*rule.votes)]
    pairs = traded.n * voted.n
    met = (traded.rank <= rule.trade_rank) + (voted.rank <= votes_rank)
    ranks = alignment.ranks(look.table("trade"), state, rule.edition, *rule.trade)
    places = ranks[ranks["partner"] == rule.partner]["rank"]
    friendly = _friendly_years(look, vector, *rule.trade, **rule.shown)
    reading = Sentence(
        "Rank {rank} of {traded_n} in trade with {vector} (mean share {share:.2f} over {share_years} years), {voted_rank} of {voted_n} in votes (mean gap {gap:+.2f} over {gap_years} years). Were trade and votes unrelated, ranks like those asked for would come {times} times in {pairs}. Shown, and judging nothing: {vector} was the first partner in {first} of {n_places} years; remembered net cooperation was positive at the end of {friendly} of {n_friendly} (coded).",
        rank=traded.rank,
        traded_n=traded.n,
        vector=vector,
        share=share.mean(),
        share_years=share.notna().sum(),
        voted_rank=voted.rank,
        voted_n=voted.n,
        gap=gap.mean(),
        gap_years=gap.notna().sum(),
        times=rule.trade_rank * votes_rank,
        pairs=pairs,
        first=int((places == 1).sum()),
        n_places=len(places),
        friendly=sum(friendly),
        n_friendly=len(friendly),
    )
    return Found(counted(met, 2), float(traded.rank), reading, pairs)


def above_median(
    look: Look, state: str, others: tuple[str, ...], rule: Rule
) -> pd.Series:
    """Years in which a state trades more with a vector than the median of others; those in which all report."""
    first, last = rule.first, rule.last
    own, *theirs = (
        trade_share(look, name, rule.vector, rule.edition).loc[first:last]
        for name in (state, *others)
    )
    # The median of the others needs all of them: what some did not report is not below anything.
    beside = pd.concat(theirs, axis=1).median(axis=1, skipna=False)
    years = own.index[own.notna()].intersection(beside.index[beside.notna()])
    if years.empty:
        raise Missing(
            Sentence(
                "Needs a year from {first} to {last} in which all report trade with {vector}.",
                first=first,
                last=last,
                vector=rule.vector,
            )
        )
    return own[years] > beside[years]


def _friendly_years(
    look: Look, vector: str, first: int, last: int, **read: Any
) -> list[bool]:
    """Is remembered net cooperation with a vector positive at the end of each year?"""
    ends = tuple(f"{year}-12-31" for year in range(first, last + 1))
    rows = look.engaged(ends, **read)
    rows = rows[rows["vector"] == vector]
    return (rows["cooperation"] > rows["conflict"]).tolist()


@method
def leans_on(look: Look, rule: Rule) -> Found:
    """Does the state trade with a partner more than its neighbours do, and are relations friendly?"""
    above = above_median(look, look.case.state, rule.others, rule)
    span = rule.first, rule.last
    friendly = _friendly_years(
        look,
        rule.vector,
        *span,
        half_life=rule.half_life,
        direction=rule.direction,
        coding=rule.coding,
    )
    trades, likes = bool(above.mean() > 0.5), 2 * sum(friendly) > len(friendly)
    return Found(
        counted(trades + likes, 2),
        float(above.mean()),
        Sentence(
            "Share of {vector} above the median of the others in {above} of {n} years; remembered net cooperation positive at the end of {friendly} of {n_friendly} (coded).",
            vector=rule.vector,
            above=int(above.sum()),
            n=len(above),
            friendly=sum(friendly),
            n_friendly=len(friendly),
        ),
        len(above),
        without_coded="supported" if trades else "against",
    )
