"""Where an outline crosses or touches itself: every point, not only the first."""

import numpy as np
import shapely

from gm_map.check.thresholds import Thresholds

__all__ = ["CROSSES", "TOUCHES", "self_crossings", "without_needles"]

CROSSES, TOUCHES = "SELF_INTERSECTION", "SELF_TOUCH"
NEAR_M = 1e-6  # a point this near a side lies on it: the frame's own rounding is a thousandth of that
SAME_POINT_M = 0.01  # crossings nearer than this are one
ALL_AT_ONCE = 1500  # sides: up to here comparing each with each is quicker than a tree


def without_needles(xy: np.ndarray, same_m: float) -> np.ndarray:
    """A ring (n, 2) without repeated vertices and without needles that have no width at all.

    A line that goes out and comes back on itself is a spike, told as one; its foot is no touch of the outline.
    """
    points = [tuple(point) for point in xy.tolist()]
    index, quiet = 0, 0
    # Each step drops a vertex or passes on; once all were passed in a row, nothing is left to drop.
    while len(points) >= 3 and quiet <= len(points):
        index %= len(points)
        before, here, after = points[index - 1], points[index], points[(index + 1) % len(points)]
        if _same(before, here, same_m) or _needle(before, here, after):
            del points[index]
            index, quiet = index - 1, 0
        else:
            index, quiet = index + 1, quiet + 1
    return np.array(points).reshape(-1, 2)


def _same(one, other, same_m: float) -> bool:
    return abs(one[0] - other[0]) <= same_m and abs(one[1] - other[1]) <= same_m


def _needle(before, here, after) -> bool:
    ax, ay = before[0] - here[0], before[1] - here[1]
    bx, by = after[0] - here[0], after[1] - here[1]
    longest = max(np.hypot(ax, ay), np.hypot(bx, by))
    return ax * bx + ay * by > 0 and abs(ax * by - ay * bx) <= NEAR_M * longest


def self_crossings(xy: np.ndarray, limits: Thresholds) -> list[tuple[str, float, float]]:
    """Points where a ring meets itself, those where it crosses itself first.

    Parameters
    ----------
    xy : array (n, 2)
        Vertices in metres, the closing one left out, none repeated.

    Returns
    -------
    list of (code, x, y)
        `CROSSES` where it goes through itself, `TOUCHES` where it only meets itself, in a point or along a side (its
        middle). Where there are more pairs of sides than ``limits.most_pairs``, the first of them are looked at.
    """
    if len(xy) < 4:
        return []
    ends = np.roll(xy, -1, axis=0)
    one, other = _near(xy, ends, limits)
    count = len(xy)
    apart = (other - one > 1) & ~((one == 0) & (other == count - 1))
    one, other = one[apart], other[apart]
    a, b, c, d = xy[one], ends[one], xy[other], ends[other]
    from_one = _off(a, b, c), _off(a, b, d)
    from_other = _off(c, d, a), _off(c, d, b)
    proper = (from_one[0] * from_one[1] < 0) & (from_other[0] * from_other[1] < 0)
    clear = np.min(np.abs([*from_one, *from_other]), axis=0, initial=np.inf) > NEAR_M
    proper &= clear
    share = from_other[0] / np.where(proper, from_other[0] - from_other[1], 1.0)
    points = a + share[:, None] * (b - a)
    found = [(CROSSES, *point) for point in points[proper].tolist()]
    for at in np.flatnonzero(~clear):
        found += _meeting(xy, int(one[at]), int(other[at]))
    return _once(found)


def _off(start: np.ndarray, end: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Distance (N,) in metres of points from the lines through two others, positive on the left."""
    way = end - start
    cross = way[:, 0] * (point[:, 1] - start[:, 1]) - way[:, 1] * (point[:, 0] - start[:, 0])
    return cross / np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-12)


def _near(xy: np.ndarray, ends: np.ndarray, limits: Thresholds) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of sides (smaller position first) whose boxes meet."""
    low, high = np.minimum(xy, ends) - NEAR_M, np.maximum(xy, ends) + NEAR_M
    if len(xy) <= ALL_AT_ONCE:
        meet = (low[:, None, 0] <= high[None, :, 0]) & (high[:, None, 0] >= low[None, :, 0])
        meet &= (low[:, None, 1] <= high[None, :, 1]) & (high[:, None, 1] >= low[None, :, 1])
        return np.nonzero(np.triu(meet, 1))
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    tree, pairs, looked = shapely.STRtree(boxes), [], 0
    for start in range(0, len(boxes), 500):
        one, other = tree.query(boxes[start : start + 500])
        one = one + start
        forward = one < other
        pairs.append((one[forward], other[forward]))
        looked += len(one)
        if looked > limits.most_pairs:
            break
    return np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])


def _meeting(xy: np.ndarray, i: int, j: int) -> list[tuple[str, float, float]]:
    """How two sides meet of which one ends on the other, or which lie on one line."""
    count = len(xy)
    a, b, c, d = xy[i], xy[(i + 1) % count], xy[j], xy[(j + 1) % count]
    shared: list[np.ndarray] = []
    for point, start, end in ((c, a, b), (d, a, b), (a, c, d), (b, c, d)):
        if _on(point, start, end) and not any(np.hypot(*(point - known)) <= SAME_POINT_M for known in shared):
            shared.append(point)
    if not shared:
        return []
    if len(shared) > 1:
        middle = (shared[0] + shared[1]) / 2
        return [(TOUCHES, float(middle[0]), float(middle[1]))]
    point = shared[0]
    through = _between(_arms(xy, i, point), _arms(xy, j, point), point)
    return [(CROSSES if through else TOUCHES, float(point[0]), float(point[1]))]


def _on(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> bool:
    way, off = end - start, point - start
    long = np.hypot(*way)
    if long == 0.0:
        return bool(np.hypot(*off) <= NEAR_M)
    along = (way @ off) / long
    return bool(abs(way[0] * off[1] - way[1] * off[0]) / long <= NEAR_M and -NEAR_M <= along <= long + NEAR_M)


def _arms(xy: np.ndarray, side: int, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the outline comes from and goes to at a point of one of its sides."""
    count = len(xy)
    start, end = xy[side], xy[(side + 1) % count]
    if np.hypot(*(point - start)) <= NEAR_M:
        return xy[side - 1], end
    if np.hypot(*(point - end)) <= NEAR_M:
        return start, xy[(side + 2) % count]
    return start, end


def _between(one, other, point) -> bool:
    """Whether two ways through a point cross there: the arms of one lie on either side of the other."""
    turn = [float(np.arctan2(*(arm - point)[::-1])) for arm in (*one, *other)]
    opening = (turn[1] - turn[0]) % (2 * np.pi)
    places = [(angle - turn[0]) % (2 * np.pi) for angle in turn[2:]]
    # An arm that lies on an arm of the other way decides nothing: the ways run together there.
    if any(min(place, 2 * np.pi - place, abs(place - opening)) < 1e-9 for place in places):
        return False
    return (places[0] < opening) != (places[1] < opening)


def _once(found: list[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """Each point once; one that is crossed is not told as touched as well."""
    kept: dict[tuple[int, int], tuple[str, float, float]] = {}
    for code, x, y in sorted(found, key=lambda one: one[0]):
        kept.setdefault((round(x / SAME_POINT_M), round(y / SAME_POINT_M)), (code, x, y))
    return list(kept.values())
