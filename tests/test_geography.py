"""Distances and outlines."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector import data, geography

longitudes, latitudes = st.floats(-180, 180), st.floats(-90, 90)


def test_a_quarter_of_a_great_circle():
    assert geography.great_circle(0, 0, 90, 0) == pytest.approx(
        np.pi / 2 * geography.RADIUS
    )
    assert geography.great_circle(10, -90, 70, 90) == pytest.approx(
        np.pi * geography.RADIUS
    )


@given(longitudes, latitudes, longitudes, latitudes)
def test_there_is_as_far_as_back_and_nowhere_is_further_than_half_around(x, y, u, v):
    there = geography.great_circle(x, y, u, v)
    assert there == pytest.approx(geography.great_circle(u, v, x, y), abs=1e-6)
    assert 0 <= there <= np.pi * geography.RADIUS + 1e-6
    assert geography.great_circle(x, y, x, y) == pytest.approx(0, abs=1e-3)


def test_the_two_bases_lie_as_far_apart_as_their_coordinates_say():
    places = data.open_case().table("places")
    bases = places[places["kind"] == "base"]
    found = geography.distances(bases)
    assert len(found) == len(bases) * (len(bases) - 1) / 2
    pair = found[
        found["first"].isin(["Manas", "Kant"]) & found["second"].isin(["Manas", "Kant"])
    ]
    # By hand: haversine of the two runways.
    assert pair["kilometres"].item() == pytest.approx(37.9, abs=0.05)
    assert found["kilometres"].is_monotonic_increasing


def test_no_other_bases_of_the_two_poles_stand_so_close():
    """What the paper says of Manas and Kant holds on the map; with the French and the Russians at Dushanbe it would not."""
    case = data.open_case()
    bases = case.table("places").query("kind == 'base'").set_index("name")
    found = geography.distances(bases.reset_index())
    tenants = [found[end].map(bases["vector"]) for end in ("first", "second")]
    poles = tenants[0].isin(case.poles) & tenants[1].isin(case.poles)
    rivals = found[poles & (tenants[0] != tenants[1])]
    assert set(rivals.iloc[0][["first", "second"]]) == {"Manas", "Kant"}
    assert found.iloc[0]["kilometres"] == 0 and tenants[0].iloc[0] != tenants[1].iloc[0]


@pytest.mark.parametrize(
    "place, name",
    [
        ((181, 0, 0, 0), "longitude"),
        ((0, 91, 0, 0), "latitude"),
        ((0, 0, 0, -90.5), "to_latitude"),
        ((0, 0, float("nan"), 0), "to_longitude"),
    ],
)
def test_a_place_off_the_globe_is_refused(place, name):
    with pytest.raises(ValueError, match=f"^{name} is .*; allowed: degrees from"):
        geography.great_circle(*place)


def test_outlines_run_clockwise_and_holes_the_other_way():
    square = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]
    hole = [(1, 1), (2, 1), (2, 2), (1, 2), (1, 1)]
    rows = [
        ("AAA", 1, ring + 1, i + 1, x, y)
        for ring, points in enumerate((square, hole))
        for i, (x, y) in enumerate(points)
    ]
    [feature] = geography.outlines(
        pd.DataFrame(
            rows, columns=["iso3", "part", "ring", "point", "longitude", "latitude"]
        )
    )

    def area(ring):
        return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2

    outer, inner = feature["geometry"]["coordinates"]
    assert (
        area(outer) == pytest.approx(-16)
        and area(inner) == pytest.approx(1)
        and feature["iso3"] == "AAA"
    )


def straight(borders: pd.DataFrame, column: str) -> set[str]:
    """States whose outline runs along its own end for a tenth of a degree: a window cut it."""
    (other,) = {"longitude", "latitude"} - {column}
    found = set()
    for state, rows in borders.groupby("iso3"):
        for end in (rows[column].min(), rows[column].max()):
            at_end = rows.loc[rows[column] == end, other]
            if at_end.max() - at_end.min() > 0.1:
                found.add(state)
    return found


def test_the_states_of_the_region_are_whole_and_their_neighbours_end_at_a_window():
    case = data.open_case()
    borders = case.table("borders")
    region = set(case.actors.loc[case.actors["region"], "actor"])
    around = {"AFG", "CHN", "IRN", "MNG", "RUS"}
    assert set(borders["iso3"]) == region | around
    cut = straight(borders, "longitude") | straight(borders, "latitude")
    assert not cut & region and around - {"MNG"} <= cut
    # No border that others dispute.
    south = borders.groupby("iso3")["latitude"].min()
    assert south["CHN"] >= 37 and borders["longitude"].max() <= 91
    # Every place well inside, so that its mark is not cut.
    bases = case.table("places").query("kind == 'base'")
    assert south["AFG"] < bases["latitude"].min() - 0.5


def test_the_capitals_of_the_region_lie_in_their_own_outlines_alone():
    towns = {
        "KAZ": [(71.43, 51.13), (76.93, 43.25), (51.2, 43.65)],
        "KGZ": [(74.6, 42.87)],
        "TJK": [(68.78, 38.54)],
        "TKM": [(58.38, 37.95)],
        "UZB": [(69.24, 41.3), (59.6, 42.46)],
    }
    features = geography.outlines(data.open_case().table("borders"))
    for state, places in towns.items():
        for x, y in places:
            holding = {f["iso3"] for f in features if inside(x, y, f)}
            assert holding == {state}, (state, x, y)


def inside(x: float, y: float, feature: dict) -> bool:
    """Is a place inside the outline of a feature and in none of its holes?"""
    crossed = False
    for ring in feature["geometry"]["coordinates"]:
        for (a, b), (c, d) in zip(ring, ring[1:]):
            if (b > y) != (d > y) and x < a + (y - b) / (d - b) * (c - a):
                crossed = not crossed
    return crossed


# Cut at a frame -----------------------------------------------------------------

SQUARE = [[0, 0], [0, 4], [4, 4], [4, 0], [0, 0]]


def framed(ring, longitudes, latitudes):
    feature = {
        "iso3": "AAA",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    return geography.clipped([feature], longitudes, latitudes)


def signed_area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2


def test_an_outline_is_cut_at_the_frame():
    [feature] = framed(SQUARE, (1, 9), (-9, 2))
    [ring] = feature["geometry"]["coordinates"]
    assert ring[0] == ring[-1] and feature["iso3"] == "AAA"
    assert sorted(map(tuple, ring[1:])) == [(1, 0), (1, 2), (4, 0), (4, 2)]
    assert framed(SQUARE, (-1, 5), (-1, 5))[0]["geometry"]["coordinates"] == [SQUARE]
    assert framed(SQUARE, (5, 9), (0, 4)) == []


edges = st.tuples(st.integers(-3, 6), st.integers(1, 9)).map(
    lambda pair: (pair[0] + 0.5, pair[0] + 0.5 + pair[1])
)


@given(edges, edges)
def test_what_is_kept_of_a_square_is_as_large_as_the_overlap(longitudes, latitudes):
    wide, high = (
        max(0, min(4, last) - max(0, first)) for first, last in (longitudes, latitudes)
    )
    found = framed(SQUARE, longitudes, latitudes)
    area = sum(signed_area(f["geometry"]["coordinates"][0]) for f in found)
    assert area == pytest.approx(signed_area(SQUARE) * wide * high / 16)


@pytest.mark.parametrize(
    "frame, name",
    [(((2, 2), (0, 1)), "longitudes"), (((0, 1), (3, float("nan"))), "latitudes")],
)
def test_a_frame_without_room_is_refused(frame, name):
    with pytest.raises(ValueError, match=f"^{name} is .*; allowed: a lower edge"):
        framed(SQUARE, *frame)


@pytest.mark.parametrize("margin", [0.0, 0.25])
def test_a_frame_around_a_country_leaves_its_margin(margin):
    features = [
        {"iso3": iso3, "geometry": {"coordinates": [[[x + d, y] for x, y in SQUARE]]}}
        for iso3, d in (("AAA", 0), ("AAA", 6), ("BBB", -50))
    ]
    wide, high = geography.framed(features, "AAA", margin)
    assert wide == pytest.approx((-10 * margin, 10 + 10 * margin))
    assert high == pytest.approx((-4 * margin, 4 + 4 * margin))
    with pytest.raises(ValueError, match="iso3 is 'CCC'; allowed: .* AAA, BBB"):
        geography.framed(features, "CCC")
    with pytest.raises(ValueError, match="margin is -1"):
        geography.framed(features, "AAA", -1)
