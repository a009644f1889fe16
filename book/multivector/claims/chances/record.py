"""Chance by the rules on the record: coin tosses, lines, and orders of days."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from ... import decisions
from ..evidence import Look
from ..finding import METHODS
from ..methods.record import votes_of_parliament
from ..severity import RANK, SEEN, Chance, chance_of, how_often


@chance_of("exit_of_leader")
def _by_other_leaders(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    leaders = look.table("leaders").dropna(subset="exit_code")
    outcomes = [
        METHODS[method](look, **parameters | {"leader": name}).outcome
        for name in leaders["id"]
    ]
    return Chance(
        *how_often(outcomes, found),
        f"leaders exchangeable: each of the {len(outcomes)} in the table",
        effect="one code of one source has no size",
    )


@chance_of("votes_that_bind", "votes_against")
def _by_tossed_votes(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    many = len(votes_of_parliament(look))
    if method == "votes_that_bind":
        met, mixed = 1 - 0.5**many, 0.0
        toss = "each decision as likely to change what was signed as not"
    else:
        ways = np.array([math.comb(many, k) for k in range(many + 1)]) / 2**many
        met, mixed = ways[0], ways[1 : parameters["many"]].sum()
        toss = "each decision as likely to go against what was signed as not"
    as_well = {"supported": met, "mixed": met + mixed}.get(found, 1.0)
    return Chance(
        float(met),
        float(as_well),
        f"coin tosses: {toss}",
        effect="the rule counts decisions and knows no size",
    )


@chance_of("moved_at_home", "moved_by_office")
def _by_the_line(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    """Each contested decision moved with the chance that the line names."""
    line, level = parameters["line"], parameters["level"]
    n = METHODS[method](look, **parameters).n
    below, above = decisions.chances(n, line, line, level)
    least, most = decisions.share_seen(n, line, SEEN, level)
    if method == "moved_by_office":
        met, missed, seen = below, above, least
    else:
        met, missed, seen = above, below, most
    return Chance(
        met,
        {"supported": met, "mixed": 1 - missed}.get(found, 1.0),
        f"each contested decision moved with chance {line:.2f}",
        np.nan if found in RANK else seen,
        "the share of decisions moved",
    )


@chance_of("after_the_visit", "days_after")
def _by_the_order_of_two_days(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    if parameters.get("illustrates"):
        # Two days of one sequence: nothing that could have come out otherwise is known.
        return Chance(
            np.nan,
            np.nan,
            "none: of one sequence there is no null",
            effect="one sequence has no size",
        )
    return Chance(
        0.5,
        0.5 if found in RANK else 1.0,
        "a coin toss: which of two days came first",
        effect="one sequence has no size",
    )


@chance_of("peers_spared")
def _by_the_order_of_three_days(
    look: Look, method: str, found: str, parameters: dict[str, Any]
) -> Chance:
    others = look.dated(parameters["on_peers"], parameters.get("coding"))
    hit = others is not None and others[0] <= pd.Timestamp(parameters["until"])
    # Met without a blow on others if the state's came before the unrest; mixed if it came before both.
    met, mixed = (0.0, 1 / 3) if hit else (0.5, 0.0)
    return Chance(
        met,
        {"supported": met, "mixed": met + mixed}.get(found, 1.0),
        "each order of the days as likely"
        + (": the blow on the state, that on a neighbour, the unrest" if hit else ""),
        effect="one sequence has no size",
    )
