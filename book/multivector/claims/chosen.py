"""What comes of all claims under one reader's choices, out of the multiverse."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from .. import data
from ..checks import one_of
from ..hints import rows_of

#: What a verdict is worth to the paper, the first number before the second.
WORTH = {"supported": (1, 0, 0), "mixed": (0, 1, 0), "contradicted": (0, 0, -1)}


def answers(case: data.Case, universe: pd.DataFrame) -> pd.DataFrame:
    """Every combination of each claim, in the order of the table ``choices``.

    Parameters
    ----------
    case : data.Case
    universe : DataFrame
        Of :func:`multiverse`.

    Returns
    -------
    DataFrame
        Rows (id, choices, own, verdicts, outcomes): ``own`` the option of each choice
        that the rule takes by itself; ``verdicts`` and ``outcomes`` those of every
        combination of options, the last choice running fastest.
    """
    known = _options(case)
    rows = []
    for name, part in universe.groupby("id", sort=False):
        own = part.loc[part["setting"] == 0, "options"].iloc[0]
        came = {
            tuple(row.options.values()): (row.verdict, row.outcome)
            for row in rows_of(part)
        }
        every = itertools.product(*(known[choice] for choice in own))
        verdicts, outcomes = zip(*(came[options] for options in every))
        rows.append((name, list(own), own, list(verdicts), list(outcomes)))
    columns = ["id", "choices", "own", "verdicts", "outcomes"]
    return pd.DataFrame(rows, columns=columns)


def offered(case: data.Case, found: pd.DataFrame) -> pd.DataFrame:
    """The choices that a reader has, those that touch most claims first.

    Parameters
    ----------
    case : data.Case
    found : DataFrame
        Of :func:`answers`.

    Returns
    -------
    DataFrame
        Rows (choice, options, reasons, own, claims): ``own`` the option that the rules
        take, or nothing where one takes this and another that.
    """
    table = case.table("choices")
    rows = []
    for choice, part in table.groupby("choice", sort=False):
        touched = found[[choice in choices for choices in found["choices"]]]
        taken = {own[choice] for own in touched["own"]}
        own = taken.pop() if len(taken) == 1 else ""
        claims = list(touched["id"])
        rows.append((choice, list(part["option"]), list(part["why"]), own, claims))
    columns = ["choice", "options", "reasons", "own", "claims"]
    listed = pd.DataFrame(rows, columns=columns)
    many = -listed["claims"].str.len()
    return listed.loc[many.sort_values(kind="stable").index].reset_index(drop=True)


def under(
    case: data.Case, found: pd.DataFrame, picked: Mapping[str, str]
) -> pd.DataFrame:
    """What comes of each claim under some options; of other choices a rule's own hold.

    Parameters
    ----------
    case : data.Case
    found : DataFrame
        Of :func:`answers`.
    picked : mapping
        Option by choice.

    Returns
    -------
    DataFrame
        Rows (id, verdict, outcome).

    Raises
    ------
    ValueError
        If there is no such choice, or it has no such option.
    """
    known = _options(case)
    for choice, option in picked.items():
        one_of("choice", choice, known)
        one_of(f"option of {choice}", option, known[choice])
    rows = []
    for claim in rows_of(found):
        place = 0
        for choice in claim.choices:
            option = picked.get(choice, claim.own[choice])
            place = place * len(known[choice]) + known[choice].index(option)
        rows.append((claim.id, claim.verdicts[place], claim.outcomes[place]))
    return pd.DataFrame(rows, columns=["id", "verdict", "outcome"])


def extremes(case: data.Case, found: pd.DataFrame) -> dict[str, dict[str, str]]:
    """The choices that are kindest to the claims, and those that are hardest on them.

    Kindest is what gives most claims the verdict "supported"; of such the one with most
    mixed ones, then with the fewest contradicted; then the one that changes least.
    Hardest is the reverse. All combinations are looked through: choices that no claim
    ties to one another are looked through apart.

    Parameters
    ----------
    case : data.Case
    found : DataFrame
        Of :func:`answers`.

    Returns
    -------
    dict
        "kindest" and "hardest": option by choice, where it is not the rules' own.
    """
    kindest: dict[str, str] = {}
    hardest: dict[str, str] = {}
    moving = found[[len(set(verdicts)) > 1 for verdicts in found["verdicts"]]]
    for together in _tied(moving["choices"]):
        part = moving[[not together.isdisjoint(c) for c in moving["choices"]]]
        tried = list(_tried(case, part, sorted(together)))
        kindest |= max(tried, key=lambda one: (one[1], -len(one[0])))[0]
        hardest |= min(tried, key=lambda one: (one[1], len(one[0])))[0]
    return {"kindest": kindest, "hardest": hardest}


def _options(case: data.Case) -> dict[str, list[str]]:
    """Options of each choice, in their order."""
    table = case.table("choices")
    return {
        str(choice): list(part["option"])
        for choice, part in table.groupby("choice", sort=False)
    }


def _tied(choices: pd.Series) -> list[set[str]]:
    """Choices in sets that no claim ties to one another."""
    sets: list[set[str]] = []
    for names in map(set, choices):
        joined = [one for one in sets if one & names]
        apart = [one for one in sets if not one & names]
        sets = [*apart, names.union(*joined)]
    return sets


def _tried(
    case: data.Case, part: pd.DataFrame, choices: list[str]
) -> Iterator[tuple[dict[str, str], tuple[int, ...]]]:
    """Every combination of some choices, and what its verdicts are worth."""
    own = offered(case, part).set_index("choice")["own"]
    known = _options(case)
    sides: list[list[Any]] = [
        ["", *(option for option in known[choice] if option != own[choice])]
        for choice in choices
    ]
    for options in itertools.product(*sides):
        picked = {c: option for c, option in zip(choices, options) if option}
        came = under(case, part, picked)["verdict"]
        worth = [WORTH.get(verdict, (0, 0, 0)) for verdict in came]
        yield picked, tuple(map(sum, zip(*worth)))
