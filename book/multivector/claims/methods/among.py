"""Methods that set what a rule names among all that it could have named.

Every share is counted over all cases, so that no rule here has draws or a seed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from ... import checks, jumps
from ...data import Missing
from ...language import N_, Sentence, joined
from ..evidence import Look, kept
from ..finding import Found, Rule, met_or_mixed, method, share_told
from ..states import effective_vectors, names_of, series_of_states

#: A series of each of some states.
ByState = dict[str, pd.Series]


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
    changes: pd.Series, others: ByState, state: str, starts: list[int]
) -> Spans | None:
    """Place of the spans with these starts; ``others`` holds changes by state, the state's own too."""
    sets = jumps.mean_of_sets(changes, len(starts))
    mean = float(changes[starts].mean())
    moved = pd.Series(
        {s: v.reindex(starts).mean(skipna=False) for s, v in others.items()}
    ).dropna()
    if state not in moved:
        return None
    own = float(moved[state])
    return Spans(
        mean,
        len(sets),
        jumps.share_as_large(mean, sets),
        jumps.share_as_small(mean, sets),
        own,
        len(moved),
        jumps.share_as_large(own, moved),
        jumps.share_as_small(own, moved),
    )


def judge_spans(placed: Spans, rule: Rule) -> str:
    """Which way the rule falls by the places of the spans and of the state."""
    rare = jumps.within(placed.large, rule.pairs_at_most) and placed.mean > 0
    rare_here = jumps.within(placed.large_here, rule.states_at_most)
    rare_down = jumps.within(placed.small, rule.pairs_at_most) and placed.mean < 0
    if rare and rare_here:
        return "supported"
    if rare_down and jumps.within(placed.small_here, rule.states_at_most):
        return "contradicted"
    one = rare + (rare_here and placed.own > 0)
    return "mixed" if one == 1 else "not supported"


def read_spans(look: Look, rule: Rule) -> tuple[pd.Series, ByState]:
    """Changes of the series over every span, and of the compared one for the state and for each other."""
    own = look.series(rule.series, **rule.reading)
    cut = rule.length, rule.first, rule.last
    states = (look.case.state, *rule.compared)
    others = _spans_of_states(
        look, states, rule.compared_series, *cut, rule.sign, rule.fewest
    )
    return rule.sign * jumps.spans(own, *cut), others


@kept
def _spans_of_states(
    look: Look,
    states: tuple[str, ...],
    series: str,
    length: int,
    first: int,
    last: int,
    sign: int,
    fewest: int,
) -> ByState:
    found = series_of_states(look, states, series, None, (("fewest", fewest),))
    return {
        state: sign * jumps.spans(values, length, first, last)
        for state, values in found.items()
    }


def _spans_read(found: Spans, rule: Rule, spans: Sentence, n: int) -> Sentence:
    """Mean changes over the spans of a rule, and how rare they are."""
    of_all = Sentence("sets of {many} from {n} spans", many=len(rule.spans), n=n)
    return Sentence(
        "Mean change of the {series} over {spans} {change:+.3f}; as far or further that way in {share}. Mean change of the {compared} {own:+.3f}; as far or further in {share_here}.",
        series=rule.series,
        spans=spans,
        change=rule.sign * found.mean,
        share=share_told(found.large, found.sets, of_all),
        compared=rule.compared_series,
        own=rule.sign * found.own,
        share_here=share_told(found.large_here, found.states, N_("states")),
    )


@method
def changes_among_all(look: Look, rule: Rule) -> Found:
    """Did a series change over some spans more than over others, and more than in other states?"""
    if wrong := [span for span in rule.spans if span[1] - span[0] != rule.length]:
        checks.refuse("spans", wrong, f"spans of {rule.length} years")
    series, compared, sign = rule.series, rule.compared_series, rule.sign
    told = joined(
        (
            Sentence("{start} to {end}", start=start, end=end)
            for start, end in rule.spans
        ),
        N_(" and "),
    )
    every, others = read_spans(look, rule)
    starts = [start for start, _ in rule.spans]
    if not set(starts) <= set(every.index):
        raise Missing(
            Sentence(
                "Needs the {series} at both ends of {told}.", series=series, told=told
            )
        )
    if len(every) < rule.fewest_spans:
        raise Missing(
            Sentence(
                "Needs {fewest_spans} spans of the {series}; has {n}.",
                fewest_spans=rule.fewest_spans,
                series=series,
                n=len(every),
            )
        )
    found = place_spans(every, others, look.case.state, starts)
    if found is None or found.states < rule.fewest_states:
        has = found.states if found else N_("not that of the state")
        raise Missing(
            Sentence(
                "Needs the {compared} of {fewest_states} states at both ends of {told}; has {has}.",
                compared=compared,
                fewest_states=rule.fewest_states,
                told=told,
                has=has,
            )
        )
    outcome = judge_spans(found, rule)
    reading = _spans_read(found, rule, told, len(every))
    null = Sentence("these {n} spans are like any other {n}", n=len(starts))
    return Found(outcome, sign * found.mean, reading, found.sets, found.large, null)


