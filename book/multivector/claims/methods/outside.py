"""Methods that judge outside series of the state by themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ... import alignment, breaks
from ...data import Missing
from ..evidence import Look, in_year, kept, mean_of, whole_spell
from ..finding import Found, counted, method, with_sign
from ..states import names_of


@method
def changes(
    look: Look,
    *,
    items: list[dict[str, Any]],
    sign: int,
    coded: list[str] = (),
    peers: list[str] | None = None,
    fewest: int = 1,
    half_life: float = 730,
    direction: str = "both",
    coding: str | None = None,
) -> Found:
    """Do some series move in one direction between two years (or days, for the tilt of the coded acts)?"""
    moved = []
    for item in items:
        if item["series"] == "tilt":
            ends = [
                look.tilt(item[end], half_life, direction, coding)
                for end in ("from", "to")
            ]
        else:
            series = look.series(item["series"], peers=peers, fewest=fewest)
            ends = [float(series.get(item[end], np.nan)) for end in ("from", "to")]
        moved.append((item["series"], item["from"], item["to"], ends[1] - ends[0]))
    reading = "; ".join(
        f"{name} {start} to {end}: {with_sign(change)}"
        for name, start, end, change in moved
    )
    if any(np.isnan(change) for *_, change in moved):
        return Found(
            "not testable", np.nan, f"Needs an observation at both ends. {reading}"
        )
    right = [sign * change > 0 for *_, change in moved]
    outside = [ok for ok, (name, *_) in zip(right, moved) if name not in coded]
    return Found(
        counted(sum(right), len(right)),
        float(np.mean([change for *_, change in moved])),
        reading,
        len(moved),
        without_coded=counted(sum(outside), len(outside)) if coded else "",
    )


def excess_steps(
    look: Look, compared: Any, first: int, last: int, fewest: int
) -> pd.Series:
    """Absolute steps of the state less the mean of those of others."""
    own = look.gap(look.case.state, None, fewest).loc[first - 1 : last]
    others = [look.gap(state, None, fewest) for state in compared]
    steps = alignment.steps(own.reset_index(), "value")
    steps = steps[steps["year"].between(first, last)].astype({"since": int})
    beside = [
        np.mean([abs(other[year] - other[since]) for other in others])
        for year, since in zip(steps["year"], steps["since"])
    ]
    return pd.Series(steps["step"].to_numpy() - beside, index=steps["year"])


def judge_interval(found: Any) -> str:
    """Which way the rule falls by where an interval lies to 0."""
    return (
        "against"
        if found.statistic <= 0
        else "supported"
        if found.lower > 0
        else "mixed"
    )


@method
def response_to_shocks(
    look: Look,
    *,
    series: str,
    compared: list[str],
    years: list[int],
    first: int,
    last: int,
    level: float,
    draws: int,
    seed: int,
    fewest: int = 1,
) -> Found:
    """Did the state move more than others in the years of shocks, more than in other years?"""
    excess = excess_steps(look, compared, first, last, fewest)
    if excess.isna().any() or not set(years) <= set(excess.index):
        raise Missing(
            f"Needs a step of the state and of the others in {', '.join(map(str, years))}."
        )
    found = breaks.mean_of_years(excess, years, level, draws, seed)
    return Found(
        judge_interval(found),
        found.statistic,
        f"Mean excess step {with_sign(found.statistic)}, {level:.0%} interval {with_sign(found.lower)} to {with_sign(found.upper)} ({draws} draws, seed {seed}); mean of {len(years)} steps against {names_of(look, compared)}, its chance drawn from {found.n} yearly differences.",
        found.n,
        found.p,
        found.null,
    )


@method
def falls_after_years(look: Look, *, series: str, years: list[int], sign: int) -> Found:
    """Does a score move in one direction from the year before to the year after each of some years?"""
    values = look.series(series)
    moved = {
        year: in_year(values, year + 1) - in_year(values, year - 1) for year in years
    }
    right = sum(sign * change > 0 for change in moved.values())
    return Found(
        counted(right, len(years)),
        float(np.mean(list(moved.values()))),
        f"{series}, year before to year after: "
        + "; ".join(f"{year} {with_sign(change)}" for year, change in moved.items()),
        len(years),
    )


def _years_with_a_step(values: pd.Series) -> np.ndarray:
    years = values.dropna().sort_index().index.to_numpy(dtype=int)[1:]
    if not len(years):
        raise Missing("Needs two years or more with a value.")
    return years


def years_of_office(look: Look, table: str, values: pd.Series, first: int) -> list[int]:
    """Years with a step in which somebody new was in an office, or the first of them after that."""
    observed = _years_with_a_step(values)
    return sorted(
        {
            int(observed[observed >= year].min())
            for year in _years_of_starts(look, table)
            if first < year <= observed.max()
        }
    )


@kept
def _years_of_starts(look: Look, table: str) -> list[int]:
    rows = look.table(table)
    starts = rows.loc[rows["iso3"] == look.case.state, "start"]
    return pd.to_datetime(starts).dt.year.tolist()


def _offices(quiet: Any, moved: Any, stirred: Any) -> str:
    return "supported" if quiet and moved else "against" if stirred else "mixed"


@method
def changes_of_office(
    look: Look,
    *,
    series: str,
    first: int,
    last: int,
    strict: float,
    peers: list[str] | None = None,
    fewest: int = 1,
) -> Found:
    """Are steps larger in years with a new foreign minister, or with a new head of state, than in others?"""
    if not look.case.has("ministers"):
        return Found(
            "not testable", np.nan, "Needs a sourced list of foreign ministers."
        )
    values = look.series(series, peers=peers, fewest=fewest).loc[first:last]
    observed = _years_with_a_step(values)
    found = {}
    for office, table in (("ministers", "ministers"), ("presidents", "leaders")):
        years = years_of_office(look, table, values, first)
        if not 0 < len(years) < len(observed):
            return Found(
                "not testable",
                np.nan,
                f"Needs years with and without new {office}; {len(years)} of {len(observed)} years have one.",
            )
        found[office] = breaks.named_years(values, years), years
    (m, m_years), (p, p_years) = found["ministers"], found["presidents"]
    quiet, moved = m.p > strict, p.p < strict
    outcome = _offices(quiet, moved, m.p < strict and not moved)
    reading = (
        f"New ministers stand in {len(m_years)} of {m.n} steps: mean {m.statistic:.3f}, p {m.p:.3f} (smallest possible {m.smallest_p:.4f}). "
        f"New presidents in {', '.join(map(str, p_years))}: mean {p.statistic:.3f}, p {p.p:.3f} (smallest possible {p.smallest_p:.4f})."
    )
    return Found(outcome, m.statistic, reading, m.n, m.p, m.null)


@method
def break_between_leaders(
    look: Look,
    *,
    series: str,
    before: list[int],
    after: list[int],
    found: list[int],
    strict: float,
    null: str,
    draws: int,
    seed: int,
    peers: list[str] | None = None,
    fewest: int = 1,
) -> Found:
    """Does the mean differ between two leaders, and does a free break fall where they change?"""
    values = look.series(series, peers=peers, fewest=fewest)
    one, two = values.loc[before[0] : before[1]], values.loc[after[0] : after[1]]
    difference = breaks.equivalence(
        one, two, 0.1, noise=breaks.fitting_noise(one, two), draws=draws, seed=seed
    )
    free = breaks.sup_f(values.loc[before[0] : after[1]], null, draws, seed)
    apart = difference.lower > 0 or difference.upper < 0
    here = (
        free.location is not None
        and found[0] <= free.location <= found[1]
        and free.p < strict
    )
    reading = (
        f"Difference {with_sign(difference.statistic)}, 90% interval {with_sign(difference.lower)} to {with_sign(difference.upper)}; "
        f"free break at {free.location}, F {free.statistic:.1f}, p {free.p:.3f} ({draws} draws, seed {seed})."
    )
    return Found(
        counted(apart + here, 2),
        difference.statistic,
        reading,
        free.n,
        free.p,
        free.null,
    )


@method
def break_at(
    look: Look,
    *,
    series: str,
    last: int,
    found: list[int],
    strict: float,
    loose: float,
    null: str,
    draws: int,
    seed: int,
    peers: list[str] | None = None,
    fewest: int = 1,
) -> Found:
    """Does a free break fall in some years?"""
    ways = look.ways(series, peers=peers, fewest=fewest)
    free = free_break(look, series, last, null, draws, seed, ways)
    there = free.location is not None and found[0] <= free.location <= found[1]
    if there:
        outcome = (
            "supported"
            if free.p < strict
            else "mixed"
            if free.p <= loose
            else "not supported"
        )
    else:
        outcome = "against" if free.p < loose else "not supported"
    return Found(
        outcome,
        free.statistic,
        f"Largest F {free.statistic:.1f}, the first year after the break is {free.location}; p {free.p:.3f} ({draws} draws, seed {seed}; smallest possible {free.smallest_p:.4f}).",
        free.n,
        free.p,
        free.null,
    )


@method
def equal_before_and_after(
    look: Look,
    *,
    series: str,
    before: list[int],
    after: list[int],
    margin: float,
    level: float,
    draws: int,
    seed: int,
    peers: list[str] | None = None,
    fewest: int = 1,
) -> Found:
    """Is the difference of two spells small enough to be called none?"""
    values = look.series(series, peers=peers, fewest=fewest)
    one, two = values.loc[before[0] : before[1]], values.loc[after[0] : after[1]]
    noise = breaks.fitting_noise(one, two)
    test = breaks.equivalence(one, two, margin, level, noise, draws, seed)
    outcome = {"inside": "supported", "overlaps": "mixed", "outside": "against"}[
        test.verdict
    ]
    how = "AR(1) bootstrap" if noise == "ar1" else "Welch, too few pairs for AR(1)"
    return Found(
        outcome,
        test.statistic,
        f"Difference {with_sign(test.statistic)}, {level:.0%} interval {with_sign(test.lower)} to {with_sign(test.upper)} ({how}), margin {margin:g}.",
        test.n,
        test.p,
        test.null,
    )


def judge_gathered(
    p: float, beside: Any, elsewhere: Any, strict: float, loose: float, opposite: float
) -> str:
    """Which way the rule falls by p of the named years, and by breaks elsewhere."""
    if p < strict and not elsewhere:
        return "supported"
    if strict <= p <= loose:
        return "mixed"
    return "contradicted" if min(p, beside) >= opposite else "not supported"


@kept
def free_break(
    look: Look,
    series: Any,
    last: int,
    null: Any,
    draws: Any,
    seed: int | None,
    ways: Any,
) -> breaks.Result:
    """The free break of a series up to a year; ``ways`` are those in which it is read, of :meth:`Look.ways`."""
    values = look.series(series, **dict(ways)).loc[:last]
    return breaks.sup_f(values, null, draws, seed)


@method
def named_years(
    look: Look,
    *,
    series: str,
    other: str,
    years: list[int],
    last: int,
    strict: float,
    loose: float,
    opposite: float,
    null: str,
    draws: int,
    seed: int,
    peers: list[str] | None = None,
    fewest: int = 1,
) -> Found:
    """Is change gathered in some named years?"""
    first, second = (
        look.series(name, peers=peers, fewest=fewest).loc[:last]
        for name in (series, other)
    )
    main, beside = breaks.named_years(first, years), breaks.named_years(second, years)
    ways = look.ways(series, peers=peers, fewest=fewest)
    free = free_break(look, series, last, null, draws, seed, ways)
    elsewhere = free.p < strict and free.location not in set(main.details["year"])
    outcome = judge_gathered(main.p, beside.p, elsewhere, strict, loose, opposite)
    reading = (
        f"Mean step of the named years {main.statistic:.3f}, p {main.p:.3f} among {main.draws} sets (smallest possible {main.smallest_p:.4f}); in the {other} p {beside.p:.3f}. "
        f"Free break at {free.location}, p {free.p:.3f}. {main.note}".strip()
    )
    return Found(outcome, main.statistic, reading, main.n, main.p, main.null)


def yearly_changes(values: pd.Series, first: int, last: int) -> np.ndarray:
    """Changes of each year on the year before; NaN over a hole, which is no change of a single year."""
    return values.reindex(range(first, last + 1)).astype(float).diff().to_numpy()[1:]


def correlations(
    cause: np.ndarray, effects: np.ndarray, reach: int
) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Correlation of the cause with each of some effects so many years later: (leads, (effects, leads), pairs)."""
    leads, found, pairs = np.arange(-reach, reach + 1), [], []
    for lead in leads:
        early = slice(max(0, -lead), len(cause) - max(0, lead))
        late = slice(max(0, lead), len(cause) - max(0, -lead))
        a, b = cause[early], effects[:, late]
        seen = ~np.isnan(a) & ~np.isnan(b).any(axis=0)
        a, b = a[seen], b[:, seen]
        pairs.append(int(seen.sum()))
        if seen.sum() < 3:
            found.append(np.full(len(effects), np.nan))
            continue
        a, b = a - a.mean(), b - b.mean(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):  # what never varies: NaN
            found.append((b @ a) / np.sqrt((a @ a) * (b * b).sum(axis=1)))
    return leads, np.stack(found, axis=1), pairs


