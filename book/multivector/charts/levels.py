"""What lies beside the two arenas: acts by level, shocks, and partners beyond their trend."""

from collections.abc import Collection, Mapping
from typing import Any

import altair as alt
import pandas as pd

from ..forms import formatted
from ..language import _
from .grammar import (
    ABOVE,
    day_text,
    either,
    haloed,
    hover,
    inline,
    lifts,
    menu,
    note,
    panel,
    part_of_year,
    picker,
    plot,
    quoted,
    slider,
    tinted,
    year_axis,
    year_bars,
    year_chart,
    year_holes,
)
from .series import citations, in_language, untold
from .theme import ACCENT, GRID, LEVELS, MUTED, PAGE, TEXT

#: Height of the panel of acts, in pixels; the rules of its breaks reach beyond it.
ACTS_HEIGHT = 200
#: A threat whose label is longer goes by its month.
MOST_LETTERS = 24
#: Years that the name of a month takes up above the bars of a phone.
MONTH_ROOM = 5


# Significance of the region ---------------------------------------------------------


def significance_over_time(
    region: pd.DataFrame,
    own: pd.DataFrame,
    measures: pd.DataFrame,
    first_year: int,
    last_year: int,
    state: str,
) -> alt.LayerChart:
    """Significance of the region outside the state, and the same measures of the state itself.

    The highest year of each line has its name.

    Parameters
    ----------
    region, own : DataFrame
        Rows (year, significance, n, one column a measure), as ``alignment.region_significance`` gives them.
    measures : DataFrame
        Rows (id, label, why, source) of the measures.
    state : str
        Name of the state.
    """
    names = {
        "significance": _("all measures, mean rank"),
        **dict(zip(measures["id"], measures["label"])),
    }
    others = _("the other states")
    frames = {state: own, others: region}
    years = (first_year, last_year)
    long = _by_measure(frames, names)
    rows = long[long["year"].between(*years)]
    base = (
        year_chart(rows, *years)
        .transform_filter("datum.measure == measure")
        .transform_lookup("measure", _sourced(names, measures))
        .encode(
            y=alt.Y(
                "value:Q",
                title=_("average rank among\nthe years, 1 = highest").splitlines(),
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(values=[0, 0.5, 1]),
            ),
            color=tinted("who", dict(zip(frames, [ACCENT, MUTED])), columns=2),
        )
    )
    tip = hover(
        "year:Q d",
        "who:N",
        "measure:N",
        "value:Q .2f = rank",
        "n:Q = measures",
        "source:N",
    )
    thick = either(f"datum.who == {quoted(state)}", 2.5, 1.5)
    return panel(
        *_no_measure(region[region["year"].between(*years)], years),
        base.mark_line().encode(strokeWidth=thick),
        base.mark_point(size=55, opacity=1).encode(tooltip=tip),
        *haloed(_peaks(base), dy=-12, fontWeight="bold"),
        height=220,
        name="significance",
    ).add_params(menu("measure", _("Measure"), list(names.values())))


def _sourced(names: Mapping[str, str], measures: pd.DataFrame) -> alt.LookupData:
    """The source of each measure, and of all together, to be looked up by name."""
    sources = list(measures["source"])
    every = "; ".join(dict.fromkeys(sources))
    rows = {"measure": list(names.values()), "source": [every, *sources]}
    return alt.LookupData(inline(pd.DataFrame(rows)), "measure", ["source"])


def _peaks(base: alt.Chart) -> alt.Chart:
    """The year in which each line is highest; of several equal ones the first."""
    order = [
        alt.SortField("who"),
        alt.SortField("value", order="descending"),
        alt.SortField("year"),
    ]
    return (
        base.transform_filter("isValid(datum.value)")
        .transform_window(place="row_number()", sort=order, groupby=["who"])
        .transform_filter("datum.place == 1")
        .encode(text="year:Q")
    )


def _by_measure(
    frames: Mapping[str, pd.DataFrame], names: Mapping[str, str]
) -> pd.DataFrame:
    """A row for each year, measure and frame; ``n`` counts the measures that it is made of."""
    long = pd.concat(
        [
            frame.melt(["year", "n"], list(names), "id", "value").assign(who=who)
            for who, frame in frames.items()
        ]
    )
    lone = long["value"].notna().astype(int)
    n = long["n"].where(long["id"] == "significance", lone).astype(int)
    long = long.assign(measure=long["id"].map(names), n=n)
    columns = ["year", "who", "measure", "value", "n"]
    return long[columns].astype({"value": float}).round(3)


