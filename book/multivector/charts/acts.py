"""Acts on a time axis and by office."""

import altair as alt
import pandas as pd

from ..language import N_, _
from .grammar import (
    ACT_TOOLTIP,
    Span,
    act_rows,
    hover,
    panel,
    plot,
    quoted,
    slider,
    time_x,
    tinted,
    view,
)
from .theme import COLD, COOL, LEVELS, WARM, WARN

#: Kinds of acts of the event scheme, from deeds of conflict to deeds of cooperation.
_KINDS = {
    N_("material conflict"): WARN,
    N_("verbal conflict"): WARM,
    N_("verbal cooperation"): COOL,
    N_("material cooperation"): COLD,
}
#: How the legend reads these classes.
_DEEDS_AND_WORDS = {
    "material conflict": N_("conflict in deeds"),
    "verbal conflict": N_("conflict in words"),
    "verbal cooperation": N_("cooperation in words"),
    "material cooperation": N_("cooperation in deeds"),
}


def acts_over_time(acts: pd.DataFrame, span: Span) -> alt.LayerChart:
    """All acts by level of the game; a slider hides those that are dated too widely."""
    rows = acts.sort_values(["level", "start", "end"])
    rows = rows.assign(
        days=(rows["end"] - rows["start"]).dt.days + 1, lane=_packed(rows)
    )
    bare = alt.Axis(
        title=_("rows only keep the acts apart"),
        labels=False,
        ticks=False,
        domain=False,
        grid=False,
    )
    base = (
        plot(act_rows(rows).assign(days=rows["days"]))
        .transform_filter("datum.days <= widest")
        .encode(
            time_x(span, "from_ms"),
            alt.Y("lane:O", axis=bare),
            tinted("level", LEVELS),
            tooltip=ACT_TOOLTIP,
        )
    )
    long = (
        base.transform_filter("datum.days > 31")
        .mark_bar(height={"band": 0.8}, cornerRadius=2, opacity=0.75, clip=True)
        .encode(x2="to_ms:Q")
    )
    short = base.transform_filter("datum.days <= 31").mark_point(
        shape="diamond", size=55, opacity=1, clip=True
    )
    first, last = (pd.Timestamp(day) for day in span)
    days, years = (last - first).days + 1, last.year - first.year + 1
    widest = _(
        "Show acts dated to within (days; {days} are all {years} years)",
        days=days,
        years=years,
    )
    return panel(
        long, short, height=7 * (max(rows["lane"]) + 1), name="levels"
    ).add_params(slider("widest", widest, 1, days, days))


def _packed(rows: pd.DataFrame) -> list[int]:
    """Lane of each bar, so that bars do not cover one another; the levels keep apart."""
    lanes: list[int] = []
    ends: list[pd.Timestamp] = []
    offset, level = 0, None
    for start, end, current in zip(rows["start"], rows["end"], rows["level"]):
        if current != level:
            offset, ends, level = offset + len(ends) + (1 if level else 0), [], current
        room = start - pd.Timedelta(days=60)
        free = next((i for i, last in enumerate(ends) if last < room), len(ends))
        ends[free : free + 1] = [max(end, start + pd.Timedelta(days=31))]
        lanes.append(offset + free)
    return lanes


def acts_by_office(acts: pd.DataFrame, span: Span) -> alt.Chart:
    """Acts of the state by the office that acts and the kind of act; the years can be narrowed."""
    acts = acts[acts["kind"].isin(list(_KINDS))]
    rows = act_rows(acts).assign(first=acts["start"].dt.year, last=acts["end"].dt.year)
    rows["order"] = acts["kind"].map(list(_KINDS).index)
    nobody = quoted(_("author not named"))
    unnamed = f"datum.label == 'not told' ? {nobody} : datum.label"
    read = {_(kind): _(words) for kind, words in _DEEDS_AND_WORDS.items()}
    bars = (
        plot(rows)
        .transform_filter("datum.last >= from_year && datum.first <= to_year")
        .mark_bar()
        .encode(
            alt.X("count():Q", title=_("acts"), axis=alt.Axis(tickMinStep=1)),
            alt.Y("office:N", sort="-x", title=None, axis=alt.Axis(labelExpr=unnamed)),
            tinted("kind", _KINDS, labelExpr=f"{quoted(read)}[datum.label]"),
            alt.Order("order:Q"),
            tooltip=hover("office:N", "kind:N", "count():Q = acts"),
        )
    )
    first, last = (pd.Timestamp(day).year for day in span)
    return view(bars, 26 * rows["office"].nunique(), "offices").add_params(
        slider("from_year", _("From the year"), first, last, first),
        slider("to_year", _("To the year"), first, last, last),
    )
