"""Charts of breaks: named years among all others, free breaks, sameness, and who the peers are.

Data in, ``alt.Chart`` out, as in ``charts``, which finishes each of them.  Means, ranks, quantiles and
intervals come from ``breaks``; the page only chooses among them.
"""

import altair as alt
import pandas as pd

from .grammar import (
    ABOVE,
    HALO,
    either,
    hover,
    menu,
    panel,
    plot,
    quoted,
    radio,
    slider,
    tinted,
    year_axis,
    year_bars,
    year_chart,
)
from .theme import ACCENT, GRID, MUTED, TEXT, WARN


#: How the nulls of ``breaks.sup_f`` read on the page.
NULLS = {
    "permutation": "years in any order",
    "ar1": "years that persist",
    "ar1-corrected": "years that persist, corrected for few years",
}
#: How the noises of ``breaks.equivalence`` read on the page.
NOISES = {"ar1": "persistent where they suffice", "independent": "independent"}
VERDICTS = ("inside the margin", "not surely inside", "outside")
#: Columns of dots, and the dots that a reader can still tell apart; beyond them one dot stands for several sets.
COLUMNS, DOTS = 36, 700


def triples_by_mean(steps, triples, named, hole="no value"):
    """Yearly steps, and the mean step of every three years as a dot; the reader names three years of their own.

    Parameters
    ----------
    steps : DataFrame
        Rows (year, since, step, series, source).
    triples : DataFrame
        Rows (year_1, year_2, year_3, mean, rank, series) of ``breaks.triples``; all series have steps in the same years.
    named : sequence of int
        The three years in which the sliders start; one without a step is represented by the next that has one.
    hole : str
        Why a year has no step, in a word or two.
    """
    names, years = (
        list(dict.fromkeys(steps["series"])),
        [int(year) for year in sorted(set(steps["year"]))],
    )
    if any(set(rows["year"]) != set(years) for _, rows in steps.groupby("series")):
        raise ValueError(
            "steps gives the series different years; allowed: the same years for all, since they share the sliders"
        )
    if len(named) != 3 or not all(years[0] <= year <= years[-1] for year in named):
        raise ValueError(
            f"named is {list(named)!r}; allowed: three years from {years[0]} to {years[-1]}"
        )
    stand = [
        min(y for y in years if y >= year) for year in range(years[0], years[-1] + 1)
    ]
    picks = [
        slider(f"named_{i}", f"Named year {i}", years[0], years[-1], int(year))
        for i, year in enumerate(named, 1)
    ]
    stands = [
        alt.param(name=f"stands_{i}", expr=f"{stand}[named_{i} - {years[0]}]")
        for i in (1, 2, 3)
    ]
    pick = menu("series", "Series", names)
    different = "stands_1 != stands_2 && stands_1 != stands_3 && stands_2 != stands_3"
    own = f"{different} && {_holds(f'stands_{i}' for i in (1, 2, 3))}"
    # Over a thousand rows: short names, and numbers for the series, keep the page light.
    rows = triples.rename(columns={"year_1": "a", "year_2": "b", "year_3": "c"}).round(
        {"mean": 5}
    )
    rows = rows.assign(s=rows["series"].map(names.index))[
        ["a", "b", "c", "mean", "rank", "s"]
    ]
    dots = _set_dots(
        rows,
        len(rows) // len(names),
        f"{quoted(names)}[datum.s] == series",
        own,
        _holds(stand[year - years[0]] for year in named),
        "datum.a + ', ' + datum.b + ', ' + datum.c",
        "sets of three years",
        "your years",
        offset=72,
    )
    # A year without a step is spoken for by another: the sliders and the dark bars then differ, and the figure says why.
    spoken = " + ".join(
        f"(named_{i} == stands_{i} ? '' : named_{i} + ': {hole}, ' + stands_{i} + ' stands for it. ')"
        for i in (1, 2, 3)
    )
    notice = (
        plot({"one": [1]})
        .transform_calculate(
            text=f"{different} ? '' : 'Two of these years share one step: choose others'"
        )
        .mark_text(align="left", baseline="bottom", x=0, y=-6, fontWeight="bold")
        .encode(text="text:N")
    )
    absent = (
        plot({"one": [1]})
        .transform_calculate(text=spoken)
        .mark_text(align="left", baseline="bottom", x=0, y=-51)
        .encode(text="text:N")
    )
    bars = _step_bars(
        steps,
        "datum.series == series",
        " || ".join(f"datum.year == stands_{i}" for i in (1, 2, 3)),
        "your years",
    )
    return (
        alt.vconcat(
            bars,
            panel(*dots, notice, absent, height=230, name="triples"),
            spacing=20,
        )
        .resolve_scale(color="independent")
        .add_params(pick, *picks, *stands)
    )