def _no_measure(rows: pd.DataFrame, years: tuple[int, int]) -> list[alt.Chart]:
    """Years without any observation, as a grey band with a word."""
    bands = year_holes(rows, *years)[:1]
    if not bands:
        return []
    middle = float(rows.loc[rows["n"] == 0, "year"].mean())
    place = {"angle": 270, "align": "left", "fontSize": 11, "dx": 6}
    return [
        bands[0].encode(tooltip=hover("year:Q d = no measure for")),
        year_chart({"year": [middle]}, *years).mark_text(
            text=_("no measure"), **place, y=alt.expr("height")
        ),
    ]


# Beyond a trend -----------------------------------------------------------------------


def beyond_trend(
    series: pd.DataFrame,
    lines: Mapping[int, Any],
    unit: str,
    last: int,
    told: tuple[int, int],
) -> alt.LayerChart:
    """A yearly series and the straight line through its first years, drawn on; the last year of the line can be changed.

    Parameters
    ----------
    series : DataFrame
        Rows (year, value, source).
    lines : dict of int to alignment.Trend
        Last year of the line and the line.
    unit : str
        What the values count.
    last : int
        Where the slider starts.
    told : pair of int
        Years that are compared with the line.
    """
    years = (int(series["year"].min()), int(series["year"].max()))
    rows = series.assign(told=series["year"].between(*told))
    rows = rows[["year", "value", "told", "source"]]
    highest = max(float(t.line.round(3).max()) for t in lines.values())
    # No bar touches the frame.
    top = round(1.08 * max(float(series["value"].max()), highest), 2)
    y = alt.Y("value:Q", title=unit, scale=alt.Scale(domain=[0, top], nice=False))
    tip = hover("year:Q d", f"value:Q = {unit}", "source:N")
    bars = (
        year_bars(plot(rows), *years)
        .mark_rect()
        .encode(y=y, tooltip=tip, color=either("datum.told", ACCENT, MUTED))
    )
    nothing = (
        year_chart(rows[rows["value"] == 0], *years)
        .mark_text(baseline="bottom", align="right", dx=-3, fontSize=11)
        .encode(y=y, text=alt.value("0"), tooltip=tip)
    )
    said = [
        note(_("grey band: how far the line's own years"), **ABOVE, fontSize=11, y=-20),
        note(_("lie from it, as a rule; no forecast"), **ABOVE, fontSize=11, y=-6),
    ]
    band, *line = _trend(lines, unit, years)
    # The band lies behind the bars, so that it does not tint them.
    layers = [band, bars, *line, _mean(rows, unit, told, years)]
    return panel(*layers, nothing, *said, height=220, name="trend").add_params(
        slider("line_to", _("Last year of the line"), min(lines), max(lines), last)
    )


def _trend(
    lines: Mapping[int, Any], unit: str, years: tuple[int, int]
) -> list[alt.Chart]:
    """The line drawn on, its band, and the part that it was fitted to."""
    drawn = pd.concat(
        [
            pd.DataFrame(
                {
                    "last": year,
                    "year": t.line.index,
                    "line": t.line.to_numpy(),
                    "low": t.line.to_numpy() - t.spread,
                    "high": t.line.to_numpy() + t.spread,
                }
            )
            for year, t in lines.items()
        ]
    )
    base = year_chart(drawn.astype({"year": int}).round(3), *years)
    base = base.transform_filter("datum.last == line_to")
    line = base.encode(y=alt.Y("line:Q", title=unit))
    return [
        base.mark_area(opacity=0.25, color=TEXT, clip=True).encode(
            y=alt.Y("low:Q", title=unit), y2="high:Q"
        ),
        line.mark_line(strokeDash=[6, 4], clip=True),
        line.transform_filter("datum.year <= line_to")
        .mark_line(strokeWidth=3, clip=True)
        .encode(tooltip=hover("year:Q d", "line:Q .1f = on the line")),
    ]


def _mean(
    rows: pd.DataFrame, unit: str, told: tuple[int, int], years: tuple[int, int]
) -> alt.Chart:
    """The mean of the years that are compared with the line."""
    return (
        plot(rows)
        .transform_filter("datum.told")
        .transform_aggregate(mean="mean(value)", first="min(year)", last="max(year)")
        .transform_calculate(a="datum.first - 0.45", b="datum.last + 0.45")
        .mark_rule(strokeWidth=2.5, color=TEXT)
        .encode(
            x=year_axis("a", *years),
            x2="b:Q",
            y=alt.Y("mean:Q", title=unit),
            tooltip=hover(
                "mean:Q .1f = "
                + _("mean {first} to {last}", first=told[0], last=told[1])
            ),
        )
    )


