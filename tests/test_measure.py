"""Areas, lengths and overlaps against figures that can be reckoned by hand or stand in the literature."""

import math

import numpy as np
import pytest
import shapely

from gm_map import measure
from gm_map.model import CGCS2000_GK_114, WGS84

WEB_MERCATOR = "EPSG:3857"
HERE = shapely.box(113.93, 22.74, 113.94, 22.75)
# GRS 80: semi-major axis in metres, flattening (Moritz 2000, "Geodetic Reference System 1980").
A, F = 6378137.0, 1 / 298.257222101
E2 = F * (2 - F)


def cell_m2(west, south, east, north):
    """Area between two parallels and two meridians, in closed form (Snyder 1987, eq. 3-12)."""

    def q(latitude):
        s, e = math.sin(math.radians(latitude)), math.sqrt(E2)
        return (1 - E2) * (s / (1 - E2 * s * s) - math.log((1 - e * s) / (1 + e * s)) / (2 * e))

    return A * A / 2 * math.radians(east - west) * (q(north) - q(south))


def test_an_area_is_that_of_the_ellipsoid():
    parallel = [(113.93 + k / 1000 * 0.01, 22.75) for k in range(1001)]
    ring = [*parallel, *((x, 22.74) for x, _ in reversed(parallel))]
    assert measure.geodesic_m2(shapely.Polygon(ring)) == pytest.approx(cell_m2(*HERE.bounds), rel=1e-9)


def test_the_whole_earth():
    octant = shapely.Polygon([(0, 0), (90, 0), (0, 90)])
    assert 8 * measure.geodesic_km2(octant) == pytest.approx(510_065_621.724, rel=1e-9)


@pytest.mark.parametrize("turn", [shapely.Polygon, lambda ring: shapely.Polygon(list(reversed(list(ring))))])
def test_the_way_a_ring_turns_does_not_matter(turn):
    ring = HERE.exterior.coords
    assert measure.geodesic_km2(turn(ring)) == pytest.approx(measure.geodesic_km2(HERE))


def test_holes_count_off_and_parts_add_up():
    hole = shapely.box(113.932, 22.742, 113.934, 22.744)
    rest = HERE.difference(hole)
    assert measure.geodesic_m2(rest) == pytest.approx(measure.geodesic_m2(HERE) - measure.geodesic_m2(hole), abs=1e-3)
    both = shapely.MultiPolygon([hole, shapely.box(113.936, 22.742, 113.938, 22.744)])
    assert measure.geodesic_m2(both) == pytest.approx(2 * measure.geodesic_m2(hole), rel=1e-6)
    assert measure.geodesic_m2(HERE.boundary) == measure.geodesic_m2(shapely.Polygon()) == 0.0


def test_the_projected_area_is_a_little_larger_and_web_mercator_far_too_large():
    true = measure.geodesic_km2(HERE)
    assert 1e-6 < measure.projected_km2(HERE) / true - 1 < 20e-6
    latitude = math.radians(22.745)
    assert measure.projected_km2(HERE, WEB_MERCATOR) / true == pytest.approx(1 / math.cos(latitude) ** 2, rel=5e-3)


def test_there_and_back_again():
    back = measure.to_degrees(measure.to_metres(HERE))
    assert shapely.equals_exact(back, HERE, tolerance=1e-11)
    assert measure.transformer(WGS84, CGCS2000_GK_114) is measure.transformer(WGS84, CGCS2000_GK_114)
    x, y = measure.transformer(WGS84, CGCS2000_GK_114).transform(114.0, 0.0)
    assert (x, y) == pytest.approx((500_000, 0), abs=1e-3)


def test_lengths_and_distances():
    degree_of_meridian = 110_574.389  # from the equator to 1° N on GRS 80
    line = shapely.LineString([(114, 0), (114, 1)])
    assert measure.length_m(line) == pytest.approx(degree_of_meridian, abs=0.01)
    assert measure.distance_m(114, 0, 114, 1) == pytest.approx(degree_of_meridian, abs=0.01)
    outline = 2 * measure.distance_m(113.93, 22.74, 113.93, 22.75)
    outline += measure.distance_m(113.93, 22.74, 113.94, 22.74) + measure.distance_m(113.93, 22.75, 113.94, 22.75)
    assert measure.length_m(HERE) == pytest.approx(outline)
    many = measure.distance_m(np.array([114.0, 114.0]), np.zeros(2), np.array([114.0, 114.0]), np.array([1.0, 0.0]))
    assert many.tolist() == pytest.approx([degree_of_meridian, 0.0], abs=0.01)


def test_overlaps_and_shares():
    east = shapely.box(113.935, 22.74, 113.945, 22.75)
    beside = shapely.box(113.945, 22.74, 113.955, 22.75)
    common = measure.overlap_km2(HERE, east)
    assert measure.share(HERE, east) == pytest.approx(0.5, rel=1e-6)
    assert measure.overlap_km2(east, beside) == 0.0
    assert measure.overlaps([HERE, beside, east]) == [(0, 2, common)]
    assert measure.overlaps([HERE, beside, east], least_m2=common * 1e6 + 1) == []
    with pytest.raises(ValueError, match="no area"):
        measure.share(HERE.boundary, HERE)


def test_a_band_is_as_wide_as_said_and_has_square_ends():
    line = shapely.LineString([(113.93, 22.74), (113.94, 22.74)])
    wanted = measure.length_m(line) * 2 * 400 / 1e6
    assert measure.band_km2(line, 400) == pytest.approx(wanted, rel=1e-4)
    assert len(measure.band(line, 400).exterior.coords) == 5
