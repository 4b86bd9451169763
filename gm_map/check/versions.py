"""Two drawings of the same places, compared: what each gained and lost, and how far its outline moved.

Areas are true ones (`gm_map.measure`). How far an outline moved is taken between sampled points: every `STEP_M` along
either outline, the way to the nearest point of the other one (the farthest of both directions is the Hausdorff
distance, to half a step).
"""

import math
from dataclasses import dataclass

import numpy as np
import shapely

from gm_map import measure
from gm_map.check.results import Drawing
from gm_map.district import District
from gm_map.model import Level

__all__ = ["Comparison", "LevelChange", "PlaceChange", "compare"]

STEP_M = 10.0
MOST_SAMPLES = 4_000  # of one outline; a longer one is sampled more widely
LEAST_M2 = 1.0  # a smaller piece is rounding: coordinates that were written and read once more
LEAST_M = 0.005  # likewise of a move


@dataclass(frozen=True, slots=True, eq=False)
class PlaceChange:
    """One place in both drawings. Areas in km², ways in metres, shapes and points in `gm_map.model.WGS84`.

    ``gained`` is what only the new outline holds, ``lost`` what only the old one did (None where nothing);
    ``farthest_m`` and ``mean_m`` are how far the outline moved, the farthest at ``farthest_at`` (longitude, latitude;
    None where it did not); ``centre_m`` how far the centre of mass moved, towards ``bearing_deg`` (0 north, 90 east;
    None where it did not); ``iou`` the common area over that of both together.
    """

    place_id: str
    level: Level
    old_km2: float
    new_km2: float
    gained_km2: float
    lost_km2: float
    iou: float
    farthest_m: float
    mean_m: float
    farthest_at: tuple[float, float] | None
    centre_m: float
    bearing_deg: float | None
    gained: shapely.Geometry | None
    lost: shapely.Geometry | None

    @property
    def changed(self) -> bool:
        """Whether anything moved that is more than rounding."""
        return self.gained is not None or self.lost is not None


@dataclass(frozen=True, slots=True)
class LevelChange:
    """All compared places of a level together, in km²; levels are not added, since they hold one another."""

    level: Level
    count: int
    changed: int
    old_km2: float
    new_km2: float
    gained_km2: float
    lost_km2: float


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """``places`` that both drawings have, in the plan's order; ids of those that only the new or the old one has."""

    places: tuple[PlaceChange, ...]
    appeared: tuple[str, ...]
    vanished: tuple[str, ...]
    levels: tuple[LevelChange, ...]

    @property
    def changed(self) -> tuple[PlaceChange, ...]:
        """The places whose outline is another."""
        return tuple(place for place in self.places if place.changed)


def compare(old: Drawing, new: Drawing, district: District) -> Comparison:
    """Compare two drawings, place by place.

    Parameters
    ----------
    old, new : Drawing
        Shapes in `gm_map.model.WGS84`, valid. A place that one of them does not have is named and not compared.
    district : District
        Gives the order and the levels of the places.
    """
    known = district.catalogue.places
    both = [id_ for id_ in known if id_ in old.shapes and id_ in new.shapes]
    places = tuple(_place(id_, known[id_].level, old.shapes[id_], new.shapes[id_]) for id_ in both)
    return Comparison(
        places,
        tuple(id_ for id_ in known if id_ in new.shapes and id_ not in old.shapes),
        tuple(id_ for id_ in known if id_ in old.shapes and id_ not in new.shapes),
        tuple(_level(level, here) for level in Level if (here := [place for place in places if place.level == level])),
    )


def _level(level: Level, places: list[PlaceChange]) -> LevelChange:
    sums = (
        math.fsum(getattr(place, name) for place in places) for name in ("old_km2", "new_km2", "gained_km2", "lost_km2")
    )
    return LevelChange(level, len(places), sum(place.changed for place in places), *sums)


def _place(id_: str, level: Level, old: shapely.Geometry, new: shapely.Geometry) -> PlaceChange:
    before, after = measure.geodesic_km2(old), measure.geodesic_km2(new)
    gained, lost = _pieces(new, old), _pieces(old, new)
    if gained is None and lost is None:
        return PlaceChange(id_, level, before, after, 0.0, 0.0, 1.0, 0.0, 0.0, None, 0.0, None, None, None)
    gained_km2, lost_km2 = (0.0 if one is None else measure.geodesic_km2(one) for one in (gained, lost))
    common = (before - lost_km2 + after - gained_km2) / 2
    flat = measure.to_metres(np.array([old, new], dtype=object))
    farthest, mean, at = _moved(*flat)
    centre, bearing = _centre(*flat)
    return PlaceChange(
        id_,
        level,
        before,
        after,
        gained_km2,
        lost_km2,
        max(0.0, common / (common + gained_km2 + lost_km2)),
        farthest,
        mean,
        at,
        centre,
        bearing,
        gained,
        lost,
    )


def _pieces(one: shapely.Geometry, other: shapely.Geometry) -> shapely.Geometry | None:
    """What only ``one`` holds, without the slivers that rounding leaves; None where nothing is left."""
    rest = shapely.get_parts(shapely.difference(one, other)).tolist()
    rest = [part for part in rest if part.geom_type == "Polygon" and measure.geodesic_m2(part) > LEAST_M2]
    return shapely.multipolygons(rest) if rest else None


def _moved(old, new) -> tuple[float, float, tuple[float, float] | None]:
    """Farthest and mean way between two outlines in metres, and where the farthest is, in degrees."""
    ways, points = [], []
    for line, other in ((old.boundary, new.boundary), (new.boundary, old.boundary)):
        samples = _samples(line)
        tree = shapely.STRtree(_segments(other))
        _, found = tree.query_nearest(samples, return_distance=True, all_matches=False)
        ways.append(found)
        points.append(samples)
    # Either direction counts the same in the mean, however finely it was sampled.
    mean = float(np.mean([way.mean() for way in ways]))
    all_ways, all_points = np.concatenate(ways), np.concatenate(points)
    worst = int(all_ways.argmax())
    farthest = float(all_ways[worst])
    if farthest < LEAST_M:
        return 0.0, 0.0, None
    at = measure.to_degrees(all_points[worst])
    return farthest, mean, (at.x, at.y)


def _samples(line) -> np.ndarray:
    """Points along an outline (metres): its vertices, and between them one every step."""
    step = max(STEP_M, line.length / MOST_SAMPLES)
    return shapely.points(shapely.get_coordinates(shapely.segmentize(line, step)))


def _segments(line) -> np.ndarray:
    pieces = []
    for part in shapely.get_parts(line).tolist():
        xy = shapely.get_coordinates(part)
        pieces.append(shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)))
    return np.concatenate(pieces)


def _centre(old, new) -> tuple[float, float | None]:
    """How far the centre of mass moved in metres, and the way it went in degrees from grid north."""
    start, end = shapely.centroid(old), shapely.centroid(new)
    east, north = end.x - start.x, end.y - start.y
    (lon_1, lat_1), (lon_2, lat_2) = shapely.get_coordinates(measure.to_degrees(np.array([start, end]))).tolist()
    metres = measure.distance_m(lon_1, lat_1, lon_2, lat_2)
    if metres < LEAST_M:
        return 0.0, None
    # Grid north lies within a twentieth of a degree of north here: finer than anybody asks of a move.
    return metres, math.degrees(math.atan2(east, north)) % 360.0
