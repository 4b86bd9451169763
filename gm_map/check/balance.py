"""Parents against their children: exactly, and as shown with few digits, so that what is shown adds up too.

Plain rounding of each figure makes sums that do not close (5.4 + 5.4 = 10.9). The largest-remainder way (Hamilton)
closes them: all are rounded down, and the units of the last place that are left go to those with the largest
remainders. No figure moves by more than one unit of the last place, and those that moved are named.
"""

import math
from collections.abc import Sequence

from gm_map import measure
from gm_map.check.results import Balance, Drawing
from gm_map.district import District
from gm_map.model import Level

__all__ = ["balances", "closed"]


def balances(drawing: Drawing, district: District, decimals: int = 1) -> tuple[Balance, ...]:
    """Every drawn zone against its clusters and every drawn cluster against its units, in the plan's order.

    The children are rounded so that they sum to the parent as shown, where they tile it: where ``gap_km2`` (parent less
    children, exactly) is less than half a unit of the last place. Where it is not, rounding has no business to hide it:
    the children sum to the rounding of their own sum, which then is ``shown_km2``.

    Parameters
    ----------
    drawing : Drawing
    district : District
    decimals : int
        Decimals of a km² that are shown.

    Returns
    -------
    tuple of Balance
        Areas are geodesic. Only children that are drawn are in it; a parent without any is left out.
    """
    found = []
    for level in (Level.ZONE, Level.CLUSTER):
        for parent in district.catalogue.at(level):
            ids = [id_ for id_ in district.catalogue.children(parent.id) if id_ in drawing.shapes]
            if parent.id not in drawing.shapes or not ids:
                continue
            whole = measure.geodesic_km2(drawing.shapes[parent.id])
            exact = [measure.geodesic_km2(drawing.shapes[id_]) for id_ in ids]
            gap = whole - math.fsum(exact)
            tiled = abs(gap) < 0.5 / 10**decimals
            shown, total, moved = closed(exact, decimals, whole if tiled else None)
            children = tuple(zip(ids, exact, shown, strict=True))
            names = tuple(ids[position] for position in moved)
            found.append(Balance(parent.id, whole, total, children, names, round(gap, 9), decimals))
    return tuple(found)


def closed(
    exact: Sequence[float], decimals: int, whole: float | None = None
) -> tuple[tuple[float, ...], float, tuple[int, ...]]:
    """Numbers rounded so that they sum to their total as rounded.

    Parameters
    ----------
    exact : sequence of float
        0 or more.
    decimals : int
    whole : float, optional
        The total, where it is known otherwise; it may differ from the sum by less than half a unit of the last place.

    Returns
    -------
    tuple
        The rounded numbers, their total, and the positions of those that plain rounding (half up) would show otherwise.

    >>> closed([5.44, 5.44], 1)
    ((5.5, 5.4), 10.9, (0,))
    """
    unit = 10**decimals
    scaled = [value * unit for value in exact]
    plain = [math.floor(value + 0.5) for value in scaled]
    total = math.floor((math.fsum(exact) if whole is None else whole) * unit + 0.5)
    left = total - sum(plain)
    # From plain rounding on, it is the same as from rounding down: the next largest remainders go up, the smallest of
    # those that went up come down.
    order = sorted(range(len(exact)), key=lambda position: (plain[position] - scaled[position], position))
    if left < 0:
        order = sorted(range(len(exact)), key=lambda position: (scaled[position] - plain[position], position))
    moved = order[: abs(left)]
    for position in moved:
        plain[position] += 1 if left > 0 else -1
    return tuple(value / unit for value in plain), total / unit, tuple(sorted(moved))
