"""Methods that set what a rule names among all that it could have named.

Every share is counted over all cases, so that no rule here has draws or a seed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ... import alignment, jumps
from ...data import Missing
from ..evidence import Look, kept
from ..finding import Found, method, share_told, with_sign
from ..states import friendly_news, names_of, no_draws, series_of_states


class Spans(NamedTuple):
    """Mean change over some spans, its place among all sets of spans, and that of the state among others."""

    mean: float
    sets: int
    large: float
    small: float
    own: float
    states: int
    large_here: float
    small_here: float


def place_spans(
    changes: Any, others: Any, state: str, starts: list[int]
) -> Spans | None:
    """Place of the spans with these starts; ``others`` holds changes by state, the state's own too."""
    sets = jumps.mean_of_sets(changes, len(starts))
    mean = float(changes[starts].mean())
    moved = pd.Series(
        {s: v.reindex(starts).mean(skipna=False) for s, v in others.items()}
    ).dropna()
    if state not in moved:
        return None
    return Spans(
        mean,
        len(sets),
        jumps.share_as_large(mean, sets),
        jumps.share_as_small(mean, sets),
        float(moved[state]),
        len(moved),
        jumps.share_as_large(moved[state], moved),
        jumps.share_as_small(moved[state], moved),
    )


def judge_spans(placed: Any, pairs_at_most: Any, states_at_most: Any) -> str:
    """Which way the rule falls by the places of the spans and of the state."""
    rare = jumps.within(placed.large, pairs_at_most) and placed.mean > 0
    rare_here = jumps.within(placed.large_here, states_at_most)
    rare_down = jumps.within(placed.small, pairs_at_most) and placed.mean < 0
    if rare and rare_here:
        return "supported"
    if rare_down and jumps.within(placed.small_here, states_at_most):
        return "contradicted"
    one = rare + (rare_here and placed.own > 0)
    return "mixed" if one == 1 else "not supported"


@kept
def read_spans(
    look: Look,
    series: Any,
    compared: Any,
    compared_series: Any,
    length: Any,
    first: int,
    last: int,
    sign: int,
    peers: Collection[str] | None,
    fewest: int,
) -> tuple[pd.Series, dict[str, pd.Series]]:
    """Changes of the series over every span, and of the compared one for the state and for each other."""
    own = look.series(series, peers=peers, fewest=fewest)
    others = _spans_of_states(
        look, compared, compared_series, length, first, last, sign, fewest
    )
    return sign * jumps.spans(own, length, first, last), others


@kept
def _spans_of_states(
    look: Look,
    compared: Any,
    series: Any,
    length: Any,
    first: int,
    last: int,
    sign: int,
    fewest: int,
) -> dict[str, pd.Series]:
    states = (look.case.state, *compared)
    found = series_of_states(look, states, series, None, (("fewest", fewest),))
    return {
        state: sign * jumps.spans(values, length, first, last)
        for state, values in found.items()
    }


@method
def changes_among_all(
    look: Look,
    *,
    series: str,
    spans: list[list[int]],
    length: int,
    first: int,
    last: int,
    sign: int,
    pairs_at_most: float,
    compared: list[str],
    compared_series: str,
    states_at_most: float,
    fewest_spans: int,
    fewest_states: int,
    draws: str,
    seed: int | None = None,
    peers: list[str] | None = None,
    fewest: int = 1,
) -> Found:
    """Did a series change over some spans more than over others, and more than in other states?"""
    no_draws(draws, seed)
    if wrong := [span for span in spans if span[1] - span[0] != length]:
        raise ValueError(f"spans is {wrong!r}; allowed: spans of {length} years")
    told = " and ".join(f"{start} to {end}" for start, end in spans)
    reading = (series, compared, compared_series, length, first, last, sign)
    every, others = read_spans(look, *reading, peers, fewest)
    starts = [start for start, _ in spans]
    if not set(starts) <= set(every.index):
        raise Missing(f"Needs the {series} at both ends of {told}.")
    if len(every) < fewest_spans:
        raise Missing(f"Needs {fewest_spans} spans of the {series}; has {len(every)}.")
    found = place_spans(every, others, look.case.state, starts)
    if found is None or found.states < fewest_states:
        has = found.states if found else "not that of the state"
        raise Missing(
            f"Needs the {compared_series} of {fewest_states} states at both ends of {told}; has {has}."
        )
    of_all = f"sets of {len(starts)} from {len(every)} spans"
    return Found(
        judge_spans(found, pairs_at_most, states_at_most),
        sign * found.mean,
        f"Mean change of the {series} over {told} {with_sign(sign * found.mean)}; as far or further that way in {share_told(found.large, found.sets, of_all)}. "
        f"Mean change of the {compared_series} {with_sign(sign * found.own)}; as far or further in {share_told(found.large_here, found.states, 'states')}.",
        found.sets,
        found.large,
        f"these {len(starts)} spans are like any other {len(starts)}",
    )


