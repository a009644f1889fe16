"""What lies beside the two arenas: acts by level, shocks, and partners beyond their trend."""

import altair as alt
import pandas as pd

from .grammar import (
    Rows,
    ABOVE,
    either,
    hover,
    inline,
    menu,
    panel,
    plot,
    quoted,
    slider,
    tinted,
    year_axis,
    year_bars,
    year_chart,
    year_holes,
)
from .theme import ACCENT, GRID, LEVELS, MUTED, PAGE, TEXT


#: Height of the panel of acts, in pixels; the rules of its breaks reach beyond it.
ACTS_HEIGHT = 200


def significance_over_time(region, own, measures, first_year, last_year):
    """Significance of the region outside the state, and the same measures of the state itself.

    Parameters
    ----------
    region, own : DataFrame
        Rows (year, significance, n, one column a measure), as ``alignment.region_significance`` gives them.
    measures : DataFrame
        Rows (id, label, why, source) of the measures.
    """
    names = {
        "significance": "all measures, mean rank",
        **dict(zip(measures["id"], measures["label"])),
    }
    sources = dict(zip(measures["id"], measures["source"]))
    sources["significance"] = "; ".join(dict.fromkeys(sources.values()))
    who = {"the other states": region, "the state itself": own}
    long = pd.concat(
        [
            frame.melt(["year", "n"], list(names), "id", "value").assign(who=name)
            for name, frame in who.items()
        ]
    )
    long = long[long["year"].between(first_year, last_year)].assign(
        measure=lambda r: r["id"].map(names)
    )
    long["n"] = (
        long["n"]
        .where(long["id"] == "significance", long["value"].notna().astype(int))
        .astype(int)
    )
    pick = menu("measure", "Measure", list(names.values()), names["significance"])
    sourced = alt.LookupData(
        inline(
            pd.DataFrame(
                {"measure": list(names.values()), "source": [sources[i] for i in names]}
            )
        ),
        "measure",
        ["source"],
    )
    base = (
        year_chart(
            long[["year", "who", "measure", "value", "n"]]
            .astype({"value": float})
            .round(3),
            first_year,
            last_year,
        )
        .transform_filter("datum.measure == measure")
        .transform_lookup("measure", sourced)
    )
    seen = base.transform_calculate(rank="datum.year >= since ? datum.value : null")
    y = alt.Y(
        "rank:Q",
        title=["average rank among", "the years, 1 = highest"],
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(values=[0, 0.5, 1]),
    )
    shade = tinted("who", dict(zip(list(who), [ACCENT, MUTED])), columns=2)
    tip = hover(
        "year:Q d", "who:N", "measure:N", "rank:Q .2f", "n:Q = measures", "source:N"
    )
    hole = _named_holes(
        region[region["year"].between(first_year, last_year)],
        first_year,
        last_year,
        "no measure",
    )
    line = seen.mark_line().encode(
        y=y,
        color=shade,
        strokeWidth=either("datum.who == 'the other states'", 2.5, 1.5),
    )
    return panel(
        *hole,
        line,
        seen.mark_point(size=55, opacity=1).encode(y=y, color=shade, tooltip=tip),
        height=220,
        name="significance",
    ).add_params(
        pick,
        slider("since", "From the year", first_year, last_year - 5, first_year),
    )


def _named_holes(rows, first_year, last_year, word):
    """Years without any observation, as a grey band with a word."""
    layers = year_holes(rows, first_year, last_year)
    if layers:
        empty = rows.loc[rows["n"] == 0, "year"]
        middle = plot({"year": [float(empty.mean())]})
        layers = [
            layers[0].encode(tooltip=hover(f"year:Q d = {word} for")),
            middle.mark_text(
                text=word,
                angle=270,
                align="left",
                fontSize=11,
                dx=6,
                y=alt.expr("height"),
            ).encode(x=year_axis("year", first_year, last_year)),
        ]
    return layers


