"""Speed of the ledger, of the multiverse and of the explorers, each beside a yardstick of the same run.

    .venv/bin/python tests/benchmarks/bench_claims.py

Nothing here passes or fails; what it prints goes into notes.
"""

from __future__ import annotations

import subprocess
import sys

import altair as alt
import pandas as pd
from timing import ROOT, median  # puts the module on the path

from multivector import claims, data, explorers

COLD = "from multivector import claims, data; claims.evaluate(data.open_case())"
IDLE = "from multivector import claims, data; data.open_case()"


def process(code: str) -> None:
    """Run code in a process of its own, as a reader's first cell does."""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT / "book", check=True)


def one_mark() -> dict:
    """The least that an explorer must do: a chart, checked and written out."""
    frame = pd.DataFrame({"x": [1], "y": [1]})
    return alt.Chart(frame).mark_point().encode(x="x:Q", y="y:Q").to_dict()


def report() -> None:
    """Print all figures."""
    case = data.open_case()
    cold, idle = median(lambda: process(COLD), 3), median(lambda: process(IDLE), 3)
    print(
        f"evaluate, from cold                 {cold:8.2f} s; imports and open_case alone {idle:.2f} s"
    )
    warm = median(lambda: claims.evaluate(case), 3)
    print(f"evaluate, case open                 {warm:8.2f} s")
    universe = claims.multiverse(case)
    whole = median(lambda: claims.multiverse(case), 3)
    apart = warm / 44 * len(universe)
    print(
        f"multiverse, {len(universe)} settings            {whole:8.2f} s; each setting judged as evaluate does: about {apart / whole:.1f} times as long"
    )
    plain = median(one_mark, 5)
    for kind in (
        explorers.BalanceExplorer,
        explorers.GameExplorer,
        explorers.BidsExplorer,
        explorers.BreakYearsExplorer,
        explorers.EpisodesExplorer,
    ):
        explorer = kind(case)
        moved = median(explorer.figure, 5)
        print(
            f"{kind.__name__:20s} a moved slider {moved * 1e3:8.0f} ms; {moved / plain:6.1f} times a chart of one mark"
        )


if __name__ == "__main__":
    report()
