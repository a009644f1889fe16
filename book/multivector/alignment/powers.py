"""Significance of a region to the powers, measured outside the state."""

from collections.abc import Collection, Mapping

import pandas as pd

from .. import checks
from ..data import Case
from ..hints import rows_of
from .measures import neighbours, years_of
from .shape import span_of


def power_measure(
    table: pd.DataFrame,
    states: Collection[str],
    partner: str,
    powers: Collection[str],
    value: str,
    absent: str = "missing",
    without: Collection[str] = (),
) -> pd.DataFrame:
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
    checks.one_of("absent", absent, ("missing", "zero"))
    if not len(states) or not len(powers) or set(states) & (set(powers) | set(without)):
        allowed = "one of each or more, and no state in both or left out"
        raise ValueError(
            f"states is {list(states)!r} and powers {list(powers)!r}; allowed: {allowed}"
        )
    for name in ("year", partner, value):
        if name not in table:
            raise ValueError(
                f"table lacks the column {name!r}; allowed: {', '.join(table.columns)}"
            )
    years = pd.Index(span_of(table["year"]), name="year")
    if "iso3" in table:
        total, n = _flows(table, states, partner, powers, value)
        least = len(set(states)) if absent == "missing" else 0
        whole = n.reindex(years, fill_value=0) >= least
    else:
        total = n = _together(table, states, partner, powers, value, without)
        whole = pd.Series(absent == "zero", years) | years.isin(total.index)
    found = pd.DataFrame(
        {
            "value": total.reindex(years, fill_value=0).astype(float).where(whole),
            "n": n.reindex(years, fill_value=0).where(whole, 0).astype(int),
        }
    )
    return found.reset_index()


def _flows(
    table: pd.DataFrame,
    states: Collection[str],
    partner: str,
    powers: Collection[str],
    value: str,
) -> tuple[pd.Series, pd.Series]:
    """Sum of the flows from the powers to the states by year, and states with a row."""
    rows = table[table["iso3"].isin(states) & table[partner].isin(powers)]
    # A row without a value is no report.
    reported = rows.dropna(subset=value).groupby("year")["iso3"].nunique()
    return rows.groupby("year")[value].sum(skipna=False), reported


def _together(
    table: pd.DataFrame,
    states: Collection[str],
    partner: str,
    powers: Collection[str],
    value: str,
    without: Collection[str],
) -> pd.Series:
    """What some state and some power took part in, and none of those left out, counted by year."""

    def took(group: Collection[str]) -> pd.Series:
        return table[partner].isin(group).groupby(table[value]).any()

    counted = took(states) & took(powers) & ~took(without)
    rows = table[table[value].isin(counted.index[counted])]
    return rows.groupby("year")[value].nunique()


def significance(
    measures: Mapping[str, pd.DataFrame], years: Collection[int] | None = None
) -> pd.DataFrame:
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
    checks.not_empty("measures", measures, "measure")
    if years is None:
        years = sorted(set().union(*(rows["year"] for rows in measures.values())))
    by_year = {name: rows.set_index("year")["value"] for name, rows in measures.items()}
    ranked = pd.DataFrame(by_year).reindex(list(years)).apply(_ranked)
    found = {"significance": ranked.mean(axis=1), "n": ranked.count(axis=1)}
    return pd.DataFrame(found).join(ranked).rename_axis("year").reset_index()


def _ranked(values: pd.Series) -> pd.Series:
    """Rank from 0 to 1 among the values that are there; .5 where there is one value only or all are alike."""
    seen = values.notna().sum()
    if seen > 1:
        return (values.rank() - 1) / (seen - 1)
    return values.where(values.isna(), 0.5)


def region_significance(case: Case, own: bool = False) -> pd.DataFrame:
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
    states, without = ([case.state], []) if own else (neighbours(case), [case.state])
    measures = {}
    for row in rows_of(case.table("significance")):
        given = (row.partner, row.powers.split("|"), row.value, row.absent, without)
        measures[row.id] = power_measure(case.table(row.table), states, *given)
    return significance(measures, years_of(case))


def episodes(case: Case) -> pd.DataFrame:
    """The case's episodes with the significance of the region in the year of each.

    Returns
    -------
    DataFrame
        The table of episodes with ``significance`` (NaN where no measure reaches the year) and ``n``.
    """
    known = region_significance(case)[["year", "significance", "n"]]
    told = case.table("episodes")
    return told.merge(known, on="year", how="left", validate="many_to_one")


def leaders_outward(case: Case) -> dict[str, float]:
    """How far the case takes each leader to be turned to the outside, by name.

    Returns
    -------
    dict of str to float
        Empty where the case does not order its leaders.
    """
    periods = case.periods
    if "outward" not in periods:
        return {}
    told = periods.dropna(subset="outward").set_index("label")["outward"]
    return {str(name): float(rank) for name, rank in told.items()}
