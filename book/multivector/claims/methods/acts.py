"""Methods that read our coding of the acts."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from ... import breaks, engagement, game, reliability
from ...data import Missing
from ...language import N_, Sentence, joined
from ..evidence import Look, kept, needed_number
from ..finding import (
    Found,
    Rule,
    counted,
    judge_interval,
    met_or_mixed,
    method,
)


@method
def moves_after_threats(look: Look, rule: Rule) -> Found:
    """Do acts toward the poles change after threats, more than after any other days?"""
    case, events = look.coded(rule.coding), look.events(rule.coding)
    moves = events[events["vector"].isin(case.poles)]
    if rule.direction != "both":
        moves = moves[moves["direction"] == rule.direction]
    moves = moves.assign(value=moves["goldstein"] * moves["weight"])
    moves = moves[["start", "end", "value"]]
    span = case.span()[0], case.period(rule.until)[1]
    threats = case.threats()["start"].drop_duplicates()
    window = pd.Timedelta(days=rule.window)
    if not threats.between(span[0] + window, span[1] - window).any():
        raise Missing(
            Sentence(
                "Needs a threat at home with {window} days of coding on either side; none of the {n} dated ones has as many.",
                window=rule.window,
                n=len(threats),
            )
            if len(threats)
            else Sentence("Needs a dated threat at home; the case has none.")
        )
    test = breaks.lead_lag(threats[threats.between(*span)], moves, rule.window, span)
    without = test.details["p"].dropna()
    rare = test.p < rule.strict
    if rare and test.statistic < 0:
        outcome = "contradicted"
    elif rare:
        robust = len(without) > 0 and (without < rule.robust).all()
        outcome = "supported" if robust else "mixed"
    else:
        outcome = "mixed" if test.p <= rule.loose else "not supported"
    robustly = (
        Sentence(
            "without one threat p runs from {least:.3f} to {most:.3f}",
            least=without.min(),
            most=without.max(),
        )
        if len(without)
        else N_("one threat, so that none can be left out")
    )
    reading = Sentence(
        "Mean move {statistic:+.1f} points in {window} days, p {p:.3f} over {draws} circular shifts; {robustly}.",
        statistic=test.statistic,
        window=rule.window,
        p=test.p,
        draws=test.draws,
        robustly=robustly,
    )
    return Found(outcome, test.statistic, reading, test.n, test.p, test.null)


@method
def opened_and_kept(look: Look, rule: Rule) -> Found:
    """Does cooperation with one pole rise through a deal, while that with the other stays?"""
    look.known_acts(rule.deal)
    read = rule.half_life, rule.direction, rule.coding, rule.whole

    def remembered(day: str, without: Collection[str] = ()) -> pd.Series:
        rows = look.engaged(day, *read, without)
        return rows.set_index("vector")["cooperation"]

    was, became = remembered(rule.before), remembered(rule.after)

    def risen(now: pd.Series, vector: str) -> float:
        what = Sentence(
            "acts with {vector} by {before}", vector=vector, before=rule.before
        )
        start = was[vector] if was[vector] > 0 else np.nan
        return float(now[vector] / needed_number(start, what) - 1)

    up = risen(became, rule.gained)
    without = risen(remembered(rule.after, rule.deal), rule.gained)
    stays = risen(became, rule.kept)
    met = up >= rule.rise and without < rule.rise and abs(stays) < rule.fall
    reading = Sentence(
        "{gained} {up:+.0%} ({without:+.0%} without the deal), {kept} {stays:+.0%}, from {before} to {after}.",
        gained=rule.gained,
        up=up,
        without=without,
        kept=rule.kept,
        stays=stays,
        before=rule.before,
        after=rule.after,
    )
    return Found(met_or_mixed(met, stays > -rule.fall), up, reading, 2)


@method
def both_positive(look: Look, rule: Rule) -> Found:
    """Does remembered cooperation go with two inputs at once?"""
    years = list(range(rule.first, rule.last + 1))
    ends = tuple(f"{year}-12-31" for year in years)
    rows = look.engaged(ends, rule.half_life, rule.direction, rule.coding)
    sums = rows.groupby("date")["cooperation"].sum()
    others = [look.series(name).reindex(years) for name in rule.also]
    inputs = pd.DataFrame(
        {
            "cooperation": sums.to_numpy(),
            "constant": 1.0,
            "one": look.series(rule.on).reindex(years).to_numpy(),
            "two": sum(others[1:], others[0]).to_numpy(),
        }
    ).dropna()
    told = joined(rule.also, N_(" and "))
    if len(inputs) < 4:
        raise Missing(
            Sentence("Needs four years with {on} and {also}.", on=rule.on, also=told)
        )
    wanted = inputs.pop("cooperation").to_numpy(float)
    slopes = np.linalg.lstsq(inputs.to_numpy(float), wanted, rcond=None)[0][1:]
    outcome = counted(int((slopes > 0).sum()), 2)
    reading = Sentence(
        "Slope on {on} {one:+.2f}, on {also} {other:+.2f}; least squares over {n} years.",
        on=rule.on,
        one=slopes[0],
        also=told,
        other=slopes[1],
        n=len(inputs),
    )
    return Found(outcome, float(slopes.min()), reading, len(inputs))


@kept
def _doubt(look: Look) -> float | pd.DataFrame:
    return reliability.doubt(look.case)


@method
def index_rises(look: Look, rule: Rule) -> Found:
    """Does an index rise from one spell to another, beyond the doubt about the coding?"""
    before, after = (
        pd.date_range(first, last, freq="ME")
        for first, last in (rule.before, rule.after)
    )
    found = engagement.difference(
        look.events(rule.coding, rule.whole),
        before,
        after,
        rule.index,
        rule.half_life,
        rule.draws,
        rule.seed,
        poles=look.case.poles,
        direction=rule.direction,
        perturb=_doubt(look),
        level=rule.level,
    )
    what = Sentence(
        "acts from which the {index} of both spells follows", index=rule.index
    )
    value, lower, upper = (
        needed_number(found[name], what) for name in ("value", "lower", "upper")
    )
    reading = Sentence(
        "{index} {before:.2f} to {after:.2f}, difference {value:+.2f}, {level:.0%} of {draws} draws from {lower:+.2f} to {upper:+.2f}.",
        index=rule.index.capitalize(),
        before=found["before"],
        after=found["after"],
        value=value,
        level=rule.level,
        draws=rule.draws,
        lower=lower,
        upper=upper,
    )
    outcome = judge_interval(value, lower, upper, rule.whole_interval)
    return Found(outcome, value, reading, rule.draws)


@method
def insurer(look: Look, rule: Rule) -> Found:
    """Does a threatened leader lean to the nearer insurer, in the model and in the coded acts?"""
    ideals = rule.state_ideal, rule.personal_ideal, rule.baseline
    calm, threatened = (game.leader_ideal(*ideals, threat) for threat in (0.0, 1.0))
    nears = abs(threatened - rule.nearer) < abs(calm - rule.nearer)
    read = rule.half_life, rule.direction, rule.coding
    was = look.tilt(rule.before, *read)
    became = [look.tilt(day, *read) for day in rule.after]
    told = joined(
        Sentence("{tilt:+.2f} on {day}", tilt=tilt, day=day)
        for tilt, day in zip(became, rule.after)
    )
    reading = Sentence(
        "Ideal point of the model {calm:.2f} without threat, {threatened:.2f} under full threat; coded tilt {was:+.2f} on {before}, then {later}.",
        calm=calm,
        threatened=threatened,
        was=was,
        before=rule.before,
        later=told,
    )
    leans = all(tilt > was for tilt in became)
    return Found(
        counted(nears + leans, 2), float(min(became) - was), reading, len(became)
    )
