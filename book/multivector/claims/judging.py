"""Verdicts: a rule is applied, and what rests on ourselves only illustrates."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from .. import data, progress
from ..hints import rows_of
from ..language import N_, spoken
from ..store import stored
from .evidence import Look
from .finding import Found, Rule

VERDICTS = (
    "supported",
    "mixed",
    "not supported",
    "contradicted",
    "illustrated only",
    "not testable",
)

#: Kinds of evidence on which no more than an illustration can rest: our own coding, our own model.
ILLUSTRATIONS = ("coded", "model")

#: Methods that ask which of some acts came first: what contradicts one is another order.
BY_ORDER = ("after_the_visit", "days_after")

COLUMNS = ["id", "verdict", "statistic", "reading", "figure", "test"]

#: What is told beside these; ``found`` is the :class:`Found` itself.
_BESIDE = (
    "claim question section type rests_on outcome by_order n p null operational version "
    "fixed left_out found"
).split()

#: When a rule was fixed.
FIXED = ("before any number", "with numbers in sight")


def evaluate(case: data.Case) -> pd.DataFrame:
    """The verdict on every claim.

    Parameters
    ----------
    case : data.Case

    Returns
    -------
    DataFrame
        Rows (id, verdict, statistic, reading, figure, test), one for each claim, by the latest version of its rule.
        ``verdict`` is one of :data:`VERDICTS`; ``statistic`` is NaN only where the reading says that something is
        needed; ``figure`` is page and figure, ``test`` the file that holds the computation.

    Raises
    ------
    ValueError
        If a claim has no rule for its latest version, a rule names an unknown method, or parameters that the
        method does not have.
    """
    return verdicts(case)[COLUMNS]


@spoken("reading", "null")
@stored
def verdicts(
    case: data.Case, look: Look | None = None, only: Collection[str] | None = None
) -> pd.DataFrame:
    """As :func:`evaluate`, with the claim, its rule and its evidence.

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
        Also ``claim``, ``question``, ``section``, ``type``, ``rests_on``, ``outcome`` (which way the rule falls, whatever may rest on it),
        ``by_order`` (whether the rule asks which of some acts came first),
        ``n``, ``p``, ``null``, ``operational``, ``version``, ``fixed`` and ``left_out`` (what of the claim its rule does not test).
    """
    rules = chosen(rules_of(case), only)
    return judged_table(look or Look(case), rules).drop(columns="found")


def chosen(rules: pd.DataFrame, only: Collection[str] | None) -> pd.DataFrame:
    """The rules of some claims; of all by default."""
    return rules if only is None else rules[rules["id"].isin(only)]


def judged_table(look: Look, rules: pd.DataFrame) -> pd.DataFrame:
    """What each rule found, which way it falls and the verdict, with its words."""
    told = progress.told(list(rows_of(rules)), N_("claims"))
    judged = [judge(look, rule) for rule in told]
    rows = pd.DataFrame([found for found, _, _ in judged], index=rules.index)
    rows["found"], rows["outcome"], rows["verdict"] = zip(*judged)
    by_order = rules["method"].isin(BY_ORDER)
    rows = rules.assign(test="tests/" + rules["test"], by_order=by_order).join(rows)
    rows = rows[COLUMNS + _BESIDE].reset_index(drop=True)
    return rows.astype({"n": "Int64", "p": float, "version": int})


def rules_of(case: data.Case) -> pd.DataFrame:
    """Claims with their rules, checked against one another."""
    claims, rules = case.claims, data.latest_versions(case.table("rules"))
    for name, one, other in (("rules", claims, rules), ("claims", rules, claims)):
        if missing := sorted(set(one["id"]) - set(other["id"])):
            raise ValueError(
                f"{name} lacks {', '.join(missing)}; allowed: one rule for each claim"
            )
    computed = claims["id"].map(rules.set_index("id")["version"])
    if (old := claims["version"] != computed).any():
        row = claims.assign(computed=computed)[old].iloc[0]
        raise ValueError(
            f"rules computes version {row['computed']} of {row['id']}; allowed: the latest, {row['version']}"
        )
    return with_rules(claims, rules)


def with_rules(claims: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """Claims with the rules of their versions; ``test`` is the file, and not the words."""
    words = claims.drop(columns="test") if "test" in rules else claims
    return words.merge(rules, on=["id", "version"])


def judge(
    look: Look, rule: Any, changed: dict[str, Any] | None = None
) -> tuple[Found, str, str]:
    """What the rule of a row found, which way it falls, and the verdict.

    Parameters
    ----------
    look : Look
    rule : namedtuple
        A row of :func:`rules_of`.
    changed : dict, optional
        Parameters that take the place of the rule's own.
    """
    found = Rule(rule.method, {**rule.parameters, **(changed or {})}).judge(look)
    outcome, outside = (
        rule.against if one == "against" else one
        for one in (found.outcome, found.without_coded)
    )
    alone = rule.rests_on in ILLUSTRATIONS
    swayed = rule.rests_on == "both" and rule.method == "changes" and outside != outcome
    if outcome != "not testable" and (alone or swayed):
        return found, outcome, "illustrated only"
    return found, outcome, outcome
