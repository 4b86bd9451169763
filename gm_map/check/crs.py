"""In which coordinate system a layer is: what the file declares, held against its numbers, or what the numbers allow.

Every system of the table (`gm_map.check.systems`), in both orders of the axes, is tried by where the points land: in
the district, or not. What lands there alike is told apart by the outlines themselves where they are drawn closely
enough after known ones; else it is said to be ambiguous, with how far the readings lie apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely.errors import GEOSException

from gm_map import measure
from gm_map.check import identify, shift, systems
from gm_map.check.codes import severity
from gm_map.check.results import CrsReading, Finding, Layer
from gm_map.check.systems import BY_CODE, SYSTEMS, System
from gm_map.district import District
from gm_map.model import WGS84

__all__ = ["CUSTOM", "findings", "notes", "read", "to_wgs84", "told"]

CUSTOM = "custom"  # a system that the file declares and the table does not have
POINTS = 4000  # looked at; evenly through the layer
TRIED_FEATURES = 150  # held against known outlines
AROUND_M = 1500.0  # land beside the district that a layer may take in
LANDS, MAY_LAND = 0.5, 0.05  # share of the points that come to lie there: it fits; the layer may reach beyond
NEXT_TO_BEST = 0.8  # of the best share: fits as well
HARMLESS_M = 2.0  # systems so near to one another give the same map
ELSEWHERE_KM = 100.0
# A reading is ruled out where its outlines lie so many times farther off, and so much more, than the best one's.
WORSE_TIMES, WORSE_M = 3.0, 15.0
COPIED_M = 15.0  # outlines so near to the shipped ones were drawn after them: then the numbers fit, whatever their name
EXACT_M = 0.05  # the shipped outlines themselves
WIDE_M = 200.0
SURE, ONLY_ONE, EITHER, WIDE, GUESS = 1.0, 0.95, 0.5, 0.4, 0.3
OVERRIDDEN = 0.6  # at most, where the file says otherwise
# Numbers of the Shenzhen local system, in either order: metres.
LOCAL = ((80_000.0, 180_000.0), (10_000.0, 60_000.0))


@dataclass(frozen=True, slots=True)
class _Try:
    system: System
    swapped: bool
    share: float
    lon: np.ndarray
    lat: np.ndarray


@lru_cache(maxsize=4)
def _around(district: District) -> tuple[shapely.Geometry, tuple[float, float]]:
    """The district with the land beside it, in degrees, and a point in its middle."""
    shapes = [
        shapely.geometry.shape(feature["geometry"])
        for feature in district.background
        if feature["properties"]["kind"] == "district"
    ]
    wide = measure.to_degrees(shapely.union_all(measure.to_metres(np.array(shapes, dtype=object))).buffer(AROUND_M))
    shapely.prepare(wide)
    middle = wide.centroid
    return wide, (middle.x, middle.y)


def read(layer: Layer, district: District) -> CrsReading:
    """Which coordinate system a layer is in.

    Parameters
    ----------
    layer : Layer
        Coordinates that are not numbers do not count.
    district : District

    Returns
    -------
    CrsReading
        ``confidence`` is 1.0 for a declaration that fits, 0.95 where the numbers allow one system only (or such as are
        the same within 2 m), 0.5 and less where they allow several; what the file declares is not taken where only
        another system lands in the district. ``alternatives`` are (code, metres that it would lie elsewhere).
    """
    x, y = _points(layer)
    if not len(x):
        return CrsReading(None, "none", 0.0, (), False, "no_features", {"count": len(layer)})
    declared = systems.parse(layer.crs)
    if declared is None:
        return _by_numbers(layer, district, x, y)
    own = systems.match(declared)
    code = own.code if own else CUSTOM
    how = "format" if layer.crs_from == "format" else "declared"
    facts: dict[str, Any] = {"system": code, "declared": code if own else declared.name[:80]}
    for swapped in (False, True):
        lon, lat = systems.transform(_crs_of(layer, code), *((y, x) if swapped else (x, y)))
        share = _share(lon, lat, district)
        if share >= (LANDS if swapped else MAY_LAND):
            key = "declared_swapped" if swapped else how
            sure = 0.9 if swapped or share < LANDS else SURE
            return CrsReading(code, how, sure, (), swapped, key, {**facts, "share": share})
        if not swapped:
            away_km = _away_km(lon, lat, district)
    found = _by_numbers(layer, district, x, y)
    if found.detected and found.facts.get("share", 0.0) >= LANDS:
        facts = {**found.facts, "declared": facts["declared"], "km": away_km}
        sure = min(found.confidence, OVERRIDDEN)
        key = "declared_wrong" if np.isfinite(away_km) else "declared_nowhere"
        return CrsReading(found.detected, "numbers", sure, found.alternatives, found.swapped, key, facts)
    if not np.isfinite(away_km):
        return _nothing("none", x, y)
    sure = 0.9 if away_km <= ELSEWHERE_KM else GUESS
    return CrsReading(code, how, sure, (), False, "declared_far", {**facts, "km": away_km})


def _points(layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    coordinates = shapely.get_coordinates(layer.geometries)
    coordinates = coordinates[np.isfinite(coordinates).all(axis=1)]
    if len(coordinates) > POINTS:
        coordinates = coordinates[np.linspace(0, len(coordinates) - 1, POINTS).astype(int)]
    return coordinates[:, 0], coordinates[:, 1]


def _share(lon, lat, district: District) -> float:
    inside = shapely.contains_xy(_around(district)[0], *_numbers(lon, lat))
    return float(np.count_nonzero(inside)) / max(len(lon), 1)


def _numbers(lon, lat) -> tuple[np.ndarray, np.ndarray]:
    good = np.isfinite(lon) & np.isfinite(lat)
    return lon[good], lat[good]


def _away_km(lon, lat, district: District) -> float:
    """From the middle of the district to the middle of the points, in km; inf where they are nowhere on earth."""
    lon, lat = _numbers(lon, lat)
    if not len(lon) or abs(np.median(lat)) > 90.0 or abs(np.median(lon)) > 360.0:
        return float("inf")
    return measure.distance_m(*_around(district)[1], float(np.median(lon)), float(np.median(lat))) / 1000.0


def _crs_of(layer: Layer, code: str) -> str:
    return str(layer.crs) if code == CUSTOM else code


def _plausible(system: System, x: np.ndarray, y: np.ndarray) -> bool:
    """Whether numbers of that size can be Shenzhen in a system: spares the transforming."""
    east, north = float(np.median(x)), float(np.median(y))
    if system.kind == "geographic":
        return abs(east) <= 180.0 and abs(north) <= 90.0
    if system.kind == "web-mercator":
        return 1.2e7 < east < 1.35e7
    return east // 1e6 == (system.prefix or 0) and 2e6 < north < 3e6


def _by_numbers(layer: Layer, district: District, x, y) -> CrsReading:
    tries = []
    for system in SYSTEMS:
        for swapped in (False, True):
            east, north = (y, x) if swapped else (x, y)
            if system.readable and _plausible(system, east, north):
                lon, lat = system.to_wgs84(east, north)
                tries.append(_Try(system, swapped, _share(lon, lat, district), lon, lat))
    most = max((one.share for one in tries), default=0.0)
    fitting = [one for one in tries if one.share >= max(MAY_LAND, NEXT_TO_BEST * most)]
    if not fitting:
        return _nowhere(tries, district, x, y)
    misfits = _misfits(layer, fitting, district)
    least = min((m for m in misfits if m is not None), default=None)
    if least is not None:
        pairs = zip(fitting, misfits, strict=True)
        kept = [(one, m) for one, m in pairs if m is None or m <= WORSE_TIMES * least + WORSE_M]
        # Of readings that fit, the first of the table; of the shipped outlines, the one that gives them back exactly.
        kept.sort(key=lambda pair: least <= EXACT_M and pair[1] is not None and pair[1] > EXACT_M)
        fitting = [one for one, _ in kept]
    best = fitting[0]
    copied = least is not None and least <= COPIED_M
    apart = [(one.system.code, _apart_m(best, one, copied)) for one in fitting[1:]]
    far = max((metres for _, metres in apart), default=0.0)
    # One that is ruled out only by a datum nobody knows is not ruled out: unless the outlines are known ones.
    sure = ONLY_ONE if far <= HARMLESS_M else EITHER if far <= WIDE_M else WIDE
    if best.share < LANDS:
        sure *= 0.8
    key = "only_one" if not apart else "harmless" if far <= HARMLESS_M else "ambiguous"
    facts = {
        "system": best.system.code,
        "share": best.share,
        "alternatives": ", ".join(f"{code} {metres:.0f} m" for code, metres in apart),
        "metres": far,
        "count": len(apart),
        "misfit_m": least,
    }
    return CrsReading(best.system.code, "numbers", sure, tuple(apart), best.swapped, key, facts)


def _nowhere(tries: Sequence[_Try], district: District, x, y) -> CrsReading:
    """What can still be said where no system lands in the district."""
    east, north = float(np.median(x)), float(np.median(y))
    for one, other in ((east, north), (north, east)):
        if all(low <= value <= high for value, (low, high) in zip((one, other), LOCAL, strict=True)):
            return _nothing("shenzhen_local", x, y)
    degrees = next((one for one in tries if one.system.code == WGS84 and not one.swapped), None)
    if degrees is not None:
        facts = {"system": WGS84, "km": _away_km(degrees.lon, degrees.lat, district), "share": 0.0}
        return CrsReading(WGS84, "numbers", GUESS, (), False, "degrees_far", facts)
    return _nothing("none", x, y)


def _nothing(key: str, x: np.ndarray, y: np.ndarray) -> CrsReading:
    return CrsReading(None, "none", 0.0, (), False, key, {"x": float(np.median(x)), "y": float(np.median(y))})


def _misfits(layer: Layer, fitting: Sequence[_Try], district: District) -> list[float | None]:
    """How far the outlines lie from known ones in each reading, in metres; readings that are the same count once."""
    if len(fitting) == 1:
        return [None]
    identities = identify.by_label(layer, district)
    usable = np.flatnonzero(~(shapely.is_missing(layer.geometries) | shapely.is_empty(layer.geometries)))
    named = [row for row in usable.tolist() if identities[row].place_id]
    rows = np.array(named or usable.tolist(), dtype=int)
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), TRIED_FEATURES)).astype(int)]
    again = [replace(identities[row], row=number) for number, row in enumerate(rows.tolist())]
    known: list[tuple[_Try, float | None]] = []
    found = []
    for one in fitting:
        same = next((m for other, m in known if _apart_m(other, one, True) < 0.01), _Unknown)
        if same is _Unknown:
            same = shift.misfit(_moved(layer.geometries[rows], one.system.code, one.swapped), again, district)
            known.append((one, same))
        found.append(same)
    return found


class _Unknown:
    """No misfit was worked out yet; None says that there is none."""


def _apart_m(one: _Try, other: _Try, exactly: bool) -> float:
    """How far two readings lie apart, in metres: at least what the datum of either leaves open."""
    good = np.isfinite(one.lon) & np.isfinite(other.lon) & np.isfinite(one.lat) & np.isfinite(other.lat)
    if not good.any():
        return float("inf")
    metres = measure.distance_m(one.lon[good], one.lat[good], other.lon[good], other.lat[good])
    open_m = 0.0 if exactly or one.system.datum == other.system.datum else max(one.system.doubt_m, other.system.doubt_m)
    return max(float(np.median(metres)), open_m)


def _moved(geometries, crs: str, swapped: bool) -> np.ndarray:
    def change(x, y):
        return systems.transform(crs, *((y, x) if swapped else (x, y)))

    geometries = np.asarray(geometries, dtype=object)
    with np.errstate(invalid="ignore"):  # vertices that are no numbers stay none
        try:
            return shapely.transform(geometries, change, interleaved=False)
        except GEOSException:
            # A ring whose ends are no numbers does not close: it alone is left out, not the layer.
            moved = [_one_moved(geometry, change) for geometry in geometries]
    found = np.full(len(geometries), None, dtype=object)
    found[:] = moved
    return found


def _one_moved(geometry, change):
    try:
        return None if geometry is None else shapely.transform(geometry, change, interleaved=False)
    except GEOSException:
        return None


def to_wgs84(layer: Layer, reading: CrsReading) -> np.ndarray:
    """The geometries (N,) of a layer as `gm_map.model.WGS84`, longitude before latitude, without heights.

    None stays None, vertex counts stay, broken shapes stay broken. All are None where no system was found: nobody
    knows where they are.
    """
    if reading.detected is None:
        return np.full(len(layer), None, dtype=object)
    geometries = np.asarray(layer.geometries, dtype=object)
    return _moved(geometries, _crs_of(layer, reading.detected), reading.swapped)


def notes(reading: CrsReading) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Further sentences on a reading: how well its datum is taken to WGS 84, where that is not exact."""
    system = BY_CODE.get(reading.detected or "")
    if system is None or not system.doubt_m:
        return ()
    key = "ballpark" if system.datum in systems.BALLPARK else "doubt"
    return ((key, {"system": system.code, "metres": system.doubt_m}),)


