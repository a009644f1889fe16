"""The balance and the tilt over time, with their bands, by source and by doubt."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ..checks import refuse
from ..data import Missing
from ..forms import formatted
from ..language import _
from .grammar import (
    ABOVE,
    ABOVE_RIGHT,
    ACT_TOOLTIP,
    LONG,
    QUARTERS,
    SHORT,
    Span,
    act_rows,
    break_rules,
    checkbox,
    half_life_slider,
    haloed,
    hover,
    menu,
    note,
    panel,
    plot,
    quoted,
    reading,
    renamed,
    sentence,
    slider,
    stamp,
    time_x,
    tinted,
    year_axis,
)
from .memory import DIRECTED, aged, direction_choice, memory_rows
from .theme import ACCENT, MUTED, PAGE, PALE, TEXT, colours

#: All vectors but the poles.
OTHERS = _("all others")

# As memory makes it ---------------------------------------------------------------


def balance_over_time(
    events: pd.DataFrame,
    vectors: pd.DataFrame,
    span: Span,
    breaks: pd.DataFrame,
    half_life: float = 730,
) -> alt.VConcatChart:
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

    Raises
    ------
    data.Missing
        If no act has a vector.
    """
    if events["vector"].isna().all():
        raise Missing(_("no act with a partner is coded"))
    names = list(vectors["vector"])
    switches = _switches(names, names)
    # The boxes that switch vectors off, and the names of the strips, are the key.
    colour = tinted("vector", colours(vectors), legend=None)
    share = _shares(events, span, names, switches)
    x = time_x(span, labels=False, ticks=False, domain=False)
    acts = events[events["vector"].notna()].drop_duplicates(["id", "vector"])
    y = alt.Y("vector:N", sort=names, title=None, axis=None)
    parts = [
        panel(
            *break_rules(breaks, span),
            *_effective(share, x, len(names)),
            height=130,
            name="balance",
        ),
        panel(
            _areas(share, x, names, colour),
            *break_rules(breaks, span, labels=False),
            height=210,
            name="shares",
        ),
        panel(
            *_lanes(acts, time_x(span), y, colour),
            plot({"vector": names})
            .mark_text(align="left", x=0, dy=-7, fontSize=11)
            .encode(y=y, text="vector:N"),
            height=len(names) * 26,
            name="strips",
            heading=_(
                "A strip: an act, from its first to its last possible day; stronger: acts overlap"
            ),
        ),
    ]
    return (
        alt.vconcat(*parts, spacing=6)
        .resolve_scale(x="shared", color="shared")
        .add_params(half_life_slider(half_life), direction_choice(), *switches.values())
        .properties(usermeta=_switched(switches, vectors))
    )


def balance_in_one_line(
    events: pd.DataFrame,
    vectors: pd.DataFrame,
    poles: Sequence[str],
    bands: pd.DataFrame,
    marked: Sequence[Any],
    span: Span,
    half_life: float = 730,
) -> alt.VConcatChart:
    """The effective number of vectors with its band, and two poles against all others below it.

    Parameters
    ----------
    events, vectors, span
        As for :func:`balance_over_time`.
    poles : pair of str
        Vectors with an area of their own, which can be switched off.
    bands : DataFrame
        Rows (date, index, value, lower, upper) of ``engagement.bands`` at ``half_life``; they are
        hidden while the half-life is another one or a vector is left out.
    marked : sequence of dates
        Dates of the bands whose ends are written.
    half_life : float
        Where the slider starts, in days.
    """
    names = list(vectors["vector"])
    switches = _switches(names, poles)
    whole = [switch.name for switch in switches.values()]
    at_start = " && ".join([f"half_life == {half_life}", *whole])
    # Nobody chooses a direction here: acts that differ by it alone are summed beforehand.
    both = events.assign(direction="both")
    share = _shares(both, span, names, switches)
    x = time_x(span, labels=False, ticks=False, domain=False)
    rows = _monthly(bands[bands["index"] == "effective_vectors"])
    top = panel(
        *_band_at_start(rows, marked, x, len(names), at_start, half_life),
        *_effective(share, x, len(names), f"!({at_start})"),
        height=180,
        name="balance",
    )
    shades = {**colours(vectors, poles), OTHERS: PALE}
    below = panel(
        *_written_areas(share, time_x(span), shades, span), height=130, name="poles"
    )
    fixed = alt.param(name="direction", value="both")
    return (
        alt.vconcat(top, below, spacing=10)
        .resolve_scale(x="shared", color="independent")
        .add_params(half_life_slider(half_life), fixed, *switches.values())
        .properties(usermeta=_switched(switches, vectors))
    )


