"""Faults of one feature by itself."""

from __future__ import annotations

import numpy as np
import shapely

from broken_layers.case import Case, Expected, at, box, broken, degrees, only, ring
from gm_map import measure
from gm_map.check.results import Trouble

SQUARE = ((0, 0), (400, 0), (400, 400), (0, 400))


@broken
def bow_tie() -> Case:
    shape = ring((0, 0), (400, 400), (400, 0), (0, 400))
    return only(shape, Expected("SELF_INTERSECTION", 0, at(200, 200)))


@broken
def bow_tie_with_a_vertex_where_it_crosses() -> Case:
    shape = ring((0, 0), (200, 200), (400, 400), (400, 0), (200, 200), (0, 400))
    return only(shape, Expected("SELF_INTERSECTION", 0, at(200, 200)))


@broken
def two_crossings() -> Case:
    shape = ring((0, 0), (400, 0), (400, 400), (250, -100), (100, 400), (0, 400))
    crossings = [Expected("SELF_INTERSECTION", 0, at(280, 0)), Expected("SELF_INTERSECTION", 0, at(220, 0))]
    return only(shape, *crossings)


@broken
def a_loop_at_a_corner() -> Case:
    shape = ring((0, 0), (400, 0), (400, 410), (390, 410), (390, 400), (410, 400), (410, 420), (0, 420))
    return only(shape, Expected("SELF_INTERSECTION", 0, at(400, 400)))


@broken
def a_side_that_ends_on_another_and_goes_through() -> Case:
    shape = ring((0, 0), (400, 0), (400, 400), (200, 0), (150, -80), (100, 200), (0, 400))
    return only(shape, Expected("SELF_INTERSECTION", 0, at(200, 0)))


@broken
def a_hole_that_crosses_itself() -> Case:
    shape = ring(*SQUARE, holes=[((100, 100), (300, 300), (300, 100), (100, 300))])
    return only(shape, Expected("SELF_INTERSECTION", 0, at(200, 200)))


@broken
def a_scribble() -> Case:
    xy = np.random.default_rng(4).uniform(0, 400, (60, 2))
    return only(degrees(shapely.Polygon(xy)), Expected("SELF_INTERSECTION", 0, box(0, 0, 400, 400)))


@broken
def touching_itself_in_a_point() -> Case:
    # In degrees: a side along a parallel is straight there, and only nearly so in metres.
    xy = [(113.93, 22.78), (113.934, 22.78), (113.934, 22.784), (113.932, 22.78), (113.93, 22.784)]
    return only(shapely.Polygon(xy), Expected("SELF_TOUCH", 0, shapely.Point(113.932, 22.78)), also="OUTSIDE_PARENT")


@broken
def touching_itself_at_a_vertex() -> Case:
    shape = ring((0, 0), (200, 50), (400, 0), (400, 400), (200, 50), (0, 400))
    return only(shape, Expected("SELF_TOUCH", 0, at(200, 50)))


@broken
def a_keyhole() -> Case:
    bridge, hole = (200, 100), [(200, 300), (300, 300), (300, 100)]
    shape = ring((0, 0), (200, 0), bridge, *hole, bridge, (200, 0), (400, 0), (400, 400), (0, 400))
    return only(shape, Expected("SELF_TOUCH", 0, at(200, 50)))


@broken
def parts_that_share_a_side() -> Case:
    shape = shapely.MultiPolygon([box(0, 0, 200, 400), box(200, 0, 400, 400)])
    return only(shape, Expected("SELF_TOUCH", 0, degrees(shapely.LineString([(200, 0), (200, 400)]))), also="")


@broken
def spike_of_two_kilometres() -> Case:
    shape = ring((0, 0), (400, 0), (400, 200), (2400, 202.5), (400, 205), (400, 400), (0, 400))
    return only(shape, Expected("SPIKE", 0, at(2400, 202.5)), also="OUTSIDE_PARENT OUTSIDE_DISTRICT")


@broken
def spike_without_width() -> Case:
    shape = ring((0, 0), (400, 0), (400, 200), (700, 200), (400, 200), (400, 400), (0, 400))
    return only(shape, Expected("SPIKE", 0, at(700, 200)))


