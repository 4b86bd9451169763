"""What is wrong with a feature by itself: everything at once, so that no fault hides another."""

import re
from collections.abc import Sequence

import numpy as np
import shapely

from gm_map.check import corners_rules, inside_rules, troubles_rules
from gm_map.check.collect import Findings
from gm_map.check.crossings import CROSSES, self_crossings, without_needles
from gm_map.check.frame import Frame
from gm_map.check.results import Finding, Identity, Layer
from gm_map.check.rings import Corners, Rings, corners, flat_rings, rings_of, signed_m2
from gm_map.check.thresholds import THRESHOLDS, Thresholds
from gm_map.check.troubles_rules import first_point, kind, place, word

__all__ = ["find"]

POLYGON, MULTIPOLYGON = 3, 6
FLAT_M2 = 1e-6  # a ring that encloses less encloses nothing
ORDERED = "geojson"  # the formats that say which way rings turn: RFC 7946 does


def find(
    layer: Layer,
    geometries: np.ndarray,
    identities: Sequence[Identity] = (),
    thresholds: Thresholds = THRESHOLDS,
) -> list[Finding]:
    """Faults of each feature, without regard to the others.

    Parameters
    ----------
    layer : Layer
        As it was read; what went wrong in reading becomes findings, and the precision is that of its own coordinates.
    geometries : array (N,) of shapely geometries or None
        The same in `gm_map.model.WGS84`, vertex for vertex.
    identities : sequence of Identity, optional
        Which place each feature is, where that is known already: findings are then named by it.
    thresholds : Thresholds

    Returns
    -------
    list of Finding
        Each with a point in longitude and latitude, where the feature has any.
    """
    found = Findings(layer, identities, thresholds)
    troubled = troubles_rules.add(layer, geometries, found)
    areas = _kinds(geometries, troubled, found)
    rows = _finite(geometries, areas, found)
    if len(rows):
        shapes = shapely.force_2d(geometries[rows])
        frame = Frame.around(shapes)
        rings = rings_of(shapes, rows, frame)
        corner = corners(rings, thresholds)
        size = signed_m2(rings)
        flat = flat_rings(rings, size, corner.distinct, thresholds.same_m)
        _rings(rings, corner, flat, frame, found)
        corners_rules.add(rings, corner, flat, frame, found)
        _invalid(geometries, rows, shapes, rings, corner, flat, frame, found, thresholds)
        if layer.format.lower().startswith(ORDERED):
            _order(rings, size, frame, found)
    _heights(layer, geometries, found)
    corners_rules.add_coarse(layer, geometries, found, thresholds)
    return found.all()


def _kinds(geometries: np.ndarray, troubled: set[int], found: Findings) -> np.ndarray:
    """Nulls, empties and what is no area; gives the rows that are areas."""
    kinds = shapely.get_type_id(geometries)
    empty = shapely.is_empty(geometries)
    for row in np.flatnonzero(kinds == -1).tolist():
        if row not in troubled:
            found.add("NULL_GEOMETRY", row, None, why=word("none"))
    for row in np.flatnonzero(empty).tolist():
        found.add("EMPTY_GEOMETRY", row, None)
    areas = np.isin(kinds, (POLYGON, MULTIPOLYGON))
    for row in np.flatnonzero(~areas & (kinds != -1) & ~empty).tolist():
        found.add("WRONG_TYPE", row, first_point(geometries[row]), type=kind(geometries[row].geom_type))
    return np.flatnonzero(areas & ~empty)


def _finite(geometries: np.ndarray, areas: np.ndarray, found: Findings) -> np.ndarray:
    """Coordinates that are none; gives the rows of areas that can be looked at further."""
    coordinates, index = shapely.get_coordinates(geometries, return_index=True)
    on_globe = np.isfinite(coordinates).all(axis=1) & (np.abs(coordinates) <= (180.0 + 1e-9, 90.0 + 1e-9)).all(axis=1)
    rows, counts = np.unique(index[~on_globe], return_counts=True)
    for row, count in zip(rows.tolist(), counts.tolist(), strict=True):
        found.add("BAD_COORDINATE", row, _good_point(geometries[row]), count=count)
    return np.setdiff1d(areas, rows)


