"""The balance and the tilt over time, with their bands, by source and by doubt."""

import altair as alt
import pandas as pd

from .grammar import (
    ACT_TOOLTIP,
    act_rows,
    break_rules,
    checkbox,
    half_life_slider,
    hover,
    inline,
    panel,
    panel_title,
    plot,
    renamed,
    slider,
    stamp,
    time_axis,
    time_scale,
    year_axis,
)
from .memory import DIRECTED, aged, direction_choice, memory_rows
from .theme import ACCENT, PAGE, TEXT, colours, slug


def balance_over_time(events, vectors, span, breaks, half_life=730):
    """Balance, shares and acts on one time axis; half-life and vectors can be changed.

    Parameters
    ----------
    events : DataFrame
        Acts shared among vectors (``case.events``).
    vectors : DataFrame
        ``case.vectors``: names and colours, K rows.
    span : pair of dates
        First and last day drawn.
    breaks : DataFrame
        Rows (label, start, source) drawn as vertical rules.
    half_life : float
        Where the slider starts, in days.
    """
    names = list(vectors["vector"])
    switches = [checkbox(f"on_{i}", name) for i, name in enumerate(names)]
    switch = f"[{', '.join(s.name for s in switches)}][datum.k] ? 1 : 0"
    share = (
        aged(memory_rows(events), span, directed=True)
        .transform_calculate(c=f"datum.cooperation * datum.left * ({switch})")
        .transform_aggregate(c="sum(c)", groupby=["ms", "vector"])
        .transform_joinaggregate(total="sum(c)", groupby=["ms"])
        .transform_calculate(share="datum.total > 0 ? datum.c / datum.total : null")
    )
    x = alt.X("ms:Q", scale=time_scale(span), axis=time_axis(span))
    bare = alt.X(
        "ms:Q",
        scale=time_scale(span),
        axis=time_axis(span, labels=False, ticks=False, domain=False),
    )
    balance = (
        share.transform_calculate(
            part="datum.share > 0 ? -datum.share * log(datum.share) : 0"
        )
        .transform_aggregate(h="sum(part)", total="max(total)", groupby=["ms"])
        .transform_calculate(
            balance=f"datum.total > 0 ? datum.h / log({len(names)}) : null",
            effective="pow(%d, datum.balance)" % len(names),
        )
    )
    tip = hover(
        "month_name:N = month",
        "balance:Q .2f = balance",
        "effective:Q .1f = effective vectors",
    )
    line = balance.transform_calculate(month_name="utcFormat(datum.ms, '%B %Y')")
    y = alt.Y(
        "effective:Q",
        title=["effective number", "of partners"],
        scale=alt.Scale(domain=[1, len(names)], nice=False),
        axis=alt.Axis(values=[1, *range(2, len(names) + 1, 2)], format="d"),
    )
    dots = line.mark_point(opacity=0, size=90).encode(bare, y, tooltip=tip)
    top = panel(
        *break_rules(breaks, span),
        line.mark_line().encode(bare, y),
        *_extremes(line, bare, y),
        dots,
        height=130,
        name="balance",
    )
    colour = alt.Color("vector:N", scale=colours(vectors))
    area = (
        share.transform_lookup(
            "vector",
            alt.LookupData(
                inline(pd.DataFrame({"vector": names, "order": range(len(names))})),
                "vector",
                ["order"],
            ),
        )
        .mark_area(stroke=PAGE, strokeWidth=0.6)
        .encode(
            bare,
            alt.Y(
                "share:Q",
                stack="zero",
                title="share of cooperation",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
            ),
            colour,
            alt.Order("order:Q"),
            tooltip=hover("vector:N = vector"),
        )
    )
    middle = panel(
        area, *break_rules(breaks, span, labels=False), height=210, name="shares"
    )
    lanes = _lanes(
        events[events["vector"].notna()].drop_duplicates(["id", "vector"]),
        x,
        alt.Y("vector:N", sort=names, title=None, axis=None),
        colour,
    ).properties(
        height=len(names) * 13,
        width="container",
        name="acts",
        title=panel_title(
            "A strip: an act, from its first to its last possible day; darker: acts overlap"
        ),
    )
    chart = (
        alt.vconcat(top, middle, lanes, spacing=6)
        .resolve_scale(x="shared", color="shared")
        .add_params(half_life_slider(half_life), direction_choice(), *switches)
    )
    controls = {
        s.name: {"label": name, "colour": f"var(--vector-{slug(name)}, {c})"}
        for s, name, c in zip(switches, names, vectors["colour"])
    }
    return chart.properties(usermeta={"essay": {"controls": controls}})


