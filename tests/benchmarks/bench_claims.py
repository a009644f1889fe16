"""Speed of the ledger, of the multiverse and of the explorers, each beside a yardstick of the same run.

    .venv/bin/python tests/benchmarks/bench_claims.py

Nothing here passes or fails; what it prints goes into notes.
"""

from __future__ import annotations

import subprocess
import sys

from timing import ROOT, median  # puts the module on the path

from multivector import claims, data, explorers

COLD = "from multivector import claims, data; claims.evaluate(data.open_case())"
IDLE = "from multivector import claims, data; data.open_case()"


def process(code: str) -> None:
    """Run code in a process of its own, as a reader's first cell does."""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT / "book", check=True)


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
    for kind in (
        explorers.BalanceExplorer,
        explorers.GameExplorer,
        explorers.BidsExplorer,
        explorers.BreakYearsExplorer,
        explorers.EpisodesExplorer,
    ):
        explorer = kind(case)
        explorer.figure()
        print(
            f"{kind.__name__:20s} a moved slider {median(explorer.figure, 5) * 1e3:8.0f} ms"
        )


if __name__ == "__main__":
    report()
