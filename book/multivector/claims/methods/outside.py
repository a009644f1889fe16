"""Methods that judge outside series of the state by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ... import alignment, breaks
from ...data import Missing
from ...language import N_, Sentence, joined
from ..evidence import Look, in_year, kept, mean_of, whole_spell
from ..finding import (
    Found,
    Rule,
    counted,
    judge_interval,
    met_or_mixed,
    method,
)
from ..states import names_of, series_of_states


def _read(look: Look, rule: Rule) -> pd.Series:
    """The series of a rule, as it reads it."""
    return look.series(rule.series, **rule.reading)


def sides(values: pd.Series, rule: Rule) -> tuple[pd.Series, pd.Series]:
    """The spells of a series before and after."""
    return values.loc[slice(*rule.before)], values.loc[slice(*rule.after)]


def _interval(test: Any) -> str:
    return Sentence(
        "interval {lower:+.3f} to {upper:+.3f}", lower=test.lower, upper=test.upper
    )


@method
def changes(look: Look, rule: Rule) -> Found:
    """Do some series move in one direction between two years (or days, for the tilt of the coded acts)?"""
    moved = []
    for item in rule.items:
        days = item["from"], item["to"]
        if item["series"] == "tilt":
            read = rule.half_life, rule.direction, rule.coding
            start, end = (look.tilt(day, *read) for day in days)
        else:
            series = look.series(item["series"], **rule.reading)
            start, end = (float(series.get(year, np.nan)) for year in days)
        moved.append((item["series"], *days, end - start))
    reading = joined(
        (
            Sentence(
                "{name} {start} to {end}: {change:+.3f}",
                name=name,
                start=start,
                end=end,
                change=change,
            )
            for name, start, end, change in moved
        ),
        "; ",
    )
    if any(np.isnan(change) for *_, change in moved):
        raise Missing(
            Sentence("Needs an observation at both ends. {reading}", reading=reading)
        )
    right = [rule.sign * change > 0 for *_, change in moved]
    outside = [ok for ok, (name, *_) in zip(right, moved) if name not in rule.coded]
    return Found(
        counted(sum(right), len(right)),
        float(np.mean([change for *_, change in moved])),
        reading,
        len(moved),
        without_coded=counted(sum(outside), len(outside)) if rule.coded else "",
    )


def excess_steps(look: Look, rule: Rule) -> pd.Series:
    """Absolute steps of the state less the mean of those of others.

    With ``holes`` the mean is that of the others that were observed at both ends of a step.
    """
    states, read = [look.case.state, *rule.compared], tuple(rule.reading.items())
    own, *others = series_of_states(look, states, rule.series, None, read).values()
    observed = own.loc[rule.first - 1 : rule.last].reset_index()
    steps = alignment.steps(observed, "value")
    steps = steps[steps["year"].between(rule.first, rule.last)].astype({"since": int})
    beside = [
        pd.Series([abs(other[year] - other[since]) for other in others]).mean(
            skipna=rule.holes
        )
        for year, since in zip(steps["year"], steps["since"])
    ]
    return pd.Series(steps["step"].to_numpy() - beside, index=steps["year"])


def at_steps(steps: pd.Series, years: Iterable[int]) -> list[int]:
    """Years as those of the steps in which they show: of a year without a vote the next one.

    One that has none after it is left out.
    """
    later = (steps.index[steps.index >= year] for year in years)
    return list(dict.fromkeys(int(rest.min()) for rest in later if len(rest)))


@method
def response_to_shocks(look: Look, rule: Rule) -> Found:
    """Did the state move more than others in the years of shocks, more than in other years?

    A shock in a year without a vote of the state shows in the step that ends at its next one.
    """
    excess = excess_steps(look, rule)
    years = at_steps(excess, rule.years)
    seen = len(excess) and max(rule.years) <= excess.index.max()
    if not seen or excess.isna().any():
        when = ", ".join(map(str, rule.years))
        raise Missing(
            Sentence(
                "Needs a step of the state and of the others in {when}.", when=when
            )
        )
    found = breaks.mean_of_years(excess, years, rule.level, rule.draws, rule.seed)
    ends = found.lower, found.upper
    outcome = judge_interval(found.statistic, *ends, rule.whole_interval)
    reading = Sentence(
        "Mean excess step {statistic:+.3f}, {level:.0%} {interval} ({draws} draws, seed {seed}); mean of {many} steps against {names}, its chance drawn from {n} yearly differences.",
        statistic=found.statistic,
        level=rule.level,
        interval=_interval(found),
        draws=rule.draws,
        seed=rule.seed,
        many=len(years),
        names=names_of(look, rule.compared),
        n=found.n,
    )
    return Found(outcome, found.statistic, reading, found.n, found.p, found.null)


@method
def falls_after_years(look: Look, rule: Rule) -> Found:
    """Does a score move in one direction from the year before to the year after each of some years?"""
    values = look.series(rule.series)
    moved = {
        year: in_year(values, year + 1) - in_year(values, year - 1)
        for year in rule.years
    }
    right = sum(rule.sign * change > 0 for change in moved.values())
    told = joined(
        (
            Sentence("{year} {change:+.3f}", year=year, change=change)
            for year, change in moved.items()
        ),
        "; ",
    )
    outcome = counted(right, len(moved))
    reading = Sentence(
        "{series}, year before to year after: {told}", series=rule.series, told=told
    )
    return Found(outcome, float(np.mean(list(moved.values()))), reading, len(moved))


def _years_with_a_step(values: pd.Series) -> np.ndarray:
    years = values.dropna().sort_index().index.to_numpy(dtype=int)[1:]
    if not len(years):
        raise Missing(N_("Needs two years or more with a value."))
    return years


def years_of_office(look: Look, table: str, values: pd.Series, first: int) -> list[int]:
    """Years with a step in which somebody new was in an office, or the first of them after that."""
    observed = _years_with_a_step(values)
    starts = np.array(_years_of_starts(look, table), dtype=int)
    starts = starts[(first < starts) & (starts <= observed.max())]
    return sorted({int(observed[observed >= year].min()) for year in starts})


@kept
def _years_of_starts(look: Look, table: str) -> list[int]:
    rows = look.table(table)
    starts = rows.loc[rows["iso3"] == look.case.state, "start"]
    return pd.to_datetime(starts).dt.year.tolist()


@method
def changes_of_office(look: Look, rule: Rule) -> Found:
    """Are steps larger in years with a new foreign minister, or with a new head of state, than in others?"""
    if not look.case.has("ministers"):
        raise Missing(N_("Needs a sourced list of foreign ministers."))
    values = _read(look, rule).loc[rule.first : rule.last]
    many = len(_years_with_a_step(values))
    found = []
    for office, table in (
        (N_("ministers"), "ministers"),
        (N_("presidents"), "leaders"),
    ):
        years = years_of_office(look, table, values, rule.first)
        if not 0 < len(years) < many:
            raise Missing(
                Sentence(
                    "Needs years with and without new {office}; {stand} of {many} years have one.",
                    office=office,
                    stand=len(years),
                    many=many,
                )
            )
        found.append((breaks.named_years(values, years), years))
    (m, m_years), (p, p_years) = found
    moved = p.p < rule.strict
    stirred = m.p < rule.strict and not moved
    reading = Sentence(
        "New ministers stand in {stand} of {n} steps: mean {statistic:.3f}, p {p:.3f} (smallest possible {smallest_p:.4f}). New presidents in {years}: mean {president_mean:.3f}, p {president_p:.3f} (smallest possible {president_smallest_p:.4f}).",
        stand=len(m_years),
        n=m.n,
        statistic=m.statistic,
        p=m.p,
        smallest_p=m.smallest_p,
        years=", ".join(map(str, p_years)),
        president_mean=p.statistic,
        president_p=p.p,
        president_smallest_p=p.smallest_p,
    )
    outcome = met_or_mixed(m.p > rule.strict and moved, not stirred)
    return Found(outcome, m.statistic, reading, m.n, m.p, m.null)


@method
def break_between_leaders(look: Look, rule: Rule) -> Found:
    """Does the mean differ between two leaders, and does a free break fall where they change?"""
    values = _read(look, rule)
    one, two = sides(values, rule)
    noise = breaks.fitting_noise(one, two)
    difference = breaks.equivalence(
        one, two, 0.1, noise=noise, draws=rule.draws, seed=rule.seed
    )
    both = values.loc[rule.before[0] : rule.after[1]]
    free = breaks.sup_f(both, rule.null, rule.draws, rule.seed)
    apart = difference.lower > 0 or difference.upper < 0
    here = _falls_there(free, rule.found) and free.p < rule.strict
    reading = Sentence(
        "Difference {statistic:+.3f}, 90% {interval}; free break at {location}, F {f:.1f}, p {p:.3f} ({draws} draws, seed {seed}). {spread}",
        statistic=difference.statistic,
        interval=_interval(difference),
        location=free.location,
        f=free.statistic,
        p=free.p,
        draws=rule.draws,
        seed=rule.seed,
        spread=_spread_told(both),
    )
    outcome = counted(apart + here, 2)
    return Found(outcome, difference.statistic, reading, free.n, free.p, free.null)


def _falls_there(free: breaks.Result, years: list[int]) -> bool:
    """Does a free break fall in a spell?"""
    return free.location is not None and years[0] <= free.location <= years[1]


@method
def break_at(look: Look, rule: Rule) -> Found:
    """Does a free break fall in some years?"""
    free = free_break(look, rule)
    if _falls_there(free, rule.found):
        strict, loose = free.p < rule.strict, free.p <= rule.loose
        outcome = met_or_mixed(strict, loose, otherwise="not supported")
    else:
        outcome = "against" if free.p < rule.loose else "not supported"
    reading = Sentence(
        "Largest F {statistic:.1f}, the first year after the break is {location}; p {p:.3f} ({draws} draws, seed {seed}; smallest possible {smallest_p:.4f}). {spread}",
        statistic=free.statistic,
        location=free.location,
        p=free.p,
        draws=rule.draws,
        seed=rule.seed,
        smallest_p=free.smallest_p,
        spread=_spread_told(_read(look, rule).loc[: rule.last]),
    )
    return Found(outcome, free.statistic, reading, free.n, free.p, free.null)


def _spread_told(values: pd.Series) -> Sentence:
    """How far apart all values of a series lie, beside which a shift of its mean can be seen."""
    return Sentence(
        "All its values lie within {spread:.2f} of one another.",
        spread=values.max() - values.min(),
    )


@method
def equal_before_and_after(look: Look, rule: Rule) -> Found:
    """Is the difference of two spells small enough to be called none?"""
    one, two = sides(_read(look, rule), rule)
    noise = breaks.fitting_noise(one, two)
    test = breaks.equivalence(
        one, two, rule.margin, rule.level, noise, rule.draws, rule.seed
    )
    how = (
        N_("AR(1) bootstrap")
        if noise == "ar1"
        else N_("Welch, too few pairs for AR(1)")
    )
    outcome = met_or_mixed(test.verdict == "inside", test.verdict == "overlaps")
    reading = Sentence(
        "Difference {statistic:+.3f}, {level:.0%} {interval} ({how}), margin {margin:g}.",
        statistic=test.statistic,
        level=rule.level,
        interval=_interval(test),
        how=how,
        margin=rule.margin,
    )
    return Found(outcome, test.statistic, reading, test.n, test.p, test.null)


def judge_gathered(p: float, beside: float, elsewhere: bool, rule: Rule) -> str:
    """Which way the rule falls by p of the named years, and by breaks elsewhere."""
    if p < rule.strict and not elsewhere:
        return "supported"
    if rule.strict <= p <= rule.loose:
        return "mixed"
    return "contradicted" if min(p, beside) >= rule.opposite else "not supported"


def free_break(look: Look, rule: Rule) -> breaks.Result:
    """The free break of the series of a rule, up to its last year."""
    ways = look.ways(rule.series, **rule.reading)
    return _free_break(
        look, rule.series, ways, rule.last, rule.null, rule.draws, rule.seed
    )


@kept
def _free_break(
    look: Look, series: str, ways: Any, last: int, *chance: Any
) -> breaks.Result:
    return breaks.sup_f(look.series(series, **dict(ways)).loc[:last], *chance)


@method
def named_years(look: Look, rule: Rule) -> Found:
    """Is change gathered in some named years?"""
    main, beside = (
        breaks.named_years(
            look.series(name, **rule.reading).loc[: rule.last], rule.years
        )
        for name in (rule.series, rule.other)
    )
    free = free_break(look, rule)
    elsewhere = free.p < rule.strict and free.location not in set(main.details["year"])
    outcome = judge_gathered(main.p, beside.p, elsewhere, rule)
    reading = Sentence(
        "Mean step of the named years {statistic:.3f}, p {p:.3f} among {draws} sets (smallest possible {smallest_p:.4f}); in the {other} p {beside_p:.3f}. Free break at {location}, p {free_p:.3f}.",
        statistic=main.statistic,
        p=main.p,
        draws=main.draws,
        smallest_p=main.smallest_p,
        other=rule.other,
        beside_p=beside.p,
        location=free.location,
        free_p=free.p,
    )
    reading = joined([reading, main.note], " ")
    return Found(outcome, main.statistic, reading, main.n, main.p, main.null)


def yearly_changes(values: pd.Series, first: int, last: int) -> np.ndarray:
    """Changes of each year on the year before; NaN over a hole, which is no change of a single year."""
    return values.reindex(range(first, last + 1)).astype(float).diff().to_numpy()[1:]


def correlations(
    cause: np.ndarray, effects: np.ndarray, reach: int
) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Correlation of the cause with each of some effects so many years later: (leads, (effects, leads), pairs)."""
    leads, found, pairs = range(-reach, reach + 1), [], []
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
    return np.array(leads), np.stack(found, axis=1), pairs