def _extremes(line, x, y):
    """Highest and lowest month of the line, with its number; of several equal ones the first."""
    parts = []
    for order, place in (
        ("descending", {"align": "left", "dx": 7, "dy": -1}),
        ("ascending", {"dy": 11}),
    ):
        end = (
            line.transform_filter("isValid(datum.effective)")
            .transform_window(
                place="row_number()",
                sort=[alt.SortField("effective", order=order), alt.SortField("ms")],
            )
            .transform_filter("datum.place == 1")
        )
        parts += [
            end.mark_point(size=45, opacity=1).encode(x, y),
            end.mark_text(**place, fontWeight="bold").encode(
                x, y, text=alt.Text("effective:Q", format=".1f")
            ),
        ]
    return parts


def _lanes(acts, x, y, colour):
    """Acts as bars from their first to their last possible day; known days are ticks."""
    rows = act_rows(acts)
    base = (
        plot(rows).transform_filter(DIRECTED).encode(x, y, colour, tooltip=ACT_TOOLTIP)
    )
    long = (
        base.transform_filter("datum.to_ms - datum.from_ms > 40 * 864e5")
        .mark_bar(height=9, opacity=0.35, cornerRadius=2)
        .encode(x=renamed(x, "from_ms"), x2="to_ms:Q")
    )
    short = (
        base.transform_filter("datum.to_ms - datum.from_ms <= 40 * 864e5")
        .mark_tick(thickness=2, height=11, opacity=1)
        .encode(x=renamed(x, "from_ms"))
    )
    return alt.layer(long, short)


def balance_with_bands(bands, span, breaks, most):
    """Effective number of vectors with its percentile band, as computed in Python; stands still.

    ``bands`` holds rows (date, index, value, lower, upper) of ``engagement.bands``; ``most`` is the number of vectors.
    """
    rows = bands[bands["index"] == "effective_vectors"].assign(
        ms=lambda b: b["date"].map(stamp),
        month=lambda b: b["date"].dt.strftime("%B %Y"),
    )
    x = alt.X("ms:Q", scale=time_scale(span), axis=time_axis(span))
    scale = alt.Scale(domain=[1, most])
    base = plot(rows[["ms", "month", "value", "lower", "upper"]]).encode(x=x)
    band = base.mark_area(opacity=0.25, color=ACCENT).encode(
        alt.Y("lower:Q", title="effective number of partners", scale=scale),
        y2="upper:Q",
    )
    tip = [
        "month:N",
        *(alt.Tooltip(f"{c}:Q", format=".2f") for c in ("value", "lower", "upper")),
    ]
    dots = base.mark_point(opacity=0, size=90).encode(
        y=alt.Y("value:Q", scale=scale), tooltip=tip
    )
    return panel(
        *break_rules(breaks, span),
        band,
        base.mark_line(color=ACCENT).encode(y=alt.Y("value:Q", scale=scale)),
        dots,
        height=200,
        name="bands",
    )


