"""GeoJSON read with every fault kept, before anything is made of it; what the features mean is not known here."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import shapely

from gm_map.errors import Fault
from gm_map.kinds import show
from gm_map.tables import Reading

__all__ = ["DECIMALS", "REBUILD", "read_features", "read_json"]

DECIMALS = 7  # a centimetre
REBUILD = "rebuild it with python -m gm_map build"


def read_json(reading: Reading, name: str) -> Any:
    """A JSON file of the folder, or None with the fault noted."""
    if (text := reading.text(name)) is None:
        return None
    try:
        document = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_once)
    except ValueError as error:
        reading.faults.append(Fault(name, "JSON", show(str(error)), "JSON as RFC 8259 has it, each key once", REBUILD))
        return None
    reading.unread.discard(name)
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def read_features(
    reading: Reading, name: str, box: tuple[float, ...]
) -> list[tuple[str, Mapping[str, Any], shapely.Geometry | None]]:
    """Features of a collection: where each stands, the feature, and its shape (None where it is faulty).

    Parameters
    ----------
    box : tuple of float
        West, south, east, north (degrees) that all coordinates must lie in.
    """
    document = read_json(reading, name)
    if document is None:
        return []
    features = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        found = document.get("type") if isinstance(document, Mapping) else type(document).__name__
        reading.faults.append(Fault(name, "type", show(found), "FeatureCollection with features", REBUILD))
        reading.unread.add(name)
        return []
    if "crs" in document:
        remedy = "delete it: RFC 7946 has one system, longitude and latitude on WGS 84"
        reading.faults.append(Fault(name, "crs", show(document["crs"]), "no crs member", remedy))
    found = []
    for number, feature in enumerate(features, start=1):
        place = f"{name} feature {number}"
        if not isinstance(feature, Mapping) or not isinstance(feature.get("properties"), Mapping):
            reading.faults.append(Fault(place, "feature", show(feature), "a feature with properties", REBUILD))
            continue
        if isinstance(feature.get("id"), str):
            place = f"{name} {show(feature['id'])}"
        found.append((place, feature, _shape(reading, feature.get("geometry"), place, box)))
    return found


def _shape(reading: Reading, geometry: Any, place: str, box: tuple[float, ...]) -> shapely.Geometry | None:
    try:
        shape = shapely.geometry.shape(geometry)
        coordinates = shapely.get_coordinates(shape)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
        reading.faults.append(Fault(place, "geometry", show(str(error)), "a GeoJSON geometry", REBUILD))
        return None
    faults = list(_coordinate_faults(coordinates, place, box)) or list(_form_faults(shape, place))
    reading.faults.extend(faults)
    return None if faults else shape


def _form_faults(shape: shapely.Geometry, place: str) -> Iterator[Fault]:
    if shape.is_empty:
        yield Fault(place, "geometry", "an empty one", "coordinates", REBUILD)
    if shape.has_z:
        yield Fault(place, "geometry", "heights", "longitude and latitude only", REBUILD)
    if not shape.is_valid:
        found = show(shapely.is_valid_reason(shape))
        yield Fault(place, "geometry", found, "a valid geometry", "correct the outline there and rebuild")
    for polygon in shapely.get_parts(shape).tolist():
        if polygon.geom_type == "Polygon" and not polygon.is_empty and not polygon.exterior.is_ccw:
            wanted = "outer rings counter-clockwise (RFC 7946)"
            yield Fault(place, "geometry", "an outer ring that turns clockwise", wanted, "turn the ring round")


def _coordinate_faults(coordinates: Any, place: str, box: tuple[float, ...]) -> Iterator[Fault]:
    west, south, east, north = box
    wanted = f"longitude {west} to {east}, latitude {south} to {north}"
    for x, y in coordinates.tolist():
        if west <= x <= east and south <= y <= north:
            if round(x, DECIMALS) != x or round(y, DECIMALS) != y:
                yield Fault(place, "geometry", f"{x}, {y}", f"{DECIMALS} decimals at most", "round to a centimetre")
                return
            continue
        if not (math.isfinite(x) and math.isfinite(y)):
            remedy = "delete or correct the vertex"
        elif west <= y <= east and south <= x <= north:
            remedy = "swap the axes: longitude comes first"
        elif abs(x) > 180 or abs(y) > 90:
            remedy = "these look like metres: convert them to degrees on WGS 84"
        else:
            remedy = "the vertex lies far from Shenzhen: correct it"
        yield Fault(place, "geometry", f"{x:.7g}, {y:.7g}", wanted, remedy)
        return
