"""Which land goes to which unit, before any outline is drawn: regions, and a power diagram inside each.

All geometry of this module is in metres (`gm_map.model.CGCS2000_GK_114`).

The district is cut into tiles by the lines that words or rules name. In each tile those sites compete which the rules
of ``limits.csv`` let in: the anchors of units, and points that stand for land that the plan gives to no unit. A site
wins the land nearer to it than to any other, distances being power distances |x - p|² - w (Aurenhammer 1987): straight
sides, and with equal weights the halfway line. The units of a zone share one weight, solved so that the zone has the
area that the plan states; so a free side lies halfway *by area*.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely

from geodata.sources import DISTRICT, OTHER_LAND, Frame
from gm_map import measure
from gm_map.errors import DataError, Fault

__all__ = ["Division", "Ground", "Site", "divide", "ground"]

GRID_M = 0.01
AREA_TOLERANCE = 1e-5
ROUNDS = 30
LONGEST_STEP_M2 = 1.5e6
PROBE_M2 = 2.0e3


@dataclass(frozen=True, slots=True)
class Ground:
    """The district, its streets, the lines and the regions between them, by id."""

    district: shapely.Polygon
    streets: dict[str, shapely.Polygon]
    lines: dict[str, shapely.LineString]
    regions: dict[str, shapely.Polygon]
    cuts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A point that draws land to itself: for a unit, or for land that belongs to none (``place_id`` None)."""

    id: str
    place_id: str | None
    x: float
    y: float
    uncertainty_m: float
    source_id: str
    weight_of: str


@dataclass(slots=True)
class Division:
    """Sites, tiles and the solved weights; answers whose any point is."""

    sites: tuple[Site, ...]
    tiles: tuple[tuple[shapely.Polygon, tuple[int, ...]], ...]
    weights: np.ndarray

    def winner(self, x: float, y: float) -> Site | None:
        """The site that has the point (metres), None outside the district."""
        point = shapely.Point(x, y)
        for tile, rivals in self.tiles:
            if rivals and tile.intersects(point):
                return self.sites[min(rivals, key=lambda i: self._power(i, x, y))]
        return None

    def _power(self, i: int, x: float, y: float) -> float:
        return (self.sites[i].x - x) ** 2 + (self.sites[i].y - y) ** 2 - self.weights[i]

    def pieces(self) -> list[tuple[int, shapely.Geometry]]:
        """For each unit's site the land that it wins, tile by tile."""
        points = np.array([(site.x, site.y) for site in self.sites])
        found = []
        for tile, rivals in self.tiles:
            if any(self.sites[i].place_id for i in rivals):
                for i in rivals:
                    if self.sites[i].place_id:
                        cell = _cell(i, rivals, points, self.weights, tile.bounds)
                        piece = shapely.intersection(cell, tile) if cell is not None else None
                        if piece is not None and not piece.is_empty:
                            found.append((i, piece))
        return found


def ground(frame: Frame) -> Ground:
    """Project the sources and find the regions.

    Raises
    ------
    DataError
        Where the lines of a region do not close round its inner point.
    """
    streets = {
        feature["id"]: measure.to_metres(shapely.geometry.shape(feature["geometry"]))
        for feature in frame.features["streets.geojson"]
    }
    district = shapely.coverage_union_all(list(streets.values()))
    lines = {id_: measure.to_metres(line.shape) for id_, line in frame.lines.items()}
    lines[DISTRICT] = shapely.LineString(district.exterior)
    regions, faults = dict(streets), []
    for row in frame.table("regions.csv"):
        point = measure.to_metres(shapely.Point(row["lon"], row["lat"]))
        net = shapely.union_all([lines[id_] for id_ in row["bounded_by"]])
        faces = [face for face in shapely.get_parts(shapely.polygonize([net])).tolist() if face.contains(point)]
        if len(faces) == 1:
            regions[row.id] = faces[0]
        else:
            wanted = "lines that close round the inner point"
            faults.append(
                Fault(row.place, "bounded_by", "|".join(row["bounded_by"]), wanted, "lengthen the drawn lines")
            )
    if faults:
        raise DataError(faults)
    cuts = sorted({line for row in frame.table("regions.csv") for line in row["bounded_by"]} - {DISTRICT})
    return Ground(district, streets, lines, regions, tuple(cuts))


def divide(frame: Frame, land: Ground) -> Division:
    """Let the sites compete, with weights that give each zone its stated area."""
    sites = _sites(frame)
    division = Division(sites, _tiles(frame, land, sites), np.zeros(len(sites)))
    targets = {row.id: row["stated_km2"] for row in frame.table("places.csv") if row["stated_km2"]}
    targets |= {row["place_id"]: row["hint_km2"] for row in frame.table("anchors.csv") if row["hint_km2"]}
    _solve(frame, division, targets)
    return division


