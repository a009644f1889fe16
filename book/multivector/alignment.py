"""Outside sources in one shape, so that one chart grammar draws any of them.

The shape is (year, vector, value, n, source): ``n`` says how many observations stand
behind the value, and a year without any is kept with NaN and n = 0, so that a hole in
the data is drawn as a hole.
"""

import pandas as pd

#: Score of a vote in agreement: yes 1, abstain 0.5, no 0; absent and non-member have none.
SCORE = {1: 1.0, 2: 0.5, 3: 0.0}


def agreement(votes, a, b):
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
    return pd.DataFrame({"agreement": grouped.mean(), "n": grouped.count()}).reset_index()


def un_agreement(votes, state, partners, source):
    """Agreement with each partner, in the common shape.

    ``partners`` maps a vector to the ISO3 code of the state that stands for it.
    """
    rows = [agreement(votes, state, iso3).rename(columns={"agreement": "value"}).assign(vector=vector, source=source)
            for vector, iso3 in partners.items()]
    return pd.concat(rows, ignore_index=True)[["year", "vector", "value", "n", "source"]]


def gap(votes, state, first, second):
    """Agreement with the first pole less agreement with the second.

    Returns
    -------
    DataFrame
        Rows (year, gap, n): ``gap`` in [-1, 1], NaN where either agreement is undefined;
        ``n`` the smaller number of roll calls behind the two.
    """
    one, two = agreement(votes, state, first), agreement(votes, state, second)
    return pd.DataFrame({"year": one["year"], "gap": one["agreement"] - two["agreement"], "n": one["n"].where(one["n"] < two["n"], two["n"])})


def gap_net_of_peers(votes, state, first, second, peers):
    """The gap of a state less the mean gap of its peers in the same year.

    Returns
    -------
    DataFrame
        Rows (year, gap, peers, net, n, n_peers): ``peers`` is the mean over those of the
        ``n_peers`` peers that have a gap in that year; ``net`` is NaN where either is.
    """
    if not peers:
        raise ValueError("peers is empty; allowed: one state or more")
    own = gap(votes, state, first, second)
    others = pd.concat([gap(votes, peer, first, second).set_index("year")["gap"] for peer in peers], axis=1)
    own["peers"] = others.mean(axis=1).reindex(own["year"]).to_numpy()
    own["n_peers"] = others.notna().sum(axis=1).reindex(own["year"]).to_numpy()
    own["net"] = own["gap"] - own["peers"]
    return own[["year", "gap", "peers", "net", "n", "n_peers"]]


def steps(series, value):
    """Absolute change of each year from the last observed year before it.

    A step over a hole stands at the first observed year after the hole.

    Parameters
    ----------
    series : DataFrame
        Rows with ``year`` and the column ``value``; NaN where nothing was observed.
    value : str
        Name of the column.

    Returns
    -------
    DataFrame
        Rows (year, since, step): from the observed year ``since``; one fewer than the
        observed years.
    """
    seen = series.dropna(subset=value).sort_values("year")
    found = pd.DataFrame({"year": seen["year"], "since": seen["year"].shift(), "step": seen[value].diff().abs()})
    return found.dropna(subset="step").reset_index(drop=True)


def attendance(votes, state):
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
    grouped = pd.DataFrame({"year": votes["year"], "cast": votes[state].isin(SCORE), "calls": member})[member].groupby("year").sum().reset_index()
    return grouped.assign(share=grouped["cast"] / grouped["calls"])


def _scores(votes):
    return votes.map(SCORE).astype(float)


def _known(votes, *states):
    if "year" not in votes:
        raise ValueError("votes lacks the column 'year'")
    for state in states:
        if state not in votes:
            raise ValueError(f"state is {state!r}; allowed: a column of votes ({', '.join(c for c in votes.columns if len(c) == 3)})")
