"""Methods that read our coding of the acts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from ... import breaks, engagement, game, reliability
from ...data import Missing
from ..evidence import Look, kept, needed_number
from ..finding import Found, counted, method, with_sign


@method
def moves_after_threats(
    look: Look,
    *,
    window: int,
    until: str,
    direction: str,
    strict: float,
    loose: float,
    robust: float,
    coding: str | None = None,
) -> Found:
    """Do acts toward the poles change after threats, more than after any other days?"""
    case, events = look.coded(coding), look.events(coding)
    moves = events[events["vector"].isin(case.poles)]
    moves = moves if direction == "both" else moves[moves["direction"] == direction]
    moves = moves.assign(value=moves["goldstein"] * moves["weight"])[
        ["start", "end", "value"]
    ]
    span = case.span()[0], case.period(until)[1]
    threats = case.threats()["start"].drop_duplicates()
    inside = threats[
        (threats >= span[0] + pd.Timedelta(days=window))
        & (threats <= span[1] - pd.Timedelta(days=window))
    ]
    if inside.empty:
        return Found(
            "not testable",
            np.nan,
            f"Needs a threat with {window} days of coding on either side; {len(threats)} dated threats have none.",
        )
    test = breaks.lead_lag(threats[threats.between(*span)], moves, window, span)
    without = test.details["p"].dropna()
    if test.p < strict and test.statistic < 0:
        outcome = "contradicted"
    elif test.p < strict:
        outcome = "supported" if len(without) and (without < robust).all() else "mixed"
    else:
        outcome = "mixed" if test.p <= loose else "not supported"
    robustly = (
        f"without one threat p runs from {without.min():.3f} to {without.max():.3f}"
        if len(without)
        else "one threat, so that none can be left out"
    )
    return Found(
        outcome,
        test.statistic,
        f"Mean move {with_sign(test.statistic, 1)} points in {window} days, p {test.p:.3f} over {test.draws} circular shifts; {robustly}.",
        test.n,
        test.p,
        test.null,
    )


@method
def opened_and_kept(
    look: Look,
    *,
    before: str,
    after: str,
    gained: str,
    kept: str,
    deal: list[str],
    rise: float,
    fall: float,
    half_life: float,
    direction: str,
    coding: str | None = None,
    whole: bool = False,
) -> Found:
    """Does cooperation with one pole rise through a deal, while that with the other stays?"""
    look.known_acts(deal)

    def remembered(day: Any, without: Collection[str] = ()) -> Any:
        return look.engaged(
            day, half_life, direction, coding, whole, without
        ).set_index("vector")["cooperation"]

    was, became, bare = remembered(before), remembered(after), remembered(after, deal)
    up, without, stays = (
        float(
            now[v]
            / needed_number(
                was[v] if was[v] > 0 else np.nan, f"acts with {v} by {before}"
            )
            - 1
        )
        for now, v in ((became, gained), (bare, gained), (became, kept))
    )
    if stays <= -fall:
        outcome = "against"
    else:
        outcome = (
            "supported"
            if up >= rise and without < rise and abs(stays) < fall
            else "mixed"
        )
    return Found(
        outcome,
        up,
        f"{gained} {up:+.0%} ({without:+.0%} without the deal), {kept} {stays:+.0%}, from {before} to {after}.",
        2,
    )


@method
def both_positive(
    look: Look,
    *,
    on: str,
    also: list[str],
    first: int,
    last: int,
    half_life: float,
    direction: str,
    coding: str | None = None,
) -> Found:
    """Does remembered cooperation go with two inputs at once?"""
    years = list(range(first, last + 1))
    ends = tuple(f"{year}-12-31" for year in years)
    sums = (
        look.engaged(ends, half_life, direction, coding)
        .groupby("date")["cooperation"]
        .sum()
    )
    rows = pd.DataFrame(
        {
            "y": sums.to_numpy(),
            "one": look.series(on).reindex(years).to_numpy(),
            "two": sum(look.series(name).reindex(years) for name in also).to_numpy(),
        }
    ).dropna()
    if len(rows) < 4:
        raise Missing(f"Needs four years with {on} and {' and '.join(also)}.")
    slopes = np.linalg.lstsq(
        np.column_stack([np.ones(len(rows)), rows["one"], rows["two"]]),
        rows["y"],
        rcond=None,
    )[0][1:]
    return Found(
        counted(int((slopes > 0).sum()), 2),
        float(slopes.min()),
        f"Slope on {on} {with_sign(slopes[0], 2)}, on {' and '.join(also)} {with_sign(slopes[1], 2)}; least squares over {len(rows)} years.",
        len(rows),
    )


@kept
def _doubt(look: Look) -> Any:
    return reliability.doubt(look.case)


@method
def index_rises(
    look: Look,
    *,
    index: str,
    before: list[str],
    after: list[str],
    half_life: float,
    direction: str,
    level: float,
    draws: int,
    seed: int,
    coding: str | None = None,
    whole: bool = False,
) -> Found:
    """Does an index rise from one spell to another, beyond the doubt about the coding?"""
    spells = [pd.date_range(*spell, freq="ME") for spell in (before, after)]
    found = engagement.difference(
        look.events(coding, whole),
        *spells,
        index,
        half_life,
        draws,
        seed,
        poles=look.case.poles,
        direction=direction,
        perturb=_doubt(look),
        level=level,
    )
    for name in ("value", "lower", "upper"):
        needed_number(
            found[name], f"acts from which the {index} of both spells follows"
        )
    outcome = (
        "against"
        if found["value"] <= 0
        else "supported"
        if found["lower"] > 0
        else "mixed"
    )
    return Found(
        outcome,
        found["value"],
        f"{index.capitalize()} {found['before']:.2f} to {found['after']:.2f}, difference {with_sign(found['value'], 2)}, {level:.0%} of {draws} draws from {with_sign(found['lower'], 2)} to {with_sign(found['upper'], 2)}.",
        draws,
    )


@method
def insurer(
    look: Look,
    *,
    state_ideal: float,
    personal_ideal: float,
    baseline: float,
    nearer: float,
    before: str,
    after: list[str],
    half_life: float,
    direction: str,
    coding: str | None = None,
) -> Found:
    """Does a threatened leader lean to the nearer insurer, in the model and in the coded acts?"""
    calm, threatened = (
        game.leader_ideal(state_ideal, personal_ideal, baseline, threat)
        for threat in (0.0, 1.0)
    )
    nears = abs(threatened - nearer) < abs(calm - nearer)
    was, became = (
        look.tilt(before, half_life, direction, coding),
        [look.tilt(day, half_life, direction, coding) for day in after],
    )
    reading = (
        f"Ideal point of the model {calm:.2f} without threat, {threatened:.2f} under full threat; coded tilt {with_sign(was, 2)} on {before}, then "
        + ", ".join(f"{with_sign(t, 2)} on {day}" for t, day in zip(became, after))
        + "."
    )
    return Found(
        counted(nears + all(t > was for t in became), 2),
        float(min(became) - was),
        reading,
        len(after),
    )
