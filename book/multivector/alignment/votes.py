"""How alike states vote, and whom they are compared with."""

from collections.abc import Collection, Mapping

import pandas as pd

from .. import checks
from ..data import Missing
from ..language import N_
from .shape import SHAPE

#: Score of a vote in agreement: yes 1, abstain 0.5, no 0; absent and non-member have none.
SCORE = {1: 1.0, 2: 0.5, 3: 0.0}
#: What each code means.
WORDS = {
    1: N_("yes"),
    2: N_("abstained"),
    3: N_("no"),
    8: N_("absent"),
    9: N_("no member"),
}


def agreement(votes: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """How alike two states vote, year by year.

    Parameters
    ----------
    votes : DataFrame
        One row a roll call: ``year`` of the source, and one column a state (ISO3) with
        1 yes, 2 abstain, 3 no, 8 absent, 9 not a member, or missing.
    a, b : str
        ISO3 codes.

    Returns
    -------
    DataFrame
        Rows (year, agreement, n), one for every year in ``votes``: the mean of
        1 - |a - b| over the n roll calls in which both voted, in [0, 1]; NaN where n = 0.
        What is put to the vote changes too: agreement is not preference (Bailey,
        Strezhnev and Voeten 2017).
    """
    _known(votes, a, b)
    alike = 1 - (_scores(votes[a]) - _scores(votes[b])).abs()
    grouped = alike.groupby(votes["year"])
    found = {"agreement": grouped.mean(), "n": grouped.count()}
    return pd.DataFrame(found).reset_index()


def un_agreement(
    votes: pd.DataFrame, state: str, representatives: Mapping[str, str], source: str
) -> pd.DataFrame:
    """Agreement with the state that stands for each vector, in the common shape.

    ``representatives`` maps vectors to ISO3 codes.
    """
    rows = [
        agreement(votes, state, iso3)
        .rename(columns={"agreement": "value"})
        .assign(vector=vector, source=source)
        for vector, iso3 in representatives.items()
    ]
    return pd.concat(rows, ignore_index=True)[SHAPE]


def gap(votes: pd.DataFrame, state: str, first: str, second: str) -> pd.DataFrame:
    """Agreement with the first pole less agreement with the second.

    Returns
    -------
    DataFrame
        Rows (year, gap, n): ``gap`` in [-1, 1], NaN where either agreement is undefined;
        ``n`` the smaller number of roll calls behind the two.
    """
    one, two = agreement(votes, state, first), agreement(votes, state, second)
    return pd.DataFrame(
        {
            "year": one["year"],
            "gap": one["agreement"] - two["agreement"],
            "n": one["n"].where(one["n"] < two["n"], two["n"]),
        }
    )


def opposed(votes: pd.DataFrame, state: str, first: str, second: str) -> pd.DataFrame:
    """How a state votes where two others oppose each other, the one with yes and the other with no.

    A series that hardly ever leaves one side is a witness that cannot move.

    Returns
    -------
    DataFrame
        Rows (year, calls, voted, with_first, with_second, abstained), one for every year in ``votes``:
        roll calls on which the two opposed each other, those of them on which the state voted, and how.
    """
    _known(votes, state, first, second)
    one, two, own = (votes[name] for name in (first, second, state))
    calls = ((one == 1) & (two == 3)) | ((one == 3) & (two == 1))
    found = pd.DataFrame(
        {
            "year": votes["year"],
            "calls": calls,
            "voted": calls & own.isin(SCORE),
            "with_first": calls & (own == one),
            "with_second": calls & (own == two),
            "abstained": calls & (own == 2),
        }
    )
    return found.groupby("year").sum().astype(int).reset_index()


def roll_call_votes(
    votes: pd.DataFrame, calls: Collection[int], states: Collection[str]
) -> pd.DataFrame:
    """How some states voted in some roll calls, in words.

    Parameters
    ----------
    votes : DataFrame
        As for :func:`agreement`, with ``rcid``.
    calls : sequence of int
        Roll calls, by ``rcid``.
    states : sequence of str
        ISO3 codes.

    Returns
    -------
    DataFrame
        A row a roll call in the given order, with ``rcid`` and a column a state: a value of :data:`WORDS`.
    """
    _known(votes, *states)
    by_call = votes.set_index("rcid")
    if missing := [call for call in calls if call not in by_call.index]:
        checks.refuse("calls", missing[0], "a roll call of the table")
    told = by_call.loc[list(calls), list(states)]
    return told.apply(lambda column: column.map(WORDS)).reset_index()


def peer_candidates(
    votes: pd.DataFrame,
    states: Collection[str],
    first: str,
    second: str,
    years: Collection[int],
    least: float = 0.75,
) -> list[str]:
    """Which of some states vote often enough to be peers: their gap is known in so large a share of the years.

    Parameters
    ----------
    votes : DataFrame
        As for :func:`agreement`.
    states : sequence of str
        ISO3 codes.
    first, second : str
        The poles; they are nobody's peers.
    years : sequence of int
    least : float
        In (0, 1].

    Returns
    -------
    list of str
        In alphabetical order.
    """
    checks.number("least", least, checks.SHARE)
    often = []
    for state in sorted(set(states) & set(votes.columns) - {first, second}):
        known = gap(votes, state, first, second).set_index("year")["gap"]
        if known.reindex(list(years)).notna().mean() >= least:
            often.append(state)
    return often


def gap_net_of_peers(
    votes: pd.DataFrame, state: str, first: str, second: str, peers: Collection[str]
) -> pd.DataFrame:
    """The gap of a state less the mean gap of its peers in the same year.

    Returns
    -------
    DataFrame
        Rows (year, gap, peers, net, n, n_peers, lowest, highest): ``peers`` is the mean over those of the
        ``n_peers`` peers that have a gap in that year, ``lowest`` and ``highest`` its smallest and largest; ``net``
        is NaN where gap or mean is.
    """
    check_peers(state, peers)
    return net_of(
        gap(votes, state, first, second),
        [gap(votes, peer, first, second) for peer in peers],
    )


def check_peers(state: str, peers: Collection[str]) -> None:
    """Refuse a comparison with nobody, and one of a state with itself."""
    if not peers:
        raise Missing("no states are marked as peers")
    if state in peers:
        checks.refuse("peers", list(peers), f"others than {state} itself")


def net_of(own: pd.DataFrame, gaps: list[pd.DataFrame]) -> pd.DataFrame:
    """The gap of a state less the mean of the gaps of others, as :func:`gap` gives them.

    Returns
    -------
    DataFrame
        As :func:`gap_net_of_peers`.
    """
    others = pd.concat([rows.set_index("year")["gap"] for rows in gaps], axis=1)
    others = others.agg(["mean", "count", "min", "max"], axis=1).reindex(own["year"])
    told = ["peers", "n_peers", "lowest", "highest"]
    found = own.join(others.set_axis(told, axis=1), on="year").astype({told[1]: int})
    found["net"] = found["gap"] - found["peers"]
    return found[["year", "gap", "peers", "net", "n", "n_peers", "lowest", "highest"]]


def attendance(votes: pd.DataFrame, state: str) -> pd.DataFrame:
    """In how many roll calls a state took part, year by year.

    Returns
    -------
    DataFrame
        Rows (year, cast, calls, share): roll calls in which it voted yes, no or abstain,
        and those held while it was a member; years before its membership are left out,
        ``share`` in [0, 1].
    """
    _known(votes, state)
    member = votes[state].notna() & (votes[state] != 9)
    cast = votes[state].isin(SCORE)
    calls = pd.DataFrame({"year": votes["year"], "cast": cast, "calls": member})
    counted = calls[member].groupby("year").sum().reset_index()
    return counted.assign(share=counted["cast"] / counted["calls"])


def _scores(votes: pd.Series) -> pd.Series:
    return votes.map(SCORE).astype(float)


def _known(votes: pd.DataFrame, *states: str) -> None:
    if "year" not in votes:
        raise ValueError("votes lacks the column 'year'")
    for state in states:
        if state not in votes:
            known = ", ".join(name for name in votes.columns if len(name) == 3)
            raise Missing(f"state is {state!r}; allowed: a column of votes ({known})")
