"""Who decides: scores over formal powers, leaders over ministers, and contested deals in time."""

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from ..checks import one_of, refuse
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
    renamed,
    sided,
    stamp,
    time_x,
    tinted,
)
from .series import in_language, series_chart, series_holes
from .theme import ACCENT, GRID, LEVELS, MUTED, PAGE, PALE, TEXT, WARM, WARN

#: Who may hold a formal power, in the order of the legend, with the colour of each: none is that of the state's line.
HOLDERS = {
    N_("president"): WARN,
    N_("shared"): MUTED,
    N_("government"): WARM,
    N_("parliament"): LEVELS["both"],
}
#: What those at home did to a contested decision, with the colour and the shape of each.
DID = {N_("moved"): ACCENT, N_("tried in vain"): WARN, N_("did not try"): MUTED}
SHAPES = {"moved": "circle", "tried in vain": "cross", "did not try": "square"}
#: How a day is told that is known to the day, the month or the year.
KNOWN_TO = {"day": "%-d %b %Y", "month": "%b %Y", "year": "%Y"}
#: Lane that names the version of the constitution.
VERSION = _("constitution")
_DAYS = pd.to_datetime([])
#: Powers of a case that has read none.
_NO_POWER = pd.DataFrame(
    {"constitution": [], "power": [], "holder": [], "start": _DAYS, "end": _DAYS}
)
_LANE = {"band": 0.86}
#: A span too short for a name on its bar.
_BRIEF = "datum.to_ms - datum.from_ms <= 2.2 * 365 * 864e5"
_BAR: dict[str, Any] = {"stroke": PAGE, "strokeWidth": 1.5, "clip": True}


def _coloured(name: str, values: Iterable[str], shades: Mapping[str, str]) -> dict:
    """The shades of the values that occur; refuses a value that has none."""
    if strange := sorted(set(values) - set(shades)):
        refuse(name, strange[0], ", ".join(map(repr, shades)))
    return {value: shades[value] for value in shades if value in set(values)}


# Scores over powers -----------------------------------------------------------------


def scores_over_powers(
    series: list[Any],
    powers: pd.DataFrame | None,
    power: str,
    names: Mapping[str, str],
    span: Span,
    ends: Mapping[str, str] | None = None,
    limits: Mapping[str, tuple[int, int]] | None = None,
) -> alt.VConcatChart:
    """Yearly scores of the state and its neighbours over the holder of one formal power in each constitution.

    Parameters
    ----------
    series : list of alignment.Series
        Yearly measures; one is shown at a time, the first at the start.
    powers : DataFrame or None
        Rows (constitution, start, end, power, holder, article, wording, source); without them the scores stand alone.
    power : str
        The power that is drawn; where it has no row it was not read, and its lane is empty.
    names : dict of str to str
        ISO3 code to name; the state under study comes first.
    span : pair of dates
    ends : dict of str to str, optional
        By the id of a series, what its lowest and highest value mean, instead of its unit.
    limits : dict of str to pair of int, optional
        By the id of a series, the lowest and the highest value that its scale has; else those that occur.

    Returns
    -------
    alt.VConcatChart
        View ``scores`` over view ``powers``, if there are powers; selects for the measure and for the neighbour that is marked.

    Raises
    ------
    ValueError
        If there is no series, no such power, or a holder that has no colour.
    """
    if not series:
        raise ValueError("series is empty; allowed: one measure or more")
    series = in_language(series)
    heading, x = _("Score by year; grey: no score"), time_x(span, grid=False)
    read, low, top_x = _NO_POWER, [], x
    if powers is not None:
        one_of("power", power, powers["power"].unique())
        held = powers.loc[powers["power"] == power, "holder"]
        read, low = (
            powers,
            [_power(powers, power, x, _coloured("holder", held, HOLDERS))],
        )
        heading = _("Score by year; dashed: a new constitution; grey: no score")
        top_x = time_x(span, labels=False, ticks=False, grid=False)
    top = panel(
        *_scores(series, read, power, names, span, top_x, limits or {}),
        _scale_of(series, ends or {}),
        height=150,
        name="scores",
        heading=heading,
    )
    return (
        alt.vconcat(top, *low, spacing=14)
        .resolve_scale(color="independent")
        .add_params(
            picker("measure", series, _("Score")),
            menu("beside", _("Beside it"), list(names.values())[1:]),
        )
    )