def told(facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The facts of a reading with the systems told by name, in ``"zh"`` or ``"en"``, to fill its sentence with."""
    return {
        name: _name(value, language) if name in ("system", "declared") and isinstance(value, str) else value
        for name, value in facts.items()
    }


def _name(code: str, language: str) -> str:
    system = BY_CODE.get(code)
    return f"{system.name.of(language)} ({code})" if system else code


def findings(layer: Layer, reading: CrsReading) -> list[Finding]:
    """What is to be said of a reading: CRS_ASSUMED, CRS_CONTRADICTED (the numbers are not of the declared system),
    CRS_UNKNOWN, and AXES_SWAPPED where north stands before east."""
    if reading.key == "no_features":
        return []
    facts = {
        "system": reading.detected or "",
        "how": reading.how,
        "confidence": reading.confidence,
        "swapped": reading.swapped,
        "key": reading.key,
        "alternatives": reading.alternatives,
    }
    codes = []
    if reading.detected is None:
        codes.append("CRS_UNKNOWN")
    elif reading.key in ("declared_wrong", "declared_nowhere"):
        codes.append("CRS_CONTRADICTED")
    elif reading.how == "numbers" or reading.key == "declared_far":
        codes.append("CRS_ASSUMED")
    if reading.swapped:
        codes.append("AXES_SWAPPED")
    return [Finding(code, severity(code), None, None, "", facts) for code in codes]