@broken
def spike_inwards() -> Case:
    shape = ring((0, 0), (400, 0), (400, 200), (200, 200.25), (400, 200.5), (400, 400), (0, 400))
    return only(shape, Expected("SPIKE", 0, at(200, 200.25)))


@broken
def spike_with_a_blunt_tip() -> Case:
    shape = ring((0, 0), (400, 0), (400, 200), (700, 200.1), (700, 200.4), (400, 200.5), (400, 400), (0, 400))
    return only(shape, Expected("SPIKE", 0, at(700, 200.1)))


@broken
def spike_with_vertices_along_it() -> Case:
    out = [(500, 200.3), (600, 200.6), (700, 200.9)]
    back = [(600, 201.2), (500, 201.5), (400, 201.8)]
    return only(
        ring((0, 0), (400, 0), (400, 200), *out, *back, (400, 400), (0, 400)), Expected("SPIKE", 0, at(700, 200.9))
    )


@broken
def a_vertex_twice() -> Case:
    return only(ring((0, 0), (400, 0), (400, 0), (400, 400), (0, 400)), Expected("DUPLICATE_VERTEX", 0, at(400, 0)))


@broken
def a_vertex_four_times() -> Case:
    shape = ring((0, 0), (400, 0), (400, 400), (400, 400), (400, 400), (400, 400), (0, 400))
    return only(shape, Expected("DUPLICATE_VERTEX", 0, at(400, 400)))


@broken
def a_vertex_half_a_millimetre_off() -> Case:
    shape = ring((0, 0), (400, 0), (400.0005, 0), (400, 400), (0, 400))
    return only(shape, Expected("DUPLICATE_VERTEX", 0, at(400, 0)))


@broken
def a_vertex_of_a_hole_twice() -> Case:
    shape = ring(*SQUARE, holes=[((100, 100), (100, 300), (300, 300), (300, 300), (300, 100))])
    return only(shape, Expected("DUPLICATE_VERTEX", 0, at(300, 300)))


@broken
def a_ring_of_two_points() -> Case:
    return only(ring((0, 0), (400, 0), (0, 0)), Expected("RING", 0, at(0, 0)))


@broken
def a_ring_in_a_line() -> Case:
    shape = shapely.Polygon([(113.93, 22.78), (113.931, 22.781), (113.932, 22.782), (113.933, 22.783)])
    return only(shape, Expected("RING", 0, shapely.Point(113.93, 22.78)))


@broken
def a_hole_in_a_line() -> Case:
    shape = ring(*SQUARE, holes=[((100, 100), (200, 200), (300, 300))])
    return only(shape, Expected("RING", 0, at(100, 100)))


@broken
def a_ring_that_was_open() -> Case:
    shape = ring(*SQUARE)
    x, y = shapely.get_coordinates(shape)[0].tolist()
    trouble = Trouble("RING", 0, {"why": "unclosed", "ring": 0, "points": 4, "x": x, "y": y})
    return only(shape, Expected("RING", 0, at(0, 0)), troubles=(trouble,))


@broken
def a_ring_that_could_not_be_built() -> Case:
    """In the metres of the file, of which only the other features say where they lie."""
    shapes = [box(0, 0, 400, 400), None]
    own = [measure.to_metres(shapes[0]), None]
    spot = measure.to_metres(at(500, 100))
    facts = {"why": "too few points", "ring": 0, "points": 2, "x": spot.x, "y": spot.y}
    own[0] = shapely.segmentize(own[0], 100)
    shapes[0] = measure.to_degrees(own[0])
    names = [only(None).names[0], "翠湖"]
    expected = [Expected("RING", 1, at(500, 100))]
    return Case(shapes, names, expected, own=own, troubles=(Trouble("RING", 1, facts),))


@broken
def a_hole_outside() -> Case:
    shape = ring(*SQUARE, holes=[((500, 100), (500, 200), (600, 200), (600, 100))])
    return only(shape, Expected("HOLE_OUTSIDE", 0, box(500, 100, 600, 200)))