def beyond_trend(series, lines, unit, last, told):
    """A yearly series and the straight line through its first years, drawn on; the last year of the line can be changed.

    Parameters
    ----------
    series : DataFrame
        Rows (year, value, source).
    lines : dict of int to alignment.Trend
        Last year of the line and the line.
    last : int
        Where the slider starts.
    told : pair of int
        Years that are compared with the line.
    """
    first_year, last_year = int(series["year"].min()), int(series["year"].max())
    rows = series.assign(told=series["year"].between(*told))[
        ["year", "value", "told", "source"]
    ]
    drawn = (
        pd.concat(
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
        .astype({"year": int})
        .round(3)
    )
    top = 1.08 * max(
        float(series["value"].max()),
        max(float(drawn.loc[drawn["last"] == year, "line"].max()) for year in lines),
    )  # no bar touches the frame
    y = alt.Y(
        "value:Q", title=unit, scale=alt.Scale(domain=[0, round(top, 2)], nice=False)
    )
    tip = hover("year:Q d", f"value:Q = {unit}", "source:N")
    bars = (
        year_bars(plot(rows), first_year, last_year)
        .mark_rect()
        .encode(
            y=y,
            tooltip=tip,
            color=either("datum.told", ACCENT, MUTED),
        )
    )
    base = (
        plot(drawn)
        .transform_filter("datum.last == line_to")
        .encode(x=year_axis("year", first_year, last_year))
    )
    band = base.mark_area(opacity=0.25, color=TEXT, clip=True).encode(
        y=alt.Y("low:Q", title=unit), y2="high:Q"
    )
    on = base.mark_line(strokeDash=[6, 4], clip=True).encode(
        y=alt.Y("line:Q", title=unit)
    )
    through = (
        base.transform_filter("datum.year <= line_to")
        .mark_line(strokeWidth=3, clip=True)
        .encode(
            y=alt.Y("line:Q", title=unit),
            tooltip=hover("year:Q d", "line:Q .1f = on the line"),
        )
    )
    mean = (
        plot(rows)
        .transform_filter("datum.told")
        .transform_aggregate(mean="mean(value)", first="min(year)", last="max(year)")
        .transform_calculate(a="datum.first - 0.45", b="datum.last + 0.45")
        .mark_rule(strokeWidth=2.5, color=TEXT)
        .encode(
            x=year_axis("a", first_year, last_year),
            x2="b:Q",
            y=alt.Y("mean:Q", title=unit),
            tooltip=hover(f"mean:Q .1f = mean {told[0]} to {told[1]}"),
        )
    )
    nothing = (
        year_chart(rows[rows["value"] == 0], first_year, last_year)
        .mark_text(baseline="bottom", fontSize=11)
        .encode(y=y, text=alt.value("0"), tooltip=tip)
    )
    words = [
        "grey band: how far the line's own years",
        "lie from it, as a rule; no forecast",
    ]
    said = [
        plot({"text": [text]})
        .mark_text(**ABOVE, fontSize=11, y=-6 - 14 * (len(words) - 1 - i))
        .encode(text="text:N")
        for i, text in enumerate(words)
    ]
    return panel(
        bars, band, on, through, mean, nothing, *said, height=220, name="trend"
    ).add_params(
        slider("line_to", "Last year of the line", min(lines), max(lines), last)
    )


def levels_by_year(counts, breaks, threats, series, span):
    """Coded acts by level and year over shocks and threats, and an outside series of threat below.

    Parameters
    ----------
    counts : DataFrame
        Rows (within, year, level, acts): acts whose date is known to within so many years, spread over
        their intervals, as ``alignment.acts_by_year`` gives them.
    breaks, threats : DataFrame
        Rows (start, label, source) of the named breaks, and of threats at home.
    series : list of alignment.Series
        Outside series of the state alone; one is shown at a time.
    span : pair of int
        First and last year.
    """
    levels = ["internal", "both", "external"]
    first, last = span
    packed = [
        {
            "within": int(within),
            "level": level,
            "acts": part.sort_values("year")["acts"].round(2).tolist(),
        }
        for (within, level), part in counts.groupby(["within", "level"])
    ]
    base = (
        alt.Chart(Rows(values=packed))
        .transform_filter("datum.within == within_years")
        .transform_calculate(
            k=f"sequence({last - first + 1})",
            order=f"indexof({quoted(levels)}, datum.level)",
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
    )
    shade = tinted(
        "level",
        dict(zip(levels, [LEVELS[level] for level in levels])),
        columns=3,
        offset=8,
    )
    tip = hover(
        "year:Q d",
        "level:N",
        "acts:Q .1f = acts, spread over their dates",
        "from:N = source",
    )
    bars = (
        base.transform_calculate(**{"from": "'our coding, table of events'"})
        .mark_rect()
        .encode(
            _bare(year_axis("a", first, last)),
            alt.Y(
                "y0:Q", title=["coded acts a year; one", "of several years is split"]
            ),
            x2="b:Q",
            y2="y1:Q",
            color=shade,
            tooltip=tip,
        )
    )
    top = panel(bars, *_shocks(breaks, threats, span), height=ACTS_HEIGHT, name="acts")
    return alt.vconcat(top, _threat_series(series, span), spacing=10).add_params(
        menu(
            "threat_series",
            "Outside series",
            [s.label for s in series],
            series[0].label,
        ),
        slider(
            "within_years",
            "Acts dated to within (years)",
            int(counts["within"].min()),
            int(counts["within"].max()),
            int(counts["within"].max()),
        ),
    )


def _bare(x):
    """The same channel without its axis."""
    copy = x.copy()
    copy.axis = alt.Axis(labels=False, ticks=False, title=None, grid=False)
    return copy


def _part_of_year(days):
    """A day as a number on an axis on which a year's bar is centred at the year."""
    return [day.year - 0.5 + (day.day_of_year - 1) / 366 for day in days]


def _shocks(breaks, threats, span):
    """Named breaks as rules and threats as diamonds above the bars."""
    rows = pd.concat(
        [breaks.assign(kind="named break"), threats.assign(kind="threat at home")]
    )
    rows = rows.assign(
        year=_part_of_year(rows["start"]), when=rows["start"].dt.strftime("%-d %b %Y")
    )[["year", "when", "label", "kind", "source"]].round(3)
    base = plot(rows).encode(
        x=_bare(year_axis("year", *span)),
        tooltip=hover("kind:N", "label:N", "when:N = date", "source:N"),
    )
    first, last = span
    # Names stand above the frame, in turn on three lines, on the side with more room; a threat in the year of a break goes by its name.
    year, broken = rows["year"].round(), rows["kind"] == "named break"
    named = rows[
        broken | ~(year.isin(year[broken]) | year.where(~broken).duplicated())
    ].sort_values("year")
    named = named.assign(
        lift=[-6 - 14 * (i % 3) for i in range(len(named))],
        early=named["year"] < (first + last) / 2 - 3,
    )
    words = plot(named[["year", "label", "kind", "lift", "early"]]).encode(
        x=_bare(year_axis("year", *span))
    )
    texts = [
        words.transform_filter(f"{'' if early else '!'}datum.early")
        .mark_text(
            align="left" if early else "right",
            dx=-2 if early else 2,
            y=alt.expr("datum.lift"),
            baseline="bottom",
            fontSize=11,
            **halo,
        )
        .encode(text="label:N")
        for early in (True, False)
        for halo in ({"stroke": PAGE, "strokeWidth": 3}, {})
    ]
    return [
        words.transform_filter("datum.kind == 'named break'").mark_rule(
            strokeDash=[3, 3], strokeWidth=1.5, y=alt.expr("datum.lift"), y2=ACTS_HEIGHT
        ),
        base.transform_filter("datum.kind != 'named break'").mark_point(
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


def _threat_series(series, span):
    first, last = span
    rows = pd.concat([s.rows.assign(series=s.label, unit=s.unit) for s in series])
    rows = rows[rows["year"].between(*span)]
    base = (
        plot(rows[["series", "year", "value"]].astype({"year": int, "value": float}))
        .transform_filter("datum.series == threat_series")
        .transform_lookup(
            "series",
            alt.LookupData(
                inline(
                    pd.DataFrame(
                        {
                            "series": [s.label for s in series],
                            "unit": [s.unit for s in series],
                            "source": [s.rows["source"].iloc[0] for s in series],
                        }
                    )
                ),
                "series",
                ["unit", "source"],
            ),
        )
    )
    tip = hover("year:Q d", "value:Q", "unit:N", "source:N")
    y = alt.Y("value:Q", title="number a year", axis=alt.Axis(tickMinStep=1))
    bars = year_bars(base, first, last).mark_rect(color=ACCENT).encode(y=y, tooltip=tip)
    told = {s.label: set(s.rows.dropna(subset="value")["year"]) for s in series}
    empty = pd.DataFrame(
        [
            {"series": s, "year": year}
            for s, years in told.items()
            for year in range(first, last + 1)
            if year not in years
        ],
        columns=["series", "year"],
    )
    empty = empty.assign(a=empty["year"] - 0.5, b=empty["year"] + 0.5)
    hole = (
        plot(empty)
        .transform_filter("datum.series == threat_series")
        .mark_rect(color=GRID, opacity=0.8)
        .encode(
            x=year_axis("a", first, last),
            x2="b:Q",
            tooltip=hover("year:Q d = no observation for"),
        )
    )
    units = pd.DataFrame(
        {
            "series": [s.label for s in series],
            "text": [f"{s.label} ({s.unit})" for s in series],
        }
    )
    name = (
        plot(units)
        .transform_filter("datum.series == threat_series")
        .mark_text(**ABOVE, fontSize=11, y=-4, fontWeight="bold")
        .encode(text="text:N")
    )
    return panel(hole, bars, name, height=110, name="threats")
