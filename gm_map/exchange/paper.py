"""The district on paper: its shapes, points and grid in metres of the plane, as plain numbers for whoever draws.

East and north in `gm_map.model.CGCS2000_GK_114`; over the district its lengths are true to 20 millionths, so a scale
of paper can be read off it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import shapely

from gm_map import measure
from gm_map.district import District
from gm_map.model import Text

__all__ = ["Ground", "Mark", "Tick", "ground", "ticks"]

Rings = tuple[tuple[tuple[float, float], ...], ...]
STEP = 3  # minutes of arc between two ticks


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with a name: a station, the middle of a street, a neighbour."""

    kind: str
    name: Text
    at: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tick:
    """Where a meridian or a parallel meets an edge of the frame (``side``: top, bottom, left, right), and its name."""

    side: str
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Ground:
    """All that is drawn, in metres (east, north).

    ``places`` and ``background`` give polygons (the outer ring first, closed) or lines (one open ring) by place id and
    by kind; ``anchors`` the point that a place's label belongs to. ``bounds`` are west, south, east, north of the
    district.
    """

    bounds: tuple[float, float, float, float]
    places: Mapping[str, tuple[Rings, ...]]
    anchors: Mapping[str, tuple[float, float]]
    background: Mapping[str, tuple[Rings, ...]]
    marks: tuple[Mark, ...]


@lru_cache(maxsize=2)
def ground(district: District) -> Ground:
    """Project a district."""
    background: dict[str, list[Rings]] = {}
    marks = []
    for feature in district.background:
        properties = feature["properties"]
        flat = measure.to_metres(shapely.geometry.shape(feature["geometry"]))
        if flat.geom_type == "Point":
            name = Text(properties["name"], properties.get("name_en", ""))
            marks.append(Mark(properties["kind"], name, (flat.x, flat.y)))
        else:
            background.setdefault(properties["kind"], []).extend(_rings(flat))
    west, south, east, north = district.bounds
    edges = [ring for rings in background.get("district", ()) for ring in rings]
    if edges:
        xs, ys = zip(*(point for ring in edges for point in ring), strict=True)
        bounds = (min(xs), min(ys), max(xs), max(ys))
    else:
        bounds = tuple(measure.to_metres(shapely.box(west, south, east, north)).bounds)
    ids = list(district.outlines)
    return Ground(
        bounds,
        {id_: tuple(_rings(measure.to_metres(district.shape(id_)))) for id_ in ids},
        {id_: _point(*reversed(district.label_point(id_))) for id_ in ids},
        {kind: tuple(found) for kind, found in background.items()},
        tuple(marks),
    )


def _rings(flat) -> Iterator[Rings]:
    for part in shapely.get_parts(flat).tolist():
        lines = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        yield tuple(tuple(map(tuple, shapely.get_coordinates(line).tolist())) for line in lines)


def _point(longitude: float, latitude: float) -> tuple[float, float]:
    flat = measure.to_metres(shapely.Point(longitude, latitude))
    return flat.x, flat.y


def ticks(west: float, south: float, east: float, north: float) -> tuple[Tick, ...]:
    """Meridians and parallels at every third minute, where they meet the edges of a frame (metres).

    On the plane they are curved by less than a metre over the district: two points of each are enough.
    """
    low = measure.to_degrees(shapely.Point(west, south))
    high = measure.to_degrees(shapely.Point(east, north))
    found = []
    for minutes in _multiples(low.x * 60, high.x * 60):
        for side, y, latitude in (("bottom", south, low.y), ("top", north, high.y)):
            x = _point(minutes / 60, latitude)[0]
            if west < x < east and abs(_point(minutes / 60, latitude)[1] - y) < STEP * 1000:
                found.append(Tick(side, x, f"{_name(minutes)}E"))
    for minutes in _multiples(low.y * 60, high.y * 60):
        for side, longitude in (("left", low.x), ("right", high.x)):
            y = _point(longitude, minutes / 60)[1]
            if south < y < north:
                found.append(Tick(side, y, f"{_name(minutes)}N"))
    return tuple(found)


def _multiples(low: float, high: float) -> range:
    return range(-(-int(low) // STEP) * STEP, int(high) + 1, STEP)


def _name(minutes: int) -> str:
    return f"{minutes // 60}°{minutes % 60:02}′"