def years_tested(steps, sets, named, scan, level, reached):
    """Steps, every set of as many years with one marked, and F for every year; stands still.

    Parameters
    ----------
    steps : DataFrame
        Rows (year, since, step, series, source) of one series.
    sets : DataFrame
        Rows (year_1, ..., year_k, mean, rank) of ``breaks.triples``.  Of very many only some are drawn, evenly in order of
        their means, and the named one always.
    named : sequence of int
        Years of the marked set, in order.
    scan : DataFrame
        Rows (year, f) of ``breaks.scan``.
    level, reached : float
        A level and the quantile of the null at that level.
    """
    years = [c for c in sets if c.startswith("year_")]
    own = (
        (sets[years] == list(named)).all(axis=1)
        if len(years) == len(named)
        else pd.Series(False, sets.index)
    )
    if not own.any():
        raise ValueError(
            f"named is {list(named)!r}; allowed: one of the sets, its years in order"
        )
    every = -(-len(sets) // DOTS)
    ordered = sets.assign(named=own).sort_values("rank", kind="stable")
    kept = pd.concat(
        [ordered[ordered["named"]], ordered[~ordered["named"]].iloc[::every]]
    )
    kept = kept.assign(years=kept[years].astype(str).agg(", ".join, axis=1))[
        ["years", "mean", "rank", "named"]
    ]
    what = f"sets of {len(years)}" + (f" ({every} a dot)" if every > 1 else "")
    dots = panel(
        *_set_dots(
            kept,
            len(sets),
            "true",
            "datum.named",
            "false",
            "datum.years",
            what,
            "the named years",
            every,
        ),
        height=200,
        name="sets",
    )
    first, last = int(steps["year"].min()), int(steps["year"].max())
    bar = pd.DataFrame(
        {
            "f": [reached],
            "text": [_chance(f"{100 * (1 - level):.0f}", f"{reached:.1f}")],
        }
    )
    top = int(scan.loc[scan["f"].idxmax(), "year"])
    best = (
        plot({"text": [f"Blue: strongest break, {top}"]})
        .mark_text(**ABOVE, y=-21, fontWeight="bold")
        .encode(text="text:N")
    )
    lines = panel(
        *_sticks(year_chart(scan[["year", "f"]].round({"f": 2}), first, last)),
        *_reach(plot(bar.round({"f": 2}))),
        best,
        height=120,
        name="scan",
    )
    bars = _step_bars(
        steps,
        "true",
        f"indexof({[int(year) for year in named]}, datum.year) >= 0",
        "the named years",
    )
    return alt.vconcat(bars, dots, lines, spacing=20).resolve_scale(color="independent")


def _holds(years):
    """Expression: does a row of three years hold each of these?"""
    return " && ".join(
        f"(datum.a == {year} || datum.b == {year} || datum.c == {year})"
        for year in years
    )


def _set_dots(rows, count, shown, own, paper, years, axis, whose, every=1, offset=56):
    """Dots stacked by mean, coloured where at least as large as one set, whose mean is a rule between two columns.

    ``shown``, ``own`` and ``paper`` are expressions that pick the rows drawn, the set of the rule and a set with a diamond;
    ``years`` is one that names the years of a row, ``whose`` the words for the years of the rule.  A dot stands for
    ``every`` sets; ``offset`` leaves room for lines of text under the legend.
    """
    wide = float(rows["mean"].max()) * 1.001 / COLUMNS or 1.0
    large, small = "as large as " + whose, "smaller"
    base = (
        plot(rows)
        .transform_filter(shown)
        .transform_calculate(own=own, ringed=paper, set=years)
        .transform_calculate(
            reach="datum.own ? datum.rank : null", edge="datum.own ? datum.mean : null"
        )
        .transform_joinaggregate(reach="max(reach)", edge="max(edge)")
        # Columns are counted from the mean of the set: none lies on both sides of its rule.
        # Where the reader's years make no set there is no rule, and they count from nought.
        .transform_calculate(
            column=f"floor((datum.mean - (datum.edge || 0)) / {wide:.6g} + 1e-6)"
        )
        # Vega sorts rows into new groups only when a field of `sort` changes: a group that
        # moves with the reader's choice must stand there too, or the stacks keep old places.
        .transform_window(
            nth="row_number()",
            sort=[alt.SortField("column"), alt.SortField("rank", order="descending")],
            groupby=["column"],
        )
        .transform_calculate(
            x=f"(datum.column + 0.5) * {wide:.6g} + (datum.edge || 0)",
            place=f"datum.nth * {every}",
            p=f"datum.rank / {count}",
            side=f"datum.rank <= datum.reach ? {quoted(large)} : {quoted(small)}",
        )
    )
    scale = alt.Scale(domain=[-wide / 2, wide * (COLUMNS + 1)], nice=False, zero=False)
    x, at = (
        alt.X(
            f"{field}:Q",
            title="mean step of a set",
            scale=scale,
            axis=alt.Axis(format=".2f", tickCount=5, grid=False),
        )
        for field in ("x", "mean")
    )
    y = alt.Y(
        "place:Q", title=axis, axis=alt.Axis(tickMinStep=1, tickCount=4, format="d")
    )
    shade = tinted(
        "side",
        {large: ACCENT, small: MUTED},
        columns=2,
        symbolType="circle",
        offset=offset,
    )
    tip = hover(
        "set:N = years",
        "mean:Q .3f = mean step",
        "rank:Q = sets as large or larger",
        "p:Q .3f = their share (p)",
    )
    dots = base.mark_point(size=alt.expr("width < 420 ? 16 : 26"), opacity=0.75).encode(
        x, y, shade, tooltip=tip
    )
    # What is marked stands at the foot of its own value; the stack keeps its dot.
    foot = alt.value("height")
    ring = (
        base.transform_filter("datum.ringed")
        .mark_point(
            size=150,
            filled=False,
            color=TEXT,
            strokeWidth=2,
            shape="diamond",
            opacity=1,
        )
        .encode(at, y=foot, tooltip=tip)
    )
    chosen = base.transform_filter("datum.own").transform_calculate(
        text=f"[{quoted(whose.removeprefix('the ').capitalize() + ': ')} + datum.set, 'mean step ' + format(datum.mean, '.3f'), 'as large: ' + datum.rank + ' of {count}, p = ' + format(datum.p, '.3f')]"
    )
    rule = chosen.mark_rule(color=TEXT, strokeWidth=1.5).encode(at)
    dot = chosen.mark_point(size=70, color=TEXT, opacity=1).encode(
        at, y=foot, tooltip=tip
    )
    text = chosen.mark_text(**ABOVE, y=-36, lineHeight=15, fontWeight="bold").encode(
        text="text:N"
    )
    return [dots, rule, ring, dot, text]


def _step_bars(steps, shown, chosen, whose):
    """Bars of the yearly steps, the chosen years dark; ``whose`` are the words for them."""
    first, last = int(steps["year"].min()), int(steps["year"].max())
    base = (
        year_chart(steps.round({"step": 4}), first, last)
        .transform_filter(shown)
        .transform_calculate(chosen=chosen)
        .transform_calculate(side=f"datum.chosen ? {quoted(whose)} : 'other years'")
    )
    tip = hover(
        "year:Q d", "since:Q d = counted from", "step:Q .3f", "series:N", "source:N"
    )
    bars = (
        year_bars(base, first, last)
        .mark_rect()
        .encode(
            y=alt.Y("step:Q", title="yearly step", axis=alt.Axis(tickCount=3)),
            tooltip=tip,
            color=tinted("side", {whose: TEXT, "other years": MUTED}, columns=2),
            opacity=either("datum.chosen", 1, 0.5),
        )
    )
    return bars.properties(height=90, width="container", name="steps")


def break_scan(values, scans, quantiles, tests, level=0.95, unit="value"):
    """A series with its best break, and F for every year with what the null reaches; null, level and series can be changed.

    Parameters
    ----------
    values : DataFrame
        Rows (year, value, series, source), a hole as NaN.
    scans : DataFrame
        Rows (series, year, f) of ``breaks.scan``.
    quantiles : DataFrame
        Rows (series, null, level, f) of ``breaks.null_quantiles``, the same levels for each.
    tests : DataFrame
        Rows (series, null, p, location, draws, seed, persistence, before, after): of ``breaks.by_null``, with ``location`` and
        the means on both sides of ``breaks.locate``.
    level : float
        Where the slider starts.
    unit : str
        What the values of all series are, for their axis; each series' name stands above it.
    """
    names, first, last = (
        list(dict.fromkeys(values["series"])),
        int(values["year"].min()),
        int(values["year"].max()),
    )
    levels = sorted(set(quantiles["level"].round(4)))
    if round(level, 4) not in levels:
        raise ValueError(
            f"level is {level!r}; allowed: {', '.join(f'{one:g}' for one in levels)}"
        )
    nulls = [null for null in NULLS if null in set(tests["null"])]
    pick = menu("scanned", "Series", names)
    null = radio("chance", "Chance gives", nulls, labels=[NULLS[n] for n in nulls])
    false = slider(
        "alarms",
        "False alarms allowed (of 100)",
        round(100 - 100 * levels[-1]),
        round(100 - 100 * levels[0]),
        round(100 - 100 * level),
    )
    series, now = (
        "datum.series == scanned",
        "datum.series == scanned && datum.null == chance",
    )
    tip = hover("year:Q d", "series:N", "value:Q +.3f", "source:N")
    y = alt.Y(
        "value:Q", title=unit, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=4)
    )
    line = year_chart(values.round({"value": 4}), first, last).transform_filter(series)
    sides = pd.concat(
        [
            tests.assign(
                a=first - 0.4, b=tests["location"] - 0.5, mean=tests["before"]
            ),
            tests.assign(a=tests["location"] - 0.5, b=last + 0.4, mean=tests["after"]),
        ]
    )
    means = (
        plot(sides[["series", "null", "a", "b", "mean"]].round(4))
        .transform_filter(now)
        .mark_rule(strokeWidth=3, color=ACCENT, opacity=0.8)
        .encode(
            x=year_axis("a", first, last),
            x2="b:Q",
            y="mean:Q",
            tooltip=hover("mean:Q +.3f = mean of this side"),
        )
    )
    name = (
        plot({"one": [1]})
        .transform_calculate(text="scanned")
        .mark_text(**ABOVE, y=-6, fontWeight="bold")
        .encode(text="text:N")
    )
    top = panel(
        means,
        name,
        line.mark_line(color=TEXT, strokeWidth=1.5).encode(y=y),
        line.mark_point(color=TEXT, size=45, opacity=1).encode(y=y, tooltip=tip),
        height=120,
        name="scanned_series",
    )
    scan = year_chart(
        scans[["series", "year", "f"]].round({"f": 2}), first, last
    ).transform_filter(series)
    bar = (
        plot(
            quantiles.assign(
                place=(100 - 100 * quantiles["level"]).round().astype(int)
            )[["series", "null", "place", "f"]].round({"f": 2})
        )
        .transform_filter(now)
        .transform_filter("datum.place == alarms")
        .transform_calculate(
            text="'" + _chance("' + alarms + '", "' + format(datum.f, '.1f') + '") + "'"
        )
    )
    says = (
        plot(
            tests["series null p location draws seed persistence".split()].round(
                {"p": 4, "persistence": 2}
            )
        )
        .transform_filter(now)
        .transform_calculate(
            text="['Best break (blue): ' + datum.location + ', p = ' + format(datum.p, '.3f'), 'chance: ' + (datum.persistence == null ? 'years shuffled' : 'persistence ' + format(datum.persistence, '.2f'))]"
        )
        .mark_text(**ABOVE, y=-36, lineHeight=15, fontWeight="bold")
        .encode(
            text="text:N",
            tooltip=hover("series:N", "null:N", "p:Q .4f", "draws:Q", "seed:Q"),
        )
    )
    low = panel(*_sticks(scan), *_reach(bar), says, height=190, name="scan")
    return alt.vconcat(top, low, spacing=20).add_params(pick, null, false)