@kept
def measure_beside_others(
    look: Look, measure: str, others: Any, first: int, last: int, direction: str
) -> tuple[pd.DataFrame, int]:
    """A measure of the state and its mean for some others, in the years that all have; partners in common."""
    if measure != "effective vectors":
        raise ValueError(f"measure is {measure!r}; allowed: 'effective vectors'")
    state = look.case.state
    rows, shared = friendly_news(look, [state, *others], first, last, direction)
    numbers = pd.DataFrame(
        {
            s: alignment.effective_vectors(
                part.rename("value").reset_index()
            ).set_index("year")["value"]
            for s, part in rows.groupby("state")
        }
    ).reindex(columns=[state, *others], index=range(first, last + 1))
    mean = numbers[list(others)].mean(axis=1, skipna=False)
    both = pd.DataFrame({"own": numbers[state], "others": mean})
    return both.where(both.notna().all(axis=1)), shared


def judge_alike(
    apart: Any, margin: float, years_outside_at_most: Any
) -> tuple[bool, int]:
    """Is the distance small on average, and in all but a few years?"""
    beyond = int((apart.abs() > margin + jumps.TIE).sum())
    return bool(
        abs(apart.mean()) <= margin + jumps.TIE and beyond <= years_outside_at_most
    ), beyond


@method
def alike_and_together(
    look: Look,
    *,
    measure: str,
    others: list[str],
    first: int,
    last: int,
    direction: str,
    margin: float,
    years_outside_at_most: int,
    together_at_most: float,
    fewest_changes: int,
    draws: str,
    seed: int | None = None,
) -> Found:
    """Does a measure move with that of some others from year to year, and stand at their level?"""
    no_draws(draws, seed)
    both, shared = measure_beside_others(look, measure, others, first, last, direction)
    changes = both.diff().dropna()
    if len(changes) < fewest_changes:
        raise Missing(
            f"Needs {fewest_changes} yearly changes of all {len(others) + 1} states; has {len(changes)}."
        )
    found = jumps.correlation_in_all_orders(changes["own"], changes["others"])
    apart = (both["own"] - both["others"]).dropna()
    together = jumps.within(found.share, together_at_most)
    alike, beyond = judge_alike(apart, margin, years_outside_at_most)
    outcome = "supported" if together and alike else "mixed" if together else "against"
    both_told = "It moved and stood as the others did, which does not tell what was imposed from what was chosen alike."
    moved_told = "It moved as the others did, at another level."
    stood_told = (
        "A like level without a like movement, and a like level alone earns nothing."
    )
    told = {
        (True, True): both_told,
        (True, False): moved_told,
        (False, True): stood_told,
        (False, False): "Neither a like movement nor a like level.",
    }[together, alike]
    return Found(
        outcome,
        found.correlation,
        f"Correlation of the yearly changes with those of the mean of {names_of(look, others)} {with_sign(found.correlation, 2)}; as high in {share_told(found.share, found.orders, 'orders')}. "
        f"Apart by {with_sign(apart.mean(), 2)} on average, by more than {margin:g} in {beyond} of {len(apart)} years; {shared} partners in common. {told}",
        len(changes),
        found.share,
        "the changes of the state have nothing to do with those of the others: every order is as likely",
    )


class Placed(NamedTuple):
    """A jump of the state, and its place among those of all states and years and among its own."""

    jump: float
    net: float
    large: float
    small: float
    n: int
    states: int
    alone: float
    years: int


def place_jump(
    values: pd.Series,
    state: str,
    year: int,
    span: tuple[int, int],
    sides: tuple[Any, ...],
    less_usual: Any,
) -> Placed | None:
    """Place of a jump among those of some states; None where the state has no jump around the year."""
    cells = jumps.cells(values, *span, *sides, less_usual=less_usual)
    if (state, year) not in cells.index:
        return None
    net = float(cells[state, year])
    return Placed(
        jumps.jump(values[state], year, *sides),
        net,
        jumps.share_as_large(net, cells),
        jumps.share_as_small(net, cells),
        len(cells),
        cells.index.unique("state").size,
        jumps.share_as_large(net, cells[state]),
        len(cells[state]),
    )


