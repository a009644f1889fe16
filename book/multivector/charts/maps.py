"""Bases and capitals on a map, year by year."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ..data import Missing
from ..forms import formatted
from ..geography import RADIUS
from ..language import _
from .grammar import Rows, either, haloed, hover, plot, quoted, slider, tinted
from .theme import GRID, RULE, TEXT, colours, present

#: A narrow map leaves out what the name of a base says as well.
_WIDE = alt.expr("width < 420 ? 0 : 0.8")
#: Width of a narrow map, in pixels, and of a letter in the names of states.
_NARROW, _LETTER = 310, 6
#: A name is so many times as wide as high.
_STRETCH = 3.0
#: An edge of an outline longer than this, in degrees, is drawn in pieces.
_PIECE = 0.5
#: Shapes of the bases, by the order of their vectors: no two hang on colour alone.
_SHAPES = ["triangle-up", "triangle-down", "diamond", "square", "circle", "cross"]
#: Bases at one airport are drawn apart by this many degrees, since each would hide the other.
_BESIDE = 0.8
#: Where the name of a base stands: alignment and shift.
_SIDES: dict[str, dict[str, Any]] = {
    "left": {"align": "right", "dx": -9, "dy": -6},
    "right": {"align": "left", "dx": 9, "dy": -6},
    "lower": {"align": "left", "dx": 9, "dy": 7},
    "above": {"align": "center", "dx": 0, "dy": -17},
}


def bases_on_map(
    features: Sequence[Mapping[str, Any]],
    places: pd.DataFrame,
    names: Mapping[str, str],
    vectors: pd.DataFrame,
    distance: pd.DataFrame,
    span: tuple[int, int] | None,
    year: int,
    host: str,
) -> alt.LayerChart:
    """Bases among the borders of a region, in the year that a slider names.

    Parameters
    ----------
    features : list of dict
        Outlines as ``geography.outlines`` gives them.
    places : DataFrame
        Rows (name, kind, longitude, latitude, vector, start, start_precision, end, end_precision, source);
        an ``end`` that is missing goes on.
    names : dict of str to str
        ISO3 code to name.
    distance : DataFrame
        Rows (first, second, kilometres) of pairs whose line is drawn while both are in use.
    span : pair of int, optional
        Years of the slider; without them the map stands still, is lower, and has the user of
        each base under its name instead of a legend.
    year : int
        Where it starts.
    host : str
        ISO3 code of the state under study, which is a step darker.
    """
    if not (places["kind"] == "base").any():
        raise Missing("the case has no base among its places")
    land = [{**f, "name": names.get(f["iso3"], f["iso3"])} for f in features]
    spots = _spots(places, min(x for x, _ in _points(land)))
    dots, *towns = _towns(spots[spots["kind"] == "city"])
    mark, *bases = _bases(spots, vectors, keyed=span is not None)
    rule, *length = _distances(distance, spots)
    taken = list(zip(spots["lon"], spots["lat"]))
    layers = [
        *_ground(land, host, taken),
        *_scale_bar(features),
        rule,
        dots,
        *towns,
        mark,
        *bases,
    ]
    height, aspect = (240, 2.3) if span is None else (340, 1.75)
    return (
        alt.layer(*layers, *length)
        .project(type="mercator")
        .properties(
            height=height,
            width="container",
            name="map",
            usermeta={"essay": {"aspect": aspect}},
        )
        .add_params(
            alt.param(name="map_year", value=year)
            if span is None
            else slider("map_year", _("In the year"), *span, year)
        )
    )


def _ground(
    land: list[dict[str, Any]], host: str, taken: Sequence[tuple[float, float]]
) -> list[alt.Chart]:
    """Outlines of states with their names, off the places that are taken; a narrow map leaves out those that have no room."""
    drawn = [{**f, "geometry": _in_pieces(f["geometry"])} for f in land]
    shapes = Rows(values=drawn, format=alt.JsonDataFormat(type="json"))
    labels = (
        pd.DataFrame([{**_label_of(f, taken), "iso3": f["iso3"]} for f in land])
        .sort_values("size", ascending=False)
        .drop_duplicates("name")
        .query("size > 3")
    )
    longitudes = [x for x, _latitude in _points(land)]
    letter = (max(longitudes) - min(longitudes)) * _LETTER / _NARROW
    half = labels["name"].str.len() * letter / 2
    labels["tight"] = half > labels["room"]
    names = plot(labels).encode(
        longitude="longitude:Q", latitude="latitude:Q", text="name:N"
    )
    size = alt.expr("width < 420 ? 11 : 12")
    shown = alt.expr("width < 420 && datum.tight ? 0 : 0.8")
    return [
        alt.Chart(shapes)
        .mark_geoshape(fill=GRID, stroke=RULE, strokeWidth=0.8)
        .encode(
            fillOpacity=either(f"datum.iso3 == {quoted(host)}", 1, 0.4),
            tooltip=hover("name:N = country"),
        ),
        *haloed(names, fontSize=size, opacity=shown, fontStyle="italic"),
    ]


def _in_pieces(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """The same outline with no long edge: a map draws an edge along a great circle, which would bow the frame."""
    rings = [
        [
            (a + (c - a) * i / pieces, b + (d - b) * i / pieces)
            for (a, b), (c, d) in zip(ring, ring[1:])
            for pieces in [max(1, math.ceil(math.hypot(c - a, d - b) / _PIECE))]
            for i in range(pieces)
        ]
        + [tuple(ring[-1])]
        for ring in geometry["coordinates"]
    ]
    return {**geometry, "coordinates": rings}


def _spots(places: pd.DataFrame, edge: float) -> pd.DataFrame:
    """Places with all that the map needs; ``edge`` is where the land begins."""
    spots = places.assign(
        when=_in_use(places),
        lon=places["longitude"],
        lat=places["latitude"],
        first=places["start"].dt.year,
        final=places["end"].dt.year.fillna(9999).where(places["start"].notna()),
    )
    shared = spots.groupby(["kind", "longitude", "latitude"])
    turn, many = shared.cumcount(), shared["name"].transform("size")
    spots["lon"] += _BESIDE * (turn - (many - 1) / 2)
    own = spots[spots["kind"] == "base"]
    towns = spots[spots["kind"] == "city"]
    # Of two bases side by side the western one has its name on the left; at the edge of the map it stands above,
    # and lower where a town lies on the right.
    spots["side"] = [
        "above"
        if lon - edge < 4.5
        else "left"
        if last > 0 or ((own["lon"] > lon) & (own["lon"] - lon < 0.5)).any()
        else "lower"
        if (
            (towns["lon"] - lon).between(0.1, 3) & (towns["lat"] - lat).abs().lt(1)
        ).any()
        else "right"
        for lon, lat, last in zip(spots["lon"], spots["lat"], many - 1 - turn)
    ]
    # A name is "base, town"; on a narrow map the town alone stands, once.
    names = spots["name"].str.split(", ")
    spots["label"] = names.str[0]
    alias = spots["label"].str.extract(r"\((.+)\)")[0]
    spots["short"] = alias.fillna(names.str[-1].where(turn == many - 1, ""))
    spots["under"] = [
        "shared"
        if ((own["longitude"] == x) & (own["latitude"] == y)).any()
        else "beside"
        for x, y in zip(spots["longitude"], spots["latitude"])
    ]
    columns = "name kind lon lat vector first final when source side label short under"
    return spots[columns.split()]


def _towns(spots: pd.DataFrame) -> list[alt.Chart]:
    """Dots and names of towns; under the dot where a base has the place beside it."""
    town = plot(spots).encode(longitude="lon:Q", latitude="lat:Q")
    below: dict[str, Any] = {"align": "center", "dx": 0, "dy": 17}
    beside: dict[str, Any] = {"align": "left", "dx": 5, "dy": 1}
    return [
        town.mark_point(size=14, color=TEXT, opacity=0.8).encode(tooltip=["name:N"]),
        *(
            text.encode(text="name:N")
            for under, place, opacity in (
                ("shared", below, _WIDE),
                ("beside", beside, 0.8),
            )
            for text in haloed(
                town.transform_filter(f"datum.under == {quoted(under)}"),
                **place,
                fontSize=11,
                opacity=opacity,
            )
        ),
    ]


def _bases(spots: pd.DataFrame, vectors: pd.DataFrame, keyed: bool) -> list[alt.Chart]:
    """Bases in use in the chosen year, with their names, and with their users in a legend or under the names."""
    base = (
        plot(spots[spots["kind"] == "base"])
        .transform_filter("datum.first <= map_year && datum.final >= map_year")
        .encode(longitude="lon:Q", latitude="lat:Q")
    )
    shades = colours(vectors, present(vectors, spots["vector"]))
    kinds = alt.Scale(domain=list(shades), range=_SHAPES[: len(shades)])
    key: dict[str, Any] = {"symbolSize": 130} if keyed else {"legend": None}
    legend = alt.Legend(**key) if keyed else None
    mark = base.mark_point(
        size=150, opacity=1, filled=True, stroke=TEXT, strokeWidth=1.5
    ).encode(
        color=tinted("vector", shades, **key),
        shape=alt.Shape("vector:N", scale=kinds, legend=legend),
        tooltip=hover("name:N", "vector:N = used by", "when:N = in use", "source:N"),
    )
    named = {
        side: base.transform_filter(
            f"datum.side == {quoted(side)}"
        ).transform_calculate(text="width < 420 ? datum.short : datum.label")
        for side in _SIDES
    }
    names = [
        text.encode(text="text:N")
        for side, chart in named.items()
        for text in haloed(chart, **_SIDES[side], fontWeight="bold")
    ]
    users = [
        text.encode(text="vector:N")
        for side, chart in named.items()
        for text in haloed(chart, **{**_SIDES[side], "dy": _SIDES[side]["dy"] + 13})
    ]
    return [mark, *names, *([] if keyed else users)]


def _distances(distance: pd.DataFrame, spots: pd.DataFrame) -> list[alt.Chart]:
    """A line between two places while both are in use, and how long it is."""
    pairs = distance
    for name, suffix in (("first", "_1"), ("second", "_2")):
        ends = spots.add_suffix(suffix)
        pairs = pairs.merge(ends, left_on=name, right_on=f"name{suffix}")
    pairs = pairs.assign(
        begin=pairs[["first_1", "first_2"]].max(axis=1),
        stop=pairs[["final_1", "final_2"]].min(axis=1),
        label=[_("{k:.0f} km", k=k) for k in pairs["kilometres"]],
        mid_lon=(pairs["lon_1"] + pairs["lon_2"]) / 2,
        mid_lat=(pairs["lat_1"] + pairs["lat_2"]) / 2,
    )
    columns = "lon_1 lat_1 lon_2 lat_2 begin stop label mid_lon mid_lat first second"
    lines = plot(pairs[columns.split()]).transform_filter(
        "datum.begin <= map_year && datum.stop >= map_year"
    )
    return [
        lines.mark_rule(color=TEXT, strokeDash=[4, 3], strokeWidth=1.2).encode(
            longitude="lon_1:Q",
            latitude="lat_1:Q",
            longitude2="lon_2:Q",
            latitude2="lat_2:Q",
            tooltip=hover("first:N", "second:N", "label:N = distance"),
        ),
        *haloed(
            lines.encode(longitude="mid_lon:Q", latitude="mid_lat:Q", text="label:N"),
            align="right",
            baseline="top",
            dx=4,
            dy=12,
            fontSize=11,
        ),
    ]


def _in_use(places: pd.DataFrame) -> list[str]:
    """From when to when, no sharper than it is known."""
    forms = {"day": "%-d %b %Y", "month": "%b %Y", "year": "%Y"}

    def text(day: Any, precision: str) -> str:
        return "" if pd.isna(day) else formatted(day, forms[precision])

    columns = places[["start", "start_precision", "end", "end_precision"]]
    return [
        ""
        if pd.isna(a)
        else _("from {start} on", start=text(a, p))
        if pd.isna(b)
        else _("from {start} to {end}", start=text(a, p), end=text(b, q))
        for a, p, b, q in columns.itertuples(index=False)
    ]


def _scale_bar(
    features: Sequence[Mapping[str, Any]], kilometres: int = 200
) -> list[alt.Chart]:
    """A length in the south-eastern corner: a Mercator map has no one scale, and is true there along the parallel."""
    longitudes, latitudes = zip(
        *(point for f in features for point in f["geometry"]["coordinates"][0])
    )
    low = min(latitudes) + (max(latitudes) - min(latitudes)) / 40
    east = max(longitudes) - (max(longitudes) - min(longitudes)) / 40
    degrees = kilometres / (math.tau * RADIUS / 360 * math.cos(math.radians(low)))
    bar = plot(
        {
            "lat": [low],
            "west": [east - degrees],
            "east": [east],
            "label": [_("{k:.0f} km", k=kilometres)],
        }
    ).encode(longitude="west:Q", latitude="lat:Q")
    return [
        bar.mark_rule(color=TEXT, strokeWidth=2).encode(
            longitude2="east:Q", latitude2="lat:Q"
        ),
        bar.mark_text(align="left", dy=-8, fontSize=11).encode(text="label:N"),
    ]


def _points(features: Sequence[Mapping[str, Any]]) -> Iterator[tuple[float, float]]:
    """All points of the outlines."""
    for feature in features:
        for ring in feature["geometry"]["coordinates"]:
            yield from ring


def _label_of(
    feature: Mapping[str, Any], taken: Sequence[tuple[float, float]] = ()
) -> dict[str, Any]:
    """Where a country's name stands: the place in its outline with most room for a line of text, off what is taken; and how large the outline is."""
    ring, steps = feature["geometry"]["coordinates"][0], 24
    x, y = zip(*ring)
    size = abs(sum(a * d - c * b for a, b, c, d in zip(x, y, x[1:], y[1:]))) / 2
    lattice = [
        (min(x) + (max(x) - min(x)) * i / steps, min(y) + (max(y) - min(y)) * j / steps)
        for i in range(1, steps)
        for j in range(1, steps)
    ]

    def free(place: tuple[float, float]) -> float:
        # What is taken has a name as well, and so keeps twice as far off as a border.
        near = [math.hypot((u - place[0]) / _STRETCH, v - place[1]) for u, v in taken]
        return min([_room(place, ring), *(distance / 2 for distance in near)])

    longitude, latitude = max(lattice, key=free)
    place = {"longitude": longitude, "latitude": latitude}
    room = _STRETCH * _room((longitude, latitude), ring)
    return {"name": feature["name"], "size": size, "room": room, **place}


def _room(
    place: tuple[float, float],
    ring: Sequence[tuple[float, float]],
    stretch: float = _STRETCH,
) -> float:
    """How far a place lies from an outline, below 0 outside it; a text is ``stretch`` times as wide as high, and so is its room."""
    x, y = place
    inside, nearest = False, math.inf
    for (a, b), (c, d) in zip(ring, ring[1:]):
        if (b > y) != (d > y) and x < a + (y - b) / (d - b) * (c - a):
            inside = not inside
        dx, dy, px, py = (c - a) / stretch, d - b, (x - a) / stretch, y - b
        along = min(1.0, max(0.0, (px * dx + py * dy) / ((dx * dx + dy * dy) or 1.0)))
        nearest = min(nearest, math.hypot(px - along * dx, py - along * dy))
    return nearest if inside else -nearest
