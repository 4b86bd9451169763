"""The rings of all outlines of a layer as one array of vertices: what is said of every vertex is asked all at once."""

from dataclasses import dataclass

import numpy as np
import shapely

from gm_map.check.thresholds import Thresholds

__all__ = ["Corners", "Rings", "corners", "flat_rings", "rings_of", "signed_m2"]


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """Vertices of R rings, the closing one left out. Arrays of M vertices, or of R rings.

    ``xy`` (M, 2) is in the metres of a frame; ``ring`` (M,) says whose vertex each is; ``start``, ``count`` (R,) where
    the ring stands in it; ``row``, ``part``, ``hole`` (R,) say of which feature, which part of it, and whether a hole.
    """

    xy: np.ndarray
    ring: np.ndarray
    start: np.ndarray
    count: np.ndarray
    row: np.ndarray
    part: np.ndarray
    hole: np.ndarray

    def of(self, number: int) -> np.ndarray:
        """Vertices (n, 2) of one ring."""
        return self.xy[self.start[number] : self.start[number] + self.count[number]]


def rings_of(geometries, rows, frame) -> Rings:
    """All rings of polygons and multipolygons, in the order of rows, parts and rings.

    Parameters
    ----------
    geometries : array (N,) of polygons and multipolygons on `WGS84`, with finite coordinates
    rows : array (N,) of int
        Which feature each is.
    frame : Frame
    """
    parts, of_geometry = shapely.get_parts(geometries, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    size = np.bincount(ring, minlength=len(rings)).astype(int)
    # The first vertex stands again at the end: a ring goes round without it.
    closing = np.cumsum(size)[size > 0] - 1
    open_ = np.ones(len(ring), dtype=bool)
    open_[closing] = False
    count = np.maximum(size - 1, 0)
    hole = np.r_[False, of_part[1:] == of_part[:-1]] if len(of_part) else np.zeros(0, dtype=bool)
    return Rings(
        frame.flat(coordinates[open_]),
        ring[open_],
        np.r_[0, np.cumsum(count)[:-1]] if len(count) else np.zeros(0, dtype=int),
        count,
        np.asarray(rows)[of_geometry[of_part]] if len(of_part) else np.zeros(0, dtype=int),
        of_part,
        hole,
    )


def signed_m2(rings: Rings) -> np.ndarray:
    """Area (R,) that each ring encloses in the frame, positive where it runs counter-clockwise."""
    found = np.zeros(len(rings.count))
    some = rings.count > 0
    if some.any():
        following = neighbours(rings.ring, rings.start, rings.count)[1]
        xy = rings.xy - rings.xy[rings.start[rings.ring]]  # near zero, where products keep their digits
        cross = xy[:, 0] * xy[following, 1] - xy[following, 0] * xy[:, 1]
        found[some] = np.add.reduceat(cross, rings.start[some]) / 2
    return found


def flat_rings(rings: Rings, size: np.ndarray, distinct: np.ndarray, same_m: float) -> np.ndarray:
    """Whether each ring (R,) encloses nothing: too few points, or all of them in a line within ``same_m``."""
    found = (rings.count > 0) & (distinct < 3)
    some = np.flatnonzero(rings.count > 0)
    round_ = np.zeros(len(rings.count))
    if len(some):
        following = neighbours(rings.ring, rings.start, rings.count)[1]
        round_[some] = np.add.reduceat(_length(rings.xy[following] - rings.xy), rings.start[some])
    # A figure of eight may enclose as much on one side as on the other, hence the second look.
    for number in np.flatnonzero(~found & (rings.count > 0) & (np.abs(size) <= same_m * round_ / 2)).tolist():
        found[number] = in_a_line(rings.of(number), same_m)
    return found


def in_a_line(xy: np.ndarray, same_m: float) -> bool:
    """Whether points (n, 2) lie in a straight line, within ``same_m``."""
    off = xy - xy[0]
    way = off[np.argmax(_length(off))]
    long = max(float(np.hypot(*way)), 1e-12)
    return bool((np.abs(way[0] * off[:, 1] - way[1] * off[:, 0]) / long <= same_m).all())


def neighbours(ring: np.ndarray, start: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each vertex (M,) the positions of the one before and the one after it in its ring."""
    at = np.arange(len(ring))
    first, last = start[ring], start[ring] + count[ring] - 1
    return np.where(at == first, last, at - 1), np.where(at == last, first, at + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Corners:
    """What is wrong with single vertices. Positions are in `Rings.xy`.

    ``spare``: those that repeat the vertex before them; ``spikes``: tips, with ``length_m`` of the shorter side and
    ``width_m`` by which the spike opens at its foot; ``blunt``: whether the vertex after the tip belongs to it, too;
    ``distinct`` (R,): how many vertices of each ring differ from the one before.
    """

    spare: np.ndarray
    spikes: np.ndarray
    length_m: np.ndarray
    width_m: np.ndarray
    blunt: np.ndarray
    distinct: np.ndarray


def corners(rings: Rings, limits: Thresholds) -> Corners:
    """Repeated vertices and spikes of all rings."""
    before, _ = neighbours(rings.ring, rings.start, rings.count)
    spare = _length(rings.xy - rings.xy[before]) <= limits.same_m
    # A ring of one point only: its first vertex stays.
    alone = np.bincount(rings.ring[~spare], minlength=len(rings.count))[: len(rings.count)] == 0
    spare[rings.start[alone & (rings.count > 0)]] = False
    kept = np.flatnonzero(~spare)
    ring = rings.ring[kept]
    distinct = np.bincount(ring, minlength=len(rings.count))
    start = np.r_[0, np.cumsum(distinct)[:-1]] if len(distinct) else distinct
    if not len(kept):
        none = np.zeros(0, dtype=int)
        return Corners(none, none, none.astype(float), none.astype(float), none.astype(bool), distinct)
    before, after = neighbours(ring, start, distinct)
    xy = rings.xy[kept]
    back, ahead = xy[before] - xy, xy[after] - xy
    long_back, long_ahead = _length(back), _length(ahead)
    enough = distinct[ring] >= 3
    angle = _angle(back, ahead)
    shorter = np.minimum(long_back, long_ahead)
    sharp = enough & (angle < np.radians(limits.spike_deg)) & (shorter > limits.spike_m)
    # Two vertices at the tip: the sides before the first and after the second run back along one another.
    further = ahead[after]
    sides = np.minimum(long_back, long_ahead[after])
    blunt = (
        (distinct[ring] >= 4)
        & (long_ahead < limits.blunt_m)
        & (sides > np.maximum(limits.spike_m, limits.blunt_times * long_ahead))
        & (_angle(back, further) < np.radians(limits.spike_deg))
        & ~sharp
        & ~sharp[after]
    )
    at = np.flatnonzero(sharp | blunt)
    length = np.where(blunt, sides, shorter)[at]
    width = 2 * length * np.tan(np.where(blunt, _angle(back, further), angle)[at] / 2)
    width = np.where(blunt[at], np.maximum(width, long_ahead[at]), width)
    return Corners(np.flatnonzero(spare), kept[at], length, width, blunt[at], distinct)


def _length(vectors: np.ndarray) -> np.ndarray:
    return np.hypot(vectors[:, 0], vectors[:, 1])


def _angle(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Angles (N,) between vectors (N, 2), 0 to π."""
    cross = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return np.arctan2(np.abs(cross), (one * other).sum(axis=1))