def _f_axis():
    return alt.Y(
        "f:Q",
        title="strength (F)",
        scale=alt.Scale(zero=True),
        axis=alt.Axis(tickCount=4),
    )


def _sticks(scan):
    """F of every year in which a new mean may begin, the largest in colour."""
    base = scan.transform_joinaggregate(top="max(f)")
    return [
        base.mark_rule(color=MUTED, strokeWidth=2).encode(y=_f_axis(), y2=alt.datum(0)),
        base.mark_point(size=60, opacity=1).encode(
            y=_f_axis(),
            color=either("datum.f == datum.top", ACCENT, MUTED),
            tooltip=hover("year:Q d = new mean from", "f:Q .1f = F (breaks.scan)"),
        ),
    ]


def _chance(alarms, f):
    """Words for the dashed line of what chance alone reaches."""
    return f"dashed: by chance, {alarms} of 100 exceed {f}"


def _reach(bar):
    """What the largest F reaches by chance: rows (f, text); the text stands above, where no stem crosses it."""
    tip = hover("f:Q .1f = quantile of the largest F (breaks.null_quantiles)")
    return [
        bar.mark_rule(strokeDash=[6, 4], strokeWidth=2, color=WARN).encode(
            y=_f_axis(), tooltip=tip
        ),
        bar.mark_text(**ABOVE, y=-6).encode(text="text:N"),
    ]


