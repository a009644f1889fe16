"""What a rule names, drawn among all that it could have named."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pandas as pd

from .. import data, jumps
from ..store import stored
from .evidence import Look
from .judging import rules_of
from .methods.among import measure_beside_others, read_measures, read_spans, scaled
from .states import names_of


def _all_spans(look: Look, p: float) -> Iterator[tuple[Any, ...]]:
    """Rows (among, dot, value, named, own) of a rule about spans: every set of spans, and every state."""
    starts = [start for start, _ in p["spans"]]
    read = ("compared", "compared_series", "length", "first", "last", "sign")
    changes, others = read_spans(
        look,
        p["series"],
        *(p[name] for name in read),
        p.get("peers"),
        p.get("fewest", 1),
    )
    for chosen in itertools.combinations(changes.index, len(starts)):
        dot = " and ".join(f"{start} to {start + p['length']}" for start in chosen)
        mean = changes[list(chosen)].mean()
        yield f"{p['series']}, sets of spans", dot, mean, list(chosen) == starts, True
    for state, moved in others.items():
        mean = moved.reindex(starts).mean(skipna=False)
        own = state == look.case.state
        yield f"{p['compared_series']}, states", names_of(look, [state]), mean, own, own


def _all_cells(
    look: Look,
    name: str,
    values: pd.Series,
    span: tuple[int, int],
    sides: tuple[Any, ...],
    less_usual: Any,
    year: int,
) -> Iterator[tuple[Any, ...]]:
    cells = jumps.cells(values, *span, *sides, less_usual=less_usual)
    for (state, when), jump in cells.items():
        own = state == look.case.state
        dot = f"{names_of(look, [state])}, {when}"
        among = f"{name.replace(':', ' with ')}, states and years"
        yield among, dot, jump, own and when == year, own


def _all_jumps(look: Look, p: float) -> Iterator[tuple[Any, ...]]:
    """The same of a rule about jumps among states and years, or among years alone."""
    sides = p["before"], p["after"], p["years_at_least"]
    if "items" in p:
        options = {k: p[k] for k in ("peers", "fewest", "edition", "direction")}
        measures = read_measures(look, p["items"], p["states"], p["sign"], **options)
        for name, (span, values) in measures.items():
            less = name in p["less_own_median"]
            yield from _all_cells(look, name, values, span, sides, less, p["year"])
    elif "states" in p:
        read = ("series", "states", "partners", "transform", "sign")
        values = scaled(look, *(p[name] for name in read))
        span, less = (p["first"], p["last"]), p["less_own_median"]
        yield from _all_cells(look, p["series"], values, span, sides, less, p["year"])
    else:
        own = p["sign"] * look.measured(p["series"])
        for year, jump in jumps.jumps(own, p["first"], p["last"], *sides).items():
            yield f"{p['series']}, years", str(year), jump, year == p["year"], True


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
    making = {
        "changes_among_all": _all_spans,
        "jump_among_states_and_years": _all_jumps,
        "jump_among_years": _all_jumps,
        "jumps_among_states_and_years": _all_jumps,
    }
    rows = [
        (rule.id, *row)
        for rule in rules_of(case).itertuples()
        if rule.method in making
        for row in making[rule.method](look, rule.parameters)
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
    return pd.concat(parts, ignore_index=True)


def beside_others(case: data.Case, look: Look | None = None) -> pd.DataFrame:
    """A measure of the state and that of others, as the rule reads them that asks whether they go together.

    Returns
    -------
    DataFrame
        Rows (id, year, own, others, margin); NaN in a year in which one of them is missing.
    """
    look, rows = look or Look(case), []
    for rule in rules_of(case).itertuples():
        if rule.method == "alike_and_together":
            p = rule.parameters
            read = ("measure", "others", "first", "last", "direction")
            both, _ = measure_beside_others(look, *(p[name] for name in read))
            both = both.rename_axis("year").reset_index()
            rows.append(both.assign(id=rule.id, margin=p["margin"]))
    return pd.concat(rows, ignore_index=True)