def _scores(
    series: list[Any],
    powers: pd.DataFrame,
    power: str,
    names: Mapping[str, str],
    span: Span,
    x: alt.X,
    limits: Mapping[str, tuple[int, int]],
) -> list[alt.Chart]:
    """A line a state; the state under study lies on top, at its true height.

    A line ends at a year without a score, so that a score of every second year is dots alone.
    """
    states = list(names.values())
    own, others = states[0], _("others")
    first, last = years = pd.Timestamp(span[0]).year, pd.Timestamp(span[1]).year
    scored = pd.concat([s.rows.assign(series=s.label) for s in series])
    scored["state"] = scored["state"].map(names)
    every = pd.MultiIndex.from_product(
        [[s.label for s in series], states, range(first, last + 1)],
        names=["series", "state", "year"],
    )
    rows = scored.set_index(list(every.names)).reindex(every).reset_index()
    rows = rows.assign(part=0, n=rows["n"].fillna(0))
    force = _in_force(powers, range(first, last + 1))
    key = {"symbolType": "stroke", "columnPadding": 8, "offset": 38}
    base = (
        series_chart(rows, "state", years, series, "measure")
        .transform_lookup("year", force)
        .transform_calculate(
            who=f"datum.state == {quoted(own)} ? {quoted(own)} : datum.state == beside ? 'beside' : {quoted(others)}"
        )
        .encode(
            x,
            _own_scale(series, limits),
            tinted(
                "who",
                {own: ACCENT, "beside": TEXT, others: PALE},
                columns=3,
                labelExpr="datum.value == 'beside' ? beside : datum.label",
                **key,
            ),
        )
    )
    layers = series_holes(rows[rows["state"] == own], "measure", x, years)
    return [*layers, _starts(powers, power, x), *_state_lines(base, states)]


def _own_scale(series: list[Any], limits: Mapping[str, tuple[int, int]]) -> alt.Y:
    """An axis from the lowest to the highest value that the chosen score can have."""
    ends, ticks = {}, {}
    for one in series:
        values = one.rows["value"].dropna()
        low, high = limits.get(
            one.id, (math.floor(values.min()), math.ceil(values.max()))
        )
        step = 1 if high - low < 10 else 5
        ends[one.label] = [low, high]
        ticks[one.label] = list(range(low, high + 1, step))
    scale = alt.Scale(
        domain=alt.ExprRef(f"{quoted(ends)}[measure]"),
        nice=False,
        zero=False,
    )
    axis = alt.Axis(values=alt.ExprRef(f"{quoted(ticks)}[measure]"), format="d")
    return alt.Y("value:Q", title=None, scale=scale, axis=axis)