def sameness_by_window(windows, margins, main, axes=None):
    """Interval of a difference for every window of years, against a margin; margins and noise can be changed.

    Parameters
    ----------
    windows : DataFrame
        Rows (measure, assumed, first, last, noise, statistic, lower, upper, n, source) of ``breaks.equivalence_by_window``;
        ``assumed`` is the noise that was asked for, ``noise`` the one that was used.
    margins : dict of str to (float, float, float, float)
        For each measure where its slider starts, the lowest and the highest margin, and the slider's step.
    main : pair of int
        First and last year of the window that is marked.
    axes : dict of str to str, optional
        For each measure what its axis counts, in words.
    """
    if missing := set(windows["measure"]) ^ set(margins):
        raise ValueError(
            f"margins does not fit the measures: {sorted(missing)}; allowed: one entry for each measure"
        )
    assumed = [noise for noise in NOISES if noise in set(windows["assumed"])]
    noise = radio(
        "noise", "Years taken as", assumed, labels=[NOISES[n] for n in assumed]
    )
    sliders = [
        slider(f"margin_{i}", f"Margin, {name}", low, high, start, step)
        for i, (name, (start, low, high, step)) in enumerate(margins.items())
    ]
    parts = [
        _windows(
            windows[windows["measure"] == name],
            name,
            f"margin_{i}",
            high,
            main,
            (axes or {}).get(name, "after less before"),
        )
        for i, (name, (_, _, high, _)) in enumerate(margins.items())
    ]
    return (
        alt.vconcat(*parts, spacing=26)
        .resolve_scale(color="shared", shape="shared")
        .add_params(noise, *sliders)
    )