# Acts by level over shocks --------------------------------------------------------------


def levels_by_year(
    counts: pd.DataFrame,
    breaks: pd.DataFrame,
    threats: pd.DataFrame,
    series: list[Any],
    span: tuple[int, int],
    marked: Collection[int] = (),
) -> alt.VConcatChart:
    """Coded acts by level and year over shocks and threats, and an outside series of threat below.

    Parameters
    ----------
    counts : DataFrame
        Rows (within, year, level, acts): acts whose date is known to within so many years, spread over
        their intervals, as ``alignment.acts_by_year`` gives them.
    breaks, threats : DataFrame
        Rows (start, label, source) of the named breaks, and of threats at home; with a ``name``, where
        they have one, that is shorter than the label and stands above the bars, each name once.
        A threat with neither a name nor a short label goes by its month: only the hover has room for
        a whole sentence.
    series : list of alignment.Series
        Outside series of the state alone; one is shown at a time.
    span : pair of int
        First and last year.
    marked : collection of int, optional
        Years that the title speaks of; all others are pale.
    """
    bold = [int(year) for year in marked] or list(range(span[0], span[1] + 1))
    strong = either(f"indexof({bold}, datum.year) >= 0", 1, 0.4)
    series, levels = in_language(series), ["internal", "both", "external"]
    bars = (
        _stacked(counts, levels, span)
        .mark_rect()
        .encode(
            _bare(year_axis("a", *span)),
            alt.Y("y0:Q", title=_("coded acts a year")),
            x2="b:Q",
            y2="y1:Q",
            color=tinted("level", {n: LEVELS[n] for n in levels}, columns=3, offset=8),
            opacity=strong,
            tooltip=hover(
                "year:Q d",
                "level:N",
                "acts:Q .1f = acts, spread over their dates",
                "from:N = source",
            ),
        )
    )
    top = panel(bars, *_shocks(breaks, threats, span), height=ACTS_HEIGHT, name="acts")
    low, high = int(counts["within"].min()), int(counts["within"].max())
    low_panel = _threat_series(series, span, strong)
    return alt.vconcat(top, low_panel, spacing=10).add_params(
        picker("threat_series", series, _("Outside series")),
        slider("within_years", _("Acts dated to within (years)"), low, high, high),
    )


def _stacked(
    counts: pd.DataFrame, levels: list[str], span: tuple[int, int]
) -> alt.Chart:
    """Acts of each year on one another, level by level, from one packed row for each setting."""
    first, last = span
    settings: Any = counts.groupby(["within", "level"])
    packed = [
        {
            "within": int(within),
            "level": _(level),
            "acts": part.sort_values("year")["acts"].round(2).tolist(),
        }
        for (within, level), part in settings
    ]
    return (
        plot(packed)
        .transform_filter("datum.within == within_years")
        .transform_calculate(
            k=f"sequence({last - first + 1})",
            order=f"indexof({quoted([_(name) for name in levels])}, datum.level)",
        )
        .transform_flatten(["acts", "k"])
        .transform_calculate(
            year=f"datum.k + {first}",
            a=f"datum.k + {first - 0.35}",
            b=f"datum.k + {first + 0.35}",
        )
        .transform_stack(
            stack="acts",
            as_=["y0", "y1"],
            groupby=["year"],
            sort=[alt.SortField("order")],
        )
        .transform_calculate(**{"from": quoted(_("our coding, table of events"))})
    )


def _bare(x: alt.X) -> alt.X:
    """The same channel without its axis."""
    copy = x.copy()
    copy.axis = alt.Axis(labels=False, ticks=False, title=None, grid=False)
    return copy


def _shocks(
    breaks: pd.DataFrame, threats: pd.DataFrame, span: tuple[int, int]
) -> list[alt.Chart]:
    """Named breaks as rules and threats as diamonds above the bars."""
    rows = _named(breaks, threats)
    is_break = f"datum.kind == {quoted(_('named break'))}"
    x = _bare(year_axis("year", *span))
    words = plot(_lifted(rows, span)).encode(x=x)
    diamonds = plot(rows.drop(columns="dated")).encode(
        x=x, tooltip=hover("kind:N", "label:N", "when:N = date", "source:N")
    )
    lift = alt.expr("width < 520 ? datum.narrow : datum.lift")
    texts = haloed(
        words.encode(text="label:N"),
        {"stroke": PAGE, "strokeWidth": 3},
        align=alt.expr("datum.align"),
        y=lift,
        baseline="bottom",
        fontSize=11,
    )
    return [
        words.transform_filter(is_break).mark_rule(
            strokeDash=[3, 3], strokeWidth=1.5, y=lift, y2=ACTS_HEIGHT
        ),
        diamonds.transform_filter(f"!({is_break})").mark_point(
            shape="diamond",
            size=75,
            filled=True,
            opacity=1,
            color=TEXT,
            stroke=PAGE,
            strokeWidth=1,
            y=5,
        ),
        *texts,
    ]