def judge_jump(placed: Any, strict: float, loose: float) -> str:
    """Which way the rule falls by the place of a jump."""
    if placed.jump > 0 and jumps.within(placed.large, loose):
        return "supported" if jumps.within(placed.large, strict) else "mixed"
    if placed.jump < 0 and jumps.within(placed.small, strict):
        return "contradicted"
    return "not supported"


def scaled(
    look: Look,
    series: Any,
    states: Collection[str],
    partners: Collection[str],
    transform: Any,
    sign: int,
) -> dict[str, pd.Series]:
    """A series of each of some states, its sign and scale as the rule has them."""
    scales = {"sqrt": np.sqrt, "none": np.asarray}
    if transform not in scales:
        raise ValueError(f"transform is {transform!r}; allowed: 'sqrt', 'none'")
    options = (("partners", partners),)
    return {
        s: sign * pd.Series(scales[transform](v), v.index)
        for s, v in series_of_states(look, states, series, None, options).items()
    }


@method
def jump_among_states_and_years(
    look: Look,
    *,
    series: str,
    states: list[str],
    partners: list[str],
    transform: str,
    year: int,
    before: list[int],
    after: list[int],
    first: int,
    last: int,
    years_at_least: int,
    sign: int,
    less_own_median: bool,
    strict: float,
    loose: float,
    fewest_cells: int,
    draws: str,
    seed: int | None = None,
) -> Found:
    """Does a series jump around a year by more than those of some states around almost any year?"""
    no_draws(draws, seed)
    values = scaled(look, series, states, partners, transform, sign)
    sides = before, after, years_at_least
    found = place_jump(
        values, look.case.state, year, (first, last), sides, less_own_median
    )
    if found is None or found.n < fewest_cells:
        raise Missing(
            f"Needs the jump of {series} around {year} among {fewest_cells}; has {found.n if found else 'none there'}."
        )
    outcome = judge_jump(found, strict, loose)
    usual = f", {with_sign(found.net, 2)} net of the state's median jump"
    elsewhere = " Not more than elsewhere; a push common to all shows poorly here."
    return Found(
        outcome,
        sign * found.jump,
        f"Jump around {year} {with_sign(sign * found.jump, 2)}{usual if less_own_median else ''}; as large or larger in {share_told(found.large, found.n, f'jumps of {found.states} states')}. "
        f"Among the state's own years alone {share_told(found.alone, found.years, 'jumps')}, which judges nothing."
        + ("" if outcome in ("supported", "mixed") else elsewhere),
        found.n,
        found.large,
        "the state around this year is like any of the states around any year",
    )


def place_year(
    own: Any, others: Any, year: int, span: tuple[int, int], sides: tuple[Any, ...]
) -> tuple[float, float, int, pd.Series] | None:
    """Jump around a year, share of the years with one as large, and the jumps of others; None without one."""
    every = jumps.jumps(own, *span, *sides)
    if year not in every.index:
        return None
    beside = pd.Series(
        {s: jumps.jump(v, year, *sides) for s, v in others.items()}, dtype=float
    ).dropna()
    share = jumps.share_as_large(every[year], every)
    return float(every[year]), share, len(every), beside


def judge_year(jump: Any, share: float, above: Any, strict: float, loose: float) -> str:
    """Which way the rule falls by the share of the years, and by the neighbours."""
    if jump <= 0 or not jumps.within(share, loose):
        return "against"
    if jumps.within(share, strict):
        return "supported" if above else "mixed"
    return "mixed" if above else "against"


def above_neighbours(jump: Any, beside: Any, fewest: int) -> bool:
    """Is the jump larger than the median jump of enough neighbours?"""
    return len(beside) >= fewest and jump > beside.median() + jumps.TIE


@method
def jump_among_years(
    look: Look,
    *,
    series: str,
    year: int,
    before: list[int],
    after: list[int],
    first: int,
    last: int,
    years_at_least: int,
    sign: int,
    strict: float,
    loose: float,
    beside: list[str],
    beside_fewest: int,
    fewest_cells: int,
    draws: str,
    seed: int | None = None,
) -> Found:
    """Does a series jump around a year by more than around others, and by more than in neighbours?"""
    no_draws(draws, seed)
    own, *theirs = (sign * look.measured(series, s) for s in (look.case.state, *beside))
    span, sides = (first, last), (before, after, years_at_least)
    found = place_year(own, dict(zip(beside, theirs)), year, span, sides)
    if found is None:
        raise Missing(f"Needs the {series} of all years around {year}.")
    jump, p, n, others = found
    if n < fewest_cells:
        raise Missing(
            f"Needs {fewest_cells} years with a jump of the {series}; has {n}. The one around {year} is {with_sign(sign * jump, 2)}."
        )
    above = above_neighbours(jump, others, beside_fewest)
    neighbours = (
        f"In {names_of(look, others.index)} the median jump is {with_sign(sign * others.median(), 2)}."
        if len(others) >= beside_fewest
        else f"Only {len(others)} of {names_of(look, beside)} can be compared."
    )
    return Found(
        judge_year(jump, p, above, strict, loose),
        sign * jump,
        f"Jump of the {series} around {year} {with_sign(sign * jump, 2)}; as large or larger in {share_told(p, n, 'years')}. {neighbours}",
        n,
        p,
        "this year is like any other around which the years can be split",
    )


