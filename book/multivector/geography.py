"""Distances on the globe, and outlines as the charts need them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from . import checks
from .checks import refuse
from .data import Missing
from .hints import Numbers

#: West and east, south and north edge of a frame, in degrees.
Box = tuple[tuple[float, float], tuple[float, float]]
#: Mean radius of the Earth in kilometres (IUGG).
RADIUS = 6371.0088
_LONGITUDE = checks.Range(-180, 180, "degrees from -180 to 180")
_LATITUDE = checks.Range(-90, 90, "degrees from -90 to 90")


def great_circle(
    longitude: ArrayLike,
    latitude: ArrayLike,
    to_longitude: ArrayLike,
    to_latitude: ArrayLike,
) -> Numbers:
    """Distance over the ground by the haversine formula.

    Parameters
    ----------
    longitude, latitude, to_longitude, to_latitude : float or array
        Degrees, east and north positive.

    Returns
    -------
    float or ndarray
        Kilometres, 0 or more.

    Raises
    ------
    ValueError
        If a longitude is outside [-180, 180] or a latitude outside [-90, 90].
    """
    x, y, u, v = (
        np.radians(checks.numbers(name, value, allowed))
        for name, value, allowed in (
            ("longitude", longitude, _LONGITUDE),
            ("latitude", latitude, _LATITUDE),
            ("to_longitude", to_longitude, _LONGITUDE),
            ("to_latitude", to_latitude, _LATITUDE),
        )
    )
    half = np.sin((v - y) / 2) ** 2 + np.cos(y) * np.cos(v) * np.sin((u - x) / 2) ** 2
    distance = 2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return float(distance) if distance.ndim == 0 else distance


def distances(places: pd.DataFrame) -> pd.DataFrame:
    """Distance between every two places.

    Parameters
    ----------
    places : DataFrame
        Rows (name, longitude, latitude).

    Returns
    -------
    DataFrame
        Rows (first, second, kilometres), each pair once, the nearest first.
    """
    rows = places[["name", "longitude", "latitude"]].reset_index(drop=True)
    i, j = np.triu_indices(len(rows), k=1)
    one = rows.iloc[i].reset_index(drop=True)
    other = rows.iloc[j].reset_index(drop=True)
    far = great_circle(
        one["longitude"], one["latitude"], other["longitude"], other["latitude"]
    )
    return pd.DataFrame(
        {"first": one["name"], "second": other["name"], "kilometres": far}
    ).sort_values("kilometres", ignore_index=True)


def around(places: pd.DataFrame, margin: float = 4.0) -> Box:
    """West and east, south and north edge of a frame that holds all places.

    Parameters
    ----------
    places : DataFrame
        Rows (longitude, latitude).
    margin : float
        Degrees of longitude beyond the outermost place; half as many of latitude.

    Examples
    --------
    >>> around(pd.DataFrame({"longitude": [10, 20], "latitude": [40, 42]}), margin=2)
    ((8.0, 22.0), (39.0, 43.0))
    """
    x, y = places["longitude"], places["latitude"]
    wide, high = margin, margin / 2
    west, east = float(x.min() - wide), float(x.max() + wide)
    return (west, east), (float(y.min() - high), float(y.max() + high))


def outlines(borders: pd.DataFrame) -> list[dict[str, Any]]:
    """Outlines of countries as GeoJSON features.

    Parameters
    ----------
    borders : DataFrame
        Rows (iso3, part, ring, point, longitude, latitude); ring 1 is an outline, others are holes.

    Returns
    -------
    list of dict
        One feature a country and part, with the country's ISO3 code as ``iso3``; outlines run
        clockwise, as the drawing library wants them.
    """
    features = []
    for (iso3, _), part in borders.sort_values(
        ["iso3", "part", "ring", "point"]
    ).groupby(["iso3", "part"], sort=False):
        rings = [
            _turned(ring[["longitude", "latitude"]].to_numpy(float), hole=i > 0)
            for i, (_, ring) in enumerate(part.groupby("ring"))
        ]
        features.append(
            {
                "type": "Feature",
                "iso3": iso3,
                "geometry": {"type": "Polygon", "coordinates": rings},
            }
        )
    return features


def framed(
    features: Sequence[Mapping[str, Any]], iso3: str, margin: float = 0.08
) -> tuple[tuple[float, float], tuple[float, float]]:
    """A frame around one country, as :func:`clipped` takes it.

    Parameters
    ----------
    features : list of dict
        Outlines as :func:`outlines` gives them.
    iso3 : str
        The country.
    margin : float
        How much is left on each side, as a share of its width and of its height.

    Returns
    -------
    pair of pairs
        West and east, south and north edge.

    Raises
    ------
    data.Missing
        If no outline is that country's.
    """
    margin = checks.number("margin", margin, checks.AMOUNT)
    rings = [f["geometry"]["coordinates"][0] for f in features if f["iso3"] == iso3]
    if not rings:
        known = ", ".join(sorted({feature["iso3"] for feature in features}))
        told = f"a country with an outline: {known}"
        raise Missing(f"iso3 is {iso3!r}; allowed: {told}")
    points = np.array([point for ring in rings for point in ring])
    low, high = points.min(axis=0), points.max(axis=0)
    room = margin * (high - low)
    west, south = (low - room).tolist()
    east, north = (high + room).tolist()
    return (west, east), (south, north)


def clipped(
    features: Sequence[Mapping[str, Any]],
    longitudes: tuple[float, float],
    latitudes: tuple[float, float],
) -> list[dict[str, Any]]:
    """What of the outlines lies in a frame (Sutherland and Hodgman 1974).

    Parameters
    ----------
    features : list of dict
        Outlines as :func:`outlines` gives them.
    longitudes, latitudes : pair of float
        West and east, south and north edge of the frame.

    Returns
    -------
    list of dict
        The features that reach into the frame, cut at its edges.
    """
    edges = []
    for name, axis, (low, high) in (
        ("longitudes", 0, longitudes),
        ("latitudes", 1, latitudes),
    ):
        if not low < high:
            refuse(name, (low, high), "a lower edge before a higher one")
        edges += [(axis, low, 1), (axis, high, -1)]
    found = []
    for feature in features:
        rings = feature["geometry"]["coordinates"]
        for edge in edges:
            rings = [_beyond(ring, *edge) for ring in rings]
        if kept := [ring for ring in rings if ring]:
            shape = {**feature["geometry"], "coordinates": kept}
            found.append({**feature, "geometry": shape})
    return found


def _beyond(
    ring: list[list[float]], axis: int, edge: float, side: int
) -> list[list[float]]:
    """The part of a closed ring on one side of an edge, closed again; empty if there is none."""
    kept: list[list[float]] = []
    for here, there in pairwise(ring):
        inside, follows = (side * (point[axis] - edge) >= 0 for point in (here, there))
        if inside:
            kept.append(here)
        if inside != follows:
            part = (edge - here[axis]) / (there[axis] - here[axis])
            crossing = [a + part * (b - a) for a, b in zip(here, there)]
            crossing[axis] = edge
            kept.append(crossing)
    return [*kept, kept[0]] if kept else []


def _turned(ring: np.ndarray, hole: bool) -> list[list[float]]:
    """A ring in the direction that marks it as outline (clockwise) or hole."""
    x, y = ring[:, 0], ring[:, 1]
    clockwise = np.sum((x[1:] - x[:-1]) * (y[1:] + y[:-1])) > 0
    return (ring if clockwise != hole else ring[::-1]).tolist()
