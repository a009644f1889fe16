"""Who decides: scores over formal powers, leaders over ministers, and contested deals in time.

Draws, computes nothing; the grammar and every colour are those of ``charts``.
"""

import altair as alt
import pandas as pd

from .grammar import (
    either,
    hover,
    inline,
    menu,
    panel,
    picker,
    plot,
    quoted,
    renamed,
    slider,
    stamp,
    time_axis,
    time_scale,
    tinted,
)
from .series import series_chart, series_holes
from .theme import ACCENT, GRID, MUTED, PAGE, TEXT, WARM, WARN


#: Who may hold a formal power, in the order of the legend, with the colour of each.
HOLDERS = {
    "president": ACCENT,
    "shared": MUTED,
    "government": WARM,
    "parliament": WARN,
}
#: What those at home did to a contested deal, in the order of the lanes, with the colour of each.
DID = {
    "moved": ACCENT,
    "tried in vain": WARN,
    "did not try": WARM,
    "unclear": MUTED,
}
#: How a day is told that is known to the day, the month or the year.
KNOWN_TO = {"day": "%-d %b %Y", "month": "%b %Y", "year": "%Y"}
#: Lane that names the version of the constitution.
VERSION = "constitution"


def scores_over_powers(series, powers, names, span, words=None, ends=None):
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
    if strange := set(powers["holder"]) - set(HOLDERS):
        raise ValueError(
            f"holder is {', '.join(map(repr, sorted(strange)))}; allowed: {', '.join(map(repr, HOLDERS))}"
        )
    own, *others = names.values()
    picks = [
        picker("measure", series, "Score"),
        menu("beside", "Beside it", others),
    ]
    x = alt.X("ms:Q", scale=time_scale(span), axis=time_axis(span, grid=False))
    bare = alt.X(
        "ms:Q",
        scale=time_scale(span),
        axis=time_axis(span, labels=False, ticks=False, grid=False),
    )
    return (
        alt.vconcat(
            _scores(series, powers, names, span, bare, ends or {}),
            _powers(powers, x, words or {}),
            spacing=14,
        )
        .resolve_scale(color="independent")
        .add_params(*picks)
    )


