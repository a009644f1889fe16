"""Acts on a time axis and by office."""

import altair as alt
import pandas as pd

from .grammar import (
    ACT_TOOLTIP,
    act_rows,
    hover,
    panel,
    plot,
    slider,
    time_axis,
    time_scale,
    tinted,
)
from .theme import COLD, COOL, LEVELS, WARM, WARN


def acts_over_time(acts, span):
    """All acts by level of the game; a slider hides those that are dated too widely."""
    rows = acts.sort_values(["level", "start", "end"]).assign(
        days=lambda a: (a["end"] - a["start"]).dt.days + 1
    )
    rows["lane"] = _packed(rows)
    text = act_rows(rows)
    text["days"] = rows["days"]
    x = alt.X("from_ms:Q", scale=time_scale(span), axis=time_axis(span))
    base = (
        plot(text)
        .transform_filter("datum.days <= widest")
        .encode(
            y=alt.Y(
                "lane:O",
                axis=alt.Axis(
                    title="rows only keep the acts apart",
                    labels=False,
                    ticks=False,
                    domain=False,
                    grid=False,
                ),
            )
        )
    )
    shade = tinted("level", LEVELS)
    long = (
        base.transform_filter("datum.days > 31")
        .mark_bar(height={"band": 0.8}, cornerRadius=2, opacity=0.75, clip=True)
        .encode(x, x2="to_ms:Q", color=shade, tooltip=ACT_TOOLTIP)
    )
    short = (
        base.transform_filter("datum.days <= 31")
        .mark_point(shape="diamond", size=55, opacity=1, clip=True)
        .encode(x, color=shade, tooltip=ACT_TOOLTIP)
    )
    facets = panel(long, short, height=7 * (max(rows["lane"]) + 1), name="levels")
    first, last = (pd.Timestamp(day) for day in span)
    days, years = (last - first).days + 1, last.year - first.year + 1
    return facets.add_params(
        slider(
            "widest",
            f"Show acts dated to within (days; {days} are all {years} years)",
            1,
            days,
            days,
        )
    )


def _packed(rows):
    """Lane of each bar, so that bars do not cover one another; the levels keep apart."""
    lanes, ends, offset, level = [], [], 0, None
    for start, end, current in zip(rows["start"], rows["end"], rows["level"]):
        if current != level:
            offset, ends, level = offset + len(ends) + (1 if level else 0), [], current
        room = start - pd.Timedelta(days=60)
        free = next((i for i, last in enumerate(ends) if last < room), len(ends))
        ends[free : free + 1] = [max(end, start + pd.Timedelta(days=31))]
        lanes.append(offset + free)
    return lanes


#: How the legend reads the event scheme's classes "material conflict", "verbal cooperation" and so on.
_DEEDS_AND_WORDS = "split(datum.label, ' ')[1] + (split(datum.label, ' ')[0] == 'verbal' ? ' in words' : ' in deeds')"


def acts_by_office(acts, span):
    """Acts of the state by the office that acts and the kind of act; the years can be narrowed."""
    rows = act_rows(acts)
    rows["first"], rows["last"] = acts["start"].dt.year, acts["end"].dt.year
    first, last = (pd.Timestamp(day).year for day in span)
    kinds = [
        "material conflict",
        "verbal conflict",
        "verbal cooperation",
        "material cooperation",
    ]
    rows = rows[rows["kind"].isin(kinds)].assign(
        order=rows["kind"].map({k: i for i, k in enumerate(kinds)})
    )
    shades = [
        WARN,
        WARM,
        COOL,
        COLD,
    ]
    bars = (
        plot(rows)
        .transform_filter("datum.last >= from_year && datum.first <= to_year")
        .mark_bar()
        .encode(
            alt.X("count():Q", title="acts", axis=alt.Axis(tickMinStep=1)),
            alt.Y(
                "office:N",
                sort="-x",
                title=None,
                axis=alt.Axis(
                    labelExpr="datum.label == 'not told' ? 'author not named' : datum.label"
                ),
            ),
            tinted("kind", dict(zip(kinds, shades)), labelExpr=_DEEDS_AND_WORDS),
            alt.Order("order:Q"),
            tooltip=hover("office:N", "kind:N", "count():Q = acts"),
        )
    )
    return bars.properties(
        height=26 * rows["office"].nunique(), width="container", name="offices"
    ).add_params(
        slider("from_year", "From the year", first, last, first),
        slider("to_year", "To the year", first, last, last),
    )
