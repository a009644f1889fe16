"""The one shape of outside sources, and how rows of a source are brought into it."""

import pandas as pd

SHAPE = ["year", "vector", "value", "n", "source"]
STATE_SHAPE = ["year", "state", "value", "n", "source"]


def by_vector(rows, partners, absent, years=None, mean=False, listed=False):
    """Rows (year, vector, value, partner) summed, with every vector in every year.

    ``absent`` is the value of a vector without a row; None leaves it NaN, and a row without a
    value leaves it NaN in any case.  Without ``years`` a year in which no vector has a row is a
    hole.  With ``listed`` only vectors that occur are told.
    """
    vectors = list(dict.fromkeys(rows["vector"] if listed else partners.dropna()))
    covered = set(rows["year"]) if years is None else set(years)
    years = span_of(rows["year"]) if years is None else list(years)
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


def span_of(years):
    """Every year from the first to the last of some."""
    return list(range(int(years.min()), int(years.max()) + 1)) if len(years) else []


def yearly(spells, years):
    """One row a year for spells from ``from_year`` to ``to_year``, within ``years``."""
    rows = spells.assign(
        year=[
            [y for y in years if a <= y <= b]
            for a, b in zip(spells["from_year"], spells["to_year"])
        ]
    )
    return rows.explode("year").dropna(subset=["year"]).astype({"year": int})
