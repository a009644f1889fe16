"""Bets of a composed chapter whose answer lies beyond what can be bet on.

The builder refuses such a block; here it is found before that, in what the cells have said.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from .fragments import Piece
from .pruning import SAID, worded_bets

_ENDS = ("low", "high")


def numbers(pieces: Sequence[Piece]) -> dict[str, float]:
    """The numbers that the cells of a chapter have said."""
    found = {}
    for output in (one for piece in pieces for one in piece.outputs):
        name = output.get("metadata", {}).get("scrapbook", {}).get("name", "")
        text = output.get("data", {}).get(SAID)
        try:
            value = ast.literal_eval(text) if name and text else None
        except (ValueError, SyntaxError):
            continue
        if isinstance(value, int | float):
            found[name] = float(value)
    return found


def unfit(pieces: Sequence[Piece]) -> Iterator[str]:
    """A line for each bet whose answer is not among its options or between its ends.

    Parameters
    ----------
    pieces : sequence of Piece
        Of one chapter, as it was run.
    """
    known = numbers(pieces)
    for piece in pieces:
        for name, options, block in worded_bets(piece.text if not piece.code else ""):
            answer = known.get(options.get("answer", ""))
            if answer is None:
                continue
            chosen = len(re.findall(r"^- ", block, re.M))
            ends = [1.0, float(chosen)] if chosen else _between(options, known)
            if len(ends) == 2 and not ends[0] <= answer <= ends[1]:
                yield (
                    f"cell '{piece.name}', bet '{name}': the answer is {answer:g}, and the "
                    f"bet goes from {ends[0]:g} to {ends[1]:g}. Let a cell say its ends"
                )


def _between(options: dict[str, str], known: dict[str, float]) -> list[float]:
    """The two ends of a bet, written or said; fewer where one is neither."""
    found = []
    for end in (options.get(one, "") for one in _ENDS):
        try:
            found.append(float(end))
        except ValueError:
            found += [known[end]] if end in known else []
    return found
