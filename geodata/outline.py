"""One outline for each unit, sides shared vertex for vertex, and each zone exactly as large as the plan says.

Works in metres (`gm_map.model.CGCS2000_GK_114`) on rings of shared vertices: a vertex that moves, moves for all that
meet in it. Only at the very end is each vertex turned into degrees and rounded, once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import shapely

from geodata.construct import GRID_M, Division, Ground
from gm_map import measure
from gm_map.errors import DataError, Fault

__all__ = ["DECIMALS", "Coverage", "cover", "fit", "fixed_lines", "rounded", "tidy"]

DECIMALS = 7
ON_LINE_M = 0.05
SHORTEST_SIDE_M = 80.0
AREA_TOLERANCE = 1e-8
ROUNDS = 12

Vertex = tuple[float, float]


@dataclass(slots=True)
class Coverage:
    """Closed rings (first vertex not repeated) by unit id.

    ``anchored`` are the vertices that lie on a source line, ``original`` those that are vertices of one.
    """

    rings: dict[str, list[Vertex]]
    anchored: set[Vertex] = field(default_factory=set)
    original: set[Vertex] = field(default_factory=set)

    def polygon(self, unit: str) -> shapely.Polygon:
        """The unit in metres."""
        return shapely.Polygon(self.rings[unit])

    def members(self) -> dict[Vertex, list[str]]:
        """Which units meet in each vertex."""
        found: dict[Vertex, list[str]] = {}
        for unit, ring in self.rings.items():
            for vertex in ring:
                found.setdefault(vertex, []).append(unit)
        return found

    def put(self, old: Vertex, new: Vertex | None) -> None:
        """Move a vertex for all that meet in it; None takes it out."""
        for unit, ring in self.rings.items():
            if old in ring:
                moved = [new if vertex == old else vertex for vertex in ring]
                moved = [vertex for vertex in moved if vertex is not None]
                self.rings[unit] = [vertex for k, vertex in enumerate(moved) if vertex != moved[k - 1]]


def cover(land: Ground, division: Division, zone_of: Callable[[str], str]) -> Coverage:
    """The faces of all linework, each given to the unit that won it.

    What is cut off from a unit's main part goes to the unit of its zone that it has most side in common with; where
    there is none, to no unit.
    """
    lines = [piece.boundary for _, piece in division.pieces()] + [tile.boundary for tile, _ in division.tiles]
    net = shapely.union_all(lines, grid_size=GRID_M)
    won: dict[str, list] = {}
    for face in shapely.get_parts(shapely.polygonize([net])).tolist():
        inner = shapely.point_on_surface(face)
        site = division.winner(inner.x, inner.y)
        if site is not None and site.place_id:
            won.setdefault(site.place_id, []).append(face)
    main, islets = {}, []
    for unit, faces in sorted(won.items()):
        parts = sorted(shapely.get_parts(shapely.coverage_union_all(faces)).tolist(), key=measure.planar_m2)
        main[unit] = parts[-1]
        islets += [(unit, islet) for islet in parts[:-1]]
    for unit, islet in islets:
        shared = {
            other: shapely.length(shapely.intersection(islet.boundary, shape.boundary))
            for other, shape in main.items()
            if other != unit and zone_of(other) == zone_of(unit)
        }
        heir = max(shared, key=lambda other: (shared[other], other), default=None)
        if heir and shared[heir] > 0:
            main[heir] = shapely.coverage_union_all([main[heir], islet])
    rings = {
        unit: [tuple(vertex) for vertex in shapely.get_coordinates(shape.exterior)[:0:-1].tolist()]
        for unit, shape in main.items()
    }
    coverage = Coverage(rings)
    fixed = shapely.union_all(fixed_lines(land))
    vertices = sorted(coverage.members())
    points = shapely.points(np.array(vertices))
    corners = shapely.multipoints(shapely.get_coordinates(fixed_lines(land)))
    for found, lines in ((coverage.anchored, fixed), (coverage.original, corners)):
        near = shapely.dwithin(points, lines, ON_LINE_M)
        found.update(vertex for vertex, close in zip(vertices, near.tolist(), strict=True) if close)
    return coverage


def fixed_lines(land: Ground) -> list[shapely.Geometry]:
    """All lines (metres) that may fix a side."""
    return [*(land.lines[id_] for id_ in land.cuts), *(street.boundary for street in land.streets.values())]


def tidy(coverage: Coverage) -> None:
    """Take out what the construction leaves and nobody meant: vertices on straight sides, and sides of a few steps."""
    _straighten(coverage)
    while (short := _shortest(coverage)) is not None:
        keep, drop = short
        coverage.put(drop, keep)
    _straighten(coverage)


def _straighten(coverage: Coverage) -> None:
    for vertex in sorted(coverage.members()):
        sides = set()
        for ring in coverage.rings.values():
            if vertex in ring:
                k = ring.index(vertex)
                sides.add(frozenset((ring[k - 1], ring[(k + 1) % len(ring)])))
        if len(sides) == 1 and len(ends := tuple(next(iter(sides)))) == 2:
            chord = shapely.LineString(sorted(ends))
            if shapely.distance(chord, shapely.Point(vertex)) < ON_LINE_M:
                coverage.put(vertex, None)


def _shortest(coverage: Coverage) -> tuple[Vertex, Vertex] | None:
    """The shortest side below the limit that is no piece of a source line, as (vertex to keep, vertex to drop)."""
    best = None

    def rank(vertex: Vertex) -> int:
        return 0 if vertex in coverage.original else 1 if vertex in coverage.anchored else 2

    members = coverage.members()
    for ring in coverage.rings.values():
        for k, end in enumerate(ring):
            start = ring[k - 1]
            length = float(np.hypot(start[0] - end[0], start[1] - end[1]))
            if length >= SHORTEST_SIDE_M or (start in coverage.original and end in coverage.original):
                continue
            pair = sorted((start, end), key=lambda v: (rank(v), -len(members[v]), v))
            if best is None or (length, pair) < best:
                best = (length, pair)
    return (best[1][0], best[1][1]) if best else None


def fit(coverage: Coverage, zone_of: Callable[[str], str], stated_km2: dict[str, float]) -> None:
    """Give each zone its stated true area by moving its free outer sides, all by the same few metres.

    Sides on a source line stay; so do vertices in which two zones meet.

    Raises
    ------
    DataError
        Where a zone has no free side.
    """
    for zone, km2 in sorted(stated_km2.items()):
        units = [unit for unit in coverage.rings if zone_of(unit) == zone]
        if not units:
            continue
        for _ in range(ROUNDS):
            missing = km2 - _true_km2(coverage, units)
            if abs(missing) < AREA_TOLERANCE * km2:
                break
            normals, width = _free_normals(coverage, units)
            if not normals:
                wanted = "a side that no line fixes"
                raise DataError([Fault("limits.csv", zone, "no free side", wanted, "loosen one of its rules")])
            step = missing * 1e6 / width
            for vertex, (dx, dy) in normals.items():
                coverage.put(vertex, (vertex[0] + step * dx, vertex[1] + step * dy))


def _true_km2(coverage: Coverage, units: Iterable[str]) -> float:
    return sum(measure.geodesic_km2(shapely.Polygon(_degrees(coverage.rings[unit]))) for unit in units)


def _free_normals(coverage: Coverage, units: list[str]) -> tuple[dict[Vertex, Vertex], float]:
    """For each vertex that may move, how it moves per metre of shift; and the area (m²) that a metre brings."""
    mine = set(units)
    members = coverage.members()
    outer = shapely.coverage_union_all([coverage.polygon(unit) for unit in units])
    normals, gained = {}, 0.0
    for part in shapely.get_parts(outer).tolist():
        ring = shapely.get_coordinates(shapely.orient_polygons(part).exterior)[:-1]
        for k, vertex in enumerate(map(tuple, ring.tolist())):
            if vertex in coverage.anchored or not set(members[vertex]) <= mine:
                continue
            before, after = ring[k] - ring[k - 1], ring[(k + 1) % len(ring)] - ring[k]
            one, two = (np.array([d[1], -d[0]]) / np.hypot(*d) for d in (before, after))
            mitre = (one + two) / (1.0 + float(one @ two))
            normals[vertex] = (float(mitre[0]), float(mitre[1]))
            gained += float(mitre @ np.array([before[1] + after[1], -(before[0] + after[0])])) / 2
    return normals, gained


def _degrees(ring: list[Vertex]) -> np.ndarray:
    return np.round(shapely.get_coordinates(measure.to_degrees(shapely.points(np.array(ring)))), DECIMALS)


def rounded(coverage: Coverage) -> dict[str, shapely.Polygon]:
    """The units in degrees: each vertex rounded once, outer rings counter-clockwise from their south-western vertex."""
    found = {}
    for unit, ring in sorted(coverage.rings.items()):
        vertices = _degrees(ring).tolist()
        start = vertices.index(min(vertices))
        found[unit] = shapely.orient_polygons(shapely.Polygon(vertices[start:] + vertices[:start]))
    return found
