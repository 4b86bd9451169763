"""What is wrong between the rings and parts of one invalid feature: holes outside, holes and parts over one another."""

import numpy as np
import shapely

from gm_map import measure
from gm_map.check.collect import Findings, m2_text
from gm_map.check.frame import Frame, areas_only

__all__ = ["add"]

LEAST_M2 = 1e-3  # rings that share less touch
MOST_PARTS = 2_000  # parts or holes of one feature that are held against one another


def add(shape, row: int, frame: Frame, found: Findings) -> int:
    """Add the faults between rings and parts of a feature; gives how many there were.

    Parameters
    ----------
    shape : Polygon or MultiPolygon on `WGS84`, finite
    """
    parts = [part for part in shapely.get_parts(shape).tolist() if not part.is_empty]
    told, shells = 0, []
    for part in parts:
        shell, holes = _filled([part.exterior])[0], _filled(part.interiors)
        shells.append(shell)
        told += _outside(shell, holes, row, frame, found)
        told += _pairs(holes, "HOLES_OVERLAP", row, frame, found)
    if len(parts) > 1:
        whole = areas_only(shapely.make_valid(np.array(parts), method="structure", keep_collapsed=False))
        told += _pairs(list(whole), "PARTS_OVERLAP", row, frame, found)
    return told


def _filled(rings) -> list:
    """The areas that rings enclose, each made valid: what crosses itself is told elsewhere."""
    if not len(rings):
        return []
    areas = shapely.polygons(list(rings))
    return list(areas_only(shapely.make_valid(areas, method="structure", keep_collapsed=False)))


def _outside(shell, holes: list, row: int, frame: Frame, found: Findings) -> int:
    told = 0
    for hole in holes:
        outside = areas_only([shapely.difference(hole, shell)])[0]
        m2 = measure.geodesic_m2(outside)
        if m2 > LEAST_M2:
            told += 1
            found.add("HOLE_OUTSIDE", row, _inside(outside), area_m2=m2_text(m2))
    return told


def _pairs(areas: list, code: str, row: int, frame: Frame, found: Findings) -> int:
    told = 0
    if not 1 < len(areas) <= MOST_PARTS:
        return told
    tree = shapely.STRtree(areas)
    for one, other in sorted(map(tuple, tree.query(areas, predicate="intersects").T.tolist())):
        if one >= other:
            continue
        common = areas_only([shapely.intersection(areas[one], areas[other])])[0]
        m2 = measure.geodesic_m2(common)
        if m2 <= LEAST_M2:
            continue
        told += 1
        within = min(measure.geodesic_m2(areas[one]), measure.geodesic_m2(areas[other])) - m2 <= LEAST_M2
        said = "NESTED_PARTS" if code == "PARTS_OVERLAP" and within else code
        found.add(said, row, _inside(common), area_m2=m2_text(m2))
    return told


def _inside(area) -> tuple[float, float]:
    point = shapely.point_on_surface(area)
    return point.x, point.y
