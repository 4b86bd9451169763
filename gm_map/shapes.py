"""The door of the built geometry: outlines and background, checked against the catalogue and against one another."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import shapely

from gm_map import measure
from gm_map.catalogue import Catalogue
from gm_map.errors import DataError, Fault
from gm_map.features import REBUILD, read_features, read_json
from gm_map.kinds import show
from gm_map.model import BACKGROUND_FILE, LEVEL_FILES, MANIFEST_FILE, Level, Side, Text
from gm_map.tables import Reading, Row

__all__ = ["Built", "Outline", "read_built"]

# West, south, east, north in degrees: Shenzhen for the places, what can be drawn round it for the background.
SHENZHEN = (113.7, 22.4, 114.7, 22.9)
ROUND_ABOUT = (113.3, 22.0, 115.1, 23.4)
ZONE_TOLERANCE = 0.0005  # of the stated area
LEAST_M2 = 10.0  # less is rounding: a vertex put on a side of a kilometre is off by centimetres


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of a place: its shape, how it was made, and how well it is known (metres, square kilometres)."""

    shape: shapely.Geometry
    geojson: Mapping[str, Any]
    method: str
    fitted: bool
    construction: Text
    uncertainty_m: float
    uncertainty_km2: float
    sides: tuple[Side, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: outlines by place id in the plan's order, background features, and the version of the data."""

    outlines: Mapping[str, Outline]
    background: tuple[Mapping[str, Any], ...]
    version: str


def read_built(folder: Path, catalogue: Catalogue) -> Built:
    """Read and check everything that a build made.

    Raises
    ------
    DataError
        With every fault of every file, if there is any.
    """
    reading = Reading(folder)
    reading.ids["source"] = dict.fromkeys(catalogue.sources, "sources.csv")
    places = _places(reading, catalogue)
    background = _background(reading)
    version = _manifest(reading)
    reading.check_references()
    if not reading.faults:  # outlines that are faulty themselves would be blamed twice
        shapes = {id_: shape for id_, (_, _, shape) in places.items()}
        for check in (_inside, _apart, _areas):
            reading.faults.extend(check(catalogue, shapes))
        reading.faults.extend(_in_district(shapes, background))
    if reading.faults:
        raise DataError(reading.faults)
    outlines = {id_: _outline(*places[id_]) for id_ in catalogue.places}
    return Built(MappingProxyType(outlines), background, version)


def _outline(row: Row, geojson: Mapping[str, Any], shape: shapely.Geometry) -> Outline:
    sides = tuple(
        Side(side["faces"], side["fixed_by"], side["source_id"], side["uncertainty_m"], side["length_m"])
        for side in row["sides"]
    )
    return Outline(
        shape,
        geojson,
        row["method"],
        row["area_fitted"],
        Text(row["construction_zh"], row["construction"]),
        row["uncertainty_m"],
        row["uncertainty_km2"],
        sides,
        row["sources"],
    )


def _places(reading: Reading, catalogue: Catalogue) -> dict[str, tuple[Row, Mapping[str, Any], shapely.Geometry]]:
    """Places of all four files (properties, GeoJSON geometry, shape), checked against the catalogue."""
    found = {}
    for level, name in LEVEL_FILES.items():
        seen = set()
        for place, feature, shape in read_features(reading, name, SHENZHEN):
            row = reading.record("built/places", feature["properties"], place)
            seen |= {row.id, feature.get("id")}
            reading.faults.extend(_against_catalogue(row, feature.get("id"), catalogue, level))
            if shape is not None and shape.geom_type not in ("Polygon", "MultiPolygon"):
                wanted = "Polygon or MultiPolygon"
                reading.faults.append(Fault(place, "geometry", shape.geom_type, wanted, "draw it as an area"))
            found.setdefault(row.id, (row, feature["geometry"], shape))
        if name not in reading.unread:
            wanted = f"all {len(catalogue.at(level))} of this level"
            missing = [known.id for known in catalogue.at(level) if known.id not in seen]
            reading.faults.extend(Fault(name, "id", f"no {id_}", wanted, REBUILD) for id_ in missing)
    return found


def _against_catalogue(row: Row, feature_id: Any, catalogue: Catalogue, level: Level) -> Iterator[Fault]:
    if not row.id:
        return  # which is a fault already
    if feature_id != row.id:
        yield Fault(
            row.place, "id", show(feature_id), f"{row.id}, as in its properties", "write the place's id in both"
        )
        return
    known = catalogue.places.get(row.id)
    if known is None or known.level != level:
        yield Fault(
            row.place, "id", row.id, f"a {level} of places.csv", "correct the id, or add the place to places.csv"
        )
        return
    remedy = "places.csv decides: rebuild with python -m gm_map build"
    if row["level"] not in (None, known.level):
        yield Fault(row.place, "level", row["level"], known.level, remedy)
    if (row["parent_id"] or None) != known.parent_id:
        yield Fault(row.place, "parent_id", row["parent_id"] or "nothing", known.parent_id or "nothing", remedy)


def _inside(catalogue: Catalogue, shapes: Mapping[str, shapely.Geometry]) -> Iterator[Fault]:
    """A child lies in its parent, and the children together fill it."""
    for id_, shape in shapes.items():
        place = f"{LEVEL_FILES[catalogue.places[id_].level]} {id_}"
        parent = catalogue.places[id_].parent_id
        if parent and (outside := measure.geodesic_m2(shape.difference(shapes[parent]))) > LEAST_M2:
            found = f"{outside:.0f} m² outside {parent}"
            yield Fault(place, "geometry", found, "an outline within its parent's", "rebuild, or correct the outline")
        if children := catalogue.children(id_):
            empty = shape.difference(shapely.union_all([shapes[child] for child in children]))
            if (left := measure.geodesic_m2(empty)) > LEAST_M2:
                found = f"{left:.0f} m² that none of its parts holds"
                yield Fault(place, "geometry", found, "parts that fill it", "rebuild, or correct the outline")


def _in_district(shapes: Mapping[str, shapely.Geometry], background: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
    """Nothing lies outside the district; asked of the topmost places, since all others lie in these."""
    outlines = [shapely.geometry.shape(f["geometry"]) for f in background if f["properties"]["kind"] == "district"]
    if len(outlines) != 1:
        yield Fault(BACKGROUND_FILE, "kind", f"{len(outlines)} outlines of the district", "one", REBUILD)
        return
    for level in (Level.CORRIDOR, Level.ZONE):
        for id_, shape in shapes.items():
            outside = measure.geodesic_m2(shape.difference(outlines[0])) if id_.startswith(level) else 0.0
            if outside > LEAST_M2:
                found = f"{outside:.0f} m² outside the district"
                yield Fault(
                    f"{LEVEL_FILES[level]} {id_}", "geometry", found, "an outline within it", "rebuild, or correct it"
                )


def _apart(catalogue: Catalogue, shapes: Mapping[str, shapely.Geometry]) -> Iterator[Fault]:
    """Places of a level neither overlap nor meet but along the very same vertices."""
    for level in (Level.ZONE, Level.CLUSTER, Level.UNIT):
        ids = [place.id for place in catalogue.at(level)]
        outlines = [shapes[id_] for id_ in ids]
        overlaps = measure.overlaps(outlines, LEAST_M2)
        for one, other, km2 in overlaps:
            found = f"{km2 * 1e6:.0f} m² shared with {ids[other]}"
            remedy = "rebuild, or draw one shared side"
            yield Fault(f"{LEVEL_FILES[level]} {ids[one]}", "geometry", found, "places apart", remedy)
        if not overlaps and not shapely.coverage_is_valid(outlines):
            edges = shapely.coverage_invalid_edges(outlines)
            for id_, edge in zip(ids, edges, strict=True):
                if not edge.is_empty:
                    x, y = shapely.get_coordinates(edge)[0]
                    wanted = "sides shared vertex for vertex"
                    found = f"a side near {x:.5f}, {y:.5f} that its neighbour draws otherwise"
                    yield Fault(f"{LEVEL_FILES[level]} {id_}", "geometry", found, wanted, "give both the same vertices")


def _areas(catalogue: Catalogue, shapes: Mapping[str, shapely.Geometry]) -> Iterator[Fault]:
    """What the plan states of an area, the outline has."""
    for place in catalogue.places.values():
        if place.stated_km2 is not None:
            km2 = measure.geodesic_km2(shapes[place.id])
            if abs(km2 / place.stated_km2 - 1) > ZONE_TOLERANCE:
                wanted = f"{place.stated_km2:g} km² within {ZONE_TOLERANCE:.2%}"
                remedy = "rebuild with python -m gm_map build: the outline is fitted to it"
                yield Fault(f"{LEVEL_FILES[place.level]} {place.id}", "geometry", f"{km2:.4f} km²", wanted, remedy)


def _background(reading: Reading) -> tuple[dict, ...]:
    """The features that orientate: outline, streets, roads, lines, stations, neighbours."""
    features = []
    for place, feature, _ in read_features(reading, BACKGROUND_FILE, ROUND_ABOUT):
        reading.record("built/background", feature["properties"], place)
        features.append(feature)
    return tuple(features)


def _manifest(reading: Reading) -> str:
    """The version of the data, once the files are those that the manifest was written for."""
    manifest = read_json(reading, MANIFEST_FILE)
    if MANIFEST_FILE in reading.unread:
        return ""
    manifest = manifest if isinstance(manifest, Mapping) else {}
    version, files = manifest.get("version"), manifest.get("files")
    if not isinstance(version, str) or not isinstance(files, Mapping):
        reading.faults.append(
            Fault(MANIFEST_FILE, "version", show(version), "a version and a hash for each file", REBUILD)
        )
        return ""
    for name in (*LEVEL_FILES.values(), BACKGROUND_FILE):
        wanted = files.get(name, {}).get("sha256", "none")
        if name not in reading.unread:
            found = hashlib.sha256((reading.folder / name).read_bytes()).hexdigest()
            if found != wanted:
                reading.faults.append(
                    Fault(
                        name,
                        "hash",
                        found[:12],
                        f"{wanted[:12]}, as {MANIFEST_FILE} has it",
                        f"it was changed by hand: {REBUILD}",
                    )
                )
    return version
