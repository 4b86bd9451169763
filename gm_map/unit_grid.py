"""The units as a grid: which unit a point is in, and how far the nearest edge is, for millions of points.

Most cells lie in one unit or in none, and answer at once; the rest, along the edges, are tested exactly. Distances are
taken to the few pieces of outline that can be nearest to anything in a cell.

**A point exactly on an edge** belongs to the unit with the lower number of those that share it; on the outer edge of
the units, to the unit whose edge it is. (Where a coordinate lies on an edge only to the last bit, rounding decides:
`shapely.intersects_xy` is asked.)
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely

from gm_map import measure
from gm_map.district import District
from gm_map.model import Level

__all__ = ["NOWHERE", "UnitGrid", "unit_grid"]

NOWHERE = -1
_OPEN = -128
FIRST, HALVINGS = 16, 7  # 16 cells a side, halved seven times: 2,048, or about seven metres
NEAR_SIDE, WIDE_SIDE = 512, 128  # cells a side of the grids of distances
PAD = 0.05  # of the district's extent, on every side: points just outside are still in the grid
NEAR, WIDE = 0.4, 4.0  # the same, for the two grids of distances; what lies beyond is looked for in a tree
SLACK = 1e-9  # degrees: a point may fall into the next cell by rounding
CHUNK = 65_536  # points at a time: they stay in the processor's cache
WORTH_TWO = 4 * CHUNK  # from so many points on, a second thread is worth its start


@dataclass(frozen=True, eq=False)
class _Nearby:
    """Which pieces can be nearest to a point of each cell: ``starts`` (C + 1,) into ``pieces``. Bounds in metres."""

    side: int
    bounds: tuple[float, float, float, float]
    starts: np.ndarray
    pieces: np.ndarray

    def holds(self, x: np.ndarray, y: np.ndarray) -> bool:
        """Whether all points are numbers and lie in the grid."""
        left, low, right, top = self.bounds
        return len(x) > 0 and bool(x.min() >= left and x.max() <= right and y.min() >= low and y.max() <= top)

    def beyond(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Whether points lie outside of the grid, as booleans; False where they are no numbers."""
        left, low, right, top = self.bounds
        return np.isfinite(x) & np.isfinite(y) & ((x < left) | (x > right) | (y < low) | (y > top))

    def nearest(self, x: np.ndarray, y: np.ndarray, lines: tuple[np.ndarray, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Squared metres to the nearest piece, and which it is; of no meaning for points outside of the grid."""
        cell = _cells_of(x, y, self.bounds, self.side)
        first = self.starts.take(cell)
        count = self.starts.take(cell + 1) - first
        piece = self.pieces.take(first)
        best = _squared(x, y, lines, piece)
        for turn in range(1, int(count.max(initial=1))):
            active = np.flatnonzero(count > turn)
            candidate = self.pieces.take(first[active] + turn)
            away = _squared(x[active], y[active], lines, candidate)
            better = away < best[active]
            best[active[better]], piece[active[better]] = away[better], candidate[better]
        return best, piece


@dataclass(frozen=True, eq=False)
class UnitGrid:
    """The grid of one district; make it with `unit_grid`. Units are numbered from 0 in the plan's order.

    ``cells`` (2048, 2048) holds the unit of a cell, `NOWHERE`, or below that the number of a row of ``touch``, which
    says of each unit whether cells of that number touch it; rows go north.
    ``lines`` are the S stretches of outline (start, direction, length), in metres from the south-west corner; ``owner``
    (S,) is the (lowest) unit of each. ``near`` and ``wide`` list the pieces for each cell of the grids of distances.
    """

    unit_ids: tuple[str, ...]
    shapes: np.ndarray
    bounds: tuple[float, float, float, float]
    metres: tuple[float, float]
    cells: np.ndarray
    touch: np.ndarray
    lines: tuple[np.ndarray, ...]
    owner: np.ndarray
    near: _Nearby
    wide: _Nearby
    tree: shapely.STRtree

    def units(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Number of the unit of each point, (N,) of int8; `NOWHERE` outside of all, and for NaN."""
        found = np.empty(len(lon), dtype=np.int8)
        flat, side = self.cells.reshape(-1), self.cells.shape[0]

        def look_up(first: int, last: int) -> None:
            for start in range(first, last, CHUNK):
                part = slice(start, min(start + CHUNK, last))
                cell = _cells_of(lon[part], lat[part], self.bounds, side)
                flat.take(cell, out=found[part], mode="clip")  # the default mode copies

        if len(lon) < WORTH_TWO:
            look_up(0, len(lon))
        else:
            # NumPy lets go of the interpreter while it looks up; the exact tests below stay on one thread, because a
            # prepared geometry of GEOS is not for two at a time.
            half = len(lon) // 2
            with ThreadPoolExecutor(1) as other:
                rest = other.submit(look_up, half, len(lon))
                look_up(0, half)
                rest.result()
        edge = np.flatnonzero(found < NOWHERE)
        if len(edge):
            found[edge] = self._tested(lon[edge], lat[edge], self.touch[NOWHERE - 1 - found[edge].astype(np.intp)])
        return found

    def _tested(self, lon: np.ndarray, lat: np.ndarray, touch: np.ndarray) -> np.ndarray:
        """The exact answer, unit by unit in their order: the first that covers a point has it.

        ``touch`` (N, U) says which units the cell of a point touches.
        """
        found = np.full(len(lon), NOWHERE, dtype=np.int8)
        for number, shape in enumerate(self.shapes):
            near = np.flatnonzero(touch[:, number] & (found == NOWHERE))
            if len(near):
                found[near[shapely.intersects_xy(shape, lon[near], lat[near])]] = number
        return found

    def edges(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Metres to the nearest edge of any unit, (N,), and the unit whose edge it is (the lowest of two), (N,).

        Inside a unit this is its own edge; outside, that of the nearest unit. Taken on a plane with the metres of the
        middle of the district: within a thousandth and a decimetre of the way along the ellipsoid, and within a
        hundredth far from the district. NaN gives NaN and `NOWHERE`.
        """
        metres = np.empty(len(lon))
        owner = np.empty(len(lon), dtype=np.int8)
        for start in range(0, len(lon), CHUNK):
            part = slice(start, start + CHUNK)
            metres[part], owner[part] = self._nearest(lon[part], lat[part])
        return metres, owner

    def _nearest(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        west, south = self.bounds[:2]
        x, y = (lon - west) * self.metres[0], (lat - south) * self.metres[1]
        if self.near.holds(x, y):
            best, piece = self.near.nearest(x, y, self.lines)
            return np.sqrt(best, out=best), self.owner.take(piece)
        x[np.abs(lon) > 360.0] = np.nan  # no degrees: squares of them would be too large for numbers
        y[np.abs(lat) > 360.0] = np.nan
        best, piece = self.near.nearest(x, y, self.lines)
        away = np.flatnonzero(self.near.beyond(x, y))
        if len(away):
            best[away], piece[away] = self.wide.nearest(x[away], y[away], self.lines)
            away = away[self.wide.beyond(x[away], y[away])]
        if len(away):
            points = shapely.points(x[away], y[away])
            piece[away] = self.tree.nearest(points)
            best[away] = shapely.distance(points, self.tree.geometries[piece[away]]) ** 2
        lost = ~(np.isfinite(x) & np.isfinite(y))
        best = np.sqrt(best)
        best[lost] = np.nan
        return best, np.where(lost, NOWHERE, self.owner[piece]).astype(np.int8)


def _cells_of(x: np.ndarray, y: np.ndarray, bounds: tuple[float, float, float, float], side: int) -> np.ndarray:
    """Number of the cell of each point, (N,) of int32; what lies outside, and NaN, goes to an outermost one.

    ``side`` is a power of two.
    """
    left, low, right, top = bounds
    row, column = _steps(y, low, side / (top - low)), _steps(x, left, side / (right - left))
    # One look at both: without their sign, numbers below 0 (and what is no number) are the largest.
    if (row | column).view(np.uint32).max(initial=0) >= side:
        for steps in (row.view(np.uint32), column.view(np.uint32)):
            np.minimum(steps, np.uint32(side - 1), out=steps)
    row *= side
    row += column
    return row


def _steps(values: np.ndarray, origin: float, scale: float) -> np.ndarray:
    """Row or column of the cell, (N,) of int32."""
    steps = values - origin
    steps *= scale
    with np.errstate(invalid="ignore"):
        return steps.astype(np.int32)


def _lines(pieces: np.ndarray) -> tuple[np.ndarray, ...]:
    """Start, direction (of length 1) and length of each piece, as five arrays (S,)."""
    x, y, to_x, to_y = (np.ascontiguousarray(column) for column in pieces.T)
    length = np.hypot(to_x - x, to_y - y)
    return x, y, (to_x - x) / length, (to_y - y) / length, length


def _squared(x: np.ndarray, y: np.ndarray, lines: tuple[np.ndarray, ...], piece: np.ndarray) -> np.ndarray:
    """Squared distance from each point to its own piece, (N,)."""
    start_x, start_y, east, north, length = (values.take(piece) for values in lines)
    px, py = x - start_x, y - start_y
    along = px * east
    along += py * north
    np.maximum(along, 0.0, out=along)
    np.minimum(along, length, out=along)
    east *= along
    px -= east
    north *= along
    py -= north
    px *= px
    py *= py
    px += py
    return px


@lru_cache(maxsize=4)
def unit_grid(district: District) -> UnitGrid:
    """The grid of a district, made when first asked for (under a second) and kept."""
    unit_ids = tuple(place.id for place in district.catalogue.at(Level.UNIT))
    shapes = np.array([district.shape(id_) for id_ in unit_ids], dtype=object)
    shapely.prepare(shapes)
    bounds = _padded(district.bounds, PAD)
    lon, lat = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    step = 0.005
    metres = (
        measure.distance_m(lon - step, lat, lon + step, lat) / (2 * step),
        measure.distance_m(lon, lat - step, lon, lat + step) / (2 * step),
    )
    pieces, owner = _pieces(shapes, bounds, metres)
    lines = shapely.linestrings(pieces.reshape(-1, 2, 2))
    extent = (0.0, 0.0, (bounds[2] - bounds[0]) * metres[0], (bounds[3] - bounds[1]) * metres[1])
    return UnitGrid(
        unit_ids,
        shapes,
        bounds,
        metres,
        *_cells(shapes, bounds),
        _lines(pieces),
        owner,
        _nearby(pieces, owner, _padded(extent, NEAR), NEAR_SIDE),
        _nearby(pieces, owner, _padded(extent, WIDE), WIDE_SIDE),
        shapely.STRtree(lines),
    )


def _padded(bounds: tuple[float, ...], share: float) -> tuple[float, float, float, float]:
    pad = share * max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    return (bounds[0] - pad, bounds[1] - pad, bounds[2] + pad, bounds[3] + pad)


def _cells(shapes: np.ndarray, bounds: tuple[float, float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Halve the cells that an edge runs through, and settle the others by their middle."""
    west, south, east, north = bounds
    edges = shapely.boundary(shapes)
    shapely.prepare(edges)
    tree = shapely.STRtree(edges)
    cells = np.full((FIRST, FIRST), _OPEN, dtype=np.int8)
    for halving in range(HALVINGS + 1):
        side = cells.shape[0]
        rows, columns = np.nonzero(cells == _OPEN)
        width, height = (east - west) / side, (north - south) / side
        left, low = west + columns * width, south + rows * height
        boxes = shapely.box(left - SLACK, low - SLACK, left + width + SLACK, low + height + SLACK)
        crossed = np.zeros(len(boxes), dtype=bool)
        crossed[tree.query(boxes, predicate="intersects")[0]] = True
        free = np.flatnonzero(~crossed)
        middle_lon, middle_lat = left[free] + width / 2, low[free] + height / 2
        unit = np.full(len(free), NOWHERE, dtype=np.int8)
        for number, shape in enumerate(shapes):
            unit[shapely.contains_xy(shape, middle_lon, middle_lat)] = number
        cells[rows[free], columns[free]] = unit
        if halving < HALVINGS:
            cells = cells.repeat(2, axis=0).repeat(2, axis=1)
    touched = np.zeros((int(crossed.sum()), len(shapes)), dtype=bool)
    touched[tuple(shapely.STRtree(shapes).query(boxes[crossed], predicate="intersects"))] = True
    touch, which = np.unique(touched, axis=0, return_inverse=True)
    if len(touch) >= NOWHERE - _OPEN:
        raise ValueError(f"{len(touch)} different meetings of units: more than a cell can name; take fewer cells")
    cells[rows[crossed], columns[crossed]] = NOWHERE - 1 - which
    # What lies beyond the grid is counted to its outermost cells: they lie in no unit, for the grid is padded.
    return np.ascontiguousarray(cells), touch


def _pieces(shapes: np.ndarray, bounds, metres) -> tuple[np.ndarray, np.ndarray]:
    """Stretches of all outlines in metres, each once, with the lowest unit that has it."""
    found: dict[tuple[float, ...], int] = {}
    for number, shape in enumerate(shapes):
        for part in shapely.get_parts(shape).tolist():
            for ring in (part.exterior, *part.interiors):
                points = shapely.get_coordinates(ring).tolist()
                for one, other in pairwise(points):
                    if one != other:
                        found.setdefault((*min(one, other), *max(one, other)), number)
    table = (np.array(list(found)) - np.tile(bounds[:2], 2)) * np.tile(metres, 2)
    return table, np.array(list(found.values()), dtype=np.int8)


def _nearby(pieces: np.ndarray, owner: np.ndarray, extent: tuple[float, float, float, float], most: int) -> _Nearby:
    """For each of ``most`` × ``most`` cells of an extent in metres, the pieces that can be nearest to a point in it.

    Those are no farther from its middle than the nearest piece by more than the cell's diagonal. One cell is halved
    again and again, and a part is only asked about the pieces of its whole.
    """
    left, low, right, top = extent
    width, height = right - left, top - low
    lines = _lines(pieces)
    side, cell, piece = 1, np.zeros(len(pieces), dtype=np.int32), np.arange(len(pieces), dtype=np.int32)
    while side < most:
        row, column = np.divmod(cell, side)
        side *= 2
        cell = np.concatenate([(2 * row + up) * side + 2 * column + across for up in (0, 1) for across in (0, 1)])
        piece = np.tile(piece, 4)
        order = np.argsort(cell, kind="stable")
        cell, piece = cell[order], piece[order]
        middle_x, middle_y = left + (cell % side + 0.5) * (width / side), low + (cell // side + 0.5) * (height / side)
        away = np.sqrt(_squared(middle_x, middle_y, lines, piece))
        starts = np.flatnonzero(np.diff(cell, prepend=-1))
        least = np.repeat(np.minimum.reduceat(away, starts), np.diff(starts, append=len(cell)))
        near = away <= least + 1.001 * np.hypot(width, height) / side
        cell, piece = cell[near], piece[near]
    needed = ~_needless(pieces, owner, lines, cell, piece, extent, most)
    cell, piece = cell[needed], piece[needed]
    starts = np.searchsorted(cell, np.arange(most * most + 1))
    return _Nearby(most, extent, starts.astype(np.int32), piece)


def _needless(pieces, owner, lines, cell, piece, extent, side: int) -> np.ndarray:
    """Which pieces another one makes needless in a cell, as booleans.

    Where all of a cell is nearest to one end of a piece, any other that ends there is as near: one with a lower number
    (and so of no higher unit) is enough, or one of the same unit that is nearer to some of the cell.
    """
    left, low, right, top = extent
    width, height = (right - left) / side, (top - low) / side
    x, y = left + (cell % side + 0.5) * width, low + (cell // side + 0.5) * height

    def end_of(which: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The corner that all of a cell is nearest to on a piece, or -1."""
        start_x, start_y, east, north, length = (values[which] for values in lines)
        along = (x[rows] - start_x) * east + (y[rows] - start_y) * north
        reach = 0.501 * (np.abs(east) * width + np.abs(north) * height)
        return np.where(along <= -reach, ends[which, 0], np.where(along >= length + reach, ends[which, 1], -1))

    corners, ends = np.unique(pieces.reshape(-1, 2), axis=0, return_inverse=True)
    ends = ends.reshape(-1, 2)
    meeting = [np.flatnonzero((ends == corner).any(axis=1)) for corner in range(len(corners))]
    table = np.full((len(corners), max(map(len, meeting))), -1)
    for corner, those in enumerate(meeting):
        table[corner, : len(those)] = those
    end = end_of(piece, slice(None))
    needless = np.zeros(len(cell), dtype=bool)
    for other in table.T:
        rows = np.flatnonzero(end >= 0)
        rows = rows[(other[end[rows]] >= 0) & (other[end[rows]] != piece[rows])]
        which = other[end[rows]]
        fuller = (owner[which] == owner[piece[rows]]) & (end_of(which, rows) != end[rows])
        needless[rows] |= (which < piece[rows]) | fuller
    return needless