def judge_leading(
    leads: np.ndarray, found: Any, enough: float
) -> tuple[np.ndarray, np.ndarray]:
    """Which way the rule falls for each effect, and the place of the lead on which it does."""
    best = found.argmax(axis=1)
    top = found[np.arange(len(found)), best]
    names = np.array(["against", "mixed", "supported"])[np.sign(leads[best]) + 1]
    return np.where(top < enough, "not supported", names), best


@method
def leads(
    look: Look,
    *,
    cause: str,
    effect: str,
    first: int,
    last: int,
    reach: int,
    enough: float,
) -> Found:
    """Do changes of one series come before changes of another, or after?"""
    a, b = (yearly_changes(look.series(name), first, last) for name in (cause, effect))
    leads, found, pairs = correlations(a, b[None, :], reach)
    if np.isnan(found).any():
        raise Missing(f"Needs yearly changes of {cause} and {effect} that vary.")
    outcome, at = (part[0] for part in judge_leading(leads, found, enough))
    best, r, n = int(leads[at]), float(found[0, at]), int(pairs[at])
    return Found(
        outcome,
        r,
        f"Largest correlation of yearly changes {with_sign(r, 2)}, where {cause} leads by {best} year(s), n {n}; at 0 {with_sign(found[0, reach], 2)}.",
        n,
    )


