"""Where points are: one by one and by the million, as shapely has it, on edges as the rule has it."""

import numpy as np
import pytest
import shapely

from gm_map import district as district_module
from gm_map import measure
from gm_map.datum import Datum, convert
from gm_map.errors import InputError
from gm_map.locate import Verdict, locate, locate_many, where_it_stands
from gm_map.model import Level
from gm_map.unit_grid import NOWHERE, unit_grid


@pytest.fixture(scope="module")
def district():
    return district_module.load()


@pytest.fixture(scope="module")
def grid(district):
    return unit_grid(district)


def scattered(district, count, margin=0.05, seed=5):
    west, south, east, north = district.bounds
    rng = np.random.default_rng(seed)
    return rng.uniform(west - margin, east + margin, count), rng.uniform(south - margin, north + margin, count)


def near_edges(grid, count, metres=5.0, seed=6):
    """Points within some metres of the outlines, where a grid is most likely to be wrong."""
    rng = np.random.default_rng(seed)
    lines = shapely.boundary(grid.shapes)
    which = rng.integers(0, len(lines), count)
    points = shapely.line_interpolate_point(lines[which], rng.uniform(0, 1, count), normalized=True)
    away = metres / 111_000
    return shapely.get_x(points) + rng.normal(0, away, count), shapely.get_y(points) + rng.normal(0, away, count)


@pytest.mark.parametrize("make", ["scattered", "near"])
def test_units_are_those_of_shapely(district, grid, make):
    lon, lat = scattered(district, 200_000) if make == "scattered" else near_edges(grid, 50_000)
    wanted = np.full(len(lon), NOWHERE)
    for number in reversed(range(len(grid.shapes))):
        wanted[shapely.contains_xy(grid.shapes[number], lon, lat)] = number
    on_edge = shapely.intersects_xy(shapely.union_all(shapely.boundary(grid.shapes)), lon, lat)
    assert np.array_equal(grid.units(lon, lat)[~on_edge], wanted[~on_edge])


def test_a_point_on_a_shared_edge_belongs_to_the_lower_number(district, grid):
    checked = 0
    for one in district.catalogue.at(Level.UNIT):
        for other in district.neighbours(one.id):
            if other < one.id:
                continue
            # Corners of both outlines lie on both, exactly.
            common = set(map(tuple, shapely.get_coordinates(district.shape(one.id)).tolist()))
            common &= set(map(tuple, shapely.get_coordinates(district.shape(other)).tolist()))
            for lon, lat in common:
                touching = [id_ for id_ in grid.unit_ids if shapely.intersects_xy(district.shape(id_), lon, lat)]
                assert locate(district, lon, lat).unit_id == min(touching)
                checked += 1
    assert checked > 50


def test_a_point_on_the_outer_edge_belongs_to_the_unit(district, grid):
    rim = shapely.boundary(shapely.union_all(grid.shapes))
    for lon, lat in shapely.get_coordinates(rim).tolist():
        assert locate(district, lon, lat).unit_id is not None


def test_distances_are_those_of_the_ellipsoid(district, grid):
    edges = shapely.union_all(shapely.boundary(grid.shapes))
    lon, lat = scattered(district, 300)
    found, owner = grid.edges(lon, lat)
    for x, y, metres, unit in zip(lon, lat, found, owner, strict=True):
        assert metres == pytest.approx(measure.distance_to_m(x, y, edges), rel=1e-3, abs=0.2)
        own = measure.distance_to_m(x, y, shapely.boundary(grid.shapes[unit]))
        assert metres == pytest.approx(own, rel=1e-3, abs=0.2)


def test_far_points_have_a_distance_too(district, grid):
    lon, lat = np.array([113.0, 116.4, 113.5, 121.5]), np.array([22.0, 39.9, 22.7, 31.2])
    edges = shapely.union_all(shapely.boundary(grid.shapes))
    for x, y, metres in zip(lon, lat, grid.edges(lon, lat)[0], strict=True):
        assert metres == pytest.approx(measure.distance_to_m(x, y, edges), rel=0.1)
    assert (grid.units(lon, lat) == NOWHERE).all()


