"""The multiverse: every verdict over the defensible choices."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from typing import Any

import pandas as pd

from .. import data, progress
from ..data import Missing
from ..hints import rows_of
from ..language import N_, spoken
from ..store import stored
from .evidence import Look
from .judging import chosen, judge, rules_of


def settings(case: data.Case, rule: Any) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """Every combination of the defensible choices that a rule names.

    Parameters
    ----------
    case : data.Case
    rule : Series or namedtuple
        A row of the table ``rules``.

    Returns
    -------
    list of (dict, dict)
        Options by choice, and the parameters that they change; the ledger's own combination comes first.
    """
    table = case.table("choices")
    parameters = {"coding": case.coding, **rule.parameters}
    named = rule.choices if isinstance(rule.choices, str) else ""
    sides = []
    for choice in filter(None, named.split("; ")):
        rows = table[table["choice"] == choice]
        options = list(zip(rows["option"], rows["parameters"]))
        if not options:
            known = ", ".join(table["choice"].unique())
            raise ValueError(f"choices of {rule.id} names {choice!r}; allowed: {known}")
        first = next(
            (o for o in options if o[1] and o[1].items() <= parameters.items()),
            options[0],
        )
        # A sort keeps the order of all that are not the ledger's own.
        options.sort(key=lambda one: one is not first)
        sides.append([(choice, *one) for one in options])
    return [
        (
            {choice: option for choice, option, _ in picked},
            {name: value for *_, changed in picked for name, value in changed.items()},
        )
        for picked in itertools.product(*sides)
    ]


@spoken("reading")
@stored
def multiverse(
    case: data.Case, look: Look | None = None, only: Collection[str] | None = None
) -> pd.DataFrame:
    """Every verdict over the defensible choices.

    Multiverse analysis (Steegen, Tuerlinckx, Gelman and Vanpaemel 2016): the claim is judged again under every combination of
    the choices that its rule names in the table ``choices``.

    Parameters
    ----------
    case : data.Case
    look : Look, optional
        What was computed of the case before.
    only : collection of str, optional
        Claims to judge; all by default.

    Returns
    -------
    DataFrame
        Rows (id, setting, changed, outcome, verdict, statistic, reading, options): ``setting`` numbers the combinations of a
        claim, 0 being the ledger's own; ``changed`` the choices that differ from it; ``options`` a dict of choice to option.
    """
    look, rows = look or Look(case), []
    rules = list(rows_of(chosen(rules_of(case), only)))
    for rule in progress.told(rules, N_("claims over all choices")):
        every = settings(case, rule)
        own = every[0][0]
        for number, (options, parameters) in enumerate(every):
            found, outcome, verdict = judge(look, rule, parameters)
            row = {
                "id": rule.id,
                "setting": number,
                "changed": [name for name in options if options[name] != own[name]],
                "outcome": outcome,
                "verdict": verdict,
                "statistic": found.statistic,
                "reading": found.reading,
                "options": options,
            }
            rows.append(row)
    return pd.DataFrame(rows)


def varied(stable: pd.DataFrame) -> pd.DataFrame:
    """Claims that can be judged in more than one setting, the most fragile first.

    Parameters
    ----------
    stable : DataFrame
        Of :func:`stability`.

    Raises
    ------
    Missing
        If there is none.
    """
    testable = stable["outcome"] != "not testable"
    rows = stable[testable & (stable["settings"] > 1)].sort_values(["share", "id"])
    if rows.empty:
        raise Missing("no claim can be judged in more than one way")
    return rows


def stability(universe: pd.DataFrame) -> pd.DataFrame:
    """How often each outcome holds over the choices, and which choice alone turns it.

    Parameters
    ----------
    universe : DataFrame
        Of :func:`multiverse`.

    Returns
    -------
    DataFrame
        Rows (id, outcome, settings, same, share, turned_by): ``outcome`` that of the ledger, ``same`` the settings with the
        same one, ``turned_by`` the choices of which some option alone turns it.
    """
    rows = []
    for name, part in universe.groupby("id", sort=False):
        own = part.loc[part["setting"] == 0, "outcome"].iloc[0]
        same = part["outcome"] == own
        alone = part.loc[~same & (part["changed"].str.len() == 1), "changed"]
        turned_by = ", ".join(alone.str[0].unique())
        rows.append((name, own, len(part), int(same.sum()), same.mean(), turned_by))
    return pd.DataFrame(
        rows, columns=["id", "outcome", "settings", "same", "share", "turned_by"]
    )