def _good_point(geometry) -> tuple[float, float] | None:
    """The vertex before the first that is none, for a place to look at."""
    coordinates = shapely.get_coordinates(geometry)
    good = np.isfinite(coordinates).all(axis=1) & (np.abs(coordinates) <= (180.0, 90.0)).all(axis=1)
    if not good.any():
        return None
    first_bad = int(np.argmin(good))
    at = next((at for at in range(first_bad - 1, -1, -1) if good[at]), int(np.argmax(good)))
    return tuple(coordinates[at].tolist())


def _rings(rings: Rings, corner: Corners, flat: np.ndarray, frame: Frame, found: Findings) -> None:
    """Rings that are none: too few points, or nothing inside."""
    for number in np.flatnonzero(flat).tolist():
        count = int(corner.distinct[number])
        point, why = frame.point(*rings.of(number)[0]), word("too few points" if count < 3 else "flat")
        found.add("RING", int(rings.row[number]), point, why=why, ring=place(rings.hole[number]), points=count)


def _invalid(
    geometries, rows, shapes, rings: Rings, corner: Corners, flat, frame: Frame, found: Findings, limits: Thresholds
) -> None:
    """Every crossing of the outlines that GEOS calls invalid, and what is wrong between their rings and parts."""
    broken = np.flatnonzero(~shapely.is_valid(shapes))
    wrong_rows = rows[broken]
    at, seen = {}, np.isin(rings.row, wrong_rows)
    for number in np.flatnonzero(seen).tolist():
        at.setdefault(int(rings.row[number]), []).append(number)
    for at_broken, row in zip(broken[: limits.most_searched].tolist(), wrong_rows.tolist(), strict=False):
        told = 0
        for number in at[row]:
            if flat[number]:
                told += 1  # no ring, told already
                continue
            xy = without_needles(rings.of(number), limits.same_m)
            told += len(xy) < corner.distinct[number]  # a spike without width, told already
            points = self_crossings(xy, limits)
            crossings = sum(code == CROSSES for code, *_ in points)
            for code, x, y in points:
                found.add(code, row, frame.point(x, y), count=crossings if code == CROSSES else len(points) - crossings)
            told += len(points)
        told += inside_rules.add(shapes[at_broken], row, frame, found)
        if not told:
            # Every ring is sound, and no two share land: they can only meet along a side.
            _reason(geometries[row], row, found, "SELF_TOUCH")
    for row in wrong_rows[limits.most_searched :].tolist():
        _reason(geometries[row], row, found, "SELF_INTERSECTION")


def _reason(geometry, row: int, found: Findings, meant: str) -> None:
    """What GEOS says of a geometry, and where: its first complaint."""
    reason = shapely.is_valid_reason(geometry)
    words, _, where = reason.partition("[")
    numbers = re.findall(r"[-+.\deE]+", where)
    point = (float(numbers[0]), float(numbers[1])) if len(numbers) >= 2 else first_point(geometry)
    if "elf-intersection" in words:
        found.add("SELF_TOUCH" if words.startswith("Ring") else meant, row, point, count=1)
    else:
        found.add("INVALID", row, point, reason=words.strip())


def _order(rings: Rings, size: np.ndarray, frame: Frame, found: Findings) -> None:
    """Rings that turn the wrong way, once for the layer: a program writes all of them alike."""
    wrong = (np.abs(size) >= FLAT_M2) & ((size > 0) == rings.hole)
    rows = np.unique(rings.row[wrong]).tolist()
    if rows:
        point = frame.point(*rings.of(int(np.flatnonzero(wrong)[0]))[0])
        found.add("RING_ORDER", int(rows[0]), point, others=rows[1:], count=len(rows))


def _heights(layer: Layer, geometries: np.ndarray, found: Findings) -> None:
    """Heights that reading has not left out already."""
    rows = np.flatnonzero(shapely.has_z(layer.geometries)).tolist()
    if rows:
        found.add("HAS_Z", rows[0], first_point(geometries[rows[0]]), others=rows[1:], count=len(rows))
