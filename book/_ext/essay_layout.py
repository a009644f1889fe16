"""Lays a chart out for a width: a copy of its specification for one of the two drawings.

A drawing of the build is made twice, for a wide and for a narrow column; the page shows the one
that fits. Vega-Lite neither breaks titles into lines nor arranges legends, so that this is done
here, after the rules by which the page lays out the living chart (`essay-fit.js`).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from essay_specs import views

Spec = dict[str, Any]

#: Widths of the two drawings in px: the column of a laptop, and that of a phone.
WIDTHS = {"wide": 688, "narrow": 340}
#: Below this a legend at the side leaves too little for the plot (essay-fit.js).
NARROW = 520
AXIS_ROOM = 60  # px that a view takes beside its plot, unless measured
ROUNDS = 3  # drawings, at most, until several views have their width
SLACK = 4  # px by which they may miss it
LETTER = 6.4  # px of a letter of an axis or a legend
TITLE_LETTER, SUBTITLE_LETTER = 8.6, 6.4  # px of a letter in a title, and below it
SYMBOL_ROOM = 28  # px of a legend's symbol and gaps
LABEL_PART = 0.36  # of a narrow width, at most, that labels may take
#: A wide face to measure by: in the face of a reader's machine words take less room, not more.
MEASURED = "DejaVu Sans, Verdana, sans-serif"
LEGEND_CHANNELS = ("color", "fill", "stroke", "shape", "size", "opacity", "strokeDash")
BESIDE = ("hconcat", "concat")


def wrapped(text: Any, room: float, letter: float) -> Any:
    """Text broken into lines of at most `room` px; whatever is no text stays.

    >>> wrapped("a long title", 40, 6), wrapped(["one", "line"], 60, 6), wrapped(None, 60, 6)
    (['a long', 'title'], ['one line'], None)
    """
    lines = [text] if isinstance(text, str) else text
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        return text
    return textwrap.wrap(" ".join(lines), max(6, int(room / letter))) or text


def with_titles(spec: Spec, room: float) -> Spec:
    """Copy of a view whose own title runs on no further than its room."""
    title = spec.get("title")
    if isinstance(title, dict):
        title = {
            **title,
            "text": wrapped(title.get("text"), room, TITLE_LETTER),
            "subtitle": wrapped(title.get("subtitle"), room, SUBTITLE_LETTER),
        }
        title = {key: value for key, value in title.items() if value}
    elif title:
        title = wrapped(title, room, TITLE_LETTER)
    return {**spec, "title": title} if title else spec


def with_axis_titles(channel: Any, room: float) -> Any:
    """Copy of an encoding of x whose title is broken into lines."""
    if not isinstance(channel, dict):
        return channel
    found = dict(channel)
    if channel.get("title"):
        found["title"] = wrapped(channel["title"], room, LETTER)
    if isinstance(channel.get("axis"), dict) and channel["axis"].get("title"):
        title = wrapped(channel["axis"]["title"], room, LETTER)
        found["axis"] = {**channel["axis"], "title": title}
    if channel.get("type") == "ordinal" and channel.get("axis", {}) is not None:
        found["axis"] = {"labelOverlap": "parity", **(found.get("axis") or {})}
    return found


def labels(definition: Spec, rows: list[Spec]) -> list[str]:
    """Labels of a discrete legend, as far as they can be known."""
    domain = (definition.get("scale") or {}).get("domain")
    if not isinstance(domain, list):
        domain = dict.fromkeys(row.get(definition["field"]) for row in rows)
    return [str(label) for label in domain if label is not None]


def columns_of(words: list[str], room: float) -> int:
    """Columns of a legend, each as wide as its longest label, that find room.

    >>> columns_of(["one", "two", "a longer one"], 200), columns_of(["one", "two"], 20)
    (3, 1)
    """
    for columns in range(len(words), 1, -1):
        longest = [max(map(len, words[one::columns])) for one in range(columns)]
        if sum(LETTER * letters + SYMBOL_ROOM for letters in longest) <= room:
            return columns
    return 1


def label_room(spec: Spec, rows: list[Spec], width: int) -> float:
    """Room that the labels beside a plot take: names by their letters, numbers as a rule."""
    axes = [view.get("encoding", {}).get("y") for view in views(spec)]
    drawn = [
        axis
        for axis in axes
        if isinstance(axis, dict)
        and "field" in axis
        and axis.get("axis", {}) is not None
    ]
    named = [axis for axis in drawn if axis.get("type") in ("nominal", "ordinal")]
    longest = max((len(one) for axis in named for one in labels(axis, rows)), default=0)
    room = longest * LETTER + 10
    if len(named) < len(drawn):
        room = max(room, AXIS_ROOM)
    return min(room, LABEL_PART * width) if width < NARROW else room


def with_legend(definition: Any, rows: list[Spec], room: float, orient: str) -> Any:
    """Copy of an encoding whose legend stands above or below and breaks into columns that fit."""
    known = isinstance(definition, dict) and "field" in definition
    if not known or definition.get("legend", {}) is None:
        return definition
    legend = dict(definition.get("legend") or {})
    if legend.get("orient", orient) in ("left", "right"):
        if room >= NARROW:
            return definition
        legend["orient"] = "bottom"
    if definition.get("type") in ("nominal", "ordinal"):
        most = legend.get("columns", len(rows) or 1)
        legend["columns"] = min(most, columns_of(labels(definition, rows), room))
    else:
        legend["gradientLength"] = min(legend.get("gradientLength", 200), room - 40)
    return {**definition, "legend": legend}


def with_encodings(view: Spec, room: float, rows: list[Spec], orient: str) -> Spec:
    """Copy of a view, its layers included, whose legends and titles fit."""
    found = dict(view)
    if "encoding" in view:
        found["encoding"] = {
            channel: with_legend(definition, rows, room, orient)
            if channel in LEGEND_CHANNELS
            else with_axis_titles(definition, room)
            if channel in ("x", "x2")
            else definition
            for channel, definition in view["encoding"].items()
        }
    if "layer" in view:
        layers = view["layer"]
        found["layer"] = [with_encodings(one, room, rows, orient) for one in layers]
    return found


def rows_of(spec: Spec) -> list[Spec]:
    """All rows that a specification carries."""
    rows = [row for data in (spec.get("datasets") or {}).values() for row in data]
    for view in views(spec):
        values = (view.get("data") or {}).get("values")
        rows += values if isinstance(values, list) else []
    return [row for row in rows if isinstance(row, dict)]


def with_config(spec: Spec, width: int) -> Spec:
    """Copy whose long labels do not eat the plot: what is cut here stands in the tooltip."""
    config = {**(spec.get("config") or {}), "font": MEASURED}
    legend = {"labelLimit": 320}
    if width < NARROW:
        legend = {"labelLimit": width - 60}
        limit = {"labelLimit": round(width * LABEL_PART)}
        config["axisY"] = {**limit, **config.get("axisY", {})}
    config["legend"] = {**legend, **config.get("legend", {})}
    return {**spec, "config": config}


def laid_out(spec: Spec, width: int, axis: float = AXIS_ROOM) -> Spec:
    """Copy of a specification for a width; views below each other take `axis` beside their plots.

    >>> found = laid_out({"mark": "bar", "width": "container", "encoding": {}}, 340)
    >>> found["width"], found["autosize"]
    (340, {'type': 'fit-x', 'contains': 'padding'})
    """
    spec = with_titles(with_config(spec, width), width)
    orient = spec["config"]["legend"].get("orient", "right")
    rows = rows_of(spec)

    def inner(view: Spec, room: float) -> Spec:
        found = with_encodings(with_titles(view, room), room, rows, orient)
        for parts in (key for key in (*BESIDE, "vconcat") if key in view):
            found[parts] = [inner(part, room) for part in view[parts]]
        if "spec" in view:
            found["spec"] = inner(view["spec"], room)
        fixed = found.get("width") not in (None, "container") and width >= NARROW
        if not fixed and ("mark" in found or "layer" in found):
            found["width"] = max(60, int(room))
        return found

    if is_single(spec):
        room = width - 8 - label_room(spec, rows, width)
        found = with_encodings(spec, room, rows, orient)
        if spec.get("width") == "container" or width < NARROW:
            fit = {"type": "fit-x", "contains": "padding"}
            found |= {"width": width, "autosize": spec.get("autosize", fit)}
        aspect = spec.get("usermeta", {}).get("essay", {}).get("aspect")
        return {**found, "height": round(width / aspect)} if aspect else found
    return below_each_other(inner(spec, width - axis), width)


def is_single(spec: Spec) -> bool:
    """Is this one plot, and not several beside or below each other?"""
    split = {"facet", "row", "column"} & set(spec.get("encoding") or {})
    return ("mark" in spec or "layer" in spec) and not split


def below_each_other(spec: Spec, width: int) -> Spec:
    """Copy of a specification in which a narrow column has no views beside each other."""
    beside = next((key for key in BESIDE if key in spec), None)
    if beside and width < NARROW:
        rest = {key: value for key, value in spec.items() if key != "columns"}
        spec = {**rest, "vconcat": rest.pop(beside)}
        spec.pop(beside, None)
    return spec


def drawn_at(width: int, spec: Spec, draw: Callable[[Spec], str]) -> str:
    """SVG of a specification at a width; several views are drawn again until they have it."""
    axis: float = AXIS_ROOM
    for _round in range(ROUNDS):
        drawn = draw(laid_out(spec, width, axis))
        over = width_of(drawn) - width
        if is_single(spec) or -SLACK <= over <= 0 or "vconcat" not in spec:
            break
        axis += over
    return drawn


def width_of(svg: str) -> float:
    """Width of a drawing in px.

    >>> width_of('<svg class="marks" width="640" height="200">')
    640.0
    """
    return next(numbers(svg))


def numbers(svg: str) -> Iterator[float]:
    """Width and height of a drawing."""
    for name in ("width", "height"):
        found = re.search(rf'<svg[^>]*?\s{name}="([\d.]+)"', svg)
        assert found, "a drawing has a size"
        yield float(found[1])