def judge_leading(
    leads: np.ndarray, found: np.ndarray, enough: float
) -> tuple[np.ndarray, np.ndarray]:
    """Which way the rule falls for each effect, and the place of the lead on which it does."""
    best = found.argmax(axis=1)
    top = found[np.arange(len(found)), best]
    names = np.array(["against", "mixed", "supported"])[np.sign(leads[best]) + 1]
    return np.where(top < enough, "not supported", names), best


@method
def leads(look: Look, rule: Rule) -> Found:
    """Do changes of one series come before changes of another, or after?"""
    cause, effect = (
        yearly_changes(look.series(name), rule.first, rule.last)
        for name in (rule.cause, rule.effect)
    )
    leads, found, pairs = correlations(cause, effect[None, :], rule.reach)
    if np.isnan(found).any():
        raise Missing(
            Sentence(
                "Needs yearly changes of {cause} and {effect} that vary.",
                cause=rule.cause,
                effect=rule.effect,
            )
        )
    outcome, at = (part[0] for part in judge_leading(leads, found, rule.enough))
    r, now = float(found[0, at]), float(found[0, rule.reach])
    reading = Sentence(
        "Largest correlation of yearly changes {r:+.2f}, where {cause} leads by {lead} year(s), n {pairs}; at 0 {now:+.2f}.",
        r=r,
        cause=rule.cause,
        lead=leads[at],
        pairs=pairs[at],
        now=now,
    )
    return Found(outcome, r, reading, pairs[at])


