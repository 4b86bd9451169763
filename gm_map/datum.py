"""WGS 84, GCJ-02 and BD-09: the shifted coordinates of Chinese maps, there and back, and a guess at which one it is.

The state publishes no formula. This is the one that has been in public use since it was reverse-engineered around 2010
(known as "eviltransform"; BD-09 is Baidu's own step on top of GCJ-02). Against what map services answer it is good to
about a metre or two; that is the accuracy of a conversion. The way back is found by iteration, so a round trip is exact
to 1e-9 degrees: that says nothing of the accuracy.

Coordinates are longitude, latitude in degrees, numbers or arrays of one shape; NaN stays NaN. Points outside
`RECTANGLE` are not shifted. The rectangle is the usual one and coarse: it takes in neighbours of China, and within it
Hong Kong, Macao and Taiwan are shifted too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from gm_map.district import District

__all__ = ["RECTANGLE", "Datum", "Guess", "convert", "guess", "in_rectangle"]

RECTANGLE = (72.004, 0.8293, 137.8347, 55.8271)  # west, south, east, north

# Krasovsky 1940: half axis in metres, and first eccentricity squared, as the formula has them.
HALF_AXIS = 6378245.0
ECCENTRICITY_2 = 0.00669342162296594323
BAIDU_TURN = np.pi * 3000.0 / 180.0
# The shift changes by a thousandth of a step (GCJ-02) or a fiftieth (BD-09): so many steps leave less than 1e-12.
STEPS = {"gcj02": 6, "bd09": 9}

CLEAR_SHARE = 0.5  # of the points must fit a datum before it is called the one
CLEAR_LEAD = 0.01  # and so many more than fit the next


class Datum(StrEnum):
    """What coordinates are counted from."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, slots=True)
class Guess:
    """Which datum some points are in. ``told`` is False where it cannot be told: then ``datum`` is WGS 84, assumed.

    ``shares`` gives by datum the share of the points (0 to 1) that lie where they should when read in it; ``why`` is
    ``one fits``, ``several fit`` or ``none fits``.
    """

    datum: Datum
    told: bool
    why: str
    shares: dict[Datum, float]


def in_rectangle(lon, lat):
    """Whether points are shifted at all, as booleans; False for NaN."""
    west, south, east, north = RECTANGLE
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def convert(lon, lat, source: Datum | str, target: Datum | str) -> tuple[np.ndarray, np.ndarray]:
    """Points from one datum to another.

    Parameters
    ----------
    lon, lat : float or array
        Degrees in ``source``.
    source, target : Datum
        ValueError for a word that is none.

    Returns
    -------
    tuple of array
        Longitude and latitude in ``target``, of the shape that came in.
    """
    source, target = Datum(source), Datum(target)
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    if source == target:
        return lon, lat
    inside = in_rectangle(lon, lat)
    moved = lon[inside], lat[inside]
    if source == Datum.BD09:
        moved = _back(_gcj_to_bd, *moved, STEPS["bd09"])
    if Datum.WGS84 in (source, target):
        moved = _wgs_to_gcj(*moved) if source == Datum.WGS84 else _back(_wgs_to_gcj, *moved, STEPS["gcj02"])
    if target == Datum.BD09:
        moved = _gcj_to_bd(*moved)
    found = lon.copy(), lat.copy()
    for whole, part in zip(found, moved, strict=True):
        whole[inside] = part
    return found


def _wgs_to_gcj(lon, lat):
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + (
        waves
        + (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi))
        + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0))
    ) * (2.0 / 3.0)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + (
        waves
        + (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi))
        + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi))
    ) * (2.0 / 3.0)
    phi = np.radians(lat)
    magic = 1.0 - ECCENTRICITY_2 * np.sin(phi) ** 2
    meridian = HALF_AXIS * (1.0 - ECCENTRICITY_2) / (magic * np.sqrt(magic))
    parallel = HALF_AXIS / np.sqrt(magic) * np.cos(phi)
    return lon + np.degrees(east / parallel), lat + np.degrees(north / meridian)


def _gcj_to_bd(lon, lat):
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BAIDU_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BAIDU_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _back(forward: Callable, lon, lat, steps: int):
    """The point that ``forward`` takes to (lon, lat): each step takes off what the last one missed by."""
    found_lon, found_lat = lon, lat
    for _ in range(steps):
        reached_lon, reached_lat = forward(found_lon, found_lat)
        found_lon, found_lat = found_lon + (lon - reached_lon), found_lat + (lat - reached_lat)
    return found_lon, found_lat


def guess(district: District, lon, lat, place_ids: Sequence[str | None] | None = None) -> Guess:
    """Which datum points are in, by where they come to lie when they are read in each.

    Parameters
    ----------
    lon, lat : float or array (N,)
        Degrees; points that are NaN do not count.
    place_ids : sequence of str or None, optional
        Where each point is known to be; None, and every point by default: somewhere in the district.

    Returns
    -------
    Guess
        A datum is told where at least half of the points fit it, and at least one in a hundred (and one) more than
        fit any other. A shift is about 600 m, so points in the middle of the district tell nothing.
    """
    lon, lat = np.atleast_1d(np.asarray(lon, dtype=float)), np.atleast_1d(np.asarray(lat, dtype=float))
    known = np.isfinite(lon) & np.isfinite(lat)
    ids = np.full(len(lon), None, dtype=object) if place_ids is None else np.asarray(place_ids, dtype=object)
    lon, lat, ids = lon[known], lat[known], ids[known]
    counts = {datum: _fitting(district, *convert(lon, lat, datum, Datum.WGS84), ids) for datum in Datum}
    total = max(len(lon), 1)
    shares = {datum: count / total for datum, count in counts.items()}
    best, second, *_ = sorted(Datum, key=lambda datum: -counts[datum])
    if counts[best] - counts[second] >= max(1.0, CLEAR_LEAD * total) and shares[best] >= CLEAR_SHARE:
        return Guess(best, True, "one fits", shares)
    return Guess(Datum.WGS84, False, "several fit" if counts[best] else "none fits", shares)


def _fitting(district: District, lon: np.ndarray, lat: np.ndarray, ids: np.ndarray) -> int:
    count = 0
    for place in dict.fromkeys(ids.tolist()):
        here = ids == place
        shape = _outline(district) if place is None else district.shape(place)
        count += int(shapely.intersects_xy(shape, lon[here], lat[here]).sum())
    return count


def _outline(district: District) -> shapely.Geometry:
    feature = next(feature for feature in district.background if feature["properties"]["kind"] == "district")
    shape = shapely.geometry.shape(feature["geometry"])
    shapely.prepare(shape)
    return shape
