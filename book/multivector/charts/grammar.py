"""Parts that the charts of several topics share: axes, panels, texts, rules, holes and controls."""

import json
from collections.abc import Iterable, Mapping, Sequence
from string import Formatter
from typing import Any

import altair as alt
import pandas as pd

from ..forms import formatted
from ..language import _, hovered
from .theme import GRID, PAGE

#: First and last day that a chart shows.
Span = Sequence[Any]
#: Half-lives that the slider offers, in days.
HALF_LIVES = (180, 1825)
#: Under a text, so that no line strikes it.
HALO = {"stroke": PAGE, "strokeWidth": 4, "strokeJoin": "round"}
#: Lines of text above a panel, from its left edge or up to its right one.
ABOVE: dict[str, Any] = {"align": "left", "baseline": "bottom", "x": 0}
ABOVE_RIGHT: dict[str, Any] = {
    "align": "right",
    "baseline": "bottom",
    "x": alt.expr("width"),
}
#: From here on an act is drawn as a bar, below as a stroke.
LONG = "datum.to_ms - datum.from_ms > 40 * 864e5"
SHORT = "datum.to_ms - datum.from_ms <= 40 * 864e5"
#: Ticks of a share, from none to all.
QUARTERS = [0, 0.25, 0.5, 0.75, 1]


# Expressions of the page --------------------------------------------------------------


def quoted(value: Any) -> str:
    """A name, or a list or mapping of names, as an expression of a chart can hold it.

    A state may be called Côte d'Ivoire: names never go into an expression between bare
    quotation marks.

    >>> print("datum.state == " + quoted("Côte d'Ivoire"))
    datum.state == "Côte d'Ivoire"
    """
    return json.dumps(value, ensure_ascii=False)


def sentence(whole: str, **parts: str) -> str:
    """A sentence as an expression of the page, its places filled by expressions.

    The sentence comes in the language of the book, so that its places may stand in any
    order.

    >>> print(sentence("{same} of {all} acts agree", same="datum.same", all="datum.all"))
    datum.same + " of " + datum.all + " acts agree"
    """
    found = []
    for words, place, _form, _sign in Formatter().parse(whole):
        found += [quoted(words)] if words else []
        found += [parts[place]] if place else []
    return " + ".join(found)


def either(test: str, yes: Any, no: Any) -> Any:
    """One value where a test of the page holds, else another."""
    return alt.condition(test, alt.value(yes), alt.value(no))


# Rows ---------------------------------------------------------------------------------


class Rows(alt.InlineData):
    """Data of a chart. What is put together of charts copies them, but not their thousands of rows."""

    def __deepcopy__(self, memo: Any) -> "Rows":
        """The same rows again."""
        return Rows(**self._kwds)


def inline(rows: pd.DataFrame) -> Rows:
    """Rows as inline data; missing cells are null, which a chart leaves out (NaN is no JSON)."""
    columns = {c: [None if pd.isna(v) else v for v in rows[c].tolist()] for c in rows}
    return Rows(values=[dict(zip(columns, row)) for row in zip(*columns.values())])


def plot(rows: pd.DataFrame | Mapping[str, Any] | list[dict[str, Any]]) -> alt.Chart:
    """A chart of rows, or of columns in a dict, that become part of the page.

    A list of rows is taken as it is, lists in its cells and all.
    """
    if isinstance(rows, list):
        return alt.Chart(Rows(values=rows))
    return alt.Chart(
        inline(rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows))
    )


def stamp(day: Any) -> int:
    """A day as milliseconds, UTC."""
    return int(pd.Timestamp(day).timestamp() * 1000)


def midway(start: pd.Series, end: pd.Series) -> pd.Series:
    """The moments half-way between days."""
    first, last = (day.map(stamp).astype("int64") for day in (start, end))
    return (first + last) // 2  # of no days none, which pandas would leave as days


def day_numbers(frame: pd.DataFrame, **names: str) -> pd.DataFrame:
    """Dates as day numbers, which the page's memory needs for arithmetic."""
    return frame.assign(
        **{
            new: frame[old].astype("datetime64[s]").astype("int64") // 86400
            for new, old in names.items()
        }
    )


def day_text(days: pd.Series) -> pd.Series:
    """Days as the essay writes them."""
    return days.map(lambda day: formatted(day, "%-d %b %Y"), na_action="ignore")