def measure_beside_others(look: Look, rule: Rule) -> tuple[pd.DataFrame, int]:
    """A measure of the state and its mean for some others, in the years that all have; partners in common."""
    checks.one_of("measure", rule.measure, ("effective vectors",))
    state, span = look.case.state, (rule.first, rule.last)
    found, shared = effective_vectors(
        look, [state, *rule.others], *span, rule.direction
    )
    numbers = found.reindex(range(rule.first, rule.last + 1))
    mean = numbers[rule.others].mean(axis=1, skipna=False)
    both = pd.DataFrame({"own": numbers[state], "others": mean})
    return both.where(both.notna().all(axis=1)), shared


def judge_alike(apart: pd.Series, rule: Rule) -> tuple[bool, int]:
    """Is the distance small on average, and in all but a few years?  In how many is it not?"""
    margin = rule.margin + jumps.TIE
    beyond = int((apart.abs() > margin).sum())
    close = abs(apart.mean()) <= margin and beyond <= rule.years_outside_at_most
    return bool(close), beyond


def _alike_told(together: bool, alike: bool) -> str:
    """What a movement together and a like level, or the lack of them, tell."""
    if together and alike:
        return N_(
            "It moved and stood as the others did, which does not tell what was imposed from what was chosen alike."
        )
    if together:
        return N_("It moved as the others did, at another level.")
    if alike:
        return N_(
            "A like level without a like movement, and a like level alone earns nothing."
        )
    return N_("Neither a like movement nor a like level.")


@method
def alike_and_together(look: Look, rule: Rule) -> Found:
    """Does a measure move with that of some others from year to year, and stand at their level?"""
    both, shared = measure_beside_others(look, rule)
    changes = both.diff().dropna()
    if len(changes) < rule.fewest_changes:
        raise Missing(
            Sentence(
                "Needs {fewest} yearly changes of all {states} states; has {n}.",
                fewest=rule.fewest_changes,
                states=len(rule.others) + 1,
                n=len(changes),
            )
        )
    found = jumps.correlation_in_all_orders(changes["own"], changes["others"])
    apart = (both["own"] - both["others"]).dropna()
    together = jumps.within(found.share, rule.together_at_most)
    alike, beyond = judge_alike(apart, rule)
    outcome = met_or_mixed(together and alike, together)
    reading = Sentence(
        "Correlation of the yearly changes with those of the mean of {names} {correlation:+.2f}; as high in {share}. Apart by {apart:+.2f} on average, by more than {margin:g} in {beyond} of {n} years; {shared} partners in common. {told}",
        names=names_of(look, rule.others),
        correlation=found.correlation,
        share=share_told(found.share, found.orders, N_("orders")),
        apart=apart.mean(),
        margin=rule.margin,
        beyond=beyond,
        n=len(apart),
        shared=shared,
        told=_alike_told(together, alike),
    )
    null = N_(
        "the changes of the state have nothing to do with those of the others: every order is as likely"
    )
    return Found(outcome, found.correlation, reading, len(changes), found.share, null)


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


def sides(rule: Rule) -> tuple[list[int], list[int], int]:
    """The years before and after a jump, and how many of them must be there."""
    return rule.before, rule.after, rule.years_at_least


def cells_of(
    values: ByState, span: tuple[int, int], rule: Rule, less_usual: bool
) -> pd.Series:
    """Jumps of some states around every year of a span, as a rule counts them."""
    first, last = span
    return jumps.cells(values, first, last, *sides(rule), less_usual=less_usual)


def place_jump(
    values: ByState,
    state: str,
    year: int,
    span: tuple[int, int],
    rule: Rule,
    less_usual: bool,
) -> Placed | None:
    """Place of a jump among those of some states; None where the state has no jump around the year."""
    cells = cells_of(values, span, rule, less_usual)
    if (state, year) not in cells.index:
        return None
    net = float(cells[state, year])
    return Placed(
        jumps.jump(values[state], year, *sides(rule)),
        net,
        jumps.share_as_large(net, cells),
        jumps.share_as_small(net, cells),
        len(cells),
        cells.index.unique("state").size,
        jumps.share_as_large(net, cells[state]),
        len(cells[state]),
    )


