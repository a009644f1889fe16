"""Outside sources in one shape, so that one chart grammar draws any of them.

What is told partner by partner has the shape (year, vector, value, n, source), what is
told of the state itself (year, state, value, n, source).  ``n`` says how many
observations stand behind the value; a year without any is kept with NaN and n = 0, so
that a hole in the data is drawn as a hole.  Where a year without a row means that
nothing happened (exercises, arms, incidents), it is a zero, and each function says so
and why; where the source may only be silent (trade, aid), it is NaN.

Partners are single states in the sources; ``partners`` maps each (ISO3) to a vector.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from .data import Missing

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
    return pd.DataFrame(
        {"agreement": grouped.mean(), "n": grouped.count()}
    ).reset_index()


def un_agreement(votes, state, partners, source):
    """Agreement with each partner, in the common shape.

    ``partners`` maps a vector to the ISO3 code of the state that stands for it.
    """
    rows = [
        agreement(votes, state, iso3)
        .rename(columns={"agreement": "value"})
        .assign(vector=vector, source=source)
        for vector, iso3 in partners.items()
    ]
    return pd.concat(rows, ignore_index=True)[
        ["year", "vector", "value", "n", "source"]
    ]


def gap(votes, state, first, second):
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


def opposed(votes, state, first, second):
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


def peer_candidates(votes, states, first, second, years, least=0.75):
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
    if not 0 < least <= 1:
        raise ValueError(f"least is {least!r}; allowed: above 0 and at most 1")
    often = []
    for state in sorted(set(states) & set(votes.columns) - {first, second}):
        known = gap(votes, state, first, second).set_index("year")["gap"]
        if known.reindex(years).notna().mean() >= least:
            often.append(state)
    return often


def gap_net_of_peers(votes, state, first, second, peers):
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


def check_peers(state, peers):
    """Refuse a comparison with nobody, and one of a state with itself."""
    if not peers:
        raise ValueError("peers is empty; allowed: one state or more")
    if state in peers:
        raise ValueError(
            f"peers is {list(peers)!r}; allowed: others than {state} itself"
        )


def net_of(own, gaps):
    """The gap of a state less the mean of the gaps of others, as :func:`gap` gives them.

    Returns
    -------
    DataFrame
        As :func:`gap_net_of_peers`.
    """
    own = own.copy()
    others = pd.concat([rows.set_index("year")["gap"] for rows in gaps], axis=1)
    own["peers"] = others.mean(axis=1).reindex(own["year"]).to_numpy()
    own["n_peers"] = others.notna().sum(axis=1).reindex(own["year"]).to_numpy()
    own["net"] = own["gap"] - own["peers"]
    own["lowest"], own["highest"] = (
        ends.reindex(own["year"]).to_numpy()
        for ends in (others.min(axis=1), others.max(axis=1))
    )
    return own[["year", "gap", "peers", "net", "n", "n_peers", "lowest", "highest"]]


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
    found = pd.DataFrame(
        {
            "year": seen["year"],
            "since": seen["year"].shift(),
            "step": seen[value].diff().abs(),
        }
    )
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
    grouped = (
        pd.DataFrame(
            {"year": votes["year"], "cast": votes[state].isin(SCORE), "calls": member}
        )[member]
        .groupby("year")
        .sum()
        .reset_index()
    )
    return grouped.assign(share=grouped["cast"] / grouped["calls"])


def _scores(votes):
    return votes.map(SCORE).astype(float)


def _known(votes, *states):
    if "year" not in votes:
        raise ValueError("votes lacks the column 'year'")
    for state in states:
        if state not in votes:
            raise Missing(
                f"state is {state!r}; allowed: a column of votes ({', '.join(c for c in votes.columns if len(c) == 3)})"
            )


# --- shares of partners ------------------------------------------------------------------------------

SHAPE = ["year", "vector", "value", "n", "source"]
STATE_SHAPE = ["year", "state", "value", "n", "source"]


def trade_shares(trade, state, partners, source, edition, totals=None, flow="both"):
    """Share of each vector in the merchandise trade of a state.

    Parameters
    ----------
    trade : DataFrame
        Rows (edition, iso3, year, partner, imports, exports); flows in money of one unit.
    state : str
        ISO3 code.
    partners : Series
        ISO3 code to vector.
    edition : str
        Which edition of the source.
    totals : DataFrame, optional
        Rows (iso3, year, imports, exports), the whole trade of the state; by default the sum
        over the partners in ``trade``.  With national totals the shares need not sum to 1:
        what no partner reported is in the total only.
    flow : {"both", "imports", "exports"}

    Returns
    -------
    DataFrame
        Rows (year, vector, value, n, source): ``value`` the share, ``n`` the partners of the
        vector with a reported flow; NaN in a year in which none of them has one.
    """
    flows = {
        "both": ["imports", "exports"],
        "imports": ["imports"],
        "exports": ["exports"],
    }
    if flow not in flows:
        raise ValueError(f"flow is {flow!r}; allowed: {', '.join(map(repr, flows))}")
    if edition not in set(trade["edition"]):
        raise Missing(
            f"edition is {edition!r}; allowed: {', '.join(map(repr, sorted(set(trade['edition']))))}"
        )
    rows = trade[(trade["edition"] == edition) & (trade["iso3"] == state)]
    rows = rows.assign(
        value=rows[flows[flow]].sum(axis=1, min_count=1),
        vector=rows["partner"].map(partners),
    ).dropna(subset=["value", "vector"])
    own = (
        rows
        if totals is None
        else totals[totals["iso3"] == state].assign(
            value=lambda t: t[flows[flow]].sum(axis=1, min_count=1)
        )
    )
    whole = own.groupby("year")["value"].sum(min_count=1)
    # A flow that nobody reported looks in the source like one that did not exist: the
    # neighbours' trade with the largest power in 1992 is as empty as that with the smallest.
    found = _by_vector(rows, partners, absent=None)
    found["value"] = found["value"] / found["year"].map(whole)
    return found.assign(source=source)[SHAPE]


def aid_by_vector(aid, state, partners, source, unit=1e6):
    """Aid of each vector's donors to a state, in millions (``unit`` dollars).

    ``aid`` holds rows (iso3, year, donor, value); donors that are no partner, such as the sum of
    all, are left out.  ``n`` counts donors with a record; NaN in a year without any.
    """
    rows = aid[aid["iso3"] == state].rename(columns={"donor": "partner"})
    rows = rows.assign(
        value=rows["value"] / unit, vector=rows["partner"].map(partners)
    ).dropna(subset=["vector"])
    # Donors report to the source of their own accord: no row is no report.
    return _by_vector(rows, partners, absent=None, listed=True).assign(source=source)[
        SHAPE
    ]


def exercises_by_vector(exercises, state, partners, source):
    """Military exercises of a state in which some state of a vector took part too.

    ``exercises`` holds rows (exercise, year, participant).  A year of the table without a row is a
    zero as far as the source knows; ``n`` counts all exercises of the state in the year.
    """
    own = set(exercises.loc[exercises["participant"] == state, "exercise"])
    rows = exercises[
        exercises["exercise"].isin(own) & (exercises["participant"] != state)
    ]
    rows = (
        rows.assign(vector=rows["participant"].map(partners))
        .dropna(subset=["vector"])
        .drop_duplicates(["exercise", "vector"])
        .assign(value=1.0, partner="")
    )
    # The source gathers every exercise it hears of: a year without one had none, so far as is known.
    found = _by_vector(rows, partners, absent=0.0, years=_span(exercises["year"]))
    each = (
        exercises[exercises["participant"] == state]
        .groupby("year")["exercise"]
        .nunique()
    )
    return found.assign(n=found["year"].map(each).fillna(0).astype(int), source=source)[
        SHAPE
    ]


def arms_by_vector(arms, state, partners, source):
    """Arms that a state received from each vector, in the units of the source.

    ``arms`` holds rows (iso3, year, supplier, tiv); a year of the table without a row is a zero as
    far as the source knows, ``n`` counts records.  Suppliers that the source does not know are left out.
    """
    rows = arms[arms["iso3"] == state].rename(
        columns={"supplier": "partner", "tiv": "value"}
    )
    rows = rows.assign(vector=rows["partner"].map(partners)).dropna(subset=["vector"])
    # A register of deliveries: a year without a row is a year without a recorded delivery.
    return _by_vector(rows, partners, absent=0.0, years=_span(arms["year"])).assign(
        source=source
    )[SHAPE]


def cooperation_shares(
    events,
    state,
    partners,
    source,
    kinds=("verbal_cooperation", "material_cooperation"),
    direction="both",
):
    """Share of each vector in a state's events of some kinds, coded by machine.

    ``events`` holds rows (source, target, year, and one column a kind with counts); ``direction`` is
    "both", "by" or "toward" the state.  ``n`` counts the events of all vectors in the year; NaN
    in a year without any, and for a vector of which the source pairs no state with this one.
    """
    pairs = {
        "by": [("source", "target")],
        "toward": [("target", "source")],
        "both": [("source", "target"), ("target", "source")],
    }
    if direction not in pairs:
        raise ValueError(
            f"direction is {direction!r}; allowed: {', '.join(map(repr, pairs))}"
        )
    rows = pd.concat(
        [
            events[events[one] == state].assign(partner=events[other])
            for one, other in pairs[direction]
        ]
    )
    rows = rows.assign(
        value=rows[list(kinds)].sum(axis=1, skipna=False).astype(float),
        vector=rows["partner"].map(partners),
    ).dropna(subset=["vector"])
    # The counts are exhaustive for the pairs that were read: no row is no event.  Of the
    # smaller states of a region fewer pairs were read, so coverage is asked of this state.
    found = _by_vector(rows, partners, absent=0.0)
    whole = rows.groupby("year")["value"].sum()
    pairs_read = [
        events.loc[events[one] == state, other]
        for one, other in (("source", "target"), ("target", "source"))
    ]
    covered = set(pd.concat(pairs_read).map(partners).dropna())
    found["n"] = (
        found["year"]
        .map(whole)
        .fillna(0)
        .astype(int)
        .where(found["vector"].isin(covered), 0)
    )
    found["value"] = (found["value"] / found["year"].map(whole)).where(found["n"] > 0)
    return found.assign(source=source)[SHAPE]


def obligations(alliances, state, partners, source, years):
    """Kinds of alliance obligation in force between a state and some state of each vector.

    ``alliances`` holds spells (iso3, partner, obligation, from_year, to_year).  ``value`` counts
    kinds, ``n`` the states of the vector that are bound; none is a zero in the years of
    the table, and NaN beyond them.
    """
    rows = _yearly(alliances[alliances["iso3"] == state], years)
    rows = rows.assign(vector=rows["partner"].map(partners)).dropna(subset=["vector"])
    kinds = rows.drop_duplicates(["year", "vector", "obligation"]).assign(value=1.0)
    # The source lists every treaty in force: a year without one is a year without obligation.
    found = _by_vector(kinds, partners, absent=0.0, years=years)
    found["value"] = found["value"].where(_covered(alliances, found["year"]))
    bound = rows.groupby(["year", "vector"])["partner"].nunique()
    return found.assign(n=_looked_up(found, bound), source=source)[SHAPE]


def shared_memberships(memberships, state, partners, source, years):
    """Share of a state's full memberships of organisations that the states of a vector have too.

    ``memberships`` holds spells (iso3, organisation, status, from_year, to_year).  ``value`` is the
    mean over the states of the vector that the table covers, ``n`` the state's own full
    memberships; vectors without such a state have NaN, and so have years without a
    membership of the state, in which nothing can be shared.
    """
    rows = _yearly(memberships[memberships["status"] == "full"], years).drop_duplicates(
        ["iso3", "organisation", "year"]
    )
    own = rows.loc[rows["iso3"] == state, ["organisation", "year"]]
    size = own.groupby("year").size()
    others = sorted(set(memberships["iso3"]) - {state})
    shared = (
        rows.merge(own, on=["organisation", "year"])
        .groupby(["iso3", "year"])
        .size()
        # The source lists all members of a body: a state that it covers and that is in none
        # of the state's own shares none of them, and counts as a zero in the mean.
        .reindex(
            pd.MultiIndex.from_product([others, size.index], names=["iso3", "year"]),
            fill_value=0,
        )
        .rename("value")
        .reset_index()
    )
    shared = shared.assign(
        value=shared["value"] / shared["year"].map(size),
        vector=shared["iso3"].map(partners),
        partner=shared["iso3"],
    ).dropna(subset=["vector"])
    found = _by_vector(shared, partners, absent=None, years=years, mean=True)
    return found.assign(
        n=found["year"]
        .map(size)
        .fillna(0)
        .astype(int)
        .where(found["value"].notna(), 0),
        source=source,
    )[SHAPE]


def missions_by_vector(missions, partners, source):
    """States of each vector with a mission in the state, in the years that the source covers.

    ``missions`` holds rows (partner, year, hosted, sent); ``n`` counts the states of the vector that
    were read.  The source lists every pair with a mission, so that a vector without a row has none.
    """
    rows = missions.assign(
        vector=missions["partner"].map(partners),
        value=(missions["hosted"] > 0).astype(float),
    ).dropna(subset=["vector"])
    return _by_vector(
        rows, partners, absent=0.0, years=sorted(set(missions["year"]))
    ).assign(source=source)[SHAPE]


def ideal_distance(ideal_points, state, representatives, source, years):
    """Distance between the ideal points of a state and of the state that stands for each vector.

    ``ideal_points`` holds rows (iso3, year, ideal_point); ``representatives`` maps vectors to ISO3
    codes.  NaN with n = 0 in a year in which either has no point.
    """
    wide = ideal_points.pivot(
        index="year", columns="iso3", values="ideal_point"
    ).reindex(years)
    rows = [
        pd.DataFrame(
            {
                "year": wide.index,
                "vector": vector,
                "value": (wide[state] - wide[iso3]).abs().to_numpy(),
            }
        )
        for vector, iso3 in representatives.items()
    ]
    found = pd.concat(rows, ignore_index=True)
    return found.assign(n=found["value"].notna().astype(int), source=source)[SHAPE]


def ranks(trade, state, edition, first_year, last_year, among=None):
    """Partners of a state by the size of trade, year by year.

    Returns
    -------
    DataFrame
        Rows (year, partner, value, rank), imports plus exports, the largest first; only partners
        in ``among`` if that is given.
    """
    rows = trade[
        (trade["edition"] == edition)
        & (trade["iso3"] == state)
        & trade["year"].between(first_year, last_year)
    ]
    rows = rows if among is None else rows[rows["partner"].isin(among)]
    rows = rows.assign(
        value=rows[["imports", "exports"]].sum(axis=1, min_count=1)
    ).dropna(subset=["value"])
    rows = rows.assign(
        rank=rows.groupby("year")["value"]
        .rank(ascending=False, method="min")
        .astype(int)
    )
    return rows.sort_values(["year", "rank"])[
        ["year", "partner", "value", "rank"]
    ].reset_index(drop=True)


def effective_vectors(rows):
    """The number of equal partners that would give the balance of each year.

    Parameters
    ----------
    rows : DataFrame
        Rows (year, vector, value), one for every vector in every year, as the functions above give them:
        shares, or amounts that are shared out here; none below 0, NaN where nothing was observed.

    Returns
    -------
    DataFrame
        Rows (year, value, vectors): ``value`` is exp(H) with the entropy H of the shares of the year, from 1
        to ``vectors``, the number of vectors that were observed.  NaN in a year in which none was, or in which
        all are 0, since nothing can then be shared out.
    """
    if (rows["value"] < 0).any():
        raise ValueError(
            f"value is {rows['value'].min():g} in {int((rows['value'] < 0).sum())} row(s); allowed: 0 or more"
        )
    if rows.duplicated(["year", "vector"]).any():
        raise ValueError(
            f"rows has {int(rows.duplicated(['year', 'vector']).sum())} row(s) too many; allowed: one for each vector and year"
        )
    wide = rows.pivot(index="year", columns="vector", values="value").astype(float)
    whole = wide.sum(axis=1)
    share = wide.div(whole.where(whole > 0), axis=0)
    entropy = -(share * np.log(share.where(share > 0))).sum(axis=1)
    return pd.DataFrame(
        {
            "year": wide.index,
            "value": np.exp(entropy).where(whole > 0).to_numpy(),
            "vectors": wide.notna().sum(axis=1).to_numpy(),
        }
    )


# --- measures of a state ------------------------------------------------------------------------------


def measure(
    table,
    where,
    value,
    states,
    source,
    absent="missing",
    since=None,
    until=None,
    years=None,
):
    """One yearly measure of some states.

    Parameters
    ----------
    table : DataFrame
        ``iso3``, and ``year`` or ``date`` or a spell ``from_year`` to ``to_year``.
    where : str
        Rows that count, as ``column=value|value;column=value``; empty for all.
    value : str
        Column that is summed over the rows of a year, or "rows" to count them.
    states : sequence of str
        ISO3 codes.
    absent : {"missing", "zero", "listed"}
        What a year without a row that counts means: a hole; nothing, in every year from ``since`` to
        ``until``; or nothing, but only where the source lists something else for the state in that
        year, a hole otherwise.  The last condition of ``where`` picks what counts, those before it the
        source.
    since, until : int, optional
        First and last year that can be used.
    years : sequence of int, optional
        Years to cover; by default those of the table.

    Returns
    -------
    DataFrame
        Rows (year, state, value, n, source) for every state and year; ``n`` counts rows.
    """
    if absent not in ("missing", "zero", "listed"):
        raise ValueError(f"absent is {absent!r}; allowed: 'missing', 'zero', 'listed'")
    rows = listed = table
    for condition in filter(None, (where if isinstance(where, str) else "").split(";")):
        column, _, allowed = condition.partition("=")
        if column not in rows:
            raise ValueError(
                f"where names the column {column!r}; allowed: {', '.join(rows.columns)}"
            )
        listed = rows
        rows = rows[rows[column].isin(allowed.split("|"))]
    if value != "rows" and value not in rows:
        raise ValueError(
            f"value is {value!r}; allowed: 'rows' or one of {', '.join(rows.columns)}"
        )
    spells = "from_year" in table
    if not spells:
        dated = table["date"].dt.year if "date" in table else table["year"]
        years = range(dated.min(), dated.max() + 1) if years is None else years
        rows, listed = (
            part.assign(year=dated.reindex(part.index)) for part in (rows, listed)
        )
    elif years is None:
        raise ValueError(
            "years is None; allowed: years to cover, since the table holds spells"
        )
    if spells:
        rows, listed = _yearly(rows, years), _yearly(listed, years)
    rows = rows.assign(_value=1.0 if value == "rows" else rows[value].astype(float))
    grouped = rows.groupby(["iso3", "year"])["_value"]
    grid = pd.MultiIndex.from_product(
        [list(states), list(years)], names=["iso3", "year"]
    )
    found = pd.DataFrame(
        {
            "value": grouped.sum(min_count=1, skipna=False).reindex(grid),
            "n": grouped.count().reindex(grid).fillna(0).astype(int),
            "rows": grouped.size().reindex(grid).fillna(0).astype(int),
        }
    ).reset_index()
    if absent == "zero":
        found["value"] = found["value"].mask(found["rows"] == 0, 0.0)
    if absent == "listed":
        known = pd.MultiIndex.from_frame(listed[["iso3", "year"]].drop_duplicates())
        nothing = pd.MultiIndex.from_frame(found[["iso3", "year"]]).isin(known)
        found["value"] = found["value"].mask(nothing & (found["rows"] == 0), 0.0)
    first, last = (
        edge if limit is None or pd.isna(limit) else limit
        for limit, edge in ((since, -np.inf), (until, np.inf))
    )
    unusable = ~found["year"].between(first, last)
    found.loc[unusable, "value"], found.loc[unusable, "n"] = float("nan"), 0
    return found.assign(state=found["iso3"], source=source)[STATE_SHAPE]


# --- all that a case has -------------------------------------------------------------------------------


class Series(NamedTuple):
    """One outside series: its name, unit, the table it is cited from, its rows, and its breaks.

    ``breaks`` maps the first year after a break in the source to what happens there; the series
    should not be read across it.
    """

    id: str
    label: str
    unit: str
    table: str
    rows: pd.DataFrame
    breaks: dict


def vector_series(case):
    """Every outside series that tells partners apart, of the tables that a case has.

    Parameters
    ----------
    case : data.Case

    Returns
    -------
    list of Series
        Each with rows (year, vector, value, n, source) from the first to the last year of the study
        that its source covers.
    """
    state, poles = (
        case.state,
        {v: case.iso3(v) for v in case.vectors["vector"] if case.iso3(v)},
    )
    years = range(case.span()[0].year, case.span()[1].year + 1)
    partners = (
        case.partner_vectors() if case.has("partners") else pd.Series(dtype=object)
    )

    def table(name):
        return case.table(name)

    makers = [
        (
            "un-agreement",
            "Agreement in UN votes",
            "0 to 1",
            "un_votes",
            lambda c: un_agreement(table("un_votes"), state, poles, c),
        ),
        (
            "un-distance",
            "Distance of ideal points in the UN",
            "points",
            "un_ideal_points",
            lambda c: ideal_distance(table("un_ideal_points"), state, poles, c, years),
        ),
        (
            "trade-4",
            "Share of trade (COW 4.0)",
            "share of all trade",
            "trade",
            lambda c: trade_shares(
                table("trade"), state, partners, c, "4.0", table("trade_totals")
            ),
        ),
        (
            "trade-3",
            "Share of trade (COW 3.0)",
            "share of all trade",
            "trade",
            lambda c: trade_shares(table("trade"), state, partners, c, "3.0"),
        ),
        (
            "imports-4",
            "Share of imports (COW 4.0)",
            "share of all imports",
            "trade",
            lambda c: trade_shares(
                table("trade"),
                state,
                partners,
                c,
                "4.0",
                table("trade_totals"),
                "imports",
            ),
        ),
        (
            "exports-4",
            "Share of exports (COW 4.0)",
            "share of all exports",
            "trade",
            lambda c: trade_shares(
                table("trade"),
                state,
                partners,
                c,
                "4.0",
                table("trade_totals"),
                "exports",
            ),
        ),
        (
            "aid-flows",
            "Aid received, net (World Bank)",
            "million current dollars",
            "aid_flows",
            lambda c: aid_by_vector(table("aid_flows"), state, partners, c),
        ),
        (
            "aid-commitments",
            "Aid promised (AidData)",
            "million constant dollars",
            "aid_commitments",
            lambda c: aid_by_vector(table("aid_commitments"), state, partners, c),
        ),
        (
            "exercises",
            "Military exercises together",
            "exercises a year",
            "exercises",
            lambda c: exercises_by_vector(table("exercises"), state, partners, c),
        ),
        (
            "arms",
            "Major arms received",
            "million, trend indicator",
            "arms",
            lambda c: arms_by_vector(table("arms"), state, partners, c),
        ),
        (
            "news-cooperation",
            "Share of friendly events in the news (ICEWS)",
            "share of events",
            "machine_events",
            lambda c: cooperation_shares(table("machine_events"), state, partners, c),
        ),
        (
            "news-conflict",
            "Share of hostile events in the news (ICEWS)",
            "share of events",
            "machine_events",
            lambda c: cooperation_shares(
                table("machine_events"),
                state,
                partners,
                c,
                ("verbal_conflict", "material_conflict"),
            ),
        ),
        (
            "obligations",
            "Alliance obligations in force",
            "kinds, 0 to 5",
            "alliances",
            lambda c: obligations(table("alliances"), state, partners, c, years),
        ),
        (
            "memberships",
            "Memberships shared",
            "share of the state's own",
            "memberships",
            lambda c: shared_memberships(
                table("memberships"), state, partners, c, years
            ),
        ),
        (
            "missions",
            "Missions in the capital",
            "states with a mission",
            "missions",
            lambda c: missions_by_vector(table("missions"), partners, c),
        ),
    ]
    needs = {"trade": ("trade", "trade_totals")}
    found = []
    for name, label, unit, source, make in makers:
        if case.has(*needs.get(source, (source,))) and (
            source.startswith("un_") or len(partners)
        ):
            rows = make(case.cite(source))
            found.append(
                Series(
                    name,
                    label,
                    unit,
                    source,
                    rows[rows["year"].isin(years)].reset_index(drop=True),
                    _breaks_of(case, name),
                )
            )
    return found


def series_of(case, name):
    """The outside series by partner with this id."""
    known = {s.id: s for s in vector_series(case)}
    if name not in known:
        raise ValueError(f"name is {name!r}; allowed: {', '.join(known)}")
    return known[name]


def state_series(case):
    """Every outside measure of the state and its region, as the case's table of measures lists them.

    Returns
    -------
    list of Series
        Each with rows (year, state, value, n, source); the state under study comes first.
    """
    if not case.has("measures"):
        return []
    years = range(case.span()[0].year, case.span()[1].year + 1)
    states = [
        case.state,
        *case.actors.loc[
            case.actors["region"] & (case.actors["kind"] != "self"), "actor"
        ],
    ]
    found = []
    for row in case.table("measures").itertuples():
        if case.has(row.table):
            rows = measure(
                case.table(row.table),
                row.where,
                row.value,
                states,
                case.cite(row.table),
                row.absent,
                row.since,
                row.until,
                years,
            )
            found.append(
                Series(
                    row.id,
                    row.label,
                    row.unit,
                    row.table,
                    rows,
                    _breaks_of(case, row.id),
                )
            )
    return found


# --- significance of a region, outside the state -------------------------------------------------------


def power_measure(table, states, partner, powers, value, absent="missing", without=()):
    """What powers give to the states of a region, or do with them, year by year.

    Parameters
    ----------
    table : DataFrame
        ``year`` and the column ``partner``; with a column ``iso3`` each row is a flow from a partner to
        that state, without it a row is a participant and ``value`` names what it took part in.
    states : sequence of str
        ISO3 codes of the states that count, without the one under study.
    partner : str
        Column that names the donor, supplier or participant.
    powers : sequence of str
        Partners that count as powers.
    value : str
        Column that is summed; of participants, the column of which different values are counted: those
        in which some of ``states`` and some power took part.
    absent : {"missing", "zero"}
        What a state without a row means.  "missing": a year counts only if every state has a row.
    without : sequence of str
        What one of these took part in does not count.

    Returns
    -------
    DataFrame
        Rows (year, value, n) for every year from the first to the last of the table: ``n`` states with a
        row, or exercises that were counted; NaN with n = 0 in a year that does not count.
    """
    if absent not in ("missing", "zero"):
        raise ValueError(f"absent is {absent!r}; allowed: 'missing', 'zero'")
    if not len(states) or not len(powers) or set(states) & (set(powers) | set(without)):
        raise ValueError(
            f"states is {list(states)!r} and powers {list(powers)!r}; allowed: one of each or more, and no state in both or left out"
        )
    for name in ("year", partner, value):
        if name not in table:
            raise ValueError(
                f"table lacks the column {name!r}; allowed: {', '.join(table.columns)}"
            )
    years = pd.Index(_span(table["year"]), name="year")
    if "iso3" in table:
        rows = table[table["iso3"].isin(states) & table[partner].isin(powers)]
        total, n = (  # a row without a value is no report
            rows.groupby("year")[value].sum(skipna=False),
            rows.dropna(subset=value).groupby("year")["iso3"].nunique(),
        )
        whole = n.reindex(years, fill_value=0) >= (
            len(set(states)) if absent == "missing" else 0
        )
    else:
        took = {
            name: table[partner].isin(group).groupby(table[value]).any()
            for name, group in (
                ("states", states),
                ("powers", powers),
                ("without", without),
            )
        }
        counted = took["states"] & took["powers"] & ~took["without"]
        total = n = (
            table[table[value].isin(counted.index[counted])]
            .groupby("year")[value]
            .nunique()
        )
        whole = pd.Series(absent == "zero", years) | years.isin(total.index)
    found = pd.DataFrame(
        {
            "value": total.reindex(years, fill_value=0).astype(float).where(whole),
            "n": n.reindex(years, fill_value=0).where(whole, 0).astype(int),
        }
    )
    return found.reset_index()


def significance(measures, years=None):
    """Significance of a region to the powers, from measures in units that cannot be added.

    Each measure is turned into its rank among the years that it covers, from 0 (lowest) to 1
    (highest), ties sharing their mean rank; a year's significance is the mean over the measures
    that cover it.  Ranks, since money, counts and volumes share no unit and all of them are lumpy:
    of each only the order of the years is used, so that no unit, price level or outlier matters.
    The price is that a rank says nothing of how much.

    Parameters
    ----------
    measures : dict of str to DataFrame
        Name and rows (year, value), as :func:`power_measure` gives them; NaN where not covered.
    years : sequence of int, optional
        Years to tell; by default those of any measure.  Ranks are taken among these years.

    Returns
    -------
    DataFrame
        Rows (year, significance, n, and each measure by its name): ``significance`` in [0, 1], NaN where
        ``n``, the number of measures, is 0.
    """
    if not measures:
        raise ValueError("measures is empty; allowed: one measure or more")
    if years is None:
        years = sorted(set().union(*(rows["year"] for rows in measures.values())))
    ranked = pd.DataFrame(
        {
            name: _ranked(rows.set_index("year")["value"].reindex(years))
            for name, rows in measures.items()
        }
    )
    found = pd.DataFrame(
        {"significance": ranked.mean(axis=1), "n": ranked.notna().sum(axis=1)}
    )
    return pd.concat([found, ranked], axis=1).rename_axis("year").reset_index()


def _ranked(values):
    """Rank from 0 to 1 among the values that are there; .5 where there is one value only or all are alike."""
    seen = values.notna().sum()
    return (
        (values.rank() - 1) / (seen - 1)
        if seen > 1
        else values.where(values.isna(), 0.5)
    )


def region_significance(case, own=False):
    """Significance of the region outside the state, by the case's table of significance.

    Parameters
    ----------
    case : data.Case
    own : bool
        Measure the state itself instead, by the same tables, to lay it beside the region.

    Returns
    -------
    DataFrame
        Rows (year, significance, n, one column a measure) for every year of the study; the state
        itself, and exercises in which it took part, are left out unless ``own``.
    """
    years = range(case.span()[0].year, case.span()[1].year + 1)
    others = list(
        case.actors.loc[
            case.actors["region"] & (case.actors["kind"] != "self"), "actor"
        ]
    )
    states, without = ([case.state], []) if own else (others, [case.state])
    measures = {
        row.id: power_measure(
            case.table(row.table),
            states,
            row.partner,
            row.powers.split("|"),
            row.value,
            row.absent,
            without,
        )
        for row in case.table("significance").itertuples()
    }
    return significance(measures, years)


def episodes(case):
    """The case's episodes with the significance of the region in the year of each.

    Returns
    -------
    DataFrame
        The table of episodes with ``significance`` (NaN where no measure reaches the year) and ``n``.
    """
    known = region_significance(case)[["year", "significance", "n"]]
    return case.table("episodes").merge(
        known, on="year", how="left", validate="many_to_one"
    )


# --- coded acts and plain trends, by year ---------------------------------------------------------------


def acts_by_year(acts, by, span, within=None):
    """Acts counted by year; an act of which only an interval is known is spread over its days.

    Parameters
    ----------
    acts : DataFrame
        ``start`` and ``end`` (included), and the column ``by``.
    by : str
        Column whose values are told apart.
    span : pair of int
        First and last year; what lies outside is left out.
    within : float, optional
        Leave out acts whose interval is longer than so many years of 365.25 days.

    Returns
    -------
    DataFrame
        Rows (year, ``by``, acts) for every year and value, zeros too; without bounds on the years the
        sum is the number of acts.
    """
    if by not in acts:
        raise ValueError(f"by is {by!r}; allowed: {', '.join(acts.columns)}")
    if span[0] > span[1]:
        raise ValueError(
            f"span is {span!r}; allowed: a first year and a last one not before it"
        )
    days = (acts["end"] - acts["start"]).dt.days + 1
    if (days < 1).any():
        raise ValueError(
            f"acts has an end before its start in {int((days < 1).sum())} row(s); allowed: a day not before the start"
        )
    kept = acts if within is None else acts[days <= within * 365.25]
    found = []
    for year in range(span[0], span[1] + 1):
        first, last = (
            kept["start"].clip(lower=pd.Timestamp(year, 1, 1)),
            kept["end"].clip(upper=pd.Timestamp(year, 12, 31)),
        )
        share = ((last - first).dt.days + 1).clip(lower=0) / days.loc[kept.index]
        found.append(
            share.groupby(kept[by]).sum().rename("acts").reset_index().assign(year=year)
        )
    found = pd.concat(found).set_index(["year", by])["acts"]
    grid = pd.MultiIndex.from_product(
        [range(span[0], span[1] + 1), sorted(acts[by].dropna().unique())],
        names=["year", by],
    )
    return found.reindex(grid, fill_value=0.0).reset_index()


class Trend(NamedTuple):
    """A straight line through some years: ``line`` by year, the standard deviation ``spread`` about it, the ``mean`` of its years, and the ``years``."""

    line: pd.Series
    spread: float
    mean: float
    years: tuple


def trend(series, years, told):
    """The straight line through some years of a series, drawn on over others.

    Parameters
    ----------
    series : DataFrame
        Rows (year, value), one a year.
    years : pair of int
        First and last year of the line; three observed years or more.
    told : sequence of int
        Years for which the line is told.

    Returns
    -------
    Trend
        ``spread`` is the residual standard deviation with n - 2 degrees of freedom.  A line through so
        few years is no forecast; it says what going on as before would have meant.
    """
    seen = series[series["year"].between(*years)].dropna(subset="value")
    if len(seen) < 3:
        raise Missing(
            f"years is {tuple(years)!r}, with {len(seen)} observed; allowed: a pair with three observed years or more"
        )
    x, y = seen["year"].to_numpy(float), seen["value"].to_numpy(float)
    slope, start = np.polyfit(x - x.mean(), y, 1)
    spread = float(
        np.sqrt(((y - start - slope * (x - x.mean())) ** 2).sum() / (len(x) - 2))
    )
    told = pd.Index(list(told), name="year")
    return Trend(
        pd.Series(start + slope * (told.to_numpy(float) - x.mean()), told),
        spread,
        float(y.mean()),
        tuple(int(year) for year in x),
    )


def forecast_error(line, years):
    """Standard error with which a line foretells the mean of some years outside its own.

    Parameters
    ----------
    line : Trend
    years : sequence of int
        One or more years that the line does not go through.

    Returns
    -------
    float
        In the unit of the series: the scatter of the years themselves and the doubt about where the line goes,
        if it goes on straight and the years scatter independently (least squares).

    Raises
    ------
    ValueError
        If ``years`` is empty or holds a year of the line.
    """
    years = list(years)
    if not years or set(years) & set(line.years):
        raise ValueError(
            f"years is {years!r}; allowed: one or more years that are not among {line.years}"
        )
    own = np.array(line.years, float)
    reach = (np.mean(years) - own.mean()) ** 2 / ((own - own.mean()) ** 2).sum()
    return float(line.spread * np.sqrt(1 / len(years) + 1 / len(own) + reach))


# --- helpers --------------------------------------------------------------------------------------------


def _by_vector(rows, partners, absent, years=None, mean=False, listed=False):
    """Rows (year, vector, value, partner) summed, with every vector in every year.

    ``absent`` is the value of a vector without a row; None leaves it NaN, and a row without a
    value leaves it NaN in any case.  Without ``years`` a year in which no vector has a row is a
    hole.  With ``listed`` only vectors that occur are told.
    """
    vectors = list(dict.fromkeys(rows["vector"] if listed else partners.dropna()))
    covered = set(rows["year"]) if years is None else set(years)
    years = _span(rows["year"]) if years is None else list(years)
    grouped = rows.groupby(["year", "vector"])
    grid = pd.MultiIndex.from_product([years, vectors], names=["year", "vector"])
    value = (
        grouped["value"].mean()
        if mean
        else grouped["value"].sum(min_count=1, skipna=False)
    ).reindex(grid)
    found = pd.DataFrame(
        {
            "value": value.astype(float),
            "n": grouped.size().reindex(grid).fillna(0).astype(int),
        }
    ).reset_index()
    found["year"] = found["year"].astype(int)  # a table without a row has years too
    if absent is not None:
        nothing = (found["n"] == 0) & found["year"].isin(covered)
        found["value"] = found["value"].mask(nothing, absent)
    return found


def _covered(spells, years):
    """Does each year lie between the first and the last of a table of spells?"""
    return years.between(spells["from_year"].min(), spells["to_year"].max())


def _breaks_of(case, name):
    if not case.has("series_breaks"):
        return {}
    rows = case.table("series_breaks").query("series == @name")
    return dict(zip(rows["year"].astype(int), rows["note"]))


def _span(years):
    return list(range(int(years.min()), int(years.max()) + 1)) if len(years) else []


def _yearly(spells, years):
    """One row a year for spells from ``from_year`` to ``to_year``, within ``years``."""
    rows = spells.assign(
        year=[
            [y for y in years if a <= y <= b]
            for a, b in zip(spells["from_year"], spells["to_year"])
        ]
    )
    return rows.explode("year").dropna(subset=["year"]).astype({"year": int})


def _looked_up(found, counts):
    return (
        pd.MultiIndex.from_frame(found[["year", "vector"]])
        .map(counts.to_dict())
        .to_series()
        .fillna(0)
        .astype(int)
        .to_numpy()
    )
