"""The one shape of outside sources, and how rows of a source are brought into it."""

from collections.abc import Collection

import pandas as pd

SHAPE = ["year", "vector", "value", "n", "source"]
STATE_SHAPE = ["year", "state", "value", "n", "source"]


def by_vector(
    rows: pd.DataFrame,
    partners: pd.Series,
    absent: float | None,
    years: Collection[int] | None = None,
    mean: bool = False,
    listed: bool = False,
) -> pd.DataFrame:
    """Rows (year, vector, value, partner) summed, with every vector in every year.

    ``absent`` is the value of a vector without a row; None leaves it NaN, and a row without a
    value leaves it NaN in any case.  Without ``years`` a year in which no vector has a row is a
    hole.  With ``listed`` only vectors that occur are told.
    """
    vectors = list(dict.fromkeys(rows["vector"] if listed else partners.dropna()))
    covered = set(rows["year"]) if years is None else set(years)
    years = span_of(rows["year"]) if years is None else list(years)
    values = rows.groupby(["year", "vector"])["value"]
    grid = pd.MultiIndex.from_product([years, vectors], names=["year", "vector"])
    value = values.mean() if mean else values.sum(min_count=1, skipna=False)
    n = values.size().reindex(grid, fill_value=0)
    found = pd.DataFrame({"value": value.reindex(grid).astype(float), "n": n})
    found = found.reset_index()
    found["year"] = found["year"].astype(int)  # a table without a row has years too
    if absent is not None:
        nothing = (found["n"] == 0) & found["year"].isin(covered)
        found["value"] = found["value"].mask(nothing, absent)
    return found


def span_of(years: pd.Series) -> list[int]:
    """Every year from the first to the last of some."""
    return list(range(int(years.min()), int(years.max()) + 1)) if len(years) else []


def yearly(spells: pd.DataFrame, years: Collection[int]) -> pd.DataFrame:
    """One row a year for spells from ``from_year`` to ``to_year``, within ``years``."""
    within = [
        [year for year in years if first <= year <= last]
        for first, last in zip(spells["from_year"], spells["to_year"])
    ]
    rows = spells.assign(year=pd.Series(within, spells.index, dtype=object))
    return rows.explode("year").dropna(subset=["year"]).astype({"year": int})