def test_no_numbers_are_nowhere(district):
    found = locate_many(district, np.array([np.nan, np.inf, 113.9, 1e300]), np.array([22.7, 22.7, np.nan, 22.7]))
    assert (found.unit == NOWHERE).all()
    assert np.isnan(found.edge_m).all()
    assert not found.within_uncertainty.any()
    with pytest.raises(ValueError, match="one length"):
        locate_many(district, np.zeros(2), np.zeros(3))
    assert len(locate_many(district, np.array([]), np.array([])).unit) == 0


def test_one_and_many_agree(district):
    lon, lat = scattered(district, 400, seed=8)
    many = locate_many(district, lon, lat)
    for number in range(len(lon)):
        one = locate(district, lon[number], lat[number])
        unit = None if many.unit[number] == NOWHERE else many.unit_ids[many.unit[number]]
        assert one.unit_id == unit
        assert one.edge_m == round(float(many.edge_m[number]), 1)
        assert one.within_uncertainty == many.within_uncertainty[number]
        assert one.nearest_id == many.unit_ids[many.nearest[number]]
        assert one.may_be_in[0] == unit
        assert (len(one.may_be_in) > 1) <= one.within_uncertainty
        if unit:
            assert (one.cluster_id, one.zone_id) == district.catalogue.ancestors(unit)


@pytest.mark.parametrize("datum", list(Datum))
def test_a_point_in_another_datum(district, datum):
    lat, lon = district.label_point("unit-14")
    moved = convert(lon, lat, Datum.WGS84, datum)
    found = locate(district, *map(float, moved), datum)
    assert found.unit_id == "unit-14"
    assert (found.lon_wgs84, found.lat_wgs84) == pytest.approx((lon, lat), abs=1e-7)
    assert found.guess is None


def test_a_guess_is_shown(district):
    lat, lon = district.label_point("unit-14")
    found = locate(district, lon, lat, "auto")
    assert found.datum == Datum.WGS84
    assert found.guess.told is False
    assert found.guess.why == "several fit"


def test_what_is_no_coordinate_is_refused(district):
    for lon, lat in ((np.nan, 22.7), (500.0, 22.7), (22.7, 113.9)):
        with pytest.raises(InputError):
            locate(district, lon, lat)
    with pytest.raises(InputError, match="longitude comes first"):
        locate(district, 22.7, 113.9)
    with pytest.raises(InputError, match="datum"):
        locate(district, 113.9, 22.7, "cgcs2000")


@pytest.mark.parametrize(
    ("unit", "topic", "verdict"),
    [
        ("unit-14", "topic-07", Verdict.RIGHT_PLACE),
        ("unit-14", "topic-13", Verdict.RIGHT_ZONE),
        ("unit-04", "topic-13", Verdict.ELSEWHERE),
        ("unit-01", "topic-01", Verdict.RIGHT_ZONE),
        ("unit-14", "topic-34", Verdict.RIGHT_PLACE),
        ("unit-04", "topic-34", Verdict.ELSEWHERE),
        ("unit-14", "topic-35", Verdict.NO_PLACE),
        (None, "topic-07", Verdict.ELSEWHERE),
        ("cluster-5", "topic-13", Verdict.RIGHT_PLACE),
        ("zone-3", "topic-13", Verdict.RIGHT_ZONE),
    ],
)
def test_where_it_stands(district, unit, topic, verdict):
    found = where_it_stands(district, unit, topic)
    assert found.verdict == verdict
    assert found.citation is not None
    if unit in ("unit-14", "unit-04"):
        lat, lon = district.label_point(unit)
        assert where_it_stands(district, locate(district, lon, lat), topic).verdict == verdict


def test_near_an_edge_it_cannot_be_told_only_where_it_matters(district, grid):
    """Between two units of one cluster the topic is the same on both sides; between two clusters it is not."""
    same = other = 0
    lon, lat = near_edges(grid, 300)
    for x, y in zip(lon.tolist(), lat.tolist(), strict=True):
        place = locate(district, x, y)
        assert place.within_uncertainty
        found = where_it_stands(district, place, "topic-07")
        told = {verdict for _, verdict in found.verdicts}
        assert (found.verdict == Verdict.CANNOT_BE_TOLD) == (len(told) > 1)
        assert [id_ for id_, _ in found.verdicts] == list(place.may_be_in)
        same += len(told) == 1
        other += len(told) > 1
    assert same
    assert other


def test_unknown_ids_are_refused(district):
    for place, topic in (("unit-99", "topic-07"), ("unit-14", "topic-99")):
        with pytest.raises(KeyError):
            where_it_stands(district, place, topic)
