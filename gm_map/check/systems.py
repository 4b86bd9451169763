"""The coordinate systems that a Chinese planning file may be in: one table, and the way of each to WGS 84.

A projected system is first taken back to its own longitude and latitude, which is exact, then to WGS 84 by its datum:

``wgs84``, ``cgcs2000``  unchanged; they differ by centimetres.
``beijing54``            "Beijing 1954 to WGS 84 (3)", the one made for the Pearl River, good to 15 m.
``xian80``               no transformation is public; read as if it were WGS 84 (a ballpark).

The step is fixed here and does not depend on grids, the network or where a point lies, so a file always reads the same.
How far the old datums lie from CGCS2000 over China is published by the state survey as shifts of map sheets: up to 43 m
north and 119 m east for Xi'an 1980, 62 m and 84 m for Beijing 1954.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from gm_map.model import WGS84, Text

__all__ = ["BALLPARK", "BY_CODE", "DOUBT_M", "KINDS", "SYSTEMS", "System", "match", "parse", "transform"]

TABLE = Path(__file__).resolve().parent / "systems.csv"

KINDS = ("geographic", "gauss-krueger", "utm", "web-mercator", "unknown")
# How far a point may be off once its datum was taken to WGS 84, in metres.
DOUBT_M: Mapping[str, float] = MappingProxyType({"wgs84": 0.0, "cgcs2000": 0.0, "beijing54": 15.0, "xian80": 130.0})
# Datums whose way to WGS 84 is not known to anybody outside: the numbers are taken over as they stand.
BALLPARK = frozenset({"xian80"})

SHENZHEN = AreaOfInterest(113.7, 22.4, 114.6, 22.88)
LONGEST = 100_000  # characters of a declaration: no system needs more
SAME_DEGREES, SAME_METRES = 1e-6, 0.01
# What one ellipsoid may differ by where it is written with fewer digits; WGS 84 and GRS 80 are 16e-12 apart.
HALF_AXIS_M, FLATTENING = 0.5, 2e-12


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system of the table.

    ``meridian`` is the central one in degrees, None where there is none; ``prefix`` the number of the zone that stands
    before the easting (38 in 38 500 000), None where it does not.
    """

    code: str
    name: Text
    datum: str
    kind: str
    meridian: float | None
    prefix: int | None
    note: str

    @property
    def readable(self) -> bool:
        """Whether its coordinates can be taken to WGS 84 at all."""
        return self.kind != "unknown"

    @property
    def doubt_m(self) -> float:
        """How far a point may be off after `to_wgs84`, in metres."""
        return DOUBT_M.get(self.datum, float("inf"))

    def to_wgs84(self, x, y) -> tuple[np.ndarray, np.ndarray]:
        """Longitude and latitude (`gm_map.model.WGS84`) of east before north, or of longitude before latitude.

        Points that the system cannot hold come out as inf or nan.

        Raises
        ------
        ValueError
            Where its parameters are not public.
        """
        if not self.readable:
            raise ValueError(f"{self.code}: the parameters are not public")
        return transform(self.code, x, y)


def _load() -> tuple[System, ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            System(
                row["code"],
                Text(row["name"], row["name_en"]),
                row["datum"],
                row["kind"],
                float(row["meridian"]) if row["meridian"] else None,
                int(row["prefix"]) if row["prefix"] else None,
                row["note"],
            )
            for row in csv.DictReader(file)
        )


# In the order in which equals are preferred: what is in force in China before what it replaced.
SYSTEMS: tuple[System, ...] = _load()
BY_CODE: Mapping[str, System] = MappingProxyType({system.code: system for system in SYSTEMS})


def parse(declared: str | None) -> CRS | None:
    """The system that a file declares (WKT or a code) without its heights; None where nothing can be made of it."""
    if not declared or len(declared) > LONGEST:
        return None
    try:
        crs = CRS.from_user_input(declared)
        if crs.is_compound:
            crs = crs.sub_crs_list[0]
        if crs.is_bound and crs.source_crs is not None:
            crs = crs.source_crs
        if not (crs.is_geographic or crs.is_projected):
            return None
        return crs.to_2d() if len(crs.axis_info) > 2 else crs
    except (CRSError, ValueError, TypeError, RuntimeError):
        return None


