"""Chance by the rules on outside series: years in another order, and series without a break."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ... import alignment, breaks
from ..evidence import Look
from ..finding import METHODS
from ..methods.outside import (
    correlations,
    excess_steps,
    judge_gathered,
    judge_interval,
    judge_leading,
    yearly_changes,
    years_of_office,
)
from ..severity import (
    CHANCE_SEED,
    WORLDS,
    WORLDS_OF_AN_EFFECT,
    Chance,
    Supposed,
    chance_of,
    how_often,
    observed_series,
    series_named,
    share_met,
    smallest_seen,
)


def _reordered(series: Any, rng: Any, years: Any) -> dict[str, pd.Series]:
    """Values of some series in another order of the years, the same for all that know these years."""
    place = dict(zip(years, rng.random(len(years))))
    found = {}
    for name, values in series.items():
        order = np.argsort([place[year] for year in values.index], kind="stable")
        found[name] = pd.Series(values.to_numpy()[order], values.index, name=name)
    return found


@chance_of("changes", "means_rise", "falls_after_years", "blocks_rise", "rising")
def _by_reordered_years(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    series = observed_series(look, series_named(parameters), parameters)
    years = sorted(set().union(*(values.index for values in series.values())))
    days = [
        item[end]
        for item in parameters.get("items", ())
        if item["series"] == "tilt"
        for end in ("from", "to")
    ]
    rng = np.random.default_rng(CHANCE_SEED)
    outcomes = []
    for _ in range(WORLDS):
        tilt = dict(zip(days, rng.normal(size=len(days)))) or None
        world = Supposed(look, _reordered(series, rng, years), tilt)
        outcomes.append(METHODS[method](world, **parameters).outcome)
    null = "years permuted, in the same way in every series that the rule reads"
    return Chance(
        *how_often(outcomes, found),
        null + (", and the tilt of the coded acts a coin toss" if days else ""),
        effect="the rule asks for signs, not for a size",
    )


@chance_of("leads")
def _by_reordered_changes(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    first, last = parameters["first"], parameters["last"]
    cause, effect = (
        yearly_changes(look.series(parameters[key]), first, last)
        for key in ("cause", "effect")
    )
    seen = ~np.isnan(effect)
    pulled = np.append(0.0, np.nan_to_num(cause)[:-1])
    pulled = (pulled - pulled.mean()) / pulled.std() * np.nanstd(effect)

    def outcomes(strength: Any) -> Any:
        """The effect follows the cause a year later to some strength; else its changes are permuted."""
        rng = np.random.default_rng(CHANCE_SEED)
        drawn = np.tile(effect, (WORLDS, 1))
        drawn[:, seen] = rng.permuted(drawn[:, seen], axis=1)
        drawn = strength * pulled + np.sqrt(1 - strength**2) * drawn
        leads, r, _ = correlations(cause, drawn, parameters["reach"])
        return judge_leading(leads, r, parameters["enough"])[0]

    return Chance(
        *how_often(outcomes(0.0), found),
        f"yearly changes of {parameters['effect']} permuted",
        smallest_seen(lambda size: share_met(outcomes(size)), 1.0, found),
        "correlation of the changes, the cause a year ahead",
    )


@chance_of("above_trend")
def _by_a_straight_line(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    values = look.series(parameters["series"])
    told = [*range(*parameters["trend"]), parameters["trend"][1]]
    told += [*range(*parameters["years"]), parameters["years"][1]]
    line = alignment.trend(
        values.rename_axis("year").rename("value").reset_index(),
        parameters["trend"],
        told,
    )

    later = line.line.index >= parameters["years"][0]

    def outcomes(rise: Any, many: int) -> Any:
        rng = np.random.default_rng(CHANCE_SEED)
        for _ in range(many):
            drawn = (
                line.line + rng.normal(scale=line.spread, size=len(told)) + later * rise
            )
            world = Supposed(look, {parameters["series"]: drawn})
            yield METHODS[method](world, **parameters).outcome

    return Chance(
        *how_often(list(outcomes(0.0, WORLDS)), found),
        f"the straight line of {parameters['trend'][0]} to {parameters['trend'][1]} goes on, with the series' own noise of {line.spread:.2f}",
        smallest_seen(
            lambda size: share_met(outcomes(size, WORLDS_OF_AN_EFFECT)),
            20 * line.spread,
            found,
        ),
        "rise above the line, a year",
    )


def _persistent_worlds(
    look: Look,
    method: str,
    parameters: dict[str, Any],
    size: float,
    many: int,
    since: Any,
) -> Iterator[str]:
    """Outcomes for series that persist as the own one does, without any break but one of a given size."""
    series = parameters["series"]
    values = observed_series(look, [series], parameters)[series]
    inside = parameters | {"draws": 199}
    shift = size * (values.index >= since)
    for drawn in breaks.redrawn(values, "ar1", many, CHANCE_SEED).to_numpy():
        world = pd.Series(drawn + shift, values.index, name=series)
        yield METHODS[method](Supposed(look, {series: world}), **inside).outcome


@chance_of("break_at", "break_between_leaders")
def _by_persistent_years(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    since = sum(parameters["found"]) // 2
    values = look.series(parameters["series"])

    def outcomes(size: float, many: int) -> Any:
        return _persistent_worlds(look, method, parameters, size, many, since)

    return Chance(
        *how_often(list(outcomes(0.0, WORLDS)), found),
        "no break: one mean, with the series' own persistence from year to year",
        smallest_seen(
            lambda size: share_met(outcomes(size, WORLDS_OF_AN_EFFECT)),
            8 * values.std(),
            found,
        ),
        f"shift of the mean of the {parameters['series']} from {since} on",
    )


@chance_of("equal_before_and_after")
def _by_a_change_of_the_margin(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    series, margin = parameters["series"], parameters["margin"]
    values = observed_series(look, [series], parameters)[series]
    sides = [values.loc[slice(*parameters[side])] for side in ("before", "after")]
    noise = [side - side.mean() for side in sides]
    rng = np.random.default_rng(CHANCE_SEED)
    outcomes = []
    for _ in range(WORLDS):
        drawn = [
            pd.Series(rng.choice(part.to_numpy(), len(part)), part.index)
            for part in noise
        ]
        world = pd.concat([drawn[0], drawn[1] + margin])
        if min(part.std() for part in drawn) > 0:
            outcomes.append(
                METHODS[method](
                    Supposed(look, {series: world}), **parameters | {"draws": 199}
                ).outcome
            )
    return Chance(
        *how_often(outcomes, found),
        f"a change as large as the margin, {margin:g}, had come, with the scatter of each side's own years",
        effect="the rule asks for sameness, not for a change",
    )


@chance_of("named_years")
def _by_other_named_years(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    series, other = (
        observed_series(look, [parameters[key]], parameters)[parameters[key]].loc[
            : parameters["last"]
        ]
        for key in ("series", "other")
    )
    many = len(parameters["years"])
    sets, beside = (breaks.triples(values, many) for values in (series, other))
    years = [f"year_{i + 1}" for i in range(many)]
    both = sets.merge(beside, on=years, suffixes=("", "_other"), how="left")
    free = breaks.sup_f(
        series, parameters["null"], parameters["draws"], parameters["seed"]
    )
    limits = [parameters[key] for key in ("strict", "loose", "opposite")]
    outcomes = [
        judge_gathered(
            row["rank"] / len(sets),
            row["rank_other"] / len(beside),
            free.p < parameters["strict"]
            and free.location not in {row[year] for year in years},
            *limits,
        )
        for row in both.to_dict("records")
    ]
    rows = pd.DataFrame({"year": series.index, "value": series.to_numpy()})
    steps = alignment.steps(rows, "value")["step"].to_numpy()
    chosen = np.array(list(itertools.combinations(range(len(steps)), many)))

    def met(size: float) -> Any:
        """How often a set whose steps are larger by so much has a small p."""
        p = []
        for named in chosen:
            moved = steps + size * np.isin(np.arange(len(steps)), named)
            means = moved[chosen].mean(axis=1)
            p.append((means >= moved[named].mean() - breaks.TIE).mean())
        return (np.array(p) < parameters["strict"]).mean()

    return Chance(
        *how_often(outcomes, found),
        f"years exchangeable: every set of {many} years is named in turn",
        smallest_seen(met, 4 * steps.max(), found),
        f"how much larger the mean step of the named years of the {parameters['series']} would be",
    )


@chance_of("changes_of_office")
def _by_other_years_of_office(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    series, strict = parameters["series"], parameters["strict"]
    values = observed_series(look, [series], parameters)[series].loc[
        parameters["first"] : parameters["last"]
    ]
    p = {}
    for table in ("ministers", "leaders"):
        many = len(years_of_office(look, table, values, parameters["first"]))
        sets = breaks.triples(values, many)
        p[table] = (sets["rank"] / len(sets)).to_numpy()
    ministers, presidents = p.values()
    quiet, stirred = (ministers > strict).mean(), (ministers < strict).mean()
    moved = (presidents < strict).mean()
    met, worst = quiet * moved, stirred * (1 - moved)
    as_well = {"supported": met, "mixed": 1 - worst}.get(found, 1.0)
    return Chance(
        float(met),
        float(as_well),
        "years exchangeable: as many others could have had a new minister, or a new president",
        effect="the rule asks for one effect and for the absence of another",
    )


@chance_of("response_to_shocks")
def _by_exchangeable_states(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    names = ("compared", "first", "last", "fewest")
    excess = excess_steps(look, *(parameters.get(name, 1) for name in names))
    named = excess.index.isin(parameters["years"])

    def outcomes(size: float, many: int) -> Any:
        rng = np.random.default_rng(CHANCE_SEED)
        for _ in range(many):
            drawn = excess * rng.choice([-1, 1], len(excess)) + size * named
            yield judge_interval(
                breaks.mean_of_years(
                    drawn, parameters["years"], parameters["level"], 199, CHANCE_SEED
                )
            )

    return Chance(
        *how_often(list(outcomes(0.0, WORLDS)), found),
        "states exchangeable: in each year the step of the state and that of the others could change places",
        smallest_seen(
            lambda size: share_met(outcomes(size, WORLDS_OF_AN_EFFECT)),
            20 * excess.abs().max(),
            found,
        ),
        "how much larger the steps of the named years would be than those of the others",
    )