@method
def above_trend(
    look: Look, *, series: str, trend: list[int], years: list[int]
) -> Found:
    """Does a series rise above the line through earlier years?"""
    values = look.series(series)
    later = whole_spell(values, *years)
    before = alignment.trend(
        values.rename_axis("year").rename("value").reset_index(), trend, later.index
    )
    rise = float((later - before.line).mean())
    outcome = (
        "supported"
        if rise > before.spread
        else "mixed"
        if later.mean() > before.mean
        else "against"
    )
    reading = f"Mean {later.mean():.2f} a year against {before.line.mean():.2f} on the line of {trend[0]} to {trend[1]} (mean {before.mean:.2f}, residual deviation {before.spread:.2f})."
    return Found(outcome, rise, reading, trend[1] - trend[0] + 1 + len(later))


def _moved(look: Look, item: Any, options: Any) -> tuple[float, bool, str]:
    """Change of the mean of a series between two spells, and whether it has the sign of the item."""
    series = look.series(item["series"], **options)
    (was, _), (became, _) = (
        mean_of(series, item["before"]),
        mean_of(series, item["after"]),
    )
    text = f"{item['series']} {was:.3g} ({item['before'][0]} to {item['before'][1]}) to {became:.3g} ({item['after'][0]} to {item['after'][1]})"
    return became - was, item["sign"] * (became - was) > 0, text


