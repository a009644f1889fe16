"""Chance by the rules that count all cases: each of them named in turn."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from ... import jumps
from ...language import N_, Sentence
from ..evidence import Look, amounts_of
from ..finding import Rule, met_or_mixed
from ..methods.among import (
    cells_of,
    judge_alike,
    judge_halves,
    judge_jump,
    judge_measures,
    judge_spans,
    judge_year,
    measure_beside_others,
    of_neighbours,
    place_jump,
    place_measures,
    place_spans,
    place_year,
    read_measures,
    read_spans,
    scaled,
    sides,
)
from ..severity import (
    CHANCE_SEED,
    Chance,
    chance_of,
    how_often,
    over_worlds,
    reckoned,
    share_met,
    smallest_seen,
)


def _stepped(series: pd.Series, since: int, size: float) -> pd.Series:
    return series + size * (series.index >= since)


@chance_of("changes_among_all")
def _by_other_spans(look: Look, rule: Rule, found: str) -> Chance:
    changes, others = read_spans(look, rule)
    many, state = len(rule.spans), look.case.state

    def lasting(values: pd.Series, starts: list[int], size: float) -> pd.Series:
        """A step after each start is in every span that holds the year after it."""
        away = [start - values.index for start in starts]
        steps = sum((years >= 0) & (years < rule.length) for years in away)
        return values + size * steps

    def outcomes(size: float, _: int) -> Iterator[str]:
        for chosen in itertools.combinations(changes.index, many):
            starts = list(chosen)
            here = others | {state: lasting(others[state], starts, size)}
            placed = place_spans(lasting(changes, starts, size), here, state, starts)
            if placed and placed.states >= rule.fewest_states:
                yield judge_spans(placed, rule)
            else:
                yield "not testable"

    null = Sentence(
        "spans exchangeable: every {many} of the {n} are named in turn",
        many=many,
        n=len(changes),
    )
    effect = Sentence("lasting change of the {series} at each span", series=rule.series)
    return over_worlds(found, outcomes, null, 8 * float(changes.std()), effect)


@chance_of("alike_and_together")
def _by_other_orders(look: Look, rule: Rule, found: str) -> Chance:
    both, _ = measure_beside_others(look, rule)
    seen, changes = both.dropna(), both.diff().dropna()
    own, other = changes["own"].to_numpy(), changes["others"].to_numpy()
    pull = other - other.mean()
    turned = jumps.orders(pull)

    def together(drawn: np.ndarray) -> bool:
        """Do these changes go with those of the others more than in almost any order?"""
        as_high = turned @ drawn >= pull @ drawn - jumps.TIE
        return jumps.within(float(np.mean(as_high)), rule.together_at_most)

    def alike(drawn: np.ndarray) -> bool:
        """The level that follows from these changes; with a hole in the years it is taken as met."""
        if len(changes) < len(seen) - 1:
            return True
        level = seen["own"].iloc[0] + np.concatenate([[0.0], np.cumsum(drawn)])
        return judge_alike(pd.Series(level - seen["others"].to_numpy()), rule)[0]

    def outcomes(size: float, many: int) -> Iterator[str]:
        """Changes in another order, with a correlation of some size with those of the others."""
        rng = np.random.default_rng(CHANCE_SEED)
        pulled = pull / other.std() * own.std()
        for _ in range(many):
            noise = rng.permutation(own - own.mean())
            drawn = own.mean() + size * pulled + np.sqrt(1 - size**2) * noise
            moved = together(drawn)
            yield met_or_mixed(moved and alike(drawn), moved)

    null = N_("orders exchangeable: the state's yearly changes in another order")
    effect = N_("correlation of the yearly changes with those of the others")
    return over_worlds(found, outcomes, null, 1.0, effect)


@chance_of("jump_among_states_and_years")
def _by_other_states_and_years(look: Look, rule: Rule, found: str) -> Chance:
    values, span = scaled(look, rule), (rule.first, rule.last)
    less = rule.less_own_median
    cells = cells_of(values, span, rule, less)

    def outcomes(size: float, _: int) -> Iterator[str]:
        for state, year in cells.index:
            here = values | {state: _stepped(values[state], year, size)}
            placed = place_jump(here, state, year, span, rule, less)
            yield judge_jump(placed, rule) if placed else "not testable"

    root = N_("square root of the ") if rule.transform == "sqrt" else ""
    null = Sentence(
        "states and years exchangeable: each of the {n} is named in turn", n=len(cells)
    )
    effect = Sentence(
        "lasting step of the {root}{series} of one state", root=root, series=rule.series
    )
    return over_worlds(found, outcomes, null, 8 * float(cells.std()), effect)


class _Years(NamedTuple):
    """Every year with a jump named in turn, with a lasting step of a size: the words of it, and the outcomes."""

    outcomes: Callable[[float], Iterator[str]]
    null: str
    largest: float
    effect: str


def _years_in_turn(look: Look, rule: Rule) -> _Years:
    own = rule.sign * look.measured(rule.series)
    others = of_neighbours(look, rule)
    every = jumps.jumps(own, rule.first, rule.last, *sides(rule))

    def outcomes(size: float) -> Iterator[str]:
        for year in every.index:
            placed = place_year(_stepped(own, year, size), others, year, rule)
            if placed:
                jump, share, _, beside = placed
                yield judge_year(jump, share, beside, rule)

    null = Sentence(
        "years exchangeable: each of the {n} is named in turn", n=len(every)
    )
    effect = Sentence("lasting step of the {series}", series=rule.series)
    return _Years(outcomes, null, 8 * float(every.std()), effect)


@chance_of("jump_among_years")
def _by_other_years(look: Look, rule: Rule, found: str) -> Chance:
    outcomes, null, largest, effect = _years_in_turn(look, rule)
    return over_worlds(found, lambda size, _: outcomes(size), null, largest, effect)


@chance_of("revenue_and_jump")
def _by_other_years_of_the_jump(look: Look, rule: Rule, found: str) -> Chance:
    """The money on record is taken as it was found; what could have been seen is asked of the jump alone."""
    outcomes, years, largest, effect = _years_in_turn(look, rule)
    paid = min(amounts_of(look, rule.rents)) > 0
    often = how_often((judge_halves(paid, one) for one in outcomes(0.0)), found)
    seen = "not supported" if found == "mixed" else found
    power = smallest_seen(lambda size: share_met(outcomes(size)), largest, seen)
    null = Sentence("{years}, for the jump; the revenue as it was found", years=years)
    return Chance(*often, null, power, effect)


@chance_of("jumps_among_states_and_years")
def _by_whatever_ties_the_measures(look: Look, rule: Rule, found: str) -> Chance:
    measures, less = read_measures(look, rule), rule.less_own_median
    cells = {
        name: cells_of(values, span, rule, name in less)
        for name, (span, values) in measures.items()
    }

    def rare(part: pd.Series) -> float:
        """How often a jump among these is among the largest."""
        large = [jumps.share_as_large(jump, part) for jump in part]
        return float(np.mean([jumps.within(share, rule.at_most) for share in large]))

    full = [part for part in cells.values() if len(part) >= rule.fewest_cells]
    often = sum(map(rare, full))
    # So many of the measures can be rare together at most, whatever ties them (Markov).
    met, either = min(1.0, often / rule.measures_at_least), min(1.0, often)

    def outcomes(size: float) -> Iterator[str]:
        """A lasting step of so many standard deviations of its jumps in every measure of one state."""
        common = set.intersection(*(set(part.index) for part in cells.values()))
        for state, year in sorted(common):
            here = {}
            for name, (span, values) in measures.items():
                step = size * float(cells[name].std())
                moved = {state: _stepped(values[state], year, step)}
                here[name] = span, values | moved
            placed = place_measures(here, state, year, rule)
            yield judge_measures(placed, rule)[0] or "not testable"

    null = N_(
        "states and years exchangeable in each measure; an upper bound, whatever ties the measures"
    )
    effect = N_("lasting step in all measures, in standard deviations of their jumps")
    power = smallest_seen(lambda size: share_met(outcomes(size)), 8.0, found)
    return reckoned(found, met, either, null, effect, power)