def dated(acts: pd.DataFrame) -> pd.Series:
    """How an act's date reads: a day, or the first and last possible day."""
    first, last = day_text(acts["start"]), day_text(acts["end"])
    between = [_("{first} to {last}", first=a, last=b) for a, b in zip(first, last)]
    return first.where(acts["start"] == acts["end"], between)


def in_words(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The rows, the codes in some of their columns as words of the language."""
    return rows.assign(**{name: rows[name].map(_) for name in columns})


def act_rows(acts: pd.DataFrame) -> pd.DataFrame:
    """Acts as charts need them: text for the hover, milliseconds for the axis."""
    rows = acts.assign(
        when=dated(acts),
        from_ms=acts["start"].map(stamp),
        to_ms=(acts["end"] + pd.Timedelta(days=1)).map(stamp),
        value=acts["goldstein"],
    )
    keep = "id description when source level office actor target kind from_ms to_ms"
    also = [c for c in ("vector", "direction", "lane") if c in rows]
    kept = rows[[*keep.split(), "value", *also]]
    return in_words(kept.astype({"kind": object, "level": object}), "kind", "level")


# Panels -------------------------------------------------------------------------------


def panel(
    *layers: Any, height: Any, name: str, heading: str | None = None
) -> alt.LayerChart:
    """Layers as one view, as wide as the page, with a heading of its own if it has one."""
    return view(alt.layer(*layers), height, name, heading)


def view(chart: Any, height: Any, name: str, heading: str | None = None) -> Any:
    """A chart as wide as the page, with a heading of its own if it has one."""
    title = {} if heading is None else {"title": _panel_title(heading)}
    return chart.properties(height=height, width="container", name=name, **title)


def _panel_title(text: str) -> alt.Title:
    """Heading of one panel among several."""
    return alt.Title(
        text, fontSize=12, fontWeight="normal", anchor="start", frame="group", offset=4
    )


# Encodings ----------------------------------------------------------------------------


def hover(*lines: str) -> list[alt.Tooltip]:
    """What a mark says when it is hovered: lines ``"field:Q format = title"``, or the field alone.

    Titles are words of the catalogue as they stand here.

    >>> [line.to_dict()["title"] for line in hover("value:Q .2f = effective vectors")]
    ['effective vectors']
    """
    return [_line(line) for line in lines]


def _line(line: str) -> alt.Tooltip:
    field, space, form = line.partition(" = ")[0].partition(" ")
    title = _(hovered(line))
    given = {} if field.startswith(f"{title}:") else {"title": title}
    return alt.Tooltip(field, **given, **({"format": form} if space else {}))


#: What a term of office says when it is hovered, and what an act does.
TENURE_TOOLTIP = hover(
    "leader:N",
    "state:N",
    "since:N",
    "until:N",
    "exit_code:N = left office",
    "source:N",
)
ACT_TOOLTIP = hover(
    "description:N = act",
    "when:N = date",
    "actor:N = by",
    "target:N = toward",
    "value:Q = Goldstein value",
    "source:N = source",
)


def tinted(field: str, colours: Mapping[str, str], **legend: Any) -> alt.Color:
    """Colour by a field: the colour of each of its values, in the order of the legend.

    Rows say these values :func:`in_words`, where they are codes of ours.

    ``legend`` holds settings of the legend; ``legend=None`` leaves it out.
    """
    names = [_(name) for name in colours]
    scale = alt.Scale(domain=names, range=list(colours.values()))
    if not legend:
        return alt.Color(f"{field}:N", scale=scale)
    key = None if "legend" in legend else alt.Legend(**legend)
    return alt.Color(f"{field}:N", scale=scale, legend=key)


def renamed(channel: alt.X, field: str) -> alt.X:
    """The same channel for another field of the same type."""
    copy = channel.copy()
    copy.shorthand = field + channel.shorthand[-2:]
    return copy


def time_x(span: Span, field: str = "ms", **axis: Any) -> alt.X:
    """A time axis over a span of days."""
    return alt.X(f"{field}:Q", scale=time_scale(span), axis=_time_axis(span, **axis))


def _time_axis(span: Span, **axis: Any) -> alt.Axis:
    """Axis with a tick at each new year.

    Time is drawn as a number (milliseconds, UTC): the page's memory needs arithmetic on it, and a
    temporal field would be shifted into the reader's time zone.
    """
    years = range(pd.Timestamp(span[0]).year, pd.Timestamp(span[1]).year + 1)
    return alt.Axis(
        title=None,
        values=[stamp(f"{year}-01-01") for year in years],
        labelExpr="utcFormat(datum.value, '%Y')",
        labelOverlap="greedy",
        labelSeparation=8,
        labelFlush=False,
        **axis,
    )


def time_scale(span: Span) -> alt.Scale:
    """Scale over a span of days."""
    return alt.Scale(
        domain=[stamp(day) for day in span], nice=False, zero=False, clamp=True
    )


def moments(domain: str, clamp: bool = True) -> alt.Scale:
    """A scale in UTC over what an expression of the page gives; a local one would shift with the reader's time zone.

    What lies outside is drawn at its ends, or, without ``clamp``, beyond them, where a mark can clip it.
    """
    return alt.Scale(
        type="utc",
        domain=alt.ExprRef(domain),
        nice=False,
        zero=alt.Undefined,
        clamp=clamp,
    )


def year_axis(field: str, first_year: int, last_year: int) -> alt.X:
    """An axis of years on which a bar is centred at its year."""
    ends = [first_year - 0.5, last_year + 0.5]
    return alt.X(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(domain=ends, nice=False, zero=False),
        axis=alt.Axis(
            format="d",
            tickMinStep=1,
            grid=False,
            labelOverlap="greedy",
            labelSeparation=8,
        ),
    )


# Texts --------------------------------------------------------------------------------


def haloed(
    chart: alt.Chart, halo: Mapping[str, Any] = HALO, **style: Any
) -> list[alt.Chart]:
    """A text twice, first with what keeps lines off it."""
    return [chart.mark_text(**style, **under) for under in (halo, {})]


def sided(
    chart: alt.Chart, tests: tuple[str, str], dx: float, **style: Any
) -> list[alt.Chart]:
    """A text on the right of its place where the first test holds, on the left where the second does."""
    return [
        chart.transform_filter(test).mark_text(align=align, dx=shift, **style)
        for test, align, shift in zip(tests, ("left", "right"), (dx, -dx))
    ]


def reading(chart: alt.Chart, words: str, **style: Any) -> alt.Chart:
    """What a chart says in words, which an expression of the page puts together."""
    said = chart.transform_calculate(text=words)
    return said.mark_text(**style).encode(text="text:N")


def note(text: str, **style: Any) -> alt.Chart:
    """A text that stands still."""
    return plot({"text": [text]}).mark_text(**style).encode(text="text:N")


# Years --------------------------------------------------------------------------------


def part_of_year(days: Iterable[pd.Timestamp]) -> list[float]:
    """A day as a number on an axis on which a year's bar is centred at the year."""
    return [day.year - 0.5 + (day.day_of_year - 1) / 366 for day in days]


def year_chart(
    rows: pd.DataFrame | Mapping[str, Any], first_year: int, last_year: int
) -> alt.Chart:
    """A chart of yearly rows."""
    return plot(rows).encode(x=year_axis("year", first_year, last_year))


def year_bars(chart: alt.Chart, first_year: int, last_year: int) -> alt.Chart:
    """Bars that leave a gap between years, whatever the width of the page."""
    return chart.transform_calculate(
        a="datum.year - 0.35", b="datum.year + 0.35"
    ).encode(x=year_axis("a", first_year, last_year), x2="b:Q", y2=alt.datum(0))


def year_holes(
    rows: pd.DataFrame, first_year: int, last_year: int, word: str | None = None
) -> list[alt.Chart]:
    """Years in which the state cast no vote, or in another word why there is nothing, hatched by name."""
    years = sorted(set(rows.loc[rows["n"] == 0, "year"].astype(int)))
    if not years:
        return []
    empty = pd.DataFrame({"year": years}, dtype=float)
    base = plot(empty.assign(a=empty["year"] - 0.45, b=empty["year"] + 0.45))
    place = {"angle": 270, "align": "left", "baseline": "middle", "dx": 4}
    return [
        base.mark_rect(color=GRID, opacity=0.7).encode(
            x=year_axis("a", first_year, last_year),
            x2="b:Q",
            tooltip=hover("year:Q d = no vote cast in"),
        ),
        base.mark_text(text=word or _("no vote"), **place, fontSize=11).encode(
            x=year_axis("year", first_year, last_year), y=alt.value("height")
        ),
    ]


def break_rules(
    breaks: pd.DataFrame, span: Span, labels: bool = True
) -> list[alt.Chart]:
    """Vertical rules at the breaks that the paper names; a label that would touch the one before it is lifted."""
    first, last = (pd.Timestamp(day) for day in span)
    breaks = breaks[breaks["start"].between(first, last)].sort_values("start")
    places = [(day - first) / (last - first) for day in breaks["start"]]
    labels_at = list(zip(places, breaks["label"]))
    rows = {
        "ms": breaks["start"].map(stamp),
        "label": breaks["label"],
        "source": breaks["source"],
        "early": [place < 0.5 for place in places],
        "narrow": lifts(labels_at, 240),
        "wide": lifts(labels_at, 520),
    }
    base = plot(rows).encode(x=alt.X("ms:Q", scale=time_scale(span)))
    rule = base.mark_rule(strokeDash=[3, 3]).encode(
        tooltip=hover("label:N = named break", "source:N")
    )
    named = base.encode(text="label:N")
    lift = alt.expr("width < 520 ? datum.narrow : datum.wide")
    place = {"y": lift, "fontSize": 11}
    names = sided(named, ("datum.early", "!datum.early"), -2, **place)
    return [rule, *names] if labels else [rule]


def lifts(labels: Sequence[tuple[float, str]], width: float) -> list[int]:
    """How high each label stands above a panel of so many pixels; in its first half it goes to the right of its place, then to the left.

    >>> lifts([(0.1, "Fall"), (0.9, "Rise")], 240)
    [-7, -7]
    >>> lifts([(0.6, "A long name"), (0.7, "Another")], 240)
    [-7, -21]
    """
    lifts: list[int] = []
    ends: list[float] = []
    for place, label in labels:
        length = 6.5 * len(label)
        start = place * width - (length if place >= 0.5 else 0)
        row = next((i for i, end in enumerate(ends) if end <= start), len(ends))
        ends[row : row + 1] = [start + length + 8]
        lifts.append(-7 - 14 * row)
    return lifts


# Controls -----------------------------------------------------------------------------


def slider(
    name: str, label: str, low: float, high: float, value: float, step: float = 1
) -> alt.Parameter:
    """A slider that works in the page without a kernel."""
    bind = alt.binding_range(min=low, max=high, step=step, name=label, debounce=20)
    return alt.param(name=name, value=value, bind=bind)


def stepped(
    name: str, label: str, values: Iterable[float], start: float
) -> alt.Parameter:
    """A slider whose stops are the values of a lattice."""
    stops = sorted(set(values))
    step = round(stops[1] - stops[0], 6)
    return slider(name, label, stops[0], stops[-1], start, step)


def half_life_slider(value: float = 730) -> alt.Parameter:
    """Slider for the half-life of memory, in days."""
    label = _("Half-life: an act counts half after (days)")
    return slider("half_life", label, *HALF_LIVES, value, 5)


def menu(
    name: str,
    label: str,
    options: list[Any],
    value: Any = None,
    labels: Any = alt.Undefined,
) -> alt.Parameter:
    """A list to choose from; the first option stands at the start, or ``value``."""
    bind = alt.binding_select(options=options, labels=labels, name=label)
    return alt.param(name=name, value=options[0] if value is None else value, bind=bind)


def any_of(name: str, label: str, options: Sequence[str]) -> alt.Parameter:
    """A list to choose one thing from, or all (``"all"``), as at the start."""
    words = [_("all"), *map(_, options)]
    return menu(name, label, ["all", *options], labels=words)


def picker(name: str, series: Iterable[Any], label: str) -> alt.Parameter:
    """A list of outside series to choose from, by their labels."""
    return menu(name, label, [one.label for one in series])


def radio(
    name: str, label: str, options: list[str], labels: Any = alt.Undefined
) -> alt.Parameter:
    """Buttons of which one is chosen, the first at the start."""
    bind = alt.binding_radio(options=options, labels=labels, name=label)
    return alt.param(name=name, value=options[0], bind=bind)


def checkbox(name: str, label: str, value: bool = True) -> alt.Parameter:
    """A box to be ticked."""
    return alt.param(name=name, value=value, bind=alt.binding_checkbox(name=label))