def read_measures(
    look: Look, items: Any, states: Collection[str], sign: int, **options: Any
) -> dict[str, Any]:
    """For each measure its span and the series of every state; a measure that is missing is left out."""
    found = {}
    for item in items:
        name, span = item["series"], (item["first"], item["last"])
        try:
            series = series_of_states(look, states, name, span, tuple(options.items()))
        except Missing:
            continue
        found[name] = span, {s: sign * values for s, values in series.items()}
    return found


def place_measures(
    measures: Any, state: str, year: int, sides: tuple[Any, ...], less_own_median: Any
) -> dict[str, Placed]:
    """Place of the jump of each measure that has one."""
    found = {
        name: place_jump(values, state, year, span, sides, name in less_own_median)
        for name, (span, values) in measures.items()
        if state in values
    }
    return {name: placed for name, placed in found.items() if placed}


def judge_measures(
    found: Any, fewest_cells: Any, at_most: Any, measures_at_least: Any
) -> tuple[str | None, list[str]]:
    """The outcome, and the measures that rise rarely; no outcome if too few have enough to compare with."""
    full = [name for name, placed in found.items() if placed.n >= fewest_cells]
    if len(full) < measures_at_least:
        return None, full
    up, down = (
        [name for name in full if jumps.within(getattr(found[name], side), at_most)]
        for side in ("large", "small")
    )
    up = [name for name in up if found[name].jump > 0]
    down = [name for name in down if found[name].jump < 0]
    if len(up) >= measures_at_least and all(m.jump > 0 for m in found.values()):
        return "supported", up
    if len(down) >= measures_at_least:
        return "contradicted", up
    return ("mixed" if up else "not supported"), up


def _jump_told(name: str, placed: Any, sign: int, less_usual: Any) -> str:
    """The jump of one measure, and how many were as large."""
    share = share_told(placed.large, placed.n, "jumps")
    text = f"{name} {with_sign(sign * placed.jump)}, as large or larger in {share}"
    if not less_usual:
        return text
    return f"{text} ({round(placed.alone * placed.years)} of the state's own {placed.years}, which judges nothing)"


@method
def jumps_among_states_and_years(
    look: Look,
    *,
    items: list[dict[str, Any]],
    states: list[str],
    peers: list[str],
    year: int,
    before: list[int],
    after: list[int],
    years_at_least: int,
    fewest_cells: int,
    less_own_median: list[str],
    sign: int,
    at_most: float,
    measures_at_least: int,
    edition: str,
    direction: str,
    fewest: int,
    draws: str,
    seed: int | None = None,
) -> Found:
    """Do some measures jump together around a year, and rarely so among states and years?"""
    no_draws(draws, seed)
    options = {
        "peers": peers,
        "fewest": fewest,
        "edition": edition,
        "direction": direction,
    }
    measures = read_measures(look, items, states, sign, **options)
    sides = before, after, years_at_least
    found = place_measures(measures, look.case.state, year, sides, less_own_median)
    outcome, up = judge_measures(found, fewest_cells, at_most, measures_at_least)
    if outcome is None:
        raise Missing(
            f"Needs {measures_at_least} measures with a jump around {year} among {fewest_cells}; has {len(up)}."
        )

    told = [
        _jump_told(name, placed, sign, name in less_own_median)
        for name, placed in found.items()
    ]
    trend = " A trend of the state's own would do as much, since no median is taken off there."
    return Found(
        outcome,
        float(len(up)),
        f"Jumps around {year}: {'; '.join(told)}. {len(up)} of {len(found)} are among the largest 1 in {1 / at_most:.0f}; the state in this year is set beside any of {len(states)} states in any year."
        + (trend if len(up) == 1 and up[0] not in less_own_median else ""),
        len(found),
    )