def tilt_over_time(codings, poles, span, breaks, half_life=730):
    """Tilt between two poles as memory makes it, one line a coding; half-life can be changed.

    Parameters
    ----------
    codings : dict of str to DataFrame
        Name of the coding and its events.
    poles : pair of str
        1 on the axis means all engagement is with the first, -1 with the second.
    """
    rows = pd.concat(
        [
            memory_rows(e[e["vector"].isin(poles)]).assign(coding=name)
            for name, e in codings.items()
        ]
    )
    rows["sign"] = rows["vector"].map({poles[0]: 1, poles[1]: -1})
    line = (
        aged(rows, span, directed=True)
        .transform_calculate(
            net="datum.sign * (datum.cooperation - datum.conflict) * datum.left",
            all="(datum.cooperation + datum.conflict) * datum.left",
        )
        .transform_aggregate(net="sum(net)", all="sum(all)", groupby=["ms", "coding"])
        .transform_calculate(
            tilt="datum.all > 0 ? datum.net / datum.all : null",
            month_name="utcFormat(datum.ms, '%B %Y')",
        )
    )
    x = alt.X("ms:Q", scale=time_scale(span), axis=time_axis(span))
    y = alt.Y(
        "tilt:Q",
        title=[f"tilt: −1 all with {poles[1]},", f"+1 all with {poles[0]}"],
        scale=alt.Scale(domain=[-1, 1]),
        axis=alt.Axis(values=[-1, -0.5, 0, 0.5, 1]),
    )
    tip = hover("month_name:N = month", "coding:N", "tilt:Q +.2f")
    legend = (
        None
        if len(codings) == 1
        else alt.Legend(symbolType="stroke", labelExpr="datum.label + '’s dates'")
    )
    dash = alt.StrokeDash(
        "coding:N",
        scale=alt.Scale(domain=list(codings), range=[[1, 0], [6, 4]][: len(codings)]),
        legend=legend,
    )
    colour = alt.Color(
        "coding:N",
        scale=alt.Scale(domain=list(codings), range=[TEXT, ACCENT][: len(codings)]),
        legend=legend,
    )
    zero = plot({"tilt": [0]}).mark_rule().encode(y=y)
    layers = [
        *break_rules(breaks, span),
        zero,
        line.mark_line().encode(x, y, colour, dash),
        line.mark_point(opacity=0, size=90).encode(x, y, tooltip=tip),
    ]
    return panel(*layers, height=240, name="tilt").add_params(
        half_life_slider(half_life), direction_choice()
    )


def balances_over_time(rows, first_year, last_year, year):
    """The balance of a state by every source side by side, with a year of the reader's choice read off.

    Parameters
    ----------
    rows : DataFrame
        Rows (series, kind, year, value, vectors, lower, upper, part, source), years ascending: effective
        vectors, ``kind`` "coded" or "outside", ``vectors`` the most that the value could be; ``lower`` and
        ``upper`` hold nine draws in ten and are NaN where no band is known, ``part`` told apart on the two sides of a break in the source.
    first_year, last_year : int
        Years drawn and offered by the slider.
    year : int
        Where the slider starts.
    """
    if unknown := set(rows["kind"]) - {"coded", "outside"}:
        raise ValueError(f"kind is {sorted(unknown)[0]!r}; allowed: 'coded', 'outside'")
    names, inside = (
        list(dict.fromkeys(rows["series"])),
        rows[rows["year"].between(first_year, last_year)],
    )
    panels = [
        _balance_panel(
            inside[inside["series"] == name],
            first_year,
            last_year,
            name == names[-1],
            "balances" if i == 0 else f"balances_{i}",
        )
        for i, name in enumerate(names)
    ]
    return (
        alt.vconcat(*panels, spacing=8)
        .resolve_scale(x="shared", y="independent")
        .add_params(
            slider("balance_year", "Read off the year", first_year, last_year, year)
        )
    )


