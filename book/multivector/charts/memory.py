"""The memory of ``engagement``, recomputed in the page so that a reader without a kernel can move its slider.

A browser test compares its numbers with the Python function.
"""

import altair as alt
import pandas as pd

from ..language import _
from .grammar import Span, day_numbers, plot, radio

#: What is left of an act at day t; the closed form of ``engagement.decay``.
_SEEN = "max(0, min(datum.last, datum.t) - datum.first + 1)"
_LEFT = (
    "pow(2, -max(0, datum.t - datum.last) / half_life) * (1 - pow(2, -datum.seen / half_life))"
    " / (1 - pow(2, -1 / half_life)) / (datum.last - datum.first + 1)"
)
#: Acts that count by the direction that the reader chooses.
DIRECTED = "direction == 'both' || datum.direction == direction"


def direction_choice() -> alt.Parameter:
    """Radio buttons for acts by the state, acts toward it, or both."""
    return radio(
        "direction",
        _("Acts that count"),
        ["both", "by", "toward"],
        labels=[_("both ways"), _("by the state"), _("toward it")],
    )


def memory_rows(events: pd.DataFrame) -> pd.DataFrame:
    """Dyadic acts as the page's memory needs them."""
    acts = events[events["vector"].notna()]
    rows = pd.DataFrame(
        {
            "vector": acts["vector"].astype(str),
            "k": acts["vector"].cat.codes.astype(int),
            "cooperation": acts["goldstein"].clip(lower=0) * acts["weight"],
            "conflict": (-acts["goldstein"]).clip(lower=0) * acts["weight"],
            "start": acts["start"],
            "end": acts["end"],
        }
    )
    rows = day_numbers(rows, first="start", last="end").drop(columns=["start", "end"])
    rows["direction"] = acts["direction"]
    # Memory is linear: acts with one interval, vector and direction may be summed beforehand.
    summed = rows.groupby(
        ["vector", "k", "first", "last", "direction"], as_index=False
    ).sum()
    # One act of each vector and direction is followed even before it began, so that a month
    # in which nothing is remembered of a vector has a row, with nothing in it.
    followed = summed.groupby(["vector", "direction"])["first"].rank(method="first")
    return summed.assign(opens=followed == 1)


def aged(rows: pd.DataFrame, span: Span) -> alt.Chart:
    """Every act of the chosen direction at every month's end ``ms`` of the span, with what is left of it in ``left``."""
    first, last = (pd.Timestamp(day) for day in span)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return (
        plot(rows)
        .transform_filter(DIRECTED)
        .transform_calculate(month=f"sequence({months})")
        .transform_flatten(["month"])
        .transform_calculate(ms=f"utc({first.year}, {first.month} + datum.month, 0)")
        .transform_calculate(t="datum.ms / 864e5")
        .transform_calculate(seen=_SEEN)
        # Half of all months lie before their act: a slider need not age these each time.
        .transform_filter("datum.seen > 0 || datum.opens")
        .transform_calculate(left=_LEFT)
    )
