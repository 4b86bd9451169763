"""Land between neighbours: gaps, and strips where two outlines draw one side twice. In the metres of a frame."""

from dataclasses import dataclass

import numpy as np
import shapely

from gm_map import measure
from gm_map.check.frame import areas_only, thickness
from gm_map.check.thresholds import Thresholds

__all__ = ["Strip", "Strips", "strips_of"]

MITRE_LIMIT = 5.0
HAIR_M = 0.01  # half the width of what is no land, and of cracks that open no gap: where a side ends on another
FULL = 0.85  # of the widest slit that is looked for: what fills that may be a wedge
EVEN = 0.7  # of the greatest width is the mean one, in a slit


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A strip narrower than `Thresholds.strip_m`; ``shared``: both features have it, else neither has.

    ``rows`` are the features beside it: of a shared one the two that hold it, else the one that borders it most first.
    """

    land: shapely.Geometry
    rows: tuple[int, ...]
    width_m: float
    length_m: float
    shared: bool


@dataclass(frozen=True, slots=True, eq=False)
class Strips:
    """``gaps`` are (area, rows beside it, width, length, whether enclosed); ``narrow`` are strips; largest first.

    ``more_gaps``, ``more_narrow``: a row beside each further one, where there are too many to look at.
    """

    gaps: tuple[tuple[shapely.Geometry, tuple[int, ...], float, float, bool], ...]
    narrow: tuple[Strip, ...]
    more_gaps: tuple[int, ...] = ()
    more_narrow: tuple[int, ...] = ()


def strips_of(
    rows: np.ndarray, flat: np.ndarray, off: np.ndarray, pairs, limits: Thresholds, most: int | None = None
) -> Strips:
    """What lies between the features of a level.

    Parameters
    ----------
    rows : array of int
        The features of the level, valid areas of ``flat``.
    flat : array (N,) of shapely geometries in metres
    off : array of bool
        Which of the rows have a side that a neighbour draws otherwise; the others join up vertex for vertex.
    pairs : list of (row, row, pieces)
        Land that two of them share.
    limits : Thresholds
    most : int, optional
        So many of a kind are looked at, the largest first; by default ``limits.most_per_code``.
    """
    most = limits.most_per_code if most is None else most
    areas = flat[rows]
    # What joins up needs no overlay: its inner sides fall away.
    joined = shapely.coverage_union_all(areas[~off]) if (~off).any() else None
    union = shapely.union_all([joined, *areas[off]]) if off.any() else joined
    tree = shapely.STRtree(areas)
    holes = _holes(union)
    if off.any():
        holes += _cracked(union, holes)
    gaps, narrow, more_gaps, more_narrow = [], [], [], []
    for hole, wide, long in holes:
        strip = wide < limits.strip_m
        if wide > limits.land_m:
            continue
        if float(measure.planar_m2(hole)) < (limits.strip_m2 if strip else limits.least_m2):
            continue
        if len(narrow if strip else gaps) >= most:
            near = tree.query(hole, predicate="dwithin", distance=limits.beside_m)
            if len(near) > 1:  # else a hole of one feature
                (more_narrow if strip else more_gaps).append(int(rows[near.min()]))
            continue
        beside = _beside(hole, rows, areas, tree, min(4 * limits.beside_m, long / 10), limits)
        if len(beside) > 1:  # else a hole of one feature
            if strip:
                narrow.append(Strip(hole, beside, wide, long, shared=False))
            else:
                gaps.append((hole, beside, wide, long, True))
    slits, further = _slits(rows, areas, tree, [hole for hole, *_ in holes], limits, most)
    more_gaps += further
    for slit, beside, wide, long in slits:
        if wide < limits.strip_m:
            narrow.append(Strip(slit, beside, wide, long, shared=False))
        elif float(measure.planar_m2(slit)) >= limits.least_m2:
            gaps.append((slit, beside, wide, long, False))
    narrow += _shared(pairs, flat, limits)
    gaps.sort(key=lambda gap: -float(measure.planar_m2(gap[0])))
    narrow.sort(key=lambda strip: -float(measure.planar_m2(strip.land)))
    return Strips(tuple(gaps), tuple(narrow), tuple(more_gaps), tuple(more_narrow))


def _holes(union) -> list[tuple[shapely.Geometry, float, float]]:
    """Land that a union encloses and does not have, with its width and length; the largest first."""
    parts = [part for part in shapely.get_parts(union).tolist() if part.geom_type == "Polygon"]
    found = np.array([shapely.Polygon(ring) for part in parts for ring in part.interiors], dtype=object)
    if not len(found):
        return []
    if len(parts) > 1:
        # A hole may hold another part of the union: an island.
        tree = shapely.STRtree(parts)
        within = np.unique(tree.query(found, predicate="contains")[0])
        if len(within):
            islands = areas_only(shapely.difference(found[within], union))
            found = np.concatenate([np.delete(found, within), shapely.get_parts(islands)])
    width, length = thickness(found)
    order = np.argsort(-measure.planar_m2(found), kind="stable").tolist()
    return [(found[at], float(width[at]), float(length[at])) for at in order]


def _cracked(union, holes: list) -> list[tuple[shapely.Geometry, float, float]]:
    """Land that a union would enclose but for cracks: where a side ends on another, rounding opens one."""
    style = {"join_style": "mitre", "mitre_limit": MITRE_LIMIT}
    whole = shapely.buffer(shapely.buffer(union, HAIR_M, **style), -HAIR_M, **style)
    known = shapely.STRtree([hole for hole, *_ in holes])
    found = [one for one in _holes(whole) if one[1] > HAIR_M]
    inside = shapely.point_on_surface(np.array([hole for hole, *_ in found], dtype=object))
    told = set(known.query(inside, predicate="intersects")[0].tolist()) if len(found) else set()
    return [one for at, one in enumerate(found) if at not in told]


def _slits(rows, areas, tree, holes: list, limits: Thresholds, most: int):
    """Narrow land between two outlines that is open at an end: (area, rows, width, length), and rows not looked at.

    Looked for where GEOS finds sides of two features near one another that are not the same side, two at a time: what
    closes when both outlines are widened, and narrowed again.
    """
    edges = shapely.coverage_invalid_edges(areas, limits.gap_m)
    some = np.flatnonzero(~shapely.is_empty(edges))
    lines = shapely.STRtree(edges[some])
    one, other = lines.query(edges[some], predicate="dwithin", distance=limits.gap_m)
    one, other = some[one[one < other]], some[other[one < other]]
    order = np.argsort(-np.minimum(shapely.length(edges[one]), shapely.length(edges[other])), kind="stable")
    enclosed = shapely.STRtree(holes)
    found, looked = [], 0
    for at in order.tolist():
        if looked >= 2 * most or len(found) >= most:
            # Where two outlines do not touch at all and have sides near one another, there is a slit for certain.
            rest = order[looked:]
            open_ = ~shapely.intersects(areas[one[rest]], areas[other[rest]])
            return _apart(found), rows[one[rest[open_]]].tolist()
        looked += 1
        pair = np.array([one[at], other[at]])
        for slit in _between(areas, pair, edges, tree, limits):
            if len(enclosed.query(shapely.point_on_surface(slit), predicate="intersects")):
                continue  # enclosed on all sides: told already
            width, length = (float(value) for value in thickness(slit))
            beside = _beside(slit, rows, areas, tree, limits.slit_share * length, limits)
            if set(rows[pair].tolist()) <= set(beside):
                found.append((slit, beside, width, length))
    return _apart(found), []


def _apart(found: list) -> list:
    """Each slit once: between three outlines the same land is found for more than one pair."""
    kept: list = []
    for slit in sorted(found, key=lambda one: -one[3]):
        point = shapely.point_on_surface(slit[0])
        if not any(shapely.intersects(other[0], point) for other in kept):
            kept.append(slit)
    return kept


def _between(areas, pair, edges, tree, limits: Thresholds) -> list:
    """Slits between two areas, near the sides of them that are not the same."""
    reach = 3 * limits.gap_m
    first, second = shapely.bounds(edges[pair])
    west, south = np.maximum(first[:2], second[:2]) - reach
    east, north = np.minimum(first[2:], second[2:]) + reach
    both = shapely.union_all(_clipped(areas[pair], west, south, east, north))
    style = {"join_style": "mitre", "mitre_limit": MITRE_LIMIT}
    half = limits.gap_m / 2
    closed = shapely.buffer(shapely.buffer(both, half, **style), -half, **style)
    near = tree.query(shapely.box(west, south, east, north))
    around = _clipped(areas[near], west, south, east, north)
    left = shapely.difference(closed, shapely.union_all(around))
    # Widening and narrowing leaves hairs along the outlines, which are no land.
    left = shapely.buffer(shapely.buffer(left, -HAIR_M, **style), HAIR_M, **style)
    left = shapely.get_parts(areas_only([left]))
    left = left[measure.planar_m2(left) >= limits.strip_m2]
    if not len(left):
        return []
    width, length = thickness(left)
    left = left[(length >= limits.slit_times * width) & (width < limits.gap_m)]
    return [slit for gap in left.tolist() for slit in _even(gap, limits)]


def _clipped(areas, west: float, south: float, east: float, north: float) -> np.ndarray:
    # The quick clip may leave a ring that touches itself.
    parts = shapely.clip_by_rect(areas, west, south, east, north)
    return shapely.make_valid(parts, method="structure", keep_collapsed=False)


def _even(gap, limits: Thresholds) -> list:
    """The parts of a slit that keep a width. A wedge, the corner between two outlines that draw apart, has none.

    Of a wedge the part narrower than any width is half as wide on average; a slit is nearly as wide all along.
    """
    if shapely.is_empty(shapely.buffer(gap, -FULL * limits.gap_m / 2)):
        return [gap]
    for width in np.geomspace(limits.gap_m, limits.strip_m / 10, 24).tolist():
        wider = shapely.buffer(shapely.buffer(gap, -width / 2), width / 2)
        parts = shapely.get_parts(areas_only([shapely.difference(gap, wider)]))
        mean, length = thickness(parts)
        even = (mean >= EVEN * width) & (length >= limits.slit_times * mean) & (length >= limits.gap_m)
        if even.any():
            return parts[even].tolist()
    return []


def _beside(gap, rows, areas, tree, wanted: float, limits: Thresholds) -> tuple[int, ...]:
    """Features that border a gap along so many metres, the one along most of it first."""
    near = np.sort(tree.query(gap, predicate="dwithin", distance=limits.beside_m))
    if not len(near):
        return ()
    edge = shapely.boundary(gap)
    # Only what lies near the gap is widened: an outline may have thousands of vertices elsewhere.
    west, south, east, north = shapely.bounds(gap)
    close = shapely.clip_by_rect(areas[near], west - 1, south - 1, east + 1, north + 1)
    along = shapely.length(shapely.intersection(edge, shapely.buffer(close, limits.beside_m, quad_segs=2)))
    # To a metre: of two that border it alike the first one comes first.
    order = [at for at in np.argsort(-np.round(along), kind="stable").tolist() if along[at] >= wanted]
    return tuple(int(rows[near[at]]) for at in order)


def _shared(pairs, flat: np.ndarray, limits: Thresholds) -> list[Strip]:
    """Strips that two features both have."""
    found = []
    for one, other, pieces in pairs:
        either = float(measure.planar_m2(flat[one]) + measure.planar_m2(flat[other]))
        if 2 * float(measure.planar_m2(pieces).sum()) > limits.duplicate * either:
            continue  # one feature twice
        width, length = thickness(pieces)
        thin = (width < limits.strip_m) & (measure.planar_m2(pieces) >= limits.strip_m2)
        found += [
            Strip(pieces[at], (one, other), float(width[at]), float(length[at]), shared=True)
            for at in np.flatnonzero(thin).tolist()
        ]
    return found
