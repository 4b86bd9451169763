"""KML, read by ourselves: folders are layers, and nothing that a file points to is fetched."""

import xml.etree.ElementTree as ElementTree  # only text without a document type comes here: see `markup`
from pathlib import Path
from typing import Any

import numpy as np

from gm_map.check.intake_geometry import assemble
from gm_map.check.intake_layer import Limits, counted, layer
from gm_map.check.intake_trouble import Troubles
from gm_map.check.refusal import Refused
from gm_map.check.results import Layer
from gm_map.model import WGS84

__all__ = ["read"]

FIELDS = ("name", "description")
SHAPES = {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Model", "Track", "MultiTrack"}


def read(path: Path, name: str, *, file: str, limits: Limits, kind: str = "KML") -> tuple[Layer, ...]:
    """Read a KML file that `gm_map.check.markup.look` has passed: a layer for each folder with placemarks.

    Parameters
    ----------
    path : Path
        In UTF-8.
    name : str
        Of a layer that is in no named folder.
    file : str
        What the file is called in sentences.
    limits : Limits
    kind : str
        ``KML`` or ``KMZ``.

    Raises
    ------
    Refused
        For too much of anything.
    """
    folders: dict[tuple[str, ...], list] = {}
    links = total = 0
    way: list[Any] = []
    names: list[list[str]] = []
    for event, element in ElementTree.iterparse(path, events=("start", "end")):
        tag = _tag(element)
        if event == "start":
            way.append(element)
            if tag in ("Document", "Folder"):
                names.append([""])
            continue
        way.pop()
        if tag == "name" and way and _tag(way[-1]) in ("Document", "Folder"):
            names[-1][0] = (element.text or "").strip()
        elif tag == "Placemark":
            total += 1
            counted(total, 0, file, limits)
            # A placemark may come before the name of its folder: the list is looked at when all is read.
            folders.setdefault(tuple(id(one) for one in names), [list(names)]).append(_placemark(element))
        elif tag == "NetworkLink":
            links += 1
        elif tag in ("Document", "Folder"):
            names.pop()
        if tag in ("Placemark", "NetworkLink", "Folder", "Style", "StyleMap", "GroundOverlay"):
            element.clear()
            if way and way[-1] is not element:
                way[-1].remove(element)
    found = [
        _layer([one[0] for one in way], marks, name, file, limits, kind, links if place == 0 else 0)
        for place, (way, *marks) in enumerate(folders.values())
    ]
    if not found:
        raise Refused("no_features", file=file)
    return tuple(found)


def _tag(element) -> str:
    return element.tag.rpartition("}")[2]


def _placemark(element) -> tuple[dict[str, str], list[tuple[str, Any]]]:
    """The fields of a placemark, and its shapes as (kind, nested positions)."""
    values: dict[str, str] = {}
    shapes = []
    for child in element:
        tag = _tag(child)
        if tag in FIELDS:
            values[tag] = (child.text or "").strip()
        elif tag == "ExtendedData":
            for data in child.iter():
                if _tag(data) == "Data":
                    inner = next((one for one in data if _tag(one) == "value"), None)
                    values.setdefault(data.get("name") or "", (inner.text or "") if inner is not None else "")
                elif _tag(data) == "SimpleData":
                    values.setdefault(data.get("name") or "", data.text or "")
        elif tag in SHAPES:
            shapes.append(_shape(child))
    if element.get("id"):
        values.setdefault("id", element.get("id"))
    return values, shapes


def _shape(element) -> tuple[str, Any]:
    tag = _tag(element)
    if tag == "Polygon":
        outer = [one for one in element.iter() if _tag(one) == "outerBoundaryIs"][:1]
        inner = [one for one in element.iter() if _tag(one) == "innerBoundaryIs"]
        rings = [_text(part) for boundary in [*outer, *inner] for part in boundary.iter() if _tag(part) == "LinearRing"]
        return tag, [_positions(text) for text in rings]
    if tag == "MultiGeometry":
        return tag, [_shape(child) for child in element if _tag(child) in SHAPES]
    if tag in ("LineString", "LinearRing"):
        return "LineString", _positions(_text(element))
    if tag == "Point":
        positions = _positions(_text(element))
        return tag, positions[0] if len(positions) else []
    return tag, None


def _text(element) -> str:
    return next((one.text or "" for one in element.iter() if _tag(one) == "coordinates"), "")


def _positions(text: str) -> Any:
    """Positions of a text: an array (n, 2 or 3), or a list of what stands there where it is no numbers."""
    places = text.split()
    if not places:
        return np.empty((0, 2))
    dimensions = places[0].count(",") + 1
    joined, count = ",".join(places), dimensions * len(places)
    # A number that is not there would be read as one.
    whole = ",," not in joined and not joined.startswith(",") and not joined.endswith(",")
    if dimensions in (2, 3) and joined.count(",") + 1 == count and whole:
        try:
            # With their count, for the array would be grown bit by bit without it: in the square of their number.
            numbers = np.fromstring(joined, sep=",", count=count)
        except (ValueError, DeprecationWarning):
            numbers = np.empty(0)
        if len(numbers) == count:
            return numbers.reshape(-1, dimensions)
    return [[_number(part) for part in place.split(",")] for place in places]


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _layer(way, marks, name, file, limits, kind, links) -> Layer:
    troubles = Troubles()
    if links:
        troubles.add("LINK_IGNORED", count=links)
    columns: dict[str, list] = {}
    shapes = []
    for row, (values, found) in enumerate(marks):
        shapes.append(_assembled(found, row, troubles))
        for key, value in values.items():
            columns.setdefault(key, [None] * row).append(value)
        counted(row, len(columns), file, limits)
        for column in columns.values():
            if len(column) <= row:
                column.append(None)
    return layer(
        "/".join(one for one in way if one) or name,
        kind,
        shapes,
        list(columns),
        list(columns.values()),
        troubles,
        file=file,
        limits=limits,
        crs=WGS84,
        crs_from="format",
    )


def _assembled(found: list, row: int, troubles: Troubles):
    if not found:
        return None
    kind, value = found[0] if len(found) == 1 else ("MultiGeometry", found)
    if kind != "MultiGeometry":
        return assemble(kind, value, row, troubles)
    flat = _flat(value)
    for one, many in (("Polygon", "MultiPolygon"), ("LineString", "MultiLineString"), ("Point", "MultiPoint")):
        if flat and all(kind == one for kind, _ in flat):
            return assemble(many, [value for _, value in flat], row, troubles)
    return assemble("GeometryCollection", flat, row, troubles)


def _flat(value: list) -> list:
    """Shapes of collections inside collections, all in one list."""
    return [one for kind, inner in value for one in (_flat(inner) if kind == "MultiGeometry" else [(kind, inner)])]
