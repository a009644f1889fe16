"""Who decides: scores over formal powers, leaders over ministers, and contested deals in time."""

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from ..checks import refuse
from ..forms import formatted
from ..language import N_, _
from .grammar import (
    ABOVE,
    TENURE_TOOLTIP,
    Span,
    day_text,
    either,
    haloed,
    hover,
    in_words,
    inline,
    menu,
    panel,
    picker,
    plot,
    quoted,
    reading,
    renamed,
    sentence,
    sided,
    slider,
    stamp,
    time_scale,
    time_x,
    tinted,
)
from .series import in_language, series_chart, series_holes
from .theme import ACCENT, GRID, MUTED, PAGE, TEXT, WARM, WARN

#: Who may hold a formal power, in the order of the legend, with the colour of each.
HOLDERS = {
    N_("president"): ACCENT,
    N_("shared"): MUTED,
    N_("government"): WARM,
    N_("parliament"): WARN,
}
#: What those at home did to a contested deal, in the order of the lanes, with the colour of each.
DID = {
    N_("moved"): ACCENT,
    N_("tried in vain"): WARN,
    N_("did not try"): WARM,
    N_("unclear"): MUTED,
}
#: How a day is told that is known to the day, the month or the year.
KNOWN_TO = {"day": "%-d %b %Y", "month": "%b %Y", "year": "%Y"}
#: Lane that names the version of the constitution.
VERSION = _("constitution")
_LANE = {"band": 0.36}
_BAR: dict[str, Any] = {"stroke": PAGE, "strokeWidth": 1.5, "clip": True}


def _coloured(name: str, values: Iterable[str], shades: Mapping[str, str]) -> dict:
    """The shades of the values that occur; refuses a value that has none."""
    if strange := sorted(set(values) - set(shades)):
        refuse(name, strange[0], ", ".join(map(repr, shades)))
    return {value: shades[value] for value in shades if value in set(values)}


# Scores over powers -----------------------------------------------------------------


def scores_over_powers(
    series: list[Any],
    powers: pd.DataFrame,
    names: Mapping[str, str],
    span: Span,
    words: Mapping[str, str] | None = None,
    ends: Mapping[str, str] | None = None,
) -> alt.VConcatChart:
    """Yearly scores of the state and its neighbours over the formal powers of each version of its constitution.

    Parameters
    ----------
    series : list of alignment.Series
        Yearly measures; one is shown at a time, the first at the start.
    powers : DataFrame
        Rows (constitution, start, end, power, holder, article, wording, source); a power without a row
        at some time was not read, and its lane is empty there.
    names : dict of str to str
        ISO3 code to name; the state under study comes first.
    span : pair of dates
    words : dict of str to str, optional
        Fuller words for powers, above their lanes.
    ends : dict of str to str, optional
        By the id of a series, what its lowest and highest value mean, instead of its unit.

    Returns
    -------
    alt.VConcatChart
        View ``scores`` over view ``powers``; selects for the measure and for the neighbour that is marked.

    Raises
    ------
    ValueError
        If there is no series, or a holder that has no colour.
    """
    if not series:
        raise ValueError("series is empty; allowed: one measure or more")
    series = in_language(series)
    shades = _coloured("holder", powers["holder"], HOLDERS)
    bare = time_x(span, labels=False, ticks=False, grid=False)
    top = panel(
        *_scores(series, powers, names, span, bare),
        _scale_of(series, ends or {}),
        height=170,
        name="scores",
        heading=_("Score by year; dashed: a new constitution; grey: no score"),
    )
    low = _powers(powers, time_x(span, grid=False), words or {}, shades)
    return (
        alt.vconcat(top, low, spacing=14)
        .resolve_scale(color="independent")
        .add_params(
            picker("measure", series, _("Score")),
            menu("beside", _("Beside it"), list(names.values())[1:]),
        )
    )


