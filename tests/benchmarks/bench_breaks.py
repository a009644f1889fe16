"""Speed of the tests of breaks, as medians and as ratios within one run.

    .venv/bin/python tests/benchmarks/bench_breaks.py

Nothing here passes or fails; what it prints goes into notes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from timing import median  # puts the module on the path

from multivector import breaks


def sup_f_in_a_loop(series: pd.Series, draws: int, seed: int) -> float:
    """Permutation p of sup-F, draw by draw and year by year, as one would first write it."""
    values, rng = series.to_numpy(), np.random.default_rng(seed)

    def largest(x: np.ndarray) -> float:
        found = 0.0
        for cut in range(3, len(x) - 2):
            within = ((x[:cut] - x[:cut].mean()) ** 2).sum() + (
                (x[cut:] - x[cut:].mean()) ** 2
            ).sum()
            found = max(
                found, (((x - x.mean()) ** 2).sum() - within) / (within / (len(x) - 2))
            )
        return found

    observed = largest(values)
    return (
        1 + sum(largest(rng.permutation(values)) >= observed for _ in range(draws))
    ) / (draws + 1)


def shifts_in_a_loop(
    threats: np.ndarray, days: np.ndarray, values: np.ndarray, window: int, size: int
) -> list[float]:
    """The statistic of every shift, threat by threat."""
    found = []
    for shift in range(size):
        total = 0.0
        for threat in threats:
            apart = (days - threat - shift + size // 2) % size - size // 2
            total += (
                values[(apart >= 1) & (apart <= window)].sum()
                - values[(apart <= -1) & (apart >= -window)].sum()
            )
        found.append(total / len(threats))
    return found


def main() -> None:
    rng = np.random.default_rng(1)
    series = pd.Series(np.cumsum(rng.normal(size=17)), index=range(1992, 2009))
    size, first = 7305, pd.Timestamp("1991-01-01")
    days, values, threats = (
        rng.integers(0, size, 120),
        rng.normal(size=120),
        np.array([3139, 3155, 5196, 6900, 6950]),
    )
    moves = pd.DataFrame(
        {"date": first + pd.to_timedelta(days, unit="D"), "value": values}
    )
    dates, span = (
        first + pd.to_timedelta(threats, unit="D"),
        (first, first + pd.Timedelta(days=size - 1)),
    )
    took = {
        "named_years, 560 sets": median(
            lambda: breaks.named_years(series, [1995, 2001, 2005])
        ),
        "triples, 560 rows": median(lambda: breaks.triples(series)),
        "sup_f permutation, 1,999 draws": median(
            lambda: breaks.sup_f(series, "permutation")
        ),
        "sup_f ar1, 1,999 draws": median(lambda: breaks.sup_f(series, "ar1")),
        "locate, 2 breaks": median(lambda: breaks.locate(series, 2)),
        "equivalence, Welch": median(
            lambda: breaks.equivalence(
                series[:8].to_numpy(), series[8:].to_numpy(), 1.0
            )
        ),
        "equivalence ar1, 1,999 draws": median(
            lambda: breaks.equivalence(
                series[:8].to_numpy(), series[8:].to_numpy(), 1.0, noise="ar1"
            )
        ),
        "lead_lag, 7,305 shifts, 5 threats left out": median(
            lambda: breaks.lead_lag(dates, moves, 180, span)
        ),
        "lead_lag, 1,999 random shifts": median(
            lambda: breaks.lead_lag(dates, moves, 180, span, draws=1999)
        ),
    }
    for name, seconds in took.items():
        print(f"{name:45} {seconds * 1000:8.2f} ms")
    loop = median(lambda: sup_f_in_a_loop(series, 1999, 1), runs=1)
    print(
        f"sup_f in a loop {loop * 1000:.0f} ms, {loop / took['sup_f permutation, 1,999 draws']:.0f} times ours"
    )
    loop = median(lambda: shifts_in_a_loop(threats, days, values, 180, size), runs=1)
    print(
        f"all shifts in a loop {loop * 1000:.0f} ms, {loop / median(lambda: breaks.shifts(dates, moves, 180, span)):.0f} times ours"
    )


if __name__ == "__main__":
    main()
