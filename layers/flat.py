"""The district on a flat sheet, in the sheet's own units: for pictures that are no map to move about in."""

import math
from dataclasses import dataclass

from gm_map.model import Level
from layers import geo

__all__ = ["Sheet", "lines", "rings", "shapes", "sheet"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that the district fits on: width and height in its units, north up."""

    width: float
    height: float
    west: float
    north: float
    across: float
    up: float

    def at(self, longitude, latitude) -> tuple[float, float]:
        """Where a point (degrees, WGS 84) falls, from the upper left corner."""
        return (longitude - self.west) * self.across, (self.north - latitude) * self.up


def sheet(district, width, margin=0.03) -> Sheet:
    """A sheet of a width, as high as the district asks for.

    Degrees are drawn with the longitude narrowed to the middle latitude: over 20 km the error is far below a pixel.
    """
    west, south, east, north = district.bounds
    side = (east - west) * margin
    narrowed = math.cos(math.radians((south + north) / 2))
    across = width / (east - west + 2 * side)
    up = across / narrowed
    return Sheet(width, (north - south) * up + 2 * side * across, west - side, north + side * narrowed, across, up)


def rings(geometry) -> list[list[list]]:
    """Polygons of a GeoJSON geometry as rings, the outer one first; lines as a single open ring each."""
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Polygon":
        return [coordinates]
    if kind == "MultiPolygon":
        return list(coordinates)
    return [[line] for line in (coordinates if kind == "MultiLineString" else [coordinates])]


def shapes(district, level: Level) -> dict[str, list[list[list]]]:
    """The polygons of all places of a level, by id."""
    return {
        feature["properties"]["id"]: rings(feature["geometry"]) for feature in geo.places(district, level)["features"]
    }


def lines(district, *kinds) -> list[list[list]]:
    """Shapes of the background, of these kinds."""
    return [
        polygon for feature in geo.background(district, *kinds)["features"] for polygon in rings(feature["geometry"])
    ]
