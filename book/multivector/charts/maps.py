"""Bases and capitals on a map, year by year."""

import math

import altair as alt
import pandas as pd

from ..geography import RADIUS
from .grammar import HALO, Rows, hover, plot, quoted, slider
from .theme import GRID, PAGE, RULE, TEXT, pole_colours


#: Names of towns and distances stand on a wide map only; on a narrow one they are in the tooltips.
_WIDE = alt.expr("width < 420 ? 0 : 0.8")
#: Bases at one airport are drawn apart by this many degrees, since each would hide the other.
_BESIDE = 0.8


def bases_on_map(features, places, names, vectors, distance, span, year):
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
    span : pair of int
        Years of the slider.
    year : int
        Where it starts.
    """
    land = [{**f, "name": names.get(f["iso3"], f["iso3"])} for f in features]
    projection = alt.Projection(type="mercator")
    ground = (
        alt.Chart(Rows(values=land, format=alt.JsonDataFormat(type="json")))
        .mark_geoshape(fill=GRID, fillOpacity=0.55, stroke=RULE, strokeWidth=0.8)
        .encode(tooltip=hover("name:N = country"))
    )
    labels = (
        pd.DataFrame([_label_of(f) for f in land])
        .sort_values("size", ascending=False)
        .drop_duplicates("name")
        .query("size > 3")
    )
    names_of_countries = plot(labels).encode(
        longitude="longitude:Q", latitude="latitude:Q", text="name:N"
    )
    text = [
        names_of_countries.mark_text(
            fontSize=alt.expr("width < 420 ? 9 : 12"),
            opacity=0.8,
            fontStyle="italic",
            **under,
        )
        for under in (HALO, {})
    ]
    spots = places.assign(
        when=_in_use(places),
        lon=places["longitude"],
        lat=places["latitude"],
        first=places["start"].dt.year,
        final=places["end"].dt.year.fillna(9999).where(places["start"].notna()),
    )
    at_base = spots["kind"] == "base"
    shared = spots.groupby(["kind", "longitude", "latitude"])
    turn, many = shared.cumcount(), shared["name"].transform("size")
    spots["lon"] += _BESIDE * (turn - (many - 1) / 2)
    own, edge = spots[at_base], min(x for x, _ in _points(land))
    spots["side"] = [
        "above"
        if lon - edge < 4.5
        else "left"
        if last > 0 or ((own["lon"] > lon) & (own["lon"] - lon < 0.5)).any()
        else "right"
        for lon, last in zip(spots["lon"], many - 1 - turn)
    ]
    # A name is "base, town"; on a narrow map the town alone stands, once.
    names_of = spots["name"].str.split(", ")
    spots["label"] = names_of.str[0]
    alias = spots["label"].str.extract(r"\((.+)\)")[0]
    spots["short"] = alias.fillna(names_of.str[-1].where(turn == many - 1, ""))
    spots["crowded"] = [
        bool(((own["longitude"] == x) & (own["latitude"] == y)).any())
        for x, y in zip(spots["longitude"], spots["latitude"])
    ]
    spots = spots[
        (
            "name kind lon lat vector first final when source side label short crowded"
        ).split()
    ]
    town = plot(spots[spots["kind"] == "city"]).encode(
        longitude="lon:Q", latitude="lat:Q"
    )
    dots = town.mark_point(size=14, color=TEXT, opacity=0.8).encode(tooltip=["name:N"])
    town_names = [
        town.transform_filter(f"{'' if crowded else '!'}datum.crowded")
        .mark_text(
            align="center" if crowded else "left",
            dx=0 if crowded else 5,
            dy=17 if crowded else 1,
            fontSize=11,
            opacity=_WIDE,
            **under,
        )
        .encode(text="name:N")
        for crowded in (True, False)
        for under in (HALO, {})
    ]
    base = (
        plot(spots[spots["kind"] == "base"])
        .transform_filter("datum.first <= map_year && datum.final >= map_year")
        .encode(longitude="lon:Q", latitude="lat:Q")
    )
    shade = alt.Color(
        "vector:N",
        scale=pole_colours(vectors, list(dict.fromkeys(spots["vector"].dropna()))),
        legend=alt.Legend(symbolType="triangle-up", symbolSize=130),
    )
    mark = base.mark_point(
        size=160,
        shape="triangle-up",
        opacity=1,
        stroke=PAGE,
        strokeWidth=1,
    ).encode(
        color=shade,
        tooltip=hover("name:N", "vector:N = used by", "when:N = in use", "source:N"),
    )
    # Of two bases side by side the western one has its name on the left; at the edge of the map it stands above.
    sides = {
        "left": ("right", -9, -6),
        "right": ("left", 9, -6),
        "above": ("center", 0, -17),
    }
    base_names = [
        base.transform_filter(f"datum.side == {quoted(side)}")
        .transform_calculate(text="width < 420 ? datum.short : datum.label")
        .mark_text(align=align, dx=dx, dy=dy, fontWeight="bold", **under)
        .encode(text="text:N")
        for side, (align, dx, dy) in sides.items()
        for under in (HALO, {})
    ]
    pairs = distance.merge(
        spots.rename(columns=lambda c: f"{c}_1"), left_on="first", right_on="name_1"
    ).merge(
        spots.rename(columns=lambda c: f"{c}_2"), left_on="second", right_on="name_2"
    )
    pairs = pairs.assign(
        begin=pairs[["first_1", "first_2"]].max(axis=1),
        stop=pairs[["final_1", "final_2"]].min(axis=1),
        label=[f"{k:.0f} km" for k in pairs["kilometres"]],
        mid_lon=(pairs["lon_1"] + pairs["lon_2"]) / 2,
        mid_lat=(pairs["lat_1"] + pairs["lat_2"]) / 2,
    )
    lines = plot(
        pairs[
            "lon_1 lat_1 lon_2 lat_2 begin stop label mid_lon mid_lat first second".split()
        ]
    ).transform_filter("datum.begin <= map_year && datum.stop >= map_year")
    rule = lines.mark_rule(color=TEXT, strokeDash=[4, 3], strokeWidth=1.2).encode(
        longitude="lon_1:Q",
        latitude="lat_1:Q",
        longitude2="lon_2:Q",
        latitude2="lat_2:Q",
        tooltip=hover("first:N", "second:N", "label:N = distance"),
    )
    length = lines.mark_text(
        align="center", baseline="top", dy=12, fontSize=11, opacity=_WIDE
    ).encode(longitude="mid_lon:Q", latitude="mid_lat:Q", text="label:N")
    return (
        alt.layer(
            ground,
            *text,
            *_scale_bar(features),
            rule,
            dots,
            *town_names,
            mark,
            *base_names,
            length,
        )
        .project(type=projection.type)
        .properties(
            height=340,
            width="container",
            name="map",
            usermeta={"essay": {"aspect": 1.75}},
        )
        .add_params(slider("map_year", "In the year", *span, year))
    )


def _in_use(places):
    """From when to when, no sharper than it is known."""
    forms = {"day": "%-d %b %Y", "month": "%b %Y", "year": "%Y"}

    def text(day, precision):
        return "" if pd.isna(day) else day.strftime(forms[precision])

    return [
        f"from {text(a, p)} " + (f"to {text(b, q)}" if pd.notna(b) else "on")
        if pd.notna(a)
        else ""
        for a, p, b, q in zip(
            places["start"],
            places["start_precision"],
            places["end"],
            places["end_precision"],
        )
    ]


def _scale_bar(features, kilometres=200):
    """A length at the western edge, half-way up: a Mercator map has no one scale, and is true there along the parallel."""
    longitudes, latitudes = zip(
        *(point for f in features for point in f["geometry"]["coordinates"][0])
    )
    middle = (min(latitudes) + max(latitudes)) / 2
    west = min(longitudes) + (max(longitudes) - min(longitudes)) / 40
    degrees = kilometres / (math.tau * RADIUS / 360 * math.cos(math.radians(middle)))
    bar = plot(
        {
            "lat": [middle],
            "west": [west],
            "east": [west + degrees],
            "label": [f"{kilometres} km"],
        }
    ).encode(longitude="west:Q", latitude="lat:Q")
    return [
        bar.mark_rule(color=TEXT, strokeWidth=2).encode(
            longitude2="east:Q", latitude2="lat:Q"
        ),
        bar.mark_text(align="left", dy=-8, fontSize=11).encode(text="label:N"),
    ]


def _points(features):
    """All points of the outlines."""
    for feature in features:
        for ring in feature["geometry"]["coordinates"]:
            yield from ring


def _label_of(feature, steps=24):
    """Where a country's name stands: the place in its outline with most room for a line of text, and how large the outline is."""
    ring = feature["geometry"]["coordinates"][0]
    x, y = zip(*ring)
    size = abs(sum(a * d - c * b for a, b, c, d in zip(x, y, x[1:], y[1:]))) / 2
    lattice = [
        (min(x) + (max(x) - min(x)) * i / steps, min(y) + (max(y) - min(y)) * j / steps)
        for i in range(1, steps)
        for j in range(1, steps)
    ]
    longitude, latitude = max(lattice, key=lambda place: _room(place, ring))
    return {
        "name": feature["name"],
        "size": size,
        "longitude": longitude,
        "latitude": latitude,
    }


def _room(place, ring, stretch=3.0):
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
