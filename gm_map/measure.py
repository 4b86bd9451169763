"""Areas, lengths, distances and overlaps: the only room of the package that measures.

Geometries are shapely's, in longitude and latitude (`WGS84`) unless a function says metres; then they are in
`CGCS2000_GK_114`, the Gauss-Krueger belt of 114° E. True areas are taken on the ellipsoid (`ELLIPSOID`, by Karney's
algorithm in `pyproj.Geod`), never in degrees. Over this district the projected area is 1 to 20 millionths larger than
the true one, so a construction may work in metres and be measured on the ellipsoid.
"""

from functools import cache

import numpy as np
import shapely
import shapely.ops
from pyproj import Geod, Transformer

from gm_map.model import CGCS2000_GK_114, ELLIPSOID, WGS84

__all__ = [
    "band",
    "band_km2",
    "distance_m",
    "distance_to_m",
    "geodesic_km2",
    "geodesic_m2",
    "length_m",
    "overlap_km2",
    "overlaps",
    "planar_m2",
    "projected_km2",
    "share",
    "to_degrees",
    "to_metres",
    "transformer",
]

_GEOD = Geod(ellps=ELLIPSOID)
SQUARE_METRES_PER_KM2 = 1_000_000.0


@cache
def _geod(ellipsoid: str) -> Geod:
    return Geod(ellps=ellipsoid)


@cache
def transformer(source: str, target: str) -> Transformer:
    """A transformer that always takes and gives x (east, longitude) before y (north, latitude).

    Parameters
    ----------
    source, target : str
        Codes as they stand in `gm_map.model`, or anything else that pyproj knows.
    """
    return Transformer.from_crs(source, target, always_xy=True)


def _moved(geometry, source: str, target: str):
    change = transformer(source, target)
    return shapely.transform(geometry, lambda x, y: change.transform(x, y), interleaved=False)


def to_metres(geometry, crs: str = CGCS2000_GK_114):
    """A geometry, or an array of them, from `WGS84` to a projected system (metres)."""
    return _moved(geometry, WGS84, crs)


def to_degrees(geometry, crs: str = CGCS2000_GK_114):
    """A geometry, or an array of them, from a projected system (metres) to `WGS84`."""
    return _moved(geometry, crs, WGS84)


def planar_m2(geometry):
    """Area in square metres of a geometry (or an array) whose coordinates are metres already."""
    return shapely.area(geometry)


def projected_km2(geometry, crs: str = CGCS2000_GK_114):
    """Area in km² of a `WGS84` geometry (or an array) as ``crs`` shows it: what a planner's own software reports.

    Not the true area: see `geodesic_km2`. Web Mercator, for one, shows 1/cos² φ times the true area.
    """
    return planar_m2(to_metres(geometry, crs)) / SQUARE_METRES_PER_KM2


def geodesic_m2(geometry, ellipsoid: str = ELLIPSOID) -> float:
    """True area in square metres of one `WGS84` geometry on the ellipsoid, whichever way its rings turn.

    Each ring is measured by `pyproj.Geod.polygon_area_perimeter` (Karney 2013, "Algorithms for geodesics"); holes are
    taken off. Lines and points have no area. ``ellipsoid``: what another one would make of the same degrees.
    """
    geod, total = _geod(ellipsoid), 0.0
    for polygon in shapely.get_parts(geometry).tolist():
        if polygon.geom_type != "Polygon" or polygon.is_empty:
            continue
        for ring, sign in [(polygon.exterior, 1.0), *((hole, -1.0) for hole in polygon.interiors)]:
            lon, lat = shapely.get_coordinates(ring).T
            total += sign * abs(geod.polygon_area_perimeter(lon, lat)[0])
    return total


def geodesic_km2(geometry, ellipsoid: str = ELLIPSOID) -> float:
    """True area in km² of one `WGS84` geometry on the ellipsoid; see `geodesic_m2`."""
    return geodesic_m2(geometry, ellipsoid) / SQUARE_METRES_PER_KM2


def length_m(geometry) -> float:
    """Length in metres of a `WGS84` line, or of the outline of an area, along the ellipsoid."""
    total = 0.0
    for part in shapely.get_parts(geometry).tolist():
        line = part.boundary if part.geom_type == "Polygon" else part
        for piece in shapely.get_parts(line).tolist():
            lon, lat = shapely.get_coordinates(piece).T
            total += float(_GEOD.line_length(lon, lat)) if len(lon) > 1 else 0.0
    return total


def distance_m(lon_1, lat_1, lon_2, lat_2):
    """Shortest distance in metres along the ellipsoid between points in degrees (numbers, or arrays of one shape)."""
    metres = _GEOD.inv(lon_1, lat_1, lon_2, lat_2)[2]
    return float(metres) if np.ndim(metres) == 0 else np.asarray(metres)


def distance_to_m(lon: float, lat: float, geometry) -> float:
    """Shortest distance in metres from a point in degrees to a `WGS84` geometry; 0.0 inside an area.

    The nearest point is found in `CGCS2000_GK_114`, true to 20 millionths over a district; the way to it is geodesic.
    """
    flat_point, flat = to_metres(shapely.Point(lon, lat)), to_metres(geometry)
    nearest = to_degrees(shapely.ops.nearest_points(flat_point, flat)[1])
    return distance_m(lon, lat, nearest.x, nearest.y)


def overlap_km2(left, right) -> float:
    """True area in km² that two `WGS84` areas have in common; 0.0 where they only touch."""
    return geodesic_km2(shapely.intersection(left, right))


def share(part, whole) -> float:
    """How much of ``part`` lies inside ``whole``, from 0.0 to 1.0 by true area.

    Raises
    ------
    ValueError
        Where ``part`` has no area: a share of nothing is not a number.
    """
    own = geodesic_m2(part)
    if own == 0.0:
        raise ValueError("part has no area; give a polygon")
    return geodesic_m2(shapely.intersection(part, whole)) / own


def overlaps(geometries, least_m2: float = 0.0) -> list[tuple[int, int, float]]:
    """Every pair of `WGS84` areas that overlap, as (position, position, km²), in order of position.

    Parameters
    ----------
    geometries : sequence of shapely geometries
    least_m2 : float
        Overlaps of this true area (square metres) or less are left out.
    """
    areas = np.asarray(geometries, dtype=object)
    tree = shapely.STRtree(areas)
    found = []
    for one, other in sorted(map(tuple, tree.query(areas, predicate="intersects").T.tolist())):
        if one < other:
            common = geodesic_m2(shapely.intersection(areas[one], areas[other]))
            if common > least_m2:
                found.append((one, other, common / SQUARE_METRES_PER_KM2))
    return found


def band(line, half_width_m: float):
    """The land within ``half_width_m`` of a `WGS84` line, as a `WGS84` area with square ends and mitred corners.

    Built in `CGCS2000_GK_114`. Mitred, because a rounded corner would draw an arc that nobody surveyed.
    """
    flat = to_metres(line)
    return to_degrees(flat.buffer(half_width_m, cap_style="flat", join_style="mitre"))


def band_km2(line, half_width_m: float) -> float:
    """True area in km² of `band`: how much land an uncertain line leaves open."""
    return geodesic_km2(band(line, half_width_m))
