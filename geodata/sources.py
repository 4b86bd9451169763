"""The geometry sources: read with the field table, checked against one another, every fault kept.

All coordinates here are longitude and latitude in degrees (`gm_map.model.WGS84`); `Frame` holds them unchanged.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gm_map.errors import DataError, Fault
from gm_map.kinds import show
from gm_map.tables import Reading, Row

__all__ = ["TABLES", "Frame", "Line", "read"]

TABLES = (
    *("places.csv", "sources.csv", "geo_sources.csv", "anchors.csv", "other_land.csv", "control_points.csv"),
    *("regions.csv", "limits.csv", "landmarks.csv", "named_areas.csv", "edge_doubts.csv", "corridor.csv"),
    *("labels.csv", "wording.csv", "spatial_claims.csv"),
)
COLLECTIONS = ("streets.geojson", "lines.geojson", "roads.geojson")
# West, south, east, north in degrees: the district and the land just round it.
ROUND_ABOUT = (113.80, 22.66, 114.05, 22.88)
DISTRICT = "district"
OTHER_LAND = "other-land"
RELATIONS = ("in", "out")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with what is known of it. ``uncertainty_m`` is one number a vertex, ``source_ids`` one id a vertex."""

    id: str
    kind: str
    coordinates: np.ndarray
    uncertainty_m: np.ndarray
    source_ids: tuple[str, ...]

    @property
    def shape(self) -> shapely.LineString:
        """The line in degrees."""
        return shapely.LineString(self.coordinates)


@dataclass(slots=True)
class Frame:
    """Everything that the build starts from: tables by file name, features by file name, and the lines by id."""

    rows: dict[str, list[Row]]
    features: dict[str, list[dict]]
    lines: dict[str, Line] = field(default_factory=dict)

    def table(self, name: str) -> list[Row]:
        """The rows of ``name``, a CSV file, in its order."""
        return self.rows[name]

    def units(self) -> list[str]:
        """Ids of the units, sorted."""
        return sorted(row.id for row in self.rows["places.csv"] if row["level"] == "unit")

    def parents(self) -> dict[str, str]:
        """Id of the place one level up, for each that has one."""
        return {row.id: row["parent_id"] for row in self.rows["places.csv"] if row["parent_id"]}

    def chain(self, place_id: str) -> list[str]:
        """The place and all that hold it, nearest first."""
        found, parents = [place_id], self.parents()
        while found[-1] in parents:
            found.append(parents[found[-1]])
        return found


def read(folder: Path) -> Frame:
    """Read all geometry sources in ``folder``.

    Raises
    ------
    DataError
        With every fault of every file, if there is any.
    """
    reading = Reading(Path(folder))
    for name in TABLES:
        reading.read_csv(name)
    features = {name: _collection(reading, name) for name in COLLECTIONS}
    reading.check_references()
    frame = Frame(reading.rows, features)
    if not reading.faults:
        frame.lines = _lines(frame)
        reading.faults.extend(_faults(frame))
    if reading.faults:
        raise DataError(reading.faults)
    return frame


def _collection(reading: Reading, name: str) -> list[dict]:
    text = reading.text(name)
    if text is None:
        return []
    try:
        document = json.loads(text)
        features = document["features"]
    except (ValueError, KeyError, TypeError) as error:
        remedy = "restore it from the repository"
        reading.faults.append(Fault(name, "JSON", show(str(error)), "a GeoJSON FeatureCollection", remedy))
        return []
    reading.unread.discard(name)
    sound = []
    for number, feature in enumerate(features, start=1):
        place = f"{name} feature {number}"
        before = len(reading.faults)
        reading.record(name, {"id": feature.get("id"), **feature.get("properties", {})}, place)
        try:
            shape = shapely.geometry.shape(feature["geometry"])
        except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
            reading.faults.append(Fault(place, "geometry", show(str(error)), "a GeoJSON geometry", "redraw it"))
            continue
        wanted = "Polygon" if name == "streets.geojson" else "LineString"
        if shape.geom_type != wanted:
            reading.faults.append(Fault(place, "geometry", shape.geom_type, f"a {wanted}", "split or redraw it"))
        elif not shape.is_valid:
            found = show(shapely.is_valid_reason(shape))
            reading.faults.append(Fault(place, "geometry", found, "a valid geometry", "correct the outline there"))
        else:
            for x, y in shapely.get_coordinates(shape).tolist():
                if (fault := _outside(place, "geometry", x, y)) is not None:
                    reading.faults.append(fault)
                    break
        if len(reading.faults) == before:
            sound.append(feature)
    return sound


