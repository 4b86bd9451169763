"""Faults between features of one level."""

from __future__ import annotations

import shapely

from broken_layers.case import Case, Expected, at, box, broken, degrees, name, ring, row, shapes

TWO = ["unit-05", "unit-06"]


def two(first, second, *expected: Expected, also: str = "") -> Case:
    """A layer of two units of one cluster, drawn as said."""
    return Case([first, second], [name(id_) for id_ in TWO], list(expected), frozenset(also.split()))


@broken
def overlap_of_a_tenth_of_a_square_kilometre() -> Case:
    geometries, names = shapes()
    land = box(-200, -250, 200, 0)
    other = row("unit-06")
    geometries[other] = shapely.union(geometries[other], land)
    first, second = sorted([row("unit-05"), other])
    return Case(geometries, names, [Expected("OVERLAP", first, land)], frozenset({"DISCONNECTED"})) if second else None


@broken
def overlap_of_three_metres() -> Case:
    left, right = box(0, 0, 400, 400), box(397, 0, 800, 400)
    return two(left, right, Expected("OVERLAP", 0, box(397, 0, 400, 400)))


@broken
def a_unit_inside_a_unit() -> Case:
    return two(box(0, 0, 800, 800), box(200, 200, 400, 400), Expected("OVERLAP", 0, box(200, 200, 400, 400)))


@broken
def a_gap_of_four_metres_open_at_both_ends() -> Case:
    left, right = box(0, 0, 400, 380), box(404, 0, 800, 380)
    return two(left, right, Expected("GAP", 0, box(400, 0, 404, 380)))


@broken
def a_gap_of_four_metres_enclosed() -> Case:
    left = ring((0, 0), (400, 0), (400, 10), (396, 10), (396, 390), (400, 390), (400, 400), (0, 400))
    right = ring((400, 0), (800, 0), (800, 400), (400, 400), (400, 390), (400, 10))
    return two(left, right, Expected("GAP", 0, box(396, 10, 400, 390)))


@broken
def a_gap_that_opens_at_its_end() -> Case:
    left = ring((0, 0), (400, 0), (400, 380), (300, 500), (0, 500))
    right = ring((404, 0), (800, 0), (800, 500), (504, 500), (404, 380))
    return two(left, right, Expected("GAP", 0, box(400, 0, 404, 390)))


@broken
def a_hole_between_two() -> Case:
    left = ring((0, 0), (400, 0), (400, 100), (370, 100), (370, 300), (400, 300), (400, 400), (0, 400))
    right = ring((400, 0), (800, 0), (800, 400), (400, 400), (400, 300), (430, 300), (430, 100), (400, 100))
    return two(left, right, Expected("GAP", 0, box(370, 100, 430, 300)))


@broken
def a_feature_of_three_metres() -> Case:
    return two(box(0, 0, 400, 400), box(500, 0, 503, 500), Expected("SLIVER", 1, box(500, 0, 503, 500)))


@broken
def a_strip_that_two_have() -> Case:
    left, right = box(0, 0, 400, 400), box(399.5, 0, 800, 400)
    return two(left, right, Expected("SLIVER", 0, box(399.5, 0, 400, 400)))


@broken
def a_strip_that_none_has() -> Case:
    left, right = box(0, 0, 400, 400), box(400.4, 0, 800, 400)
    return two(left, right, Expected("SLIVER", None, box(400, 0, 400.4, 400)))


@broken
def a_side_with_a_vertex_that_the_neighbour_has_not() -> Case:
    left = ring((0, 0), (400, 0), (400.02, 200), (400, 400), (0, 400))
    side = degrees(shapely.LineString([(400, 0), (400, 400)]))
    return two(left, box(400, 0, 800, 400), Expected("EDGE_MISMATCH", 0, side))


@broken
def a_unit_twice() -> Case:
    return two(box(0, 0, 400, 400), box(0, 0, 400, 400), Expected("DUPLICATE", 1, box(0, 0, 400, 400)))


@broken
def a_unit_twice_nearly() -> Case:
    return two(box(0, 0, 400, 400), box(4, 0, 404, 400), Expected("DUPLICATE", 1, box(4, 0, 400, 400)))


@broken
def an_overlap_with_a_unit_that_crosses_itself() -> Case:
    tie = ring((0, 0), (400, 400), (400, 0), (0, 400))
    land = degrees(shapely.Polygon([(300, 300), (400, 400), (400, 0), (300, 100)]))
    return two(
        tie,
        box(300, 0, 700, 400),
        Expected("OVERLAP", 0, land),
        Expected("SELF_INTERSECTION", 0, at(200, 200)),
        also="",
    )