def _scores(series, powers, names, span, x, ends):
    own = next(iter(names.values()))
    years = tuple(pd.Timestamp(day).year for day in span)
    rows = pd.concat(
        [
            s.rows.assign(series=s.label, state=s.rows["state"].map(names), part=0)
            for s in series
        ]
    )
    force = pd.DataFrame(
        [
            {"year": year, "powers": powers_in_force(powers, f"{year}-07-01")}
            for year in range(years[0], years[1] + 1)
        ]
    )
    base = (
        series_chart(rows, "state", years, series, "measure")
        .transform_filter("isValid(datum.value)")
        .transform_lookup("year", alt.LookupData(inline(force), "year", ["powers"]))
        .transform_calculate(
            who=f"datum.state == {quoted(own)} ? {quoted(own)} : datum.state == beside ? 'beside it' : 'others'"
        )
    )
    shade = tinted(
        "who",
        {own: ACCENT, "beside it": TEXT, "others": MUTED},
        columns=3,
        symbolType="stroke",
        columnPadding=8,
        offset=38,
        labelExpr="datum.value == 'beside it' ? beside : datum.label",
    )
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True))
    tip = hover("year:Q d", "state:N", "value:Q .3~g", "unit:N", "source:N")
    layers = [
        *series_holes(rows[rows["state"] == own], "measure", x, years),
        _starts(powers, x),
    ]
    # Scores are whole numbers and often equal: each state's line is moved by a hair, so that none hides another.
    for place, state in reversed(
        list(enumerate(names.values()))
    ):  # the state itself lies on top, at its true height
        one, lift = (
            base.transform_filter(f"datum.state == {quoted(state)}"),
            -1.5 * ((place + 1) // 2) * (-1) ** place,
        )
        own_tip = (
            [*tip, alt.Tooltip("powers:N", title=f"by the letter in {own}")]
            if state == own
            else tip
        )
        layers += [
            one.mark_line(yOffset=lift).encode(
                x,
                y,
                shade,
                strokeWidth=either("datum.who == 'others'", 1.2, 2.5),
            ),
            one.mark_point(yOffset=lift, size=30).encode(x, y, shade, tooltip=own_tip),
        ]
    return panel(
        *layers,
        _scale_of(series, ends),
        height=170,
        name="scores",
        heading="Score by year; dashed: a new constitution; grey: no score",
    )


def _scale_of(series, ends):
    """Name and unit of the chosen score, above its panel, since a choice changes no title of an axis."""
    rows = pd.DataFrame(
        {
            "series": [s.label for s in series],
            "text": [f"{s.label}|{ends.get(s.id, s.unit)}" for s in series],
        }
    )
    return (
        plot(rows)
        .transform_filter("datum.series == measure")
        .mark_text(
            align="left",
            baseline="bottom",
            x=0,
            y=-18,
            fontSize=11,
            lineHeight=14,
            lineBreak="|",
            fontWeight="bold",
            limit=alt.expr("width"),
        )
        .encode(text="text:N")
    )


def _starts(powers, x):
    """A rule at the first day of each version."""
    rows = powers.drop_duplicates("constitution").assign(
        ms=lambda p: p["start"].map(stamp),
        day=lambda p: p["start"].dt.strftime("%-d %b %Y"),
    )[["ms", "day", "constitution"]]
    return (
        plot(rows)
        .mark_rule(strokeDash=[3, 3])
        .encode(
            x,
            tooltip=hover("constitution:N", "day:N = in force from"),
        )
    )


def _powers(powers, x, words):
    lanes = [VERSION, *dict.fromkeys(powers["power"])]
    rows = powers.assign(
        from_ms=powers["start"].map(stamp),
        to_ms=(powers["end"] + pd.Timedelta(days=1)).map(stamp),
        since=powers["start"].dt.strftime("%-d %b %Y"),
        until=powers["end"].dt.strftime("%-d %b %Y"),
    )
    rows = rows[
        (
            "constitution power holder article wording source from_ms to_ms since until"
        ).split()
    ]
    y = alt.Y(
        "power:N", sort=lanes, title=None, scale=alt.Scale(domain=lanes), axis=None
    )
    present = [h for h in HOLDERS if h in set(rows["holder"])]
    shade = tinted(
        "holder",
        dict(zip(present, [HOLDERS[h] for h in present])),
        columns=3,
        columnPadding=8,
    )
    tip = hover(
        "power:N",
        "holder:N",
        "wording:N = in our words",
        "constitution:N",
        "article:N",
        "since:N = in force from",
        "until:N = to",
        "source:N",
    )
    from_x = renamed(x, "from_ms")
    # The name of a lane stands above its bars: beside them it would take half of a narrow screen.
    bar = {"height": 13, "yOffset": 7, "stroke": PAGE, "strokeWidth": 1.5, "clip": True}
    bars = (
        plot(rows).mark_bar(**bar).encode(from_x, y, shade, x2="to_ms:Q", tooltip=tip)
    )
    versions = rows.drop_duplicates("constitution").assign(
        power=VERSION, middle=lambda r: (r["from_ms"] + r["to_ms"]) // 2
    )["constitution power from_ms to_ms middle since until".split()]
    base = plot(versions)
    band = base.mark_bar(**bar, color=GRID).encode(
        from_x,
        y,
        x2="to_ms:Q",
        tooltip=hover("constitution:N", "since:N = in force from", "until:N = to"),
    )
    # A version of some months has no room for its name, which stands above it.
    short = "datum.to_ms - datum.from_ms <= 2.4 * 365 * 864e5"
    text = [
        base.transform_filter(f"!({short})")
        .mark_text(fontSize=11, dy=7)
        .encode(renamed(x, "middle"), y, text="constitution:N"),
        base.transform_filter(short)
        .mark_text(fontSize=11, dy=-7, align="right")
        .encode(renamed(x, "to_ms"), y, text="constitution:N"),
    ]
    titles = (
        plot({"power": lanes, "words": [words.get(lane, lane) for lane in lanes]})
        .mark_text(
            align="left", baseline="bottom", x=0, fontSize=11, limit=alt.expr("width")
        )
        .encode(y=y, text="words:N")
    )
    return panel(
        band,
        bars,
        *text,
        titles,
        height=31 * len(lanes),
        name="powers",
        heading="Holder by the letter; empty: not read",
    )


def powers_in_force(powers, day):
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
    now = powers[
        (powers["start"] <= pd.Timestamp(day)) & (powers["end"] >= pd.Timestamp(day))
    ]
    return (
        "; ".join(f"{row.power}: {row.holder}" for row in now.itertuples())
        or "none was read"
    )


def leaders_over_ministers(leaders, ministers, names, span):
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
    days = ministers[["start", "start_latest", "end_earliest", "end"]]
    if not (
        (days["start"] <= days["start_latest"])
        & (days["end_earliest"] <= days["end"])
        & (days["start"] <= days["end"])
    ).all():
        raise ValueError(
            "ministers have days out of order; allowed: start <= start_latest, end_earliest <= end, start <= end"
        )
    lanes, own = ["leader", "foreign minister"], next(iter(names.values()))
    first, last = (pd.Timestamp(day) for day in span)
    x = alt.X("from_ms:Q", scale=time_scale(span), axis=time_axis(span))
    y = alt.Y(
        "state:N",
        sort=list(names.values()),
        title=None,
        scale=alt.Scale(domain=list(names.values()), paddingInner=0.12),
    )
    offset = alt.YOffset("lane:N", sort=lanes, scale=alt.Scale(domain=lanes))
    shade = either(f"datum.state == {quoted(own)}", ACCENT, MUTED)
    above = _leader_rows(leaders, names)
    below = _minister_rows(ministers, names)
    bar = {"stroke": PAGE, "strokeWidth": 1.5, "clip": True}
    top = (
        plot(above)
        .mark_bar(height={"band": 0.36}, **bar)
        .encode(
            x,
            y,
            x2="to_ms:Q",
            yOffset=offset,
            color=shade,
            tooltip=hover(
                "leader:N",
                "state:N",
                "since:N",
                "until:N",
                "exit_code:N = left office",
                "source:N",
            ),
        )
    )
    tip = hover(
        "minister:N",
        "state:N",
        "since:N = from",
        "until:N = to",
        "acting:N",
        "note:N = left open",
        "source:N",
    )
    base = plot(below).encode(y=y, yOffset=offset, color=shade, tooltip=tip)
    pale = base.mark_bar(height={"band": 0.36}, opacity=0.4, **bar).encode(
        x, x2="to_ms:Q"
    )
    sure = (
        base.transform_filter("datum.sure_to > datum.sure_from")
        .mark_bar(height={"band": 0.36}, **bar)
        .encode(renamed(x, "sure_from"), x2="sure_to:Q")
    )
    empty = pd.DataFrame(
        [
            {
                "state": name,
                "lane": lanes[1],
                "from_ms": stamp(first),
                "to_ms": stamp(
                    min([last, *ministers.loc[ministers["iso3"] == iso3, "start"]])
                ),
                "why": "not found with dates",
            }
            for iso3, name in names.items()
        ]
    )
    hole = (
        plot(empty)
        .transform_filter("datum.to_ms > datum.from_ms")
        .mark_bar(height={"band": 0.36}, color=GRID, opacity=0.8, clip=True)
        .encode(
            x,
            y,
            x2="to_ms:Q",
            yOffset=offset,
            tooltip=hover("state:N", "why:N = ministers"),
        )
    )
    now = "utc(in_year, 0, 1)"
    rule = (
        plot({"one": [1]})
        .transform_calculate(ms=now)
        .mark_rule(color=TEXT, strokeWidth=2)
        .encode(x=alt.X("ms:Q", scale=time_scale(span)))
    )
    said = (
        plot({"one": [1]})
        .transform_calculate(text="'years in office by 1 January ' + in_year")
        .mark_text(
            align="left", baseline="bottom", x=2, y=-5, fontSize=11, fontWeight="bold"
        )
        .encode(text="text:N")
    )
    held = (
        f"format(max(0, {now} - datum.mid_from) / (365.25 * 864e5), '.1f') + ' years'"
    )
    texts = []
    for rows, who in ((above, "leader"), (below, "minister")):
        words = (
            plot(rows)
            .transform_filter(f"datum.mid_from <= {now} && datum.mid_to > {now}")
            .transform_calculate(text=f"datum.{who} + ', ' + datum.about + {held}")
        )
        # A text starts at the upper edge of its lane; the bar lies in the middle of it.
        place = {"align": "left", "baseline": "bottom", "dy": 4, "x": 2, "fontSize": 11}
        texts += [
            words.mark_text(
                **place, stroke=PAGE, strokeWidth=3, strokeOpacity=0.8
            ).encode(y=y, yOffset=offset, text="text:N"),
            words.mark_text(**place).encode(y=y, yOffset=offset, text="text:N"),
        ]
    return panel(
        hole,
        top,
        pale,
        sure,
        rule,
        said,
        *texts,
        height=78 * len(names),
        name="tenures",
    ).add_params(
        slider("in_year", "On 1 January of", first.year + 1, last.year, first.year + 10)
    )


def _leader_rows(leaders, names):
    rows = leaders[leaders["iso3"].isin(list(names))]
    rows = rows.assign(
        state=rows["iso3"].map(names),
        lane="leader",
        from_ms=rows["start"].map(stamp),
        to_ms=rows["end"].map(stamp),
        about="",
        since=rows["start"].dt.strftime("%-d %b %Y"),
        until=rows["end"].dt.strftime("%-d %b %Y"),
    )
    rows = rows.assign(mid_from=rows["from_ms"], mid_to=rows["to_ms"])
    return rows[
        (
            "state lane leader from_ms to_ms mid_from "
            "mid_to about since until exit_code source"
        ).split()
    ]


def _minister_rows(ministers, names):
    """Ministers with the days that are sure, those that are not, and the middle between."""
    stamps = {
        name: ministers[name].map(stamp)
        for name in ("start", "start_latest", "end_earliest", "end")
    }
    rows = ministers.assign(
        state=ministers["iso3"].map(names),
        lane="foreign minister",
        from_ms=stamps["start"],
        to_ms=stamps["end"],
        sure_from=stamps["start_latest"],
        sure_to=stamps["end_earliest"],
        mid_from=(stamps["start"] + stamps["start_latest"]) // 2,
        mid_to=(stamps["end_earliest"] + stamps["end"]) // 2,
        about=(ministers["start"] < ministers["start_latest"]).map(
            {True: "about ", False: ""}
        ),
        acting=ministers["acting"].map({True: "yes", False: "no"}),
        since=_when(ministers["start"], ministers["start_latest"]),
        until=_when(ministers["end_earliest"], ministers["end"]),
    )
    return rows[
        (
            "state lane minister from_ms to_ms sure_from sure_to "
            "mid_from mid_to about since until acting note source"
        ).split()
    ]


def _when(first, last):
    """A day, or the first and last possible one."""
    one, other = first.dt.strftime("%-d %b %Y"), last.dt.strftime("%-d %b %Y")
    return one.where(first == last, "between " + one + " and " + other)


def deals(decisions):
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
    told = {
        words: [
            f"{day:{KNOWN_TO[known]}}" if known in KNOWN_TO else "no date was found"
            for day, known in zip(decisions[column], decisions[f"{column}_precision"])
        ]
        for words, column in (("signed", "start"), ("until", "end"))
    }
    return decisions.assign(**told)


def contested(decisions, span):
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
    if strange := set(decisions["level_two"]) - set(DID):
        raise ValueError(
            f"level_two is {', '.join(map(repr, sorted(strange)))}; allowed: {', '.join(map(repr, DID))}"
        )
    first, last = (pd.Timestamp(day) for day in span)
    middle = first + (last - first) / 2
    rows = deals(decisions).assign(
        rank=decisions["level_two"].map(list(DID).index),
        from_ms=decisions["start"].map(stamp),
        to_ms=decisions["end"].map(stamp),
        dated=decisions["end_precision"] != "not told",
        late=decisions["start"] > middle,
    )
    rows = rows.sort_values(["rank", "start"], kind="stable")
    lanes = list(rows["label"])
    rows = rows[
        (
            "label matter level_two outcome who_moved how "
            "signed until source from_ms to_ms dated late"
        ).split()
    ]
    x = alt.X("from_ms:Q", scale=time_scale(span), axis=time_axis(span))
    y = alt.Y("label:N", title=None, axis=None, scale=alt.Scale(domain=lanes))
    present = [did for did in DID if did in set(rows["level_two"])]
    shade = tinted(
        "level_two",
        dict(zip(present, [DID[did] for did in present])),
        columns=2,
        columnPadding=8,
        symbolType="circle",
    )
    tip = hover(
        "matter:N = deal",
        "signed:N",
        "level_two:N = those at home",
        "who_moved:N = who moved",
        "how:N = by",
        "outcome:N",
        "until:N = last turn",
        "source:N",
    )
    base = plot(rows).encode(y=y, color=shade, tooltip=tip)
    low = 6  # marks lie below the middle of a lane, which leaves room for the name above them
    bars = base.mark_bar(height=5, yOffset=low, clip=True).encode(
        x,
        x2="to_ms:Q",
        opacity=either("datum.dated", 1, 0.35),
    )
    dots = base.mark_point(filled=True, opacity=1, size=75, yOffset=low).encode(x)
    names = [
        base.transform_filter("datum.late" if late else "!datum.late")
        .mark_text(
            align="right" if late else "left",
            baseline="bottom",
            dx=5 if late else -5,
            dy=low - 6,
            fontSize=11,
        )
        .encode(x, text="label:N", color=alt.value(TEXT))
        for late in (False, True)
    ]
    return panel(bars, dots, *names, height=28 * len(lanes), name="decisions")


def decisions(votes):
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
    month = (votes["start"].dt.day == 1) & (
        votes["end"] == votes["start"] + pd.offsets.MonthEnd(0)
    )
    when = (
        votes["start"].dt.strftime("%-d %b")
        + " to "
        + votes["end"].dt.strftime("%-d %b %Y")
    ).mask(month, votes["start"].dt.strftime("%b %Y"))
    when = when.mask(
        votes["start"] == votes["end"], votes["start"].dt.strftime("%-d %b %Y")
    )
    count = [
        f"{one} for, {two} against, {three} abstaining"
        if pd.notna(one)
        else "no count was found"
        for one, two, three in zip(votes["for"], votes["against"], votes["abstaining"])
    ]
    return votes.assign(when=when, count=count)