def _outside(place: str, name: str, x: float, y: float) -> Fault | None:
    west, south, east, north = ROUND_ABOUT
    if west <= x <= east and south <= y <= north:
        return None
    swapped = west <= y <= east and south <= x <= north
    remedy = "swap the two: longitude comes first" if swapped else "correct it: degrees on WGS 84 are wanted"
    return Fault(place, name, f"{x:g}, {y:g}", f"longitude {west} to {east}, latitude {south} to {north}", remedy)


def _lines(frame: Frame) -> dict[str, Line]:
    lines = {}
    for name in ("lines.geojson", "roads.geojson"):
        for feature in frame.features[name]:
            known = feature["properties"]
            coordinates = np.array(feature["geometry"]["coordinates"], dtype=float)
            count = len(coordinates)
            lines[feature["id"]] = Line(
                feature["id"],
                known["kind"],
                coordinates,
                np.full(count, float(known["uncertainty_m"])),
                (known["source_id"],) * count,
            )
    drawn: dict[str, list[Row]] = {}
    for row in frame.table("control_points.csv"):
        drawn.setdefault(row["line_id"], []).append(row)
    for id_, rows in drawn.items():
        rows.sort(key=lambda row: row["vertex"])
        lines[id_] = Line(
            id_,
            "longda" if id_ == "longda" else "road",
            np.array([(row["lon"], row["lat"]) for row in rows]),
            np.array([row["uncertainty_m"] for row in rows], dtype=float),
            tuple(row["source_id"] for row in rows),
        )
    return lines


def _faults(frame: Frame) -> list[Fault]:
    faults = []
    for name in ("anchors.csv", "other_land.csv", "control_points.csv", "regions.csv", "landmarks.csv", "labels.csv"):
        faults.extend(_strays(frame.table(name)))
    for name in ("other_land.csv", "regions.csv", "landmarks.csv", "labels.csv", "named_areas.csv"):
        faults.extend(_twice(frame.table(name), "id"))
    faults.extend(_twice(frame.table("anchors.csv"), "place_id"))
    anchored = {row["place_id"] for row in frame.table("anchors.csv")}
    faults.extend(
        Fault("anchors.csv", "place_id", f"no {unit}", "one anchor for each unit", "add its row")
        for unit in frame.units()
        if unit not in anchored
    )
    faults.extend(
        Fault(row.place, "place_id", row["place_id"], "the id of a unit", "only units have anchors")
        for row in frame.table("anchors.csv")
        if row["place_id"] not in frame.units()
    )
    streets = {feature["id"]: feature for feature in frame.features["streets.geojson"]}
    regions = {row.id for row in frame.table("regions.csv")} | set(streets)
    places = {row.id for row in frame.table("places.csv")} | {row.id for row in frame.table("other_land.csv")}
    for row in frame.table("regions.csv"):
        faults.extend(
            Fault(row.place, "bounded_by", line, "the id of a line", "add the line or correct the id")
            for line in row["bounded_by"]
            if line != DISTRICT and line not in frame.lines
        )
    for row in frame.table("limits.csv"):
        if row["relation"] not in RELATIONS:
            faults.append(Fault(row.place, "relation", row["relation"], "in or out", "write one of the two words"))
        if row["place_id"] not in places | {OTHER_LAND}:
            faults.append(Fault(row.place, "place_id", row["place_id"], "a place or other land", "correct the id"))
        faults.extend(
            Fault(row.place, "regions", region, "a region or a street", "correct the id")
            for region in row["regions"]
            if region not in regions
        )
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in streets.values()]
    if not shapely.coverage_is_valid(shapes):
        wanted = "streets that share their sides vertex for vertex"
        faults.append(
            Fault("streets.geojson", "geometry", "gaps or overlaps", wanted, "give both sides the same vertices")
        )
    faults.extend(
        Fault(row.place, "line_id", row["line_id"], "the id of a line", "correct the id")
        for row in frame.table("corridor.csv")
        if row["line_id"] not in frame.lines
    )
    return faults


def _strays(rows: list[Row]) -> list[Fault]:
    found = (_outside(row.place, "lon, lat", row["lon"], row["lat"]) for row in rows)
    return [fault for fault in found if fault is not None]


def _twice(rows: list[Row], name: str) -> list[Fault]:
    seen: dict[Any, str] = {}
    faults = []
    for row in rows:
        if row[name] in seen:
            remedy = f"give it another: {seen[row[name]]} has this one"
            faults.append(Fault(row.place, name, show(row[name]), "an id of its own", remedy))
        seen.setdefault(row[name], row.place)
    return faults
