"""How far two coders agree, and what their disagreements do to the numbers.

Units are acts that both coders found; what only one of them found is counted as recall.
Agreement beyond chance is Krippendorff's alpha (Krippendorff 2019), 1 for full agreement
and 0 for what chance alone would give.
"""

from collections.abc import Collection, Mapping
from typing import Any

import krippendorff
import numpy as np
import pandas as pd

from . import checks
from .data import Case
from .engagement import Doubts, bands
from .hints import Dates
from .store import stored

LEVELS = ("nominal", "interval")
CODERS = ("first", "second")


def alpha(
    first: Collection[Any], second: Collection[Any], level: str = "nominal"
) -> float:
    """Krippendorff's alpha of two coders over the same units.

    Parameters
    ----------
    first, second : sequence, length N
        Values of the two coders, unit by unit.  A missing value counts as a value of its own
        where the level is "nominal" (an empty cell is a decision); where it is "interval" the
        unit is left out.
    level : {"nominal", "interval"}
        Level of measurement; distances count where it is "interval".

    Returns
    -------
    float
        At most 1; NaN if no two units have different values, since nothing can then be told.

    Raises
    ------
    ValueError
        If the lengths differ, no unit is left, or the level is unknown.
    """
    checks.one_of("level", level, LEVELS)
    values = _pairs(first, second, level)
    if values.size == 0:
        raise ValueError(
            "first and second have no unit in common; allowed: one or more"
        )
    if len(np.unique(values)) < 2:
        return float("nan")
    return float(krippendorff.alpha(values, level_of_measurement=level))


def agreement_table(
    matched: pd.DataFrame, variables: Mapping[str, str]
) -> pd.DataFrame:
    """Alpha and plain agreement for several variables.

    Parameters
    ----------
    matched : DataFrame
        Columns ``<variable>_first`` and ``<variable>_second``, one row a matched act.
    variables : dict of str to str
        Variable to level of measurement.

    Returns
    -------
    DataFrame
        Rows (variable, level, alpha, same, n): ``same`` the share of units with equal values.
    """
    rows = []
    for name, level in variables.items():
        both = matched[f"{name}_first"], matched[f"{name}_second"]
        one, other = _pairs(*both, level)
        same = float((one == other).mean())
        rows.append((name, level, alpha(*both, level), same, len(one)))
    return pd.DataFrame(rows, columns=["variable", "level", "alpha", "same", "n"])


def matched(codings: pd.DataFrame) -> pd.DataFrame:
    """Acts that both coders found, side by side.

    Parameters
    ----------
    codings : DataFrame
        Rows of both coders with ``coder`` ("first" or "second"), ``id`` and ``act``; rows with the same
        ``act`` report the same act.

    Returns
    -------
    DataFrame
        One row an act, every other column twice, with the coders' names behind it.
    """
    codings = codings[codings["act"].notna()]
    for _, row in codings[codings.duplicated(["coder", "act"])].iterrows():
        raise ValueError(
            f"codings has the act {row['act']!r} twice for the coder {row['coder']!r}; allowed: once"
        )
    one, other = (
        codings[codings["coder"] == coder].drop(columns="coder") for coder in CODERS
    )
    return one.merge(other, on="act", suffixes=[f"_{coder}" for coder in CODERS])


def recall(codings: pd.DataFrame) -> pd.DataFrame:
    """Of the acts of each coder, the share that the other found too.

    Returns
    -------
    DataFrame
        Rows (coder, acts, found, recall).
    """
    matched = codings["act"].notna().groupby(codings["coder"])
    found = matched.agg(acts="size", found="sum", recall="mean").reindex(list(CODERS))
    return found.reset_index()


def confusion(first: Collection[Any], second: Collection[Any]) -> pd.DataFrame:
    """How often one coder's value stands where the other's is another.

    Neither coder is the truth, so every unit counts in both directions.

    Parameters
    ----------
    first, second : sequence of float, length N
        Values of the two coders; units that miss either are left out.

    Returns
    -------
    DataFrame
        Rows (value, other, probability); the probabilities of a value sum to 1.
    """
    one, other = _pairs(first, second, "interval")
    ways = {"value": np.append(one, other), "other": np.append(other, one)}
    counts = pd.DataFrame(ways).groupby(["value", "other"]).size()
    chance = counts / counts.groupby("value").transform("sum")
    return chance.rename("probability").reset_index()


def doubt(case: Case) -> float | pd.DataFrame:
    """The doubt about codes for ``engagement.bands``: the coders' confusion, where there are two coders.

    Parameters
    ----------
    case : data.Case
        Without two codings the doubt is normal noise as in ``engagement.Doubts``.
    """
    if not case.has("codings"):
        return Doubts().perturb
    both = matched(case.table("codings"))
    return confusion(both["goldstein_first"], both["goldstein_second"])


@stored
def effective_vectors(
    case: Case, at: Dates, half_life: float = 730.0, draws: int = 500
) -> pd.DataFrame:
    """The number of partners in the acts, with its band and the doubt about codes.

    Parameters
    ----------
    case : data.Case
    at : sequence of dates
    half_life : float
        In days.
    draws : int

    Returns
    -------
    DataFrame
        Rows (date, index, value, lower, upper, undefined, year) of ``engagement.bands``.
    """
    rows = bands(case.events, at, half_life, draws, perturb=doubt(case))
    rows = rows[rows["index"] == "effective_vectors"].reset_index(drop=True)
    return rows.assign(year=rows["date"].dt.year)


def _pairs(first: Collection[Any], second: Collection[Any], level: str) -> np.ndarray:
    """Values of both coders as numbers, shape (2, N)."""
    one = pd.Series(first).reset_index(drop=True)
    other = pd.Series(second).reset_index(drop=True)
    checks.as_many("second", other, "first", len(one))
    if level == "nominal":
        both = pd.concat([one, other], ignore_index=True).astype(object)
        codes, _ = pd.factorize(both.where(both.notna(), "(empty)").astype(str))
        return codes.astype(float).reshape(2, -1)
    values = np.array([one.astype(float), other.astype(float)])
    return values[:, ~np.isnan(values).any(axis=0)]
