"""A broken layer: its features, and the findings that it must give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import shapely

from gm_map import district as district_module
from gm_map import measure
from gm_map.check import identify, layer_rules, plan_rules, shapes_rules
from gm_map.check.results import Drawing, Finding, Identity, Layer, Trouble
from gm_map.model import Level

CASES: dict[str, Callable[[], Case]] = {}
HOME = "unit-05"  # a large unit, in the middle of the district, whose cluster has five others


@dataclass(frozen=True)
class Expected:
    """A finding that must be there: its code, its feature, and a point (true to a metre) or an area that it lies in."""

    code: str
    row: int | None = 0
    where: shapely.Geometry | None = None


@dataclass(frozen=True)
class Case:
    """A layer in degrees, the names of its features, and what is wrong with it.

    ``also`` are errors that follow from the fault, and are none of their own; ``own`` are its coordinates in another
    system, where the file has one.
    """

    geometries: list
    names: list[str]
    expected: list[Expected]
    also: frozenset[str] = frozenset()
    own: list | None = None
    troubles: tuple[Trouble, ...] = ()
    format: str = "GPKG"
    columns: dict[str, tuple] = field(default_factory=dict)

    def layer(self) -> Layer:
        """The layer as reading gives it."""
        own = self.geometries if self.own is None else self.own
        return Layer(
            "broken.gpkg",
            self.format,
            array(own),
            {"name": tuple(self.names), **self.columns},
            None,
            "",
            "utf-8",
            self.troubles,
        )


@dataclass(frozen=True)
class Findings:
    """What all rules find in a case."""

    layer: Layer
    geometries: np.ndarray
    identities: tuple[Identity, ...]
    drawing: Drawing
    found: list[Finding]


def broken(function: Callable[[], Case]) -> Callable[[], Case]:
    """Put a case in the list under the name of its function."""
    CASES[function.__name__] = function
    return function


@cache
def district():
    """The shipped map."""
    return district_module.load()


def array(geometries) -> np.ndarray:
    """Geometries as an object array."""
    found = np.empty(len(geometries), dtype=object)
    found[:] = geometries
    return found


def checked(case: Case) -> Findings:
    """All rules about shapes, layers and the plan, on one case."""
    return findings(case.layer(), array(case.geometries))


def findings(layer: Layer, geometries: np.ndarray) -> Findings:
    """The same on a layer."""
    ours = district()
    identities = identify.identify(layer, geometries, ours)
    drawing = identify.drawing(layer, geometries, identities, ours)
    found = shapes_rules.find(layer, geometries, identities)
    found += layer_rules.find(layer, geometries, identities, drawing)
    found += plan_rules.find(layer, geometries, identities, drawing, ours)
    return Findings(layer, geometries, identities, drawing, found)


@cache
def _origin() -> tuple[float, float]:
    lat, lon = district().label_point(HOME)
    point = measure.to_metres(shapely.Point(lon, lat))
    return point.x, point.y


def degrees(geometry):
    """A geometry in metres east and north of the middle of `HOME`, in degrees."""
    x, y = _origin()
    return measure.to_degrees(shapely.transform(geometry, lambda xy: xy + np.array([x, y])))


def ring(*points: tuple[float, float], holes=()):
    """A polygon of points in metres from the middle of `HOME`, in degrees; the first point closes it."""
    return degrees(shapely.Polygon(points, holes))


def at(x: float, y: float):
    """A point in metres from the middle of `HOME`, in degrees."""
    return degrees(shapely.Point(x, y))


def box(west: float, south: float, east: float, north: float):
    """A rectangle in metres from the middle of `HOME`, counter-clockwise, in degrees."""
    return ring((west, south), (east, south), (east, north), (west, north))


def name(id_: str) -> str:
    """What the plan calls a place."""
    return district().catalogue.places[id_].name.zh


def shapes(level: Level = Level.UNIT) -> tuple[list, list[str]]:
    """Outlines and names of a level, as shipped."""
    places = district().catalogue.at(level)
    return [district().shape(place.id) for place in places], [place.name.zh for place in places]


def row(id_: str) -> int:
    """Where a place stands among those of its level."""
    places = district().catalogue.at(district().catalogue.places[id_].level)
    return [place.id for place in places].index(id_)


def only(geometry, *expected: Expected, also: str = "", **more) -> Case:
    """A layer of one feature, called as `HOME` is."""
    return Case([geometry], [name(HOME)], list(expected), frozenset(also.split()), **more)
