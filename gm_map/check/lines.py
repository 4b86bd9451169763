"""How far points lie from lines, in metres of `gm_map.model.CGCS2000_GK_114`, and which points stand for a shape."""

import numpy as np
import shapely

from gm_map import measure

__all__ = ["Lines", "finite", "outlines", "sample"]

FEW = 150  # segments: fewer are quicker tried one and all than looked up


def finite(geometries) -> np.ndarray:
    """Which geometries (N,) are there, have points, and have only numbers for coordinates; booleans."""
    geometries = np.asarray(geometries, dtype=object)
    good = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    coordinates, rows = shapely.get_coordinates(geometries, return_index=True)
    good[rows[~np.isfinite(coordinates).all(axis=1)]] = False
    return good


class Lines:
    """The segments of some `WGS84` lines or outlines, to be asked for the nearest point."""

    def __init__(self, geometries):
        starts, ends = [], []
        for line in outlines(measure.to_metres(np.asarray(geometries, dtype=object))):
            coordinates = shapely.get_coordinates(line)
            starts.append(coordinates[:-1])
            ends.append(coordinates[1:])
        first = np.concatenate(starts) if starts else np.zeros((0, 2))
        last = np.concatenate(ends) if ends else np.zeros((0, 2))
        # Neighbours and parents share their sides: each stretch counts once, whichever way it is drawn.
        both = np.sort(np.stack([first, last], axis=1).round(1), axis=1).reshape(-1, 4)
        once = np.unique(both, axis=0, return_index=True)[1] if len(both) else np.zeros(0, dtype=int)
        self._start = first[once]
        self._way = last[once] - first[once]
        self._square = np.maximum((self._way**2).sum(axis=1), 1e-12)
        self._tree = None

    def __len__(self) -> int:
        return len(self._start)

    def to(self, points: np.ndarray) -> np.ndarray:
        """The ways (N, 2) in metres from points (N, 2) to the nearest point of the lines."""
        if len(self) <= FEW:
            return self._to_all(points)
        if self._tree is None:
            ends = np.stack([self._start, self._start + self._way], axis=1)
            self._tree = shapely.STRtree(shapely.linestrings(ends))
        nearest = self._tree.nearest(shapely.points(points))
        start, way = self._start[nearest], self._way[nearest]
        along = np.clip(((points - start) * way).sum(axis=1) / self._square[nearest], 0.0, 1.0)
        return start + along[:, None] * way - points

    def _to_all(self, points: np.ndarray) -> np.ndarray:
        offset = points[:, None, :] - self._start
        along = np.clip((offset * self._way).sum(axis=2) / self._square, 0.0, 1.0)
        ways = along[..., None] * self._way - offset
        nearest = (ways**2).sum(axis=2).argmin(axis=1)
        return ways[np.arange(len(points)), nearest]


def outlines(geometries) -> list[shapely.Geometry]:
    """The single lines of lines, and the rings of areas; points have none."""
    found = []
    for part in shapely.get_parts(shapely.get_parts(geometries)).tolist():
        if part.geom_type == "Polygon":
            found += [part.exterior, *part.interiors]
        elif part.geom_type in ("LineString", "LinearRing"):
            found.append(part)
    return [line for line in found if not line.is_empty]


def sample(geometries, count: int) -> tuple[np.ndarray, np.ndarray]:
    """``count`` points at equal steps along each `WGS84` geometry's lines or outline.

    Returns
    -------
    tuple of array
        Points (N, 2) in metres, and the row (N,) that each is of. Points are left out, and so are rows that are not
        `finite`.
    """
    geometries = np.asarray(geometries, dtype=object)
    good = np.flatnonzero(finite(geometries) & (shapely.get_dimensions(geometries) >= 1))
    if not len(good):
        return np.zeros((0, 2)), np.zeros(0, dtype=int)
    flat = measure.to_metres(geometries[good])
    areas = shapely.get_dimensions(flat) == 2
    flat[areas] = shapely.boundary(flat[areas])
    steps = (np.arange(count) + 0.5) / count
    points = shapely.line_interpolate_point(flat[:, None], steps[None, :], normalized=True)
    usable = ~(shapely.is_missing(points) | shapely.is_empty(points))
    coordinates = shapely.get_coordinates(points[usable])
    rows = np.broadcast_to(good[:, None], points.shape)[usable]
    known = np.isfinite(coordinates).all(axis=1)
    return coordinates[known], rows[known]
