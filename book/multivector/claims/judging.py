"""Verdicts: a rule is applied, and what rests on ourselves only illustrates."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from .. import data
from ..store import stored
from .evidence import Look
from .finding import METHODS, Found

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


VERDICT_COLUMNS = COLUMNS + [
    "claim",
    "question",
    "section",
    "type",
    "rests_on",
    "outcome",
    "by_order",
    "n",
    "p",
    "null",
    "operational",
    "version",
    "fixed",
]


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
        ``n``, ``p``, ``null``, ``operational``, ``version`` and ``fixed``.
    """
    look = look or Look(case)
    return judged_table(look, rules_of(case), only)[VERDICT_COLUMNS]


def judged_table(
    look: Look, rules: pd.DataFrame, only: Collection[str] | None = None
) -> pd.DataFrame:
    """What each rule found, which way it falls and the verdict, with its words."""
    if only is not None:
        rules = rules[rules["id"].isin(only)]
    rows = []
    for rule in rules.itertuples():
        found, outcome, verdict = judge(look, rule)
        rows.append(
            {
                "id": rule.id,
                "verdict": verdict,
                "statistic": found.statistic,
                "reading": found.reading,
                "figure": rule.figure,
                "test": f"tests/{rule.test}",
                "claim": rule.claim,
                "question": rule.question,
                "section": rule.section,
                "type": rule.type,
                "rests_on": rule.rests_on,
                "outcome": outcome,
                "by_order": rule.method in BY_ORDER,
                "n": found.n,
                "p": found.p,
                "null": found.null,
                "operational": rule.operational,
                "version": rule.version,
                "fixed": rule.fixed,
                "found": found,
            }
        )
    return pd.DataFrame(rows).astype({"n": "Int64", "p": float})


def rules_of(case: data.Case) -> pd.DataFrame:
    """Claims with their rules, checked against one another."""
    claims, rules = case.claims, data.latest_versions(case.table("rules"))
    for name, missing in (
        ("rules", set(claims["id"]) - set(rules["id"])),
        ("claims", set(rules["id"]) - set(claims["id"])),
    ):
        if missing:
            raise ValueError(
                f"{name} lacks {', '.join(sorted(missing))}; allowed: one rule for each claim"
            )
    both = claims.merge(rules, on="id", suffixes=("", "_computed"))
    if (old := both["version"] != both["version_computed"]).any():
        row = both[old].iloc[0]
        raise ValueError(
            f"rules computes version {row['version_computed']} of {row['id']}; allowed: the latest, {row['version']}"
        )
    return with_its_test(both)


def with_its_test(both: Any) -> pd.DataFrame:
    """Claims with their rules, ``test`` being the file and not the words."""
    if "test_computed" not in both:
        return both
    return both.drop(columns=["test"]).rename(columns={"test_computed": "test"})


def apply_method(look: Look, name: str, parameters: dict[str, Any]) -> Found:
    """What a method finds with some parameters."""
    if name not in METHODS:
        raise ValueError(f"method is {name!r}; allowed: {', '.join(sorted(METHODS))}")
    return METHODS[name](look, **parameters)


def judge(look: Look, rule: Any, changed: Any = None) -> tuple[Found, str, str]:
    """What a rule found, which way it falls, and the verdict; ``changed`` parameters take the place of the rule's own."""
    found = apply_method(look, rule.method, {**rule.parameters, **(changed or {})})
    outcome = rule.against if found.outcome == "against" else found.outcome
    return found, outcome, _verdict(outcome, found, rule)


def _verdict(outcome: str, found: Any, rule: Any) -> str:
    """What may be called a verdict: our own coding and our own model only illustrate."""
    if outcome == "not testable":
        return outcome
    outside = rule.against if found.without_coded == "against" else found.without_coded
    if rule.rests_on in ILLUSTRATIONS or (
        rule.rests_on == "both" and rule.method == "changes" and outside != outcome
    ):
        return "illustrated only"
    return outcome
