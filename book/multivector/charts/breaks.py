"""Charts of breaks: named years among all others, free breaks, sameness, and who the peers are.

Means, ranks, quantiles and intervals come from ``breaks``; the page only chooses among them.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ..checks import refuse
from ..data import Missing
from ..forms import formatted
from ..language import N_, _
from .grammar import (
    ABOVE,
    either,
    haloed,
    hover,
    menu,
    note,
    panel,
    plot,
    quoted,
    radio,
    reading,
    sentence,
    slider,
    tinted,
    year_axis,
    year_bars,
    year_chart,
    year_holes,
)
from .theme import ACCENT, MUTED, PAGE, TEXT, WARN

#: How the nulls of ``breaks.sup_f`` read on the page.
NULLS = {
    "permutation": _("years in any order"),
    "ar1": _("years that persist"),
    "ar1-corrected": _("years that persist, corrected"),
}
#: How the noises of ``breaks.equivalence`` read on the page.
NOISES = {
    "ar1": _("persistent where they suffice"),
    "independent": _("independent"),
}
VERDICTS = (_("inside the margin"), _("not surely inside"), _("outside"))
_SHADES = dict(zip(VERDICTS, [ACCENT, MUTED, WARN]))
#: Columns of dots, and the dots that a reader can still tell apart; beyond them one dot stands for several sets.
COLUMNS, DOTS = 36, 700
#: Years of a set, as its row holds them; of more years there are too many sets to draw.
_LETTERS = "abcd"
#: Two lines of text above a panel.
_TWO_LINES = {**ABOVE, "y": -36, "lineHeight": 15, "fontWeight": "bold"}


# Named years ------------------------------------------------------------------------


def triples_by_mean(
    steps: pd.DataFrame,
    triples: pd.DataFrame,
    named: Sequence[int],
    hole: str = "",
) -> alt.VConcatChart:
    """Yearly steps, and the mean step of every set of years as a dot; the reader names years of their own.

    Parameters
    ----------
    steps : DataFrame
        Rows (year, since, step, series, source).
    triples : DataFrame
        Rows (year_1, ..., year_k, mean, rank, series) of ``breaks.triples``; all series have steps in the same years.
    named : sequence of int
        The k years, one to four, in which the sliders start; one without a step is represented by the next that has one.
    hole : str
        Why a year has no step, in a word or two; by default "no value".
    """
    names = list(dict.fromkeys(steps["series"]))
    first, last = years = _years_of(steps, named)
    # A year without a step is spoken for by the next one that has a step.
    taken = sorted(set(steps["year"].astype(int)))
    stand = [min(y for y in taken if y >= year) for year in range(first, last + 1)]
    picks = [
        slider(f"named_{i}", _("Named year {i}", i=i), *years, int(year))
        for i, year in enumerate(named, 1)
    ]
    stands = [
        alt.param(name=f"stands_{i}", expr=f"{stand}[named_{i} - {first}]")
        for i in range(1, len(named) + 1)
    ]
    pairs = itertools.combinations([one.name for one in stands], 2)
    different = " && ".join(f"{a} != {b}" for a, b in pairs) or "true"
    # Over a thousand rows: short names, and numbers for the series, keep the page light.
    short = dict(zip(_years(triples), _LETTERS))
    letters = list(short.values())
    rows = triples.rename(columns=short)
    rows = rows.assign(s=rows["series"].map(names.index)).round({"mean": 5})
    dots = _set_dots(
        rows[[*letters, "mean", "rank", "s"]],
        _("your years"),
        count=len(rows) // len(names),
        shown=f"{quoted(names)}[datum.s] == series",
        own=f"{different} && {_holds([one.name for one in stands], letters)}",
        ringed=_holds([stand[year - first] for year in named], letters),
        years=" + ', ' + ".join(f"datum.{letter}" for letter in letters),
    )
    chosen = " || ".join(f"datum.year == {one.name}" for one in stands)
    bars = _step_bars(steps, "datum.series == series", chosen, _("your years"))
    low = panel(
        *dots,
        *_notices(different, hole or _("no value"), len(named)),
        height=230,
        name="triples",
    )
    return (
        alt.vconcat(bars, low, spacing=20)
        .resolve_scale(color="independent")
        .add_params(menu("series", _("Series"), names), *picks, *stands)
    )


def _years_of(steps: pd.DataFrame, named: Sequence[int]) -> tuple[int, int]:
    """First and last year with a step; refuses years that the sliders could not offer."""
    years = set(steps["year"])
    if any(set(rows["year"]) != years for _, rows in steps.groupby("series")):
        raise ValueError(
            "steps gives the series different years; allowed: the same years for all, since they share the sliders"
        )
    first, last = int(min(years)), int(max(years))
    if len(named) > len(_LETTERS):
        raise Missing(
            f"more than {len(_LETTERS)} years are named, too many to draw every set"
        )
    if not named or not all(first <= year <= last for year in named):
        refuse("named", list(named), f"years from {first} to {last}")
    return first, last


def _notices(different: str, hole: str, many: int) -> list[alt.Chart]:
    """Why the sliders and the dark bars differ, where another year stands for one."""
    words = _("{year}: {hole}, {other} stands for it. ")
    spoken = " + ".join(
        f"(named_{i} == stands_{i} ? '' : {sentence(words, year=f'named_{i}', hole=quoted(hole), other=f'stands_{i}')})"
        for i in range(1, many + 1)
    )
    twice = quoted(_("Two of these years share one step: choose others"))
    shared = f"{different} ? '' : {twice}"
    one = {"one": [1]}
    return [
        reading(plot(one), shared, **ABOVE, y=-6, fontWeight="bold"),
        reading(plot(one), spoken, **ABOVE, y=-54),
    ]


def years_tested(
    steps: pd.DataFrame,
    sets: pd.DataFrame,
    named: Sequence[int],
    scan: pd.DataFrame,
    level: float,
    reached: float,
) -> alt.VConcatChart:
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
    every = -(-len(sets) // DOTS)
    dots = _set_dots(
        _kept(sets, named, every),
        _("the named years"),
        count=len(sets),
        shown="true",
        own="datum.named",
        ringed="false",
        years="datum.years",
        every=every,
    )
    chosen = f"indexof({[int(year) for year in named]}, datum.year) >= 0"
    first, last = int(steps["year"].min()), int(steps["year"].max())
    bar = plot(
        {
            "f": [round(reached, 2)],
            "text": [
                _(
                    _CHANCE,
                    alarms=formatted(100 * (1 - level), ".0f"),
                    f=formatted(reached, ".1f"),
                )
            ],
        }
    )
    top = int(scan["year"].iloc[int(scan["f"].argmax())])
    best = _("Blue: strongest break, {year}", year=top)
    lines = panel(
        *_sticks(year_chart(scan[["year", "f"]].round({"f": 2}), first, last)),
        *_reach(bar),
        note(best, **ABOVE, y=-21, fontWeight="bold"),
        height=120,
        name="scan",
    )
    bars = _step_bars(steps, "true", chosen, _("the named years"))
    middle = panel(*dots, height=200, name="sets")
    return alt.vconcat(bars, middle, lines, spacing=20).resolve_scale(
        color="independent"
    )


def _years(sets: pd.DataFrame) -> list[str]:
    """The columns that hold the years of a set."""
    return [column for column in map(str, sets) if column.startswith("year_")]


def _kept(sets: pd.DataFrame, named: Sequence[int], every: int) -> pd.DataFrame:
    """The named set, and of all others one in ``every``, in order of their means."""
    years = _years(sets)
    own = pd.Series(False, sets.index)
    if len(years) == len(named):
        own = (sets[years] == list(named)).all(axis=1)
    if not own.any():
        refuse("named", list(named), "one of the sets, its years in order")
    ordered = sets.assign(named=own).sort_values("rank", kind="stable")
    kept = pd.concat(
        [ordered[ordered["named"]], ordered[~ordered["named"]].iloc[::every]]
    )
    kept["years"] = kept[years].astype(str).agg(", ".join, axis=1)
    return kept[["years", "mean", "rank", "named"]]


def _holds(years: Iterable[Any], letters: Sequence[str]) -> str:
    """Expression: does a row of years, a letter each, hold each of these?"""
    each = (" || ".join(f"datum.{one} == {year}" for one in letters) for year in years)
    return " && ".join(f"({one})" for one in each)


def _set_dots(
    rows: pd.DataFrame,
    whose: str,
    *,
    count: int,
    shown: str,
    own: str,
    ringed: str,
    years: str,
    every: int = 1,
) -> list[alt.Chart]:
    """Dots stacked by mean, coloured where at least as large as one set, whose mean is a rule between two columns.

    ``shown``, ``own`` and ``ringed`` are expressions that pick the rows drawn, the set of the rule and a set with a diamond;
    ``years`` is one that names the years of a row, ``whose`` the words for the years of the rule.  A dot stands for
    ``every`` sets of ``count``.
    """
    wide = float(rows["mean"].max()) * 1.001 / COLUMNS or 1.0
    shades = {_("as large as {whose}", whose=whose): ACCENT, _("smaller"): MUTED}
    base = (
        plot(rows)
        .transform_filter(shown)
        .transform_calculate(own=own, ringed=ringed, set=years)
    )
    base = _in_columns(base, wide).transform_calculate(
        x=f"(datum.column + 0.5) * {wide:.6g} + (datum.edge || 0)",
        place=f"datum.nth * {every}",
        p=f"datum.rank / {count}",
        side="datum.rank <= datum.reach ? {} : {}".format(*map(quoted, shades)),
    )
    scale = alt.Scale(domain=[-wide / 2, wide * (COLUMNS + 1)], nice=False, zero=False)
    x, at = (
        alt.X(
            f"{field}:Q",
            title=_("mean change of a set of years")
            if every == 1
            else _("mean change of a set of years ({n} a dot)", n=every),
            scale=scale,
            axis=alt.Axis(format=".2f", tickCount=5, grid=False),
        )
        for field in ("x", "mean")
    )
    y = alt.Y("place:Q", axis=None)
    tip = hover(
        "set:N = years",
        "mean:Q .3f = mean step",
        "rank:Q = sets as large or larger",
        "p:Q .3f = their share (p)",
    )
    size = alt.expr("width < 420 ? 16 : 26")
    shade = tinted("side", shades, legend=None)
    dots = base.mark_point(size=size, opacity=0.75).encode(x, y, shade, tooltip=tip)
    return [dots, *_marked(base, at, whose, count, tip)]


def _in_columns(base: alt.Chart, wide: float) -> alt.Chart:
    """Columns are counted from the mean of the set: none lies on both sides of its rule.

    Where the reader's years make no set there is no rule, and they count from nought.
    """
    return (
        base.transform_calculate(
            reach="datum.own ? datum.rank : null", edge="datum.own ? datum.mean : null"
        )
        .transform_joinaggregate(reach="max(reach)", edge="max(edge)")
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
    )


def _marked(
    base: alt.Chart, at: alt.X, whose: str, count: int, tip: list[alt.Tooltip]
) -> list[alt.Chart]:
    """What is marked stands at the foot of its own value; the stack keeps its dot."""
    foot = alt.value("height")
    ring = base.transform_filter("datum.ringed").mark_point(
        size=150, filled=False, color=TEXT, strokeWidth=2, shape="diamond", opacity=1
    )
    own = sentence(
        _("{whose}: {years}"), whose=quoted(_heading(whose)), years="datum.set"
    )
    many = sentence(_("{n} of {all} moved"), n="datum.rank", all=str(count))
    p = sentence(_("as much or more (p = {p})"), p="format(datum.p, '.3f')")
    chosen = base.transform_filter("datum.own").transform_calculate(
        text=own, share=f"[{many}, {p}]"
    )
    # Where the reader's years are others, the open diamond has a name.
    apart = base.transform_filter("datum.ringed && !datum.own")
    first = apart.encode(at, y=foot, text=alt.value(_("years at the start")))
    return [
        chosen.mark_rule(color=TEXT, strokeWidth=1.5).encode(at),
        ring.encode(at, y=foot, tooltip=tip),
        *haloed(first, dy=-16, fontSize=11),
        chosen.mark_point(size=70, color=TEXT, opacity=1).encode(
            at, y=foot, tooltip=tip
        ),
        chosen.mark_text(**{**_TWO_LINES, "y": -38}).encode(text="text:N"),
        # In the colour of the dots that it counts.
        chosen.mark_text(**{**_TWO_LINES, "y": -22}, color=ACCENT).encode(
            text="share:N"
        ),
    ]


def _heading(whose: str) -> str:
    """Words for years as a line begins with them."""
    names = {_("your years"): _("Your years"), _("the named years"): _("Named years")}
    return names[whose]


def _step_bars(steps: pd.DataFrame, shown: str, chosen: str, whose: str) -> alt.Chart:
    """Bars of the yearly steps, the chosen years dark; ``whose`` are the words for them."""
    first, last = int(steps["year"].min()), int(steps["year"].max())
    base = (
        year_chart(steps.round({"step": 4}), first, last)
        .transform_filter(shown)
        .transform_calculate(chosen=chosen)
        .transform_calculate(
            side=f"datum.chosen ? {quoted(whose)} : {quoted(_('other years'))}"
        )
    )
    # The name of a year stands above the tallest bar too.
    room = alt.Scale(domainMax=round(1.3 * float(steps["step"].max()), 4))
    y = alt.Y(
        "step:Q", title=_("yearly change"), scale=room, axis=alt.Axis(tickCount=3)
    )
    shades = {whose: TEXT, _("other years"): MUTED}
    bars = (
        year_bars(base, first, last)
        .mark_rect()
        .encode(
            y=y,
            tooltip=hover(
                "year:Q d",
                "since:Q d = counted from",
                "step:Q .3f",
                "series:N",
                "source:N",
            ),
            color=tinted("side", shades, legend=None),
            opacity=either("datum.chosen", 1, 0.45),
        )
    )
    # Two digits: a phone has room for no more between the neighbours.
    short = base.transform_filter("datum.chosen").transform_calculate(
        short="'’' + slice(datum.year + '', -2)"
    )
    style: dict[str, Any] = {"baseline": "bottom", "dy": -3, "fontSize": 11}
    names = haloed(short.encode(y=y, text="short:N"), **style, fontWeight="bold")
    return panel(bars, *names, height=110, name="steps")


# A free break -------------------------------------------------------------------------


def break_scan(
    values: pd.DataFrame,
    scans: pd.DataFrame,
    quantiles: pd.DataFrame,
    tests: pd.DataFrame,
    unit: str = "",
    hole: str = "",
) -> alt.VConcatChart:
    """A series with its best break, and F for every year with what the null reaches; null, level and series can be changed.

    The level starts at 95 percent: five false alarms of 100.

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
    unit : str
        What the values of all series are, for their axis, by default "value"; each series' name stands above it.
    hole : str
        Why a year has no value, in a word or two; by default such years are blank.
    """
    names = list(dict.fromkeys(values["series"]))
    years = (int(values["year"].min()), int(values["year"].max()))
    levels = sorted(set(quantiles["level"].round(4)))
    nulls = [null for null in NULLS if null in set(tests["null"])]
    alarms = [round(100 - 100 * one) for one in (levels[-1], levels[0], 0.95)]
    series, now = "datum.series == scanned", "datum.null == chance"
    scan = year_chart(scans[["series", "year", "f"]].round({"f": 2}), *years)
    place = (100 - 100 * quantiles["level"]).round().astype(int)
    reached = quantiles.assign(place=place)[["series", "null", "place", "f"]]
    bar = (
        plot(reached.round({"f": 2}))
        .transform_filter(f"{series} && {now}")
        .transform_filter("datum.place == alarms")
        .transform_calculate(
            text=sentence(_(_CHANCE), alarms="alarms", f="format(datum.f, '.1f')")
        )
    )
    low = panel(
        *_sticks(scan.transform_filter(series)),
        *_other_nulls(reached.round({"f": 2}), nulls, series),
        *_reach(bar),
        _best_break(tests, f"{series} && {now}"),
        height=190,
        name="scan",
    )
    own = values[values["series"] == names[0]]
    told = own.assign(n=own["value"].notna().astype(int))
    bands = year_holes(told, *years, hole) if hole else []
    top = _scanned(
        values, tests, f"{series} && {now}", unit or _("value"), years, bands
    )
    return alt.vconcat(top, low, spacing=20).add_params(
        menu("scanned", _("Series"), names),
        radio("chance", _("Chance gives"), nulls, labels=[NULLS[n] for n in nulls]),
        slider("alarms", _("False alarms allowed (of 100)"), *alarms),
    )


def _scanned(
    values: pd.DataFrame,
    tests: pd.DataFrame,
    now: str,
    unit: str,
    years: tuple[int, int],
    bands: list[alt.Chart],
) -> alt.LayerChart:
    """The chosen series, with its means on both sides of its best break."""
    first, last = years
    before = tests.assign(
        a=first - 0.4, b=tests["location"] - 0.5, mean=tests["before"]
    )
    after = tests.assign(a=tests["location"] - 0.5, b=last + 0.4, mean=tests["after"])
    sides = pd.concat([before, after])[["series", "null", "a", "b", "mean"]]
    means = (
        plot(sides.round(4))
        .transform_filter(now)
        .mark_rule(strokeWidth=3, color=ACCENT, opacity=0.8)
        .encode(
            x=year_axis("a", *years),
            x2="b:Q",
            y="mean:Q",
            tooltip=hover("mean:Q +.3f = mean of this side"),
        )
    )
    zero, axis = alt.Scale(zero=False), alt.Axis(tickCount=4)
    line = (
        year_chart(values.round({"value": 4}), *years)
        .transform_filter("datum.series == scanned")
        .encode(y=alt.Y("value:Q", title=unit, scale=zero, axis=axis))
    )
    tip = hover("year:Q d", "series:N", "value:Q +.3f", "source:N")
    return panel(
        *bands,
        means,
        reading(plot({"one": [1]}), "scanned", **ABOVE, y=-6, fontWeight="bold"),
        line.mark_line(color=TEXT, strokeWidth=1.5),
        line.mark_point(color=TEXT, size=45, opacity=1).encode(tooltip=tip),
        height=120,
        name="scanned_series",
    )


def _best_break(tests: pd.DataFrame, now: str) -> alt.Chart:
    """The best break, its p and what chance is, in words."""
    columns = "series null supposed p location draws seed persistence".split()
    tests = tests.assign(supposed=tests["null"].map(NULLS))
    best = sentence(
        _("Best break (blue): {year}, p = {p}"),
        year="datum.location",
        p="format(datum.p, '.3f')",
    )
    shuffled = quoted(_("chance: years shuffled"))
    persistent = sentence(
        _("chance: persistence {rho}"), rho="format(datum.persistence, '.2f')"
    )
    return reading(
        plot(tests[columns].round({"p": 4, "persistence": 2})).transform_filter(now),
        f"[{best}, datum.persistence == null ? {shuffled} : {persistent}]",
        **_TWO_LINES,
    ).encode(
        tooltip=hover("series:N", "supposed:N = null", "p:Q .4f", "draws:Q", "seed:Q")
    )


def _f_axis() -> alt.Y:
    zero, axis = alt.Scale(zero=True), alt.Axis(tickCount=4)
    return alt.Y("f:Q", title=_("strength (F)"), scale=zero, axis=axis)


def _sticks(scan: alt.Chart) -> list[alt.Chart]:
    """F of every year in which a new mean may begin, the largest in colour."""
    base = scan.transform_joinaggregate(top="max(f)").encode(y=_f_axis())
    return [
        base.mark_rule(color=MUTED, strokeWidth=2).encode(y2=alt.datum(0)),
        base.mark_point(size=60, opacity=1).encode(
            color=either("datum.f == datum.top", ACCENT, MUTED),
            tooltip=hover("year:Q d = new mean from", "f:Q .1f = F (breaks.scan)"),
        ),
    ]


#: Words for the dashed line of what chance alone reaches.
_CHANCE = N_("dashed: by chance, {alarms} of 100 exceed {f}")


def _other_nulls(
    reached: pd.DataFrame, nulls: list[str], series: str
) -> list[alt.Chart]:
    """What the nulls that are not chosen reach, pale, so that all can be compared."""
    rows = reached[reached["null"].isin(nulls)]
    rows = rows.assign(name=rows["null"].map(NULLS))
    pale = (
        plot(rows)
        .transform_filter(series)
        .transform_filter("datum.place == alarms && datum.null != chance")
        .encode(y=_f_axis())
    )
    place = {"align": "right", "x": alt.expr("width - 4"), "dy": -6, "fontSize": 11}
    return [
        pale.mark_rule(strokeDash=[2, 4], color=MUTED).encode(
            tooltip=hover("name:N = chance", "f:Q .1f = quantile of the largest F")
        ),
        *haloed(pale.encode(text="name:N"), **place, color=MUTED),
    ]


def _reach(bar: alt.Chart) -> list[alt.Chart]:
    """What the largest F reaches by chance: rows (f, text); the text stands above, where no stem crosses it."""
    tip = hover("f:Q .1f = quantile of the largest F (breaks.null_quantiles)")
    return [
        bar.mark_rule(strokeDash=[6, 4], strokeWidth=2, color=WARN).encode(
            y=_f_axis(), tooltip=tip
        ),
        bar.mark_text(**ABOVE, y=-6).encode(text="text:N"),
    ]


# No break -----------------------------------------------------------------------------


def sameness_by_window(
    windows: pd.DataFrame,
    margins: Mapping[str, tuple[float, float, float, float]],
    main: tuple[int, int],
    axes: Mapping[str, str] | None = None,
) -> alt.VConcatChart:
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
    sliders = [
        slider(f"margin_{i}", _("Margin, {name}", name=_(name)), low, high, start, step)
        for i, (name, (start, low, high, step)) in enumerate(margins.items())
    ]
    parts = [
        _windows(
            windows[windows["measure"] == name].assign(
                main=lambda r: (r["first"] == main[0]) & (r["last"] == main[1])
            ),
            name,
            f"margin_{i}",
            (axes or {}).get(name, _("after less before")),
        )
        for i, name in enumerate(margins)
    ]
    words = [NOISES[noise] for noise in assumed]
    return (
        alt.vconcat(*parts, spacing=26)
        .resolve_scale(fill="shared", stroke="shared")
        .add_params(
            radio("noise", _("Years taken as"), assumed, labels=words), *sliders
        )
    )


def _windows(rows: pd.DataFrame, name: str, margin: str, axis: str) -> alt.LayerChart:
    """One measure: a cell for each window, with its interval, in the colour of its verdict."""
    persistent = _("persistent")
    rows = rows.assign(
        window=[
            _("{first} to {last}", first=a, last=b)
            for a, b in zip(rows["first"], rows["last"])
        ],
        used=rows["noise"].map({"ar1": persistent, "independent": _("independent")}),
    )
    columns = "assumed first last window statistic lower upper used n main source"
    inside, unsure, outside = map(quoted, VERDICTS)
    ends = sentence(
        _("{low} to {high}"),
        low="format(datum.lower, '+.2f')",
        high="format(datum.upper, '+.2f')",
    )
    star = f"(datum.used == {quoted(persistent)} ? '*' : '')"
    base = (
        plot(rows[columns.split()].round(4))
        .transform_filter("datum.assumed == noise")
        .transform_calculate(
            verdict=f"datum.lower > -{margin} && datum.upper < {margin} ? {inside} : datum.lower > {margin} || datum.upper < -{margin} ? {outside} : {unsure}",
            # A phone has room for no more digits.
            ends=f"replace({ends}, regexp('0[.]', 'g'), '.') + {star}",
        )
    )
    return panel(
        *_cells(base, axis),
        *_counted(base, name, margin),
        height=24 * rows["first"].nunique(),
        name="sameness" if margin == "margin_0" else f"sameness_{margin}",
    )


def _cells(base: alt.Chart, axis: str) -> list[alt.Chart]:
    """The years from which a window runs downward, those to which it runs across."""
    plain = {"ticks": False, "domain": False, "labelAngle": 0}
    cells = base.encode(
        alt.X(
            "last:O",
            title=_("last year; in each cell: {what}", what=axis),
            axis=alt.Axis(**plain, orient="bottom"),
        ),
        alt.Y("first:O", title=_("first year"), axis=alt.Axis(**plain)),
        tooltip=hover(
            "window:N = years",
            "statistic:Q +.3f = after less before",
            "lower:Q +.3f",
            "upper:Q +.3f",
            "verdict:N",
            "used:N = years taken as",
            "n:Q = years",
            "source:N",
        ),
    )
    ground = {"cornerRadius": 2, "width": {"band": 0.97}, "height": {"band": 0.9}}
    unsure = f"datum.verdict == {quoted(VERDICTS[1])}"
    return [
        cells.mark_rect(**ground, strokeWidth=1, fillOpacity=0.9).encode(
            _verdict(alt.Fill, {**_SHADES, VERDICTS[1]: "transparent"}),
            _verdict(alt.Stroke, _SHADES),
        ),
        cells.transform_filter("datum.main").mark_rect(
            **ground, fill="transparent", stroke=TEXT, strokeWidth=2.5
        ),
        cells.mark_text(fontSize=11).encode(
            text="ends:N", color=either(unsure, TEXT, PAGE)
        ),
    ]


def _verdict(channel: Any, shades: Mapping[str, str]) -> Any:
    """Fill or outline of a cell; both are one key."""
    scale = alt.Scale(domain=list(shades), range=list(shades.values()))
    return channel("verdict:N", scale=scale, legend=alt.Legend(columns=3))


def _counted(base: alt.Chart, name: str, margin: str) -> list[alt.Chart]:
    """How many windows lie inside the margin and how many outside, in words."""
    inside, _unsure, outside = map(quoted, VERDICTS)
    count = base.transform_calculate(
        inside=f"datum.verdict == {inside} ? 1 : 0",
        outside=f"datum.verdict == {outside} ? 1 : 0",
    ).transform_aggregate(inside="sum(inside)", outside="sum(outside)", all="count()")
    large = sentence(_("{inside} of {all}"), inside="datum.inside", all="datum.all")
    words = sentence(
        _("{measure}: inside ±{margin}; {outside} outside"),
        measure=quoted(_(name)),
        margin=f"format({margin}, '.2f')",
        outside="datum.outside",
    )
    return [
        reading(count, large, **ABOVE, y=-22, fontSize=20, fontWeight="bold"),
        reading(count, words, **ABOVE, y=-5, fontWeight="bold"),
    ]


# Who the peers are --------------------------------------------------------------------


def tests_by_peers(rows: pd.DataFrame, margin: float) -> alt.LayerChart:
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
    ends = zip(rows["lower"], rows["upper"])
    rows = rows.assign(
        verdict=rows["verdict"].map(verdicts),
        interval=[
            _("{low:+.3f} to {high:+.3f}", low=low, high=high) for low, high in ends
        ],
        label=_("our peers"),
    ).round({"difference": 4, "p": 4})
    low, high = min(0.0, rows["difference"].min()), rows["difference"].max()
    x = alt.X(
        "difference:Q",
        title=_("difference of the two spells of the net gap"),
        scale=alt.Scale(domain=[low - 0.01, max(high, margin) + 0.01], nice=False),
        axis=alt.Axis(format="+.1f", tickCount=4),
    )
    y = alt.Y("p:Q", title=_("p of the named years"), scale=alt.Scale(zero=True))
    colour = tinted("verdict", _SHADES, columns=3, offset=24)
    tip = hover(
        "names:N = peers",
        "difference:Q +.3f = change",
        "interval:N = 90% interval",
        "verdict:N = it lies",
        "p:Q .3f = p of the named years",
        "source:N",
    )
    base = plot(rows).encode(x, y)
    others, ours = (base.transform_filter(f"{t}datum.own") for t in ("!", ""))
    named = ours.encode(text="label:N")
    return panel(
        *_margin(margin),
        others.mark_point(filled=True, size=60, opacity=0.75).encode(
            colour, tooltip=tip
        ),
        ours.mark_point(
            filled=True,
            shape="diamond",
            size=260,
            opacity=1,
            stroke=TEXT,
            strokeWidth=1.5,
        ).encode(colour, tooltip=tip),
        *haloed(named, baseline="bottom", dy=-12, fontWeight="bold"),
        height=300,
        name="peers",
    )


def _margin(margin: float) -> list[alt.Chart]:
    """A rule at the margin, with its name above."""
    edge = plot({"edge": [margin]}).encode(x="edge:Q")
    return [
        edge.mark_rule(strokeDash=[4, 3], color=TEXT),
        edge.mark_text(text=_("margin"), baseline="bottom", y=-3),
    ]