def _switches(names: Sequence[str], among: Sequence[str]) -> dict[str, alt.Parameter]:
    """Boxes that switch vectors off, by the vector."""
    return {name: checkbox(f"on_{names.index(name)}", name) for name in among}


def _switched(
    switches: Mapping[str, alt.Parameter], vectors: pd.DataFrame
) -> dict[str, Any]:
    """Names and colours of the boxes that switch vectors off."""
    shades = colours(vectors, switches)
    controls = {
        switch.name: {"label": name, "colour": shades[name]}
        for name, switch in switches.items()
    }
    return {"essay": {"controls": controls}}


def _band_at_start(
    rows: pd.DataFrame,
    marked: Sequence[Any],
    x: alt.X,
    many: int,
    at_start: str,
    half_life: float,
) -> list[alt.Chart]:
    """The band at the settings of the start; its ends are written at the dates that are marked.

    At all others a line of words says why there is none.
    """
    scale = alt.Scale(domain=[1, many], nice=False)
    ends = {
        "y": alt.Y("lower:Q", scale=scale),
        "y2": "upper:Q",
        "tooltip": hover("month:N", "lower:Q .1f", "upper:Q .1f"),
    }
    columns = ["ms", "month", "lower", "upper"]
    corner, inside = rows.iloc[[0]], rows.iloc[[_clear_of(rows["date"], marked)]]
    band, named, line, about = (
        plot(part[columns].round(3)).transform_filter(at_start).encode(x)
        for part in (rows, rows[rows["date"].isin(marked)], corner, inside)
    )
    text = sentence(
        _("{low} to {high}"),
        low="format(datum.lower, '.1f')",
        high="format(datum.upper, '.1f')",
    )
    gone = _(
        "the band was drawn for {days:g} days and all partners only", days=half_life
    )
    below = {"align": "right", "dx": 4, "dy": 16, "fontWeight": "bold"}
    beside: dict[str, Any] = {"align": "left", "dx": 4, "y": 7}
    moved = plot(corner[["ms"]]).transform_filter(f"!({at_start})")
    return [
        band.mark_area(opacity=0.25, color=MUTED).encode(**ends),
        named.mark_rule(color=MUTED, strokeWidth=3).encode(**ends),
        reading(named, text, **below).encode(ends["y"]),
        reading(line, quoted(_("line: as coded")), **beside),
        moved.mark_text(**ABOVE, y=-6, text=gone, color=MUTED),
        reading(
            about.transform_calculate(inside="0.6 * datum.lower + 0.4 * datum.upper"),
            quoted(_("9 draws in 10")),
        ).encode(alt.Y("inside:Q", scale=scale)),
    ]