def _named(breaks: pd.DataFrame, threats: pd.DataFrame) -> pd.DataFrame:
    """Breaks and threats with the name that stands above the bars; one that is only a date is marked."""
    rows = pd.concat(
        [
            breaks.assign(kind=_("named break")),
            threats.assign(kind=_("threat at home")),
        ],
        ignore_index=True,
    )
    given = rows["name"] if "name" in rows else pd.Series(None, rows.index, object)
    given = given.fillna(rows["label"])
    long = given.astype(str).str.len() > MOST_LETTERS
    dated = (rows["kind"] == _("threat at home")) & long
    month = pd.Series([formatted(day, "%b %Y") for day in rows["start"]], rows.index)
    rows = rows.assign(
        year=part_of_year(rows["start"]),
        when=day_text(rows["start"]),
        name=given.mask(dated, month),
        dated=dated,
    )
    columns = ["year", "when", "label", "name", "dated", "kind", "source"]
    return rows[columns].round(3)


def _lifted(rows: pd.DataFrame, span: tuple[int, int]) -> pd.DataFrame:
    """Where names stand: those of threats right above their diamonds, once each, those of breaks over them.

    A threat in the year of a break goes by the name of the break, and one that has no more than a date
    is left to its hover where another name stands close before it.
    """
    year, broken = rows["year"].round(), rows["kind"] == _("named break")
    told = ~broken & (year.isin(year[broken]) | year.where(~broken).duplicated())
    threats, breaks = rows[~broken & ~told], rows[broken].sort_values("year")
    middle = threats.groupby("name")["year"].agg(
        lambda years: (min(years) + max(years)) / 2
    )
    near = threats.drop_duplicates("name").sort_values("year")
    near = near.assign(year=near["name"].map(middle), lift=-3, narrow=-3)
    near = near[~near["dated"] | ~(near["year"].diff() < MONTH_ROOM)]
    # A name close behind another begins at its diamond.
    close = near["year"].diff() < 3
    near["align"] = close.map({True: "left", False: "center"})
    places = (breaks["year"] - span[0] + 0.5) / (span[1] - span[0] + 1)
    labels = list(zip(places, breaks["name"]))
    over = breaks.assign(
        align=["left" if place < 0.5 else "right" for place in places],
        lift=[lift - 11 for lift in lifts(labels, 520)],
        narrow=[lift - 11 for lift in lifts(labels, 240)],
    )
    named = pd.concat([near, over]).assign(label=lambda both: both["name"])
    return named[["year", "label", "kind", "align", "lift", "narrow"]]


def _threat_series(
    series: list[Any], span: tuple[int, int], strong: Any
) -> alt.LayerChart:
    """An outside series of threat, its name above it, and its holes."""
    rows = pd.concat([s.rows.assign(series=s.label) for s in series])
    rows = rows[rows["year"].between(*span)]
    rows = rows[["series", "year", "value"]].astype({"year": int, "value": float})
    chosen = "datum.series == threat_series"
    base = (
        plot(rows)
        .transform_filter(chosen)
        .transform_lookup("series", citations(series))
    )
    y = alt.Y("value:Q", title=_("number a year"), axis=alt.Axis(tickMinStep=1))
    tip = hover("year:Q d", "value:Q", "unit:N", "source:N")
    bars = year_bars(base, *span).mark_rect(color=MUTED)
    bars = bars.encode(y=y, opacity=strong, tooltip=tip)
    empty = untold(rows, span)
    hole = (
        plot(empty.assign(a=empty["year"] - 0.5, b=empty["year"] + 0.5))
        .transform_filter(chosen)
        .mark_rect(color=GRID, opacity=0.8)
        .encode(
            x=year_axis("a", *span),
            x2="b:Q",
            tooltip=hover("year:Q d = no observation for"),
        )
    )
    names = {
        "series": [s.label for s in series],
        "text": [f"{s.label} ({s.unit})" for s in series],
    }
    name = (
        plot(names)
        .transform_filter(chosen)
        .mark_text(**ABOVE, fontSize=11, y=-4, fontWeight="bold")
        .encode(text="text:N")
    )
    return panel(hole, bars, name, height=110, name="threats")
