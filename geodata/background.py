"""What the map shows to orientate: district, streets, lines, roads, stations, and the names round the edge."""

from collections.abc import Iterable

import numpy as np
import shapely

from geodata.outline import DECIMALS
from geodata.sources import Frame
from gm_map import measure

__all__ = ["features", "with_vertices"]

SAME_PLACE_M = 300.0
ON_SIDE_M = 0.05
LABEL_TOLERANCE_M = 20.0


def features(frame: Frame, units: dict[str, shapely.Polygon], corridors: dict[str, shapely.Polygon]) -> list[dict]:
    """All background features (id, properties, shape) in drawing order: areas, lines, points."""
    built = (*units.values(), *corridors.values())
    vertices = np.unique(np.concatenate([shapely.get_coordinates(shape) for shape in built]), axis=0)
    streets = {
        feature["id"]: (feature["properties"], with_vertices(shapely.geometry.shape(feature["geometry"]), vertices))
        for feature in frame.features["streets.geojson"]
    }
    return [*_areas(frame, streets), *_lines(frame), *_points(frame, streets, units)]


def with_vertices(area: shapely.Polygon, vertices: np.ndarray) -> shapely.Polygon:
    """The same outline with each of the ``vertices`` (degrees) that lies on a side of it put in.

    So that an outline and what was built along it share their sides vertex for vertex.
    """
    ring = shapely.get_coordinates(area.exterior)
    own = set(map(tuple, ring.tolist()))
    points = measure.to_metres(shapely.points(vertices))
    flat = shapely.get_coordinates(measure.to_metres(area.exterior))
    out = []
    for k in range(len(ring) - 1):
        out.append(tuple(ring[k].tolist()))
        side = shapely.LineString(flat[k : k + 2])
        near = np.flatnonzero(shapely.dwithin(points, side, ON_SIDE_M))
        for i in sorted(near.tolist(), key=lambda i: side.project(points[i])):
            if (vertex := tuple(vertices[i].tolist())) not in own:
                own.add(vertex)
                out.append(vertex)
    return shapely.orient_polygons(shapely.Polygon(out))


def _feature(id_: str, kind: str, known, shape: shapely.Geometry, uncertainty_m: float | None = None) -> dict:
    properties = {
        "kind": kind,
        "name": known["name"],
        "name_en": known["name_en"],
        "source_id": known["source_id"],
        "uncertainty_m": round(known["uncertainty_m"] if uncertainty_m is None else uncertainty_m),
    }
    return {"id": id_, "properties": properties, "shape": shape}


def _areas(frame: Frame, streets: dict) -> Iterable[dict]:
    named = next(row for row in frame.table("regions.csv") if row.id == "district")
    doubt = next(iter(streets.values()))[0]["uncertainty_m"]
    whole = shapely.orient_polygons(shapely.coverage_union_all([shape for _, shape in streets.values()]))
    yield _feature("district", "district", named, whole, doubt)
    for id_, (known, shape) in sorted(streets.items()):
        yield _feature(id_, "street", known, shape)


def _lines(frame: Frame) -> Iterable[dict]:
    for name in ("lines.geojson", "roads.geojson"):
        for feature in sorted(frame.features[name], key=lambda feature: feature["id"]):
            kind = "longda" if feature["id"].startswith("longda") else feature["properties"]["kind"]
            yield _feature(feature["id"], kind, feature["properties"], shapely.geometry.shape(feature["geometry"]))
    for row in frame.table("labels.csv"):
        if row["kind"] == "longda":
            line = frame.lines[row.id]
            yield _feature(row.id, "longda", row, line.shape, float(line.uncertainty_m.max()))


def _points(frame: Frame, streets: dict, units: dict[str, shapely.Polygon]) -> Iterable[dict]:
    stations = [row for row in frame.table("landmarks.csv") if row["kind"] in ("station", "station_hsr")]
    stations.sort(key=lambda row: (row["kind"] != "station_hsr", row.id))
    shown: list = []
    for row in stations:  # a place where two lines stop is one place, told by the greater of the two
        same = (
            measure.distance_m(row["lon"], row["lat"], other["lon"], other["lat"]) < SAME_PLACE_M
            for other in shown
            if other["name"] == row["name"]
        )
        if not any(same):
            shown.append(row)
    for row in sorted(shown, key=lambda row: row.id):
        yield _feature(row.id, row["kind"], row, shapely.Point(row["lon"], row["lat"]))
    taken = shapely.coverage_union_all(list(units.values()))
    for id_, (known, shape) in sorted(streets.items()):
        free = measure.to_metres(shapely.difference(shape, taken))
        circle = shapely.maximum_inscribed_circle(free, tolerance=LABEL_TOLERANCE_M)
        spot = shapely.get_coordinates(measure.to_degrees(circle))[0]
        yield _feature(f"label-{id_}", "street_label", known, shapely.Point(np.round(spot, DECIMALS)))
    for row in frame.table("labels.csv"):
        if row["kind"] == "neighbour":
            yield _feature(row.id, "neighbour", row, shapely.Point(row["lon"], row["lat"]))
