"""Shapes as a still picture needs them: cut to its frame, as GeoJSON, with every vertex that they were drawn with."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

__all__ = ["cutouts", "frame"]

DECIMALS = 7  # of a degree: a centimetre
MOST_VERTICES = 60_000  # of all together
METRES_PER_DEGREE = 111_320.0  # of latitude; near enough to frame a picture


def cutouts(geometries: Sequence, bounds: tuple[float, float, float, float]) -> list[Mapping[str, Any] | None]:
    """The part of each geometry inside a frame, as GeoJSON; None where nothing of it is, or it cannot be drawn.

    Parameters
    ----------
    geometries : sequence of shapely geometries or None
        In longitude and latitude (`gm_map.model.WGS84`). What crosses itself is drawn whole, as it stands.
    bounds : tuple of float
        West, south, east, north in degrees.
    """
    west, south, east, north = bounds
    found: list[Mapping[str, Any] | None] = []
    vertices = 0
    for geometry in geometries:
        found.append(None)
        if geometry is None or geometry.is_empty or vertices > MOST_VERTICES:
            continue
        if not np.isfinite(shapely.get_coordinates(geometry)).all():
            continue
        left, low, right, high = geometry.bounds
        if left > east or right < west or low > north or high < south:
            continue
        shape = shapely.force_2d(geometry)
        if shapely.is_valid(shape) and not (left >= west and right <= east and low >= south and high <= north):
            shape = shapely.clip_by_rect(shape, west, south, east, north)
            if shape.is_empty:
                continue
        vertices += int(shapely.get_num_coordinates(shape))
        shape = shapely.transform(shape, lambda xy: np.round(xy, DECIMALS))
        found[-1] = shapely.geometry.mapping(shape)
    return found


def frame(lon: float, lat: float, half_m: float) -> tuple[float, float, float, float]:
    """West, south, east, north of a square round a point, ``half_m`` metres to each side."""
    up = half_m / METRES_PER_DEGREE
    across = up / max(0.05, float(np.cos(np.radians(lat))))
    return lon - across, lat - up, lon + across, lat + up