def _clear_of(dates: pd.Series, marked: Sequence[Any]) -> int:
    """Place of a date where a name in the band meets none of the numbers, which end at their dates."""
    places = [len(dates) * part // 16 for part in (5, 11, 13, 8, 3)]
    for place in places:
        ahead = [(pd.Timestamp(day) - dates.iloc[place]).days for day in marked]
        if not any(-550 < days < 1100 for days in ahead):
            return place
    return places[0]


def _written_areas(
    share: alt.Chart, x: alt.X, shades: Mapping[str, str], span: Span
) -> list[alt.Chart]:
    """Shares of the poles and of all others on one another, each with its name where it is widest."""
    first, last = (stamp(day) for day in span)
    who = f"indexof({quoted(list(shades))}, datum.vector) < 0 ? {quoted(OTHERS)} : datum.vector"
    stacked = (
        # Before the first act there is nothing to share, and no area.
        share.transform_filter("datum.total > 0")
        .transform_calculate(who=who)
        .transform_aggregate(share="sum(share)", groupby=["ms", "who"])
        .transform_calculate(order=f"indexof({quoted(list(shades))}, datum.who)")
        .transform_stack(
            stack="share",
            as_=["low", "high"],
            groupby=["ms"],
            sort=[alt.SortField("order")],
        )
    )
    y = alt.Y(
        "low:Q",
        title=_("share of cooperation"),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", values=QUARTERS),
    )
    areas = stacked.transform_calculate(month="utcFormat(datum.ms, '%B %Y')")
    # A name stands off the edges, where its area is high enough for a year and a half around.
    by_time = [alt.SortField("who"), alt.SortField("ms")]
    by_room = [by_time[0], alt.SortField("room", order="descending"), by_time[1]]
    named = (
        stacked.transform_window(
            room="min(share)", frame=[-18, 18], groupby=["who"], sort=by_time
        )
        .transform_filter(
            f"abs((datum.ms - {first}) / {last - first} - 0.5) < 0.35 && datum.room > 0.1"
        )
        .transform_window(place="row_number()", groupby=["who"], sort=by_room)
        .transform_filter("datum.place == 1")
        .transform_calculate(middle="(datum.low + datum.high) / 2")
        .encode(x, renamed(y, "middle"), text="who:N")
    )
    return [
        areas.mark_area(stroke=PAGE, strokeWidth=0.6).encode(
            x,
            y,
            tinted("who", shades, legend=None),
            y2="high:Q",
            tooltip=hover("month:N", "who:N", "share:Q .0%"),
        ),
        *haloed(named, fontWeight="bold"),
    ]


def _shares(
    events: pd.DataFrame,
    span: Span,
    names: Sequence[str],
    switches: Mapping[str, alt.Parameter],
) -> alt.Chart:
    """Each vector's share of what is left of cooperation, of those that are not switched off."""
    on = [switches[name].name if name in switches else "true" for name in names]
    switch = f"[{', '.join(on)}][datum.k] ? 1 : 0"
    rows = memory_rows(events)
    # An act without cooperation adds nothing to a share.
    return (
        aged(rows[(rows["cooperation"] > 0) | rows["opens"]], span)
        .transform_calculate(c=f"datum.cooperation * datum.left * ({switch})")
        .transform_aggregate(c="sum(c)", groupby=["ms", "vector"])
        .transform_joinaggregate(total="sum(c)", groupby=["ms"])
        .transform_calculate(share="datum.total > 0 ? datum.c / datum.total : null")
    )


def _effective(
    share: alt.Chart, x: alt.X, many: int, ends: str = "true"
) -> list[alt.Chart]:
    """The effective number of vectors, from the entropy of the shares; its ends are named where a test holds."""
    line = (
        share.transform_calculate(
            part="datum.share > 0 ? -datum.share * log(datum.share) : 0"
        )
        .transform_aggregate(h="sum(part)", total="max(total)", groupby=["ms"])
        .transform_calculate(
            balance=f"datum.total > 0 ? datum.h / log({many}) : null",
            # Nothing to the power of nought is one: without an act there is no number.
            effective=f"datum.total > 0 ? pow({many}, datum.balance) : null",
        )
        .transform_calculate(month_name="utcFormat(datum.ms, '%B %Y')")
    )
    y = alt.Y(
        "effective:Q",
        title=_("effective number\nof partners").splitlines(),
        scale=alt.Scale(domain=[1, many], nice=False),
        axis=alt.Axis(values=[1, *range(2, many + 1, 2)], format="d"),
    )
    tip = hover(
        "month_name:N = month",
        "balance:Q .2f = balance",
        "effective:Q .1f = effective vectors",
    )
    return [
        line.mark_line().encode(x, y),
        *_extremes(line.transform_filter(ends), x, y),
        line.mark_point(opacity=0, size=90).encode(x, y, tooltip=tip),
    ]


def _extremes(line: alt.Chart, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Highest and lowest month of the line, with its number; of several equal ones the first."""
    parts = []
    # Both numbers stand below the line: above it are the names of the breaks.
    right: dict[str, Any] = {"align": "left", "dx": 6, "dy": 14}
    left: dict[str, Any] = {"align": "right", "dx": -5, "dy": 14}
    for order, place in (("descending", right), ("ascending", left)):
        end = (
            line.transform_filter("isValid(datum.effective)")
            # Months without a new act differ by rounding alone.
            .transform_calculate(level="floor(datum.effective * 1e6 + 0.5)")
            .transform_window(
                place="row_number()",
                sort=[alt.SortField("level", order=order), alt.SortField("ms")],
            )
            .transform_filter("datum.place == 1")
            .encode(x, y)
        )
        parts += [
            end.mark_point(size=45, opacity=1),
            *haloed(
                end.encode(text=alt.Text("effective:Q", format=".1f")),
                **place,
                fontWeight="bold",
            ),
        ]
    return parts


def _areas(
    share: alt.Chart, x: alt.X, names: list[str], colour: alt.Color
) -> alt.Chart:
    """The shares on one another, in the usual order of the vectors."""
    rows = plot({"vector": names, "order": range(len(names))}).data
    y = alt.Y(
        "share:Q",
        stack="zero",
        title=_("share of cooperation"),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", values=QUARTERS),
    )
    return (
        share.transform_lookup("vector", alt.LookupData(rows, "vector", ["order"]))
        .mark_area(stroke=PAGE, strokeWidth=0.6)
        .encode(x, y, colour, alt.Order("order:Q"), tooltip=hover("vector:N = vector"))
    )


def _lanes(
    acts: pd.DataFrame, x: alt.X, y: alt.Y, colour: alt.Color
) -> list[alt.Chart]:
    """Acts as bars from their first to their last possible day, under the names of the vectors; known days are ticks."""
    base = (
        plot(act_rows(acts))
        .transform_filter(DIRECTED)
        .encode(renamed(x, "from_ms"), y, colour, tooltip=ACT_TOOLTIP)
    )
    return [
        base.transform_filter(LONG)
        .mark_bar(height=9, opacity=0.35, cornerRadius=2, yOffset=6)
        .encode(x2="to_ms:Q"),
        base.transform_filter(SHORT).mark_tick(
            thickness=2, height=11, opacity=1, yOffset=6
        ),
    ]


def tilt_over_time(
    codings: Mapping[str, pd.DataFrame],
    poles: Sequence[str],
    span: Span,
    breaks: pd.DataFrame,
    names: Mapping[str, tuple[str, str, int]] | None = None,
    deals: Mapping[str, str] | None = None,
) -> alt.LayerChart:
    """Tilt between two poles as memory makes it, one line a coding; half-life can be changed.

    Parameters
    ----------
    codings : dict of str to DataFrame
        Name of the coding and its events.
    poles : pair of str
        1 on the axis means all engagement is with the first, -1 with the second.
    names : dict of str to (str, str, int), optional
        What is written along the line of a coding, from which month on, and by how many pixels below
        it (above it if negative); without it the names stand in a legend.
    deals : dict of str to str, optional
        Deals that the reader may leave out, one at a time: their names, and what the acts that
        belong to them share in ``alternative``; acts both ways count then.
    """
    codings = {_(coding): events for coding, events in codings.items()}
    along = {_(coding): told for coding, told in (names or {}).items()}
    named = {acts: deal for deal, acts in (deals or {}).items()}
    rows = _by_coding(codings, poles, named)
    base = aged(rows if deals else rows.drop(columns="deal"), span)
    if deals:
        base = base.transform_filter("datum.deal != left_out")
    line = _tilt_of(base)
    x = time_x(span)
    y = _tilt_axis()
    dates = sentence(_("{name}’s dates"), name="datum.label")
    key = {"symbolType": "stroke", "labelExpr": dates}
    legend: dict[str, Any] = {"legend": None} if names or len(codings) == 1 else key
    dashes = [[1, 0], [6, 4]][: len(codings)]
    dash = alt.StrokeDash(
        "coding:N",
        scale=alt.Scale(domain=list(codings), range=dashes),
        legend=legend.get("legend", alt.Legend(**key)),
    )
    # Grey for the second: up and down are the colours of the poles.
    colour = tinted("coding", dict(zip(codings, [TEXT, MUTED])), **legend)
    tip = hover("month_name:N = month", "coding:N", "tilt:Q +.2f")
    controls = [half_life_slider()]
    controls += _left_out(deals) if deals else [direction_choice()]
    return panel(
        *break_rules(breaks, span),
        plot({"tilt": [0]}).mark_rule().encode(y=y),
        line.mark_line().encode(x, y, colour, dash),
        line.mark_point(opacity=0, size=90).encode(x, y, tooltip=tip),
        *_ends(poles),
        *_along(line.encode(x, y, colour), along),
        height=240,
        name="tilt",
    ).add_params(*controls)


def _tilt_of(base: alt.Chart) -> alt.Chart:
    """Net cooperation with the first pole less that with the second, as a share of all that is remembered."""
    return (
        base.transform_calculate(
            net="datum.sign * (datum.cooperation - datum.conflict) * datum.left",
            all="(datum.cooperation + datum.conflict) * datum.left",
        )
        .transform_aggregate(net="sum(net)", all="sum(all)", groupby=["ms", "coding"])
        .transform_calculate(
            tilt="datum.all > 0 ? datum.net / datum.all : null",
            month_name="utcFormat(datum.ms, '%B %Y')",
        )
    )


def _left_out(deals: Iterable[str]) -> list[alt.Parameter]:
    """A list of deals of which one can be left out; acts both ways count."""
    words = [_("nothing"), *deals]
    left = menu("left_out", _("Leave out"), ["nothing", *deals], labels=words)
    return [alt.param(name="direction", value="both"), left]


def _by_coding(
    codings: Mapping[str, pd.DataFrame],
    poles: Sequence[str],
    named: Mapping[str, str],
) -> pd.DataFrame:
    """What memory needs of the acts with the poles, of each coding and deal."""
    parts = {}
    for coding, events in codings.items():
        acts = events[events["vector"].isin(poles)]
        matter = acts.get("alternative", pd.Series(pd.NA, acts.index))
        of_deal = [named.get(one, "") for one in matter]
        for deal, part in acts.groupby(of_deal):
            parts[coding, deal] = memory_rows(part)
    if not parts:
        raise Missing("no act between the state and one of the two poles is coded")
    rows = pd.concat(parts, names=["coding", "deal"]).reset_index(["coding", "deal"])
    return rows.assign(sign=rows["vector"].map({poles[0]: 1, poles[1]: -1}))


def _along(
    line: alt.Chart, names: Mapping[str, tuple[str, str, int]]
) -> list[alt.Chart]:
    """The name of each coding, written along its line."""
    place: dict[str, Any] = {"align": "left", "dx": 2, "fontWeight": "bold"}
    texts = []
    for coding, (name, month, below) in names.items():
        end = pd.Timestamp(month) + pd.offsets.MonthEnd(0)
        there = f"datum.coding == {quoted(coding)} && datum.ms == {stamp(end)}"
        one = line.transform_filter(there).encode(text=alt.value(name))
        texts += haloed(one, **place, dy=below)
    return texts


def _ends(poles: Sequence[str]) -> list[alt.Chart]:
    """Which way is up, and which down, in words at the ends of the axis."""
    up = _("↑ toward {state}", state=poles[0])
    down = _("↓ toward {state}", state=poles[1])
    place: dict[str, Any] = {"align": "left", "x": 4, "baseline": "middle"}
    low = alt.expr("height - 8")
    one = plot({"one": [1]})
    return [
        *haloed(one, text=up, y=8, **place),
        *haloed(one, text=down, y=low, **place),
    ]


def _tilt_axis() -> alt.Y:
    """From all with the second pole to all with the first."""
    return alt.Y(
        "tilt:Q",
        title=None,
        scale=alt.Scale(domain=[-1, 1]),
        axis=alt.Axis(values=[-1, -0.5, 0, 0.5, 1]),
    )


# With bands, as computed in Python --------------------------------------------------


def balance_with_bands(
    bands: pd.DataFrame, span: Span, breaks: pd.DataFrame, most: int
) -> alt.LayerChart:
    """Effective number of vectors with its percentile band, as computed in Python; stands still.

    ``bands`` holds rows (date, index, value, lower, upper) of ``engagement.bands``; ``most`` is the number of vectors.
    """
    rows = _monthly(bands[bands["index"] == "effective_vectors"])
    base = plot(rows["ms month value lower upper".split()])
    scale = alt.Scale(domain=[1, most])
    band, line, dots = _banded(base, span, scale, _("effective number of partners"))
    return panel(*break_rules(breaks, span), band, line, dots, height=200, name="bands")


def balance_by_doubt(
    lattice: pd.DataFrame, span: Span, breaks: pd.DataFrame
) -> alt.LayerChart:
    """Balance with its band for every combination of three doubts, as computed in Python.

    ``lattice`` holds rows (date, value, lower, upper, resample, dates, codes), the last three true or false.
    """
    doubts = {
        "resample": _("Acts drawn anew"),
        "dates": _("Dates drawn anew"),
        "codes": _("Codes confused as the coders do"),
    }
    key = sum(2**i * lattice[name].astype(int) for i, name in enumerate(doubts))
    rows = _monthly(lattice).assign(key=key)
    base = plot(rows["ms month value lower upper key".split()].round(4))
    base = base.transform_filter(
        "datum.key == (doubt_resample ? 1 : 0) + (doubt_dates ? 2 : 0) + (doubt_codes ? 4 : 0)"
    )
    scale = alt.Scale(domain=[0, 1])
    band, line, dots = _banded(base, span, scale, _("balance (0 to 1)"))
    return panel(
        *break_rules(breaks, span), band, line, dots, height=230, name="doubts"
    ).add_params(*(checkbox(f"doubt_{name}", doubts[name]) for name in doubts))


def _monthly(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with their date as a moment and as the name of a month."""
    date = rows["date"]
    months = date.map(lambda day: formatted(day, "%B %Y"))
    return rows.assign(ms=date.map(stamp), month=months)


def _banded(
    base: alt.Chart, span: Span, scale: alt.Scale, title: str
) -> list[alt.Chart]:
    """A line with its band, and points to hover."""
    base = base.encode(x=time_x(span))
    y = alt.Y("value:Q", scale=scale)
    low = alt.Y("lower:Q", title=title, scale=scale)
    tip = hover("month:N", "value:Q .2f", "lower:Q .2f", "upper:Q .2f")
    return [
        base.mark_area(opacity=0.25, color=ACCENT).encode(low, y2="upper:Q"),
        base.mark_line(color=ACCENT).encode(y=y),
        base.mark_point(opacity=0, size=90).encode(y=y, tooltip=tip),
    ]


# By every source ---------------------------------------------------------------------


def balances_over_time(
    rows: pd.DataFrame,
    first_year: int,
    last_year: int,
    year: int,
    means: pd.DataFrame,
) -> alt.VConcatChart:
    """The balance of a state by every source side by side, with a year of the reader's choice read off.

    Parameters
    ----------
    rows : DataFrame
        Rows (series, kind, year, value, vectors, lower, upper, part, source), years ascending: effective
        vectors, ``kind`` "coded" or "outside", ``vectors`` the most that the value could be; ``lower`` and
        ``upper`` hold nine draws in ten, are NaN where no band is known and can be left out, ``part`` told apart on the two sides of a break in the source.
    first_year, last_year : int
        Years drawn and offered by the slider.
    year : int
        Where the slider starts.
    means : DataFrame
        Rows (series, first, last, value), two of each series: means over years, drawn as thick rules; how
        far the second lies from the first is written above them.
    """
    if unknown := set(rows["kind"]) - {"coded", "outside"}:
        refuse("kind", sorted(unknown)[0], "'coded', 'outside'")
    inside = rows[rows["year"].between(first_year, last_year)]
    if "lower" not in inside:  # no source has a band
        inside = inside.assign(lower=np.nan, upper=np.nan)
    names, years = list(dict.fromkeys(rows["series"])), (first_year, last_year)
    panels = [
        _balance_panel(
            inside[inside["series"] == name],
            means[means["series"] == name],
            years,
            name == names[-1],
        )
        for name in names
    ]
    named = [
        one.properties(name=f"balances_{i}" if i else "balances")
        for i, one in enumerate(panels)
    ]
    return (
        alt.vconcat(*named, spacing=8)
        .resolve_scale(x="shared", y="independent")
        .add_params(
            slider("balance_year", _("Read off the year"), first_year, last_year, year)
        )
    )


def _balance_panel(
    rows: pd.DataFrame, means: pd.DataFrame, years: tuple[int, int], lowest: bool
) -> alt.LayerChart:
    """One source: its line, its band, its ceiling, its breaks, its two means, and the value of the chosen year above it."""
    one, most = rows.iloc[0], int(rows["vectors"].max())
    ends = ["lower", "upper"] if rows["lower"].notna().any() else []
    shade = {"coded": ACCENT, "outside": TEXT}[one["kind"]]
    x = year_axis("year", *years)
    if not lowest:
        x = x.axis(labels=False, ticks=False, domain=False, grid=False)
    scale = alt.Scale(domain=[1, most], nice=False)
    axis = alt.Axis(values=[1, most], format="d")
    y = alt.Y("value:Q", title=None, scale=scale, axis=axis)
    drawn = plot(
        _every_year(rows[["year", "value", "part", *ends]], years, one["source"])
    )
    base = drawn.encode(x)
    chosen = drawn.transform_filter("datum.year == balance_year")
    picked = chosen.encode(x)
    values = (f"{end}:Q .1f" for end in ends)
    tip = hover("year:Q d", "value:Q .1f = effective vectors", *values, "source:N")
    cut = _changes(rows.loc[rows["part"].diff() > 0, ["year", "source"]], x)
    heading = [
        f"{one['series']} ({_(one['kind'])})",
        *([_("band: nine draws in ten")] if ends else []),
        *([_("dotted: the source changes")] if cut else []),
    ]
    band = base.mark_area(opacity=0.2, color=shade).encode(
        alt.Y("lower:Q", scale=scale), y2="upper:Q"
    )
    return panel(
        *([band] if ends else []),
        picked.mark_rule(strokeWidth=1, opacity=0.5),
        *cut,
        base.mark_line(color=shade, strokeWidth=1.8).encode(y, detail="part:O"),
        base.mark_point(color=shade, size=32, opacity=1).encode(y, tooltip=tip),
        picked.mark_point(color=shade, size=110, opacity=1).encode(y, tooltip=tip),
        *_means(means, x, y),
        _read_off(chosen),
        height=66,
        name="balances",
        heading="; ".join(heading),
    )


def _every_year(
    rows: pd.DataFrame, years: tuple[int, int], source: str
) -> pd.DataFrame:
    """A row for every year, so that a year without a value can be said to have none."""
    every = pd.DataFrame({"year": range(years[0], years[1] + 1)})
    every = every.merge(rows, on="year", how="left")
    part = every["part"].ffill().bfill().astype(int)
    digits = {"value": 3, "lower": 3, "upper": 3}
    return every.assign(part=part, source=source).round(digits)


def _read_off(chosen: alt.Chart) -> alt.Chart:
    """The chosen year and its value, above the panel."""
    nothing = quoted(_("no value"))
    number = f"(isValid(datum.value) ? format(datum.value, '.1f') : {nothing})"
    return reading(chosen, f"balance_year + ': ' + {number}", **ABOVE, y=-5)


def _means(means: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Two means as short thick rules, and how far they lie apart; nothing where one is not known."""
    if len(means) < 2 or means["value"].isna().any():
        return []
    before, after = means["value"]
    rules = (
        plot(means.assign(value=means["value"].round(3)))
        .transform_calculate(a="datum.first - 0.4", b="datum.last + 0.4")
        .mark_rule(strokeWidth=4, color=TEXT, opacity=0.55)
        .encode(renamed(x, "a"), y, x2="b:Q", tooltip=hover("value:Q .1f = mean"))
    )
    change = _("change: {n:+.1f}", n=after - before)
    return [rules, note(change, **ABOVE_RIGHT, y=-5, fontWeight="bold")]


def _changes(rows: pd.DataFrame, x: alt.X) -> list[alt.Chart]:
    """A dotted rule where the source changes."""
    if rows.empty:
        return []
    return [
        plot(rows)
        .transform_calculate(at="datum.year - 0.5")
        .mark_rule(strokeDash=[2, 3])
        .encode(
            renamed(x, "at"),
            tooltip=hover("year:Q d = break in the source, from", "source:N"),
        )
    ]
