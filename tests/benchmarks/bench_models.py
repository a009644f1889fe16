"""Speed of the models, as medians and as ratios within one run.

    .venv/bin/python tests/benchmarks/bench_models.py

Nothing here passes or fails; what it prints goes into notes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from timing import median  # puts the module on the path

from multivector import arena, bases


def auction_by_hand(
    u: float, r: float, k: float, du: float, dr: float
) -> tuple[str, float]:
    """The formula alone, without checks: the fastest that a loop can be."""
    return (
        ("host", max(0.0, (dr * r + k) / du))
        if du * u - k >= dr * r
        else ("evict", max(0.0, (du * u - k) / dr))
    )


def simulated(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    inputs = dict(zip(arena.INPUTS, rng.random((3, n))))
    return pd.DataFrame(
        inputs
        | {
            "external": (
                rng.random(n) < arena.arena(**inputs, coefficients=(-2, 4, 1, 2))
            ).astype(float)
        }
    )


def fits_one_by_one(episodes: pd.DataFrame, draws: int) -> list[float]:
    """Held-out forecasts with a whole new fit for every episode."""
    found = []
    for i in episodes.index:
        inputs = (episodes.loc[i, name] for name in arena.INPUTS)
        fitted = arena.fit(episodes.drop(index=i), draws=draws).draws
        kept = fitted[fitted["source"] == "posterior"].pivot(
            index="draw", columns="coefficient", values="value"
        )
        start, *slopes = (kept[name].to_numpy() for name in arena.COEFFICIENTS)
        g, e, t = (slope * value for slope, value in zip(slopes, inputs))
        found.append(float((1 / (1 + np.exp(-(start + g + e - t)))).mean()))
    return found


def report() -> None:
    """Print all figures."""
    axis = np.linspace(0, 200, 100)
    whole = median(lambda: bases.phase(axis, axis, 2, 1.0, 0.5))
    loop = median(
        lambda: [bases.menu_auction(u, r, 2, 1.0, 0.5) for u in axis for r in axis], 3
    )
    plain = median(
        lambda: pd.DataFrame(
            [(u, r, *auction_by_hand(u, r, 2, 1.0, 0.5)) for u in axis for r in axis]
        )
    )
    print(f"phase, 10,000 auctions                      {whole * 1e3:9.2f} ms")
    print(
        f"  a loop of menu_auction, with its checks   {loop * 1e3:9.2f} ms, {loop / whole:6.1f} times as long"
    )
    print(
        f"  a loop of the bare formula, into a frame  {plain * 1e3:9.2f} ms, {plain / whole:6.1f} times as long"
    )
    print(
        f"menu_auction                                {median(lambda: bases.menu_auction(100, 30, 2, 1.0, 0.5)) * 1e6:9.1f} us"
    )
    print(
        f"present_value                               {median(lambda: bases.present_value(150, 300, 0.0075, 40, 7, 180, 0.05)) * 1e3:9.2f} ms"
    )
    print(
        f"rival_region, 100 pairs                     {median(lambda: bases.rival_region('evict', 60, 2)) * 1e3:9.2f} ms"
    )
    print(
        f"bid_game and grid_equilibria, 101 x 31      {median(lambda: bases.grid_equilibria(bases.bid_game(100, 30, 2, 1.0, 0.5))) * 1e3:9.2f} ms"
    )
    twelve = simulated(12)
    print(
        f"fit, 12 episodes, 4,000 draws               {median(lambda: arena.fit(twelve)) * 1e3:9.1f} ms"
    )
    print(
        f"fit, 1,000 episodes, 4,000 draws            {median(lambda: arena.fit(simulated(1000)), 3) * 1e3:9.1f} ms"
    )
    held = median(lambda: arena.leave_one_out(twelve))
    one = median(lambda: fits_one_by_one(twelve, 4000), 3)
    print(
        f"leave_one_out, 12 episodes, 4,000 draws     {held * 1e3:9.1f} ms; a fit for each {one / held:6.1f} times as long"
    )
    print(
        f"compare, 7 models                           {median(lambda: arena.compare(twelve), 3) * 1e3:9.1f} ms"
    )


if __name__ == "__main__":
    report()
