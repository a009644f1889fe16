"""The claims that compare with peers, over every set of peers."""

from __future__ import annotations

import itertools
from collections.abc import Collection

import pandas as pd

from .. import alignment, breaks, data, progress
from ..data import Missing
from ..hints import rows_of
from ..language import N_
from ..store import stored
from .evidence import Look
from .finding import Rule
from .judging import chosen, judge, rules_of
from .methods.outside import sides

#: The largest difference of two spells of the net gap that counts as none.
MARGIN = 0.1


def peer_candidates(case: data.Case) -> list[str]:
    """States that can be peers, by a written rule.

    A peer can be every state of the old union that the table of partners marks, but the state itself
    and the poles, whose gap in votes is known in three quarters of the years or more.  The case's own
    peers are one set of these.

    Returns
    -------
    list of str
        ISO3 codes.
    """
    partners = case.table("partners")
    union = set(partners.loc[partners["cis"], "iso3"]) - {case.state}
    one, other = (str(case.iso3(pole)) for pole in case.poles)
    first, last = (day.year for day in case.span())
    since = range(first + 1, last + 1)  # the state joined in the first
    votes = case.table("un_votes")
    return alignment.peer_candidates(votes, sorted(union), one, other, since)


def peer_sets(case: data.Case) -> list[tuple[str, ...]]:
    """Every set of as many peers as the case has, its own among them."""
    sets = list(itertools.combinations(peer_candidates(case), len(case.peers)))
    own = set(case.peers)
    return sets if own in map(set, sets) else [tuple(case.peers), *sets]


@stored
def over_peers(
    case: data.Case, look: Look | None = None, only: Collection[str] | None = None
) -> pd.DataFrame:
    """What each claim that compares with peers comes to over every set of them.

    Parameters
    ----------
    case : data.Case
    look : Look, optional
    only : collection of str, optional
        Claims; by default all whose rule names the peers among its choices.

    Returns
    -------
    DataFrame
        Rows (id, peers, own, outcome, statistic), one for each claim and set of as many peers as the case has;
        ``own`` marks the case's set.
    """
    look, rules = look or Look(case), chosen(rules_of(case), only)
    choices = rules["choices"].fillna("").str.split("; ")
    rules = rules[choices.map(lambda names: "peers" in names)]
    rows = []
    pairs = list(itertools.product(rows_of(rules), peer_sets(case)))
    for rule, peers in progress.told(pairs, N_("sets of peers")):
        found, outcome, _verdict = judge(look, rule, {"peers": list(peers)})
        own = set(peers) == set(case.peers)
        rows.append((rule.id, ", ".join(peers), own, outcome, found.statistic))
    return pd.DataFrame(rows, columns=["id", "peers", "own", "outcome", "statistic"])


def held_over_peers(found: pd.DataFrame) -> pd.DataFrame:
    """In how many sets of peers a claim comes to what the case's own set comes to, and what most come to.

    Parameters
    ----------
    found : DataFrame
        Of :func:`over_peers`.

    Returns
    -------
    DataFrame
        Rows (outcome, same, sets, outcomes, most, most_sets) by id: ``outcome`` that of the case's set and
        ``same`` the sets with it, ``outcomes`` how many different ones there are, ``most`` the most frequent
        and ``most_sets`` the sets with that.
    """
    rows = {}
    for name, part in found.groupby("id", sort=False):
        own = part.loc[part["own"], "outcome"].iloc[0]
        counts = part["outcome"].value_counts()
        most, many = counts.index[0], int(counts.iloc[0])
        rows[name] = own, int(counts[own]), len(part), len(counts), most, many
    columns = ["outcome", "same", "sets", "outcomes", "most", "most_sets"]
    return pd.DataFrame.from_dict(rows, "index", columns=columns).rename_axis("id")


def nets_over_peers(case: data.Case) -> pd.DataFrame:
    """The two tests that the choice of peers bears on most, for every set of peers.

    Years and margin are those of the case's rules: of the one that asks whether two spells are the same, and of
    the one that names years.  A case without such rules names years itself; the two spells
    are then those before and after the last of these with room on either side.

    Returns
    -------
    DataFrame
        Rows (peers, own, difference, lower, upper, verdict, p): the difference of the spells with its interval and
        where that lies to the margin, and p of the named years in the gap net of these peers.
    """
    look = Look(case)
    same, named, until = _two_tests(case)
    if len(peer_sets(case)) == 1:
        raise Missing(
            "every state that could be a peer is one, so that there is no other set to try"
        )
    rows = []
    for peers in peer_sets(case):
        net = look.series("net gap", peers=peers)
        before, after = sides(net, same)
        noise = breaks.fitting_noise(before, after)
        test = breaks.equivalence(
            before, after, same.margin, same.level, noise, same.draws, same.seed
        )
        row = {
            "peers": ", ".join(peers),
            "own": set(peers) == set(case.peers),
            "difference": test.statistic,
            "lower": test.lower,
            "upper": test.upper,
            "verdict": test.verdict,
            "p": breaks.named_years(net.loc[:until], named).p,
        }
        rows.append(row)
    return pd.DataFrame(rows)


def _two_tests(case: data.Case) -> tuple[Rule, list[int], int]:
    """The rule that asks whether two spells are the same, the years that are named, and the last year."""
    spells, years = "equal_before_and_after", "named_years"
    if case.has("claims", "rules"):
        rules = rules_of(case).set_index("method")["parameters"]
        if {spells, years} <= set(rules.index):
            named = Rule(years, rules[years])
            return Rule(spells, rules[spells]), list(named.years), named.last
    named_years, (first, last) = case.named_breaks(), case.span()
    if not named_years:
        raise Missing("no year was named before looking")
    year = breaks.with_room(named_years, first.year, last.year)
    usual = {"series": "net gap", "margin": MARGIN, "level": 0.9}
    sides = {"before": [first.year + 1, year - 1], "after": [year + 1, last.year - 1]}
    drawing = {"draws": 1999, "seed": 1}
    return Rule(spells, usual | sides | drawing), named_years, last.year