def match(crs: CRS) -> System | None:
    """The row of the table that is the same as ``crs``: by its code, else by its parameters, whatever it is called.

    Names of ESRI, such as ``CGCS2000_3_Degree_GK_CM_114E``, and definitions without any code are known by projection,
    central meridian, false easting, scale and ellipsoid. A datum that has a row only by the ellipsoid it shares
    (GRS 80: CGCS2000) is within a metre of it.
    """
    authority = crs.to_authority()
    if authority and (known := BY_CODE.get(":".join(authority))):
        return known
    own = _parameters(crs)
    return next((system for system in SYSTEMS if system.readable and _alike(own, _of_code(system.code))), None)


@cache
def _of_code(code: str) -> tuple:
    return _parameters(CRS.from_user_input(code))


def _parameters(crs: CRS) -> tuple:
    """Method, half axis, flattening, and what the projection turns on; None for what cannot be compared."""
    ellipsoid = crs.ellipsoid
    flat = ellipsoid.inverse_flattening
    round_earth = (ellipsoid.semi_major_metre, 1.0 / flat if flat else 0.0)
    if not crs.is_projected or crs.coordinate_operation is None:
        degrees = crs.is_geographic and abs(crs.axis_info[0].unit_conversion_factor - np.pi / 180) < 1e-9
        greenwich = crs.prime_meridian is not None and crs.prime_meridian.longitude == 0
        return ("geographic" if degrees and greenwich else None, *round_earth)
    operation = crs.coordinate_operation
    values = {parameter.name: parameter.value * parameter.unit_conversion_factor for parameter in operation.params}
    in_metres = all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info)
    method = operation.method_name if in_metres else None
    if method == "Gauss-Kruger":  # the name that ESRI's own definitions keep
        method = "Transverse Mercator"
    return (
        method,
        *round_earth,
        np.degrees(values.get("Longitude of natural origin", 0.0)),
        np.degrees(values.get("Latitude of natural origin", 0.0)),
        values.get("False easting", 0.0),
        values.get("False northing", 0.0),
        values.get("Scale factor at natural origin", 1.0),
    )


def _alike(one: tuple, other: tuple) -> bool:
    if one[0] is None or one[0] != other[0] or len(one) != len(other):
        return False
    if abs(one[1] - other[1]) > HALF_AXIS_M or abs(one[2] - other[2]) > FLATTENING:
        return False
    limits = (SAME_DEGREES, SAME_DEGREES, SAME_METRES, SAME_METRES, 1e-9)
    return all(abs(a - b) <= limit for a, b, limit in zip(one[3:], other[3:], limits, strict=False))


@cache
def _ways(code: str):
    """The steps of a system to WGS 84: to its own degrees, and from these by the datum (None: unchanged)."""
    crs = CRS.from_user_input(code)
    known = BY_CODE.get(code)
    if known is None:
        return Transformer.from_crs(crs, WGS84, always_xy=True), None
    own = crs.geodetic_crs
    first = None if crs.is_geographic else Transformer.from_crs(crs, own, always_xy=True)
    return first, _datum_step(own.to_wkt()) if known.datum == "beijing54" else None


@cache
def _datum_step(geodetic: str) -> Transformer:
    # One operation for all points: left to itself the library takes another one for each side of 22.89 degrees north.
    group = TransformerGroup(geodetic, WGS84, always_xy=True, area_of_interest=SHENZHEN, allow_ballpark=False)
    return group.transformers[0]


def transform(crs: str, x, y) -> tuple[np.ndarray, np.ndarray]:
    """Points of a system, given by a code of the table or anything that pyproj knows, as WGS 84 degrees.

    Parameters
    ----------
    crs : str
    x, y : array
        East before north, or longitude before latitude, in the units of the system.

    Returns
    -------
    tuple of array
        Longitude and latitude; inf or nan where there is no such point.
    """
    for step in _ways(crs):
        if step is not None:
            x, y = step.transform(x, y)
    return np.asarray(x, dtype=float), np.asarray(y, dtype=float)