@method
def above_trend(look: Look, rule: Rule) -> Found:
    """Does a series rise above the line through earlier years?"""
    values, (first, last) = look.series(rule.series), rule.trend
    later = whole_spell(values, *rule.years)
    rows = values.rename_axis("year").rename("value").reset_index()
    before = alignment.trend(rows, rule.trend, later.index)
    rise = float((later - before.line).mean())
    outcome = met_or_mixed(rise > before.spread, later.mean() > before.mean)
    reading = Sentence(
        "Mean {later_mean:.2f} a year against {line:.2f} on the line of {first} to {last} (mean {mean:.2f}, residual deviation {spread:.2f}).",
        later_mean=later.mean(),
        line=before.line.mean(),
        first=first,
        last=last,
        mean=before.mean,
        spread=before.spread,
    )
    return Found(outcome, rise, reading, last - first + 1 + len(later))


def _moved(look: Look, item: Any, **ways: Any) -> tuple[float, bool, str]:
    """Change of the mean of a series between two spells, and whether it has the sign of the item."""
    series = look.series(item["series"], **ways)
    ends = [(mean_of(series, item[side]), *item[side]) for side in ("before", "after")]
    change = ends[1][0] - ends[0][0]
    told = [
        Sentence("{mean:.3g} ({first} to {last})", mean=mean, first=first, last=last)
        for mean, first, last in ends
    ]
    text = Sentence(
        "{series} {told}", series=item["series"], told=joined(told, N_(" to "))
    )
    return change, item["sign"] * change > 0, text


