"""Methods that ask a model: what it foretells, or what it must suppose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ... import alignment, arena, bases, game, portfolio
from ...data import Missing
from ..evidence import Look, kept, row_of
from ..finding import Found, method, with_sign

#: Fewest episodes to which a model can be put.
FEWEST_EPISODES = 4


@kept
def _episodes(look: Look, drop: str = "", coder: str = "first") -> pd.DataFrame:
    """Episodes with the significance of the region measured outside; those without a measure are left out."""
    if not look.case.has("episodes", "significance"):
        raise Missing(
            "Needs coded episodes and a measure of the region's significance."
        )
    rows = (
        alignment.episodes(look.case)
        .sort_values("start", kind="stable")
        .dropna(subset=["significance"])
        .reset_index(drop=True)
    )
    if len(rows) < FEWEST_EPISODES:
        raise Missing(
            f"Needs {FEWEST_EPISODES} episodes with a measure of the region's significance; the case has {len(rows)}."
        )
    if coder != "first":
        other = look.table("episode_codings").set_index("episode")
        rows = rows.assign(
            **{
                name: rows["id"].map(other[name])
                for name in ("threat", "commitment", "external")
            }
        )
    return rows.iloc[
        {"first": slice(1, None), "last": slice(None, -1)}.get(drop, slice(None))
    ].reset_index(drop=True)


def _prior(width: float, centre: float | None) -> arena.Prior:
    return {
        name: (mean if centre is None or name == "intercept" else centre, sd * width)
        for name, (mean, sd) in arena.PRIOR.items()
    }


def _leaders(look: Look, leaders: str | None) -> arena.Prior:
    """Priors of the leaders by the order that the case gives them, or without an order."""
    if leaders not in ("order", "none"):
        raise ValueError(f"leaders is {leaders!r}; allowed: 'order', 'none'")
    ranks = (
        look.case.periods.dropna(subset="outward")
        .set_index("id")["outward"]
        .astype(float)
    )
    return arena.ordinal_prior((ranks if leaders == "order" else 0 * ranks).to_dict())


def _scores(
    look: Look,
    model: str,
    leaders: str | None,
    width: float,
    centre: float | None,
    drop: str,
    coder: str,
) -> np.ndarray:
    """Held-out log score of each episode under one model."""
    _episodes(look, drop, coder)  # so that what is missing there is told first
    if not arena.MODELS[model].leaders:
        leaders = None  # one score, whatever is thought of leaders
    return _held_out(look, model, leaders, width, centre, drop, coder)


@kept
def _held_out(
    look: Look,
    model: str,
    leaders: str | None,
    width: float,
    centre: float | None,
    drop: str,
    coder: str,
) -> np.ndarray:
    ranks = None if leaders is None else _leaders(look, leaders)
    episodes, prior = _episodes(look, drop, coder), _prior(width, centre)
    found = arena.leave_one_out(episodes, model, prior, leaders=ranks)
    return found["log_score"].to_numpy()


@kept
def _fitted(
    look: Look,
    model: str,
    leaders: str | None,
    width: float,
    centre: float | None,
    drop: str,
    coder: str,
) -> arena.Fit:
    return arena.fit(
        _episodes(look, drop, coder),
        _prior(width, centre),
        model=model,
        leaders=_leaders(look, leaders),
    )


def _lead(one: Any, other: Any) -> tuple[float, float]:
    """Mean paired difference of two scores, and its standard error."""
    gap = one - other
    return float(gap.mean()), float(gap.std(ddof=1) / np.sqrt(len(gap)))


def _leads_told(found: Any, before: Any) -> str:
    """Leads over each of some models, with their standard errors."""
    return ", ".join(
        f"{before}{name!r} {with_sign(gap)} (standard error {error:.3f})"
        for name, (gap, error) in found.items()
    )


def _ablations_judged(worse: Any, of: Any) -> str:
    if worse == of:
        return "supported"
    if worse >= 2:
        return "mixed"
    return "not supported" if worse else "against"


@method
def better_model(
    look: Look,
    *,
    model: str,
    than: list[str],
    leaders: str,
    prior_width: float = 1.0,
    prior_centre: float | None = None,
    drop: str = "",
    grades: str = "first",
) -> Found:
    """Does one model foretell episodes better than others?"""
    setting = leaders, prior_width, prior_centre, drop, grades
    full = _scores(look, model, *setting)
    found = {name: _lead(full, _scores(look, name, *setting)) for name in than}
    best = all(gap > 0 for gap, _ in found.values())
    outcome = (
        "supported"
        if all(gap > error for gap, error in found.values())
        else "mixed"
        if best
        else "against"
    )
    reading = f"Held-out log score of {model!r} {full.mean():.3f} an episode; lead over {_leads_told(found, '')}."
    return Found(outcome, min(gap for gap, _ in found.values()), reading, len(full))


@method
def each_ablation_worse(
    look: Look,
    *,
    model: str,
    without: list[str],
    leaders: str,
    prior_width: float = 1.0,
    prior_centre: float | None = None,
    drop: str = "",
    grades: str = "first",
) -> Found:
    """Does the model foretell worse when each of some inputs is taken away?"""
    setting = leaders, prior_width, prior_centre, drop, grades
    full = _scores(look, model, *setting)
    found = {
        name: _lead(full, _scores(look, name, *setting))
        for name in without
        if name in arena.MODELS
    }
    reading = f"Lead in held-out log score an episode: {_leads_told(found, 'over ')}."
    if absent := [name for name in without if name not in arena.MODELS]:
        return Found(
            "not testable",
            np.nan,
            f"Needs an input that the model has not ({', '.join(absent)}). {reading}",
            len(full),
        )
    worse = sum(gap > 0 for gap, _ in found.values())
    return Found(
        _ablations_judged(worse, len(found)),
        float(worse),
        f"{worse} of {len(found)} ablations are worse. {reading}",
        len(full),
    )


@method
def share_of_block(
    look: Look,
    *,
    block: str,
    high: float,
    low: float,
    leaders: str,
    prior_width: float = 1.0,
    prior_centre: float | None = None,
    drop: str = "",
    grades: str = "first",
) -> Found:
    """How much of what the episodes tell does one block explain?"""
    setting = leaders, prior_width, prior_centre, drop, grades
    scores = {
        name: float(_scores(look, name, *setting).sum())
        for name in ("both", "internal only", "external only", "neither")
    }
    rows = arena.dominance(
        pd.DataFrame({"model": list(scores), "log_score": list(scores.values())})
    ).set_index("block")
    n, gains = (
        len(_episodes(look, drop, grades)),
        ", ".join(
            f"{name} {with_sign(gain, 2)}" for name, gain in rows["gain"].items()
        ),
    )
    if rows["undefined"].iloc[0]:
        return Found(
            "not supported",
            float(rows.loc[block, "gain"]),
            f"No share can be given ({rows['undefined'].iloc[0]}). Gains in held-out log score: {gains}.",
            n,
        )
    share = float(rows.loc[block, "share"])
    outcome = "supported" if share > high else "mixed" if share >= low else "against"
    return Found(
        outcome,
        share,
        f"Share of the {block} block {share:.0%}; gains in held-out log score {gains}.",
        n,
    )


@method
def coefficient(
    look: Look,
    *,
    model: str,
    coefficient: str,
    leaders: str,
    prior_width: float = 1.0,
    prior_centre: float | None = None,
    drop: str = "",
    grades: str = "first",
) -> Found:
    """Which sign has a coefficient after the episodes have spoken?"""
    episodes = _episodes(look, drop, grades)
    fit = _fitted(look, model, leaders, prior_width, prior_centre, drop, grades)
    rows = fit.summary.set_index(["source", "coefficient"])
    now, then = rows.loc[("posterior", coefficient)], rows.loc[("prior", coefficient)]
    outcome = (
        "against" if now["mean"] <= 0 else "supported" if now["lower"] > 0 else "mixed"
    )
    reading = (
        f"Posterior {with_sign(now['mean'], 2)}, 90% interval {with_sign(now['lower'], 2)} to {with_sign(now['upper'], 2)}; prior {with_sign(then['mean'], 2)}, {with_sign(then['lower'], 2)} to {with_sign(then['upper'], 2)}. "
        f"Its spread is {now['sd'] / then['sd']:.2f} of the prior's."
    )
    return Found(outcome, float(now["mean"]), reading, len(episodes))


@method
def agency_weight(
    look: Look, *, low: float, high: float, level: float, fewest: int
) -> Found:
    """What weight do agencies have beside the leader?"""
    n = len(look.table("agency_positions")) if look.case.has("agency_positions") else 0
    if n < fewest:
        return Found(
            "not testable",
            np.nan,
            f"Needs {fewest} episodes or more with sourced positions of agencies; the case has {n}.",
            n,
        )
    rows = look.table("agency_positions")
    inside = game.mixture_profile(
        rows["outcome"], rows["resultant"], rows["leader"], level=level
    ).query("inside")["weight"]
    outcome = (
        "mixed"
        if inside.empty or inside.min() <= low <= inside.max()
        else "supported"
        if inside.max() < low
        else "against"
        if inside.min() > high
        else "mixed"
    )
    return Found(
        outcome,
        float(inside.mean()) if len(inside) else np.nan,
        f"Weights inside the {level:.0%} set: {inside.min():.2f} to {inside.max():.2f}."
        if len(inside)
        else "No weight is inside the set: neither model fits.",
        n,
    )


@method
def share_signed(
    look: Look,
    *,
    ideals: list[float],
    weights: list[float],
    costs: float,
    reversion: float,
    threshold: float,
    constraint: float,
    patron_ideal: float,
    patron_cost: float,
    values: list[float],
    steps: int,
    limit: float,
) -> Found:
    """Does the room for a deal shrink as the patron cares more?"""
    own = game.win_set(
        ideals, weights, reversion, threshold, costs, constraint=constraint
    )
    grid = np.linspace(*values, steps)
    share = [
        sum(
            high - low
            for low, high in game.intersect(
                own,
                game.acceptance(
                    patron_ideal, reversion, patron_cost, salience=float(v)
                ),
            )
        )
        for v in grid
    ]
    if np.ptp(share) <= game.TOLERANCE:
        return Found(
            "not supported",
            0.0,
            f"The share that can be signed is {share[0]:.2f} throughout.",
            steps,
        )
    r = float(pd.Series(share).corr(pd.Series(grid), method="spearman"))
    outcome = "supported" if r <= -limit else "against" if r >= limit else "mixed"
    return Found(
        outcome,
        r,
        f"Share of the issue that can be signed {share[0]:.2f} where the patron cares least, {share[-1]:.2f} where it cares most; rank correlation {with_sign(r, 2)}.",
        steps,
    )


def _rents(look: Look, ids: Sequence[str]) -> list[float]:
    """Amounts of the payments with these ids, in their order."""
    payments = look.table("payments")
    return [float(row_of(payments, name, "amount")["amount"]) for name in ids]


@method
def weight_of_private_rent(
    look: Look,
    *,
    rents: list[str],
    cost: float,
    host_ceiling: float,
    rival_ceiling: float,
    limit: float,
) -> Found:
    """Which weights of private rent are there under which some rival explains every price?"""
    prices = _rents(look, rents)
    grid = np.linspace(0, 1, 201)
    worth = bases.dollar_worth(grid, host_ceiling)
    fits = np.all([worth * price >= cost for price in prices], axis=0) & (
        bases.dollar_worth(grid, rival_ceiling) > 0
    )
    if not fits.any():
        return Found("not testable", np.nan, "No weight explains the prices.")
    low, high = float(grid[fits].min()), float(grid[fits].max())
    outcome = "supported" if low > limit else "against" if high < limit else "mixed"
    return Found(
        outcome,
        (low + high) / 2,
        f"Every weight from {low:.2f} to {high:.2f} explains all {len(prices)} prices with some rival: the prices do not tell.",
        len(prices),
    )


def _lattice_share(share: float, high: Any, low: Any) -> str:
    return "supported" if share >= high else "mixed" if share >= low else "against"


@method
def best_number(
    look: Look,
    *,
    most: int,
    exponents: list[float],
    costs: list[float],
    steps: int,
    few: int,
    high: float,
    low: float,
) -> Found:
    """On what share of a lattice do few vectors pay best?"""
    a, c = np.meshgrid(np.linspace(*exponents, steps), np.linspace(*costs, steps))
    share = float((portfolio.best_number(a, c, most) <= few).mean())
    return Found(
        _lattice_share(share, high, low),
        share,
        f"The best number is {few} or fewer on {share:.0%} of {a.size} combinations of benefit and cost.",
        a.size,
    )


@method
def loser_is_paid(
    look: Look,
    *,
    first_value: float,
    values: list[float],
    costs: list[float],
    harms: list[float],
    credibilities: list[float],
    steps: int,
    high: float,
) -> Found:
    """On what share of a lattice does the loser of a first deal get a grant of its own?"""
    value, cost, harm, credible = np.meshgrid(
        np.linspace(*values, steps),
        np.linspace(*costs, steps),
        first_value * np.linspace(*harms, steps),
        np.linspace(*credibilities, steps),
    )
    share = float(np.mean(bases.second_grant(value, cost, harm, credible)))
    outcome = "supported" if share >= high else "mixed" if share > 0 else "against"
    return Found(
        outcome,
        share,
        f"The loser gets a grant on {share:.0%} of {value.size} combinations of its value, the cost, the first winner's loss and its credibility.",
        value.size,
    )


@method
def hedge_pays(
    look: Look,
    *,
    value: float,
    rivals: list[float],
    credibilities: list[float],
    shares: list[float],
    cost: float,
    steps: int,
    high: float,
    low: float,
) -> Found:
    """On what share of a lattice does a leader keep more with two bidders than with one patron?"""
    r, d, s = (np.linspace(*ends, steps) for ends in (rivals, credibilities, shares))
    hedged = np.array(
        [[portfolio.hedge_payoff(value, value * x, cost, y) for y in d] for x in r]
    )
    alone = np.array([portfolio.exclusive_payoff(value, cost, z) for z in s])
    share = float((hedged[:, :, None] > alone).mean())
    return Found(
        _lattice_share(share, high, low),
        share,
        f"Two bidders leave the leader more on {share:.0%} of {hedged.size * len(s)} combinations of the rival's value, its credibility and what one patron alone would leave.",
        hedged.size * len(s),
    )


def _package_a_year(
    look: Look, grant: str, loan: str, debt_relief: str, relief: str, rates: np.ndarray
) -> list[float]:
    """What a package is worth a year at each rate, spread evenly over the years of its loan."""
    payments = look.table("payments")
    terms = row_of(payments, loan, "amount", "loan_rate", "loan_years", "grace_years")
    forgiven = row_of(payments, debt_relief, "amount", "amount_high")
    given = float(row_of(payments, grant, "amount")["amount"])
    years, grace = int(terms["loan_years"]), int(terms["grace_years"])
    written_off = {
        "lower": forgiven["amount"],
        "higher": forgiven["amount_high"],
        "none": 0.0,
    }[relief]
    lent = terms["amount"], terms["loan_rate"], years, grace
    return [
        bases.present_value(given, *lent, written_off, rate)
        * rate
        / (1 - (1 + rate) ** -years)
        for rate in rates
    ]


@method
def bids_rise(
    look: Look,
    *,
    rents: list[str],
    cost: float,
    grant: str,
    loan: str,
    debt_relief: str,
    relief: str,
    discounts: list[float],
    steps: int,
    credible: float,
) -> Found:
    """Do the rival's implied values rise, and could the rival's package have been worth as much?"""
    prices = _rents(look, rents)
    implied = bases.implied_rival(prices, cost)
    rates = np.linspace(*discounts, steps)
    yearly = _package_a_year(look, grant, loan, debt_relief, relief, rates)
    needed = (min(yearly) + cost) / prices[-1]
    rises = bool((np.diff(implied) > 0).all())
    outcome = (
        "against"
        if not rises
        else "supported"
        if implied[-1] <= min(yearly)
        else "mixed"
    )
    reading = (
        f"Implied values of the rival {', '.join(f'{v:.1f}' for v in implied)} million a year; its package is worth {min(yearly):.0f} to {max(yearly):.0f} million a year at {discounts[0]:.0%} to {discounts[1]:.0%}. "
        + (
            f"At the lowest, a host's dollar may count no more than {needed:.2f}"
            + (f", below {credible:g}." if needed < credible else ".")
            if needed < 1
            else "No discount on the host's dollar is needed."
        )
    )
    return Found(outcome, float(implied[-1]), reading, len(prices))


@method
def careers(look: Look, *, table: str, fewest: int) -> Found:
    """Needs careers of many more leaders than one state has."""
    n = len(look.table(table)) if look.case.has(table) else 0
    return Found(
        "not testable",
        np.nan,
        f"Needs the careers of {fewest} leaders or more, pooled over the region, from a source; the case has {n}.",
        n,
    )
