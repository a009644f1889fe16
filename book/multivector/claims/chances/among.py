"""Chance by the rules that count all cases: each of them named in turn."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd

from ... import jumps
from ..evidence import Look
from ..methods.among import (
    above_neighbours,
    judge_alike,
    judge_jump,
    judge_measures,
    judge_spans,
    judge_year,
    measure_beside_others,
    place_jump,
    place_measures,
    place_spans,
    place_year,
    read_measures,
    read_spans,
    scaled,
)
from ..severity import (
    CHANCE_SEED,
    WORLDS,
    WORLDS_OF_AN_EFFECT,
    Chance,
    chance_of,
    how_often,
    share_met,
    smallest_seen,
)


def _stepped(series: Any, since: Any, size: float) -> pd.Series:
    return series + size * (series.index >= since)


@chance_of("changes_among_all")
def _by_other_spans(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    read = ("series", "compared", "compared_series", "length", "first", "last", "sign")
    changes, others = read_spans(
        look,
        *(parameters[name] for name in read),
        parameters.get("peers"),
        parameters.get("fewest", 1),
    )
    many, state = len(parameters["spans"]), look.case.state
    limits = parameters["pairs_at_most"], parameters["states_at_most"]

    def lasting(values: pd.Series, starts: list[int], size: float) -> Any:
        """A step after each start is in every span that holds the year after it."""
        away = [(start - values.index) for start in starts]
        return values + size * sum(
            (part >= 0) & (part < parameters["length"]) for part in away
        )

    def outcomes(size: float) -> Any:
        for chosen in itertools.combinations(changes.index, many):
            starts = list(chosen)
            here = others | {state: lasting(others[state], starts, size)}
            placed = place_spans(lasting(changes, starts, size), here, state, starts)
            enough = placed and placed.states >= parameters["fewest_states"]
            yield judge_spans(placed, *limits) if enough else "not testable"

    return Chance(
        *how_often(list(outcomes(0.0)), found),
        f"spans exchangeable: every {many} of the {len(changes)} are named in turn",
        smallest_seen(
            lambda size: share_met(outcomes(size)), 8 * float(changes.std()), found
        ),
        f"lasting change of the {parameters['series']} at each span",
    )


@chance_of("alike_and_together")
def _by_other_orders(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    read = ("measure", "others", "first", "last", "direction")
    both, _ = measure_beside_others(look, *(parameters[name] for name in read))
    seen = both.dropna()
    changes = both.diff().dropna()
    own, other = changes["own"].to_numpy(), changes["others"].to_numpy()
    turned = jumps.orders(other - other.mean())
    at_most, margin = parameters["together_at_most"], parameters["margin"]

    def together(drawn: Any) -> Any:
        """Do these changes go with those of the others more than in almost any order?"""
        fits = turned @ drawn
        return jumps.within(
            np.mean(fits >= (other - other.mean()) @ drawn - jumps.TIE), at_most
        )

    def alike(drawn: Any) -> Any:
        """The level that follows from these changes; with a hole in the years it is taken as met."""
        if len(changes) < len(seen) - 1:
            return True
        level = seen["own"].iloc[0] + np.concatenate([[0.0], np.cumsum(drawn)])
        apart = pd.Series(level - seen["others"].to_numpy())
        return judge_alike(apart, margin, parameters["years_outside_at_most"])[0]

    def outcomes(size: float, many: int) -> Any:
        """Changes in another order, with a correlation of some size with those of the others."""
        rng = np.random.default_rng(CHANCE_SEED)
        pulled = (other - other.mean()) / other.std() * own.std()
        for _ in range(many):
            noise = rng.permutation(own - own.mean())
            drawn = own.mean() + size * pulled + np.sqrt(1 - size**2) * noise
            both_met = together(drawn), alike(drawn)
            yield {(True, True): "supported", (True, False): "mixed"}.get(
                both_met, "against"
            )

    return Chance(
        *how_often(list(outcomes(0.0, WORLDS)), found),
        "orders exchangeable: the state's yearly changes in another order",
        smallest_seen(
            lambda size: share_met(outcomes(size, WORLDS_OF_AN_EFFECT)), 1.0, found
        ),
        "correlation of the yearly changes with those of the others",
    )


@chance_of("jump_among_states_and_years")
def _by_other_states_and_years(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    read = ("series", "states", "partners", "transform", "sign")
    values = scaled(look, *(parameters[name] for name in read))
    span = parameters["first"], parameters["last"]
    sides = tuple(parameters[k] for k in ("before", "after", "years_at_least"))
    less = parameters["less_own_median"]
    cells = jumps.cells(values, *span, *sides, less_usual=less)
    limits = parameters["strict"], parameters["loose"]

    def outcomes(size: float) -> Any:
        for state, year in cells.index:
            here = values | {state: _stepped(values[state], year, size)}
            placed = place_jump(here, state, year, span, sides, less)
            yield judge_jump(placed, *limits)

    root = "square root of the " if parameters["transform"] == "sqrt" else ""
    return Chance(
        *how_often(list(outcomes(0.0)), found),
        f"states and years exchangeable: each of the {len(cells)} is named in turn",
        smallest_seen(
            lambda size: share_met(outcomes(size)), 8 * float(cells.std()), found
        ),
        f"lasting step of the {root}{parameters['series']} of one state",
    )


@chance_of("jump_among_years")
def _by_other_years(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    sign, series = parameters["sign"], parameters["series"]
    own = sign * look.measured(series)
    others = {s: sign * look.measured(series, s) for s in parameters["beside"]}
    span = parameters["first"], parameters["last"]
    sides = tuple(parameters[k] for k in ("before", "after", "years_at_least"))
    every = jumps.jumps(own, *span, *sides)

    def outcomes(size: float) -> Any:
        for year in every.index:
            jump, share, _, beside = place_year(
                _stepped(own, year, size), others, year, span, sides
            )
            above = above_neighbours(jump, beside, parameters["beside_fewest"])
            yield judge_year(
                jump, share, above, parameters["strict"], parameters["loose"]
            )

    return Chance(
        *how_often(list(outcomes(0.0)), found),
        f"years exchangeable: each of the {len(every)} is named in turn",
        smallest_seen(
            lambda size: share_met(outcomes(size)), 8 * float(every.std()), found
        ),
        f"lasting step of the {series}",
    )


@chance_of("jumps_among_states_and_years")
def _by_whatever_ties_the_measures(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    options = {k: parameters[k] for k in ("peers", "fewest", "edition", "direction")}
    states, less = parameters["states"], parameters["less_own_median"]
    measures = read_measures(
        look, parameters["items"], states, parameters["sign"], **options
    )
    sides = tuple(parameters[k] for k in ("before", "after", "years_at_least"))
    limits = [parameters[k] for k in ("fewest_cells", "at_most", "measures_at_least")]
    cells = {
        name: jumps.cells(values, *span, *sides, less_usual=name in less)
        for name, (span, values) in measures.items()
    }
    rare = [
        np.mean([jumps.within(jumps.share_as_large(c, part), limits[1]) for c in part])
        for part in cells.values()
        if len(part) >= limits[0]
    ]
    # So many of the measures can be rare together at most, whatever ties them (Markov).
    met, mixed = min(1.0, sum(rare) / limits[2]), min(1.0, sum(rare))

    def outcomes(size: float) -> Any:
        """A lasting step of so many standard deviations of its jumps in every measure of one state."""
        common = set.intersection(*(set(part.index) for part in cells.values()))
        for state, year in sorted(common):
            here = {
                name: (
                    span,
                    values
                    | {
                        state: _stepped(
                            values[state], year, size * float(cells[name].std())
                        )
                    },
                )
                for name, (span, values) in measures.items()
            }
            placed = place_measures(here, state, year, sides, less)
            yield judge_measures(placed, *limits)[0] or "not testable"

    return Chance(
        float(met),
        {"supported": float(met), "mixed": float(mixed)}.get(found, 1.0),
        "states and years exchangeable in each measure; an upper bound, whatever ties the measures",
        smallest_seen(lambda size: share_met(outcomes(size)), 8.0, found),
        "lasting step in all measures, in standard deviations of their jumps",
    )