@method
def means_rise(
    look: Look,
    *,
    items: list[dict[str, Any]],
    otherwise: str = "against",
    peers: list[str] | None = None,
    fewest: int = 1,
    edition: str = "4.0",
    direction: str = "both",
) -> Found:
    """Do the means of some series rise between two spells?"""
    options = {
        "peers": peers,
        "fewest": fewest,
        "edition": edition,
        "direction": direction,
    }
    moved = [_moved(look, item, options) for item in items]
    right = sum(ok for _, ok, _ in moved)
    outcome = "supported" if right == len(moved) else "mixed" if right else otherwise
    return Found(
        outcome,
        float(moved[0][0]),
        "; ".join(text for *_, text in moved) + ".",
        len(moved),
    )


@method
def blocks_rise(look: Look, *, blocks: list[list[dict[str, Any]]]) -> Found:
    """Do blocks of measures rise, each by more than half of its measures?"""
    moved = [[_moved(look, item, {}) for item in block] for block in blocks]
    up = [sum(ok for _, ok, _ in block) * 2 > len(block) for block in moved]
    reading = ". ".join(
        f"Block {i + 1}, {sum(ok for _, ok, _ in block)} of {len(block)} up: "
        + "; ".join(text for *_, text in block)
        for i, block in enumerate(moved)
    )
    return Found(
        counted(sum(up), len(up)),
        float(sum(ok for block in moved for _, ok, _ in block)),
        reading + ".",
        sum(map(len, moved)),
    )


@method
def rising(look: Look, *, series: list[str], first: int, last: int, many: int) -> Found:
    """Do some series rise over a spell: a line that climbs, and an end above the start?"""
    texts, up = [], 0
    for name in series:
        values = look.series(name).loc[first:last].dropna()
        start, end = in_year(values, first), in_year(values, last)
        slope = float(np.polyfit(values.index.to_numpy(float), values.to_numpy(), 1)[0])
        rises = slope > 0 and end > start
        up += rises
        texts.append(f"{name} {start:.3g} to {end:.3g}, slope {slope:+.3g} a year")
    outcome = "supported" if up >= many else "mixed" if up else "against"
    return Found(outcome, float(up), "; ".join(texts) + ".", len(series))