def judge_jump(placed: Placed, rule: Rule) -> str:
    """Which way the rule falls by the place of a jump."""
    if placed.jump > 0 and jumps.within(placed.large, rule.loose):
        return met_or_mixed(jumps.within(placed.large, rule.strict), True)
    down = placed.jump < 0 and jumps.within(placed.small, rule.strict)
    return "contradicted" if down else "not supported"


def scaled(look: Look, rule: Rule) -> ByState:
    """A series of each of some states, its sign and scale as the rule has them."""
    checks.one_of("transform", rule.transform, ("sqrt", "none"))
    partners = (("partners", rule.partners),)
    found = series_of_states(look, rule.states, rule.series, None, partners)
    if rule.transform == "sqrt":
        found = {state: np.sqrt(values) for state, values in found.items()}
    return {state: rule.sign * values for state, values in found.items()}


@method
def jump_among_states_and_years(look: Look, rule: Rule) -> Found:
    """Does a series jump around a year by more than those of some states around almost any year?"""
    series, year, sign = rule.series, rule.year, rule.sign
    less, span = rule.less_own_median, (rule.first, rule.last)
    found = place_jump(scaled(look, rule), look.case.state, year, span, rule, less)
    if found is None or found.n < rule.fewest_cells:
        raise Missing(
            Sentence(
                "Needs the jump of {series} around {year} among {fewest}; has {has}.",
                series=series,
                year=year,
                fewest=rule.fewest_cells,
                has=found.n if found else N_("none there"),
            )
        )
    outcome = judge_jump(found, rule)
    usual = Sentence(", {net:+.2f} net of the state's median jump", net=found.net)
    elsewhere = N_("Not more than elsewhere; a push common to all shows poorly here.")
    reading = Sentence(
        "Jump around {year} {jump:+.2f}{usual}; as large or larger in {share}. Among the state's own years alone {share_alone}, which judges nothing.",
        year=year,
        jump=sign * found.jump,
        usual=usual if less else "",
        share=share_told(
            found.large, found.n, Sentence("jumps of {n} states", n=found.states)
        ),
        share_alone=share_told(found.alone, found.years, N_("jumps")),
    )
    if outcome not in ("supported", "mixed"):
        reading = joined([reading, elsewhere], " ")
    null = N_("the state around this year is like any of the states around any year")
    return Found(outcome, sign * found.jump, reading, found.n, found.large, null)


def place_year(
    own: pd.Series, others: ByState, year: int, rule: Rule
) -> tuple[float, float, int, pd.Series] | None:
    """Jump around a year, share of the years with one as large, and the jumps of others; None without one."""
    every = jumps.jumps(own, rule.first, rule.last, *sides(rule))
    if year not in every.index:
        return None
    beside = {s: jumps.jump(v, year, *sides(rule)) for s, v in others.items()}
    share = jumps.share_as_large(every[year], every)
    moved = pd.Series(beside, dtype=float).dropna()
    return float(every[year]), share, len(every), moved


def judge_year(jump: float, share: float, beside: pd.Series, rule: Rule) -> str:
    """Which way the rule falls by the share of the years, and by the jumps of enough neighbours."""
    if jump <= 0 or not jumps.within(share, rule.loose):
        return "against"
    many = len(beside) >= rule.beside_fewest
    above = many and jump > beside.median() + jumps.TIE
    rare = jumps.within(share, rule.strict)
    return met_or_mixed(rare and above, rare or above)


def of_neighbours(look: Look, rule: Rule) -> ByState:
    """The measure of the neighbours, with the sign of the rule."""
    return {s: rule.sign * look.measured(rule.series, s) for s in rule.beside}


