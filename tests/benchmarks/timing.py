"""What the benchmarks share: modules on the path, and medians."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "book"), str(ROOT / "book" / "_ext")]


def median(action: Callable[[], object], times: int = 1, runs: int = 5) -> float:
    """Median seconds of an action over some runs of so many times, after one that is not counted."""
    action()
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        for _ in range(times):
            action()
        found.append((time.perf_counter() - start) / times)
    return statistics.median(found)
