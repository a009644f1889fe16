"""Chance by the rules on outside series: years in another order, and series without a break."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pandas as pd

from ... import alignment, breaks
from ...language import N_, Sentence, joined
from ..evidence import Look
from ..finding import Rule, judge_interval
from ..methods.outside import (
    at_steps,
    correlations,
    excess_steps,
    judge_gathered,
    judge_leading,
    sides,
    yearly_changes,
    years_of_office,
)
from ..severity import (
    CHANCE_SEED,
    WORLDS,
    Chance,
    Supposed,
    chance_of,
    how_often,
    observed,
    over_worlds,
    reckoned,
    series_named,
    smallest_seen,
)


def _reordered(
    series: Mapping[str, pd.Series], rng: np.random.Generator, years: Collection[int]
) -> dict[str, pd.Series]:
    """Values of some series in another order of the years, the same for all that know these years."""
    place = dict(zip(years, rng.random(len(years))))
    found = {}
    for name, values in series.items():
        order = np.argsort([place[year] for year in values.index], kind="stable")
        found[name] = pd.Series(values.to_numpy()[order], values.index, name=name)
    return found


@chance_of("changes", "means_rise", "falls_after_years", "blocks_rise", "rising")
def _by_reordered_years(look: Look, rule: Rule, found: str) -> Chance:
    series = {n: observed(look, n, rule) for n in series_named(rule.parameters)}
    years = sorted(set().union(*(values.index for values in series.values())))
    days = [
        item[end]
        for item in rule.parameters.get("items", ())
        if item["series"] == "tilt"
        for end in ("from", "to")
    ]
    rng = np.random.default_rng(CHANCE_SEED)
    outcomes = []
    for _ in range(WORLDS):
        tilt = dict(zip(days, rng.normal(size=len(days)))) or None
        world = Supposed(look, _reordered(series, rng, years), tilt)
        outcomes.append(rule.judge(world).outcome)
    null = N_("years permuted, in the same way in every series that the rule reads")
    tossed = N_(", and the tilt of the coded acts a coin toss") if days else ""
    return Chance(
        *how_often(outcomes, found),
        joined([null, tossed], ""),
        effect=N_("the rule asks for signs, not for a size"),
    )


@chance_of("leads")
def _by_reordered_changes(look: Look, rule: Rule, found: str) -> Chance:
    cause, effect = (
        yearly_changes(look.series(name), rule.first, rule.last)
        for name in (rule.cause, rule.effect)
    )
    seen = ~np.isnan(effect)
    pulled = np.append(0.0, np.nan_to_num(cause)[:-1])
    pulled = (pulled - pulled.mean()) / pulled.std() * np.nanstd(effect)

    def outcomes(strength: float, _: int) -> np.ndarray:
        """The effect follows the cause a year later to some strength; else its changes are permuted."""
        rng = np.random.default_rng(CHANCE_SEED)
        drawn = np.tile(effect, (WORLDS, 1))
        drawn[:, seen] = rng.permuted(drawn[:, seen], axis=1)
        drawn = strength * pulled + np.sqrt(1 - strength**2) * drawn
        leads, r = correlations(cause, drawn, rule.reach)[:2]
        return judge_leading(leads, r, rule.enough)[0]

    null = Sentence("yearly changes of {effect} permuted", effect=rule.effect)
    told = N_("correlation of the changes, the cause a year ahead")
    return over_worlds(found, outcomes, null, 1.0, told)


@chance_of("above_trend")
def _by_a_straight_line(look: Look, rule: Rule, found: str) -> Chance:
    values, (first, last) = look.series(rule.series), rule.trend
    years = [*range(first, last + 1), *range(rule.years[0], rule.years[1] + 1)]
    rows = values.rename_axis("year").rename("value").reset_index()
    line = alignment.trend(rows, rule.trend, years)
    later = line.line.index >= rule.years[0]

    def outcomes(rise: float, many: int) -> Iterator[str]:
        rng = np.random.default_rng(CHANCE_SEED)
        for _ in range(many):
            noise = rng.normal(scale=line.spread, size=len(years))
            world = Supposed(look, {rule.series: line.line + noise + later * rise})
            yield rule.judge(world).outcome

    null = Sentence(
        "the straight line of {first} to {last} goes on, with the series' own noise of {spread:.2f}",
        first=first,
        last=last,
        spread=line.spread,
    )
    effect = N_("rise above the line, a year")
    return over_worlds(found, outcomes, null, 20 * line.spread, effect)


@chance_of("break_at", "break_between_leaders")
def _by_persistent_years(look: Look, rule: Rule, found: str) -> Chance:
    since = sum(rule.found) // 2

    def outcomes(size: float, many: int) -> Iterator[str]:
        """Series that persist as the own one does, without any break but one of a given size."""
        values = observed(look, rule.series, rule)
        shift = size * (values.index >= since)
        for drawn in breaks.redrawn(values, "ar1", many, CHANCE_SEED).to_numpy():
            world = pd.Series(drawn + shift, values.index, name=rule.series)
            yield rule.judge(Supposed(look, {rule.series: world}), draws=199).outcome

    null = N_("no break: one mean, with the series' own persistence from year to year")
    largest = 8 * look.series(rule.series).std()
    effect = Sentence(
        "shift of the mean of the {series} from {since} on",
        series=rule.series,
        since=since,
    )
    return over_worlds(found, outcomes, null, largest, effect)


@chance_of("equal_before_and_after")
def _by_a_change_of_the_margin(look: Look, rule: Rule, found: str) -> Chance:
    series, margin = rule.series, rule.margin
    values = observed(look, series, rule)
    noise = [side - side.mean() for side in sides(values, rule)]
    rng = np.random.default_rng(CHANCE_SEED)
    outcomes = []
    for _ in range(WORLDS):
        one, two = (
            pd.Series(rng.choice(part.to_numpy(), len(part)), part.index)
            for part in noise
        )
        world = Supposed(look, {series: pd.concat([one, two + margin])})
        if min(one.std(), two.std()) > 0:
            outcomes.append(rule.judge(world, draws=199).outcome)
    null = Sentence(
        "a change as large as the margin, {margin:g}, had come, with the scatter of each side's own years",
        margin=margin,
    )
    effect = N_("the rule asks for sameness, not for a change")
    return Chance(*how_often(outcomes, found), null, effect=effect)


@chance_of("named_years")
def _by_other_named_years(look: Look, rule: Rule, found: str) -> Chance:
    series, other = (
        observed(look, name, rule).loc[: rule.last]
        for name in (rule.series, rule.other)
    )
    many = len(rule.years)
    sets, beside = (breaks.triples(values, many) for values in (series, other))
    years = [f"year_{i + 1}" for i in range(many)]
    both = sets.merge(beside, on=years, suffixes=("", "_other"), how="left")
    free = breaks.sup_f(series, rule.null, rule.draws, rule.seed)
    elsewhere = (free.p < rule.strict) & ~both[years].isin([free.location]).any(axis=1)
    outcomes = [
        judge_gathered(rank / len(sets), rank_other / len(beside), away, rule)
        for rank, rank_other, away in zip(both["rank"], both["rank_other"], elsewhere)
    ]
    rows = pd.DataFrame({"year": series.index, "value": series.to_numpy()})
    steps = alignment.steps(rows, "value")["step"].to_numpy()
    chosen = np.array(list(itertools.combinations(range(len(steps)), many)))

    def met(size: float) -> float:
        """How often a set whose steps are larger by so much has a small p."""
        p = []
        for named in chosen:
            moved = steps + size * np.isin(np.arange(len(steps)), named)
            means = moved[chosen].mean(axis=1)
            p.append((means >= moved[named].mean() - breaks.TIE).mean())
        return float((np.array(p) < rule.strict).mean())

    return Chance(
        *how_often(outcomes, found),
        Sentence(
            "years exchangeable: every set of {many} years is named in turn", many=many
        ),
        smallest_seen(met, 4 * steps.max(), found),
        Sentence(
            "how much larger the mean step of the named years of the {series} would be",
            series=rule.series,
        ),
    )


@chance_of("changes_of_office")
def _by_other_years_of_office(look: Look, rule: Rule, found: str) -> Chance:
    values = observed(look, rule.series, rule).loc[rule.first : rule.last]
    p = []
    for table in ("ministers", "leaders"):
        many = len(years_of_office(look, table, values, rule.first))
        sets = breaks.triples(values, many)
        p.append((sets["rank"] / len(sets)).to_numpy())
    ministers, presidents = p
    quiet = (ministers > rule.strict).mean()
    stirred = (ministers < rule.strict).mean()
    moved = (presidents < rule.strict).mean()
    met, worst = quiet * moved, stirred * (1 - moved)
    null = N_(
        "years exchangeable: as many others could have had a new minister, or a new president"
    )
    effect = N_("the rule asks for one effect and for the absence of another")
    return reckoned(found, met, 1 - worst, null, effect)


@chance_of("response_to_shocks")
def _by_exchangeable_states(look: Look, rule: Rule, found: str) -> Chance:
    excess = excess_steps(look, rule)
    years = at_steps(excess, rule.years)
    named = excess.index.isin(years)

    def outcomes(size: float, many: int) -> Iterator[str]:
        rng = np.random.default_rng(CHANCE_SEED)
        for _ in range(many):
            drawn = excess * rng.choice([-1, 1], len(excess)) + size * named
            test = breaks.mean_of_years(drawn, years, rule.level, 199, CHANCE_SEED)
            ends = test.lower, test.upper
            yield judge_interval(test.statistic, *ends, rule.whole_interval)

    null = N_(
        "states exchangeable: in each year the step of the state and that of the others could change places"
    )
    effect = N_(
        "how much larger the steps of the named years would be than those of the others"
    )
    return over_worlds(found, outcomes, null, 20 * excess.abs().max(), effect)