@broken
def a_hole_across_its_shell() -> Case:
    shape = ring(*SQUARE, holes=[((300, 100), (300, 200), (500, 200), (500, 100))])
    return only(shape, Expected("HOLE_OUTSIDE", 0, box(400, 100, 500, 200)))


@broken
def two_holes_over_one_another() -> Case:
    holes = [((50, 50), (50, 250), (250, 250), (250, 50)), ((200, 200), (200, 350), (350, 350), (350, 200))]
    return only(ring(*SQUARE, holes=holes), Expected("HOLES_OVERLAP", 0, box(200, 200, 250, 250)))


@broken
def a_part_within_a_part() -> Case:
    shape = shapely.MultiPolygon([box(0, 0, 400, 400), box(100, 100, 200, 200)])
    return only(shape, Expected("NESTED_PARTS", 0, box(100, 100, 200, 200)))


@broken
def parts_over_one_another() -> Case:
    shape = shapely.MultiPolygon([box(0, 0, 400, 400), box(300, 300, 600, 600)])
    return only(shape, Expected("PARTS_OVERLAP", 0, box(300, 300, 400, 400)))


@broken
def no_geometry() -> Case:
    return only(None, Expected("NULL_GEOMETRY", 0))


@broken
def an_empty_geometry() -> Case:
    return only(shapely.Polygon(), Expected("EMPTY_GEOMETRY", 0))


@broken
def a_point() -> Case:
    return only(at(10, 20), Expected("WRONG_TYPE", 0, at(10, 20)))


@broken
def a_closed_line() -> Case:
    line = degrees(shapely.LineString([*SQUARE, SQUARE[0]]))
    return only(line, Expected("WRONG_TYPE", 0, at(0, 0)))


@broken
def a_collection() -> Case:
    mixture = shapely.GeometryCollection([box(0, 0, 400, 400), at(0, 0)])
    return only(mixture, Expected("WRONG_TYPE", 0, box(0, 0, 400, 400)))


@broken
def a_coordinate_that_is_no_number() -> Case:
    return only(_with(2, (np.nan, np.nan)), Expected("BAD_COORDINATE", 0, at(400, 0)))


@broken
def an_infinite_coordinate() -> Case:
    return only(_with(2, (np.inf, 22.7)), Expected("BAD_COORDINATE", 0, at(400, 0)))


@broken
def a_coordinate_off_the_globe() -> Case:
    return only(_with(2, (113.9, 2270.0)), Expected("BAD_COORDINATE", 0, at(400, 0)))


def _with(place: int, number: tuple[float, float]):
    xy = shapely.get_coordinates(box(0, 0, 400, 400))
    xy[place] = number
    with np.errstate(invalid="ignore"):
        return shapely.Polygon(xy)


@broken
def rings_the_wrong_way_round() -> Case:
    shape = ring(*SQUARE[::-1])
    return only(shape, Expected("RING_ORDER", 0, degrees(shapely.LineString(SQUARE))), format="GeoJSON")


@broken
def heights() -> Case:
    return only(shapely.force_3d(box(0, 0, 400, 400), 12.5), Expected("HAS_Z", 0, at(0, 0)))


@broken
def three_decimals() -> Case:
    return _rounded(1e-3)


@broken
def four_decimals() -> Case:
    return _rounded(1e-4)


@broken
def whole_seconds_of_arc() -> Case:
    return _rounded(1 / 3600)


@broken
def metres_in_tens() -> Case:
    own = shapely.transform(measure.to_metres(_many()), lambda xy: np.round(xy / 10) * 10)
    shape = measure.to_degrees(own)
    return only(shape, Expected("COARSE_PRECISION", 0, shape.boundary), own=[own])


def _many():
    return degrees(shapely.Polygon([(0, 0), (913, 57), (1011, 640), (402, 1013), (-121, 517)]))


def _rounded(step: float) -> Case:
    shape = shapely.transform(_many(), lambda xy: np.round(xy / step) * step)
    return only(shape, Expected("COARSE_PRECISION", 0, shape.boundary))