def _sites(frame: Frame) -> tuple[Site, ...]:
    hinted = {row["place_id"] for row in frame.table("anchors.csv") if row["hint_km2"]}
    sites = []
    for row in frame.table("anchors.csv"):
        unit = row["place_id"]
        point = measure.to_metres(shapely.Point(row["lon"], row["lat"]))
        key = unit if unit in hinted else frame.chain(unit)[-1]
        sites.append(Site(unit, unit, point.x, point.y, row["uncertainty_m"], row["source_id"], key))
    for row in frame.table("landmarks.csv"):  # a place that a unit has its name from, and that its anchor would lose
        if unit := row["draws_for"]:
            point = measure.to_metres(shapely.Point(row["lon"], row["lat"]))
            key = unit if unit in hinted else frame.chain(unit)[-1]
            sites.append(Site(row.id, unit, point.x, point.y, row["uncertainty_m"], row["source_id"], key))
    for row in frame.table("other_land.csv"):
        point = measure.to_metres(shapely.Point(row["lon"], row["lat"]))
        sites.append(Site(row.id, None, point.x, point.y, row["uncertainty_m"], row["source_id"], OTHER_LAND))
    return tuple(sorted(sites, key=lambda site: (site.place_id is None, site.id)))


def _tiles(frame: Frame, land: Ground, sites: tuple[Site, ...]) -> tuple[tuple[shapely.Polygon, tuple[int, ...]], ...]:
    """The pieces of the district between all lines that cut, those with the same rivals joined."""
    lines = [land.lines[id_] for id_ in land.cuts] + [street.boundary for street in land.streets.values()]
    net = shapely.union_all(lines, grid_size=GRID_M)
    rules: dict[str, list] = {}
    for row in frame.table("limits.csv"):
        rules.setdefault(row["place_id"], []).append((row["relation"] == "in", row["regions"]))
    chains = [frame.chain(site.place_id) if site.place_id else [site.id, OTHER_LAND] for site in sites]
    alike: dict[tuple[int, ...], list] = {}
    for face in shapely.get_parts(shapely.polygonize([net])).tolist():
        inner = shapely.point_on_surface(face)
        if not land.district.contains(inner):
            continue
        where = {id_ for id_, region in land.regions.items() if region.contains(inner)}
        rivals = tuple(
            i
            for i, chain in enumerate(chains)
            if all(
                wanted == bool(where.intersection(names)) for place in chain for wanted, names in rules.get(place, ())
            )
        )
        alike.setdefault(rivals, []).append(face)
    return tuple((shapely.union_all(faces, grid_size=GRID_M), rivals) for rivals, faces in sorted(alike.items()))


def _cell(i: int, rivals: Iterable[int], points: np.ndarray, weights: np.ndarray, box: tuple) -> shapely.Polygon | None:
    """Power cell of site ``i`` among its rivals within a box (west, south, east, north)."""
    west, south, east, north = box
    ring = [(west - 1, south - 1), (east + 1, south - 1), (east + 1, north + 1), (west - 1, north + 1)]
    others = sorted((j for j in rivals if j != i), key=lambda j: float(((points[j] - points[i]) ** 2).sum()))
    for j in others:
        # |x - p_i|² - w_i <= |x - p_j|² - w_j is a half-plane a x + b y <= c.
        a, b = 2.0 * (points[j] - points[i])
        c = float((points[j] ** 2).sum() - (points[i] ** 2).sum() + weights[i] - weights[j])
        ring = _halved(ring, float(a), float(b), c)
        if len(ring) < 3:
            return None
    return shapely.Polygon(ring)


def _halved(ring: list[tuple[float, float]], a: float, b: float, c: float) -> list[tuple[float, float]]:
    """The part of a convex ring where a x + b y <= c (Sutherland and Hodgman 1974)."""
    kept = []
    over = [a * x + b * y - c for x, y in ring]
    for k, (x, y) in enumerate(ring):
        if over[k] <= 0:
            kept.append((x, y))
        nxt = (k + 1) % len(ring)
        if over[k] * over[nxt] < 0:
            t = over[k] / (over[k] - over[nxt])
            kept.append((x + t * (ring[nxt][0] - x), y + t * (ring[nxt][1] - y)))
    return kept


def _solve(frame: Frame, division: Division, targets: dict[str, float]) -> None:
    """Newton's rounds on the weights until every target area (km², by place) is met.

    Raises
    ------
    DataError
        Where the land that the rules leave is not enough.
    """
    keys = sorted(targets)
    wanted = np.array([targets[key] for key in keys])
    chains = [frame.chain(site.place_id) if site.place_id else [] for site in division.sites]
    own = [[i for i, site in enumerate(division.sites) if site.weight_of == key] for key in keys]

    def areas(weights: np.ndarray) -> np.ndarray:
        for members, weight in zip(own, weights, strict=True):
            division.weights[members] = weight
        found = dict.fromkeys(keys, 0.0)
        for i, piece in division.pieces():
            for key in found.keys() & set(chains[i]):
                found[key] += float(measure.planar_m2(piece)) / 1e6
        return np.array([found[key] for key in keys])

    weights = np.zeros(len(keys))
    current = areas(weights)
    for _ in range(ROUNDS):
        if np.all(np.abs(current / wanted - 1) < AREA_TOLERANCE):
            return
        slopes = np.column_stack(
            [(areas(weights + step) - current) / PROBE_M2 for step in np.eye(len(keys)) * PROBE_M2]
        )
        step = np.linalg.lstsq(slopes, wanted - current, rcond=None)[0]
        weights = weights + np.clip(step, -LONGEST_STEP_M2, LONGEST_STEP_M2)
        current = areas(weights)
    raise DataError(
        Fault("limits.csv", key, f"{found:.2f} km²", f"{aim:g} km²", "the rules leave no such area: loosen one")
        for key, found, aim in zip(keys, current, wanted, strict=True)
        if abs(found / aim - 1) >= AREA_TOLERANCE
    )
