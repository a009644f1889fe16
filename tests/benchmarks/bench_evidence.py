"""Speed of the data room and of the bands, as medians and as ratios within one run.

    .venv/bin/python tests/benchmarks/bench_evidence.py

Nothing here passes or fails; what it prints goes into notes.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from timing import median  # puts the module on the path

from multivector import alignment, data, engagement, reliability


def bands_in_a_loop(
    events: pd.DataFrame,
    days: pd.DatetimeIndex,
    half_life: float,
    draws: int,
    seed: int,
) -> list[list[float]]:
    """Entropy of each draw and day, act by act, as one would first write it."""
    rng = np.random.default_rng(seed)
    acts = events[events["vector"].notna()]
    names = list(acts["vector"].cat.categories)
    by_id = [
        list(rows.itertuples(index=False))
        for _, rows in acts.groupby("id", observed=True)
    ]
    found = []
    for _ in range(draws):
        chosen = [by_id[i] for i in rng.integers(len(by_id), size=len(by_id))]
        drawn = []
        for rows in chosen:
            day = rows[0].start + pd.Timedelta(
                days=int(rng.integers((rows[0].end - rows[0].start).days + 1))
            )
            value = min(10, max(-10, rows[0].goldstein + rng.normal(0, 1.5)))
            drawn += [(day, row.vector, value, row.weight) for row in rows]
        line = []
        for at in days:
            cooperation = dict.fromkeys(names, 0.0)
            for day, vector, value, weight in drawn:
                if day <= at and value > 0:
                    cooperation[vector] += (
                        value * weight * 2 ** (-(at - day).days / half_life)
                    )
            total = sum(cooperation.values())
            shares = [c / total for c in cooperation.values() if c > 0] if total else []
            line.append(-sum(s * np.log(s) for s in shares) / np.log(len(names)))
        found.append(line)
    return found


def spoiled(folder: Path, cells: int) -> Path:
    """A copy of the case with so many spoiled cells."""
    copy = Path(shutil.copytree(data.open_case().path, folder / "spoiled"))
    rows = pd.read_csv(copy / "trade.csv", dtype=str, keep_default_na=False)
    rows.loc[: cells - 1, "imports"] = "much"
    rows.to_csv(copy / "trade.csv", index=False)
    return copy


def report(folder: Path) -> None:
    """Print all figures."""
    case = data.open_case()
    months = pd.date_range(*case.span(), freq="ME")
    doubt = reliability.doubt(case)
    print(
        f"{len(case.tables)} tables, {sum(len(case.table(n)) for n in case.tables)} rows, {len(months)} months, {len(case.vectors)} vectors"
    )
    print(
        f"open_case                                   {median(data.open_case):8.3f} s"
    )
    copy = spoiled(folder, 1000)

    def fail() -> None:
        try:
            data.open_case(copy)
        except data.CaseError as error:
            assert len(error.problems) == 1000

    print(f"open_case with 1,000 spoiled cells, all named {median(fail):6.3f} s")
    print(
        f"all outside series                          {median(lambda: (alignment.vector_series(case), alignment.state_series(case))):8.3f} s"
    )
    fast = median(lambda: engagement.bands(case.events, months, 730.0, 2000, 1))
    confused = median(
        lambda: engagement.bands(case.events, months, 730.0, 2000, 1, perturb=doubt)
    )
    print(
        f"bands, 2,000 draws                          {fast:8.3f} s ({confused:.3f} s with the coders' confusion)"
    )
    draws = 2
    slow = (
        median(lambda: bands_in_a_loop(case.events, months, 730.0, draws, 1), runs=1)
        / draws
        * 2000
    )
    print(
        f"the same in a plain loop, from {draws} draws        {slow:8.0f} s, {slow / fast:,.0f} times as long"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        report(Path(temporary))
