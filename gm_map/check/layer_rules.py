"""What is wrong between the features of a layer: land that counts twice, land that nobody has, features drawn twice."""

from collections.abc import Sequence

import numpy as np
import shapely

from gm_map import measure
from gm_map.check.collect import Findings, km2_text, m2_text, metres_text
from gm_map.check.frame import Frame, areas_only, sound, thickness
from gm_map.check.results import Drawing, Finding, Identity, Layer, Severity
from gm_map.check.strips import Strips, strips_of
from gm_map.check.thresholds import THRESHOLDS, Thresholds

__all__ = ["find"]

INTERIORS_MEET = "T********"


def find(
    layer: Layer,
    geometries: np.ndarray,
    identities: Sequence[Identity],
    drawing: Drawing | None = None,
    thresholds: Thresholds = THRESHOLDS,
) -> list[Finding]:
    """Overlaps, gaps, slivers and repetitions among the features of one level.

    Parameters
    ----------
    layer : Layer
    geometries : array (N,) of shapely geometries or None
        In `gm_map.model.WGS84`.
    identities : sequence of Identity
        Say of which level each feature is: a unit lies in its cluster, which is no overlap. Features that are no place
        are held against one another, and against a level if the file has only that one.
    drawing : Drawing, optional
        Not asked: what is wrong between features shows in the features, before they are put together.
    thresholds : Thresholds

    Returns
    -------
    list of Finding
        With areas that were measured on the ellipsoid and a point inside what is meant.
    """
    found = Findings(layer, identities, thresholds)
    areas = sound(geometries)
    frame = Frame.around(areas)
    flat = frame.metres(areas)
    _thin(flat, frame, found, thresholds)
    for rows in levels(identities, flat):
        _level(rows, flat, frame, found, thresholds)
    return found.all()


def levels(identities: Sequence[Identity], flat: np.ndarray) -> list[np.ndarray]:
    """Rows that are to lie beside one another: those of each level, and those of none, where they have an area."""
    level = {one.row: one.level for one in identities}
    rows = np.flatnonzero(shapely.get_type_id(flat) >= 0)
    groups: dict = {}
    for row in rows.tolist():
        groups.setdefault(level.get(row), []).append(row)
    known = [key for key in groups if key is not None]
    if len(known) == 1 and None in groups:
        # Whoever holds more land than any of the level is something else: the district, or all of it.
        largest = measure.planar_m2(flat[groups[known[0]]]).max()
        joining = [row for row in groups[None] if measure.planar_m2(flat[row]) <= largest]
        groups[known[0]] = sorted(groups[known[0]] + joining)
        groups[None] = [row for row in groups[None] if row not in set(joining)]
    return [np.array(group) for group in groups.values() if group]


def _thin(flat: np.ndarray, frame: Frame, found: Findings, limits: Thresholds) -> None:
    """Features that are thin as a whole."""
    rows = np.flatnonzero(shapely.get_type_id(flat) >= 0)
    width, length = thickness(flat[rows])
    for row, wide, long in zip(rows.tolist(), width.tolist(), length.tolist(), strict=True):
        if wide < limits.sliver_m:
            area = frame.degrees(flat[row])
            found.add(
                "SLIVER",
                row,
                _inside(area),
                fixable=False,
                width_m=metres_text(wide),
                length_m=metres_text(long),
                area_m2=m2_text(measure.geodesic_m2(area)),
            )


def _level(rows: np.ndarray, flat: np.ndarray, frame: Frame, found: Findings, limits: Thresholds) -> None:
    if len(rows) < 2:
        return
    edges = shapely.coverage_invalid_edges(flat[rows])
    off = ~shapely.is_empty(edges)
    if off.any():
        _mismatch(rows, off, edges, frame, found)
        pairs = _common(rows, off, flat)
        _overlaps(pairs, flat, frame, found, limits)
    else:
        pairs = []
    strips = strips_of(rows, flat, off, pairs, limits)
    _gaps(strips, frame, found, limits)
    _strips(strips, frame, found)