def _state_lines(base: alt.Chart, states: list[str]) -> list[alt.Chart]:
    """A line with dots for each state, the first on top; those that nobody chose are pale and without dots."""
    rest = f"datum.who == {quoted(_('others'))}"
    thick, dotted = (either(rest, *pair) for pair in ((1.2, 2.5), (0, 1)))
    tip = hover("year:Q d", "state:N", "value:Q .3~g", "unit:N", "source:N")
    letter = hover("powers:N = " + _("by the letter in {state}", state=states[0]))
    layers = []
    # Scores are whole numbers and often equal: each state's line is moved by a hair, so that none hides another.
    for place, state in reversed(list(enumerate(states))):
        one = base.transform_filter(f"datum.state == {quoted(state)}")
        lift = -1.5 * ((place + 1) // 2) * (-1) ** place
        layers += [
            one.mark_line(yOffset=lift).encode(strokeWidth=thick),
            # Without its dots a line can still be pointed at.
            one.transform_filter("isValid(datum.value)")
            .mark_point(yOffset=lift, size=30)
            .encode(opacity=dotted, tooltip=tip if place else [*tip, *letter]),
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


def _starts(powers: pd.DataFrame, power: str, x: alt.X) -> alt.Chart:
    """A rule at the first day of each version, faint where the power does not change hands."""
    first = powers.drop_duplicates("constitution")
    read = powers[powers["power"] == power].sort_values("start")
    passed = read[read["holder"] != read["holder"].shift().bfill()]["constitution"]
    rows = {
        "ms": first["start"].map(stamp),
        "day": day_text(first["start"]),
        "constitution": first["constitution"],
        "passed": first["constitution"].isin(passed),
    }
    tip = hover("constitution:N", "day:N = in force from")
    return (
        plot(rows)
        .mark_rule(strokeDash=[3, 3], color=TEXT)
        .encode(x, opacity=either("datum.passed", 1, 0.3), tooltip=tip)
    )


def _power(
    powers: pd.DataFrame, power: str, x: alt.X, shades: Mapping[str, str]
) -> alt.LayerChart:
    """The versions of the constitution in a lane, and in another the holders of one power."""
    lanes = [VERSION, power]
    rows = powers.assign(
        from_ms=powers["start"].map(stamp),
        to_ms=(powers["end"] + pd.Timedelta(days=1)).map(stamp),
        middle=lambda r: (r["from_ms"] + r["to_ms"]) // 2,
        since=day_text(powers["start"]),
        until=day_text(powers["end"]),
    )
    scale = alt.Scale(domain=lanes)
    y = alt.Y("power:N", sort=lanes, title=None, scale=scale, axis=None)
    columns = "constitution power holder article wording source from_ms to_ms"
    read = rows.loc[rows["power"] == power, [*columns.split(), "since", "until"]]
    held = plot(in_words(read, "holder")).encode(y=y)
    bars = held.mark_bar(**_BAR, height=20).encode(
        renamed(x, "from_ms"),
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
    named = held.transform_filter(f"!({_BRIEF})").transform_calculate(
        middle="(datum.from_ms + datum.to_ms) / 2"
    )
    words = named.encode(renamed(x, "middle"), text="holder:N")
    # On a phone a bar has no room for a word.
    style = {"fontSize": 11, "opacity": alt.expr("width < 450 ? 0 : 1")}
    return panel(
        *_versions(rows, x, y),
        bars,
        *haloed(words, **style),
        _unread(rows, read, power).encode(x=renamed(x, "middle"), y=y),
        height=60,
        name="powers",
        heading=_("Who holds the right by the letter; empty: not read"),
    )


def _unread(rows: pd.DataFrame, read: pd.DataFrame, power: str) -> alt.Chart:
    """A word in place of a version in which the power was not read, where there is room."""
    other = rows[~rows["constitution"].isin(read["constitution"])]
    unread = other.drop_duplicates("constitution").assign(power=power)
    return (
        plot(unread[["power", "from_ms", "to_ms", "middle"]])
        .transform_filter(f"!({_BRIEF})")
        .mark_text(text=_("not read"), fontSize=11, color=MUTED)
    )


def _versions(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A bar a version of the constitution, with its name where there is room."""
    versions = rows.drop_duplicates("constitution").assign(power=VERSION)
    columns = "constitution power from_ms to_ms middle since until".split()
    base = plot(versions[columns]).encode(y=y)
    return [
        base.mark_bar(**_BAR, height=16, color=GRID).encode(
            renamed(x, "from_ms"),
            x2="to_ms:Q",
            tooltip=hover("constitution:N", "since:N = in force from", "until:N = to"),
        ),
        base.transform_filter(f"!({_BRIEF})")
        .mark_text(fontSize=11)
        .encode(renamed(x, "middle"), text="constitution:N"),
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
    ministers: pd.DataFrame | None,
    names: Mapping[str, str],
    changes: pd.DataFrame,
    span: Span,
    counted: Any = None,
) -> alt.LayerChart:
    """Leaders of each state over its foreign ministers; how often each office changed hands stands above the bars.

    Parameters
    ----------
    leaders : DataFrame
        Rows (iso3, leader, start, end, exit_code, source).
    ministers : DataFrame or None
        Rows (iso3, minister, start, start_latest, end_earliest, end, acting, note, source), each end with its
        first and last possible day; without them leaders stand alone.
    names : dict of str to str
        ISO3 code to name; the state under study comes first.
    changes : DataFrame
        Times that the offices changed hands, by ISO3 code: (leaders, ministers), or of leaders alone; NaN where
        none was found.
    span : pair of dates
    counted : date, optional
        First day from which changes are counted; the time before it is shaded and says so.

    Returns
    -------
    alt.LayerChart
        View ``tenures``; what is not known of a minister's ends is faint, years without a known minister are grey.

    Raises
    ------
    ValueError
        If a minister's days are out of order.
    """
    above = _leader_rows(leaders, names, span)
    lanes, states = ["name", "leader", "minister"], list(names.values())
    lanes = lanes[:2] if ministers is None else lanes
    room = alt.Scale(domain=states, paddingInner=0.15)
    place = {
        "y": alt.Y("state:N", sort=states, title=None, scale=room, axis=None),
        "yOffset": alt.YOffset("lane:N", sort=lanes, scale=alt.Scale(domain=lanes)),
    }
    x, shade = (
        time_x(span, "from_ms"),
        either(f"datum.state == {quoted(states[0])}", ACCENT, MUTED),
    )
    bars, named = _led(above, x, shade)
    hole, below = _served(ministers, names, span, x, shade)
    layers = [*hole, bars, *below, named]
    return panel(
        *_uncounted(counted, span, x),
        *(layer.encode(**place) for layer in [*layers, _titles(names, changes)]),
        height=(58 if len(lanes) > 2 else 40) * len(names),
        name="tenures",
    )


def _uncounted(counted: Any, span: Span, x: alt.X) -> list[alt.Chart]:
    """The time before changes are counted."""
    if counted is None:
        return []
    rows = {"from_ms": [stamp(span[0])], "to_ms": [stamp(counted)]}
    before = plot(rows)
    return [
        before.mark_rect(color=GRID, opacity=0.5).encode(x, x2="to_ms:Q"),
        before.mark_text(
            text=_("not counted"), align="left", dx=2, y=-6, fontSize=11, color=MUTED
        ).encode(x),
    ]


def _titles(names: Mapping[str, str], changes: pd.DataFrame) -> alt.Chart:
    """Above the bars of each state its name, and how often the offices changed hands."""
    told = changes.reindex(list(names))
    leader = [_led_times(n) for n in told["leaders"]]
    counts, brief = leader, leader
    if "ministers" in told:
        counts = [
            _("{leader}, {minister}", leader=one, minister=_served_times(n))
            for one, n in zip(leader, told["ministers"])
        ]
        # A phone has no room for whole words.
        brief = [_brief(*pair) for pair in zip(told["leaders"], told["ministers"])]
    rows = {
        "state": list(names.values()),
        "lane": "name",
        "words": [f"{name}: {count}" for name, count in zip(names.values(), counts)],
        "brief": [f"{name}: {count}" for name, count in zip(names.values(), brief)],
    }
    style = {"align": "left", "x": 0, "fontSize": 12, "fontWeight": "bold", "dy": 3}
    said = alt.expr("width < 450 ? datum.brief : datum.words")
    return plot(pd.DataFrame(rows)).mark_text(**style, text=said)


def _led_times(n: float) -> str:
    """How often a state changed its leader."""
    if pd.isna(n):
        return _("leader not found")
    return _("leader changed {times}", times=formatted(int(n), _("# time|# times")))


def _served_times(n: float) -> str:
    """How often a state changed its foreign minister."""
    if pd.isna(n):
        return _("foreign minister not found")
    return _("foreign minister {n:.0f}", n=n)


def _brief(leaders: float, ministers: float) -> str:
    """Both in few words."""
    if pd.isna(leaders) and pd.isna(ministers):
        return _("neither office found")
    if pd.isna(leaders):
        return _("minister {b:.0f}, leader not found", b=ministers)
    if pd.isna(ministers):
        return _("leader {a:.0f}, minister not found", a=leaders)
    return _("leader {a:.0f}, minister {b:.0f}", a=leaders, b=ministers)


def _led(above: pd.DataFrame, x: alt.X, shade: Any) -> tuple[alt.Chart, alt.Chart]:
    """A bar a leader, and the names of those who have room for one."""
    base = plot(above)
    bars = base.mark_bar(height=_LANE, **_BAR)
    named = (
        base.transform_filter("datum.shown_to - datum.shown_from > 5 * 365 * 864e5")
        .mark_text(align="left", dx=5, dy=4, fontSize=11, color=PAGE)
        .encode(renamed(x, "shown_from"), text="leader:N")
    )
    return bars.encode(x, x2="to_ms:Q", color=shade, tooltip=TENURE_TOOLTIP), named


def _served(
    ministers: pd.DataFrame | None,
    names: Mapping[str, str],
    span: Span,
    x: alt.X,
    shade: Any,
) -> tuple[list[alt.Chart], list[alt.Chart]]:
    """Holes where no minister is known, and a bar a minister, faint where the ends are not sure."""
    if ministers is None:
        return [], []
    ministers = ministers[ministers["iso3"].isin(list(names))]
    _in_order(ministers)
    hole = (
        plot(_unknown(ministers, names, span))
        .transform_filter("datum.to_ms > datum.from_ms")
        .mark_bar(height=_LANE, color=GRID, opacity=0.8, clip=True)
        .encode(x, x2="to_ms:Q", tooltip=hover("state:N", "why:N = ministers"))
    )
    told = hover(
        "minister:N",
        "state:N",
        "since:N = from",
        "until:N = to",
        "acting:N",
        "note:N = left open",
        "source:N",
    )
    base = plot(_minister_rows(ministers, names)).encode(color=shade, tooltip=told)
    return [hole], [
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


def _leader_rows(
    leaders: pd.DataFrame, names: Mapping[str, str], span: Span
) -> pd.DataFrame:
    """Leaders, with the first and the last moment of each that the axis shows."""
    rows = leaders[leaders["iso3"].isin(list(names))]
    start, end = rows["start"].map(stamp), rows["end"].map(stamp)
    return pd.DataFrame(
        {
            "state": rows["iso3"].map(names),
            "lane": "leader",
            "leader": rows["leader"],
            "from_ms": start,
            "to_ms": end,
            "shown_from": start.clip(lower=stamp(span[0])),
            "shown_to": end.clip(upper=stamp(span[1])),
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
    return pd.DataFrame(
        {
            "state": ministers["iso3"].map(names),
            "lane": "minister",
            "minister": ministers["minister"],
            "from_ms": start,
            "to_ms": end,
            "sure_from": latest,
            "sure_to": earliest,
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


def contested(
    rows: pd.DataFrame,
    groups: Mapping[str, Collection[str]],
    said: Mapping[str, str],
    span: Span,
) -> alt.LayerChart:
    """Contested decisions as named marks in time, by group of partner, in the colour of what those at home did.

    Parameters
    ----------
    rows : DataFrame
        Rows (label, partner, start, outcome, did, movers, source) of ``decisions.contested``.
    groups : dict of str to sequence of str
        Name of each group, and its partners; the order is that of the lanes.
    said : dict of str to str
        What the legend calls each thing that those at home did.
    span : pair of dates

    Returns
    -------
    alt.LayerChart
        View ``decisions``: a mark where a decision was taken; groups under their names.

    Raises
    ------
    ValueError
        If what those at home did has no colour, or a partner no group.
    """
    _coloured("did", rows["did"], DID)
    group = {partner: name for name, partners in groups.items() for partner in partners}
    _coloured("partner", rows["partner"], group)
    first, last = (pd.Timestamp(day) for day in span)
    rows = rows.assign(
        group=rows["partner"].map(group),
        ms=rows["start"].map(stamp),
        year=rows["start"].dt.year,
        late=rows["start"] > first + (last - first) / 2,
        movers=rows["movers"].replace("", _("nobody")),
    ).sort_values("start", kind="stable")
    lanes: list[str] = []
    for name in groups:
        lanes += [name, *rows.loc[rows["group"] == name, "label"]]
    columns = "label partner group outcome did movers source year ms late".split()
    y = alt.Y("label:N", title=None, axis=None, scale=alt.Scale(domain=lanes))
    base = plot(in_words(rows[columns], "did")).encode(time_x(span), y)
    named = base.encode(text="label:N")
    heads = plot({"label": list(groups)}).mark_text(
        align="left", x=0, fontSize=13, fontWeight="bold"
    )
    return panel(
        base.mark_point(filled=True, opacity=1, size=110).encode(
            color=_told("did", alt.Color, said, DID),
            shape=_told("did", alt.Shape, said, SHAPES),
            tooltip=hover(
                "label:N = decision",
                "partner:N",
                "year:Q d = from",
                "did:N = those at home",
                "movers:N = who moved it",
                "outcome:N",
                "source:N",
            ),
        ),
        *sided(named, ("!datum.late", "datum.late"), 10, fontSize=12),
        heads.encode(y=y, text="label:N"),
        height=20 * len(lanes),
        name="decisions",
    )


def _told(
    field: str, channel: Any, said: Mapping[str, str], values: Mapping[str, str]
) -> Any:
    """A channel whose legend speaks in the page's own words."""
    words = [
        f"datum.value == {quoted(_(value))} ? {quoted(said[value])}" for value in said
    ]
    key = alt.Legend(
        title=None, columns=1, labelExpr=" : ".join([*words, "datum.label"])
    )
    scale = alt.Scale(domain=[_(name) for name in values], range=list(values.values()))
    return channel(f"{field}:N", scale=scale, legend=key)


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
    counts = zip(votes["for"], votes["against"], votes["abstaining"])
    return votes.assign(when=when, count=[_count(*row) for row in counts])


def _count(one: Any, two: Any, three: Any) -> str:
    """A vote in words, without what was not counted."""
    if pd.isna(one):
        return _("no count was found")
    if pd.isna(three):
        return _("{one} for, {two} against", one=one, two=two)
    return _(
        "{one} for, {two} against, {three} abstaining", one=one, two=two, three=three
    )
