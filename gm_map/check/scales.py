"""Mistakes that make an area wrong by a factor: units, a decimal point, a projection, an ellipsoid, a shifted datum.

A `Scale` says how area and figure are related where the mistake was made: ``area = factor * figure``. What depends on
where the shape lies (every projection) is computed on the shape itself, through `gm_map.measure`.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import shapely

from gm_map import measure
from gm_map.check.units import SQUARE_METRES, Unit
from gm_map.datum import Datum, convert
from gm_map.model import (
    CGCS2000_GK_111,
    CGCS2000_GK_114,
    CGCS2000_GK_117,
    IAG_75,
    KRASSOVSKY,
    UTM_49N,
    UTM_50N,
    WEB_MERCATOR,
)

__all__ = ["Scale", "from_shape", "from_units"]

# By the name that their codes begin with. A 6° belt has the meridian of the 3° one of 111° or 117°, and its areas.
PROJECTIONS = {
    "web_mercator": WEB_MERCATOR,
    "utm_49": UTM_49N,
    "utm_50": UTM_50N,
    "gk_111": CGCS2000_GK_111,
    "gk_117": CGCS2000_GK_117,
}
ELLIPSOIDS = {"krassovsky": KRASSOVSKY, "iag_75": IAG_75}
UTM_SCALE = 0.9996  # of lengths on its meridian
# Equirectangular kilometres of one degree, as scripts reckon it: the equator of GRS 80 divided by 360.
KM_OF_A_DEGREE = math.tau * 6378.137 / 360


@dataclass(frozen=True, slots=True)
class Scale:
    """A mistake by a factor. ``facts`` fill its sentence; ``factor`` is ``area / figure`` where it was made.

    ``family`` names what is tried together: of causes that do not fit only the best of each family is told.
    """

    code: str
    family: str
    factor: float
    facts: dict[str, Any] = field(default_factory=dict, hash=False)


@cache
def from_units() -> tuple[Scale, ...]:
    """Slips that need no shape: each unit taken for each other one, and a decimal point one place off.

    The fact ``per`` is the size of the unit that was taken, in km²: the figure divided by it is the number written.
    """
    found = [
        Scale(
            f"unit_{meant}_as_{taken}",
            "unit",
            float(SQUARE_METRES[meant] / SQUARE_METRES[taken]),
            {"per": float(SQUARE_METRES[taken] / SQUARE_METRES[Unit.KM2])},
        )
        for taken in Unit
        for meant in Unit
        if taken != meant
    ]
    return (*found, Scale("decimal_right", "decimal", 0.1), Scale("decimal_left", "decimal", 10.0))


def from_shape(shape: shapely.Geometry, area_km2: float) -> Iterator[Scale]:
    """What a planar computation, another ellipsoid or a shifted datum would make of this shape.

    ``_figure``: the figure was taken so, and the shape is right. ``_drawn``: coordinates of that system were taken for
    true metres (or true degrees), so the shape is wrong by the factor and the figure is right.

    Parameters
    ----------
    shape : shapely.Geometry
        In `gm_map.model.WGS84`, valid, with an area.
    area_km2 : float
        Its true area.
    """
    return (one for one in _all(shape, area_km2) if math.isfinite(one.factor) and one.factor > 0)


def _all(shape, area_km2: float) -> Iterator[Scale]:
    def figure(code: str, family: str, makes: float) -> Scale:
        return Scale(f"{code}_figure", family, 1 / makes if makes else 0.0, {"makes": makes})

    def drawn(code: str, family: str, makes: float) -> Scale:
        return Scale(f"{code}_drawn", family, makes, {"makes": makes})

    yield figure("planar", "planar", float(measure.projected_km2(shape, CGCS2000_GK_114)) / area_km2)
    for code, crs in PROJECTIONS.items():
        makes = float(measure.projected_km2(shape, crs)) / area_km2
        yield from (figure(code, code, makes), drawn(code, code, makes))
    # UTM metres read as Gauss-Krueger metres of the same meridian: only the scale on the meridian is lost.
    yield drawn("utm_as_gk", "utm_as_gk", UTM_SCALE**2)
    yield drawn("gk_as_utm", "utm_as_gk", UTM_SCALE**-2)
    degrees = float(measure.planar_m2(shape))  # planar, in whatever the coordinates are: square degrees
    yield Scale("degrees_figure", "degrees", area_km2 / degrees, {})
    makes = degrees * KM_OF_A_DEGREE**2 / area_km2
    yield from (figure("plate_carree", "degrees", makes), drawn("plate_carree", "degrees", makes))
    for code, ellipsoid in ELLIPSOIDS.items():
        yield figure(code, "ellipsoid", measure.geodesic_km2(shape, ellipsoid) / area_km2)
    for datum in (Datum.GCJ02, Datum.BD09):
        makes = measure.geodesic_km2(_shifted(shape, datum)) / area_km2
        yield from (figure(str(datum), "datum", makes), drawn(str(datum), "datum", makes))


def _shifted(shape, datum: Datum):
    return shapely.transform(shape, lambda lon, lat: convert(lon, lat, Datum.WGS84, datum), interleaved=False)
