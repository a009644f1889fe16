"""What a rule names, drawn among all that it could have named."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pandas as pd

from .. import data, jumps
from ..data import Missing
from ..hints import rows_of
from ..language import N_, Sentence, joined, spoken
from ..store import stored
from .evidence import Look
from .finding import Rule
from .judging import rules_of
from .methods.among import (
    cells_of,
    measure_beside_others,
    read_measures,
    read_spans,
    scaled,
    sides,
)
from .states import names_of

#: One that a rule names, or could have named: (among, dot, value, named, own).
Dots = Iterator[tuple[str, str, float, bool, bool]]


def _all_spans(look: Look, rule: Rule) -> Dots:
    """Of a rule about spans: every set of spans, and every state."""
    starts = [start for start, _ in rule.spans]
    changes, others = read_spans(look, rule)
    for chosen in itertools.combinations(changes.index, len(starts)):
        dot = joined((_spell(start, rule.length) for start in chosen), N_(" and "))
        mean = changes[list(chosen)].mean()
        among = Sentence("{series}, sets of spans", series=rule.series)
        yield among, dot, mean, list(chosen) == starts, True
    for state, moved in others.items():
        mean = moved.reindex(starts).mean(skipna=False)
        own = state == look.case.state
        among = Sentence("{series}, states", series=rule.compared_series)
        yield among, names_of(look, [state]), mean, own, own


def _spell(start: int, length: int) -> Sentence:
    return Sentence("{start} to {end}", start=start, end=start + length)


def _all_cells(
    look: Look, rule: Rule, name: str, span: tuple[int, int], values: Any, less: bool
) -> Dots:
    cells = cells_of(values, span, rule, less)
    kind, _, partner = name.partition(":")
    series = joined([kind, partner], N_(" with "))
    among = Sentence("{series}, states and years", series=series)
    for (state, year), jump in zip(cells.index, cells):
        own = state == look.case.state
        dot = f"{names_of(look, [state])}, {year}"
        yield among, dot, jump, own and year == rule.year, own


def _all_jumps(look: Look, rule: Rule) -> Dots:
    """Of a rule about a jump of one series: every state and year."""
    span, values = (rule.first, rule.last), scaled(look, rule)
    less = rule.less_own_median
    yield from _all_cells(look, rule, rule.series, span, values, less)


def _all_jumps_of_measures(look: Look, rule: Rule) -> Dots:
    """Of a rule about several measures: every state and year, in each of them."""
    for name, (span, values) in read_measures(look, rule).items():
        less = name in rule.less_own_median
        yield from _all_cells(look, rule, name, span, values, less)


def _all_years(look: Look, rule: Rule) -> Dots:
    """Of a rule about a jump among years alone: every year."""
    own = rule.sign * look.measured(rule.series)
    found = jumps.jumps(own, rule.first, rule.last, *sides(rule))
    for year, jump in found.items():
        among = Sentence("{series}, years", series=rule.series)
        yield among, str(year), jump, year == rule.year, True


_ALL = {
    "changes_among_all": _all_spans,
    "jump_among_states_and_years": _all_jumps,
    "jump_among_years": _all_years,
    "revenue_and_jump": _all_years,
    "jumps_among_states_and_years": _all_jumps_of_measures,
}


@spoken("among", "dot")
@stored
def among_all(case: data.Case, look: Look | None = None) -> pd.DataFrame:
    """What some rules name, among all that they could have named.

    Parameters
    ----------
    case : data.Case
    look : Look, optional

    Returns
    -------
    DataFrame
        Rows (id, among, dot, value, spread, named, own, share, n): ``among`` says of which series and
        among what, ``dot`` what one of them is; ``value`` is higher the more it goes as the claim says, and
        ``spread`` the same in standard deviations from the median of all; ``named`` marks what the claim
        names, ``own`` what is the state's; ``share`` of the ``n`` go as far as the named one.
    """
    look = look or Look(case)
    rows = [
        (row.id, *dot)
        for row in rows_of(rules_of(case))
        if row.method in _ALL
        for dot in _dots_of(look, Rule(row.method, row.parameters))
    ]
    columns = ["id", "among", "dot", "value", "named", "own"]
    found = pd.DataFrame(rows, columns=columns).dropna(subset="value")
    parts = []
    for _, part in found.groupby(["id", "among"], sort=False):
        if part["named"].any():
            value, named = part["value"], part.loc[part["named"], "value"].iloc[0]
            spread = (value - value.median()) / value.std()
            share = jumps.share_as_large(named, value)
            parts.append(part.assign(spread=spread, share=share, n=len(part)))
    if not parts:
        raise Missing(
            "no rule that can be judged ranks what it names among other years or states"
        )
    return pd.concat(parts, ignore_index=True)


def _dots_of(look: Look, rule: Rule) -> list[tuple[str, str, float, bool, bool]]:
    """All that one rule could have named; nothing where the case lacks what it ranks."""
    try:
        return list(_ALL[rule.method](look, rule))
    except Missing:
        return []


def beside_others(case: data.Case, look: Look | None = None) -> pd.DataFrame:
    """A measure of the state and that of others, as the rule reads them that asks whether they go together.

    Returns
    -------
    DataFrame
        Rows (id, year, own, others, margin); NaN in a year in which one of them is missing.
    """
    look, rows = look or Look(case), []
    for row in rows_of(rules_of(case)):
        if row.method == "alike_and_together":
            rule = Rule(row.method, row.parameters)
            both, _ = measure_beside_others(look, rule)
            both = both.rename_axis("year").reset_index()
            rows.append(both.assign(id=row.id, margin=rule.margin))
    if not rows:
        raise Missing("no rule sets the state beside others, year by year")
    return pd.concat(rows, ignore_index=True)
