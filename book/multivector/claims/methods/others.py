"""Methods that set the state beside other states, or a partner beside others."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ... import alignment, jumps
from ...data import Missing
from ..evidence import Look, kept, whole_spell
from ..finding import Found, counted, method, with_sign
from ..states import no_draws, of_states, trade_share, values_listed, whole_trade_share


def judge_first(share: float, half: Any, third: Any) -> str:
    """Which way the rule falls by the share of years in which a partner is first."""
    return "supported" if share > half else "mixed" if share >= third else "against"


@method
def share_of_years_first(
    look: Look,
    *,
    edition: str,
    partner: str,
    first: int,
    last: int,
    half: float,
    third: float,
) -> Found:
    """In what share of years is a partner the first of those outside the old union?"""
    partners = look.table("partners")
    outside = set(partners.loc[~partners["cis"], "iso3"])
    ranks = alignment.ranks(
        look.table("trade"), look.case.state, edition, first, last, outside
    )
    leader = ranks[ranks["rank"] == 1].set_index("year")["partner"]
    if holes := sorted(set(range(first, last + 1)) - set(leader.index)):
        raise Missing(f"Needs trade in {', '.join(map(str, holes))}.")
    share = float((leader == partner).mean())
    outcome = judge_first(share, half, third)
    return Found(
        outcome,
        share,
        f"First in {int((leader == partner).sum())} of {len(leader)} years, by edition {edition}: {', '.join(map(str, leader.index[leader == partner])) or 'none'}.",
        len(leader),
    )


def judge_inside(own: Any, band: Any, edge: Any) -> str:
    """Which way the rule falls by the place of a state inside the band of others."""
    low, high = band.min(), band.max()
    beyond = max(low - own, own - high, 0.0)
    if beyond == 0:
        return "supported"
    return "mixed" if beyond < edge * (high - low) else "against"


def judge_above(own: Any, band: Any) -> str:
    """Which way the rule falls by the place of a state above the band of others."""
    if own > band.max():
        return "supported"
    return "mixed" if own > band.median() else "against"


@method
def within_band(
    look: Look,
    *,
    measure: str,
    others: list[str],
    first: int,
    last: int,
    edge: float,
    direction: str = "both",
) -> Found:
    """Does the state lie between the smallest and the largest of some others?"""
    values, shared = of_states(
        look, measure, [look.case.state, *others], first, last, direction
    )
    own = values[look.case.state]
    return Found(
        judge_inside(own, values[others], edge),
        float(own),
        f"{measure}, {first} to {last}: {values_listed(look, values)}; {shared} partners in common.",
        len(values),
    )


@method
def above_others(
    look: Look,
    *,
    measure: str,
    others: list[str],
    first: int,
    last: int,
    direction: str = "by",
) -> Found:
    """Does the state lie above each of some others, or above their median?"""
    values, shared = of_states(
        look, measure, [look.case.state, *others], first, last, direction
    )
    own = values[look.case.state]
    return Found(
        judge_above(own, values[others]),
        float(own),
        f"{measure}, {first} to {last}: {values_listed(look, values)}; {shared} partners in common.",
        len(values),
    )


@kept
def leads_in_news(
    look: Look, first: int, last: int, more: Any, less: Any, direction: str
) -> tuple[pd.Series, pd.Series]:
    """Yearly lead of one vector over another in shares of friendly deeds and of friendly words."""
    gaps = {}
    for kind in ("material_cooperation", "verbal_cooperation"):
        rows = alignment.cooperation_shares(
            look.table("machine_events"),
            look.case.state,
            look.case.partner_vectors(),
            "",
            (kind,),
            direction,
        )
        wide = rows[rows["year"].between(first, last)].pivot(
            index="year", columns="vector", values="value"
        )
        sides = wide.reindex(columns=[more, less])
        gaps[kind] = whole_spell(
            (sides[more] - sides[less]).rename(f"{kind.replace('_', ' ')} with both"),
            first,
            last,
        )
    return gaps["material_cooperation"], gaps["verbal_cooperation"]


def judge_deeds(deeds: Any, words: Any, most: Any, some: Any) -> str:
    """Which way the rule falls by the leads in deeds and in words."""
    positive = int((deeds > 0).sum())
    if positive >= most and deeds.mean() > words.mean():
        return "supported"
    return "mixed" if positive >= some else "against"


@method
def deeds_over_words(
    look: Look,
    *,
    first: int,
    last: int,
    more: str,
    less: str,
    most: int,
    some: int,
    direction: str = "by",
) -> Found:
    """Does one pole lead the other in deeds, and more than in words?"""
    deeds, words = leads_in_news(look, first, last, more, less, direction)
    positive = int((deeds > 0).sum())
    return Found(
        judge_deeds(deeds, words, most, some),
        float(deeds.mean()),
        f"Lead of {more} over {less}: in deeds positive in {positive} of {len(deeds)} years, mean {with_sign(deeds.mean(), 2)}; in words {with_sign(words.mean(), 2)}.",
        len(deeds),
    )


def ranks_asked(
    look: Look,
    *,
    partner: str,
    others: Any,
    trade: Any,
    votes: Any,
    edition: str,
    common_years: Any,
    trade_rank: Any,
    votes_rank: Any,
    chance_at_most: Any,
    fewest: int,
    **_: Any,
) -> tuple[jumps.Rank, jumps.Rank, int]:
    """Ranks in trade and in votes, and the rank in votes that is asked for: fewer states, more is asked."""

    def ranked(series: Any, span: tuple[int, int]) -> Any:
        own, *theirs = (
            series(state).loc[slice(*span)] for state in (look.case.state, *others)
        )
        return jumps.rank_over_common_years(own, theirs, common_years)

    traded = ranked(lambda s: whole_trade_share(look, s, partner, edition), trade)
    voted = ranked(lambda s: look.gap(s, None, fewest), votes)
    pairs = traded.n * voted.n
    if not jumps.within(trade_rank * votes_rank / pairs, chance_at_most):
        votes_rank = 1
    if not jumps.within(trade_rank * votes_rank / pairs, chance_at_most):
        raise Missing(
            f"Needs more states with {common_years} common years; has {traded.n} in trade and {voted.n} in votes, the state itself included."
        )
    return traded, voted, votes_rank


@method
def leans_and_votes(
    look: Look,
    *,
    vector: str,
    partner: str,
    others: list[str],
    trade: list[int],
    votes: list[int],
    edition: str,
    common_years: int,
    trade_rank: int,
    votes_rank: int,
    chance_at_most: float,
    fewest: int,
    shown: dict[str, Any],
    draws: str,
    seed: int | None = None,
) -> Found:
    """Is the state the first of some in trade with a partner, and among the first in votes with it?"""
    no_draws(draws, seed)
    state = look.case.state
    traded, voted, votes_rank = ranks_asked(
        look,
        partner=partner,
        others=others,
        trade=trade,
        votes=votes,
        edition=edition,
        common_years=common_years,
        trade_rank=trade_rank,
        votes_rank=votes_rank,
        chance_at_most=chance_at_most,
        fewest=fewest,
    )
    share = whole_trade_share(look, state, partner, edition).loc[slice(*trade)]
    gap = look.gap(state, None, fewest).loc[slice(*votes)]
    pairs = traded.n * voted.n
    met = (traded.rank <= trade_rank) + (voted.rank <= votes_rank)
    ranks = alignment.ranks(look.table("trade"), state, edition, *trade)
    places = ranks[ranks["partner"] == partner]["rank"]
    friendly = _friendly_years(look, vector, *trade, **shown)
    return Found(
        counted(met, 2),
        float(traded.rank),
        f"Rank {traded.rank} of {traded.n} in trade with {vector} (mean share {share.mean():.2f} over {share.notna().sum()} years), {voted.rank} of {voted.n} in votes (mean gap {with_sign(gap.mean(), 2)} over {gap.notna().sum()} years). "
        f"Were trade and votes unrelated, ranks like those asked for would come {trade_rank * votes_rank} times in {pairs}. "
        f"Shown, and judging nothing: {vector} was the first partner in {int((places == 1).sum())} of {len(places)} years; remembered net cooperation was positive at the end of {sum(friendly)} of {len(friendly)} (coded).",
        pairs,
    )


@kept
def above_median(
    look: Look,
    state: str,
    others: Any,
    vector: str,
    first: int,
    last: int,
    edition: str,
) -> pd.Series:
    """Years in which a state trades more with a vector than the median of others; those in which all report."""
    own, *theirs = (
        trade_share(look, name, vector, edition).loc[first:last]
        for name in (state, *others)
    )
    # The median of the others needs all of them: what some did not report is not below anything.
    beside = pd.concat(theirs, axis=1).median(axis=1, skipna=False)
    years = own.index[own.notna()].intersection(beside.index[beside.notna()])
    if years.empty:
        raise Missing(
            f"Needs a year from {first} to {last} in which all report trade with {vector}."
        )
    return own[years] > beside[years]


def _friendly_years(
    look: Look,
    vector: str,
    first: int,
    last: int,
    half_life: float,
    direction: str,
    coding: str | None = None,
) -> list[bool]:
    """Is remembered net cooperation with a vector positive at the end of each year?"""
    ends = tuple(f"{year}-12-31" for year in range(first, last + 1))
    rows = look.engaged(ends, half_life, direction, coding)
    rows = rows[rows["vector"] == vector]
    return (rows["cooperation"] > rows["conflict"]).tolist()


@method
def leans_on(
    look: Look,
    *,
    vector: str,
    others: list[str],
    first: int,
    last: int,
    edition: str,
    half_life: float,
    direction: str,
    coding: str | None = None,
) -> Found:
    """Does the state trade with a partner more than its neighbours do, and are relations friendly?"""
    above = above_median(look, look.case.state, others, vector, first, last, edition)
    friendly = _friendly_years(look, vector, first, last, half_life, direction, coding)
    trades, likes = bool(above.mean() > 0.5), 2 * sum(friendly) > len(friendly)
    reading = f"Share of {vector} above the median of the others in {int(above.sum())} of {len(above)} years; remembered net cooperation positive at the end of {sum(friendly)} of {len(friendly)} (coded)."
    return Found(
        counted(trades + likes, 2),
        float(above.mean()),
        reading,
        len(above),
        without_coded="supported" if trades else "against",
    )
