"""What went wrong while a file was read, said as findings."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import shapely

from gm_map.check.codes import CODES
from gm_map.check.collect import Findings
from gm_map.check.results import Layer, Trouble
from gm_map.model import Said

__all__ = ["add", "first_point", "kind", "place", "word"]

KINDS = ("Point", "LineString", "LinearRing", "MultiPoint", "MultiLineString", "GeometryCollection")
NEAREST = 60  # vertices from which the way into degrees is taken, near a point that lies in the file's own system
TERMS = 6  # of a polynomial of the second degree in two numbers
CLOSED = "unclosed"  # the one fault of a ring that reading has mended for the check already


def word(why: str) -> Said:
    """What is wrong with a geometry, as `gm_map.check.intake_trouble` says it, to be told in a language."""
    return Said(f"check.broken_{why.replace(' ', '_')}")


def kind(name: str) -> Said | str:
    """A kind of geometry, to be told in a language; one that is not known stays as the file has it."""
    return Said(f"check.kind_{name.lower()}") if name in KINDS else name


def place(hole: bool) -> Said:
    """Which ring: the outer one or a hole."""
    return Said("check.ring_hole" if hole else "check.ring_outer")


def first_point(geometry) -> tuple[float, float] | None:
    """The first vertex of a geometry that has numbers; None where it has none."""
    if geometry is None:
        return None
    coordinates = shapely.get_coordinates(geometry)
    coordinates = coordinates[np.isfinite(coordinates).all(axis=1)]
    return tuple(coordinates[0].tolist()) if len(coordinates) else None


def add(layer: Layer, geometries: np.ndarray, found: Findings) -> set[int]:
    """Add what reading found; gives the rows about which something was said: what they lack is no news.

    Parameters
    ----------
    layer : Layer
    geometries : array (N,) of shapely geometries or None
        The layer's in `gm_map.model.WGS84`, vertex for vertex: they say where a point in the file's own system lies.
    """
    rows = set()
    for trouble in layer.troubles:
        row = trouble.row if trouble.row is not None and 0 <= trouble.row < len(geometries) else None
        if row is not None and trouble.code in ("RING", "NULL_GEOMETRY", "WRONG_TYPE", "UNREADABLE"):
            rows.add(row)
        if trouble.code == "MORE_TROUBLES":
            found.count(str(trouble.facts.get("code")), [None] * int(trouble.facts.get("count", 0)))
            continue
        geometry = None if row is None else geometries[row]
        code = trouble.code if trouble.code in CODES else "INVALID"
        facts = _FACTS.get(code, dict)(trouble.facts) if code == trouble.code else {"reason": trouble.code}
        # A ring that was closed for the check is closed in what is written.
        mends = code == "RING" and trouble.facts.get("why") == CLOSED and geometry is not None
        found.add(code, row, _point(trouble, layer, geometries, geometry), fixable=mends, **facts)
    return rows


def _ring(facts: Mapping[str, Any]) -> dict[str, Any]:
    why = word(str(facts.get("why", "unreadable")))
    return {"why": why, "ring": place(bool(facts.get("ring"))), "points": facts.get("points", 0)}


_FACTS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "RING": _ring,
    "NULL_GEOMETRY": lambda facts: {"why": word(str(facts.get("why", "none")))},
    "WRONG_TYPE": lambda facts: {"type": kind(str(facts.get("found", "")))},
}


def _point(trouble: Trouble, layer: Layer, geometries, geometry) -> tuple[float, float] | None:
    x, y = trouble.facts.get("x"), trouble.facts.get("y")
    if x is None or y is None or not (np.isfinite(x) and np.isfinite(y)):
        return first_point(geometry)
    return _way(layer.geometries, geometries, np.array([float(x), float(y)])) or first_point(geometry)


def _way(own: np.ndarray, geometries: np.ndarray, point: np.ndarray) -> tuple[float, float] | None:
    """A point of the file's own system in degrees, by the vertices near it of which both are known.

    A polynomial of the second degree through the nearest ones: over some kilometres it follows a projection to
    millimetres. None where there are too few, or they lie in a line.
    """
    there, here = shapely.get_coordinates(own), shapely.get_coordinates(geometries)
    if len(there) != len(here):
        return None
    known = np.isfinite(there).all(axis=1) & np.isfinite(here).all(axis=1)
    there, here = there[known], here[known]
    if not len(there):
        return None
    if np.array_equal(there, here):
        return tuple(point.tolist())
    away = there - point
    far = np.hypot(away[:, 0], away[:, 1])
    nearest = np.argsort(far, kind="stable")[:NEAREST]
    if far[nearest[0]] == 0.0:
        return tuple(here[nearest[0]].tolist())
    x, y = (away[nearest] / far[nearest].max()).T
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
    origin = here[nearest[0]]
    solved, _, rank, _ = np.linalg.lstsq(terms, here[nearest] - origin, rcond=1e-9)
    return tuple((solved[0] + origin).tolist()) if rank == TERMS else None
