"""The ledger: verdicts beside what chance would have done, and older versions of rules."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from .. import data
from ..store import stored
from .evidence import Look
from .judging import FIXED, judged_table, rules_of, with_its_test
from .severity import chance, series_named


@stored
def ledger(
    case: data.Case, look: Look | None = None, only: Collection[str] | None = None
) -> pd.DataFrame:
    """As :func:`verdicts`, with what chance alone would have done.

    Returns
    -------
    DataFrame
        Also the fields of :class:`Chance`, ``null`` of which is ``severity_null`` here and ``effect``
        ``power_of``; ``same_series`` and ``opposed``, the claims that read a series of this one, and
        those of them that read the opposite out of it.
    """
    look = look or Look(case)
    rules = rules_of(case)
    rows = judged_table(look, rules, only)
    chances = [
        chance(look, rule, found, verdict)
        for rule, found, verdict in zip(
            rules[rules["id"].isin(rows["id"])].itertuples(),
            rows["found"],
            rows["verdict"],
        )
    ]
    rows["severity"] = [told.severity for told in chances]
    rows["as_well"] = [told.as_well for told in chances]
    rows["severity_null"] = [told.null for told in chances]
    rows["power"] = [told.power for told in chances]
    rows["power_of"] = [told.effect for told in chances]
    beside = _side_by_side(rules).reindex(rows["id"])
    rows["same_series"] = beside["same_series"].to_numpy()
    rows["opposed"] = beside["opposed"].to_numpy()
    return rows.drop(columns="found")


def _directions(rule: Any) -> dict[str, int]:
    """Series of a rule with the sign that would support the claim, 0 where it asks for none."""
    parameters = rule.parameters
    found = dict.fromkeys(series_named(parameters), 0)
    items = [
        *parameters.get("items", ()),
        *itertools.chain.from_iterable(parameters.get("blocks", ())),
    ]
    for item in items:
        if item["series"] in found:
            found[item["series"]] = item.get("sign", parameters.get("sign", 0))
    if rule.method == "rising":
        found = dict.fromkeys(found, 1)
    if isinstance(parameters.get("series"), str) and "sign" in parameters:
        found[parameters["series"]] = parameters["sign"]
    return found


def _side_by_side(rules: pd.DataFrame) -> pd.DataFrame:
    """For each claim the others that read a series of it, and those that read the opposite out of it."""
    directions = {rule.id: _directions(rule) for rule in rules.itertuples()}
    rows = []
    for name, own in directions.items():
        shared = {
            other: own.keys() & theirs.keys()
            for other, theirs in directions.items()
            if other != name and own.keys() & theirs.keys()
        }
        opposed = [
            other
            for other, series in shared.items()
            if any(own[key] * directions[other][key] < 0 for key in series)
        ]
        rows.append((name, ", ".join(shared), ", ".join(opposed)))
    return pd.DataFrame(rows, columns=["id", "same_series", "opposed"]).set_index("id")


def scoreboard(rows: pd.DataFrame) -> pd.DataFrame:
    """How many claims are supported, beside the number that chance alone would give.

    Parameters
    ----------
    rows : DataFrame
        Of :func:`ledger`.

    Returns
    -------
    DataFrame
        Rows (fixed, judged, supported, by_chance, without), for rules fixed before any number, for those
        with numbers in sight, and for all: claims that something other than ourselves can judge, those supported,
        the sum of the severities of all of them, and how many have none.
    """
    judged = rows[~rows["verdict"].isin(["illustrated only", "not testable"])]
    parts = {when: judged[judged["fixed"] == when] for when in FIXED} | {"all": judged}
    return pd.DataFrame(
        [
            (
                when,
                len(part),
                int((part["verdict"] == "supported").sum()),
                float(part["severity"].sum()),
                int(part["severity"].isna().sum()),
            )
            for when, part in parts.items()
        ],
        columns=["fixed", "judged", "supported", "by_chance", "without"],
    )


@stored
def history(
    case: data.Case,
    look: Look | None = None,
    only: Collection[str] | None = None,
    chances: Any = True,
) -> pd.DataFrame:
    """The verdict of every version of every rule that was kept.

    Parameters
    ----------
    case : data.Case
    look : Look, optional
    only : collection of str, optional
        Claims whose versions are judged; all by default.
    chances : bool
        Whether to ask of older versions how often chance would have done as well, which takes a while.

    Returns
    -------
    DataFrame
        Rows (id, version, dated, fixed, blind, operational, reason, verdict, outcome, by_order, statistic, reading, as_well, changed),
        older versions first; ``as_well`` says of an older version how often chance would have done as well; ``verdict`` is empty where the computable form of a version was not kept, ``changed`` says
        that the verdict differs from that of the latest version.
    """
    look = look or Look(case)
    table = case.table("claims")
    if only is not None:
        table = table[table["id"].isin(only)]
    rules = table.merge(
        case.table("rules"), on=["id", "version"], suffixes=("", "_computed")
    )
    rules = with_its_test(rules)
    found = judged_table(look, rules)
    found["as_well"] = _as_well_of_older(look, rules, found) if chances else np.nan
    words = ["id", "version", "dated", "fixed", "blind", "operational", "reason"]
    judged = ["verdict", "outcome", "by_order", "statistic", "reading", "as_well"]
    told = table[words].merge(
        found[["id", "version", *judged]], on=["id", "version"], how="left"
    )
    told = told.sort_values(["id", "version"], ignore_index=True)
    for column in ("verdict", "outcome", "reading"):
        told[column] = told[column].fillna("")
    told["by_order"] = told["by_order"].eq(True)
    latest = told.drop_duplicates("id", keep="last").set_index("id")["verdict"]
    differs = told["verdict"] != told["id"].map(latest)
    told["changed"] = (told["verdict"] != "") & differs
    return told


def _as_well_of_older(look: Look, rules: pd.DataFrame, found: Any) -> list[float]:
    """How often chance would have done as well by each older version; NaN of the latest."""
    latest = rules.groupby("id")["version"].transform("max")
    return [
        np.nan
        if rule.version == last
        else chance(look, rule, row.found, row.verdict).as_well
        for rule, last, row in zip(rules.itertuples(), latest, found.itertuples())
    ]


def before_and_now(versions: Any) -> pd.DataFrame:
    """The last verdict of each changed rule before the one that counts, and that one.

    Parameters
    ----------
    versions : DataFrame
        Of :func:`history`.

    Returns
    -------
    DataFrame
        Rows (was, now, blind) by id, of the claims of which an earlier version can still be computed;
        ``blind`` says that the one that counts was written without sight of any result.
    """
    computed = versions[versions["verdict"] != ""]
    now = computed.drop_duplicates("id", keep="last")
    was = computed.drop(now.index).drop_duplicates("id", keep="last")
    verdicts = [part.set_index("id")["verdict"] for part in (was, now)]
    both = pd.concat(verdicts, axis=1, keys=["was", "now"], join="inner")
    return both.join(now.set_index("id")["blind"])
