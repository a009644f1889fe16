"""What a state shares with each vector: trade, aid, arms, exercises, news, treaties."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from .. import checks
from ..data import Missing
from .shape import SHAPE, by_vector, span_of, yearly

#: What counts as trade, and the columns of each.
FLOWS = {
    "both": ["imports", "exports"],
    "imports": ["imports"],
    "exports": ["exports"],
}
#: Who acts on whom, by the columns of the state and of its partner.
_PAIRS = {
    "by": [("source", "target")],
    "toward": [("target", "source")],
    "both": [("source", "target"), ("target", "source")],
}


def _with_vectors(
    rows: pd.DataFrame, partner: str, partners: pd.Series
) -> pd.DataFrame:
    """Rows of known partners, with the vector of each."""
    vector = rows[partner].map(partners)
    return rows.assign(vector=vector, partner=rows[partner]).dropna(subset="vector")


def trade_shares(
    trade: pd.DataFrame,
    state: str,
    partners: pd.Series,
    source: str,
    edition: str,
    totals: pd.DataFrame | None = None,
    flow: str = "both",
) -> pd.DataFrame:
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
    flows = FLOWS[checks.one_of("flow", flow, FLOWS)]
    if edition not in (known := sorted(set(trade["edition"]))):
        allowed = ", ".join(map(repr, known))
        raise Missing(f"edition is {edition!r}; allowed: {allowed}")
    rows = trade[(trade["edition"] == edition) & (trade["iso3"] == state)]
    rows = rows.assign(value=rows[flows].sum(axis=1, min_count=1))
    rows = _with_vectors(rows.dropna(subset="value"), "partner", partners)
    own = rows
    if totals is not None:
        own = totals[totals["iso3"] == state]
        own = own.assign(value=own[flows].sum(axis=1, min_count=1))
    whole = own.groupby("year")["value"].sum(min_count=1)
    # A flow that nobody reported looks in the source like one that did not exist: the
    # neighbours' trade with the largest power in 1992 is as empty as that with the smallest.
    found = by_vector(rows, partners, absent=None)
    found["value"] = found["value"] / found["year"].map(whole)
    return found.assign(source=source)[SHAPE]


def aid_by_vector(
    aid: pd.DataFrame, state: str, partners: pd.Series, source: str
) -> pd.DataFrame:
    """Aid of each vector's donors to a state, in millions.

    ``aid`` holds rows (iso3, year, donor, value); donors that are no partner, such as the sum of
    all, are left out.  ``n`` counts donors with a record; NaN in a year without any.
    """
    rows = _with_vectors(aid[aid["iso3"] == state], "donor", partners)
    rows = rows.assign(value=rows["value"] / 1e6)
    # Donors report to the source of their own accord: no row is no report.
    found = by_vector(rows, partners, absent=None, listed=True)
    return found.assign(source=source)[SHAPE]


def exercises_by_vector(
    exercises: pd.DataFrame, state: str, partners: pd.Series, source: str
) -> pd.DataFrame:
    """Military exercises of a state in which some state of a vector took part too.

    ``exercises`` holds rows (exercise, year, participant).  A year of the table without a row is a
    zero as far as the source knows; ``n`` counts all exercises of the state in the year.
    """
    took_part = exercises["participant"] == state
    own = exercises[took_part]
    rows = exercises[exercises["exercise"].isin(own["exercise"]) & ~took_part]
    rows = _with_vectors(rows, "participant", partners)
    rows = rows.drop_duplicates(["exercise", "vector"]).assign(value=1.0)
    # The source gathers every exercise it hears of: a year without one had none, so far as is known.
    found = by_vector(rows, partners, absent=0.0, years=span_of(exercises["year"]))
    each = found["year"].map(own.groupby("year")["exercise"].nunique())
    return found.assign(n=each.fillna(0).astype(int), source=source)[SHAPE]


def arms_by_vector(
    arms: pd.DataFrame, state: str, partners: pd.Series, source: str
) -> pd.DataFrame:
    """Arms that a state received from each vector, in the units of the source.

    ``arms`` holds rows (iso3, year, supplier, tiv); a year of the table without a row is a zero as
    far as the source knows, ``n`` counts records.  Suppliers that the source does not know are left out.
    """
    rows = _with_vectors(arms[arms["iso3"] == state], "supplier", partners)
    rows = rows.rename(columns={"tiv": "value"})
    # A register of deliveries: a year without a row is a year without a recorded delivery.
    found = by_vector(rows, partners, absent=0.0, years=span_of(arms["year"]))
    return found.assign(source=source)[SHAPE]


def cooperation_shares(
    events: pd.DataFrame,
    state: str,
    partners: pd.Series,
    source: str,
    kinds: Collection[str] = ("verbal_cooperation", "material_cooperation"),
    direction: str = "both",
) -> pd.DataFrame:
    """Share of each vector in a state's events of some kinds, coded by machine.

    ``events`` holds rows (source, target, year, and one column a kind with counts); ``direction`` is
    "both", "by" or "toward" the state.  ``n`` counts the events of all vectors in the year; NaN
    in a year without any, and for a vector of which the source pairs no state with this one.
    """
    pairs = _PAIRS[checks.one_of("direction", direction, _PAIRS)]
    rows = pd.concat(
        [
            _with_vectors(events[events[one] == state], other, partners)
            for one, other in pairs
        ]
    )
    rows["value"] = rows[list(kinds)].sum(axis=1, skipna=False).astype(float)
    # The counts are exhaustive for the pairs that were read: no row is no event.  Of the
    # smaller states of a region fewer pairs were read, so coverage is asked of this state.
    found = by_vector(rows, partners, absent=0.0)
    whole = rows.groupby("year")["value"].sum()
    read = [events.loc[events[one] == state, two] for one, two in _PAIRS["both"]]
    covered = set(pd.concat(read).map(partners).dropna())
    counted = found["year"].map(whole).fillna(0).astype(int)
    found["n"] = counted.where(found["vector"].isin(covered), 0)
    found["value"] = (found["value"] / found["year"].map(whole)).where(found["n"] > 0)
    return found.assign(source=source)[SHAPE]


def obligations(
    alliances: pd.DataFrame,
    state: str,
    partners: pd.Series,
    source: str,
    years: Collection[int],
) -> pd.DataFrame:
    """Kinds of alliance obligation in force between a state and some state of each vector.

    ``alliances`` holds spells (iso3, partner, obligation, from_year, to_year).  ``value`` counts
    kinds, ``n`` the states of the vector that are bound; none is a zero in the years of
    the table, and NaN beyond them.
    """
    rows = yearly(alliances[alliances["iso3"] == state], years)
    rows = _with_vectors(rows, "partner", partners)
    kinds = rows.drop_duplicates(["year", "vector", "obligation"]).assign(value=1.0)
    # The source lists every treaty in force: a year without one is a year without obligation.
    found = by_vector(kinds, partners, absent=0.0, years=years)
    first, last = alliances["from_year"].min(), alliances["to_year"].max()
    found["value"] = found["value"].where(found["year"].between(first, last))
    bound = rows.groupby(["year", "vector"])["partner"].nunique()
    n = bound.reindex(pd.MultiIndex.from_frame(found[["year", "vector"]]), fill_value=0)
    return found.assign(n=n.to_numpy(), source=source)[SHAPE]


def shared_memberships(
    memberships: pd.DataFrame,
    state: str,
    partners: pd.Series,
    source: str,
    years: Collection[int],
) -> pd.DataFrame:
    """Share of a state's full memberships of organisations that the states of a vector have too.

    ``memberships`` holds spells (iso3, organisation, status, from_year, to_year).  ``value`` is the
    mean over the states of the vector that the table covers, ``n`` the state's own full
    memberships; vectors without such a state have NaN, and so have years without a
    membership of the state, in which nothing can be shared.
    """
    rows = yearly(memberships[memberships["status"] == "full"], years)
    rows = rows.drop_duplicates(["iso3", "organisation", "year"])
    own = rows.loc[rows["iso3"] == state, ["organisation", "year"]]
    size = own.groupby("year").size()
    others = sorted(set(memberships["iso3"]) - {state})
    # The source lists all members of a body: a state that it covers and that is in none
    # of the state's own shares none of them, and counts as a zero in the mean.
    every = pd.MultiIndex.from_product([others, size.index], names=["iso3", "year"])
    both = rows.merge(own, on=["organisation", "year"]).groupby(["iso3", "year"]).size()
    shared = both.reindex(every, fill_value=0).rename("value").reset_index()
    shared["value"] = shared["value"] / shared["year"].map(size)
    shared = _with_vectors(shared, "iso3", partners)
    found = by_vector(shared, partners, absent=None, years=years, mean=True)
    n = found["year"].map(size).where(found["value"].notna()).fillna(0).astype(int)
    return found.assign(n=n, source=source)[SHAPE]


def missions_by_vector(
    missions: pd.DataFrame, partners: pd.Series, source: str
) -> pd.DataFrame:
    """States of each vector with a mission in the state, in the years that the source covers.

    ``missions`` holds rows (partner, year, hosted, sent); ``n`` counts the states of the vector that
    were read.  The source lists every pair with a mission, so that a vector without a row has none.
    """
    rows = missions.assign(value=(missions["hosted"] > 0).astype(float))
    rows = _with_vectors(rows, "partner", partners)
    years = sorted(set(missions["year"]))
    found = by_vector(rows, partners, absent=0.0, years=years)
    return found.assign(source=source)[SHAPE]


def ideal_distance(
    ideal_points: pd.DataFrame,
    state: str,
    representatives: Mapping[str, str],
    source: str,
    years: Collection[int],
) -> pd.DataFrame:
    """Distance between the ideal points of a state and of the state that stands for each vector.

    ``ideal_points`` holds rows (iso3, year, ideal_point); ``representatives`` maps vectors to ISO3
    codes.  NaN with n = 0 in a year in which either has no point.
    """
    points = ideal_points.pivot(index="year", columns="iso3", values="ideal_point")
    known = {state, *representatives.values(), *points.columns}
    points = points.reindex(list(years), columns=sorted(known)).rename_axis("year")
    away = {v: (points[state] - points[s]).abs() for v, s in representatives.items()}
    found = pd.concat(away, names=["vector"]).rename("value").reset_index()
    return found.assign(n=found["value"].notna().astype(int), source=source)[SHAPE]


def ranks(
    trade: pd.DataFrame,
    state: str,
    edition: str,
    first_year: int,
    last_year: int,
    among: Collection[str] | None = None,
) -> pd.DataFrame:
    """Partners of a state by the size of trade, year by year.

    Returns
    -------
    DataFrame
        Rows (year, partner, value, rank), imports plus exports, the largest first; only partners
        in ``among`` if that is given.

    Raises
    ------
    Missing
        If there is none.
    """
    rows = trade[
        (trade["edition"] == edition)
        & (trade["iso3"] == state)
        & trade["year"].between(first_year, last_year)
    ]
    rows = rows if among is None else rows[rows["partner"].isin(among)]
    rows = rows.assign(value=rows[["imports", "exports"]].sum(axis=1, min_count=1))
    rows = rows.dropna(subset="value")
    if rows.empty:
        raise Missing(f"edition {edition!r} has no trade of {state} in these years")
    place = rows.groupby("year")["value"].rank(ascending=False, method="min")
    rows = rows.assign(rank=place.astype(int)).sort_values(["year", "rank"])
    return rows[["year", "partner", "value", "rank"]].reset_index(drop=True)


def effective_vectors(rows: pd.DataFrame) -> pd.DataFrame:
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
    if below := int((rows["value"] < 0).sum()):
        raise ValueError(
            f"value is {rows['value'].min():g} in {below} row(s); allowed: 0 or more"
        )
    if twice := int(rows.duplicated(["year", "vector"]).sum()):
        raise ValueError(
            f"rows has {twice} row(s) too many; allowed: one for each vector and year"
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
