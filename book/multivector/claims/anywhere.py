"""General claims on another case: those that speak of small states as such, and not of one.

A claim about one state says nothing of another, whatever its rule would give there.  A
general one is tried on any case, with that case's own peers and years; what its rule takes
from the state that it was written on stands in the column ``elsewhere`` of the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from .. import data
from ..data import Missing
from ..hints import rows_of
from ..language import N_, Sentence
from ..tables import shape
from ..tables.methods import METHODS, taken
from .judging import rules_of, verdicts

#: What may stand for a parameter of a rule on another case.
ELSEWHERE: dict[str, Callable[[data.Case], Any]] = {
    "peers": lambda case: list(case.peers),
    "span": lambda case: case.periods.set_index("kind")["id"]["span"],
}
#: Of a rule with the last word nothing can: the case would need years or ids of its own.
*_, OWN = shape.ELSEWHERE
#: Of many peers one or another is silent in most years: they are compared without it.
HOLES = "holes"
#: Parameters by which a choice names other states; a case has peers of its own for them.
NAMING_STATES = ("peers", "compared")
#: Parameters by which a choice reads the text of its own case, or what was coded from it.
OF_ITS_TEXT = {"coding", "drop", "grades", "leaders"}


def general_rules(origin: data.Case) -> pd.DataFrame:
    """The general claims of a case with their rules; none if it does not tell which they are.

    Parameters
    ----------
    origin : data.Case
    """
    if not origin.has("claims", "rules"):
        return pd.DataFrame(columns=["id", "elsewhere"])
    rules = rules_of(origin)
    if not {"about", "elsewhere"} <= set(rules):
        return rules.iloc[:0]
    return rules[rules["about"] == "general"].reset_index(drop=True)


def replaced(rule: Any, case: data.Case) -> dict[str, Any]:
    """The parameters of a rule with what stands for some of them on a case.

    Parameters
    ----------
    rule : namedtuple
        A row of :func:`general_rules`.
    case : data.Case

    Raises
    ------
    data.Missing
        If the case would need years or ids of its own.
    """
    found = dict(rule.parameters)
    told = "" if pd.isna(rule.elsewhere) else rule.elsewhere
    for one in filter(None, map(str.strip, told.split(";"))):
        name, _, what = one.partition("=")
        if what == OWN:
            raise Missing(
                Sentence(
                    "Needs {what} of {state}, which its case does not name for this rule.",
                    what=name,
                    state=case.name,
                )
            )
        if shape.YEARS.fullmatch(what):
            found[name] = [int(year) for year in what.split()]
        else:
            found[name] = ELSEWHERE[what](case)
        if HOLES in taken(METHODS[rule.method]):
            found[HOLES] = True
        if what == "peers" and not case.peers:
            raise Missing(Sentence("Needs peers of {state}.", state=case.name))
    return found


def lent(case: data.Case, origin: data.Case | None = None) -> data.Case:
    """A case with claims: its own, or else the general ones; as :func:`with_general`."""
    return case if case.has("claims", "rules") else with_general(case, origin)


def with_general(case: data.Case, origin: data.Case | None = None) -> data.Case:
    """A case with the general claims of another in the place of its own.

    Parameters
    ----------
    case : data.Case
    origin : data.Case, optional
        Whose general claims are lent; by default the case that this book was written on.

    Returns
    -------
    data.Case
        The case with the latest rules of the general claims, asked of its own peers and years,
        and the choices that these rules name.  A rule that no other case can answer asks for
        what it needs, and its claim is not testable.

    Raises
    ------
    data.Missing
        If the origin is not here, or has no general claim.
    """
    origin = origin or data.first_case()
    rules = general_rules(origin)
    if rules.empty:
        raise Missing("there are no claims, and no rules that test them")
    rules = pd.DataFrame([_asked_of(case, rule) for rule in rows_of(rules)])
    choices = _open_choices(origin.table("choices"))
    rules["choices"] = [_named(choices, names) for names in rules["choices"]]
    named = rules["choices"].dropna().str.split("; ").explode().unique()
    choices = _of_own_peers(choices[choices["choice"].isin(named)], case)
    tables = {
        "claims": _words_of(origin, rules),
        "rules": rules[list(origin.table("rules"))],
        "choices": choices,
    }
    return case.with_tables(tables, origin)


def _asked_of(case: data.Case, rule: Any) -> dict[str, Any]:
    """A rule as it is asked of another case."""
    row: dict[str, Any] = {str(k): v for k, v in rule._asdict().items()}
    for name in ("question", "operational"):
        told = row.get(f"{name}_elsewhere")
        row[name] = row[name] if told is None or pd.isna(told) else told
    row["figure"] = pd.NA  # the page may not be there
    try:
        row["parameters"] = replaced(rule, case)
    except Missing as lack:
        unasked = {"method": "needs", "parameters": {"told": lack.args[0]}}
        row |= unasked | {"choices": pd.NA}
    return row


def _open_choices(choices: pd.DataFrame) -> pd.DataFrame:
    """Choices that another case has too."""
    of_text = [not OF_ITS_TEXT.isdisjoint(given) for given in choices["parameters"]]
    return choices[~choices["choice"].isin(choices["choice"][of_text])]


def _named(choices: pd.DataFrame, names: Any) -> Any:
    """Of the choices that a rule names those that there are."""
    known = set(choices["choice"])
    told = [] if pd.isna(names) else names.split("; ")
    return "; ".join(name for name in told if name in known) or pd.NA


def _words_of(origin: data.Case, rules: pd.DataFrame) -> pd.DataFrame:
    """The general claims without what is told of the state that they were written on."""
    claims = origin.claims[origin.claims["id"].isin(rules["id"])].copy()
    for name in {"section", "nearest_fn", "left_out", "reason"} & set(claims):
        claims[name] = pd.NA
    words = rules.set_index("id")["operational"]
    return claims.assign(operational=claims["id"].map(words)).reset_index(drop=True)


def _of_own_peers(choices: pd.DataFrame, case: data.Case) -> pd.DataFrame:
    """Choices of which those that name states offer the peers of a case, all or all but one."""
    names = case.actors.set_index("actor")["name"]
    rows = []
    for choice, part in choices.groupby("choice", sort=False):
        naming = {n for given in part["parameters"] for n in given} & {*NAMING_STATES}
        if not naming:
            rows += part.to_dict("records")
            continue
        (parameter,) = naming
        options = {N_("all peers"): (case.peers, N_("The peers of the case"))}
        for peer in case.peers if len(case.peers) > 1 else []:
            others = [other for other in case.peers if other != peer]
            told = Sentence("without {name}", name=names[peer])
            options[str(told)] = others, N_("One left out")
        rows += [
            {
                "choice": choice,
                "option": told,
                "why": why,
                "parameters": {parameter: of},
            }
            for told, (of, why) in options.items()
        ]
    return pd.DataFrame(rows, columns=list(choices))


def general(case: data.Case, origin: data.Case) -> pd.DataFrame:
    """What the general claims of one case come to on another.

    Parameters
    ----------
    case : data.Case
        What they are tried on; its own claims are left aside.
    origin : data.Case
        Whose claims they are.

    Returns
    -------
    DataFrame
        Rows as of :func:`verdicts`, one for each general claim, with the section of the text and the
        ``method`` that it has in the origin.  It is not testable where the case lacks what its rule
        asks for, or where the rule asks for years of the state.

    Raises
    ------
    data.Missing
        If the origin has no general claim.
    """
    found, rules = verdicts(with_general(case, origin)), general_rules(origin)
    told = found[["id"]].merge(rules, on="id", validate="one_to_one")
    return found.assign(section=told["section"], method=told["method"])
