"""Datums: known points, round trips, nothing shifted that should not be, and guesses that say when they cannot tell."""

import numpy as np
import pytest

from gm_map import district as district_module
from gm_map import measure
from gm_map.datum import RECTANGLE, Datum, convert, guess
from gm_map.model import Level

PAIRS = [(one, other) for one in Datum for other in Datum if one != other]


@pytest.fixture(scope="module")
def district():
    return district_module.load()


@pytest.fixture(scope="module")
def points(district):
    west, south, east, north = district.bounds
    rng = np.random.default_rng(3)
    return rng.uniform(west, east, 5000), rng.uniform(south, north, 5000)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_round_trips(points, source, target):
    there = convert(*points, source, target)
    back = convert(*there, target, source)
    assert np.abs(back[0] - points[0]).max() < 1e-7
    assert np.abs(back[1] - points[1]).max() < 1e-7


def test_round_trips_over_the_whole_rectangle():
    west, south, east, north = RECTANGLE
    lon, lat = np.meshgrid(np.linspace(west + 1, east - 1, 60), np.linspace(south + 1, north - 1, 60))
    for target in (Datum.GCJ02, Datum.BD09):
        back = convert(*convert(lon, lat, Datum.WGS84, target), target, Datum.WGS84)
        assert max(np.abs(back[0] - lon).max(), np.abs(back[1] - lat).max()) < 1e-7
        assert back[0].shape == lon.shape


def test_a_known_point():
    """Values of the formula as others publish it (Tian'anmen)."""
    lon, lat = convert(116.391349, 39.907375, Datum.WGS84, Datum.GCJ02)
    assert (float(lon), float(lat)) == pytest.approx((116.39759, 39.90878), abs=2e-5)
    lon, lat = convert(lon, lat, Datum.GCJ02, Datum.BD09)
    assert (float(lon), float(lat)) == pytest.approx((116.40397, 39.91510), abs=5e-5)


def test_the_shift_here_is_some_hundreds_of_metres(points):
    for target, least, most in ((Datum.GCJ02, 450, 700), (Datum.BD09, 900, 1500)):
        moved = convert(*points, Datum.WGS84, target)
        metres = measure.distance_m(*points, *moved)
        assert least < metres.min() <= metres.max() < most


@pytest.mark.parametrize(("lon", "lat"), [(2.35, 48.85), (-74.0, 40.7), (139.7, 35.7), (113.9, -22.7), (151.2, 60.0)])
def test_outside_china_nothing_is_shifted(lon, lat):
    for source, target in PAIRS:
        assert tuple(map(float, convert(lon, lat, source, target))) == (lon, lat)


def test_mixed_arrays_and_gaps():
    lon, lat = convert([113.9, 2.35, np.nan], [22.75, 48.85, 22.7], "wgs84", "gcj02")
    assert lon[0] != 113.9
    assert (lon[1], lat[1]) == (2.35, 48.85)
    assert np.isnan(lon[2])


def test_the_same_datum_changes_nothing(points):
    assert all(np.array_equal(one, other) for one, other in zip(convert(*points, "bd09", "bd09"), points, strict=True))
    with pytest.raises(ValueError, match="cgcs"):
        convert(113.9, 22.75, "cgcs2000", "wgs84")


@pytest.mark.parametrize("datum", list(Datum))
def test_points_of_known_places_tell_their_datum(district, datum):
    ids = [place.id for place in district.catalogue.at(Level.UNIT)]
    points = [district.shape(id_).representative_point() for id_ in ids]
    lon, lat = np.array([point.x for point in points]), np.array([point.y for point in points])
    found = guess(district, *convert(lon, lat, Datum.WGS84, datum), ids)
    assert (found.datum, found.told, found.why) == (datum, True, "one fits")
    assert found.shares[datum] == 1


def test_one_point_near_the_rim_tells_and_one_in_the_middle_does_not(district):
    west, south, east, north = district.bounds
    middle = guess(district, (west + east) / 2, (south + north) / 2)
    assert (middle.datum, middle.told, middle.why) == (Datum.WGS84, False, "several fit")
    # On the eastern rim, read as WGS 84 it would lie outside.
    rim = max(district.geojson("zone-1")["coordinates"][0])
    lon, lat = convert(rim[0] - 0.001, rim[1], Datum.WGS84, Datum.BD09)
    found = guess(district, lon, lat)
    assert found.shares[Datum.BD09] >= found.shares[Datum.WGS84]
    far = guess(district, 116.4, 39.9)
    assert (far.told, far.why) == (False, "none fits")
    assert guess(district, np.nan, np.nan).told is False