def _scores(
    series: list[Any],
    powers: pd.DataFrame,
    names: Mapping[str, str],
    span: Span,
    x: alt.X,
) -> list[alt.Chart]:
    """A line a state; the state under study lies on top, at its true height."""
    states = list(names.values())
    own, others = states[0], _("others")
    first, last = years = pd.Timestamp(span[0]).year, pd.Timestamp(span[1]).year
    rows = pd.concat([s.rows.assign(series=s.label, part=0) for s in series])
    rows["state"] = rows["state"].map(names)
    force = _in_force(powers, range(first, last + 1))
    key = {"symbolType": "stroke", "columnPadding": 8, "offset": 38}
    base = (
        series_chart(rows, "state", years, series, "measure")
        .transform_filter("isValid(datum.value)")
        .transform_lookup("year", force)
        .transform_calculate(
            who=f"datum.state == {quoted(own)} ? {quoted(own)} : datum.state == beside ? 'beside' : {quoted(others)}"
        )
        .encode(
            x,
            alt.Y("value:Q", title=None, scale=alt.Scale(zero=True)),
            tinted(
                "who",
                {own: ACCENT, "beside": TEXT, others: MUTED},
                columns=3,
                labelExpr="datum.value == 'beside' ? beside : datum.label",
                **key,
            ),
        )
    )
    tip = hover("year:Q d", "state:N", "value:Q .3~g", "unit:N", "source:N")
    letter = hover("powers:N = " + _("by the letter in {state}", state=own))
    thick = either(f"datum.who == {quoted(others)}", 1.2, 2.5)
    layers = series_holes(rows[rows["state"] == own], "measure", x, years)
    layers.append(_starts(powers, x))
    # Scores are whole numbers and often equal: each state's line is moved by a hair, so that none hides another.
    for place, state in reversed(list(enumerate(states))):
        one = base.transform_filter(f"datum.state == {quoted(state)}")
        lift = -1.5 * ((place + 1) // 2) * (-1) ** place
        layers += [
            one.mark_line(yOffset=lift).encode(strokeWidth=thick),
            one.mark_point(yOffset=lift, size=30).encode(
                tooltip=tip if place else [*tip, *letter]
            ),
        ]
    return layers


def _in_force(powers: pd.DataFrame, years: Iterable[int]) -> alt.LookupData:
    """The powers in force in the middle of each year, to be looked up."""
    force = [
        {"year": year, "powers": powers_in_force(powers, f"{year}-07-01")}
        for year in years
    ]
    return alt.LookupData(inline(pd.DataFrame(force)), "year", ["powers"])


def _scale_of(series: list[Any], ends: Mapping[str, str]) -> alt.Chart:
    """Name and unit of the chosen score, above its panel, since a choice changes no title of an axis."""
    rows = {
        "series": [s.label for s in series],
        "text": [f"{s.label}|{ends.get(s.id, s.unit)}" for s in series],
    }
    place = {**ABOVE, "y": -18, "fontSize": 11, "fontWeight": "bold"}
    lines = {"lineHeight": 14, "lineBreak": "|", "limit": alt.expr("width")}
    return (
        plot(rows)
        .transform_filter("datum.series == measure")
        .mark_text(**place, **lines)
        .encode(text="text:N")
    )


def _starts(powers: pd.DataFrame, x: alt.X) -> alt.Chart:
    """A rule at the first day of each version."""
    first = powers.drop_duplicates("constitution")
    rows = {
        "ms": first["start"].map(stamp),
        "day": day_text(first["start"]),
        "constitution": first["constitution"],
    }
    tip = hover("constitution:N", "day:N = in force from")
    return plot(rows).mark_rule(strokeDash=[3, 3]).encode(x, tooltip=tip)


def _powers(
    powers: pd.DataFrame,
    x: alt.X,
    words: Mapping[str, str],
    shades: Mapping[str, str],
) -> alt.LayerChart:
    """A lane a power; its name stands above its bars: beside them it would take half of a narrow screen."""
    lanes = [VERSION, *dict.fromkeys(powers["power"])]
    rows = powers.assign(
        from_ms=powers["start"].map(stamp),
        to_ms=(powers["end"] + pd.Timedelta(days=1)).map(stamp),
        since=day_text(powers["start"]),
        until=day_text(powers["end"]),
    )
    scale = alt.Scale(domain=lanes)
    y = alt.Y("power:N", sort=lanes, title=None, scale=scale, axis=None)
    columns = "constitution power holder article wording source from_ms to_ms"
    bars = (
        plot(in_words(rows[[*columns.split(), "since", "until"]], "holder"))
        .mark_bar(**_BAR, height=13, yOffset=7)
        .encode(
            renamed(x, "from_ms"),
            y,
            tinted("holder", shades, columns=3, columnPadding=8),
            x2="to_ms:Q",
            tooltip=hover(
                "power:N",
                "holder:N",
                "wording:N = in our words",
                "constitution:N",
                "article:N",
                "since:N = in force from",
                "until:N = to",
                "source:N",
            ),
        )
    )
    titles = {"power": lanes, "words": [words.get(lane, lane) for lane in lanes]}
    band, *names = _versions(rows, x, y)
    return panel(
        band,
        bars,
        *names,
        plot(titles)
        .mark_text(**ABOVE, fontSize=11, limit=alt.expr("width"))
        .encode(y=y, text="words:N"),
        height=31 * len(lanes),
        name="powers",
        heading=_("Holder by the letter; empty: not read"),
    )


def _versions(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A bar a version of the constitution; one of some months has no room for its name, which stands above it."""
    versions = rows.drop_duplicates("constitution").assign(
        power=VERSION, middle=lambda r: (r["from_ms"] + r["to_ms"]) // 2
    )
    columns = "constitution power from_ms to_ms middle since until".split()
    base = plot(versions[columns])
    short = "datum.to_ms - datum.from_ms <= 2.4 * 365 * 864e5"
    return [
        base.mark_bar(**_BAR, height=13, yOffset=7, color=GRID).encode(
            renamed(x, "from_ms"),
            y,
            x2="to_ms:Q",
            tooltip=hover("constitution:N", "since:N = in force from", "until:N = to"),
        ),
        base.transform_filter(f"!({short})")
        .mark_text(fontSize=11, dy=7)
        .encode(renamed(x, "middle"), y, text="constitution:N"),
        base.transform_filter(short)
        .mark_text(fontSize=11, dy=-7, align="right")
        .encode(renamed(x, "to_ms"), y, text="constitution:N"),
    ]


def powers_in_force(powers: pd.DataFrame, day: Any) -> str:
    """The formal powers in force on a day, as a line of text.

    Parameters
    ----------
    powers : DataFrame
        Rows (start, end, power, holder).
    day : date

    Returns
    -------
    str
        Power and holder, with semicolons between; "none was read" if there is none.
    """
    day = pd.Timestamp(day)
    now = powers[(powers["start"] <= day) & (powers["end"] >= day)]
    lines = [f"{power}: {_(who)}" for power, who in zip(now["power"], now["holder"])]
    return "; ".join(lines) or _("none was read")


# Leaders over ministers ----------------------------------------------------------------


def leaders_over_ministers(
    leaders: pd.DataFrame,
    ministers: pd.DataFrame,
    names: Mapping[str, str],
    span: Span,
) -> alt.LayerChart:
    """Leaders and foreign ministers of each state on one axis; a slider reads off who was in office and for how long.

    Parameters
    ----------
    leaders : DataFrame
        Rows (iso3, leader, start, end, exit_code, source).
    ministers : DataFrame
        Rows (iso3, minister, start, start_latest, end_earliest, end, acting, note, source), each end with its
        first and last possible day.
    names : dict of str to str
        ISO3 code to name; the state under study comes first.
    span : pair of dates

    Returns
    -------
    alt.LayerChart
        View ``tenures``; what is not known of a minister's ends is pale, years without a known minister are grey.

    Raises
    ------
    ValueError
        If a minister's days are out of order.
    """
    ministers = ministers[ministers["iso3"].isin(list(names))]
    _in_order(ministers)
    above, below = _leader_rows(leaders, names), _minister_rows(ministers, names)
    lanes, states = ["leader", "minister"], list(names.values())
    room = alt.Scale(domain=states, paddingInner=0.12)
    place = {
        "y": alt.Y("state:N", sort=states, title=None, scale=room),
        "yOffset": alt.YOffset("lane:N", sort=lanes, scale=alt.Scale(domain=lanes)),
    }
    x, shade = (
        time_x(span, "from_ms"),
        either(f"datum.state == {quoted(states[0])}", ACCENT, MUTED),
    )
    hole = (
        plot(_unknown(ministers, names, span))
        .transform_filter("datum.to_ms > datum.from_ms")
        .mark_bar(height=_LANE, color=GRID, opacity=0.8, clip=True)
        .encode(x, x2="to_ms:Q", tooltip=hover("state:N", "why:N = ministers"))
    )
    layers = [hole, *_tenures(above, below, x, shade)]
    rule, said = _picked_year(span)
    texts = [
        text.encode(text="text:N", **place)
        for rows, who in ((above, "leader"), (below, "minister"))
        for text in _held(plot(rows), who)
    ]
    first, last = (pd.Timestamp(day).year for day in span)
    return panel(
        *(layer.encode(**place) for layer in layers),
        rule,
        said,
        *texts,
        height=78 * len(names),
        name="tenures",
    ).add_params(slider("in_year", _("On 1 January of"), first + 1, last, first + 10))


def _tenures(
    above: pd.DataFrame, below: pd.DataFrame, x: alt.X, shade: Any
) -> list[alt.Chart]:
    """A bar a leader and a bar a minister, pale where a minister's ends are not sure."""
    ministers = hover(
        "minister:N",
        "state:N",
        "since:N = from",
        "until:N = to",
        "acting:N",
        "note:N = left open",
        "source:N",
    )
    base = plot(below).encode(color=shade, tooltip=ministers)
    return [
        plot(above)
        .mark_bar(height=_LANE, **_BAR)
        .encode(x, x2="to_ms:Q", color=shade, tooltip=TENURE_TOOLTIP),
        base.mark_bar(height=_LANE, opacity=0.4, **_BAR).encode(x, x2="to_ms:Q"),
        base.transform_filter("datum.sure_to > datum.sure_from")
        .mark_bar(height=_LANE, **_BAR)
        .encode(renamed(x, "sure_from"), x2="sure_to:Q"),
    ]


def _in_order(ministers: pd.DataFrame) -> None:
    """Refuse ministers whose days are out of order."""
    days = ministers[["start", "start_latest", "end_earliest", "end"]]
    ordered = (
        (days["start"] <= days["start_latest"])
        & (days["end_earliest"] <= days["end"])
        & (days["start"] <= days["end"])
    )
    if not ordered.all():
        raise ValueError(
            "ministers have days out of order; allowed: start <= start_latest, end_earliest <= end, start <= end"
        )


#: The moment that the slider picks.
_NOW = "utc(in_year, 0, 1)"


def _picked_year(span: Span) -> list[alt.Chart]:
    """A rule at the picked moment, and above it what the numbers are."""
    one, place = {"one": [1]}, {**ABOVE, "x": 2, "y": -5, "fontSize": 11}
    words = sentence(_("years in office by 1 January {year}"), year="in_year")
    return [
        plot(one)
        .transform_calculate(ms=_NOW)
        .mark_rule(color=TEXT, strokeWidth=2)
        .encode(x=alt.X("ms:Q", scale=time_scale(span))),
        reading(plot(one), words, **place, fontWeight="bold"),
    ]


def _held(rows: alt.Chart, who: str) -> list[alt.Chart]:
    """Who is in office at the picked moment and for how long; the text starts at the upper edge of its lane."""
    years = f"format(max(0, {_NOW} - datum.mid_from) / (365.25 * 864e5), '.1f')"
    sure, about = (
        sentence(words, who=f"datum.{who}", years=years)
        for words in (_("{who}, {years} years"), _("{who}, about {years} years"))
    )
    words = rows.transform_filter(
        f"datum.mid_from <= {_NOW} && datum.mid_to > {_NOW}"
    ).transform_calculate(text=f"datum.about ? {about} : {sure}")
    halo = {"stroke": PAGE, "strokeWidth": 3, "strokeOpacity": 0.8}
    return haloed(words, halo, **{**ABOVE, "x": 2}, dy=4, fontSize=11)


def _unknown(
    ministers: pd.DataFrame, names: Mapping[str, str], span: Span
) -> pd.DataFrame:
    """For each state the time before its first known minister."""
    first, last = (pd.Timestamp(day) for day in span)
    known = ministers.groupby("iso3")["start"].min()
    return pd.DataFrame(
        [
            {
                "state": name,
                "lane": "minister",
                "from_ms": stamp(first),
                "to_ms": stamp(min(last, known.get(iso3, last))),
                "why": _("not found with dates"),
            }
            for iso3, name in names.items()
        ]
    )


def _leader_rows(leaders: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    rows = leaders[leaders["iso3"].isin(list(names))]
    start, end = rows["start"].map(stamp), rows["end"].map(stamp)
    return pd.DataFrame(
        {
            "state": rows["iso3"].map(names),
            "lane": "leader",
            "leader": rows["leader"],
            "from_ms": start,
            "to_ms": end,
            "mid_from": start,
            "mid_to": end,
            "about": False,
            "since": day_text(rows["start"]),
            "until": day_text(rows["end"]),
            "exit_code": rows["exit_code"],
            "source": rows["source"],
        }
    )


def _minister_rows(ministers: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Ministers with the days that are sure, those that are not, and the middle between."""
    columns = ["start", "start_latest", "end_earliest", "end"]
    start, latest, earliest, end = (ministers[name].map(stamp) for name in columns)
    about = ministers["start"] < ministers["start_latest"]
    return pd.DataFrame(
        {
            "state": ministers["iso3"].map(names),
            "lane": "minister",
            "minister": ministers["minister"],
            "from_ms": start,
            "to_ms": end,
            "sure_from": latest,
            "sure_to": earliest,
            "mid_from": (start + latest) // 2,
            "mid_to": (earliest + end) // 2,
            "about": about,
            "since": _when(ministers["start"], ministers["start_latest"]),
            "until": _when(ministers["end_earliest"], ministers["end"]),
            "acting": ministers["acting"].map({True: _("yes"), False: _("no")}),
            "note": ministers["note"],
            "source": ministers["source"],
        }
    )


def _when(first: pd.Series, last: pd.Series) -> pd.Series:
    """A day, or the first and last possible one."""
    one, other = day_text(first), day_text(last)
    between = [
        _("between {first} and {last}", first=a, last=b) for a, b in zip(one, other)
    ]
    return one.where(first == last, between)


# Contested deals -----------------------------------------------------------------------


def deals(decisions: pd.DataFrame) -> pd.DataFrame:
    """Contested deals with their dates in words, no sharper than they are known.

    Parameters
    ----------
    decisions : DataFrame
        Rows (start, start_precision, end, end_precision, ...).

    Returns
    -------
    DataFrame
        The same with ``signed`` and ``until``.
    """
    dates = {
        words: [
            formatted(day, KNOWN_TO[known])
            if known in KNOWN_TO
            else _("no date was found")
            for day, known in zip(decisions[column], decisions[f"{column}_precision"])
        ]
        for words, column in (("signed", "start"), ("until", "end"))
    }
    return decisions.assign(**dates)


def contested(decisions: pd.DataFrame, span: Span) -> alt.LayerChart:
    """Contested deals as marks in time, in the colour of what those at home did to them.

    Parameters
    ----------
    decisions : DataFrame
        Rows (label, matter, start, start_precision, end, end_precision, who_moved, how, outcome, level_two, source).
    span : pair of dates

    Returns
    -------
    alt.LayerChart
        View ``decisions``: a dot where a deal was signed, a bar to the last turn that was found, pale where
        its end has no date.

    Raises
    ------
    ValueError
        If what those at home did has no colour.
    """
    shades = _coloured("level_two", decisions["level_two"], DID)
    first, last = (pd.Timestamp(day) for day in span)
    rows = deals(decisions).assign(
        rank=decisions["level_two"].map(list(DID).index),
        from_ms=decisions["start"].map(stamp),
        to_ms=decisions["end"].map(stamp),
        dated=decisions["end_precision"] != "not told",
        late=decisions["start"] > first + (last - first) / 2,
    )
    rows = rows.sort_values(["rank", "start"], kind="stable")
    lanes = list(rows["label"])
    columns = "label matter level_two outcome who_moved how signed until source"
    shown = rows[[*columns.split(), "from_ms", "to_ms", "dated", "late"]]
    base = plot(in_words(shown, "level_two")).encode(
        time_x(span, "from_ms"),
        alt.Y("label:N", title=None, axis=None, scale=alt.Scale(domain=lanes)),
    )
    low = 6  # marks lie below the middle of a lane, which leaves room for the name above them
    marks = base.encode(
        color=tinted(
            "level_two", shades, columns=2, columnPadding=8, symbolType="circle"
        ),
        tooltip=hover(
            "matter:N = deal",
            "signed:N",
            "level_two:N = those at home",
            "who_moved:N = who moved",
            "how:N = by",
            "outcome:N",
            "until:N = last turn",
            "source:N",
        ),
    )
    named = marks.encode(text="label:N", color=alt.value(TEXT))
    place = {"baseline": "bottom", "dy": low - 6, "fontSize": 11}
    names = sided(named, ("!datum.late", "datum.late"), -5, **place)
    return panel(
        marks.mark_bar(height=5, yOffset=low, clip=True).encode(
            x2="to_ms:Q", opacity=either("datum.dated", 1, 0.35)
        ),
        marks.mark_point(filled=True, opacity=1, size=75, yOffset=low),
        *names,
        height=28 * len(lanes),
        name="decisions",
    )


def decisions(votes: pd.DataFrame) -> pd.DataFrame:
    """Decisions of a parliament as a table shows them.

    Parameters
    ----------
    votes : DataFrame
        Rows (start, end, for, against, abstaining, ...); counts may be missing.

    Returns
    -------
    DataFrame
        The same with ``when``, no sharper than it is known, and ``count`` in words.
    """
    start, end = votes["start"], votes["end"]
    month = (start.dt.day == 1) & (end == start + pd.offsets.MonthEnd(0))
    spans = [
        _("{first:%-d %b} to {last:%-d %b %Y}", first=one, last=other)
        for one, other in zip(start, end)
    ]
    when = pd.Series(spans, votes.index, dtype=object)
    when = when.mask(
        month, start.map(lambda day: formatted(day, "%b %Y"), na_action="ignore")
    )
    when = when.mask(start == end, day_text(start))
    count = [
        _(
            "{one} for, {two} against, {three} abstaining",
            one=one,
            two=two,
            three=three,
        )
        if pd.notna(one)
        else _("no count was found")
        for one, two, three in zip(votes["for"], votes["against"], votes["abstaining"])
    ]
    return votes.assign(when=when, count=count)
