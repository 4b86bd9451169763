"""Shapes light enough for a screen: what a check draws over the district, as GeoJSON in five decimals."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from gm_map.check.results import Finding

__all__ = ["Sketch", "sketch"]

DECIMALS = 5  # a metre: more than a screen shows
SIMPLE_DEGREES = 3e-5  # about three metres
MOST_SHAPES = 400
MOST_VERTICES = 40_000

Sketch = Mapping[str, Any]


def sketch(geometries, most: int = MOST_SHAPES) -> list[Sketch | None]:
    """Geometries as GeoJSON, simplified to about three metres.

    Parameters
    ----------
    geometries : sequence of shapely geometries or None
        In longitude and latitude (`gm_map.model.WGS84`).
    most : int
        So many are drawn, and at most `MOST_VERTICES` vertices; the rest is None, as are those that have no extent.

    Returns
    -------
    list
        One for each geometry, in their order.
    """
    drawn: list[Sketch | None] = []
    vertices = 0
    for number, geometry in enumerate(geometries):
        if number >= most or vertices > MOST_VERTICES or not _drawable(geometry):
            drawn.append(None)
            continue
        light = shapely.simplify(geometry, SIMPLE_DEGREES) if shapely.is_valid(geometry) else geometry
        vertices += int(shapely.get_num_coordinates(light))
        light = shapely.transform(shapely.force_2d(light), lambda xy: np.round(xy, DECIMALS))
        drawn.append(shapely.geometry.mapping(light))
    return drawn


def _drawable(geometry) -> bool:
    if geometry is None or shapely.is_empty(geometry):
        return False
    bounds = shapely.bounds(geometry)
    # What lies off the globe is told in words; Leaflet would draw it nowhere.
    return bool(np.isfinite(shapely.get_coordinates(geometry)).all() and np.abs(bounds[[0, 2]]).max() <= 180)


def points(findings: tuple[Finding, ...], most: int = 200) -> list[tuple[int, Finding]]:
    """Findings that have a point, numbered as they are listed (from 1)."""
    numbered = [(number, one) for number, one in enumerate(findings, 1) if one.lon is not None]
    return numbered[:most]
