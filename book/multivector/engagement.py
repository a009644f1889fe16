"""Engagement from coded events: memory, shares, balance, tilt, hedge and their bands.

Section 1 of the essay's method.  An act of Goldstein value g (Goldstein 1992) at
day s weighs w g 2^(-(t - s)/h) at a later day t; an act known only to an interval
weighs the mean of that over the days of the interval.
"""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import entr

from . import checks
from .data import Missing
from .hints import Dates
from .language import Sentence

#: Columns of :func:`indices`, in order.
INDICES = ("entropy", "herfindahl", "effective_vectors", "tilt", "returns", "hedge")
_UNPOLED = INDICES[:3]
_DAY = np.timedelta64(1, "D")
DIRECTIONS = ("both", "by", "toward")
_NOISE = checks.Range(0, checks.MOST, "0 or more")

#: Values as they may be drawn anew, from values and a source of random numbers.
_Noise = Callable[[np.ndarray, np.random.Generator], np.ndarray]

#: All vectors of a case, its table of them, or those that occur.
Vectors = Collection[str] | pd.DataFrame | None


def decay(
    start: np.ndarray, end: np.ndarray, at: np.ndarray, half_life: float
) -> np.ndarray:
    """What is left of acts at given days.

    Parameters
    ----------
    start, end : array of datetime64, shape (N,)
        First and last day of each act, the last included.
    at : array of datetime64, shape (T,)
        Days at which to look.
    half_life : float
        Days after which half is left; inf forgets nothing.

    Returns
    -------
    ndarray, shape (T, N)
        Mean over the days s of the interval of 2^(-(t - s)/h), days after t counting 0;
        in closed form (a geometric sum).  In [0, 1].
    """
    start, end, at = (np.asarray(x, dtype="datetime64[D]") for x in (start, end, at))
    length = (end - start) // _DAY + 1
    last = np.minimum(end[None, :], at[:, None])
    # Days of the interval that are not after t.
    passed = np.maximum((last - start[None, :]) // _DAY + 1, 0)
    age = (at[:, None] - last) // _DAY  # age of the youngest of them
    rate = np.log(2) / half_life
    if rate == 0:
        return passed / length[None, :]
    total = np.expm1(-rate * passed) / np.expm1(-rate)
    left = np.exp(-rate * np.maximum(age, 0)) * total
    return np.where(passed > 0, left, 0.0) / length[None, :]


def engagement(
    events: pd.DataFrame,
    at: Dates,
    half_life: float = 730.0,
    vectors: Vectors = None,
    direction: str = "both",
) -> pd.DataFrame:
    """Remembered cooperation and conflict with each vector.

    Parameters
    ----------
    events : DataFrame
        Columns ``date`` (or ``start`` and ``end``, the end included), ``vector``,
        ``goldstein`` in [-10, 10]; optional ``weight`` in (0, 1], and ``direction`` ("by"
        or "toward" the state) where ``direction`` is not "both".  Rows without a vector
        are context and are never summed.
    at : date or sequence of dates
        Days at which to look.
    half_life : float
        Days after which half of an act is left; above 0, inf allowed.  The essay's range
        is 180 to 1825.
    vectors : sequence of str or DataFrame, optional
        All vectors of the case, or its table of them; by default the categories of ``events.vector``, else the
        vectors that occur, in alphabetical order.
    direction : {"both", "by", "toward"}
        Which acts count.

    Returns
    -------
    DataFrame
        Rows (date, vector, cooperation, conflict), one for each date and vector;
        cooperation and conflict are never negative.

    Raises
    ------
    ValueError
        Names the argument, the value and what is allowed.
    """
    days = _days(at)
    half_life = _above_zero("half_life", half_life)
    acts, vectors = _acts(events, vectors, direction)
    value = acts["goldstein"] * acts["weight"]
    left = decay(acts["start"].to_numpy(), acts["end"].to_numpy(), days, half_life)
    member = _membership(acts, vectors)
    return pd.DataFrame(
        {
            "date": np.repeat(pd.DatetimeIndex(days), len(vectors)),
            "vector": pd.Categorical(np.tile(vectors, len(days)), categories=vectors),
            "cooperation": (left * value.clip(lower=0).to_numpy() @ member).ravel(),
            "conflict": (left * (-value).clip(lower=0).to_numpy() @ member).ravel(),
        }
    )


def shares(engagement: pd.DataFrame) -> pd.DataFrame:
    """Share of each vector in what is remembered of cooperation.

    Parameters
    ----------
    engagement : DataFrame
        Rows (date, vector, cooperation, conflict) as :func:`engagement` gives.

    Returns
    -------
    DataFrame
        Rows (date, vector, share); the shares of a date sum to 1, or are all NaN where there is
        no cooperation with any vector.
    """
    total = engagement.groupby("date")["cooperation"].transform("sum")
    return engagement[["date", "vector"]].assign(
        share=_ratio(engagement["cooperation"].to_numpy(), total.to_numpy())
    )


def indices(engagement: pd.DataFrame, poles: tuple[str, str]) -> pd.DataFrame:
    """Balance, tilt and hedge of the engagement at each date.

    Parameters
    ----------
    engagement : DataFrame
        Rows (date, vector, cooperation, conflict) as :func:`engagement` gives; every
        date has all K vectors.
    poles : pair of str
        The vectors between which tilt is measured, first and second.

    Returns
    -------
    DataFrame
        Rows (date, entropy, herfindahl, effective_vectors, tilt, returns, hedge,
        undefined).  ``entropy`` (H) and ``herfindahl`` (B) in [0, 1], ``effective_vectors``
        (S = K^H) in [1, K], ``tilt`` (T) in [-1, 1], ``returns`` (Q) and ``hedge`` in
        [0, 1] (hedging as returns together with contingency, after Kuik 2008).  An index
        with an empty denominator is NaN, and ``undefined`` says why.
    """
    needed = ("date", "vector", "cooperation", "conflict")
    checks.columns("engagement", engagement, needed)
    vectors = list(dict.fromkeys(engagement["vector"]))
    places = _pole_positions(poles, vectors)
    wide = engagement.set_index(["date", "vector"])[["cooperation", "conflict"]]
    if not wide.index.is_unique:
        raise ValueError(
            "engagement has several rows for one date and vector; allowed: one"
        )
    table = wide.unstack("vector")
    cooperation, conflict = (
        table[c][vectors].to_numpy(float) for c in ("cooperation", "conflict")
    )
    for name, values in (("cooperation", cooperation), ("conflict", conflict)):
        if not (values >= 0).all():  # NaN fails this as well
            raise ValueError(
                f"{name} has values that are missing or below 0; allowed: a number of 0 or more for every date and vector"
            )
    found = _measures(cooperation, conflict, places)
    result = pd.DataFrame(
        {"date": table.index, **{name: found[name] for name in INDICES}}
    )
    result["undefined"] = _reasons(cooperation, conflict, places, poles)
    return result


def tilt(
    events: pd.DataFrame, at: Dates, poles: tuple[str, str], half_life: float = 730.0
) -> pd.Series:
    """The tilt by date; arguments as for :func:`engagement` and :func:`indices`.

    Raises
    ------
    Missing
        If no act is with a pole.
    """
    if not events["vector"].isin(poles).any():
        raise Missing(f"the case has no coded act with {' or '.join(poles)}")
    remembered = engagement(events, at, half_life)
    return indices(remembered, poles).set_index("date")["tilt"]


def turns(tilt: pd.Series) -> pd.DatetimeIndex:
    """Dates at which a tilt stands on the other side of 0 than at the date before that has one.

    >>> days = pd.to_datetime(["2000-01-31", "2000-02-29", "2000-03-31"])
    >>> [f"{day:%B}" for day in turns(pd.Series([-0.1, 0.2, 0.3], days))]
    ['February']
    """
    side = tilt.dropna() > 0
    return pd.DatetimeIndex(side.index[side != side.shift()][1:])


class Doubts(NamedTuple):
    """What is drawn anew in each draw.

    Attributes
    ----------
    resample : bool
        Resample the acts with replacement (bootstrap).
    sample_dates : bool
        Draw the day of each act uniformly from its interval; else use the interval's mean.
    perturb : float or DataFrame
        Doubt about the codes.  A number is the standard deviation of normal noise added to the
        Goldstein values, which stay in [-10, 10]; 0 switches it off.  A table (value, other,
        probability) of how two coders confuse values (``reliability.confusion``) draws another
        value for each act; values that the table does not know stay as they are.
    """

    resample: bool = True
    sample_dates: bool = True
    perturb: float | pd.DataFrame = 1.5


class Headline(NamedTuple):
    """The numbers of a coding that a page is most likely to print."""

    most: float  #: effective vectors at the date where they are most
    most_at: pd.Timestamp
    least: float  #: effective vectors at the date where they are fewest
    least_at: pd.Timestamp
    leaning: float  #: share of the early dates with a tilt at which it leans to the second pole
    tilt: pd.Series  #: tilt on the days asked for


def headline(
    events: pd.DataFrame,
    at: Dates,
    poles: tuple[str, str],
    days: Dates,
    until: Dates,
) -> Headline:
    """The few numbers by which two codings of the same acts are compared.

    Parameters
    ----------
    events : DataFrame
        As for :func:`engagement`.
    at : sequence of dates
        Dates among which the most and the fewest effective vectors are looked for.
    poles : pair of str
        As for :func:`indices`.
    days : sequence of dates
        Days on which the tilt is read.
    until : date
        Last of the dates that count for ``leaning``.

    Returns
    -------
    Headline
    """
    found = indices(engagement(events, at), poles).set_index("date")
    days_of = found.index.to_numpy()
    read = indices(engagement(events, days), poles).set_index("date")
    many, early = found["effective_vectors"], found["tilt"].loc[:until].dropna()
    if many.isna().all() or early.empty:
        raise Missing(
            f"at has no date with cooperation, or none with a tilt up to {until}; allowed: one or more of each"
        )
    return Headline(
        many.max(),
        pd.Timestamp(days_of[many.argmax()]),
        many.min(),
        pd.Timestamp(days_of[many.argmin()]),
        float((early < 0).mean()),
        read["tilt"],
    )


def without_each(
    events: pd.DataFrame,
    at: pd.Timestamp,
    poles: tuple[str, str],
    half_life: float = 730.0,
) -> pd.DataFrame:
    """What the effective number of vectors on a day would be without each single act.

    Parameters
    ----------
    events, poles, half_life
        As for :func:`engagement` and :func:`indices`.
    at : date
        One day.

    Returns
    -------
    DataFrame
        Rows (id, value, without, change), one for each act with a vector, the largest change first;
        NaN where nothing is left to be counted.

    Raises
    ------
    data.Missing
        If no act has a vector.
    """
    acts = events[events["vector"].notna()]
    if acts.empty:
        raise Missing(Sentence("no act with a partner is coded"))

    def counted(rows: pd.DataFrame) -> float:
        held = engagement(rows, [at], half_life)
        return float(indices(held, poles)["effective_vectors"].iloc[0])

    whole = counted(acts)
    found = [
        (act, whole, counted(acts[acts["id"] != act])) for act in acts["id"].unique()
    ]
    rows = pd.DataFrame(found, columns=["id", "value", "without"])
    rows["change"] = rows["without"] - rows["value"]
    order = rows["change"].abs().sort_values(ascending=False, kind="stable").index
    return rows.loc[order].reset_index(drop=True)


def bands(
    events: pd.DataFrame,
    at: Dates,
    half_life: float = 730.0,
    draws: int = 2000,
    seed: int = 1,
    *,
    vectors: Vectors = None,
    poles: tuple[str, str] | None = None,
    direction: str = "both",
    level: float = 0.9,
    **doubts: Any,
) -> pd.DataFrame:
    """Percentile bands of the indices, from three sources of doubt.

    Parameters
    ----------
    events, at, half_life, vectors, direction
        As for :func:`engagement`.  Rows that share an ``id`` are one act and are drawn
        together.
    draws : int
        Number of draws, 1 or more.
    seed : int
        Seed of the random numbers; the same seed gives the same bands.
    poles : pair of str, optional
        Without them only entropy, herfindahl and effective_vectors are given.
    level : float
        Share of the draws between lower and upper, in (0, 1).
    **doubts
        Fields of :class:`Doubts`.

    Returns
    -------
    DataFrame
        Rows (date, index, value, lower, upper, undefined): ``value`` without noise,
        ``undefined`` the share of draws in which the index was undefined.
    """
    days = _days(at)
    half_life = _above_zero("half_life", half_life)
    level = checks.number("level", level, checks.INSIDE)
    acts, vectors = _acts(events, vectors, direction)
    draw = _Draws(checks.whole("draws", draws), seed, Doubts(**doubts))
    drawn, point = _drawn(acts, vectors, days, half_life, poles, draw)
    order = np.searchsorted(np.unique(days), days)  # that of the rows of indices()
    rows = []
    for name in _UNPOLED if poles is None else INDICES:
        lower, upper = _quantiles(drawn[name], level)
        told = {
            "date": pd.DatetimeIndex(days),
            "index": name,
            "value": point[name].to_numpy()[order],
            "lower": lower,
            "upper": upper,
            "undefined": np.isnan(drawn[name]).mean(axis=0),
        }
        rows.append(pd.DataFrame(told))
    return pd.concat(rows, ignore_index=True)


def difference(
    events: pd.DataFrame,
    before: Dates,
    after: Dates,
    index: str,
    half_life: float = 730.0,
    draws: int = 2000,
    seed: int = 1,
    *,
    poles: tuple[str, str] | None = None,
    direction: str = "both",
    level: float = 0.9,
    **doubts: Any,
) -> dict[str, float]:
    """How much an index differs between two spells, with its percentile band.

    Each draw gives both spells, so that what they share (the same acts, remembered in both) does
    not widen the band.

    Parameters
    ----------
    events, half_life, draws, seed, poles, direction, level, **doubts
        As for :func:`bands`.
    before, after : sequence of dates
        Days at which to look; the mean over each spell counts.
    index : str
        One of :data:`INDICES`; those that need poles need ``poles``.

    Returns
    -------
    dict
        ``before``, ``after`` and ``value`` (after less before) without noise, ``lower`` and ``upper`` of the difference,
        ``undefined`` the share of draws without it.
    """
    checks.one_of("index", index, _UNPOLED if poles is None else INDICES)
    first_days, second_days = _days(before), _days(after)
    days = np.concatenate([first_days, second_days])
    if len(np.unique(days)) != len(days):
        raise ValueError(
            "before and after share a day; allowed: different days, each once"
        )
    acts, vectors = _acts(events, None, direction)
    half_life = _above_zero("half_life", half_life)
    draw = _Draws(checks.whole("draws", draws), seed, Doubts(**doubts))
    every, found = _drawn(acts, vectors, days, half_life, poles, draw)
    drawn, early = every[index], len(first_days)
    gaps = drawn[:, early:].mean(axis=1) - drawn[:, :early].mean(axis=1)
    point = found.set_index("date")[index]
    was = point.loc[pd.DatetimeIndex(first_days)].mean()
    became = point.loc[pd.DatetimeIndex(second_days)].mean()
    lower, upper = _quantiles(gaps[:, None], level)
    return {
        "before": float(was),
        "after": float(became),
        "value": float(became - was),
        "lower": float(lower[0]),
        "upper": float(upper[0]),
        "undefined": float(np.isnan(gaps).mean()),
    }


def moves(
    events: pd.DataFrame,
    threats: Dates,
    window: int = 180,
    *,
    vectors: Vectors = None,
    until: Dates | None = None,
    direction: str = "by",
) -> pd.DataFrame:
    """Net acts in the days after a threat less those in the days before it.

    Parameters
    ----------
    events, vectors, direction
        As for :func:`engagement`; an act known to an interval counts with the part of it
        that falls into the window.
    threats : sequence of dates
        Days of the threats; the day itself belongs to neither side.
    window : int
        Days on each side, 1 or more.
    until : date, optional
        Last day that the coding covers.

    Returns
    -------
    DataFrame
        Rows (date, vector, before, after, move) in Goldstein points; ``after`` and
        ``move`` are NaN where the window runs past ``until``.
    """
    days = _days(threats)
    window = checks.whole("window", window)
    acts, vectors = _acts(events, vectors, direction)
    net = (acts["goldstein"] * acts["weight"]).to_numpy()
    member = _membership(acts, vectors)
    before, after = (
        (part * net) @ member for part in _parts_around(acts, days, window)
    )
    if until is not None:
        after[days + window > _days(until)[0]] = np.nan
    return pd.DataFrame(
        {
            "date": np.repeat(pd.DatetimeIndex(days), len(vectors)),
            "vector": np.tile(vectors, len(days)),
            "before": before.ravel(),
            "after": after.ravel(),
            "move": (after - before).ravel(),
        }
    )


def behind(
    events: pd.DataFrame,
    threat: Dates,
    window: int = 180,
    *,
    vectors: Vectors = None,
    direction: str = "by",
) -> pd.DataFrame:
    """The acts that a move of :func:`moves` is made of.

    Parameters
    ----------
    events, window, vectors, direction
        As for :func:`moves`.
    threat : date
        One day.

    Returns
    -------
    DataFrame
        Rows of ``events`` that reach into the days before or after, with ``before`` and
        ``after`` (what each counts there, in Goldstein points, so that their sums by vector
        are those of :func:`moves`) and ``inside`` (the part of the act that falls there, in
        (0, 1]); in the order in which they begin.
    """
    day, window = _days(threat)[:1], checks.whole("window", window)
    acts, _ = _acts(events, vectors, direction)
    net = acts["goldstein"] * acts["weight"]
    before, after = (part[0] for part in _parts_around(acts, day, window))
    acts = acts.assign(before=before * net, after=after * net, inside=before + after)
    return acts[acts["inside"] > 0].sort_values(["start", "end"], kind="stable")


def _parts_around(
    acts: pd.DataFrame, days: np.ndarray, window: int
) -> tuple[np.ndarray, np.ndarray]:
    """Which part of each act falls into the days before and after, (T, N) each."""
    start, end = (acts[c].to_numpy().astype("datetime64[D]") for c in ("start", "end"))

    def inside(first: np.ndarray, last: np.ndarray) -> np.ndarray:
        opened = np.maximum(start, first[:, None])
        closed = np.minimum(end, last[:, None])
        shared = np.maximum((closed - opened) // _DAY + 1, 0)
        return shared / ((end - start) // _DAY + 1)

    return inside(days - window, days - 1), inside(days + 1, days + window)


# --- the formulas, on arrays whose last axis is the vectors ---------------------------------------


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Quotient, NaN where the denominator is empty."""
    empty = denominator <= 0
    return np.where(empty, np.nan, numerator / np.where(empty, 1.0, denominator))


def _measures(
    c: np.ndarray, d: np.ndarray, poles: tuple[int, int] | None
) -> dict[str, np.ndarray]:
    """All indices; without the positions of the poles (None) only those that need none."""
    k = c.shape[-1]
    total = c.sum(axis=-1)
    share = _ratio(c, total[..., None])
    entropy = entr(share).sum(axis=-1) / np.log(k)
    found = {
        "entropy": np.clip(entropy, 0, 1) + 0.0,
        "herfindahl": np.clip((1 - (share**2).sum(axis=-1)) / (1 - 1 / k), 0, 1),
    }
    found["effective_vectors"] = k ** found["entropy"]
    if poles is None:
        return found
    first, second = poles
    cr, cu, dr, du = c[..., first], c[..., second], d[..., first], d[..., second]
    found["tilt"] = _ratio((cr - dr) - (cu - du), cr + dr + cu + du)
    found["returns"] = _ratio(2 * np.minimum(cr, cu), cr + cu)
    toward_first = _ratio(2 * np.minimum(cr, dr), cr + dr)
    toward_second = _ratio(2 * np.minimum(cu, du), cu + du)
    contingency = (toward_first + toward_second) / 2
    found["hedge"] = found["returns"] * (1 + contingency) / 2
    return found


def _reasons(
    c: np.ndarray, d: np.ndarray, places: tuple[int, int], poles: tuple[str, str]
) -> list[str]:
    """Why an index is undefined, one sentence a date; empty where all are defined."""
    first, second = places
    none = [(c.sum(axis=-1) <= 0, "no cooperation with any vector")]
    none += [
        (c[:, p] + d[:, p] <= 0, f"no act with {name}")
        for p, name in zip(places, poles)
    ]
    none += [((c[:, first] + c[:, second] <= 0), "no cooperation with either pole")]
    return ["; ".join(text for empty, text in none if empty[i]) for i in range(len(c))]


def _quantiles(values: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the middle share of the draws that are defined; NaN where none is."""
    tails = [(1 - level) / 2, 1 - (1 - level) / 2]
    if not np.isnan(values).any():
        return np.quantile(values, tails, axis=0)
    defined = ~np.isnan(values).all(axis=0)
    lower, upper = np.full((2, values.shape[1]), np.nan)
    if defined.any():
        ends = np.nanquantile(values[:, defined], tails, axis=0)
        lower[defined], upper[defined] = ends
    return lower, upper


# --- the draws ---------------------------------------------------------------------------------


class _Draws(NamedTuple):
    """How often to draw, from which seed, and what is drawn anew each time."""

    draws: int
    seed: int
    doubts: Doubts


def _drawn(
    acts: pd.DataFrame,
    vectors: list[str],
    days: np.ndarray,
    half_life: float,
    poles: tuple[str, str] | None,
    draw: _Draws,
) -> tuple[dict[str, np.ndarray], pd.DataFrame]:
    """Indices of every draw, each of shape (draws, T), and without noise."""
    if acts.empty:
        raise Missing("no act with a vector is coded")
    places = None if poles is None else _pole_positions(poles, vectors)
    drawn = _measures(*_draw(acts, vectors, days, half_life, draw), places)
    exact = engagement(
        acts.drop(columns="date", errors="ignore"), days, half_life, vectors
    )
    return drawn, indices(exact, poles or (vectors[0], vectors[1]))


def _draw(
    acts: pd.DataFrame,
    vectors: list[str],
    days: np.ndarray,
    half_life: float,
    draw: _Draws,
) -> tuple[np.ndarray, np.ndarray]:
    """Cooperation and conflict of every draw, each of shape (draws, T, K)."""
    one, share = _one_row_an_act(acts, vectors)
    start, end = (one[c].to_numpy().astype("datetime64[D]") for c in ("start", "end"))
    n, draws, doubts = len(one), draw.draws, draw.doubts
    noise, rng = _perturbation(doubts.perturb), np.random.default_rng(draw.seed)
    chosen = np.broadcast_to(np.arange(n), (draws, n))
    if doubts.resample:
        chosen = rng.integers(n, size=(draws, n))
    value = noise(one["goldstein"].to_numpy()[chosen], rng)
    if doubts.sample_dates:
        first, last = start.astype(int)[chosen], end.astype(int)[chosen]
        day = rng.integers(first, last + 1)
        parts = _parts(share, chosen)
        return _remember(value, *parts, day, days, half_life, len(vectors))
    left = decay(start, end, days, half_life)
    place = (chosen + np.arange(draws)[:, None] * n).ravel()
    result = []
    for sign in (1, -1):
        held = np.maximum(sign * value, 0).ravel()
        summed = np.bincount(place, held, draws * n).reshape(draws, n)
        by_vector = [(summed * share[:, k]) @ left.T for k in range(len(vectors))]
        result.append(np.stack(by_vector, axis=-1))
    return result[0], result[1]


def _perturbation(perturb: float | pd.DataFrame) -> _Noise:
    """The doubt about codes as a function of (values, rng)."""
    if isinstance(perturb, pd.DataFrame):
        _check_confusion(perturb)
        return lambda values, rng: _confused(values, perturb, rng)
    noise = checks.number("perturb", perturb, _NOISE)
    if noise == 0:
        return lambda values, rng: values
    return lambda values, rng: (values + rng.normal(0, noise, values.shape)).clip(
        -10, 10
    )


def _check_confusion(table: pd.DataFrame) -> None:
    """Refuse a table of confusions that is none."""
    checks.columns("perturb", table, ("value", "other", "probability"))
    values = table[["value", "other"]].to_numpy()
    good = (abs(values) <= 10).all() and (table["probability"] >= 0).all()
    if not good:
        raise ValueError(
            "perturb has a value outside [-10, 10] or a probability below 0; allowed: Goldstein values and probabilities"
        )
    sums = table.groupby("value")["probability"].sum()
    wrong = sums.index[(sums - 1).abs() > 1e-9]
    if len(wrong):
        raise ValueError(
            f"perturb has probabilities of the value {wrong[0]} that do not sum to 1; allowed: sums of 1"
        )


def _confused(
    values: np.ndarray, confusion: pd.DataFrame, rng: np.random.Generator
) -> np.ndarray:
    """Each value replaced by one that coders put in its place."""
    drawn = values.copy()
    for value, rows in confusion.groupby("value"):
        place, chances = values == value, rows["probability"].to_numpy()
        drawn[place] = rng.choice(rows["other"].to_numpy(), place.sum(), p=chances)
    return drawn


def _parts(
    share: np.ndarray, chosen: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The vectors that each chosen act touches, and with which share: lists of (draws, N), the widest act's number long."""
    order = np.argsort(-share, axis=1, kind="stable")
    most = max(1, int((share > 0).sum(axis=1).max()))
    shares = np.take_along_axis(share, order, axis=1)
    vector = [order[:, i][chosen] for i in range(most)]
    return vector, [shares[:, i][chosen] for i in range(most)]


def _remember(
    value: np.ndarray,
    vector: list[np.ndarray],
    weight: list[np.ndarray],
    day: np.ndarray,
    days: np.ndarray,
    half_life: float,
    k: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Memory of acts with a day each, by recursion over the dates: cooperation and conflict, (draws, T, K).

    What is left at one date is what was left at the date before, aged, plus what came
    since; that costs draws x T x K and not draws x T x N.
    """
    order = np.argsort(days, kind="stable")
    dates = days[order].astype(int)
    draws, many = value.shape[0], len(dates)
    rate = np.log(2) / half_life
    # The first date that sees each day.
    until = np.searchsorted(dates, np.arange(day.min(), day.max() + 1))
    step = until[day - day.min()]
    ahead = dates[np.minimum(step, many - 1)] - day
    fresh = np.abs(value) * np.exp(-rate * np.maximum(ahead, 0))
    cell = ((value < 0) * draws + np.arange(draws)[:, None]) * (many + 1) + step
    memory = np.zeros(2 * draws * (many + 1) * k)
    for v, w in zip(vector, weight):
        held = w > 0
        place = cell[held] * k + v[held]
        memory += np.bincount(place, fresh[held] * w[held], memory.size)
    # What comes after the last date is not seen.
    memory = memory.reshape(2, draws, many + 1, k)[:, :, :-1]
    kept = np.exp(-rate * np.diff(dates, prepend=dates[0]))
    for t in range(1, many):
        memory[:, :, t] += memory[:, :, t - 1] * kept[t]
    result = np.empty_like(memory)
    result[:, :, order] = memory
    return result[0], result[1]


def _one_row_an_act(
    acts: pd.DataFrame, vectors: list[str]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Acts with one row each, and their shares among vectors as a matrix."""
    key = acts["id"] if "id" in acts else pd.Series(range(len(acts)), acts.index)
    code, _ = pd.factorize(key)
    share = np.zeros((code.max() + 1, len(vectors)))
    vector = acts["vector"].cat.codes.to_numpy()
    np.add.at(share, (code, vector), acts["weight"].to_numpy())
    one = acts.assign(code=code).drop_duplicates("code")
    told = ["start", "end", "goldstein"]
    if len(acts[told].assign(code=code).drop_duplicates()) > len(one):
        raise ValueError(
            "events has rows of one id with different dates or values; allowed: rows that differ in vector and weight only"
        )
    return one, share


# --- arguments -----------------------------------------------------------------------------------


def _days(at: Dates) -> np.ndarray:
    """Dates as an array of days; a single date is a list of one."""
    days = checks.as_days(at)
    if np.isnat(days).any() or len(days) == 0:
        checks.refuse("at", at, "one date or more, none missing")
    return days


def _above_zero(name: str, value: float) -> float:
    if not value > 0:
        checks.refuse(name, value, "a number of days above 0")
    return float(value)


def _pole_positions(poles: tuple[str, str], vectors: list[str]) -> tuple[int, int]:
    if len(vectors) < 2:
        raise ValueError(
            f"vectors has {len(vectors)} entry; allowed: 2 or more, since a balance needs K > 1"
        )
    if len(tuple(poles)) != 2 or poles[0] == poles[1]:
        checks.refuse("poles", poles, "two different vectors")
    for pole in poles:
        if pole not in vectors:
            raise ValueError(
                f"poles names {pole!r}; allowed: {', '.join(map(str, vectors))}"
            )
    return vectors.index(poles[0]), vectors.index(poles[1])


def _acts(
    events: pd.DataFrame, vectors: Vectors, direction: str
) -> tuple[pd.DataFrame, list[str]]:
    """Rows that count, with start, end, weight and a categorical vector, all checked."""
    checks.one_of("direction", direction, DIRECTIONS)
    dated = ["date"] if "date" in events else ["start", "end"]
    directed = [] if direction == "both" else ["direction"]
    checks.columns("events", events, ["vector", "goldstein", *dated, *directed])
    acts = events[events["vector"].notna()].copy()
    if direction != "both":
        acts = acts[acts["direction"] == direction]
    if "date" in acts:
        acts["start"] = acts["end"] = acts["date"]
    acts["start"] = pd.to_datetime(acts["start"])
    acts["end"] = pd.to_datetime(acts["end"])
    if "weight" not in acts:
        acts["weight"] = 1.0
    if vectors is None:
        # Categories of a column that has them, else its values in alphabetical order.
        vectors = events["vector"].astype("category").cat.categories
    vectors = list(vectors["vector"] if isinstance(vectors, pd.DataFrame) else vectors)
    if len(set(vectors)) != len(vectors) or not vectors:
        checks.refuse("vectors", vectors, "one vector or more, each once")
    if unknown := sorted(set(acts["vector"]) - set(vectors)):
        raise ValueError(
            f"events names the vector {unknown[0]!r}; allowed: {', '.join(map(str, vectors))}"
        )
    _check_values(acts)
    acts["vector"] = pd.Categorical(acts["vector"].astype(object), categories=vectors)
    return acts, vectors


def _check_values(acts: pd.DataFrame) -> None:
    """Every act that counts has dates in order, a value in [-10, 10] and a weight in (0, 1]."""
    undated = acts["start"].isna() | acts["end"].isna()
    weightless = ~acts["weight"].between(0, 1, inclusive="right")
    rules = [
        ("start or end", undated, "a date"),
        ("end", acts["end"] < acts["start"], "a day not before the start"),
        ("goldstein", ~acts["goldstein"].between(-10, 10), "a number from -10 to 10"),
        ("weight", weightless, "above 0 and at most 1"),
    ]
    for column, wrong, allowed in rules:
        if wrong.any():
            value = acts.loc[wrong, column].iloc[0] if column in acts else "missing"
            raise ValueError(
                f"events has the {column} {value!r} in {int(wrong.sum())} row(s); allowed: {allowed}"
            )


def _membership(acts: pd.DataFrame, vectors: list[str]) -> np.ndarray:
    """0-1 matrix of acts by vectors."""
    member = np.zeros((len(acts), len(vectors)))
    member[np.arange(len(acts)), acts["vector"].cat.codes.to_numpy()] = 1.0
    return member
