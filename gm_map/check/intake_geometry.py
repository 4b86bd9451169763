"""Shapes from what files hold: built where they can be, and where not, it is said what is wrong with them.

Nothing is mended silently: an open ring is closed so that it can be looked at, and that is a trouble of its row.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from gm_map.check.intake_trouble import Troubles

__all__ = ["FARTHEST", "assemble", "finish", "from_wkb", "ring"]

FARTHEST = 1e9  # beyond it is no coordinate on this earth, in whatever unit
DEEPEST = 20  # collections inside one another
_KINDS = {
    1: "Point",
    2: "LineString",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
    7: "GeometryCollection",
}


class _BrokenError(Exception):
    """A part of a shape cannot be built; the message is the word for why."""


def finish(shapes: Sequence, troubles: Troubles) -> tuple[np.ndarray, int]:
    """Shapes of a layer as it holds them: flat, finite, and a trouble for each that is not there.

    Parameters
    ----------
    shapes : sequence of shapely geometry or None
    troubles : Troubles
        Is added to.

    Returns
    -------
    tuple
        Object array (N,) in two dimensions, and the number of vertices.
    """
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    high = np.flatnonzero(shapely.has_z(found))
    if len(high):
        z = shapely.get_coordinates(found[high], include_z=True)[:, 2]
        if np.any(np.isfinite(z) & (z != 0)):
            troubles.add("HAS_Z", count=len(high))
    try:
        measured = np.flatnonzero(shapely.has_m(found))
    except (AttributeError, shapely.errors.UnsupportedGEOSVersionError):  # an older GEOS keeps none
        measured = np.empty(0, dtype=int)
    # Only where there is something to leave out: it copies each shape.
    for rows in (high, measured):
        if len(rows):
            with np.errstate(invalid="ignore"):
                found[rows] = shapely.force_2d(found[rows])
    xy, index = shapely.get_coordinates(found, return_index=True)
    bad = ~(np.abs(xy) <= FARTHEST).all(axis=1)
    for row in np.unique(index[bad]).tolist():
        own = xy[(index == row)]
        finite = own[np.isfinite(own).all(axis=1) & (np.abs(own) <= FARTHEST).all(axis=1)]
        why = "out of range" if np.isfinite(own).all() else "not finite"
        _tell(troubles, row, found[row].geom_type, why, 0, len(own), finite)
        found[row] = None
    for row in np.flatnonzero(shapely.is_missing(found)).tolist():
        if not troubles.explains(row):
            troubles.add("NULL_GEOMETRY", row, why="none")
    return found, len(xy)


def _tell(troubles: Troubles, row: int, kind: str, why: str, place: int, points: int, xy) -> None:
    if "Polygon" in kind:
        x, y = (float(xy[0][0]), float(xy[0][1])) if len(xy) else (None, None)
        troubles.add("RING", row, why=why, ring=place, points=points, x=x, y=y)
    else:
        troubles.add("NULL_GEOMETRY", row, why=why)


# From nested lists


def _positions(value: Any) -> np.ndarray:
    """Positions (n, 2 or 3) as floats."""
    if isinstance(value, np.ndarray):
        return value
    if not isinstance(value, list | tuple):
        raise _BrokenError("not numbers")
    for position in value:
        if (
            not isinstance(position, list | tuple)
            or len(position) < 2
            or not all(isinstance(number, int | float) and not isinstance(number, bool) for number in position[:3])
        ):
            raise _BrokenError("not numbers")
    dimensions = min([3, *map(len, value)])
    try:
        xy = np.array([position[:dimensions] for position in value], dtype=float).reshape(len(value), dimensions)
    except OverflowError as error:  # a whole number beyond any float
        raise _BrokenError("out of range") from error
    if dimensions == 3 and not np.isfinite(xy[:, 2]).all():
        xy = xy[:, :2]
    return xy


def ring(value: Any, row: int, place: int, troubles: Troubles) -> np.ndarray | None:
    """Positions of a closed ring; None, and a trouble, where there is none.

    Parameters
    ----------
    value : array (n, 2 or 3) or nested list
        As the file has it.
    row, place : int
        Feature, and which of its polygon's rings (0: the outer one).
    troubles : Troubles
    """
    try:
        xy = _positions(value)
    except _BrokenError as broken:
        points = len(value) if isinstance(value, list | tuple) else 0
        _tell(troubles, row, "Polygon", str(broken), place, points, _first_good(value))
        return None
    if not len(xy) and place == 0:
        return xy
    usable = np.isfinite(xy[:, :2]).all(axis=1) & (np.abs(xy[:, :2]) <= FARTHEST).all(axis=1)
    if not usable.all():
        why = "out of range" if np.isfinite(xy[:, :2]).all() else "not finite"
        _tell(troubles, row, "Polygon", why, place, len(xy), xy[usable])
        return None
    closed = len(xy) > 1 and np.array_equal(xy[0, :2], xy[-1, :2])
    if len(xy) - closed < 3:
        _tell(troubles, row, "Polygon", "too few points", place, len(xy), xy)
        return None
    if not closed:
        _tell(troubles, row, "Polygon", "unclosed", place, len(xy), xy)
        xy = np.vstack([xy, xy[:1]])
    return xy


def _first_good(value: Any) -> list:
    """The first position of broken ones that is two numbers, to have a point to show."""
    if isinstance(value, list | tuple):
        for position in value:
            try:
                good = _positions([position])
            except _BrokenError:
                continue
            if np.isfinite(good).all() and (np.abs(good) <= FARTHEST).all():
                return [good[0]]
    return []


def _polygon(rings: Any, row: int, troubles: Troubles):
    if not isinstance(rings, list | tuple):
        raise _BrokenError("not numbers")
    if not rings:
        return shapely.Polygon()
    outer = ring(rings[0], row, 0, troubles)
    if outer is None:
        return None
    holes = [
        hole for place, inner in enumerate(rings[1:], 1) if (hole := ring(inner, row, place, troubles)) is not None
    ]
    if not len(outer):
        return shapely.Polygon()
    if any(hole.shape[1] != outer.shape[1] for hole in holes):
        outer, holes = outer[:, :2], [hole[:, :2] for hole in holes]
    return shapely.polygons(shapely.linearrings(outer), [shapely.linearrings(hole) for hole in holes] or None)


def _parts(value: Any, make) -> list:
    if not isinstance(value, list | tuple | np.ndarray):
        raise _BrokenError("not numbers")
    return [part for one in value if (part := make(one)) is not None]


def assemble(kind: str, value: Any, row: int, troubles: Troubles):
    """A shape from the name of its kind and its positions.

    Parameters
    ----------
    kind : str
        As GeoJSON names it.
    value : nested list
        Positions as GeoJSON nests them; the innermost list of positions may be an array (n, 2 or 3). For a collection
        a list of (kind, value).
    row : int
    troubles : Troubles

    Returns
    -------
    shapely geometry or None
        None, with a trouble, where nothing can be built. It may be invalid, and not finite in its heights.
    """
    try:
        return _assembled(kind, value, row, troubles, 0)
    except _BrokenError as broken:
        if "Polygon" in kind:
            _tell(troubles, row, kind, str(broken), 0, 0, [])
        else:
            troubles.add("NULL_GEOMETRY", row, why=str(broken))
        return None


def _line(value: Any):
    xy = _positions(value)
    if len(xy) == 1:
        raise _BrokenError("too few points")
    return shapely.linestrings(xy) if len(xy) else shapely.LineString()


def _point(value: Any):
    if isinstance(value, np.ndarray):
        return shapely.points(value.ravel()) if value.size else shapely.Point()
    return shapely.points(_positions([value])[0]) if value or value != [] else shapely.Point()


def _assembled(kind: str, value: Any, row: int, troubles: Troubles, depth: int):
    if depth > DEEPEST:
        raise _BrokenError("not numbers")
    if kind == "Polygon":
        return _polygon(value, row, troubles)
    if kind == "MultiPolygon":
        parts = _parts(value, lambda rings: _polygon(rings, row, troubles))
        return shapely.multipolygons(parts) if parts or not value else None
    if kind == "LineString":
        return _line(value)
    if kind == "MultiLineString":
        return shapely.multilinestrings(_parts(value, _line)) if len(value or []) else shapely.MultiLineString()
    if kind == "Point":
        return _point(value)
    if kind == "MultiPoint":
        return shapely.multipoints(_parts(value, _point)) if value is None or len(value) else shapely.MultiPoint()
    if kind == "GeometryCollection":
        parts = _parts(value, lambda one: _assembled(one[0], one[1], row, troubles, depth + 1))
        return shapely.geometrycollections(parts)
    troubles.add("WRONG_TYPE", row, found=str(kind)[:40])
    return None


# From WKB


def from_wkb(blobs: Sequence[bytes | None], troubles: Troubles) -> np.ndarray:
    """Shapes from well-known binary; what GEOS does not take is taken apart here, to say what is wrong with it.

    Parameters
    ----------
    blobs : sequence of bytes or None
    troubles : Troubles
    """
    raw = np.empty(len(blobs), dtype=object)
    raw[:] = blobs
    with np.errstate(invalid="ignore"):  # numbers that are none are looked for in `finish`
        shapes = shapely.from_wkb(raw, on_invalid="ignore")
    for row in np.flatnonzero(shapely.is_missing(shapes)).tolist():
        if raw[row] is None:
            continue
        try:
            kind, value, _ = _unpacked(bytes(raw[row]), 0, 0)
        except (_BrokenError, struct.error, ValueError):
            troubles.add("NULL_GEOMETRY", row, why="unreadable")
            continue
        shapes[row] = assemble(kind, value, row, troubles)
    return shapes


def _unpacked(blob: bytes, at: int, depth: int) -> tuple[str, Any, int]:
    """Kind and positions of the shape that begins at a byte, and where the next one begins."""
    if depth > DEEPEST:
        raise _BrokenError
    order = "<" if blob[at : at + 1] == b"\1" else ">"
    (code,) = struct.unpack_from(f"{order}I", blob, at + 1)
    at += 5
    dimensions = 2 + bool(code & 0x80000000) + bool(code & 0x40000000)
    if code & 0x20000000:  # a code of the coordinate system, which others put in
        at += 4
    thousands, number = divmod(code & 0x0FFFFFFF, 1000)
    dimensions += (0, 1, 1, 2)[thousands] if thousands < 4 else 0
    kind = _KINDS.get(number)
    if kind is None:
        raise _BrokenError

    def numbers(at: int, count: int) -> tuple[np.ndarray, int]:
        taken = np.frombuffer(blob, f"{order}f8", count * dimensions, at).astype(float).reshape(count, dimensions)
        return taken[:, : min(dimensions, 3)], at + count * dimensions * 8

    def counted(at: int) -> Iterator[int]:
        (count,) = struct.unpack_from(f"{order}I", blob, at)
        if count > len(blob):
            raise _BrokenError
        return count, at + 4

    if kind == "Point":
        value, at = numbers(at, 1)
        return kind, value if np.isfinite(value[:, :2]).all() else value[:0], at
    if kind == "LineString":
        count, at = counted(at)
        value, at = numbers(at, count)
        return kind, value, at
    count, at = counted(at)
    values: list[Any] = []
    for _ in range(count):
        if kind == "Polygon":
            points, at = counted(at)
            part, at = numbers(at, points)
            values.append(part)
        else:
            inner, part, at = _unpacked(blob, at, depth + 1)
            values.append((inner, part) if kind == "GeometryCollection" else part)
    return kind, values, at
