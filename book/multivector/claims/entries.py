"""The ledger: verdicts beside what chance would have done, and older versions of rules."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from .. import data, progress
from ..hints import rows_of
from ..language import N_, spoken
from ..store import stored
from .evidence import Look
from .judging import FIXED, chosen, judged_table, rules_of, with_rules
from .severity import Chance, chance, series_named


@spoken("reading", "null", "severity_null", "power_of")
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
    look, rules = look or Look(case), rules_of(case)
    asked = chosen(rules, only)
    rows = judged_table(look, asked)
    chances = _chances(look, asked, rows)
    columns = ["severity", "as_well", "severity_null", "power", "power_of"]
    rows[columns] = pd.DataFrame(chances, index=rows.index)
    beside = _side_by_side(rules).reindex(rows["id"]).reset_index(drop=True)
    return rows.drop(columns="found").join(beside)


def _chances(look: Look, rules: pd.DataFrame, rows: pd.DataFrame) -> list[Chance]:
    """What chance would have done by each rule."""
    asked = list(zip(rows_of(rules), rows["found"], rows["verdict"]))
    return [chance(look, *one) for one in progress.told(asked, N_("chances"))]


def _directions(rule: Any) -> dict[str, int]:
    """Series of a rule with the sign that would support the claim, 0 where it asks for none."""
    parameters = rule.parameters
    found = dict.fromkeys(series_named(parameters), int(rule.method == "rising"))
    sign = parameters.get("sign")
    blocks = [parameters.get("items", ()), *parameters.get("blocks", ())]
    for item in itertools.chain.from_iterable(blocks):
        if item["series"] in found:
            found[item["series"]] = item.get("sign", sign or 0)
    if isinstance(parameters.get("series"), str) and sign:
        found[parameters["series"]] = sign
    return found


def _side_by_side(rules: pd.DataFrame) -> pd.DataFrame:
    """For each claim the others that read a series of it, and those that read the opposite out of it."""
    directions = {rule.id: _directions(rule) for rule in rows_of(rules)}
    rows = {}
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
        rows[name] = ", ".join(shared), ", ".join(opposed)
    columns = ["same_series", "opposed"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


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
    board = {
        when: {
            "judged": len(part),
            "supported": int((part["verdict"] == "supported").sum()),
            "by_chance": float(part["severity"].sum()),
            "without": int(part["severity"].isna().sum()),
        }
        for when, part in parts.items()
    }
    return pd.DataFrame.from_dict(board, "index").rename_axis("fixed").reset_index()


@spoken("reading")
@stored
def history(
    case: data.Case,
    look: Look | None = None,
    only: Collection[str] | None = None,
    chances: bool = True,
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
        Rows (id, version, dated, fixed, blind, seen, operational, reason, verdict, outcome, by_order, statistic, reading, as_well, changed),
        older versions first; ``as_well`` says of an older version how often chance would have done as well; ``verdict`` is empty where the computable form of a version was not kept, ``changed`` says
        that the verdict differs from that of the latest version.
    """
    look, table = look or Look(case), chosen(case.table("claims"), only)
    rules = with_rules(table, case.table("rules"))
    found = judged_table(look, rules)
    found["as_well"] = np.nan
    if chances:
        older = (
            found["version"] < found.groupby("id")["version"].transform("max")
        ).to_numpy()
        told = _chances(look, rules[older], found[older])
        found.loc[older, "as_well"] = [one.as_well for one in told]
    words = "id version dated fixed blind seen operational reason".split()
    judged = ["verdict", "outcome", "by_order", "statistic", "reading", "as_well"]
    rows = table[words].merge(
        found[["id", "version", *judged]], on=["id", "version"], how="left"
    )
    rows = rows.sort_values(["id", "version"], ignore_index=True)
    rows = rows.fillna(dict.fromkeys(("verdict", "outcome", "reading"), ""))
    rows["by_order"] = rows["by_order"].eq(True)
    latest = rows.drop_duplicates("id", keep="last").set_index("id")["verdict"]
    differs = rows["verdict"] != rows["id"].map(latest)
    return rows.assign(changed=(rows["verdict"] != "") & differs)


def before_and_now(versions: pd.DataFrame) -> pd.DataFrame:
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


def rewritten(versions: pd.DataFrame) -> pd.DataFrame:
    """Every change of a rule, what came out before and after it, and what its writer had seen.

    Parameters
    ----------
    versions : DataFrame
        Of :func:`history`.

    Returns
    -------
    DataFrame
        Rows (id, version, dated, blind, seen, reason, was, was_by_order, now, now_by_order, turned, counts), one for
        each version but the first: ``seen`` says that a verdict on the claim had been seen when it was
        written, ``blind`` that no result had; ``was`` and ``now`` are the verdicts of the version before
        and of this one, empty where the computable form was not kept; ``turned`` says that they differ, and
        ``counts`` that no later version stands.
    """
    rows = versions.sort_values(["id", "version"]).rename(
        columns={"verdict": "now", "by_order": "now_by_order"}
    )
    by_claim = rows.groupby("id")
    rows["was"] = by_claim["now"].shift(fill_value="")
    rows["was_by_order"] = by_claim["now_by_order"].shift(fill_value=False)
    both = (rows["was"] != "") & (rows["now"] != "")
    rows["turned"] = both & (rows["was"] != rows["now"])
    rows["counts"] = rows["version"] == by_claim["version"].transform("max")
    later = rows[rows["version"] > by_claim["version"].transform("min")]
    columns = "id version dated blind seen reason was was_by_order now now_by_order turned counts"
    return later[columns.split()].reset_index(drop=True)
