"""Spatial predicates with a number, a margin and three answers.

All shapes are in metres (`gm_map.model.CGCS2000_GK_114`: east, north). What is known of a shape to so many metres is
tried at both ends: outlines widened and narrowed, distances longer and shorter. A predicate holds or fails only where
both ends agree; else it cannot be decided. Two things known to u₁ and u₂ metres lie to √(u₁² + u₂²) from one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import atan2, degrees, hypot

import numpy as np
import shapely

from gm_map import measure
from gm_map.check.results import Outcome

__all__ = [
    "WAYS",
    "Known",
    "Trial",
    "apart",
    "beyond",
    "contains",
    "crosses",
    "decide",
    "equals_area",
    "faces",
    "half_plane",
    "in_order",
    "in_triangle",
    "line_within",
    "on_both_sides",
    "part_of",
    "room_for",
    "share_within",
    "side",
    "side_meets",
    "spares",
]

# Unit vectors (east, north) of the directions.
WAYS = {"north": (0.0, 1.0), "east": (1.0, 0.0), "south": (0.0, -1.0), "west": (-1.0, 0.0)}
STRIPS = 200  # a side is looked at along so many parallels or meridians: half a per cent each
FAR_M = 200_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A shape in metres, and how well it is known.

    ``uncertainty_m``: how far it may lie off. ``reach_m``: how far what a point stands for may reach beyond it (0.0 for
    what is meant itself): it may make a place of something, and never takes one from it.
    """

    shape: shapely.Geometry
    uncertainty_m: float = 0.0
    reach_m: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What came of a predicate.

    ``value`` in ``unit`` against ``threshold``; ``margin`` is how far the value may be off on the side of the
    threshold; ``nominal`` says whether it would hold if all shapes were exact; ``slack`` by how much it
    would (less than 0 where it would not); ``spot`` is where to look, in metres.
    """

    outcome: Outcome
    value: float
    unit: str
    margin: float
    threshold: float
    nominal: bool
    slack: float
    spot: shapely.Point


def decide(
    value: float, low: float, high: float, threshold: float, unit: str, spot: shapely.Point, most: bool = False
) -> Trial:
    """Hold a value, which may lie anywhere from ``low`` to ``high``, against a threshold.

    Parameters
    ----------
    most : bool
        The threshold is the most that there may be, not the least that there must be.
    """
    sign = -1.0 if most else 1.0
    worst, best = sorted((sign * low, sign * high))
    limit, own = sign * threshold, sign * value
    nominal = own >= limit
    outcome = Outcome.HOLDS if worst >= limit else Outcome.FAILS if best < limit else Outcome.UNDECIDED
    margin = own - worst if nominal else best - own
    return Trial(outcome, float(value), unit, float(max(margin, 0.0)), threshold, nominal, own - limit, spot)


def _spot(shape: shapely.Geometry) -> shapely.Point:
    """A point in the largest part of a shape."""
    parts = shapely.get_parts(shape)
    if not len(parts):
        return shapely.Point()
    sizes = measure.planar_m2(parts) if shapely.get_dimensions(parts).max() == 2 else shapely.length(parts)
    return parts[int(np.argmax(sizes))].representative_point()


def _ratio(part: shapely.Geometry, whole: shapely.Geometry, total: float) -> float:
    return float(measure.planar_m2(shapely.intersection(part, whole))) / total


def _widened(shape: shapely.Geometry, metres: float) -> shapely.Geometry:
    return shapely.buffer(shape, metres, quad_segs=4) if metres else shape


# How much of something is in something


def share_within(part: Known, whole: Known, least: float, *, one_layer: bool = False) -> Trial:
    """Share of ``part`` inside ``whole``, which should be ``least`` or more.

    Parameters
    ----------
    one_layer : bool
        Both come from one drawing, and a side that they share is one line: it errs for both alike, so that no
        uncertainty takes from what is drawn inside. A part drawn outside may still lie inside by it.
    """
    total = float(measure.planar_m2(part.shape))
    doubt = hypot(part.uncertainty_m, whole.uncertainty_m)
    value = _ratio(part.shape, whole.shape, total)
    high = _ratio(part.shape, _widened(whole.shape, doubt), total)
    low = value if one_layer else _ratio(part.shape, _widened(whole.shape, -doubt), total)
    outside = shapely.difference(part.shape, whole.shape)
    rest = outside if value < least and measure.planar_m2(outside) > 0 else part.shape
    return decide(value, low, high, least, "share", _spot(rest))


def spares(part: Known, area: Known, most: float) -> Trial:
    """Share of ``part`` inside ``area``, which should be ``most`` or less."""
    total = float(measure.planar_m2(part.shape))
    doubt = hypot(part.uncertainty_m, area.uncertainty_m)
    value, low, high = (_ratio(part.shape, _widened(area.shape, by), total) for by in (0.0, -doubt, doubt))
    common = shapely.intersection(part.shape, area.shape)
    rest = common if measure.planar_m2(common) > 0 else part.shape
    return decide(value, low, high, most, "share", _spot(rest), most=True)


def apart(one: Known, other: Known, most_km2: float) -> Trial:
    """Overlap of two areas of one drawing in km², which should be ``most_km2`` or less."""
    common = shapely.intersection(one.shape, other.shape)
    value = float(measure.planar_m2(common)) / measure.SQUARE_METRES_PER_KM2
    spot = _spot(common) if value else _spot(one.shape)
    return decide(value, value, value, most_km2, "km2", spot, most=True)


def line_within(line: Known, area: Known, bounds: Known, least: float) -> Trial:
    """Share of the length of ``line`` that runs in ``area``, of what of it runs inside ``bounds``."""
    inside = shapely.intersection(line.shape, bounds.shape)
    total = float(shapely.length(inside)) or 1.0
    doubt = hypot(line.uncertainty_m, area.uncertainty_m)
    value, low, high = (
        float(shapely.length(shapely.intersection(inside, _widened(area.shape, by)))) / total
        for by in (0.0, -doubt, doubt)
    )
    outside = shapely.difference(inside, area.shape)
    return decide(value, low, high, least, "share", _spot(inside if outside.is_empty else outside))


def crosses(line: Known, area: Known) -> Trial:
    """Length in metres of ``line`` inside ``area``, which should be more than nothing."""
    doubt = hypot(line.uncertainty_m, area.uncertainty_m)
    value, low, high = (
        float(shapely.length(shapely.intersection(line.shape, _widened(area.shape, by)))) for by in (0.0, -doubt, doubt)
    )
    inside = shapely.intersection(line.shape, area.shape)
    return decide(value, low, high, 1.0, "m", _spot(line.shape if inside.is_empty else inside))


def contains(area: Known, point: Known, least_m: float = 0.0) -> Trial:
    """How deep ``point`` lies inside ``area``: metres from the outline, less than nothing outside."""
    deep = float(shapely.distance(point.shape, shapely.boundary(area.shape)))
    value = deep if shapely.covers(area.shape, point.shape) else -deep
    low = value - hypot(point.uncertainty_m, area.uncertainty_m)
    high = value + hypot(point.uncertainty_m, area.uncertainty_m, point.reach_m)
    return decide(value, low, high, least_m, "m", point.shape)


# Which way


def beyond(one: Known, other: Known, way: str, least_m: float = 0.0) -> Trial:
    """How far the centre of ``one`` lies further ``way`` than that of ``other``, in metres."""
    here, there = shapely.centroid(one.shape), shapely.centroid(other.shape)
    east, north = WAYS[way]
    value = (here.x - there.x) * east + (here.y - there.y) * north
    doubt = hypot(one.uncertainty_m, other.uncertainty_m, one.reach_m, other.reach_m)
    return decide(value, value - doubt, value + doubt, least_m, "m", here)


def faces(one: Known, other: Known, way: str, most_deg: float) -> Trial:
    """By how many degrees ``other``, seen from the centre of ``one``, is off due ``way``: 0 to 180."""
    here, there = shapely.centroid(one.shape), shapely.centroid(other.shape)
    east, north = there.x - here.x, there.y - here.y
    (to_east, to_north), far = WAYS[way], hypot(east, north)
    value = degrees(atan2(abs(east * to_north - north * to_east), east * to_east + north * to_north))
    doubt = degrees(atan2(hypot(one.uncertainty_m, other.uncertainty_m), far))
    return decide(value, max(value - doubt, 0.0), min(value + doubt, 180.0), most_deg, "deg", here, most=True)


def in_order(one: Known, other: Known, line: Known, least_m: float = 0.0) -> Trial:
    """How much further north along ``line`` the centre of ``one`` lies than that of ``other``, in metres."""
    way = _northward(line.shape)
    here = shapely.centroid(one.shape)
    value = shapely.line_locate_point(way, here) - shapely.line_locate_point(way, shapely.centroid(other.shape))
    doubt = hypot(one.uncertainty_m, other.uncertainty_m)
    return decide(float(value), value - doubt, value + doubt, least_m, "m", here)


def _northward(line: shapely.LineString) -> shapely.LineString:
    ends = shapely.get_coordinates(line)[[0, -1]]
    return line if ends[0, 1] <= ends[1, 1] else shapely.reverse(line)


def half_plane(line: shapely.LineString, way: str) -> shapely.Polygon:
    """The land east or west of a line that runs from south to north, carried on due south and north at its ends."""
    points = shapely.get_coordinates(_northward(line))
    east = points[:, 0].mean() + WAYS[way][0] * FAR_M
    (x_0, y_0), (x_1, y_1) = points[0], points[-1]
    ring = [(x_0, y_0 - FAR_M), *map(tuple, points), (x_1, y_1 + FAR_M), (east, y_1 + FAR_M), (east, y_0 - FAR_M)]
    return shapely.Polygon(ring)


def on_both_sides(areas: Sequence[Known], line: Known, least: float) -> Trial:
    """Share of the areas together that lies on the side of ``line`` where there is less of them."""
    together = shapely.union_all([area.shape for area in areas])
    total = float(measure.planar_m2(together))
    doubt = hypot(line.uncertainty_m, max(area.uncertainty_m for area in areas))
    east = half_plane(line.shape, "east")
    value, low, high = (_ratio(together, _widened(east, by), total) for by in (0.0, -doubt, doubt))
    lesser = shapely.intersection(together, east) if value <= 0.5 else shapely.difference(together, east)
    spot = _spot(lesser if measure.planar_m2(lesser) > 0 else together)
    best = 0.5 if low <= 0.5 <= high else max(min(low, 1 - low), min(high, 1 - high))
    return decide(min(value, 1 - value), min(low, 1 - high), best, least, "share", spot)


def part_of(area: Known, part: str, *, alone: bool = False) -> Known:
    """A part of an area by its own extent: ``south_half``, ``north_half``, ``west_half``, ``north_two_thirds``.

    Parameters
    ----------
    alone : bool
        All land on that side of the dividing line, outside the area too: whether something lies in the part, leaving
        aside whether it lies in the area.
    """
    west, south, east, north = shapely.bounds(area.shape).tolist()
    far = FAR_M if alone else 0.0
    low, left, high, right = south - far, west - far, north + far, east + far
    boxes = {
        "south_half": (left, low, right, (south + north) / 2),
        "north_half": (left, (south + north) / 2, right, high),
        "west_half": (left, low, (west + east) / 2, high),
        "north_two_thirds": (left, south + (north - south) / 3, right, high),
    }
    box = shapely.box(*boxes[part])
    return Known(box if alone else shapely.intersection(area.shape, box), area.uncertainty_m)


# What a side runs along


def side(area: shapely.Geometry, way: str) -> np.ndarray:
    """The side of an area that looks one way, as points (N,).

    Of each of `STRIPS` parallels (meridians for north and south) the outermost point that it has in common with it.
    """
    west, south, east, north = shapely.bounds(area).tolist()
    upright = way in ("north", "south")
    start, stop = (west, east) if upright else (south, north)
    at = start + (np.arange(STRIPS) + 0.5) * (stop - start) / STRIPS
    ends = np.empty((STRIPS, 2, 2))
    along, across = (0, 1) if upright else (1, 0)
    ends[:, :, along] = at[:, None]
    ends[:, 0, across], ends[:, 1, across] = (south - 1, north + 1) if upright else (west - 1, east + 1)
    met = shapely.bounds(shapely.intersection(shapely.linestrings(ends), area))
    edge = met[:, {"west": 0, "south": 1, "east": 2, "north": 3}[way]]
    there = np.isfinite(edge)
    points = np.empty((int(there.sum()), 2))
    points[:, along], points[:, across] = at[there], edge[there]
    return shapely.points(points)


def side_meets(area: Known, way: str, line: Known, near_m: float, least: float) -> Trial:
    """Share of the side of ``area`` that looks ``way`` which lies within ``near_m`` metres of ``line``.

    The side is looked at in `STRIPS` places, so its share is known to one of them at best.
    """
    points = side(area.shape, way)
    far = shapely.distance(points, line.shape)
    doubt = hypot(area.uncertainty_m, line.uncertainty_m)
    value, low, high = (float((far <= near_m + by).mean()) for by in (0.0, -doubt, doubt))
    step = 1 / STRIPS
    spot = points[int(far.argmax() if value < least else far.argmin())]
    trial = decide(value, max(low - step, 0.0), min(high + step, 1.0), least, "share", spot)
    return replace(trial, nominal=value - step >= least)


# Figures and places


def equals_area(
    area_km2: float, doubt_km2: float, stated_km2: float, tolerance_km2: float, loosest_km2: float, spot: shapely.Point
) -> Trial:
    """An area against the stated one; ``value`` is the area, ``threshold`` the stated one, all in km².

    It holds within ``tolerance_km2`` and fails beyond ``loosest_km2``, the widest reading of the figure as written.
    """
    off = abs(area_km2 - stated_km2)
    holds, fails = off + doubt_km2 <= tolerance_km2, off - doubt_km2 > loosest_km2
    outcome = Outcome.HOLDS if holds else Outcome.FAILS if fails else Outcome.UNDECIDED
    return Trial(outcome, area_km2, "km2", doubt_km2, stated_km2, off <= tolerance_km2, tolerance_km2 - off, spot)


def room_for(area_km2: float, doubt_km2: float, needed_km2: float, least: float, spot: shapely.Point) -> Trial:
    """The largest share of something of ``needed_km2`` that an area can hold, wherever it lies: it never decides for.

    It fails where even all of the area is too little; else nothing is shown.
    """
    value = min(area_km2 / needed_km2, 1.0)
    most = (area_km2 + doubt_km2) / needed_km2
    outcome = Outcome.FAILS if most < least else Outcome.UNDECIDED
    return Trial(outcome, value, "share", doubt_km2 / needed_km2, least, False, value - least, spot)


def in_triangle(points: Sequence[Known]) -> Trial:
    """How far three points are from lying on one line: the shortest height of their triangle, in metres.

    The margin is what that height may be off: the uncertainty of the corner, and that of the two others in proportion
    to how near the foot of the height is to each.
    """
    at = np.array([shapely.get_coordinates(shapely.centroid(point.shape))[0] for point in points])
    lengths = [hypot(*(at[(k + 1) % 3] - at[(k + 2) % 3])) for k in range(3)]
    corner = int(np.argmax(lengths))
    one, two = at[(corner + 1) % 3], at[(corner + 2) % 3]
    along = (two - one) / lengths[corner]
    offset = at[corner] - one
    value = abs(along[0] * offset[1] - along[1] * offset[0])
    foot = float(np.clip(along @ offset / lengths[corner], 0.0, 1.0))
    doubts = [points[(corner + k) % 3].uncertainty_m for k in range(3)]
    doubt = hypot(doubts[0], (1 - foot) * doubts[1], foot * doubts[2])
    return decide(value, value - doubt, value + doubt, 0.0, "m", shapely.Point(at[corner]))
