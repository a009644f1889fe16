"""Who acts on whom, in a source that tells the direction of each event."""

import itertools

import numpy as np
import pandas as pd

from .. import checks
from ..data import Missing
from ..language import Sentence

#: What a machine tells apart: words and deeds, friendly and hostile.
KINDS = (
    "verbal_cooperation",
    "material_cooperation",
    "verbal_conflict",
    "material_conflict",
)
#: Every way to turn the years round is tried; beyond so many years that takes too long.
MOST_YEARS = 16


def initiative(
    events: pd.DataFrame,
    state: str,
    partners: pd.Series,
    source: str,
    draws: int = 2000,
    seed: int = 1,
) -> pd.DataFrame:
    """Share of the events between a state and each vector in which the state is the one that acts.

    Parameters
    ----------
    events : DataFrame
        Rows (source, target, year, and one column a kind with counts).
    state : str
        ISO3 code.
    partners : Series
        ISO3 code to vector.
    source : str
        Citation.
    draws, seed : int
        For the interval.

    Returns
    -------
    DataFrame
        Rows (kind, vector, by, toward, share, low, high, p, smallest_p, years, source) of the pairs with an event:
        events by the state and toward it, and ``share`` those by it.  ``low`` and ``high`` hold 95 of 100 shares if the
        years are drawn anew.  ``p`` is how often a split as uneven comes out if in each of the ``years`` in which the
        two counts differ the direction of all events were tossed at once, two-sided and exact; ``smallest_p`` is the
        least that so many years could give.

    Raises
    ------
    data.Missing
        If no event is counted between the state and any partner.

    Notes
    -----
    One story makes many events, so that the year is the unit and not the event.  A meeting is counted in both
    directions: where most events are meetings the share lies near one half by construction.
    """
    draws = checks.whole("draws", draws, 100)
    rng = np.random.default_rng(seed)
    rows = []
    pairs = _pairs(events, state, partners)
    if not pairs:
        raise Missing(Sentence("no event between the state and a partner is counted"))
    for kind, vector, years in pairs:
        share = float(years["by"].sum() / years.to_numpy().sum())
        low, high = _drawn_anew(years, draws, rng)
        p, least, unlike = _tossed(years["by"] - years["toward"])
        by, toward = int(years["by"].sum()), int(years["toward"].sum())
        rows.append((kind, vector, by, toward, share, low, high, p, least, unlike))
    columns = "kind vector by toward share low high p smallest_p years".split()
    return pd.DataFrame(rows, columns=columns).assign(source=source)


def _pairs(events: pd.DataFrame, state: str, partners: pd.Series) -> list:
    """For each kind and vector a frame of the years with an event: counts by the state and toward it."""
    counts = {}
    for direction, own, other in (
        ("by", "source", "target"),
        ("toward", "target", "source"),
    ):
        rows = events[events[own] == state]
        rows = rows.assign(vector=rows[other].map(partners)).dropna(subset="vector")
        counts[direction] = rows.groupby(["vector", "year"])[list(KINDS)].sum()
    both = pd.concat(counts, axis=1).fillna(0)
    vectors = [v for v in dict.fromkeys(partners) if v in both.index.unique("vector")]
    found = []
    for kind, vector in itertools.product(KINDS, vectors):
        years = both.loc[vector].xs(kind, axis=1, level=1).astype(int)
        years = years[years.sum(axis=1) > 0]
        if len(years):
            found.append((kind, vector, years))
    return found


def _drawn_anew(
    years: pd.DataFrame, draws: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Between which shares 95 of 100 lie if the years are drawn anew, with return."""
    picked = rng.integers(0, len(years), (draws, len(years)))
    by, toward = (years[name].to_numpy()[picked].sum(axis=1) for name in years)
    low, high = np.quantile(by / (by + toward), [0.025, 0.975])
    return float(low), float(high)


def _tossed(difference: pd.Series) -> tuple[float, float, int]:
    """Share of all ways to turn whole years round that give a sum as far from nought, its least value, and the years."""
    unlike = difference[difference != 0].to_numpy()
    if len(unlike) > MOST_YEARS:
        checks.refuse("events", len(unlike), f"{MOST_YEARS} years or fewer")
    shape = 2 ** len(unlike), len(unlike)
    ways = np.array(list(itertools.product((1, -1), repeat=shape[1]))).reshape(shape)
    sums = np.abs(ways @ unlike)
    as_far = float((sums >= abs(unlike.sum())).mean())
    return as_far, min(1.0, 2.0 / len(ways)), len(unlike)