def _mismatch(rows: np.ndarray, off: np.ndarray, edges: np.ndarray, frame: Frame, found: Findings) -> None:
    """Sides that neighbours draw differently, once for the level: where it happens it happens all over."""
    wrong = rows[off].tolist()
    first = shapely.line_interpolate_point(shapely.get_parts(edges[off][0])[0], 0.5, normalized=True)
    found.add("EDGE_MISMATCH", wrong[0], frame.point(first.x, first.y), others=wrong[1:], count=len(wrong))


def _common(rows: np.ndarray, off: np.ndarray, flat: np.ndarray) -> list[tuple[int, int, np.ndarray]]:
    """Pairs of rows that share land, with the pieces that they share; the most land first."""
    tree = shapely.STRtree(flat[rows])
    one, other = tree.query(flat[rows], predicate="intersects")
    forward = (one < other) & (off[one] | off[other])
    one, other = rows[one[forward]], rows[other[forward]]
    meet = shapely.relate_pattern(flat[one], flat[other], INTERIORS_MEET)
    one, other = one[meet], other[meet]
    shared = areas_only(shapely.intersection(flat[one], flat[other]))
    order = np.argsort(-measure.planar_m2(shared), kind="stable")
    return [(int(one[at]), int(other[at]), shapely.get_parts(shared[at])) for at in order.tolist()]


def _overlaps(pairs, flat: np.ndarray, frame: Frame, found: Findings, limits: Thresholds) -> None:
    """Features that share land: repetitions, and overlaps that are wider than two drawings of one side."""
    for one, other, pieces in pairs:
        shared = measure.planar_m2(pieces)
        total = float(shared.sum())
        either = float(measure.planar_m2(flat[one]) + measure.planar_m2(flat[other])) - total
        if either > 0 and total / either > limits.duplicate:
            point = _inside(frame.degrees(pieces[int(np.argmax(shared))]))
            share = min(total / either, 1.0) * 100
            found.add("DUPLICATE", other, point, others=(one,), other=found.name(one), percent=f"{share:.1f}")
            continue
        width, length = thickness(pieces)
        wide = (width >= limits.strip_m) & (shared >= limits.least_m2)
        if wide.any():
            land = frame.degrees(pieces[wide])
            most = int(np.argmax(shared[wide]))
            found.add(
                "OVERLAP",
                one,
                _inside(land[most]),
                others=(other,),
                other=found.name(other),
                area_km2=km2_text(sum(map(measure.geodesic_m2, land))),
                width_m=metres_text(float(width[wide][most])),
                length_m=metres_text(float(length[wide][most])),
            )


def _gaps(strips: Strips, frame: Frame, found: Findings, limits: Thresholds) -> None:
    """Land between neighbours that none of them has."""
    for gap, rows, width, length, enclosed in strips.gaps:
        area = frame.degrees(gap)
        found.add(
            "GAP",
            rows[0],
            _inside(area),
            severity=Severity.NOTE if enclosed and width > limits.wide_gap_m else None,
            others=rows[1:],
            other=found.name(rows[1]),
            area_km2=km2_text(measure.geodesic_m2(area)),
            width_m=metres_text(width),
            length_m=metres_text(length),
        )
    found.count("GAP", strips.more_gaps)


def _strips(strips: Strips, frame: Frame, found: Findings) -> None:
    """Strips between neighbours so narrow that they are two drawings of one side."""
    for strip in strips.narrow:
        area = frame.degrees(strip.land)
        found.add(
            "SLIVER",
            strip.rows[0],
            _inside(area),
            others=strip.rows[1:],
            width_m=metres_text(strip.width_m),
            length_m=metres_text(strip.length_m),
            area_m2=m2_text(measure.geodesic_m2(area)),
        )
    found.count("SLIVER", strips.more_narrow)


def _inside(area) -> tuple[float, float]:
    point = shapely.point_on_surface(area)
    return point.x, point.y
