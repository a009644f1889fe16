"""The multiverse: every verdict over the defensible choices."""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd

from .. import data
from ..store import stored
from .evidence import Look
from .judging import judge, rules_of


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
    sides = []
    for choice in (rule.choices if isinstance(rule.choices, str) else "").split("; "):
        if not choice:
            continue
        options = [
            (row.option, row.parameters)
            for row in table[table["choice"] == choice].itertuples()
        ]
        if not options:
            raise ValueError(
                f"choices of {rule.id} names {choice!r}; allowed: {', '.join(table['choice'].unique())}"
            )
        own = next(
            (o for o in options if o[1] and o[1].items() <= parameters.items()),
            options[0],
        )
        sides.append([(choice, *own), *((choice, *o) for o in options if o is not own)])
    return [
        (
            {choice: option for choice, option, _ in picked},
            {k: v for *_, changed in picked for k, v in changed.items()},
        )
        for picked in itertools.product(*sides)
    ]


@stored
def multiverse(case: data.Case, look: Look | None = None) -> pd.DataFrame:
    """Every verdict over the defensible choices.

    Multiverse analysis (Steegen, Tuerlinckx, Gelman and Vanpaemel 2016): the claim is judged again under every combination of
    the choices that its rule names in the table ``choices``.

    Parameters
    ----------
    case : data.Case

    Returns
    -------
    DataFrame
        Rows (id, setting, changed, outcome, verdict, statistic, reading, options): ``setting`` numbers the combinations of a
        claim, 0 being the ledger's own; ``changed`` the choices that differ from it; ``options`` a dict of choice to option.
    """
    look, rows = look or Look(case), []
    for rule in rules_of(case).itertuples():
        base = None
        for number, (options, changed) in enumerate(settings(case, rule)):
            found, outcome, verdict = judge(look, rule, changed)
            base = base or options
            rows.append(
                (
                    rule.id,
                    number,
                    [c for c in options if options[c] != base[c]],
                    outcome,
                    verdict,
                    found.statistic,
                    found.reading,
                    options,
                )
            )
    return pd.DataFrame(
        rows,
        columns=[
            "id",
            "setting",
            "changed",
            "outcome",
            "verdict",
            "statistic",
            "reading",
            "options",
        ],
    )


def stability(universe: Any) -> pd.DataFrame:
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
        alone = part[part["changed"].str.len() == 1]
        turned = list(
            dict.fromkeys(
                c
                for changed, outcome in zip(alone["changed"], alone["outcome"])
                if outcome != own
                for c in changed
            )
        )
        same = int((part["outcome"] == own).sum())
        rows.append((name, own, len(part), same, same / len(part), ", ".join(turned)))
    return pd.DataFrame(
        rows, columns=["id", "outcome", "settings", "same", "share", "turned_by"]
    )
