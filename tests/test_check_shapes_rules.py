"""Rules about a feature by itself: every fault, every point, and no accusation of what is sound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from broken_layers import CASES, checked
from broken_layers.case import array

from gm_map.check import shapes_rules
from gm_map.check.crossings import CROSSES, self_crossings, without_needles
from gm_map.check.frame import Frame, sound, thickness
from gm_map.check.results import Layer, Trouble
from gm_map.check.thresholds import THRESHOLDS

HERE = np.array([113.93, 22.78])
FRAME = Frame.around(array([shapely.Point(*HERE).buffer(0.01)]))


def layer_of(*shapes, format_="GPKG", troubles=()):
    return Layer("a.gpkg", format_, array(shapes), {}, None, "", "utf-8", troubles)


def find(*shapes, **more):
    layer = layer_of(*shapes, **more)
    return shapes_rules.find(layer, layer.geometries)


def codes(found):
    return sorted(one.code for one in found)


def degrees(*points, holes=()):
    """A polygon of points in metres of a frame."""
    return FRAME.degrees(shapely.Polygon(points, holes))


def test_every_crossing_of_an_outline_is_found():
    """Against the noder of GEOS: points where the noded line has a node of degree four."""
    xy = np.random.default_rng(7).uniform(0, 1000, (40, 2))
    found = {(round(x, 3), round(y, 3)) for code, x, y in self_crossings(xy, THRESHOLDS) if code == CROSSES}
    ring = shapely.LinearRing(xy)
    ends = shapely.get_coordinates(shapely.get_point(shapely.get_parts(shapely.node(ring)), 0))
    vertices = {tuple(one) for one in xy.round(3).tolist()}
    assert found == {tuple(one) for one in ends.round(3).tolist()} - vertices
    assert len(found) > 100


def test_sides_beyond_the_limit_of_one_comparison_are_found_as_well():
    turn = np.linspace(0, 2 * np.pi, 2001)[:-1]
    ring = np.stack([1000 * np.cos(turn), 700 * np.sin(2 * turn)], axis=1)
    (found,) = [one for one in self_crossings(ring, THRESHOLDS) if one[0] == CROSSES]
    assert found[1:] == pytest.approx((0, 0), abs=0.01)


def test_a_long_scribble_is_not_looked_at_for_ever():
    xy = np.random.default_rng(5).uniform(0, 1000, (3000, 2))
    limits = replace(THRESHOLDS, most_pairs=10_000)
    assert len(self_crossings(xy, limits)) > 100
    shape = FRAME.degrees(shapely.Polygon(xy[:300]))
    found = find(shape)
    assert sum(one.code == "SELF_INTERSECTION" for one in found) == THRESHOLDS.most_per_feature
    (more,) = [one for one in found if one.code == "MORE_FINDINGS"]
    assert more.facts["count"] > 1000
    assert more.others == (0,)


def test_needles_go_with_all_their_vertices():
    ring = np.array([(0, 0), (10, 0), (10, 5), (30, 5), (50, 5), (30, 5), (10, 5), (10, 10), (0, 10)], dtype=float)
    assert without_needles(ring, 0.001).tolist() == [[0, 0], [10, 0], [10, 5], [10, 10], [0, 10]]


@pytest.mark.parametrize(("degree", "spike"), [(0.5, True), (0.95, True), (1.2, False), (5.0, False)])
def test_how_sharp_a_spike_is(degree, spike):
    half = 300 * np.tan(np.radians(degree / 2))
    shape = degrees((0, 0), (400, 0), (400, 200 - half), (700, 200), (400, 200 + half), (400, 400), (0, 400))
    assert codes(find(shape)) == ["SPIKE"] * spike


def test_a_narrow_end_is_no_spike():
    assert codes(find(degrees((0, 0), (400, 0), (400, 200), (405, 200.2), (405, 200.8), (400, 201), (0, 400)))) == []


def test_a_circle_of_many_vertices_is_sound():
    assert find(FRAME.degrees(shapely.Point(0, 0).buffer(500, quad_segs=500))) == []


def test_a_hole_that_touches_its_shell_in_a_point_is_sound():
    west, south, size = 113.9312345, 22.7812345, 0.0041234
    shell = [(west, south), (west + size, south), (west + size, south + size), (west, south + size)]
    hole = [(west + size / 2, south), (west + size / 4, south + size / 4), (west + size / 2, south + size / 2)]
    assert codes(find(shapely.Polygon(shell, [hole]))) == []


def test_rings_are_asked_to_turn_in_geojson_only():
    clockwise = shapely.orient_polygons(degrees((0, 0), (400, 0), (400, 400)), exterior_cw=True)
    assert codes(find(clockwise)) == []
    (one,) = find(clockwise, clockwise, format_="GeoJSONSeq")
    assert (one.code, one.row, one.others) == ("RING_ORDER", 0, (1,))


def test_what_reading_found_is_told_and_not_told_twice():
    troubles = (
        Trouble("NULL_GEOMETRY", 0, {"why": "unreadable"}),
        Trouble("HAS_Z", None, {"count": 3}),
        Trouble("SOMETHING_NEW", None, {"x": 1}),
        Trouble("MORE_TROUBLES", None, {"code": "RING", "count": 7}),
    )
    found = find(None, troubles=troubles)
    assert codes(found) == ["HAS_Z", "INVALID", "MORE_FINDINGS", "NULL_GEOMETRY"]
    assert next(one for one in found if one.code == "MORE_FINDINGS").facts == {"of": "RING", "count": 7}


def test_every_invalid_feature_is_told_even_if_not_searched():
    ties = [degrees((at, 0), (at + 9, 9), (at + 9, 0), (at, 9)) for at in range(0, 100, 10)]
    layer = layer_of(*ties)
    found = shapes_rules.find(layer, layer.geometries, (), replace(THRESHOLDS, most_searched=3))
    assert codes(found) == ["SELF_INTERSECTION"] * 10
    assert [one.row for one in found] == list(range(10))
    x = [FRAME.flat(np.array([[one.lon, one.lat]]))[0, 0] for one in found]
    assert x == pytest.approx([at + 4.5 for at in range(0, 100, 10)], abs=0.01)


@pytest.mark.parametrize("name", ["three_decimals", "four_decimals", "whole_seconds_of_arc", "metres_in_tens"])
def test_how_coarse_the_coordinates_are(name):
    (one,) = [one for one in checked(CASES[name]()).found if one.code == "COARSE_PRECISION"]
    step = {"three_decimals": 111, "four_decimals": 11, "whole_seconds_of_arc": 31, "metres_in_tens": 10}[name]
    assert float(one.facts["step_m"]) == step


def test_five_decimals_are_fine_enough():
    shape = degrees((0, 0), (400, 0), (400, 413), (37, 400))
    assert find(shapely.transform(shape, lambda xy: xy.round(5))) == []


def test_names_come_from_the_file_where_nobody_looked():
    layer = Layer("a", "GPKG", array([None, None]), {"名称": ("白花", "")}, None, "", "utf-8")
    assert [one.name for one in shapes_rules.find(layer, layer.geometries)] == ["白花", "#2"]


def test_the_frame_is_true_and_goes_back():
    square = FRAME.degrees(shapely.box(-500, -500, 500, 500))
    width, length = thickness(FRAME.metres(square))
    assert (float(width), float(length)) == pytest.approx((1000, 1000), rel=1e-6)
    assert shapely.equals_exact(FRAME.degrees(FRAME.metres(square)), square, 1e-12)
    strip_width, strip_length = thickness(shapely.box(0, 0, 4, 380))
    assert (float(strip_width), float(strip_length)) == pytest.approx((4, 380))


def test_what_is_sound_is_areas_only():
    with np.errstate(invalid="ignore"):
        nowhere = shapely.Polygon([(0, 0), (1, 1), (np.nan, 0), (0, 1)])
    shapes = array([None, shapely.Point(1, 1), shapely.Polygon(), nowhere, degrees((0, 0), (9, 9), (9, 0), (0, 9))])
    found = sound(shapes)
    assert [one is None for one in found] == [True, True, True, True, False]
    assert shapely.is_valid(found[4])
    assert not shapely.is_valid(shapes[4])