def _windows(rows, name, margin, high, main, axis):
    """One measure: its windows below one another, those that start in one year together."""
    rows = rows.assign(
        window=[f"{a} to {b}" for a, b in zip(rows["first"], rows["last"])],
        main=(rows["first"] == main[0]) & (rows["last"] == main[1]),
        used=rows["noise"].map({"ar1": "persistent", "independent": "independent"}),
    )
    firsts, lasts = sorted(set(rows["first"])), sorted(set(rows["last"]))
    # One row a window, and an empty one between those that start in different years.
    rows["place"] = [
        firsts.index(a) * (len(lasts) + 1) + lasts.index(b)
        for a, b in zip(rows["first"], rows["last"])
    ]
    columns = "assumed window place statistic lower upper used n main source".split()
    base = (
        plot(rows[columns].round(4))
        .transform_filter("datum.assumed == noise")
        .transform_calculate(
            verdict=f"datum.lower > -{margin} && datum.upper < {margin} ? {quoted(VERDICTS[0])} : datum.lower > {margin} || datum.upper < -{margin} ? {quoted(VERDICTS[2])} : {quoted(VERDICTS[1])}"
        )
    )
    ends = [min(rows["lower"].min(), -high), max(rows["upper"].max(), high)]
    room = 0.03 * (
        ends[1] - ends[0]
    )  # an interval that reaches the frame would look cut
    scale = alt.Scale(
        domain=[round(float(end), 3) for end in (ends[0] - room, ends[1] + room)],
        nice=False,
    )
    x = alt.X("lower:Q", title=axis, scale=scale, axis=alt.Axis(tickCount=5))
    middle = (len(lasts) - 1) / 2
    places = [i * (len(lasts) + 1) + middle for i in range(len(firsts))]
    y = alt.Y(
        "place:Q",
        title=["from this year", "to " + ", ".join(map(str, lasts))],
        scale=alt.Scale(
            domain=[len(firsts) * (len(lasts) + 1) - 1, -1], nice=False, zero=False
        ),
        axis=alt.Axis(
            values=places,
            labelExpr=f"{firsts}[round((datum.value - {middle}) / {len(lasts) + 1})]",
            grid=False,
            ticks=False,
            domain=False,
            labelOverlap=False,
        ),
    )
    shade = tinted(
        "verdict",
        dict(zip(list(VERDICTS), [ACCENT, MUTED, WARN])),
        symbolType="stroke",
        columns=3,
    )
    tip = hover(
        "window:N = years",
        "statistic:Q +.3f = after less before",
        "lower:Q +.3f",
        "upper:Q +.3f",
        "verdict:N",
        "used:N = years taken as",
        "n:Q = years",
        "source:N",
    )
    size = either("datum.main", 5, 2)
    band = (
        plot({"one": [1]})
        .transform_calculate(low=f"-{margin}", high=margin)
        .mark_rect(color=GRID, opacity=0.75)
        .encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    )
    zero = (
        plot({"zero": [0]})
        .mark_rule(strokeWidth=1)
        .encode(x=alt.X("zero:Q", scale=scale))
    )
    bars = base.mark_rule().encode(
        x, y, x2="upper:Q", color=shade, strokeWidth=size, tooltip=tip
    )
    dots = base.mark_point(opacity=1, strokeWidth=2).encode(
        alt.X("statistic:Q", scale=scale),
        y,
        color=shade,
        size=either("datum.main", 110, 40),
        tooltip=tip,
        shape=alt.Shape(
            "used:N",
            scale=alt.Scale(
                domain=["independent", "persistent"], range=["circle", "square"]
            ),
            legend=None,
        ),
    )
    count = (
        base.transform_calculate(
            inside=f"datum.verdict == {quoted(VERDICTS[0])} ? 1 : 0",
            outside=f"datum.verdict == {quoted(VERDICTS[2])} ? 1 : 0",
        )
        .transform_aggregate(
            inside="sum(inside)", outside="sum(outside)", all="count()"
        )
        .transform_calculate(
            text=f"{quoted(name + ': ')} + datum.inside + ' of ' + datum.all + ' inside ±' + format({margin}, '.2f') + ', ' + datum.outside + ' outside'"
        )
        .mark_text(align="left", baseline="bottom", x=0, y=-5, fontWeight="bold")
        .encode(text="text:N")
    )
    return panel(
        band,
        zero,
        bars,
        dots,
        count,
        height=9 * len(firsts) * (len(lasts) + 1),
        name="sameness" if margin == "margin_0" else f"sameness_{margin}",
    )