def _balance_panel(rows, first_year, last_year, lowest, name):
    """One source: its line, its band, its ceiling, its breaks, and the value of the chosen year above it."""
    one, most, banded = (
        rows.iloc[0],
        int(rows["vectors"].max()),
        rows["lower"].notna().any(),
    )
    shade = {"coded": ACCENT, "outside": TEXT}[one["kind"]]
    x = (
        year_axis("year", first_year, last_year)
        if lowest
        else year_axis("year", first_year, last_year).axis(
            labels=False, ticks=False, domain=False, grid=False
        )
    )
    scale = alt.Scale(domain=[1, most], nice=False)
    y = alt.Y(
        "value:Q", title=None, scale=scale, axis=alt.Axis(values=[1, most], format="d")
    )
    # Every year has a row, so that a year without a value can be said to have none.
    every = pd.DataFrame({"year": range(first_year, last_year + 1)}).merge(
        rows[["year", "value", "part", *(["lower", "upper"] if banded else [])]],
        on="year",
        how="left",
    )
    every = every.assign(
        part=every["part"].ffill().bfill().astype(int), source=one["source"]
    ).round({"value": 3, "lower": 3, "upper": 3})
    base = plot(every)
    tip = hover(
        "year:Q d",
        "value:Q .1f = effective vectors",
        *(f"{c}:Q .1f" for c in ("lower", "upper") if banded),
        "source:N",
    )
    band = (
        [
            base.mark_area(opacity=0.2, color=shade).encode(
                x, alt.Y("lower:Q", scale=scale), y2="upper:Q"
            )
        ]
        if banded
        else []
    )
    broken = rows.loc[rows["part"].diff() > 0, ["year", "source"]]
    cut = (
        [
            plot(broken)
            .transform_calculate(at="datum.year - 0.5")
            .mark_rule(strokeDash=[2, 3])
            .encode(
                renamed(x, "at"),
                tooltip=hover("year:Q d = break in the source, from", "source:N"),
            )
        ]
        if len(broken)
        else []
    )
    heading = [
        f"{one['series']} ({one['kind']})",
        *(["band: nine draws in ten"] if banded else []),
        *(["dotted: the source changes"] if cut else []),
    ]
    picked = base.transform_filter("datum.year == balance_year")
    words = (
        picked.transform_calculate(
            text="balance_year + ': ' + (isValid(datum.value) ? format(datum.value, '.1f') : 'no value')"
        )
        .mark_text(
            align="right",
            baseline="bottom",
            x=alt.expr("width"),
            y=-5,
            fontWeight="bold",
        )
        .encode(text="text:N")
    )
    layers = [
        *band,
        picked.mark_rule(strokeWidth=1, opacity=0.5).encode(x),
        *cut,
        base.mark_line(color=shade, strokeWidth=1.8).encode(x, y, detail="part:O"),
        base.mark_point(color=shade, size=32, opacity=1).encode(x, y, tooltip=tip),
        picked.mark_point(color=shade, size=110, opacity=1).encode(x, y, tooltip=tip),
        words,
    ]
    return panel(*layers, height=66, name=name, heading="; ".join(heading))


def balance_by_doubt(lattice, span, breaks):
    """Balance with its band for every combination of three doubts, as computed in Python.

    ``lattice`` holds rows (date, value, lower, upper, resample, dates, codes), the last three true or false.
    """
    rows = lattice.assign(
        ms=lattice["date"].map(stamp),
        month=lattice["date"].dt.strftime("%B %Y"),
        key=lattice["resample"].astype(int)
        + 2 * lattice["dates"].astype(int)
        + 4 * lattice["codes"].astype(int),
    )
    switches = [
        checkbox(f"doubt_{name}", label)
        for name, label in (
            ("resample", "Acts drawn anew"),
            ("dates", "Dates drawn anew"),
            ("codes", "Codes confused as the coders do"),
        )
    ]
    base = plot(
        rows[["ms", "month", "value", "lower", "upper", "key"]].round(4)
    ).transform_filter(
        "datum.key == (doubt_resample ? 1 : 0) + (doubt_dates ? 2 : 0) + (doubt_codes ? 4 : 0)"
    )
    x, scale = (
        alt.X("ms:Q", scale=time_scale(span), axis=time_axis(span)),
        alt.Scale(domain=[0, 1]),
    )
    band = base.mark_area(opacity=0.25, color=ACCENT).encode(
        x, alt.Y("lower:Q", title="balance (0 to 1)", scale=scale), y2="upper:Q"
    )
    line = base.mark_line(color=ACCENT).encode(x, alt.Y("value:Q", scale=scale))
    dots = base.mark_point(opacity=0, size=90).encode(
        x,
        alt.Y("value:Q", scale=scale),
        tooltip=[
            "month:N",
            *(alt.Tooltip(f"{c}:Q", format=".2f") for c in ("value", "lower", "upper")),
        ],
    )
    return panel(
        *break_rules(breaks, span), band, line, dots, height=230, name="doubts"
    ).add_params(*switches)
