"""Faults that show when a layer is held against the plan and the district."""

from __future__ import annotations

import numpy as np
import shapely

from broken_layers.case import Case, Expected, box, broken, district, name, row, shapes
from gm_map import measure
from gm_map.model import Level


def _border():
    """The district, and a point of its outline beside unit-01, in metres."""
    outline = next(one for one in district().background if one["properties"]["kind"] == "district")
    whole = measure.to_metres(shapely.geometry.shape(outline["geometry"]))
    unit = measure.to_metres(district().shape("unit-21"))
    return whole, shapely.ops.nearest_points(unit, whole.boundary)[1]


@broken
def a_fifth_of_a_square_kilometre_outside_the_district() -> Case:
    whole, point = _border()
    geometries, names = shapes()
    place = row("unit-21")
    land = shapely.difference(point.buffer(400), whole)
    joined = shapely.union(measure.to_metres(geometries[place]), point.buffer(400))
    geometries[place] = measure.to_degrees(joined)
    also = frozenset({"OUTSIDE_PARENT", "OVERLAP"})
    return Case(geometries, names, [Expected("OUTSIDE_DISTRICT", place, measure.to_degrees(land))], also)


@broken
def all_of_it_outside_the_district() -> Case:
    far = box(30_000, 30_000, 30_400, 30_400)
    return Case([far], [name("unit-05")], [Expected("OUTSIDE_DISTRICT", 0, far)], frozenset({"OUTSIDE_PARENT"}))


@broken
def a_unit_in_the_wrong_cluster() -> Case:
    geometries, names = shapes()
    names[row("unit-05")], names[row("unit-18")] = names[row("unit-18")], names[row("unit-05")]
    wrong = [Expected("OUTSIDE_PARENT", row(id_), geometries[row(id_)]) for id_ in ("unit-05", "unit-18")]
    return Case(geometries, names, wrong)


@broken
def a_unit_beyond_the_cluster_that_the_file_draws() -> Case:
    clusters, cluster_names = shapes(Level.CLUSTER)
    units, unit_names = shapes()
    cut = box(-300, -300, 300, 300)
    place = row("cluster-2")
    clusters[place] = shapely.difference(clusters[place], cut)
    unit = len(clusters) + row("unit-05")
    return Case([*clusters, *units], cluster_names + unit_names, [Expected("OUTSIDE_PARENT", unit, cut)])


@broken
def a_parent_that_its_parts_do_not_fill() -> Case:
    zones, zone_names = shapes(Level.ZONE)
    clusters, cluster_names = shapes(Level.CLUSTER)
    cut = box(-300, -300, 300, 300)
    clusters[row("cluster-2")] = shapely.difference(clusters[row("cluster-2")], cut)
    return Case([*zones, *clusters], zone_names + cluster_names, [Expected("NOT_TILING", row("zone-2"), cut)])


@broken
def a_unit_missing() -> Case:
    geometries, names = shapes()
    place = row("unit-13")
    missing = geometries.pop(place)
    names.pop(place)
    return Case(geometries, names, [Expected("MISSING_PLACE", None, missing)])


@broken
def a_zone_missing() -> Case:
    geometries, names = shapes(Level.ZONE)
    missing = geometries.pop(1)
    names.pop(1)
    return Case(geometries, names, [Expected("MISSING_PLACE", None, missing)])


@broken
def a_unit_too_many() -> Case:
    geometries, names = shapes()
    whole = shapely.union_all(geometries)
    free = shapely.difference(_district(), whole.buffer(0.002))
    spot = shapely.maximum_inscribed_circle(max(shapely.get_parts(free), key=shapely.length), 1e-4)
    more = shapely.Point(shapely.get_coordinates(spot)[0]).buffer(0.001)
    return Case([*geometries, more], [*names, "第二十二产业单元"], [Expected("EXTRA_PLACE", len(geometries), more)])


def _district():
    outline = next(one for one in district().background if one["properties"]["kind"] == "district")
    return shapely.geometry.shape(outline["geometry"])


@broken
def a_unit_in_two_features_apart() -> Case:
    geometries = [box(0, 0, 400, 400), box(600, 0, 800, 400)]
    return Case(geometries, [name("unit-05")] * 2, [Expected("EXTRA_PLACE", 1, geometries[1])])


@broken
def a_unit_in_two_pieces() -> Case:
    shape = shapely.MultiPolygon([box(0, 0, 400, 400), box(600, 0, 800, 400)])
    return Case([shape], [name("unit-05")], [Expected("DISCONNECTED", 0, box(600, 0, 800, 400))])


@broken
def a_name_that_the_plan_has_not() -> Case:
    geometries, names = shapes()
    names[3] = "星河大道东片"
    return Case(geometries, names, [Expected("UNKNOWN_NAME", 3, geometries[3])])


@broken
def a_name_with_marks_that_turn_the_writing() -> Case:
    geometries, names = shapes()
    notes = ("",) * 4 + ("\u202egnp.exe",) + ("",) * (len(names) - 5)
    return Case(geometries, names, [Expected("CONTROL_CHARACTERS", 4, geometries[4])], columns={"remark": notes})


@broken
def a_text_that_could_not_be_decoded() -> Case:
    geometries, names = shapes()
    notes = ("\ufffd\ufffd",) + ("",) * (len(names) - 1)
    return Case(geometries, names, [Expected("TEXT_DAMAGED", 0, geometries[0])], columns={"remark": notes})


@broken
def a_unit_a_little_outside_its_cluster() -> Case:
    """Within the doubt of the shipped outline: said, and no error."""
    geometries, names = shapes()
    place = row("unit-05")
    wider = measure.to_degrees(measure.to_metres(geometries[place]).buffer(30))
    return Case([wider], [names[place]], [Expected("OUTSIDE_PARENT", 0, wider)])


@broken
def far_from_here() -> Case:
    """A layer of another town altogether."""
    there = shapely.transform(box(0, 0, 400, 400), lambda xy: xy + np.array([2.5, 17.2]))
    return Case([there], [name("unit-05")], [Expected("OUTSIDE_DISTRICT", 0, there)], frozenset({"OUTSIDE_PARENT"}))