def tests_by_peers(rows, margin):
    """Two tests for every set of peers, a dot a set, with the case's own set marked.

    Parameters
    ----------
    rows : DataFrame
        Rows (names, own, difference, lower, upper, verdict, p, source): ``difference`` of two spells of the net gap with
        its interval, ``verdict`` "inside", "overlaps" or "outside" of the margin, ``p`` of the named years; ``own`` marks
        one set.
    margin : float
        The largest difference that counts as none.
    """
    if (own := int(rows["own"].sum())) != 1:
        raise ValueError(f"rows marks {own} sets as own; allowed: one")
    verdicts = dict(zip(("inside", "overlaps", "outside"), VERDICTS))
    rows = rows.assign(
        verdict=rows["verdict"].map(verdicts),
        interval=[
            f"{low:+.3f} to {high:+.3f}"
            for low, high in zip(rows["lower"], rows["upper"])
        ],
        label="our peers",
    ).round({"difference": 4, "p": 4})
    low, high = min(0.0, rows["difference"].min()), rows["difference"].max()
    x = alt.X(
        "difference:Q",
        title="change of the net gap around 2005",
        scale=alt.Scale(domain=[low - 0.01, max(high, margin) + 0.01], nice=False),
        axis=alt.Axis(format="+.1f", tickCount=4),
    )
    y = alt.Y("p:Q", title="p of the named years", scale=alt.Scale(zero=True))
    colour = alt.Color(
        "verdict:N",
        title="interval and margin",
        scale=alt.Scale(domain=list(VERDICTS), range=[ACCENT, MUTED, WARN]),
        legend=alt.Legend(columns=1),
    )
    base = plot(rows)
    tip = hover(
        "names:N = peers",
        "difference:Q +.3f = change",
        "interval:N = 90% interval",
        "verdict:N = it lies",
        "p:Q .3f = p of the named years",
        "source:N",
    )
    band = (
        plot({"edge": [margin]})
        .mark_rule(strokeDash=[4, 3], color=TEXT)
        .encode(x=alt.X("edge:Q"))
    )
    dots = base.transform_filter("!datum.own").mark_point(
        filled=True, size=60, opacity=0.75
    )
    own = base.transform_filter("datum.own")
    diamond = own.mark_point(
        filled=True, shape="diamond", size=260, opacity=1, stroke=TEXT, strokeWidth=1.5
    )
    name = own.mark_text(align="left", dx=12, fontWeight="bold", **HALO).encode(
        x, y, text="label:N"
    )
    over = own.mark_text(align="left", dx=12, fontWeight="bold").encode(
        x, y, text="label:N"
    )
    return panel(
        band,
        dots.encode(x, y, colour, tooltip=tip),
        diamond.encode(x, y, colour, tooltip=tip),
        name,
        over,
        height=300,
        name="peers",
    )