@method
def means_rise(look: Look, rule: Rule) -> Found:
    """Do the means of some series rise between two spells?"""
    moved = [_moved(look, item, **rule.reading) for item in rule.items]
    right = sum(ok for _, ok, _ in moved)
    outcome = met_or_mixed(right == len(moved), right > 0, rule.otherwise)
    reading = joined((text for *_, text in moved), "; ", ".")
    return Found(outcome, float(moved[0][0]), reading, len(moved))


@method
def blocks_rise(look: Look, rule: Rule) -> Found:
    """Do blocks of measures rise, each by more than half of its measures?"""
    up, told = [], []
    for block in rule.blocks:
        moved = [_moved(look, item) for item in block]
        up.append(sum(ok for _, ok, _ in moved))
        texts = joined((text for *_, text in moved), "; ")
        told.append(
            Sentence(
                "Block {block}, {up} of {n} up: {texts}",
                block=len(up),
                up=up[-1],
                n=len(block),
                texts=texts,
            )
        )
    sizes = [len(block) for block in rule.blocks]
    most = [2 * number > size for number, size in zip(up, sizes)]
    reading = joined(told, ". ", ".")
    return Found(counted(sum(most), len(most)), float(sum(up)), reading, sum(sizes))


@method
def rising(look: Look, rule: Rule) -> Found:
    """Do some series rise over a spell: a line that climbs, and an end above the start?"""
    told, up = [], 0
    for name in rule.series:
        values = look.series(name).loc[rule.first : rule.last].dropna()
        start, end = in_year(values, rule.first), in_year(values, rule.last)
        slope = float(np.polyfit(values.index.to_numpy(float), values.to_numpy(), 1)[0])
        up += slope > 0 and end > start
        told.append(
            Sentence(
                "{name} {start:.3g} to {end:.3g}, slope {slope:+.3g} a year",
                name=name,
                start=start,
                end=end,
                slope=slope,
            )
        )
    outcome = met_or_mixed(up >= rule.many, up > 0)
    return Found(outcome, float(up), joined(told, "; ", "."), len(told))
