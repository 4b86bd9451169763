"""What can be mended without deciding anything for anybody, in new shapes, each change listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from gm_map import measure
from gm_map.check.collect import m2_text
from gm_map.check.frame import Frame, areas_only, sound
from gm_map.check.results import Finding, Layer
from gm_map.check.rings import corners, rings_of
from gm_map.check.strips import Strip, strips_of
from gm_map.check.thresholds import THRESHOLDS, Thresholds

__all__ = ["Change", "Mended", "mend"]

# Made valid as one: keep the area that the rings enclose, merge parts that overlap, cut holes out once.
VALIDITY = ("SELF_INTERSECTION", "SELF_TOUCH", "HOLE_OUTSIDE", "HOLES_OVERLAP", "PARTS_OVERLAP", "INVALID")
UNCLEAR = "NESTED_PARTS"  # merging would decide that the inner part is no hole
MOST_ROUNDS = 100  # dropping a tip may bring out another
MOST_STRIPS = 2_000
NEAR_M = 0.1  # a strip is meant by a finding whose point is in it, or this near


@dataclass(frozen=True, slots=True)
class Change:
    """A change to one feature, for one code: vertices and area in square metres before and after, also in ``facts``."""

    row: int
    code: str
    vertices_before: int
    vertices_after: int
    area_before_m2: float
    area_after_m2: float
    facts: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True, eq=False)
class Mended:
    """New geometries (N,) in `gm_map.model.WGS84`, those without a change the very same objects, and the changes."""

    geometries: np.ndarray
    changes: tuple[Change, ...]


def mend(
    layer: Layer, geometries: np.ndarray, findings: Sequence[Finding], thresholds: Thresholds = THRESHOLDS
) -> Mended:
    """Mend what the findings say can be mended, and nothing else.

    Repeated vertices and spikes are dropped, crossings are made areas, rings turned round, and strips narrower than a
    metre given to a neighbour: a gap to the feature that borders it most, an overlap to the first of the two. Overlaps
    and gaps that are wider are left alone: whose the land is, a person decides. So is a feature of which one part lies
    inside another.

    Parameters
    ----------
    layer : Layer
        Not changed, and not asked: changes are of the shapes only.
    geometries : array (N,) of shapely geometries or None
        In `gm_map.model.WGS84`; not changed.
    findings : sequence of Finding
        Of `gm_map.check.shapes_rules` and `gm_map.check.layer_rules`; those that are not fixable are passed over.
    thresholds : Thresholds

    Returns
    -------
    Mended
    """
    new = np.array(geometries, dtype=object, copy=True)
    changes: list[Change] = []
    wanted = _wanted(findings)
    for row in sorted(wanted):
        codes = wanted[row]
        if codes & {"RING"}:
            changes.append(_change(row, "RING", new[row], new[row]))
        for code in ("DUPLICATE_VERTEX", "SPIKE"):
            if code in codes:
                _apply(row, code, _without(new[row], code, thresholds), new, changes)
        validity = next((code for code in VALIDITY if code in codes), None)
        if validity and UNCLEAR not in codes:
            _apply(row, validity, _valid(new[row]), new, changes)
            # Where a line crossed itself there may be vertices and tips that were hidden in the crossing.
            for code in {"DUPLICATE_VERTEX", "SPIKE"} & codes:
                _apply(row, code, _without(new[row], code, thresholds), new, changes)
        if "RING_ORDER" in codes and new[row] is not None:
            _apply(row, "RING_ORDER", shapely.orient_polygons(new[row], exterior_cw=False), new, changes)
    _give_strips(findings, new, changes, thresholds)
    return Mended(new, tuple(changes))


def _wanted(findings: Sequence[Finding]) -> dict[int, set[str]]:
    """Codes to mend by row; what was only counted lies in rows as well."""
    wanted: dict[int, set[str]] = {}
    unclear = {one.row for one in findings if one.code == UNCLEAR}
    mendable = {one.code for one in findings if one.fixable} - {"SLIVER"}
    for one in findings:
        if one.code == "MORE_FINDINGS" and one.facts["of"] in mendable:
            rows, code = one.others, one.facts["of"]
        elif one.fixable and one.code in mendable and one.row is not None:
            # A finding of the whole layer names the other features that it is about.
            rows, code = (one.row, *one.others), one.code
        else:
            continue
        for row in rows:
            wanted.setdefault(row, set()).add(code)
            if row in unclear:
                wanted[row].add(UNCLEAR)
    return wanted


def _apply(row: int, code: str, geometry, new: np.ndarray, changes: list[Change]) -> None:
    """Put a mended geometry in its place, if it is another one and still an area."""
    if geometry is None or geometry.is_empty or shapely.equals_exact(geometry, new[row], 0.0):
        return
    changes.append(_change(row, code, new[row], geometry))
    new[row] = geometry


def _change(row: int, code: str, before, after) -> Change:
    points = [int(shapely.get_num_coordinates(one)) for one in (before, after)]
    areas = [measure.geodesic_m2(one) for one in (before, after)]
    facts = {
        "points_before": points[0],
        "points_after": points[1],
        "area_before": m2_text(areas[0]),
        "area_after": m2_text(areas[1]),
    }
    return Change(row, code, *points, *areas, facts)


def _without(geometry, code: str, limits: Thresholds):
    """A geometry without repeated vertices, or without spikes (and what they leave: their foot stands twice)."""
    if geometry is None:
        return None
    for _ in range(MOST_ROUNDS):
        frame = Frame.around(np.array([geometry], dtype=object))
        rings = rings_of(np.array([geometry], dtype=object), [0], frame)
        corner = corners(rings, limits)
        drop = np.zeros(len(rings.xy), dtype=bool)
        drop[corner.spare] = True
        if code == "SPIKE" and len(corner.spikes):
            # One tip of a ring at a time: of two that stand side by side one may be the foot of the other.
            first = np.unique(rings.ring[corner.spikes], return_index=True)[1]
            drop[corner.spikes[first]] = True
            blunt = corner.spikes[first][corner.blunt[first]]
            last = rings.start[rings.ring[blunt]] + rings.count[rings.ring[blunt]] - 1
            drop[np.where(blunt == last, rings.start[rings.ring[blunt]], blunt + 1)] = True
        if not drop.any():
            return geometry
        geometry = _rebuilt(geometry, rings, ~drop)
        if geometry is None:
            return None
    return geometry


def _rebuilt(geometry, rings, kept: np.ndarray):
    """The geometry of the vertices that are kept, the very same numbers; a ring of fewer than three is dropped."""
    parts = [[polygon.exterior, *polygon.interiors] for polygon in shapely.get_parts(geometry).tolist()]
    polygons, number = [], 0
    for lines in parts:
        new_rings = []
        for at, line in enumerate(lines):
            start, count = rings.start[number], rings.count[number]
            number += 1
            xy = shapely.get_coordinates(line)[:-1][kept[start : start + count]] if count else np.zeros((0, 2))
            if len(xy) >= 3:
                new_rings.append(np.concatenate([xy, xy[:1]]))
            elif at == 0:
                new_rings = None
                number += len(lines) - 1
                break
        if new_rings:
            polygons.append(shapely.Polygon(new_rings[0], new_rings[1:]))
    if not polygons:
        return None
    return polygons[0] if geometry.geom_type == "Polygon" else shapely.MultiPolygon(polygons)


def _valid(geometry):
    """The area of an invalid geometry, its rings turning as they did."""
    if geometry is None or shapely.is_valid(geometry):
        return geometry
    made = areas_only([shapely.make_valid(geometry, method="structure", keep_collapsed=False)])[0]
    return _turned(made, geometry)


def _turned(geometry, like):
    """A geometry whose rings turn as the first one of another does."""
    first = shapely.get_rings(shapely.get_parts(like))[0]
    return shapely.orient_polygons(geometry, exterior_cw=not shapely.is_ccw(first))


def _give_strips(findings: Sequence[Finding], new: np.ndarray, changes: list[Change], limits: Thresholds) -> None:
    """Give strips between neighbours to one of them."""
    meant = [one for one in findings if one.code == "SLIVER" and one.fixable and one.others]
    counted = [set(one.others) for one in findings if one.code == "MORE_FINDINGS" and one.facts["of"] == "SLIVER"]
    for rows in _joined([{one.row, *one.others} for one in meant] + counted):
        whole = any(rows >= group for group in counted)
        areas = sound(new)
        group = np.array([row for row in sorted(rows) if areas[row] is not None])
        if len(group) < 2:
            continue
        frame = Frame.around(areas[group])
        flat = frame.metres(areas)
        off = np.ones(len(group), dtype=bool)
        points = [frame.flat(np.array([[one.lon, one.lat]]))[0] for one in meant if one.row in rows and one.lon]
        spots = shapely.points(np.array(points).reshape(-1, 2))
        for strip in strips_of(group, flat, off, _pairs(group, flat), limits, MOST_STRIPS).narrow:
            if whole or (len(spots) and shapely.distance(strip.land, spots).min() <= NEAR_M):
                _give(strip, areas, frame, new, changes)


def _joined(groups: list[set[int]]) -> list[set[int]]:
    """Sets of rows, those that have a row in common made one."""
    joined: list[set[int]] = []
    for group in groups:
        apart = [other for other in joined if not other & group]
        for other in joined:
            if other & group:
                group = group | other
        joined = [*apart, group]
    return joined


def _pairs(rows: np.ndarray, flat: np.ndarray) -> list[tuple[int, int, np.ndarray]]:
    tree = shapely.STRtree(flat[rows])
    one, other = tree.query(flat[rows], predicate="intersects")
    one, other = rows[one[one < other]], rows[other[one < other]]
    shared = areas_only(shapely.intersection(flat[one], flat[other]))
    return [(int(a), int(b), shapely.get_parts(land)) for a, b, land in zip(one, other, shared, strict=True)]


def _give(strip: Strip, areas: np.ndarray, frame: Frame, new: np.ndarray, changes: list[Change]) -> None:
    area = _exact(frame.degrees(strip.land), areas[list(strip.rows)])
    if strip.shared:
        row, mended = strip.rows[1], shapely.difference(new[strip.rows[1]], area)
    else:
        row, mended = strip.rows[0], shapely.union(new[strip.rows[0]], area)
    if not shapely.is_valid(new[row]):
        return  # what is wrong within it comes first
    mended = areas_only([mended])[0]
    _apply(row, "SLIVER", _turned(mended, new[row]), new, changes)


def _exact(area, neighbours: np.ndarray):
    """An area that went through a frame, with the very numbers of the vertices that it has from its neighbours."""
    known = {tuple(np.round(xy, 10)): xy for xy in shapely.get_coordinates(neighbours)}
    return shapely.transform(area, lambda xy: np.array([known.get(tuple(np.round(one, 10)), one) for one in xy]))
