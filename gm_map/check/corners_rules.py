"""What is wrong with vertices: those that stand twice, spikes, and coordinates that were rounded."""

import numpy as np
import shapely

from gm_map.check.collect import Findings, metres_text
from gm_map.check.frame import Frame
from gm_map.check.results import Layer
from gm_map.check.rings import Corners, Rings
from gm_map.check.thresholds import Thresholds

__all__ = ["add", "add_coarse"]

DEGREE_M = 111_000.0  # metres in a degree of latitude, to find how coarse a grid of degrees is
MOST_DEGREES = 400.0  # greater numbers are no degrees
# Grids that people round to, finest first, as parts of a degree; the last are seconds and minutes of arc.
DEGREES = (1e-4, 1 / 3600, 1e-3, 1e-2, 1 / 60, 1e-1, 1.0)
METRES = (10.0, 100.0, 1000.0)
TOLERANCE = 1e-4  # of a step of the grid: what writing and reading leave of a rounded number
LEAST_NUMBERS = 6  # so many different numbers lie on a coarse grid by accident once in a billion times


def add(rings: Rings, corner: Corners, flat: np.ndarray, frame: Frame, found: Findings) -> None:
    """Add repeated vertices and spikes, each at its vertex; a ring that is ``flat`` (R,) has ends, no spikes."""
    spare = corner.spare
    # A run of repetitions is told once, where it begins, with how many there are.
    begins = np.flatnonzero(np.r_[True, (np.diff(spare) > 1) | (np.diff(rings.ring[spare]) > 0)]) if len(spare) else []
    sizes = np.diff(np.r_[begins, len(spare)]) if len(spare) else []
    for begin, size in zip(begins, sizes, strict=True):
        vertex = spare[begin]
        row, point = int(rings.row[rings.ring[vertex]]), frame.point(*rings.xy[vertex])
        found.add("DUPLICATE_VERTEX", row, point, count=int(size))
    for vertex, length, width in zip(corner.spikes.tolist(), corner.length_m, corner.width_m, strict=True):
        if flat[rings.ring[vertex]]:
            continue
        found.add(
            "SPIKE",
            int(rings.row[rings.ring[vertex]]),
            frame.point(*rings.xy[vertex]),
            length_m=metres_text(float(length)),
            width_m=metres_text(float(width)),
        )


def add_coarse(layer: Layer, geometries: np.ndarray, found: Findings, limits: Thresholds) -> None:
    """Add features all of whose coordinates lie on a coarse grid: once for each grid, with the features on it.

    The grid is looked for in the coordinates as they stand in the file: rounding is done in them.
    """
    numbers, index = shapely.get_coordinates(layer.geometries, return_index=True)
    if not len(index) or not np.isfinite(numbers).any():
        return
    degrees = float(np.nanmax(np.abs(np.where(np.isfinite(numbers), numbers, np.nan)))) <= MOST_DEGREES
    start = np.flatnonzero(np.r_[True, np.diff(index) > 0])
    rows = index[start]
    left = np.ones(len(rows), dtype=bool)
    # The coarsest first: what lies on a grid of 100 m lies on one of 10 m as well.
    for step in reversed(DEGREES if degrees else METRES):
        step_m = step * DEGREE_M if degrees else step
        if step_m < limits.coarse_m or not left.any():
            continue
        with np.errstate(invalid="ignore"):
            scaled = numbers / step
            on = (np.abs(scaled - np.round(scaled)) <= TOLERANCE).all(axis=1)
        whole = left & np.logical_and.reduceat(on, start)
        whole[whole] = [_several(layer.geometries[row]) for row in rows[whole]]
        left &= ~whole
        coarse = rows[whole].tolist()
        if coarse:
            coordinates = shapely.get_coordinates(geometries[coarse[0]])
            point = tuple(coordinates[0].tolist()) if len(coordinates) else None
            found.add(
                "COARSE_PRECISION", coarse[0], point, others=coarse[1:], step_m=metres_text(step_m), count=len(coarse)
            )


def _several(geometry) -> bool:
    numbers = shapely.get_coordinates(geometry)
    return len(np.unique(numbers[:, 0])) + len(np.unique(numbers[:, 1])) >= LEAST_NUMBERS
