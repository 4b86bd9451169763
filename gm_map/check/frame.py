"""A flat frame of metres round a layer: for widths and crossings. Areas that are told are measured on the ellipsoid."""

from dataclasses import dataclass

import numpy as np
import shapely

from gm_map import measure

__all__ = ["Frame", "sound", "thickness"]

_STEP = 0.01  # degrees over which the scale is taken


@dataclass(frozen=True, slots=True)
class Frame:
    """Metres east and north of a point, by one scale each way.

    Each coordinate is moved by itself and in straight proportion, so vertices that two outlines share stay shared and
    lines stay straight. Over a district widths are true to a thousandth; over a province to three hundredths.
    """

    origin: tuple[float, float]
    scale: tuple[float, float]

    @classmethod
    def around(cls, geometries) -> "Frame":
        """The frame round `WGS84` geometries; those without extent, and coordinates off the globe, do not count."""
        bounds = shapely.bounds(geometries).reshape(-1, 4)
        bounds = bounds[np.isfinite(bounds).all(axis=1)]
        if not len(bounds):
            return cls((0.0, 0.0), (1.0, 1.0))
        west, south, east, north = np.median(bounds, axis=0)
        lon = float(np.clip((west + east) / 2, -179.0, 179.0))
        lat = float(np.clip((south + north) / 2, -85.0, 85.0))
        x = measure.distance_m(lon, lat, lon + _STEP, lat) / _STEP
        y = measure.distance_m(lon, lat - _STEP / 2, lon, lat + _STEP / 2) / _STEP
        return cls((lon, lat), (x, y))

    def flat(self, coordinates: np.ndarray) -> np.ndarray:
        """Degrees (N, 2) to metres (N, 2)."""
        return (coordinates - self.origin) * self.scale

    def round(self, coordinates: np.ndarray) -> np.ndarray:
        """Metres (N, 2) back to degrees (N, 2)."""
        return coordinates / self.scale + self.origin

    def metres(self, geometries):
        """`WGS84` geometries in metres; None stays None."""
        return shapely.transform(geometries, self.flat)

    def degrees(self, geometries):
        """Geometries in metres back in `WGS84`."""
        return shapely.transform(geometries, self.round)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Longitude, latitude of a point in metres."""
        lon, lat = self.round(np.array([[x, y]]))[0].tolist()
        return lon, lat


def sound(geometries) -> np.ndarray:
    """Areas of a layer that rules about several features can be asked of: valid, on the globe, in two dimensions.

    Parameters
    ----------
    geometries : array (N,) of shapely geometries or None

    Returns
    -------
    array (N,)
        None where there is no area. An invalid outline is taken as the area that it encloses, so that what is wrong
        within a feature hides nothing that is wrong between two.
    """
    found = np.array(geometries, dtype=object, copy=True)
    bounds = shapely.bounds(found).reshape(-1, 4)
    with np.errstate(invalid="ignore"):
        on_globe = (np.abs(bounds) <= (180.0, 90.0, 180.0, 90.0)).all(axis=1)
    usable = np.isin(shapely.get_type_id(found), (3, 6)) & on_globe
    # Bounds pass over what is no number, and GEOS cannot repair it.
    rows = np.flatnonzero(usable)
    coordinates, index = shapely.get_coordinates(found[rows], return_index=True)
    usable[rows[np.unique(index[~np.isfinite(coordinates).all(axis=1)])]] = False
    found[~usable] = None
    rows = np.flatnonzero(usable)
    found[rows] = shapely.force_2d(found[rows])
    broken = rows[~shapely.is_valid(found[rows])]
    found[broken] = areas_only(shapely.make_valid(found[broken], method="structure", keep_collapsed=False))
    found[shapely.is_empty(found)] = None
    return found


def areas_only(geometries) -> np.ndarray:
    """What is area of each geometry of an array: polygons, without the lines and points that an overlay leaves."""
    found = np.array(geometries, dtype=object, copy=True).reshape(-1)
    for at in np.flatnonzero(shapely.get_type_id(found) == 7):
        parts = shapely.get_parts(found[at])
        found[at] = shapely.union_all(parts[np.isin(shapely.get_type_id(parts), (3, 6))])
    flat = np.flatnonzero(~np.isin(shapely.get_type_id(found), (3, 6, -1)))
    found[flat] = shapely.from_wkt("POLYGON EMPTY")
    return found


def thickness(flat) -> tuple[np.ndarray, np.ndarray]:
    """Mean width and length in metres of areas in metres, each taken as a strip of that area and outline.

    A rectangle of w × l gives w and l exactly; anything rounder than a square gives the side of a square.
    """
    area, half = measure.planar_m2(flat), shapely.length(flat) / 2
    root = np.sqrt(np.maximum(half**2 - 4 * area, 0.0))
    length = (half + root) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(length > 0, area / length, 0.0), length
