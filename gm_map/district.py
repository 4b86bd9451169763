"""The district: the catalogue and the shapes of its places, checked once when they are loaded, then frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely

from gm_map import catalogue as catalogue_module
from gm_map import measure
from gm_map.catalogue import Catalogue
from gm_map.model import WGS84, Level
from gm_map.shapes import Outline, read_built

__all__ = ["BUILT", "District", "load"]

BUILT = catalogue_module.DATA / "built"

# What a reader asks the way to: a kind of the background, and whether it is the nearest of many.
REACHES = ("station_hsr", "station", "longda")


@dataclass(frozen=True, eq=False)
class District:
    """Places with their geometry. All coordinates are longitude, latitude in degrees (`WGS84`).

    ``outlines`` are by place id; ``background`` are GeoJSON features (``properties.kind`` says what each is);
    ``version`` names the state of the data. Equal to itself only.
    """

    catalogue: Catalogue
    version: str
    outlines: Mapping[str, Outline]
    background: tuple[Mapping[str, Any], ...]

    def shape(self, place_id: str) -> shapely.Geometry:
        """The outline of a place, as shapely has it."""
        return self.outlines[place_id].shape

    def geojson(self, place_id: str) -> Mapping[str, Any]:
        """The GeoJSON geometry of a place, as built."""
        return self.outlines[place_id].geojson

    def area_km2(self, place_id: str) -> float:
        """True area in km² on the ellipsoid."""
        return self._areas[place_id][0]

    def projected_km2(self, place_id: str) -> float:
        """Area in km² as `gm_map.model.CGCS2000_GK_114` shows it."""
        return self._areas[place_id][1]

    def uncertainty_km2(self, place_id: str) -> float:
        """How much the area may be off, in km²."""
        return self.outlines[place_id].uncertainty_km2

    def uncertainty_m(self, place_id: str) -> float:
        """How far the outline may be off, in metres."""
        return self.outlines[place_id].uncertainty_m

    def fitted(self, place_id: str) -> bool:
        """Whether the build drew the outline so that it has the area that the plan states: then it proves nothing."""
        return self.outlines[place_id].fitted

    def label_point(self, place_id: str) -> tuple[float, float]:
        """Latitude, longitude of the point farthest inside the place's largest part: Leaflet's order, five decimals."""
        return self._label_points[place_id]

    def landmark_point(self, name: str) -> tuple[float, float] | None:
        """Latitude, longitude of what the background calls so in Chinese: a point, or a point on a line or area."""
        named = [feature["geometry"] for feature in self.background if feature["properties"].get("name") == name]
        named.sort(key=lambda geometry: geometry["type"] != "Point")
        if not named:
            return None
        point = shapely.geometry.shape(named[0]).representative_point()
        return (round(point.y, 5), round(point.x, 5))

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the district's outline, in degrees."""
        return tuple(shapely.total_bounds(self._of_kind("district")).tolist())

    def neighbours(self, place_id: str) -> tuple[str, ...]:
        """Places of the same level that share a side with this one; a corner is no side."""
        return self._neighbours[place_id]

    def reaches(self, place_id: str) -> tuple[dict[str, Any], ...]:
        """How far the nearest thing of each kind is: kind, name, name_en, metres.

        The way is a straight line on the ellipsoid from the `label_point`, not a way that anybody can go.
        """
        lat, lon = self.label_point(place_id)
        found = []
        for kind in REACHES:
            features = [feature for feature in self.background if feature["properties"]["kind"] == kind]
            shapes = self._of_kind(kind)
            ways = [measure.distance_to_m(lon, lat, shape) for shape in shapes]
            if ways:
                metres = min(ways)
                properties = features[ways.index(metres)]["properties"]
                names = {name: properties.get(name, "") for name in ("name", "name_en")}
                found.append({"kind": kind, **names, "metres": metres})
        return tuple(found)

    def frame(self, level: Level):
        """Places of a level as a `geopandas.GeoDataFrame` on `WGS84`, indexed by id, with names and areas in km²."""
        # Half a second to import, and no screen needs it.
        import geopandas

        places = self.catalogue.at(level)
        columns = {
            "level": [str(place.level) for place in places],
            "parent_id": [place.parent_id for place in places],
            "name": [place.name.zh for place in places],
            "name_en": [place.name.en for place in places],
            "stated_km2": [place.stated_km2 for place in places],
            "area_km2": [self.area_km2(place.id) for place in places],
            "uncertainty_m": [self.uncertainty_m(place.id) for place in places],
            "uncertainty_km2": [self.uncertainty_km2(place.id) for place in places],
            "method": [self.outlines[place.id].method for place in places],
        }
        ids = [place.id for place in places]
        return geopandas.GeoDataFrame(columns, geometry=[self.shape(id_) for id_ in ids], index=ids, crs=WGS84)

    # Made once, when first asked for

    def _of_kind(self, kind: str) -> list[shapely.Geometry]:
        return self._background_shapes.get(kind, [])

    @cached_property
    def _background_shapes(self) -> dict[str, list[shapely.Geometry]]:
        found: dict[str, list[shapely.Geometry]] = {}
        for feature in self.background:
            found.setdefault(feature["properties"]["kind"], []).append(shapely.geometry.shape(feature["geometry"]))
        return found

    @cached_property
    def _areas(self) -> dict[str, tuple[float, float]]:
        return {
            id_: (measure.geodesic_km2(outline.shape), float(measure.projected_km2(outline.shape)))
            for id_, outline in self.outlines.items()
        }

    @cached_property
    def _label_points(self) -> dict[str, tuple[float, float]]:
        points = {}
        units = shapely.union_all([self.shape(place.id) for place in self.catalogue.at(Level.UNIT)])
        for id_, outline in self.outlines.items():
            # The corridor runs through units: its label belongs where it runs between them.
            free = outline.shape - units if self.catalogue.places[id_].level == Level.CORRIDOR else outline.shape
            largest = max(shapely.get_parts(measure.to_metres(free)).tolist(), key=measure.planar_m2)
            circle = shapely.maximum_inscribed_circle(largest, tolerance=25.0)  # metres: a label needs no more
            lon, lat = shapely.get_coordinates(measure.to_degrees(circle))[0].tolist()
            points[id_] = (round(lat, 5), round(lon, 5))
        return points

    @cached_property
    def _neighbours(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {id_: [] for id_ in self.outlines}
        for level in Level:
            ids = [place.id for place in self.catalogue.at(level)]
            for one in ids:
                for other in ids:
                    if one != other and measure.length_m(self.shape(one).boundary & self.shape(other).boundary) > 0:
                        found[one].append(other)
        return {id_: tuple(others) for id_, others in found.items()}


def load(built_dir: Path | str = BUILT, catalogue: Catalogue | None = None) -> District:
    """Read and check the built geometry.

    Parameters
    ----------
    built_dir : path
        Folder with the four files of places, ``background.geojson`` and ``manifest.json``.
    catalogue : Catalogue, optional
        What it is checked against; by default the shipped one is loaded.

    Returns
    -------
    District

    Raises
    ------
    DataError
        With every fault of every file, if there is any.
    """
    if catalogue is None:
        catalogue = catalogue_module.load()
    built = read_built(Path(built_dir), catalogue)
    return District(catalogue, built.version, built.outlines, built.background)
