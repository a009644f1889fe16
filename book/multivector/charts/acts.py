"""Acts on a time axis and by office."""

import altair as alt
import pandas as pd

from ..data import Missing
from ..language import N_, _
from .grammar import (
    ABOVE,
    ACT_TOOLTIP,
    Span,
    act_rows,
    either,
    hover,
    panel,
    plot,
    quoted,
    reading,
    renamed,
    sentence,
    slider,
    stamp,
    time_scale,
    time_x,
    tinted,
    view,
)
from .theme import COLD, COOL, LEVELS, TEXT, WARM, WARN, colours, present

#: What is known to four days or better is told as a diamond.
LONG_TOLD = "datum.to_ms - datum.from_ms > 4 * 864e5"

#: Levels from the top of the figure down, as the bars of the years have them.
_LEVELS_DOWN = ("external", "both", "internal")
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

#: What the table of acts has for the office where a source does not name the author.
_UNNAMED = N_("not told")


def acts_over_time(acts: pd.DataFrame, span: Span) -> alt.LayerChart:
    """All acts by level of the game, those known to a month in full colour; a slider hides what is dated too widely."""
    place = acts["level"].map(list(_LEVELS_DOWN).index)
    rows = acts.assign(place=place).sort_values(["place", "start", "end"])
    rows = rows.assign(
        days=(rows["end"] - rows["start"]).dt.days + 1, lane=_packed(rows)
    )
    base = (
        plot(act_rows(rows).assign(days=rows["days"]))
        .transform_filter("datum.days <= widest")
        .encode(
            time_x(span, "from_ms"),
            alt.Y("lane:O", axis=None),
            # In the order of the groups.
            tinted(
                "level",
                {level: LEVELS[level] for level in _LEVELS_DOWN},
                offset=22,
                symbolOpacity=1,
            ),
            tooltip=ACT_TOOLTIP,
        )
    )
    long = (
        base.transform_filter("datum.days > 31")
        .mark_bar(height={"band": 0.8}, cornerRadius=2, opacity=0.3, clip=True)
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
    many = plot(rows[["days"]]).transform_filter("datum.days <= widest")
    left = sentence(
        _("{n} of {all} entries left ({share})"),
        n="datum.n",
        all=str(len(rows)),
        share=f"format(datum.n / {len(rows)}, '.0%')",
    )
    told = reading(many.transform_aggregate(n="count()"), left, **ABOVE, y=-5)
    return panel(
        long, short, told, height=6 * (max(rows["lane"]) + 1), name="levels"
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


def told_twice(acts: pd.DataFrame, vectors: pd.DataFrame, span: Span) -> alt.LayerChart:
    """One story in several tellings below each other, every act in a line of its own with its name on it.

    Parameters
    ----------
    acts : DataFrame
        Rows as in ``case.acts``, in the order of the lines, with the ``telling`` that each belongs to, its
        ``label``, and whether it is ``turning``: these stand out.
    vectors : DataFrame
        ``case.vectors``, for the colours.
    span : pair of dates
        First and last day drawn; what goes on longer ends at the edge.
    """
    turn = (acts["telling"] != acts["telling"].shift()).cumsum() * 1.5
    vector = acts["vector"].astype(object)
    rows = act_rows(acts).assign(
        line=[i + lift for i, lift in enumerate(turn)],
        label=acts["label"],
        telling=acts["telling"],
        turning=acts["turning"],
        vector=vector.where(vector.notna(), _("context")),
    )
    lines = float(rows["line"].max()) + 1
    x = alt.X("from_ms:Q", scale=time_scale(span), axis=_months(span))
    scale = alt.Scale(domain=[0, lines], reverse=True, nice=False, zero=False)
    y = alt.Y("line:Q", axis=None, scale=scale)
    shades = {**colours(vectors, present(vectors, vector)), _("context"): TEXT}
    base = plot(rows).encode(
        x, y, tinted("vector", shades, legend=None), tooltip=ACT_TOOLTIP
    )
    heads = rows.drop_duplicates("telling").assign(line=lambda head: head["line"] - 1)
    return panel(
        base.transform_filter(LONG_TOLD)
        .mark_rule(strokeWidth=15)
        .encode(x2="to_ms:Q", opacity=either("datum.turning", 0.65, 0.4)),
        base.transform_filter(f"!({LONG_TOLD})")
        .mark_point(shape="diamond", opacity=1)
        .encode(size=either("datum.turning", 170, 60)),
        *_told_names(base, x, float(stamp(span[1]))),
        plot(heads[["line", "telling"]])
        .mark_text(align="left", x=0, fontSize=13, fontWeight="bold")
        .encode(y=y, text="telling:N"),
        height=20 * lines,
        name="told",
    )


def _told_names(base: alt.Chart, x: alt.X, last: float) -> list[alt.Chart]:
    """Names beside the marks; on a bar that reaches the edge, and with the day where it is known."""
    named = base.transform_calculate(
        on=f"datum.to_ms >= {last}",
        name="(datum.to_ms - datum.from_ms > 864e5 ? '' : utcFormat(datum.from_ms, '%-d %b') + ': ') + datum.label",
    ).transform_calculate(at="datum.on ? datum.from_ms : datum.to_ms")
    shade = alt.value(TEXT)
    return [
        named.transform_filter(test)
        .mark_text(align="left", dx=9, fontWeight=weight)
        .encode(renamed(x, "at"), color=shade, text="name:N")
        for test, weight in (("datum.turning", "bold"), ("!datum.turning", "normal"))
    ]


def _months(span: Span) -> alt.Axis:
    """An axis with a tick at the first of each month, as far as their names have room."""
    months = pd.date_range(span[0], span[1], freq="MS")
    return alt.Axis(
        title=None,
        values=[stamp(month) for month in months],
        labelExpr="utcFormat(datum.value, '%b')",
        labelAlign="left",
        labelOverlap="greedy",
        labelSeparation=8,
    )


def acts_by_office(acts: pd.DataFrame, span: Span) -> alt.Chart:
    """Acts of the state by the office that acts and the kind of act; the years can be narrowed."""
    acts = acts[acts["kind"].isin(list(_KINDS))]
    if acts["office"].fillna(_UNNAMED).eq(_UNNAMED).all():
        raise Missing("the case has no coded act whose author is named")
    rows = act_rows(acts).assign(first=acts["start"].dt.year, last=acts["end"].dt.year)
    rows["order"] = acts["kind"].map(list(_KINDS).index)
    nobody = quoted(_("author not named"))
    unnamed = f"datum.label == {quoted(_UNNAMED)} ? {nobody} : datum.label"
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
