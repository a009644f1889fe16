"""Speed of the two-level game, as medians and as ratios within one run.

    .venv/bin/python tests/benchmarks/bench_game.py

Nothing here passes or fails; what it prints goes into notes.
"""

import numpy as np
from timing import median  # puts the module on the path

from multivector import game

RNG = np.random.default_rng(1)


def win_set_on_a_grid(ideals, weights, reversion, threshold, costs, points=10_001):
    """The win-set to four digits, as one would first write it, vectorised."""
    x = np.linspace(0, 1, points)
    radius = np.sqrt((reversion - ideals) ** 2 + costs)
    enough = (
        weights @ (np.abs(x - ideals[:, None]) <= radius[:, None]) >= threshold - 1e-12
    )
    turns = np.flatnonzero(np.diff(np.concatenate([[False], enough, [False]])))
    return [(x[a], x[b - 1]) for a, b in zip(turns[::2], turns[1::2])]


def membership_on_a_grid(ideals, weights, x, radius, threshold):
    """The barest of grids: no check, no intervals, no radii, points given."""
    return weights @ (np.abs(x - ideals[:, None]) <= radius[:, None]) >= threshold


def report():
    """Print all figures."""
    for n in (3, 5, 8, 20):
        ideals, weights, costs = (
            RNG.random(n),
            RNG.dirichlet(np.ones(n)),
            RNG.random(n) * 0.05,
        )
        x, radius = np.linspace(0, 1, 10_001), np.sqrt((0.3 - ideals) ** 2 + costs)
        lists = ideals.tolist(), weights.tolist(), 0.3, 0.5, costs.tolist()
        swept = median(lambda: game.win_set(*lists), 500)
        grid = median(lambda: win_set_on_a_grid(ideals, weights, 0.3, 0.5, costs), 50)
        bare = median(lambda: membership_on_a_grid(ideals, weights, x, radius, 0.5), 50)
        print(
            f"win_set, {n:2} groups {swept * 1e6:8.1f} us   grid of 10,001 {grid * 1e6:8.1f} us, ratio {grid / swept:5.1f}   barest grid {bare * 1e6:8.1f} us, ratio {bare / swept:5.1f}"
        )
    won = game.win_set((0.2, 0.5, 0.9), (0.4, 0.35, 0.25), 0.3, 0.5, 0.04)
    print(
        f"bargain             {median(lambda: game.bargain(0.5, 1.0, 0.3, won, 0.04), 500) * 1e6:8.1f} us"
    )
    for n in (8, 16, 20):
        ideals, weights = (
            (RNG.random(n) / 3).tolist(),
            RNG.dirichlet(np.ones(n)).tolist(),
        )  # all must be paid
        print(
            f"cheapest_coalition, {n:2} groups {median(lambda: game.cheapest_coalition(ideals, weights, 0.1, 0.9, 0.6), 3) * 1e3:8.2f} ms"
        )
    axes = {"threshold": np.linspace(0, 1, 100), "reversion": np.linspace(0, 1, 100)}
    for n in (3, 4, 5):
        groups = {
            "ideals": RNG.random(n).tolist(),
            "weights": RNG.dirichlet(np.ones(n)).tolist(),
            "costs": 0.02,
        }
        print(
            f"lattice, 10,000 games of {n} groups {median(lambda: game.lattice(axes, **groups, home_ideal=0.5, foreign_ideal=1.0), runs=5):8.3f} s"
        )
    print(
        f"mixture_profile     {median(lambda: game.mixture_profile([0.5, 0.35, 0.62, 0.3], [0.8, 0.3, 0.7, 0.6], [0.4, 0.4, 0.5, 0.2]), 50) * 1e6:8.1f} us"
    )


if __name__ == "__main__":
    report()
