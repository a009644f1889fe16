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
from ..language import Sentence, spoken
from ..store import stored
from ..tables import shape
from .evidence import Look
from .judging import judged_table, rules_of

#: What may stand for a parameter of a rule on another case.
ELSEWHERE: dict[str, Callable[[data.Case], Any]] = {
    "peers": lambda case: list(case.peers),
    "span": lambda case: case.periods.set_index("kind")["id"]["span"],
}
#: Of a rule with the last word nothing can: the case would need years or ids of its own.
*_, OWN = shape.ELSEWHERE
#: What is told of a claim whatever came of it.
_TOLD = ("id", "claim", "section", "method", "rests_on")


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
                    "Needs {what} of {state}: those of the rule are another state's.",
                    what=name,
                    state=case.name,
                )
            )
        found[name] = ELSEWHERE[what](case)
    return found


@spoken("reading", "null")
@stored
def general(
    case: data.Case, origin: data.Case, look: Look | None = None
) -> pd.DataFrame:
    """What the general claims of one case come to on another.

    Parameters
    ----------
    case : data.Case
        What they are tried on; its own claims are left aside.
    origin : data.Case
        Whose claims they are.
    look : Look, optional
        What was computed of the case before.

    Returns
    -------
    DataFrame
        Rows (id, claim, section, method, rests_on, verdict, outcome, by_order, statistic, reading, n, p, null).
        A claim is not testable where the case lacks what its rule asks for, or where the rule asks for years
        of the state.
    """
    rules, look = general_rules(origin), look or Look(case)
    rows = [_tried(look, rule, rules) for rule in rows_of(rules)]
    columns = (
        "id claim section method rests_on verdict outcome by_order "
        "statistic reading n p null"
    ).split()
    return pd.DataFrame(rows, columns=columns)


def _tried(look: Look, rule: Any, rules: pd.DataFrame) -> dict[str, Any]:
    """One claim with its verdict on the case."""
    own = rules[rules["id"] == rule.id]
    try:
        given = pd.Series([replaced(rule, look.case)], own.index, dtype=object)
    except Missing as lack:
        row = {"verdict": "not testable", "outcome": "not testable", "by_order": False}
        told = {name: getattr(rule, name) for name in _TOLD}
        return row | told | {"reading": lack.args[0]}
    found = judged_table(look, own.assign(parameters=given)).iloc[0]
    return {str(name): value for name, value in found.items()} | {"method": rule.method}
