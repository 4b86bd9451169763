"""Layers with three faults: none hides another."""

from __future__ import annotations

import numpy as np
import shapely

from broken_layers.case import Case, Expected, at, box, broken, name, only, ring, row, shapes


@broken
def crossing_and_spike_and_a_vertex_twice() -> Case:
    shape = ring(
        (0, 0), (400, 0), (400, 0), (400, 400), (250, -100), (100, 400), (50, 400), (50, 700), (49.5, 400), (0, 400)
    )
    return only(
        shape,
        Expected("SELF_INTERSECTION", 0, at(280, 0)),
        Expected("SPIKE", 0, at(50, 700)),
        Expected("DUPLICATE_VERTEX", 0, at(400, 0)),
    )


@broken
def three_faults_of_holes() -> Case:
    holes = [
        ((500, 100), (500, 200), (600, 200), (600, 100)),
        ((50, 50), (50, 250), (250, 250), (250, 50)),
        ((200, 200), (200, 350), (350, 350), (350, 200)),
        ((300, 50), (320, 70), (320, 50), (300, 70)),
    ]
    return only(
        ring((0, 0), (400, 0), (400, 400), (0, 400), holes=holes),
        Expected("HOLE_OUTSIDE", 0, box(500, 100, 600, 200)),
        Expected("HOLES_OVERLAP", 0, box(200, 200, 250, 250)),
        Expected("SELF_INTERSECTION", 0, at(310, 60)),
    )


@broken
def overlap_and_gap_and_sliver() -> Case:
    geometries = [box(0, 0, 400, 400), box(350, 0, 800, 400), box(804, 0, 1000, 380), box(0, 500, 600, 504)]
    names = [name(id_) for id_ in ("unit-05", "unit-06", "unit-07", "unit-08")]
    return Case(
        geometries,
        names,
        [
            Expected("OVERLAP", 0, box(350, 0, 400, 400)),
            Expected("GAP", None, box(800, 0, 804, 380)),
            Expected("SLIVER", 3, box(0, 500, 600, 504)),
        ],
    )


@broken
def nothing_and_no_area_and_no_number() -> Case:
    xy = shapely.get_coordinates(box(0, 0, 400, 400))
    xy[1] = float("nan")
    with np.errstate(invalid="ignore"):
        broken_one = shapely.Polygon(xy)
    names = [name(id_) for id_ in ("unit-05", "unit-06", "unit-07")]
    return Case(
        [None, at(10, 10), broken_one],
        names,
        [Expected("NULL_GEOMETRY", 0), Expected("WRONG_TYPE", 1, at(10, 10)), Expected("BAD_COORDINATE", 2, at(0, 0))],
    )


@broken
def missing_and_twice_and_misnamed() -> Case:
    geometries, names = shapes()
    gone, double, unknown = row("unit-13"), row("unit-14"), row("unit-04")
    missing = geometries[gone]
    geometries[gone], names[gone] = geometries[double], names[double]
    names[unknown] = "星河大道东片"
    return Case(
        geometries,
        names,
        [
            Expected("MISSING_PLACE", None, missing),
            Expected("DUPLICATE", double, geometries[double]),
            Expected("UNKNOWN_NAME", unknown, geometries[unknown]),
        ],
    )


@broken
def outside_and_crossing_and_in_pieces() -> Case:
    tie = ring((0, 0), (400, 400), (400, 0), (0, 400))
    far = box(30_000, 0, 30_400, 400)
    shape = shapely.MultiPolygon([tie, far])
    return only(
        shape,
        Expected("SELF_INTERSECTION", 0, at(200, 200)),
        Expected("OUTSIDE_DISTRICT", 0, far),
        Expected("DISCONNECTED", 0, shape.envelope),
        also="OUTSIDE_PARENT",
    )