@method
def jump_among_years(look: Look, rule: Rule) -> Found:
    """Does a series jump around a year by more than around others, and by more than in neighbours?"""
    series, year, sign = rule.series, rule.year, rule.sign
    own = sign * look.measured(series)
    found = place_year(own, of_neighbours(look, rule), year, rule)
    if found is None:
        raise Missing(
            Sentence(
                "Needs the {series} of all years around {year}.",
                series=series,
                year=year,
            )
        )
    jump, p, n, others = found
    if n < rule.fewest_cells:
        raise Missing(
            Sentence(
                "Needs {fewest} years with a jump of the {series}; has {n}. The one around {year} is {jump:+.2f}.",
                fewest=rule.fewest_cells,
                series=series,
                n=n,
                year=year,
                jump=sign * jump,
            )
        )
    neighbours = (
        Sentence(
            "In {names} the median jump is {jump:+.2f}.",
            names=names_of(look, others.index),
            jump=sign * others.median(),
        )
        if len(others) >= rule.beside_fewest
        else Sentence(
            "Only {n} of {names} can be compared.",
            n=len(others),
            names=names_of(look, rule.beside),
        )
    )
    reading = Sentence(
        "Jump of the {series} around {year} {jump:+.2f}; as large or larger in {share}. {neighbours}",
        series=series,
        year=year,
        jump=sign * jump,
        share=share_told(p, n, N_("years")),
        neighbours=neighbours,
    )
    null = N_("this year is like any other around which the years can be split")
    return Found(judge_year(jump, p, others, rule), sign * jump, reading, n, p, null)


#: For each measure its span and the series of every state.
Measures = dict[str, tuple[tuple[int, int], ByState]]


def read_measures(look: Look, rule: Rule) -> Measures:
    """For each measure its span and the series of every state; a measure that is missing is left out."""
    found, read = {}, tuple(rule.reading.items())
    for item in rule.items:
        name, span = item["series"], (item["first"], item["last"])
        try:
            series = series_of_states(look, rule.states, name, span, read)
        except Missing:
            continue
        found[name] = span, {s: rule.sign * values for s, values in series.items()}
    return found


def place_measures(
    measures: Measures, state: str, year: int, rule: Rule
) -> dict[str, Placed]:
    """Place of the jump of each measure that has one."""
    found = {}
    for name, (span, values) in measures.items():
        less = name in rule.less_own_median
        if state in values and (
            placed := place_jump(values, state, year, span, rule, less)
        ):
            found[name] = placed
    return found


def judge_measures(
    found: dict[str, Placed], rule: Rule
) -> tuple[str | None, list[str]]:
    """The outcome, and the measures that rise rarely; no outcome if too few have enough to compare with."""
    full = [name for name, placed in found.items() if placed.n >= rule.fewest_cells]
    if len(full) < rule.measures_at_least:
        return None, full

    def rare(share: float) -> bool:
        return jumps.within(share, rule.at_most)

    up = [n for n in full if rare(found[n].large) and found[n].jump > 0]
    down = [n for n in full if rare(found[n].small) and found[n].jump < 0]
    all_rise = all(placed.jump > 0 for placed in found.values())
    if len(up) >= rule.measures_at_least and all_rise:
        return "supported", up
    if len(down) >= rule.measures_at_least:
        return "contradicted", up
    return ("mixed" if up else "not supported"), up


def _jump_told(name: str, placed: Placed, rule: Rule) -> str:
    """The jump of one measure, and how many were as large."""
    share = share_told(placed.large, placed.n, N_("jumps"))
    text = Sentence(
        "{name} {jump:+.3f}, as large or larger in {share}",
        name=name,
        jump=rule.sign * placed.jump,
        share=share,
    )
    if name not in rule.less_own_median:
        return text
    return Sentence(
        "{text} ({many} of the state's own {years}, which judges nothing)",
        text=text,
        many=round(placed.alone * placed.years),
        years=placed.years,
    )


@method
def jumps_among_states_and_years(look: Look, rule: Rule) -> Found:
    """Do some measures jump together around a year, and rarely so among states and years?"""
    measures, year = read_measures(look, rule), rule.year
    found = place_measures(measures, look.case.state, year, rule)
    outcome, up = judge_measures(found, rule)
    if outcome is None:
        raise Missing(
            Sentence(
                "Needs {fewest} measures with a jump around {year} among {cells}; has {n}.",
                fewest=rule.measures_at_least,
                year=year,
                cells=rule.fewest_cells,
                n=len(up),
            )
        )
    told = joined(
        (_jump_told(name, placed, rule) for name, placed in found.items()), "; "
    )
    trend = N_(
        "A trend of the state's own would do as much, since no median is taken off there."
    )
    reading = Sentence(
        "Jumps around {year}: {told}. {many} of {n} are among the largest 1 in {one_in:.0f}; the state in this year is set beside any of {states} states in any year.",
        year=year,
        told=told,
        many=len(up),
        n=len(found),
        one_in=1 / rule.at_most,
        states=len(rule.states),
    )
    if len(up) == 1 and up[0] not in rule.less_own_median:
        reading = joined([reading, trend], " ")
    return Found(outcome, float(len(up)), reading, len(found))
